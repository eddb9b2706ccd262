use serde_json::json;

use super::*;

const NOW: Timestamp = Timestamp::from_secs(1_772_366_400);

fn group() -> Group {
    serde_json::from_value(json!({"uid": "70000000000001", "name": "Брамтел", "shortname": "bramtel"}))
        .expect("a group")
}

fn post(found: Found) -> Post {
    match found.item {
        Item::Post(post) => *post,
        other => panic!("{other:?}"),
    }
}

fn raw_topic() -> Value {
    json!({
        "id": "150000000000007", "created_ms": 1_772_360_000_000_i64, "author_ref": "group:70000000000001", "new_field": {},
        "media": [{"type": "text", "text": "Авария https://a.example/x"}, {"type": "link", "url": "https://b.example", "title": "Подробно"},
            {"type": "photo", "url": "https://i.example/1.jpg"}, {"type": "brand_new"}],
        "discussion_summary": {"comments_count": 3}, "like_summary": {"count": 8}, "reshare_summary": {"count": 2},
    })
}

#[test]
fn a_topic_of_a_group_has_its_words_links_and_numbers() {
    let found = topic(&raw_topic(), &group(), NOW, "topics");
    let post = post(found);
    assert_eq!((post.urn.as_str(), post.kind), ("urn:smm:ok:post:GROUP_TOPIC/150000000000007", PostKind::Post));
    assert_eq!(post.text, "Авария https://a.example/x\n\nПодробно");
    assert_eq!(post.links, ["https://a.example/x", "https://b.example"]);
    assert_eq!(post.media.iter().map(|media| media.kind).collect::<Vec<_>>(), [MediaKind::Link, MediaKind::Image]);
    let engagement = post.engagement;
    assert_eq!((engagement.likes, engagement.reposts, engagement.comments), (Some(8), Some(2), Some(3)));
    assert_eq!(post.url.as_deref(), Some("https://ok.ru/group/70000000000001/topic/150000000000007"));
    assert_eq!(
        (post.author.name.as_deref(), post.author.url.as_deref()),
        (Some("Брамтел"), Some("https://ok.ru/bramtel"))
    );
    assert_eq!(outline(&raw_topic()), Some((150_000_000_000_007, Timestamp::from_secs(1_772_360_000), 3)));
}

#[test]
fn a_comment_stands_under_its_topic_and_an_answer_under_what_it_answers() {
    let mut raw = json!({"id": "c1", "author_id": "57", "author_name": "Анна Белых", "author_ref": "user:57", "text": "Нет связи",
        "date": "2026-03-01 12:30:00", "type": "ACTIVE_MESSAGE", "like_count": 4});
    let read = |raw: &Value| post(comment(raw, "15", &group(), NOW, "comments"));
    let said = read(&raw);
    assert_eq!((said.urn.as_str(), said.kind), ("urn:smm:ok:comment:GROUP_TOPIC/15/c1", PostKind::Comment));
    assert_eq!(said.published_at, Timestamp::parse("2026-03-01T09:30:00Z").expect("Moscow is three hours ahead"));
    assert_eq!(said.in_reply_to, Some(topic_urn("15")));
    assert_eq!((said.author.name.as_deref(), said.engagement.likes), (Some("Анна Белых"), Some(4)));
    raw["reply_to_comment_id"] = json!("c0");
    raw["date_ms"] = json!(1_772_361_000_000_i64);
    let answer = read(&raw);
    assert_eq!((answer.kind, answer.in_reply_to), (PostKind::Reply, Some(comment_urn("15", "c0"))));
    assert_eq!(answer.published_at, Timestamp::from_secs(1_772_361_000));
    raw["author_ref"] = json!("group:70000000000001");
    assert_eq!(read(&raw).author.name.as_deref(), Some("Брамтел"));
    raw["type"] = json!("REMOVED_MESSAGE");
    let gone = comment(&raw, "15", &group(), NOW, "comments");
    assert!(matches!(gone.item, Item::Deleted(urn) if urn == said.urn));
}

#[test]
fn what_is_broken_is_rejected_and_another_text_is_another_revision() {
    let reason = |found: Found| match found.item {
        Item::Rejected(rejection) => rejection.reason,
        other => panic!("{other:?}"),
    };
    let read = |raw: &Value| comment(raw, "15", &group(), NOW, "comments");
    assert_eq!(reason(read(&json!({"text": "x"}))), RejectionReason::MissingId);
    assert_eq!(reason(read(&json!({"id": 5, "text": "x", "date": "yesterday"}))), RejectionReason::InvalidDate);
    assert_eq!(
        reason(read(&json!({"id": 5, "text": " ", "date_ms": 1_772_361_000_000_i64}))),
        RejectionReason::EmptyText
    );
    assert_eq!(reason(read(&json!({"id": 5, "text": {"x": 1}}))), RejectionReason::Malformed);
    let mut other = raw_topic();
    other["media"][0]["text"] = json!("Починили");
    let (one, two) = (topic(&raw_topic(), &group(), NOW, "x"), topic(&other, &group(), NOW, "x"));
    assert!(one.thing == two.thing && one.name != two.name);
}

#[test]
fn a_message_to_a_group_is_private_and_names_its_chat() {
    let call = json!({"webhookType": "MESSAGE_CREATED", "sender": {"user_id": "user:57", "name": "Анна"},
        "recipient": {"chat_id": "chat:C3e"}, "message": {"text": "Здравствуйте", "seq": 9, "mid": "mid:C3e.15"}, "timestamp": 1_772_361_000_000_i64});
    let Some(Item::Post(post)) = message(&call, NOW, "webhook") else { panic!("no post") };
    assert_eq!(
        (post.urn.as_str(), post.visibility),
        ("urn:smm:ok:message:chat%3AC3e/mid%3AC3e.15", Visibility::Direct)
    );
    assert_eq!(post.author.url.as_deref(), Some("https://ok.ru/profile/57"));
    assert!(message(&json!({"webhookType": "CHAT_SYSTEM", "timestamp": 1}), NOW, "webhook").is_none());
    assert!(matches!(message(&json!({"message": {"mid": "m"}}), NOW, "webhook"), Some(Item::Rejected(_))));
}
