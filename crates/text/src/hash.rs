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

/// Says which tokens deserve a closer look, by the running hash of their first letters.
///
/// A Bloom-like table of 2^16 bits; lengths above [`PrefixFilter::MAX_LETTERS`] are registered by that many letters.
#[derive(Clone, Debug)]
pub struct PrefixFilter {
    lengths: u32,
    bits: Box<[u64; 1024]>,
}

impl Default for PrefixFilter {
    fn default() -> Self {
        Self { lengths: 0, bits: Box::new([0; 1024]) }
    }
}

impl PrefixFilter {
    pub const MAX_LETTERS: usize = 8;

    /// Lets through every word that begins with `prefix`, which is normalised and not empty.
    pub fn insert(&mut self, prefix: &str) {
        let (mut running, mut letters) = (START, 0);
        for letter in prefix.chars().take(Self::MAX_LETTERS) {
            running = step(running, u32::from(letter));
            letters += 1;
        }
        if letters > 0 {
            self.lengths |= 1 << letters;
            let slot = running >> 48;
            self.bits[(slot >> 6) as usize] |= 1 << (slot & 63);
        }
    }

    /// Lets through whatever `other` lets through too.
    pub fn merge(&mut self, other: &Self) {
        self.lengths |= other.lengths;
        for (mine, theirs) in self.bits.iter_mut().zip(other.bits.iter()) {
            *mine |= *theirs;
        }
    }

    /// Whether a word may begin with a registered prefix of this many letters.
    #[inline]
    #[must_use]
    pub fn may_begin(&self, letters: u32, running: u64) -> bool {
        letters <= Self::MAX_LETTERS as u32 && (self.lengths >> letters) & 1 == 1 && {
            let slot = running >> 48;
            (self.bits[(slot >> 6) as usize] >> (slot & 63)) & 1 == 1
        }
    }

    /// Whether any prefix of a whole word is registered.
    #[must_use]
    pub fn lets_through(&self, form: &str) -> bool {
        let mut running = START;
        form.chars().take(Self::MAX_LETTERS).enumerate().any(|(before, letter)| {
            running = step(running, u32::from(letter));
            self.may_begin(before as u32 + 1, running)
        })
    }
}
