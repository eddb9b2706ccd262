//! What things of Matrix are called here, and where people find them.

use molva_domain::Urn;
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};

use super::NETWORK;
use crate::digest;
use crate::reply::ReplyTarget;

/// As `encodeURIComponent` leaves it.
const KEPT: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'_').remove(b'.').remove(b'~');
/// An id of a room, an event or a user, by the contract.
const LONGEST_ID: usize = 255;

/// The name of an event, the same for whoever listens: its room and its id.
pub(super) fn urn(room: &str, event: &str) -> Urn {
    let urn = Urn::of(NETWORK, None, "post", &format!("{room}/{event}"));
    if urn.as_str().len() <= Urn::MAX_BYTES {
        urn
    } else {
        Urn::of(NETWORK, None, "post", &digest::hex(&[room, event], 20))
    }
}

pub(super) fn author(user: &str) -> Urn {
    Urn::of(NETWORK, None, "author", user)
}

/// Room and event of a mention; `None` when it is of another network, or too long to be kept.
pub(super) fn of_target(target: &ReplyTarget) -> Option<(String, String)> {
    let parts = target.urn.parts_of(NETWORK, "post")?;
    let at = parts.native.find("/$")?;
    let (room, event) = (&parts.native[..at], &parts.native[at + 1..]);
    (is_id(room, '!') && is_id(event, '$')).then(|| (room.to_owned(), event.to_owned()))
}

pub(super) fn is_id(id: &str, sigil: char) -> bool {
    id.len() <= LONGEST_ID
        && id.strip_prefix(sigil).is_some_and(|rest| !rest.is_empty())
        && !id.contains(char::is_control)
}

/// Where a person opens an event, by whichever program; `via` is a server that knows the room.
pub(super) fn event_page(room: &str, event: &str, via: &str) -> String {
    format!("https://matrix.to/#/{}/{}?via={}", encoded(room), encoded(event), encoded(via))
}

/// Of a room by its alias, or by its id and a server that knows it.
pub(super) fn room_page(room: &str, alias: Option<&str>, via: &str) -> String {
    match alias {
        Some(alias) => format!("https://matrix.to/#/{}", encoded(alias)),
        None => format!("https://matrix.to/#/{}?via={}", encoded(room), encoded(via)),
    }
}

pub(super) fn user_page(user: &str) -> String {
    format!("https://matrix.to/#/{}", encoded(user))
}

fn encoded(id: &str) -> String {
    utf8_percent_encode(id, KEPT).to_string()
}

#[cfg(test)]
mod tests {
    use molva_domain::{PostKind, Timestamp};

    use super::*;

    #[test]
    fn an_event_is_found_again_by_its_name() {
        let target = |urn: Urn| ReplyTarget {
            urn,
            kind: PostKind::Message,
            url: None,
            author_handle: None,
            community: None,
            in_reply_to: None,
            addressed: Vec::new(),
            published_at: Timestamp::from_secs(0),
        };
        let named = |room: &str, event: &str| of_target(&target(urn(room, event)));
        let same = |room: &str, event: &str| Some((room.to_owned(), event.to_owned()));
        assert_eq!(named("!ab/c:m.example", "$x/y+z"), same("!ab/c:m.example", "$x/y+z"));
        assert_eq!(named("!ab", "$x:old.example"), same("!ab", "$x:old.example"));
        assert_eq!(named(&format!("!{}", "я".repeat(120)), "$x"), None, "too long to be kept");
        assert_eq!(of_target(&target(Urn::of("vk", None, "post", "!a/$b"))), None);
        assert_eq!(
            event_page("!ab:m.example", "$x", "m.example:8448"),
            "https://matrix.to/#/%21ab%3Am.example/%24x?via=m.example%3A8448"
        );
    }
}
