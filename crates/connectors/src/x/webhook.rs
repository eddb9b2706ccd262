//! The filtered stream by webhook: X calls with what a line of the stream would be. Links the rules of an application to an address:
//! `POST /2/tweets/search/webhooks/:id`. Calls and the question by `crc_token` are proved with the application's secret.

use molva_domain::{Rejection, RejectionReason};

use super::read;
use super::wire::StreamLine;
use crate::session::Item;
use crate::webhook::{Delivered, SignedBody};

pub(super) static WEBHOOKS: SignedBody = SignedBody::x(read_call);

fn read_call(delivered: &Delivered<'_>) -> Vec<Item> {
    match serde_json::from_slice::<StreamLine>(delivered.body) {
        Ok(StreamLine { data: Some(data), includes, .. }) if data.get("text").is_some() => {
            vec![read::post(&data, &includes, delivered.at, "webhook").item]
        }
        // Events of other kinds say nothing of posts.
        Ok(_) => Vec::new(),
        Err(error) => {
            let head = &delivered.body[..delivered.body.len().min(2 * Rejection::MAX_SAMPLE_BYTES)];
            let message = format!("the call is not as X promises: {error}");
            let sample = String::from_utf8_lossy(head);
            vec![Item::Rejected(Rejection::new(RejectionReason::Malformed, "webhook", message, &sample))]
        }
    }
}

#[cfg(test)]
mod tests {
    use molva_domain::Timestamp;
    use serde_json::{Value, json};

    use super::*;
    use crate::settings::Settings;

    fn items(body: &Value) -> Vec<Item> {
        let settings = Settings::default();
        let at = Timestamp::from_secs(1_772_366_400);
        read_call(&Delivered { source_key: "7", settings: &settings, body: body.to_string().as_bytes(), at })
    }

    #[test]
    fn a_call_brings_the_post_that_the_stream_would() {
        let body = json!({
            "data": {"id": "1212092628029698048", "text": "No signal", "author_id": "7"},
            "includes": {"users": [{"id": "7", "username": "anna", "name": "Anna"}]},
            "matching_rules": [{"id": "1", "tag": "molva 7"}],
        });
        let [Item::Post(post)] = &items(&body)[..] else { panic!("no post") };
        assert_eq!((post.urn.as_str(), post.text.as_str()), ("urn:smm:x:post:1212092628029698048", "No signal"));
    }

    #[test]
    fn other_events_say_nothing_and_nonsense_is_rejected() {
        assert!(
            items(&json!({"data": {"event_type": "profile.update.bio"}})).is_empty() && items(&json!({})).is_empty()
        );
        assert!(matches!(&items(&json!("x"))[..], [Item::Rejected(_)]));
    }
}
