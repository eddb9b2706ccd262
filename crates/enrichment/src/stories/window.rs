//! What comes into the index and what leaves it: a queue of texts, the oldest first, and the stories they belong to.

use std::sync::Arc;

use molva_domain::{StoryId, Timestamp};

use super::index::{Stories, Story, Text};
use super::signature::Signature;

/// Beginnings kept of a story that others were merged into.
const MAX_BEGINNINGS: usize = 8;

impl Stories {
    pub(super) fn add(&mut self, signature: Signature, at: Timestamp, story: u32) {
        self.heap_bytes += signature.heap_bytes();
        let signature = Arc::new(signature);
        if self.stories[story as usize].beginnings.is_empty() {
            self.begin(story, &signature);
        }
        self.insert(signature, at, story);
    }

    /// A text is one of the beginnings of a story from now on.
    fn begin(&mut self, story: u32, signature: &Arc<Signature>) {
        self.rarity.add(signature.words());
        self.stories[story as usize].beginnings.push(signature.clone());
    }

    /// A text is no beginning any more.
    fn end(&mut self, signature: Arc<Signature>) {
        self.rarity.remove(signature.words());
        self.release(signature);
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
    pub(super) fn make_room(&mut self) {
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
        std::mem::take(&mut story.beginnings).into_iter().for_each(|signature| self.end(signature));
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
        dropped.into_iter().for_each(|signature| self.end(signature));
        self.close(from);
    }

    /// Moves one text to another story.
    pub(super) fn move_text(&mut self, number: u32, into: u32) {
        let Some(at) = self.at(number) else { return };
        let text = &mut self.texts[at];
        let from = std::mem::replace(&mut text.story, into);
        let signature = text.signature.clone();
        self.stories[into as usize].texts += 1;
        self.begin(into, &signature);
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

    pub(super) fn tell_again(&mut self, number: u32, at: Timestamp) {
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

    pub(super) fn in_window(&self, a: Timestamp, b: Timestamp) -> bool {
        a.as_micros().abs_diff(b.as_micros()) <= u64::try_from(self.limits.window.as_micros()).unwrap_or(u64::MAX)
    }

    /// A text out of a snapshot.
    pub(super) fn restore_text(&mut self, signature: Signature, at: Timestamp, story: StoryId, begins: bool) {
        self.newest = self.newest.max(at);
        self.make_room();
        let slot = self.story_slot(story);
        self.heap_bytes += signature.heap_bytes();
        let signature = Arc::new(signature);
        if begins {
            self.begin(slot, &signature);
        }
        self.insert(signature, at, slot);
    }

    /// The beginning of a story out of a snapshot, when the text itself has left.
    pub(super) fn restore_beginning(&mut self, signature: Signature, story: StoryId) {
        let slot = self.story_slot(story);
        self.heap_bytes += signature.heap_bytes();
        self.begin(slot, &Arc::new(signature));
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
}
