//! Answers on Mastodon and its kin. A reply is a status below another; the server knows it again by its `Idempotency-Key`
//! for an hour, and after that by our words below what they answer.
//!
//! A mention is known by its `uri`, which all servers share; the account's own server is asked for its local id, and fetches
//! the post from the other server when it has not seen it. Whoever is answered is told only when the text names them, so
//! `@user@server` is put before a text without it, and counts.

use http::{Method, StatusCode};
use molva_domain::{PostKind, ReplyVisibility, Timestamp};
use serde::Deserialize;
use serde_json::json;

use super::account::{Account, said};
use super::account_form::{MISSING_RIGHT, OTHER_NETWORK, REPOST, SETTINGS};
use super::addressee::addressed;
use super::locate::{Name, host_of, locate, name};
use super::media;
use super::status::{local_urn, uri_urn};
use crate::connector::BoxFuture;
use crate::error::ConnectorError;
use crate::html;
use crate::http::Response;
use crate::reply::words::same_words;
use crate::reply::{
    AccountFacts, AccountSession, AttachmentRule, Outgoing, Replies, ReplyTarget, SendError, Sent, WhyNot, not_before,
    too_deep,
};
use crate::settings::{Localized, Setting, Settings};

/// Pages of 40 of the account's own statuses that are looked through for a reply; a server allows some 300 questions in five minutes.
const PAGES: usize = 25;

/// The network as one answers on it.
#[derive(Debug)]
pub(super) struct MastodonReplies;

/// A status, as far as replies need it.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Status {
    pub id: String,
    pub uri: Option<String>,
    pub url: Option<String>,
    created_at: Option<String>,
    in_reply_to_id: Option<String>,
    content: Option<String>,
    visibility: Option<String>,
    account: Author,
}

#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Author {
    acct: String,
}

impl Status {
    fn sent(&self, host: &str) -> Sent {
        let uri = self.uri.as_deref().map(str::trim).filter(|uri| !uri.is_empty());
        Sent {
            urn: uri.map_or_else(|| local_urn(host, &self.id), uri_urn),
            url: self.url.clone().or_else(|| uri.map(str::to_owned)),
        }
    }
}

impl Replies for MastodonReplies {
    fn account_settings(&self) -> &'static [Setting] {
        SETTINGS
    }

    fn probe<'a>(&'a self, account: &'a AccountSession) -> BoxFuture<'a, Result<AccountFacts, ConnectorError>> {
        Box::pin(async move { Account::of(account)?.facts().await })
    }

    fn may_reply(&self, target: &ReplyTarget, settings: &Settings, facts: &AccountFacts) -> Result<(), WhyNot> {
        if target.kind == PostKind::Repost {
            return Err(REPOST);
        }
        let own_host =
            || settings.text("instance").and_then(|address| crate::http::parse_url("instance", address).ok());
        let reachable = match name(&target.urn) {
            None => false,
            Some(Name::Uri(_)) => true,
            // The id of another server means nothing here; its page may be found.
            Some(Name::Local { host, .. }) => {
                target.url.is_some() || own_host().is_some_and(|base| host_of(&base) == host)
            }
            Some(Name::Digest) => target.url.is_some(),
        };
        match reachable {
            false => Err(OTHER_NETWORK),
            true if facts.missing.is_some() => Err(MISSING_RIGHT),
            true => Ok(()),
        }
    }

    fn greeting(&self, target: &ReplyTarget, _settings: &Settings, facts: &AccountFacts) -> Option<String> {
        let handle = target.author_handle.as_deref()?.trim_start_matches('@');
        (!handle.is_empty() && handle != facts.handle).then(|| format!("@{handle} "))
    }

    fn attachments(
        &self,
        _target: &ReplyTarget,
        _settings: &Settings,
        _facts: &AccountFacts,
    ) -> Result<AttachmentRule, Localized> {
        Ok(media::RULE)
    }

    fn send<'a>(
        &'a self,
        account: &'a AccountSession,
        facts: &'a AccountFacts,
        reply: &'a Outgoing,
    ) -> BoxFuture<'a, Result<Sent, SendError>> {
        Box::pin(async move {
            let before = |error| SendError::before(error, account.now());
            let account = Account::of(account).map_err(before)?;
            let parent = locate(&account, &reply.target).await.map_err(before)?.ok_or_else(|| gone(&account))?;
            let text = addressed(reply, facts, &parent.account.acct, &account.host);
            let measured = facts.rule.length.measure(&text);
            if measured.over {
                return Err(SendError::refused(
                    "too_long",
                    format!(
                        "the text counts {} of {} characters, with the mention of whom it answers; shorten it",
                        measured.used, measured.limit
                    ),
                ));
            }
            let mut body = json!({ "status": text, "in_reply_to_id": parent.id, "visibility": visibility(reply.visibility, &parent) });
            let media = media::upload(&account, &reply.attachments).await?;
            if let (Some(fields), false) = (body.as_object_mut(), media.is_empty()) {
                fields.insert("media_ids".to_owned(), media.into());
            }
            let request = account
                .request(Method::POST, "api/v1/statuses", &[])
                .header("idempotency-key", &key(reply))
                .json(&body);
            let answer = account.session.send(request).await.map_err(SendError::of)?;
            if !answer.status.is_success() {
                return Err(refusal(&account, &answer));
            }
            let status: Status = answer.json().map_err(SendError::of)?;
            if status.id.is_empty() {
                return Err(SendError::Unsure { message: format!("{} took it and did not say as what", account.host) });
            }
            Ok(status.sent(&account.host))
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
            let parent = locate(&account, &reply.target).await?;
            let since = not_before(reply, facts);
            let path = format!("api/v1/accounts/{}/statuses", facts.native_id);
            let mut older: Option<String> = None;
            for _ in 0..PAGES {
                let mut query = vec![("limit", "40"), ("exclude_reblogs", "true")];
                query.extend(older.as_deref().map(|id| ("max_id", id)));
                let page: Vec<Status> = account.read(&path, &query).await?;
                let is_ours = |status: &&Status| {
                    // What is answered may be gone by now, and with it the line that leads there.
                    parent.as_ref().is_none_or(|parent| status.in_reply_to_id.as_ref() == Some(&parent.id))
                        && written(status).is_some_and(|at| at >= since)
                        && says(status, reply)
                };
                if let Some(status) = page.iter().find(is_ours) {
                    return Ok(Some(status.sent(&account.host)));
                }
                match page.last() {
                    Some(last) if written(last).is_none_or(|at| at >= since) => older = Some(last.id.clone()),
                    _ => return Ok(None),
                }
            }
            Err(too_deep(PAGES * 40, "statuses"))
        })
    }
}

fn written(status: &Status) -> Option<Timestamp> {
    Timestamp::parse(status.created_at.as_deref()?)
}

/// Whether the status says what the reply says, with or without the mention that was put before it.
fn says(status: &Status, reply: &Outgoing) -> bool {
    // Addresses are shown shortened by these two; what was written is compared.
    let content = status.content.as_deref().unwrap_or_default();
    let whole = content.replace("class=\"invisible\"", "").replace("class=\"ellipsis\"", "");
    let shown = html::to_plain(&whole, None).text;
    let without_first =
        shown.strip_prefix('@').and_then(|rest| rest.split_once(char::is_whitespace)).map(|(_, rest)| rest);
    same_words(&reply.text, &shown) || without_first.is_some_and(|rest| same_words(&reply.text, rest))
}

/// The reply's own name, the same at every try.
fn key(reply: &Outgoing) -> String {
    format!("molva-{}", reply.id)
}

fn visibility(wanted: ReplyVisibility, parent: &Status) -> &'static str {
    match (wanted, parent.visibility.as_deref()) {
        (ReplyVisibility::Private, _) | (_, Some("direct")) => "direct",
        (ReplyVisibility::Public, Some("private")) => "private",
        (ReplyVisibility::Public, Some("unlisted")) => "unlisted",
        (ReplyVisibility::Public, _) => "public",
    }
}

fn gone(account: &Account<'_>) -> SendError {
    SendError::refused(
        "parent_gone",
        format!(
            "{} does not find the post: it was deleted, or its server and this one do not talk; open the original to see",
            account.host
        ),
    )
}

/// What the server said instead of taking the reply.
pub(super) fn refusal(account: &Account<'_>, answer: &Response) -> SendError {
    let said = said(answer);
    let lower = said.to_lowercase();
    match answer.status {
        StatusCode::UNAUTHORIZED => {
            SendError::Account { expired: lower.contains("expired"), message: account.token_refused(&said) }
        }
        StatusCode::FORBIDDEN if lower.contains("not allowed") => SendError::refused(
            "forbidden",
            format!("{} does not allow this reply ({said}); its author may have blocked the account", account.host),
        ),
        StatusCode::FORBIDDEN => SendError::Account { expired: false, message: account.account_refused(&said) },
        StatusCode::NOT_FOUND | StatusCode::GONE => gone(account),
        StatusCode::UNPROCESSABLE_ENTITY if lower.contains("limit") || lower.contains("too long") => {
            SendError::refused("too_long", format!("{} finds the text too long ({said}); shorten it", account.host))
        }
        StatusCode::UNPROCESSABLE_ENTITY | StatusCode::BAD_REQUEST => {
            SendError::refused("invalid", format!("{} does not take the text ({said}); change it", account.host))
        }
        _ => SendError::of_answer(answer, &account.host, account.session.now()),
    }
}

#[cfg(test)]
pub(super) mod tests {
    use molva_domain::{ReplyId, Urn};

    use super::*;
    use crate::reply::{LengthRule, LengthUnit};

    pub(in super::super) fn facts() -> AccountFacts {
        AccountFacts::new("7", "shop@m.example", LengthRule::new(500, LengthUnit::Graphemes))
    }

    pub(in super::super) fn reply(text: &str, handle: &str) -> Outgoing {
        Outgoing {
            id: ReplyId(1),
            target: ReplyTarget {
                urn: uri_urn("https://o.example/1"),
                kind: PostKind::Post,
                url: None,
                author_handle: Some(handle.to_owned()),
                community: None,
                in_reply_to: None,
                addressed: Vec::new(),
                published_at: Timestamp::from_secs(1_772_366_400),
            },
            text: text.to_owned(),
            visibility: ReplyVisibility::Public,
            first_tried_at: None,
            attachments: Vec::new(),
        }
    }

    #[test]
    fn a_reply_is_known_again_in_the_markup_of_the_server() {
        let status = |content: &str| Status { content: Some(content.to_owned()), ..Status::default() };
        let mention = r#"<span class="h-card"><a href="https://o.example/@olena" class="u-url mention">@<span>olena</span></a></span>"#;
        let ours = reply("Починили: https://status.example/a?b=1 👍", "olena@o.example");
        let link = r#"<a href="https://status.example/a?b=1"><span class="invisible">https://</span><span class="ellipsis">status.example/a</span><span class="invisible">?b=1</span></a>"#;
        assert!(says(&status(&format!("<p>{mention} Починили: {link} 👍</p>")), &ours));
        assert!(says(&status(&format!("<p>Починили: {link} 👍</p>")), &ours));
        assert!(!says(&status(&format!("<p>{mention} Уже починили: {link} 👍</p>")), &ours));
        let named = reply("@olena@o.example Починили", "olena@o.example");
        assert!(says(&status(&format!("<p>{mention} Починили</p>")), &named));
    }

    #[test]
    fn a_reply_is_no_more_public_than_what_it_answers() {
        let to = |parent: &str, wanted| {
            visibility(wanted, &Status { visibility: Some(parent.to_owned()), ..Status::default() })
        };
        let public =
            ["public", "unlisted", "private", "direct", "local"].map(|parent| to(parent, ReplyVisibility::Public));
        assert_eq!(public, ["public", "unlisted", "private", "direct", "public"]);
        assert_eq!(to("public", ReplyVisibility::Private), "direct");
    }

    #[test]
    fn what_cannot_be_answered_says_why() {
        let settings = Settings::new([("instance".to_owned(), "https://m.example".to_owned())].into(), [].into());
        let may = |urn: Urn, kind: PostKind, facts: &AccountFacts| {
            let target = ReplyTarget { urn, kind, ..reply("", "x").target };
            MastodonReplies.may_reply(&target, &settings, facts).map_err(|why| why.code)
        };
        let uri = || uri_urn("https://o.example/users/x/statuses/1");
        assert_eq!(may(uri(), PostKind::Reply, &facts()), Ok(()));
        assert_eq!(may(uri(), PostKind::Repost, &facts()), Err("read_only"));
        assert_eq!(may(local_urn("m.example", "1"), PostKind::Post, &facts()), Ok(()));
        assert_eq!(may(local_urn("o.example", "1"), PostKind::Post, &facts()), Err("other_server"));
        assert_eq!(may(Urn::of("vk", None, "post", "1"), PostKind::Post, &facts()), Err("other_server"));
        let lacking = AccountFacts { missing: Some("write".to_owned()), ..facts() };
        assert_eq!(may(uri(), PostKind::Post, &lacking), Err("missing_right"));
    }
}
