//! What is kept of a text to find its copies: about 200 bytes for a short post, 600 at most.

use molva_text::hash::{KeySpace, START};
use molva_text::{Analysis, Key, PrefixFilter, TokenKind, append_plain_letters};

/// Letters of a shingle.
const GRAM: usize = 3;
/// More shingles than this are thinned out by half, again and again: a fair sample, comparable between texts of any length.
const MAX_GRAMS: usize = 128;
const MAX_WORDS: usize = 64;
/// Pairs of words by which copies are found; long texts keep more, since a quote takes a part of them only.
const MAX_PAIRS: usize = 24;
const MAX_PAIRS_OF_LONG: usize = 40;
const LONG: usize = 40;
/// Texts with fewer pairs of words are also found by runs of letters.
const FEW_PAIRS: usize = 10;
const RUN: usize = 8;
const MAX_RUNS: usize = 8;
/// Fewer words than this say nothing worth grouping.
const FEWEST_WORDS: usize = 3;
/// What is read of one text; the rest of a longer one adds nothing to who copied whom.
const MAX_LETTERS: usize = 16_000;

/// The signature of a text: equal texts have equal ones, copies with changes similar ones.
///
/// Links, mentions, emoji, letter case and `RT @name:` heads leave no trace in it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Signature {
    /// Of the words in their order; zero when there are fewer than three, which never group.
    pub(super) exact: i64,
    /// Only hashes under `2^16 >> level` are kept.
    pub(super) gram_level: u8,
    pub(super) word_level: u8,
    fingerprints: u8,
    words: u8,
    /// Fingerprints (two parts each), words, grams, one after another: one allocation.
    parts: Box<[u16]>,
}

/// Bytes that are no signature, or one of another version.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct BrokenSignature;

impl std::fmt::Display for BrokenSignature {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("the bytes are no signature of this version: sign the text again")
    }
}

impl std::error::Error for BrokenSignature {}

impl Signature {
    const VERSION: u8 = 2;
    const HEAD: usize = 13;

    /// Equal for posts that say the same words in the same order; zero when there is too little to compare.
    #[must_use]
    pub const fn exact_key(&self) -> i64 {
        self.exact
    }

    pub(super) fn fingerprints(&self) -> impl ExactSizeIterator<Item = u32> {
        let (pairs, _) = self.parts[..self.fingerprints as usize * 2].as_chunks::<2>();
        pairs.iter().map(|[low, high]| u32::from(*low) | u32::from(*high) << 16)
    }

    pub(super) fn words(&self) -> &[u16] {
        let start = self.fingerprints as usize * 2;
        &self.parts[start..start + self.words as usize]
    }

    pub(super) fn grams(&self) -> &[u16] {
        &self.parts[self.fingerprints as usize * 2 + self.words as usize..]
    }

    /// Bytes on the heap.
    pub(super) fn heap_bytes(&self) -> usize {
        self.parts.len() * 2
    }

    /// What storage may keep to fill the index again after a restart.
    #[must_use]
    pub fn to_bytes(&self) -> Vec<u8> {
        let mut bytes = Vec::with_capacity(Self::HEAD + self.parts.len() * 2);
        bytes.extend([Self::VERSION, self.gram_level, self.word_level, self.fingerprints, self.words]);
        bytes.extend(self.exact.to_le_bytes());
        bytes.extend(self.parts.iter().flat_map(|part| part.to_le_bytes()));
        bytes
    }

    /// Reads [`Signature::to_bytes`].
    ///
    /// # Errors
    /// When the bytes are not such, or of another version.
    pub fn from_bytes(bytes: &[u8]) -> Result<Self, BrokenSignature> {
        let (head, parts) = bytes.split_at_checked(Self::HEAD).ok_or(BrokenSignature)?;
        let (parts, rest) = parts.as_chunks::<2>();
        let &[Self::VERSION, gram_level @ 0..=15, word_level @ 0..=15, fingerprints, words, ref exact @ ..] = head
        else {
            return Err(BrokenSignature);
        };
        let least = fingerprints as usize * 2 + words as usize;
        if !rest.is_empty() || parts.len() < least || parts.len() > least + MAX_GRAMS {
            return Err(BrokenSignature);
        }
        Ok(Self {
            exact: i64::from_le_bytes(exact.try_into().map_err(|_| BrokenSignature)?),
            gram_level,
            word_level,
            fingerprints,
            words,
            parts: parts.iter().map(|part| u16::from_le_bytes(*part)).collect(),
        })
    }
}

/// Signs one text. Where many are signed, keep a [`Signer`].
#[must_use]
pub fn sign(title: &str, text: &str) -> Signature {
    Signer::default().sign(title, text)
}

/// Makes signatures; keeps its memory from post to post.
#[derive(Debug, Default)]
pub struct Signer {
    analysis: Analysis,
    form: String,
    letters: Vec<u16>,
    keys: Vec<u64>,
    hashes: Vec<u32>,
    words: Vec<u16>,
    grams: Vec<u16>,
    seen: Seen,
}

impl Signer {
    /// The signature of a post's title and text.
    #[must_use]
    pub fn sign(&mut self, title: &str, text: &str) -> Signature {
        let mut analysis = std::mem::take(&mut self.analysis);
        analysis.run(title, text, &PrefixFilter::default());
        let signature = self.sign_analysed(&analysis, title, text);
        self.analysis = analysis;
        signature
    }

    /// The signature of a post that was analysed already, with the same title and text.
    #[must_use]
    pub fn sign_analysed(&mut self, analysis: &Analysis, title: &str, text: &str) -> Signature {
        self.read(analysis, title, text);
        let exact = self.exact();
        if exact == 0 {
            return Signature { exact, gram_level: 0, word_level: 0, fingerprints: 0, words: 0, parts: [].into() };
        }
        self.fingerprints();
        self.words.clear();
        self.words.extend(self.keys.iter().map(|key| (key >> 48) as u16));
        let word_level = self.seen.thin(&mut self.words, MAX_WORDS);
        self.grams.clear();
        self.grams.extend(self.letters.windows(GRAM).map(|gram| (run_hash(gram) >> 48) as u16));
        let gram_level = self.seen.thin(&mut self.grams, MAX_GRAMS);
        let mut parts = Vec::with_capacity(self.hashes.len() * 2 + self.words.len() + self.grams.len());
        parts.extend(self.hashes.iter().flat_map(|hash| [*hash as u16, (*hash >> 16) as u16]));
        parts.extend_from_slice(&self.words);
        parts.extend_from_slice(&self.grams);
        Signature {
            exact,
            gram_level,
            word_level,
            fingerprints: self.hashes.len() as u8,
            words: self.words.len() as u8,
            parts: parts.into_boxed_slice(),
        }
    }

    /// The keys of the words and their letters, one space after each.
    fn read(&mut self, analysis: &Analysis, title: &str, text: &str) {
        self.keys.clear();
        self.letters.clear();
        let retweet = Key::of_text("rt", KeySpace::Form);
        let cut = cut_end(text);
        let mut tokens = analysis.tokens().iter().filter(|token| !token.derived).peekable();
        while let Some(token) = tokens.next() {
            if !matches!(token.kind, TokenKind::Word | TokenKind::Hashtag) {
                continue;
            }
            if token.key == retweet && tokens.peek().is_some_and(|next| next.kind == TokenKind::Mention) {
                continue;
            }
            // A word cut by the network's limit is another word in every copy.
            if !token.in_title && cut == Some(token.end as usize) {
                continue;
            }
            if self.letters.len() >= MAX_LETTERS {
                break;
            }
            let from = self.letters.len();
            let is_word = token.kind == TokenKind::Word;
            if !(is_word && append_plain_letters(token.written(title, text), &mut self.letters)) {
                self.letters.truncate(from);
                token.form_into(title, text, &mut self.form);
                let letters = self.form.trim_start_matches('#').chars();
                self.letters.extend(letters.map(|letter| u32::from(letter) as u16));
            }
            self.letters.push(u16::from(b' '));
            // A hashtag is the same word as without its sign.
            let key = if is_word { token.key } else { Key::of_text(self.form.trim_start_matches('#'), KeySpace::Form) };
            self.keys.push(mix(key.get()));
        }
    }

    fn exact(&self) -> i64 {
        if self.keys.len() < FEWEST_WORDS {
            return 0;
        }
        let hash = self.keys.iter().fold(START, |hash, key| mix(hash.rotate_left(23) ^ key));
        hash as i64 | 1
    }

    /// Pairs of neighbouring words, also with one word between them: a change of one word spares most.
    fn fingerprints(&mut self) {
        self.hashes.clear();
        for (at, first) in self.keys.iter().enumerate() {
            let pair = |second: &u64| (mix(first.rotate_left(17) ^ second) >> 32) as u32;
            self.hashes.extend(self.keys[at + 1..].iter().take(2).map(pair));
        }
        let most = if self.keys.len() > LONG { MAX_PAIRS_OF_LONG } else { MAX_PAIRS };
        keep_lowest(&mut self.hashes, 0, most);
        if self.hashes.len() < FEW_PAIRS {
            let from = self.hashes.len();
            self.hashes.extend(self.letters.windows(RUN).map(|run| (run_hash(run) >> 20) as u32));
            keep_lowest(&mut self.hashes, from, MAX_RUNS);
        }
    }
}

/// Where the text was cut with an ellipsis.
fn cut_end(text: &str) -> Option<usize> {
    let text = text.trim_end();
    text.strip_suffix('…').or_else(|| text.strip_suffix("...")).map(str::len)
}

/// Leaves the `most` lowest distinct hashes from `from` on: the same ones in every copy that has them.
fn keep_lowest(hashes: &mut Vec<u32>, from: usize, most: usize) {
    hashes[from..].sort_unstable();
    hashes.dedup();
    hashes.truncate(from + most);
}

const fn mix(hash: u64) -> u64 {
    let mixed = (hash ^ (hash >> 32)).wrapping_mul(0x9e37_79b9_7f4a_7c15);
    mixed ^ (mixed >> 29)
}

fn run_hash(letters: &[u16]) -> u64 {
    let hash = letters
        .iter()
        .fold(START, |hash, letter| (hash.rotate_left(13) ^ u64::from(*letter)).wrapping_mul(0xf135_7aea_2e62_a9c5));
    mix(hash)
}

/// A set of 16-bit hashes, 8 kB: reads faster than any hash table.
#[derive(Debug)]
pub(super) struct Seen(Box<[u64; 1024]>);

impl Default for Seen {
    fn default() -> Self {
        Self(Box::new([0; 1024]))
    }
}

impl Seen {
    /// Adds a hash; false when it was there.
    pub(super) fn insert(&mut self, hash: u16) -> bool {
        let (word, bit) = (&mut self.0[hash as usize >> 6], 1 << (hash & 63));
        let new = *word & bit == 0;
        *word |= bit;
        new
    }

    pub(super) fn contains(&self, hash: u16) -> bool {
        self.0[hash as usize >> 6] & (1 << (hash & 63)) != 0
    }

    pub(super) fn forget(&mut self, hashes: &[u16]) {
        hashes.iter().for_each(|hash| self.0[*hash as usize >> 6] = 0);
    }

    /// Leaves distinct hashes, thinned by half until `most` remain at most; gives how often that was done.
    fn thin(&mut self, hashes: &mut Vec<u16>, most: usize) -> u8 {
        let mut kept = 0;
        for at in 0..hashes.len() {
            let hash = hashes[at];
            hashes[kept] = hash;
            kept += usize::from(self.insert(hash));
        }
        hashes.truncate(kept);
        self.forget(hashes);
        let mut level = 0;
        while hashes.len() > most && level < 15 {
            level += 1;
            hashes.retain(|hash| u32::from(*hash) < 0x1_0000 >> level);
        }
        hashes.truncate(most);
        level
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_repost_has_the_signature_of_its_original() {
        let original = sign("", "У Билайна опять нет связи!");
        assert_ne!(original.exact_key(), 0);
        assert_eq!(sign("", "RT @news: у билайна ОПЯТЬ нет связи http://t.co/abc 😡"), original);
        assert_ne!(sign("", "у билайна опять есть связь").exact_key(), original.exact_key());
    }

    #[test]
    fn a_word_cut_by_the_limit_of_the_network_does_not_count() {
        assert_eq!(sign("", "у билайна опять нет свя…"), sign("", "у билайна опять нет"));
        assert_eq!(sign("", "у билайна опять нет http…"), sign("", "у билайна опять нет"));
    }

    #[test]
    fn too_little_said_has_no_signature() {
        assert_eq!(sign("", "@beeline http://t.co/1 спасибо большое").exact_key(), 0);
        assert_eq!(sign("", "").exact_key(), 0);
    }

    #[test]
    fn a_signature_comes_back_from_its_bytes_and_stays_small() {
        let long: String = (0..5_000).map(|word| format!("слово{word} ")).collect();
        for text in ["у билайна опять нет связи", "ok", long.as_str()] {
            let signature = sign("Заголовок новости", text);
            let bytes = signature.to_bytes();
            assert!(bytes.len() <= 600, "{}", bytes.len());
            assert_eq!(Signature::from_bytes(&bytes), Ok(signature));
            assert_eq!(Signature::from_bytes(&bytes[..bytes.len() - 1]), Err(BrokenSignature));
        }
        assert_eq!(Signature::from_bytes(&[]), Err(BrokenSignature));
    }
}
