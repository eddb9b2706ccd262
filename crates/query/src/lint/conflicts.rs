//! Parts that can never match beside each other.

use std::collections::{HashMap, HashSet};
use std::mem::{Discriminant, discriminant};
use std::ops::RangeBounds as _;

use super::{Lint, Seen};
use crate::field::{FieldTest, JudgedTest};
use crate::syntax::{Expr, Node};

impl Lint<'_> {
    pub(super) fn conflicts(&mut self, parts: &[Expr], seen: &[Seen]) {
        self.demanded_and_excluded(parts, seen);
        self.fields(parts);
    }

    fn demanded_and_excluded(&mut self, parts: &[Expr], seen: &[Seen]) {
        let mut excluded = HashSet::new();
        for (part, seen) in parts.iter().zip(seen) {
            if let Node::Not(inner) = &part.node {
                excluded.extend(seen.parts.iter().copied());
                if let Node::Or(alternatives) = &inner.node {
                    excluded.extend(alternatives.iter().map(super::print::leaf));
                }
            }
        }
        if excluded.is_empty() {
            return;
        }
        let demanded: HashSet<u64> = seen.iter().map(|seen| seen.print).collect();
        for (part, seen) in parts.iter().zip(seen) {
            match &part.node {
                Node::Not(inner) if seen.parts.iter().any(|print| demanded.contains(print)) => {
                    let written = self.written(inner).to_owned();
                    let span = part.span.clone();
                    self.diagnostics.push(crate::Diagnostic::warning("never_matches", span, written));
                }
                Node::Not(inner) => {
                    if let Node::Or(alternatives) = &inner.node {
                        for alternative in alternatives {
                            if demanded.contains(&super::print::leaf(alternative)) {
                                self.warn("never_matches", alternative);
                            }
                        }
                    }
                }
                Node::Or(alternatives) if !part.is_compound() => {
                    for (alternative, print) in alternatives.iter().zip(&seen.parts) {
                        if excluded.contains(print) {
                            self.warn("never_matches", alternative);
                        }
                    }
                }
                _ => {}
            }
        }
    }

    /// Fields that have one value, demanded with two.
    fn fields(&mut self, parts: &[Expr]) {
        let mut first: HashMap<(Discriminant<FieldTest>, u8), &Expr> = HashMap::new();
        for part in parts {
            let Node::Field(test) = &part.node else { continue };
            let known = first.entry((discriminant(test), kind(test))).or_insert(part);
            if let Node::Field(other) = &known.node
                && exclusive(other, test)
            {
                let other: &Expr = known;
                self.warn_beside("exclusive_fields", part, other);
            }
        }
    }
}

/// Tells apart the fields of one variant.
fn kind(test: &FieldTest) -> u8 {
    match test {
        FieldTest::Number(field, _) => *field as u8,
        FieldTest::Judged(judged) => match judged {
            JudgedTest::Tone(_) => 0,
            JudgedTest::Intent(_) => 1,
            JudgedTest::Stage(_) => 2,
            JudgedTest::Score(field, _) => 3 + *field as u8,
            JudgedTest::CaseStatus(_) => 10,
            JudgedTest::CaseSla(_) => 11,
            JudgedTest::Text(field, _) => 20 + *field as u8,
        },
        _ => 0,
    }
}

/// Whether no post passes both tests of one field.
fn exclusive(a: &FieldTest, b: &FieldTest) -> bool {
    match (a, b) {
        (FieldTest::Network(_), FieldTest::Network(_))
        | (FieldTest::Kind(_), FieldTest::Kind(_))
        | (FieldTest::Community(_), FieldTest::Community(_))
        | (FieldTest::Verified(_), FieldTest::Verified(_))
        | (FieldTest::Language(_), FieldTest::Language(_)) => a != b,
        (FieldTest::Number(_, a), FieldTest::Number(_, b)) => a.to < b.from || b.to < a.from,
        (FieldTest::Published(a), FieldTest::Published(b)) => a.before <= b.from || b.before <= a.from,
        (FieldTest::Judged(a), FieldTest::Judged(b)) => match (a, b) {
            (JudgedTest::Score(_, a), JudgedTest::Score(_, b)) => {
                // Two stretches of a line meet when one of them holds an end of the other, or one that lies just beside it.
                let probes = [a.from, a.to, b.from, b.to].into_iter().filter_map(end);
                !probes.flat_map(|end| [end.next_down(), end, end.next_up()]).any(|score| {
                    (0.0..=1.0).contains(&score) && (a.from, a.to).contains(&score) && (b.from, b.to).contains(&score)
                })
            }
            (JudgedTest::Text(field, _), JudgedTest::Text(..)) => field.has_one_value() && a != b,
            _ => a != b,
        },
        _ => false,
    }
}

const fn end(bound: std::ops::Bound<f32>) -> Option<f32> {
    match bound {
        std::ops::Bound::Included(end) | std::ops::Bound::Excluded(end) => Some(end),
        std::ops::Bound::Unbounded => None,
    }
}
