//! Notes on the time line.

use molva_domain::Actor;
use molva_storage::annotation as stored;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::wire::{Id, Time};

/// What happened at a moment, or in a stretch of time.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct Annotation {
    pub id: Id,
    pub at: Time,
    /// The end of a stretch; null: a moment.
    #[schema(required)]
    pub until: Option<Time>,
    pub text: String,
    /// Null: it concerns all topics.
    #[schema(required)]
    pub topic_id: Option<Id>,
    pub author: AnnotationAuthor,
    pub created_at: Time,
}

/// The person or the token that wrote it.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct AnnotationAuthor {
    pub id: Id,
    /// What they were called then.
    pub name: String,
}

/// An annotation as it should be.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct AnnotationDraft {
    /// RFC 3339.
    #[schema(value_type = Time)]
    pub at: String,
    /// After `at`; absent or null: a moment.
    #[serde(default)]
    #[schema(value_type = Option<Time>)]
    pub until: Option<String>,
    /// One line of 1 to 500 characters.
    pub text: String,
    /// Absent or null: it concerns all topics.
    #[serde(default)]
    #[schema(value_type = Option<Id>)]
    pub topic_id: Option<String>,
}

impl From<stored::Annotation> for Annotation {
    fn from(annotation: stored::Annotation) -> Self {
        let author = match annotation.author {
            Actor::System => Id::of(0),
            Actor::User(id) => Id::of(id),
            Actor::Token(id) => Id::of(id),
            Actor::Source(id) => Id::of(id),
        };
        Self {
            id: Id::of(annotation.id),
            at: annotation.at.into(),
            until: annotation.until.map(Time::from),
            text: annotation.text,
            topic_id: annotation.topic.map(Id::of),
            author: AnnotationAuthor { id: author, name: annotation.author_name },
            created_at: annotation.created_at.into(),
        }
    }
}
