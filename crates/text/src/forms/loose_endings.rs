//! Endings hung on words that have none: МТС'а, iPhone'ом, iphoneом, samsungа.

use super::alphabet::is_vowel;

/// What is written behind an apostrophe, in Russian and Ukrainian.
const ENDINGS: &[&str] =
    &["а", "у", "ом", "е", "ы", "ов", "ам", "ами", "ах", "и", "і", "ів", "ові", "ем", "ой", "ою", "ю", "я", "ей"];

/// Of these the ones that look Latin on a Latin word, with the letters a word needs for each: shorter words would turn
/// into other English ones (plan, plane).
const LOOKING_LATIN: &[(&str, usize)] = &[("а", 5), ("у", 7), ("е", 7)];

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
    let letters = word.len();
    let mut forms = behind_apostrophe(word);
    let vowel = word.ends_with(['a', 'e', 'i', 'o', 'u', 'y']);
    for ending in ENDINGS {
        let looks_latin = LOOKING_LATIN.iter().find(|(latin, _)| latin == ending);
        let allowed = match looks_latin {
            Some((latin, needed)) => letters >= *needed || (*latin == "у" && vowel && letters >= 5),
            // і, ю and the like cannot be taken for Latin letters in a row.
            None => letters >= 3 && !matches!(*ending, "і"),
        };
        if allowed {
            forms.push(format!("{word}{ending}"));
        }
        // Visa -> визой: the last vowel gives way.
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
