//! A video as the search tells it.

use molva_domain::{Author, Community, Media, MediaKind, Post, RejectionReason, Timestamp, Urn};
use serde::Deserialize;
use serde_json::Value;

use super::NETWORK;
use super::comment::SITE;
use crate::html;
use crate::plain_text::links_in;
use crate::session::Item;
use crate::walk::Found;

#[derive(Deserialize)]
struct Wire {
    id: Id,
    snippet: Snippet,
}

#[derive(Deserialize)]
struct Id {
    #[serde(rename = "videoId")]
    video: String,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Snippet {
    published_at: String,
    #[serde(default)]
    title: String,
    #[serde(default)]
    description: String,
    #[serde(default)]
    channel_id: String,
    #[serde(default)]
    channel_title: String,
}

pub(super) fn found(raw: &Value, now: Timestamp, index: usize) -> Found {
    let place = format!("video {}", index + 1);
    let wire = match Wire::deserialize(raw) {
        Ok(wire) => wire,
        Err(error) => {
            let id = raw.pointer("/id/videoId").and_then(Value::as_str);
            let id = id.map_or_else(|| raw.to_string(), str::to_owned);
            let message = format!("the video is not as YouTube promises: {error}");
            return Found::broken(id, (RejectionReason::Malformed, message), &place, raw);
        }
    };
    let id = wire.id.video;
    let Some(published) = Timestamp::parse(&wire.snippet.published_at) else {
        let message = format!("`publishedAt` of video {id} is no time");
        return Found::broken(id, (RejectionReason::InvalidDate, message), &place, raw);
    };
    let Snippet { title, description, channel_id, channel_title, .. } = wire.snippet;
    // The search writes `&amp;` where it means `&`, in titles and names alike.
    let (title, text, channel) = (html::to_line(&title), html::tidy(&description), html::to_line(&channel_title));
    let item = if title.is_empty() && text.is_empty() {
        let message = format!("video {id} has neither title nor description");
        Item::read(Err((RejectionReason::EmptyText, message)), &place, raw)
    } else {
        let page = (!channel_id.is_empty()).then(|| format!("{SITE}/channel/{channel_id}"));
        let url = format!("{SITE}/watch?v={id}");
        Item::Post(Box::new(Post {
            author: Author {
                urn: page.as_ref().map(|_| Urn::of(NETWORK, None, "author", &channel_id)),
                name: (!channel.is_empty()).then(|| channel.clone()),
                url: page.clone(),
                ..Author::default()
            },
            community: page.map(|page| Community {
                key: format!("{NETWORK}/{channel_id}"),
                title: (!channel.is_empty()).then_some(channel),
                url: Some(page),
            }),
            title: (!title.is_empty()).then_some(title),
            links: links_in(&text),
            media: vec![Media { kind: MediaKind::Video, url: url.clone(), alt: None }],
            url: Some(url),
            ..Post::new(Urn::of(NETWORK, None, "video", &id), NETWORK, text, published, now)
        }))
    };
    Found { id, published: Some(published), edited: None, item }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_video_has_its_title_its_channel_and_itself() {
        let raw = json!({"id": {"kind": "youtube#video", "videoId": "v1"}, "snippet": {"publishedAt": "2026-03-01T09:30:00Z", "title": "Q &amp; A",
            "description": "About it https://a.example/", "channelId": "UCshop", "channelTitle": "Shop"}});
        let Item::Post(post) = found(&raw, Timestamp::from_secs(1_772_366_400), 0).item else { panic!("no post") };
        assert_eq!((post.urn.as_str(), post.title.as_deref()), ("urn:smm:youtube:video:v1", Some("Q & A")));
        assert_eq!(
            (post.url.as_deref(), post.author.name.as_deref()),
            (Some("https://www.youtube.com/watch?v=v1"), Some("Shop"))
        );
        assert_eq!((post.links, post.media[0].kind), (vec!["https://a.example/".to_owned()], MediaKind::Video));
    }
}
