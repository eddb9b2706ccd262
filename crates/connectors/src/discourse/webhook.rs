//! What a forum sends by itself: the post of each `post_created`, `post_edited`, `post_destroyed`, `post_recovered`.
//!
//! The header that names the event is not signed, so that nothing is believed of it: whether a post is gone says the post.

use molva_domain::{Rejection, RejectionReason};
use serde::Deserialize;
use serde_json::Value;

use super::Forum;
use crate::session::Item;
use crate::webhook::{Delivered, SignedBody};

pub(super) static WEBHOOKS: SignedBody = SignedBody::discourse(read);

/// Events of other things (topics, users, the ping) have no post; a topic's first post comes by itself.
#[derive(Deserialize)]
struct Event {
    #[serde(default)]
    post: Option<Value>,
}

fn read(delivered: &Delivered<'_>) -> Vec<Item> {
    let rejected =
        |reason, message: String, raw: &str| vec![Item::Rejected(Rejection::new(reason, "webhook", message, raw))];
    let forum = match Forum::of(delivered.settings) {
        Ok(forum) => forum,
        Err(error) => return rejected(RejectionReason::InvalidField, error.to_string(), ""),
    };
    let post = match serde_json::from_slice::<Event>(delivered.body) {
        Ok(Event { post: Some(post) }) => post,
        Ok(Event { post: None }) => return Vec::new(),
        Err(error) => {
            let head = &delivered.body[..delivered.body.len().min(2 * Rejection::MAX_SAMPLE_BYTES)];
            let message = format!("the call is not as Discourse promises: {error}");
            return rejected(RejectionReason::Malformed, message, &String::from_utf8_lossy(head));
        }
    };
    if post.get("topic_archetype").and_then(Value::as_str) == Some("private_message") {
        return rejected(RejectionReason::NotPublic, "it belongs to a private message".to_owned(), "");
    }
    let mut item = forum.found(&post, delivered.at, 0).item;
    forum.name_parent(&mut item);
    vec![item]
}

#[cfg(test)]
mod tests {
    use molva_domain::Timestamp;
    use serde_json::json;

    use super::*;
    use crate::settings::Settings;

    fn items(body: &Value) -> Vec<Item> {
        let values = [("url".to_owned(), "https://forum.example".to_owned())].into();
        let settings = Settings::new(values, std::collections::BTreeMap::new());
        let at = Timestamp::from_secs(1_772_366_400);
        read(&Delivered { source_key: "7", settings: &settings, body: body.to_string().as_bytes(), at })
    }

    fn post() -> Value {
        json!({"post": {"id": 91, "topic_id": 12, "topic_title": "No signal", "topic_archetype": "regular", "post_number": 4,
            "created_at": "2026-03-01T09:30:00.123Z", "cooked": "<p>Опять пропала связь</p>", "username": "anna"}})
    }

    #[test]
    fn a_post_that_is_sent_is_the_post_that_polling_finds() {
        let [Item::Post(post)] = &items(&post())[..] else { panic!("no post") };
        assert_eq!(post.urn.as_str(), "urn:smm:discourse:forum.example:post:91");
        assert_eq!(post.text, "Опять пропала связь");
    }

    #[test]
    fn what_is_gone_is_deleted_and_what_is_private_is_not_kept() {
        let mut gone = post();
        gone["post"]["deleted_at"] = json!("2026-03-01T10:00:00Z");
        assert!(matches!(&items(&gone)[..], [Item::Deleted(urn)] if urn.as_str().ends_with(":post:91")));
        let mut private = post();
        private["post"]["topic_archetype"] = json!("private_message");
        let [Item::Rejected(rejection)] = &items(&private)[..] else { panic!("not rejected") };
        assert_eq!((rejection.reason, rejection.sample.as_str()), (RejectionReason::NotPublic, ""));
    }

    #[test]
    fn a_ping_and_a_topic_say_nothing_of_posts() {
        assert!(items(&json!({"ping": "OK"})).is_empty() && items(&json!({"topic": {"id": 12}})).is_empty());
    }
}
