//! A message of a chat, as a post.

use molva_domain::{
    Author, Community, Media, MediaKind, Post, PostKind, Rejection, RejectionReason, Timestamp, Urn, Visibility,
};
use serde::Deserialize;
use serde_json::Value;

use super::NETWORK;
use super::entities::{self, Entity};
use crate::plain_text::{MAX_LINKS, without_nul};
use crate::session::Item;

/// As Telegram tells it.
#[derive(Default, Deserialize)]
#[serde(default)]
struct Wire {
    message_id: i64,
    message_thread_id: Option<i64>,
    is_topic_message: bool,
    from: Option<User>,
    sender_chat: Option<Chat>,
    author_signature: Option<String>,
    date: i64,
    edit_date: Option<i64>,
    chat: Chat,
    text: Option<String>,
    caption: Option<String>,
    entities: Vec<Entity>,
    caption_entities: Vec<Entity>,
    reply_to_message: Option<Box<Wire>>,
    external_reply: Option<Origin>,
    forward_origin: Option<Origin>,
    is_automatic_forward: bool,
    forum_topic_created: Option<Topic>,
    photo: Vec<Value>,
    video: Option<Value>,
    audio: Option<Value>,
    voice: Option<Value>,
    document: Option<Value>,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct User {
    id: i64,
    is_bot: bool,
    first_name: String,
    last_name: Option<String>,
    username: Option<String>,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct Chat {
    id: i64,
    #[serde(rename = "type")]
    kind: String,
    title: Option<String>,
    username: Option<String>,
}

/// Where something came from, when that is a chat.
#[derive(Default, Deserialize)]
#[serde(default)]
struct Origin {
    chat: Option<Chat>,
    message_id: Option<i64>,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct Topic {
    name: String,
}

/// Reads the message of an update. `None` for private ones unless they are wanted.
pub(super) fn read(raw: &Value, private_too: bool, now: Timestamp, place: &str) -> Option<Item> {
    let refused =
        |reason, message: String| Some(Item::Rejected(Rejection::new(reason, place, message, &raw.to_string())));
    let wire = match Wire::deserialize(raw) {
        Ok(wire) => wire,
        Err(error) => {
            return refused(RejectionReason::Malformed, format!("the message is not as Telegram promises: {error}"));
        }
    };
    if wire.chat.kind == "private" && !private_too {
        return None;
    }
    if wire.message_id == 0 || wire.chat.id == 0 {
        return refused(RejectionReason::MissingId, "the message has no id or no chat".to_owned());
    }
    if Timestamp::from_secs(wire.date) < Timestamp::EARLIEST {
        return refused(RejectionReason::InvalidDate, "`date` is no time".to_owned());
    }
    match post(wire, now) {
        Some(post) => Some(Item::Post(Box::new(post))),
        None => {
            refused(RejectionReason::EmptyText, "the message has no text: a picture, a sticker, a notice".to_owned())
        }
    }
}

/// The URN of a message.
pub(super) fn urn(chat: i64, message: i64) -> Urn {
    Urn::of(NETWORK, None, "post", &format!("{chat}/{message}"))
}

fn post(wire: Wire, now: Timestamp) -> Option<Post> {
    let text = wire.text.as_deref().or(wire.caption.as_deref()).unwrap_or_default();
    let text = without_nul(text).into_owned();
    if text.trim().is_empty() || text.len() > Post::MAX_TEXT_BYTES {
        return None;
    }
    let mut links = entities::links(&text, if wire.text.is_some() { &wire.entities } else { &wire.caption_entities });
    links.truncate(MAX_LINKS);
    let own = urn(wire.chat.id, wire.message_id);
    let origin = wire.forward_origin.as_ref().and_then(Origin::urn);
    // The copy of a channel's post in the group that discusses it is that post.
    let (urn, copy) = match &origin {
        Some(origin) if wire.is_automatic_forward => (origin.clone(), true),
        _ => (own, false),
    };
    let in_reply_to = if copy { None } else { wire.answered() };
    let under_post = wire.reply_to_message.as_ref().is_some_and(|above| above.is_automatic_forward);
    let in_thread = wire.message_thread_id.is_some() && !wire.is_topic_message;
    let kind = match wire.chat.kind.as_str() {
        _ if copy => PostKind::Post,
        _ if origin.is_some() => PostKind::Repost,
        "channel" => PostKind::Post,
        _ if under_post => PostKind::Comment,
        _ if in_reply_to.is_some() && !wire.answers_the_topic() => PostKind::Reply,
        _ if in_thread => PostKind::Comment,
        _ => PostKind::Message,
    };
    let home = if copy { wire.forward_origin.as_ref().and_then(|origin| origin.chat.as_ref()) } else { None };
    let home = home.unwrap_or(&wire.chat);
    let number = if copy { wire.forward_origin.as_ref().and_then(|origin| origin.message_id) } else { None };
    let topic = wire.reply_to_message.as_ref().and_then(|above| above.forum_topic_created.as_ref());
    Some(Post {
        kind,
        visibility: home.visibility(),
        author: wire.author(home),
        community: home.community(),
        title: topic.map(|topic| topic.name.clone()).filter(|name| !name.trim().is_empty()),
        url: home.message_url(number.unwrap_or(wire.message_id)),
        edited_at: wire.edit_date.map(Timestamp::from_secs),
        repost_of: origin.filter(|_| kind == PostKind::Repost),
        in_reply_to,
        links,
        media: wire.media(),
        ..Post::new(urn, NETWORK, text, Timestamp::from_secs(wire.date), now)
    })
}

impl Origin {
    fn urn(&self) -> Option<Urn> {
        Some(urn(self.chat.as_ref()?.id, self.message_id?))
    }
}

impl Wire {
    /// What it answers: a message, a channel's post where the answer stands under its copy, or the first message of its thread.
    fn answered(&self) -> Option<Urn> {
        if let Some(above) = &self.reply_to_message {
            let origin = above.forward_origin.as_ref().filter(|_| above.is_automatic_forward);
            return origin
                .and_then(Origin::urn)
                .or_else(|| (!self.answers_the_topic()).then(|| urn(self.chat.id, above.message_id)));
        }
        if let Some(elsewhere) = &self.external_reply {
            return elsewhere.urn();
        }
        self.message_thread_id.filter(|_| !self.is_topic_message).map(|thread| urn(self.chat.id, thread))
    }

    /// In a forum every message answers the notice that its topic was made.
    fn answers_the_topic(&self) -> bool {
        self.is_topic_message
            && self.reply_to_message.as_ref().is_some_and(|above| {
                above.forum_topic_created.is_some() || Some(above.message_id) == self.message_thread_id
            })
    }

    /// Who wrote it; a channel speaks for itself.
    fn author(&self, home: &Chat) -> Author {
        match (&self.sender_chat, &self.from) {
            (Some(chat), _) => chat.as_author(self.author_signature.as_deref()),
            (None, Some(user)) if !self.is_automatic_forward => user.as_author(),
            _ => home.as_author(self.author_signature.as_deref()),
        }
    }

    fn media(&self) -> Vec<Media> {
        // Files are named, not linked: their addresses hold the bot's token.
        let named = |kind: MediaKind, raw: &Value| {
            let id = raw.get("file_unique_id").and_then(Value::as_str)?;
            let alt = raw.get("file_name").and_then(Value::as_str).map(str::to_owned);
            Some(Media { kind, url: format!("telegram:file/{id}"), alt })
        };
        let photo = self.photo.last().and_then(|raw| named(MediaKind::Image, raw));
        let rest = [
            (MediaKind::Video, &self.video),
            (MediaKind::Audio, &self.audio),
            (MediaKind::Audio, &self.voice),
            (MediaKind::Document, &self.document),
        ];
        let rest = rest.into_iter().filter_map(|(kind, raw)| named(kind, raw.as_ref()?));
        photo.into_iter().chain(rest).collect()
    }
}

impl User {
    fn as_author(&self) -> Author {
        let name = format!("{} {}", self.first_name, self.last_name.as_deref().unwrap_or_default());
        Author {
            urn: Some(Urn::of(NETWORK, None, "author", &self.id.to_string())),
            name: Some(name.trim().to_owned()).filter(|name| !name.is_empty()),
            url: self.username.as_ref().map(|name| format!("https://t.me/{name}")),
            handle: self.username.clone(),
            bot: Some(self.is_bot),
            ..Author::default()
        }
    }
}

impl Chat {
    fn as_author(&self, signature: Option<&str>) -> Author {
        let title = self.title.clone().unwrap_or_default();
        let name = signature.map_or_else(|| title.clone(), |signature| format!("{title} ({signature})"));
        Author {
            urn: Some(Urn::of(NETWORK, None, "author", &self.id.to_string())),
            name: Some(name).filter(|name| !name.is_empty()),
            url: self.username.as_ref().map(|name| format!("https://t.me/{name}")),
            handle: self.username.clone(),
            ..Author::default()
        }
    }

    fn community(&self) -> Option<Community> {
        (self.kind != "private").then(|| Community {
            key: format!("{NETWORK}/{}", self.id),
            title: self.title.clone(),
            url: self.username.as_ref().map(|name| format!("https://t.me/{name}")),
        })
    }

    /// Who can read it: everybody, where the chat has a name of its own.
    fn visibility(&self) -> Visibility {
        match (self.kind.as_str(), &self.username) {
            ("private", _) => Visibility::Direct,
            (_, Some(_)) => Visibility::Public,
            (_, None) => Visibility::Followers,
        }
    }

    fn message_url(&self, message: i64) -> Option<String> {
        if let Some(name) = self.username.as_ref().filter(|_| self.kind != "private") {
            return Some(format!("https://t.me/{name}/{message}"));
        }
        // Those inside open it by the chat's number, which is written without its -100.
        let number = self.id.to_string().strip_prefix("-100").map(str::to_owned)?;
        Some(format!("https://t.me/c/{number}/{message}"))
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    const NOW: Timestamp = Timestamp::from_secs(1_772_366_400);

    fn check(raw: &Value) -> Post {
        match read(raw, true, NOW, "update 1") {
            Some(Item::Post(post)) => *post,
            other => panic!("no post: {other:?}"),
        }
    }

    fn channel() -> Value {
        json!({"id": -1_001_234, "type": "channel", "title": "Новости", "username": "news"})
    }

    fn talk() -> Value {
        json!({"id": -1_005_678, "type": "supergroup", "title": "Обсуждение"})
    }

    #[test]
    fn a_comment_answers_the_post_of_the_channel_and_its_copy_is_that_post() {
        let copy = json!({"message_id": 70, "date": 1_772_360_000, "chat": talk(), "text": "Пост", "is_automatic_forward": true,
            "from": {"id": 777_000, "is_bot": false, "first_name": "Telegram"}, "sender_chat": channel(),
            "forward_origin": {"type": "channel", "chat": channel(), "message_id": 5, "date": 1}});
        let post = check(&copy);
        assert_eq!((post.urn.as_str(), post.kind), ("urn:smm:telegram:post:-1001234/5", PostKind::Post));
        assert_eq!((post.author.name.as_deref(), post.in_reply_to), (Some("Новости"), None));
        assert_eq!((post.url.as_deref(), post.visibility), (Some("https://t.me/news/5"), Visibility::Public));

        let comment = check(&json!({"message_id": 71, "date": 1_772_360_001, "chat": talk(), "text": "Плохо",
            "from": {"id": 9, "is_bot": false, "first_name": "Анна", "username": "anna"}, "message_thread_id": 70,
            "reply_to_message": copy, "new_field": {"x": 1}}));
        assert_eq!(comment.kind, PostKind::Comment);
        assert_eq!(comment.in_reply_to, Some(urn(-1_001_234, 5)));
        assert_eq!(
            (comment.url.as_deref(), comment.visibility),
            (Some("https://t.me/c/5678/71"), Visibility::Followers)
        );
        assert_eq!((comment.author.handle.as_deref(), comment.author.bot), (Some("anna"), Some(false)));
    }

    #[test]
    fn a_message_in_a_topic_has_its_title_and_answers_nobody() {
        let notice =
            json!({"message_id": 3, "date": 1_772_360_000, "chat": talk(), "forum_topic_created": {"name": "Вопросы"}});
        let raw = json!({"message_id": 9, "date": 1_772_360_000, "edit_date": 1_772_360_009, "chat": talk(), "text": "Когда?",
            "message_thread_id": 3, "is_topic_message": true, "reply_to_message": notice, "from": {"id": 9, "first_name": "Анна"}});
        let post = check(&raw);
        assert_eq!((post.kind, post.in_reply_to), (PostKind::Message, None));
        assert_eq!(
            (post.title.as_deref(), post.edited_at),
            (Some("Вопросы"), Some(Timestamp::from_secs(1_772_360_009)))
        );
        let mut answer = raw;
        answer["reply_to_message"] = json!({"message_id": 8, "date": 1, "chat": talk(), "text": "?"});
        let post = check(&answer);
        assert_eq!((post.kind, post.in_reply_to), (PostKind::Reply, Some(urn(-1_005_678, 8))));
    }

    #[test]
    fn private_messages_are_read_only_where_wanted_and_notices_are_rejected() {
        let private = json!({"message_id": 1, "date": 1_772_360_000, "chat": {"id": 9, "type": "private"}, "text": "x",
            "from": {"id": 9, "first_name": "Анна"}});
        assert!(read(&private, false, NOW, "update 1").is_none());
        let post = check(&private);
        assert_eq!((post.visibility, post.community, post.url), (Visibility::Direct, None, None));
        let reason = |raw: &Value| match read(raw, true, NOW, "update 4") {
            Some(Item::Rejected(rejection)) => (rejection.reason, rejection.place),
            other => panic!("{other:?}"),
        };
        let notice = json!({"message_id": 1, "date": 1_772_360_000, "chat": talk(), "new_chat_title": "x"});
        assert_eq!(reason(&notice), (RejectionReason::EmptyText, "update 4".to_owned()));
        assert_eq!(reason(&json!({"message_id": "x"})).0, RejectionReason::Malformed);
        assert_eq!(reason(&json!({"text": "x"})).0, RejectionReason::MissingId);
    }
}
