//! Comments as the API tells them. A reply answers the comment at the top of its thread, however people talk below it.

use molva_domain::{Author, Community, Engagement, Post, PostKind, RejectionReason, Timestamp, Urn};
use serde::Deserialize;
use serde_json::Value;

use super::NETWORK;
use crate::html;
use crate::plain_text::links_in;
use crate::session::Item;
use crate::walk::Found;

pub(super) const SITE: &str = "https://www.youtube.com";

/// A comment and what was said to it.
pub(super) struct Thread {
    pub id: String,
    pub video: String,
    pub top: Found,
    pub replies: Vec<Found>,
    pub total: u64,
}

#[derive(Deserialize)]
struct Wire {
    id: String,
    snippet: Snippet,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Snippet {
    published_at: String,
    #[serde(default)]
    updated_at: Option<String>,
    #[serde(default)]
    text_original: Option<String>,
    #[serde(default)]
    text_display: Option<String>,
    #[serde(default)]
    author_display_name: Option<String>,
    #[serde(default)]
    author_channel_id: Option<Value>,
    #[serde(default)]
    channel_id: Option<String>,
    #[serde(default)]
    video_id: Option<String>,
    #[serde(default)]
    parent_id: Option<String>,
    #[serde(default)]
    like_count: Option<u64>,
}

/// Reads one thread; what cannot be read in it is rejected apart from the rest.
pub(super) fn thread(raw: &Value, now: Timestamp, index: usize) -> Thread {
    let place = format!("thread {}", index + 1);
    let text = |path: &str| raw.pointer(path).and_then(Value::as_str).unwrap_or_default().to_owned();
    let video = text("/snippet/videoId");
    let total = raw.pointer("/snippet/totalReplyCount").and_then(Value::as_u64).unwrap_or_default();
    let top = raw.pointer("/snippet/topLevelComment").unwrap_or(raw);
    let mut top = found(top, &video, now, &place);
    if let Item::Post(post) = &mut top.item {
        post.engagement.comments = Some(total);
    }
    let replies = raw.pointer("/replies/comments").and_then(Value::as_array).into_iter().flatten().enumerate();
    let replies = replies.map(|(index, raw)| found(raw, &video, now, &format!("{place}, reply {}", index + 1)));
    Thread { id: text("/id"), replies: replies.collect(), video, top, total }
}

/// Reads one reply of a thread under that video.
pub(super) fn reply(raw: &Value, video: &str, now: Timestamp, index: usize) -> Found {
    found(raw, video, now, &format!("reply {}", index + 1))
}

fn found(raw: &Value, video: &str, now: Timestamp, place: &str) -> Found {
    let wire = match Wire::deserialize(raw) {
        Ok(wire) => wire,
        Err(error) => {
            let id = raw.get("id").and_then(Value::as_str).map_or_else(|| raw.to_string(), str::to_owned);
            let message = format!("the comment is not as YouTube promises: {error}");
            return Found::broken(id, (RejectionReason::Malformed, message), place, raw);
        }
    };
    let id = wire.id.clone();
    let Some(published) = Timestamp::parse(&wire.snippet.published_at) else {
        let message = format!("`publishedAt` of comment {id} is no time");
        return Found::broken(id, (RejectionReason::InvalidDate, message), place, raw);
    };
    let edited = wire.snippet.updated_at.as_deref().and_then(Timestamp::parse).filter(|edited| *edited > published);
    let item = Item::read(read(wire, video, published, edited, now), place, raw);
    Found { id, published: Some(published), edited, item }
}

fn read(
    wire: Wire,
    video: &str,
    published_at: Timestamp,
    edited_at: Option<Timestamp>,
    now: Timestamp,
) -> Result<Post, (RejectionReason, String)> {
    let Wire { id, snippet } = wire;
    let text = html::tidy(snippet.text_display.or(snippet.text_original).as_deref().unwrap_or_default());
    if text.is_empty() {
        return Err((RejectionReason::EmptyText, format!("comment {id} has no text")));
    }
    if text.len() > Post::MAX_TEXT_BYTES {
        return Err((RejectionReason::TooLarge, format!("comment {id} is longer than 1 MiB")));
    }
    let urn = |kind: &str, id: &str| Urn::of(NETWORK, None, kind, id);
    let video = snippet.video_id.filter(|video| !video.is_empty()).unwrap_or_else(|| video.to_owned());
    let in_reply_to = match &snippet.parent_id {
        Some(parent) => Some(urn("comment", parent)),
        None if video.is_empty() => None,
        None => Some(urn("video", &video)),
    };
    // `{value: ID}`, or the id itself in old answers.
    let author = snippet.author_channel_id.as_ref().and_then(|id| id.get("value").unwrap_or(id).as_str());
    let name = snippet.author_display_name.map(|name| html::one_line(&name)).filter(|name| !name.is_empty());
    Ok(Post {
        kind: if snippet.parent_id.is_some() { PostKind::Reply } else { PostKind::Comment },
        author: Author {
            urn: author.map(|author| urn("author", author)),
            handle: name.as_deref().and_then(|name| name.strip_prefix('@')).map(str::to_owned),
            url: author.map(|author| format!("{SITE}/channel/{author}")),
            name,
            ..Author::default()
        },
        community: snippet.channel_id.filter(|channel| !channel.is_empty()).map(|channel| Community {
            key: format!("{NETWORK}/{channel}"),
            title: None,
            url: Some(format!("{SITE}/channel/{channel}")),
        }),
        url: (!video.is_empty()).then(|| format!("{SITE}/watch?v={video}&lc={id}")),
        edited_at,
        in_reply_to,
        links: links_in(&text),
        engagement: Engagement { likes: snippet.like_count, ..Engagement::default() },
        ..Post::new(urn("comment", &id), NETWORK, text, published_at, now)
    })
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    const NOW: Timestamp = Timestamp::from_secs(1_772_366_400);

    fn comment(id: &str, parent: Option<&str>) -> Value {
        let mut raw = json!({"id": id, "snippet": {"publishedAt": "2026-03-01T09:30:00Z", "updatedAt": "2026-03-01T09:30:00Z",
            "textDisplay": "Нет связи, https://a.example/x", "textOriginal": "…", "authorDisplayName": "@anna", "authorChannelId": {"value": "UCanna"},
            "channelId": "UCshop", "videoId": "v1", "likeCount": 3, "viewerRating": "none"}});
        if let Some(parent) = parent {
            raw["snippet"]["parentId"] = json!(parent);
        }
        raw
    }

    #[test]
    fn a_thread_is_its_comment_and_the_replies_under_it() {
        let raw = json!({"kind": "youtube#commentThread", "id": "c1", "snippet": {"videoId": "v1", "totalReplyCount": 7, "topLevelComment": comment("c1", None)},
            "replies": {"comments": [comment("c1.r1", Some("c1"))]}});
        let thread = thread(&raw, NOW, 0);
        assert_eq!((thread.id.as_str(), thread.video.as_str(), thread.total, thread.replies.len()), ("c1", "v1", 7, 1));
        let Item::Post(top) = thread.top.item else { panic!("no post") };
        assert_eq!((top.urn.as_str(), top.kind), ("urn:smm:youtube:comment:c1", PostKind::Comment));
        assert_eq!(top.in_reply_to.as_ref().map(Urn::as_str), Some("urn:smm:youtube:video:v1"));
        assert_eq!(top.engagement, Engagement { likes: Some(3), comments: Some(7), ..Engagement::default() });
        assert_eq!(
            (top.author.handle.as_deref(), top.author.url.as_deref()),
            (Some("anna"), Some("https://www.youtube.com/channel/UCanna"))
        );
        assert_eq!((top.url.as_deref(), top.edited_at), (Some("https://www.youtube.com/watch?v=v1&lc=c1"), None));
        assert_eq!(
            (top.links, top.community.map(|place| place.key)),
            (vec!["https://a.example/x".to_owned()], Some("youtube/UCshop".to_owned()))
        );
        let Item::Post(reply) = &thread.replies[0].item else { panic!("no post") };
        assert_eq!((reply.kind, reply.in_reply_to.clone()), (PostKind::Reply, Some(top.urn)));
    }

    #[test]
    fn what_is_not_as_promised_is_rejected_with_its_place() {
        let reason = |raw: &Value| match thread(raw, NOW, 3).top.item {
            Item::Rejected(one) => (one.reason, one.place),
            other => panic!("{other:?}"),
        };
        let place = || "thread 4".to_owned();
        assert_eq!(reason(&json!({"id": "c1"})), (RejectionReason::Malformed, place()));
        let mut empty = comment("c1", None);
        empty["snippet"]["textDisplay"] = json!(" ");
        assert_eq!(reason(&json!({"snippet": {"topLevelComment": empty}})), (RejectionReason::EmptyText, place()));
    }
}
