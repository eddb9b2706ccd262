//! What a query asks of single words, before it has a number in an index.

use std::sync::Arc;

use molva_query::syntax::{Pattern, WordTest};
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
pub(crate) enum Set {
    /// Any form of a word.
    Word(WordForms),
    /// All words of a long list, ascending.
    List(Arc<[Key]>),
}

impl Set {
    pub(crate) fn keys(&self) -> &[Key] {
        match self {
            Self::Word(forms) => forms.keys(),
            Self::List(keys) => keys,
        }
    }

    /// Letters a word of it has, about.
    pub(crate) fn letters(&self) -> u8 {
        match self {
            Self::Word(forms) => letters(forms.form()),
            Self::List(_) => USUAL_LETTERS,
        }
    }

    /// Equal for equal sets.
    pub(crate) fn identity(&self) -> Key {
        let mixed = self.keys().iter().fold(0_u64, |mixed, key| (mixed.rotate_left(23) ^ key.get()).wrapping_mul(MIX));
        Key::of(mixed, KeySpace::AnyForm)
    }
}

const USUAL_LETTERS: u8 = 7;
const MIX: u64 = 0x9e37_79b9_7f4a_7c15;

/// Lists of more words than this become one set: a post is asked once for all of them, and so is everybody who asks alike.
const LONG_LIST: usize = 16;

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
            Symbol::Set(set) => keys.extend_from_slice(set.keys()),
            other => rest.push(other),
        }
    }
    if !keys.is_empty() {
        keys.sort_unstable();
        keys.dedup();
        rest.push(Symbol::Set(Set::List(keys.into())));
    }
    rest
}

impl Symbol {
    pub(crate) fn of(test: &WordTest) -> Self {
        let token = |text: &str, space| Self::Token { key: Key::of_text(text, space), letters: letters(text) };
        match test {
            WordTest::AnyForm { forms, .. } => match forms.keys() {
                [key] => Self::Token { key: *key, letters: letters(forms.form()) },
                _ => Self::Set(Set::Word(forms.clone())),
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
    text.chars().count().min(usize::from(u8::MAX)) as u8
}
