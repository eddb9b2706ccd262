//! Searches of networks that find a word in any of its forms: words that must all be there, `"rows as they stand"`, `#tags`, `-exclusions`
//! and, where the network knows that, `choices|of|them`.

use std::borrow::Cow;

/// Letters that two forms of a word share at least.
const SHARED: usize = 3;
/// Letters behind them at most.
const ENDING: usize = 5;

/// A search, read.
#[derive(Debug)]
pub(crate) struct Search {
    /// One of each must be there.
    all: Vec<Vec<Part>>,
    not: Vec<Part>,
}

#[derive(Debug)]
enum Part {
    Word(String),
    Row(Vec<String>),
    Tag(String),
}

impl Search {
    /// `choices` says whether `|` stands between parts of which one is enough.
    pub(crate) fn read(text: &str, choices: bool) -> Self {
        let text = fold(&text.to_lowercase()).into_owned();
        let mut search = Self { all: Vec::new(), not: Vec::new() };
        let mut rest = text.trim_start();
        let mut goes_on = false;
        while !rest.is_empty() {
            let without = rest.strip_prefix('-').filter(|_| !goes_on);
            let (part, behind) = part(without.unwrap_or(rest), choices);
            match (part, search.all.last_mut()) {
                (Some(part), _) if without.is_some() => search.not.push(part),
                (Some(part), Some(group)) if goes_on => group.push(part),
                (Some(part), _) => search.all.push(vec![part]),
                (None, _) => {}
            }
            let next = behind.strip_prefix('|').filter(|_| choices && without.is_none());
            goes_on = next.is_some();
            rest = next.unwrap_or(behind).trim_start();
        }
        search
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.all.is_empty()
    }

    /// Whether it finds a text in small letters.
    pub(crate) fn finds(&self, text: &str) -> bool {
        let text = fold(text);
        self.all.iter().all(|group| group.iter().any(|part| part.is_in(&text)))
            && !self.not.iter().any(|part| part.is_in(&text))
    }
}

impl Part {
    fn is_in(&self, text: &str) -> bool {
        match self {
            // A single letter is found wherever it stands, so that one can ask for nearly everything.
            Self::Word(word) if word.chars().nth(1).is_none() => text.contains(word.as_str()),
            Self::Word(word) => words(text).any(|said| is_form(word, said)),
            Self::Row(row) => {
                let said: Vec<&str> = words(text).collect();
                said.windows(row.len()).any(|window| window == row)
            }
            Self::Tag(tag) => named(text, '#', tag),
        }
    }
}

/// What stands first, if it is anything, and what comes behind it.
fn part(text: &str, choices: bool) -> (Option<Part>, &str) {
    if let Some(row) = text.strip_prefix('"') {
        let (row, behind) = row.split_once('"').unwrap_or((row, ""));
        return (of_words(row), behind);
    }
    let is_end = |letter: char| letter.is_whitespace() || letter == '"' || choices && letter == '|';
    let (word, behind) = text.split_at(text.find(is_end).unwrap_or(text.len()));
    let tag = word.strip_prefix('#').filter(|tag| tag.contains(char::is_alphanumeric));
    (tag.map(|tag| Part::Tag(tag.to_owned())).or_else(|| of_words(word)), behind)
}

fn of_words(text: &str) -> Option<Part> {
    let mut row: Vec<String> = words(text).map(str::to_owned).collect();
    match row.len() {
        0 => None,
        1 => row.pop().map(Part::Word),
        _ => Some(Part::Row(row)),
    }
}

fn words(text: &str) -> impl Iterator<Item = &str> {
    let is_inside = |letter: char| letter.is_alphanumeric() && letter != '\u{2bc}' || letter == '_';
    text.split(move |letter: char| !is_inside(letter)).filter(|word| !word.is_empty())
}

/// Whether two words begin alike and end differently.
fn is_form(asked: &str, said: &str) -> bool {
    let shared = asked.chars().zip(said.chars()).take_while(|(one, other)| one == other).count();
    let is_ending = |word: &str| word.chars().count() - shared <= ENDING;
    asked == said || shared >= SHARED && is_ending(asked) && is_ending(said)
}

fn fold(text: &str) -> Cow<'_, str> {
    if text.contains('ё') { text.replace('ё', "е").into() } else { text.into() }
}

/// Whether a sign with that name is in a text.
pub(crate) fn named(text: &str, sign: char, name: &str) -> bool {
    text.match_indices(sign).any(|(at, _)| {
        let rest = &text[at + sign.len_utf8()..];
        let end = rest.find(|letter: char| !(letter.is_alphanumeric() || letter == '_')).unwrap_or(rest.len());
        rest[..end] == *name
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn finds(query: &str, choices: bool, text: &str) -> bool {
        Search::read(query, choices).finds(&text.to_lowercase())
    }

    #[test]
    fn words_are_found_in_any_form_rows_as_they_stand_and_exclusions_not() {
        let said = "Опять нет СВЯЗИ, ёлки горят; м’ята #ДомРу";
        for query in ["связь", "нет связь", "\"нет связи\"", "\"м ята\"", "елка -мегафон", "#домру", "о"]
        {
            assert!(finds(query, false, said), "{query}");
        }
        for query in ["сеть", "\"связи нет\"", "\"нет связь\"", "связь -елка", "#дом", "связь \"горят нет", "вода"]
        {
            assert!(!finds(query, false, said), "{query}");
        }
        assert!(Search::read(" - | ", false).is_empty() && Search::read("-нет", true).is_empty());
    }

    #[test]
    fn one_of_several_choices_is_enough_where_a_network_knows_them() {
        let check = |query: &str| finds(query, true, "гроза идет, связи нет");
        assert!(check("вода|гроза") && check("вода|\"связи нет\" гроза|дождь") && check("гроза|вода -дождь"));
        assert!(!check("вода|дождь") && !check("вода|гроза дождь") && !check("гроза|вода -связь"));
        assert!(!finds("вода|гроза", false, "гроза идет"), "both must be there");
    }
}
