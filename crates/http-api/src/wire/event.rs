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
    /// `mention.created`, `mention.changed`, `topic.created`, …; also the frame's `event`.
    pub kind: String,
    /// What changed: a mention, a topic, a source, a post.
    pub subject_id: Id,
    /// For mentions.
    #[schema(required)]
    pub topic_id: Option<Id>,
    pub actor: Actor,
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
        Self {
            id: Id::of(event.id),
            at: event.at.into(),
            kind: event.kind.to_string(),
            subject_id: Id::of(event.subject),
            topic_id: event.topic.map(Id::of),
            actor: event.actor.into(),
        }
    }
}
