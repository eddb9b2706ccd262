//! Lays a query out for people: one line when it is short, otherwise a part a line; words, operators and comments stay as
//! they were written.
//!
//! Works on lexemes, not on the tree, so that nothing but space can change: the result is read again and must give the
//! same lexemes.

mod layout;

use std::ops::Range;

use crate::lexer::{Lexeme, Lexer, Sign};

/// The query laid out; as it is when that would change it.
pub(crate) fn format(text: &str) -> String {
    let (lexemes, comments) = Lexer::read_with_comments(text, &mut Vec::new());
    let mut builder = Builder { text, lexemes: &lexemes, at: 0, comments: &comments, end: 0 };
    let mut body = builder.commas();
    if builder.peek().is_some() {
        // Unbalanced brackets: not to be laid out.
        return text.trim().to_owned();
    }
    body.keep(builder.take_comments(false));
    let mut out = body.lay_out(0);
    out.truncate(out.trim_end().len());
    let again = Lexer::read(&out, &mut Vec::new());
    if same(text, &lexemes, &out, &again) { out } else { text.trim().to_owned() }
}

fn same(text: &str, lexemes: &[Lexeme], out: &str, again: &[Lexeme]) -> bool {
    let squeezed =
        |text: &str, lexeme: &Lexeme| text[lexeme.span.clone()].split_whitespace().collect::<Vec<_>>().concat();
    lexemes.len() == again.len()
        && lexemes.iter().zip(again).all(|(a, b)| {
            std::mem::discriminant(&a.sign) == std::mem::discriminant(&b.sign)
                && (a.sign == Sign::Or || squeezed(text, a) == squeezed(out, b))
        })
}

/// Parts joined by one operator.
struct Body {
    parts: Vec<Part>,
    /// A comma stands behind every part but the last.
    commas: bool,
}

struct Part {
    /// The operator before it, empty for none.
    joiner: String,
    /// Comments on lines of their own above it.
    above: Vec<String>,
    content: Content,
    /// Comments behind it.
    behind: Vec<String>,
}

enum Content {
    Body(Body),
    /// Words, operators and groups that stay together.
    Item(Vec<Token>),
}

enum Token {
    Text(String),
    /// A minus: nothing may stand between it and the next token.
    Minus(String),
    Group {
        head: String,
        inner: Body,
    },
}

struct Builder<'a> {
    text: &'a str,
    lexemes: &'a [Lexeme],
    at: usize,
    /// Not yet taken.
    comments: &'a [Range<usize>],
    /// Where the last lexeme or comment taken ends.
    end: usize,
}

impl<'a> Builder<'a> {
    fn peek(&self) -> Option<&'a Sign> {
        self.lexemes.get(self.at).map(|lexeme| &lexeme.sign)
    }

    fn take(&mut self) -> &'a str {
        let Some(lexeme) = self.lexemes.get(self.at) else { return "" };
        self.at += 1;
        self.end = lexeme.span.end;
        &self.text[lexeme.span.clone()]
    }

    /// Comments before the next lexeme; only those on the line of the last one when `same_line`.
    fn take_comments(&mut self, same_line: bool) -> Vec<String> {
        let before = self.lexemes.get(self.at).map_or(self.text.len(), |lexeme| lexeme.span.start);
        let mut taken = Vec::new();
        while let Some((first, rest)) = self.comments.split_first() {
            let lies_before = first.start < before;
            if !lies_before || (same_line && self.text[self.end.min(first.start)..first.start].contains('\n')) {
                break;
            }
            taken.push(self.text[first.clone()].trim().to_owned());
            self.comments = rest;
            self.end = first.end;
        }
        taken
    }

    fn commas(&mut self) -> Body {
        self.joined(true, |sign| *sign == Sign::Comma, |builder| builder.either())
    }

    fn either(&mut self) -> Content {
        single(self.joined(false, |sign| *sign == Sign::Or, |builder| builder.all()))
    }

    fn joined(
        &mut self,
        commas: bool,
        is_joiner: impl Fn(&Sign) -> bool,
        mut next: impl FnMut(&mut Self) -> Content,
    ) -> Body {
        let above = self.take_comments(false);
        let mut parts =
            vec![Part { joiner: String::new(), above, content: next(self), behind: self.take_comments(true) }];
        while let Some(sign) = self.peek().filter(|sign| is_joiner(sign)) {
            let mut above = self.take_comments(false);
            let written = self.take();
            let joiner = match sign {
                Sign::Comma => "",
                _ if written.starts_with('|') => "OR",
                _ => written,
            };
            if let Some(last) = parts.last_mut() {
                last.behind.extend(self.take_comments(true));
            }
            above.extend(self.take_comments(false));
            let content = next(self);
            parts.push(Part { joiner: joiner.to_owned(), above, content, behind: self.take_comments(true) });
        }
        Body { parts, commas }
    }

    /// Parts joined by AND or by nothing.
    fn all(&mut self) -> Content {
        let mut parts: Vec<Part> = Vec::new();
        loop {
            let mut above = Vec::new();
            let joiner = match self.peek() {
                None | Some(Sign::Or | Sign::Comma | Sign::Close) => break,
                Some(Sign::And) => {
                    above = self.take_comments(false);
                    let joiner = self.take();
                    if let Some(last) = parts.last_mut() {
                        last.behind.extend(self.take_comments(true));
                    }
                    joiner
                }
                Some(_) => "",
            };
            above.extend(self.take_comments(false));
            let mut behind = Vec::new();
            let tokens = self.item(&mut behind);
            behind.extend(self.take_comments(true));
            parts.push(Part { joiner: joiner.to_owned(), above, content: Content::Item(tokens), behind });
        }
        single(Body { parts, commas: false })
    }

    /// One operand with its `NOT`, and those that a distance links to it.
    fn item(&mut self, behind: &mut Vec<String>) -> Vec<Token> {
        let mut tokens = Vec::new();
        let mut linked = true;
        loop {
            let token = match self.peek() {
                Some(Sign::Near { .. } | Sign::Sentence) => {
                    linked = true;
                    Token::Text(self.take().to_owned())
                }
                Some(Sign::Not) if linked => match self.take() {
                    minus if minus.chars().count() == 1 => Token::Minus(minus.to_owned()),
                    not => Token::Text(not.to_owned()),
                },
                Some(Sign::Open) if linked => {
                    linked = false;
                    let head = self.take().to_owned();
                    self.group(head)
                }
                Some(Sign::Of(_)) if linked => {
                    linked = false;
                    let of = self.take().split_whitespace().collect::<Vec<_>>().join(" ");
                    behind.extend(self.take_comments(false));
                    let open = if self.peek() == Some(&Sign::Open) { self.take() } else { "" };
                    self.group(format!("{of} {open}"))
                }
                Some(Sign::Word | Sign::Quoted { .. } | Sign::Field { .. }) if linked => {
                    linked = false;
                    Token::Text(squeeze(self.take()))
                }
                _ => return tokens,
            };
            tokens.push(token);
            let goes_on = linked || matches!(self.peek(), Some(Sign::Near { .. } | Sign::Sentence));
            behind.extend(self.take_comments(!goes_on));
        }
    }

    fn group(&mut self, head: String) -> Token {
        let mut inner = self.commas();
        inner.keep(self.take_comments(false));
        if self.peek() == Some(&Sign::Close) {
            self.take();
        }
        Token::Group { head, inner }
    }
}

/// Runs of space as one, except where a field's value may mind.
fn squeeze(text: &str) -> String {
    if text.contains([':', '\u{a0}']) { text.to_owned() } else { text.split_whitespace().collect::<Vec<_>>().join(" ") }
}

/// A list of one plain part is that part.
fn single(mut body: Body) -> Content {
    let plain = matches!(body.parts.as_slice(), [part] if part.above.is_empty() && part.behind.is_empty() && part.joiner.is_empty());
    match body.parts.pop() {
        Some(part) if plain => part.content,
        Some(part) => {
            body.parts.push(part);
            Content::Body(body)
        }
        None => Content::Body(body),
    }
}
