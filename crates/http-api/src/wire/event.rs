//! Events of the live screen.

use molva_domain as domain;
use serde::Serialize;
use utoipa::ToSchema;

use crate::wire::{Id, Time};

/// Something that happened.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct Event {
    /// Also the `id` of the frame: give it back as `Last-Event-ID`.
    pub id: Id,
    pub at: Time,
    /// `mention.created`, `mention.changed`, `mention.edited`, `topic.created`, …; also the frame's `event`.
    pub kind: String,
    /// What changed: a mention, a topic, a source, a post.
    pub subject_id: Id,
    /// For mentions.
    #[schema(required)]
    pub topic_id: Option<Id>,
    pub actor: Actor,
    /// For replies, beside `mention_id` and `state`; absent otherwise.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub reply_id: Option<Id>,
    /// What the reply answers.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub mention_id: Option<Id>,
    /// Where the reply is now.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub state: Option<String>,
}

/// Who did it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct Actor {
    pub kind: ActorKind,
    #[schema(required)]
    pub id: Option<Id>,
}

/// What sort of somebody.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "lowercase")]
pub enum ActorKind {
    System,
    User,
    Token,
    Source,
}

impl From<domain::Actor> for Actor {
    fn from(actor: domain::Actor) -> Self {
        let (kind, id) = match actor {
            domain::Actor::System => (ActorKind::System, None),
            domain::Actor::User(id) => (ActorKind::User, Some(Id::of(id))),
            domain::Actor::Token(id) => (ActorKind::Token, Some(Id::of(id))),
            domain::Actor::Source(id) => (ActorKind::Source, Some(Id::of(id))),
        };
        Self { kind, id }
    }
}

impl From<&domain::Event> for Event {
    fn from(event: &domain::Event) -> Self {
        let reply = ReplyNews::of(event);
        Self {
            id: Id::of(event.id),
            at: event.at.into(),
            kind: event.kind.to_string(),
            subject_id: Id::of(event.subject),
            topic_id: event.topic.map(Id::of),
            actor: event.actor.into(),
            reply_id: reply.is_some().then(|| Id::of(event.subject)),
            mention_id: reply.as_ref().map(|reply| Id::of(&reply.mention_id)),
            state: reply.map(|reply| reply.state),
        }
    }
}

/// What the log says of a reply.
#[derive(serde::Deserialize)]
struct ReplyNews {
    mention_id: String,
    state: String,
}

impl ReplyNews {
    fn of(event: &domain::Event) -> Option<Self> {
        if event.kind != domain::EventKind::ReplyChanged {
            return None;
        }
        let change: serde_json::Value = serde_json::from_str(event.change.as_deref()?).ok()?;
        serde_json::from_value(change.get("after")?.clone()).ok()
    }
}
