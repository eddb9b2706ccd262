//! What is allowed but probably not meant. Linear in the length of the query.

mod conflicts;
mod coverage;
mod everyday;
mod print;

use crate::diagnostic::Diagnostic;
use crate::field::{FieldTest, NumberField};
use crate::syntax::{Expr, Node, WordTest};
use print::Print;

/// Operators in small letters and what was meant.
const LOWER_CASE: &[(&str, &str)] = &[
    ("or", "OR"),
    ("and", "AND"),
    ("not", "NOT"),
    ("или", "ИЛИ"),
    ("и", "И"),
    ("не", "НЕ"),
    ("або", "АБО"),
    ("і", "І"),
];

/// Adds a warning for everything in the query that looks like a mistake.
pub(crate) fn lint(text: &str, expr: &Expr, diagnostics: &mut Vec<Diagnostic>) {
    Lint { text, diagnostics }.walk(expr, true);
}

pub(super) struct Lint<'a> {
    pub(super) text: &'a str,
    pub(super) diagnostics: &'a mut Vec<Diagnostic>,
}

/// What a part looks like, without its places in the text.
pub(super) struct Seen {
    pub(super) print: Print,
    /// Those of the parts of a choice or a conjunction.
    pub(super) parts: Vec<Print>,
}

impl Lint<'_> {
    pub(super) fn warn(&mut self, code: &'static str, part: &Expr) {
        let written = self.written(part).to_owned();
        self.diagnostics.push(Diagnostic::warning(code, part.span.clone(), written));
    }

    pub(super) fn warn_beside(&mut self, code: &'static str, part: &Expr, other: &Expr) {
        let (written, other) = (self.written(part).to_owned(), self.written(other).to_owned());
        self.diagnostics.push(Diagnostic::warning(code, part.span.clone(), written).beside(other));
    }

    pub(super) fn written(&self, part: &Expr) -> &str {
        self.text.get(part.span.clone()).unwrap_or_default()
    }

    /// `alone` while nothing else is demanded beside this part.
    fn walk(&mut self, expr: &Expr, alone: bool) -> Seen {
        match &expr.node {
            Node::And(parts) => {
                let demanded = if alone { parts.iter().filter(|part| part.demands(true)).count() } else { 0 };
                let seen: Vec<_> = parts.iter().map(|part| self.walk(part, alone && demanded == 1)).collect();
                self.lower_case_operators(parts);
                self.repeated(parts, &seen);
                self.conflicts(parts, &seen);
                self.covered_requirements(parts, &seen);
                joined(expr, seen)
            }
            Node::Or(parts) if expr.is_compound() => {
                let seen = parts.iter().map(print::leaf);
                Seen { print: print::of_parts(&expr.node, seen.collect()), parts: Vec::new() }
            }
            Node::Or(parts) => {
                let seen: Vec<_> = parts.iter().map(|part| self.walk(part, alone)).collect();
                parts.iter().for_each(|part| self.mixed(part));
                self.repeated(parts, &seen);
                self.covered_alternatives(parts, &seen);
                joined(expr, seen)
            }
            Node::AtLeast { of, .. } => {
                let seen: Vec<_> = of.iter().map(|part| self.walk(part, false)).collect();
                self.repeated(of, &seen);
                joined(expr, seen)
            }
            Node::Near { left, right, distance, .. } => {
                if *distance == 0 {
                    self.warn("distance_zero", expr);
                }
                let seen = vec![self.walk(left, false), self.walk(right, false)];
                joined(expr, seen)
            }
            Node::Sentence { left, right } => {
                let seen = vec![self.walk(left, false), self.walk(right, false)];
                joined(expr, seen)
            }
            Node::Not(part) => {
                let seen = vec![self.walk(part, false)];
                joined(expr, seen)
            }
            Node::Word(word) => {
                self.unread_signs(expr);
                if alone && let WordTest::AnyForm { form, .. } | WordTest::Exact(form) = &word.test {
                    self.everyday(expr, form, matches!(word.test, WordTest::AnyForm { .. }));
                }
                Seen { print: print::leaf(expr), parts: Vec::new() }
            }
            Node::Field(test) => {
                if let FieldTest::Number(NumberField::Rating, range) = test
                    && (range.from > 5 || range.to == 0)
                {
                    self.warn("rating_range", expr);
                }
                Seen { print: print::leaf(expr), parts: Vec::new() }
            }
            Node::Phrase(phrase) => {
                if phrase.slop.is_none() {
                    self.unread_signs(expr);
                }
                Seen { print: print::leaf(expr), parts: Vec::new() }
            }
            // A list is looked over where it is saved.
            Node::Title(_) | Node::List { .. } => Seen { print: print::leaf(expr), parts: Vec::new() },
        }
    }

    fn everyday(&mut self, part: &Expr, form: &str, any_form: bool) {
        if any_form && everyday::is_brand_and_word(form) {
            self.warn("common_word", part);
        } else if everyday::is_frequent(form) {
            self.warn("frequent_word", part);
        }
    }

    /// Operators of other languages, which are no more than spaces here.
    fn unread_signs(&mut self, part: &Expr) {
        let written = self.written(part);
        let quoted = written.starts_with(['"', '«', '“', '„', '”']);
        if quoted || !written.bytes().any(|byte| matches!(byte, b'~' | b'^' | b'!' | b'{' | b'}' | b'[' | b']')) {
            return;
        }
        let excluded = written.strip_prefix('!').map(|rest| format!("-{rest}"));
        let warning = Diagnostic::warning("unread_sign", part.span.clone(), written);
        self.diagnostics.push(match excluded {
            Some(excluded) => warning.with(excluded),
            None => warning,
        });
    }

    fn lower_case_operators(&mut self, parts: &[Expr]) {
        for part in parts {
            let operator = match &part.node {
                Node::Word(_) => LOWER_CASE
                    .iter()
                    .find(|(lower, _)| *lower == self.written(part))
                    .map(|(_, operator)| (*operator).to_owned()),
                Node::Phrase(phrase) if phrase.slop.is_none() => {
                    let written = self.written(part);
                    let is_distance = written.starts_with("near/") || written.starts_with("onear/");
                    is_distance.then(|| written.to_uppercase())
                }
                _ => None,
            };
            if let Some(operator) = operator {
                let written = self.written(part).to_owned();
                let warning = Diagnostic::warning("lower_case_operator", part.span.clone(), written);
                self.diagnostics.push(warning.with(operator));
            }
        }
    }

    /// `a OR b c`: an unbracketed AND among alternatives.
    fn mixed(&mut self, part: &Expr) {
        let Node::And(parts) = &part.node else { return };
        let bracketed = parts.first().is_some_and(|first| part.span.start < first.span.start);
        if !bracketed {
            let written = self.written(part).to_owned();
            let new = format!("({written})");
            self.diagnostics.push(Diagnostic::warning("mixed_operators", part.span.clone(), written).with(new));
        }
    }

    fn repeated(&mut self, parts: &[Expr], seen: &[Seen]) {
        let mut order: Vec<(Print, usize)> = seen.iter().enumerate().map(|(index, seen)| (seen.print, index)).collect();
        order.sort_unstable();
        for pair in order.windows(2) {
            if pair[0].0 == pair[1].0 {
                self.warn("adds_nothing", &parts[pair[1].1]);
            }
        }
    }
}

fn joined(expr: &Expr, seen: Vec<Seen>) -> Seen {
    let parts: Vec<_> = seen.into_iter().map(|seen| seen.print).collect();
    Seen { print: print::of_parts(&expr.node, parts.clone()), parts }
}
