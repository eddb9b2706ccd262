//! Writes a syntax tree back as a query: one spelling for every query that means the same.

use std::fmt::Write as _;

use molva_text::normalise_cased;

use crate::field::{Attachment, FieldTest, NumberField, TimeRange};
use crate::syntax::{Expr, Node, Word, WordTest};

impl Expr {
    /// The part as a query, English operators, brackets only where they are needed.
    #[must_use]
    pub fn canonical(&self) -> String {
        let mut out = String::new();
        self.write(&mut out, 0);
        out
    }

    /// `binding` is how tightly the surroundings bind: 0 nothing, 1 OR, 2 AND, 3 NEAR, 4 NOT.
    fn write(&self, out: &mut String, binding: u8) {
        let own = match &self.node {
            Node::Or(_) => 1,
            Node::And(_) => 2,
            Node::Near { .. } | Node::Sentence { .. } => 3,
            _ => 5,
        };
        if let Some(compound) = self.hyphenated() {
            out.push_str(&compound);
            return;
        }
        let bracket = own < binding;
        if bracket {
            out.push('(');
        }
        match &self.node {
            Node::Word(word) => out.push_str(&word.canonical()),
            Node::Phrase(phrase) => match phrase.slop {
                None if phrase.words.iter().any(|word| matches!(word.test, WordTest::AnyForm { .. })) => {
                    // A compound word: its parts may be in any form.
                    let mention = phrase.words.iter().any(|word| matches!(word.test, WordTest::Mention(_)));
                    join(out, phrase.words.iter().map(Word::canonical), if mention { "/" } else { "." });
                }
                slop => {
                    out.push('"');
                    join(out, phrase.words.iter().map(|word| word.in_phrase(slop.is_some())), " ");
                    out.push('"');
                    if let Some(slop) = slop {
                        let _ = write!(out, "~{slop}");
                    }
                }
            },
            Node::Near { left, right, distance, ordered } => {
                left.write(out, 3);
                let _ = write!(out, " {}NEAR/{distance} ", if *ordered { "O" } else { "" });
                right.write(out, 4);
            }
            Node::Sentence { left, right } => {
                left.write(out, 3);
                out.push_str(" SENTENCE ");
                right.write(out, 4);
            }
            Node::AtLeast { count, of } => {
                let _ = write!(out, "{count} OF (");
                join(out, of.iter().map(Self::canonical), ", ");
                out.push(')');
            }
            Node::Title(part) => {
                out.push_str("title:");
                part.write(out, 5);
            }
            Node::Field(test) => out.push_str(&test.canonical()),
            Node::List { name, .. } => {
                let _ = write!(out, "list:{}", quoted(name));
            }
            Node::And(parts) => self.write_parts(out, parts, " ", 3),
            Node::Or(parts) => self.write_parts(out, parts, " OR ", 2),
            Node::Not(part) => {
                out.push_str("NOT ");
                part.write(out, 4);
            }
        }
        if bracket {
            out.push(')');
        }
    }

    /// A hyphenated word is read as a choice between its whole and its parts; it is written as it was.
    fn hyphenated(&self) -> Option<String> {
        let Node::Or(parts) = &self.node else { return None };
        let [whole, row] = parts.as_slice() else { return None };
        let (Node::Word(whole_word), Node::Phrase(phrase)) = (&whole.node, &row.node) else { return None };
        let sign = whole_word.test.sign()?;
        let alike = phrase.slop.is_none() && phrase.words.iter().all(|word| word.test.sign() == Some(sign));
        if whole.span != row.span || !alike {
            return None;
        }
        let parts: Vec<String> = phrase.words.iter().map(|word| word.test.plain()).collect();
        // Parts of several alphabets are read otherwise one by one than joined.
        let faithful = normalise_cased(&parts.concat()) == whole_word.test.plain();
        Some(if faithful { format!("{sign}{}", parts.join("-")) } else { format!("{sign}{}", whole_word.written) })
    }

    /// Whether this is one hyphenated word in any form, read as a choice between its whole and its parts.
    pub(crate) fn is_compound(&self) -> bool {
        self.hyphenated().is_some_and(|written| !written.starts_with('='))
    }

    fn write_parts(&self, out: &mut String, parts: &[Self], between: &str, binding: u8) {
        for (index, part) in parts.iter().enumerate() {
            if index > 0 {
                out.push_str(between);
            }
            part.write(out, binding);
        }
    }
}

fn join(out: &mut String, parts: impl Iterator<Item = String>, between: &str) {
    for (index, part) in parts.enumerate() {
        if index > 0 {
            out.push_str(between);
        }
        out.push_str(&part);
    }
}

impl Word {
    fn canonical(&self) -> String {
        format!("{}{}", self.test.sign().unwrap_or_default(), self.test.plain())
    }

    /// In a phrase without a distance words are exact without saying so.
    fn in_phrase(&self, distance: bool) -> String {
        if !distance && let WordTest::Exact(form) = &self.test { form.clone() } else { self.canonical() }
    }
}

impl WordTest {
    /// What stands before a word in any form, an exact one, one with its letter case; `None` before everything else.
    const fn sign(&self) -> Option<&'static str> {
        match self {
            Self::AnyForm { .. } => Some(""),
            Self::Exact(_) => Some("="),
            Self::Cased { .. } => Some("=="),
            _ => None,
        }
    }

    /// The word without the signs of exactness.
    #[must_use]
    pub fn plain(&self) -> String {
        match self {
            Self::AnyForm { form, .. } | Self::Exact(form) => form.clone(),
            Self::Cased { cased, .. } => cased.clone(),
            Self::Prefix(prefix) => format!("{prefix}*"),
            Self::Pattern(pattern) => {
                let mut text: String = pattern.letters.iter().map(|letter| letter.unwrap_or('?')).collect();
                if pattern.open {
                    text.push('*');
                }
                text
            }
            Self::Hashtag(form) | Self::Mention(form) | Self::Emoji(form) => form.clone(),
        }
    }
}

impl FieldTest {
    /// The test as it is written in a query.
    #[must_use]
    pub fn canonical(&self) -> String {
        match self {
            Self::Network(name) => format!("network:{}", quoted(name)),
            Self::Kind(kind) => format!("kind:{kind}"),
            Self::Site(host) => format!("site:{}", quoted(host)),
            Self::Url(part) => format!("url:{}", quoted(part)),
            Self::Community(key) => format!("community:{}", quoted(key)),
            Self::Link(part) => format!("link:{}", quoted(part)),
            Self::AuthorHandle(handle) => format!("author:@{handle}"),
            Self::AuthorName(name) => format!("author:{}", quoted(name)),
            Self::AuthorCity(city) => format!("author.city:{}", quoted(city)),
            Self::Verified(verified) => format!("verified:{}", if *verified { "yes" } else { "no" }),
            Self::Language(language) => format!("lang:{language}"),
            Self::Has(attachment) => format!("has:{}", attachment.name()),
            Self::Published(TimeRange { from, before }) if before.as_micros() == i64::MAX => {
                format!("published:>={from}")
            }
            Self::Published(TimeRange { from, before }) if from.as_micros() == i64::MIN => {
                format!("published:<{before}")
            }
            Self::Published(TimeRange { from, before }) => {
                format!("published:{from}..{}", before.minus(std::time::Duration::from_millis(1)))
            }
            Self::Judged(test) => test.canonical(),
            Self::Hour(first, last) => format!("hour:{first}..{last}"),
            Self::Number(field, range) => match (range.from, range.to) {
                (from, u64::MAX) => format!("{}:>={from}", field.name()),
                (0, to) => format!("{}:<={to}", field.name()),
                (from, to) => format!("{}:{from}..{to}", field.name()),
            },
        }
    }
}

impl Attachment {
    pub(crate) const ALL: &'static [(&'static str, Self)] = &[
        ("image", Self::Image),
        ("video", Self::Video),
        ("audio", Self::Audio),
        ("document", Self::Document),
        ("link", Self::Link),
        ("question", Self::Question),
    ];

    pub(crate) fn name(self) -> &'static str {
        Self::ALL.iter().find(|(_, attachment)| *attachment == self).map_or("", |(name, _)| name)
    }
}

impl NumberField {
    pub(crate) const ALL: &'static [(&'static str, Self)] = &[
        ("followers", Self::Followers),
        ("rating", Self::Rating),
        ("likes", Self::Likes),
        ("reposts", Self::Reposts),
        ("comments", Self::Comments),
        ("views", Self::Views),
    ];

    pub(crate) fn name(self) -> &'static str {
        Self::ALL.iter().find(|(_, field)| *field == self).map_or("", |(name, _)| name)
    }
}

/// A value in quotation marks where it needs them.
pub(crate) fn quoted(value: &str) -> String {
    let plain =
        !value.is_empty() && value.chars().all(|c| c.is_alphanumeric() || matches!(c, '.' | '/' | '_' | '-' | ':'));
    if plain { value.to_owned() } else { format!("\"{value}\"") }
}
