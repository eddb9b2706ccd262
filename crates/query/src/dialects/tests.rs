//! Holds the writer against a plain evaluator of foreign trees: whatever the original finds, ours finds too.

use molva_domain::{Post, Timestamp, Urn};
use proptest::prelude::*;

use super::reader::{Foreign, Node, Reader};
use super::{Dialect, NoteSeverity, Notes, import};

/// Exact forms, distances in steps, as the other products define them.
struct Evaluator<'a> {
    words: Vec<&'a str>,
}

impl Evaluator<'_> {
    fn holds(&self, part: &Foreign) -> bool {
        match &part.node {
            Node::And(parts) => parts.iter().all(|part| self.holds(part)),
            Node::Or(parts) => parts.iter().any(|part| self.holds(part)),
            Node::Not(inner) => !self.holds(inner),
            Node::Within { inner, slop } => match &inner.node {
                Node::And(parts) => self.within(parts, *slop),
                _ => self.holds(inner),
            },
            _ => !self.places(part).is_empty(),
        }
    }

    /// A place of its own for each part, all of them in one stretch with no more than `slop` other words.
    fn within(&self, parts: &[Foreign], slop: u32) -> bool {
        let places: Vec<_> = parts.iter().map(|part| self.places(part)).collect();
        (0..self.words.len()).any(|start| fit(&places, start, start + parts.len() + slop as usize, &mut Vec::new()))
    }

    fn places(&self, part: &Foreign) -> Vec<(usize, usize)> {
        let row = |wanted: &[&str]| {
            let same = |(_, row): &(usize, &[&str])| row.iter().zip(wanted).all(|(a, b)| a.eq_ignore_ascii_case(b));
            let found = self.words.windows(wanted.len()).enumerate().filter(same);
            found.map(|(start, row)| (start, start + row.len() - 1)).collect()
        };
        match &part.node {
            Node::Word(word) | Node::Raw(word) => row(&[word.as_str()]),
            Node::Phrase { words, slop: None } => row(&words.split_whitespace().collect::<Vec<_>>()),
            Node::Or(parts) => parts.iter().flat_map(|part| self.places(part)).collect(),
            Node::Near { left, right, distance, ordered } => self.pairs(left, right, *distance as usize, *ordered),
            Node::Within { inner, slop } => match &inner.node {
                Node::And(parts) => match parts.as_slice() {
                    [left, right] => self.pairs(left, right, *slop as usize + 1, false),
                    _ => Vec::new(),
                },
                _ => self.places(inner),
            },
            // Such a side of a distance has no place; what is made of it is told as a change.
            _ => Vec::new(),
        }
    }

    fn pairs(&self, left: &Foreign, right: &Foreign, steps: usize, ordered: bool) -> Vec<(usize, usize)> {
        let mut found = Vec::new();
        for a in self.places(left) {
            for b in self.places(right) {
                let after = a.1 < b.0 && b.0 - a.1 <= steps;
                let before = !ordered && b.1 < a.0 && a.0 - b.1 <= steps;
                if after || before {
                    found.push((a.0.min(b.0), a.1.max(b.1)));
                }
            }
        }
        found
    }
}

/// Whether each part has a place from `start` up to `end` that none of those before has taken.
fn fit(parts: &[Vec<(usize, usize)>], start: usize, end: usize, taken: &mut Vec<(usize, usize)>) -> bool {
    let Some((first, rest)) = parts.split_first() else { return true };
    first.iter().filter(|(from, to)| *from >= start && *to < end).any(|(from, to)| {
        let free = taken.iter().all(|(begun, ended)| to < begun || ended < from);
        taken.push((*from, *to));
        let all = free && fit(rest, start, end, taken);
        taken.pop();
        all
    })
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 4_000, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn ours_finds_whatever_the_original_finds(
        query in "(aa|bb|cc|\"aa bb\"|\\((aa|bb)( OR | AND | NOT | NEAR/1 )(cc|\"bb cc\")\\)(~2)?)(( AND | OR | NOT | NEAR/2 | NEAR/1f | near/2 | -| /2 | )(aa|bb|dd|\"cc dd\"|\\((aa|bb) (OR|AND|NOT) (cc|dd)\\)(~1)?)){0,4}",
        words in proptest::collection::vec(prop::sample::select(vec!["aa", "bb", "cc", "dd", "ee"]), 0..8),
    ) {
        let at = Timestamp::from_secs(0);
        let post = Post::new(Urn::new("urn:smm:vk:post:1"), "vk", words.join(" "), at, at);
        for dialect in Dialect::ALL {
            let imported = import(*dialect, &query);
            if imported.notes.iter().any(|note| note.severity == NoteSeverity::Lost) {
                continue;
            }
            let mut notes = Notes::default();
            let reader = Reader { text: &query, grammar: dialect.grammar(), notes: &mut notes, at: 0, depth: 0 };
            let foreign = reader.read();
            let found = foreign.is_some_and(|foreign| Evaluator { words: words.clone() }.holds(&foreign));
            let ours = crate::parse(&imported.query).query;
            prop_assert!(ours.is_some(), "{}", imported.query);
            prop_assert!(!found || ours.is_some_and(|ours| ours.matches(&post)), "{:?} {:?}: {}", dialect, words, imported.query);
        }
    }
}
