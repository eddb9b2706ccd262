//! How often words are seen in the stream, about: decides under which words a query is posted and what it will cost.

use std::sync::atomic::{AtomicU32, Ordering};

use molva_text::{Analysis, Key};

use crate::symbol::{SIGN, SetKind, Symbol};

const COUNTERS: usize = 1 << 16;
/// Every so many posts one is counted, once there are enough.
const SAMPLE: u32 = 16;
/// Words in a post before any was counted.
const USUAL_POST: u64 = 20;

/// Counters of token keys, shared by all threads; two words may share one, which only costs speed.
#[derive(Debug)]
pub(crate) struct Frequencies {
    posts: AtomicU32,
    tokens: AtomicU32,
    counters: Box<[AtomicU32]>,
}

impl Default for Frequencies {
    fn default() -> Self {
        Self {
            posts: AtomicU32::new(0),
            tokens: AtomicU32::new(0),
            counters: (0..COUNTERS).map(|_| AtomicU32::new(0)).collect(),
        }
    }
}

impl Frequencies {
    /// Tokens counted before the counts are believed.
    pub(crate) const ENOUGH: u32 = 20_000;

    /// Whether the post of this number on its thread is to be counted: at first all are, later a sample.
    #[inline]
    pub(crate) fn wants(&self, post: u32) -> bool {
        post.is_multiple_of(SAMPLE) || self.is_young()
    }

    #[cold]
    pub(crate) fn count(&self, analysis: &Analysis) {
        if self.tokens.load(Ordering::Relaxed) > u32::MAX / 2 {
            for counter in self.counters.iter().chain([&self.tokens, &self.posts]) {
                counter.store(counter.load(Ordering::Relaxed) / 2, Ordering::Relaxed);
            }
        }
        self.posts.fetch_add(1, Ordering::Relaxed);
        self.tokens.fetch_add(analysis.tokens().len() as u32, Ordering::Relaxed);
        let keys =
            analysis.tokens().iter().map(|token| token.key).chain(analysis.probes().iter().map(|probe| probe.key));
        for key in keys {
            // Two threads may lose a count to each other: it is a sample anyway.
            let counter = &self.counters[slot(key)];
            counter.store(counter.load(Ordering::Relaxed) + 1, Ordering::Relaxed);
        }
    }

    /// Tokens counted so far.
    pub(crate) fn tokens(&self) -> u32 {
        self.tokens.load(Ordering::Relaxed)
    }

    /// Expected uses of a symbol among a million tokens, from what it looks like and what was seen.
    pub(crate) fn of(&self, symbol: &Symbol) -> u64 {
        match symbol {
            Symbol::Token { key, letters } | Symbol::Cased { form: key, letters, .. } => self.of_key(*key, *letters),
            Symbol::Set(set) if self.is_young() => {
                usual(set.letters()) * if set.kind == SetKind::List { set.keys.len() as u64 } else { 3 }
            }
            Symbol::Set(set) => set.keys.iter().map(|key| self.seen(*key)).sum::<u64>() + usual(set.letters()) / 8,
            Symbol::Pattern(pattern) => usual(pattern.letters.len().clamp(1, usize::from(SIGN - 1)) as u8) * 4,
        }
    }

    /// The same of a token's key.
    pub(crate) fn of_key(&self, key: Key, letters: u8) -> u64 {
        // A rare word stays a little dearer the commoner it looks.
        if self.is_young() { usual(letters) } else { self.seen(key) + usual(letters) / 16 }
    }

    /// Of a million posts, about so many hold something of that many uses among a million tokens.
    pub(crate) fn posts_in_a_million(&self, uses: u64) -> u64 {
        let (posts, tokens) = (u64::from(self.posts.load(Ordering::Relaxed)), u64::from(self.tokens()));
        let in_a_post = if self.is_young() { USUAL_POST } else { tokens.div_ceil(posts.max(1)) };
        (uses * in_a_post).min(1_000_000)
    }

    fn is_young(&self) -> bool {
        self.tokens() < Self::ENOUGH
    }

    fn seen(&self, key: Key) -> u64 {
        u64::from(self.counters[slot(key)].load(Ordering::Relaxed)) * 1_000_000 / u64::from(self.tokens().max(1))
    }
}

const fn slot(key: Key) -> usize {
    (key.get() >> 20) as usize & (COUNTERS - 1)
}

/// How often a word of so many letters is seen among a million tokens: long words are rare.
const fn usual(letters: u8) -> u64 {
    match letters & !SIGN {
        // Every post has a network, and there are few.
        0 => 800_000,
        1..=2 => 20_000,
        3 => 4_000,
        4 => 1_500,
        5 => 300,
        6 => 100,
        7..=9 => 50,
        _ => 20,
    }
}
