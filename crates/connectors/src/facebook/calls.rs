//! What Meta calls with of a page: `feed`, `mention`, `ratings`, `messages`.
//! <https://developers.facebook.com/docs/graph-api/webhooks/reference/page>.

use molva_domain::{Timestamp, Urn};
use serde_json::Value;

use super::NETWORK;
use super::read::{Said, comment_url, named, reviewed, stands_under, text};
use crate::meta::calls::{self, Happened};
use crate::meta::{conversation, id, time};
use crate::session::Item;
use crate::webhook::{Delivered, SignedBody};

pub(super) static WEBHOOKS: SignedBody = SignedBody::meta(read);

fn read(delivered: &Delivered<'_>) -> Vec<Item> {
    let settings = delivered.settings.clone().with_defaults(super::DESCRIPTOR.settings);
    calls::read(delivered, "page", settings.text("page_id"), |happened| {
        let wanted = match happened.field {
            "feed" => true,
            "mention" => settings.flag("tagged"),
            "ratings" => settings.flag("reviews"),
            "messages" => settings.flag("messages"),
            _ => false,
        };
        wanted.then(|| one(happened, delivered.at)).flatten()
    })
}

fn one(happened: Happened<'_>, now: Timestamp) -> Option<Item> {
    let Happened { of, field, value, at } = happened;
    if field == "messages" {
        return conversation::read(NETWORK, happened, now);
    }
    let what = value.get("item").and_then(Value::as_str).unwrap_or_default();
    let verb = value.get("verb").and_then(Value::as_str).unwrap_or("add");
    let post_id = id(&value["post_id"]).or_else(|| id(&value["open_graph_story_id"]));
    let from = named(&value["from"]).or_else(|| Some((id(&value["sender_id"])?, text(value, "sender_name"))));
    let (kind, name, from) = match what {
        "comment" => ("comment", id(&value["comment_id"]), from),
        "rating" => {
            let reviewer = id(&value["reviewer_id"]).map(|id| (id, text(value, "reviewer_name")));
            ("review", id(&value["open_graph_story_id"]), reviewer)
        }
        // What is published by a page calls itself a status; a post of a visitor, or a tag, calls itself a post.
        "post" | "status" | "photo" | "video" | "share" | "link" | "album" | "note" | "event" => {
            ("post", post_id.clone(), from)
        }
        _ => return None,
    };
    match verb {
        "remove" | "delete" => return Some(Item::Deleted(Urn::of(NETWORK, None, kind, &name?))),
        "add" | "edited" | "edit" | "update" | "unhide" => {}
        _ => return None,
    }
    if value.get("published").and_then(Value::as_u64) == Some(0) {
        return None;
    }
    let said = Said {
        kind,
        id: name.clone().unwrap_or_default(),
        text: text(value, "message").or_else(|| text(value, "review_text")).unwrap_or_default(),
        published: time(&value["created_time"]).or(Some(at)),
        from,
    };
    let mut post = match said.post(of, now, value) {
        Ok(post) => post,
        Err(rejection) => return Some(Item::Rejected(rejection)),
    };
    let permalink =
        value.get("post").and_then(|post| text(post, "permalink_url")).or_else(|| text(value, "permalink_url"));
    match kind {
        "comment" => {
            let under = post_id.unwrap_or_default();
            // The parent of a first comment is the post, by its whole name or by its own number.
            let first = |parent: &String| *parent == under || under.ends_with(&format!("_{parent}"));
            stands_under(&mut post, &under, id(&value["parent_id"]).filter(|parent| !first(parent)));
            post.url = Some(comment_url(&under, name.as_deref().unwrap_or_default()));
        }
        "review" => reviewed(&mut post, value, of),
        _ => post.url = permalink.or_else(|| Some(format!("https://www.facebook.com/{}", name?))),
    }
    if field == "mention" {
        post.community = None;
    }
    if matches!(verb, "edited" | "edit" | "update") {
        post.edited_at = Some(at);
    }
    Some(Item::Post(Box::new(post)))
}

#[cfg(test)]
mod tests;
