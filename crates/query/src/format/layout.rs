//! Puts the parts of a query on lines.

use super::{Body, Content, Part, Token};

/// Columns that a line should not pass.
const WIDTH: usize = 100;
/// Spaces for each bracket that is open.
const STEP: usize = 2;

impl Body {
    /// Keeps comments that stand behind everything.
    pub(super) fn keep(&mut self, comments: Vec<String>) {
        if let Some(last) = self.parts.last_mut() {
            last.behind.extend(comments);
        }
    }

    /// On one line; `None` when a comment needs a line's end.
    fn flat(&self) -> Option<String> {
        let mut out = String::new();
        for (index, part) in self.parts.iter().enumerate() {
            if index > 0 {
                out.push(' ');
            }
            if !part.joiner.is_empty() {
                out.push_str(&part.joiner);
                out.push(' ');
            }
            out.push_str(&part.flat(self.comma(index))?);
        }
        Some(out)
    }

    const fn comma(&self, index: usize) -> &'static str {
        if self.commas && index + 1 < self.parts.len() { "," } else { "" }
    }

    /// On as many lines as it takes; the first begins where the cursor stands.
    pub(super) fn lay_out(&self, indent: usize) -> String {
        if let Some(flat) = self.flat().filter(|flat| indent + width(flat) <= WIDTH) {
            return flat;
        }
        let mut lines: Vec<String> = Vec::new();
        // Whether more may be put on the last line.
        let mut open = false;
        for (index, part) in self.parts.iter().enumerate() {
            let joiner = if part.joiner.is_empty() { String::new() } else { format!("{} ", part.joiner) };
            let small = part.is_small().then(|| part.flat(self.comma(index))).flatten();
            if let Some(text) = small {
                match lines
                    .last_mut()
                    .filter(|line| open && indent + width(line) + 1 + width(&joiner) + width(&text) <= WIDTH)
                {
                    Some(line) => {
                        line.push(' ');
                        line.push_str(&joiner);
                        line.push_str(&text);
                    }
                    None => lines.push(format!("{joiner}{text}")),
                }
                open = true;
                continue;
            }
            lines.extend(part.above.iter().cloned());
            let mut text = match &part.content {
                Content::Body(body) => body.lay_out(indent + if self.parts.len() > 1 { STEP } else { 0 }),
                Content::Item(tokens) => lay_out_item(tokens, indent),
            };
            text.push_str(self.comma(index));
            for comment in &part.behind {
                let gap = if lines_end(&text) { "\n" } else { " " };
                text.push_str(gap);
                text.push_str(comment);
            }
            lines.push(format!("{joiner}{text}"));
            open = false;
        }
        lines.join(&format!("\n{}", " ".repeat(indent)))
    }
}

impl Part {
    fn flat(&self, comma: &str) -> Option<String> {
        let mut out = String::new();
        for comment in &self.above {
            out.push_str(inline(comment)?);
            out.push(' ');
        }
        match &self.content {
            Content::Body(body) => out.push_str(&body.flat()?),
            Content::Item(tokens) => out.push_str(&flat_item(tokens)?),
        }
        out.push_str(comma);
        for comment in &self.behind {
            out.push(' ');
            out.push_str(inline(comment)?);
        }
        Some(out)
    }

    /// Several of these may share a line.
    fn is_small(&self) -> bool {
        let plain = match &self.content {
            Content::Item(tokens) => tokens.iter().all(|token| !matches!(token, Token::Group { .. })),
            Content::Body(_) => false,
        };
        plain && self.above.is_empty() && self.behind.is_empty()
    }
}

fn flat_item(tokens: &[Token]) -> Option<String> {
    let mut out = String::new();
    for token in tokens {
        if !out.is_empty() && !glued(&out) {
            out.push(' ');
        }
        match token {
            Token::Text(text) | Token::Minus(text) => out.push_str(text),
            Token::Group { head, inner } => {
                out.push_str(head);
                out.push_str(&inner.flat()?);
                out.push(')');
            }
        }
        if matches!(token, Token::Minus(_)) {
            out.push(GLUE);
        }
    }
    Some(out.replace(GLUE, ""))
}

/// Stands behind a minus until the next token has been put there; no query holds it as a letter.
const GLUE: char = '\u{0}';

fn glued(out: &str) -> bool {
    out.ends_with(GLUE)
}

fn lay_out_item(tokens: &[Token], indent: usize) -> String {
    if let Some(flat) = flat_item(tokens).filter(|flat| indent + width(flat) <= WIDTH) {
        return flat;
    }
    let mut out = String::new();
    for token in tokens {
        if !out.is_empty() && !glued(&out) {
            out.push(' ');
        }
        match token {
            Token::Text(text) => out.push_str(text),
            Token::Minus(text) => {
                out.push_str(text);
                out.push(GLUE);
            }
            Token::Group { head, inner } => {
                let deeper = " ".repeat(indent + STEP);
                let inner = inner.lay_out(indent + STEP);
                out.push_str(&format!("{head}\n{deeper}{inner}\n{})", " ".repeat(indent)));
            }
        }
    }
    out.replace(GLUE, "")
}

/// A comment that may stand inside a line.
fn inline(comment: &str) -> Option<&str> {
    (comment.starts_with("<<<") && !comment.contains('\n')).then_some(comment)
}

/// Whether the text ends in a comment that runs to the end of its line.
fn lines_end(text: &str) -> bool {
    text.lines().next_back().is_some_and(|line| line.contains("--"))
}

fn width(text: &str) -> usize {
    text.chars().count()
}
