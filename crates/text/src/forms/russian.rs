//! Russian by rules of grammar alone: for words that no dictionary and no known ending helps with.

use molva_domain::Language;

use super::alphabet::is_consonant;
use super::lexeme::{Lexeme, Origin};
use super::loose_endings::is_abbreviation;

const HARD: &[&str] = &["", "а", "у", "ом", "е", "ы", "ов", "ам", "ами", "ах"];
const VELAR: &[&str] = &["", "а", "у", "ом", "е", "и", "ов", "ам", "ами", "ах"];
const SIBILANT: &[&str] = &["", "а", "у", "ем", "ом", "е", "и", "ей", "ам", "ами", "ах"];
const SOFT: &[&str] = &["ь", "я", "ю", "ем", "е", "и", "ью", "ей", "ям", "ями", "ях"];
const SHORT_I: &[&str] = &["й", "я", "ю", "ем", "е", "и", "ев", "ям", "ями", "ях"];
const ON_A: &[&str] = &["а", "ы", "е", "у", "ой", "ою", "", "ам", "ами", "ах"];
const ON_A_VELAR: &[&str] = &["а", "и", "е", "у", "ой", "ою", "", "ам", "ами", "ах"];
const ON_YA: &[&str] = &["я", "и", "е", "ю", "ей", "ею", "ь", "й", "ям", "ями", "ях"];
const ADJECTIVE: &[&str] = &["ый", "ой", "ого", "ому", "ым", "ом", "ая", "ую", "ою", "ое", "ые", "ых", "ыми"];
const ADJECTIVE_VELAR: &[&str] = &["ий", "ой", "ого", "ому", "им", "ом", "ая", "ую", "ою", "ое", "ие", "их", "ими"];

/// Oblique endings and what the dictionary form has instead, the likelier first.
const CUTS: &[(&str, &[&str])] = &[
    ("ами", &["", "а"]),
    ("ями", &["ь", "я", "й"]),
    ("ого", &["ый", "ий"]),
    ("ому", &["ый", "ий"]),
    ("ыми", &["ый"]),
    ("ими", &["ий"]),
    ("ая", &["ый", "ий", "ой"]),
    ("ую", &["ый", "ий"]),
    ("ые", &["ый"]),
    ("ых", &["ый"]),
    ("ом", &[""]),
    ("ем", &["й", "ь"]),
    ("ам", &["", "а"]),
    ("ах", &["", "а"]),
    ("ов", &[""]),
    ("ев", &["й"]),
    ("ой", &["а"]),
    ("ью", &["ь"]),
    ("а", &[""]),
    ("у", &["", "а"]),
    ("ы", &["", "а"]),
    ("е", &["", "а"]),
    ("и", &["", "ь", "а", "я"]),
    ("ю", &["ь", "я"]),
    ("я", &["ь", "й"]),
];

pub(super) fn lexemes(form: &str) -> Vec<Lexeme> {
    let mut found = Vec::new();
    let make =
        |lemma: &str, forms: Vec<String>| Lexeme::new(lemma.to_owned(), Some(Language::RUSSIAN), Origin::Rules, forms);
    found.extend(paradigm(form).map(|forms| make(form, forms)));
    if form.chars().count() >= 5 {
        let oblique = CUTS.iter().filter_map(|(ending, lemmas)| Some((form.strip_suffix(ending)?, lemmas))).find_map(
            |(stem, lemmas)| {
                lemmas.iter().find_map(|instead| {
                    let lemma = format!("{stem}{instead}");
                    let forms = paradigm(&lemma)?;
                    forms.iter().any(|made| made == form).then(|| make(&lemma, forms))
                })
            },
        );
        found.extend(oblique);
    }
    found
}

/// All forms of a word in its dictionary form; `None` for words that do not change.
fn paradigm(lemma: &str) -> Option<Vec<String>> {
    let last = lemma.chars().last()?;
    let without_last = &lemma[..lemma.len() - last.len_utf8()];
    let before = without_last.chars().last()?;
    let without_two = &without_last[..without_last.len() - before.len_utf8()];
    let put = |stem: &str, endings: &[&str]| Some(endings.iter().map(|ending| format!("{stem}{ending}")).collect());
    let velar = |c| matches!(c, 'г' | 'к' | 'х');
    let sibilant = |c| matches!(c, 'ж' | 'ш' | 'щ' | 'ч');
    match (before, last) {
        _ if is_abbreviation(lemma) => put(lemma, HARD),
        ('ы', 'й') => put(without_two, ADJECTIVE),
        ('о', 'й') if lemma.chars().count() > 4 => put(without_two, ADJECTIVE),
        ('и', 'й') if lemma.chars().count() > 4 => put(without_two, ADJECTIVE_VELAR),
        (_, 'й') => put(without_last, SHORT_I),
        (_, 'ь') => put(without_last, SOFT),
        (_, 'а') if velar(before) || sibilant(before) => put(without_last, ON_A_VELAR),
        (_, 'а') => put(without_last, ON_A),
        (_, 'я') => put(without_last, ON_YA),
        _ if velar(last) => put(lemma, VELAR),
        _ if sibilant(last) => put(lemma, SIBILANT),
        _ if is_consonant(last) => put(lemma, HARD),
        _ => None,
    }
}
