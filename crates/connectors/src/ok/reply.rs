//! Answers on Odnoklassniki: comments under topics of groups, messages of a group. The network has no key against saying a thing
//! twice; a reply that may have arrived is looked for in the discussion, or in the chat, before it is sent again.

use molva_domain::Urn;
use serde::Deserialize;
use serde_json::{Value, json};

use super::client::{Client, Graph};
use super::descriptor::{ACCESS_TOKEN, API_URL, APPLICATION_KEY, APPLICATION_SECRET, AS_GROUP, GROUP_TOKEN};
use super::files;
use super::read::{self, Comment};
use super::refusal::{Failure, Refused};
use super::{GROUP_TOPIC, NETWORK};
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

/// OK names no number; comments of that length are taken.
const LONGEST: u32 = 2_048;
/// Pages of a hundred comments that are looked through.
const PAGES: usize = 100;
/// What [`AccountFacts::scopes`] calls the right to write messages.
const MESSAGES: &str = "messages";

/// The network as one answers on it.
#[derive(Debug)]
pub(super) struct OkReplies;

static SETTINGS: &[Setting] = &[
    Setting { required: true, ..APPLICATION_KEY },
    Setting { required: true, ..APPLICATION_SECRET },
    Setting { required: true, ..ACCESS_TOKEN },
    AS_GROUP,
    GROUP_TOKEN,
    API_URL,
];

static OTHER_NETWORK: WhyNot = WhyNot {
    code: "other_server",
    reason: Localized {
        en: "This is not in Odnoklassniki, or nothing that can be answered there.",
        ru: "Это не в Одноклассниках или не то, на что там отвечают.",
        uk: "Це не в Однокласниках або не те, на що там відповідають.",
    },
};

static NO_MESSAGES: WhyNot = WhyNot {
    code: "missing_right",
    reason: Localized {
        en: "Messages are answered with the token of the group; connect the account anew with it.",
        ru: "На сообщения отвечают с токеном группы; подключите аккаунт заново вместе с ним.",
        uk: "На повідомлення відповідають із токеном групи; під'єднайте акаунт заново разом із ним.",
    },
};

/// What is answered.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Above {
    Topic { topic: String, comment: Option<String> },
    Message { chat: String },
}

impl Above {
    fn of(target: &ReplyTarget) -> Option<Self> {
        let parts = target.urn.parts().filter(|parts| parts.network == NETWORK)?;
        let pieces: Vec<&str> = parts.native.split('/').collect();
        let fit =
            |id: &str| !id.is_empty() && id.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"_-=".contains(&byte));
        match (parts.kind.as_str(), &pieces[..]) {
            ("post", [GROUP_TOPIC, topic]) if fit(topic) => {
                Some(Self::Topic { topic: (*topic).to_owned(), comment: None })
            }
            ("comment", [GROUP_TOPIC, topic, comment]) if fit(topic) && fit(comment) => {
                Some(Self::Topic { topic: (*topic).to_owned(), comment: Some((*comment).to_owned()) })
            }
            ("message", [chat, _]) if chat.strip_prefix("chat:").is_some_and(fit) => {
                Some(Self::Message { chat: (*chat).to_owned() })
            }
            _ => None,
        }
    }
}

#[derive(Deserialize)]
struct Me {
    uid: Value,
    #[serde(default)]
    name: Option<String>,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct Comments {
    comments: Option<Vec<Value>>,
    anchor: Option<String>,
    has_more: bool,
}

#[derive(Deserialize)]
struct Messages {
    messages: Vec<Value>,
}

fn as_group(account: &AccountSession) -> bool {
    account.settings.text("as_group") != Some("false")
}

impl Replies for OkReplies {
    fn account_settings(&self) -> &'static [Setting] {
        SETTINGS
    }

    fn probe<'a>(&'a self, account: &'a AccountSession) -> BoxFuture<'a, Result<AccountFacts, ConnectorError>> {
        Box::pin(async move {
            let line = Line::from(account);
            let explain = |failure: Failure| failure.explain(account.now());
            let client = Client::of(&account.settings)?;
            let me: Me = client.once(line, "users.getCurrentUser", &[("fields", "uid,name")]).await.map_err(explain)?;
            let Some(uid) = read::id_of(&me.uid) else {
                return Err(ConnectorError::Protocol("OK does not say whose the token is".to_owned()));
            };
            let mut scopes = Vec::new();
            if account.settings.secret("group_token").is_some() {
                let graph = Graph::of(&account.settings)?;
                let asked: Result<Value, _> = graph.once(line, Method::GET, "/me/subscriptions", &[], None).await;
                asked.map_err(explain)?;
                scopes.push(MESSAGES.to_owned());
            }
            Ok(AccountFacts {
                url: Some(format!("https://ok.ru/profile/{uid}")),
                name: me.name.filter(|name| !name.is_empty()),
                scopes,
                ..AccountFacts::new(uid.clone(), uid, LengthRule::new(LONGEST, LengthUnit::Characters))
            })
        })
    }

    fn may_reply(&self, target: &ReplyTarget, _settings: &Settings, facts: &AccountFacts) -> Result<(), WhyNot> {
        match Above::of(target) {
            None => Err(OTHER_NETWORK),
            Some(Above::Message { .. }) if !facts.scopes.iter().any(|scope| scope == MESSAGES) => Err(NO_MESSAGES),
            Some(_) => Ok(()),
        }
    }

    fn attachments(
        &self,
        target: &ReplyTarget,
        _settings: &Settings,
        _facts: &AccountFacts,
    ) -> Result<AttachmentRule, Localized> {
        match Above::of(target) {
            Some(Above::Message { .. }) => Ok(files::RULE),
            _ => Err(files::NOT_IN_TOPICS),
        }
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
            let before = |error| SendError::before(error, account.now());
            let gone = || SendError::refused("parent_gone", "what is answered is not in Odnoklassniki");
            let sent = match Above::of(&reply.target).ok_or_else(gone)? {
                Above::Topic { topic, comment } => {
                    let client = Client::of(&account.settings).map_err(before)?;
                    add(&client, account, &topic, comment.as_deref(), text).await
                }
                Above::Message { chat } => {
                    let graph = Graph::of(&account.settings).map_err(before)?;
                    let attached = files::upload(&graph, account, &reply.attachments).await?;
                    write(&graph, account, &chat, text, attached).await
                }
            };
            sent.map_err(|failure| refused(failure, account))
        })
    }

    fn find<'a>(
        &'a self,
        account: &'a AccountSession,
        facts: &'a AccountFacts,
        reply: &'a Outgoing,
    ) -> BoxFuture<'a, Result<Option<Sent>, ConnectorError>> {
        Box::pin(async move {
            let found = match Above::of(&reply.target) {
                None => return Ok(None),
                Some(Above::Topic { topic, comment }) => {
                    let client = Client::of(&account.settings)?;
                    find_comment(&client, account, facts, reply, (&topic, comment.as_deref())).await
                }
                Some(Above::Message { chat }) => {
                    find_message(&Graph::of(&account.settings)?, account, facts, reply, &chat).await
                }
            };
            match found {
                // The topic is gone, and every comment with it.
                Err(Failure::Refused(Refused { code: 300, .. })) => Ok(None),
                found => found.map_err(|failure| failure.explain(account.now())),
            }
        })
    }
}

fn comment_sent(topic: &str, id: &str) -> Sent {
    Sent { urn: read::comment_urn(topic, id), url: None }
}

fn message_sent(chat: &str, mid: &str) -> Sent {
    Sent { urn: Urn::of(NETWORK, None, "message", &format!("{chat}/{mid}")), url: None }
}

fn unsaid() -> Failure {
    Failure::Broken(ConnectorError::Protocol("OK took it and did not say as what".to_owned()))
}

async fn add(
    client: &Client,
    account: &AccountSession,
    topic: &str,
    above: Option<&str>,
    text: &str,
) -> Result<Sent, Failure> {
    let parameters = [
        ("entityId", topic),
        ("entityType", GROUP_TOPIC),
        ("comment", text),
        ("reply_to_comment_id", above.unwrap_or_default()),
        ("as_admin", if as_group(account) { "true" } else { "" }),
    ];
    let made: Value = client.once(Line::from(account), "discussions.addDiscussionComment", &parameters).await?;
    // Its id, bare or as a field.
    let id = read::id_of(&made)
        .or_else(|| ["id", "commentId", "comment_id"].iter().find_map(|name| read::id_of(made.get(name)?)));
    id.map(|id| comment_sent(topic, &id)).ok_or_else(unsaid)
}

async fn write(
    graph: &Graph,
    account: &AccountSession,
    chat: &str,
    text: &str,
    attached: Vec<Value>,
) -> Result<Sent, Failure> {
    let mut body = json!({"recipient": {"chat_id": chat}, "message": {"text": text}});
    if !attached.is_empty() {
        body["message"]["attachments"] = attached.into();
    }
    let path = format!("/{chat}/messages");
    let made: Value = graph.once(Line::from(account), Method::POST, &path, &[], Some(&body)).await?;
    made.get("message_id").and_then(read::id_of).map(|mid| message_sent(chat, &mid)).ok_or_else(unsaid)
}

/// Ours among the comments, all pages of them: OK promises no order.
async fn find_comment(
    client: &Client,
    account: &AccountSession,
    facts: &AccountFacts,
    reply: &Outgoing,
    (topic, above): (&str, Option<&str>),
) -> Result<Option<Sent>, Failure> {
    let since = not_before(reply, facts);
    let mut anchor: Option<String> = None;
    for _ in 0..PAGES {
        let parameters = [
            ("discussionId", topic),
            ("discussionType", GROUP_TOPIC),
            ("count", "100"),
            ("direction", "FORWARD"),
            ("anchor", anchor.as_deref().unwrap_or_default()),
        ];
        let page: Comments = client.once(Line::from(account), "discussions.getComments", &parameters).await?;
        let raws = page.comments.unwrap_or_default();
        for comment in raws.iter().filter_map(|raw| Comment::deserialize(raw).ok()) {
            let by_group = comment.author_ref.as_deref().is_some_and(|author| author.starts_with("group:"));
            let by_us = by_group && as_group(account)
                || read::id_of(&comment.author_id).is_some_and(|author| author == facts.native_id);
            let tied = read::id_of(&comment.reply_to_comment_id).filter(|id| id != "0");
            let ours = by_us
                && comment.at().is_some_and(|at| at >= since)
                && tied.as_deref() == above
                && same_words(&reply.text, comment.text.as_deref().unwrap_or_default());
            if let Some(id) = read::id_of(&comment.id).filter(|_| ours) {
                return Ok(Some(comment_sent(topic, &id)));
            }
        }
        if !page.has_more || raws.is_empty() || page.anchor.is_none() || page.anchor == anchor {
            return Ok(None);
        }
        anchor = page.anchor;
    }
    let message = "too many comments stand there to find out whether the reply is among them; look there";
    Err(Failure::Broken(ConnectorError::Forbidden(message.to_owned())))
}

/// Ours among the newest hundred messages of the chat.
async fn find_message(
    graph: &Graph,
    account: &AccountSession,
    facts: &AccountFacts,
    reply: &Outgoing,
    chat: &str,
) -> Result<Option<Sent>, Failure> {
    let since = not_before(reply, facts).as_millis();
    let path = format!("/{chat}/messages");
    let line = Line::from(account);
    let page: Messages = graph.once(line, Method::GET, &path, &[("count", "100")], None).await?;
    let text = |raw: &Value, path: &str| raw.pointer(path).and_then(Value::as_str).unwrap_or_default().to_owned();
    let ours = page.messages.iter().find(|raw| {
        raw.get("timestamp").and_then(Value::as_i64).is_some_and(|at| at >= since)
            && text(raw, "/sender/user_id").starts_with("group:")
            && same_words(&reply.text, &text(raw, "/message/text"))
    });
    Ok(ours.map(|raw| message_sent(chat, &text(raw, "/message/mid"))))
}

/// What a refusal means for a reply.
pub(super) fn refused(failure: Failure, account: &AccountSession) -> SendError {
    let code = if let Failure::Refused(refused) = &failure { refused.code } else { 0 };
    let error = failure.explain(account.now());
    let message = error.to_string();
    match code {
        102 => SendError::Account { expired: true, message },
        100 | 601 if message.to_lowercase().contains("long") || code == 601 => SendError::refused("too_long", message),
        300 => SendError::refused("parent_gone", message),
        454 => SendError::refused("words_refused", message),
        455 | 456 | 458 => SendError::refused("thread_closed", message),
        0 => SendError::of(error),
        _ => match SendError::of(error) {
            SendError::Unsure { message } if !matches!(code, 1 | 2 | 30 | 31 | 9999) => {
                SendError::refused("refused", message)
            }
            other => other,
        },
    }
}
