//! The index of stories over a window of time.

use std::collections::VecDeque;
use std::sync::Arc;
use std::time::Duration;

use foldhash::fast::FixedState;
use hashbrown::HashMap;
use molva_domain::{PostId, StoryId, Timestamp};

use super::decisions::Decisions;
use super::hits::Hits;
use super::likeness::{Likeness, Opened, similarity};
use super::postings::{Chain, Postings, Walk};
use super::rarity::Rarity;
use super::signature::Signature;

/// What the index may hold.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// Posts further apart in time than this are told apart, by the times they were published at.
    pub window: Duration,
    /// Different texts kept; reposts word for word take no place.
    pub texts: usize,
    /// Bytes of memory, about; the oldest texts leave first.
    pub bytes: usize,
}

impl Default for Limits {
    /// Seven days, 400,000 different texts, 256 MB.
    fn default() -> Self {
        Self { window: Duration::from_secs(7 * 86_400), texts: 400_000, bytes: 256 << 20 }
    }
}

/// How a post came to its story.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Joined {
    /// It begins a story.
    New,
    /// It says the same words in the same order as a post of the story.
    Exact,
    /// It is like a post of the story.
    Near {
        /// How surely the two tell the same, from 0 to 1.
        similarity: f32,
    },
}

/// Where a post belongs.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Placed {
    pub story: StoryId,
    pub joined: Joined,
    /// A post with the very same words was placed before: what was found out about its text holds for this one.
    pub same_text: bool,
}

/// Stories of a window of time, filled post by post. See the module for how they are found.
#[derive(Debug)]
pub struct Stories {
    pub(super) limits: Limits,
    /// The different texts, in the order in which they came.
    pub(super) texts: VecDeque<Text>,
    /// Number of the oldest text; numbers go round.
    pub(super) first: u32,
    pub(super) exact: HashMap<i64, u32, FixedState>,
    pub(super) postings: Postings,
    pub(super) rarity: Rarity,
    pub(super) stories: Vec<Story>,
    pub(super) free: Vec<u32>,
    pub(super) by_id: HashMap<StoryId, u32, FixedState>,
    pub(super) decisions: Decisions,
    pub(super) heap_bytes: usize,
    pub(super) newest: Timestamp,
    /// None before the first post is compared.
    scratch: Option<Box<Scratch>>,
}

#[derive(Clone, Debug)]
pub(super) struct Text {
    pub(super) signature: Arc<Signature>,
    /// When it was last told.
    pub(super) at: Timestamp,
    pub(super) story: u32,
    /// Told again since it was put at the end of the queue.
    pub(super) told_again: bool,
}

#[derive(Clone, Debug)]
pub(super) struct Story {
    pub(super) id: StoryId,
    /// The text it began with, and those of the stories merged into it.
    pub(super) beginnings: Vec<Arc<Signature>>,
    pub(super) texts: u32,
}

#[derive(Debug, Default)]
struct Scratch {
    opened: Opened,
    chains: Vec<Chain>,
    walks: Vec<Walk>,
    hits: Hits,
    candidates: Vec<(u32, u32)>,
}

/// Newest texts looked at of one fingerprint.
const BUCKET: u16 = 64;
/// Texts looked at of all fingerprints of a post, those of the rarest first.
const LOOKED_AT: usize = 96;
/// Texts compared with a post.
const COMPARED: usize = 8;
/// A text is compared when it shares so many fingerprints with a post that has `MANY`.
const SHARED: u32 = 2;
const MANY: usize = 8;

impl Stories {
    #[must_use]
    pub fn new(limits: Limits) -> Self {
        Self {
            limits,
            texts: VecDeque::new(),
            first: 0,
            exact: HashMap::default(),
            postings: Postings::default(),
            rarity: Rarity::default(),
            stories: Vec::new(),
            free: Vec::new(),
            by_id: HashMap::default(),
            decisions: Decisions::default(),
            heap_bytes: 0,
            newest: Timestamp::from_micros(i64::MIN),
            scratch: None,
        }
    }

    /// The story of a post that was published `at`. Posts may come in any order of time.
    pub fn place(&mut self, signature: Signature, post: PostId, at: Timestamp) -> Placed {
        if signature.exact == 0 {
            return Placed { story: post.into(), joined: Joined::New, same_text: false };
        }
        self.newest = self.newest.max(at);
        self.make_room();
        if let Some(placed) = self.place_exact(&signature, at) {
            return placed;
        }
        let same_text = self.exact.contains_key(&signature.exact);
        let (story, joined) = match self.nearest(&signature, at) {
            Some((story, odds)) => (story, Joined::Near { similarity: similarity(odds) }),
            None => (self.story_slot(post.into()), Joined::New),
        };
        let id = self.stories[story as usize].id;
        self.add(signature, at, story);
        Placed { story: id, joined, same_text }
    }

    /// Puts a post back where it was placed before, after a restart. Posts are given in the order in which they came.
    pub fn restore(&mut self, signature: Signature, at: Timestamp, story: StoryId) {
        self.newest = self.newest.max(at);
        self.make_room();
        if signature.exact == 0 {
            return;
        }
        let story = self.decisions.successor(story);
        match self.exact.get(&signature.exact) {
            Some(number) if self.is_of(*number, story) => {
                let number = *number;
                self.tell_again(number, at);
            }
            _ => {
                let slot = self.story_slot(story);
                self.add(signature, at, slot);
            }
        }
    }

    /// Different texts held.
    #[must_use]
    pub fn texts(&self) -> usize {
        self.texts.len()
    }

    /// Stories with a text in the window.
    #[must_use]
    pub fn len(&self) -> usize {
        self.by_id.len()
    }

    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.texts.is_empty()
    }

    /// Bytes held, about.
    #[must_use]
    pub fn bytes(&self) -> usize {
        /// Counters of an `Arc`, and what the allocator adds to two allocations.
        const ALLOCATED: usize = 16 + 32;
        self.texts.capacity() * size_of::<Text>()
            + self.texts.len() * (size_of::<Signature>() + ALLOCATED)
            + self.heap_bytes
            + self.exact.allocation_size()
            + self.postings.bytes()
            + self.rarity.bytes()
            + self.stories.capacity() * size_of::<Story>()
            + self.by_id.len() * (size_of::<Arc<Signature>>() + ALLOCATED / 2)
            + self.by_id.allocation_size()
            + self.decisions.bytes()
    }

    fn place_exact(&mut self, signature: &Signature, at: Timestamp) -> Option<Placed> {
        let number = *self.exact.get(&signature.exact)?;
        let text = self.text(number)?;
        let story = self.stories[text.story as usize].id;
        if !self.in_window(text.at, at) || self.decisions.forbid(signature.exact, story) {
            return None;
        }
        self.tell_again(number, at);
        Some(Placed { story, joined: Joined::Exact, same_text: true })
    }

    /// The story with the text most like this one, of those it may join, and the odds of it.
    fn nearest(&mut self, signature: &Signature, at: Timestamp) -> Option<(u32, f32)> {
        // Lent, not taken: to leave an empty one behind would clear 20 kB for every post.
        let mut scratch = self.scratch.take().unwrap_or_default();
        self.find_candidates(signature, &mut scratch);
        let mut best: Option<(u32, f32)> = None;
        if !scratch.candidates.is_empty() {
            scratch.opened.open(signature);
            for (_, number) in &scratch.candidates {
                let Some(text) = self.text(*number).filter(|text| self.in_window(text.at, at)) else { continue };
                let Some(likeness) = scratch.opened.compare(signature, &text.signature, &self.rarity) else { continue };
                let odds = likeness.odds();
                let better = || {
                    best.is_none_or(|(story, best)| {
                        // Of two as like, the story that began first.
                        (odds, self.stories[story as usize].id) > (best, self.stories[text.story as usize].id)
                    })
                };
                if odds >= Likeness::COPY && better() && self.may_join(signature, text, &scratch.opened) {
                    best = Some((text.story, odds));
                }
            }
            scratch.opened.close(signature);
        }
        self.scratch = Some(scratch);
        best
    }

    /// The texts that share most fingerprints with this one, best first.
    fn find_candidates(&self, signature: &Signature, scratch: &mut Scratch) {
        let Scratch { chains, walks, hits, candidates, .. } = scratch;
        candidates.clear();
        hits.clear();
        chains.clear();
        let fingerprints = signature.fingerprints();
        let needed = if fingerprints.len() >= MANY { SHARED } else { 1 };
        chains.extend(fingerprints.filter_map(|fingerprint| self.postings.chain(fingerprint)));
        chains.sort_unstable();
        self.postings.walk(chains, (BUCKET, LOOKED_AT), walks, |text| hits.add(text));
        candidates.extend(hits.texts().filter(|(shared, _)| *shared >= needed));
        candidates.sort_unstable_by(|a, b| b.cmp(a));
        candidates.truncate(COMPARED);
    }

    /// Whether a text that is like one of a story may join it: nobody has forbidden it, and it is related to the beginning.
    fn may_join(&self, signature: &Signature, text: &Text, opened: &Opened) -> bool {
        let story = &self.stories[text.story as usize];
        !self.decisions.forbid(signature.exact, story.id)
            && story.beginnings.iter().any(|beginning| {
                Arc::ptr_eq(beginning, &text.signature)
                    || opened.compare(signature, beginning, &self.rarity).is_some_and(|likeness| likeness.is_related())
            })
    }
}
