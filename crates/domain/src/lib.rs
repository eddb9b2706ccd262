//! The words of the product: posts, topics, mentions, sources, outcomes, and the types that keep ids, times and secrets apart.
//!
//! This crate does no I/O, is not async and knows no wire format of any network. Every other crate speaks in these types.
//! Start with [`post`], then [`outcome`]: an item enters as a post and leaves as exactly one outcome.

pub mod clock;
mod country;
pub mod event;
pub mod id;
pub mod judgement;
pub mod language;
pub mod list;
pub mod mention;
mod names;
pub mod outcome;
pub mod post;
pub mod reply;
pub mod secret;
pub mod sought;
pub mod source;
pub mod topic;
pub mod view;

pub use clock::{Clock, ManualClock, SystemClock, Timestamp};
pub use country::country_code;
pub use event::{Actor, Event, EventKind};
pub use id::{
    AccountId, AnnotationId, AttachmentId, AuditId, EventId, IdGenerator, ListId, MentionId, ModelId, PostId, ReplyId,
    RoundId, SourceId, StoryId, TokenId, TopicId, UserId, ViewId, WorkspaceId,
};
pub use judgement::{
    ByPeople, CaseStatus, Intent, Intents, MachineJudgement, ModelState, Second, SecondBy, SlaState, Span, Stage,
    ToneScores,
};
pub use language::Language;
pub use list::ListKind;
pub use mention::{MentionState, Tone};
pub use outcome::{Outcome, Rejection, RejectionReason, Tally};
pub use post::{Author, Community, Engagement, Media, MediaKind, Post, PostKind, Urn, UrnParts, Visibility};
pub use reply::{AccountState, ReplyState, ReplyVisibility};
pub use secret::Secret;
pub use sought::{Sought, TopicSought, Untold, UntoldWhy};
pub use source::{Gap, GapCause, Quota, SourceState};
pub use topic::{TopicKind, TopicLevel};
pub use view::ViewPage;
