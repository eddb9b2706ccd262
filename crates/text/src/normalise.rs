//! The normal form of a word, letter by letter. Slow and complete; the segmenter's fast path gives the same for plain words.

use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

use crate::letters::{
    ASCII, CYRILLIC, CYRILLIC_FOLD, LATIN, is_apostrophe, is_ignorable, is_letter, script_of, to_cyrillic, to_latin,
};

/// What becomes of letters typed three times and more.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stretch {
    /// оооочень -> очень
    ToOne,
    /// длиннннный -> длинный
    ToTwo,
}

/// Whether letter case is kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Case {
    Fold,
    Keep,
}

/// The normal form of one word: NFKC, lower case, ё as е, one apostrophe, look-alike letters in the word's own script,
/// stretched letters once. Whatever is no letter, digit or inner apostrophe is dropped.
#[must_use]
pub fn normalise(word: &str) -> String {
    let mut form = String::with_capacity(word.len());
    normalise_into(word, Stretch::ToOne, Case::Fold, &mut form);
    form
}

/// As [`normalise`] but keeping letter case: what `==word` compares.
#[must_use]
pub fn normalise_cased(word: &str) -> String {
    let mut form = String::with_capacity(word.len());
    normalise_into(word, Stretch::ToOne, Case::Keep, &mut form);
    form
}

/// Replaces the content of `form` by the normal form of `word`.
pub fn normalise_into(word: &str, stretch: Stretch, case: Case, form: &mut String) {
    form.clear();
    append_normalised(word, stretch, case, form);
}

pub(crate) fn append_normalised(word: &str, stretch: Stretch, case: Case, form: &mut String) {
    let before = form.len();
    if case == Case::Fold && append_plain(word, form) {
        return;
    }
    form.truncate(before);
    let mut letters: Vec<char> = Vec::with_capacity(word.len());
    for c in word.nfkc() {
        if is_apostrophe(c) {
            // Only between letters.
            if letters.last().is_some_and(|last| *last != '\'') {
                letters.push('\'');
            }
        } else if is_letter(c) && !is_ignorable(c) && !is_combining_mark(c) {
            // Lower case makes a plain `i` of it, which looks Cyrillic: so it must while look-alikes are folded.
            letters.push(if c == 'İ' && case == Case::Fold { 'I' } else { c });
        }
    }
    if letters.last() == Some(&'\'') {
        letters.pop();
    }
    fold_look_alikes(&mut letters);
    let folded: Vec<char> = match case {
        Case::Keep => letters.into_iter().map(fold_yo).collect(),
        Case::Fold => {
            let mut folded = lower(letters);
            // In scripts beyond Cyrillic, dropping a mark may let its neighbours compose anew.
            for _ in 0..3 {
                if folded.iter().all(|c| *c < '\u{530}') {
                    break;
                }
                folded = lower(folded.into_iter().nfkc().collect());
            }
            folded
        }
    };
    shorten(&folded, stretch, form);
}

/// The short way for most words: plain letters and digits of one alphabet, none of them stretched; hyphens and underscores
/// are dropped. Replaces the content of `form`; false when the word is not such, and then `form` holds nothing of use.
#[must_use]
pub fn normalise_plain(word: &str, form: &mut String) -> bool {
    form.clear();
    append_plain(word, form)
}

fn append_plain(word: &str, form: &mut String) -> bool {
    each_plain(word, |letter| form.push(letter))
}

/// Adds the letters of a word's normal form to `letters` where the word is a plain one, which nearly all are; false when it
/// is not, and then what was added is of no use. Letters of plain words have 16 bits.
#[must_use]
pub fn append_plain_letters(word: &str, letters: &mut Vec<u16>) -> bool {
    each_plain(word, |letter| letters.push(u32::from(letter) as u16))
}

#[inline]
fn each_plain(word: &str, mut letter: impl FnMut(char)) -> bool {
    let (mut scripts, mut previous, mut same) = (0, '\0', 0);
    for c in word.chars() {
        let (folded, script) = if c.is_ascii() {
            match ASCII[c as usize] {
                (0, _) if c == '-' || c == '_' => continue,
                (0, _) => return false,
                (folded, script) => (char::from(folded), script),
            }
        } else if ('\u{400}'..'\u{500}').contains(&c) {
            match CYRILLIC_FOLD[c as usize - 0x400] {
                0 => return false,
                folded => (char::from_u32(u32::from(folded)).unwrap_or(c), CYRILLIC),
            }
        } else {
            return false;
        };
        scripts |= script;
        same = if folded == previous { same + 1 } else { 0 };
        if same >= 2 || scripts == LATIN | CYRILLIC {
            return false;
        }
        previous = folded;
        letter(folded);
    }
    true
}

fn lower(letters: Vec<char>) -> Vec<char> {
    letters
        .into_iter()
        .flat_map(char::to_lowercase)
        .nfkc()
        .flat_map(char::to_lowercase)
        .filter(|c| (is_letter(*c) || *c == '\'') && !is_combining_mark(*c))
        .map(|c| if c == 'ς' { 'σ' } else { fold_yo(c) })
        .collect()
}

const fn fold_yo(c: char) -> char {
    match c {
        'ё' => 'е',
        'Ё' => 'Е',
        other => other,
    }
}

/// Letters of the other alphabet that merely look right are replaced, in both directions: `тeбя`, `VimpelСom`.
/// A word with distinctive letters of both alphabets is left alone; one without any is read as Cyrillic.
fn fold_look_alikes(letters: &mut [char]) {
    let (mut seen, mut distinctive) = (0, 0);
    for c in letters.iter() {
        let script = script_of(*c);
        seen |= script;
        let ambiguous = match script {
            LATIN => to_cyrillic(*c).is_some(),
            CYRILLIC => to_latin(*c).is_some(),
            _ => true,
        };
        if !ambiguous {
            distinctive |= script;
        }
    }
    if seen != LATIN | CYRILLIC || distinctive == LATIN | CYRILLIC {
        return;
    }
    for c in letters.iter_mut() {
        let replacement = if distinctive == LATIN { to_latin(*c) } else { to_cyrillic(*c) };
        if let Some(replacement) = replacement {
            *c = replacement;
        }
    }
}

fn same_letter(a: char, b: char) -> bool {
    a == b || a.to_lowercase().eq(b.to_lowercase())
}

fn shorten(letters: &[char], stretch: Stretch, form: &mut String) {
    let keep = match stretch {
        Stretch::ToOne => 1,
        Stretch::ToTwo => 2,
    };
    let runs = || letters.chunk_by(|a, b| same_letter(*a, *b) && a.is_alphabetic());
    let short: usize = runs().map(|run| if run.len() >= 3 { 1 } else { run.len() }).sum();
    // ООО, СССР, XIII and www are no stretched words: too little would remain of them.
    if short == letters.len() || short < 3 {
        form.extend(letters);
        return;
    }
    for run in runs() {
        let kept = if run.len() >= 3 { keep } else { run.len() };
        form.extend(&run[..kept]);
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn the_same_word_written_differently_has_one_form() {
        for (written, form) in [
            ("БИЛАЙН", "билайн"),
            ("Ёлка", "елка"),
            ("ооооЧЕНЬ", "очень"),
            ("ООО", "ооо"),
            ("СССР", "ссср"),
            ("1000000", "1000000"),
            ("тeбя", "тебя"),
            ("пoиck", "поиск"),
            ("CША", "сша"),
            ("МTC", "мтс"),
            ("VimpelСom", "vimpelcom"),
            ("Київcтap", "київстар"),
            ("м’ята", "м'ята"),
            ("мʼята", "м'ята"),
            ("ＭＥＧＡ", "mega"),
            ("и\u{306}од", "йод"),
            ("за\u{301}мок", "замок"),
            ("би\u{ad}лайн", "билайн"),
            ("İstanbul", "istanbul"),
            ("iPhoneчик", "iphoneчик"),
            ("oȺЦ", "oⱥц"),
        ] {
            assert_eq!(normalise(written), form, "{written}");
        }
    }

    #[test]
    fn a_doubled_letter_survives_in_the_second_reading() {
        let mut form = String::new();
        normalise_into("длиннннный", Stretch::ToTwo, Case::Fold, &mut form);
        assert_eq!(form, "длинный");
    }

    #[test]
    fn letter_case_can_be_kept() {
        assert_eq!(normalise_cased("БилайН"), "БилайН");
        assert_eq!(normalise_cased("VimpelСom"), "VimpelCom");
    }

    #[test]
    fn a_dotted_capital_i_looks_like_a_cyrillic_letter_as_the_small_one_does() {
        assert_eq!(normalise("бİ"), "бі");
        assert_eq!(normalise(&normalise("бİ")), "бі");
    }

    proptest! {
        #![proptest_config(ProptestConfig { cases: 2_000, failure_persistence: None, ..ProptestConfig::default() })]

        #[test]
        fn normalising_twice_changes_nothing(word in "\\PC{0,12}|[а-яёіїєґА-ЯЁa-zA-Z'’0-9-]{0,12}|[оoОO]{0,6}[а-я]{0,2}|[а-яiİıſßẞ]{0,4}") {
            let once = normalise(&word);
            prop_assert_eq!(normalise(&once), once);
        }
    }
}
