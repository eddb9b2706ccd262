//! A post or a comment as Reddit tells it: a `t3` or a `t1`.

use molva_domain::{Author, Community, Engagement, Media, MediaKind, Post, PostKind, RejectionReason, Timestamp, Urn};
use serde::Deserialize;
use serde_json::Value;
use url::Url;

use super::NETWORK;
use crate::html;
use crate::session::Item;
use crate::walk::Found;

pub(super) const SITE: &str = "https://www.reddit.com";
/// Stands for an author or a text that is gone.
const GONE: [&str; 2] = ["[deleted]", "[removed]"];

#[derive(Deserialize)]
struct Thing {
    kind: String,
    data: Wire,
}

#[derive(Deserialize)]
struct Wire {
    name: String,
    created_utc: f64,
    /// `false`, or when.
    #[serde(default)]
    edited: Value,
    #[serde(default)]
    author: Option<String>,
    #[serde(default)]
    subreddit: String,
    #[serde(default)]
    subreddit_type: Option<String>,
    #[serde(default)]
    permalink: Option<String>,
    /// Stands for it in an inbox.
    #[serde(default)]
    context: Option<String>,
    #[serde(default)]
    score: Option<i64>,
    #[serde(default)]
    num_comments: Option<u64>,
    #[serde(default)]
    view_count: Option<u64>,
    #[serde(default)]
    removed_by_category: Option<String>,
    // Of a comment.
    #[serde(default)]
    body: String,
    #[serde(default)]
    body_html: Option<String>,
    #[serde(default)]
    parent_id: Option<String>,
    #[serde(default)]
    link_id: Option<String>,
    #[serde(default)]
    link_title: Option<String>,
    // Of a post.
    #[serde(default)]
    title: Option<String>,
    #[serde(default)]
    selftext: String,
    #[serde(default)]
    selftext_html: Option<String>,
    #[serde(default)]
    is_self: bool,
    #[serde(default)]
    url: Option<String>,
    #[serde(default)]
    crosspost_parent: Option<String>,
}

/// By the full name, `t3_…` or `t1_…`.
fn urn(name: &str) -> Option<Urn> {
    match name.split_once('_') {
        Some(("t1", id)) if !id.is_empty() => Some(Urn::of(NETWORK, None, "comment", name)),
        Some(("t3", id)) if !id.is_empty() => Some(Urn::of(NETWORK, None, "post", name)),
        _ => None,
    }
}

pub(super) fn found(raw: &Value, now: Timestamp, index: usize) -> Found {
    let place = format!("item {}", index + 1);
    let broken = |reason, message| {
        let id = raw.pointer("/data/name").and_then(Value::as_str).map_or_else(|| raw.to_string(), str::to_owned);
        Found::broken(id, (reason, message), &place, raw)
    };
    let thing = match Thing::deserialize(raw) {
        Ok(thing) => thing,
        Err(error) => {
            return broken(RejectionReason::Malformed, format!("the item is not as Reddit promises: {error}"));
        }
    };
    let wire = thing.data;
    let Some(urn) = urn(&wire.name).filter(|_| wire.name.starts_with(&thing.kind)) else {
        return broken(RejectionReason::Malformed, "the item is neither a post nor a comment".to_owned());
    };
    let (Some(published), edited) = (moment(wire.created_utc), wire.edited.as_f64().and_then(moment)) else {
        return broken(RejectionReason::InvalidDate, format!("`created_utc` of {} is no time", wire.name));
    };
    let id = wire.name.clone();
    let item = if is_gone(&wire) {
        Item::Deleted(urn)
    } else {
        Item::read(read(wire, urn, published, edited, now), &place, raw)
    };
    Found { id, published: Some(published), edited, item }
}

fn moment(seconds: f64) -> Option<Timestamp> {
    (1.0..1e11).contains(&seconds).then(|| Timestamp::from_secs(seconds as i64))
}

/// Its author or a moderator took it away: what is left are these words in its place.
fn is_gone(wire: &Wire) -> bool {
    let text = if wire.name.starts_with("t1_") { &wire.body } else { &wire.selftext };
    wire.removed_by_category.is_some() || GONE.contains(&text.as_str())
}

fn read(
    wire: Wire,
    urn: Urn,
    published_at: Timestamp,
    edited_at: Option<Timestamp>,
    now: Timestamp,
) -> Result<Post, (RejectionReason, String)> {
    let name = &wire.name;
    if matches!(wire.subreddit_type.as_deref(), Some("private" | "employees_only")) {
        return Err((RejectionReason::NotPublic, format!("{name} is of a community that is not public")));
    }
    let is_comment = name.starts_with("t1_");
    let (source, html) = if is_comment { (&wire.body, &wire.body_html) } else { (&wire.selftext, &wire.selftext_html) };
    let site = Url::parse(SITE).ok();
    let mut plain = match html.as_deref().filter(|html| !html.is_empty()) {
        Some(html) => html::to_plain(html, site.as_ref()),
        None => html::Plain { text: html::tidy(source), ..html::Plain::default() },
    };
    let title = wire.title.or(wire.link_title).map(|title| html::one_line(&title)).filter(|title| !title.is_empty());
    if plain.text.is_empty() && (is_comment || title.is_none()) {
        return Err((RejectionReason::EmptyText, format!("{name} has no text")));
    }
    if plain.text.len() > Post::MAX_TEXT_BYTES {
        return Err((RejectionReason::TooLarge, format!("{name} is longer than 1 MiB")));
    }
    if let Some(link) = wire.url.filter(|_| !is_comment && !wire.is_self).and_then(|url| html::absolute(&url, None)) {
        let kind = match link.host_str() {
            Some("i.redd.it" | "i.imgur.com") => Some(MediaKind::Image),
            Some("v.redd.it") => Some(MediaKind::Video),
            _ => None,
        };
        plain.media.extend(kind.map(|kind| Media { kind, url: link.to_string(), alt: None }));
        plain.links.push(link.into());
    }
    let permalink = wire.permalink.or(wire.context).filter(|path| path.starts_with('/'));
    let link = wire.link_id.as_deref().and_then(|link| link.strip_prefix("t3_"));
    let url = permalink.or_else(|| Some(format!("/comments/{}/_/{}/", link?, name.strip_prefix("t1_")?)));
    let author = wire.author.filter(|author| !author.is_empty() && !GONE.contains(&author.as_str()));
    let repost_of = wire.crosspost_parent.as_deref().and_then(self::urn);
    let place = wire.subreddit;
    Ok(Post {
        kind: match (is_comment, &wire.parent_id, &repost_of) {
            (true, Some(parent), _) if parent.starts_with("t1_") => PostKind::Reply,
            (true, ..) => PostKind::Comment,
            (false, _, Some(_)) => PostKind::Repost,
            (false, ..) => PostKind::Post,
        },
        author: Author {
            // Names are never changed nor given again, and the id is not always told.
            urn: author.as_deref().map(|author| Urn::of(NETWORK, None, "author", author)),
            url: author.as_deref().map(|author| format!("{SITE}/user/{author}")),
            bot: author.as_deref().filter(|author| *author == "AutoModerator").map(|_| true),
            handle: author,
            ..Author::default()
        },
        community: (!place.is_empty()).then(|| Community {
            key: format!("{NETWORK}/{place}"),
            url: Some(if let Some(user) = place.strip_prefix("u_") {
                format!("{SITE}/user/{user}/")
            } else {
                format!("{SITE}/r/{place}/")
            }),
            title: Some(place),
        }),
        title,
        url: url.map(|path| format!("{SITE}{path}")),
        edited_at,
        in_reply_to: wire.parent_id.as_deref().filter(|_| is_comment).and_then(self::urn),
        repost_of,
        links: plain.links,
        media: plain.media,
        engagement: Engagement {
            likes: wire.score.map(|score| u64::try_from(score).unwrap_or_default()),
            comments: wire.num_comments.filter(|_| !is_comment),
            views: wire.view_count,
            ..Engagement::default()
        },
        ..Post::new(urn, NETWORK, plain.text, published_at, now)
    })
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    const NOW: Timestamp = Timestamp::from_secs(1_772_366_400);

    fn item(kind: &str, change: &Value) -> Item {
        let mut data = json!({"name": format!("{kind}_abc"), "created_utc": 1_772_360_000.0, "edited": false, "author": "ann",
            "subreddit": "Ukraine", "subreddit_type": "public", "permalink": "/r/Ukraine/comments/x/y/abc/", "score": 7});
        data.as_object_mut().expect("an object").extend(change.as_object().expect("an object").clone());
        found(&json!({"kind": kind, "data": data}), NOW, 4).item
    }

    fn post(kind: &str, change: &Value) -> Post {
        match item(kind, change) {
            Item::Post(post) => *post,
            other => panic!("no post: {other:?}"),
        }
    }

    #[test]
    fn a_comment_knows_what_it_answers_and_under_which_post() {
        let comment = post(
            "t1",
            &json!({"body": "**No** signal", "body_html": "<div class=\"md\"><p><strong>No</strong> signal, <a href=\"/r/x\">see</a></p></div>",
            "parent_id": "t1_def", "link_id": "t3_ghi", "link_title": "Outage", "edited": 1_772_361_000.0, "num_comments": 40}),
        );
        assert_eq!((comment.urn.as_str(), comment.kind), ("urn:smm:reddit:comment:t1_abc", PostKind::Reply));
        assert_eq!((comment.text.as_str(), comment.title.as_deref()), ("No signal, see", Some("Outage")));
        assert_eq!(comment.in_reply_to.as_ref().map(Urn::as_str), Some("urn:smm:reddit:comment:t1_def"));
        assert_eq!(comment.edited_at, Some(Timestamp::from_secs(1_772_361_000)));
        assert_eq!(comment.links, ["https://www.reddit.com/r/x"]);
        assert_eq!(comment.url.as_deref(), Some("https://www.reddit.com/r/Ukraine/comments/x/y/abc/"));
        assert_eq!(comment.community.map(|community| community.key).as_deref(), Some("reddit/Ukraine"));
        assert_eq!(comment.engagement, Engagement { likes: Some(7), ..Engagement::default() });
        let top = post("t1", &json!({"body": "Yes", "parent_id": "t3_ghi", "link_id": "t3_ghi", "permalink": null}));
        assert_eq!((top.kind, top.in_reply_to), (PostKind::Comment, super::urn("t3_ghi")));
        assert_eq!(top.url.as_deref(), Some("https://www.reddit.com/comments/ghi/_/abc/"));
    }

    #[test]
    fn a_post_has_its_title_its_link_and_what_it_was_crossposted_from() {
        let picture = post(
            "t3",
            &json!({"title": "Kyiv &co", "url": "https://i.redd.it/x.jpg", "num_comments": 3, "crosspost_parent": "t3_zzz"}),
        );
        assert_eq!(
            (picture.kind, picture.title.as_deref(), picture.text.as_str()),
            (PostKind::Repost, Some("Kyiv &co"), "")
        );
        assert_eq!(picture.repost_of.as_ref().map(Urn::as_str), Some("urn:smm:reddit:post:t3_zzz"));
        assert_eq!(
            (picture.links.len(), picture.media[0].kind, picture.engagement.comments),
            (1, MediaKind::Image, Some(3))
        );
        let own = post(
            "t3",
            &json!({"title": "T", "is_self": true, "selftext": "a\n\nb", "url": "https://www.reddit.com/r/Ukraine/comments/abc/", "score": -4}),
        );
        assert_eq!((own.text.as_str(), own.links, own.engagement.likes), ("a\n\nb", Vec::new(), Some(0)));
    }

    #[test]
    fn what_was_taken_away_is_gone_and_what_is_broken_is_rejected_with_its_place() {
        assert!(
            matches!(item("t1", &json!({"body": "[removed]", "author": "[deleted]"})), Item::Deleted(urn) if urn.as_str().ends_with("t1_abc"))
        );
        assert!(matches!(item("t3", &json!({"title": "T", "removed_by_category": "moderator"})), Item::Deleted(_)));
        let reason =
            |item: Item| if let Item::Rejected(one) = item { (one.reason, one.place) } else { panic!("{item:?}") };
        let place = || "item 5".to_owned();
        assert_eq!(reason(item("t5", &json!({}))), (RejectionReason::Malformed, place()));
        assert_eq!(reason(item("t1", &json!({"body": " "}))), (RejectionReason::EmptyText, place()));
        assert_eq!(
            reason(item("t1", &json!({"body": "x", "created_utc": -1}))),
            (RejectionReason::InvalidDate, place())
        );
        assert_eq!(
            reason(item("t1", &json!({"body": "x", "subreddit_type": "private"}))),
            (RejectionReason::NotPublic, place())
        );
    }
}
