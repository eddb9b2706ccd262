//! Mentions: lists with filters, one by one, and what people judge of them.
//!
//! A mention belongs to one topic and one post. Exact duplicates within a topic stand behind the first of them (`copies`);
//! a post that matched several topics has one mention that is primary, so that a list over all topics shows it once.

use molva_domain::{
    Actor, Language, MentionId, MentionState, Post, PostId, SourceId, Timestamp, Tone, TopicId, WorkspaceId,
};

use crate::intake::MatchSpan;
use crate::{Result, Storage};

#[derive(Clone, Debug, PartialEq)]
pub struct Mention {
    pub id: MentionId,
    pub topic: TopicId,
    /// All topics of the post, this one among them.
    pub topics: Vec<TopicId>,
    pub post_id: PostId,
    pub source: SourceId,
    /// Text and title are empty and `post_deleted` is set when the network said it is gone.
    pub post: Post,
    pub post_deleted: bool,
    pub spans: Vec<MatchSpan>,
    pub state: MentionState,
    /// Set by a person.
    pub tone: Option<Tone>,
    pub tags: Vec<String>,
    /// How many exact copies stand behind this one.
    pub copies: u64,
    /// The first of them when this is a copy.
    pub copy_of: Option<MentionId>,
    pub created_at: Timestamp,
}

/// All that are given must hold; empty lists do not filter.
#[derive(Clone, Debug, Default)]
pub struct MentionFilter {
    pub topics: Vec<TopicId>,
    pub networks: Vec<String>,
    pub sources: Vec<SourceId>,
    pub languages: Vec<Language>,
    /// Empty: everything but binned.
    pub states: Vec<MentionState>,
    /// `Some(None)`: without a tone.
    pub tones: Vec<Option<Tone>>,
    pub tags: Vec<String>,
    /// Handle or name, exact, any case.
    pub author: Option<String>,
    /// Substring of text or title, any case.
    pub text: Option<String>,
    /// Published in `[from, to)`.
    pub from: Option<Timestamp>,
    pub to: Option<Timestamp>,
    /// Copies as cards of their own.
    pub with_copies: bool,
}

#[derive(Clone, Debug)]
pub struct MentionPage {
    pub mentions: Vec<Mention>,
    /// Where the next page begins; `None` at the end.
    pub next: Option<String>,
}

/// A change to a mention; `None` leaves as is.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct MentionChange {
    pub state: Option<MentionState>,
    /// `Some(None)` takes the tone away.
    pub tone: Option<Option<Tone>>,
    pub add_tags: Vec<String>,
    pub remove_tags: Vec<String>,
}

impl Storage {
    /// Newest published first. `cursor` is `next` of the page before; `limit` at most 200.
    pub async fn mentions(
        &self,
        _workspace: WorkspaceId,
        _filter: &MentionFilter,
        _cursor: Option<&str>,
        _limit: u32,
    ) -> Result<MentionPage> {
        todo!()
    }

    /// Exact up to `at_most`, which stands for "that many or more".
    pub async fn count_mentions(&self, _workspace: WorkspaceId, _filter: &MentionFilter, _at_most: u64) -> Result<u64> {
        todo!()
    }

    pub async fn mention(&self, _workspace: WorkspaceId, _id: MentionId) -> Result<Option<Mention>> {
        todo!()
    }

    /// In the order given; unknown ones are left out.
    pub async fn mentions_by_id(&self, _workspace: WorkspaceId, _ids: &[MentionId]) -> Result<Vec<Mention>> {
        todo!()
    }

    /// Copies of a mention, oldest first.
    pub async fn copies(&self, _workspace: WorkspaceId, _id: MentionId, _limit: u32) -> Result<Vec<Mention>> {
        todo!()
    }

    /// Writes one `mention.changed` event with before and after for each, and keeps tone and state decisions as labels for training.
    /// Answers the mentions as they are now.
    pub async fn change_mentions(
        &self,
        _workspace: WorkspaceId,
        _actor: Actor,
        _ids: &[MentionId],
        _change: &MentionChange,
    ) -> Result<Vec<Mention>> {
        todo!()
    }

    /// Tags in use with their counts, most used first.
    pub async fn tags(&self, _workspace: WorkspaceId) -> Result<Vec<(String, u64)>> {
        todo!()
    }
}
