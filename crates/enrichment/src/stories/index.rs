//! The index of stories over a window of time.

use std::collections::VecDeque;
use std::sync::Arc;
use std::time::Duration;

use foldhash::fast::FixedState;
use hashbrown::HashMap;
use molva_domain::{PostId, StoryId, Timestamp};

use super::decisions::Decisions;
use super::likeness::{Likeness, Opened};
use super::postings::{Chain, Postings};
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
        /// From 0 to 1: the largest of the shares by which the two were found alike.
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
    exact: HashMap<i64, u32, FixedState>,
    postings: Postings,
    pub(super) stories: Vec<Story>,
    free: Vec<u32>,
    by_id: HashMap<StoryId, u32, FixedState>,
    pub(super) decisions: Decisions,
    heap_bytes: usize,
    newest: Timestamp,
    scratch: Scratch,
}

#[derive(Clone, Debug)]
pub(super) struct Text {
    pub(super) signature: Arc<Signature>,
    /// When it was last told.
    pub(super) at: Timestamp,
    pub(super) story: u32,
    /// Told again since it was put at the end of the queue.
    told_again: bool,
}

#[derive(Clone, Debug)]
pub(super) struct Story {
    pub(super) id: StoryId,
    /// The text it began with, and those of the stories merged into it.
    pub(super) beginnings: Vec<Arc<Signature>>,
    texts: u32,
}

#[derive(Debug, Default)]
struct Scratch {
    opened: Opened,
    chains: Vec<Chain>,
    hits: Vec<u32>,
    candidates: Vec<(u32, u32)>,
}

/// Newest texts looked at of one fingerprint.
const BUCKET: usize = 64;
/// Texts looked at of all fingerprints of a post, those of the rarest first.
const LOOKED_AT: usize = 160;
/// Texts compared with a post.
const COMPARED: usize = 12;
/// A text is compared when it shares so many fingerprints with a post that has `MANY`.
const SHARED: u32 = 2;
const MANY: usize = 8;
/// Beginnings kept of a story that others were merged into.
const MAX_BEGINNINGS: usize = 8;

impl Stories {
    #[must_use]
    pub fn new(limits: Limits) -> Self {
        Self {
            limits,
            texts: VecDeque::new(),
            first: 0,
            exact: HashMap::default(),
            postings: Postings::default(),
            stories: Vec::new(),
            free: Vec::new(),
            by_id: HashMap::default(),
            decisions: Decisions::default(),
            heap_bytes: 0,
            newest: Timestamp::from_micros(i64::MIN),
            scratch: Scratch::default(),
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
            Some((story, likeness)) => (story, Joined::Near { similarity: likeness.score() }),
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

    /// A text out of a snapshot.
    pub(super) fn restore_text(&mut self, signature: Signature, at: Timestamp, story: StoryId, begins: bool) {
        self.newest = self.newest.max(at);
        self.make_room();
        let slot = self.story_slot(story);
        self.heap_bytes += signature.heap_bytes();
        let signature = Arc::new(signature);
        if begins {
            self.stories[slot as usize].beginnings.push(signature.clone());
        }
        self.insert(signature, at, slot);
    }

    /// The beginning of a story out of a snapshot, when the text itself has left.
    pub(super) fn restore_beginning(&mut self, signature: Signature, story: StoryId) {
        let slot = self.story_slot(story) as usize;
        self.heap_bytes += signature.heap_bytes();
        self.stories[slot].beginnings.push(Arc::new(signature));
    }

    /// Forgets stories without texts that a snapshot should not have had.
    pub(super) fn close_empty(&mut self) {
        let empty: Vec<u32> =
            self.by_id.values().copied().filter(|slot| self.stories[*slot as usize].texts == 0).collect();
        empty.into_iter().for_each(|slot| self.close(slot));
    }

    /// Whether a signature is that of a text in the window.
    pub(super) fn is_held(&self, signature: &Arc<Signature>) -> bool {
        let number = self.exact.get(&signature.exact);
        number.and_then(|number| self.text(*number)).is_some_and(|text| Arc::ptr_eq(&text.signature, signature))
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

    /// The story with the text most like this one, of those it may join.
    fn nearest(&mut self, signature: &Signature, at: Timestamp) -> Option<(u32, Likeness)> {
        let mut scratch = std::mem::take(&mut self.scratch);
        self.find_candidates(signature, &mut scratch);
        let mut best: Option<(u32, Likeness)> = None;
        if !scratch.candidates.is_empty() {
            scratch.opened.open(signature);
            for (_, number) in &scratch.candidates {
                let Some(text) = self.text(*number).filter(|text| self.in_window(text.at, at)) else { continue };
                let likeness = scratch.opened.compare(signature, &text.signature);
                let better = best.is_none_or(|(story, best)| {
                    (likeness.score(), self.stories[story as usize].id)
                        > (best.score(), self.stories[text.story as usize].id)
                });
                if better && likeness.is_copy() && self.may_join(signature, text, &scratch.opened) {
                    best = Some((text.story, likeness));
                }
            }
            scratch.opened.close(signature);
        }
        self.scratch = scratch;
        best
    }

    /// The texts that share most fingerprints with this one, best first.
    fn find_candidates(&self, signature: &Signature, scratch: &mut Scratch) {
        let Scratch { chains, hits, candidates, .. } = scratch;
        candidates.clear();
        hits.clear();
        chains.clear();
        let fingerprints = signature.fingerprints();
        let needed = if fingerprints.len() >= MANY { SHARED } else { 1 };
        chains.extend(fingerprints.filter_map(|fingerprint| self.postings.chain(fingerprint)));
        chains.sort_unstable();
        let mut left = LOOKED_AT;
        for chain in chains.iter() {
            let from = left;
            for text in self.postings.texts(*chain).take(BUCKET.min(from)) {
                left -= 1;
                hits.extend(text);
            }
            if left == 0 {
                break;
            }
        }
        hits.sort_unstable();
        candidates.extend(
            hits.chunk_by(|a, b| a == b).map(|hit| (hit.len() as u32, hit[0])).filter(|(shared, _)| *shared >= needed),
        );
        candidates.sort_unstable_by(|a, b| b.cmp(a));
        candidates.truncate(COMPARED);
    }

    /// Whether a text that is like one of a story may join it: nobody has forbidden it, and it is related to the beginning.
    fn may_join(&self, signature: &Signature, text: &Text, opened: &Opened) -> bool {
        let story = &self.stories[text.story as usize];
        !self.decisions.forbid(signature.exact, story.id)
            && story.beginnings.iter().any(|beginning| {
                Arc::ptr_eq(beginning, &text.signature) || opened.compare(signature, beginning).is_related()
            })
    }

    fn add(&mut self, signature: Signature, at: Timestamp, story: u32) {
        self.heap_bytes += signature.heap_bytes();
        let signature = Arc::new(signature);
        let beginnings = &mut self.stories[story as usize].beginnings;
        if beginnings.is_empty() {
            beginnings.push(signature.clone());
        }
        self.insert(signature, at, story);
    }

    /// Puts a text at the end of the queue.
    fn insert(&mut self, signature: Arc<Signature>, at: Timestamp, story: u32) {
        let number = self.first.wrapping_add(self.texts.len() as u32);
        for fingerprint in signature.fingerprints() {
            self.postings.push(fingerprint, number);
        }
        self.exact.insert(signature.exact, number);
        self.stories[story as usize].texts += 1;
        self.texts.push_back(Text { signature, at, story, told_again: false });
    }

    /// The place of a story, made when there is none.
    pub(super) fn story_slot(&mut self, id: StoryId) -> u32 {
        if let Some(slot) = self.by_id.get(&id) {
            return *slot;
        }
        let story = Story { id, beginnings: Vec::with_capacity(1), texts: 0 };
        let slot = if let Some(slot) = self.free.pop() {
            self.stories[slot as usize] = story;
            slot
        } else {
            self.stories.push(story);
            self.stories.len() as u32 - 1
        };
        self.by_id.insert(id, slot);
        slot
    }

    /// Lets one text out while a limit is reached or the oldest ones have left the window; a text told again since it came
    /// goes to the end of the queue once instead.
    fn make_room(&mut self) {
        /// A few for each text that comes keep up with any flow, and no post waits for a long sweep.
        const STEPS: usize = 4;
        for _ in 0..STEPS {
            let Some(oldest) = self.texts.front() else { return };
            let full = self.texts.len() >= self.limits.texts || self.bytes() >= self.limits.bytes;
            let past = oldest.at < self.newest.minus(self.limits.window);
            if !full && !past {
                return;
            }
            self.let_out(oldest.told_again && !past);
        }
    }

    fn let_out(&mut self, keep: bool) {
        let Some(text) = self.texts.pop_front() else { return };
        let number = self.first;
        self.first = self.first.wrapping_add(1);
        self.postings.pop(text.signature.fingerprints().len());
        if self.exact.get(&text.signature.exact) == Some(&number) {
            self.exact.remove(&text.signature.exact);
        }
        self.stories[text.story as usize].texts -= 1;
        if keep {
            self.insert(text.signature, text.at, text.story);
            return;
        }
        self.release(text.signature);
        if self.stories[text.story as usize].texts == 0 {
            self.close(text.story);
        }
    }

    /// Lets a signature go that a text or a story has held; the last one gives its memory back.
    fn release(&mut self, signature: Arc<Signature>) {
        if let Some(signature) = Arc::into_inner(signature) {
            self.heap_bytes -= signature.heap_bytes();
        }
    }

    /// Forgets a story that has no text left.
    pub(super) fn close(&mut self, slot: u32) {
        let story = &mut self.stories[slot as usize];
        self.by_id.remove(&story.id);
        self.free.push(slot);
        std::mem::take(&mut story.beginnings).into_iter().for_each(|signature| self.release(signature));
    }

    /// Moves all texts of one story to another.
    pub(super) fn move_texts(&mut self, from: u32, into: u32) {
        self.texts.iter_mut().filter(|text| text.story == from).for_each(|text| text.story = into);
        let beginnings = std::mem::take(&mut self.stories[from as usize].beginnings);
        let moved = std::mem::take(&mut self.stories[from as usize].texts);
        let target = &mut self.stories[into as usize];
        target.texts += moved;
        target.beginnings.extend(beginnings);
        let dropped = target.beginnings.split_off(target.beginnings.len().min(MAX_BEGINNINGS));
        dropped.into_iter().for_each(|signature| self.release(signature));
        self.close(from);
    }

    /// Moves one text to another story.
    pub(super) fn move_text(&mut self, number: u32, into: u32) {
        let Some(at) = self.at(number) else { return };
        let text = &mut self.texts[at];
        let from = std::mem::replace(&mut text.story, into);
        let signature = text.signature.clone();
        self.stories[into as usize].texts += 1;
        self.stories[into as usize].beginnings.push(signature);
        self.stories[from as usize].texts -= 1;
        if self.stories[from as usize].texts == 0 {
            self.close(from);
        }
    }

    pub(super) fn slot_of(&self, id: StoryId) -> Option<u32> {
        self.by_id.get(&id).copied()
    }

    pub(super) fn number_of(&self, exact_key: i64) -> Option<u32> {
        self.exact.get(&exact_key).copied()
    }

    pub(super) fn text(&self, number: u32) -> Option<&Text> {
        self.texts.get(self.at(number)?)
    }

    pub(super) fn is_of(&self, number: u32, story: StoryId) -> bool {
        self.text(number).is_some_and(|text| self.stories[text.story as usize].id == story)
    }

    fn tell_again(&mut self, number: u32, at: Timestamp) {
        if let Some(at_index) = self.at(number) {
            let text = &mut self.texts[at_index];
            text.at = text.at.max(at);
            text.told_again = true;
        }
    }

    fn at(&self, number: u32) -> Option<usize> {
        let at = number.wrapping_sub(self.first) as usize;
        (at < self.texts.len()).then_some(at)
    }

    fn in_window(&self, a: Timestamp, b: Timestamp) -> bool {
        a.as_micros().abs_diff(b.as_micros()) <= u64::try_from(self.limits.window.as_micros()).unwrap_or(u64::MAX)
    }
}
