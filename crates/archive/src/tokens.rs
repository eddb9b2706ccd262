//! The tokens of a post as terms and positions of an index.
//!
//! A word's term is its normal form, so that beginnings and patterns are found in the dictionary; tags and mentions keep their
//! sign. One position of the index holds the token's first position, how many more it takes, and whether it is written as its
//! normal form is.

use molva_domain::Post;
use molva_text::{Analysis, Key, KeySpace, TokenKind, normalise_cased};
use tantivy::tokenizer::{PreTokenizedString, Token};

/// Before words in the letter case they are written in, when it is not that of the normal form.
const CASED: char = '\u{1}';
/// Before emoji: some of them begin with a digit.
const EMOJI: char = '\u{2}';
/// At these positions a new sentence has begun.
pub(crate) const SENTENCES: &str = "\u{3}";
/// Behind the letters that are left of a long term.
const CUT: char = '\u{4}';
/// Behind the normal form of a token that takes many positions; then their number.
const LONG: char = '\u{5}';
/// One term in each post that has such a token.
pub(crate) const HAS_LONG: &str = "\u{6}";

/// Longest term in bytes; of a longer one the beginning stands with a hash.
const MAX_TERM: usize = 1_000;

const SPAN_BITS: u32 = 4;
/// Tokens that take as many further positions or more have a term of their own.
const LONG_SPAN: u32 = (1 << SPAN_BITS) - 1;

/// Where a token stands, as kept in the index.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Stand {
    pub(crate) first: u32,
    /// Further positions taken, below 15; unknown for those of a long term.
    pub(crate) more: u32,
    /// Written as its normal form.
    pub(crate) plain: bool,
}

impl Stand {
    const fn pack(self) -> u32 {
        let more = if self.more < LONG_SPAN { self.more } else { LONG_SPAN };
        (self.first << (SPAN_BITS + 1)) | (more << 1) | self.plain as u32
    }

    pub(crate) const fn unpack(packed: u32) -> Self {
        Self { first: packed >> (SPAN_BITS + 1), more: (packed >> 1) & LONG_SPAN, plain: packed & 1 == 1 }
    }
}

/// What a post's tokens become: all of them, and those of the title again.
pub(crate) struct PostTokens {
    pub(crate) all: PreTokenizedString,
    pub(crate) title: PreTokenizedString,
}

/// The tokens of a post that has been analysed.
pub(crate) fn tokens_of(post: &Post, analysis: &Analysis) -> PostTokens {
    let (title, text) = (post.title.as_deref().unwrap_or_default(), post.text.as_str());
    let (mut all, mut in_title) = (Vec::with_capacity(analysis.tokens().len() * 2), Vec::new());
    let mut form = String::new();
    for token in analysis.tokens() {
        token.form_into(title, text, &mut form);
        if form.is_empty() {
            continue;
        }
        let is_word = token.kind == TokenKind::Word;
        let cased = if is_word { normalise_cased(token.written(title, text)) } else { String::new() };
        let stand = Stand { first: token.position, more: token.last - token.position, plain: is_word && cased == form };
        let mut put = |term: String| {
            if token.in_title {
                in_title.push((stand.pack(), term.clone()));
            }
            all.push((stand.pack(), term));
        };
        if is_word && !stand.plain {
            put(long_term(cased_term(&form, &cased), stand.more));
        }
        if stand.more >= LONG_SPAN {
            put(HAS_LONG.to_owned());
        }
        put(long_term(plain_term(token.kind, &form), stand.more));
    }
    for first in sentence_starts(analysis) {
        let packed = Stand { first, more: 0, plain: false }.pack();
        all.push((packed, SENTENCES.to_owned()));
        in_title.push((packed, SENTENCES.to_owned()));
    }
    PostTokens { all: in_order(all), title: in_order(in_title) }
}

fn plain_term(kind: TokenKind, form: &str) -> String {
    if kind == TokenKind::Emoji { emoji_term(form) } else { bounded(form.to_owned()) }
}

pub(crate) fn emoji_term(form: &str) -> String {
    bounded(format!("{EMOJI}{form}"))
}

pub(crate) fn cased_term(form: &str, cased: &str) -> String {
    bounded(format!("{CASED}{cased}{CASED}{form}"))
}

/// The term as it is, or one that says how many positions its token takes.
fn long_term(mut term: String, more: u32) -> String {
    if more >= LONG_SPAN {
        term.push(LONG);
        term.push_str(&more.to_string());
    }
    term
}

/// Terms of `term` that take many positions begin so.
pub(crate) fn long_beginning(term: &str) -> String {
    format!("{term}{LONG}")
}

/// The normal form in a term of the dictionary, and the further positions it takes when they are many.
pub(crate) fn split_long(term: &str) -> (&str, Option<u32>) {
    match term.split_once(LONG) {
        Some((form, more)) => (form, more.parse().ok()),
        None => (term, None),
    }
}

/// A term that any index takes: what is too long keeps its beginning and gets a hash of the whole.
pub(crate) fn bounded(mut term: String) -> String {
    if term.len() > MAX_TERM {
        let key = Key::of_text(&term, KeySpace::Form);
        term.truncate(term.floor_char_boundary(MAX_TERM));
        term.push(CUT);
        term.push_str(&format!("{:016x}", key.get()));
    }
    term
}

/// Positions of tokens with which a sentence begins; between them nothing stands that could be asked for.
fn sentence_starts(analysis: &Analysis) -> Vec<u32> {
    let mut places: Vec<u32> = analysis.tokens().iter().flat_map(|token| [token.position, token.last]).collect();
    places.sort_unstable();
    places.dedup();
    let mut starts = Vec::new();
    let mut before = 0;
    for position in places {
        let sentence = analysis.sentence_of(position);
        if sentence != before {
            starts.push(position);
            before = sentence;
        }
    }
    starts
}

/// An index takes the places of a term in ascending order.
fn in_order(mut tokens: Vec<(u32, String)>) -> PreTokenizedString {
    tokens.sort_by_key(|(position, _)| *position);
    let tokens = tokens
        .into_iter()
        .map(|(position, text)| Token { position: position as usize, text, ..Token::default() })
        .collect();
    PreTokenizedString { text: String::new(), tokens }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_stand_is_what_it_was_after_packing() {
        for stand in [
            Stand { first: 0, more: 0, plain: false },
            Stand { first: (1 << 22) - 1, more: 14, plain: true },
            Stand { first: 7, more: 5, plain: false },
        ] {
            assert_eq!(Stand::unpack(stand.pack()), stand);
        }
    }

    #[test]
    fn a_long_term_is_cut_and_stays_apart_from_others() {
        let (a, b) = (bounded("я".repeat(900) + "а"), bounded("я".repeat(900) + "б"));
        assert_eq!((a.len(), a == b), (MAX_TERM + 17, false));
        assert_eq!(bounded("слово".to_owned()), "слово");
    }
}
