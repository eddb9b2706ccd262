//! What a model sees of a post: hashed stems and pairs of stems, letters inside words, and named signs.
//!
//! The judged object becomes one word and its rivals another, so that what is learnt about one brand holds for all. Words
//! after a negation are also read as their opposite. Start with [`Reader::read`].

mod gaps;
mod sign;
mod stems;
mod valence;
mod weights;

use molva_text::{Analysis, PrefixFilter, Token, TokenKind};

use crate::judgement::{Object, Span};
use gaps::Tally;
pub use sign::Sign;
use stems::Stems;
pub(crate) use weights::{Idf, Weighed, of_sixteenths};

/// Features are hashed into this many rows of weights, as a power of two.
pub(crate) const ROW_BITS: u32 = 20;
pub(crate) const ROWS: usize = 1 << ROW_BITS;
/// Longer posts are read around the object, else from their beginning.
const MAX_BYTES: usize = 3_000;
const MAX_FEATURES: usize = 6_000;
/// Bits of the number of a feature, of what a feature is made of, and of both the row and that.
const FEATURE_BITS: u32 = 13;
const BLOCK_BITS: u32 = 2;
const KEY_BITS: u32 = ROW_BITS + BLOCK_BITS;
const _: () = assert!(MAX_FEATURES <= 1 << FEATURE_BITS);
/// Words after a negation that it turns round.
const NEGATION_REACH: u32 = 3;

/// What a feature is made of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Block {
    Word,
    Letters,
    Sign,
    /// Of the names of those addressed: @bank_care says what is wanted, and nothing of how it is felt.
    Handle,
}

/// A feature of a post.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Feature {
    pub(crate) row: u32,
    pub(crate) block: Block,
    pub(crate) count: u16,
}

/// Where a feature was seen: between two places, both included, or at a sign.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Seen {
    pub(crate) feature: u32,
    pub(crate) from: u16,
    pub(crate) to: u16,
}

/// `from` of what was seen at no place: `to` is then the number of a [`Sign`].
pub(crate) const NOWHERE: u16 = u16::MAX;

/// What stands at a place of a post.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Mask {
    None,
    Own,
    Other,
}

const OWN: u64 = 0x6f77_6e00_0000_0001;
const OTHER: u64 = 0x6f74_6865_7200_0001;
const ADDRESS: u64 = 0x6164_6472_0000_0001;
const MENTION: u64 = 0x6d65_6e74_0000_0001;
const NUMBER: u64 = 0x6e75_6d62_0000_0000;
const START: u64 = 0x7374_6172_7400_0001;
const WORD_SPACE: u64 = 0x51;
const NEGATED_SPACE: u64 = 0x9d;
const PAIR_SPACE: u64 = 0x3b;
const LETTER_SPACE: u64 = 0x77;
const SIGN_SPACE: u64 = 0xe3;
const HANDLE_SPACE: u64 = 0xb5;

/// Reads posts one after another; its memory is reused.
#[derive(Default)]
pub(crate) struct Reader {
    analysis: Analysis,
    stems: Stems,
    form: String,
    letters: Vec<u32>,
    table: FeatureTable,
    pub(crate) features: Vec<Feature>,
    pub(crate) seen: Vec<Seen>,
    pub(crate) places: Vec<Span>,
    pub(crate) masks: Vec<Mask>,
    /// Rated words with the places they stand at.
    pub(crate) valences: Vec<(u16, f32)>,
    tally: Tally,
    previous: u64,
    negated: u32,
    /// Smileys were the label a model learns from: it must not see them.
    pub(crate) blind_to_smileys: bool,
}

/// Rows met in the post, by open addressing; a stamp makes clearing free.
///
/// A slot holds, from the highest bit on, the stamp, the row and the block, and the number of the feature.
struct FeatureTable {
    slots: Vec<u64>,
    stamp: u64,
    /// Short posts use the beginning alone, which stays near the processor.
    mask: usize,
}

impl Default for FeatureTable {
    fn default() -> Self {
        Self { slots: vec![0; (MAX_FEATURES * 2).next_power_of_two()], stamp: 0, mask: 0 }
    }
}

impl FeatureTable {
    /// Forgets everything. A byte of text makes three features at most, but for signs and marks.
    fn clear(&mut self, bytes: usize) {
        self.stamp += 1;
        if self.stamp >> (64 - KEY_BITS - FEATURE_BITS) > 0 {
            self.slots.fill(0);
            self.stamp = 1;
        }
        self.mask = (bytes * 8).max(1 << 10).next_power_of_two().min(self.slots.len()) - 1;
    }
}

impl Reader {
    /// Reads a post; `features`, `seen` and `places` are then its own.
    pub(crate) fn read(&mut self, title: &str, text: &str, cyrillic: bool, object: Option<Object<'_>>) {
        self.read_analysed(None, (title, text), cyrillic, object);
    }

    /// The same of a title and text that were cut into tokens already, where they were.
    pub(crate) fn read_analysed(
        &mut self,
        analysis: Option<&Analysis>,
        (title, text): (&str, &str),
        cyrillic: bool,
        object: Option<Object<'_>>,
    ) {
        self.features.clear();
        self.seen.clear();
        self.places.clear();
        self.masks.clear();
        self.valences.clear();
        self.tally = Tally::default();
        let asked = object.is_some();
        let object = object.unwrap_or_default();
        let whole = title.len() + text.len();
        let (title_from, title) = cut(title, true, object);
        let (text_from, text) = cut(text, false, object);
        self.table.clear(title.len() + text.len());
        // That of a long text knows other places than the part that is read.
        let given = analysis.filter(|_| title.len() + text.len() == whole);
        let mut own = std::mem::take(&mut self.analysis);
        if given.is_none() {
            own.run(title, text, &PrefixFilter::default());
        }
        let analysis = given.unwrap_or(&own);
        for (source, in_title, offset) in [(title, true, title_from), (text, false, text_from)] {
            self.begin_part();
            let mut end = 0;
            for token in analysis.tokens().iter().filter(|token| token.in_title == in_title && !token.derived) {
                let (from, to) = (token.start as usize, token.end as usize);
                if from > end {
                    self.gap(source, end, from, in_title, offset);
                }
                if from >= end {
                    self.token(token, (title, text), offset, object);
                    end = to;
                }
            }
            self.gap(source, end, source.len(), in_title, offset);
        }
        self.analysis = own;
        self.signs(text, cyrillic, asked);
    }

    fn begin_part(&mut self) {
        self.previous = START;
        self.negated = 0;
    }

    fn token(&mut self, token: &Token, (title, text): (&str, &str), offset: u32, object: Object<'_>) {
        let span = Span { in_title: token.in_title, start: token.start + offset, end: token.end + offset };
        let place = self.places.len() as u16;
        let mask = mask_of(span, object);
        if place == NOWHERE - 1 {
            return;
        }
        self.places.push(span);
        self.masks.push(mask);
        let written = token.written(title, text);
        let mut negates = false;
        let unit = match (mask, token.kind) {
            (Mask::Own, kind) => {
                self.tally.own(kind, place, self.previous != OWN);
                OWN
            }
            (Mask::Other, _) => {
                self.tally.others += 1;
                OTHER
            }
            (_, TokenKind::Address) => {
                self.tally.address(place);
                ADDRESS
            }
            (_, TokenKind::Mention) => {
                self.tally.mention(place);
                token.form_into(title, text, &mut self.form);
                let form = std::mem::take(&mut self.form);
                let whole = mix(molva_text::hash::hash_letters(&form), HANDLE_SPACE);
                self.add(Block::Handle, whole, place, place);
                self.letters_of(&form, place, Block::Handle);
                self.form = form;
                MENTION
            }
            (_, TokenKind::Emoji) => {
                self.tally.emoji += 1;
                if self.blind_to_smileys {
                    return;
                }
                token.key.get()
            }
            (_, TokenKind::Word | TokenKind::Stretched | TokenKind::Hashtag) => {
                token.form_into(title, text, &mut self.form);
                let hashtag = token.kind == TokenKind::Hashtag;
                if hashtag {
                    self.form.remove(0);
                    self.tally.hashtags += 1;
                }
                self.tally.word(written, &self.form);
                if self.form.bytes().all(|byte| byte.is_ascii_digit()) {
                    self.tally.numbers += 1;
                    NUMBER + self.form.len().min(6) as u64
                } else {
                    let form = std::mem::take(&mut self.form);
                    let key =
                        if hashtag { molva_text::Key::of_text(&form, molva_text::KeySpace::Form) } else { token.key };
                    let (stem, turns) = self.stems.stem(key, &form);
                    negates = turns;
                    self.letters_of(&form, place, Block::Letters);
                    self.form = form;
                    // Rated words are English.
                    let rated = self.form.as_bytes().first().is_some_and(u8::is_ascii);
                    if let Some(valence) = rated.then(|| valence::valence(key)).flatten() {
                        self.valences.push((place, if self.negated > 0 { -0.74 * valence } else { valence }));
                    }
                    stem
                }
            }
        };
        if unit == self.previous && matches!(unit, OWN | OTHER) {
            return;
        }
        self.unit(unit, place);
        self.previous = unit;
        self.negated = if negates { NEGATION_REACH } else { self.negated.saturating_sub(1) };
    }

    fn unit(&mut self, unit: u64, place: u16) {
        self.add(Block::Word, mix(unit, WORD_SPACE), place, place);
        if self.negated > 0 {
            self.add(Block::Word, mix(unit, NEGATED_SPACE), place, place);
        }
        let pair = mix(self.previous, PAIR_SPACE).wrapping_add(unit.rotate_left(17));
        self.add(Block::Word, mix(pair, PAIR_SPACE), place.saturating_sub(1), place);
    }

    fn letters_of(&mut self, form: &str, place: u16, block: Block) {
        let space = if block == Block::Handle { HANDLE_SPACE } else { LETTER_SPACE };
        self.letters.clear();
        self.letters.push(u32::from(' '));
        self.letters.extend(form.chars().take(30).map(u32::from));
        self.letters.push(u32::from(' '));
        for from in 0..self.letters.len() - 1 {
            let mut running = molva_text::hash::START;
            for at in 0..5.min(self.letters.len() - from) {
                running = molva_text::hash::step(running, self.letters[from + at]);
                if at > 0 {
                    self.add(block, mix(running, space), place, place);
                }
            }
        }
    }

    fn sign(&mut self, sign: Sign) {
        self.add(Block::Sign, mix(sign as u64 + 1, SIGN_SPACE), NOWHERE, sign as u16);
    }

    fn add(&mut self, block: Block, hash: u64, from: u16, to: u16) {
        let row = (hash >> (64 - ROW_BITS)) as u32;
        let mask = self.table.mask;
        let mut slot = (hash as usize) & mask;
        let key = (self.table.stamp << ROW_BITS | u64::from(row)) << BLOCK_BITS | block as u64;
        loop {
            let known = self.table.slots[slot];
            if known >> (KEY_BITS + FEATURE_BITS) != self.table.stamp {
                // Never full: a search in it must end.
                if self.features.len() >= MAX_FEATURES.min(mask / 4 * 3) {
                    return;
                }
                let feature = self.features.len() as u32;
                self.table.slots[slot] = key << FEATURE_BITS | u64::from(feature);
                self.features.push(Feature { row, block, count: 1 });
                self.seen.push(Seen { feature, from, to });
                return;
            }
            if known >> FEATURE_BITS == key {
                let feature = (known & ((1 << FEATURE_BITS) - 1)) as u32;
                let count = &mut self.features[feature as usize].count;
                *count = count.saturating_add(1);
                self.seen.push(Seen { feature, from, to });
                return;
            }
            slot = (slot + 1) & mask;
        }
    }
}

const fn mix(value: u64, space: u64) -> u64 {
    let mixed = (value ^ space.wrapping_mul(0xff51_afd7_ed55_8ccd)).wrapping_mul(0x9e37_79b9_7f4a_7c15);
    (mixed ^ (mixed >> 32)).wrapping_mul(0xd6e8_feb8_6659_fd93)
}

fn mask_of(span: Span, object: Object<'_>) -> Mask {
    let touches = |other: &&Span| other.in_title == span.in_title && other.start < span.end && span.start < other.end;
    if object.own.iter().any(|own| touches(&own)) {
        Mask::Own
    } else if object.others.iter().any(|other| touches(&other)) {
        Mask::Other
    } else {
        Mask::None
    }
}

/// The part of a long text that is read, and where it begins.
fn cut<'a>(source: &'a str, in_title: bool, object: Object<'_>) -> (u32, &'a str) {
    if source.len() <= MAX_BYTES {
        return (0, source);
    }
    let first = object.own.iter().filter(|span| span.in_title == in_title).map(|span| span.start as usize).min();
    let mut from = first.unwrap_or_default().saturating_sub(MAX_BYTES / 3).min(source.len());
    while !source.is_char_boundary(from) {
        from -= 1;
    }
    // Not in the middle of a word.
    if from > 0 {
        from += source[from..].find(char::is_whitespace).unwrap_or_default();
    }
    let mut to = (from + MAX_BYTES).min(source.len());
    while !source.is_char_boundary(to) {
        to -= 1;
    }
    (from as u32, &source[from..to])
}

#[cfg(test)]
mod tests;
