//! What a query asks of single words, before it has a number in an index.

use std::sync::Arc;

use molva_query::SignKind;
use molva_query::field::FieldTest;
use molva_query::syntax::{Pattern, WordTest};
use molva_text::hash::hash_letters;
use molva_text::{Key, KeySpace, WordForms};

/// Something a token of a post can be.
#[derive(Clone, Debug)]
pub(crate) enum Symbol {
    /// The token's own key: a form, hashtag, mention or emoji.
    Token {
        key: Key,
        letters: u8,
    },
    /// A form in its letter case; found through the form.
    Cased {
        form: Key,
        cased: Key,
        letters: u8,
    },
    /// One of several tokens.
    Set(Set),
    Pattern(Pattern),
}

/// Several token keys that are asked for together.
#[derive(Clone, Debug)]
pub(crate) struct Set {
    /// Ascending.
    pub(crate) keys: Arc<[Key]>,
    pub(crate) kind: SetKind,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum SetKind {
    /// All forms of one word that has so many letters.
    Word { letters: u8 },
    /// The words of a long list.
    List,
}

impl Set {
    fn of_word(forms: &WordForms) -> Self {
        Self { keys: forms.shared_keys(), kind: SetKind::Word { letters: letters(forms.form()) } }
    }

    /// Letters a word of it has, about.
    pub(crate) const fn letters(&self) -> u8 {
        match self.kind {
            SetKind::Word { letters } => letters,
            SetKind::List => USUAL_LETTERS,
        }
    }

    /// Equal for equal sets.
    pub(crate) fn identity(&self) -> Key {
        let mixed = self.keys.iter().fold(0_u64, |mixed, key| (mixed.rotate_left(23) ^ key.get()).wrapping_mul(MIX));
        Key::of(mixed, KeySpace::AnyForm)
    }
}

const USUAL_LETTERS: u8 = 7;
const MIX: u64 = 0x9e37_79b9_7f4a_7c15;

/// Lists of more words than this become one set: a post is asked once for all of them, and so is everybody who asks alike.
pub(crate) const LONG_LIST: usize = 16;

/// What a list of words asks for: the words, or what can be joined of them in one set and the rest.
pub(crate) fn of_list<'a>(words: impl Iterator<Item = &'a WordTest>) -> Vec<Symbol> {
    let symbols: Vec<Symbol> = words.map(Symbol::of).collect();
    if symbols.len() <= LONG_LIST {
        return symbols;
    }
    let (mut keys, mut rest) = (Vec::new(), Vec::new());
    for symbol in symbols {
        match symbol {
            Symbol::Token { key, .. } => keys.push(key),
            Symbol::Set(set) => keys.extend_from_slice(&set.keys),
            other => rest.push(other),
        }
    }
    if !keys.is_empty() {
        keys.sort_unstable();
        keys.dedup();
        rest.push(Symbol::Set(Set { keys: keys.into(), kind: SetKind::List }));
    }
    rest
}

/// Set in the letters of what is no word but a sign of a post.
pub(crate) const SIGN: u8 = 0x80;

/// The key of a sign.
pub(crate) fn sign_key(kind: SignKind, text: &str) -> Key {
    Key::of(hash_letters(text) ^ kind as u64, KeySpace::Sign)
}

impl Symbol {
    /// What posts that pass a test are known by.
    pub(crate) fn of_sign(test: &FieldTest) -> Option<Self> {
        let (kind, text) = test.sign()?;
        // Nobody counts signs: they are as common as words of so many letters.
        let letters = match kind {
            SignKind::Network => 0,
            SignKind::Site => 3,
            SignKind::Community => 5,
            SignKind::Author => 8,
        };
        Some(Self::Token { key: sign_key(kind, text), letters: letters | SIGN })
    }

    pub(crate) fn of(test: &WordTest) -> Self {
        let token = |text: &str, space| Self::Token { key: Key::of_text(text, space), letters: letters(text) };
        match test {
            WordTest::AnyForm { forms, .. } => match forms.keys() {
                [key] => Self::Token { key: *key, letters: letters(forms.form()) },
                _ => Self::Set(Set::of_word(forms)),
            },
            WordTest::Exact(form) => token(form, KeySpace::Form),
            WordTest::Cased { form, cased } => Self::Cased {
                form: Key::of_text(form, KeySpace::Form),
                cased: Key::of_text(cased, KeySpace::Cased),
                letters: letters(form),
            },
            WordTest::Prefix(prefix) => {
                Self::Pattern(Pattern { letters: prefix.chars().map(Some).collect(), open: true })
            }
            WordTest::Pattern(pattern) => Self::Pattern(pattern.clone()),
            WordTest::Hashtag(form) => token(form, KeySpace::Hashtag),
            WordTest::Mention(form) => token(form, KeySpace::Mention),
            WordTest::Emoji(form) => token(form, KeySpace::Emoji),
        }
    }
}

fn letters(text: &str) -> u8 {
    text.chars().count().clamp(1, usize::from(SIGN - 1)) as u8
}
