//! HTTP push: anybody's program hands us posts. Signature by Standard Webhooks; a body is one object, an array or NDJSON.
//!
//! An item has an `id` and a `text` (or a `title`); everything else may be left out, and keys not named here are ignored:
//!
//! ```json
//! {
//!   "id": "review-1042",
//!   "text": "Связь пропала на Ленинской, третий час без интернета",
//!   "title": "Нет связи",
//!   "published": "2026-03-01T12:30:00+03:00",
//!   "url": "https://forum.example/t/1042",
//!   "network": "forum",
//!   "kind": "post",
//!   "author": {"name": "Анна", "handle": "anna", "url": "https://forum.example/u/anna", "followers": 120, "city": "Гродно",
//!     "region": "Гродненская область", "country": "BY"},
//!   "community": {"key": "mobile", "title": "Мобильная связь", "url": "https://forum.example/c/mobile"},
//!   "language": "ru",
//!   "in_reply_to": "review-1041",
//!   "repost_of": "review-1000",
//!   "quote_of": "review-1001",
//!   "links": ["https://status.example"],
//!   "media": [{"kind": "image", "url": "https://forum.example/i/1.png", "alt": "снимок экрана"}],
//!   "engagement": {"likes": 3, "reposts": 0, "comments": 5, "views": 240, "rating": 1}
//! }
//! ```
//!
//! `id` is text or a whole number, unique within the source and network. `published` is RFC 3339 text, or a number of
//! seconds, milliseconds or microseconds since 1970; without it the arrival counts. `kind` is a [`molva_domain::PostKind`]
//! name. `author.country` is a code of ISO 3166-1 alpha-2. `in_reply_to`, `repost_of` and `quote_of` are ids of the same source, or whole URNs (`urn:smm:…`).

mod item;
mod signature;
#[cfg(test)]
mod tests;

use molva_domain::{Rejection, RejectionReason, Timestamp};
use serde_json::value::RawValue;

use crate::connector::{BoxFuture, Capabilities, Connector, Descriptor, Mode};
use crate::error::ConnectorError;
use crate::session::{Item, Report, Session};
use crate::settings::{Localized, Setting, SettingKind};

pub use signature::{SignatureHeaders, new_secret, sign, verify};

/// Most items in a body.
pub const MAX_ITEMS: usize = 10_000;

/// Why a delivery is refused whole.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum PushError {
    #[error("header `{0}` is missing")]
    MissingHeader(&'static str),
    #[error("`webhook-timestamp` is more than five minutes off; check the sender's clock")]
    StaleTimestamp,
    #[error("`webhook-signature` does not match; check the secret")]
    BadSignature,
    #[error("the body holds more than {0} items; send smaller batches")]
    TooManyItems(usize),
    #[error("the body is empty")]
    Empty,
}

/// The row of the table: they call us.
#[derive(Debug)]
pub struct Push;

static DESCRIPTOR: Descriptor = Descriptor {
    name: "push",
    title: Localized { en: "HTTP push", ru: "Приём по HTTP", uk: "Приймання через HTTP" },
    summary: Localized {
        en: "Your own program sends posts to Molva as signed JSON; they appear within a second. Needs nothing but the address and the secret shown after adding.",
        ru: "Ваша программа сама присылает сообщения в Molva подписанным JSON; они появляются за секунду. Нужны только адрес и секрет, которые будут показаны после добавления.",
        uk: "Ваша програма сама надсилає дописи до Molva підписаним JSON; вони з’являються за секунду. Потрібні лише адреса та секрет, які буде показано після додавання.",
    },
    mode: Mode::Push,
    capabilities: Capabilities {
        keyword_listen: false,
        account_listen: false,
        backfill: false,
        delete_events: false,
        metrics: true,
    },
    settings: &[Setting {
        key: "secret",
        kind: SettingKind::Secret,
        label: Localized { en: "Secret", ru: "Секрет", uk: "Секрет" },
        help: Localized {
            en: "Signs every delivery (Standard Webhooks). Leave it empty: the server makes one and shows it once.",
            ru: "Им подписывается каждая посылка (Standard Webhooks). Оставьте пустым: сервер создаст секрет и покажет его один раз.",
            uk: "Ним підписується кожна посилка (Standard Webhooks). Залиште порожнім: сервер створить секрет і покаже його один раз.",
        },
        required: false,
        default: None,
        placeholder: None,
        shown_when: None,
    }],
    silent_after_s: None,
    add_by_hand: true,
};

impl Connector for Push {
    fn descriptor(&self) -> &'static Descriptor {
        &DESCRIPTOR
    }

    fn probe<'a>(&'a self, _session: &'a Session) -> BoxFuture<'a, Result<String, ConnectorError>> {
        Box::pin(async { Ok("ready to receive".to_owned()) })
    }

    fn listen<'a>(&'a self, session: &'a Session) -> BoxFuture<'a, Result<(), ConnectorError>> {
        Box::pin(async move {
            session.report(Report::Alive).await;
            session.cancel.cancelled().await;
            Err(ConnectorError::Cancelled)
        })
    }
}

/// Reads a body; a broken item is a rejection with its place (`item 3`), the others stand. At most [`MAX_ITEMS`] items.
pub fn parse(source_key: &str, body: &[u8], now: Timestamp) -> Result<Vec<Item>, PushError> {
    let body = body.strip_prefix(b"\xef\xbb\xbf").unwrap_or(body).trim_ascii();
    if body.is_empty() {
        return Err(PushError::Empty);
    }
    let mut items = Items { source_key, now, found: Vec::new() };
    if body[0] == b'[' {
        items.add_array(body)?;
    } else if serde_json::from_slice::<&RawValue>(body).is_ok() {
        items.add(body)?;
    } else {
        for line in body.split(|&byte| byte == b'\n').map(<[u8]>::trim_ascii).filter(|line| !line.is_empty()) {
            items.add(line)?;
        }
    }
    if items.found.is_empty() { Err(PushError::Empty) } else { Ok(items.found) }
}

struct Items<'a> {
    source_key: &'a str,
    now: Timestamp,
    found: Vec<Item>,
}

impl Items<'_> {
    fn add(&mut self, raw: &[u8]) -> Result<(), PushError> {
        if self.found.len() == MAX_ITEMS {
            return Err(PushError::TooManyItems(MAX_ITEMS));
        }
        let result = match std::str::from_utf8(raw) {
            Ok(text) => item::read(self.source_key, text, self.now),
            Err(error) => {
                let message = format!("byte {} is not UTF-8; push is always in UTF-8", error.valid_up_to());
                Err((RejectionReason::InvalidEncoding, message))
            }
        };
        self.found.push(match result {
            Ok(post) => Item::Post(Box::new(post)),
            Err((reason, message)) => self.rejected(reason, message, raw),
        });
        Ok(())
    }

    /// Elements up to the first that is not JSON stand; from there on an array cannot be cut into elements.
    fn add_array(&mut self, body: &[u8]) -> Result<(), PushError> {
        let mut rest = body[1..].trim_ascii();
        if rest == b"]" {
            return Ok(());
        }
        loop {
            let mut stream = serde_json::Deserializer::from_slice(rest).into_iter::<&RawValue>();
            let element = match stream.next() {
                Some(Ok(element)) => element,
                Some(Err(error)) => return self.broken(&error.to_string(), rest),
                None => return self.broken("an element is missing", rest),
            };
            let after = rest[stream.byte_offset()..].trim_ascii_start();
            self.add(element.get().as_bytes())?;
            rest = match after.split_first() {
                Some((b',', after)) => after,
                Some((b']', [])) => return Ok(()),
                Some((b']', after)) => return self.broken("something follows the array", after),
                _ => return self.broken("a comma or the end of the array is missing", after),
            };
        }
    }

    fn broken(&mut self, error: &str, raw: &[u8]) -> Result<(), PushError> {
        if self.found.len() == MAX_ITEMS {
            return Err(PushError::TooManyItems(MAX_ITEMS));
        }
        let message = format!("the array is broken here: {error}; the items before stand");
        let item = self.rejected(RejectionReason::Malformed, message, raw);
        self.found.push(item);
        Ok(())
    }

    fn rejected(&self, reason: RejectionReason, message: String, raw: &[u8]) -> Item {
        let head = &raw[..raw.len().min(2 * Rejection::MAX_SAMPLE_BYTES)];
        let place = format!("item {}", self.found.len() + 1);
        Item::Rejected(Rejection::new(reason, place, message, &String::from_utf8_lossy(head)))
    }
}
