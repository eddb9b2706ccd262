//! What answering on Facebook and on Instagram has in common: looking for our own words, private messages, windows that close.

use molva_domain::{PostKind, ReplyVisibility, Timestamp};
use serde::Deserialize;
use serde_json::{Value, json};

use super::conversation::{self, PRIVATE_WINDOW, WINDOW};
use super::graph::{Graph, Page};
use super::refusal::Failure;
use super::{id, time};
use crate::error::ConnectorError;
use crate::http::Method;
use crate::reply::words::same_words;
use crate::reply::{AccountFacts, AccountSession, Outgoing, ReplyTarget, SendError, Sent, WhyNot, not_before};
use crate::settings::Localized;

/// The newest things of a list that are looked through.
const NEWEST: &str = "100";

pub(crate) static WINDOW_CLOSED: WhyNot = WhyNot {
    code: "window_closed",
    reason: Localized {
        en: "Meta lets you answer a private message within 24 hours only. Wait until the person writes again, or open the original.",
        ru: "Meta разрешает отвечать на личное сообщение только в течение 24 часов. Дождитесь нового сообщения или откройте оригинал.",
        uk: "Meta дозволяє відповідати на особисте повідомлення лише протягом 24 годин. Дочекайтеся нового повідомлення або відкрийте оригінал.",
    },
};

pub(crate) static OTHER_NETWORK: WhyNot = WhyNot {
    code: "other_server",
    reason: Localized {
        en: "This is on another network, or nothing that can be answered there.",
        ru: "Это в другой сети или не то, на что там отвечают.",
        uk: "Це в іншій мережі або не те, на що там відповідають.",
    },
};

pub(crate) static OTHER_ACCOUNT: WhyNot = WhyNot {
    code: "missing_right",
    reason: Localized {
        en: "The message was written to another page; answer from its account.",
        ru: "Сообщение написано другой странице; ответьте от её имени.",
        uk: "Повідомлення написане іншій сторінці; дайте відповідь від її імені.",
    },
};

/// Until when it may be answered; `None` where there is no end.
pub(crate) fn closes_at(target: &ReplyTarget) -> Option<Timestamp> {
    (target.kind == PostKind::Message).then(|| target.published_at.plus(WINDOW))
}

/// Whether a private answer to it comes too late.
pub(crate) fn too_late_in_private(target: &ReplyTarget, now: Timestamp) -> Option<SendError> {
    let window = if target.kind == PostKind::Message { WINDOW } else { PRIVATE_WINDOW };
    (target.published_at.plus(window) < now).then(|| {
        let hours = window.as_secs() / 3_600;
        let message = format!("Meta lets it be answered in private within {hours} hours only, and those are over");
        SendError::refused("window_closed", message)
    })
}

/// The text, when it is not too long.
pub(crate) fn fitting<'a>(facts: &AccountFacts, text: &'a str) -> Result<&'a str, SendError> {
    let text = text.trim();
    let measured = facts.rule.length.measure(text);
    if measured.over {
        let message = format!("the text has {} of {} characters; shorten it", measured.used, measured.limit);
        return Err(SendError::refused("too_long", message));
    }
    Ok(text)
}

/// Whom a private message goes to.
#[derive(Clone, Copy, Debug)]
pub(crate) enum To<'a> {
    Person(&'a str),
    /// Whoever wrote that comment; Meta takes one such message of a comment.
    CommentBy(&'a str),
    PostBy(&'a str),
}

#[derive(Deserialize)]
struct Taken {
    #[serde(default)]
    recipient_id: String,
    message_id: String,
}

/// Writes in private, in the name of the page whose token it is.
pub(crate) async fn say(
    graph: &Graph,
    account: &AccountSession,
    (network, own): (&str, &str),
    to: To<'_>,
    text: &str,
) -> Result<Sent, Failure> {
    let recipient = match to {
        To::Person(id) => json!({ "id": id }),
        To::CommentBy(id) => json!({ "comment_id": id }),
        To::PostBy(id) => json!({ "post_id": id }),
    };
    let (recipient, message) = (recipient.to_string(), json!({ "text": text }).to_string());
    let parameters = [("recipient", &*recipient), ("messaging_type", "RESPONSE"), ("message", &*message)];
    let (taken, _) = graph.once::<Taken>(account, Method::POST, "me/messages", &parameters).await?;
    let person = match to {
        To::Person(id) => id,
        _ => taken.recipient_id.as_str(),
    };
    Ok(Sent { urn: conversation::urn(network, own, person, &taken.message_id), url: None })
}

/// What we said in the conversation with somebody, if we said it.
pub(crate) async fn said_to(
    graph: &Graph,
    account: &AccountSession,
    facts: &AccountFacts,
    reply: &Outgoing,
    (network, own, person): (&str, &str, &str),
) -> Result<Option<Sent>, ConnectorError> {
    let platform = if network == "instagram" { "instagram" } else { "messenger" };
    let fields = "messages.limit(50){id,from,message,created_time}";
    let parameters = [("user_id", person), ("platform", platform), ("fields", fields)];
    let asked = graph.once::<Page>(account, Method::GET, "me/conversations", &parameters).await;
    let (page, _) = asked.map_err(|failure| failure.explain(account.now(), graph.usage()))?;
    let messages = page.data.iter().filter_map(|one| one.pointer("/messages/data")?.as_array()).flatten();
    let ours = messages.into_iter().find(|raw| is_ours(raw, "message", own, facts, reply));
    let mid = ours.and_then(|raw| raw.get("id")?.as_str());
    Ok(mid.map(|mid| Sent { urn: conversation::urn(network, own, person, mid), url: None }))
}

/// What we said below something, if we said it: the path of the list, its fields, the field of the text.
pub(crate) async fn said_below(
    graph: &Graph,
    account: &AccountSession,
    facts: &AccountFacts,
    reply: &Outgoing,
    (path, fields, words): (&str, &str, &str),
) -> Result<Option<Value>, ConnectorError> {
    let mut after: Option<String> = None;
    // The newest come first where the network lets itself be asked so; some pages reach far enough where it does not.
    for _ in 0..10 {
        let parameters = [
            ("fields", fields),
            ("filter", "stream"),
            ("order", "reverse_chronological"),
            ("limit", NEWEST),
            ("after", after.as_deref().unwrap_or_default()),
        ];
        let asked = graph.once::<Page>(account, Method::GET, path, &parameters).await;
        let (page, _) = match asked {
            Ok(answer) => answer,
            Err(failure) => match failure.explain(account.now(), graph.usage()) {
                // What is answered is gone, and everything below it.
                ConnectorError::NotFound(_) => return Ok(None),
                error => return Err(error),
            },
        };
        if let Some(ours) = page.data.iter().find(|raw| is_ours(raw, words, &facts.native_id, facts, reply)) {
            return Ok(Some(ours.clone()));
        }
        after = page.after();
        if after.is_none() {
            break;
        }
    }
    Ok(None)
}

fn is_ours(raw: &Value, words: &str, own: &str, facts: &AccountFacts, reply: &Outgoing) -> bool {
    let said = raw.get(words).and_then(Value::as_str).unwrap_or_default();
    let at = time(&raw["created_time"]).or_else(|| time(&raw["timestamp"]));
    let by_name = raw.get("username").and_then(Value::as_str) == Some(facts.handle.as_str());
    let by_us = id(&raw["from"]["id"]).map_or(by_name, |from| from == own);
    by_us && at.is_some_and(|at| at >= not_before(reply, facts)) && same_words(&reply.text, said)
}

/// What a token may send, of these rights: in public, in private.
pub(crate) fn visibilities(lacks_public: bool, lacks_private: bool) -> Vec<ReplyVisibility> {
    let public = (!lacks_public).then_some(ReplyVisibility::Public);
    let private = (!lacks_private).then_some(ReplyVisibility::Private);
    let both: Vec<ReplyVisibility> = public.into_iter().chain(private).collect();
    if both.is_empty() { vec![ReplyVisibility::Public] } else { both }
}
