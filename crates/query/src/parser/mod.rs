//! Reads lexemes into a syntax tree. Goes on after each error, so that all of them are told at once.
//!
//! Precedence: `NOT` > `NEAR`, `ONEAR`, `SENTENCE` > `AND` (a space) > `OR`.

mod fields;

use std::ops::Range;

use crate::Reading;
use crate::diagnostic::Diagnostic;
use crate::lexer::{Lexeme, Lexer, Sign};
use crate::syntax::{Expr, Node, Phrase, Word};
use crate::words::{Plain, read_phrase, read_word};

/// Longest query, in characters.
pub const MAX_CHARACTERS: usize = 100_000;
/// Most words of a query.
pub const MAX_WORDS: usize = 10_000;
/// Deepest nesting of brackets, exclusions and linked distances.
pub const MAX_NESTING: usize = 100;

struct Parser<'a> {
    text: &'a str,
    reading: &'a Reading<'a>,
    /// Words so far, those of lists included.
    words: usize,
    lexemes: &'a [Lexeme],
    at: usize,
    depth: usize,
    /// Nested too deeply: the rest is not read.
    abandoned: bool,
    diagnostics: &'a mut Vec<Diagnostic>,
}

/// Reads a query; the tree is complete only when no error was added.
pub(crate) fn read(text: &str, reading: &Reading<'_>, diagnostics: &mut Vec<Diagnostic>) -> Option<Expr> {
    if text.chars().count() > MAX_CHARACTERS {
        diagnostics.push(Diagnostic::error("too_long", 0..text.len(), ""));
        return None;
    }
    let lexemes = Lexer::read(text, diagnostics);
    let words = lexemes.iter().map(|lexeme| match &lexeme.sign {
        Sign::Word => 1,
        Sign::Quoted { content, .. } => text[content.clone()].split_whitespace().count(),
        Sign::Field { values, .. } => values.len(),
        _ => 0,
    });
    let words = words.sum::<usize>();
    if words > MAX_WORDS {
        diagnostics.push(Diagnostic::error("too_many_words", 0..text.len(), ""));
        return None;
    }
    let before = diagnostics.len();
    let mut parser = Parser { text, reading, words, lexemes: &lexemes, at: 0, depth: 0, abandoned: false, diagnostics };
    let mut expr = parser.any();
    while let Some(lexeme) = parser.peek() {
        // Only a bracket or a comma can stop `any` early.
        let code = if lexeme.sign == Sign::Comma { "comma_outside_list" } else { "unexpected_bracket" };
        let replacement = if lexeme.sign == Sign::Comma { " OR" } else { "" };
        parser.complain(code, lexeme.span.clone(), "", Some(replacement));
        parser.at += 1;
        expr = parser.any().or(expr);
    }
    if expr.is_none() && diagnostics.len() == before && diagnostics.is_empty() {
        diagnostics.push(Diagnostic::error("empty_query", 0..text.len(), ""));
    }
    expr
}

impl<'a> Parser<'a> {
    fn peek(&self) -> Option<&'a Lexeme> {
        if self.abandoned { None } else { self.lexemes.get(self.at) }
    }

    fn complain(&mut self, code: &'static str, span: Range<usize>, subject: &str, replacement: Option<&str>) {
        let mut diagnostic = Diagnostic::error(code, span, subject);
        diagnostic.replacement = replacement.map(str::to_owned);
        self.diagnostics.push(diagnostic);
    }

    fn written(&self, span: &Range<usize>) -> String {
        self.text[span.clone()].to_owned()
    }

    /// Counts a level of nesting; false when there are too many.
    fn enter(&mut self, span: &Range<usize>) -> bool {
        self.depth += 1;
        if self.depth > MAX_NESTING && !self.abandoned {
            self.abandoned = true;
            self.complain("too_deep", span.clone(), "", None);
        }
        self.depth <= MAX_NESTING
    }

    /// Alternatives joined by OR.
    fn any(&mut self) -> Option<Expr> {
        let first = self.all();
        let is_or = |lexeme: &&Lexeme| lexeme.sign == Sign::Or;
        if self.peek().filter(is_or).is_none() {
            return first;
        }
        let mut parts = Vec::from_iter(first);
        while let Some(lexeme) = self.peek().filter(is_or) {
            self.at += 1;
            let empty_left = parts.is_empty();
            let part = self.all();
            if part.is_none() || empty_left {
                self.operand_is_missing(lexeme);
            }
            parts.extend(part);
        }
        join(parts, Node::Or)
    }

    /// Parts joined by AND or by nothing at all.
    fn all(&mut self) -> Option<Expr> {
        let ends = |lexeme: &Lexeme| matches!(lexeme.sign, Sign::Or | Sign::Close | Sign::Comma);
        let first = self.linked();
        if self.peek().is_none_or(ends) {
            return first;
        }
        let mut parts = Vec::from_iter(first);
        while let Some(lexeme) = self.peek().filter(|lexeme| !ends(lexeme)) {
            let before = self.at;
            let and = lexeme.sign == Sign::And;
            if and {
                self.at += 1;
            }
            let empty_left = parts.is_empty();
            let part = self.linked();
            if and && (part.is_none() || empty_left) {
                self.operand_is_missing(lexeme);
            }
            parts.extend(part);
            if self.at == before {
                self.at += 1;
            }
        }
        join(parts, Node::And)
    }

    fn operand_is_missing(&mut self, operator: &Lexeme) {
        let written = self.written(&operator.span);
        self.complain("missing_operand", operator.span.clone(), &written, Some(""));
    }

    /// Parts linked by NEAR, ONEAR and SENTENCE, from left to right.
    fn linked(&mut self) -> Option<Expr> {
        let mut left = self.excluded();
        let entered = self.depth;
        while let Some(link) = self.peek().filter(|link| matches!(link.sign, Sign::Near { .. } | Sign::Sentence)) {
            self.at += 1;
            if !self.enter(&link.span) {
                break;
            }
            let right = self.excluded();
            let (Some(a), Some(b)) = (left.take(), right) else {
                self.operand_is_missing(link);
                continue;
            };
            for side in [&a, &b] {
                if !side.is_positional() {
                    let operator = self.written(&link.span);
                    self.complain("near_operand", side.span.clone(), &operator, None);
                }
            }
            let span = a.span.start..b.span.end;
            let (a, b) = (Box::new(a), Box::new(b));
            left = Some(Expr::new(
                span,
                match link.sign {
                    Sign::Near { distance, ordered } => Node::Near { left: a, right: b, distance, ordered },
                    _ => Node::Sentence { left: a, right: b },
                },
            ));
        }
        self.depth = entered;
        left
    }

    fn excluded(&mut self) -> Option<Expr> {
        let lexeme = self.peek()?;
        if lexeme.sign != Sign::Not {
            return self.part();
        }
        self.at += 1;
        if !self.enter(&lexeme.span) {
            return None;
        }
        let part = self.excluded();
        self.depth -= 1;
        let Some(part) = part else {
            self.operand_is_missing(lexeme);
            return None;
        };
        let span = lexeme.span.start..part.span.end;
        Some(Expr::new(span, Node::Not(Box::new(part))))
    }

    fn part(&mut self) -> Option<Expr> {
        let Lexeme { span, sign } = self.peek()?;
        let part = match sign {
            Sign::Word => {
                self.at += 1;
                self.word(span.clone(), Plain::AnyForm)
            }
            Sign::Quoted { content, slop } => {
                self.at += 1;
                self.phrase(span.clone(), content.clone(), *slop)
            }
            Sign::Field { name, values } => {
                self.at += 1;
                self.field(span.clone(), name.clone(), values)
            }
            Sign::Open => self.group(span.clone()),
            Sign::Of(count) => self.count_of(span.clone(), *count),
            _ => return None,
        };
        // What could not be read has been complained of; its neighbours are not to be blamed for it.
        part.or_else(|| Some(Expr::new(span.clone(), Node::Phrase(Phrase { words: Vec::new(), slop: None }))))
    }

    fn word(&mut self, span: Range<usize>, plain: Plain) -> Option<Expr> {
        read_word(&self.text[span.clone()], span, plain, self.diagnostics)
    }

    fn phrase(&mut self, span: Range<usize>, content: Range<usize>, slop: Option<u32>) -> Option<Expr> {
        let plain = if slop.is_some() { Plain::AnyForm } else { Plain::Exact };
        let before = self.diagnostics.len();
        let place = |bytes: Range<usize>| content.start + bytes.start..content.start + bytes.end;
        let mut words = read_phrase(&self.text[content.clone()], &place, plain, self.diagnostics);
        if words.is_empty() {
            if self.diagnostics.len() == before {
                self.complain("empty_phrase", span, "", Some(""));
            }
            return None;
        }
        if words.len() == 1 {
            return words.pop().map(|word: Word| Expr::new(span, Node::Word(word)));
        }
        Some(Expr::new(span, Node::Phrase(Phrase { words, slop })))
    }

    fn group(&mut self, open: Range<usize>) -> Option<Expr> {
        self.at += 1;
        if !self.enter(&open) {
            return None;
        }
        let before = self.diagnostics.len();
        let inner = self.any();
        self.depth -= 1;
        match self.peek() {
            Some(lexeme) if lexeme.sign == Sign::Close => {
                self.at += 1;
                let span = open.start..lexeme.span.end;
                if inner.is_none() && self.diagnostics.len() == before {
                    self.complain("empty_group", span.clone(), "", Some(""));
                }
                inner.map(|inner| Expr::new(span, inner.node))
            }
            _ if self.abandoned => None,
            Some(lexeme) => {
                // A comma where no list is: said once, then read as OR.
                self.complain("comma_outside_list", lexeme.span.clone(), "", Some(" OR"));
                self.at += 1;
                let rest = self.group_rest(open);
                inner.or(rest)
            }
            None => {
                self.complain("unclosed_bracket", open, "(", None);
                inner
            }
        }
    }

    /// The rest of a group after a stray comma.
    fn group_rest(&mut self, open: Range<usize>) -> Option<Expr> {
        let mut found = None;
        loop {
            found = self.any().or(found);
            match self.peek().map(|lexeme| &lexeme.sign) {
                Some(Sign::Comma) => self.at += 1,
                Some(_) => {
                    self.at += 1;
                    return found;
                }
                None => {
                    if !self.abandoned {
                        self.complain("unclosed_bracket", open, "(", None);
                    }
                    return found;
                }
            }
        }
    }

    fn count_of(&mut self, sign: Range<usize>, count: usize) -> Option<Expr> {
        self.at += 1;
        let operator = self.written(&sign);
        let Some(open) = self.peek().filter(|lexeme| lexeme.sign == Sign::Open) else {
            self.complain("count_of_list", sign, &operator, None);
            return None;
        };
        self.at += 1;
        if !self.enter(&open.span) {
            return None;
        }
        let mut of = Vec::new();
        let end = loop {
            of.extend(self.any());
            match self.peek() {
                Some(lexeme) if lexeme.sign == Sign::Comma => self.at += 1,
                Some(lexeme) => {
                    self.at += 1;
                    break lexeme.span.end;
                }
                None => {
                    if !self.abandoned {
                        self.complain("unclosed_bracket", open.span.clone(), "(", None);
                    }
                    self.depth -= 1;
                    return None;
                }
            }
        };
        self.depth -= 1;
        let span = sign.start..end;
        if count == 0 || count > of.len() {
            self.complain("count_of_range", sign, &operator, None);
            return None;
        }
        Some(Expr::new(span, Node::AtLeast { count, of }))
    }
}

/// One part stays itself; several are joined.
fn join(mut parts: Vec<Expr>, node: fn(Vec<Expr>) -> Node) -> Option<Expr> {
    match parts.len() {
        0 | 1 => parts.pop(),
        _ => {
            let span = parts[0].span.start..parts[parts.len() - 1].span.end;
            Some(Expr::new(span, node(parts)))
        }
    }
}
