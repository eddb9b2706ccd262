//! Answers on MAX, by a bot: messages in groups and dialogs, comments under posts of channels. The network has no key against saying
//! a thing twice; the bot reads what stands in the chat, so a reply that may have arrived is looked for before it is sent again.

use molva_domain::{PostKind, Urn};
use serde::Deserialize;
use serde_json::{Value, json};

use super::client::Client;
use super::descriptor::{API_URL, BOT_TOKEN};
use super::files;
use super::message::{Place, Wire};
use super::refusal::{Failure, Refused};
use super::{Me, NETWORK};
use crate::connector::BoxFuture;
use crate::error::ConnectorError;
use crate::http::Method;
use crate::line::Line;
use crate::reply::words::same_words;
use crate::reply::{
    AccountFacts, AccountSession, AttachmentRule, LengthRule, LengthUnit, Outgoing, Replies, ReplyTarget, SendError,
    Sent, WhyNot, fits, not_before,
};
use crate::settings::{Localized, Setting, Settings};

/// In UTF-16 units, the stricter way to count what MAX calls characters.
const LONGEST: u32 = 4_000;
/// Pages of a hundred messages that are looked through, from the newest back.
const PAGES: usize = 10;

/// The network as one answers on it.
#[derive(Debug)]
pub(super) struct MaxReplies;

static SETTINGS: &[Setting] = &[BOT_TOKEN, API_URL];

static OTHER_NETWORK: WhyNot = WhyNot {
    code: "other_server",
    reason: Localized {
        en: "This is not a message of a chat on MAX.",
        ru: "Это не сообщение из чата MAX.",
        uk: "Це не повідомлення з чату MAX.",
    },
};

/// What is answered.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Above {
    chat: i64,
    /// The post whose comments the answer joins; else it is a message in the chat.
    post: Option<String>,
    /// What the answer is tied to; a post's comment need not be tied to anything.
    mid: Option<String>,
}

impl Above {
    fn of(target: &ReplyTarget) -> Option<Self> {
        let parts = target.urn.parts().filter(|parts| parts.network == NETWORK)?;
        let pieces: Vec<&str> = parts.native.split('/').collect();
        let fit = |mid: &str| mid.bytes().all(|b| b.is_ascii_alphanumeric() || b".-_".contains(&b)) && !mid.is_empty();
        let own = |mid: &str| fit(mid).then(|| mid.to_owned());
        match (parts.kind.as_str(), &pieces[..]) {
            ("comment", [chat, post, mid]) => {
                Some(Self { chat: chat.parse().ok()?, post: Some(own(post)?), mid: Some(own(mid)?) })
            }
            ("post", [chat, mid]) if target.kind == PostKind::Post => {
                Some(Self { chat: chat.parse().ok()?, post: Some(own(mid)?), mid: None })
            }
            ("post", [chat, mid]) => Some(Self { chat: chat.parse().ok()?, post: None, mid: Some(own(mid)?) }),
            _ => None,
        }
    }

    fn path(&self) -> String {
        self.post.as_ref().map_or_else(|| "/messages".to_owned(), |post| format!("/messages/{post}/comments"))
    }

    /// What a message of ours is called.
    fn urn(&self, mid: &str) -> Urn {
        Place { chat: self.chat, post: self.post.clone() }.urn(mid)
    }

    /// The chat, where the path does not say it.
    fn query(&self) -> Vec<(&'static str, String)> {
        if self.post.is_some() { Vec::new() } else { vec![("chat_id", self.chat.to_string())] }
    }
}

#[derive(Deserialize)]
struct Made {
    message: Wire,
}

#[derive(Deserialize)]
struct Page {
    messages: Vec<Value>,
}

impl Replies for MaxReplies {
    fn account_settings(&self) -> &'static [Setting] {
        SETTINGS
    }

    fn probe<'a>(&'a self, account: &'a AccountSession) -> BoxFuture<'a, Result<AccountFacts, ConnectorError>> {
        Box::pin(async move {
            let client = Client::of(&account.settings)?;
            let line = Line::from(account);
            let me: Result<Me, _> = client.once(line, Method::GET, "/me", &[], None).await;
            let me = me.map_err(|failure| failure.explain(account.now()))?;
            let handle = me.handle();
            Ok(AccountFacts {
                url: me.username.as_ref().map(|name| format!("https://max.ru/{name}")),
                name: me.first_name.filter(|name| !name.is_empty()),
                ..AccountFacts::new(me.user_id.to_string(), handle, LengthRule::new(LONGEST, LengthUnit::Utf16))
            })
        })
    }

    fn may_reply(&self, target: &ReplyTarget, _settings: &Settings, _facts: &AccountFacts) -> Result<(), WhyNot> {
        Above::of(target).map(drop).ok_or(OTHER_NETWORK)
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
            let text = reply.text.trim();
            fits(facts, text)?;
            let client = Client::of(&account.settings).map_err(|error| SendError::before(error, account.now()))?;
            let gone = || SendError::refused("parent_gone", "what is answered is no message of MAX");
            let above = Above::of(&reply.target).ok_or_else(gone)?;
            let mut body = json!({"text": text});
            if let Some(mid) = &above.mid {
                body["link"] = json!({"type": "reply", "mid": mid});
            }
            let attached = files::upload(&client, account, &reply.attachments).await?;
            if !attached.is_empty() {
                body["attachments"] = attached.into();
            }
            let made = say(&client, account, &above, &body).await;
            let mid = made.map_err(|failure| refused(failure, account))?.message.body.unwrap_or_default().mid;
            if mid.is_empty() {
                return Err(SendError::Unsure { message: "MAX took it and did not say as what".to_owned() });
            }
            Ok(Sent { urn: above.urn(&mid), url: None })
        })
    }

    fn find<'a>(
        &'a self,
        account: &'a AccountSession,
        facts: &'a AccountFacts,
        reply: &'a Outgoing,
    ) -> BoxFuture<'a, Result<Option<Sent>, ConnectorError>> {
        Box::pin(async move {
            let Some(above) = Above::of(&reply.target) else { return Ok(None) };
            look(&Client::of(&account.settings)?, account, facts, reply, &above).await
        })
    }
}

/// Says it. MAX works on a file for some seconds after it was brought and refuses what bears it until then.
async fn say(client: &Client, account: &AccountSession, above: &Above, body: &Value) -> Result<Made, Failure> {
    let query = above.query();
    let query: Vec<(&str, &str)> = query.iter().map(|(key, value)| (*key, value.as_str())).collect();
    for pause in files::PAUSES {
        let made = client.once(Line::from(account), Method::POST, &above.path(), &query, Some(body)).await;
        match made {
            Err(Failure::Refused(refused)) if refused.code == files::NOT_READY => tokio::select! {
                () = account.cancel.cancelled() => return Err(Failure::Refused(refused)),
                () = tokio::time::sleep(pause) => {}
            },
            made => return made,
        }
    }
    client.once(Line::from(account), Method::POST, &above.path(), &query, Some(body)).await
}

/// Ours, from the newest back to the first try.
async fn look(
    client: &Client,
    account: &AccountSession,
    facts: &AccountFacts,
    reply: &Outgoing,
    above: &Above,
) -> Result<Option<Sent>, ConnectorError> {
    let since = not_before(reply, facts).as_millis();
    let bot: u64 = facts.native_id.parse().unwrap_or_default();
    let fixed = above.query();
    let mut before: Option<i64> = None;
    for _ in 0..PAGES {
        let at = before.map(|before| before.to_string()).unwrap_or_default();
        let mut query: Vec<(&str, &str)> = fixed.iter().map(|(key, value)| (*key, value.as_str())).collect();
        query.push(("count", "100"));
        if before.is_some() {
            query.push(("before", &at));
        }
        let line = Line::from(account);
        let page: Result<Page, _> = client.once(line, Method::GET, &above.path(), &query, None).await;
        let page = match page {
            Ok(page) => page,
            // The post is gone, and every comment with it.
            Err(Failure::Refused(Refused { status: 404, .. })) => return Ok(None),
            Err(failure) => return Err(failure.explain(account.now())),
        };
        let wires: Vec<Wire> = page.messages.iter().filter_map(|raw| Wire::deserialize(raw).ok()).collect();
        let ours = |wire: &&Wire| {
            let said = wire.body.as_ref().and_then(|body| body.text.as_deref()).unwrap_or_default();
            let tied = wire.link.as_ref().and_then(|link| link.message.as_ref()).map(|message| message.mid.as_str());
            wire.timestamp >= since
                && wire.sender.as_ref().is_some_and(|sender| sender.user_id == bot)
                && tied == above.mid.as_deref()
                && same_words(&reply.text, said)
        };
        if let Some(body) = wires.iter().find(ours).and_then(|wire| wire.body.as_ref()) {
            return Ok(Some(Sent { urn: above.urn(&body.mid), url: None }));
        }
        match wires.iter().map(|wire| wire.timestamp).min() {
            Some(oldest) if oldest >= since && before != Some(oldest) => before = Some(oldest),
            _ => return Ok(None),
        }
    }
    Err(ConnectorError::Forbidden(
        "too much was said in that chat since to find out whether the reply is there; look into the chat".to_owned(),
    ))
}

/// What a refusal means for a reply.
pub(super) fn refused(failure: Failure, account: &AccountSession) -> SendError {
    let now = account.now();
    let Failure::Refused(refused) = failure else { return SendError::of(failure.explain(now)) };
    if refused.code == files::NOT_READY {
        let message = "MAX still works on a file; the reply is tried again".to_owned();
        return SendError::Later { message, until: None };
    }
    let (status, words) = (refused.status, refused.message.to_lowercase());
    let busy = refused.retry_after.map(|wait| now.plus(wait));
    let error = Failure::Refused(refused).explain(now);
    let message = error.to_string();
    match (status, busy) {
        (400, _) if words.contains("size") || words.contains("too long") || words.contains("4000") => {
            SendError::refused("too_long", message)
        }
        (400 | 404, _) if words.contains("not found") => SendError::refused("parent_gone", message),
        (405, _) => SendError::refused("thread_closed", message),
        (400..=499, _) if matches!(error, ConnectorError::Protocol(_)) => SendError::refused("refused", message),
        (503, Some(until)) => SendError::Later { message, until: Some(until) },
        _ => SendError::of(error),
    }
}
