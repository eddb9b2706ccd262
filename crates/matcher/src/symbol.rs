//! What a query asks of single words, before it has a number in an index.

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
    /// Any form of a word.
    Word(WordForms),
    Pattern(Pattern),
}

impl Symbol {
    pub(crate) fn of(test: &WordTest) -> Self {
        let token = |text: &str, space| Self::Token { key: Key::of_text(text, space), letters: letters(text) };
        match test {
            WordTest::AnyForm { forms, .. } => match forms.keys() {
                [key] => Self::Token { key: *key, letters: letters(forms.form()) },
                _ => Self::Word(forms.clone()),
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
