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

#[cfg(test)]
mod tests {
    use molva_domain::Language;

    use super::*;
    use crate::forms::dictionary::Dictionary;
    use crate::forms::dictionary::format::class;

    /// Names a compiled Ukrainian dictionary to hold the rules against.
    const DICTIONARY: &str = "MOLVA_UKRAINIAN_DICTIONARY";

    /// Words by part of speech, their forms, how many of these the rules make, and how many they make of other words.
    #[derive(Default)]
    struct Score {
        words: usize,
        forms: usize,
        made: usize,
        others: usize,
    }

    #[test]
    fn the_rules_make_most_forms_that_the_dictionary_has() {
        let Some(path) = std::env::var_os(DICTIONARY) else {
            println!("SKIPPED: set {DICTIONARY} to a compiled dictionary to hold the rules against it");
            return;
        };
        let bytes = std::fs::read(path).expect("the dictionary file").leak();
        let dictionary = Dictionary::open(bytes, Language::UKRAINIAN, true).expect("a dictionary");
        for (name, part, least) in
            [("nouns", class::NOUN, 0.97), ("adjectives", class::ADJECTIVE, 0.98), ("verbs", class::VERB, 0.8)]
        {
            let mut score = Score::default();
            for (_, word) in dictionary.sample(97).into_iter().filter(|(class, _)| *class == part) {
                let made: Vec<_> = lexemes(&word.lemma).into_iter().flat_map(|lexeme| lexeme.forms).collect();
                score.words += 1;
                score.forms += word.forms.len();
                let found = word.forms.iter().filter(|form| made.contains(form)).count();
                score.made += found;
                score.others += made.iter().filter(|form| !word.has(form) && dictionary.knows(form)).count();
            }
            let recall = score.made as f64 / score.forms as f64;
            println!(
                "{name}: {} words, recall {recall:.3}, {:.3} forms of others a word",
                score.words,
                score.others as f64 / score.words as f64
            );
            assert!(recall >= least, "{name}: {recall:.3}");
        }
    }
}
