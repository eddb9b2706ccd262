//! Answers on Instagram: comments below comments, answers to mentions, private messages.
//!
//! Instagram knows no key of ours. Before a reply is sent again, the thread or the conversation is looked through for our words. Threads of
//! others cannot be looked through: whether an answer to a mention has arrived only a person can tell.

use molva_domain::{PostKind, Timestamp};
use serde::Deserialize;
use serde_json::Value;

use super::NETWORK;
use super::read::{AccountOf, comment_urn};
use crate::connector::BoxFuture;
use crate::error::ConnectorError;
use crate::http::Method;
use crate::meta::graph::Graph;
use crate::meta::login::Login;
use crate::meta::private::{self, Desk, To};
use crate::meta::refusal::Failure;
use crate::meta::replies::{self, Answered, Identity, OTHER_ACCOUNT, OTHER_NETWORK, Rights};
use crate::meta::token::Token;
use crate::meta::{conversation, id, is_id};
use crate::reply::{
    AccountFacts, AccountSession, AttachmentRule, Outgoing, Replies, ReplyTarget, SendError, Sent, WhyNot,
};
use crate::settings::{Localized, Setting, Settings};

/// A message holds a thousand bytes, which is more than a comment.
const RIGHTS: Rights = Rights {
    public: "instagram_manage_comments",
    private: "instagram_manage_messages",
    who: "account",
    comment: 300,
    message: 300,
};

const NOT_IN_COMMENTS: Localized = Localized {
    en: "Comments on Instagram have no room for files; they go with private messages only.",
    ru: "К комментариям в Instagram файлы не прикладываются, только к личным сообщениям.",
    uk: "До коментарів в Instagram файли не додаються, лише до особистих повідомлень.",
};

/// <https://developers.facebook.com/documentation/instagram-platform/instagram-api-with-instagram-login/messaging-api>: `payload.url`.
/// Uploads are described for pages only.
const NOT_WITHOUT_PAGE: Localized = Localized {
    en: "By Instagram Login, files are taken from public addresses only; an account connected by Facebook Login can send them.",
    ru: "Через Instagram Login файлы принимаются только с открытых адресов; аккаунт, подключённый через Facebook Login, может их отправить.",
    uk: "Через Instagram Login файли приймаються лише з відкритих адрес; акаунт, підключений через Facebook Login, може їх надіслати.",
};

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

impl Answered for Place {
    const NETWORK: &'static str = NETWORK;
    const TITLE: &'static str = "Instagram";

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

    fn addressee(&self, private: bool) -> Result<Option<To<'_>>, SendError> {
        match self {
            Self::Message { person, .. } => Ok(Some(To::Person(person))),
            _ if !private => Ok(None),
            Self::Comment { id, .. } => Ok(Some(To::CommentBy(id))),
            Self::Media(_) | Self::Mention { .. } => {
                let message = "Instagram lets only comments under your own media be answered in private";
                Err(SendError::refused("not_private", message))
            }
        }
    }

    fn comment<'a>(&'a self, desk: Desk<'a>) -> BoxFuture<'a, Result<Sent, Failure>> {
        Box::pin(async move {
            let mut parameters = vec![("message", desk.reply.text.trim())];
            let path = match self {
                Self::Mention { media, comment } => {
                    parameters.extend(media.as_deref().map(|media| ("media_id", media)));
                    parameters.extend(comment.as_deref().map(|comment| ("comment_id", comment)));
                    format!("{}/mentions", desk.facts.native_id)
                }
                other => other.below().unwrap_or_default(),
            };
            let (made, _) = desk.graph.once::<Made>(desk.account, Method::POST, &path, &parameters).await?;
            if !is_id(&made.id) {
                return Err(Failure::Broken(ConnectorError::Protocol("Instagram did not name the comment".to_owned())));
            }
            Ok(Sent { urn: comment_urn(&made.id), url: None })
        })
    }

    fn list(&self) -> Option<(String, &'static str, &'static str)> {
        Some((self.below()?, "id,text,timestamp,username,from", "text"))
    }

    fn found(&self, raw: &Value) -> Option<Sent> {
        Some(Sent { urn: comment_urn(&id(&raw["id"])?), url: None })
    }
}

impl Place {
    /// Where comments are made, and where they are found again.
    fn below(&self) -> Option<String> {
        match self {
            Self::Media(id) => Some(format!("{id}/comments")),
            Self::Comment { first, .. } => Some(format!("{first}/replies")),
            Self::Mention { .. } | Self::Message { .. } => None,
        }
    }
}

impl Replies for InstagramReplies {
    fn account_settings(&self) -> &'static [Setting] {
        super::descriptor::ACCOUNT
    }

    fn probe<'a>(&'a self, account: &'a AccountSession) -> BoxFuture<'a, Result<AccountFacts, ConnectorError>> {
        Box::pin(async move {
            let graph = Graph::of(&account.settings)?;
            let now = account.now();
            let token = match graph.login() {
                Login::Facebook => Some(Token::ask(&graph, account, now).await?),
                Login::Instagram => None,
            };
            let me = AccountOf::ask(&graph, account, now).await?;
            let identity = Identity {
                native_id: me.id,
                url: format!("https://www.instagram.com/{}/", me.username),
                handle: me.username,
                name: me.name,
            };
            Ok(RIGHTS.facts(token, &graph, identity))
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
        replies::closes_at(target)
    }

    fn attachments(
        &self,
        target: &ReplyTarget,
        settings: &Settings,
        _facts: &AccountFacts,
    ) -> Result<AttachmentRule, Localized> {
        match Place::of(target) {
            Some(Place::Message { .. }) if Login::of(settings) == Login::Instagram => Err(NOT_WITHOUT_PAGE),
            Some(Place::Message { .. }) => Ok(private::FILES),
            _ => Err(NOT_IN_COMMENTS),
        }
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
