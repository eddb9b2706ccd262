//! Turns a query into code: exclusions pushed down to single tests, words replaced by the numbers of symbols.

use std::sync::Arc;

use molva_query::Query;
use molva_query::field::FieldTest;
use molva_query::syntax::{Expr, Node, Word};

use crate::code::{Operator, Writer};
use crate::frequency::Frequencies;
use crate::lists::{Lists, as_word};
use crate::symbol::{self, Symbol};

/// A query on its way into an index. The atoms of its code are places in `symbols`.
#[derive(Debug)]
pub(crate) struct Program {
    pub(crate) id: i64,
    pub(crate) code: Box<[u32]>,
    pub(crate) symbols: Box<[Symbol]>,
    pub(crate) fields: Box<[FieldTest]>,
}

pub(crate) fn compile(id: i64, query: &Query, frequencies: &Frequencies, lists: &Lists) -> Program {
    let mut compiler =
        Compiler { code: Writer::default(), symbols: Vec::new(), fields: Vec::new(), frequencies, lists };
    compiler.step(query.expr(), true, false);
    Program { id, code: compiler.code.finish(), symbols: compiler.symbols.into(), fields: compiler.fields.into() }
}

struct Compiler<'a> {
    code: Writer,
    symbols: Vec<Symbol>,
    fields: Vec<FieldTest>,
    frequencies: &'a Frequencies,
    lists: &'a Lists,
}

impl Compiler<'_> {
    fn part(&mut self, operator: Operator, inside: impl FnOnce(&mut Self)) {
        let mut code = std::mem::take(&mut self.code);
        code.part(operator, |code| {
            std::mem::swap(&mut self.code, code);
            inside(self);
            std::mem::swap(&mut self.code, code);
        });
        self.code = code;
    }

    fn step(&mut self, expr: &Expr, wanted: bool, title_only: bool) {
        match (&expr.node, wanted) {
            (Node::Not(part), _) => self.step(part, !wanted, title_only),
            (Node::Title(part), _) => self.step(part, wanted, true),
            (Node::List { of, .. }, _) => match &of.node {
                Node::Or(parts) if !title_only => self.choice(parts, Some(of), wanted),
                _ => self.step(of, wanted, title_only),
            },
            (Node::Field(test), _) => {
                self.fields.push(test.clone());
                let number = self.fields.len() as u32 - 1;
                match Symbol::of_sign(test).filter(|_| wanted) {
                    Some(sign) => {
                        let symbol = self.symbols.len() as u32;
                        self.symbols.push(sign);
                        self.code.part(Operator::SignedField, |code| {
                            code.number(number);
                            code.number(symbol);
                        });
                    }
                    None if wanted => self.code.part(Operator::Field, |code| code.number(number)),
                    None => self.code.part(Operator::NoField, |code| code.number(number)),
                }
            }
            (Node::Word(word), _) if !title_only => self.words(if_wanted(wanted), std::iter::once(word)),
            (Node::Or(parts), _) if !title_only => self.choice(parts, None, wanted),
            (Node::And(parts), true) | (Node::Or(parts), false) => self.steps(Operator::All, parts, wanted, title_only),
            (Node::And(parts), false) | (Node::Or(parts), true) => {
                self.steps(Operator::Some, parts, wanted, title_only)
            }
            (Node::AtLeast { count, of }, _) => {
                // Fewer than `count` are there when at least `len - count + 1` are missing.
                let count = if wanted { *count } else { (of.len() + 1).saturating_sub(*count) };
                self.part(Operator::AtLeast, |inside| {
                    inside.code.number(count as u32);
                    of.iter().for_each(|part| inside.step(part, wanted, title_only));
                });
            }
            (Node::Word(_) | Node::Phrase(_) | Node::Near { .. } | Node::Sentence { .. }, _) => {
                let operator = if wanted { Operator::Place } else { Operator::NoPlace };
                self.part(operator, |inside| inside.place(expr, title_only));
            }
        }
    }

    /// The plain words of a choice are one look over their atoms. `list` is the list that the choice is.
    fn choice(&mut self, parts: &[Expr], list: Option<&Arc<Expr>>, wanted: bool) {
        let others: Vec<&Expr> = parts.iter().filter(|part| as_word(part).is_none()).collect();
        let operator = if wanted { Operator::Some } else { Operator::All };
        if others.len() == parts.len() {
            return self.steps(operator, others, wanted, false);
        }
        if others.is_empty() {
            return self.words_of(if_wanted(wanted), parts, list);
        }
        self.part(operator, |inside| {
            inside.words_of(if_wanted(wanted), parts, list);
            inside.ordered(others, false).into_iter().for_each(|part| inside.step(part, wanted, false));
        });
    }

    /// The plain words among the parts of a choice.
    fn words_of(&mut self, operator: Operator, parts: &[Expr], list: Option<&Arc<Expr>>) {
        match list {
            Some(list) => self.symbols(operator, &self.lists.words(list, parts)),
            None => self.words(operator, parts.iter().filter_map(as_word)),
        }
    }

    /// Quick tests first, and of those the one that says no most often: what has places is looked at last.
    fn ordered<'a>(&self, parts: impl IntoIterator<Item = &'a Expr>, title_only: bool) -> Vec<&'a Expr> {
        let order = parts.into_iter().map(|part| (part, effort(part, title_only), self.commonness(part)));
        let mut order: Vec<(&Expr, u8, u64)> = order.collect();
        order.sort_by_key(|(_, effort, commonness)| (*effort, *commonness));
        order.into_iter().map(|(part, ..)| part).collect()
    }

    fn steps<'a>(
        &mut self,
        operator: Operator,
        parts: impl IntoIterator<Item = &'a Expr>,
        wanted: bool,
        title_only: bool,
    ) {
        let order = self.ordered(parts, title_only);
        self.part(operator, |inside| order.into_iter().for_each(|part| inside.step(part, wanted, title_only)));
    }

    /// How often a choice of words is met, about; excluded words come last.
    fn commonness(&self, part: &Expr) -> u64 {
        match &part.node {
            Node::Word(word) => self.frequencies.of(&Symbol::of(&word.test)),
            Node::Or(parts) => parts.iter().map(|part| self.commonness(part)).fold(0, u64::saturating_add),
            Node::List { of, .. } => match &of.node {
                Node::Or(parts) => {
                    let words = self.lists.words(of, parts);
                    let others = parts.iter().filter(|part| as_word(part).is_none());
                    let words = words.iter().map(|symbol| self.frequencies.of(symbol));
                    words.chain(others.map(|part| self.commonness(part))).fold(0, u64::saturating_add)
                }
                _ => self.commonness(of),
            },
            Node::Phrase(_) | Node::Near { .. } | Node::Sentence { .. } | Node::And(_) => 0,
            Node::Not(_) | Node::Field(_) | Node::Title(_) | Node::AtLeast { .. } => u64::MAX,
        }
    }

    fn place(&mut self, expr: &Expr, title_only: bool) {
        let word = if title_only { Operator::TitleWord } else { Operator::Word };
        match &expr.node {
            Node::Word(one) => self.words(word, std::iter::once(one)),
            Node::Phrase(phrase) => match phrase.slop {
                None => self.part(Operator::Row, |inside| {
                    phrase.words.iter().for_each(|one| inside.words(word, std::iter::once(one)));
                }),
                Some(slop) => self.part(Operator::Close, |inside| {
                    inside.code.number(phrase.words.len() as u32 + slop);
                    for one in &phrase.words {
                        let times = phrase.words.iter().filter(|other| other.test == one.test).count();
                        inside.part(Operator::Times, |inside| {
                            inside.code.number(times as u32);
                            inside.words(word, std::iter::once(one));
                        });
                    }
                }),
            },
            Node::Near { left, right, distance, ordered } => {
                self.part(if *ordered { Operator::OrderedNear } else { Operator::Near }, |inside| {
                    inside.code.number(*distance);
                    inside.place(left, title_only);
                    inside.place(right, title_only);
                });
            }
            Node::Sentence { left, right } => self.part(Operator::Sentence, |inside| {
                inside.place(left, title_only);
                inside.place(right, title_only);
            }),
            Node::List { of, .. } => match &of.node {
                Node::Or(parts) => self.place_of_choice(word, parts, Some(of), title_only),
                _ => self.place(of, title_only),
            },
            Node::Or(parts) => self.place_of_choice(word, parts, None, title_only),
            // The parser lets nothing else stand here.
            _ => self.part(Operator::Either, |_| {}),
        }
    }

    fn place_of_choice(&mut self, word: Operator, parts: &[Expr], list: Option<&Arc<Expr>>, title_only: bool) {
        let others: Vec<&Expr> = parts.iter().filter(|part| as_word(part).is_none()).collect();
        if others.is_empty() {
            return self.words_of(word, parts, list);
        }
        self.part(Operator::Either, |inside| {
            if others.len() < parts.len() {
                inside.words_of(word, parts, list);
            }
            others.into_iter().for_each(|part| inside.place(part, title_only));
        });
    }

    fn words<'a>(&mut self, operator: Operator, words: impl Iterator<Item = &'a Word>) {
        self.symbols(operator, &symbol::of_list(words.map(|word| &word.test)));
    }

    fn symbols(&mut self, operator: Operator, found: &[Symbol]) {
        let Self { code, symbols, .. } = self;
        code.part(operator, |code| {
            for symbol in found {
                code.number(symbols.len() as u32);
                symbols.push(symbol.clone());
            }
        });
    }
}

const fn if_wanted(wanted: bool) -> Operator {
    if wanted { Operator::Any } else { Operator::None }
}

/// How much work a part is, about.
fn effort(expr: &Expr, title_only: bool) -> u8 {
    match &expr.node {
        Node::Word(_) if !title_only => 0,
        Node::Field(_) => 1,
        Node::Not(part) => effort(part, title_only),
        Node::List { of, .. } => effort(of, title_only),
        Node::And(parts) | Node::Or(parts) | Node::AtLeast { of: parts, .. } => {
            parts.iter().map(|part| effort(part, title_only)).max().unwrap_or(0)
        }
        _ => 2,
    }
}
