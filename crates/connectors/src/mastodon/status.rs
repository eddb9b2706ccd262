//! A status as the API writes it, and what it is to us. Follows `docs.joinmastodon.org/entities/Status`; other servers of the
//! Fediverse leave fields out, so every one of them may be missing.

use molva_domain::{
    Author, Engagement, Language, Media, MediaKind, Post, PostKind, Rejection, RejectionReason, Timestamp, Urn,
    Visibility,
};
use serde::Deserialize;
use serde_json::Value;

use super::names::Names;
use crate::html;
use crate::plain_text::without_nul;

mod urns;

pub(super) use urns::{local_urn, uri_urn};
use urns::{named_parent, quoted, urn_of};

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Status {
    id: String,
    /// The name that is the same on every server.
    uri: Option<String>,
    url: Option<String>,
    created_at: Option<String>,
    edited_at: Option<String>,
    in_reply_to_id: Option<String>,
    in_reply_to_account_id: Option<String>,
    /// Those whom the text names, the one it answers among them.
    mentions: Vec<Named>,
    content: Option<String>,
    spoiler_text: Option<String>,
    visibility: Option<String>,
    language: Option<String>,
    account: Account,
    reblog: Option<Box<Status>>,
    quote: Option<Value>,
    media_attachments: Vec<Attachment>,
    replies_count: Option<u64>,
    reblogs_count: Option<u64>,
    favourites_count: Option<u64>,
    card: Option<Card>,
    poll: Option<Poll>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Account {
    id: Option<String>,
    acct: String,
    uri: Option<String>,
    url: Option<String>,
    display_name: Option<String>,
    followers_count: Option<i64>,
    bot: Option<bool>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Named {
    id: Option<String>,
    username: String,
    acct: String,
    url: Option<String>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Attachment {
    r#type: Option<String>,
    url: Option<String>,
    remote_url: Option<String>,
    description: Option<String>,
}

#[derive(Debug, Deserialize)]
struct Card {
    url: Option<String>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Poll {
    options: Vec<PollOption>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct PollOption {
    title: Option<String>,
}

/// A status read: its local id, and the post or why it is none.
#[derive(Debug)]
pub(super) struct Read {
    /// Empty when the status could not be read at all.
    pub id: String,
    pub result: Result<Box<Post>, Rejection>,
}

/// Reads one status of the server `host`. `place` says where it stood.
pub(super) fn read(raw: &str, host: &str, names: &Names, place: &str, now: Timestamp) -> Read {
    let status: Status = match serde_json::from_str(raw) {
        Ok(status) => status,
        Err(error) => {
            let rejection = Rejection::new(RejectionReason::Malformed, place, format!("not a status: {error}"), raw);
            return Read { id: String::new(), result: Err(rejection) };
        }
    };
    let result = post(&status, host, names, now)
        .map(Box::new)
        // What is not meant for the public leaves no sample either.
        .map_err(|(reason, message)| {
            let sample = if reason == RejectionReason::NotPublic { "" } else { raw };
            Rejection::new(reason, place, message, sample)
        });
    Read { id: status.id, result }
}

fn post(status: &Status, host: &str, names: &Names, now: Timestamp) -> Result<Post, (RejectionReason, String)> {
    let visibility = match status.visibility.as_deref() {
        Some("unlisted") => Visibility::Unlisted,
        Some("private" | "direct" | "limited" | "mutuals_only" | "list") => {
            return Err((RejectionReason::NotPublic, "the author does not mean it for the public".to_owned()));
        }
        _ => Visibility::Public,
    };
    let urn = urn_of(status, host).ok_or((RejectionReason::MissingId, "neither `uri` nor `id`".to_owned()))?;
    let published_at = status
        .created_at
        .as_deref()
        .and_then(Timestamp::parse)
        .ok_or((RejectionReason::InvalidDate, "`created_at` is no date".to_owned()))?;
    let shown = status.reblog.as_deref().unwrap_or(status);
    let plain = html::to_plain(shown.content.as_deref().unwrap_or_default(), None);
    let text = with_poll(plain.text, shown.poll.as_ref());
    let title = shown.spoiler_text.as_deref().map(str::trim).filter(|warning| !warning.is_empty()).map(html::one_line);
    if text.is_empty() && title.is_none() {
        return Err((RejectionReason::EmptyText, "neither text nor content warning".to_owned()));
    }
    if text.len() > Post::MAX_TEXT_BYTES {
        return Err((
            RejectionReason::TooLarge,
            format!("the text has {} bytes, more than {}", text.len(), Post::MAX_TEXT_BYTES),
        ));
    }
    let mut post = Post::new(urn, "mastodon", text, published_at, now);
    post.visibility = visibility;
    post.author = author(&status.account, host);
    post.title = title;
    post.language = shown.language.as_deref().and_then(Language::parse);
    post.url = web_address(status.url.as_deref()).or_else(|| web_address(shown.url.as_deref()));
    post.edited_at = status.edited_at.as_deref().and_then(Timestamp::parse);
    post.in_reply_to = status
        .in_reply_to_id
        .as_deref()
        .map(|id| names.urn(id).or_else(|| named_parent(status, id)).unwrap_or_else(|| local_urn(host, id)));
    post.repost_of = status.reblog.as_deref().and_then(|original| urn_of(original, host));
    post.quote_of = shown.quote.as_ref().and_then(|quote| quoted(quote, host));
    post.links = links(plain.links, shown);
    post.media = shown.media_attachments.iter().filter_map(media).collect();
    post.engagement = Engagement {
        likes: shown.favourites_count,
        reposts: shown.reblogs_count,
        comments: shown.replies_count,
        ..Engagement::default()
    };
    post.kind = if status.reblog.is_some() {
        PostKind::Repost
    } else if post.in_reply_to.is_some() {
        PostKind::Reply
    } else if post.quote_of.is_some() {
        PostKind::Quote
    } else {
        PostKind::Post
    };
    Ok(post)
}

fn author(account: &Account, host: &str) -> Author {
    let acct = account.acct.trim_start_matches('@');
    let handle = if acct.is_empty() || acct.contains('@') { acct.to_owned() } else { format!("{acct}@{host}") };
    let native = account.uri.as_deref().or(account.url.as_deref()).filter(|uri| !uri.is_empty());
    let urn = match (native, account.id.as_deref()) {
        (Some(uri), _) => Some(Urn::of("mastodon", None, "author", &uri[..uri.floor_char_boundary(150)])),
        (None, Some(id)) => Some(Urn::of("mastodon", Some(host), "author", id)),
        (None, None) => None,
    };
    Author {
        urn,
        handle: (!handle.is_empty()).then_some(handle),
        name: account.display_name.as_deref().map(html::one_line).filter(|name| !name.is_empty()),
        url: web_address(account.url.as_deref()),
        // Servers that hide the number write -1.
        followers: account.followers_count.and_then(|count| u64::try_from(count).ok()),
        bot: account.bot,
        ..Author::default()
    }
}

fn with_poll(text: String, poll: Option<&Poll>) -> String {
    let options = poll.into_iter().flat_map(|poll| &poll.options).filter_map(|option| option.title.as_deref());
    let text = options.take(20).fold(text, |mut text, option| {
        if !text.is_empty() {
            text.push('\n');
        }
        text.push_str("- ");
        text.push_str(&html::one_line(option));
        text
    });
    without_nul(&text).into_owned()
}

/// Links of the text without mentions and hashtags, then that of the preview card.
fn links(found: Vec<String>, status: &Status) -> Vec<String> {
    let card = status.card.as_ref().and_then(|card| web_address(card.url.as_deref()));
    let mut links: Vec<String> =
        found.into_iter().filter(|link| !link.contains("/tags/") && !link.contains("/@")).collect();
    links.extend(card.filter(|card| !links.contains(card)).into_iter().collect::<Vec<_>>());
    links
}

fn media(attachment: &Attachment) -> Option<Media> {
    let url = web_address(attachment.remote_url.as_deref()).or_else(|| web_address(attachment.url.as_deref()))?;
    let kind = match attachment.r#type.as_deref() {
        Some("image") => MediaKind::Image,
        Some("video" | "gifv") => MediaKind::Video,
        Some("audio") => MediaKind::Audio,
        _ => MediaKind::Document,
    };
    let alt = attachment.description.as_deref().map(|alt| without_nul(alt).into_owned());
    Some(Media { kind, url, alt })
}

fn web_address(address: Option<&str>) -> Option<String> {
    let address = address?.trim();
    let is_web = address.len() <= 2_048 && (address.starts_with("https://") || address.starts_with("http://"));
    is_web.then(|| address.to_owned())
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    const NOW: Timestamp = Timestamp::from_secs(1_772_368_200);

    fn read_json(status: &Value) -> Result<Box<Post>, Rejection> {
        read(&status.to_string(), "m.example", &Names::default(), "stream", NOW).result
    }

    #[test]
    fn a_status_is_read_with_all_it_says() {
        let status = json!({
            "id": "113", "uri": "https://far.example/users/anna/statuses/9", "url": "https://far.example/@anna/9",
            "created_at": "2026-03-01T09:30:00.000Z", "edited_at": "2026-03-01T09:31:00.000Z", "visibility": "unlisted",
            "content": "<p>Связь <a href=\"https://status.example/x\">пропала</a></p><p><a href=\"https://m.example/tags/volna\">#volna</a></p>",
            "spoiler_text": "жалоба", "language": "ru", "in_reply_to_id": "112",
            "account": {"acct": "anna@far.example", "uri": "https://far.example/users/anna", "url": "https://far.example/@anna",
                "display_name": "Анна", "followers_count": 12, "bot": false},
            "media_attachments": [{"type": "image", "url": "https://m.example/1.png", "description": "экран"}],
            "replies_count": 1, "reblogs_count": 2, "favourites_count": 3,
            "poll": {"options": [{"title": "да"}, {"title": "нет"}]},
            "card": {"url": "https://status.example/x"},
        });
        let post = read_json(&status).expect("a post");
        let mut expected = Post::new(
            Urn::new("urn:smm:mastodon:post:https%3A//far.example/users/anna/statuses/9"),
            "mastodon",
            "Связь пропала\n\n#volna\n- да\n- нет".to_owned(),
            Timestamp::from_secs(1_772_357_400),
            NOW,
        );
        expected.kind = PostKind::Reply;
        expected.visibility = Visibility::Unlisted;
        expected.author = Author {
            urn: Some(Urn::new("urn:smm:mastodon:author:https%3A//far.example/users/anna")),
            handle: Some("anna@far.example".to_owned()),
            name: Some("Анна".to_owned()),
            url: Some("https://far.example/@anna".to_owned()),
            followers: Some(12),
            bot: Some(false),
            ..Author::default()
        };
        expected.title = Some("жалоба".to_owned());
        expected.language = Some(Language::RUSSIAN);
        expected.url = Some("https://far.example/@anna/9".to_owned());
        expected.edited_at = Some(Timestamp::from_secs(1_772_357_460));
        expected.in_reply_to = Some(Urn::new("urn:smm:mastodon:m.example:post:112"));
        expected.links = vec!["https://status.example/x".to_owned()];
        expected.media = vec![Media {
            kind: MediaKind::Image,
            url: "https://m.example/1.png".to_owned(),
            alt: Some("экран".to_owned()),
        }];
        expected.engagement =
            Engagement { likes: Some(3), reposts: Some(2), comments: Some(1), ..Engagement::default() };
        assert_eq!(*post, expected);
    }

    #[test]
    fn an_answer_to_an_account_of_the_server_names_its_post_as_the_server_does() {
        let parent = |mention: Value| {
            let status = json!({
                "id": "113", "uri": "https://far.example/users/anna/statuses/9", "created_at": "2026-03-01T09:30:00.000Z",
                "content": "<p>спасибо</p>", "account": {"acct": "anna@far.example"}, "in_reply_to_id": "112",
                "in_reply_to_account_id": "5", "mentions": [{"id": "4", "username": "b", "acct": "b"}, mention],
            });
            read_json(&status).expect("a post").in_reply_to
        };
        let mention =
            |acct: &str, id: &str| json!({"id": id, "username": "us", "acct": acct, "url": "https://m.example/@us"});
        assert_eq!(parent(mention("us", "5")), Some(uri_urn("https://m.example/users/us/statuses/112")));
        for other in
            [mention("us@far.example", "5"), mention("us", "6"), json!({"id": "5", "username": "us", "acct": "us"})]
        {
            assert_eq!(parent(other), Some(local_urn("m.example", "112")));
        }
    }

    #[test]
    fn a_reblog_is_a_repost_with_the_words_of_the_original() {
        let original = json!({"id": "1", "uri": "https://a.example/1", "created_at": "2026-03-01T09:00:00Z", "content": "<p>слова</p>"});
        let reblog = json!({"id": "2", "uri": "https://b.example/2/activity", "created_at": "2026-03-01T09:30:00Z", "content": "",
            "account": {"acct": "oleg"}, "reblog": original});
        let post = read_json(&reblog).expect("a post");
        assert_eq!((post.kind, post.text.as_str()), (PostKind::Repost, "слова"));
        assert_eq!(post.repost_of, Some(Urn::new("urn:smm:mastodon:post:https%3A//a.example/1")));
        assert_eq!(post.author.handle.as_deref(), Some("oleg@m.example"));
    }

    #[test]
    fn a_quote_names_what_it_quotes() {
        let status = json!({"id": "2", "created_at": "2026-03-01T09:30:00Z", "content": "смотрите",
            "quote": {"state": "accepted", "quoted_status": {"id": "1", "uri": "https://a.example/1"}}});
        let post = read_json(&status).expect("a post");
        assert_eq!(
            (post.kind, post.quote_of),
            (PostKind::Quote, Some(Urn::new("urn:smm:mastodon:post:https%3A//a.example/1")))
        );
        assert_eq!(post.urn.as_str(), "urn:smm:mastodon:m.example:post:2");
    }

    #[test]
    fn what_is_no_public_post_is_rejected_with_its_reason() {
        let check = |status: Value, reason: RejectionReason| {
            assert_eq!(read_json(&status).map(|post| post.urn).map_err(|rejection| rejection.reason), Err(reason));
        };
        let date = "2026-03-01T09:30:00Z";
        check(
            json!({"id": "1", "created_at": date, "content": "тайна", "visibility": "direct"}),
            RejectionReason::NotPublic,
        );
        check(json!({"id": "1", "created_at": date, "content": "<p> </p>"}), RejectionReason::EmptyText);
        check(json!({"id": "1", "created_at": "вчера", "content": "a"}), RejectionReason::InvalidDate);
        check(json!({"created_at": date, "content": "a"}), RejectionReason::MissingId);
        check(json!({"id": 5}), RejectionReason::Malformed);
    }
}
