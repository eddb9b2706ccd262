//! What Meta calls with of an Instagram account: `comments`, `mentions`, `messages`.
//! <https://developers.facebook.com/docs/instagram-platform/webhooks>. Edits do not exist there, and deletions are not told.

use molva_domain::Timestamp;
use serde_json::Value;

use super::mentions::{self, Mention};
use super::read::{AccountOf, comment_urn, item, post, stands_under};
use super::{DESCRIPTOR, NETWORK};
use crate::connector::BoxFuture;
use crate::error::ConnectorError;
use crate::meta::calls::{self, Happened};
use crate::meta::graph::Graph;
use crate::meta::login::Login;
use crate::meta::{conversation, id};
use crate::session::{Item, Session};
use crate::settings::{Localized, Settings};
use crate::webhook::{Answer, Delivered, SignedBody, Verified, WebhookError, WebhookRequest, Webhooks};

static SIGNED: SignedBody = SignedBody::meta(read);

const WITHOUT_PAGE: Localized = Localized {
    en: "In the application at developers.facebook.com: Instagram → API setup with Instagram login → Configure webhooks. Paste the address and the verify token, mark comments, mentions and messages, and switch on Webhook subscription beside the account. Calls are proved by the Instagram app secret.",
    ru: "В приложении на developers.facebook.com: Instagram → API setup with Instagram login → Configure webhooks. Вставьте адрес и токен подтверждения, отметьте comments, mentions и messages и включите Webhook subscription рядом с аккаунтом. Вызовы проверяются секретом приложения Instagram.",
    uk: "У застосунку на developers.facebook.com: Instagram → API setup with Instagram login → Configure webhooks. Вставте адресу й токен підтвердження, позначте comments, mentions і messages та ввімкніть Webhook subscription поруч з акаунтом. Виклики перевіряються секретом застосунку Instagram.",
};

/// As a page's calls, but a mention has to be asked for before it is read.
#[derive(Clone, Copy, Debug)]
pub(super) struct InstagramCalls;

impl Webhooks for InstagramCalls {
    fn verify(&self, settings: &Settings, request: WebhookRequest<'_>) -> Result<Verified, WebhookError> {
        SIGNED.verify(settings, request)
    }

    fn question(&self, settings: &Settings, query: &str) -> Result<Answer, WebhookError> {
        SIGNED.question(settings, query)
    }

    fn shared_secret(&self) -> Option<&'static str> {
        SIGNED.shared_secret()
    }

    fn guide(&self, settings: &Settings) -> Option<Localized> {
        match Login::of(settings) {
            Login::Facebook => SIGNED.guide(settings),
            Login::Instagram => Some(WITHOUT_PAGE),
        }
    }

    fn prepare<'a>(
        &'a self,
        session: &'a Session,
        delivered: &'a [Delivered<'a>],
    ) -> BoxFuture<'a, Result<(), ConnectorError>> {
        Box::pin(async move {
            let session = session.with_defaults(DESCRIPTOR.settings);
            if !session.settings.flag("tagged") {
                return Ok(());
            }
            let named = std::cell::RefCell::new(Vec::new());
            for call in delivered {
                calls::read(call, NETWORK, session.settings.text("account_id"), |happened| {
                    let mention = (happened.field == "mentions").then(|| Mention::told(happened.value)).flatten();
                    named.borrow_mut().extend(mention);
                    None
                });
            }
            let named = named.into_inner();
            mentions::ask_for(named, &session, &Graph::of(&session.settings)?).await
        })
    }

    fn read(&self, delivered: &Delivered<'_>) -> Vec<Item> {
        read(delivered)
    }
}

fn read(delivered: &Delivered<'_>) -> Vec<Item> {
    let settings = delivered.settings.clone().with_defaults(DESCRIPTOR.settings);
    calls::read(delivered, NETWORK, settings.text("account_id"), |happened| match happened.field {
        "comments" | "live_comments" => Some(comment(happened, delivered.at)),
        "mentions" if settings.flag("tagged") => Mention::told(happened.value)?.take(delivered.source_key),
        "messages" if settings.flag("messages") => conversation::read(NETWORK, happened, delivered.at),
        _ => None,
    })
}

/// A comment under one's own media. It has no time of its own: it is sent when it is written.
fn comment(happened: Happened<'_>, now: Timestamp) -> Item {
    let Happened { of, value, at, .. } = happened;
    let account = AccountOf { id: of.to_owned(), username: String::new(), name: None };
    let words = value.get("text").and_then(Value::as_str).map(str::to_owned);
    let name = id(&value["id"]);
    item(post(name.as_deref().map(comment_urn), words, Some(at), now, value).map(|mut post| {
        stands_under(&mut post, &id(&value["media"]["id"]).unwrap_or_default(), id(&value["parent_id"]).as_deref());
        post.community = Some(account.community());
        post
    }))
}

#[cfg(test)]
mod tests {
    use molva_domain::{PostKind, RejectionReason};
    use serde_json::json;

    use super::*;

    fn items(settings: &[(&str, &str)], body: &Value) -> Vec<Item> {
        let values = settings.iter().map(|(key, value)| ((*key).to_owned(), (*value).to_owned())).collect();
        let settings = Settings::new(values, std::collections::BTreeMap::new());
        let at = Timestamp::from_secs(1_772_366_400);
        let body = body.to_string();
        let delivered = Delivered { source_key: "of-calls", settings: &settings, body: body.as_bytes(), at };
        InstagramCalls.read(&delivered)
    }

    fn change(field: &str, value: Value) -> Value {
        json!({"object": "instagram", "entry": [{"id": "178", "time": 1_772_366_000, "changes": [{"field": field, "value": value}]}]})
    }

    #[test]
    fn a_comment_has_the_time_of_its_call_and_the_name_a_look_finds() {
        let value = json!({"id": "17865799348089039", "parent_id": "1231231234", "text": "Тоже ждём",
            "from": {"id": "232323232", "username": "anna", "self_ig_scoped_id": "9"},
            "media": {"id": "123123123", "media_product_type": "FEED"}});
        let [Item::Post(post)] = &items(&[], &change("comments", value.clone()))[..] else { panic!("no post") };
        assert_eq!((post.urn.as_str(), post.kind), ("urn:smm:instagram:comment:17865799348089039", PostKind::Reply));
        assert_eq!(
            (post.published_at, post.author.handle.as_deref()),
            (Timestamp::from_secs(1_772_366_000), Some("anna"))
        );
        assert_eq!(post.in_reply_to, Some(comment_urn("1231231234")));
        assert_eq!(items(&[("account_id", "179")], &change("comments", value)).len(), 0);
        let [Item::Rejected(rejection)] = &items(&[], &change("comments", json!({"text": "x"})))[..] else {
            panic!("not rejected")
        };
        assert_eq!(rejection.reason, RejectionReason::MissingId);
    }

    #[test]
    fn a_mention_waits_until_its_words_are_asked_for_and_the_unwanted_is_left_alone() {
        let mention = change("mentions", json!({"media_id": "17918195224117851", "comment_id": "17894227972186120"}));
        for settings in [&[("tagged", "false")][..], &[]] {
            assert_eq!(items(settings, &mention).len(), 0);
        }
        let messages = json!({"object": "instagram", "entry": [{"id": "178", "time": 1_772_366_000_000_i64, "messaging": [
            {"sender": {"id": "55"}, "recipient": {"id": "178"}, "timestamp": 1_772_365_990_000_i64, "message": {"mid": "aW", "text": "Где?"}}]}]});
        assert_eq!(items(&[], &messages).len(), 0);
        let [Item::Post(post)] = &items(&[("messages", "true")], &messages)[..] else { panic!("no post") };
        assert_eq!(post.urn.as_str(), "urn:smm:instagram:message:178/55/aW");
        assert_eq!(items(&[], &change("story_insights", json!({}))).len(), 0);
    }
}
