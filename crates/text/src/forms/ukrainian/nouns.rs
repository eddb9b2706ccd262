//! Ukrainian declension: the four declensions with their softened consonants and fleeting vowels.

use super::{Cuts, is_sibilant};
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
/// The third declension: ніч, область.
const THIRD: &[&str] = &["і", "и", "е", "ей", "ю", "ям", "ями", "ях"];

pub(super) const CUTS: Cuts = &[
    ("ами", &["", "а", "о"]),
    ("ями", &["ь", "я", "й"]),
    ("ові", &[""]),
    ("еві", &["ь", ""]),
    ("ою", &["а"]),
    ("ею", &["а", "я"]),
    ("єю", &["я"]),
    ("єм", &["й"]),
    ("єві", &["й"]),
    ("стю", &["сть"]),
    ("ості", &["ість"]),
    ("ку", &["ок", "к", "ка"]),
    ("ком", &["ок", "к"]),
    ("ки", &["ок", "ка", "к"]),
    ("ків", &["ок", "к"]),
    ("ка", &["ок", "к"]),
    ("ок", &["ка"]),
    ("ом", &["", "о"]),
    ("ем", &["ь", ""]),
    ("ам", &["", "а"]),
    ("ах", &["", "а"]),
    ("ям", &["я", "ь"]),
    ("ях", &["я", "ь"]),
    ("ів", &[""]),
    ("їв", &["й"]),
    ("ії", &["ія"]),
    ("ію", &["ія"]),
    ("ій", &["ія"]),
    ("ці", &["ка"]),
    ("зі", &["га"]),
    ("сі", &["ха"]),
    ("ень", &["ення"]),
    ("у", &["", "а"]),
    ("и", &["", "а"]),
    ("і", &["", "а", "ь", "я"]),
    ("а", &["", "о"]),
    ("ю", &["я", "ь"]),
    ("я", &["ь", "й"]),
];

/// All forms of a noun in its dictionary form; `None` for words that do not change.
pub(super) fn paradigm(lemma: &str) -> Option<Vec<String>> {
    let letters: Vec<char> = lemma.chars().collect();
    let [.., before, last] = letters[..] else { return None };
    let stem = &lemma[..lemma.len() - last.len_utf8()];
    let shorter = &stem[..stem.len() - before.len_utf8()];
    let mut forms = Vec::with_capacity(40);
    let mut put = |stem: &str, endings: &[&str]| forms.extend(endings.iter().map(|ending| format!("{stem}{ending}")));
    match (before, last) {
        (_, 'й') => put(stem, SHORT_I),
        (_, 'ь') => {
            put(stem, SOFT);
            put(stem, THIRD);
            if let Some(root) = stem.strip_suffix("ец").or_else(|| stem.strip_suffix("єц")) {
                // українець, українця; китаєць, китайця
                let glide = if root.ends_with(is_vowel) { "й" } else { "" };
                put(&format!("{root}{glide}ц"), &SOFT[1..]);
            } else if let Some(root) = stem.strip_suffix("ен") {
                // день, дня
                put(&format!("{root}н"), &SOFT[1..]);
            } else if let Some(root) = stem.strip_suffix("іст") {
                // якість, якості
                put(&format!("{root}ост"), THIRD);
            } else {
                // сталь, сталлю: a single consonant is doubled.
                if letters.len() >= 3 && is_vowel(letters[letters.len() - 3]) {
                    put(&format!("{stem}{before}"), &["ю"]);
                }
                opened(stem).iter().flatten().for_each(|open| put(open, &SOFT[1..]));
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
            } else if let Some(root) = shorter.strip_suffix('ь') {
                put(&format!("{root}о"), &["к"]);
            }
            opened_the_other_way(stem).iter().for_each(|closed| put(closed, &[""]));
        }
        (_, 'я') if is_vowel(before) || before == '\'' => put(stem, ON_IA),
        (_, 'я') => {
            put(stem, ON_YA);
            if shorter.ends_with(before) {
                // поповнення, поповнень; обличчя, облич
                put(shorter, &[if is_sibilant(before) { "" } else { "ь" }]);
            } else if shorter.ends_with(is_consonant) {
                // гривня, гривень
                put(&format!("{shorter}е{before}"), &["ь"]);
            }
        }
        (_, 'о') => {
            put(stem, ON_O);
            opened_the_other_way(stem).iter().for_each(|closed| put(closed, &[""]));
        }
        (_, 'е') if is_sibilant(before) => put(stem, &["е", "а", "у", "ем", "і", "", "ам", "ами", "ах"]),
        (_, last) if is_consonant(last) => {
            let endings = if is_sibilant(last) { SIBILANT } else { HARD };
            put(lemma, endings);
            if is_sibilant(last) {
                put(lemma, THIRD);
                put(&format!("{lemma}{last}"), &["ю"]);
            }
            if let Some(soft) = softened(last).filter(|_| last != 'к') {
                put(&format!("{stem}{soft}"), &["і"]);
            }
            // громадянин, громадяни
            if let Some(people) = lemma.strip_suffix("ин").filter(|root| root.ends_with("ан") || root.ends_with("ян"))
            {
                put(people, &["и", "", "ам", "ами", "ах"]);
            }
            // зв'язок, зв'язку; вузол, вузла
            if before == 'о' && matches!(last, 'к' | 'л') && letters.len() >= 5 {
                put(&format!("{shorter}{last}"), &endings[1..]);
            }
            for open in opened(lemma).iter().flatten() {
                put(open, &endings[1..]);
                if is_sibilant(last) {
                    put(open, THIRD);
                    put(&format!("{open}{last}"), &["ю"]);
                }
            }
        }
        _ => return None,
    }
    Some(forms)
}

/// With the о or е that і hides in a closed syllable: рік, року; платіж, платежу; міст, мосту.
fn opened(stem: &str) -> [Option<String>; 2] {
    let open = |vowel| {
        let last = stem.chars().last().filter(|c| is_consonant(*c))?;
        let cluster = if stem.ends_with("ст") { "ст" } else { &stem[stem.len() - last.len_utf8()..] };
        let root = stem.strip_suffix(cluster)?.strip_suffix('і')?;
        Some(format!("{root}{vowel}{cluster}"))
    };
    [open('о'), open('е')]
}

/// With the і of a closed syllable: школа, шкіл; село, сіл.
fn opened_the_other_way(stem: &str) -> Option<String> {
    let last = stem.chars().last().filter(|c| is_consonant(*c))?;
    let root = stem.strip_suffix(last)?.strip_suffix(['о', 'е'])?;
    Some(format!("{root}і{last}"))
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
