//! Ukrainian by rules of grammar: what works without the dictionary.
//!
//! Where the grammar leaves two possibilities (урок, уроку; дарунок, дарунку) both are made: a form that does not exist
//! does no harm, a missing one loses posts.

mod adjectives;
mod nouns;
mod verbs;

use molva_domain::Language;

use super::lexeme::{Lexeme, Origin};

/// Letters from which a word may be a form other than the dictionary form.
const SHORTEST_OBLIQUE: usize = 5;

/// All forms of a word in its dictionary form; `None` when it has no others.
type Paradigm = fn(&str) -> Option<Vec<String>>;

/// Endings and what the dictionary form may have instead, the likelier first.
type Cuts = &'static [(&'static str, &'static [&'static str])];

/// A noun in its dictionary form; `None` when it has no other forms.
pub(super) fn noun(lemma: &str) -> Option<Lexeme> {
    nouns::paradigm(lemma).map(|forms| lexeme(lemma, forms))
}

/// Everything a word may be a form of.
pub(super) fn lexemes(form: &str) -> Vec<Lexeme> {
    let of_lemma = verbs::paradigm(form).or_else(|| adjectives::paradigm(form)).or_else(|| nouns::paradigm(form));
    let mut found: Vec<_> = of_lemma.map(|forms| lexeme(form, forms)).into_iter().collect();
    if form.chars().count() >= SHORTEST_OBLIQUE {
        let sorts: [(Paradigm, Cuts); 3] =
            [(nouns::paradigm, nouns::CUTS), (adjectives::paradigm, adjectives::CUTS), (verbs::paradigm, verbs::CUTS)];
        found.extend(sorts.iter().filter_map(|(paradigm, cuts)| oblique(form, *paradigm, cuts)));
    }
    found
}

/// The likeliest word of a sort that a form is not the dictionary form of.
fn oblique(form: &str, paradigm: Paradigm, cuts: Cuts) -> Option<Lexeme> {
    let ends = cuts.iter().filter_map(|(ending, lemmas)| Some((form.strip_suffix(ending)?, *lemmas)));
    ends.flat_map(|(stem, lemmas)| lemmas.iter().map(move |instead| format!("{stem}{instead}"))).find_map(|lemma| {
        let forms = paradigm(&lemma)?;
        forms.iter().any(|made| made == form).then(|| lexeme(&lemma, forms))
    })
}

fn lexeme(lemma: &str, forms: Vec<String>) -> Lexeme {
    Lexeme::new(lemma.to_owned(), Some(Language::UKRAINIAN), Origin::Rules, forms)
}

const fn is_sibilant(c: char) -> bool {
    matches!(c, 'ж' | 'ч' | 'ш' | 'щ')
}
