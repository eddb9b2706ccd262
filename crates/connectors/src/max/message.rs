//! A message of a chat or a comment under a channel's post, as a post.

use molva_domain::{
    Author, Community, Engagement, Media, MediaKind, Post, PostKind, Rejection, RejectionReason, Timestamp, Urn,
    Visibility,
};
use serde::Deserialize;
use serde_json::Value;

use super::NETWORK;
use super::chats::Chats;
use crate::plain_text::{MAX_LINK_BYTES, MAX_LINKS, links_in, without_nul};
use crate::session::Item;

/// As MAX tells it.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Wire {
    pub sender: Option<User>,
    pub recipient: Recipient,
    /// Unix milliseconds.
    pub timestamp: i64,
    pub link: Option<Link>,
    pub body: Option<Body>,
    stat: Option<Stat>,
    url: Option<String>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct User {
    pub user_id: u64,
    first_name: Option<String>,
    last_name: Option<String>,
    username: Option<String>,
    is_bot: bool,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Recipient {
    pub chat_id: Option<i64>,
    chat_type: String,
    /// Of a comment, the post it stands under.
    post_id: Option<Value>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Link {
    #[serde(rename = "type")]
    kind: String,
    chat_id: Option<i64>,
    pub message: Option<Body>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Body {
    pub mid: String,
    pub text: Option<String>,
    attachments: Option<Vec<Value>>,
    markup: Option<Vec<Markup>>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Markup {
    url: Option<String>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Stat {
    views: Option<u64>,
}

/// Where something stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Place {
    pub chat: i64,
    /// Of a comment.
    pub post: Option<String>,
}

impl Place {
    /// What a message with that id is called there.
    pub(super) fn urn(&self, mid: &str) -> Urn {
        match &self.post {
            Some(post) => Urn::of(NETWORK, None, "comment", &format!("{}/{post}/{mid}", self.chat)),
            None => Urn::of(NETWORK, None, "post", &format!("{}/{mid}", self.chat)),
        }
    }
}

/// An id, written as a text or a number; nothing where there is none.
pub(super) fn id_of(value: Option<&Value>) -> Option<String> {
    match value? {
        Value::String(text) => Some(text.clone()).filter(|text| !text.is_empty()),
        Value::Number(number) => Some(number.to_string()),
        _ => None,
    }
}

/// Reads the message of an update or of a chat. `edited_at` is when it was changed, where MAX tells it. `None` for private ones
/// unless they are wanted.
pub(super) fn read(
    raw: &Value,
    edited_at: Option<Timestamp>,
    private_too: bool,
    chats: &Chats,
    now: Timestamp,
    place: &str,
) -> Option<Item> {
    let refused =
        |reason, message: &str| Some(Item::Rejected(Rejection::new(reason, place, message, &raw.to_string())));
    let wire = match Wire::deserialize(raw) {
        Ok(wire) => wire,
        Err(error) => {
            return refused(RejectionReason::Malformed, &format!("the message is not as MAX promises: {error}"));
        }
    };
    if wire.recipient.chat_type == "dialog" && !private_too {
        return None;
    }
    let mid = wire.body.as_ref().map(|body| body.mid.clone()).unwrap_or_default();
    let (Some(chat), false) = (wire.recipient.chat_id, mid.is_empty()) else {
        return refused(RejectionReason::MissingId, "the message has no id or no chat");
    };
    if Timestamp::from_millis(wire.timestamp) < Timestamp::EARLIEST {
        return refused(RejectionReason::InvalidDate, "`timestamp` is no time");
    }
    let place = Place { chat, post: id_of(wire.recipient.post_id.as_ref()) };
    match post(&wire, &place, &mid, chats, now) {
        Some(post) => Some(Item::Post(Box::new(Post { edited_at, ..post }))),
        None => refused(RejectionReason::EmptyText, "the message has no text: a picture, a sticker, a notice"),
    }
}

fn post(wire: &Wire, place: &Place, mid: &str, chats: &Chats, now: Timestamp) -> Option<Post> {
    let own = wire.body.as_ref()?;
    let linked = wire.link.as_ref().filter(|link| link.message.is_some());
    let forwarded = linked.filter(|link| link.kind == "forward");
    // Of what is passed on the words stand in the link.
    let said = own.text.as_deref().filter(|text| !text.trim().is_empty());
    let passed_on = forwarded.and_then(|link| link.message.as_ref()?.text.as_deref());
    let text = without_nul(said.or(passed_on)?).into_owned();
    if text.trim().is_empty() || text.len() > Post::MAX_TEXT_BYTES {
        return None;
    }
    let answered = linked.filter(|link| link.kind == "reply").and_then(|link| link.message.as_ref());
    let above = answered.filter(|above| !above.mid.is_empty()).map(|above| place.urn(&above.mid));
    let under = place.post.as_ref().map(|post| Place { chat: place.chat, post: None }.urn(post));
    let is_channel = wire.recipient.chat_type == "channel";
    let kind = match (&above, &under) {
        _ if forwarded.is_some() => PostKind::Repost,
        (Some(_), _) => PostKind::Reply,
        (None, Some(_)) => PostKind::Comment,
        (None, None) if is_channel => PostKind::Post,
        (None, None) => PostKind::Message,
    };
    let chat = chats.get(place.chat);
    let public = wire.url.is_some() || chat.is_some_and(|chat| chat.is_public);
    let visibility = match wire.recipient.chat_type.as_str() {
        "dialog" => Visibility::Direct,
        _ if public => Visibility::Public,
        _ => Visibility::Followers,
    };
    let community = (wire.recipient.chat_type != "dialog").then(|| Community {
        key: format!("{NETWORK}/{}", place.chat),
        title: chat.and_then(|chat| chat.title.clone()),
        url: chat.and_then(|chat| chat.link.clone()),
    });
    let origin = forwarded.and_then(|link| {
        let (chat, mid) = (link.chat_id?, &link.message.as_ref()?.mid);
        (!mid.is_empty()).then(|| Place { chat, post: None }.urn(mid))
    });
    let author = match &wire.sender {
        Some(user) => user.as_author(),
        None => Author {
            urn: Some(Urn::of(NETWORK, None, "author", &place.chat.to_string())),
            name: community.as_ref().and_then(|community| community.title.clone()),
            url: community.as_ref().and_then(|community| community.url.clone()),
            ..Author::default()
        },
    };
    let mut links = links_in(&text);
    let marked = own.markup.iter().flatten().filter_map(|markup| markup.url.clone());
    for link in marked.filter(|link| link.starts_with("http") && link.len() <= MAX_LINK_BYTES) {
        if !links.contains(&link) && links.len() < MAX_LINKS {
            links.push(link);
        }
    }
    let passed_media = forwarded.and_then(|link| link.message.as_ref());
    Some(Post {
        kind,
        visibility,
        author,
        community,
        url: wire.url.clone(),
        in_reply_to: above.or(under),
        repost_of: origin,
        links,
        media: own.media().chain(passed_media.into_iter().flat_map(Body::media)).collect(),
        engagement: Engagement { views: wire.stat.as_ref().and_then(|stat| stat.views), ..Engagement::default() },
        ..Post::new(place.urn(mid), NETWORK, text, Timestamp::from_millis(wire.timestamp), now)
    })
}

impl Body {
    fn media(&self) -> impl Iterator<Item = Media> {
        self.attachments.iter().flatten().take(MAX_LINKS).filter_map(|raw| {
            let text = |path: &str| raw.pointer(path).and_then(Value::as_str).map(str::to_owned);
            let kind = match raw.get("type").and_then(Value::as_str)? {
                "image" => MediaKind::Image,
                "video" => MediaKind::Video,
                "audio" => MediaKind::Audio,
                "file" => MediaKind::Document,
                "share" => MediaKind::Link,
                _ => return None,
            };
            let url = text("/payload/url").filter(|url| url.starts_with("http") && url.len() <= MAX_LINK_BYTES)?;
            Some(Media { kind, url, alt: text("/filename").or_else(|| text("/title")) })
        })
    }
}

impl User {
    fn as_author(&self) -> Author {
        let of = |name: &Option<String>| name.clone().unwrap_or_default();
        let name = format!("{} {}", of(&self.first_name), of(&self.last_name));
        let handle = self.username.clone().filter(|name| !name.is_empty());
        Author {
            urn: Some(Urn::of(NETWORK, None, "author", &self.user_id.to_string())),
            name: Some(name.trim().to_owned()).filter(|name| !name.is_empty()),
            url: handle.as_ref().map(|name| format!("https://max.ru/{name}")),
            handle,
            bot: Some(self.is_bot),
            ..Author::default()
        }
    }
}

#[cfg(test)]
mod tests;
