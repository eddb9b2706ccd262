use serde_json::json;

use super::*;

const NOW: Timestamp = Timestamp::from_secs(1_772_366_400);

fn read(raw: &Value, includes: Value) -> Found {
    let includes = serde_json::from_value(includes).expect("what comes along");
    post(raw, &includes, NOW, "search")
}

fn taken(found: Found) -> Post {
    match found.item {
        Item::Post(post) => *post,
        other => panic!("{other:?}"),
    }
}

fn along() -> Value {
    json!({
        "users": [{"id": "2244994945", "name": "Anna Z", "username": "anna", "verified": false, "verified_type": "business",
            "public_metrics": {"followers_count": 510, "tweet_count": 7}}],
        "media": [{"media_key": "3_1", "type": "photo", "url": "https://pbs.example/1.jpg", "alt_text": "a box"},
            {"media_key": "13_2", "type": "video", "preview_image_url": "https://pbs.example/2.jpg"}],
        "tweets": [{"id": "1212092627178287104", "text": "Where is it? https://t.co/b", "author_id": "9",
            "edit_history_tweet_ids": ["1212092620000000000", "1212092627178287104"],
            "entities": {"urls": [{"url": "https://t.co/b", "expanded_url": "https://shop.example/b"}]}}],
    })
}

fn answer() -> Value {
    json!({
        "id": "1212092628029698048", "author_id": "2244994945", "created_at": "2019-12-31T19:26:16.000Z", "lang": "en",
        "text": "@shop &lt;3 but R&amp;D? See https://t.co/a. https://t.co/p",
        "edit_history_tweet_ids": ["1212092628029698048"],
        "referenced_tweets": [{"type": "replied_to", "id": "1212092627178287104"}],
        "attachments": {"media_keys": ["3_1", "13_2", "7_0"]},
        "entities": {"urls": [
            {"url": "https://t.co/a", "expanded_url": "https://bit.example/a", "unwound_url": "https://long.example/a"},
            {"url": "https://t.co/p", "expanded_url": "https://twitter.com/anna/status/1212092628029698048/photo/1"}]},
        "public_metrics": {"retweet_count": 8, "reply_count": 2, "like_count": 40, "quote_count": 1, "impression_count": 900},
    })
}

#[test]
fn an_answer_is_read_with_its_author_links_pictures_and_numbers() {
    let post = taken(read(&answer(), along()));
    let mut expected = Post::new(
        urn("1212092628029698048"),
        "x",
        "@shop <3 but R&D? See https://bit.example/a.".to_owned(),
        Timestamp::from_secs(1_577_820_376),
        NOW,
    );
    expected.kind = PostKind::Reply;
    expected.author = Author {
        urn: Some(Urn::of("x", None, "author", "2244994945")),
        handle: Some("anna".to_owned()),
        name: Some("Anna Z".to_owned()),
        url: Some("https://x.com/anna".to_owned()),
        followers: Some(510),
        verified: Some(true),
        ..Author::default()
    };
    expected.language = Language::parse("en");
    expected.url = Some("https://x.com/anna/status/1212092628029698048".to_owned());
    // By the first version of what it answers.
    expected.in_reply_to = Some(urn("1212092620000000000"));
    expected.links = vec!["https://bit.example/a".to_owned(), "https://long.example/a".to_owned()];
    let media =
        |kind, url: &str, alt: Option<&str>| molva_domain::Media { kind, url: url.into(), alt: alt.map(Into::into) };
    expected.media = vec![
        media(MediaKind::Image, "https://pbs.example/1.jpg", Some("a box")),
        media(MediaKind::Video, "https://pbs.example/2.jpg", None),
    ];
    expected.engagement =
        Engagement { likes: Some(40), reposts: Some(9), comments: Some(2), views: Some(900), rating: None };
    assert_eq!(post, expected);
}

#[test]
fn an_edit_has_the_name_of_the_first_version_and_another_revision() {
    let mut raw = answer();
    raw["id"] = json!("1212092900000000000");
    raw["created_at"] = json!("2019-12-31T19:27:20.000Z");
    raw["edit_history_tweet_ids"] = json!(["1212092628029698048", "1212092900000000000"]);
    let found = read(&raw, along());
    assert_eq!((found.id, found.name.as_str()), (1_212_092_900_000_000_000, "1212092628029698048 1212092900000000000"));
    let post = taken(found);
    assert_eq!(post.urn, urn("1212092628029698048"));
    assert_eq!(
        (post.published_at.as_secs(), post.edited_at),
        (1_577_820_376, Some(Timestamp::from_secs(1_577_820_440)))
    );
    assert_eq!(post.url.as_deref(), Some("https://x.com/anna/status/1212092900000000000"));
}

#[test]
fn reposts_quotes_and_long_posts_are_read_whole_in_old_and_new_names() {
    let mut raw = answer();
    raw["text"] = json!("RT @x: Where is…");
    raw["referenced_tweets"] = json!([{"type": "retweeted", "id": "1212092627178287104"}]);
    let repost = taken(read(&raw, along()));
    assert_eq!((repost.kind, repost.text.as_str()), (PostKind::Repost, "Where is it? https://shop.example/b"));
    assert_eq!(repost.repost_of, Some(urn("1212092620000000000")));

    let mut raw = answer();
    let fields = raw.as_object_mut().expect("an object");
    fields.remove("referenced_tweets");
    raw["referenced_posts"] = json!([{"type": "quoted", "id": "77"}]);
    raw["note_post"] = json!({"text": "A very long text", "entities": {}});
    raw["public_metrics"] = json!({"repost_count": 3, "impression_count": 0});
    let quote = taken(read(&raw, json!({})));
    assert_eq!(
        (quote.kind, quote.text.as_str(), quote.quote_of),
        (PostKind::Quote, "A very long text", Some(urn("77")))
    );
    assert_eq!((quote.engagement.reposts, quote.engagement.views, quote.author.handle), (Some(3), None, None));
    assert_eq!(quote.url.as_deref(), Some("https://x.com/i/status/1212092628029698048"));
}

#[test]
fn what_cannot_be_read_is_rejected_with_its_reason() {
    let reason = |raw: Value| match read(&raw, json!({})).item {
        Item::Rejected(rejection) => rejection.reason,
        other => panic!("{other:?}"),
    };
    assert_eq!(reason(json!(7)), RejectionReason::Malformed);
    assert_eq!(reason(json!({"id": 7, "text": "x"})), RejectionReason::Malformed);
    assert_eq!(reason(json!({"text": "x"})), RejectionReason::MissingId);
    assert_eq!(reason(json!({"id": "7a", "text": "x"})), RejectionReason::MissingId);
    assert_eq!(reason(json!({"id": "7", "text": "x", "created_at": "yesterday"})), RejectionReason::InvalidDate);
    assert_eq!(reason(json!({"id": "7", "text": "  "})), RejectionReason::EmptyText);
}

#[test]
fn everything_of_an_answer_is_paid_for() {
    let includes: Includes = serde_json::from_value(along()).expect("what comes along");
    let posts = [answer()];
    let all: Vec<_> = paid(&posts, &includes).collect();
    let expected = [
        (Paid::Post, "1212092628029698048"),
        (Paid::Post, "1212092627178287104"),
        (Paid::User, "2244994945"),
        (Paid::Media, "3_1"),
        (Paid::Media, "13_2"),
    ];
    assert_eq!(all, expected);
}
