//! The event log: every change, in the order of its commit. The live screen, webhooks and the audit page read it.

use serde::{Deserialize, Serialize};

use crate::clock::Timestamp;
use crate::id::{EventId, SourceId, TokenId, UserId, WorkspaceId};
use crate::names::named_enum;

named_enum! {
    /// What happened.
    pub enum EventKind {
        MentionCreated = "mention.created",
        MentionChanged = "mention.changed",
        /// Its author edited the post; what it said before is kept beside it.
        MentionEdited = "mention.edited",
        /// A machine judged many mentions or put them into stories: `change` lists them as `mentions`.
        MentionsJudged = "mentions.judged",
        /// People joined stories or took them apart.
        StoryChanged = "story.changed",
        TopicCreated = "topic.created",
        TopicChanged = "topic.changed",
        TopicDeleted = "topic.deleted",
        ListCreated = "list.created",
        ListChanged = "list.changed",
        ListDeleted = "list.deleted",
        SourceCreated = "source.created",
        SourceChanged = "source.changed",
        SourceDeleted = "source.deleted",
        PostDeleted = "post.deleted",
        /// Likes, views and the like of many posts are others now: `change` lists them as `posts`.
        PostsCounted = "posts.counted",
        UserCreated = "user.created",
        TokenCreated = "token.created",
        TokenRevoked = "token.revoked",
        SignedIn = "session.created",
        WorkspaceChanged = "workspace.changed",
        ViewCreated = "view.created",
        ViewChanged = "view.changed",
        ViewDeleted = "view.deleted",
        AnnotationCreated = "annotation.created",
        AnnotationChanged = "annotation.changed",
        AnnotationDeleted = "annotation.deleted",
        /// Mentions were drawn, to be labelled by people.
        RoundDrawn = "round.drawn",
        /// What was said is not told: who labels must not know what others say.
        AuditAnswered = "audit.answered",
        AuditUndone = "audit.undone",
        /// A model was learnt from what people said, and taken or refused.
        ModelTrained = "model.trained",
        /// Another model judges from now on; the subject 0 is the shipped one.
        ModelActivated = "model.activated",
        AccountCreated = "account.created",
        AccountChanged = "account.changed",
        /// Its secrets are wiped; what was said from it stays.
        AccountDisconnected = "account.disconnected",
        /// Written, approved, being sent, sent, refused: the state is in `change`, the text never.
        ReplyChanged = "reply.changed",
    }
}

/// Who did it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Actor {
    /// Molva itself.
    System,
    User(UserId),
    Token(TokenId),
    Source(SourceId),
}

/// One row of the log.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Event {
    pub id: EventId,
    pub workspace: WorkspaceId,
    pub at: Timestamp,
    pub actor: Actor,
    pub kind: EventKind,
    /// The id of what changed: a mention, a topic, a source, …
    pub subject: i64,
    /// For mentions the topic, so that a live screen can filter without a look-up.
    pub topic: Option<i64>,
    /// JSON: `{"before": …, "after": …}` or null. Never the text of a post, never a secret.
    pub change: Option<String>,
}
