//! How often words are seen in the stream, about: decides under which word a query is posted.

use std::sync::atomic::{AtomicU32, Ordering};

use molva_text::{Key, Token};

const COUNTERS: usize = 1 << 16;
/// Every so many posts one is counted.
const SAMPLE: u32 = 16;
/// Tokens counted before the counts are believed.
const ENOUGH: u32 = 20_000;

/// Counters of token keys, shared by all threads; two words may share one, which only costs speed.
#[derive(Debug)]
pub(crate) struct Frequencies {
    tokens: AtomicU32,
    counters: Box<[AtomicU32]>,
}

impl Default for Frequencies {
    fn default() -> Self {
        Self { tokens: AtomicU32::new(0), counters: (0..COUNTERS).map(|_| AtomicU32::new(0)).collect() }
    }
}

impl Frequencies {
    /// Counts a sampled post's tokens; `post` is the number of the post on its thread.
    #[inline]
    pub(crate) fn see(&self, post: u32, tokens: &[Token]) {
        if post.is_multiple_of(SAMPLE) {
            self.count(tokens);
        }
    }

    #[cold]
    fn count(&self, tokens: &[Token]) {
        if self.tokens.load(Ordering::Relaxed) > u32::MAX / 2 {
            self.tokens.store(self.tokens.load(Ordering::Relaxed) / 2, Ordering::Relaxed);
            for counter in &self.counters {
                counter.store(counter.load(Ordering::Relaxed) / 2, Ordering::Relaxed);
            }
        }
        self.tokens.fetch_add(tokens.len() as u32, Ordering::Relaxed);
        for token in tokens {
            self.counters[slot(token.key)].fetch_add(1, Ordering::Relaxed);
        }
    }

    /// Expected uses of an atom among a million tokens, from what it looks like and what was seen.
    pub(crate) fn of(&self, (usual, form): (u32, Key)) -> u64 {
        let tokens = self.tokens.load(Ordering::Relaxed);
        if tokens < ENOUGH {
            return u64::from(usual);
        }
        let seen = u64::from(self.counters[slot(form)].load(Ordering::Relaxed)) * 1_000_000 / u64::from(tokens);
        // A rare word stays a little dearer the commoner it looks.
        seen + u64::from(usual / 16)
    }
}

const fn slot(key: Key) -> usize {
    (key.get() >> 20) as usize & (COUNTERS - 1)
}
