//! A record of `app.bsky.feed.post` (its lexicon in `github.com/bluesky-social/atproto`) and what it is to us.

use molva_domain::{Author, Language, Media, MediaKind, Post, PostKind, Rejection, RejectionReason, Timestamp, Urn};
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
use serde::Deserialize;
use serde_json::Value;

use super::event::Change;
use super::wire::POSTS;
use crate::plain_text::{MAX_LINK_BYTES, MAX_LINKS, links_in, without_nul};

#[derive(Debug, Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
struct Record {
    text: String,
    created_at: String,
    langs: Vec<String>,
    facets: Vec<Facet>,
    reply: Option<Reply>,
    embed: Option<Embed>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Facet {
    features: Vec<Feature>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Feature {
    /// Of a link; the text may show it shortened.
    uri: Option<String>,
}

#[derive(Debug, Deserialize)]
struct Reply {
    parent: Reference,
}

#[derive(Debug, Deserialize)]
struct Reference {
    uri: String,
}

/// All kinds of embeds in one: each uses some of the fields.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Embed {
    record: Option<Value>,
    media: Option<Box<Embed>>,
    external: Option<External>,
    images: Vec<Image>,
    video: Option<Value>,
    alt: Option<String>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct External {
    uri: String,
    title: String,
    description: String,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Image {
    alt: String,
    image: Value,
}

/// The URN of a record.
pub(super) fn urn(did: &str, collection: &str, record_key: &str) -> Urn {
    reference(&format!("at://{did}/{collection}/{record_key}"))
}

fn reference(uri: &str) -> Urn {
    let urn = Urn::of("bluesky", None, "post", uri);
    if urn.as_str().len() <= Urn::MAX_BYTES {
        urn
    } else {
        Urn::of("bluesky", None, "post", &crate::digest::hex(&[uri], 20))
    }
}

/// The URN of an account.
pub(super) fn author_urn(did: &str) -> Urn {
    Urn::of("bluesky", None, "author", &did[..did.floor_char_boundary(200)])
}

/// Reads a record that was written or rewritten.
pub(super) fn read(
    change: &Change,
    record: &Value,
    rewritten: bool,
    author: Author,
    now: Timestamp,
) -> Result<Box<Post>, Rejection> {
    let place = format!("at://{}/{}/{}", change.did, change.collection, change.record_key);
    post(change, record, rewritten, author, now)
        .map(Box::new)
        .map_err(|(reason, message)| Rejection::new(reason, place, message, &record.to_string()))
}

fn post(
    change: &Change,
    record: &Value,
    rewritten: bool,
    author: Author,
    now: Timestamp,
) -> Result<Post, (RejectionReason, String)> {
    let record = Record::deserialize(record)
        .map_err(|error| (RejectionReason::Malformed, format!("not a record of `{POSTS}`: {error}")))?;
    let embed = record.embed.unwrap_or_default();
    let media_embed = embed.media.as_deref().unwrap_or(&embed);
    let text = match without_nul(record.text.trim()) {
        // Somebody who only shares a page or a picture says what is written there.
        text if text.is_empty() => what_is_shown(media_embed),
        text => text.into_owned(),
    };
    if text.is_empty() {
        return Err((RejectionReason::EmptyText, "neither text nor a description of what is shown".to_owned()));
    }
    if text.len() > Post::MAX_TEXT_BYTES {
        return Err((
            RejectionReason::TooLarge,
            format!("the text has {} bytes, more than {}", text.len(), Post::MAX_TEXT_BYTES),
        ));
    }
    // The author's clock is kept as it is; only what is no time at all is replaced by the server's.
    let published_at =
        Timestamp::parse(&record.created_at).filter(|at| *at >= Timestamp::EARLIEST).unwrap_or(change.at);
    let mut links = facet_links(&record.facets);
    add_links(&mut links, links_in(&text));
    add_links(&mut links, media_embed.external.iter().map(|external| external.uri.clone()));
    let mut post =
        Post::new(urn(&change.did, &change.collection, &change.record_key), "bluesky", text, published_at, now);
    post.author = author;
    post.url = Some(format!("https://bsky.app/profile/{}/post/{}", change.did, change.record_key));
    post.language = record.langs.iter().find_map(|tag| Language::parse(tag));
    post.edited_at = rewritten.then_some(change.at);
    post.in_reply_to = record.reply.as_ref().map(|reply| reference(&reply.parent.uri));
    post.quote_of = embed.record.as_ref().and_then(quoted);
    post.links = links;
    post.media = media(media_embed, &change.did);
    post.kind = match (&post.in_reply_to, &post.quote_of) {
        (Some(_), _) => PostKind::Reply,
        (None, Some(_)) => PostKind::Quote,
        (None, None) => PostKind::Post,
    };
    Ok(post)
}

/// The subject of a repost and when it was made.
pub(super) fn repost(record: &Value, at: Timestamp) -> Option<(Urn, Timestamp)> {
    let subject = record.pointer("/subject/uri")?.as_str()?;
    let made = record.get("createdAt").and_then(Value::as_str).and_then(Timestamp::parse);
    Some((reference(subject), made.filter(|made| *made >= Timestamp::EARLIEST).unwrap_or(at)))
}

fn what_is_shown(embed: &Embed) -> String {
    let external = embed.external.iter().flat_map(|external| [&*external.title, &*external.description]);
    let pictures = embed.images.iter().map(|image| &*image.alt).chain(embed.alt.as_deref());
    let lines: Vec<&str> = external.chain(pictures).map(str::trim).filter(|line| !line.is_empty()).collect();
    without_nul(&lines.join("\n")).into_owned()
}

fn facet_links(facets: &[Facet]) -> Vec<String> {
    let mut links = Vec::new();
    add_links(&mut links, facets.iter().flat_map(|facet| &facet.features).filter_map(|feature| feature.uri.clone()));
    links
}

fn add_links(links: &mut Vec<String>, more: impl IntoIterator<Item = String>) {
    for link in more {
        let is_web = link.len() <= MAX_LINK_BYTES && (link.starts_with("https://") || link.starts_with("http://"));
        if is_web && links.len() < MAX_LINKS && !links.contains(&link) {
            links.push(link);
        }
    }
}

/// `record` embeds name the record, `recordWithMedia` embeds hold such an embed.
fn quoted(record: &Value) -> Option<Urn> {
    let uri = record.get("uri").or_else(|| record.pointer("/record/uri"))?.as_str()?;
    // Feeds, lists and profiles can be embedded too.
    uri.contains(POSTS).then(|| reference(uri))
}

fn media(embed: &Embed, did: &str) -> Vec<Media> {
    let did = utf8_percent_encode(did, NON_ALPHANUMERIC).to_string();
    let blob = |value: &Value| value.pointer("/ref/$link").and_then(Value::as_str).map(str::to_owned);
    let images = embed.images.iter().filter_map(|image| {
        let url = format!("https://cdn.bsky.app/img/feed_fullsize/plain/{did}/{}@jpeg", blob(&image.image)?);
        let alt = Some(without_nul(image.alt.trim()).into_owned()).filter(|alt| !alt.is_empty());
        Some(Media { kind: MediaKind::Image, url, alt })
    });
    let video = embed.video.as_ref().and_then(blob).map(|name| Media {
        kind: MediaKind::Video,
        url: format!("https://video.bsky.app/watch/{did}/{name}/playlist.m3u8"),
        alt: embed.alt.clone(),
    });
    images.chain(video).take(16).collect()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::super::event::Action;
    use super::*;

    const NOW: Timestamp = Timestamp::from_secs(1_772_368_200);
    const AT: Timestamp = Timestamp::from_secs(1_772_368_100);

    fn read_record(record: &Value, rewritten: bool) -> Result<Box<Post>, Rejection> {
        let change = Change {
            did: "did:plc:anna".to_owned(),
            collection: POSTS.to_owned(),
            record_key: "3kxyz".to_owned(),
            action: Action::Delete,
            at: AT,
        };
        read(&change, record, rewritten, Author::default(), NOW)
    }

    #[test]
    fn a_record_is_read_with_all_it_says() {
        let record = json!({
            "$type": POSTS, "text": "Связь пропала, см. status.example/…", "createdAt": "2026-03-01T09:30:00.000Z", "langs": ["xx-bad-1", "ru"],
            "facets": [{"index": {"byteStart": 26, "byteEnd": 43}, "features": [{"$type": "app.bsky.richtext.facet#link", "uri": "https://status.example/long"}]}],
            "reply": {"root": {"uri": "at://did:plc:b/app.bsky.feed.post/1", "cid": "x"}, "parent": {"uri": "at://did:plc:b/app.bsky.feed.post/2", "cid": "x"}},
            "embed": {"$type": "app.bsky.embed.recordWithMedia",
                "record": {"record": {"uri": "at://did:plc:c/app.bsky.feed.post/3", "cid": "x"}},
                "media": {"$type": "app.bsky.embed.images", "images": [{"alt": "экран", "image": {"$type": "blob", "ref": {"$link": "bafk"}}}]}},
        });
        let mut expected = Post::new(
            Urn::new("urn:smm:bluesky:post:at%3A//did%3Aplc%3Aanna/app.bsky.feed.post/3kxyz"),
            "bluesky",
            "Связь пропала, см. status.example/…".to_owned(),
            Timestamp::from_secs(1_772_357_400),
            NOW,
        );
        expected.kind = PostKind::Reply;
        expected.language = Language::parse("xx");
        expected.url = Some("https://bsky.app/profile/did:plc:anna/post/3kxyz".to_owned());
        expected.edited_at = Some(AT);
        expected.in_reply_to = Some(Urn::new("urn:smm:bluesky:post:at%3A//did%3Aplc%3Ab/app.bsky.feed.post/2"));
        expected.quote_of = Some(Urn::new("urn:smm:bluesky:post:at%3A//did%3Aplc%3Ac/app.bsky.feed.post/3"));
        expected.links = vec!["https://status.example/long".to_owned()];
        expected.media = vec![Media {
            kind: MediaKind::Image,
            url: "https://cdn.bsky.app/img/feed_fullsize/plain/did%3Aplc%3Aanna/bafk@jpeg".to_owned(),
            alt: Some("экран".to_owned()),
        }];
        assert_eq!(read_record(&record, true).map(|post| *post), Ok(expected));
    }

    #[test]
    fn who_shares_a_page_without_a_word_says_what_is_written_there() {
        let record = json!({"text": "", "createdAt": "2026-03-01T09:30:00Z",
            "embed": {"external": {"uri": "https://news.example/1", "title": "Сбой связи", "description": "Третий час"}}});
        let post = read_record(&record, false).expect("a post");
        assert_eq!(
            (post.text.as_str(), post.links),
            ("Сбой связи\nТретий час", vec!["https://news.example/1".to_owned()])
        );
    }

    #[test]
    fn a_time_of_the_authors_own_is_kept_and_nonsense_is_replaced() {
        let published = |created_at: &str| {
            read_record(&json!({"text": "a", "createdAt": created_at}), false).expect("a post").published_at
        };
        assert_eq!(published("2199-01-01T00:00:00Z").to_rfc3339(), "2199-01-01T00:00:00.000Z");
        assert_eq!((published("вчера"), published("0001-01-01T00:00:00Z")), (AT, AT));
    }

    #[test]
    fn what_says_nothing_is_rejected() {
        let reason =
            |record: Value| read_record(&record, false).map(|post| post.text).map_err(|rejection| rejection.reason);
        assert_eq!(reason(json!({"text": " "})), Err(RejectionReason::EmptyText));
        assert_eq!(reason(json!({"text": 5})), Err(RejectionReason::Malformed));
        assert_eq!(reason(Value::Null), Err(RejectionReason::Malformed));
    }
}
