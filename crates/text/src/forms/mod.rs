//! Word forms: which forms one word has.
//!
//! A word of a query stands for a finite set of normal forms, and a word of a post matches when its normal form is among
//! them; see [`WordForms`]. The answer depends on the word alone, never on the words around it. Start with [`lexemes`].

mod alphabet;
mod cyrillic;
mod dictionaries;
pub mod dictionary;
mod english;
mod lexeme;
mod loose_endings;
mod russian;
mod ukrainian;
mod word_forms;

pub use dictionaries::{InstallError, check, has_dictionary, install};
pub use lexeme::{Lemma, Lexeme, Origin};
pub use word_forms::{MAX_FORMS, WordForms};

use crate::normalise::normalise;
use alphabet::{Alphabet, Letters};

/// Letters below which a word has no endings of its own: too many other words would begin with it.
const SHORTEST_INFLECTED: usize = 3;

/// The words that a form may be a form of; never empty, and the form itself is always among the forms of at least one.
/// Anything not normalised is normalised first.
#[must_use]
pub fn lexemes(form: &str) -> Vec<Lexeme> {
    let form = normalise(form);
    let letters = Letters::of(&form);
    let mut found = match letters.alphabet {
        _ if letters.count < SHORTEST_INFLECTED && !form.contains('\'') => {
            vec![Lexeme::itself(&form, loose_endings::behind_apostrophe(&form))]
        }
        Alphabet::Cyrillic => cyrillic::lexemes_of(&form, &letters),
        Alphabet::Latin => latin(&form),
        Alphabet::Mixed | Alphabet::WithDigits => other(&form),
        Alphabet::None => Vec::new(),
    };
    if !found.iter().any(|lexeme| lexeme.has(&form)) {
        found.push(Lexeme::itself(&form, Vec::new()));
    }
    found
}

/// The dictionary forms of a form, sorted: what models compare instead of forms.
#[must_use]
pub fn lemmas(form: &str) -> Vec<Lemma> {
    let mut lemmas: Vec<_> =
        lexemes(form).into_iter().map(|lexeme| Lemma { text: lexeme.lemma, language: lexeme.language }).collect();
    lemmas.sort_unstable();
    lemmas.dedup();
    lemmas
}

fn latin(form: &str) -> Vec<Lexeme> {
    let mut found = english::lexemes(form);
    if let Some(lexeme) = found.iter_mut().find(|lexeme| lexeme.lemma == form) {
        lexeme.add(loose_endings::cyrillic_on_latin(form));
    }
    found
}

/// Words of two alphabets and words with digits.
fn other(form: &str) -> Vec<Lexeme> {
    if let Some(head) = loose_endings::cut_behind_apostrophe(form).or_else(|| loose_endings::cut_from_latin(form)) {
        return lexemes(head);
    }
    let mut endings = loose_endings::behind_apostrophe(form);
    endings.extend(loose_endings::behind_digits(form));
    vec![Lexeme::itself(form, endings)]
}

#[cfg(test)]
mod tests;
