//! Answers on Instagram: comments below comments, answers to mentions, private messages.
//!
//! Instagram knows no key of ours. Before a reply is sent again, the thread or the conversation is looked through for our words. Threads of
//! others cannot be looked through: whether an answer to a mention has arrived only a person can tell.

use molva_domain::{PostKind, ReplyVisibility, Timestamp};
use serde::Deserialize;
use serde_json::Value;

use super::NETWORK;
use super::read::{AccountOf, comment_urn};
use crate::connector::BoxFuture;
use crate::error::ConnectorError;
use crate::http::Method;
use crate::meta::form::ACCOUNT;
use crate::meta::graph::Graph;
use crate::meta::refusal::Failure;
use crate::meta::replies::{self, OTHER_ACCOUNT, OTHER_NETWORK, To, WINDOW_CLOSED};
use crate::meta::token::Token;
use crate::meta::{conversation, id, is_id};
use crate::reply::{
    AccountFacts, AccountSession, LengthRule, LengthUnit, Outgoing, Replies, ReplyRule, ReplyTarget, SendError, Sent,
    WhyNot,
};
use crate::settings::{Setting, Settings};

/// Of comments; messages hold a thousand bytes, which is more.
const LONGEST: u32 = 300;

const PUBLIC: &str = "instagram_manage_comments";
const PRIVATE: &str = "instagram_manage_messages";

/// The network as one answers on it.
#[derive(Debug)]
pub(super) struct InstagramReplies;

#[derive(Deserialize)]
struct Made {
    id: String,
}

/// What is answered.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Place {
    /// One's own media.
    Media(String),
    /// A comment under one's own media, and the one that begins its thread.
    Comment {
        id: String,
        first: String,
    },
    /// Somebody else's caption, or a comment there, that names us.
    Mention {
        media: Option<String>,
        comment: Option<String>,
    },
    Message {
        account: String,
        person: String,
    },
}

impl Place {
    fn of(target: &ReplyTarget) -> Option<Self> {
        let parts = target.urn.parts().filter(|parts| parts.network == NETWORK)?;
        // The thing that it stands under, if it is of that kind.
        let above = |kind: &str| {
            let above = target.in_reply_to.as_ref()?.parts()?;
            (above.kind == kind && is_id(&above.native)).then_some(above.native)
        };
        let own = target.community.is_some();
        match parts.kind.as_str() {
            "message" if target.kind == PostKind::Message => {
                let (account, person, _) = conversation::parts(&parts.native)?;
                Some(Self::Message { account: account.to_owned(), person: person.to_owned() })
            }
            _ if !is_id(&parts.native) => None,
            "media" if own => Some(Self::Media(parts.native)),
            "media" => Some(Self::Mention { media: Some(parts.native), comment: None }),
            "comment" if own => {
                let first = above("comment").unwrap_or_else(|| parts.native.clone());
                Some(Self::Comment { id: parts.native, first })
            }
            "comment" => Some(Self::Mention { media: above("media"), comment: Some(parts.native) }),
            _ => None,
        }
    }

    /// Where comments are made, and where they are found again.
    fn list(&self) -> Option<String> {
        match self {
            Self::Media(id) => Some(format!("{id}/comments")),
            Self::Comment { first, .. } => Some(format!("{first}/replies")),
            Self::Mention { .. } | Self::Message { .. } => None,
        }
    }
}

impl Replies for InstagramReplies {
    fn account_settings(&self) -> &'static [Setting] {
        ACCOUNT
    }

    fn probe<'a>(&'a self, account: &'a AccountSession) -> BoxFuture<'a, Result<AccountFacts, ConnectorError>> {
        Box::pin(async move {
            let graph = Graph::of(&account.settings)?;
            let now = account.now();
            let token = Token::ask(&graph, account, now).await?;
            let me = AccountOf::ask(&graph, account, now).await?;
            let lacks = |right: &str| !token.lacks(&[right]).is_empty();
            let missing = (lacks(PUBLIC) && lacks(PRIVATE)).then(|| {
                format!("the token lacks the permission `{PUBLIC}`, without which the account cannot comment; ask for it again")
            });
            Ok(AccountFacts {
                native_id: me.id,
                url: Some(format!("https://www.instagram.com/{}/", me.username)),
                handle: me.username,
                name: me.name,
                missing,
                rule: ReplyRule {
                    length: LengthRule::new(LONGEST, LengthUnit::Characters),
                    visibilities: replies::visibilities(lacks(PUBLIC), lacks(PRIVATE)),
                },
                scopes: token.scopes,
                expires_at: token.expires_at,
                quota: Some(graph.usage().quota()),
                clock_skew_seconds: token.clock_skew_seconds,
            })
        })
    }

    fn may_reply(&self, target: &ReplyTarget, _settings: &Settings, facts: &AccountFacts) -> Result<(), WhyNot> {
        let own = format!("{NETWORK}/{}", facts.native_id);
        match Place::of(target) {
            None => Err(OTHER_NETWORK),
            Some(Place::Message { account, .. }) if account != facts.native_id => Err(OTHER_ACCOUNT),
            // Only the owner of media, or who is named there, may comment through the API.
            Some(Place::Media(_) | Place::Comment { .. }) if target.community.as_deref() != Some(&own) => {
                Err(OTHER_ACCOUNT)
            }
            Some(_) => Ok(()),
        }
    }

    fn closes_at(&self, target: &ReplyTarget) -> Option<(Timestamp, WhyNot)> {
        replies::closes_at(target).map(|at| (at, WINDOW_CLOSED))
    }

    fn send<'a>(
        &'a self,
        account: &'a AccountSession,
        facts: &'a AccountFacts,
        reply: &'a Outgoing,
    ) -> BoxFuture<'a, Result<Sent, SendError>> {
        Box::pin(async move {
            let words = replies::fitting(facts, &reply.text)?;
            let graph = Graph::of(&account.settings).map_err(|error| SendError::before(error, account.now()))?;
            let gone = || SendError::refused("parent_gone", "what is answered is not on Instagram");
            let place = Place::of(&reply.target).ok_or_else(gone)?;
            let private = reply.visibility == ReplyVisibility::Private;
            let own = (NETWORK, facts.native_id.as_str());
            if (private || matches!(place, Place::Message { .. }))
                && let Some(late) = replies::too_late_in_private(&reply.target, account.now())
            {
                return Err(late);
            }
            let sent = match &place {
                Place::Message { person, .. } => replies::say(&graph, account, own, To::Person(person), words).await,
                Place::Comment { id, .. } if private => {
                    replies::say(&graph, account, own, To::CommentBy(id), words).await
                }
                _ if private => {
                    let message = "Instagram lets only comments under your own media be answered in private";
                    return Err(SendError::refused("not_private", message));
                }
                _ => comment(&graph, account, facts, &place, words).await,
            };
            sent.map_err(|failure| failure.of_reply(account.now(), graph.usage()))
        })
    }

    fn find<'a>(
        &'a self,
        account: &'a AccountSession,
        facts: &'a AccountFacts,
        reply: &'a Outgoing,
    ) -> BoxFuture<'a, Result<Option<Sent>, ConnectorError>> {
        Box::pin(async move {
            let Some(place) = Place::of(&reply.target) else { return Ok(None) };
            let graph = Graph::of(&account.settings)?;
            let own = facts.native_id.as_str();
            let person = match (&place, reply.visibility) {
                (Place::Message { person, .. }, _) => person.clone(),
                (Place::Comment { id: comment, .. }, ReplyVisibility::Private) => {
                    let asked = graph.once::<Value>(account, Method::GET, comment, &[("fields", "from")]).await;
                    match asked.map_err(|failure| failure.explain(account.now(), graph.usage())) {
                        Ok((raw, _)) => match id(&raw["from"]["id"]) {
                            Some(person) => person,
                            None => return Err(cannot_look()),
                        },
                        Err(ConnectorError::NotFound(_)) => return Ok(None),
                        Err(error) => return Err(error),
                    }
                }
                (_, _) => {
                    let path = place.list().ok_or_else(cannot_look)?;
                    let list = (&*path, "id,text,timestamp,username,from", "text");
                    let ours = replies::said_below(&graph, account, facts, reply, list).await?;
                    let name = ours.and_then(|raw| id(&raw["id"]));
                    return Ok(name.map(|id| Sent { urn: comment_urn(&id), url: None }));
                }
            };
            replies::said_to(&graph, account, facts, reply, (NETWORK, own, &person)).await
        })
    }
}

fn cannot_look() -> ConnectorError {
    let message = "Instagram does not show this thread to programs; look there whether the reply has arrived";
    ConnectorError::Forbidden(message.to_owned())
}

async fn comment(
    graph: &Graph,
    account: &AccountSession,
    facts: &AccountFacts,
    place: &Place,
    words: &str,
) -> Result<Sent, Failure> {
    let mut parameters = vec![("message", words)];
    let path = match place {
        Place::Mention { media, comment } => {
            parameters.extend(media.as_deref().map(|media| ("media_id", media)));
            parameters.extend(comment.as_deref().map(|comment| ("comment_id", comment)));
            format!("{}/mentions", facts.native_id)
        }
        other => other.list().unwrap_or_default(),
    };
    let (made, _) = graph.once::<Made>(account, Method::POST, &path, &parameters).await?;
    if !is_id(&made.id) {
        return Err(Failure::Broken(ConnectorError::Protocol("Instagram did not name the comment".to_owned())));
    }
    Ok(Sent { urn: comment_urn(&made.id), url: None })
}
