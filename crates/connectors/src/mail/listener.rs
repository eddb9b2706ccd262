//! Follows a mailbox: what is new is fetched, then the server is asked to tell when there is more.

use std::time::Duration;

use molva_domain::{Community, GapCause, Language, Rejection, RejectionReason, Timestamp};
use serde::{Deserialize, Serialize};

use super::community_key;
use super::descriptor::DESCRIPTOR;
use super::dialogue::Woken;
use super::imap::{Imap, MAX_LETTER_BYTES, Mailbox, Outline};
use super::message::{Letter, Reader};
use super::server::{Login, MailServer};
use crate::error::ConnectorError;
use crate::session::{Batch, Item, Report, Session};

/// How long one IDLE lasts. RFC 2177 asks for less than 29 minutes; boxes on the way forget a silent connection after ten.
const IDLE: Duration = Duration::from_secs(9 * 60);
/// How often a server without IDLE is asked.
const EVERY: Duration = Duration::from_secs(60);
/// So long a server is asked that did not want to wait, or did not say whether it does.
const ASKED: Duration = Duration::from_secs(60 * 60);
/// A connection that lasted so long is opened anew without a word when it breaks.
const LASTING: Duration = Duration::from_secs(60);
/// Letters asked about at once, and what those fetched at once may weigh together.
const OUTLINES: usize = 500;
const LETTERS: usize = 50;
const LETTERS_BYTES: u64 = 16 << 20;
/// How much further back than the last look is searched when numbers have lost their meaning.
const OVERLAP: Duration = Duration::from_secs(2 * 86_400);

/// Where reading stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
struct Cursor {
    validity: u32,
    uid: u32,
    /// When the mailbox was last seen to its end, in seconds since 1970.
    at: i64,
    /// What came after numbers had lost their meaning is not read to its end yet.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    gap: bool,
}

pub(super) async fn listen(session: &Session) -> Result<(), ConnectorError> {
    let settings = session.settings.clone().with_defaults(DESCRIPTOR.settings);
    let (server, login) = (MailServer::imap(&settings)?, Login::of(&settings)?);
    let key = community_key(&login.user, server.host());
    let mut follower = Follower {
        session,
        mailbox: settings.text("mailbox").unwrap_or("INBOX").to_owned(),
        history: settings.history(),
        cursor: session.cursor.as_deref().and_then(|cursor| serde_json::from_str(cursor).ok()),
        reader: Reader {
            source_key: session.source_key.clone(),
            community: Community { title: key.strip_prefix("mail/").map(str::to_owned), key, url: None },
            language: settings.text("language").and_then(Language::parse),
            now: session.now(),
        },
        asked_until: None,
        fell_silent: false,
    };
    loop {
        let opened = session.now();
        let error = tokio::select! {
            () = session.cancel.cancelled() => return Err(ConnectorError::Cancelled),
            ended = follower.follow(&server, &login) => match ended {
                Ok(never) => match never {},
                Err(error) => error,
            },
        };
        // Opened anew, it is asked instead of waited with.
        let goes_on = session.now().since(opened) > LASTING || std::mem::take(&mut follower.fell_silent);
        if !(goes_on && matches!(error, ConnectorError::Transient { .. })) {
            return Err(error);
        }
        session.pause(Duration::from_secs(2)).await?;
    }
}

/// What cannot be: following ends only with an error.
enum Never {}

struct Follower<'a> {
    session: &'a Session,
    mailbox: String,
    history: Duration,
    cursor: Option<Cursor>,
    reader: Reader,
    /// Waiting with the server did not work: until then it is asked.
    asked_until: Option<Timestamp>,
    /// A wait ended with the connection, as the server did not say that it had begun.
    fell_silent: bool,
}

impl Follower<'_> {
    /// One connection, until it breaks.
    async fn follow(&mut self, server: &MailServer, login: &Login) -> Result<Never, ConnectorError> {
        let session = self.session;
        let mut imap = Imap::open(&session.http, server, login).await?;
        imap.at_pace(session.time_scale);
        loop {
            // Opened anew each time: only then is it told when the numbers have changed their meaning.
            let mailbox = imap.examine(&self.mailbox).await?;
            self.look(&mut imap, mailbox).await?;
            while self.wait(&mut imap).await? == Woken::News {
                self.look(&mut imap, mailbox).await?;
            }
        }
    }

    /// Waits until there may be something new, with the server where it can.
    async fn wait(&mut self, imap: &mut Imap) -> Result<Woken, ConnectorError> {
        let session = self.session;
        let scale = session.time_scale.max(1e-6);
        if imap.can_idle() && self.asked_until.is_none_or(|until| until <= session.now()) {
            let woken = imap.wait(IDLE.div_f64(scale)).await?;
            if matches!(woken, Woken::News | Woken::Nothing) {
                return Ok(woken);
            }
            self.asked_until = Some(session.now().plus(ASKED.div_f64(scale)));
            if woken == Woken::Silent {
                self.fell_silent = true;
                let message = "the server does not say whether it waits for letters; it is asked instead".to_owned();
                return Err(ConnectorError::Transient { message, retry_after: None });
            }
        }
        session.pause(EVERY).await?;
        Ok(Woken::Nothing)
    }

    /// Fetches and delivers what is new.
    async fn look(&mut self, imap: &mut Imap, mailbox: Mailbox) -> Result<(), ConnectorError> {
        let now = self.session.now();
        self.reader.now = now;
        let known = self.cursor.filter(|cursor| cursor.validity == mailbox.validity);
        let lost = self.cursor.filter(|_| known.is_none());
        if let Some(lost) = lost {
            // The mailbox was made anew, so that the numbers of its letters mean others now.
            let from = Timestamp::from_secs(lost.at);
            self.session.report(Report::GapOpened { from, cause: GapCause::CursorLost }).await;
        }
        imap.forget_news();
        let since = match lost {
            Some(lost) => Timestamp::from_secs(lost.at).minus(OVERLAP),
            None => now.minus(self.history),
        };
        let mut uids = match known {
            Some(Cursor { uid: u32::MAX, .. }) => Vec::new(),
            Some(cursor) => imap.search(&format!("UID {}:*", cursor.uid + 1)).await?,
            None if lost.is_none() && self.history.is_zero() => Vec::new(),
            None => imap.search(&format!("SINCE {}", imap_date(since))).await?,
        };
        // `n:*` names the last letter even when it is older.
        let last = known.map_or(0, |cursor| cursor.uid);
        uids.retain(|uid| *uid > last);
        let mut cursor = known.unwrap_or_else(|| Cursor {
            validity: mailbox.validity,
            // With nothing to read, what comes next is what is new.
            uid: uids.first().map_or_else(|| mailbox.next.unwrap_or(1).saturating_sub(1), |first| first - 1),
            at: lost.map_or_else(|| since.as_secs(), |lost| lost.at),
            gap: lost.is_some(),
        });
        for part in uids.chunks(OUTLINES) {
            let outlines = imap.outlines(part).await?;
            for letters in by_weight(&outlines) {
                let items = self.fetch(imap, letters).await?;
                cursor.uid = letters.last().map_or(cursor.uid, |letter| letter.uid);
                self.deliver(items, cursor).await?;
            }
        }
        let closes = std::mem::replace(&mut cursor.gap, false);
        cursor.at = now.as_secs();
        if closes || known.is_none_or(|known| known.uid != cursor.uid) {
            self.deliver(Vec::new(), cursor).await?;
        }
        self.cursor = Some(cursor);
        self.session.report(Report::Alive).await;
        if closes {
            self.session.report(Report::GapClosed { to: now }).await;
        }
        Ok(())
    }

    async fn fetch(&self, imap: &mut Imap, outlines: &[Outline]) -> Result<Vec<Item>, ConnectorError> {
        let uids: Vec<u32> = outlines.iter().map(|outline| outline.uid).collect();
        let letters = imap.letters(&uids, weight_of(outlines)).await?;
        let items = outlines.iter().filter_map(|outline| {
            // A letter that was taken away meanwhile is not ours to read.
            let (_, letter) = letters.iter().find(|(uid, _)| *uid == outline.uid)?;
            let place = format!("letter {}", outline.uid);
            Some(match letter {
                Ok(raw) => self.reader.read(&Letter {
                    raw,
                    cut: raw.len() >= MAX_LETTER_BYTES as usize,
                    arrived: outline.arrived,
                    place,
                }),
                Err(why) => {
                    let message = format!("the server does not hand it over: {why}");
                    Item::Rejected(Rejection::new(RejectionReason::Malformed, place, message, ""))
                }
            })
        });
        Ok(items.collect())
    }

    async fn deliver(&mut self, items: Vec<Item>, cursor: Cursor) -> Result<(), ConnectorError> {
        let written = serde_json::to_string(&cursor)
            .map_err(|error| ConnectorError::Protocol(format!("the cursor cannot be written: {error}")))?;
        self.session.deliver(Batch { items, cursor: Some(written) }).await?;
        // A connection that breaks now goes on from here.
        self.cursor = Some(cursor);
        Ok(())
    }
}

const fn read_bytes(outline: &Outline) -> u64 {
    let bytes = if outline.bytes < MAX_LETTER_BYTES { outline.bytes } else { MAX_LETTER_BYTES };
    bytes as u64
}

fn weight_of(outlines: &[Outline]) -> u64 {
    outlines.iter().map(read_bytes).sum()
}

/// Parts that are fetched at once: neither too many letters nor too heavy.
fn by_weight(outlines: &[Outline]) -> Vec<&[Outline]> {
    let mut parts = Vec::new();
    let mut rest = outlines;
    while !rest.is_empty() {
        let mut weight = 0;
        let fits = rest.iter().take(LETTERS).take_while(|outline| {
            weight += read_bytes(outline);
            weight <= LETTERS_BYTES
        });
        let (part, after) = rest.split_at(fits.count().max(1));
        parts.push(part);
        rest = after;
    }
    parts
}

/// A day as a search writes it: `3-Apr-2026`.
fn imap_date(at: Timestamp) -> String {
    chrono::DateTime::from_timestamp(at.as_secs(), 0).unwrap_or_default().format("%-d-%b-%Y").to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn heavy_letters_are_fetched_few_at_once_and_light_ones_many() {
        let outline = |uid, bytes| Outline { uid, bytes, arrived: None };
        let outlines: Vec<_> = (1..=120).map(|uid| outline(uid, 1_000)).chain([outline(121, 90_000_000)]).collect();
        let lengths = |outlines: &[Outline]| by_weight(outlines).iter().map(|part| part.len()).collect::<Vec<_>>();
        assert_eq!(lengths(&outlines), [50, 50, 21]);
        assert_eq!(lengths(&[outline(1, 9_000_000); 9]), [4, 4, 1]);
    }

    #[test]
    fn a_day_is_written_as_imap_writes_it() {
        assert_eq!(imap_date(Timestamp::from_secs(1_775_217_600)), "3-Apr-2026");
    }
}
