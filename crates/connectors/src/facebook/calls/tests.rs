//! Calls as Meta documents them.

use molva_domain::{PostKind, RejectionReason, Visibility};
use serde_json::json;

use super::*;
use crate::settings::Settings;

fn items(settings: &[(&str, &str)], body: &Value) -> Vec<Item> {
    let values = settings.iter().map(|(key, value)| ((*key).to_owned(), (*value).to_owned())).collect();
    let settings = Settings::new(values, std::collections::BTreeMap::new());
    let at = Timestamp::from_secs(1_772_366_400);
    read(&Delivered { source_key: "7", settings: &settings, body: body.to_string().as_bytes(), at })
}

fn change(field: &str, value: Value) -> Value {
    json!({"object": "page", "entry": [{"id": "104", "time": 1_772_366_000, "changes": [{"field": field, "value": value}]}]})
}

fn comment(verb: &str, parent: &str) -> Value {
    change(
        "feed",
        json!({"from": {"id": "55", "name": "Анна"}, "item": "comment", "verb": verb, "post_id": "104_7", "comment_id": "7_9",
            "parent_id": parent, "created_time": 1_772_365_990, "message": "Опять?"}),
    )
}

#[test]
fn a_comment_that_is_sent_is_the_comment_that_a_look_finds() {
    let [Item::Post(post)] = &items(&[], &comment("add", "104_7"))[..] else { panic!("no post") };
    let looked = json!({"id": "7_9", "message": "Опять?", "created_time": "2026-03-01T11:53:10+0000",
        "from": {"id": "55", "name": "Анна"}});
    let page = super::super::read::PageOf { id: "104".to_owned(), title: None };
    let Item::Post(looked) = page.comment(&looked, "104_7", post.fetched_at).item else { panic!("no post") };
    assert_eq!(**post, *looked);
    let [Item::Post(answer)] = &items(&[], &comment("edited", "7_8"))[..] else { panic!("no post") };
    assert_eq!((answer.kind, answer.edited_at), (PostKind::Reply, Some(Timestamp::from_secs(1_772_366_000))));
    assert!(answer.in_reply_to.as_ref().is_some_and(|above| above.as_str() == "urn:smm:facebook:comment:7_8"));
}

#[test]
fn what_is_removed_is_deleted_and_what_is_liked_says_nothing() {
    let removed = items(&[], &comment("remove", "104_7"));
    assert!(matches!(&removed[..], [Item::Deleted(urn)] if urn.as_str() == "urn:smm:facebook:comment:7_9"));
    let post = change("feed", json!({"item": "post", "verb": "remove", "post_id": "104_7"}));
    assert!(matches!(&items(&[], &post)[..], [Item::Deleted(urn)] if urn.as_str() == "urn:smm:facebook:post:104_7"));
    for nothing in [
        comment("hide", "104_7"),
        change("feed", json!({"item": "reaction", "verb": "add", "post_id": "104_7", "reaction_type": "like"})),
        change(
            "feed",
            json!({"item": "status", "verb": "add", "post_id": "104_7", "message": "Черновик", "published": 0}),
        ),
        change("leadgen", json!({"item": "post"})),
        json!({"object": "instagram", "entry": [{"id": "104", "changes": []}]}),
    ] {
        assert!(items(&[], &nothing).is_empty(), "{nothing}");
    }
}

#[test]
fn reviews_tags_and_messages_come_where_they_are_wanted() {
    let review = change(
        "ratings",
        json!({"item": "rating", "verb": "add", "reviewer_id": "55", "reviewer_name": "Анна", "review_text": "Плохо",
            "recommendation_type": "NEGATIVE", "open_graph_story_id": "77", "created_time": 1_772_365_990}),
    );
    let [Item::Post(post)] = &items(&[], &review)[..] else { panic!("no post") };
    assert_eq!((post.kind, post.engagement.rating, post.text.as_str()), (PostKind::Review, Some(1), "Плохо"));
    assert!(items(&[("reviews", "false")], &review).is_empty());

    let tag = change(
        "mention",
        json!({"item": "post", "verb": "add", "post_id": "55_8", "sender_id": "55",
        "sender_name": "Анна", "message": "Это @Мост", "created_time": 1_772_365_990}),
    );
    let [Item::Post(post)] = &items(&[], &tag)[..] else { panic!("no post") };
    assert_eq!((post.author.name.as_deref(), post.community.as_ref()), (Some("Анна"), None));
    assert!(items(&[("tagged", "false")], &tag).is_empty());

    let message = json!({"object": "page", "entry": [{"id": "104", "time": 1_772_366_000_123_i64, "messaging": [
        {"sender": {"id": "55"}, "recipient": {"id": "104"}, "timestamp": 1_772_365_990_000_i64, "message": {"mid": "m_1", "text": "Где?"}},
        {"sender": {"id": "104"}, "recipient": {"id": "55"}, "message": {"mid": "m_2", "text": "Тут", "is_echo": true}},
        {"sender": {"id": "55"}, "recipient": {"id": "104"}, "read": {"watermark": 1}},
    ]}]});
    assert!(items(&[], &message).is_empty(), "nobody asked for private messages");
    let [Item::Post(post)] = &items(&[("messages", "true")], &message)[..] else { panic!("not one post") };
    assert_eq!((post.kind, post.visibility, post.text.as_str()), (PostKind::Message, Visibility::Direct, "Где?"));
    assert_eq!(post.urn.as_str(), "urn:smm:facebook:message:104/55/m_1");
    assert_eq!(post.published_at, Timestamp::from_secs(1_772_365_990));
}

#[test]
fn calls_of_other_pages_are_left_alone_and_nonsense_is_rejected() {
    assert_eq!(items(&[("page_id", "105")], &comment("add", "104_7")).len(), 0);
    assert_eq!(items(&[("page_id", "104")], &comment("add", "104_7")).len(), 1);
    let [Item::Rejected(rejection)] = &items(&[], &json!([1]))[..] else { panic!("not rejected") };
    assert_eq!(rejection.reason, RejectionReason::Malformed);
    let nameless = change("feed", json!({"item": "comment", "verb": "add", "message": "x"}));
    let [Item::Rejected(rejection)] = &items(&[], &nameless)[..] else { panic!("not rejected") };
    assert_eq!(rejection.reason, RejectionReason::MissingId);
}
