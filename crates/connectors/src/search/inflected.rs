//! How networks are asked whose search finds a word with any ending, and `е` for `ё`: for one spelling of each stem.

use molva_domain::{Sought, Untold, UntoldWhy};

use super::clause::Clause;
use super::letters::{is_tag, pieces, with_yo};
use super::stems::one_of_each;

/// Letters of a row of words.
const MAX_ROW_CHARS: usize = 150;
/// Letters of a word.
const MAX_WORD_CHARS: usize = 100;

/// What such a network does not take.
pub(crate) fn takes(leaf: &Sought) -> Result<(), UntoldWhy> {
    let is_none = |text: &str| pieces(text).next().is_none();
    let is_long = |text: &str| text.chars().count() > MAX_WORD_CHARS;
    let refused = |spellings: &[String], refuses: &dyn Fn(&str) -> bool| spellings.iter().all(|text| refuses(text));
    let why = |all_none: bool, one_long: bool| match (all_none, one_long) {
        (true, _) => Err(UntoldWhy::Common),
        (_, true) => Err(UntoldWhy::Long),
        _ => Ok(()),
    };
    match leaf {
        Sought::Word(spellings) => why(refused(spellings, &is_none), refused(spellings, &is_long)),
        Sought::Row(words) => {
            why(words.iter().all(|word| refused(word, &is_none)), words.iter().any(|word| refused(word, &is_long)))
        }
        Sought::Hashtag(text) | Sought::Mention(text) => why(is_none(text), is_long(text)),
        Sought::Emoji(_) => Err(UntoldWhy::Common),
        Sought::Author(_) => Err(UntoldWhy::Field),
        _ => Ok(()),
    }
}

/// How a network is asked for words in a row.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Rows {
    /// In quotes, where each of the words has one spelling: what stands in quotes has no other endings.
    InQuotes,
    /// For all of the words, wherever they stand: of a network that promises nothing about quotes, lest it look for those.
    Anywhere,
}

/// Words, rows and hashtags.
pub(crate) fn clause(sought: &Sought, rows: Rows, widened: &mut Vec<Untold>) -> Clause {
    match sought {
        Sought::Word(spellings) => word(spellings),
        Sought::Row(words) => row(words, rows, widened),
        Sought::Hashtag(text) => match text.trim_start_matches('#') {
            tag if is_tag(tag) => Clause::choice(with_yo(tag).into_iter().map(|tag| format!("#{tag}"))),
            tag => term(tag),
        },
        Sought::Mention(text) => term(text),
        Sought::All(parts) => Clause::All(parts.iter().map(|part| clause(part, rows, widened)).collect()),
        Sought::Any(parts) => Clause::any(parts.iter().map(|part| clause(part, rows, widened)).collect::<Vec<_>>()),
        // Resolved before.
        Sought::Emoji(_) | Sought::Author(_) | Sought::Network { .. } | Sought::Untold(_) => Clause::All(Vec::new()),
    }
}

fn word(spellings: &[String]) -> Clause {
    Clause::any(one_of_each(spellings).into_iter().map(term))
}

/// Several words where it is that for the network.
fn term(text: &str) -> Clause {
    let mut pieces: Vec<Clause> = pieces(text).map(|piece| Clause::One(piece.to_owned())).collect();
    if pieces.len() == 1 { pieces.remove(0) } else { Clause::All(pieces) }
}

fn row(words: &[Vec<String>], rows: Rows, widened: &mut Vec<Untold>) -> Clause {
    let written: Vec<&str> = words.iter().filter_map(|word| word.last()).map(String::as_str).collect();
    let spelled = |word: &Vec<String>| {
        let mut spellings = word.iter().map(|text| text.replace('ё', "е"));
        let first = spellings.next();
        spellings.all(|other| Some(other) == first)
    };
    if let [alone] = words {
        return word(alone);
    }
    if rows == Rows::Anywhere || !words.iter().all(spelled) {
        widened.push(Untold::new(UntoldWhy::Distance, &written.join(" ")));
        let parts = words.iter().map(|spellings| word(spellings));
        return Clause::All(parts.filter(|part| *part != Clause::Any(Vec::new())).collect());
    }
    let mut phrase = String::new();
    for piece in written.iter().flat_map(|text| pieces(text)) {
        if phrase.chars().count() + piece.chars().count() >= MAX_ROW_CHARS {
            widened.push(Untold::new(UntoldWhy::Long, &written.join(" ")));
            break;
        }
        if !phrase.is_empty() {
            phrase.push(' ');
        }
        phrase.push_str(piece);
    }
    Clause::One(if phrase.contains(' ') { format!("\"{phrase}\"") } else { phrase })
}
