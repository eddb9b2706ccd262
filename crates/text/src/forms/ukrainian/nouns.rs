//! Ukrainian declension.

use crate::forms::alphabet::{is_consonant, is_vowel};

const HARD: &[&str] = &["", "а", "у", "ові", "ом", "і", "е", "и", "ів", "ам", "ами", "ах"];
const SIBILANT: &[&str] = &["", "а", "у", "еві", "ем", "і", "е", "ів", "ей", "ам", "ами", "ах"];
const SOFT: &[&str] = &["ь", "я", "ю", "еві", "ем", "і", "е", "ів", "ей", "ям", "ями", "ях"];
const SHORT_I: &[&str] = &["й", "я", "ю", "єві", "єм", "ї", "їв", "ям", "ями", "ях"];
const ON_A: &[&str] = &["а", "и", "і", "у", "ою", "о", "", "ам", "ами", "ах"];
const ON_A_SIBILANT: &[&str] = &["а", "і", "у", "ею", "е", "", "ам", "ами", "ах"];
const ON_YA: &[&str] = &["я", "і", "ю", "ею", "е", "ь", "ям", "ями", "ях"];
const ON_IA: &[&str] = &["я", "ї", "ю", "єю", "є", "й", "ям", "ями", "ях"];
const ON_O: &[&str] = &["о", "а", "у", "ові", "ом", "і", "", "ам", "ами", "ах"];
const ADJECTIVE: &[&str] = &["ий", "ого", "ому", "им", "ім", "а", "ої", "ій", "у", "ою", "е", "і", "их", "ими"];
const SOFT_ADJECTIVE: &[&str] = &["ій", "ього", "ьому", "ім", "я", "ьої", "ю", "ьою", "є", "і", "іх", "іми"];

/// All forms of a noun or adjective in its dictionary form; `None` for words that do not change.
pub(super) fn paradigm(lemma: &str) -> Option<Vec<String>> {
    let letters: Vec<char> = lemma.chars().collect();
    let [.., before, last] = letters[..] else { return None };
    let stem = &lemma[..lemma.len() - last.len_utf8()];
    let shorter = &stem[..stem.len() - before.len_utf8()];
    let mut forms = Vec::with_capacity(32);
    let mut put = |stem: &str, endings: &[&str]| forms.extend(endings.iter().map(|ending| format!("{stem}{ending}")));
    match (before, last) {
        ('и', 'й') if letters.len() > 3 => put(shorter, ADJECTIVE),
        ('і', 'й') if letters.len() > 3 => put(shorter, SOFT_ADJECTIVE),
        (_, 'й') => put(stem, SHORT_I),
        ('е', 'ь') => return None,
        (_, 'ь') => {
            put(stem, SOFT);
            match stem.strip_suffix("ец") {
                Some(root) => put(&format!("{root}ц"), SOFT),
                None => {
                    // ніч, область, сталь: the third declension doubles a single consonant.
                    put(stem, &["ю"]);
                    if letters.len() >= 3 && is_vowel(letters[letters.len() - 3]) {
                        put(&format!("{stem}{before}"), &["ю"]);
                    }
                    if let Some(open) = opened(stem) {
                        put(&open, &SOFT[1..]);
                    }
                }
            }
        }
        (_, 'а') if is_sibilant(before) => put(stem, ON_A_SIBILANT),
        (_, 'а') => {
            put(stem, ON_A);
            if let Some(soft) = softened(before) {
                put(&format!("{shorter}{soft}"), &["і"]);
            }
            // картка, карток
            if before == 'к' && shorter.ends_with(is_consonant) {
                put(&format!("{shorter}о"), &["к"]);
            }
        }
        (_, 'я') if is_vowel(before) || before == '\'' => put(stem, ON_IA),
        (_, 'я') => put(stem, ON_YA),
        (_, 'о') => put(stem, ON_O),
        (_, last) if is_sibilant(last) => put(lemma, SIBILANT),
        (_, last) if is_consonant(last) => {
            put(lemma, HARD);
            if let Some(soft) = softened(last).filter(|_| last != 'к') {
                put(&format!("{stem}{soft}"), &["і"]);
            }
            // зв'язок, зв'язку
            if last == 'к' && before == 'о' && letters.len() >= 5 {
                put(&format!("{shorter}к"), &HARD[1..]);
            }
            if let Some(open) = opened(lemma) {
                put(&open, &HARD[1..]);
            }
        }
        _ => return None,
    }
    Some(forms)
}

/// With the о or е that і hides in a closed syllable: рік, року; потік, потоку; папір, паперу.
fn opened(stem: &str) -> Option<String> {
    let last = stem.chars().last().filter(|c| is_consonant(*c))?;
    let root = stem.strip_suffix(last)?.strip_suffix('і')?;
    Some(format!("{root}о{last}"))
}

const fn is_sibilant(c: char) -> bool {
    matches!(c, 'ж' | 'ч' | 'ш' | 'щ')
}

/// картка, картці; нога, нозі; муха, мусі
const fn softened(c: char) -> Option<char> {
    match c {
        'к' => Some('ц'),
        'г' => Some('з'),
        'х' => Some('с'),
        _ => None,
    }
}
