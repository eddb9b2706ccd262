//! A mailbox on a real Dovecot, answered through a real SMTP server that loses answers when told to.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::{Duration, Instant};

use molva_connectors::http::{HttpClient, HttpLimits};
use molva_connectors::mail::Mail;
use molva_connectors::{
    AccountFacts, AccountSession, Connector as _, ConnectorError, Item, Outgoing, Replies, ReplyTarget, Report,
    SendError, Session, Settings,
};
use molva_domain::{
    Clock as _, GapCause, PostKind, RejectionReason, ReplyId, ReplyVisibility, Secret, SystemClock, Urn, Visibility,
};
use rustls::pki_types::CertificateDer;
use rustls::pki_types::pem::PemObject as _;
use tokio::io::{AsyncBufReadExt as _, AsyncReadExt as _, AsyncWriteExt as _, BufReader};
use tokio::net::{TcpListener, TcpStream};
use tokio_util::sync::CancellationToken;

use crate::support::{Recorder, Run, server};

/// The servers of `scripts/servers/mail.sh`.
struct Servers {
    imap: u16,
    imaps: u16,
    smtp: u16,
    lmtp: u16,
    http: HttpClient,
}

fn servers() -> Option<Servers> {
    let told = server("MOLVA_TEST_MAIL")?;
    let words: Vec<&str> = told.split(' ').collect();
    let port = |index: usize| words[index].parse().expect("a port");
    let roots = vec![CertificateDer::from_pem_file(words[4]).expect("a certificate")];
    let allowed_private_hosts = vec!["localhost".to_owned(), "127.0.0.1".to_owned()];
    let http = HttpClient::new(HttpLimits { allowed_private_hosts, extra_roots: roots, ..HttpLimits::default() });
    Some(Servers { imap: port(0), imaps: port(1), smtp: port(2), lmtp: port(3), http })
}

/// A number nobody has had before, so that tests share the servers and not the mailboxes.
fn unique() -> i64 {
    static NEXT: AtomicU32 = AtomicU32::new(0);
    SystemClock.now().as_micros() * 16 + i64::from(NEXT.fetch_add(1, Ordering::Relaxed) % 16)
}

impl Servers {
    fn settings(&self, user: &str, changes: &[(&str, &str)]) -> Settings {
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

    fn session(&self, user: &str, changes: &[(&str, &str)], cursor: Option<String>, recorder: &Recorder) -> Session {
        Session {
            source_key: "test".to_owned(),
            settings: self.settings(user, changes),
            cursor,
            clock: Arc::new(SystemClock),
            http: self.http.clone(),
            cancel: CancellationToken::new(),
            delivery: Arc::new(recorder.clone()),
            time_scale: 1.0,
        }
    }

    fn account(&self, user: &str, changes: &[(&str, &str)]) -> AccountSession {
        AccountSession {
            settings: self.settings(user, changes),
            clock: Arc::new(SystemClock),
            http: self.http.clone(),
            cancel: CancellationToken::new(),
        }
    }

    /// Hands a letter to a mailbox, as another mail server would.
    async fn deliver(&self, from: &str, to: &str, letter: &str) {
        let mut lmtp = Lines::open(self.lmtp).await;
        for line in ["LHLO test", &format!("MAIL FROM:<{from}>"), &format!("RCPT TO:<{to}@example.test>"), "DATA"] {
            lmtp.say(line).await;
        }
        let answer = lmtp.say(&format!("{}\r\n.", letter.replace("\r\n", "\n").replace('\n', "\r\n"))).await;
        assert!(answer.starts_with("250"), "{answer}");
    }

    async fn imap(&self, user: &str) -> Imap {
        let mut lines = Lines::open(self.imap).await;
        lines.line().await;
        let mut imap = Imap(lines);
        imap.ask(&format!("LOGIN {user} secret")).await;
        imap
    }
}

/// A line-by-line dialogue, spoken by hand so that the library under test is not its own witness.
struct Lines(BufReader<TcpStream>);

impl Lines {
    async fn open(port: u16) -> Self {
        Self(BufReader::new(TcpStream::connect(("127.0.0.1", port)).await.expect("a server")))
    }

    async fn line(&mut self) -> String {
        let mut line = String::new();
        self.0.read_line(&mut line).await.expect("a line");
        line
    }

    /// Says a line of LMTP; the greeting is read as the answer to nothing.
    async fn say(&mut self, line: &str) -> String {
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

struct Imap(Lines);

impl Imap {
    async fn ask(&mut self, command: &str) -> String {
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
    async fn append(&mut self, mailbox: &str, letters: &[String]) {
        let mut command = format!("APPEND {mailbox}").into_bytes();
        for letter in letters {
            command.extend(format!(" () {{{}+}}\r\n{letter}", letter.len()).into_bytes());
        }
        self.ask(std::str::from_utf8(&command).expect("text")).await;
    }

    async fn unseen(&mut self, mailbox: &str) -> String {
        let said = self.ask(&format!("STATUS {mailbox} (MESSAGES UNSEEN)")).await;
        said.lines().next().unwrap_or_default().trim().to_owned()
    }

    /// How many letters of that name lie in a mailbox.
    async fn count(&mut self, mailbox: &str, message_id: &str) -> usize {
        self.ask(&format!("EXAMINE {mailbox}")).await;
        let said = self.ask(&format!("SEARCH HEADER Message-ID \"<{message_id}>\"")).await;
        let line = said.lines().find(|line| line.starts_with("* SEARCH")).unwrap_or_default();
        line.split_ascii_whitespace().count() - 2
    }
}

fn letter(from: &str, id: &str, headers: &str, text: &str) -> String {
    let headers = if headers.is_empty() { String::new() } else { format!("{headers}\r\n") };
    format!(
        "From: Anna <{from}>\r\nTo: shop@example.test\r\nSubject: Signal\r\nMessage-ID: <{id}>\r\n\
         Date: {}\r\n{headers}Content-Type: text/plain; charset=utf-8\r\n\r\n{text}\r\n",
        "Sat, 21 Nov 2026 12:00:00 +0300"
    )
}

/// Reads everything from the beginning of time, so that tests do not depend on today.
const ALL: (&str, &str) = ("history_days", "3650");

#[tokio::test]
async fn letters_come_within_seconds_over_tls_and_stay_unread() {
    let Some(servers) = servers() else { return };
    let user = format!("listen{}", unique());
    servers.deliver("anna@example.test", &user, &letter("anna@example.test", "1@l", "", "нет связи")).await;
    let away = letter("anna@example.test", "2@l", "Auto-Submitted: auto-replied", "I am away");
    servers.deliver("anna@example.test", &user, &away).await;

    let recorder = Recorder::default();
    let run = Run::start(&Mail, servers.session(&user, &[ALL], None, &recorder));
    recorder.until("the letters that lay there", |recorded| recorded.items.len() == 2).await;
    tokio::time::sleep(Duration::from_millis(500)).await;
    let sent = Instant::now();
    let answer = letter("anna@example.test", "3@l", "In-Reply-To: <1@l>", "всё ещё нет\r\n\r\n> нет связи");
    servers.deliver("anna@example.test", &user, &answer).await;
    recorder.until("the letter that was pushed", |recorded| recorded.items.len() == 3).await;
    eprintln!("a new letter was heard after {} ms", sent.elapsed().as_millis());
    assert!(sent.elapsed() < Duration::from_secs(5), "IDLE tells it, no poll");
    run.stop().await;

    let posts = recorder.posts();
    assert_eq!(posts.iter().map(|post| &*post.text).collect::<Vec<_>>(), ["нет связи", "всё ещё нет"]);
    assert_eq!(posts[1].in_reply_to.as_ref(), Some(&posts[0].urn));
    assert_eq!((posts[0].kind, posts[0].visibility), (PostKind::Message, Visibility::Direct));
    let community = posts[0].community.as_ref().map(|community| community.key.clone());
    assert_eq!(community, Some(format!("mail/{user}@example.test")));
    let rejected = recorder.read(|recorded| match &recorded.items[1] {
        Item::Rejected(rejection) => (rejection.reason, rejection.message.clone()),
        other => panic!("{other:?}"),
    });
    let why = "a program sent it (`Auto-Submitted: auto-replied`)".to_owned();
    assert_eq!(rejected, (RejectionReason::Automatic, why));
    let unseen = servers.imap(&user).await.unseen("INBOX").await;
    assert_eq!(unseen, "* STATUS INBOX (MESSAGES 3 UNSEEN 3)");

    // The next run goes on where this one stored its last letter.
    servers.deliver("anna@example.test", &user, &letter("anna@example.test", "4@l", "", "four")).await;
    let (cursor, later) = (recorder.read(|recorded| recorded.cursor.clone()), Recorder::default());
    let run = Run::start(&Mail, servers.session(&user, &[ALL], cursor, &later));
    later.until("the letter that came meanwhile", |recorded| !recorded.items.is_empty()).await;
    run.stop().await;
    assert_eq!(later.texts(), ["four"]);
}

#[tokio::test]
async fn a_mailbox_made_anew_is_read_anew_with_a_gap_that_closes() {
    let Some(servers) = servers() else { return };
    let user = format!("anew{}", unique());
    let mut imap = servers.imap(&user).await;
    imap.ask("CREATE Cases").await;
    imap.append("Cases", &[letter("a@b.example", "1@c", "", "one")]).await;
    let settings = [ALL, ("mailbox", "Cases"), ("imap_security", "starttls"), ("imap_port", &servers.imap.to_string())];
    let first = Recorder::default();
    let run = Run::start(&Mail, servers.session(&user, &settings, None, &first));
    first.until("the letter", |recorded| recorded.reports.contains(&Report::Alive)).await;
    run.stop().await;
    assert_eq!(first.texts(), ["one"]);

    imap.ask("DELETE Cases").await;
    // Numbers of mailboxes are seconds on this server.
    tokio::time::sleep(Duration::from_millis(1_100)).await;
    imap.ask("CREATE Cases").await;
    let both = [letter("a@b.example", "1@c", "", "one"), letter("a@b.example", "2@c", "", "two")];
    imap.append("Cases", &both).await;
    let second = Recorder::default();
    let cursor = first.read(|recorded| recorded.cursor.clone());
    let run = Run::start(&Mail, servers.session(&user, &settings, cursor, &second));
    second.until("the end of the gap", |recorded| recorded.reports.iter().any(is_closed)).await;
    run.stop().await;
    assert_eq!(second.texts(), ["one", "two"]);
    let causes = second.read(|recorded| recorded.reports.iter().filter_map(cause).collect::<Vec<_>>());
    assert_eq!(causes, [GapCause::CursorLost]);
    assert_eq!(first.posts()[0].urn, second.posts()[0].urn, "the same letter has the same name");
}

fn is_closed(report: &Report) -> bool {
    matches!(report, Report::GapClosed { .. })
}

fn cause(report: &Report) -> Option<GapCause> {
    if let Report::GapOpened { cause, .. } = report { Some(*cause) } else { None }
}

#[tokio::test]
async fn what_is_wrong_with_a_mailbox_is_told_in_its_kind() {
    let open = |settings: Settings, http: HttpClient| async move {
        let recorder = Recorder::default();
        let session = Session {
            source_key: "test".to_owned(),
            settings,
            cursor: None,
            clock: Arc::new(SystemClock),
            http,
            cancel: CancellationToken::new(),
            delivery: Arc::new(recorder),
            time_scale: 1.0,
        };
        Mail.probe(&session).await
    };
    let password = || [("password".to_owned(), Secret::new("secret"))].into();
    let stranger = |security: &str| {
        let values = [("imap_host", "127.0.0.1"), ("imap_security", security), ("username", "anna")];
        Settings::new(values.map(|(key, value)| (key.to_owned(), value.to_owned())).into(), password())
    };
    // Nobody allowed this machine: neither in the open nor over TLS.
    for security in ["none", "tls", "starttls"] {
        let refused = open(stranger(security), HttpClient::new(HttpLimits::default())).await;
        assert!(matches!(refused, Err(ConnectorError::Blocked(_))), "{security}: {refused:?}");
    }

    let Some(servers) = servers() else { return };
    let http = || servers.http.clone();
    let told = open(servers.settings("probe", &[]), http()).await;
    assert_eq!(told, Ok("0 letters in `INBOX` of probe@example.test, new ones are told at once".to_owned()));
    let wrong = open(servers.settings("probe", &[("password", "guess")]), http()).await;
    assert!(matches!(&wrong, Err(ConnectorError::AuthRevoked(_))), "{wrong:?}");
    assert!(!format!("{wrong:?}").contains("guess"));
    let missing = open(servers.settings("probe", &[("mailbox", "Nowhere")]), http()).await;
    assert!(matches!(missing, Err(ConnectorError::NotFound(_))), "{missing:?}");
    // A certificate nobody vouches for.
    let hosts = vec!["localhost".to_owned()];
    let doubtful = HttpClient::new(HttpLimits { allowed_private_hosts: hosts, ..HttpLimits::default() });
    let refused = open(servers.settings("probe", &[]), doubtful).await;
    assert!(matches!(refused, Err(ConnectorError::Transient { .. })), "{refused:?}");
    // Something that speaks, but no IMAP.
    let smtp = servers.smtp.to_string();
    let other = open(servers.settings("probe", &[("imap_port", &smtp), ("imap_security", "none")]), http()).await;
    assert!(matches!(other, Err(ConnectorError::Protocol(_))), "{other:?}");
}

/// A letter from somebody to a shop of its own, and what a reply needs to know of it.
async fn question(servers: &Servers, from: &str) -> (String, Outgoing) {
    let number = unique();
    let (shop, id) = (format!("shop{number}"), format!("q{number}@post.example"));
    servers.deliver(from, &shop, &letter(from, &id, "References: <zero@post.example>", "no signal")).await;
    let target = ReplyTarget {
        urn: Urn::of("mail", None, "message", &id),
        kind: PostKind::Message,
        url: None,
        author_handle: Some(from.to_owned()),
        community: Some(format!("mail/{shop}@example.test")),
        in_reply_to: None,
        published_at: SystemClock.now(),
    };
    let reply = Outgoing {
        id: ReplyId(number),
        target,
        text: "Уже чиним.\n.\nСпасибо!".to_owned(),
        visibility: ReplyVisibility::Private,
        first_tried_at: None,
    };
    (shop, reply)
}

fn replies() -> &'static dyn Replies {
    Mail.replies().expect("mail is answered")
}

async fn facts(account: &AccountSession) -> AccountFacts {
    replies().probe(account).await.expect("the account is accepted")
}

#[tokio::test]
async fn a_reply_reaches_its_author_once_and_our_copy_of_it_is_no_news() {
    let Some(servers) = servers() else { return };
    let anna = format!("anna{}", unique());
    let (shop, mut reply) = question(&servers, &format!("{anna}@example.test")).await;
    let account = servers.account(&shop, &[("name", "Магазин")]);
    let facts = facts(&account).await;
    assert_eq!((facts.handle.as_str(), facts.name.as_deref()), (&*format!("{shop}@example.test"), Some("Магазин")));
    assert_eq!(replies().may_reply(&reply.target, &account.settings, &facts), Ok(()));
    let elsewhere = ReplyTarget { community: Some("mail/other@example.test".to_owned()), ..reply.target.clone() };
    let why = replies().may_reply(&elsewhere, &account.settings, &facts).map_err(|why| why.code);
    assert_eq!(why, Err("other_server"));
    assert_eq!(replies().find(&account, &facts, &reply).await, Ok(None));

    let sent = replies().send(&account, &facts, &reply).await.expect("it is sent");
    let id = format!("molva-{}@example.test", reply.id.0);
    assert_eq!(sent.urn, Urn::of("mail", None, "message", &id));
    reply.first_tried_at = Some(SystemClock.now());
    assert_eq!(replies().find(&account, &facts, &reply).await, Ok(Some(sent.clone())));
    assert_eq!(servers.imap(&anna).await.count("INBOX", &id).await, 1);

    // She hears us, and what she reads stands in her thread.
    let recorder = Recorder::default();
    let run = Run::start(&Mail, servers.session(&anna, &[ALL, ("username", &anna)], None, &recorder));
    recorder.until("the reply", |recorded| !recorded.items.is_empty()).await;
    run.stop().await;
    // Her mailbox is in our domain, so that only the number tells that it is a letter of ours.
    let seen = recorder.read(|recorded| format!("{:?}", recorded.items[0]));
    assert!(seen.contains("the copy of our own reply"), "{seen}");
    let mut imap = servers.imap(&anna).await;
    imap.ask("EXAMINE INBOX").await;
    let headers = imap.ask("FETCH 1 (BODY.PEEK[HEADER.FIELDS (SUBJECT IN-REPLY-TO REFERENCES)] BODY.PEEK[TEXT])").await;
    let parent = reply.target.urn.as_str().rsplit(':').next().expect("an id").to_owned();
    assert!(headers.contains("Subject: Re: Signal"), "{headers}");
    assert!(headers.contains(&format!("In-Reply-To: <{parent}>")), "{headers}");
    assert!(headers.contains(&format!("<zero@post.example> <{parent}>")), "{headers}");

    let recorder = Recorder::default();
    let run = Run::start(&Mail, servers.session(&shop, &[ALL], None, &recorder));
    recorder.until("the letter and our copy", |recorded| recorded.items.len() == 2).await;
    run.stop().await;
    assert_eq!(recorder.texts(), ["no signal"]);
}

#[tokio::test]
async fn an_answer_that_got_lost_is_looked_up_before_anything_is_sent_again() {
    let Some(servers) = servers() else { return };
    let (shop, mut reply) = question(&servers, "lost-answer@example.test").await;
    let account = servers.account(&shop, &[]);
    let facts = facts(&account).await;
    reply.first_tried_at = Some(SystemClock.now());
    let sent = replies().send(&account, &facts, &reply).await;
    assert!(matches!(sent, Err(SendError::Unsure { .. })), "{sent:?}");
    let found = replies().find(&account, &facts, &reply).await.expect("the mailbox answers");
    assert!(found.is_some(), "the copy proves that the letter was taken");
    let id = format!("molva-{}@example.test", reply.id.0);
    assert_eq!(servers.imap("lost-answer").await.count("INBOX", &id).await, 1);
}

#[tokio::test]
async fn a_letter_that_got_lost_is_sent_again_only_when_its_copy_had_time_to_come() {
    let Some(servers) = servers() else { return };
    let (shop, mut reply) = question(&servers, "lost-letter@example.test").await;
    let account = servers.account(&shop, &[]);
    let facts = facts(&account).await;
    reply.first_tried_at = Some(SystemClock.now());
    let sent = replies().send(&account, &facts, &reply).await;
    assert!(matches!(sent, Err(SendError::Unsure { .. })), "{sent:?}");
    let found = replies().find(&account, &facts, &reply).await;
    assert!(matches!(found, Err(ConnectorError::Transient { retry_after: Some(_), .. })), "{found:?}");
    reply.first_tried_at = Some(SystemClock.now().minus(Duration::from_secs(121)));
    assert_eq!(replies().find(&account, &facts, &reply).await, Ok(None));
    assert!(replies().send(&account, &facts, &reply).await.is_ok());
    let id = format!("molva-{}@example.test", reply.id.0);
    assert_eq!(servers.imap("lost-letter").await.count("INBOX", &id).await, 1);
}

#[tokio::test]
async fn a_refusal_says_whether_to_come_again() {
    let Some(servers) = servers() else { return };
    let outcome = async |from: &str, changes: &[(&str, &str)]| {
        let (shop, reply) = question(&servers, from).await;
        let facts = facts(&servers.account(&shop, &[])).await;
        match replies().send(&servers.account(&shop, changes), &facts, &reply).await {
            Ok(_) => "sent",
            Err(SendError::Refused { code, .. }) => code,
            Err(SendError::Later { .. }) => "later",
            Err(SendError::Unsure { .. }) => "unsure",
            Err(SendError::Account { expired, .. }) => ["account", "expired"][usize::from(expired)],
        }
    };
    assert_eq!(outcome("nobody@example.test", &[]).await, "recipient_refused");
    assert_eq!(outcome("spam@example.test", &[]).await, "not_accepted");
    let greylisted = format!("greylisted@{}.example.test", unique());
    assert_eq!(outcome(&greylisted, &[]).await, "later");
    assert_eq!(outcome("anna@example.test", &[("password", "guess")]).await, "account");
    assert_eq!(outcome("anna@example.test", &[("smtp_port", "1")]).await, "later");
    assert_eq!(outcome("anna@example.test", &[("mailbox", "Sent")]).await, "parent_gone");
}

/// Cuts every connection after so many bytes.
async fn cutting_proxy(to: u16, after: usize) -> u16 {
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let port = listener.local_addr().expect("an address").port();
    tokio::spawn(async move {
        while let Ok((mut client, _)) = listener.accept().await {
            let Ok(server) = TcpStream::connect(("127.0.0.1", to)).await else { return };
            tokio::spawn(async move {
                let (from_server, mut to_server) = server.into_split();
                let (mut from_client, mut to_client) = client.split();
                let mut limited = from_server.take(after as u64);
                tokio::select! {
                    _ = tokio::io::copy(&mut from_client, &mut to_server) => {}
                    _ = tokio::io::copy(&mut limited, &mut to_client) => {}
                }
            });
        }
    });
    port
}

#[tokio::test]
async fn of_many_letters_none_is_lost_and_none_doubled_though_connections_break() {
    let Some(servers) = servers() else { return };
    let many: usize = std::env::var("MOLVA_TEST_MAIL_LETTERS").ok().and_then(|many| many.parse().ok()).unwrap_or(2_000);
    let user = format!("many{}", unique());
    let mut imap = servers.imap(&user).await;
    let letters: Vec<String> = (0..many)
        .map(|number| {
            let headers = if number % 20 == 7 { "Precedence: bulk" } else { "" };
            letter(
                "a@b.example",
                &format!("{number}@many"),
                headers,
                &format!("letter {number} {}", "слово ".repeat(60)),
            )
        })
        .collect();
    for part in letters.chunks(500) {
        imap.append("INBOX", part).await;
    }
    let proxy = cutting_proxy(servers.imap, 300_000).await.to_string();
    let settings = [ALL, ("imap_host", "127.0.0.1"), ("imap_port", &proxy), ("imap_security", "none")];
    let recorder = Recorder::default();
    let started = Instant::now();
    let mut runs = 0;
    while recorder.read(|recorded| recorded.items.len()) < many {
        runs += 1;
        assert!(runs < 1_000, "no progress");
        let cursor = recorder.read(|recorded| recorded.cursor.clone());
        let run = Run::start(&Mail, servers.session(&user, &settings, cursor, &recorder));
        let enough = async {
            while recorder.read(|recorded| recorded.items.len()) < many {
                tokio::time::sleep(Duration::from_millis(10)).await;
            }
        };
        tokio::select! {
            error = run.end() => assert!(matches!(error, ConnectorError::Transient { .. }), "{error:?}"),
            () = enough => {}
        }
    }
    eprintln!("{many} letters in {} ms over {runs} connections", started.elapsed().as_millis());
    assert!(runs > 2, "connections did break");
    let mut urns: Vec<String> = recorder.posts().iter().map(|post| post.urn.to_string()).collect();
    let rejected = recorder.read(|recorded| recorded.items.len()) - urns.len();
    urns.sort();
    urns.dedup();
    let bulk = (0..many).filter(|number| number % 20 == 7).count();
    assert_eq!((urns.len(), rejected), (many - bulk, bulk));
    assert_eq!(
        servers.imap(&user).await.unseen("INBOX").await,
        format!("* STATUS INBOX (MESSAGES {many} UNSEEN {many})")
    );
}
