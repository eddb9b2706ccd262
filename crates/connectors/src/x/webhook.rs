//! Being called by X: events of the X Activity API (posts that mention an account, its own posts, deletions), the filtered stream by
//! webhook, and the Account Activity API of before. All are proved with the application's secret, as is the question by `crc_token`.
//!
//! <https://docs.x.com/x-api/webhooks/introduction>, <https://docs.x.com/x-api/activity/event-payloads>.

use molva_domain::{Rejection, RejectionReason};
use serde::Deserialize;
use serde::de::IgnoredAny;
use serde_json::{Value, json};

use super::read;
use super::wire::{Includes, StreamLine};
use crate::session::Item;
use crate::settings::{Localized, Settings};
use crate::webhook::{Answer, Delivered, SignedBody, Verified, WebhookError, WebhookRequest, Webhooks};

/// Setting that chooses who calls whom.
pub(super) const DELIVERY: &str = "delivery";
const PROOF: SignedBody = SignedBody::x(read_call);
/// Posts of one call.
const MAX_POSTS: usize = 1_000;

/// The network as it calls us.
#[derive(Debug)]
pub(super) struct XWebhook;

impl Webhooks for XWebhook {
    fn verify(&self, settings: &Settings, request: WebhookRequest<'_>) -> Result<Verified, WebhookError> {
        let proved = PROOF.verify(settings, request)?;
        let whole: Result<IgnoredAny, _> = serde_json::from_slice(request.body);
        whole.map(|_| proved).map_err(|error| WebhookError::Malformed(error.to_string()))
    }

    fn question(&self, settings: &Settings, query: &str) -> Result<Answer, WebhookError> {
        PROOF.question(settings, query)
    }

    fn wanted(&self, settings: &Settings) -> bool {
        is_wanted(settings)
            || (settings.text("what") != Some("mentions") && settings.secret("consumer_secret").is_some())
    }

    /// Mentions are set up by Molva itself.
    fn guide(&self, settings: &Settings) -> Option<Localized> {
        if is_wanted(settings) { None } else { PROOF.guide(settings) }
    }

    fn read(&self, delivered: &Delivered<'_>) -> Vec<Item> {
        read_call(delivered)
    }
}

/// Whether X is to call with the mentions of an account.
pub(super) fn is_wanted(settings: &Settings) -> bool {
    settings.text("what") == Some("mentions") && settings.text(DELIVERY) == Some("webhook")
}

/// What a call may be; each kind has its own fields.
#[derive(Default, Deserialize)]
#[serde(default)]
struct Call {
    data: Option<Value>,
    /// Of the Account Activity API: posts in the shape of API 1.1.
    tweet_create_events: Vec<Value>,
    tweet_delete_events: Vec<OldDeletion>,
}

/// An event of the X Activity API.
#[derive(Default, Deserialize)]
#[serde(default)]
struct Event {
    event_type: String,
    payload: Value,
    includes: Includes,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct OldDeletion {
    status: OldStatus,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct OldStatus {
    id: Value,
}

fn read_call(delivered: &Delivered<'_>) -> Vec<Item> {
    let malformed = |error: serde_json::Error| {
        let head = &delivered.body[..delivered.body.len().min(2 * Rejection::MAX_SAMPLE_BYTES)];
        let message = format!("the call is not as X promises: {error}");
        let sample = String::from_utf8_lossy(head);
        vec![Item::Rejected(Rejection::new(RejectionReason::Malformed, "webhook", message, &sample))]
    };
    let call: Call = match serde_json::from_slice(delivered.body) {
        Ok(call) => call,
        Err(error) => return malformed(error),
    };
    match &call.data {
        Some(data) if data.get("event_type").is_some() => match Event::deserialize(data) {
            Ok(event) => event.read(delivered).into_iter().collect(),
            Err(error) => malformed(error),
        },
        Some(data) if data.get("text").is_some() => match serde_json::from_slice::<StreamLine>(delivered.body) {
            Ok(line) => vec![read::post(data, &line.includes, delivered.at, "webhook").item],
            Err(error) => malformed(error),
        },
        // Events of other kinds say nothing of posts.
        Some(_) => Vec::new(),
        None => call.old(delivered),
    }
}

impl Event {
    fn read(&self, delivered: &Delivered<'_>) -> Option<Item> {
        match self.event_type.as_str() {
            "post.create"
            | "post.mention.create"
            | "post.reply.create"
            | "post.quote.create"
            | "post.repost.create" => Some(read::post(&self.payload, &self.includes, delivered.at, "webhook").item),
            "post.delete" => {
                let names = ["id", "post_id", "tweet_id"];
                let id = names.iter().find_map(|name| super::id::parse(self.payload.get(name)?.as_str()?))?;
                Some(Item::Deleted(read::urn(&id.to_string())))
            }
            _ => None,
        }
    }
}

impl Call {
    fn old(&self, delivered: &Delivered<'_>) -> Vec<Item> {
        let posts = self.tweet_create_events.iter().take(MAX_POSTS).map(|old| {
            let (post, includes) = of_old(old);
            read::post(&post, &includes, delivered.at, "webhook").item
        });
        let gone = self.tweet_delete_events.iter().take(MAX_POSTS).filter_map(|gone| {
            let id = &gone.status.id;
            let id = id.as_str().map_or_else(|| id.as_u64(), super::id::parse)?;
            Some(Item::Deleted(read::urn(&id.to_string())))
        });
        posts.chain(gone).collect()
    }
}

/// A post in the shape of API 1.1, as one of today. When it was said stands in its id.
fn of_old(old: &Value) -> (Value, Includes) {
    let text = |pointer: &str| old.pointer(pointer).and_then(Value::as_str);
    let whole = text("/extended_tweet/full_text").or_else(|| text("/full_text")).or_else(|| text("/text"));
    let refers = |kind: &str, pointer: &str| text(pointer).map(|id| json!({"type": kind, "id": id}));
    let references: Vec<Value> = [
        refers("retweeted", "/retweeted_status/id_str"),
        refers("replied_to", "/in_reply_to_status_id_str"),
        refers("quoted", "/quoted_status_id_str"),
    ]
    .into_iter()
    .flatten()
    .collect();
    let urls = old.pointer("/extended_tweet/entities/urls").or_else(|| old.pointer("/entities/urls"));
    let post = json!({
        "id": text("/id_str").unwrap_or_default(),
        "text": whole.unwrap_or_default(),
        "author_id": text("/user/id_str"),
        "lang": text("/lang"),
        "entities": {"urls": urls.cloned().unwrap_or_else(|| json!([]))},
        "referenced_tweets": references,
    });
    let users = json!({"users": [{
        "id": text("/user/id_str").unwrap_or_default(),
        "username": text("/user/screen_name").unwrap_or_default(),
        "name": text("/user/name").unwrap_or_default(),
        "verified": old.pointer("/user/verified").and_then(Value::as_bool),
        "public_metrics": {"followers_count": old.pointer("/user/followers_count").and_then(Value::as_u64)},
    }]});
    (post, Includes::deserialize(users).unwrap_or_default())
}

#[cfg(test)]
mod tests {
    use molva_domain::{PostKind, Timestamp};

    use super::*;

    fn items(body: &Value) -> Vec<Item> {
        let settings = Settings::default();
        let at = Timestamp::from_secs(1_772_366_400);
        read_call(&Delivered { source_key: "7", settings: &settings, body: body.to_string().as_bytes(), at })
    }

    fn check(body: &Value, expected: &[&str]) {
        let told = |item: &Item| match item {
            Item::Post(post) => {
                let author = post.author.handle.as_deref().unwrap_or("?");
                format!("{} {:?} {author}: {}", post.urn, post.kind, post.text)
            }
            Item::Deleted(urn) => format!("gone {urn}"),
            Item::Rejected(rejection) => format!("rejected {}", rejection.reason),
        };
        let found: Vec<String> = items(body).iter().map(told).collect();
        assert_eq!(found, expected);
    }

    fn event(kind: &str, payload: &Value) -> Value {
        json!({"data": {
            "event_uuid": "2080761390344937796", "event_type": kind, "tag": "molva 7", "filter": {"user_id": "9"},
            "payload": payload, "includes": {"users": [{"id": "7", "username": "anna", "name": "Anna"}]},
        }})
    }

    #[test]
    fn an_event_of_an_account_brings_the_post_or_tells_that_it_is_gone() {
        let post = json!({"id": "1212092628029698048", "text": "@molva No signal", "author_id": "7"});
        let found = ["urn:smm:x:post:1212092628029698048 Post anna: @molva No signal"];
        for kind in ["post.mention.create", "post.create", "post.reply.create", "post.quote.create"] {
            check(&event(kind, &post), &found);
        }
        check(
            &event("post.delete", &json!({"id": "1212092628029698048"})),
            &["gone urn:smm:x:post:1212092628029698048"],
        );
        check(&event("post.delete", &json!({"id": "no number"})), &[]);
        for kind in ["like.create", "profile.update.bio", "dm.received"] {
            check(&event(kind, &post), &[]);
        }
    }

    #[test]
    fn a_call_of_the_stream_brings_the_post_that_the_stream_would() {
        let body = json!({
            "data": {"id": "1212092628029698048", "text": "No signal", "author_id": "7"},
            "includes": {"users": [{"id": "7", "username": "anna", "name": "Anna"}]},
            "matching_rules": [{"id": "1", "tag": "molva 7"}],
        });
        check(&body, &["urn:smm:x:post:1212092628029698048 Post anna: No signal"]);
    }

    #[test]
    fn posts_of_the_account_activity_api_are_read_as_those_of_today() {
        let body = json!({"for_user_id": "9", "tweet_create_events": [{
            "id": 1_212_092_628_029_698_048_u64, "id_str": "1212092628029698048", "text": "@molva Still no…", "truncated": true,
            "extended_tweet": {"full_text": "@molva Still no signal https://t.co/a",
                "entities": {"urls": [{"url": "https://t.co/a", "expanded_url": "https://example.org/a"}]}},
            "created_at": "Wed Jan 01 06:55:00 +0000 2020", "lang": "en", "in_reply_to_status_id_str": "1212092628029698000",
            "user": {"id_str": "7", "screen_name": "anna", "name": "Anna", "followers_count": 12, "verified": false},
        }]});
        check(&body, &["urn:smm:x:post:1212092628029698048 Reply anna: @molva Still no signal https://example.org/a"]);
        let [Item::Post(post)] = &items(&body)[..] else { panic!("no post") };
        assert_eq!(
            (post.kind, post.author.followers, post.language),
            (PostKind::Reply, Some(12), molva_domain::Language::parse("en"))
        );
        assert_eq!(post.published_at.as_secs(), super::super::id::moment(1_212_092_628_029_698_048).as_secs());
        let gone = json!({"for_user_id": "9", "tweet_delete_events": [
            {"status": {"id": "601430178305220608", "user_id": "3198576760"}, "timestamp_ms": "1432228155593"}]});
        check(&gone, &["gone urn:smm:x:post:601430178305220608"]);
        check(&json!({"for_user_id": "9", "favorite_events": [{}]}), &[]);
    }

    #[test]
    fn other_events_say_nothing_and_nonsense_is_rejected() {
        check(&json!({"data": {"event_type": "profile.update.bio"}}), &[]);
        check(&json!({}), &[]);
        check(&json!("x"), &["rejected malformed"]);
        check(&json!({"data": {"event_type": 7}}), &["rejected malformed"]);
        check(&event("post.create", &json!({"text": "no id"})), &["rejected missing_id"]);
    }
}
