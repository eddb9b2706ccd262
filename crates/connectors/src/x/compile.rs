//! What the topics look for, as rules of the stream and queries of the search.
//!
//! X compares words by letters alone: every form is named, words with `е` also with `ё`. What grows longer than X takes is split at its
//! choices; where that is not enough, the longest of what must be there is left out. Both ask for more, never for less.

use molva_domain::{Sought, TopicSought, Untold, UntoldWhy};

use super::NETWORK;
use crate::search::clause::Clause;
use crate::search::letters::{is_tag, pieces, with_yo};
use crate::search::{self, TopicAsk};

/// Words X takes only beside others.
const COMMON: [&str; 28] = [
    "a", "an", "and", "at", "but", "by", "com", "from", "http", "https", "if", "in", "is", "it", "its", "me", "my",
    "or", "rt", "the", "this", "to", "too", "via", "we", "www", "you", "not",
];
/// Spellings of one row of words; beyond that the words are asked for in any order.
const MAX_ROWS: usize = 48;
/// Queries of one topic; beyond that it is widened.
const MAX_PARTS: usize = 12;
/// Words that must all be there; the longest of more are left out.
const MAX_TOGETHER: usize = 16;
/// Letters of a row of words.
const MAX_ROW_CHARS: usize = 200;
/// Letters of a person's name on X.
const MAX_NAME: usize = 15;

/// Queries for one topic, none longer than `room` characters.
pub(super) fn compile(topic: &TopicSought, room: usize) -> TopicAsk {
    let mut ask = search::ask(&topic.sought, NETWORK, &takes);
    let queries = match &ask.sought {
        None => Vec::new(),
        Some(sought) => {
            let clause = clause(sought, &mut ask.widened);
            let mut queries = Vec::new();
            clause.fit(room, MAX_PARTS, &mut queries, &mut ask.widened);
            queries
        }
    };
    if queries.is_empty() {
        // Nothing is asked for, so that there is nothing wider either.
        ask.missing.append(&mut ask.widened);
    }
    TopicAsk { topic: topic.topic, name: topic.name.clone(), queries, widened: ask.widened, missing: ask.missing }
}

fn takes(leaf: &Sought) -> Result<(), UntoldWhy> {
    let common = |spellings: &Vec<String>| {
        spellings.iter().any(|text| COMMON.contains(&text.as_str()) || !text.contains(char::is_alphanumeric))
    };
    let refused = match leaf {
        Sought::Word(spellings) => common(spellings),
        Sought::Row(words) => words.iter().all(common),
        Sought::Hashtag(text) | Sought::Mention(text) => !text.contains(char::is_alphanumeric),
        Sought::Emoji(sign) => {
            sign.is_empty() || sign.contains(['"', '(', ')', ':']) || sign.contains(char::is_whitespace)
        }
        // Nobody on X has such a name.
        Sought::Author(name) => !is_name(name),
        _ => false,
    };
    if refused { Err(UntoldWhy::Common) } else { Ok(()) }
}

fn is_name(name: &str) -> bool {
    (1..=MAX_NAME).contains(&name.len()) && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_')
}

fn clause(sought: &Sought, widened: &mut Vec<Untold>) -> Clause {
    match sought {
        Sought::Word(spellings) => Clause::choice(spellings.iter().flat_map(|text| written(text))),
        Sought::Row(words) => row(words, widened),
        Sought::Hashtag(text) => {
            let tag = text.trim_start_matches('#');
            if is_tag(tag) {
                Clause::choice(with_yo(tag).into_iter().map(|tag| format!("#{tag}")))
            } else {
                Clause::choice(written(tag))
            }
        }
        Sought::Mention(text) => match text.trim_start_matches('@') {
            name if is_name(name) => Clause::One(format!("@{name}")),
            name => Clause::choice(written(name)),
        },
        Sought::Emoji(sign) => Clause::One(sign.clone()),
        Sought::Author(name) => Clause::One(format!("from:{name}")),
        Sought::All(parts) => Clause::All(parts.iter().map(|part| clause(part, widened)).collect()),
        Sought::Any(parts) => Clause::any(parts.iter().map(|part| clause(part, widened)).collect::<Vec<_>>()),
        // Resolved before.
        Sought::Network { .. } | Sought::Untold(_) => Clause::All(Vec::new()),
    }
}

/// The ways in which X is asked for one spelling of a word.
fn written(text: &str) -> Vec<String> {
    let mut found: Vec<String> = with_yo(text).iter().filter_map(|text| quoted(text)).collect();
    // Whoever types the apostrophe as a letter makes one word of it.
    if text.contains('\'') {
        found.push(text.replace('\'', "\u{2bc}"));
    }
    found
}

/// A word as X cuts it; in quotes where that makes several of it or an operator.
fn quoted(text: &str) -> Option<String> {
    let pieces: Vec<&str> = pieces(text).collect();
    match &pieces[..] {
        [] => None,
        [piece] if COMMON.contains(piece) => Some(format!("\"{piece}\"")),
        [piece] => Some((*piece).to_owned()),
        _ => Some(format!("\"{}\"", pieces.join(" "))),
    }
}

fn row(words: &[Vec<String>], widened: &mut Vec<Untold>) -> Clause {
    let bare = |text: &str| -> Vec<String> {
        let ways = written(text).into_iter().map(|way| way.trim_matches('"').to_owned());
        ways.collect()
    };
    let mut rows: Vec<String> = vec![String::new()];
    let mut joined: Vec<String> = vec![String::new()];
    let mut whole = true;
    for (index, spellings) in words.iter().enumerate() {
        let ways: Vec<String> = {
            let mut ways: Vec<String> = spellings.iter().flat_map(|text| bare(text)).collect();
            ways.sort_unstable();
            ways.dedup();
            ways
        };
        let next = rows.iter().flat_map(|row| {
            ways.iter().map(move |way| if row.is_empty() { way.clone() } else { format!("{row} {way}") })
        });
        let next: Vec<String> = next.take(MAX_ROWS + 1).collect();
        if next.len() > MAX_ROWS || next.iter().any(|row| row.chars().count() > MAX_ROW_CHARS) {
            let written: Vec<&str> = words.iter().filter_map(|word| word.last()).map(String::as_str).collect();
            widened.push(Untold::new(UntoldWhy::Distance, &written.join(" ")));
            if index >= 2 {
                // Its first words, as far as they go, are in a row still.
                whole = false;
                break;
            }
            return Clause::All(
                words.iter().map(|word| Clause::choice(word.iter().flat_map(|text| self::written(text)))).collect(),
            );
        }
        let between = if index == 0 { &[""][..] } else { &["", "_"] };
        let longer = |row: &String| -> Vec<String> {
            let with = |way: &String| between.iter().map(|sign| format!("{row}{sign}{way}")).collect::<Vec<_>>();
            ways.iter().flat_map(with).collect()
        };
        joined = joined.iter().flat_map(longer).take(MAX_ROWS).collect();
        rows = next;
    }
    // Written together behind a `#` it is one word for X.
    let tags = joined.into_iter().filter(|tag| whole && is_tag(tag)).map(|tag| format!("#{tag}"));
    Clause::choice(rows.iter().map(|row| format!("\"{row}\"")).chain(tags))
}

impl Clause {
    fn write(&self, inside: bool) -> String {
        match self {
            Self::One(text) => text.clone(),
            Self::All(parts) => {
                let text = parts.iter().map(|part| part.write(true)).collect::<Vec<_>>().join(" ");
                if inside && parts.len() > 1 { format!("({text})") } else { text }
            }
            Self::Any(parts) => {
                let text = parts.iter().map(|part| part.write(parts.len() > 1)).collect::<Vec<_>>().join(" OR ");
                if inside && parts.len() > 1 { format!("({text})") } else { text }
            }
        }
    }

    fn length(&self, inside: bool) -> usize {
        self.write(inside).chars().count()
    }

    /// As queries of at most `room` characters, at most `most` of them where that can be done by asking for more.
    fn fit(&self, room: usize, most: usize, queries: &mut Vec<String>, widened: &mut Vec<Untold>) {
        if self.length(false) <= room {
            queries.push(self.write(false));
            return;
        }
        match self {
            Self::One(text) => {
                // Longer than everything: no word is; a row is no longer than its bound.
                widened.push(Untold::new(UntoldWhy::Long, text));
            }
            Self::Any(parts) => {
                let mut group: Vec<Self> = Vec::new();
                for part in parts {
                    group.push(part.clone());
                    if Self::Any(group.clone()).length(false) > room {
                        let last = group.pop();
                        if !group.is_empty() {
                            queries.push(Self::Any(std::mem::take(&mut group)).write(false));
                        }
                        match last {
                            Some(part) if part.length(false) <= room => group.push(part),
                            Some(part) => part.fit(room, most, queries, widened),
                            None => {}
                        }
                    }
                }
                if !group.is_empty() {
                    queries.push(Self::Any(group).write(false));
                }
            }
            Self::All(parts) => Self::fit_all(parts, room, most, queries, widened),
        }
    }

    fn fit_all(parts: &[Self], room: usize, most: usize, queries: &mut Vec<String>, widened: &mut Vec<Untold>) {
        if parts.len() > MAX_TOGETHER {
            let mut parts = parts.to_vec();
            parts.sort_by_cached_key(|part| part.length(true));
            widened.extend(parts.drain(MAX_TOGETHER..).map(|part| Untold::new(UntoldWhy::Long, &part.write(false))));
            return Self::All(parts).fit(room, most, queries, widened);
        }
        let Some(longest) = (0..parts.len()).max_by_key(|at| parts[*at].length(true)) else { return };
        let others: Vec<Self> =
            parts.iter().enumerate().filter(|(at, _)| *at != longest).map(|(_, part)| part.clone()).collect();
        let used = Self::All(others.clone()).length(false) + " ()".len();
        if let Self::Any(choices) = &parts[longest]
            && used < room
        {
            let mut split = Vec::new();
            let mut lost = Vec::new();
            Self::Any(choices.clone()).fit(room - used, most, &mut split, &mut lost);
            if lost.is_empty() && split.len() <= most {
                let rest = Self::All(others).write(false);
                queries.extend(split.into_iter().map(|some| {
                    let alone = !some.contains(char::is_whitespace) || is_one_row(&some);
                    if alone { format!("{some} {rest}") } else { format!("({some}) {rest}") }
                }));
                return;
            }
        }
        // The rest alone asks for more.
        widened.push(Untold::new(UntoldWhy::Long, &parts[longest].write(false)));
        match others.len() {
            0 => {}
            1 => others[0].fit(room, most, queries, widened),
            _ => Self::All(others).fit(room, most, queries, widened),
        }
    }
}

/// A row in quotes and nothing else.
fn is_one_row(text: &str) -> bool {
    text.len() > 2 && text.starts_with('"') && text.ends_with('"') && text.matches('"').count() == 2
}

#[cfg(test)]
mod tests;
