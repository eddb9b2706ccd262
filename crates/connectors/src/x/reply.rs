//! Answering on X. It has no key against saying a thing twice, but refuses the same words from the same account, and shows at once
//! what an account said.

use http::StatusCode;
use molva_domain::Timestamp;
use serde::Deserialize;
use serde_json::{Value, json};

use super::account_form::{NOT_SUMMONED, OTHER_NETWORK, SETTINGS};
use super::client::{Ask, Client, Failure};
use super::fields;
use super::media;
use super::problem::Problem;
use super::wire::{Includes, Page, User};
use super::{NETWORK, id, read};
use crate::connector::BoxFuture;
use crate::error::ConnectorError;
use crate::reply::{
    AccountFacts, AccountSession, AttachmentRule, LengthRule, LengthUnit, Outgoing, Replies, ReplyTarget, SendError,
    Sent, WhyNot, clock_skew, fits, not_before, words::same_words,
};
use crate::session::Item;
use crate::settings::{Localized, Setting, Settings};

const LENGTH: u32 = 280;
/// Of those who pay X for more.
const LENGTH_OF_PREMIUM: u32 = 25_000;
/// X counts any address as one of its own short ones.
const ADDRESS: u32 = 23;
/// Pages of a hundred of one's own posts that are looked through.
const PAGES: usize = 5;

/// How X is answered.
#[derive(Clone, Copy, Debug)]
pub(super) struct XReplies;

#[derive(Deserialize)]
struct One<T> {
    data: Option<T>,
}

#[derive(Deserialize)]
struct Made {
    id: String,
}

impl Replies for XReplies {
    fn account_settings(&self) -> &'static [Setting] {
        SETTINGS
    }

    fn probe<'a>(&'a self, account: &'a AccountSession) -> BoxFuture<'a, Result<AccountFacts, ConnectorError>> {
        Box::pin(async move {
            let client = Client::of_account(&account.settings)?;
            let ask = Ask::get(
                "/2/users/me",
                "/2/users/me",
                &[("user.fields", "id,name,username,verified_type,subscription_type")],
            );
            let asked = client.call_once::<One<User>>(account, &ask).await;
            let answer = asked.map_err(|failure| explain(&client, failure, account.now()))?;
            let user = answer.value.data.filter(|user| id::parse(&user.id).is_some() && !user.username.is_empty());
            let user = user.ok_or_else(|| ConnectorError::Protocol("X does not say whose token it is".to_owned()))?;
            // Told of tokens of OAuth 1.0a: `read`, `read-write`, `read-write-directmessages`.
            let access = answer.response.header("x-access-level").map(str::to_owned);
            let missing = access.as_deref().filter(|access| *access == "read").map(|_| {
                "the application may only read: set its permissions to read and write, then make the access token anew".to_owned()
            });
            let premium = matches!(user.subscription_type.as_deref(), Some("Premium" | "PremiumPlus" | "Basic"));
            let mut length = LengthRule::new(if premium { LENGTH_OF_PREMIUM } else { LENGTH }, LengthUnit::Weighted);
            length.url_counts = Some(ADDRESS);
            Ok(AccountFacts {
                url: Some(format!("https://x.com/{}", user.username)),
                name: Some(user.name).filter(|name| !name.is_empty()),
                scopes: access.into_iter().collect(),
                missing,
                quota: answer.window.filter(|window| window.limit > 0).map(|window| window.quota()),
                clock_skew_seconds: clock_skew(&answer.response, account.now()),
                ..AccountFacts::new(user.id, user.username, length)
            })
        })
    }

    fn may_reply(&self, target: &ReplyTarget, settings: &Settings, facts: &AccountFacts) -> Result<(), WhyNot> {
        if post_of(target).is_none() {
            return Err(OTHER_NETWORK);
        }
        let own = facts.handle.to_lowercase();
        let by_us = target.author_handle.as_deref().is_some_and(|handle| handle.to_lowercase() == own);
        let summoned = target.addressed.contains(&own);
        if summoned || by_us || settings.flag("unsummoned") { Ok(()) } else { Err(NOT_SUMMONED) }
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
            let text = reply.text.trim();
            fits(facts, text)?;
            let gone = || SendError::refused("parent_gone", "what is answered is not on X");
            let target = post_of(&reply.target).ok_or_else(gone)?;
            let client =
                Client::of_account(&account.settings).map_err(|error| SendError::before(error, account.now()))?;
            let mut body = json!({"text": text, "reply": {"in_reply_to_tweet_id": target}});
            let media = media::upload(&client, account, &reply.attachments).await?;
            if !media.is_empty() {
                body["media"] = json!({"media_ids": media});
            }
            let made = client.call_once::<One<Made>>(account, &Ask::post("/2/tweets", "/2/tweets", &body)).await;
            match made {
                Ok(answer) => match answer.value.data {
                    Some(made) => Ok(sent(facts, &made.id)),
                    None => Err(SendError::Unsure { message: "X does not say what became of it".to_owned() }),
                },
                Err(Failure::Refused(problem)) if says(&problem, "duplicate content") => {
                    // The same words may be our own, of a try whose answer was lost.
                    match find(&client, account, facts, reply).await {
                        Ok(Some(sent)) => Ok(sent),
                        Ok(None) => Err(SendError::refused(
                            "duplicate",
                            "X takes the same words from an account only once; write it in other words",
                        )),
                        Err(error) => Err(SendError::before(error, account.now())),
                    }
                }
                Err(failure) => Err(refused(&client, failure, account.now())),
            }
        })
    }

    fn find<'a>(
        &'a self,
        account: &'a AccountSession,
        facts: &'a AccountFacts,
        reply: &'a Outgoing,
    ) -> BoxFuture<'a, Result<Option<Sent>, ConnectorError>> {
        Box::pin(async move {
            let client = Client::of_account(&account.settings)?;
            find(&client, account, facts, reply).await
        })
    }
}

/// Looks through what the account said since then.
async fn find(
    client: &Client,
    account: &AccountSession,
    facts: &AccountFacts,
    reply: &Outgoing,
) -> Result<Option<Sent>, ConnectorError> {
    let Some(target) = post_of(&reply.target) else { return Ok(None) };
    let known = reply.target.urn.parts().map(|parts| parts.native);
    let names = fields::Names::default();
    let since = id::at(not_before(reply, facts)).to_string();
    let path = format!("/2/users/{}/tweets", facts.native_id);
    let mut next = String::new();
    for _ in 0..PAGES {
        let page = loop {
            let own = [("max_results", "100"), ("since_id", &*since), ("pagination_token", &*next)];
            let query: Vec<_> = own.iter().chain(names.fields()).copied().collect();
            match client.call_once::<Page>(account, &Ask::get("/2/users/:id/tweets", &path, &query)).await {
                Ok(answer) => break answer.value,
                Err(Failure::Refused(problem)) if names.change_for(&problem) => {}
                Err(failure) => return Err(explain(client, failure, account.now())),
            }
        };
        let ours = page
            .data
            .iter()
            .find(|raw| is_it(raw, &page.includes, &reply.text, [Some(target.as_str()), known.as_deref()]));
        if let Some(id) = ours.and_then(|raw| raw.get("id")?.as_str()) {
            return Ok(Some(sent(facts, id)));
        }
        match page.meta.next_token.filter(|token| !token.is_empty()) {
            Some(token) => next = token,
            None => break,
        }
    }
    Ok(None)
}

/// Whether a post says our words below one of these.
fn is_it(raw: &Value, includes: &Includes, words: &str, below: [Option<&str>; 2]) -> bool {
    let references = ["referenced_tweets", "referenced_posts"].into_iter().filter_map(|name| raw.get(name)?.as_array());
    let above = references.flatten().any(|one| {
        let text = |name: &str| one.get(name).and_then(Value::as_str);
        text("type") == Some("replied_to") && text("id").is_some_and(|id| below.contains(&Some(id)))
    });
    let Item::Post(post) = read::post(raw, includes, Timestamp::from_secs(0), "answers").item else { return false };
    // X puts the names of those who are answered before the words.
    above && (same_words(words, &post.text) || same_words(words, without_names(&post.text)))
}

fn without_names(text: &str) -> &str {
    let mut rest = text.trim_start();
    while let Some(named) = rest.strip_prefix('@') {
        let end = named.find(char::is_whitespace).unwrap_or(named.len());
        rest = named[end..].trim_start();
    }
    rest
}

/// The id that an answer has to name: of the newest version we know of, which stands in the address.
fn post_of(target: &ReplyTarget) -> Option<String> {
    let parts = target.urn.parts_of(NETWORK, "post")?;
    let newest = target.url.as_deref().and_then(|url| url.rsplit_once("/status/")).map(|(_, id)| id);
    let newest = newest.filter(|newest| id::parse(newest) >= id::parse(&parts.native));
    Some(newest.map_or(parts.native, str::to_owned)).filter(|id| id::parse(id).is_some())
}

fn sent(facts: &AccountFacts, id: &str) -> Sent {
    Sent { urn: read::urn(id), url: Some(read::url_of(Some(&facts.handle), id)) }
}

fn says(problem: &Problem, words: &str) -> bool {
    problem.status == StatusCode::FORBIDDEN && problem.detail.contains(words)
}

fn explain(client: &Client, failure: Failure, now: Timestamp) -> ConnectorError {
    match failure {
        // A token of OAuth 2.0 ends after two hours.
        Failure::Refused(problem) if problem.status == 401 && client.expires() => ConnectorError::AuthExpired,
        Failure::Refused(problem) if problem.status == 402 => {
            ConnectorError::Forbidden(format!("X says: {}; buy credits in the developer console", problem.detail))
        }
        failure => failure.error("access_token", now),
    }
}

/// What a refusal means for a reply.
pub(super) fn refused(client: &Client, failure: Failure, now: Timestamp) -> SendError {
    let Failure::Refused(problem) = &failure else { return SendError::of(explain(client, failure, now)) };
    let message = format!("X says: {}", problem.detail);
    let any = |words: &[&str]| words.iter().any(|words| problem.detail.contains(words));
    match problem.status {
        // Somebody may buy credits within the day.
        402 => SendError::Later { message: format!("{message}; buy credits in the developer console"), until: None },
        400 | 403 | 404 if any(&["deleted", "not visible", "does not exist"]) => {
            SendError::refused("parent_gone", message)
        }
        403 if any(&["mentioned", "engaged by the author", "you are mentioned"]) => {
            SendError::refused("not_summoned", message)
        }
        403 if any(&["not allowed to reply", "restricted who can reply", "not permitted to reply"]) => {
            SendError::refused("thread_closed", message)
        }
        403 if any(&["too long", "longer than", "Text must be"]) => SendError::refused("too_long", message),
        403 if any(&["suspended", "locked", "oauth1", "oauth2", "permissions", "Unsupported Authentication"]) => {
            SendError::Account { expired: false, message }
        }
        400 | 403 | 404 | 422 => SendError::refused("refused", message),
        _ => SendError::of(explain(client, failure, now)),
    }
}

#[cfg(test)]
mod tests {
    use molva_domain::{PostKind, Urn};

    use super::*;

    fn target(urn: Urn, url: Option<&str>) -> ReplyTarget {
        ReplyTarget {
            urn,
            kind: PostKind::Post,
            url: url.map(str::to_owned),
            author_handle: None,
            community: None,
            in_reply_to: None,
            addressed: Vec::new(),
            published_at: Timestamp::from_secs(0),
        }
    }

    #[test]
    fn the_newest_version_that_is_known_is_answered() {
        let of = |url| post_of(&target(read::urn("12"), url));
        assert_eq!(of(Some("https://x.com/anna/status/15")).as_deref(), Some("15"));
        assert_eq!(of(Some("https://x.com/anna/status/9")).as_deref(), Some("12"));
        assert_eq!((of(None).as_deref(), of(Some("https://x.com/anna")).as_deref()), (Some("12"), Some("12")));
        assert_eq!(post_of(&target(Urn::of("vk", None, "post", "1"), None)), None);
    }

    #[test]
    fn our_words_are_known_below_names_and_with_the_links_of_x() {
        let raw = json!({
            "id": "20", "text": "@anna @boris Look: https://t.co/a &amp; write",
            "referenced_tweets": [{"type": "replied_to", "id": "12"}],
            "entities": {"urls": [{"url": "https://t.co/a", "expanded_url": "https://shop.example/1"}]},
        });
        let is = |words: &str, below: &str| is_it(&raw, &Includes::default(), words, [Some(below), None]);
        assert!(
            is("Look: https://shop.example/1 & write", "12")
                && is("@anna @boris Look: https://shop.example/1 & write", "12")
        );
        assert!(!is("Look", "12") && !is("Look: https://shop.example/1 & write", "13"));
    }
}
