//! The servers of `scripts/servers/mail.sh`, and how a test speaks to them.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};

use molva_connectors::http::{HttpClient, HttpLimits};
use molva_connectors::{AccountSession, Session, Settings};
use molva_domain::{Clock as _, Secret, SystemClock};
use rustls::pki_types::CertificateDer;
use rustls::pki_types::pem::PemObject as _;
use tokio::io::{AsyncBufReadExt as _, AsyncWriteExt as _, BufReader};
use tokio::net::TcpStream;
use tokio_util::sync::CancellationToken;

use crate::support::{Recorder, server};

/// The servers of `scripts/servers/mail.sh`.
pub(crate) struct Servers {
    pub(crate) imap: u16,
    pub(crate) imaps: u16,
    pub(crate) smtp: u16,
    pub(crate) lmtp: u16,
    pub(crate) http: HttpClient,
}

pub(crate) fn servers() -> Option<Servers> {
    let told = server("MOLVA_TEST_MAIL")?;
    let words: Vec<&str> = told.split(' ').collect();
    let port = |index: usize| words[index].parse().expect("a port");
    let roots = vec![CertificateDer::from_pem_file(words[4]).expect("a certificate")];
    let allowed_private_hosts = vec!["localhost".to_owned(), "127.0.0.1".to_owned()];
    let http = HttpClient::new(HttpLimits { allowed_private_hosts, extra_roots: roots, ..HttpLimits::default() });
    Some(Servers { imap: port(0), imaps: port(1), smtp: port(2), lmtp: port(3), http })
}

/// A number nobody has had before, so that tests share the servers and not the mailboxes.
pub(crate) fn unique() -> i64 {
    static NEXT: AtomicU32 = AtomicU32::new(0);
    SystemClock.now().as_micros() * 16 + i64::from(NEXT.fetch_add(1, Ordering::Relaxed) % 16)
}

impl Servers {
    pub(crate) fn settings(&self, user: &str, changes: &[(&str, &str)]) -> Settings {
        let (imaps, smtp) = (self.imaps.to_string(), self.smtp.to_string());
        let address = format!("{user}@example.test");
        let mut values: BTreeMap<String, String> = [
            ("imap_host", "localhost"),
            ("imap_port", &imaps),
            ("imap_security", "tls"),
            ("smtp_host", "localhost"),
            ("smtp_port", &smtp),
            ("smtp_security", "starttls"),
            ("username", &address),
        ]
        .map(|(key, value)| (key.to_owned(), value.to_owned()))
        .into();
        values.extend(changes.iter().map(|(key, value)| ((*key).to_owned(), (*value).to_owned())));
        let password = values.remove("password").unwrap_or_else(|| "secret".to_owned());
        Settings::new(values, [("password".to_owned(), Secret::new(password))].into())
    }

    pub(crate) fn session(
        &self,
        user: &str,
        changes: &[(&str, &str)],
        cursor: Option<String>,
        recorder: &Recorder,
    ) -> Session {
        Session {
            source_key: "test".to_owned(),
            settings: self.settings(user, changes),
            cursor,
            clock: Arc::new(SystemClock),
            http: self.http.clone(),
            cancel: CancellationToken::new(),
            delivery: Arc::new(recorder.clone()),
            time_scale: 1.0,
            webhook_address: None,
            topics: None,
        }
    }

    pub(crate) fn account(&self, user: &str, changes: &[(&str, &str)]) -> AccountSession {
        AccountSession {
            settings: self.settings(user, changes),
            clock: Arc::new(SystemClock),
            http: self.http.clone(),
            cancel: CancellationToken::new(),
        }
    }

    /// Hands a letter to a mailbox, as another mail server would.
    pub(crate) async fn deliver(&self, from: &str, to: &str, letter: &str) {
        let mut lmtp = Lines::open(self.lmtp).await;
        for line in ["LHLO test", &format!("MAIL FROM:<{from}>"), &format!("RCPT TO:<{to}@example.test>"), "DATA"] {
            lmtp.say(line).await;
        }
        let answer = lmtp.say(&format!("{}\r\n.", letter.replace("\r\n", "\n").replace('\n', "\r\n"))).await;
        assert!(answer.starts_with("250"), "{answer}");
    }

    pub(crate) async fn imap(&self, user: &str) -> Imap {
        let mut lines = Lines::open(self.imap).await;
        lines.line().await;
        let mut imap = Imap(lines);
        imap.ask(&format!("LOGIN {user} secret")).await;
        imap
    }
}

/// A line-by-line dialogue, spoken by hand so that the library under test is not its own witness.
pub(crate) struct Lines(BufReader<TcpStream>);

impl Lines {
    pub(crate) async fn open(port: u16) -> Self {
        Self(BufReader::new(TcpStream::connect(("127.0.0.1", port)).await.expect("a server")))
    }

    pub(crate) async fn line(&mut self) -> String {
        let mut line = String::new();
        self.0.read_line(&mut line).await.expect("a line");
        line
    }

    /// Says a line of LMTP; the greeting is read as the answer to nothing.
    pub(crate) async fn say(&mut self, line: &str) -> String {
        if line.starts_with("LHLO") {
            self.line().await;
        }
        self.0.write_all(format!("{line}\r\n").as_bytes()).await.expect("it is written");
        loop {
            let line = self.line().await;
            if line.as_bytes().get(3) != Some(&b'-') {
                return line;
            }
        }
    }
}

pub(crate) struct Imap(Lines);

impl Imap {
    pub(crate) async fn ask(&mut self, command: &str) -> String {
        self.0.0.write_all(format!("x {command}\r\n").as_bytes()).await.expect("it is written");
        let mut said = String::new();
        loop {
            let line = self.0.line().await;
            assert!(!line.is_empty(), "the server went away after {command}");
            said += &line;
            if line.starts_with("x ") {
                assert!(line.starts_with("x OK"), "{command}: {said}");
                return said;
            }
        }
    }

    /// Puts letters into a mailbox in one go (MULTIAPPEND).
    pub(crate) async fn append(&mut self, mailbox: &str, letters: &[String]) {
        let mut command = format!("APPEND {mailbox}").into_bytes();
        for letter in letters {
            command.extend(format!(" () {{{}+}}\r\n{letter}", letter.len()).into_bytes());
        }
        self.ask(std::str::from_utf8(&command).expect("text")).await;
    }

    pub(crate) async fn unseen(&mut self, mailbox: &str) -> String {
        let said = self.ask(&format!("STATUS {mailbox} (MESSAGES UNSEEN)")).await;
        said.lines().next().unwrap_or_default().trim().to_owned()
    }

    /// How many letters of that name lie in a mailbox.
    pub(crate) async fn count(&mut self, mailbox: &str, message_id: &str) -> usize {
        self.ask(&format!("EXAMINE {mailbox}")).await;
        let said = self.ask(&format!("SEARCH HEADER Message-ID \"<{message_id}>\"")).await;
        let line = said.lines().find(|line| line.starts_with("* SEARCH")).unwrap_or_default();
        line.split_ascii_whitespace().count() - 2
    }
}

pub(crate) fn letter(from: &str, id: &str, headers: &str, text: &str) -> String {
    let headers = if headers.is_empty() { String::new() } else { format!("{headers}\r\n") };
    format!(
        "From: Anna <{from}>\r\nTo: shop@example.test\r\nSubject: Signal\r\nMessage-ID: <{id}>\r\n\
         Date: {}\r\n{headers}Content-Type: text/plain; charset=utf-8\r\n\r\n{text}\r\n",
        "Sat, 21 Nov 2026 12:00:00 +0300"
    )
}

/// Reads everything from the beginning of time, so that tests do not depend on today.
pub(crate) const ALL: (&str, &str) = ("history_days", "3650");
