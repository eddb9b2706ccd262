//! Answers on VK: comments under posts and in discussions, private messages of a community.
//!
//! VK knows a comment again by its `guid` and a message by its `random_id`, so sending a second time gives what the first made. It does
//! not say for how long; of messages the conversation is looked through as well. A community cannot read comments with its own token.

use std::time::Duration;

use molva_domain::{PostKind, ReplyId, ReplyVisibility, Timestamp, Urn};
use serde::Deserialize;
use serde_json::Value;

use super::NETWORK;
use super::client::{Client, Failure, Refused};
use super::descriptor::{ACCOUNT_TOKEN, API_URL};
use super::files::{self, Where};
use super::read::Under;
use crate::connector::BoxFuture;
use crate::digest;
use crate::error::ConnectorError;
use crate::http::parse_url;
use crate::reply::words::same_words;
use crate::reply::{
    AccountFacts, AccountSession, AttachmentRule, LengthRule, LengthUnit, Outgoing, Replies, ReplyTarget, SendError,
    Sent, WhyNot, fits, not_before,
};
use crate::settings::{Localized, Setting, Settings};

/// Of messages; of comments it is more.
const LONGEST: u32 = 9_000;
/// Newest messages of a conversation that are looked through.
const NEWEST: &str = "100";

/// The network as one answers on it.
#[derive(Debug)]
pub(super) struct VkReplies;

static SETTINGS: &[Setting] = &[ACCOUNT_TOKEN, API_URL];

static OTHER_NETWORK: WhyNot = WhyNot {
    code: "other_server",
    reason: Localized {
        en: "This is not on VK, or nothing that can be answered there.",
        ru: "Это не во ВКонтакте или не то, на что там отвечают.",
        uk: "Це не у ВКонтакте або не те, на що там відповідають.",
    },
};

static OTHER_COMMUNITY: WhyNot = WhyNot {
    code: "missing_right",
    reason: Localized {
        en: "The message was written to another community; answer from its account.",
        ru: "Сообщение написано другому сообществу; ответьте от его имени.",
        uk: "Повідомлення написане іншій спільноті; дайте відповідь від її імені.",
    },
};

static ONLY_PEOPLE: WhyNot = WhyNot {
    code: "missing_right",
    reason: Localized {
        en: "VK lets only people write in discussions through its API; answer from a person's account or open the original.",
        ru: "В обсуждения через API ВКонтакте пускает только людей; ответьте от имени человека или откройте оригинал.",
        uk: "До обговорень через API ВКонтакте пускає лише людей; дайте відповідь від імені людини або відкрийте оригінал.",
    },
};

/// Where an answer goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Place {
    /// Under a post, below a comment if it answers one.
    Wall {
        owner: i64,
        post: u64,
        comment: Option<u64>,
    },
    Board {
        owner: i64,
        topic: u64,
    },
    Message {
        group: i64,
        peer: u64,
        message: u64,
    },
}

#[derive(Deserialize)]
struct Groups {
    groups: Vec<Named>,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct Named {
    id: i64,
    name: String,
    first_name: String,
    last_name: String,
    screen_name: Option<String>,
}

#[derive(Deserialize)]
struct Made {
    comment_id: u64,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct History {
    items: Vec<Value>,
}

impl Replies for VkReplies {
    fn account_settings(&self) -> &'static [Setting] {
        SETTINGS
    }

    fn probe<'a>(&'a self, account: &'a AccountSession) -> BoxFuture<'a, Result<AccountFacts, ConnectorError>> {
        Box::pin(async move {
            let client = client(account)?;
            let explain = |failure| client.error(failure, account.now());
            // A community's token names its community; a person's has none to name.
            let own = client.call_once::<Groups>(account, "groups.getById", &[]).await;
            let (named, sign) = match own {
                Ok(own) => (own.groups.into_iter().next().unwrap_or_default(), -1),
                Err(Failure::Refused(Refused { code: 100, .. })) => {
                    let users: Vec<Named> =
                        client.call_once(account, "users.get", &[("fields", "screen_name")]).await.map_err(explain)?;
                    (users.into_iter().next().unwrap_or_default(), 1)
                }
                Err(failure) => return Err(explain(failure)),
            };
            if named.id <= 0 {
                return Err(ConnectorError::AuthRevoked(
                    "the token is of neither a person nor a community; a service token cannot write".to_owned(),
                ));
            }
            let (word, name) = match sign {
                1 => ("id", format!("{} {}", named.first_name, named.last_name)),
                _ => ("club", named.name),
            };
            let page = format!("{word}{}", named.id);
            let mut facts = AccountFacts {
                url: Some(format!("https://vk.com/{page}")),
                name: Some(name.trim().to_owned()).filter(|name| !name.is_empty()),
                ..AccountFacts::new(
                    (named.id * sign).to_string(),
                    named.screen_name.filter(|name| !name.is_empty()).unwrap_or(page),
                    LengthRule::new(LONGEST, LengthUnit::Characters),
                )
            };
            if sign < 0 {
                facts.rule.visibilities.push(ReplyVisibility::Private);
            }
            Ok(facts)
        })
    }

    fn may_reply(&self, target: &ReplyTarget, _settings: &Settings, facts: &AccountFacts) -> Result<(), WhyNot> {
        let own: i64 = facts.native_id.parse().unwrap_or(0);
        match Place::of(target) {
            None => Err(OTHER_NETWORK),
            Some(Place::Wall { .. }) => Ok(()),
            Some(Place::Board { .. }) if own > 0 => Ok(()),
            Some(Place::Board { .. }) => Err(ONLY_PEOPLE),
            Some(Place::Message { group, .. }) if group == own => Ok(()),
            Some(Place::Message { .. }) => Err(OTHER_COMMUNITY),
        }
    }

    fn attachments(
        &self,
        target: &ReplyTarget,
        _settings: &Settings,
        _facts: &AccountFacts,
    ) -> Result<AttachmentRule, Localized> {
        let message = matches!(Place::of(target), Some(Place::Message { .. }));
        Ok(if message { files::MESSAGE } else { files::COMMENT })
    }

    fn send<'a>(
        &'a self,
        account: &'a AccountSession,
        facts: &'a AccountFacts,
        reply: &'a Outgoing,
    ) -> BoxFuture<'a, Result<Sent, SendError>> {
        Box::pin(async move {
            fits(facts, reply.text.trim())?;
            let client = client(account).map_err(|error| SendError::before(error, account.now()))?;
            let gone = || SendError::refused("parent_gone", "what is answered is not on VK");
            let place = Place::of(&reply.target).ok_or_else(gone)?;
            let own: i64 = facts.native_id.parse().unwrap_or(0);
            let stand = match place {
                Place::Message { peer, .. } => Where::Message { peer },
                _ => Where::Wall { community: (own < 0).then_some(own.unsigned_abs()) },
            };
            let bears = files::upload(&client, account, &reply.attachments, stand).await?;
            let sent = match (place, reply.visibility) {
                (Place::Message { group, peer, message }, _) => {
                    let (peer_id, reply_to) = (peer.to_string(), message.to_string());
                    let to = [("peer_id", &*peer_id), ("reply_to", &*reply_to), ("attachment", &*bears)];
                    say(&client, account, reply, &to).await.map(|id| in_conversation(group, peer, id))
                }
                (Place::Wall { .. }, ReplyVisibility::Private) => {
                    let Some(handle) = reply.target.author_handle.as_deref().filter(|_| own < 0) else {
                        let message =
                            "only a community can write to the author in private, and their name must be known";
                        return Err(SendError::refused("forbidden", message));
                    };
                    say(&client, account, reply, &[("domain", handle)]).await.map(|id| in_conversation(own, 0, id))
                }
                (Place::Wall { owner, post, comment }, ReplyVisibility::Public) => {
                    comment_on(&client, account, own, reply, (owner, post, comment, &bears)).await
                }
                (Place::Board { owner, topic }, _) => {
                    let (group_id, topic_id) = (owner.unsigned_abs().to_string(), topic.to_string());
                    let guid = reply.id.0.to_string();
                    let parameters = [
                        ("group_id", &*group_id),
                        ("topic_id", &*topic_id),
                        ("message", reply.text.trim()),
                        ("attachments", &*bears),
                        ("guid", &*guid),
                    ];
                    let made = client.call_once::<u64>(account, "board.createComment", &parameters).await;
                    made.map(|id| Under::Topic { owner, topic }.sent(id))
                }
            };
            sent.map_err(|failure| refused(&client, failure, account.now()))
        })
    }

    fn find<'a>(
        &'a self,
        account: &'a AccountSession,
        facts: &'a AccountFacts,
        reply: &'a Outgoing,
    ) -> BoxFuture<'a, Result<Option<Sent>, ConnectorError>> {
        Box::pin(async move {
            // Of comments the key is asked, by sending again.
            let Some(Place::Message { group, peer, .. }) = Place::of(&reply.target) else { return Ok(None) };
            let client = client(account)?;
            let peer_id = peer.to_string();
            let parameters = [("peer_id", &*peer_id), ("count", NEWEST)];
            let history = client.call_once::<History>(account, "messages.getHistory", &parameters).await;
            let history = history.map_err(|failure| client.error(failure, account.now()))?;
            let since = not_before(reply, facts).as_secs();
            let ours = history.items.iter().find(|raw| {
                let number = |name: &str| raw.get(name).and_then(Value::as_i64);
                let said = raw.get("text").and_then(Value::as_str).unwrap_or_default();
                let same = number("random_id") == Some(i64::from(random_id(reply.id))) || same_words(&reply.text, said);
                number("from_id") == Some(group) && number("date").is_some_and(|date| date >= since) && same
            });
            let id = ours.and_then(|raw| raw.get("conversation_message_id").or_else(|| raw.get("id"))?.as_u64());
            Ok(id.map(|id| in_conversation(group, peer, id)))
        })
    }
}

fn client(account: &AccountSession) -> Result<Client, ConnectorError> {
    let settings = &account.settings;
    let token = settings.needed_secret("access_token", "is required")?;
    let base = parse_url("api_url", settings.text("api_url").unwrap_or("https://api.vk.com"))?;
    // As if it were a person's: slow enough for either.
    Ok(Client::new(base, token.clone(), "access_token", false))
}

async fn comment_on(
    client: &Client,
    account: &AccountSession,
    own: i64,
    reply: &Outgoing,
    (owner, post, comment, bears): (i64, u64, Option<u64>, &str),
) -> Result<Sent, Failure> {
    let (owner_id, post_id, guid) = (owner.to_string(), post.to_string(), reply.id.0.to_string());
    let from_group = if own < 0 { own.unsigned_abs().to_string() } else { String::new() };
    let above = comment.map(|id| id.to_string()).unwrap_or_default();
    let parameters = [
        ("owner_id", &*owner_id),
        ("post_id", &*post_id),
        ("message", reply.text.trim()),
        ("reply_to_comment", &*above),
        ("from_group", &*from_group),
        ("attachments", bears),
        ("guid", &*guid),
    ];
    let made: Made = client.call_once(account, "wall.createComment", &parameters).await?;
    Ok(Under::Post { owner, post }.sent(made.comment_id))
}

async fn say(client: &Client, account: &AccountSession, reply: &Outgoing, to: &[(&str, &str)]) -> Result<u64, Failure> {
    let random_id = random_id(reply.id).to_string();
    let mut parameters = to.to_vec();
    parameters.extend([("random_id", &*random_id), ("message", reply.text.trim())]);
    client.call_once(account, "messages.send", &parameters).await
}

fn in_conversation(group: i64, peer: u64, id: u64) -> Sent {
    let native = format!("{}_{peer}_{id}", group.unsigned_abs());
    Sent {
        urn: Urn::of(NETWORK, None, "message", &native),
        url: (peer > 0).then(|| format!("https://vk.com/gim{}?sel={peer}", group.unsigned_abs())),
    }
}

/// VK takes 32 bits, and zero for none.
fn random_id(id: ReplyId) -> i32 {
    let bytes = digest::bytes(&["vk random_id", &id.0.to_string()]);
    i32::from_be_bytes([bytes[0], bytes[1], bytes[2], bytes[3]]).saturating_abs().max(1)
}

impl Under {
    fn sent(self, id: u64) -> Sent {
        Sent { urn: self.urn(id), url: Some(self.url(id)) }
    }
}

impl Place {
    fn of(target: &ReplyTarget) -> Option<Self> {
        let parts = target.urn.parts().filter(|parts| parts.network == NETWORK)?;
        let numbers: Option<Vec<i64>> = parts.native.split('_').map(|number| number.parse().ok()).collect();
        let id = |number: i64| u64::try_from(number).ok();
        match (parts.kind.as_str(), &numbers?[..]) {
            ("post", [owner, post]) => Some(Self::Wall { owner: *owner, post: id(*post)?, comment: None }),
            ("comment", [owner, post, comment]) => {
                Some(Self::Wall { owner: *owner, post: id(*post)?, comment: Some(id(*comment)?) })
            }
            ("board", [owner, topic, _]) => Some(Self::Board { owner: *owner, topic: id(*topic)? }),
            ("message", [group, peer, message]) if target.kind == PostKind::Message => {
                Some(Self::Message { group: -*group, peer: id(*peer)?, message: id(*message)? })
            }
            _ => None,
        }
    }
}

/// What a refusal means for a reply.
pub(super) fn refused(client: &Client, failure: Failure, now: Timestamp) -> SendError {
    let refused = match failure {
        Failure::Broken(error) => return SendError::of(error),
        Failure::Refused(refused) => refused,
    };
    let error = client.explain(&refused, now);
    let message = error.to_string();
    match refused.code {
        223 => SendError::Later { message, until: Some(now.plus(Duration::from_secs(3_600))) },
        15 if refused.message.contains("deleted") => SendError::refused("parent_gone", message),
        222 => SendError::refused("links_forbidden", message),
        900..=902 | 985 => SendError::refused("addressee_closed", message),
        914 => SendError::refused("too_long", message),
        // An inner error: the key makes it safe to ask once more.
        1 | 10 | 32 | 36 | 43 => SendError::Unsure { message },
        _ => match SendError::of(error) {
            SendError::Unsure { message } => SendError::refused("refused", message),
            other => other,
        },
    }
}
