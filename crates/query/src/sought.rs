//! The query as a network's search can be asked for it: what must be there, wider where a search cannot say as much, never narrower.

use molva_domain::{Sought, Untold, UntoldWhy};

use crate::field::FieldTest;
use crate::syntax::{Expr, Node, Phrase, Word, WordTest};

/// Choices of so many parts at most are spelled out for `2 OF (…)`.
const MAX_CHOICES: usize = 16;

/// `wanted` is false below a `NOT`.
pub(crate) fn sought(expr: &Expr, wanted: bool) -> Sought {
    let untold = |why| Sought::Untold(Untold::new(why, &expr.canonical()));
    match (&expr.node, wanted) {
        (Node::Not(part), _) => sought(part, !wanted),
        (Node::And(parts), true) | (Node::Or(parts), false) => all(parts.iter().map(|part| sought(part, wanted))),
        (Node::Or(parts), true) | (Node::And(parts), false) => any(parts.iter().map(|part| sought(part, wanted))),
        (Node::List { of, .. }, _) => sought(of, wanted),
        (Node::Title(part), true) => sought(part, true),
        (Node::Field(FieldTest::Network(name)), is) => Sought::Network { name: name.clone(), is },
        (_, false) => untold(UntoldWhy::Excluded),
        (Node::Word(word), true) => one(word).unwrap_or_else(|| untold(UntoldWhy::Beginning)),
        (Node::Phrase(Phrase { words, slop: None }), true) => row(words),
        (Node::Phrase(Phrase { words, slop: Some(_) }), true) => {
            let words = words.iter().map(|word| one(word).unwrap_or_else(|| part_untold(word)));
            all(words.chain([untold(UntoldWhy::Distance)]))
        }
        (Node::Near { left, right, .. } | Node::Sentence { left, right }, true) => {
            all([sought(left, true), sought(right, true), untold(UntoldWhy::Distance)].into_iter())
        }
        (Node::AtLeast { count, of }, true) => at_least(*count, of, untold(UntoldWhy::Count)),
        (Node::Field(FieldTest::AuthorHandle(handle)), true) => Sought::Author(handle.clone()),
        (Node::Field(_), true) => untold(UntoldWhy::Field),
    }
}

fn all(parts: impl Iterator<Item = Sought>) -> Sought {
    let mut flat = Vec::new();
    for part in parts {
        match part {
            Sought::All(parts) => flat.extend(parts),
            part => flat.push(part),
        }
    }
    if flat.len() == 1 { flat.remove(0) } else { Sought::All(flat) }
}

fn any(parts: impl Iterator<Item = Sought>) -> Sought {
    let mut flat = Vec::new();
    for part in parts {
        match part {
            Sought::Any(parts) => flat.extend(parts),
            part => flat.push(part),
        }
    }
    if flat.len() == 1 { flat.remove(0) } else { Sought::Any(flat) }
}

/// A word or sign; `None` when it is one that begins so.
fn one(word: &Word) -> Option<Sought> {
    Some(match &word.test {
        WordTest::Prefix(_) | WordTest::Pattern(_) => return None,
        WordTest::Hashtag(tag) => Sought::Hashtag(tag.clone()),
        WordTest::Mention(name) => Sought::Mention(name.clone()),
        WordTest::Emoji(sign) => Sought::Emoji(sign.clone()),
        WordTest::AnyForm { .. } | WordTest::Exact(_) | WordTest::Cased { .. } => Sought::Word(spellings(word)),
    })
}

fn part_untold(word: &Word) -> Sought {
    Sought::Untold(Untold::new(UntoldWhy::Beginning, &word.written))
}

/// Its forms, and how it was written where that is none of them: networks keep the marks that we drop.
fn spellings(word: &Word) -> Vec<String> {
    let mut spellings: Vec<String> = match &word.test {
        WordTest::AnyForm { forms, .. } => forms.texts().map(str::to_owned).collect(),
        WordTest::Exact(form) | WordTest::Cased { form, .. } => vec![form.clone()],
        _ => Vec::new(),
    };
    let written = word.written.to_lowercase();
    if !spellings.contains(&written) {
        spellings.push(written);
    }
    spellings
}

/// Words one behind the other; signs and beginnings of words stand by themselves.
fn row(words: &[Word]) -> Sought {
    let (mut parts, mut run) = (Vec::new(), Vec::new());
    let end = |run: &mut Vec<Vec<String>>, parts: &mut Vec<Sought>| match run.len() {
        0 => {}
        1 => parts.extend(run.pop().map(Sought::Word)),
        _ => parts.push(Sought::Row(std::mem::take(run))),
    };
    for word in words {
        match one(word) {
            Some(Sought::Word(spellings)) => run.push(spellings),
            other => {
                end(&mut run, &mut parts);
                parts.push(other.unwrap_or_else(|| part_untold(word)));
            }
        }
    }
    end(&mut run, &mut parts);
    all(parts.into_iter())
}

fn at_least(count: usize, of: &[Expr], untold: Sought) -> Sought {
    let parts: Vec<Sought> = of.iter().map(|part| sought(part, true)).collect();
    if count <= 1 {
        return any(parts.into_iter());
    }
    if count >= parts.len() {
        return all(parts.into_iter());
    }
    if let Some(choices) = choices(count, parts.len()) {
        return any(choices.iter().map(|choice| all(choice.iter().map(|at| parts[*at].clone()))));
    }
    // Whatever holds so many of them holds one of any `len - count + 1`: best of those that can be asked for.
    let needed = parts.len() + 1 - count;
    let mut parts = parts;
    parts.sort_by_key(|part| matches!(part, Sought::Untold(_)));
    parts.truncate(needed);
    all([any(parts.into_iter()), untold].into_iter())
}

/// Every choice of `count` among `len`; `None` when there are too many.
fn choices(count: usize, len: usize) -> Option<Vec<Vec<usize>>> {
    let mut found: Vec<Vec<usize>> = vec![Vec::new()];
    for _ in 0..count {
        found = found
            .iter()
            .flat_map(|choice| {
                let next = choice.last().map_or(0, |last| last + 1);
                (next..len).map(move |at| [choice.as_slice(), &[at]].concat())
            })
            .collect();
        if found.len() > 4 * MAX_CHOICES {
            return None;
        }
    }
    (found.len() <= MAX_CHOICES).then_some(found)
}
