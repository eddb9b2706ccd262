//! What is asked of an IMAP server, bounded in time and size.

use async_imap::imap_proto::{
    AttributeValue, Capability, MailboxDatum, MessageSection, NameAttribute, Response, ResponseCode, SectionPath,
    Status,
};
use async_imap::{Client, error::Error};
use chrono::DateTime;
use molva_domain::Timestamp;
use std::collections::BTreeMap;
use std::time::Duration;
use tokio::time::timeout;

use super::dialogue::{ANSWER, Dialogue, Unanswered, Woken, explain, first_line, lost, passes, slow};
use super::metered::Metered;
use super::server::{Login, MailServer, Security};
use super::sign_in::sign_in;
use crate::error::ConnectorError;
use crate::http::HttpClient;

/// What an answer without letters may weigh; a list of a million numbers fits.
const MAX_ANSWER_BYTES: u64 = 8 << 20;
/// Of a letter this much is read; text comes first, and attachments are not ours to read.
pub(super) const MAX_LETTER_BYTES: u32 = 4 << 20;

pub(super) struct Imap {
    dialogue: Dialogue,
    idles: bool,
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
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Outline {
    pub(super) uid: u32,
    pub(super) bytes: u32,
    /// When it reached the mailbox.
    pub(super) arrived: Option<Timestamp>,
}

/// A letter that was asked for: its beginning, or why the server does not hand it over.
pub(super) type Fetched = Result<Vec<u8>, String>;

impl Imap {
    /// Connects and signs in.
    pub(super) async fn open(http: &HttpClient, server: &MailServer, login: &Login) -> Result<Self, ConnectorError> {
        let name = server.name();
        let connection = server.connect(http).await?;
        let mut client = Client::new(Metered::new(connection, MAX_ANSWER_BYTES));
        let greeting = timed(&name, async { client.read_response().await.map_err(Error::Io) }).await?;
        match greeting.as_ref().map(|said| said.parsed()) {
            None => return Err(lost(&name)),
            Some(Response::Data { status: Status::Bye, outcome }) => {
                let words = first_line(outcome.information.as_deref().unwrap_or_default());
                let message = format!("{name} takes no connection now: {words}");
                return Err(ConnectorError::Transient { message, retry_after: None });
            }
            Some(_) => {}
        }
        if server.security() == Security::StartTls {
            timed(&name, client.run_command_and_check_ok("STARTTLS", None)).await.map_err(|error| match error {
                ConnectorError::Protocol(_) => {
                    ConnectorError::invalid("imap_security", format!("{name} does not know STARTTLS; choose TLS"))
                }
                other => other,
            })?;
            // What was said before TLS and not yet read is forgotten with the client: nobody can slip words in.
            let connection = server.secure(http, client.into_inner().into_inner()).await?;
            client = Client::new(Metered::new(connection, MAX_ANSWER_BYTES));
        }
        let session = sign_in(client, login, &name).await?;
        let mut imap = Self { dialogue: Dialogue::new(session, name), idles: false };
        let mut idles = false;
        let is_idle = |capability: &Capability<'_>| matches!(capability, Capability::Atom(name) if name.eq_ignore_ascii_case("IDLE"));
        imap.ask("CAPABILITY", MAX_ANSWER_BYTES, |said| {
            if let Response::Capabilities(all) = said {
                idles |= all.iter().any(is_idle);
            }
        })
        .await?;
        imap.idles = idles;
        Ok(imap)
    }

    /// Time passes so much quicker than on a clock.
    pub(super) const fn at_pace(&mut self, time_scale: f64) {
        self.dialogue.at_pace(time_scale);
    }

    pub(super) const fn can_idle(&self) -> bool {
        self.idles
    }

    /// Opens a mailbox for reading only: nothing that is asked afterwards can mark a letter as read.
    pub(super) async fn examine(&mut self, mailbox: &str) -> Result<Mailbox, ConnectorError> {
        let command = format!("EXAMINE {}", quoted(mailbox)?);
        let (mut validity, mut opened) = (None, Mailbox { validity: 0, letters: 0, next: None });
        let asked = self.dialogue.ask(&command, MAX_ANSWER_BYTES, |said| match said {
            Response::MailboxData(MailboxDatum::Exists(letters)) => opened.letters = *letters,
            Response::Data { status: Status::Ok, outcome } => match &outcome.code {
                Some(ResponseCode::UidValidity(number)) => validity = Some(*number),
                Some(ResponseCode::UidNext(number)) => opened.next = Some(*number),
                _ => {}
            },
            _ => {}
        });
        asked.await.map_err(|why| match why {
            Unanswered::Refused(words) if !passes(&words) => {
                ConnectorError::NotFound(format!("the mailbox `{mailbox}` on {}", self.dialogue.name()))
            }
            other => other.explain(self.dialogue.name()),
        })?;
        opened.validity = validity.ok_or_else(|| {
            ConnectorError::Protocol(format!("{} gives letters no lasting numbers (UIDVALIDITY)", self.dialogue.name()))
        })?;
        Ok(opened)
    }

    /// Numbers of the letters that a search finds, ascending.
    pub(super) async fn search(&mut self, query: &str) -> Result<Vec<u32>, ConnectorError> {
        let mut found = Vec::new();
        self.ask(&format!("UID SEARCH {query}"), MAX_ANSWER_BYTES, |said| {
            if let Response::MailboxData(MailboxDatum::Search(uids)) = said {
                found.extend_from_slice(uids);
            }
        })
        .await?;
        found.sort_unstable();
        found.dedup();
        Ok(found)
    }

    /// The number of a letter in the open mailbox by its Message-ID, which must be plain.
    pub(super) async fn by_message_id(&mut self, id: &str) -> Result<Option<u32>, ConnectorError> {
        Ok(self.search(&format!("HEADER Message-ID \"<{id}>\"")).await?.first().copied())
    }

    /// What is known of each letter; of one that the server says nothing of, that it may be as long as any.
    pub(super) async fn outlines(&mut self, uids: &[u32]) -> Result<Vec<Outline>, ConnectorError> {
        let unknown = |uid: &u32| (*uid, Outline { uid: *uid, bytes: MAX_LETTER_BYTES, arrived: None });
        let mut outlines: BTreeMap<u32, Outline> = uids.iter().map(unknown).collect();
        let command = format!("UID FETCH {} (UID RFC822.SIZE INTERNALDATE)", set(uids));
        self.ask(&command, MAX_ANSWER_BYTES, |said| {
            let Response::Fetch(_, told) = said else { return };
            let Some(outline) = uid_of(told).and_then(|uid| outlines.get_mut(&uid)) else { return };
            for value in told {
                match value {
                    AttributeValue::Rfc822Size(bytes) => outline.bytes = *bytes,
                    AttributeValue::InternalDate(date) => outline.arrived = internal_date(date),
                    // Marks that somebody sets meanwhile are told in the same form.
                    _ => {}
                }
            }
        })
        .await?;
        Ok(outlines.into_values().collect())
    }

    /// The beginning of each letter that is still there, whole when it is short enough; hardly more than `bytes` together.
    ///
    /// Some servers refuse all letters, or leave one out, because of one they cannot read. Then each is asked for by itself, and
    /// one that is refused again, while others are given, is told as such: a mailbox is not held up by it for good.
    pub(super) async fn letters(&mut self, uids: &[u32], bytes: u64) -> Result<Vec<(u32, Fetched)>, ConnectorError> {
        let refusal = match self.bodies(uids, bytes).await {
            Ok(found) => {
                let missing: Vec<u32> = uids.iter().copied().filter(|uid| !found.contains_key(uid)).collect();
                let mut letters: Vec<_> = found.into_iter().map(|(uid, raw)| (uid, Ok(raw))).collect();
                if !missing.is_empty() {
                    // A letter that was taken away meanwhile is not ours to read; one that is there is.
                    let there = self.search(&format!("UID {}", set(&missing))).await?;
                    let there: Vec<u32> = missing.into_iter().filter(|uid| there.contains(uid)).collect();
                    letters.extend(self.one_by_one(&there, bytes, "it leaves it out").await?);
                }
                return given(letters, self.dialogue.name());
            }
            Err(Unanswered::Refused(words)) if !passes(&words) => words,
            Err(why) => return Err(why.explain(self.dialogue.name())),
        };
        let letters = self.one_by_one(uids, bytes, &refusal).await?;
        given(letters, self.dialogue.name())
    }

    async fn one_by_one(
        &mut self,
        uids: &[u32],
        bytes: u64,
        refusal: &str,
    ) -> Result<Vec<(u32, Fetched)>, ConnectorError> {
        let mut letters = Vec::new();
        for uid in uids {
            let mut why = refusal.to_owned();
            // What is refused twice by itself is not refused by chance.
            for _ in 0..2 {
                match self.bodies(&[*uid], bytes).await {
                    Ok(found) if found.is_empty() => {}
                    Ok(found) => {
                        letters.extend(found.into_iter().map(|(uid, raw)| (uid, Ok(raw))));
                        why.clear();
                        break;
                    }
                    Err(Unanswered::Refused(words)) if !passes(&words) => why = words,
                    Err(broken) => return Err(broken.explain(self.dialogue.name())),
                }
            }
            if !why.is_empty() && !self.search(&format!("UID {uid}")).await?.is_empty() {
                letters.push((*uid, Err(why)));
            }
        }
        Ok(letters)
    }

    async fn bodies(&mut self, uids: &[u32], bytes: u64) -> Result<BTreeMap<u32, Vec<u8>>, Unanswered> {
        // Half as much again for what servers count differently, and for what they say between.
        let allowed_bytes = bytes + bytes / 2 + (1 << 20);
        let command = format!("UID FETCH {} (UID BODY.PEEK[]<0.{MAX_LETTER_BYTES}>)", set(uids));
        let mut found = BTreeMap::new();
        let asked = self.dialogue.ask(&command, allowed_bytes, |said| {
            if let Response::Fetch(_, told) = said
                && let (Some(uid), Some(raw)) = (uid_of(told), section(told, None))
            {
                found.insert(uid, raw.to_vec());
            }
        });
        asked.await?;
        Ok(found)
    }

    /// The headers of a letter alone.
    pub(super) async fn headers(&mut self, uid: u32) -> Result<Option<Vec<u8>>, ConnectorError> {
        let mut headers = None;
        self.ask(&format!("UID FETCH {uid} (UID BODY.PEEK[HEADER])"), MAX_ANSWER_BYTES, |said| {
            if let Response::Fetch(_, told) = said
                && uid_of(told) == Some(uid)
                && let Some(raw) = section(told, Some(&SectionPath::Full(MessageSection::Header)))
            {
                headers = Some(raw.to_vec());
            }
        })
        .await?;
        Ok(headers)
    }

    /// Mailboxes in which letters lie that left the inbox: those marked for what was sent, for everything, for the archive.
    pub(super) async fn other_mailboxes(&mut self) -> Result<Vec<String>, ConnectorError> {
        let holds = |attribute: &NameAttribute<'_>| {
            matches!(attribute, NameAttribute::Sent | NameAttribute::All | NameAttribute::Archive)
        };
        let mut names = Vec::new();
        self.ask("LIST \"\" \"*\"", MAX_ANSWER_BYTES, |said| {
            if let Response::MailboxData(MailboxDatum::List(one)) = said
                && names.len() < 8
                && one.name_attributes.iter().any(holds)
                && !one.name_attributes.contains(&NameAttribute::NoSelect)
            {
                names.push(one.name.clone().into_owned());
            }
        })
        .await?;
        Ok(names)
    }

    /// Forgets what was told of letters so far: a search that follows finds them.
    pub(super) const fn forget_news(&mut self) {
        self.dialogue.news();
    }

    /// Waits for news of the open mailbox, at most so long.
    pub(super) async fn wait(&mut self, longest: Duration) -> Result<Woken, ConnectorError> {
        self.dialogue.wait(longest, MAX_ANSWER_BYTES).await
    }

    /// Says goodbye; nobody waits long for the answer.
    pub(super) async fn leave(self) {
        self.dialogue.leave().await;
    }

    async fn ask(
        &mut self,
        command: &str,
        allowed_bytes: u64,
        heed: impl FnMut(&Response<'_>) + Send,
    ) -> Result<(), ConnectorError> {
        let asked = self.dialogue.ask(command, allowed_bytes, heed).await;
        asked.map_err(|why| why.explain(self.dialogue.name()))
    }
}

/// As long as the server gives none at all, it is the server that is ill and not a letter.
fn given(letters: Vec<(u32, Fetched)>, name: &str) -> Result<Vec<(u32, Fetched)>, ConnectorError> {
    match letters.first() {
        Some((_, Err(why))) if letters.iter().all(|(_, letter)| letter.is_err()) => {
            let message = format!("{name} hands over no letters: {why}");
            Err(ConnectorError::Transient { message, retry_after: None })
        }
        _ => Ok(letters),
    }
}

fn uid_of(told: &[AttributeValue<'_>]) -> Option<u32> {
    told.iter().find_map(|value| if let AttributeValue::Uid(uid) = value { Some(*uid) } else { None })
}

/// What was told of a part of a letter, or of the whole.
fn section<'t>(told: &'t [AttributeValue<'_>], of: Option<&SectionPath>) -> Option<&'t [u8]> {
    told.iter().find_map(|value| match value {
        AttributeValue::BodySection { section, data: Some(data), .. } if section.as_ref() == of => Some(data.as_ref()),
        _ => None,
    })
}

fn internal_date(date: &str) -> Option<Timestamp> {
    let date = DateTime::parse_from_str(date.trim(), "%d-%b-%Y %H:%M:%S %z").ok()?;
    Some(Timestamp::from_secs(date.timestamp()))
}

/// A name as a command carries it.
fn quoted(mailbox: &str) -> Result<String, ConnectorError> {
    if mailbox.chars().any(char::is_control) {
        let message = "holds a character that IMAP cannot carry".to_owned();
        return Err(ConnectorError::invalid("mailbox", message));
    }
    Ok(format!("\"{}\"", mailbox.replace('\\', "\\\\").replace('"', "\\\"")))
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
    timeout(ANSWER, asking).await.map_err(|_| slow(name, ANSWER))?.map_err(|error| explain(error, name))
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
    fn a_letter_that_is_refused_counts_as_such_only_beside_others_that_are_given() {
        let refused = || Err("no".to_owned());
        assert!(given(vec![(1, Ok(Vec::new())), (2, refused())], "m:993").is_ok());
        assert!(given(vec![(1, refused()), (2, refused())], "m:993").is_err());
        assert!(given(Vec::new(), "m:993").is_ok());
    }
}
