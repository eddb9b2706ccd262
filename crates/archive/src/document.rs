use molva_domain::{MentionId, MentionState, Post, Timestamp, TopicId};
use molva_query::field::Judgement;

/// A mention as the archive takes it in.
#[derive(Clone, Copy, Debug)]
pub struct Document<'a> {
    pub id: MentionId,
    pub topic: TopicId,
    pub state: MentionState,
    pub post: &'a Post,
    pub judgement: &'a Judgement,
    /// A person set a part of the judgement.
    pub by_people: bool,
    /// The first of its exact copies, when this is a later one.
    pub copy_of: Option<MentionId>,
}

impl Document<'_> {
    /// The time it is sorted by; it decides on the slice.
    #[must_use]
    pub fn at(&self) -> Timestamp {
        self.post.sort_at()
    }
}
