//! One letter over SMTP (RFC 5321), spoken by ourselves: what matters of a dialogue that broke is at which word it broke.
//!
//! Before the line that ends the letter the server has nothing to deliver, so the reply certainly did not arrive. After that
//! line, and until the answer to it is read, nobody can know.

use std::time::Duration;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use molva_domain::Secret;
use tokio::io::{AsyncBufReadExt as _, AsyncReadExt as _, AsyncWriteExt as _, BufReader};
use tokio::time::{Instant, timeout, timeout_at};

use super::server::{Key, Login, MailServer, Mechanism, Security, no_tokens, plain};
use crate::error::ConnectorError;
use crate::http::{Connection, HttpClient};
use crate::reply::SendError;

/// A command and its answer.
const ANSWER: Duration = Duration::from_secs(60);
/// The letter handed over and its answer. RFC 5321 asks for ten minutes of patience; whoever waits for a reply has less, and an
/// answer that came too late is looked up.
const ACCEPTANCE: Duration = Duration::from_secs(45);
const MAX_LINE_BYTES: u64 = 4_096;
const MAX_LINES: usize = 128;

/// A server that has greeted us and knows who we are.
pub(super) struct Smtp {
    stream: BufReader<Connection>,
    name: String,
    extensions: Vec<String>,
}

/// What the server answers.
#[derive(Clone, Debug)]
struct Answer {
    code: u16,
    text: String,
}

/// How a dialogue ends before its end.
#[derive(Debug)]
enum Broken {
    /// The connection.
    Connection(ConnectorError),
    /// The server says no, to what was said last.
    No { at: &'static str, answer: Answer },
}

impl Smtp {
    /// Connects, secures the connection and signs in; `hello` is the name we give.
    pub(super) async fn open(
        http: &HttpClient,
        server: &MailServer,
        login: &Login,
        hello: &str,
    ) -> Result<Self, ConnectorError> {
        Self::open_inside(http, server, login, hello).await.map_err(|broken| match broken {
            Broken::Connection(error) => error,
            Broken::No { at, answer } => refused_to_open(at, &answer, &server.name()),
        })
    }

    async fn open_inside(http: &HttpClient, server: &MailServer, login: &Login, hello: &str) -> Result<Self, Broken> {
        let connection = server.connect(http).await.map_err(Broken::Connection)?;
        let mut smtp = Self { stream: BufReader::new(connection), name: server.name(), extensions: Vec::new() };
        smtp.expect("the greeting", 220).await?;
        smtp.hello(hello).await?;
        if server.security() == Security::StartTls {
            smtp.command("STARTTLS", "STARTTLS", 220).await?;
            if !smtp.stream.buffer().is_empty() {
                let message = format!("{} went on in the open after STARTTLS", smtp.name);
                return Err(Broken::Connection(ConnectorError::Protocol(message)));
            }
            let secured = server.secure(http, smtp.stream.into_inner()).await.map_err(Broken::Connection)?;
            smtp.stream = BufReader::new(secured);
            smtp.hello(hello).await?;
        }
        smtp.sign_in(login).await?;
        Ok(smtp)
    }

    async fn hello(&mut self, name: &str) -> Result<(), Broken> {
        let answer = self.command("EHLO", &format!("EHLO {name}"), 250).await?;
        self.extensions = answer.text.lines().skip(1).map(|line| line.trim().to_ascii_uppercase()).collect();
        Ok(())
    }

    /// A server that offers no login gets none: it knows us by our address, or refuses the sender.
    async fn sign_in(&mut self, login: &Login) -> Result<(), Broken> {
        let offered = self.extensions.iter().find_map(|line| line.strip_prefix("AUTH ").or(line.strip_prefix("AUTH=")));
        let Some(offered) = offered else { return Ok(()) };
        let knows = |mechanism: &str| offered.split_ascii_whitespace().any(|word| word == mechanism);
        let user = &login.user;
        match &login.key {
            Key::Password(password) if knows("PLAIN") || !knows("LOGIN") => {
                let secret = STANDARD.encode(plain(user, password));
                self.command("AUTH", &format!("AUTH PLAIN {secret}"), 235).await?;
            }
            Key::Password(password) => {
                self.command("AUTH", "AUTH LOGIN", 334).await?;
                self.command("AUTH", &STANDARD.encode(user), 334).await?;
                self.command("AUTH", &STANDARD.encode(password.expose()), 235).await?;
            }
            Key::Token(token) => {
                let mechanism = Mechanism::ALL.into_iter().find(|mechanism| knows(mechanism.name()));
                let mechanism = mechanism.ok_or_else(|| Broken::Connection(no_tokens(&self.name)))?;
                self.show(mechanism, user, token).await?;
            }
        }
        Ok(())
    }

    async fn show(&mut self, mechanism: Mechanism, user: &str, token: &Secret) -> Result<(), Broken> {
        let host = self.name.rsplit_once(':').map_or(&*self.name, |(host, _)| host);
        let first = STANDARD.encode(mechanism.first(user, token, host));
        match self.command("AUTH", &format!("AUTH {} {first}", mechanism.name()), 235).await {
            // It told why not, and refuses once we say that we read it.
            Err(Broken::No { answer, .. }) if answer.code == 334 => {
                self.command("AUTH", &STANDARD.encode(mechanism.last()), 235).await.map(drop)
            }
            signed_in => signed_in.map(drop),
        }
    }

    /// Hands over one letter to all the addresses or to none.
    ///
    /// # Errors
    /// `Unsure` only when the whole letter was handed over and the answer did not come.
    pub(super) async fn send(mut self, from: &str, to: &[&str], letter: &[u8]) -> Result<(), SendError> {
        match self.offer(from, to).await {
            Ok(()) => {}
            Err(Broken::Connection(error)) => return Err(SendError::Later { message: error.to_string(), until: None }),
            Err(Broken::No { at, answer }) => return Err(self.refused(at, &answer)),
        }
        let letter = stuffed(letter);
        let (ending, body) = (b"\r\n.\r\n".as_slice(), letter.strip_suffix(b"\r\n").unwrap_or(&letter));
        let until = Instant::now() + ACCEPTANCE;
        let written = timeout_at(until, async {
            self.stream.write_all(body).await?;
            self.stream.flush().await
        });
        if !matches!(written.await, Ok(Ok(()))) {
            let message = format!("the connection to {} broke before the end of the letter", self.name);
            return Err(SendError::Later { message, until: None });
        }
        let unsure =
            |name: &str, why: String| SendError::Unsure { message: format!("{name} did not confirm it: {why}") };
        let finished = timeout_at(until, async {
            self.stream.write_all(ending).await?;
            self.stream.flush().await
        });
        if !matches!(finished.await, Ok(Ok(()))) {
            return Err(unsure(&self.name, "the connection broke at the end of the letter".to_owned()));
        }
        match timeout_at(until, self.answer()).await {
            Ok(Ok(answer)) if answer.code / 100 == 2 => {
                self.quit().await;
                Ok(())
            }
            Ok(Ok(answer)) if answer.code / 100 == 4 || answer.code / 100 == 5 => Err(self.refused("DATA", &answer)),
            Ok(Ok(answer)) => Err(unsure(&self.name, format!("it answered {}", answer.code))),
            Ok(Err(error)) => Err(unsure(&self.name, error.to_string())),
            Err(_) => Err(unsure(&self.name, format!("no answer within {} s", ACCEPTANCE.as_secs()))),
        }
    }

    /// Everything before the letter itself.
    async fn offer(&mut self, from: &str, to: &[&str]) -> Result<(), Broken> {
        self.command("MAIL FROM", &format!("MAIL FROM:<{from}>"), 250).await?;
        for address in to {
            self.command("RCPT TO", &format!("RCPT TO:<{address}>"), 250).await?;
        }
        self.command("DATA", "DATA", 354).await.map(drop)
    }

    /// Says goodbye; nobody waits long for the answer.
    pub(super) async fn quit(&mut self) {
        let _ = timeout(Duration::from_secs(2), self.command("QUIT", "QUIT", 221)).await;
    }

    /// `at` is what may be told of the command; the command itself may hold a password.
    async fn command(&mut self, at: &'static str, line: &str, expected: u16) -> Result<Answer, Broken> {
        let writing = async {
            self.stream.write_all(line.as_bytes()).await?;
            self.stream.write_all(b"\r\n").await?;
            self.stream.flush().await
        };
        match timeout(ANSWER, writing).await {
            Ok(Ok(())) => self.expect(at, expected).await,
            Ok(Err(error)) => Err(Broken::Connection(self.broke(&error))),
            Err(_) => Err(Broken::Connection(self.slow())),
        }
    }

    async fn expect(&mut self, at: &'static str, expected: u16) -> Result<Answer, Broken> {
        let answer = timeout(ANSWER, self.answer()).await;
        let answer = answer.map_err(|_| Broken::Connection(self.slow()))?.map_err(Broken::Connection)?;
        // 251: the address is known elsewhere and the letter will be passed on.
        if answer.code == expected || (expected == 250 && answer.code == 251) {
            Ok(answer)
        } else {
            Err(Broken::No { at, answer })
        }
    }

    async fn answer(&mut self) -> Result<Answer, ConnectorError> {
        let wrong = |name: &str| ConnectorError::Protocol(format!("{name} does not speak SMTP"));
        let mut texts = Vec::new();
        for _ in 0..MAX_LINES {
            let mut line = Vec::new();
            let read = (&mut self.stream).take(MAX_LINE_BYTES).read_until(b'\n', &mut line).await;
            match read {
                Ok(0) => return Err(transient(format!("{} closed the connection", self.name))),
                Ok(_) if line.ends_with(b"\n") => {}
                Ok(_) => return Err(wrong(&self.name)),
                Err(error) => return Err(self.broke(&error)),
            }
            let line = String::from_utf8_lossy(&line);
            let line = line.trim_end();
            let code = line.get(..3).and_then(|code| code.parse::<u16>().ok()).filter(|code| (200..600).contains(code));
            let code = code.ok_or_else(|| wrong(&self.name))?;
            texts.push(line.get(4..).unwrap_or_default().to_owned());
            if line.as_bytes().get(3) != Some(&b'-') {
                return Ok(Answer { code, text: texts.join("\n") });
            }
        }
        Err(wrong(&self.name))
    }

    /// What a refusal of a letter means for the reply.
    fn refused(&self, at: &'static str, answer: &Answer) -> SendError {
        let message = format!("{} refuses {at} with {}: {}", self.name, answer.code, answer.shown());
        match answer.code {
            530 | 534 | 535 | 538 => SendError::Account { expired: false, message },
            400..=499 => SendError::Later { message, until: None },
            552 => SendError::Refused { code: "too_long", message },
            _ if at == "RCPT TO" => SendError::Refused { code: "recipient_refused", message },
            _ if at == "MAIL FROM" => SendError::Account { expired: false, message },
            _ => SendError::Refused { code: "not_accepted", message },
        }
    }

    fn broke(&self, error: &std::io::Error) -> ConnectorError {
        transient(format!("the connection to {} broke: {}", self.name, error.kind()))
    }

    fn slow(&self) -> ConnectorError {
        transient(format!("{} did not answer within {} s", self.name, ANSWER.as_secs()))
    }
}

impl Answer {
    /// Its beginning, in one line.
    fn shown(&self) -> String {
        let text = self.text.replace('\n', " ");
        text.chars().filter(|c| !c.is_control()).take(200).collect()
    }
}

fn refused_to_open(at: &str, answer: &Answer, name: &str) -> ConnectorError {
    let message = format!("{name} refuses {at} with {}: {}", answer.code, answer.shown());
    match answer.code {
        400..=499 => transient(message),
        _ if at == "AUTH" => ConnectorError::AuthRevoked(message),
        _ if at == "STARTTLS" => {
            ConnectorError::invalid("smtp_security", format!("{name} does not know STARTTLS; choose TLS"))
        }
        _ => ConnectorError::Forbidden(message),
    }
}

/// A line that begins with a full stop gets another, so that only the last line is one alone.
fn stuffed(letter: &[u8]) -> Vec<u8> {
    let mut out = Vec::with_capacity(letter.len() + 64);
    for line in letter.split_inclusive(|byte| *byte == b'\n') {
        if line.starts_with(b".") {
            out.push(b'.');
        }
        out.extend_from_slice(line);
    }
    out
}

const fn transient(message: String) -> ConnectorError {
    ConnectorError::Transient { message, retry_after: None }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_full_stop_at_the_beginning_of_a_line_does_not_end_the_letter() {
        assert_eq!(stuffed(b"a\r\n.\r\n.b\r\nc."), b"a\r\n..\r\n..b\r\nc.");
    }
}
