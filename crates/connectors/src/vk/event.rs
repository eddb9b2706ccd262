//! What a community is told of, by Bots Long Poll and by the Callback API alike.

use molva_domain::{Rejection, RejectionReason, Timestamp};
use serde_json::Value;

use super::people::People;
use super::read::{self, Found, Under};
use crate::session::Item;

/// Who is told, and when.
pub(super) struct Told<'a> {
    /// The community.
    pub group: u64,
    /// Whether private messages are wanted.
    pub messages: bool,
    pub people: &'a People,
    pub now: Timestamp,
}

impl Told<'_> {
    /// One event; `None` for what is no post of anybody.
    pub(super) fn read(&self, event: &Value, place: &str) -> Option<Found> {
        let kind = event.get("type").and_then(Value::as_str).unwrap_or_default();
        let object = &event["object"];
        let (now, people) = (self.now, self.people);
        let own = -i64::try_from(self.group).unwrap_or(0);
        let (thing, what) = match kind.rsplit_once('_') {
            Some((thing, what @ ("new" | "edit" | "restore" | "delete"))) => (thing, what),
            _ => (kind, "new"),
        };
        let signed = |name: &str| object.get(name).and_then(Value::as_i64);
        let number = |name: &str| object.get(name).and_then(Value::as_u64).filter(|number| *number > 0);
        let under = match thing {
            // A post of the community on the wall of whoever reposts it.
            "wall_repost" => return Some(read::post(object, people, now, place)),
            "wall_post" if signed("owner_id").is_none_or(|owner| owner == own) => {
                return Some(read::post(object, people, now, place));
            }
            "wall_post" => None,
            "wall_reply" => {
                number("post_id").map(|post| Under::Post { owner: signed("owner_id").unwrap_or(own), post })
            }
            "board_post" => number("topic_id").map(|topic| Under::Topic { owner: own, topic }),
            "photo_comment" => {
                thing_under("photo", number("photo_id"), signed("photo_owner_id").or(signed("owner_id")))
            }
            "video_comment" => {
                thing_under("video", number("video_id"), signed("video_owner_id").or(signed("owner_id")))
            }
            "market_comment" => {
                thing_under("market", number("item_id"), signed("market_owner_id").or(signed("owner_id")))
            }
            "message" if self.messages && matches!(what, "new" | "edit") => {
                let message = object.get("message").unwrap_or(object);
                return read::message(message, self.group, people, now, place);
            }
            _ => return None,
        };
        // Whoever may call for one community says nothing of another's.
        let Some(under) = under.filter(|under| under.owner() == own) else {
            let message = format!("`{kind}` does not stand under anything of the community");
            let rejection = Rejection::new(RejectionReason::InvalidField, place, message, &event.to_string());
            return Some(Found { name: String::new(), published: None, item: Item::Rejected(rejection) });
        };
        if what == "delete" {
            let urn = number("id").map(|id| under.urn(id));
            return urn.map(|urn| Found { name: String::new(), published: None, item: Item::Deleted(urn) });
        }
        let mut found = read::comment(object, under, people, now, place);
        if what == "edit"
            && let Item::Post(post) = &mut found.item
        {
            // VK says that it was edited, not when.
            post.edited_at = Some(now);
        }
        Some(found)
    }
}

fn thing_under(word: &'static str, id: Option<u64>, owner: Option<i64>) -> Option<Under> {
    Some(Under::Thing { word, owner: owner?, id: id? })
}

/// Whose name it takes.
pub(super) fn author(event: &Value) -> Option<i64> {
    let object = event.get("object")?;
    object.get("from_id").or_else(|| object.pointer("/message/from_id"))?.as_i64()
}
