//! Mentions that wait for a second opinion: one of each story, the others follow it.

use std::collections::{HashMap, VecDeque};

use molva_domain::{MentionId, Span, StoryId, Tone, TopicId};
use molva_storage::mention::Mention;

/// Mentions that wait at most; the oldest fall off.
const MOST_WAITING: usize = 5_000;
/// Others of a story that follow the one asked about.
const MOST_FOLLOWING: usize = 200;

/// A mention to ask about, and those that tell the same story of the same object.
pub(super) struct Doubt {
    pub(super) mention: Mention,
    /// With what stays their own.
    pub(super) following: Vec<(MentionId, Own)>,
}

/// What of the first judgement a mention keeps when it follows another, or is told of it.
#[derive(Clone, Copy)]
pub(super) struct Own {
    pub(super) motive: Option<Span>,
    pub(super) bot: Option<f32>,
    pub(super) tone: Tone,
    pub(super) relevance: Option<f32>,
}

/// Mentions in doubt, the newest last.
#[derive(Default)]
pub(super) struct Waiting {
    doubts: VecDeque<Doubt>,
    /// How many were taken out at the old end, so that places stay true.
    gone: u64,
    by_story: HashMap<(TopicId, StoryId), u64>,
}

impl Waiting {
    pub(super) fn add(&mut self, mention: Mention) {
        if let Some(story) = mention.story {
            let place = self.by_story.get(&(mention.topic, story)).and_then(|place| place.checked_sub(self.gone));
            if let Some(doubt) = place.and_then(|place| self.doubts.get_mut(usize::try_from(place).ok()?)) {
                if let Some(judged) = mention.judged.filter(|_| doubt.following.len() < MOST_FOLLOWING) {
                    let (motive, bot, relevance) = (judged.motive, judged.bot, judged.relevance);
                    doubt.following.push((mention.id, Own { motive, bot, tone: judged.tone, relevance }));
                }
                return;
            }
            self.by_story.insert((mention.topic, story), self.gone + self.doubts.len() as u64);
        }
        self.doubts.push_back(Doubt { mention, following: Vec::new() });
        if self.doubts.len() > MOST_WAITING
            && let Some(oldest) = self.doubts.pop_front()
        {
            self.gone += 1;
            self.forget(&oldest);
        }
    }

    /// The newest, at most so many.
    pub(super) fn take(&mut self, count: usize) -> Vec<Doubt> {
        let taken: Vec<Doubt> = std::iter::from_fn(|| self.doubts.pop_back()).take(count).collect();
        taken.iter().for_each(|doubt| self.forget(doubt));
        taken
    }

    /// Taken in vain.
    pub(super) fn put_back(&mut self, doubts: Vec<Doubt>) {
        for doubt in doubts.into_iter().rev() {
            if let Some(story) = doubt.mention.story {
                self.by_story.insert((doubt.mention.topic, story), self.gone + self.doubts.len() as u64);
            }
            self.doubts.push_back(doubt);
        }
    }

    fn forget(&mut self, doubt: &Doubt) {
        if let Some(story) = doubt.mention.story {
            self.by_story.remove(&(doubt.mention.topic, story));
        }
    }

    pub(super) fn len(&self) -> usize {
        self.doubts.len()
    }

    pub(super) fn is_empty(&self) -> bool {
        self.doubts.is_empty()
    }
}
