//! Answers on Bluesky. A reply is a record in the account's own repository, under a name made of the reply's id: written twice
//! it is the same record, and it is found by that name alone.

use std::collections::HashMap;

use http::{Method, StatusCode};
use molva_domain::{PostKind, ReplyVisibility, Urn};
use serde_json::{Value, json};

use super::account::{Account, Record, refusal};
use super::facets::{Facet, Feature, facets};
use super::post;
use super::tid::record_key;
use super::wire::POSTS;
use crate::connector::BoxFuture;
use crate::error::ConnectorError;
use crate::http::Response;
use crate::reply::{
    AccountFacts, AccountSession, Attachment, AttachmentRule, Outgoing, Replies, ReplyTarget, SendError, Sent, WhyNot,
    attachment,
};
use crate::settings::{Localized, Setting, SettingKind, Settings};

/// Handles looked up for one reply; more stay text.
const MAX_MENTIONS: usize = 10;

/// `app.bsky.embed.images`: four of a million bytes each.
const RULE: AttachmentRule =
    AttachmentRule { alt: Some(2_000), ..AttachmentRule::new(4, 1_000_000, attachment::IMAGES) };

/// The network as one answers on it.
#[derive(Debug)]
pub(super) struct BlueskyReplies;

static SETTINGS: &[Setting] = &[
    Setting {
        key: "identifier",
        kind: SettingKind::Text,
        label: Localized {
            en: "Handle", ru: "Имя учётной записи", uk: "Ім’я облікового запису"
        },
        help: Localized {
            en: "The account replies are sent from, without `@`.",
            ru: "Учётная запись, с которой уходят ответы, без `@`.",
            uk: "Обліковий запис, з якого надсилаються відповіді, без `@`.",
        },
        required: true,
        default: None,
        placeholder: Some("shop.bsky.social"),
        shown_when: None,
    },
    Setting {
        key: "app_password",
        kind: SettingKind::Secret,
        label: Localized {
            en: "App password", ru: "Пароль приложения", uk: "Пароль застосунку"
        },
        help: Localized {
            en: "Made at Bluesky under Settings, Privacy and security, App passwords. Not the password you log in with.",
            ru: "Создаётся в Bluesky: Настройки, Конфиденциальность и безопасность, Пароли приложений. Не тот, с которым вы входите.",
            uk: "Створюється в Bluesky: Налаштування, Приватність і безпека, Паролі застосунків. Не той, з яким ви входите.",
        },
        required: true,
        default: None,
        placeholder: Some("xxxx-xxxx-xxxx-xxxx"),
        shown_when: None,
    },
    Setting {
        key: "service",
        kind: SettingKind::Url,
        label: Localized { en: "Data server", ru: "Сервер данных", uk: "Сервер даних" },
        help: Localized {
            en: "Only for accounts on a server of one's own.",
            ru: "Только для учётных записей на собственном сервере.",
            uk: "Лише для облікових записів на власному сервері.",
        },
        required: false,
        default: Some("https://bsky.social"),
        placeholder: None,
        shown_when: None,
    },
];

static REPOST: WhyNot = WhyNot {
    code: "read_only",
    reason: Localized {
        en: "A repost cannot be answered; answer the original post.",
        ru: "На репост нельзя ответить; ответьте на исходную запись.",
        uk: "На репост не можна відповісти; дайте відповідь на початковий допис.",
    },
};

static NO_POST: WhyNot = WhyNot {
    code: "other_server",
    reason: Localized {
        en: "This is no post that Bluesky knows by name.",
        ru: "Это не запись, известная Bluesky по имени.",
        uk: "Це не допис, відомий Bluesky за назвою.",
    },
};

static MISSING_RIGHT: WhyNot = WhyNot {
    code: "missing_right",
    reason: Localized {
        en: "The account is switched off; log in at Bluesky and switch it on.",
        ru: "Учётная запись отключена; войдите в Bluesky и включите её.",
        uk: "Обліковий запис вимкнено; увійдіть у Bluesky та ввімкніть його.",
    },
};

/// Repository and key of a post, by the URN of its mention.
fn name(urn: &Urn) -> Option<(String, String)> {
    let native = urn.parts_of("bluesky", "post")?.native;
    let (repo, key) = native.strip_prefix("at://")?.split_once(&format!("/{POSTS}/"))?;
    Some((repo.to_owned(), key.to_owned()))
}

impl Replies for BlueskyReplies {
    fn account_settings(&self) -> &'static [Setting] {
        SETTINGS
    }

    fn probe<'a>(&'a self, account: &'a AccountSession) -> BoxFuture<'a, Result<AccountFacts, ConnectorError>> {
        Box::pin(async move { Account::of(account)?.facts().await })
    }

    fn may_reply(&self, target: &ReplyTarget, _settings: &Settings, facts: &AccountFacts) -> Result<(), WhyNot> {
        match name(&target.urn) {
            _ if target.kind == PostKind::Repost => Err(REPOST),
            None => Err(NO_POST),
            Some(_) if facts.missing.is_some() => Err(MISSING_RIGHT),
            Some(_) => Ok(()),
        }
    }

    fn attachments(
        &self,
        _target: &ReplyTarget,
        _settings: &Settings,
        _facts: &AccountFacts,
    ) -> Result<AttachmentRule, Localized> {
        Ok(RULE)
    }

    fn send<'a>(
        &'a self,
        account: &'a AccountSession,
        facts: &'a AccountFacts,
        reply: &'a Outgoing,
    ) -> BoxFuture<'a, Result<Sent, SendError>> {
        Box::pin(async move {
            let text = reply.text.trim();
            may_be(text, facts, reply.visibility)?;
            let now = account.now();
            let account = Account::of(account).map_err(|error| SendError::before(error, now))?;
            let record = record(&account, reply, text).await?;
            let did = account.did().await.map_err(|error| SendError::before(error, now))?;
            let key = record_key(reply.id);
            // `swapRecord: null` lets it be written only where nothing is; the same once more is no change and no error.
            let body = json!({ "repo": did, "collection": POSTS, "rkey": key, "record": record, "swapRecord": null });
            let answer = account.call(Method::POST, "com.atproto.repo.putRecord", &[], Some(&body)).await;
            let answer = answer.map_err(|failure| failure.into_send_error(account.session.now()))?;
            let (error, _) = refusal(&answer);
            if !answer.status.is_success() && error != "InvalidSwap" {
                return Err(refused(&account, &answer));
            }
            // Something else under our name is this reply as it was first sent.
            Ok(sent(&did, &key))
        })
    }

    fn find<'a>(
        &'a self,
        account: &'a AccountSession,
        facts: &'a AccountFacts,
        reply: &'a Outgoing,
    ) -> BoxFuture<'a, Result<Option<Sent>, ConnectorError>> {
        Box::pin(async move {
            let account = Account::of(account)?;
            let key = record_key(reply.id);
            let found = account.record(&facts.native_id, POSTS, &key).await?;
            Ok(found.map(|_| sent(&facts.native_id, &key)))
        })
    }
}

fn sent(did: &str, key: &str) -> Sent {
    Sent { urn: post::urn(did, POSTS, key), url: Some(format!("https://bsky.app/profile/{did}/post/{key}")) }
}

/// What is known to be refused is not sent.
fn may_be(text: &str, facts: &AccountFacts, visibility: ReplyVisibility) -> Result<(), SendError> {
    let measured = facts.rule.length.measure(text);
    if measured.over {
        return Err(SendError::refused(
            "too_long",
            format!(
                "the text has {} characters and {} bytes; {} and 3000 are allowed, shorten it",
                measured.used, measured.bytes, measured.limit
            ),
        ));
    }
    match visibility {
        ReplyVisibility::Public => Ok(()),
        ReplyVisibility::Private => {
            Err(SendError::refused("not_private", "Bluesky has no private replies; send it as a public one"))
        }
    }
}

/// The record, the same at every try as long as what it refers to is.
async fn record(account: &Account<'_>, reply: &Outgoing, text: &str) -> Result<Value, SendError> {
    let now = account.session.now();
    let before = |error| SendError::before(error, now);
    let (repo, key) = name(&reply.target.urn).ok_or_else(gone)?;
    let parent = account.record(&repo, POSTS, &key).await.map_err(before)?.ok_or_else(gone)?;
    open_to_replies(account, &parent).await.map_err(|error| match error {
        Closed::Error(error) => before(error),
        Closed::Refused(refused) => refused,
    })?;
    let link = json!({ "uri": parent.uri, "cid": parent.cid });
    let root = parent.value.pointer("/reply/root").filter(|root| root.get("cid").is_some()).cloned();
    let mut record = json!({
        "$type": POSTS,
        "text": text,
        "createdAt": reply.first_tried_at.unwrap_or(now).to_rfc3339(),
        "reply": { "root": root.unwrap_or_else(|| link.clone()), "parent": link },
    });
    let written = written(account, facets(text)).await.map_err(before)?;
    if let (Some(fields), false) = (record.as_object_mut(), written.is_empty()) {
        fields.insert("facets".to_owned(), written.into());
    }
    let images = images(account, &reply.attachments).await?;
    if let (Some(fields), false) = (record.as_object_mut(), images.is_empty()) {
        fields.insert("embed".to_owned(), json!({ "$type": "app.bsky.embed.images", "images": images }));
    }
    Ok(record)
}

/// Pictures as a record shows them. They are named by what stands in them, so the record stays the same at every try.
async fn images(account: &Account<'_>, files: &[Attachment]) -> Result<Vec<Value>, SendError> {
    let mut images = Vec::with_capacity(files.len());
    for file in files {
        let now = account.session.now();
        let answer = account.upload(&file.media_type, &file.bytes).await.map_err(|failure| {
            // A file is no reply: whatever broke, nothing was said.
            match failure.into_send_error(now) {
                SendError::Unsure { message } => SendError::Later { message, until: None },
                other => other,
            }
        })?;
        if !answer.status.is_success() {
            let (_, said) = refusal(&answer);
            return Err(match refused(account, &answer) {
                SendError::Refused { .. } => {
                    let message = format!("{} does not take a file ({said}); send another one", account.host());
                    SendError::refused("attachment", message)
                }
                SendError::Unsure { message } => SendError::Later { message, until: None },
                other => other,
            });
        }
        let kept: Value = answer.json().map_err(|error| SendError::before(error, now))?;
        let blob = kept.get("blob").cloned().unwrap_or_default();
        images.push(json!({ "image": blob, "alt": file.alt.as_deref().unwrap_or_default() }));
    }
    Ok(images)
}

/// Facets as the lexicon writes them; a mention of nobody stays text.
async fn written(account: &Account<'_>, found: Vec<Facet>) -> Result<Vec<Value>, ConnectorError> {
    let mut known: HashMap<String, Option<String>> = HashMap::new();
    let mut written = Vec::with_capacity(found.len());
    for Facet { at, feature } in found {
        let feature = match feature {
            Feature::Link(uri) => json!({ "$type": "app.bsky.richtext.facet#link", "uri": uri }),
            Feature::Tag(tag) => json!({ "$type": "app.bsky.richtext.facet#tag", "tag": tag }),
            Feature::Mention(handle) => {
                if !known.contains_key(&handle) && known.len() < MAX_MENTIONS {
                    let did = account.resolve(&handle).await?;
                    known.insert(handle.clone(), did);
                }
                let Some(Some(did)) = known.get(&handle) else { continue };
                json!({ "$type": "app.bsky.richtext.facet#mention", "did": did })
            }
        };
        written.push(json!({ "index": { "byteStart": at.start, "byteEnd": at.end }, "features": [feature] }));
    }
    Ok(written)
}

enum Closed {
    Refused(SendError),
    Error(ConnectorError),
}

/// Data servers take every reply and hide those that the author does not want; so the author is asked first, where the server
/// passes such questions on.
async fn open_to_replies(account: &Account<'_>, parent: &Record) -> Result<(), Closed> {
    let answer = match account.ask("app.bsky.feed.getPosts", &[("uris", &parent.uri)]).await {
        Ok(answer) if answer.status.is_success() => answer,
        Ok(_) | Err(ConnectorError::Transient { .. } | ConnectorError::Protocol(_)) => return Ok(()),
        Err(error) => return Err(Closed::Error(error)),
    };
    let seen: Value = answer.json().unwrap_or_default();
    let is =
        |pointer: &str| seen.pointer(pointer).is_some_and(|value| !matches!(value, Value::Bool(false) | Value::Null));
    if is("/posts/0/viewer/replyDisabled") {
        return Err(Closed::Refused(SendError::refused(
            "thread_closed",
            "the author of the thread does not let this account reply; open the original",
        )));
    }
    if is("/posts/0/author/viewer/blockedBy") || is("/posts/0/author/viewer/blocking") {
        return Err(Closed::Refused(SendError::refused(
            "blocked",
            "the author and this account have blocked each other; a reply would not be seen",
        )));
    }
    Ok(())
}

fn gone() -> SendError {
    SendError::refused("parent_gone", "the post was deleted or its account closed; there is nothing to answer any more")
}

/// What the server said instead of taking the record.
fn refused(account: &Account<'_>, answer: &Response) -> SendError {
    let (error, said) = refusal(answer);
    let host = account.host();
    match answer.status {
        StatusCode::BAD_REQUEST if said.contains("too big") || said.contains("too long") => {
            SendError::refused("too_long", format!("{host} finds the text too long ({said}); shorten it"))
        }
        StatusCode::BAD_REQUEST if matches!(error.as_str(), "InvalidRequest" | "InvalidRecord" | "") => {
            SendError::refused("invalid", format!("{host} does not take the text ({said}); change it"))
        }
        status if status.is_client_error() && status != StatusCode::TOO_MANY_REQUESTS => {
            SendError::of(account.unhappy(answer))
        }
        _ => SendError::of_answer(answer, host, account.session.now()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_post_is_known_by_repository_and_key() {
        let urn = post::urn("did:plc:b", POSTS, "3kxyz");
        assert_eq!(name(&urn), Some(("did:plc:b".to_owned(), "3kxyz".to_owned())));
        assert_eq!(name(&post::urn("did:plc:b", "app.bsky.feed.repost", "3kxyz")), None);
        assert_eq!(name(&Urn::of("mastodon", None, "post", "at://a/app.bsky.feed.post/1")), None);
        assert_eq!(name(&post::author_urn("did:plc:b")), None);
    }
}
