//! Endings hung on words that have none: МТС'а, iPhone'ом, iphoneом, samsungа.

use super::alphabet::is_vowel;

/// What is written behind an apostrophe, in Russian and Ukrainian.
const ENDINGS: &[&str] =
    &["а", "у", "ом", "е", "ы", "ов", "ам", "ами", "ах", "и", "і", "ів", "ові", "ем", "ой", "ою", "ю", "я", "ей"];

/// Of these the ones that look Latin on a Latin word, with the letters a word needs for each: shorter words would turn
/// into other ones (plan, plane; person, persona).
const LOOKING_LATIN: &[(&str, usize)] = &[("а", 7), ("у", 8), ("е", 8)];

pub(super) fn behind_apostrophe(word: &str) -> Vec<String> {
    ENDINGS.iter().map(|ending| format!("{word}'{ending}")).collect()
}

pub(super) fn behind_digits(word: &str) -> Vec<String> {
    if !word.ends_with(|c: char| c.is_ascii_digit()) || !word.contains(char::is_alphabetic) {
        return Vec::new();
    }
    ENDINGS.iter().map(|ending| format!("{word}{ending}")).collect()
}

/// Behind an apostrophe and bare.
pub(super) fn cyrillic_on_latin(word: &str) -> Vec<String> {
    let mut forms = behind_apostrophe(word);
    for ending in ENDINGS {
        let needed = LOOKING_LATIN.iter().find(|(latin, _)| latin == ending).map_or(3, |(_, needed)| *needed);
        // A Cyrillic і cannot be told from a Latin one at all.
        if word.len() >= needed && *ending != "і" {
            forms.push(format!("{word}{ending}"));
        }
    }
    forms
}

/// МТС'а -> МТС
pub(super) fn cut_behind_apostrophe(form: &str) -> Option<&str> {
    let (head, ending) = form.rsplit_once('\'')?;
    let behind_vowel_or_enough = head.chars().count() >= 2;
    // м'я, зв'я: a Ukrainian word and no ending.
    let ukrainian_inside = matches!(ending, "я" | "ю" | "ям" | "ями" | "ях") && !head.ends_with(is_latin_or_digit);
    (behind_vowel_or_enough && !ukrainian_inside && ENDINGS.contains(&ending)).then_some(head)
}

/// iphoneом -> iphone
pub(super) fn cut_from_latin(form: &str) -> Option<&str> {
    let at = form.find(|c: char| !is_latin_or_digit(c))?;
    let (head, ending) = form.split_at(at);
    (head.len() >= 2 && ENDINGS.contains(&ending)).then_some(head)
}

const fn is_latin_or_digit(c: char) -> bool {
    c.is_ascii_alphanumeric()
}

/// МТС, ВТБ, РЖД: no vowel, so nobody reads them as a word with endings of its own.
pub(super) fn is_abbreviation(form: &str) -> bool {
    !form.contains(is_vowel)
}
