//! Private messages: how long one may be answered, and what a call tells of one. Messenger and Instagram write them alike.

use std::time::Duration;

use molva_domain::{Author, Community, Post, PostKind, Rejection, RejectionReason, Timestamp, Urn, Visibility};
use serde::Deserialize;

use super::calls::Happened;
use super::is_id;
use crate::plain_text::{links_in, without_nul};
use crate::session::Item;

/// After somebody's message a page may answer for so long.
pub(crate) const WINDOW: Duration = Duration::from_secs(24 * 3_600);
/// A comment may be answered in private for so long, once.
pub(crate) const PRIVATE_WINDOW: Duration = Duration::from_secs(7 * 24 * 3_600);

#[derive(Default, Deserialize)]
#[serde(default)]
struct Wire {
    sender: Named,
    recipient: Named,
    /// Unix milliseconds.
    timestamp: i64,
    message: Option<Message>,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct Named {
    id: String,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct Message {
    mid: String,
    text: String,
    is_echo: bool,
    is_deleted: bool,
    reply_to: Option<Above>,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct Above {
    mid: String,
}

/// The name of a message: the account, the other side, the message.
pub(crate) fn urn(network: &str, account: &str, person: &str, mid: &str) -> Urn {
    Urn::of(network, None, "message", &format!("{account}/{person}/{mid}"))
}

/// The account, the person and the message of a name that [`urn`] made.
pub(crate) fn parts(native: &str) -> Option<(&str, &str, &str)> {
    let (account, rest) = native.split_once('/')?;
    let (person, mid) = rest.split_once('/')?;
    (is_id(account) && is_id(person) && !mid.is_empty()).then_some((account, person, mid))
}

/// A message to the account; `None` for what is none: our own, a receipt, a reaction.
pub(crate) fn read(network: &'static str, happened: Happened<'_>, now: Timestamp) -> Option<Item> {
    let wire = Wire::deserialize(happened.value).ok()?;
    let message = wire.message.filter(|message| !message.is_echo && !message.mid.is_empty())?;
    let person = Some(wire.sender.id).filter(|person| is_id(person))?;
    let account = if is_id(&wire.recipient.id) { wire.recipient.id.as_str() } else { happened.of };
    let urn = urn(network, account, &person, &message.mid);
    if message.is_deleted {
        return Some(Item::Deleted(urn));
    }
    let text = without_nul(&message.text).into_owned();
    if text.trim().is_empty() {
        let rejection = Rejection::new(RejectionReason::EmptyText, "message", "it has no text", "");
        return Some(Item::Rejected(rejection));
    }
    let at = Timestamp::from_millis(wire.timestamp);
    let published = if at >= Timestamp::EARLIEST { at } else { happened.at };
    let above = message.reply_to.filter(|above| !above.mid.is_empty());
    Some(Item::Post(Box::new(Post {
        kind: PostKind::Message,
        visibility: Visibility::Direct,
        author: Author { urn: Some(Urn::of(network, None, "author", &person)), ..Author::default() },
        community: Some(Community { key: format!("{network}/{account}"), ..Community::default() }),
        in_reply_to: above.map(|above| self::urn(network, account, &person, &above.mid)),
        links: links_in(&text),
        ..Post::new(urn, network, text, published, now)
    })))
}
