//! What OK tells, as posts.

use molva_domain::{
    Author, Community, Engagement, Media, MediaKind, Post, PostKind, Rejection, RejectionReason, Timestamp, Urn,
    Visibility,
};
use serde::Deserialize;
use serde_json::Value;

use super::groups::Group;
use super::{GROUP_TOPIC, NETWORK};
use crate::digest;
use crate::plain_text::{MAX_LINK_BYTES, MAX_LINKS, links_in, without_nul};
use crate::session::Item;

/// One thing of an answer.
#[derive(Debug)]
pub(super) struct Found {
    /// Whose other revisions have other names.
    pub thing: String,
    /// Its name and revision: OK does not tell of edits.
    pub name: String,
    pub published: Option<Timestamp>,
    pub item: Item,
}

/// A topic, as OK writes it.
#[derive(Default, Deserialize)]
#[serde(default)]
struct Topic {
    id: Value,
    created_ms: i64,
    author_ref: Option<String>,
    media: Vec<Value>,
    discussion_summary: Summary,
    like_summary: Summary,
    reshare_summary: Summary,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct Summary {
    count: Option<u64>,
    comments_count: Option<u64>,
}

/// A comment, as OK writes it.
#[derive(Default, Deserialize)]
#[serde(default)]
pub(super) struct Comment {
    pub id: Value,
    pub author_id: Value,
    author_name: Option<String>,
    pub author_ref: Option<String>,
    pub text: Option<String>,
    date_ms: Option<i64>,
    date: Option<String>,
    #[serde(rename = "type")]
    kind: Option<String>,
    pub reply_to_comment_id: Value,
    like_count: Option<u64>,
}

/// A number or a text, as a text; OK writes ids in either way.
pub(super) fn id_of(value: &Value) -> Option<String> {
    match value {
        Value::String(text) => Some(text.clone()).filter(|text| !text.is_empty()),
        Value::Number(number) => Some(number.to_string()),
        _ => None,
    }
}

pub(super) fn topic_urn(topic: &str) -> Urn {
    Urn::of(NETWORK, None, "post", &format!("{GROUP_TOPIC}/{topic}"))
}

pub(super) fn comment_urn(topic: &str, comment: &str) -> Urn {
    Urn::of(NETWORK, None, "comment", &format!("{GROUP_TOPIC}/{topic}/{comment}"))
}

/// Number, time and how many comments: enough to know whether to look below.
pub(super) fn outline(raw: &Value) -> Option<(u64, Timestamp, u64)> {
    let topic = Topic::deserialize(raw).ok()?;
    let id = id_of(&topic.id)?.parse().ok()?;
    Some((id, Timestamp::from_millis(topic.created_ms), topic.discussion_summary.comments_count.unwrap_or(0)))
}

pub(super) fn topic(raw: &Value, group: &Group, now: Timestamp, place: &str) -> Found {
    let wire = match Topic::deserialize(raw) {
        Ok(wire) => wire,
        Err(error) => {
            let message = format!("the topic is not as OK promises: {error}");
            return rejected(raw, RejectionReason::Malformed, message, place);
        }
    };
    let Some(id) = id_of(&wire.id) else {
        return rejected(raw, RejectionReason::MissingId, "the topic has no id".to_owned(), place);
    };
    let published = Timestamp::from_millis(wire.created_ms);
    if published < Timestamp::EARLIEST {
        return rejected(raw, RejectionReason::InvalidDate, "`created_ms` is no time".to_owned(), place);
    }
    let (text, links, media) = content(&wire.media);
    if text.trim().is_empty() || text.len() > Post::MAX_TEXT_BYTES {
        return rejected(raw, RejectionReason::EmptyText, "the topic has no words".to_owned(), place);
    }
    let by_group = wire.author_ref.as_deref().is_none_or(|author| author.starts_with("group:"));
    let author = match wire.author_ref.as_deref().and_then(|author| author.strip_prefix("user:")) {
        Some(user) => person(user, None),
        None => Author { name: Some(group.name.clone()), url: Some(group.url()), ..author_of(&group.id) },
    };
    let urn = topic_urn(&id);
    let post = Post {
        kind: if by_group { PostKind::Post } else { PostKind::Message },
        author,
        community: Some(community(group)),
        url: Some(format!("https://ok.ru/group/{}/topic/{id}", group.id)),
        links,
        media,
        engagement: Engagement {
            likes: wire.like_summary.count,
            reposts: wire.reshare_summary.count,
            comments: wire.discussion_summary.comments_count,
            ..Engagement::default()
        },
        ..Post::new(urn, NETWORK, text, published, now)
    };
    found(post)
}

pub(super) fn comment(raw: &Value, topic: &str, group: &Group, now: Timestamp, place: &str) -> Found {
    let wire = match Comment::deserialize(raw) {
        Ok(wire) => wire,
        Err(error) => {
            let message = format!("the comment is not as OK promises: {error}");
            return rejected(raw, RejectionReason::Malformed, message, place);
        }
    };
    let Some(id) = id_of(&wire.id) else {
        return rejected(raw, RejectionReason::MissingId, "the comment has no id".to_owned(), place);
    };
    let urn = comment_urn(topic, &id);
    let published = wire.at();
    if wire.kind.as_deref().is_some_and(|kind| kind.contains("REMOVED") || kind.contains("DELETED")) {
        let thing = urn.to_string();
        return Found { name: format!("{thing} gone"), thing, published, item: Item::Deleted(urn) };
    }
    let Some(published) = published else {
        return rejected(raw, RejectionReason::InvalidDate, "the comment has no time".to_owned(), place);
    };
    let text = without_nul(wire.text.as_deref().unwrap_or_default()).into_owned();
    if text.trim().is_empty() || text.len() > Post::MAX_TEXT_BYTES {
        return rejected(
            raw,
            RejectionReason::EmptyText,
            "the comment has no words: a picture, a sticker".to_owned(),
            place,
        );
    }
    let above = id_of(&wire.reply_to_comment_id).filter(|above| above != "0");
    let by_group = wire.author_ref.as_deref().is_some_and(|author| author.starts_with("group:"));
    let author = match id_of(&wire.author_id).filter(|_| !by_group) {
        Some(user) => person(&user, wire.author_name.clone()),
        None => Author { name: Some(group.name.clone()), url: Some(group.url()), ..author_of(&group.id) },
    };
    let post = Post {
        kind: if above.is_some() { PostKind::Reply } else { PostKind::Comment },
        author,
        community: Some(community(group)),
        url: Some(format!("https://ok.ru/group/{}/topic/{topic}", group.id)),
        in_reply_to: Some(above.map_or_else(|| topic_urn(topic), |above| comment_urn(topic, &above))),
        links: links_in(&text),
        engagement: Engagement { likes: wire.like_count, ..Engagement::default() },
        ..Post::new(urn, NETWORK, text, published, now)
    };
    found(post)
}

impl Comment {
    /// When it was said: OK writes milliseconds, or Moscow's clock.
    pub(super) fn at(&self) -> Option<Timestamp> {
        let written = || {
            let date = self.date.as_deref()?.trim().replacen(' ', "T", 1);
            Timestamp::parse(&format!("{date}+03:00"))
        };
        self.date_ms.map(Timestamp::from_millis).or_else(written).filter(|at| *at >= Timestamp::EARLIEST)
    }
}

/// Words, addresses and pictures of a topic's pieces.
fn content(pieces: &[Value]) -> (String, Vec<String>, Vec<Media>) {
    let mut said: Vec<&str> = Vec::new();
    let mut links: Vec<String> = Vec::new();
    let mut media = Vec::new();
    for piece in pieces.iter().take(100) {
        let text = |name: &str| piece.get(name).and_then(Value::as_str).filter(|text| !text.trim().is_empty());
        let url = text("url").filter(|url| url.starts_with("http") && url.len() <= MAX_LINK_BYTES).map(str::to_owned);
        match piece.get("type").and_then(Value::as_str).unwrap_or_default() {
            "text" => said.extend(text("text")),
            "poll" => said.extend(text("question")),
            "link" => {
                said.extend(text("title"));
                links.extend(url.clone());
                media.extend(url.map(|url| Media {
                    kind: MediaKind::Link,
                    url,
                    alt: text("title").map(str::to_owned),
                }));
            }
            "photo" => media.extend(url.map(|url| Media { kind: MediaKind::Image, url, alt: None })),
            "movie" => media.extend(url.map(|url| Media {
                kind: MediaKind::Video,
                url,
                alt: text("title").map(str::to_owned),
            })),
            _ => {}
        }
    }
    let text = without_nul(&said.join("\n\n")).into_owned();
    let written = links_in(&text);
    links.retain(|link| !written.contains(link));
    let mut all = written;
    all.extend(links);
    all.truncate(MAX_LINKS);
    media.truncate(MAX_LINKS);
    (text, all, media)
}

fn found(post: Post) -> Found {
    let thing = post.urn.to_string();
    let name = format!("{thing} {}", digest::hex(&[&post.text], 8));
    Found { thing, name, published: Some(post.published_at), item: Item::Post(Box::new(post)) }
}

fn rejected(raw: &Value, reason: RejectionReason, message: String, place: &str) -> Found {
    let sample = raw.to_string();
    let name = format!("{place} {}", digest::hex(&[&sample], 8));
    let item = Item::Rejected(Rejection::new(reason, place, message, &sample));
    Found { thing: name.clone(), name, published: None, item }
}

fn author_of(id: &str) -> Author {
    Author { urn: Some(Urn::of(NETWORK, None, "author", id)), ..Author::default() }
}

pub(super) fn person(id: &str, name: Option<String>) -> Author {
    let url = Some(format!("https://ok.ru/profile/{id}"));
    Author { name: name.filter(|name| !name.trim().is_empty()), url, ..author_of(id) }
}

fn community(group: &Group) -> Community {
    Community { key: format!("{NETWORK}/{}", group.id), title: Some(group.name.clone()), url: Some(group.url()) }
}

/// A message to a group, as OK calls with it; `None` for what is none.
pub(super) fn message(raw: &Value, now: Timestamp, place: &str) -> Option<Item> {
    let text = |path: &str| raw.pointer(path).and_then(Value::as_str).filter(|text| !text.is_empty());
    let message = raw.get("message")?;
    let reject =
        |reason, why: &str| Some(Item::Rejected(Rejection::new(reason, place, why.to_owned(), &raw.to_string())));
    let (Some(chat), Some(mid)) = (text("/recipient/chat_id"), message.get("mid").and_then(Value::as_str)) else {
        return reject(RejectionReason::MissingId, "the message has no id or no chat");
    };
    let said = without_nul(text("/message/text").unwrap_or_default()).into_owned();
    if said.trim().is_empty() || said.len() > Post::MAX_TEXT_BYTES {
        return reject(RejectionReason::EmptyText, "the message has no words: a picture, a sticker");
    }
    let at = raw.get("timestamp").and_then(Value::as_i64).map(Timestamp::from_millis);
    let Some(at) = at.filter(|at| *at >= Timestamp::EARLIEST) else {
        return reject(RejectionReason::InvalidDate, "`timestamp` is no time");
    };
    let sender = text("/sender/user_id").unwrap_or_default();
    let author = person(sender.strip_prefix("user:").unwrap_or(sender), text("/sender/name").map(str::to_owned));
    Some(Item::Post(Box::new(Post {
        kind: PostKind::Message,
        visibility: Visibility::Direct,
        author,
        links: links_in(&said),
        ..Post::new(Urn::of(NETWORK, None, "message", &format!("{chat}/{mid}")), NETWORK, said, at, now)
    })))
}

#[cfg(test)]
mod tests;
