//! What VK tells, as posts.

use std::time::Duration;

use molva_domain::{
    Engagement, Media, MediaKind, Post, PostKind, Rejection, RejectionReason, Timestamp, Urn, Visibility,
};
use serde::Deserialize;
use serde_json::Value;

use super::people::People;
use super::{NETWORK, markup};
use crate::plain_text::{MAX_LINKS, links_in, without_nul};
use crate::session::Item;

/// One thing of an answer.
#[derive(Debug)]
pub(super) struct Found {
    /// Its name and revision.
    pub name: String,
    pub published: Option<Timestamp>,
    pub item: Item,
}

/// What something stands under, where the thing itself does not say.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Under {
    /// A post on a wall.
    Post { owner: i64, post: u64 },
    /// A topic of a community's discussions.
    Topic { owner: i64, topic: u64 },
    /// A photo, a video, a thing for sale.
    Thing { word: &'static str, owner: i64, id: u64 },
}

/// A post or a comment, as VK writes either.
#[derive(Default, Deserialize)]
#[serde(default)]
struct Wire {
    id: u64,
    owner_id: i64,
    from_id: i64,
    date: i64,
    edited: i64,
    text: String,
    post_type: String,
    post_id: u64,
    reply_to_comment: u64,
    is_deleted: bool,
    deleted: bool,
    copy_history: Vec<Value>,
    attachments: Vec<Value>,
    likes: Count,
    reposts: Count,
    comments: Count,
    views: Count,
    donut: Donut,
}

#[derive(Clone, Copy, Default, Deserialize)]
#[serde(default)]
struct Count {
    count: Option<u64>,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct Donut {
    is_donut: bool,
}

/// The URN of a post.
pub(super) fn post_urn(owner: i64, id: u64) -> Urn {
    Urn::of(NETWORK, None, "post", &format!("{owner}_{id}"))
}

impl Under {
    pub(super) fn urn(self, id: u64) -> Urn {
        match self {
            Self::Post { owner, post } => Urn::of(NETWORK, None, "comment", &format!("{owner}_{post}_{id}")),
            Self::Topic { owner, topic } => Urn::of(NETWORK, None, "board", &format!("{owner}_{topic}_{id}")),
            Self::Thing { word, owner, id: thing } => {
                Urn::of(NETWORK, None, &format!("{word}_comment"), &format!("{owner}_{thing}_{id}"))
            }
        }
    }

    fn parent(self) -> Option<Urn> {
        match self {
            Self::Post { owner, post } => Some(post_urn(owner, post)),
            Self::Topic { .. } => None,
            Self::Thing { word, owner, id } => Some(Urn::of(NETWORK, None, word, &format!("{owner}_{id}"))),
        }
    }

    pub(super) fn url(self, id: u64) -> String {
        match self {
            Self::Post { owner, post } => format!("https://vk.com/wall{owner}_{post}?reply={id}"),
            Self::Topic { owner, topic } => format!("https://vk.com/topic{owner}_{topic}?post={id}"),
            Self::Thing { word: "market", owner, id: thing } => {
                format!("https://vk.com/market{owner}?w=product{owner}_{thing}")
            }
            Self::Thing { word, owner, id: thing } => format!("https://vk.com/{word}{owner}_{thing}"),
        }
    }

    pub(super) const fn owner(self) -> i64 {
        match self {
            Self::Post { owner, .. } | Self::Topic { owner, .. } | Self::Thing { owner, .. } => owner,
        }
    }
}

/// A post of a wall, or a comment that a search found.
pub(super) fn post(raw: &Value, people: &People, now: Timestamp, place: &str) -> Found {
    read(raw, now, place, |wire| {
        if wire.post_type == "reply" && wire.post_id > 0 {
            let under = Under::Post { owner: wire.owner_id, post: wire.post_id };
            return (under.urn(wire.id), commented(wire, under, people));
        }
        let url = format!("https://vk.com/wall{}_{}", wire.owner_id, wire.id);
        let copied = wire.copy_history.first().and_then(|raw| Wire::deserialize(raw).ok());
        let copied = copied.filter(|copied| copied.id > 0).map(|copied| post_urn(copied.owner_id, copied.id));
        let kind = match (&copied, wire.text.trim().is_empty()) {
            (None, _) => PostKind::Post,
            (Some(_), true) => PostKind::Repost,
            (Some(_), false) => PostKind::Quote,
        };
        let rest = move |post: Post| Post {
            kind,
            url: Some(url),
            repost_of: copied.clone().filter(|_| kind == PostKind::Repost),
            quote_of: copied.filter(|_| kind == PostKind::Quote),
            ..post
        };
        let (author, community) = (people.author(wire.from_id), people.community(wire.owner_id));
        let whole = move |post: Post| rest(Post { author, community, ..post });
        (post_urn(wire.owner_id, wire.id), Box::new(whole) as Rest)
    })
}

/// A comment under something.
pub(super) fn comment(raw: &Value, under: Under, people: &People, now: Timestamp, place: &str) -> Found {
    read(raw, now, place, |wire| (under.urn(wire.id), commented(wire, under, people)))
}

/// What is filled in beside what posts and comments have in common.
type Rest = Box<dyn FnOnce(Post) -> Post>;

fn commented(wire: &Wire, under: Under, people: &People) -> Rest {
    let answered = (wire.reply_to_comment > 0).then(|| under.urn(wire.reply_to_comment));
    let kind = if answered.is_some() { PostKind::Reply } else { PostKind::Comment };
    let in_reply_to = answered.or_else(|| under.parent());
    let (author, community) = (people.author(wire.from_id), people.community(under.owner()));
    let url = Some(under.url(wire.id));
    Box::new(move |post| Post { kind, url, author, community, in_reply_to, ..post })
}

fn read(raw: &Value, now: Timestamp, place: &str, rest: impl FnOnce(&Wire) -> (Urn, Rest)) -> Found {
    let refused = |reason, message: &str, name: String, published| {
        let item = Item::Rejected(Rejection::new(reason, place, message, &raw.to_string()));
        Found { name, published, item }
    };
    let mut wire = match Wire::deserialize(raw) {
        Ok(wire) => wire,
        Err(error) => {
            let message = format!("it is not as VK promises: {error}");
            return refused(RejectionReason::Malformed, &message, raw.to_string(), None);
        }
    };
    if wire.id == 0 {
        return refused(RejectionReason::MissingId, "it has no id", raw.to_string(), None);
    }
    let (urn, rest) = rest(&wire);
    let name = format!("{urn} {}", wire.edited);
    if wire.deleted || wire.is_deleted {
        return Found { name: format!("{name} deleted"), published: None, item: Item::Deleted(urn) };
    }
    let published = Timestamp::from_secs(wire.date);
    if published < Timestamp::EARLIEST {
        return refused(RejectionReason::InvalidDate, "`date` is no time", name, None);
    }
    let published = Some(published);
    if wire.donut.is_donut || wire.post_type == "suggest" || wire.post_type == "postpone" {
        return refused(RejectionReason::NotPublic, "it is not for everybody", name, published);
    }
    if wire.text.trim().is_empty()
        && let Some(copied) = wire.copy_history.first().and_then(|raw| Wire::deserialize(raw).ok())
    {
        wire.attachments.extend(copied.attachments);
        wire.text = copied.text;
    }
    let (text, mut links) = markup::plain(&without_nul(&wire.text));
    if text.trim().is_empty() {
        return refused(RejectionReason::EmptyText, "it has no text", name, published);
    }
    if text.len() > Post::MAX_TEXT_BYTES {
        return refused(RejectionReason::TooLarge, "it is longer than 1 MiB", name, published);
    }
    links.extend(links_in(&text));
    let mut media = Vec::new();
    for attachment in &wire.attachments {
        attached(attachment, &mut links, &mut media);
    }
    links.truncate(MAX_LINKS);
    media.truncate(MAX_LINKS);
    let post = Post {
        edited_at: (wire.edited > 0).then(|| Timestamp::from_secs(wire.edited)),
        links,
        media,
        engagement: Engagement {
            likes: wire.likes.count,
            reposts: wire.reposts.count,
            comments: wire.comments.count,
            views: wire.views.count,
            rating: None,
        },
        ..Post::new(urn, NETWORK, text, Timestamp::from_secs(wire.date), now)
    };
    Found { name, published, item: Item::Post(Box::new(rest(post))) }
}

fn attached(raw: &Value, links: &mut Vec<String>, media: &mut Vec<Media>) {
    let Some(kind) = raw.get("type").and_then(Value::as_str) else { return };
    let thing = &raw[kind];
    let text = |name: &str| thing.get(name).and_then(Value::as_str).filter(|text| !text.is_empty()).map(str::to_owned);
    let numbered = |word: &str| {
        let (owner, id) = (thing.get("owner_id")?.as_i64()?, thing.get("id")?.as_u64()?);
        Some(format!("https://vk.com/{word}{owner}_{id}"))
    };
    let (kind, url, alt) = match kind {
        "photo" => {
            let sizes = thing.get("sizes").and_then(Value::as_array).into_iter().flatten();
            let largest = sizes.max_by_key(|size| size.get("width").and_then(Value::as_u64));
            let url = largest.and_then(|size| size.get("url")?.as_str()).map(str::to_owned);
            (MediaKind::Image, url.or_else(|| numbered("photo")), text("text"))
        }
        "video" => (MediaKind::Video, numbered("video"), text("title")),
        "audio" => (MediaKind::Audio, numbered("audio"), text("title")),
        "audio_message" => (MediaKind::Audio, text("link_mp3"), None),
        "doc" => (MediaKind::Document, text("url"), text("title")),
        "link" => {
            links.extend(text("url"));
            (MediaKind::Link, text("url"), text("title"))
        }
        _ => return,
    };
    media.extend(url.map(|url| Media { kind, url, alt }));
}

/// A private message to a community, of which `peer` is the other side.
pub(super) fn message(raw: &Value, group: u64, people: &People, now: Timestamp, place: &str) -> Option<Found> {
    let number = |name: &str| raw.get(name).and_then(Value::as_u64).filter(|id| *id > 0);
    let (peer, id) = (number("peer_id")?, number("conversation_message_id").or_else(|| number("id"))?);
    let urn = Urn::of(NETWORK, None, "message", &format!("{group}_{peer}_{id}"));
    let above = raw.pointer("/reply_message/conversation_message_id").and_then(Value::as_u64);
    let in_reply_to = above.map(|above| Urn::of(NETWORK, None, "message", &format!("{group}_{peer}_{above}")));
    // VK numbers messages apart from how it calls them.
    let mut raw = raw.clone();
    raw["id"] = id.into();
    raw["edited"] = raw.get("update_time").cloned().unwrap_or(0.into());
    Some(read(&raw, now, place, |wire| {
        let author = people.author(wire.from_id);
        let community = people.community(-i64::try_from(group).unwrap_or(0));
        let url = Some(format!("https://vk.com/gim{group}?sel={peer}"));
        let (kind, visibility) = (PostKind::Message, Visibility::Direct);
        (urn, Box::new(move |post| Post { kind, visibility, author, community, url, in_reply_to, ..post }) as Rest)
    }))
}

/// A post's id, when it was published, and how many comments it has.
pub(super) fn outline(raw: &Value) -> Option<(u64, Timestamp, u64)> {
    let wire = Wire::deserialize(raw).ok().filter(|wire| wire.id > 0 && wire.date > 0)?;
    Some((wire.id, Timestamp::from_secs(wire.date), wire.comments.count.unwrap_or(0)))
}

/// Looked at again behind what is known, for what appeared late.
pub(super) const OVERLAP: Duration = Duration::from_secs(600);
