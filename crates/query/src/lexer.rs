//! Cuts a query into signs, words and operators. Never fails: what is wrong becomes a diagnostic and the rest is read on.

use std::ops::Range;

use crate::diagnostic::Diagnostic;

#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Lexeme {
    pub(crate) span: Range<usize>,
    pub(crate) sign: Sign,
}

#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Sign {
    Open,
    Close,
    Comma,
    And,
    Or,
    Not,
    Near {
        distance: u32,
        ordered: bool,
    },
    Sentence,
    /// `2 OF`
    Of(usize),
    Word,
    /// Bytes between the quotation marks, and `~N`.
    Quoted {
        content: Range<usize>,
        slop: Option<u32>,
    },
    /// Bytes of the name; the value follows.
    Field {
        name: Range<usize>,
        values: Vec<Range<usize>>,
    },
}

/// Positions two words may be apart.
pub(crate) const MAX_DISTANCE: u32 = 100;

pub(crate) struct Lexer<'a> {
    text: &'a str,
    at: usize,
    lexemes: Vec<Lexeme>,
    comments: Vec<Range<usize>>,
    diagnostics: &'a mut Vec<Diagnostic>,
}

impl<'a> Lexer<'a> {
    pub(crate) fn read(text: &'a str, diagnostics: &'a mut Vec<Diagnostic>) -> Vec<Lexeme> {
        Self::read_with_comments(text, diagnostics).0
    }

    /// As [`Lexer::read`], with the bytes of the comments.
    pub(crate) fn read_with_comments(
        text: &'a str,
        diagnostics: &'a mut Vec<Diagnostic>,
    ) -> (Vec<Lexeme>, Vec<Range<usize>>) {
        let mut lexer = Self { text, at: 0, lexemes: Vec::new(), comments: Vec::new(), diagnostics };
        while let Some(c) = lexer.peek() {
            lexer.next_lexeme(c);
        }
        (lexer.lexemes, lexer.comments)
    }

    fn peek(&self) -> Option<char> {
        self.rest().chars().next()
    }

    fn rest(&self) -> &'a str {
        self.text.get(self.at..).unwrap_or_default()
    }

    fn push(&mut self, start: usize, sign: Sign) {
        self.lexemes.push(Lexeme { span: start..self.at, sign });
    }

    fn next_lexeme(&mut self, c: char) {
        let start = self.at;
        let sign = match c {
            ' ' | '\n' | '\t' | '\r' => {
                self.at += 1;
                return;
            }
            '<' if self.rest().starts_with("<<<") => return self.bracketed_comment(),
            '-' if self.rest().starts_with("--") => return self.line_comment(),
            '(' => Sign::Open,
            ')' => Sign::Close,
            ',' => Sign::Comma,
            '|' => Sign::Or,
            '-' | '−' | '–' if self.minus_excludes(c) => Sign::Not,
            _ if c.is_alphanumeric() => return self.word(start),
            _ if c.is_whitespace() || c == '\u{feff}' => {
                self.at += c.len_utf8();
                return;
            }
            _ if closing_of(c).is_some() => return self.quoted(start),
            _ => return self.word(start),
        };
        self.at += c.len_utf8();
        if c == '|' && self.rest().starts_with('|') {
            self.at += 1;
        }
        self.push(start, sign);
    }

    fn bracketed_comment(&mut self) {
        let start = self.at;
        match self.rest().find(">>>") {
            Some(end) => self.at += end + 3,
            None => {
                self.at = self.text.len();
                self.diagnostics.push(Diagnostic::error("unclosed_comment", start..start + 3, "<<<"));
            }
        }
        self.comments.push(start..self.at);
    }

    fn line_comment(&mut self) {
        let start = self.at;
        self.at += self.rest().find('\n').unwrap_or(self.rest().len());
        self.comments.push(start..self.at);
    }

    fn minus_excludes(&self, minus: char) -> bool {
        self.rest()[minus.len_utf8()..].chars().next().is_some_and(|next| !next.is_whitespace() && next != ')')
    }

    /// Reads a phrase; returns the bytes of its content.
    fn quotation(&mut self) -> Range<usize> {
        let start = self.at;
        let Some(open) = self.peek() else { return start..start };
        self.at += open.len_utf8();
        let content = self.at;
        let closing = closing_of(open).unwrap_or("\"");
        match self.rest().find(|c| closing.contains(c)) {
            Some(length) => {
                self.at += length;
                let end = self.at;
                self.at += self.peek().map_or(0, char::len_utf8);
                content..end
            }
            None => {
                self.at = self.text.len();
                self.diagnostics.push(Diagnostic::error("unclosed_quote", start..content, open));
                content..self.at
            }
        }
    }

    fn quoted(&mut self, start: usize) {
        let content = self.quotation();
        let mut slop = None;
        if let Some(after) = self.rest().strip_prefix('~') {
            let digits = after.len() - after.trim_start_matches(|c: char| c.is_ascii_digit()).len();
            let tilde = self.at;
            self.at += 1 + digits;
            slop = Some(self.distance(&after[..digits], tilde..self.at, "~", 3));
        }
        self.push(start, Sign::Quoted { content, slop });
    }

    /// The number of a distance, or a diagnostic and a sensible one.
    fn distance(&mut self, digits: &str, span: Range<usize>, operator: &str, usual: u32) -> u32 {
        if digits.is_empty() {
            let new = format!("{operator}{usual}");
            self.diagnostics.push(Diagnostic::error("distance_missing", span, operator).with(new));
            return usual;
        }
        let distance = digits.parse().unwrap_or(u32::MAX);
        if distance > MAX_DISTANCE {
            let new = format!("{operator}{MAX_DISTANCE}");
            self.diagnostics.push(Diagnostic::error("distance_too_large", span, digits).with(new));
        }
        distance.min(MAX_DISTANCE)
    }

    fn word(&mut self, start: usize) {
        if let Some(colon) = field_name(self.rest()) {
            let name = start..start + colon;
            self.at += colon + 1;
            let values = self.field_values();
            self.push(start, Sign::Field { name, values });
            return;
        }
        let length = word_length(self.rest());
        self.at += length.max(self.peek().map_or(1, char::len_utf8));
        let word = &self.text[start..self.at];
        let sign = self.operator(word, start).unwrap_or(Sign::Word);
        self.push(start, sign);
    }

    fn operator(&mut self, word: &str, start: usize) -> Option<Sign> {
        match word {
            "AND" | "И" | "І" => return Some(Sign::And),
            "OR" | "ИЛИ" | "АБО" => return Some(Sign::Or),
            "NOT" | "НЕ" => return Some(Sign::Not),
            "SENTENCE" => return Some(Sign::Sentence),
            _ => {}
        }
        for (name, ordered) in [("NEAR", false), ("ONEAR", true)] {
            if let Some(rest) = word.strip_prefix(name) {
                let digits = rest.strip_prefix('/').or_else(|| rest.is_empty().then_some(rest))?;
                if digits.bytes().all(|byte| byte.is_ascii_digit()) {
                    let distance = self.distance(digits, start..self.at, &format!("{name}/"), 5);
                    return Some(Sign::Near { distance, ordered });
                }
            }
        }
        if word.bytes().all(|byte| byte.is_ascii_digit()) {
            let after = self.rest();
            let trimmed = after.trim_start();
            let of = ["OF", "ИЗ", "З"].into_iter().find(|of| trimmed.starts_with(of))?;
            let end = after.len() - trimmed.len() + of.len();
            if end == of.len() || !after[end..].trim_start().starts_with('(') {
                return None;
            }
            self.at += end;
            return Some(Sign::Of(word.parse().unwrap_or(usize::MAX)));
        }
        None
    }

    /// What follows the colon of a field: one value, a quoted one, or several in brackets.
    fn field_values(&mut self) -> Vec<Range<usize>> {
        let Some(c) = self.peek() else { return Vec::new() };
        if c != '(' {
            return vec![self.field_value()];
        }
        let open = self.at;
        self.at += 1;
        let mut values = Vec::new();
        loop {
            match self.peek() {
                None => {
                    self.diagnostics.push(Diagnostic::error("unclosed_bracket", open..open + 1, "("));
                    return values;
                }
                Some(')') => {
                    self.at += 1;
                    return values;
                }
                Some(c) if ends_word(c) && closing_of(c).is_none() => self.at += c.len_utf8(),
                Some(_) => {
                    let value = self.field_value();
                    if !matches!(&self.text[value.clone()], "OR" | "ИЛИ" | "АБО") {
                        values.push(value);
                    }
                }
            }
        }
    }

    fn field_value(&mut self) -> Range<usize> {
        let start = self.at;
        if self.peek().is_some_and(|c| closing_of(c).is_some()) {
            return self.quotation();
        }
        self.at += word_length(self.rest());
        start..self.at
    }
}

/// The marks that close a quotation begun with this one.
pub(crate) const fn closing_of(open: char) -> Option<&'static str> {
    match open {
        '"' => Some("\""),
        '«' => Some("»"),
        '“' => Some("”\""),
        '„' => Some("“”\""),
        '”' => Some("”\""),
        _ => None,
    }
}

fn ends_word(c: char) -> bool {
    c.is_whitespace() || matches!(c, '(' | ')' | '|' | ',' | '»') || closing_of(c).is_some()
}

/// A comment may follow a word without a space. What stands first is never one here, so that reading goes on.
fn begins_comment(rest: &[u8], at: usize) -> bool {
    at > 0 && rest.starts_with(b"<<<")
}

/// Bytes up to what ends a word.
fn word_length(text: &str) -> usize {
    let bytes = text.as_bytes();
    let mut at = 0;
    while let Some(&byte) = bytes.get(at) {
        if byte < 0x80 {
            if !byte.is_ascii_alphanumeric() && (ends_word(char::from(byte)) || begins_comment(&bytes[at..], at)) {
                return at;
            }
            at += 1;
        } else if matches!(byte, 0xd0..=0xd3) {
            // Cyrillic: nothing there ends a word.
            at += 2;
        } else {
            match text[at..].chars().next() {
                Some(c) if !ends_word(c) => at += c.len_utf8(),
                _ => return at,
            }
        }
    }
    at
}

/// Length of the name when a text begins with `name:`.
fn field_name(text: &str) -> Option<usize> {
    let in_name = |byte: &u8| byte.is_ascii_alphabetic() || matches!(byte, b'.' | b'_');
    let length = text.bytes().take_while(|byte| in_name(byte)).count();
    let begins = text.as_bytes().first().is_some_and(u8::is_ascii_alphabetic);
    (begins && text.as_bytes().get(length) == Some(&b':')).then_some(length)
}
