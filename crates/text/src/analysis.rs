//! Cuts a post into tokens in one pass: words, hashtags, mentions, addresses, emoji and the ends of sentences.
//!
//! Words are hashed while they are read; only unusual ones (two alphabets, stretched letters, rare scripts) take the
//! slow path through [`crate::normalise`]. Both give the same keys.

use crate::hash::{Key, PrefixFilter};
use crate::letters::{CLASS, Class, is_emoji, is_flag_letter, is_letter};
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
    pub(crate) probes: Vec<Probe>,
    /// Positions at which a sentence begins, ascending; the first sentence is not listed.
    sentence_starts: Vec<u32>,
    next_position: u32,
    pub(crate) question: bool,
    pub(crate) form: String,
}

/// Positions between the title and the text, so that no phrase and no distance reaches across.
pub const TITLE_GAP: u32 = 1 << 20;

/// Words joined by hyphens up to this many are also read as a whole.
pub(crate) const MAX_PARTS: usize = 6;

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
    pub(crate) filter: &'a PrefixFilter,
    pub(crate) analysis: &'a mut Analysis,
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
}
