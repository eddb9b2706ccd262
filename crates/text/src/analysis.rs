//! Cuts a post into tokens in one pass: words, hashtags, mentions, addresses, emoji and the ends of sentences.
//!
//! Words are hashed while they are read; only unusual ones (two alphabets, stretched letters, rare scripts) take the
//! slow path through [`crate::normalise`]. Both give the same keys.

use crate::hash::{Key, KeySpace, PrefixFilter, START, step};
use crate::letters::{
    ASCII, CLASS, CYRILLIC, CYRILLIC_FOLD, Class, LATIN, continues_word, is_apostrophe, is_emoji, is_flag_letter,
    is_hyphen, is_letter, two_bytes,
};
use crate::normalise::{Case, Stretch, normalise_into};

/// What a token is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TokenKind {
    Word,
    /// The second reading of a word with stretched letters: two of them are kept.
    Stretched,
    Hashtag,
    Mention,
    Emoji,
    Address,
}

/// A word or sign of a post and where it stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Token {
    pub key: Key,
    /// Bytes of the title or the text, always on character boundaries.
    pub start: u32,
    pub end: u32,
    /// First and last position taken: a compound takes those of all its parts.
    pub position: u32,
    pub last: u32,
    pub kind: TokenKind,
    pub in_title: bool,
    /// Read a second time out of the same letters: a hyphenated whole, the words of a hashtag, a second reading.
    pub derived: bool,
}

/// The beginning of a word that the prefix filter let through.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Probe {
    /// Number of the word among the tokens.
    pub token: u32,
    /// Of so many first letters of the word's normal form.
    pub key: Key,
}

impl Token {
    /// The letters of the token as written.
    #[must_use]
    pub fn written<'a>(&self, title: &'a str, text: &'a str) -> &'a str {
        let source = if self.in_title { title } else { text };
        source.get(self.start as usize..self.end as usize).unwrap_or_default()
    }

    /// The normal form of the token as written; see [`normal_form`].
    pub fn form_into(&self, title: &str, text: &str, form: &mut String) {
        normal_form(self.kind, self.written(title, text), form);
    }
}

/// The normal form behind a token's key: words as [`crate::normalise`], tags and mentions with their sign.
pub fn normal_form(kind: TokenKind, written: &str, form: &mut String) {
    match kind {
        TokenKind::Word => normalise_into(written, Stretch::ToOne, Case::Fold, form),
        TokenKind::Stretched => normalise_into(written, Stretch::ToTwo, Case::Fold, form),
        TokenKind::Hashtag => crate::signs::hashtag_form(written, form),
        TokenKind::Mention => crate::signs::mention_form(written, form),
        TokenKind::Emoji => crate::signs::emoji_form(written, form),
        TokenKind::Address => form.clear(),
    }
}

/// The tokens of one post. Reused from post to post.
#[derive(Clone, Debug, Default)]
pub struct Analysis {
    pub(crate) tokens: Vec<Token>,
    probes: Vec<Probe>,
    /// Positions at which a sentence begins, ascending; the first sentence is not listed.
    sentence_starts: Vec<u32>,
    next_position: u32,
    pub(crate) question: bool,
    pub(crate) form: String,
}

/// Positions between the title and the text, so that no phrase and no distance reaches across.
pub const TITLE_GAP: u32 = 1 << 20;

/// Words joined by hyphens up to this many are also read as a whole.
const MAX_PARTS: usize = 6;

impl Analysis {
    /// Reads a post's title and text; what was read before is forgotten.
    pub fn run(&mut self, title: &str, text: &str, filter: &PrefixFilter) {
        self.tokens.clear();
        self.probes.clear();
        self.sentence_starts.clear();
        self.next_position = 0;
        self.question = false;
        if !title.is_empty() {
            self.scan(title, true, filter);
            self.next_position += TITLE_GAP;
            self.sentence_starts.push(self.next_position);
        }
        self.scan(text, false, filter);
    }

    #[must_use]
    pub fn tokens(&self) -> &[Token] {
        &self.tokens
    }

    /// Beginnings of words that the filter let through, by token.
    #[must_use]
    pub fn probes(&self) -> &[Probe] {
        &self.probes
    }

    /// A question mark stands outside of addresses.
    #[must_use]
    pub const fn has_question(&self) -> bool {
        self.question
    }

    /// The number of the sentence a position lies in.
    #[must_use]
    pub fn sentence_of(&self, position: u32) -> usize {
        self.sentence_starts.partition_point(|start| *start <= position)
    }

    fn scan(&mut self, source: &str, in_title: bool, filter: &PrefixFilter) {
        let mut scanner = Scanner { source, bytes: source.as_bytes(), in_title, filter, analysis: self };
        if filter.is_empty() {
            scanner.run::<false>();
        } else {
            scanner.run::<true>();
        }
    }

    pub(crate) fn end_sentence(&mut self) {
        let start = self.next_position;
        if start > 0 && self.sentence_starts.last() != Some(&start) {
            self.sentence_starts.push(start);
        }
    }
}

pub(crate) struct Scanner<'a> {
    pub(crate) source: &'a str,
    pub(crate) bytes: &'a [u8],
    pub(crate) in_title: bool,
    filter: &'a PrefixFilter,
    pub(crate) analysis: &'a mut Analysis,
}

/// A word as the fast path read it.
struct Read {
    end: usize,
    running: u64,
    /// The fast path cannot know its normal form.
    unusual: bool,
}

// `PROBE` says whether any prefix is registered: most posts meet no filter, and then it costs nothing.
impl Scanner<'_> {
    fn run<const PROBE: bool>(&mut self) {
        let mut at = 0;
        while let Some(&byte) = self.bytes.get(at) {
            let class = CLASS[byte as usize];
            // In the order of how often they are met: a jump by table would be guessed wrong more often.
            at = if class == Class::Letter {
                self.word::<PROBE>(at)
            } else if class == Class::Space {
                at + 1
            } else {
                match class {
                    Class::Line => {
                        self.analysis.end_sentence();
                        at + 1
                    }
                    Class::Stop => self.stop(at),
                    Class::Hash => self.hashtag(at),
                    Class::At => self.mention(at),
                    _ => self.other::<PROBE>(at),
                }
            };
        }
    }

    pub(crate) fn char_at(&self, at: usize) -> Option<char> {
        match self.bytes.get(at) {
            Some(byte) if byte.is_ascii() => Some(char::from(*byte)),
            _ => self.source.get(at..)?.chars().next(),
        }
    }

    fn other<const PROBE: bool>(&mut self, at: usize) -> usize {
        let Some(c) = self.char_at(at) else { return at + 1 };
        if c == '…' {
            self.analysis.end_sentence();
        } else if c == '。' || c == '！' || c == '？' {
            self.analysis.question |= c == '？';
            self.analysis.end_sentence();
        } else if is_emoji(c) || is_flag_letter(c) {
            return self.emoji(at);
        } else if is_letter(c) {
            return self.word::<PROBE>(at);
        }
        at + c.len_utf8()
    }

    pub(crate) const fn position(&self) -> u32 {
        self.analysis.next_position
    }

    pub(crate) const fn advance(&mut self) {
        self.analysis.next_position += 1;
    }

    #[inline]
    pub(crate) fn push(
        &mut self,
        key: Key,
        (start, end): (usize, usize),
        (position, last): (u32, u32),
        kind: TokenKind,
        derived: bool,
    ) {
        self.analysis.tokens.push(Token {
            key,
            start: start as u32,
            end: end as u32,
            position,
            last,
            kind,
            in_title: self.in_title,
            derived,
        });
    }

    /// A word, and what hyphens join to it; gives where to read on.
    #[inline]
    fn word<const PROBE: bool>(&mut self, start: usize) -> usize {
        let probes = self.analysis.probes.len();
        let read = self.read_word::<PROBE>(start);
        if read.end == start {
            return start + self.char_at(start).map_or(1, char::len_utf8);
        }
        match self.bytes.get(read.end) {
            Some(b' ') | None => {
                self.plain_word(start, &read, probes);
                return read.end + 1;
            }
            Some(b':') if self.is_address(start, read.end) => {
                self.analysis.probes.truncate(probes);
                return self.address(start);
            }
            Some(b'.') if self.bytes[start..read.end].eq_ignore_ascii_case(b"www") => {
                self.analysis.probes.truncate(probes);
                return self.address(start);
            }
            _ => {}
        }
        self.plain_word(start, &read, probes);
        if matches!(self.bytes[read.end], b'-' | 0xe2) { self.compound::<PROBE>(start, read.end) } else { read.end }
    }

    /// What hyphens join to the word that was read last.
    fn compound<const PROBE: bool>(&mut self, start: usize, mut end: usize) -> usize {
        let first = self.position() - 1;
        let mut parts = 1;
        while parts < MAX_PARTS {
            let Some(hyphen) = self.hyphen_at(end) else { break };
            let probes = self.analysis.probes.len();
            let next = self.read_word::<PROBE>(end + hyphen);
            if next.end == end + hyphen {
                break;
            }
            self.plain_word(end + hyphen, &next, probes);
            end = next.end;
            parts += 1;
        }
        if parts > 1 {
            self.slow_word(start, end, (first, self.position() - 1), true);
        }
        end
    }

    /// Bytes of the hyphen at this place when a word goes on after it.
    fn hyphen_at(&self, at: usize) -> Option<usize> {
        let byte = *self.bytes.get(at)?;
        if byte != b'-' && byte != 0xe2 {
            return None;
        }
        let hyphen = self.char_at(at).filter(|c| is_hyphen(*c))?;
        self.char_at(at + hyphen.len_utf8()).is_some_and(is_letter).then(|| hyphen.len_utf8())
    }

    /// `probes`: how many there were before the word was read.
    #[inline]
    fn plain_word(&mut self, start: usize, read: &Read, probes: usize) {
        let position = self.position();
        if read.unusual {
            self.analysis.probes.truncate(probes);
            self.slow_word(start, read.end, (position, position), false);
        } else {
            let key = Key::of(read.running, KeySpace::Form);
            self.push(key, (start, read.end), (position, position), TokenKind::Word, false);
        }
        self.advance();
    }

    /// The complete normalisation, for words the fast path cannot finish and for compounds.
    pub(crate) fn slow_word(&mut self, start: usize, end: usize, positions: (u32, u32), derived: bool) {
        let written = &self.source[start..end];
        let mut form = std::mem::take(&mut self.analysis.form);
        normalise_into(written, Stretch::ToOne, Case::Fold, &mut form);
        if !form.is_empty() {
            let key = self.push_form(&form, (start, end), positions, TokenKind::Word, derived);
            if !read_alike(written, &form) {
                normalise_into(written, Stretch::ToTwo, Case::Fold, &mut form);
                if Key::of_text(&form, KeySpace::Form) != key {
                    self.push_form(&form, (start, end), positions, TokenKind::Stretched, true);
                }
            }
        }
        self.analysis.form = form;
    }

    fn push_form(
        &mut self,
        form: &str,
        bytes: (usize, usize),
        positions: (u32, u32),
        kind: TokenKind,
        derived: bool,
    ) -> Key {
        let (mut running, mut letters) = (START, 0);
        for letter in form.chars() {
            running = step(running, u32::from(letter));
            letters += 1;
            self.probe(letters, running);
        }
        let key = Key::of(running, KeySpace::Form);
        self.push(key, bytes, positions, kind, derived);
        key
    }

    /// Keeps the beginning of the word that is being read when the filter lets it through.
    #[inline]
    fn probe(&mut self, letters: u32, running: u64) {
        if self.filter.may_begin(letters, running) {
            let token = self.analysis.tokens.len() as u32;
            self.analysis.probes.push(Probe { token, key: Key::of(running, KeySpace::Beginning) });
        }
    }

    /// The fast path: one step a letter while the letters are plain Latin, Cyrillic or digits.
    #[inline(always)]
    fn read_word<const PROBE: bool>(&mut self, start: usize) -> Read {
        let bytes = self.bytes;
        let (mut at, mut running, mut scripts) = (start, START, 0_u8);
        let (mut previous, mut same, mut longest, mut letters) = (0_u32, 0_u32, 0_u32, 0_u32);
        let mut unusual = false;
        while let Some(&byte) = bytes.get(at) {
            let letter = if byte < 0x80 {
                let (folded, script) = ASCII[byte as usize];
                if folded != 0 {
                    scripts |= script;
                    at += 1;
                    u32::from(folded)
                } else if byte == b'\'' && self.joins(at, start, 1) {
                    at += 1;
                    u32::from(b'\'')
                } else {
                    break;
                }
            } else {
                let second = bytes.get(at + 1).copied().unwrap_or_default();
                let code = two_bytes(byte, second).wrapping_sub(0x400) as usize;
                let folded = if byte & 0xf8 == 0xd0 { CYRILLIC_FOLD.get(code).copied().unwrap_or_default() } else { 0 };
                if folded != 0 {
                    scripts |= CYRILLIC;
                    at += 2;
                    u32::from(folded)
                } else {
                    let Some(c) = self.char_at(at) else { break };
                    if is_apostrophe(c) && self.joins(at, start, c.len_utf8()) {
                        at += c.len_utf8();
                        u32::from('\'')
                    } else if if at == start { is_letter(c) } else { continues_word(c) } {
                        unusual = true;
                        at += c.len_utf8();
                        continue;
                    } else {
                        break;
                    }
                }
            };
            running = step(running, letter);
            if PROBE {
                letters += 1;
                self.probe(letters, running);
            }
            // Digits may repeat, letters three times in a row are stretched.
            same = if letter == previous && letter > u32::from(b'9') { same + 1 } else { 0 };
            longest = longest.max(same);
            previous = letter;
        }
        Read { end: at, running, unusual: unusual || longest >= 2 || scripts == LATIN | CYRILLIC }
    }

    /// An apostrophe is part of a word when letters stand on both sides.
    fn joins(&self, at: usize, start: usize, width: usize) -> bool {
        at > start && self.char_at(at + width).is_some_and(is_letter)
    }
}

/// Whether nothing was shortened for sure, so that there is no second reading: as many letters as were written.
fn read_alike(written: &str, form: &str) -> bool {
    form.len() == written.bytes().filter(|byte| !matches!(byte, b'-' | b'_')).count()
}
