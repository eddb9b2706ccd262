//! Spellings of a word that differ in their endings: a search that finds a word with any ending is asked for one of them.

use super::letters::pieces;

/// Of nouns, adjectives and verbs, of Russian, Ukrainian and English.
#[rustfmt::skip]
const ENDINGS: &[&str] = &[
    "а", "я", "о", "е", "и", "ы", "у", "ю", "ь", "й", "і", "ї", "є", "ам", "ям", "ами", "ями", "ах", "ях", "ом", "ем",
    "ев", "ов", "ей", "ой", "ою", "ею", "ью", "ия", "ии", "ию", "ие", "ием", "иям", "иями", "иях", "ий", "ье", "ья",
    "ьи", "ьев", "ый", "ая", "яя", "ое", "ее", "ые", "ого", "его", "ому", "ему", "ым", "им", "ыми", "ими", "ых", "их",
    "ую", "юю", "ть", "ти", "ет", "ют", "ит", "ят", "ат", "ут", "ешь", "ишь", "ете", "ите", "йте", "ію", "ії", "ія",
    "ією", "ій", "ів", "їв", "еві", "ові", "ім", "їм", "іми", "іх", "ої", "єю", "єт", "ють", "ать", "ять", "уть",
    "ить", "єте", "емо", "имо", "єм", "s", "es", "ed", "ing", "er", "ers",
    // Of names in Latin letters with an ending in look-alike ones.
    "a", "ax", "y",
];
/// Of the past, of participles and gerunds.
const SUFFIXES: &[&str] = &["л", "в", "вш", "ющ", "ущ", "ащ", "ящ", "нн", "н", "ем", "учи", "ючи"];
const VOWELS: &[&str] = &["а", "я", "о", "е", "и", "ы", "у", "ю", "і", "ь", "e"];
/// Letters that stay at least.
const SHORTEST: usize = 3;

/// One spelling of each stem, the shortest of it; in the order of the spellings. A word that is cut has the ending of its last piece, and
/// is found by a piece of it that is another spelling.
pub(crate) fn one_of_each(spellings: &[String]) -> Vec<&str> {
    let mut found: Vec<(Vec<String>, &str)> = Vec::new();
    for spelling in spellings {
        let folded = spelling.replace('ё', "е");
        let mut key: Vec<String> = pieces(&folded).map(str::to_owned).collect();
        if key.len() > 1 && key.iter().any(|piece| spellings.contains(piece)) {
            continue;
        }
        let Some(last) = key.pop() else { continue };
        key.push(stem(&last).to_owned());
        match found.iter_mut().find(|(known, _)| *known == key) {
            Some((_, kept)) if spelling.chars().count() < kept.chars().count() => *kept = spelling,
            Some(_) => {}
            None => found.push((key, spelling)),
        }
    }
    found.into_iter().map(|(_, spelling)| spelling).collect()
}

fn stem(word: &str) -> &str {
    let word = without(word, &["ся", "сь"]);
    let word = without(word, ENDINGS);
    without(without(word, SUFFIXES), VOWELS)
}

/// Without the longest of these endings.
fn without<'w>(word: &'w str, endings: &[&str]) -> &'w str {
    let left = endings.iter().filter_map(|ending| word.strip_suffix(ending));
    left.filter(|left| left.chars().count() >= SHORTEST).min_by_key(|left| left.len()).unwrap_or(word)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(spellings: &str, expected: &[&str]) {
        let spellings: Vec<String> = spellings.split(' ').map(str::to_owned).collect();
        assert_eq!(one_of_each(&spellings), expected, "{spellings:?}");
    }

    #[test]
    fn forms_that_differ_in_their_endings_are_asked_for_once() {
        check("билайн билайна билайном билайну билайне", &["билайн"]);
        check("связью связи связь связей связями", &["связи"]);
        check("сломался сломалась сломались сломать сломает сломаю сломан сломанный", &["сломаю"]);
        check("быстрый быстрого быстрыми быстрая", &["быстрый"]);
        check("ёлка елка елки елок ёлка", &["ёлка", "елок"]);
        check("день дня дню днём дней", &["день", "дня", "дню", "днём", "дней"]);
        check("beeline beelines beelinea beelineax beelineом beeline'ом", &["beeline"]);
        check("билайн билайна билайн'а билайн'ами", &["билайн"]);
        check("нет", &["нет"]);
        check("м'ята м'яти м'ятою зв'язок зв'язки зв'язку", &["м'ята", "м'яти", "м'ятою", "зв'язок", "зв'язки"]);
    }
}
