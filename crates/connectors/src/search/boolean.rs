//! For networks that compare words by letters alone and know `OR` and brackets: every form is named, words with `е` also with `ё`.
//!
//! What grows longer than the network takes is split at its choices; where that is not enough, the longest of what must be there is left
//! out. Both ask for more, never for less.

use molva_domain::{Sought, TopicSought, Untold, UntoldWhy};

use super::clause::Clause;
use super::letters::{is_tag, pieces, with_yo};
use super::{Ask, TopicAsk};

/// Words that are no search by themselves: networks leave them out, or mean something by them.
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

/// What is peculiar to a network.
pub(crate) struct Dialect {
    /// What stands between parts that must all be there.
    pub and: &'static str,
    /// Whether `#words` are something else than words.
    pub tags: bool,
    /// Who is named by `@`; `None` where that is a word like others.
    pub mention: fn(&str) -> Option<String>,
    /// Who says it.
    pub author: fn(&str) -> String,
}

/// Whether a word is one of those, or none at all.
pub(crate) fn is_common(spellings: &[String]) -> bool {
    spellings.iter().any(|text| COMMON.contains(&text.as_str()) || !text.contains(char::is_alphanumeric))
}

impl Dialect {
    /// Queries for one topic, of which `ask` can be asked for, none longer than `room` characters.
    pub(crate) fn compile(&self, topic: &TopicSought, ask: Ask, room: usize) -> TopicAsk {
        let Ask { sought, mut widened, missing } = ask;
        let mut queries = Vec::new();
        if let Some(sought) = &sought {
            let clause = self.clause(sought, &mut widened);
            Fit { and: self.and, queries: &mut queries, widened: &mut widened }.fit(&clause, room);
        }
        let mut ask = TopicAsk { topic: topic.topic, name: topic.name.clone(), queries, widened, missing };
        ask.settle();
        ask
    }

    fn clause(&self, sought: &Sought, widened: &mut Vec<Untold>) -> Clause {
        match sought {
            Sought::Word(spellings) => Clause::choice(ways(spellings)),
            Sought::Row(words) => self.row(words, widened),
            Sought::Hashtag(text) => match text.trim_start_matches('#') {
                tag if self.tags && is_tag(tag) => {
                    Clause::choice(with_yo(tag).into_iter().map(|tag| format!("#{tag}")))
                }
                tag => Clause::choice(written(tag)),
            },
            Sought::Mention(text) => {
                let name = text.trim_start_matches('@');
                (self.mention)(name).map_or_else(|| Clause::choice(written(name)), Clause::One)
            }
            Sought::Emoji(sign) => Clause::One(sign.clone()),
            Sought::Author(name) => Clause::One((self.author)(name)),
            Sought::All(parts) => Clause::All(parts.iter().map(|part| self.clause(part, widened)).collect()),
            Sought::Any(parts) => Clause::any(parts.iter().map(|part| self.clause(part, widened)).collect::<Vec<_>>()),
            // Resolved before.
            Sought::Network { .. } | Sought::Untold(_) => Clause::All(Vec::new()),
        }
    }

    fn row(&self, words: &[Vec<String>], widened: &mut Vec<Untold>) -> Clause {
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
                return Clause::All(words.iter().map(|word| Clause::choice(self::ways(word))).collect());
            }
            let between = if index == 0 { &[""][..] } else { &["", "_"] };
            let longer = |row: &String| -> Vec<String> {
                let with = |way: &String| between.iter().map(|sign| format!("{row}{sign}{way}")).collect::<Vec<_>>();
                ways.iter().flat_map(with).collect()
            };
            joined = joined.iter().flat_map(longer).take(MAX_ROWS).collect();
            rows = next;
        }
        // Written together behind a `#` it is one word for a network.
        let tags = joined.into_iter().filter(|tag| self.tags && whole && is_tag(tag)).map(|tag| format!("#{tag}"));
        Clause::choice(rows.iter().map(|row| format!("\"{row}\"")).chain(tags))
    }
}

/// The ways in which a network is asked for a word, the likely ones first: what does not fit into one query, or finds no room, is at their
/// end. Fewest people put an apostrophe before an ending.
fn ways(spellings: &[String]) -> Vec<String> {
    let ranked = |text: &String| {
        let torn = text.contains('\'');
        let ranked = written(text).into_iter().enumerate();
        ranked.map(|(at, way)| ((torn, at > 0), way)).collect::<Vec<_>>()
    };
    let mut ways: Vec<((bool, bool), String)> = spellings.iter().flat_map(ranked).collect();
    ways.sort_by_key(|(rank, _)| *rank);
    ways.into_iter().map(|(_, way)| way).collect()
}

/// The ways in which a network is asked for one spelling of a word.
fn written(text: &str) -> Vec<String> {
    let mut found: Vec<String> = with_yo(text).iter().filter_map(|text| quoted(text)).collect();
    // Whoever types the apostrophe as a letter makes one word of it.
    if text.contains('\'') {
        found.push(text.replace('\'', "\u{2bc}"));
    }
    found
}

/// A word as networks cut it; in quotes where that makes several of it or an operator.
fn quoted(text: &str) -> Option<String> {
    let pieces: Vec<&str> = pieces(text).collect();
    match &pieces[..] {
        [] => None,
        [piece] if COMMON.contains(piece) => Some(format!("\"{piece}\"")),
        [piece] => Some((*piece).to_owned()),
        _ => Some(format!("\"{}\"", pieces.join(" "))),
    }
}

/// A query that is being written.
struct Fit<'a> {
    and: &'static str,
    queries: &'a mut Vec<String>,
    widened: &'a mut Vec<Untold>,
}

impl Fit<'_> {
    fn write(&self, clause: &Clause, inside: bool) -> String {
        let (parts, between, part_inside) = match clause {
            Clause::One(text) => return text.clone(),
            Clause::All(parts) => (parts, self.and, true),
            Clause::Any(parts) => (parts, " OR ", parts.len() > 1),
        };
        let text = parts.iter().map(|part| self.write(part, part_inside)).collect::<Vec<_>>().join(between);
        if inside && parts.len() > 1 { format!("({text})") } else { text }
    }

    fn length(&self, clause: &Clause, inside: bool) -> usize {
        self.write(clause, inside).chars().count()
    }

    fn left_out(&mut self, clause: &Clause) {
        let text = self.write(clause, false);
        self.widened.push(Untold::new(UntoldWhy::Long, &text));
    }

    /// As queries of at most `room` characters, at most [`MAX_PARTS`] of them where that can be done by asking for more.
    fn fit(&mut self, clause: &Clause, room: usize) {
        if self.length(clause, false) <= room {
            let query = self.write(clause, false);
            self.queries.push(query);
            return;
        }
        match clause {
            // Longer than everything: no word is; a row is no longer than its bound.
            Clause::One(_) => self.left_out(clause),
            Clause::Any(parts) => {
                let mut group: Vec<Clause> = Vec::new();
                for part in parts {
                    group.push(part.clone());
                    if self.length(&Clause::Any(group.clone()), false) > room {
                        let last = group.pop();
                        if !group.is_empty() {
                            let query = self.write(&Clause::Any(std::mem::take(&mut group)), false);
                            self.queries.push(query);
                        }
                        match last {
                            Some(part) if self.length(&part, false) <= room => group.push(part),
                            Some(part) => self.fit(&part, room),
                            None => {}
                        }
                    }
                }
                if !group.is_empty() {
                    let query = self.write(&Clause::Any(group), false);
                    self.queries.push(query);
                }
            }
            Clause::All(parts) => self.fit_all(parts, room),
        }
    }

    fn fit_all(&mut self, parts: &[Clause], room: usize) {
        if parts.len() > MAX_TOGETHER {
            let mut parts = parts.to_vec();
            parts.sort_by_cached_key(|part| self.length(part, true));
            for part in parts.split_off(MAX_TOGETHER) {
                self.left_out(&part);
            }
            return self.fit(&Clause::All(parts), room);
        }
        let Some(longest) = (0..parts.len()).max_by_key(|at| self.length(&parts[*at], true)) else { return };
        let mut others = parts.to_vec();
        let longest = others.remove(longest);
        let used = self.length(&Clause::All(others.clone()), false) + self.and.len() + "()".len();
        if let Clause::Any(_) = &longest
            && used < room
        {
            let (mut split, mut lost) = (Vec::new(), Vec::new());
            Fit { and: self.and, queries: &mut split, widened: &mut lost }.fit(&longest, room - used);
            if lost.is_empty() && split.len() <= MAX_PARTS {
                let rest = self.write(&Clause::All(others), false);
                let and = self.and;
                self.queries.extend(split.into_iter().map(|some| {
                    let alone = !some.contains(char::is_whitespace) || is_one_row(&some);
                    if alone { format!("{some}{and}{rest}") } else { format!("({some}){and}{rest}") }
                }));
                return;
            }
        }
        // The rest alone asks for more.
        self.left_out(&longest);
        match &others[..] {
            [] => {}
            [one] => self.fit(one, room),
            _ => self.fit(&Clause::All(others), room),
        }
    }
}

/// A row in quotes and nothing else.
fn is_one_row(text: &str) -> bool {
    text.len() > 2 && text.starts_with('"') && text.ends_with('"') && text.matches('"').count() == 2
}
