//! One connection to an IMAP server, bounded in time and size; what it says becomes our errors.

use std::io;
use std::time::Duration;

use async_imap::error::Error;
use async_imap::extensions::idle::IdleResponse;
use async_imap::types::{NameAttribute, UnsolicitedResponse};
use async_imap::{Client, Session};
use futures_util::TryStreamExt as _;
use molva_domain::Timestamp;
use tokio::time::timeout;

use super::metered::Metered;
use super::server::{Login, MailServer, Security};
use super::sign_in::sign_in;
use crate::error::ConnectorError;
use crate::http::HttpClient;

/// A question and its answer.
pub(super) const ANSWER: Duration = Duration::from_secs(60);
/// Until a server that can be waited with begins to wait. Some refuse, which the library does not hear.
const WAITING_BEGINS: Duration = Duration::from_secs(15);
/// What an answer without letters may weigh; a list of a million numbers fits.
const MAX_ANSWER_BYTES: u64 = 8 << 20;
/// Of a letter this much is read; text comes first, and attachments are not ours to read.
pub(super) const MAX_LETTER_BYTES: u32 = 4 << 20;

pub(super) struct Imap {
    session: Session<Metered>,
    idles: bool,
    name: String,
}

/// A mailbox as it is now.
#[derive(Clone, Copy, Debug)]
pub(super) struct Mailbox {
    /// Numbers of letters mean something only together with this.
    pub(super) validity: u32,
    pub(super) letters: u32,
    /// What the next letter will be numbered, where the server says so.
    pub(super) next: Option<u32>,
}

/// What is known of a letter before it is read.
#[derive(Clone, Copy, Debug)]
pub(super) struct Outline {
    pub(super) uid: u32,
    pub(super) bytes: u32,
    /// When it reached the mailbox.
    pub(super) arrived: Option<Timestamp>,
}

/// How a wait for news ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Woken {
    News,
    Nothing,
}

impl Imap {
    /// Connects and signs in.
    pub(super) async fn open(http: &HttpClient, server: &MailServer, login: &Login) -> Result<Self, ConnectorError> {
        let name = server.name();
        let connection = server.connect(http).await?;
        let mut client = Client::new(Metered::new(connection, MAX_ANSWER_BYTES));
        let greeting = timed(&name, async { client.read_response().await.map_err(Error::Io) }).await?;
        if greeting.is_none() {
            return Err(lost(&name));
        }
        if server.security() == Security::StartTls {
            timed(&name, client.run_command_and_check_ok("STARTTLS", None)).await.map_err(|error| match error {
                ConnectorError::Protocol(_) => ConnectorError::Invalid {
                    setting: "imap_security",
                    message: format!("{name} does not know STARTTLS; choose TLS"),
                },
                other => other,
            })?;
            // What was said before TLS and not yet read is forgotten with the client: nobody can slip words in.
            let connection = server.secure(http, client.into_inner().into_inner()).await?;
            client = Client::new(Metered::new(connection, MAX_ANSWER_BYTES));
        }
        let session = sign_in(client, login, &name).await?;
        let mut imap = Self { session, idles: false, name };
        let capabilities = timed(&imap.name, imap.session.capabilities()).await?;
        imap.idles = capabilities.has_str("IDLE");
        Ok(imap)
    }

    pub(super) const fn can_idle(&self) -> bool {
        self.idles
    }

    /// Opens a mailbox for reading only: nothing that is asked afterwards can mark a letter as read.
    pub(super) async fn examine(&mut self, mailbox: &str) -> Result<Mailbox, ConnectorError> {
        self.allow(MAX_ANSWER_BYTES);
        let opened = timed(&self.name, self.session.examine(mailbox)).await.map_err(|error| match error {
            ConnectorError::Protocol(_) => {
                ConnectorError::NotFound(format!("the mailbox `{mailbox}` on {}", self.name))
            }
            other => other,
        })?;
        let validity = opened.uid_validity.ok_or_else(|| {
            ConnectorError::Protocol(format!("{} gives letters no lasting numbers (UIDVALIDITY)", self.name))
        })?;
        Ok(Mailbox { validity, letters: opened.exists, next: opened.uid_next })
    }

    /// Numbers of the letters that a search finds, ascending.
    pub(super) async fn search(&mut self, query: &str) -> Result<Vec<u32>, ConnectorError> {
        self.allow(MAX_ANSWER_BYTES);
        let found = timed(&self.name, self.session.uid_search(query)).await?;
        let mut found: Vec<u32> = found.into_iter().collect();
        found.sort_unstable();
        Ok(found)
    }

    /// The number of a letter in the open mailbox by its Message-ID, which must be plain.
    pub(super) async fn by_message_id(&mut self, id: &str) -> Result<Option<u32>, ConnectorError> {
        Ok(self.search(&format!("HEADER Message-ID \"<{id}>\"")).await?.first().copied())
    }

    pub(super) async fn outlines(&mut self, uids: &[u32]) -> Result<Vec<Outline>, ConnectorError> {
        self.allow(MAX_ANSWER_BYTES);
        let session = &mut self.session;
        let fetched = timed(&self.name, async {
            session.uid_fetch(set(uids), "(UID RFC822.SIZE INTERNALDATE)").await?.try_collect::<Vec<_>>().await
        })
        .await?;
        let outline = |fetch: &async_imap::types::Fetch| {
            let arrived = fetch.internal_date().map(|date| Timestamp::from_secs(date.timestamp()));
            Some(Outline { uid: fetch.uid?, bytes: fetch.size.unwrap_or(MAX_LETTER_BYTES), arrived })
        };
        let mut outlines: Vec<_> = fetched.iter().filter_map(outline).filter(|one| uids.contains(&one.uid)).collect();
        outlines.sort_unstable_by_key(|one| one.uid);
        outlines.dedup_by_key(|one| one.uid);
        Ok(outlines)
    }

    /// The beginning of each letter, whole when it is short enough; hardly more than `bytes` together.
    pub(super) async fn letters(&mut self, uids: &[u32], bytes: u64) -> Result<Vec<(u32, Vec<u8>)>, ConnectorError> {
        // Half as much again for what servers count differently, and for what they say between.
        self.allow(bytes + bytes / 2 + (1 << 20));
        let session = &mut self.session;
        let query = format!("(UID BODY.PEEK[]<0.{MAX_LETTER_BYTES}>)");
        let fetched =
            timed(&self.name, async { session.uid_fetch(set(uids), query).await?.try_collect::<Vec<_>>().await })
                .await?;
        Ok(fetched.iter().filter_map(|fetch| Some((fetch.uid?, fetch.body()?.to_vec()))).collect())
    }

    /// The headers of a letter alone.
    pub(super) async fn headers(&mut self, uid: u32) -> Result<Option<Vec<u8>>, ConnectorError> {
        self.allow(MAX_ANSWER_BYTES);
        let session = &mut self.session;
        let fetched = timed(&self.name, async {
            session.uid_fetch(uid.to_string(), "(UID BODY.PEEK[HEADER])").await?.try_collect::<Vec<_>>().await
        })
        .await?;
        Ok(fetched.iter().find(|fetch| fetch.uid == Some(uid)).and_then(|fetch| fetch.header().map(<[u8]>::to_vec)))
    }

    /// Mailboxes in which letters lie that left the inbox: those marked for what was sent, for everything, for the archive.
    pub(super) async fn other_mailboxes(&mut self) -> Result<Vec<String>, ConnectorError> {
        self.allow(MAX_ANSWER_BYTES);
        let session = &mut self.session;
        let names =
            timed(&self.name, async { session.list(Some(""), Some("*")).await?.try_collect::<Vec<_>>().await }).await?;
        let holds = |attribute: &NameAttribute<'_>| {
            matches!(attribute, NameAttribute::Sent | NameAttribute::All | NameAttribute::Archive)
        };
        let marked = names.iter().filter(|name| name.attributes().iter().any(holds));
        Ok(marked.map(|name| name.name().to_owned()).take(8).collect())
    }

    /// Forgets what was told of letters so far: a search that follows finds them.
    pub(super) fn forget_news(&mut self) {
        told_of_letters(&self.session)();
    }

    /// Waits for news of the open mailbox, at most so long; gives the connection back for questions. What the server told within the
    /// answers to earlier questions it will not tell again.
    pub(super) async fn wait(self, longest: Duration) -> Result<(Self, Woken), ConnectorError> {
        let Self { mut session, idles, name } = self;
        session.as_mut().allow(MAX_ANSWER_BYTES);
        let told_of_letters = told_of_letters(&session);
        if told_of_letters() {
            return Ok((Self { session, idles, name }, Woken::News));
        }
        let mut idle = session.idle();
        within(WAITING_BEGINS, &name, idle.init()).await?;
        let woken = if told_of_letters() {
            Woken::News
        } else {
            let (news, _interrupt) = idle.wait_with_timeout(longest);
            match timeout(longest, news).await {
                Ok(Ok(IdleResponse::NewData(_))) => Woken::News,
                Ok(Ok(IdleResponse::Timeout)) | Err(_) => Woken::Nothing,
                // The library says so when the stream has ended.
                Ok(Ok(IdleResponse::ManualInterrupt)) => return Err(lost(&name)),
                Ok(Err(error)) => return Err(explain(error, &name)),
            }
        };
        let session = timed(&name, idle.done()).await?;
        Ok((Self { session, idles, name }, woken))
    }

    /// A sign of life in which the server tells what is new.
    pub(super) async fn beat(&mut self) -> Result<(), ConnectorError> {
        self.allow(MAX_ANSWER_BYTES);
        timed(&self.name, self.session.noop()).await
    }

    /// Says goodbye; nobody waits long for the answer.
    pub(super) async fn leave(mut self) {
        let _ = timeout(Duration::from_secs(2), self.session.logout()).await;
    }

    fn allow(&mut self, bytes: u64) {
        self.session.as_mut().allow(bytes);
    }
}

/// Asks whether letters were told of beside the answers to questions, and forgets it. What does not fit the library drops unread.
fn told_of_letters(session: &Session<Metered>) -> impl Fn() -> bool + Send + use<> {
    let told = session.unsolicited_responses.clone();
    move || {
        let mut letters = told.is_full();
        while let Ok(one) = told.try_recv() {
            letters |= matches!(one, UnsolicitedResponse::Exists(_));
        }
        letters
    }
}

/// Numbers as IMAP writes them, neighbours together: `1:3,7`.
fn set(uids: &[u32]) -> String {
    let mut out = String::new();
    let mut rest = uids;
    while let Some((&first, mut after)) = rest.split_first() {
        let mut last = first;
        while let Some((&next, further)) = after.split_first()
            && next == last + 1
        {
            (last, after) = (next, further);
        }
        if !out.is_empty() {
            out.push(',');
        }
        out += &if first == last { first.to_string() } else { format!("{first}:{last}") };
        rest = after;
    }
    out
}

async fn timed<T>(name: &str, asking: impl Future<Output = Result<T, Error>>) -> Result<T, ConnectorError> {
    within(ANSWER, name, asking).await
}

pub(super) async fn within<T>(
    longest: Duration,
    name: &str,
    asking: impl Future<Output = Result<T, Error>>,
) -> Result<T, ConnectorError> {
    timeout(longest, asking).await.map_err(|_| slow(name, longest))?.map_err(|error| explain(error, name))
}

/// Whether a refusal says itself that it passes, by a code of RFC 5530. A login that is refused so needs no person.
pub(super) fn passes(text: &str) -> bool {
    ["UNAVAILABLE", "INUSE", "[LIMIT]", "SERVERBUG"].iter().any(|code| text.contains(code))
}

/// A sentence for an error of the library. Its own words may quote letters, so that only a server's refusal is repeated.
pub(super) fn explain(error: Error, name: &str) -> ConnectorError {
    match error {
        Error::Io(error) if error.kind() == io::ErrorKind::FileTooLarge => {
            ConnectorError::Protocol(format!("the answer of {name} is longer than it may be"))
        }
        Error::Io(error) if error.kind() == io::ErrorKind::Other => {
            ConnectorError::Protocol(format!("the answer of {name} is not IMAP"))
        }
        Error::Io(error) => transient(format!("the connection to {name} broke: {}", error.kind())),
        Error::ConnectionLost => lost(name),
        Error::No(text) | Error::Bad(text) if passes(&text) => {
            transient(format!("{name} is not available now: {}", first_line(&text)))
        }
        Error::No(text) | Error::Bad(text) => {
            ConnectorError::Protocol(format!("{name} refuses: {}", first_line(&text)))
        }
        Error::Validate(_) => ConnectorError::Invalid {
            setting: "mailbox",
            message: "holds a character that IMAP cannot carry".to_owned(),
        },
        _ => ConnectorError::Protocol(format!("the answer of {name} is not as promised")),
    }
}

pub(super) fn first_line(text: &str) -> String {
    text.lines().next().unwrap_or_default().chars().filter(|c| !c.is_control()).take(200).collect()
}

fn lost(name: &str) -> ConnectorError {
    transient(format!("{name} closed the connection"))
}

pub(super) fn slow(name: &str, longest: Duration) -> ConnectorError {
    transient(format!("{name} did not answer within {} s", longest.as_secs()))
}

const fn transient(message: String) -> ConnectorError {
    ConnectorError::Transient { message, retry_after: None }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn neighbours_are_asked_for_as_a_range() {
        assert_eq!(set(&[4, 5, 6, 9, 11, 12]), "4:6,9,11:12");
        assert_eq!((set(&[7]), set(&[])), ("7".to_owned(), String::new()));
    }

    #[test]
    fn an_error_of_the_library_repeats_nothing_of_a_letter() {
        let error = Error::Io(io::Error::other("Verify during parsing of \"Dear Anna, my password is\""));
        assert_eq!(explain(error, "m:993").to_string(), "unexpected answer: the answer of m:993 is not IMAP");
    }
}
