//! Answers on Facebook: comments in the name of the page, private messages of it.
//!
//! Facebook knows no key of ours. Before a reply is sent again, the comments below what it answers, or the conversation, are looked
//! through for our words; of private answers to a comment Facebook itself takes but one.

use molva_domain::{PostKind, Timestamp, Urn};
use serde::Deserialize;
use serde_json::Value;

use super::NETWORK;
use super::read::{comment_url, text};
use crate::connector::BoxFuture;
use crate::error::ConnectorError;
use crate::http::Method;
use crate::meta::form::ACCOUNT;
use crate::meta::graph::{File, Graph};
use crate::meta::private::{self, Desk, To};
use crate::meta::refusal::Failure;
use crate::meta::replies::{self, Answered, Identity, OTHER_ACCOUNT, OTHER_NETWORK, Rights};
use crate::meta::token::Token;
use crate::meta::{conversation, id, is_id};
use crate::reply::{
    AccountFacts, AccountSession, AttachmentRule, Outgoing, Replies, ReplyTarget, SendError, Sent, WhyNot,
};
use crate::settings::{Localized, Setting, Settings};

const RIGHTS: Rights = Rights {
    public: "pages_manage_engagement",
    private: "pages_messaging",
    who: "page",
    comment: 8_000,
    message: 2_000,
};

/// A comment has room for one picture; a private answer to a comment is one message, which has words.
const PICTURE: AttachmentRule =
    AttachmentRule { private: false, ..AttachmentRule::new(1, 10_000_000, &["image/jpeg", "image/png", "image/gif"]) };

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

impl Answered for Place {
    const NETWORK: &'static str = NETWORK;
    const TITLE: &'static str = "Facebook";

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

    fn addressee(&self, private: bool) -> Result<Option<To<'_>>, SendError> {
        match self {
            Self::Message { person, .. } => Ok(Some(To::Person(person))),
            _ if !private => Ok(None),
            Self::Comment(id) => Ok(Some(To::CommentBy(id))),
            Self::Post(id) => Ok(Some(To::PostBy(id))),
            Self::Review(_) => {
                Err(SendError::refused("not_private", "Facebook lets no page answer a review in private"))
            }
        }
    }

    fn comment<'a>(&'a self, desk: Desk<'a>) -> BoxFuture<'a, Result<Sent, Failure>> {
        Box::pin(async move {
            let path = format!("{}/comments", self.above());
            let parameters = [("message", desk.reply.text.trim())];
            let (made, _) = match desk.reply.attachments.first() {
                Some(file) => {
                    let file = File { field: "source", name: &file.name, file };
                    desk.graph.with_file::<Made>(desk.account, &path, &parameters, &file).await?
                }
                None => desk.graph.once::<Made>(desk.account, Method::POST, &path, &parameters).await?,
            };
            if !is_id(&made.id) {
                return Err(Failure::Broken(ConnectorError::Protocol("Facebook did not name the comment".to_owned())));
            }
            Ok(self.made(&made.id, None))
        })
    }

    fn list(&self) -> Option<(String, &'static str, &'static str)> {
        Some((format!("{}/comments", self.above()), "id,from,message,created_time,permalink_url", "message"))
    }

    fn found(&self, raw: &Value) -> Option<Sent> {
        Some(self.made(&id(&raw["id"])?, text(raw, "permalink_url")))
    }
}

impl Place {
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
            let identity = Identity {
                url: me.link.unwrap_or_else(|| format!("https://www.facebook.com/{}", me.id)),
                handle: me.username.filter(|name| !name.is_empty()).unwrap_or_else(|| me.id.clone()),
                native_id: me.id,
                name: me.name.filter(|name| !name.trim().is_empty()),
            };
            Ok(RIGHTS.facts(Some(token), &graph, identity))
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
        replies::closes_at(target)
    }

    fn attachments(
        &self,
        target: &ReplyTarget,
        _settings: &Settings,
        _facts: &AccountFacts,
    ) -> Result<AttachmentRule, Localized> {
        let message = matches!(Place::of(target), Some(Place::Message { .. }));
        Ok(if message { private::FILES } else { PICTURE })
    }

    fn send<'a>(
        &'a self,
        account: &'a AccountSession,
        facts: &'a AccountFacts,
        reply: &'a Outgoing,
    ) -> BoxFuture<'a, Result<Sent, SendError>> {
        Box::pin(replies::send::<Place>(account, facts, reply))
    }

    fn find<'a>(
        &'a self,
        account: &'a AccountSession,
        facts: &'a AccountFacts,
        reply: &'a Outgoing,
    ) -> BoxFuture<'a, Result<Option<Sent>, ConnectorError>> {
        Box::pin(replies::find::<Place>(account, facts, reply))
    }
}
