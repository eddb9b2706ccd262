//! Reads fields with their values, and the lists that queries name.

use std::ops::Range;

use super::{MAX_WORDS, Parser, join};
use crate::Scope;
use crate::fields::FieldStage;
use crate::lists::read_list;
use crate::nearest::nearest;
use crate::syntax::{Expr, Node};
use crate::values::{ValueError, about, field_test, nearest_field};
use crate::words::Plain;

impl Parser<'_> {
    pub(super) fn field(&mut self, span: Range<usize>, name: Range<usize>, values: &[Range<usize>]) -> Option<Expr> {
        let name = self.text[name].to_lowercase();
        let mut parts = Vec::new();
        for value in values {
            parts.extend(match name.as_str() {
                "title" => self.title(value.clone()),
                "list" => self.list(&span, value.clone()),
                _ => self.test(&span, &name, value.clone()),
            });
        }
        if values.is_empty() {
            parts.extend(self.test(&span, &name, span.end..span.end));
        }
        join(parts, Node::Or).map(|expr| Expr::new(span, expr.node))
    }

    fn title(&mut self, value: Range<usize>) -> Option<Expr> {
        let quoted =
            self.text[..value.start].chars().next_back().is_some_and(|c| crate::lexer::closing_of(c).is_some());
        let part = if value.is_empty() {
            self.complain("title_operand", value, "", None);
            None
        } else if quoted {
            self.phrase(value.clone(), value, None)
        } else {
            self.word(value, Plain::AnyForm)
        }?;
        Some(Expr::new(part.span.clone(), Node::Title(Box::new(part))))
    }

    fn list(&mut self, span: &Range<usize>, value: Range<usize>) -> Option<Expr> {
        let name = self.text[value].trim();
        if name.is_empty() {
            self.complain("field_value", span.clone(), "list:бренды", None);
            return None;
        }
        let Some(list) = self.reading.lists.list(name) else {
            let names = self.reading.lists.names();
            let near = nearest(name, names.iter().map(String::as_str));
            let new = near.map(|near| format!("list:{}", crate::canonical::quoted(near)));
            let code = if near.is_some() { "unknown_list_near" } else { "unknown_list" };
            self.complain(code, span.clone(), name, new.as_deref());
            return None;
        };
        let within = self.words <= MAX_WORDS;
        self.words += list.words();
        if self.words > MAX_WORDS {
            if within {
                self.complain("too_many_words", span.clone(), "", None);
            }
            return None;
        }
        read_list(&list, span, self.diagnostics)
    }

    fn test(&mut self, span: &Range<usize>, name: &str, value: Range<usize>) -> Option<Expr> {
        let written = self.written(&value);
        let whole = self.written(span);
        let later = about(name).is_some_and(|about| about.stage != FieldStage::Post);
        if later && self.reading.scope == Scope::Topic {
            self.complain("field_not_in_topics", span.clone(), name, None);
            return None;
        }
        match field_test(name, &written) {
            Ok(test) => return Some(Expr::new(value, Node::Field(test))),
            Err(ValueError::UnknownField) if written.starts_with("//") => {
                let new = format!("url:\"{whole}\"");
                self.complain("address_as_word", span.clone(), &whole, Some(&new));
            }
            Err(ValueError::UnknownField) => {
                let new =
                    nearest_field(name).map_or_else(|| format!("\"{whole}\""), |field| format!("{field}:{written}"));
                self.complain("unknown_field", span.clone(), name, Some(&new));
            }
            Err(ValueError::Choice(values)) => self.choice(span.clone(), name, &written, values),
            Err(ValueError::Value(example)) => self.complain("field_value", span.clone(), example, None),
            Err(ValueError::EmptyRange) => self.complain("empty_range", span.clone(), &whole, None),
        }
        None
    }

    /// The value is none of those there are.
    fn choice(&mut self, span: Range<usize>, name: &str, written: &str, values: &[&'static str]) {
        let new = nearest(written, values.iter().copied()).map(|near| format!("{name}:{near}"));
        self.complain("field_choice", span, &values.join(", "), new.as_deref());
    }
}
