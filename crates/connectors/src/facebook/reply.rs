//! Answers on Facebook: comments in the name of the page, private messages of it.
//!
//! Facebook knows no key of ours. Before a reply is sent again, the comments below what it answers, or the conversation, are looked
//! through for our words; of private answers to a comment Facebook itself takes but one.

use molva_domain::{PostKind, ReplyVisibility, Timestamp, Urn};
use serde::Deserialize;
use serde_json::Value;

use super::NETWORK;
use super::read::{comment_url, text};
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

/// Of comments; of messages it is less.
const LONGEST_COMMENT: u32 = 8_000;
const LONGEST_MESSAGE: u32 = 2_000;

const PUBLIC: &str = "pages_manage_engagement";
const PRIVATE: &str = "pages_messaging";

/// The network as one answers on it.
#[derive(Debug)]
pub(super) struct FacebookReplies;

#[derive(Deserialize)]
struct Me {
    id: String,
    #[serde(default)]
    name: Option<String>,
    #[serde(default)]
    username: Option<String>,
    #[serde(default)]
    link: Option<String>,
}

#[derive(Deserialize)]
struct Made {
    id: String,
}

/// What is answered.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Place {
    Post(String),
    Comment(String),
    /// The story of a review.
    Review(String),
    Message {
        page: String,
        person: String,
    },
}

impl Place {
    fn of(target: &ReplyTarget) -> Option<Self> {
        let parts = target.urn.parts().filter(|parts| parts.network == NETWORK)?;
        match parts.kind.as_str() {
            "message" if target.kind == PostKind::Message => {
                let (page, person, _) = conversation::parts(&parts.native)?;
                Some(Self::Message { page: page.to_owned(), person: person.to_owned() })
            }
            _ if !is_id(&parts.native) => None,
            "post" => Some(Self::Post(parts.native)),
            "comment" => Some(Self::Comment(parts.native)),
            "review" => Some(Self::Review(parts.native)),
            _ => None,
        }
    }

    /// What comments are made under.
    fn above(&self) -> &str {
        match self {
            Self::Post(id) | Self::Comment(id) | Self::Review(id) => id,
            Self::Message { person, .. } => person,
        }
    }

    /// Where a comment that was made there stands.
    fn made(&self, comment: &str, url: Option<String>) -> Sent {
        let under = match self {
            Self::Comment(above) => above.split('_').next().unwrap_or(above),
            other => other.above(),
        };
        let url = url.or_else(|| Some(comment_url(under, comment)));
        Sent { urn: Urn::of(NETWORK, None, "comment", comment), url }
    }
}

impl Replies for FacebookReplies {
    fn account_settings(&self) -> &'static [Setting] {
        ACCOUNT
    }

    fn probe<'a>(&'a self, account: &'a AccountSession) -> BoxFuture<'a, Result<AccountFacts, ConnectorError>> {
        Box::pin(async move {
            let graph = Graph::of(&account.settings)?;
            let token = Token::ask(&graph, account, account.now()).await?;
            let asked = graph.once::<Me>(account, Method::GET, "me", &[("fields", "id,name,username,link")]).await;
            let (me, _) = asked.map_err(|failure| failure.explain(account.now(), graph.usage()))?;
            if !is_id(&me.id) {
                return Err(ConnectorError::Protocol("Meta did not say whose the token is".to_owned()));
            }
            let lacks = |right: &str| !token.lacks(&[right]).is_empty();
            let missing = (lacks(PUBLIC) && lacks(PRIVATE)).then(|| {
                format!(
                    "the token lacks the permission `{PUBLIC}`, without which the page cannot comment; ask for it again"
                )
            });
            let longest = if lacks(PRIVATE) { LONGEST_COMMENT } else { LONGEST_MESSAGE };
            Ok(AccountFacts {
                url: me.link.or_else(|| Some(format!("https://www.facebook.com/{}", me.id))),
                handle: me.username.filter(|name| !name.is_empty()).unwrap_or_else(|| me.id.clone()),
                native_id: me.id,
                name: me.name.filter(|name| !name.trim().is_empty()),
                missing,
                rule: ReplyRule {
                    length: LengthRule::new(longest, LengthUnit::Characters),
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
        match Place::of(target) {
            None => Err(OTHER_NETWORK),
            Some(Place::Message { page, .. }) if page != facts.native_id => Err(OTHER_ACCOUNT),
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
            let gone = || SendError::refused("parent_gone", "what is answered is not on Facebook");
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
                Place::Comment(id) if private => replies::say(&graph, account, own, To::CommentBy(id), words).await,
                Place::Post(id) if private => replies::say(&graph, account, own, To::PostBy(id), words).await,
                Place::Review(_) if private => {
                    return Err(SendError::refused("not_private", "Facebook lets no page answer a review in private"));
                }
                _ => comment(&graph, account, &place, words).await,
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
                (_, ReplyVisibility::Public) => {
                    let list = (
                        &*format!("{}/comments", place.above()),
                        "id,from,message,created_time,permalink_url",
                        "message",
                    );
                    let ours = replies::said_below(&graph, account, facts, reply, list).await?;
                    return Ok(ours.and_then(|raw| Some(place.made(&id(&raw["id"])?, text(&raw, "permalink_url")))));
                }
                (_, ReplyVisibility::Private) => {
                    // The conversation is named by whoever wrote what is answered.
                    let asked =
                        graph.once::<Value>(account, Method::GET, place.above(), &[("fields", "from{id}")]).await;
                    match asked.map_err(|failure| failure.explain(account.now(), graph.usage())) {
                        Ok((raw, _)) => match id(&raw["from"]["id"]) {
                            Some(person) => person,
                            None => {
                                return Err(ConnectorError::Forbidden(
                                    "Facebook does not say who wrote it; look into the inbox of the page whether the reply is there"
                                        .to_owned(),
                                ));
                            }
                        },
                        Err(ConnectorError::NotFound(_)) => return Ok(None),
                        Err(error) => return Err(error),
                    }
                }
            };
            replies::said_to(&graph, account, facts, reply, (NETWORK, own, &person)).await
        })
    }
}

async fn comment(graph: &Graph, account: &AccountSession, place: &Place, words: &str) -> Result<Sent, Failure> {
    let path = format!("{}/comments", place.above());
    let (made, _) = graph.once::<Made>(account, Method::POST, &path, &[("message", words)]).await?;
    if !is_id(&made.id) {
        return Err(Failure::Broken(ConnectorError::Protocol("Facebook did not name the comment".to_owned())));
    }
    Ok(place.made(&made.id, None))
}
