//! From a well-formed text to one that a person typed: capitals, then that person's habits and slips.

use crate::dice::Dice;
use crate::words::Vocabulary;
use crate::world::Tongue;

/// How somebody feels while typing; decides what is put at the end.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Mood {
    Glad,
    Even,
    Sad,
}

/// Single spaces, no space before a stop, a capital at the start of each sentence; in Ukrainian, `у` and `в` by ear.
pub(crate) fn tidy(raw: &str, tongue: Tongue) -> String {
    let mut out = String::with_capacity(raw.len() + 8);
    let mut start = true;
    for line in raw.split('\n') {
        if !out.is_empty() {
            out.push('\n');
        }
        let mut words = line.split_whitespace().peekable();
        let mut first = true;
        while let Some(mut word) = words.next() {
            if tongue == Tongue::Ukrainian && matches!(word, "у" | "в" | "У" | "В") {
                word = by_ear(out.chars().next_back().filter(|_| !first), words.peek().copied().unwrap_or(""));
            }
            // A stop of its own closes a sentence only where none is closed yet.
            if matches!(word, "." | ",") && out.trim_end_matches('»').ends_with(['.', '!', '?', '…', ')']) {
                continue;
            }
            if !(first || matches!(word.as_bytes()[0], b',' | b'.' | b'!' | b'?')) {
                out.push(' ');
            }
            if start && !word.contains('/') {
                let mut letters = word.chars();
                out.extend(letters.next().into_iter().flat_map(char::to_uppercase));
                out.push_str(letters.as_str());
            } else {
                out.push_str(word);
            }
            start = ends_sentence(word) || (matches!(word, "." | ",") && start);
            first = false;
        }
        start = true;
    }
    out
}

fn ends_sentence(word: &str) -> bool {
    let word = word.trim_end_matches(['»', '"', ')']);
    word.ends_with(['.', '!', '?']) && !word.ends_with("..")
}

/// `у` between consonants and before в, ф and hard clusters, `в` elsewhere.
fn by_ear(before: Option<char>, next: &str) -> &'static str {
    const VOWELS: &str = "аеєиіїоуюяАЕЄИІЇОУЮЯ";
    let is_vowel = |letter: char| VOWELS.contains(letter);
    let lower = next.to_lowercase();
    let first = lower.chars().next().unwrap_or('о');
    if is_vowel(first) {
        return "в";
    }
    let cluster = ["зв", "св", "тв", "хв", "дв", "льв", "сф", "мн"].iter().any(|start| lower.starts_with(start));
    if matches!(first, 'в' | 'ф') || cluster {
        return "у";
    }
    if before.is_some_and(is_vowel) { "в" } else { "у" }
}

/// Types the text as the owner of these habits would. `loose` is the network's carelessness.
pub(crate) fn type_out(
    text: String,
    tongue: Tongue,
    words: &Vocabulary,
    mood: Mood,
    loose: f64,
    habits: u64,
    dice: &mut Dice,
) -> String {
    let mut habit = Dice::new(habits, &[]);
    let mut text = text;
    let (lowers, no_stop, no_commas) =
        (habit.chance(0.34 * loose), habit.chance(0.65 * loose), habit.chance(0.28 * loose));
    let keeps_yo = habit.chance(0.15);
    let slips = habit.chance(0.3);
    let tail_often = habit.unit() * 0.5 * loose;
    if tongue == Tongue::Russian && !keeps_yo {
        text = text.replace('ё', "е").replace('Ё', "Е");
    }
    if dice.chance(if slips { 0.14 } else { 0.02 } * loose) {
        text = slip(&text, dice);
    }
    if no_commas {
        text.retain(|letter| letter != ',');
    }
    if lowers {
        text = text.to_lowercase();
    } else if mood == Mood::Sad && text.len() < 260 && dice.chance(0.02 * loose) {
        text = text.to_uppercase();
    }
    if no_stop && text.ends_with('.') && !text.ends_with("..") {
        text.pop();
    }
    if dice.chance(tail_often) && !text.ends_with([')', '(']) {
        let tail = match mood {
            Mood::Glad => *dice.pick(words.glad),
            Mood::Sad => *dice.pick(words.sad),
            Mood::Even if dice.chance(0.4) => *dice.pick(words.glad),
            Mood::Even => return text,
        };
        let smile = tail.starts_with([')', '(']);
        if smile && text.ends_with('.') {
            text.pop();
        }
        if !smile || text.ends_with(['!', '?']) {
            text.push(' ');
        }
        text.push_str(tail);
    }
    text
}

/// One slip of the finger in one longer word: two letters swapped, one lost, or one doubled.
fn slip(text: &str, dice: &mut Dice) -> String {
    let plain = |word: &str| {
        word.chars().count() >= 6 && word.chars().all(|letter| letter.is_alphabetic() && letter.is_lowercase())
    };
    let candidates: Vec<usize> =
        text.split(' ').enumerate().filter(|(_, word)| plain(word)).map(|(index, _)| index).collect();
    if candidates.is_empty() {
        return text.to_owned();
    }
    let chosen = *dice.pick(&candidates);
    let mut out = String::with_capacity(text.len() + 2);
    for (index, word) in text.split(' ').enumerate() {
        if index > 0 {
            out.push(' ');
        }
        if index != chosen {
            out.push_str(word);
            continue;
        }
        let mut letters: Vec<char> = word.chars().collect();
        let at = 1 + dice.below(letters.len() - 3);
        match dice.below(3) {
            0 => letters.swap(at, at + 1),
            1 => {
                letters.remove(at);
            }
            _ => letters.insert(at, letters[at]),
        }
        out.extend(letters);
    }
    out
}

/// How spammers change a text that must stay the same: half of the copies are exact.
pub(crate) fn disguise(text: &str, dice: &mut Dice) -> String {
    match dice.below(12) {
        0..6 => text.to_owned(),
        6 => format!("🔥 {text}"),
        7 => format!("{text} ‼️"),
        8 => text.replace('!', "!!!").replace(". ", " . "),
        // A Latin letter that looks the same.
        9 => text.replacen('а', "a", 3).replacen('о', "o", 2),
        10 => format!("{text} #{}", dice.below(90) + 10),
        _ => text.replace(' ', "  ").trim().to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sentences_begin_with_a_capital_and_stops_stick_to_their_word() {
        let tidied = tidy("ну  вот , опять . кто знает ? https://demo.example/a. да... ладно\nитог", Tongue::Russian);
        assert_eq!(tidied, "Ну вот, опять. Кто знает? https://demo.example/a. Да... ладно\nИтог");
    }

    #[test]
    fn ukrainian_prepositions_follow_the_ear() {
        let tidied = tidy("купила в Полмарі, був у Одесі, живу в Вінниці, стала у Києві, у мене", Tongue::Ukrainian);
        assert_eq!(tidied, "Купила в Полмарі, був в Одесі, живу у Вінниці, стала в Києві, у мене");
    }
}
