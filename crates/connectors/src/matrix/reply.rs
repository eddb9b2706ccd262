//! Answers on Matrix: a message in the same room, tied to what it answers. The server knows a message again by the name we give it
//! (`txnId`) for the token it came with; after that by our words beside what they answer.

use molva_domain::Timestamp;
use serde::Deserialize;
use serde_json::{Value, json};

use super::account_form::{OTHER_NETWORK, SETTINGS};
use super::call::Call;
use super::client::{Client, Me};
use super::names;
use super::refusal::{Failure, Refused};
use crate::connector::BoxFuture;
use crate::error::ConnectorError;
use crate::reply::words::same_words;
use crate::reply::{
    AccountFacts, AccountSession, Attachment, AttachmentRule, LengthRule, LengthUnit, Outgoing, Replies, ReplyTarget,
    SendError, Sent, WhyNot, attachment, clock_skew, fits, not_before, too_deep,
};
use crate::settings::{Localized, Setting, Settings};

/// Of the 65,536 bytes of an event, what is left beside what servers write into it (who, where, what came before, signatures).
const LONGEST_TEXT: u32 = 60_000;
/// The same with quotes and line breaks as they are written.
const LONGEST_CONTENT: usize = 61_440;
/// Pages of our own messages that are looked through for a reply.
const PAGES: usize = 25;
const PAGE: usize = 100;

/// The network as one answers on it.
#[derive(Debug)]
pub(super) struct MatrixReplies;

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Profile {
    displayname: Option<String>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Parent {
    sender: String,
    content: Value,
}

#[derive(Deserialize)]
struct Made {
    event_id: String,
}

#[derive(Deserialize)]
struct Uploaded {
    content_uri: String,
}

#[derive(Deserialize)]
struct Page {
    chunk: Vec<Value>,
    #[serde(default)]
    end: Option<String>,
}

impl Replies for MatrixReplies {
    fn account_settings(&self) -> &'static [Setting] {
        SETTINGS
    }

    fn probe<'a>(&'a self, account: &'a AccountSession) -> BoxFuture<'a, Result<AccountFacts, ConnectorError>> {
        Box::pin(async move {
            let client = Client::find(account.into()).await?;
            let answer = client.whole(account.into(), &Call::get(&["account", "whoami"])).await;
            let answer = answer.map_err(|failure| failure.explain(&client.host, account.now()))?;
            let me: Me = answer.json()?;
            if !names::is_id(&me.user_id, '@') {
                return Err(ConnectorError::Protocol(format!("{} does not say whose the token is", client.host)));
            }
            // Who never gave a name has no profile.
            let profile = client.once(account.into(), &Call::get(&["profile", &me.user_id])).await;
            let profile: Profile = match profile {
                Err(failure) if !failure.is_not_there() => return Err(failure.explain(&client.host, account.now())),
                other => other.unwrap_or_default(),
            };
            let handle = me.user_id.trim_start_matches('@').to_owned();
            Ok(AccountFacts {
                url: Some(names::user_page(&me.user_id)),
                name: profile.displayname.filter(|name| !name.trim().is_empty()),
                clock_skew_seconds: clock_skew(&answer, account.now()),
                ..AccountFacts::new(
                    me.user_id,
                    handle,
                    LengthRule { bytes: Some(LONGEST_TEXT), ..LengthRule::new(LONGEST_TEXT, LengthUnit::Characters) },
                )
            })
        })
    }

    fn may_reply(&self, target: &ReplyTarget, _settings: &Settings, _facts: &AccountFacts) -> Result<(), WhyNot> {
        names::of_target(target).map(drop).ok_or(OTHER_NETWORK)
    }

    /// One, because it stands in the very message: two messages could come apart on the way.
    fn attachments(
        &self,
        _target: &ReplyTarget,
        _settings: &Settings,
        _facts: &AccountFacts,
    ) -> Result<AttachmentRule, Localized> {
        Ok(AttachmentRule::new(1, 16 << 20, attachment::DOCUMENTS))
    }

    fn send<'a>(
        &'a self,
        account: &'a AccountSession,
        facts: &'a AccountFacts,
        reply: &'a Outgoing,
    ) -> BoxFuture<'a, Result<Sent, SendError>> {
        Box::pin(async move {
            fits(facts, reply.text.trim())?;
            let client = Client::find(account.into()).await.map_err(|error| SendError::before(error, account.now()))?;
            let gone = || SendError::refused("parent_gone", "what is answered is no message of Matrix");
            let (room, above) = names::of_target(&reply.target).ok_or_else(gone)?;
            open(&client, account, &room).await?;
            let parent = parent(&client, account, &room, &above).await?;
            let mut content = words(reply.text.trim(), reply.attachments.first(), &client, account).await?;
            content["m.relates_to"] = relation(&parent, &above);
            if names::is_id(&parent.sender, '@') && parent.sender != facts.native_id {
                content["m.mentions"] = json!({"user_ids": [parent.sender]});
            }
            if serde_json::to_vec(&content).is_ok_and(|content| content.len() > LONGEST_CONTENT) {
                let message = "the text is longer than a message of Matrix may be, as it is written there; shorten it";
                return Err(SendError::refused("too_long", message));
            }
            let call = Call::put(&["rooms", &room, "send", "m.room.message", &key(reply)], content);
            let made: Made =
                client.once(account.into(), &call).await.map_err(|failure| refused(failure, &client, account))?;
            if !names::is_id(&made.event_id, '$') {
                return Err(SendError::Unsure { message: format!("{} took it and did not say as what", client.host) });
            }
            Ok(sent(&room, &made.event_id, facts))
        })
    }

    fn find<'a>(
        &'a self,
        account: &'a AccountSession,
        facts: &'a AccountFacts,
        reply: &'a Outgoing,
    ) -> BoxFuture<'a, Result<Option<Sent>, ConnectorError>> {
        Box::pin(async move {
            let client = Client::find(account.into()).await?;
            let Some((room, above)) = names::of_target(&reply.target) else { return Ok(None) };
            look(&client, account, facts, reply, &room, &above).await
        })
    }
}

/// The reply's own name, the same at every try.
fn key(reply: &Outgoing) -> String {
    format!("molva-{}", reply.id)
}

fn sent(room: &str, event: &str, facts: &AccountFacts) -> Sent {
    let via = facts.native_id.split_once(':').map_or("", |(_, server)| server);
    Sent { urn: names::urn(room, event), url: Some(names::event_page(room, event, via)) }
}

/// Whether what is said in the room can be read by those who are there: nothing in the open goes into one that is encrypted.
async fn open(client: &Client, account: &AccountSession, room: &str) -> Result<(), SendError> {
    let call = Call::get(&["rooms", room, "state", "m.room.encryption"]);
    match client.once::<Value>(account.into(), &call).await {
        Ok(_) => Err(SendError::refused(
            "encrypted",
            "the room is encrypted end to end; answer there with a Matrix program that has its keys",
        )),
        Err(Failure::Refused(Refused { status: 404, .. })) => Ok(()),
        Err(failure) => Err(before(failure, client, account)),
    }
}

/// What is answered, if it is still there.
async fn parent(client: &Client, account: &AccountSession, room: &str, event: &str) -> Result<Parent, SendError> {
    let gone = || SendError::refused("parent_gone", "the message was removed; there is nothing to answer any more");
    match client.once::<Parent>(account.into(), &Call::get(&["rooms", room, "event", event])).await {
        Ok(parent) if parent.content.as_object().is_none_or(serde_json::Map::is_empty) => Err(gone()),
        Ok(parent) => Ok(parent),
        Err(Failure::Refused(Refused { status: 404, .. })) => Err(gone()),
        Err(failure) => Err(before(failure, client, account)),
    }
}

/// An answer to a message of a thread stays in its thread.
fn relation(parent: &Parent, above: &str) -> Value {
    let text = |place: &str| parent.content.pointer(place).and_then(Value::as_str);
    let answered = json!({"event_id": above});
    match text("/m.relates_to/event_id").filter(|_| text("/m.relates_to/rel_type") == Some("m.thread")) {
        Some(root) => {
            json!({"rel_type": "m.thread", "event_id": root, "is_falling_back": false, "m.in_reply_to": answered})
        }
        None => json!({"m.in_reply_to": answered}),
    }
}

/// What the message says; a file is handed to the server first, and the text is its caption.
async fn words(
    text: &str,
    file: Option<&Attachment>,
    client: &Client,
    account: &AccountSession,
) -> Result<Value, SendError> {
    let Some(file) = file else { return Ok(json!({"msgtype": "m.text", "body": text})) };
    let call = Call::upload(&file.media_type, &file.bytes).with("filename", file.name.clone());
    let uploaded: Uploaded = client.once(account.into(), &call).await.map_err(|failure| match failure {
        Failure::Refused(refused) if refused.status == 413 || refused.code == "M_TOO_LARGE" => {
            let said = refused.said();
            SendError::refused(
                "attachment",
                format!("{} does not take a file as big ({said}); send a smaller one", client.host),
            )
        }
        failure => before(failure, client, account),
    })?;
    if !uploaded.content_uri.starts_with("mxc://") {
        let message = format!("{} took the file and did not say as what", client.host);
        return Err(SendError::Later { message, until: None });
    }
    let kind = if file.media_type.starts_with("image/") { "m.image" } else { "m.file" };
    Ok(json!({
        "msgtype": kind, "body": body(text, Some(file)), "filename": file.name, "url": uploaded.content_uri,
        "info": {"mimetype": file.media_type, "size": file.bytes.len()},
    }))
}

/// The words of a message: those of the reply, or what its file is called.
fn body<'a>(text: &'a str, file: Option<&'a Attachment>) -> &'a str {
    match file {
        Some(file) if text.is_empty() => &file.name,
        _ => text,
    }
}

/// Of a question before anything of the reply was handed over.
fn before(failure: Failure, client: &Client, account: &AccountSession) -> SendError {
    match refused(failure, client, account) {
        SendError::Unsure { message } => SendError::Later { message, until: None },
        other => other,
    }
}

/// What a refusal means for a reply.
fn refused(failure: Failure, client: &Client, account: &AccountSession) -> SendError {
    let now = account.now();
    let Failure::Refused(refused) = failure else { return SendError::of(failure.explain(&client.host, now)) };
    let (host, said) = (&client.host, refused.said());
    match (refused.status, refused.code.as_str()) {
        _ if refused.is_of_the_token() => SendError::of(refused.explain(host, now)),
        (_, "M_TOO_LARGE") | (413, _) => {
            SendError::refused("too_long", format!("{host} finds the message too long ({said}); shorten it"))
        }
        (_, "M_RESOURCE_LIMIT_EXCEEDED") => {
            SendError::Later { message: format!("{host} has reached a limit of its own ({said})"), until: None }
        }
        (403, _) => SendError::refused(
            "forbidden",
            format!("{host} does not let the account speak in that room ({said}); invite it, or give it the right to"),
        ),
        (404, _) => SendError::refused("parent_gone", format!("{host} does not know the room ({said})")),
        (400 | 405 | 415 | 422, _) => {
            SendError::refused("invalid", format!("{host} does not take the message ({said}); change it"))
        }
        (503, _) if refused.wait.is_some() => SendError::Later {
            message: format!("{host} is busy and asks to wait"),
            until: refused.wait.map(|wait| now.plus(wait)),
        },
        _ => SendError::of(refused.explain(host, now)),
    }
}

/// Ours, from the newest back to the first try: by the name we gave it, else by what it says and answers.
async fn look(
    client: &Client,
    account: &AccountSession,
    facts: &AccountFacts,
    reply: &Outgoing,
    room: &str,
    above: &str,
) -> Result<Option<Sent>, ConnectorError> {
    let since = not_before(reply, facts);
    let filter = json!({"types": ["m.room.message"], "senders": [facts.native_id]}).to_string();
    let words = body(reply.text.trim(), reply.attachments.first());
    let mut from: Option<String> = None;
    for _ in 0..PAGES {
        let mut call = Call::get(&["rooms", room, "messages"]).with("dir", "b").with("limit", PAGE.to_string());
        call = call.with("filter", filter.as_str());
        call.query.extend(from.clone().map(|from| ("from", from)));
        let page: Page = match client.once(account.into(), &call).await {
            Ok(page) => page,
            Err(failure) => return Err(failure.explain(&client.host, account.now())),
        };
        let text = |raw: &Value, place: &str| raw.pointer(place).and_then(Value::as_str).map(str::to_owned);
        let ours = |raw: &&Value| {
            let named = text(raw, "/unsigned/transaction_id").is_some_and(|name| name == key(reply));
            let said = || text(raw, "/content/body").unwrap_or_default();
            let tied = || text(raw, "/content/m.relates_to/m.in_reply_to/event_id").as_deref() == Some(above);
            let by_us = text(raw, "/sender").as_deref() == Some(&facts.native_id);
            named || by_us && written(raw).is_some_and(|at| at >= since) && tied() && same_words(words, &said())
        };
        if let Some(event) = page.chunk.iter().find(ours).and_then(|raw| text(raw, "/event_id")) {
            return Ok(Some(sent(room, &event, facts)));
        }
        let behind = page.chunk.iter().filter_map(written).min().is_some_and(|at| at < since);
        if behind || page.end.is_none() || page.end == from {
            return Ok(None);
        }
        from = page.end;
    }
    Err(too_deep(PAGES * PAGE, "messages"))
}

fn written(raw: &Value) -> Option<Timestamp> {
    raw.get("origin_server_ts").and_then(Value::as_i64).map(Timestamp::from_millis)
}
