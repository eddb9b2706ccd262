//! VK calls us, by the Callback API: <https://dev.vk.com/ru/api/callback/getting-started>. The events are those of Bots Long Poll.
//!
//! Events come without the names of their authors. Those are asked for before a number of calls is read, and remembered.

use std::sync::atomic::{AtomicI64, Ordering};
use std::sync::{LazyLock, PoisonError, RwLock};

use molva_domain::{Rejection, RejectionReason};
use serde_json::Value;

use super::client::Client;
use super::event::{self, Told};
use super::people::People;
use crate::connector::BoxFuture;
use crate::error::ConnectorError;
use crate::session::{Item, Session};
use crate::settings::{Localized, Settings};
use crate::webhook::{Answer, Delivered, Verified, VkCallback, WebhookError, WebhookRequest, Webhooks};

/// Setting that chooses who calls whom.
pub(super) const DELIVERY: &str = "delivery";
const PROOF: VkCallback = VkCallback::new(read);
/// After a question for names that failed, calls are read without for so long, in seconds.
const WITHOUT_NAMES_S: i64 = 30;

/// Everybody who called so far: an id is the same person for all sources.
static PEOPLE: LazyLock<RwLock<People>> = LazyLock::new(RwLock::default);
/// Unix seconds before which nobody is asked for.
static ASK_AGAIN: AtomicI64 = AtomicI64::new(0);

/// The network as it calls us.
#[derive(Debug)]
pub(super) struct VkWebhook;

impl Webhooks for VkWebhook {
    fn verify(&self, settings: &Settings, request: WebhookRequest<'_>) -> Result<Verified, WebhookError> {
        PROOF.verify(settings, request)
    }

    fn thanks(&self) -> Answer {
        PROOF.thanks()
    }

    fn shared_secret(&self) -> Option<&'static str> {
        PROOF.shared_secret()
    }

    fn wanted(&self, settings: &Settings) -> bool {
        is_wanted(settings)
    }

    fn guide(&self, _settings: &Settings) -> Option<Localized> {
        Some(GUIDE)
    }

    fn prepare<'a>(
        &'a self,
        session: &'a Session,
        calls: &'a [Delivered<'a>],
    ) -> BoxFuture<'a, Result<(), ConnectorError>> {
        Box::pin(meet(session, calls))
    }

    fn read(&self, delivered: &Delivered<'_>) -> Vec<Item> {
        read(delivered)
    }
}

pub(super) fn is_wanted(settings: &Settings) -> bool {
    settings.text("what") == Some("own") && settings.text(DELIVERY) == Some("webhook")
}

async fn meet(session: &Session, calls: &[Delivered<'_>]) -> Result<(), ConnectorError> {
    let now = session.now().as_secs();
    if now < ASK_AGAIN.load(Ordering::Relaxed) {
        return Ok(());
    }
    let unknown: Vec<i64> = {
        let people = PEOPLE.read().unwrap_or_else(PoisonError::into_inner);
        let events = calls.iter().filter_map(|call| serde_json::from_slice::<Value>(call.body).ok());
        events.filter_map(|event| event::author(&event)).filter(|id| !people.knows(*id)).collect()
    };
    if unknown.is_empty() {
        return Ok(());
    }
    let client = Client::of(session, "access_token")?;
    // Also when this is given up in its middle.
    ASK_AGAIN.store(now + WITHOUT_NAMES_S, Ordering::Relaxed);
    let mut met = People::default();
    met.ask(session, &client, unknown.iter().copied()).await?;
    PEOPLE.write().unwrap_or_else(PoisonError::into_inner).join(met, &unknown);
    ASK_AGAIN.store(0, Ordering::Relaxed);
    Ok(())
}

fn read(delivered: &Delivered<'_>) -> Vec<Item> {
    let event: Value = match serde_json::from_slice(delivered.body) {
        Ok(event) => event,
        Err(error) => {
            let head = &delivered.body[..delivered.body.len().min(2 * Rejection::MAX_SAMPLE_BYTES)];
            let message = format!("the event is not as VK promises: {error}");
            let sample = String::from_utf8_lossy(head);
            return vec![Item::Rejected(Rejection::new(RejectionReason::Malformed, "webhook", message, &sample))];
        }
    };
    let group = event.get("group_id").and_then(Value::as_u64).unwrap_or(0);
    let known = delivered.settings.text("group_id").and_then(|group| group.parse::<u64>().ok());
    if known.is_some_and(|known| known != group) {
        let message = format!("the call is for community {group}, the source for another");
        let rejection = Rejection::new(RejectionReason::InvalidField, "webhook", message, &event.to_string());
        return vec![Item::Rejected(rejection)];
    }
    let people = PEOPLE.read().unwrap_or_else(PoisonError::into_inner);
    let told = Told {
        group,
        messages: delivered.settings.text("messages") == Some("true"),
        people: &people,
        now: delivered.at,
    };
    let id = event.get("event_id").and_then(Value::as_str).unwrap_or_default();
    told.read(&event, &format!("event {id}")).map(|found| found.item).into_iter().collect()
}

const GUIDE: Localized = Localized {
    en: "Molva sets VK up by itself when the community's key has the right “Community management”. By hand: in the community, Management → Working with the API → Callback API: paste the address, the secret key, choose version 5.199 and the types of events (posts, comments, discussions, messages); copy the string to be returned and the number of the community into the settings of this source, save them, then press “Confirm” in VK.",
    ru: "Если у ключа сообщества есть право «Управление сообществом», Молва настроит всё сама. Вручную: в сообществе «Управление → Работа с API → Callback API» вставьте адрес и секретный ключ, выберите версию 5.199 и типы событий (записи, комментарии, обсуждения, сообщения); строку, которую должен вернуть сервер, и номер сообщества внесите в настройки этого источника, сохраните их и нажмите «Подтвердить» во ВКонтакте.",
    uk: "Якщо ключ спільноти має право «Керування спільнотою», Молва налаштує все сама. Вручну: у спільноті «Керування → Робота з API → Callback API» вставте адресу й секретний ключ, оберіть версію 5.199 і типи подій (дописи, коментарі, обговорення, повідомлення); рядок, який має повернути сервер, і номер спільноти внесіть у налаштування цього джерела, збережіть їх і натисніть «Підтвердити» у ВКонтакте.",
};

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use molva_domain::Timestamp;
    use serde_json::json;

    use super::*;

    const AT: Timestamp = Timestamp::from_secs(1_772_366_400);

    fn items(event: &Value) -> Vec<Item> {
        let settings = Settings::new(BTreeMap::from([("messages".to_owned(), "true".to_owned())]), BTreeMap::new());
        read(&Delivered { source_key: "7", settings: &settings, body: event.to_string().as_bytes(), at: AT })
    }

    fn event(kind: &str, object: &Value) -> Value {
        json!({"type": kind, "event_id": "582d47", "v": "5.199", "group_id": 12, "object": object, "secret": "x"})
    }

    #[test]
    fn an_event_that_is_brought_is_the_thing_that_long_poll_finds() {
        let comment =
            json!({"id": 7, "from_id": 1001, "date": 1_772_366_000, "text": "Плохо", "post_id": 3, "owner_id": -12});
        let urns: Vec<String> = [
            event("wall_post_new", &json!({"id": 3, "owner_id": -12, "from_id": -12, "date": 1_772_366_000, "text": "Пост"})),
            event("wall_reply_new", &comment),
            event("wall_reply_edit", &comment),
            event("board_post_new", &json!({"id": 8, "from_id": 1001, "date": 1_772_366_000, "text": "Где?", "topic_id": 5})),
            event("photo_comment_new", &json!({"id": 9, "from_id": 1001, "date": 1_772_366_000, "text": "!", "photo_id": 6, "photo_owner_id": -12})),
            event("video_comment_new", &json!({"id": 9, "from_id": 1001, "date": 1_772_366_000, "text": "!", "video_id": 6, "owner_id": -12})),
            event("message_new", &json!({"message": {"id": 1, "conversation_message_id": 4, "peer_id": 1001, "from_id": 1001, "date": 1_772_366_000, "text": "?"}})),
        ]
        .iter()
        .map(|event| match &items(event)[..] {
            [Item::Post(post)] => format!("{} {}", post.urn, post.edited_at.is_some()),
            other => panic!("no post: {other:?}"),
        })
        .collect();
        let expected = [
            "urn:smm:vk:post:-12_3 false",
            "urn:smm:vk:comment:-12_3_7 false",
            "urn:smm:vk:comment:-12_3_7 true",
            "urn:smm:vk:board:-12_5_8 false",
            "urn:smm:vk:photo_comment:-12_6_9 false",
            "urn:smm:vk:video_comment:-12_6_9 false",
            "urn:smm:vk:message:12_1001_4 false",
        ];
        assert_eq!(urns, expected);
        let gone = event("wall_reply_delete", &json!({"id": 7, "post_id": 3, "owner_id": -12}));
        assert!(matches!(&items(&gone)[..], [Item::Deleted(urn)] if urn.as_str() == "urn:smm:vk:comment:-12_3_7"));
        assert!(items(&event("like_add", &json!({"object_id": 3}))).is_empty());
    }

    #[test]
    fn a_call_for_one_community_says_nothing_of_anothers() {
        let object = |owner: i64| {
            json!({"id": 7, "from_id": 1001, "date": 1_772_366_000, "text": "Плохо", "post_id": 3, "photo_id": 3,
                "owner_id": owner, "photo_owner_id": owner})
        };
        for kind in ["wall_post_new", "wall_reply_new", "wall_reply_edit", "wall_reply_delete", "photo_comment_delete"]
        {
            let told = items(&event(kind, &object(-13)));
            assert!(matches!(&told[..], [Item::Rejected(_)]), "{kind}: {told:?}");
            let told = items(&event(kind, &object(-12)));
            assert!(matches!(&told[..], [Item::Post(_) | Item::Deleted(_)]), "{kind}: {told:?}");
        }
        let settings = Settings::new(BTreeMap::from([("group_id".to_owned(), "13".to_owned())]), BTreeMap::new());
        let body = event("wall_reply_new", &object(-12)).to_string();
        let told = read(&Delivered { source_key: "7", settings: &settings, body: body.as_bytes(), at: AT });
        assert!(matches!(&told[..], [Item::Rejected(_)]), "{told:?}");
    }
}
