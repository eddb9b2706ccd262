//! Reads a foreign query into a tree, by the grammar of its dialect. Forgives what those products forgive.

use std::ops::Range;

use super::grammar::{Grammar, Operator, Space, To};
use super::notes;
use super::{NoteSeverity, Notes};
use crate::parser::MAX_NESTING;

/// A part of a foreign query.
#[derive(Debug)]
pub(super) struct Foreign {
    pub(super) span: Range<usize>,
    pub(super) node: Node,
}

impl Foreign {
    /// The letters of a single value.
    pub(super) fn text(&self) -> &str {
        match &self.node {
            Node::Word(text) | Node::Cased(text) | Node::Raw(text) => text,
            Node::Phrase { words, .. } => words,
            _ => "",
        }
    }
}

#[derive(Debug)]
pub(super) enum Node {
    Word(String),
    /// With its capitals.
    Cased(String),
    /// This form, any case.
    Raw(String),
    Phrase {
        words: String,
        slop: Option<u32>,
    },
    Field {
        to: To,
        values: Vec<Foreign>,
    },
    /// Left out with a note.
    Lost,
    And(Vec<Foreign>),
    Or(Vec<Foreign>),
    Not(Box<Foreign>),
    /// `distance` in steps, as ours.
    Near {
        left: Box<Foreign>,
        right: Box<Foreign>,
        distance: u32,
        ordered: bool,
    },
    /// All parts of the inner one within so many words.
    Within {
        inner: Box<Foreign>,
        slop: u32,
    },
}

pub(super) struct Reader<'a> {
    pub(super) text: &'a str,
    pub(super) grammar: &'a Grammar,
    pub(super) notes: &'a mut Notes,
    pub(super) at: usize,
    pub(super) depth: usize,
}

/// What stands next.
#[derive(Clone, Debug, PartialEq)]
enum Next {
    End,
    Close,
    Operator { operator: Operator, distance: Option<u32>, ordered: bool, end: usize },
    Operand,
}

impl Reader<'_> {
    /// Reads all there is.
    pub(super) fn read(mut self) -> Option<Foreign> {
        let mut parts = Vec::new();
        loop {
            parts.extend(self.any());
            if self.next() != Next::Close {
                break;
            }
            let start = self.at;
            self.at += 1;
            self.lost(start..self.at, &notes::STRAY);
        }
        join(parts, Node::And)
    }

    pub(super) fn lost(&mut self, span: Range<usize>, sentence: &'static crate::Spoken) {
        self.notes.add(self.text, span, NoteSeverity::Lost, sentence, "");
    }

    pub(super) fn changed(&mut self, span: Range<usize>, sentence: &'static crate::Spoken) {
        self.notes.add(self.text, span, NoteSeverity::Changed, sentence, "");
    }

    pub(super) fn rest(&self) -> &str {
        self.text.get(self.at..).unwrap_or_default()
    }

    pub(super) fn skip(&mut self) {
        loop {
            let rest = self.rest();
            let space =
                rest.len() - rest.trim_start_matches(|c: char| c.is_whitespace() || c == ',' || c == '\u{feff}').len();
            self.at += space;
            if !self.grammar.comments || !self.rest().starts_with("<<<") {
                return;
            }
            let start = self.at;
            self.at += self.rest().find(">>>").map_or(self.rest().len(), |end| end + 3);
            self.lost(start..self.at, &notes::COMMENT);
        }
    }

    fn next(&mut self) -> Next {
        self.skip();
        let Some(c) = self.rest().chars().next() else { return Next::End };
        if c == ')' {
            return Next::Close;
        }
        let word = &self.rest()[..word_length(self.rest())];
        let end = self.at + word.len();
        let (name, number) = word.split_once('/').map_or((word, None), |(name, number)| (name, Some(number)));
        if self.grammar.slash_distance
            && name.is_empty()
            && let Some(distance) = number.and_then(|number| number.parse().ok())
        {
            return Next::Operator { operator: Operator::Near, distance: Some(distance), ordered: false, end };
        }
        let same = |operator: &str| {
            if self.grammar.any_case { operator.eq_ignore_ascii_case(name) } else { operator == name }
        };
        let Some((_, operator)) = self.grammar.operators.iter().find(|(written, _)| same(written)) else {
            return Next::Operand;
        };
        let is_near = matches!(operator, Operator::Near | Operator::OrderedNear);
        let (number, forward) = match number {
            Some(number) if self.grammar.ordered_suffix && number.ends_with(['f', 'F']) => {
                (Some(&number[..number.len() - 1]), true)
            }
            number => (number, false),
        };
        let distance = number.map(str::parse::<u32>);
        match distance {
            Some(Ok(distance)) if is_near => {
                let ordered = forward || *operator == Operator::OrderedNear;
                let steps = distance.saturating_add(u32::from(self.grammar.counts_between));
                Next::Operator { operator: Operator::Near, distance: Some(steps), ordered, end }
            }
            None if is_near => {
                let ordered = *operator == Operator::OrderedNear;
                let distance = self.grammar.usual_distance;
                Next::Operator { operator: Operator::Near, distance, ordered, end }
            }
            None => Next::Operator { operator: *operator, distance: None, ordered: false, end },
            Some(_) => Next::Operand,
        }
    }

    pub(super) fn any(&mut self) -> Option<Foreign> {
        let mut parts = Vec::new();
        loop {
            parts.extend(self.all());
            match self.next() {
                Next::Operator { operator: Operator::Or, end, .. } => {
                    let operator = self.at..end;
                    self.at = end;
                    if parts.is_empty() || matches!(self.next(), Next::End | Next::Close) {
                        self.lost(operator, &notes::STRAY);
                    }
                }
                _ => return join(parts, Node::Or),
            }
        }
    }

    fn all(&mut self) -> Option<Foreign> {
        let mut parts: Vec<Foreign> = Vec::new();
        let mut joined = true;
        loop {
            match self.next() {
                Next::End | Next::Close | Next::Operator { operator: Operator::Or, .. } => {
                    return join(parts, Node::And);
                }
                Next::Operator { operator: Operator::And, end, .. } => {
                    let operator = self.at..end;
                    self.at = end;
                    joined = true;
                    let more = match self.next() {
                        Next::End | Next::Close => false,
                        Next::Operator { operator, .. } => operator == Operator::Not,
                        Next::Operand => true,
                    };
                    if parts.is_empty() || !more {
                        self.lost(operator, &notes::STRAY);
                    }
                }
                _ => {
                    let before = self.at;
                    if let Some(part) = self.linked() {
                        let negative = matches!(part.node, Node::Not(_));
                        let field = matches!(part.node, Node::Field { .. });
                        let bare = !joined && !negative && !field;
                        if bare && self.grammar.space == Space::Proximity {
                            let before = parts.last().map_or(part.span.start, |before| before.span.start);
                            self.changed(before..part.span.end, &notes::SPACE);
                        }
                        joined = negative || field;
                        parts.push(part);
                    }
                    if self.at == before {
                        self.at += self.rest().chars().next().map_or(1, char::len_utf8);
                    }
                }
            }
        }
    }

    fn linked(&mut self) -> Option<Foreign> {
        let mut left = self.unary();
        let mut links = 0;
        while let Next::Operator { operator: Operator::Near | Operator::OrderedNear, distance, ordered, end } =
            self.next()
        {
            let operator = self.at..end;
            self.at = end;
            let right = self.unary();
            left = match (left, right) {
                (Some(a), Some(b)) if links < MAX_NESTING / 2 => {
                    links += 1;
                    let span = a.span.start..b.span.end;
                    let (left, right) = (Box::new(a), Box::new(b));
                    let distance = distance.unwrap_or(5);
                    Some(Foreign { span, node: Node::Near { left, right, distance, ordered } })
                }
                (a, b) => {
                    self.lost(operator, &notes::STRAY);
                    a.or(b)
                }
            };
        }
        left
    }

    pub(super) fn unary(&mut self) -> Option<Foreign> {
        match self.next() {
            Next::End | Next::Close => None,
            Next::Operator { operator: Operator::Not, end, .. } => {
                let start = self.at;
                self.at = end;
                // Distances bind tighter: `NOT a /2 b` excludes both together.
                let inner = self.nested(start, Self::linked);
                if inner.is_none() {
                    self.lost(start..end, &notes::STRAY);
                }
                inner.map(|inner| negated(start, inner))
            }
            Next::Operator { .. } => None,
            Next::Operand => self.operand(),
        }
    }

    /// One level deeper; `None` with a note when that is too deep.
    pub(super) fn nested(&mut self, start: usize, read: impl FnOnce(&mut Self) -> Option<Foreign>) -> Option<Foreign> {
        if self.depth >= MAX_NESTING {
            let span = start..self.text.len();
            self.at = self.text.len();
            if !self.notes.told(&notes::TOO_DEEP) {
                self.lost(span.clone(), &notes::TOO_DEEP);
            }
            return Some(Foreign { span, node: Node::Lost });
        }
        self.depth += 1;
        let part = read(self);
        self.depth -= 1;
        part
    }
}

pub(super) fn negated(start: usize, inner: Foreign) -> Foreign {
    Foreign { span: start..inner.span.end, node: Node::Not(Box::new(inner)) }
}

fn join(mut parts: Vec<Foreign>, node: fn(Vec<Foreign>) -> Node) -> Option<Foreign> {
    if parts.len() < 2 {
        return parts.pop();
    }
    let span = parts[0].span.start..parts[parts.len() - 1].span.end;
    Some(Foreign { span, node: node(parts) })
}

pub(super) const fn closing(open: char) -> Option<&'static str> {
    match open {
        '"' => Some("\""),
        '«' => Some("»"),
        '“' | '”' | '„' => Some("”“\""),
        _ => None,
    }
}

/// Bytes up to what ends a word.
pub(super) fn word_length(text: &str) -> usize {
    text.find(|c: char| c.is_whitespace() || matches!(c, '(' | ')' | ',') || closing(c).is_some()).unwrap_or(text.len())
}
