//! What answering on Facebook and on Instagram has in common: what is answered and how, looking for our own words, windows that close.

use molva_domain::{PostKind, ReplyVisibility, Timestamp};
use serde_json::Value;

use super::conversation::{PRIVATE_WINDOW, WINDOW};
use super::graph::{Graph, Page};
use super::login::Login;
use super::private::{Desk, To};
use super::refusal::Failure;
use super::token::Token;
use super::{id, time};
use crate::connector::BoxFuture;
use crate::error::ConnectorError;
use crate::http::Method;
use crate::reply::words::same_words;
use crate::reply::{
    AccountFacts, AccountSession, LengthRule, LengthUnit, Outgoing, ReplyRule, ReplyTarget, SendError, Sent, WhyNot,
    fits, not_before,
};
use crate::settings::Localized;

/// The newest things of a list that are looked through.
const NEWEST: &str = "100";

static WINDOW_CLOSED: WhyNot = WhyNot {
    code: "window_closed",
    reason: Localized {
        en: "Meta lets you answer a private message within 24 hours only. Wait until the person writes again, or open the original.",
        ru: "Meta разрешает отвечать на личное сообщение только в течение 24 часов. Дождитесь нового сообщения или откройте оригинал.",
        uk: "Meta дозволяє відповідати на особисте повідомлення лише протягом 24 годин. Дочекайтеся нового повідомлення або відкрийте оригінал.",
    },
};

pub(crate) static OTHER_NETWORK: WhyNot = WhyNot {
    code: "other_server",
    reason: Localized {
        en: "This is on another network, or nothing that can be answered there.",
        ru: "Это в другой сети или не то, на что там отвечают.",
        uk: "Це в іншій мережі або не те, на що там відповідають.",
    },
};

pub(crate) static OTHER_ACCOUNT: WhyNot = WhyNot {
    code: "missing_right",
    reason: Localized {
        en: "The message was written to another page; answer from its account.",
        ru: "Сообщение написано другой странице; ответьте от её имени.",
        uk: "Повідомлення написане іншій сторінці; дайте відповідь від її імені.",
    },
};

/// Something that is answered, on one of the two.
pub(crate) trait Answered: Send + Sync + Sized {
    const NETWORK: &'static str;
    /// As people call it.
    const TITLE: &'static str;

    fn of(target: &ReplyTarget) -> Option<Self>;

    /// Whom a private message goes to; `None` where the answer is a comment.
    ///
    /// # Errors
    /// Where it cannot be answered in private.
    fn addressee(&self, private: bool) -> Result<Option<To<'_>>, SendError>;

    /// Answers in public.
    fn comment<'a>(&'a self, desk: Desk<'a>) -> BoxFuture<'a, Result<Sent, Failure>>;

    /// The list on which our comment stands, its fields and the field of the text; `None` where programs are not shown it.
    fn list(&self) -> Option<(String, &'static str, &'static str)>;

    /// A comment of ours on that list.
    fn found(&self, raw: &Value) -> Option<Sent>;
}

/// Until when it may be answered; `None` where there is no end.
pub(crate) fn closes_at(target: &ReplyTarget) -> Option<(Timestamp, WhyNot)> {
    (target.kind == PostKind::Message).then(|| (target.published_at.plus(WINDOW), WINDOW_CLOSED))
}

/// Whether a private answer to it comes too late.
fn too_late_in_private(target: &ReplyTarget, now: Timestamp) -> Option<SendError> {
    let window = if target.kind == PostKind::Message { WINDOW } else { PRIVATE_WINDOW };
    (target.published_at.plus(window) < now).then(|| {
        let hours = window.as_secs() / 3_600;
        let message = format!("Meta lets it be answered in private within {hours} hours only, and those are over");
        SendError::refused("window_closed", message)
    })
}

/// Sends a reply once.
pub(crate) async fn send<A: Answered>(
    account: &AccountSession,
    facts: &AccountFacts,
    reply: &Outgoing,
) -> Result<Sent, SendError> {
    fits(facts, reply.text.trim())?;
    let graph = Graph::of(&account.settings).map_err(|error| SendError::before(error, account.now()))?;
    if graph.login() == Login::Instagram && !reply.attachments.is_empty() {
        return Err(SendError::refused("attachment", "by Instagram Login no files can be sent; take them away"));
    }
    let gone = || SendError::refused("parent_gone", format!("what is answered is not on {}", A::TITLE));
    let answered = A::of(&reply.target).ok_or_else(gone)?;
    let desk = Desk { network: A::NETWORK, graph: &graph, account, facts, reply };
    let sent = match answered.addressee(reply.visibility == ReplyVisibility::Private)? {
        None => answered.comment(desk).await,
        Some(to) => match too_late_in_private(&reply.target, account.now()) {
            Some(late) => return Err(late),
            None => desk.say(to).await,
        },
    };
    sent.map_err(|failure| failure.of_reply(account.now(), graph.usage()))
}

/// Whether the network has the reply.
pub(crate) async fn find<A: Answered>(
    account: &AccountSession,
    facts: &AccountFacts,
    reply: &Outgoing,
) -> Result<Option<Sent>, ConnectorError> {
    let Some(answered) = A::of(&reply.target) else { return Ok(None) };
    let graph = Graph::of(&account.settings)?;
    let desk = Desk { network: A::NETWORK, graph: &graph, account, facts, reply };
    let cannot_look = || {
        let message = format!("{} does not show this to programs; look there whether the reply has arrived", A::TITLE);
        ConnectorError::Forbidden(message)
    };
    let explain = |failure: Failure| failure.explain(account.now(), graph.usage());
    match answered.addressee(reply.visibility == ReplyVisibility::Private) {
        // What is never sent is not there.
        Err(_) => Ok(None),
        Ok(None) => {
            let (path, fields, words) = answered.list().ok_or_else(cannot_look)?;
            let ours = said_below(desk, (&path, fields, words)).await?;
            Ok(ours.and_then(|raw| answered.found(&raw)))
        }
        Ok(Some(To::Person(person))) => desk.said_to(person).await,
        Ok(Some(To::CommentBy(above) | To::PostBy(above))) => {
            // The conversation is named by whoever wrote what is answered.
            let asked = graph.once::<Value>(account, Method::GET, above, &[("fields", "from")]).await;
            match asked.map_err(explain) {
                Ok((raw, _)) => desk.said_to(&id(&raw["from"]["id"]).ok_or_else(cannot_look)?).await,
                Err(ConnectorError::NotFound(_)) => Ok(None),
                Err(error) => Err(error),
            }
        }
    }
}

/// What we said below something, if we said it: the path of the list, its fields, the field of the text.
async fn said_below(
    desk: Desk<'_>,
    (path, fields, words): (&str, &str, &str),
) -> Result<Option<Value>, ConnectorError> {
    let Desk { graph, account, facts, reply, .. } = desk;
    let mut after: Option<String> = None;
    // The newest come first where the network lets itself be asked so; some pages reach far enough where it does not.
    for _ in 0..10 {
        let parameters = [
            ("fields", fields),
            ("filter", "stream"),
            ("order", "reverse_chronological"),
            ("limit", NEWEST),
            ("after", after.as_deref().unwrap_or_default()),
        ];
        let asked = graph.once::<Page>(account, Method::GET, path, &parameters).await;
        let (page, _) = match asked {
            Ok(answer) => answer,
            Err(failure) => match failure.explain(account.now(), graph.usage()) {
                // What is answered is gone, and everything below it.
                ConnectorError::NotFound(_) => return Ok(None),
                error => return Err(error),
            },
        };
        if let Some(ours) = page.data.iter().find(|raw| is_ours(raw, words, facts, reply)) {
            return Ok(Some(ours.clone()));
        }
        after = page.after();
        if after.is_none() {
            break;
        }
    }
    Ok(None)
}

pub(super) fn is_ours(raw: &Value, words: &str, facts: &AccountFacts, reply: &Outgoing) -> bool {
    let said = raw.get(words).and_then(Value::as_str).unwrap_or_default();
    let at = time(&raw["created_time"]).or_else(|| time(&raw["timestamp"]));
    let by_name = raw.get("username").and_then(Value::as_str) == Some(facts.handle.as_str());
    let by_us = id(&raw["from"]["id"]).map_or(by_name, |from| from == facts.native_id);
    by_us && at.is_some_and(|at| at >= not_before(reply, facts)) && same_words(&reply.text, said)
}

/// Permissions of a token that answers, and how long what it says may be, in characters.
pub(crate) struct Rights {
    pub public: &'static str,
    pub private: &'static str,
    /// Who cannot comment without: `page`.
    pub who: &'static str,
    pub comment: u32,
    pub message: u32,
}

/// Whose account it is.
pub(crate) struct Identity {
    pub native_id: String,
    pub handle: String,
    pub name: Option<String>,
    pub url: String,
}

impl Rights {
    /// What is known of an account after its token was looked at. Without a token the network does not say what is allowed; then it is believed until it refuses.
    pub(crate) fn facts(&self, token: Option<Token>, graph: &Graph, identity: Identity) -> AccountFacts {
        let lacks = |right: &str| token.as_ref().is_some_and(|token| !token.lacks(&[right]).is_empty());
        let (no_public, no_private) = (lacks(self.public), lacks(self.private));
        let missing = (no_public && no_private).then(|| {
            let Self { public, who, .. } = self;
            format!(
                "the token lacks the permission `{public}`, without which the {who} cannot comment; ask for it again"
            )
        });
        let public = (!no_public || no_private).then_some(ReplyVisibility::Public);
        let private = (!no_private).then_some(ReplyVisibility::Private);
        let token = token.unwrap_or_default();
        let longest = if no_private { self.comment } else { self.comment.min(self.message) };
        AccountFacts {
            native_id: identity.native_id,
            handle: identity.handle,
            name: identity.name,
            url: Some(identity.url),
            missing,
            rule: ReplyRule {
                length: LengthRule::new(longest, LengthUnit::Characters),
                visibilities: public.into_iter().chain(private).collect(),
            },
            scopes: token.scopes,
            expires_at: token.expires_at,
            quota: Some(graph.usage().quota()),
            clock_skew_seconds: token.clock_skew_seconds,
        }
    }
}
