//! Ukrainian by rules of grammar: what works without the dictionary.
//!
//! Where the grammar leaves two possibilities (урок, уроку; дарунок, дарунку) both are made: a form that does not exist
//! does no harm, a missing one loses posts.

mod nouns;

use molva_domain::Language;

use super::lexeme::{Lexeme, Origin};

/// Oblique endings and what the dictionary form has instead, the likelier first.
const CUTS: &[(&str, &[&str])] = &[
    ("ами", &["", "а", "о"]),
    ("ями", &["ь", "я", "й"]),
    ("ові", &[""]),
    ("еві", &["ь", ""]),
    ("ого", &["ий"]),
    ("ому", &["ий"]),
    ("ими", &["ий"]),
    ("ою", &["а", "ий"]),
    ("ею", &["а", "я"]),
    ("єю", &["я"]),
    ("их", &["ий"]),
    ("ом", &["", "о"]),
    ("ем", &["ь", ""]),
    ("єм", &["й"]),
    ("ам", &["", "а"]),
    ("ах", &["", "а"]),
    ("ів", &[""]),
    ("їв", &["й"]),
    ("ці", &["ка"]),
    ("зі", &["га"]),
    ("сі", &["ха"]),
    ("у", &["", "а"]),
    ("и", &["", "а"]),
    ("і", &["", "а", "ь"]),
    ("а", &["", "о"]),
    ("ю", &["я", "ь"]),
    ("я", &["ь", "й"]),
];

/// A noun in its dictionary form; `None` when it has no other forms.
pub(super) fn noun(lemma: &str) -> Option<Lexeme> {
    nouns::paradigm(lemma).map(|forms| lexeme(lemma, forms))
}

fn lexeme(lemma: &str, forms: Vec<String>) -> Lexeme {
    Lexeme::new(lemma.to_owned(), Some(Language::UKRAINIAN), Origin::Rules, forms)
}

pub(super) fn lexemes(form: &str) -> Vec<Lexeme> {
    let mut found = Vec::new();
    found.extend(noun(form));
    if form.chars().count() >= 5 {
        let oblique = CUTS.iter().filter_map(|(ending, lemmas)| Some((form.strip_suffix(ending)?, lemmas))).find_map(
            |(stem, lemmas)| {
                lemmas.iter().find_map(|instead| {
                    let lemma = format!("{stem}{instead}");
                    let forms = nouns::paradigm(&lemma)?;
                    forms.iter().any(|made| made == form).then(|| lexeme(&lemma, forms))
                })
            },
        );
        found.extend(oblique);
    }
    found
}
