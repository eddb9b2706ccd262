//! What Instagram tells, as posts.

use molva_domain::{
    Author, Community, Engagement, Media, MediaKind, Post, PostKind, Rejection, RejectionReason, Timestamp, Urn,
};
use serde_json::Value;

use super::NETWORK;
use crate::meta::look::Found;
use crate::meta::{id, time};
use crate::plain_text::{links_in, without_nul};
use crate::session::Item;

pub(super) const MEDIA: &str =
    "id,caption,timestamp,permalink,media_type,media_url,username,owner,like_count,comments_count";
pub(super) const COMMENT: &str = "id,text,timestamp,username,from,parent_id,like_count,hidden,media{id,permalink}";
pub(super) const REPLIES: &str = "replies.limit(50){id,text,timestamp,username,from,parent_id,like_count,hidden}";

/// The account that is listened to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct AccountOf {
    pub id: String,
    pub username: String,
    pub name: Option<String>,
}

pub(super) fn media_urn(id: &str) -> Urn {
    Urn::of(NETWORK, None, "media", id)
}

pub(super) fn comment_urn(id: &str) -> Urn {
    Urn::of(NETWORK, None, "comment", id)
}

/// Who wrote it: by number where Instagram tells it, else by name.
fn author(raw: &Value) -> Author {
    let from = &raw["from"];
    let name = |value: &Value| text(value, "username");
    let Some(handle) = name(from).or_else(|| name(raw)) else {
        return Author { urn: id(&from["id"]).map(|id| Urn::of(NETWORK, None, "author", &id)), ..Author::default() };
    };
    Author {
        urn: Some(Urn::of(NETWORK, None, "author", &id(&from["id"]).unwrap_or_else(|| handle.clone()))),
        url: Some(format!("https://www.instagram.com/{handle}/")),
        handle: Some(handle),
        ..Author::default()
    }
}

fn text(value: &Value, name: &str) -> Option<String> {
    value.get(name).and_then(Value::as_str).filter(|text| !text.trim().is_empty()).map(str::to_owned)
}

/// A post of what has a number, a text and a time; what it lacks is why it is none.
pub(super) fn post(
    urn: Option<Urn>,
    words: Option<String>,
    published: Option<Timestamp>,
    now: Timestamp,
    raw: &Value,
) -> Result<Post, Rejection> {
    let refused = |reason, message: &str| Err(Rejection::new(reason, NETWORK, message, &raw.to_string()));
    let Some(urn) = urn else { return refused(RejectionReason::MissingId, "it has no id") };
    let Some(published) = published else { return refused(RejectionReason::InvalidDate, "`timestamp` is no time") };
    let words = words.map(|words| without_nul(&words).into_owned()).filter(|words| !words.trim().is_empty());
    let Some(words) = words else { return refused(RejectionReason::EmptyText, "it has no text") };
    if words.len() > Post::MAX_TEXT_BYTES {
        return refused(RejectionReason::TooLarge, "it is longer than 1 MiB");
    }
    let mut post = Post::new(urn, NETWORK, words, published, now);
    post.links = links_in(&post.text);
    post.author = author(raw);
    Ok(post)
}

impl AccountOf {
    pub(super) fn community(&self) -> Community {
        Community {
            key: format!("{NETWORK}/{}", self.id),
            title: self.name.clone().or_else(|| Some(self.username.clone()).filter(|name| !name.is_empty())),
            url: Some(format!("https://www.instagram.com/{}/", self.username)).filter(|_| !self.username.is_empty()),
        }
    }

    /// One's own media, or somebody else's that names or tags one.
    pub(super) fn media(&self, raw: &Value, now: Timestamp, own: bool) -> Found {
        let name = id(&raw["id"]);
        let published = time(&raw["timestamp"]);
        let comments = raw.get("comments_count").and_then(Value::as_u64);
        let read = post(name.as_deref().map(media_urn), text(raw, "caption"), published, now, raw).map(|post| Post {
            url: text(raw, "permalink"),
            community: own.then(|| self.community()),
            engagement: Engagement {
                likes: raw.get("like_count").and_then(Value::as_u64),
                comments,
                ..Engagement::default()
            },
            media: attached(raw),
            ..post
        });
        Found { id: name.unwrap_or_default(), published, comments, item: item(read) }
    }

    /// A comment under one's own media; below another one, when there is `parent`.
    pub(super) fn comment(&self, raw: &Value, media: &str, parent: Option<&str>, now: Timestamp) -> Found {
        let name = id(&raw["id"]);
        let published = time(&raw["timestamp"]);
        let read = post(name.as_deref().map(comment_urn), text(raw, "text"), published, now, raw).map(|mut post| {
            stands_under(&mut post, media, id(&raw["parent_id"]).as_deref().or(parent));
            let permalink = raw.get("media").and_then(|media| text(media, "permalink"));
            post.url = permalink.zip(name.as_deref()).map(|(media, id)| comment_url(&media, id));
            post.engagement.likes = raw.get("like_count").and_then(Value::as_u64);
            post.community = Some(self.community());
            post
        });
        Found { id: name.unwrap_or_default(), published, comments: None, item: item(read) }
    }
}

pub(super) fn item(read: Result<Post, Rejection>) -> Item {
    match read {
        Ok(post) => Item::Post(Box::new(post)),
        Err(rejection) => Item::Rejected(rejection),
    }
}

pub(super) fn stands_under(post: &mut Post, media: &str, parent: Option<&str>) {
    let (kind, above) = match parent {
        Some(parent) => (PostKind::Reply, comment_urn(parent)),
        None => (PostKind::Comment, media_urn(media)),
    };
    (post.kind, post.in_reply_to) = (kind, Some(above));
}

pub(super) fn comment_url(media: &str, comment: &str) -> String {
    format!("{}/c/{comment}/", media.trim_end_matches('/'))
}

fn attached(raw: &Value) -> Vec<Media> {
    let kind = match raw.get("media_type").and_then(Value::as_str) {
        Some("VIDEO") => MediaKind::Video,
        _ => MediaKind::Image,
    };
    text(raw, "media_url").map(|url| Media { kind, url, alt: None }).into_iter().collect()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    const NOW: Timestamp = Timestamp::from_secs(1_772_366_400);

    fn account() -> AccountOf {
        AccountOf { id: "178".to_owned(), username: "most".to_owned(), name: Some("Мост".to_owned()) }
    }

    fn post_of(found: Found) -> Post {
        if let Item::Post(post) = found.item { *post } else { panic!("{:?}", found.item) }
    }

    #[test]
    fn media_are_posts_and_what_stands_under_them_comments_and_replies() {
        let media = json!({"id": "179", "caption": "Cute.. #cute", "timestamp": "2020-02-24T09:15:16+0000", "media_type": "VIDEO",
            "media_url": "https://cdn.example/1.mp4", "permalink": "https://www.instagram.com/p/Cx/", "username": "most",
            "like_count": 3, "comments_count": 6});
        let found = account().media(&media, NOW, true);
        assert_eq!((found.id.as_str(), found.comments), ("179", Some(6)));
        let post = post_of(found);
        assert_eq!(
            (post.urn.as_str(), post.kind, post.media[0].kind),
            ("urn:smm:instagram:media:179", PostKind::Post, MediaKind::Video)
        );
        assert_eq!(
            (post.engagement.likes, post.community.map(|place| place.key)),
            (Some(3), Some("instagram/178".to_owned()))
        );
        assert_eq!(post_of(account().media(&media, NOW, false)).community, None);

        let comment = json!({"id": "17892250648466172", "like_count": 1, "media": {"id": "179", "permalink": "https://www.instagram.com/p/Cx/"},
            "text": "@most Hey, guys", "timestamp": "2020-02-24T09:15:16+0000", "username": "anna", "hidden": false});
        let wanted = Post {
            kind: PostKind::Comment,
            author: Author {
                urn: Some(Urn::of("instagram", None, "author", "anna")),
                handle: Some("anna".to_owned()),
                url: Some("https://www.instagram.com/anna/".to_owned()),
                ..Author::default()
            },
            community: Some(account().community()),
            url: Some("https://www.instagram.com/p/Cx/c/17892250648466172/".to_owned()),
            in_reply_to: Some(media_urn("179")),
            engagement: Engagement { likes: Some(1), ..Engagement::default() },
            ..Post::new(
                comment_urn("17892250648466172"),
                "instagram",
                "@most Hey, guys".to_owned(),
                Timestamp::from_secs(1_582_535_716),
                NOW,
            )
        };
        assert_eq!(post_of(account().comment(&comment, "179", None, NOW)), wanted);
        let reply = post_of(account().comment(&comment, "179", Some("5"), NOW));
        assert_eq!((reply.kind, reply.in_reply_to), (PostKind::Reply, Some(comment_urn("5"))));
    }

    #[test]
    fn what_is_no_post_is_said_to_be_none() {
        for (raw, wanted) in [
            (json!({"caption": "x", "timestamp": "2020-02-24T09:15:16+0000"}), RejectionReason::MissingId),
            (json!({"id": "1", "caption": "x"}), RejectionReason::InvalidDate),
            (json!({"id": "1", "timestamp": "2020-02-24T09:15:16+0000"}), RejectionReason::EmptyText),
            (json!([]), RejectionReason::MissingId),
        ] {
            let Item::Rejected(rejection) = account().media(&raw, NOW, true).item else { panic!("{raw}") };
            assert_eq!(rejection.reason, wanted, "{raw}");
        }
    }
}
