//! Answers of single slices that are kept, so that months that did not change are not counted again.
//!
//! What is kept stands under a print of everything the answer depends on: the segments of the slice and their deletions, the
//! question as far as it concerns the slice, and the meaning of the query's words. A change makes another print, so that an
//! answer is never stale; what nobody asks for any more is dropped when there is no more room.

use std::any::Any;
use std::collections::HashMap;
use std::fmt;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use molva_query::field::{FieldTest, JudgedTest, TextField};
use molva_query::syntax::{Expr, Node};
use tantivy::Searcher;
use tantivy::index::SegmentId;

use crate::ask::Filter;
use crate::opening::{TopicNames, meant_topics};
use crate::slice::Slice;

/// Bytes that are kept unless [`crate::Archive::keep_answers`] says otherwise: enough for the authors of all months of ten
/// million mentions, month by month and added up.
const ROOM: usize = 192 << 20;
/// An answer that takes more than this part of the room is not kept.
const LARGEST: usize = 4;
/// What an entry takes beside its answer.
const OVERHEAD: usize = 120;

/// 128 bits of what an answer depends on.
#[derive(Clone)]
pub(crate) struct Print(DefaultHasher, DefaultHasher);

impl Print {
    /// Of a query and the sort of question.
    pub(crate) fn of(what: &str, query: Option<&Expr>, names: &TopicNames) -> Self {
        let mut second = DefaultHasher::new();
        second.write_u64(0x9e37_79b9_7f4a_7c15);
        let mut print = Self(DefaultHasher::new(), second);
        what.hash(&mut print);
        query.is_some().hash(&mut print);
        if let Some(query) = query {
            // The whole tree, with the forms of its words and the entries of its lists: nothing can be forgotten. Writing to a
            // hash cannot fail.
            let _ = fmt::Write::write_fmt(&mut print, format_args!("{query:?}"));
            query.each_part(&mut |part| {
                if let Node::Field(FieldTest::Judged(JudgedTest::Text(TextField::Topic, name))) = &part.node {
                    meant_topics(names, name).hash(&mut print);
                }
            });
        }
        print
    }

    /// Of something that depends on nothing but a segment without its deletions.
    pub(crate) fn of_segment(what: &str, segment: SegmentId, number: u64) -> Self {
        let mut print = Self::of(what, None, &TopicNames::default());
        (segment, number).hash(&mut print);
        print
    }

    /// As far as a slice is concerned.
    pub(crate) fn of_slice(&self, slice: Slice, searcher: &Searcher, filter: &Filter) -> Self {
        let mut print = self.clone();
        slice.hash(&mut print);
        searcher.generation().segments().hash(&mut print);
        within(filter, slice).hash(&mut print);
        print
    }

    /// Makes another depend on the same.
    pub(crate) fn add_to(&self, other: &mut Self) {
        self.number().hash(other);
    }

    fn number(&self) -> u128 {
        u128::from(self.0.finish()) << 64 | u128::from(self.1.finish())
    }
}

/// The filter as far as a slice is concerned.
fn within(filter: &Filter, slice: Slice) -> Filter {
    let (start, end) = slice.span();
    Filter {
        from: filter.from.filter(|from| *from > start),
        before: filter.before.filter(|before| *before < end),
        ..filter.clone()
    }
}

impl Hasher for Print {
    fn finish(&self) -> u64 {
        self.0.finish()
    }

    fn write(&mut self, bytes: &[u8]) {
        self.0.write(bytes);
        self.1.write(bytes);
    }
}

impl fmt::Write for Print {
    fn write_str(&mut self, text: &str) -> fmt::Result {
        self.write(text.as_bytes());
        Ok(())
    }
}

/// An answer that can be kept.
pub(crate) trait Kept: Send + Sync + 'static {
    /// Bytes it takes, about.
    fn bytes(&self) -> usize;
}

impl Kept for u64 {
    fn bytes(&self) -> usize {
        size_of::<Self>()
    }
}

pub(crate) struct Cache {
    room: AtomicUsize,
    state: Mutex<State>,
}

#[derive(Default)]
struct State {
    entries: HashMap<u128, Entry>,
    bytes: usize,
    /// Counts uses.
    clock: u64,
}

struct Entry {
    answer: Arc<dyn Any + Send + Sync>,
    bytes: usize,
    used: u64,
}

impl fmt::Debug for Cache {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Cache").finish_non_exhaustive()
    }
}

impl Default for Cache {
    fn default() -> Self {
        Self::with_room(ROOM)
    }
}

impl Cache {
    /// For so many bytes.
    pub(crate) fn with_room(bytes: usize) -> Self {
        Self { room: AtomicUsize::new(bytes), state: Mutex::default() }
    }

    pub(crate) fn get<T: Kept>(&self, print: &Print) -> Option<Arc<T>> {
        let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        state.clock += 1;
        let now = state.clock;
        let entry = state.entries.get_mut(&print.number())?;
        entry.used = now;
        Arc::clone(&entry.answer).downcast().ok()
    }

    pub(crate) fn put<T: Kept>(&self, print: &Print, answer: &Arc<T>) {
        let bytes = answer.bytes() + OVERHEAD;
        let room = self.room.load(Ordering::Relaxed);
        if bytes > room / LARGEST {
            return;
        }
        let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        if state.bytes + bytes > room {
            state.shrink(room - room / 8);
        }
        state.clock += 1;
        let entry = Entry { answer: Arc::clone(answer) as _, bytes, used: state.clock };
        state.bytes += bytes;
        if let Some(before) = state.entries.insert(print.number(), entry) {
            state.bytes -= before.bytes;
        }
    }

    pub(crate) fn resize(&self, room: usize) {
        self.room.store(room, Ordering::Relaxed);
        self.state.lock().unwrap_or_else(PoisonError::into_inner).shrink(room);
    }

    #[cfg(test)]
    pub(crate) fn len(&self) -> usize {
        self.state.lock().unwrap_or_else(PoisonError::into_inner).entries.len()
    }
}

impl State {
    /// Drops what was not used for longest until the rest takes no more than this.
    fn shrink(&mut self, room: usize) {
        let mut uses: Vec<(u64, u128)> = self.entries.iter().map(|(print, entry)| (entry.used, *print)).collect();
        uses.sort_unstable();
        for (_, print) in uses {
            if self.bytes <= room {
                break;
            }
            self.bytes -= self.entries.remove(&print).map_or(0, |entry| entry.bytes);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    struct Thing(usize);

    impl Kept for Thing {
        fn bytes(&self) -> usize {
            self.0
        }
    }

    fn print(name: &str) -> Print {
        Print::of(name, None, &TopicNames::default())
    }

    #[test]
    fn what_was_not_used_for_longest_makes_room() {
        let cache = Cache::default();
        cache.resize(10_000);
        for name in ["a", "b", "c", "d", "e", "f", "g", "h", "i"] {
            assert!(cache.get::<Thing>(&print("a")).is_some() || name == "a");
            cache.put(&print(name), &Arc::new(Thing(1_000)));
        }
        let there = |name: &str| cache.get::<Thing>(&print(name)).is_some();
        assert_eq!((there("a"), there("b"), there("i")), (true, false, true));
        cache.put(&print("huge"), &Arc::new(Thing(9_000)));
        assert!(!there("huge"));
        cache.resize(0);
        assert_eq!(cache.len(), 0);
    }
}
