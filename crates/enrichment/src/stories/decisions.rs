//! What people have said about stories: these two are one, this text does not belong there.

use std::collections::VecDeque;

use foldhash::fast::FixedState;
use hashbrown::{HashMap, HashSet};
use molva_domain::{PostId, StoryId};

use super::index::Stories;
use super::signature::Signature;

/// The newest decisions of each kind that are kept.
const MOST: usize = 100_000;

#[derive(Clone, Debug, Default)]
pub(super) struct Decisions {
    /// The story that goes on for one that was merged into it.
    successors: HashMap<StoryId, StoryId, FixedState>,
    merges: VecDeque<StoryId>,
    /// Texts, by their exact keys, and the stories they must not join.
    forbidden: HashSet<(i64, StoryId), FixedState>,
    splits: VecDeque<(i64, StoryId)>,
}

impl Decisions {
    /// The story that posts of `story` belong to now.
    pub(super) fn successor(&self, story: StoryId) -> StoryId {
        // A merge never makes a circle, and whoever is merged later takes the earlier ones along.
        self.successors.get(&story).copied().unwrap_or(story)
    }

    pub(super) fn forbid(&self, exact_key: i64, story: StoryId) -> bool {
        !self.forbidden.is_empty() && self.forbidden.contains(&(exact_key, story))
    }

    pub(super) fn bytes(&self) -> usize {
        self.successors.allocation_size()
            + self.forbidden.allocation_size()
            + self.merges.capacity() * size_of::<StoryId>()
            + self.splits.capacity() * size_of::<(i64, StoryId)>()
    }

    pub(super) fn remember_merge(&mut self, from: StoryId, into: StoryId) {
        self.successors.values_mut().filter(|story| **story == from).for_each(|story| *story = into);
        self.successors.remove(&into);
        if self.successors.insert(from, into).is_none() {
            self.merges.push_back(from);
        }
        if self.merges.len() > MOST
            && let Some(oldest) = self.merges.pop_front()
        {
            self.successors.remove(&oldest);
        }
    }

    pub(super) fn remember_split(&mut self, exact_key: i64, from: StoryId) {
        if self.forbidden.insert((exact_key, from)) {
            self.splits.push_back((exact_key, from));
        }
        if self.splits.len() > MOST
            && let Some(oldest) = self.splits.pop_front()
        {
            self.forbidden.remove(&oldest);
        }
    }

    /// Whoever says that a text belongs to a story takes back what was said before.
    fn allow(&mut self, story: StoryId) {
        self.forbidden.retain(|(_, forbidden)| *forbidden != story);
        self.splits.retain(|(_, forbidden)| *forbidden != story);
    }

    pub(super) fn merges(&self) -> impl Iterator<Item = (StoryId, StoryId)> {
        self.merges.iter().filter_map(|from| Some((*from, *self.successors.get(from)?)))
    }

    pub(super) fn splits(&self) -> impl Iterator<Item = (i64, StoryId)> {
        self.splits.iter().copied()
    }
}

impl Stories {
    /// Two stories are one: posts like those of `from` belong to `into` from now on. Also before either of them is in the
    /// index, so that decisions may be given again after a restart.
    pub fn merge(&mut self, from: StoryId, into: StoryId) {
        let into = self.decisions.successor(into);
        if from == into {
            return;
        }
        self.decisions.remember_merge(from, into);
        self.decisions.allow(into);
        if let Some(slot) = self.slot_of(from) {
            let target = self.story_slot(into);
            self.move_texts(slot, target);
        }
    }

    /// A text does not belong to the story it was put into: it begins one of its own, named by `post`, and posts more like it
    /// than like the rest follow it. Gives the new story; `None`, and nothing is done, for the post that began the story
    /// (the others can leave it) and for texts too short to be grouped.
    pub fn split(&mut self, signature: &Signature, post: PostId, from: StoryId) -> Option<StoryId> {
        let (own, from) = (StoryId::from(post), self.decisions.successor(from));
        if own == from || signature.exact == 0 {
            return None;
        }
        self.decisions.remember_split(signature.exact, from);
        if let Some(number) = self.number_of(signature.exact).filter(|number| self.is_of(*number, from)) {
            let target = self.story_slot(own);
            self.move_text(number, target);
        }
        Some(own)
    }

    /// The story that goes on for `story`: itself, unless it was merged into another.
    #[must_use]
    pub fn current(&self, story: StoryId) -> StoryId {
        self.decisions.successor(story)
    }
}
