use serde_json::json;

use super::*;
use crate::max::update;

const NOW: Timestamp = Timestamp::from_secs(1_772_366_400);

fn message(chat_type: &str) -> Value {
    json!({
        "sender": {"user_id": 9, "first_name": "Анна", "last_name": "Белых", "username": "anna", "is_bot": false,
            "last_activity_time": 1_772_360_000_000_u64, "name": "Анна Белых"},
        "recipient": {"chat_id": -71, "chat_type": chat_type, "user_id": null},
        "timestamp": 1_772_360_000_123_i64,
        "body": {"mid": "mid.a1", "seq": 5, "text": "Нет связи", "attachments": null, "markup": null},
        "new_field": {"x": 1},
    })
}

fn check(raw: &Value) -> Post {
    match read(raw, None, true, &Chats::default(), NOW, "update 1") {
        Some(Item::Post(post)) => *post,
        other => panic!("{other:?}"),
    }
}

fn reason(raw: &Value) -> RejectionReason {
    match read(raw, None, true, &Chats::default(), NOW, "update 1") {
        Some(Item::Rejected(rejection)) => rejection.reason,
        other => panic!("{other:?}"),
    }
}

#[test]
fn a_message_of_a_group_has_its_author_place_and_links() {
    let mut raw = message("chat");
    raw["body"]["text"] = json!("Смотрите тут: https://a.example/x");
    raw["body"]["markup"] = json!([{"type": "link", "from": 9, "length": 3, "url": "https://b.example"},
        {"type": "strong", "from": 0, "length": 2}, {"type": "brand_new", "from": 0, "length": 1}]);
    raw["body"]["attachments"] = json!([
        {"type": "image", "payload": {"photo_id": 1, "token": "t", "url": "https://i.example/1"}},
        {"type": "file", "payload": {"url": "https://f.example/2", "token": "t"}, "filename": "счёт.pdf", "size": 5},
        {"type": "inline_keyboard", "payload": {"buttons": []}}]);
    let post = check(&raw);
    assert_eq!((post.urn.as_str(), post.kind), ("urn:smm:max:post:-71/mid.a1", PostKind::Message));
    assert_eq!(
        (post.visibility, post.published_at),
        (Visibility::Followers, Timestamp::from_millis(1_772_360_000_123))
    );
    assert_eq!(post.author.name.as_deref(), Some("Анна Белых"));
    assert_eq!((post.author.handle.as_deref(), post.author.bot), (Some("anna"), Some(false)));
    assert_eq!(post.community.map(|community| community.key), Some("max/-71".to_owned()));
    assert_eq!(post.links, ["https://a.example/x", "https://b.example"]);
    let media: Vec<_> = post.media.iter().map(|media| (media.kind, media.alt.as_deref())).collect();
    assert_eq!(media, [(MediaKind::Image, None), (MediaKind::Document, Some("счёт.pdf"))]);
}

#[test]
fn a_channels_post_speaks_for_the_channel_and_its_comments_stand_under_it() {
    let mut post = message("channel");
    post["sender"] = Value::Null;
    post["url"] = json!("https://max.ru/news/a1");
    post["stat"] = json!({"views": 77});
    let read = check(&post);
    assert_eq!((read.kind, read.visibility, read.engagement.views), (PostKind::Post, Visibility::Public, Some(77)));
    assert_eq!(read.author.urn.as_ref().map(Urn::as_str), Some("urn:smm:max:author:-71"));

    let mut comment = message("channel");
    comment["recipient"]["post_id"] = json!("mid.a1");
    comment["body"]["mid"] = json!("mid.c2");
    let read = check(&comment);
    assert_eq!((read.urn.as_str(), read.kind), ("urn:smm:max:comment:-71/mid.a1/mid.c2", PostKind::Comment));
    assert_eq!(read.in_reply_to.as_ref().map(Urn::as_str), Some("urn:smm:max:post:-71/mid.a1"));

    comment["body"]["mid"] = json!("mid.c3");
    comment["link"] = json!({"type": "reply", "chat_id": -71, "message": {"mid": "mid.c2", "seq": 1, "text": "x"}});
    let read = check(&comment);
    assert_eq!((read.kind, read.text.as_str()), (PostKind::Reply, "Нет связи"));
    assert_eq!(read.in_reply_to.as_ref().map(Urn::as_str), Some("urn:smm:max:comment:-71/mid.a1/mid.c2"));
}

#[test]
fn what_is_passed_on_has_the_words_of_its_origin() {
    let mut raw = message("chat");
    raw["body"]["text"] = Value::Null;
    raw["link"] = json!({"type": "forward", "chat_id": -70,
        "message": {"mid": "mid.o9", "seq": 1, "text": "Авария на линии", "attachments": []}});
    let post = check(&raw);
    assert_eq!((post.kind, post.text.as_str()), (PostKind::Repost, "Авария на линии"));
    assert_eq!(post.repost_of.as_ref().map(Urn::as_str), Some("urn:smm:max:post:-70/mid.o9"));
    assert_eq!(post.in_reply_to, None);
}

#[test]
fn private_messages_are_read_only_where_wanted_and_what_is_broken_is_rejected() {
    let private = message("dialog");
    assert!(read(&private, None, false, &Chats::default(), NOW, "update 1").is_none());
    let post = check(&private);
    assert_eq!((post.visibility, post.community), (Visibility::Direct, None));
    let mut sticker = message("chat");
    sticker["body"]["text"] = json!("  ");
    let mut nameless = message("chat");
    nameless["body"]["mid"] = json!("");
    let mut timeless = message("chat");
    timeless["timestamp"] = json!(5);
    let reasons = [&sticker, &nameless, &timeless, &json!({"recipient": 5})].map(reason);
    let expected = [
        RejectionReason::EmptyText,
        RejectionReason::MissingId,
        RejectionReason::InvalidDate,
        RejectionReason::Malformed,
    ];
    assert_eq!(reasons, expected);
}

#[test]
fn edits_have_their_time_and_what_is_removed_the_name_it_had() {
    let item = |update: &Value| update::read(update, true, &Chats::default(), NOW, "update 1");
    let edited =
        json!({"update_type": "message_edited", "timestamp": 1_772_361_000_000_i64, "message": message("chat")});
    let Some(Item::Post(post)) = item(&edited) else { panic!("no post") };
    assert_eq!(post.edited_at, Some(Timestamp::from_secs(1_772_361_000)));
    let removed = json!({"update_type": "message_removed", "timestamp": 1, "message_id": "mid.a1", "chat_id": -71,
        "user_id": 9, "post_id": null});
    assert!(matches!(item(&removed), Some(Item::Deleted(urn)) if urn == post.urn));
    let gone = json!({"update_type": "comment_removed", "timestamp": 1, "message_id": "mid.c2", "chat_id": -71,
        "user_id": 9, "post_id": "mid.a1"});
    assert!(matches!(item(&gone), Some(Item::Deleted(urn)) if urn.as_str() == "urn:smm:max:comment:-71/mid.a1/mid.c2"));
    assert!(item(&json!({"update_type": "bot_started", "timestamp": 1, "chat_id": 5})).is_none());
    assert!(matches!(item(&json!({"update_type": "message_created", "timestamp": 1})), Some(Item::Rejected(_))));
}
