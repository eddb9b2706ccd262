//! Answers on Telegram, by a bot. The network has no key against saying a thing twice, and a bot cannot read what was said before: a
//! reply of which it is not known whether it arrived is not sent again without a person.

use std::collections::HashMap;
use std::sync::{LazyLock, Mutex, PoisonError};
use std::time::Duration;

use molva_domain::{PostKind, ReplyId, Timestamp};
use serde::Deserialize;
use serde_json::{Value, json};

use super::NETWORK;
use super::client::{Client, Failure, Refused};
use super::descriptor::{API_URL, BOT_TOKEN};
use super::files::{self, request};
use super::message;
use crate::connector::BoxFuture;
use crate::error::ConnectorError;
use crate::line::Line;
use crate::pace;
use crate::reply::{
    AccountFacts, AccountSession, AttachmentRule, LengthRule, LengthUnit, Outgoing, Replies, ReplyTarget, SendError,
    Sent, WhyNot,
};
use crate::settings::{Localized, Setting, Settings};

/// In UTF-16 units.
const LONGEST: u32 = 4_096;
/// One message a second in a chat, twenty a minute in a group.
const CHAT_GAP: Duration = Duration::from_millis(1_050);
const GROUP_GAP: Duration = Duration::from_millis(3_100);
/// Replies whose last try is remembered.
const MOST: usize = 4_096;

/// The network as one answers on it.
#[derive(Debug)]
pub(super) struct TelegramReplies;

static SETTINGS: &[Setting] = &[BOT_TOKEN, API_URL];

/// How the last try of this program ended; of another's nothing is known.
#[derive(Clone, Debug)]
enum Last {
    NotTaken,
    Taken(Sent),
}

static LAST: LazyLock<Mutex<HashMap<ReplyId, Last>>> = LazyLock::new(Mutex::default);

static OTHER_NETWORK: WhyNot = WhyNot {
    code: "other_server",
    reason: Localized {
        en: "This is not a message of a chat on Telegram.",
        ru: "Это не сообщение из чата Telegram.",
        uk: "Це не повідомлення з чату Telegram.",
    },
};

static CHANNEL: WhyNot = WhyNot {
    code: "read_only",
    reason: Localized {
        en: "A bot can answer comments under a post of a channel, but not the post itself. Open the original.",
        ru: "Бот может ответить на комментарии под записью канала, но не на саму запись. Откройте оригинал.",
        uk: "Бот може відповісти на коментарі під дописом каналу, але не на сам допис. Відкрийте оригінал.",
    },
};

#[derive(Deserialize)]
struct Me {
    id: i64,
    #[serde(default)]
    username: String,
    #[serde(default)]
    first_name: String,
}

#[derive(Deserialize)]
struct Message {
    message_id: i64,
    chat: Chat,
}

#[derive(Deserialize)]
struct Chat {
    id: i64,
    #[serde(default)]
    username: Option<String>,
}

impl Replies for TelegramReplies {
    fn account_settings(&self) -> &'static [Setting] {
        SETTINGS
    }

    fn probe<'a>(&'a self, account: &'a AccountSession) -> BoxFuture<'a, Result<AccountFacts, ConnectorError>> {
        Box::pin(async move {
            let client = Client::of(&account.settings)?;
            let answer = account.send(client.request("getMe", &json!({}))).await;
            let me: Me = client.read(answer).map_err(|failure| failure.explain(account.now()))?;
            Ok(AccountFacts {
                url: (!me.username.is_empty()).then(|| format!("https://t.me/{}", me.username)),
                name: Some(me.first_name).filter(|name| !name.is_empty()),
                ..AccountFacts::new(me.id.to_string(), me.username, LengthRule::new(LONGEST, LengthUnit::Utf16))
            })
        })
    }

    fn may_reply(&self, target: &ReplyTarget, _settings: &Settings, _facts: &AccountFacts) -> Result<(), WhyNot> {
        match place(target) {
            None => Err(OTHER_NETWORK),
            Some(_) if matches!(target.kind, PostKind::Post | PostKind::Repost) => Err(CHANNEL),
            Some(_) => Ok(()),
        }
    }

    fn attachments(
        &self,
        _target: &ReplyTarget,
        _settings: &Settings,
        _facts: &AccountFacts,
    ) -> Result<AttachmentRule, Localized> {
        Ok(files::RULE)
    }

    fn send<'a>(
        &'a self,
        account: &'a AccountSession,
        facts: &'a AccountFacts,
        reply: &'a Outgoing,
    ) -> BoxFuture<'a, Result<Sent, SendError>> {
        Box::pin(async move {
            forget(reply.id);
            let answer = send(account, facts, reply).await;
            match &answer {
                Ok(sent) => remember(reply.id, Last::Taken(sent.clone())),
                Err(SendError::Unsure { .. }) => {}
                Err(_) => remember(reply.id, Last::NotTaken),
            }
            answer
        })
    }

    fn find<'a>(
        &'a self,
        _account: &'a AccountSession,
        _facts: &'a AccountFacts,
        reply: &'a Outgoing,
    ) -> BoxFuture<'a, Result<Option<Sent>, ConnectorError>> {
        let last = LAST.lock().unwrap_or_else(PoisonError::into_inner).get(&reply.id).cloned();
        let found = match last {
            Some(Last::Taken(sent)) => Ok(Some(sent)),
            Some(Last::NotTaken) => Ok(None),
            None => Err(ConnectorError::Forbidden(
                "Telegram does not tell a bot what it said; look into the chat whether the reply is there".to_owned(),
            )),
        };
        Box::pin(async move { found })
    }
}

fn remember(id: ReplyId, last: Last) {
    let mut all = LAST.lock().unwrap_or_else(PoisonError::into_inner);
    if all.len() >= MOST {
        // Forgetting means asking a person, never saying a thing twice.
        all.clear();
    }
    all.insert(id, last);
}

fn forget(id: ReplyId) {
    LAST.lock().unwrap_or_else(PoisonError::into_inner).remove(&id);
}

async fn send(account: &AccountSession, facts: &AccountFacts, reply: &Outgoing) -> Result<Sent, SendError> {
    let text = reply.text.trim();
    let measured = facts.rule.length.measure(text);
    if measured.over {
        let message = format!("the text has {} of {} characters; shorten it", measured.used, measured.limit);
        return Err(SendError::refused("too_long", message));
    }
    let client = Client::of(&account.settings).map_err(|error| SendError::before(error, account.now()))?;
    let gone = || SendError::refused("parent_gone", "what is answered is no message of Telegram");
    let (chat, above) = place(&reply.target).ok_or_else(gone)?;
    match once(account, &client, chat, above, reply).await {
        Err(Failure::Refused(Refused { parameters, .. })) if parameters.migrate_to_chat_id.is_some() => {
            // The group became a supergroup: it did not arrive, and its messages have other numbers there.
            let chat = parameters.migrate_to_chat_id.unwrap_or(chat);
            let answer = once(account, &client, chat, above, reply).await;
            answer.map_err(|failure| refused(failure, account.now()))
        }
        other => other.map_err(|failure| refused(failure, account.now())),
    }
}

async fn once(
    account: &AccountSession,
    client: &Client,
    chat: i64,
    above: i64,
    reply: &Outgoing,
) -> Result<Sent, Failure> {
    let lane = pace::lane(client.lane(), &chat.to_string());
    let gap = if chat < 0 { GROUP_GAP } else { CHAT_GAP };
    let turn = Line::from(account).turn(lane, gap).await.map_err(Failure::Broken)?;
    let answer = account.send(request(client, chat, above, reply)).await;
    turn.end(Duration::ZERO);
    // Read loosely: that it was taken counts more than that it is told well.
    let raw: Value = client.read(answer)?;
    // Several files are several messages; the first has the words.
    let said = Message::deserialize(raw.get(0).unwrap_or(&raw)).map_err(|error| {
        Failure::Broken(ConnectorError::Protocol(format!("Telegram took it and did not say as what: {error}")))
    })?;
    let url = said.chat.username.map(|name| format!("https://t.me/{name}/{}", said.message_id));
    Ok(Sent { urn: message::urn(said.chat.id, said.message_id), url })
}

/// The chat and the message that are answered.
fn place(target: &ReplyTarget) -> Option<(i64, i64)> {
    let native = target.urn.parts_of(NETWORK, "post")?.native;
    let (chat, message) = native.split_once('/')?;
    Some((chat.parse().ok()?, message.parse().ok()?))
}

/// What a refusal means for a reply.
fn refused(failure: Failure, now: Timestamp) -> SendError {
    let Failure::Refused(refused) = failure else { return SendError::of(failure.explain(now)) };
    let words = refused.description.to_lowercase();
    let code = refused.code;
    let error = Failure::Refused(refused).explain(now);
    let message = error.to_string();
    match code {
        400 if words.contains("too long") => SendError::refused("too_long", message),
        400 if words.contains("not found") => SendError::refused("parent_gone", message),
        400 if words.contains("thread") || words.contains("closed") => SendError::refused("thread_closed", message),
        400 => SendError::refused("refused", message),
        _ => SendError::of(error),
    }
}
