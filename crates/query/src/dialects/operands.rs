//! Reads the operands of a foreign query: words, phrases, groups and fields.

use super::grammar::To;
use super::notes;
use super::reader::{Foreign, Node, Reader, closing, negated, word_length};

impl Reader<'_> {
    pub(super) fn operand(&mut self) -> Option<Foreign> {
        let start = self.at;
        let c = self.rest().chars().next()?;
        match c {
            '(' => self.group(start),
            '-' | '−' | '–' => {
                self.at += c.len_utf8();
                let glued = self.rest().chars().next().is_some_and(|next| !next.is_whitespace() && next != ')');
                if !glued {
                    self.lost(start..self.at, &notes::NOT_A_WORD);
                    return Some(Foreign { span: start..self.at, node: Node::Lost });
                }
                let inner = self.nested(start, Self::unary)?;
                Some(negated(start, inner))
            }
            '+' if self.grammar.plus_is_raw => {
                let signs = if self.rest().starts_with("++") { 2 } else { 1 };
                self.at += signs;
                let (words, _) = self.quoted_or_word();
                let node = if signs == 2 { Node::Cased(words) } else { Node::Raw(words) };
                Some(Foreign { span: start..self.at, node })
            }
            '{' if self.grammar.braces => {
                let close = self.rest().find('}');
                if close.is_none() {
                    self.changed(start..start + 1, &notes::UNCLOSED);
                }
                let end = close.unwrap_or(self.rest().len());
                let words = self.rest()[1..end].trim().to_owned();
                self.at = (start + end + 1).min(self.text.len());
                Some(Foreign { span: start..self.at, node: Node::Cased(words) })
            }
            _ if closing(c).is_some() => Some(self.phrase(start)),
            _ => Some(self.word(start)),
        }
    }

    fn group(&mut self, start: usize) -> Option<Foreign> {
        self.at += 1;
        let inner = self.nested(start, Self::any);
        self.skip();
        if self.rest().starts_with(')') {
            self.at += 1;
        } else if self.at >= self.text.len() && !self.notes.told(&notes::TOO_DEEP) {
            self.changed(start..start + 1, &notes::UNCLOSED);
        }
        let slop = if self.grammar.group_slop { self.tilde() } else { None };
        let inner = inner?;
        let span = start..self.at;
        match slop {
            Some(slop) => Some(Foreign { span, node: Node::Within { inner: Box::new(inner), slop } }),
            None => Some(Foreign { span, node: inner.node }),
        }
    }

    /// `~5`
    fn tilde(&mut self) -> Option<u32> {
        let after = self.rest().strip_prefix('~')?;
        let digits = after.bytes().take_while(u8::is_ascii_digit).count();
        let number = after[..digits].parse().ok();
        self.at += 1 + digits;
        number
    }

    fn boost(&mut self, start: usize) {
        if !self.grammar.boost || !self.rest().starts_with('^') {
            return;
        }
        let digits = self.rest()[1..].bytes().take_while(|byte| byte.is_ascii_digit() || *byte == b'.').count();
        self.at += 1 + digits;
        self.lost(start..self.at, &notes::BOOST);
    }

    /// The words of a quotation or a word, and whether they were quoted.
    fn quoted_or_word(&mut self) -> (String, bool) {
        let start = self.at;
        let Some(close) = self.rest().chars().next().and_then(closing) else {
            self.at += word_length(self.rest());
            return (self.text[start..self.at].to_owned(), false);
        };
        let open = self.rest().chars().next().map_or(1, char::len_utf8);
        let inner = &self.rest()[open..];
        match inner.char_indices().find(|(_, c)| close.contains(*c)) {
            Some((length, c)) => {
                let words = inner[..length].to_owned();
                self.at += open + length + c.len_utf8();
                (words, true)
            }
            None => {
                let words = inner.to_owned();
                self.at = self.text.len();
                self.changed(start..start + open, &notes::UNCLOSED);
                (words, true)
            }
        }
    }

    fn phrase(&mut self, start: usize) -> Foreign {
        let (words, _) = self.quoted_or_word();
        let slop = self.tilde();
        self.boost(start);
        Foreign { span: start..self.at, node: Node::Phrase { words, slop } }
    }

    fn word(&mut self, start: usize) -> Foreign {
        let length = word_length(self.rest()).max(self.rest().chars().next().map_or(1, char::len_utf8));
        let written = &self.text[start..start + length];
        if let Some((name, value)) = written.split_once(':')
            && !name.is_empty()
            && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'.'))
            && !value.starts_with("//")
        {
            let name = name.to_owned();
            self.at = start + name.len() + 1;
            return self.field(start, &name);
        }
        if self.grammar.frequency
            && let Some(number) = written.to_lowercase().strip_prefix("atleast")
            && number.bytes().all(|byte| byte.is_ascii_digit())
        {
            self.at = start + length;
            return match self.nested(start, Self::unary) {
                Some(part) => {
                    self.changed(start..part.span.end, &notes::FREQUENCY);
                    part
                }
                None => Foreign { span: start..self.at, node: Node::Word(self.text[start..self.at].to_owned()) },
            };
        }
        let written = if self.grammar.boost { written.split('^').next().unwrap_or_default() } else { written };
        let word = written.to_owned();
        self.at = start + written.len().max(usize::from(written.is_empty()));
        self.boost(start);
        Foreign { span: start..self.at, node: Node::Word(word) }
    }

    /// The single values of a group of them: any of them will do.
    fn leaves(&mut self, part: Foreign) -> Vec<Foreign> {
        match part.node {
            Node::Or(parts) => parts.into_iter().flat_map(|part| self.leaves(part)).collect(),
            Node::And(parts) => {
                let (excluded, parts): (Vec<_>, Vec<_>) =
                    parts.into_iter().partition(|part| matches!(part.node, Node::Not(_)));
                excluded.into_iter().for_each(|part| self.lost(part.span, &notes::EXACT_EXCLUSION));
                if parts.len() > 1 {
                    self.changed(part.span, &notes::VALUES);
                }
                parts.into_iter().flat_map(|part| self.leaves(part)).collect()
            }
            Node::Near { left, right, .. } => {
                self.changed(part.span, &notes::VALUES);
                self.leaves(*left).into_iter().chain(self.leaves(*right)).collect()
            }
            Node::Within { inner, .. } => self.leaves(*inner),
            Node::Not(_) => {
                self.lost(part.span, &notes::EXACT_EXCLUSION);
                Vec::new()
            }
            node => vec![Foreign { span: part.span, node }],
        }
    }

    fn field(&mut self, start: usize, name: &str) -> Foreign {
        let known = self.grammar.fields.iter().find(|(known, _)| known.eq_ignore_ascii_case(name)).map(|(_, to)| *to);
        let rest = self.rest();
        let value_start = self.at;
        let values = match rest.chars().next() {
            Some('(') => {
                let words = matches!(known, Some(To::Title | To::Text));
                match self.group(value_start) {
                    Some(group) if words => vec![group],
                    Some(group) => self.leaves(group),
                    None => Vec::new(),
                }
            }
            Some('[') => {
                let close = rest.find(']');
                self.at += close.map_or(rest.len(), |end| end + 1);
                if close.is_none() {
                    self.changed(value_start..value_start + 1, &notes::UNCLOSED);
                }
                let word = self.text[value_start..self.at].to_owned();
                vec![Foreign { span: value_start..self.at, node: Node::Word(word) }]
            }
            Some(c) if closing(c).is_some() => vec![self.phrase(value_start)],
            Some('{') if self.grammar.braces => self.operand().into_iter().collect(),
            _ => {
                self.at += word_length(rest);
                let word = self.text[value_start..self.at].to_owned();
                vec![Foreign { span: value_start..self.at, node: Node::Word(word) }]
            }
        };
        let span = start..self.at;
        let node = match known {
            Some(To::Nothing) => {
                self.lost(span.clone(), &notes::NO_FIELD);
                Node::Lost
            }
            None => {
                self.lost(span.clone(), &notes::UNKNOWN_FIELD);
                Node::Lost
            }
            Some(to) => Node::Field { to, values },
        };
        Foreign { span, node }
    }
}
