//! The hash of words: one multiplication a letter, so that the hash of every prefix comes free while a word is read.
//!
//! It is stable: `content_hash` is stored, and stored queries are compared by it between runs.

/// A word form, word, hashtag, … as 64 bits. Equal keys mean equal words, up to about one collision in 10^9 per dictionary.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Key(u64);

impl Key {
    /// The key of a running hash after the last letter.
    #[must_use]
    pub const fn of(running: u64, space: KeySpace) -> Self {
        let mixed = (running ^ space as u64).wrapping_mul(0x9e37_79b9_7f4a_7c15);
        Self(mixed ^ (mixed >> 29))
    }

    /// The key of a whole text.
    #[must_use]
    pub fn of_text(text: &str, space: KeySpace) -> Self {
        Self::of(hash_letters(text), space)
    }

    #[must_use]
    pub const fn get(self) -> u64 {
        self.0
    }
}

/// Keeps the sorts of keys apart.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u64)]
pub enum KeySpace {
    /// A normalised form of a word.
    Form = 0,
    Hashtag = 0x23,
    Mention = 0x40,
    Emoji = 0x1f600,
    /// A word in all its forms.
    AnyForm = 0x41,
    /// What a post shows beside its text: its author, its community.
    Sign = 0x51,
    /// The first letters of a form.
    Beginning = 0x2a,
    /// A form with its letter case.
    Cased = 0x4343,
}

/// The running hash of nothing.
pub const START: u64 = 0x243f_6a88_85a3_08d3;

/// Adds one letter to a running hash.
#[inline]
#[must_use]
pub const fn step(running: u64, letter: u32) -> u64 {
    (running.rotate_left(5) ^ letter as u64).wrapping_mul(0xf135_7aea_2e62_a9c5)
}

/// The running hash after all letters of a text.
#[must_use]
pub fn hash_letters(text: &str) -> u64 {
    text.chars().fold(START, |running, letter| step(running, u32::from(letter)))
}

/// Says which beginnings of words are worth a look, by the running hash of their letters.
///
/// A Bloom-like table that grows with what is registered; beginnings longer than [`PrefixFilter::MAX_LETTERS`] are
/// registered by that many letters.
#[derive(Clone, Debug, Default)]
pub struct PrefixFilter {
    lengths: u32,
    /// A power of two of words; empty while nothing is registered.
    bits: Vec<u64>,
}

impl PrefixFilter {
    pub const MAX_LETTERS: usize = 8;
    /// Bits for each beginning: one in so many words is let through in vain.
    const SPACE: usize = 64;

    /// For so many beginnings.
    #[must_use]
    pub fn with_capacity(beginnings: usize) -> Self {
        let bits = (beginnings * Self::SPACE).next_power_of_two().clamp(1 << 12, 1 << 20);
        Self { lengths: 0, bits: if beginnings == 0 { Vec::new() } else { vec![0; bits / 64] } }
    }

    #[must_use]
    pub const fn is_empty(&self) -> bool {
        self.lengths == 0
    }

    /// Lets through every word that begins with `prefix`, which is normalised and not empty.
    /// Gives the key under which [`crate::Analysis::probes`] tells of it.
    pub fn insert(&mut self, prefix: &str) -> Key {
        let (mut running, mut letters) = (START, 0);
        for letter in prefix.chars().take(Self::MAX_LETTERS) {
            running = step(running, u32::from(letter));
            letters += 1;
        }
        if self.bits.is_empty() {
            *self = Self::with_capacity(1);
        }
        self.lengths |= 1 << letters;
        let (word, bit) = self.slot(running);
        self.bits[word] |= 1 << bit;
        Key::of(running, KeySpace::Beginning)
    }

    /// Lets through whatever `other` lets through too.
    pub fn merge(&mut self, other: &Self) {
        if self.bits.len() < other.bits.len() {
            let small = std::mem::replace(self, other.clone());
            return self.merge(&small);
        }
        self.lengths |= other.lengths;
        if other.bits.is_empty() {
            return;
        }
        // A bit of the smaller table stands for a run of bits of the larger one.
        let ratio = self.bits.len() / other.bits.len();
        for (word, bits) in other.bits.iter().enumerate().filter(|(_, bits)| **bits != 0) {
            for theirs in (0..64).filter(|bit| (bits >> bit) & 1 == 1).map(|bit| word * 64 + bit) {
                (theirs * ratio..(theirs + 1) * ratio).for_each(|bit| self.bits[bit >> 6] |= 1 << (bit & 63));
            }
        }
    }

    fn slot(&self, running: u64) -> (usize, u32) {
        let bit = ((running >> 32) as usize * self.bits.len() * 64) >> 32;
        (bit >> 6, (bit & 63) as u32)
    }

    /// Whether a word may begin with a registered prefix of this many letters.
    #[inline]
    #[must_use]
    pub fn may_begin(&self, letters: u32, running: u64) -> bool {
        letters <= Self::MAX_LETTERS as u32 && (self.lengths >> letters) & 1 == 1 && {
            let (word, bit) = self.slot(running);
            self.bits.get(word).is_some_and(|bits| (bits >> bit) & 1 == 1)
        }
    }

    /// Bytes held.
    #[must_use]
    pub const fn bytes(&self) -> usize {
        self.bits.len() * 8
    }
}
