//! Writes a foreign tree as a query of ours. What cannot be said is widened where posts are wanted and left out where they
//! are excluded, so that the result finds at least what the original found; each time with a note.

use std::ops::Range;

use super::fields;
use super::grammar::{Grammar, To};
use super::notes;
use super::reader::{Foreign, Node};
use super::{NoteSeverity, Notes};
use crate::lexer::MAX_DISTANCE;
use crate::syntax;

/// A part of ours.
pub(super) struct Ours {
    pub(super) text: String,
    /// How tightly it binds: 1 OR, 2 AND, 3 a distance, 4 NOT, 5 never comes apart.
    binding: u8,
    /// It may stand beside NEAR.
    positional: bool,
}

pub(super) struct Writer<'a> {
    pub(super) text: &'a str,
    pub(super) grammar: &'a Grammar,
    pub(super) notes: &'a mut Notes,
}

impl Ours {
    pub(super) const fn atom(text: String, positional: bool) -> Self {
        Self { text, binding: 5, positional }
    }

    fn within(&self, binding: u8) -> String {
        if self.binding < binding { format!("({})", self.text) } else { self.text.clone() }
    }
}

impl Writer<'_> {
    /// The part in our language; `None` when nothing of it is left. `wanted` is false below a NOT.
    pub(super) fn write(&mut self, part: &Foreign, wanted: bool) -> Option<Ours> {
        match &part.node {
            Node::Lost => None,
            Node::Word(word) => self.word(&part.span, word, wanted),
            Node::Cased(words) => self.strict(&part.span, words, "=="),
            Node::Raw(words) => self.strict(&part.span, words, "="),
            Node::Phrase { words, slop } => self.phrase(&part.span, words, *slop, wanted),
            Node::Field { to: To::Title | To::Text | To::Cased, values } if values.is_empty() => {
                self.note(&part.span, NoteSeverity::Lost, &notes::VALUE);
                None
            }
            Node::Field { to: To::Title, values } => {
                let parts: Vec<_> = values.iter().filter_map(|value| self.title(value, wanted)).collect();
                joined(parts, " OR ", 1)
            }
            Node::Field { to: To::Text, .. } if !wanted => {
                self.note(&part.span, NoteSeverity::Lost, &notes::EXACT_EXCLUSION);
                None
            }
            Node::Field { to: To::Text, values } => {
                self.note(&part.span, NoteSeverity::Changed, &notes::EVERYWHERE);
                joined(values.iter().filter_map(|value| self.write(value, wanted)).collect(), " OR ", 1)
            }
            Node::Field { to: To::Cased, values } => {
                let parts: Vec<_> = values
                    .iter()
                    .filter_map(|value| self.strict(place(&part.span, values, value), value.text(), "=="))
                    .collect();
                joined(parts, " OR ", 1)
            }
            Node::Field { to, values } => self.field(&part.span, *to, values, wanted),
            Node::And(parts) => {
                let written = self.all(parts, wanted);
                // An exclusion of two things together must not become one of a single thing.
                if !wanted && written.iter().any(Option::is_none) {
                    self.note(&part.span, NoteSeverity::Lost, &notes::EXACT_EXCLUSION);
                    return None;
                }
                joined(written.into_iter().flatten().collect(), " ", 2)
            }
            Node::Or(parts) => joined(parts.iter().filter_map(|part| self.write(part, wanted)).collect(), " OR ", 1),
            Node::Not(inner) => {
                let inner = self.write(inner, !wanted)?;
                Some(Ours { text: format!("NOT {}", inner.within(4)), binding: 4, positional: false })
            }
            Node::Near { left, right, distance, ordered } => {
                let (a, b) = (self.write(left, wanted), self.write(right, wanted));
                match (a, b) {
                    (Some(a), Some(b)) => self.near(&part.span, a, b, (*distance, *ordered), wanted),
                    (one, other) if wanted => one.or(other),
                    _ => {
                        self.note(&part.span, NoteSeverity::Lost, &notes::NEAR_EXCLUSION);
                        None
                    }
                }
            }
            Node::Within { inner, slop } => self.together(&part.span, inner, *slop, wanted),
        }
    }

    /// The parts of a conjunction. A post has one site and one language: two of them side by side were meant as a choice.
    fn all(&mut self, parts: &[Foreign], wanted: bool) -> Vec<Option<Ours>> {
        let mut written: Vec<Option<Ours>> = Vec::with_capacity(parts.len());
        let mut fields: Vec<(To, usize)> = Vec::new();
        for part in parts {
            let own = self.write(part, wanted);
            if let (Node::Field { to, .. }, Some(own)) = (&part.node, &own)
                && matches!(to, To::Field("site" | "lang") | To::Named(..))
            {
                if let Some((_, first)) = fields.iter().find(|(known, _)| known == to) {
                    let text = written[*first].as_ref().map_or_else(String::new, |first| format!("{} OR ", first.text));
                    let choice = Ours { text: text + &own.text, binding: 1, positional: false };
                    self.became(&part.span, &notes::CHOICE, &choice.text);
                    written[*first] = Some(choice);
                    continue;
                }
                fields.push((*to, written.len()));
            }
            written.push(own);
        }
        written
    }

    pub(super) fn note(&mut self, span: &Range<usize>, severity: NoteSeverity, sentence: &'static crate::Spoken) {
        self.notes.add(self.text, span.clone(), severity, sentence, "");
    }

    pub(super) fn became(&mut self, span: &Range<usize>, sentence: &'static crate::Spoken, new: &str) {
        self.notes.add(self.text, span.clone(), NoteSeverity::Changed, sentence, new);
    }

    fn near(
        &mut self,
        span: &Range<usize>,
        a: Ours,
        b: Ours,
        (distance, ordered): (u32, bool),
        wanted: bool,
    ) -> Option<Ours> {
        if a.positional && b.positional && (distance <= MAX_DISTANCE || !wanted) {
            if distance > MAX_DISTANCE {
                self.note(span, NoteSeverity::Changed, &notes::SHORTER);
            }
            let distance = distance.clamp(1, MAX_DISTANCE);
            let operator = if ordered { "ONEAR" } else { "NEAR" };
            let text = format!("{} {operator}/{distance} {}", a.within(3), b.within(4));
            return Some(Ours { text, binding: 3, positional: true });
        }
        if wanted {
            self.note(span, NoteSeverity::Changed, &notes::NEAR_TO_AND);
            return joined(vec![a, b], " ", 2);
        }
        self.note(span, NoteSeverity::Lost, &notes::NEAR_EXCLUSION);
        None
    }

    /// `(a AND b)~5`
    fn together(&mut self, span: &Range<usize>, inner: &Foreign, slop: u32, wanted: bool) -> Option<Ours> {
        let Node::And(parts) = &inner.node else {
            if matches!(inner.node, Node::Or(_) | Node::Not(_) | Node::Near { .. }) {
                self.note(span, NoteSeverity::Changed, &notes::NO_STRETCH);
            }
            return self.write(inner, wanted);
        };
        let mut written: Vec<_> = parts.iter().map(|part| self.write(part, wanted)).collect();
        if !wanted && (written.len() > 2 || written.iter().any(Option::is_none)) {
            self.note(span, NoteSeverity::Lost, &notes::NEAR_EXCLUSION);
            return None;
        }
        if written.len() > 2 {
            self.note(span, NoteSeverity::Changed, &notes::NEAR_CHAIN);
        }
        let mut parts = written.drain(..).flatten();
        let mut left = parts.next()?;
        // Any order makes a chain through a far word possible: each step may be as long as the whole.
        for right in parts {
            left = self.near(span, left, right, (slop.saturating_add(1), false), wanted)?;
        }
        Some(left)
    }

    fn word(&mut self, span: &Range<usize>, word: &str, wanted: bool) -> Option<Ours> {
        if !wanted && !self.grammar.inflects && !word.starts_with(['#', '@']) {
            let exact = format!("={word}");
            if !word.contains(['*', '?']) && stands(&exact) {
                return Some(Ours::atom(exact, true));
            }
        }
        for own in [word.to_owned(), format!("\"{word}\"")] {
            if !stands(&own) || (word.contains('"') && own != word) {
                continue;
            }
            let any_form = own == word && !word.contains(['*', '?']) && !word.starts_with(['#', '@']);
            if any_form && wanted && !self.grammar.inflects && word.chars().any(char::is_alphabetic) {
                self.notes.once(self.text, &notes::FORMS);
            }
            if self.grammar.signs && word.chars().any(|c| c.is_ascii_punctuation() && !"#@-'_.*?".contains(c)) {
                self.became(span, &notes::PUNCTUATION, &own);
            }
            return Some(Ours::atom(own, true));
        }
        if word.contains('*') {
            let beginning = word.split('*').next().unwrap_or_default();
            let prefix = format!("{beginning}*");
            if wanted && stands(&prefix) {
                self.became(span, &notes::WIDER_PREFIX, &prefix);
                return Some(Ours::atom(prefix, true));
            }
            self.note(span, NoteSeverity::Lost, &notes::WILDCARD);
            return None;
        }
        let plain: String = word.chars().map(|c| if c.is_alphanumeric() { c } else { ' ' }).collect();
        let plain = format!("\"{}\"", plain.split_whitespace().collect::<Vec<_>>().join(" "));
        if wanted && stands(&plain) {
            self.became(span, &notes::PUNCTUATION, &plain);
            return Some(Ours::atom(plain, true));
        }
        self.note(span, NoteSeverity::Lost, &notes::NOT_A_WORD);
        None
    }

    /// Words in this form, or with these capitals.
    fn strict(&mut self, span: &Range<usize>, words: &str, sign: &str) -> Option<Ours> {
        let single = !words.contains(char::is_whitespace);
        let own = if single {
            format!("{sign}{words}")
        } else {
            let words: Vec<_> = words.split_whitespace().map(|word| format!("{sign}{word}")).collect();
            format!("\"{}\"", words.join(" ").replace('"', ""))
        };
        let kept: String =
            words.chars().filter(|c| c.is_alphanumeric() || c.is_whitespace() || "#@-'’_".contains(*c)).collect();
        if !stands(&own) {
            self.note(span, NoteSeverity::Lost, &notes::NOT_A_WORD);
            return None;
        }
        if kept.len() < words.len() {
            self.became(span, &notes::PUNCTUATION, &own);
        }
        Some(Ours::atom(own, true))
    }

    fn phrase(&mut self, span: &Range<usize>, words: &str, slop: Option<u32>, wanted: bool) -> Option<Ours> {
        let words = words.replace(['"', '«', '»', '“', '”', '„'], " ");
        let count = words.split_whitespace().count();
        let own = match slop.filter(|_| count > 1) {
            None => format!("\"{}\"", words.trim()),
            Some(slop) if wanted => {
                self.note(span, NoteSeverity::Changed, &notes::SLOP);
                format!("\"{}\"~{}", words.trim(), slop.min(MAX_DISTANCE))
            }
            Some(slop) => {
                let exact: Vec<_> = words.split_whitespace().map(|word| format!("={word}")).collect();
                format!("\"{}\"~{}", exact.join(" "), slop.min(MAX_DISTANCE))
            }
        };
        if stands(&own) {
            if count > 1 && slop.is_some_and(|slop| slop > MAX_DISTANCE) {
                self.note(span, NoteSeverity::Changed, &notes::SHORTER);
            }
            return Some(Ours::atom(own, true));
        }
        // Words with stars that ours does not take: each by itself, none lost.
        if wanted && words.contains('*') {
            let parts: Vec<_> = words.split_whitespace().filter_map(|word| self.word(span, word, wanted)).collect();
            self.note(span, NoteSeverity::Changed, &notes::NEAR_TO_AND);
            return joined(parts, " ", 2);
        }
        self.note(span, NoteSeverity::Lost, &notes::NOT_A_WORD);
        None
    }

    /// `title:` before each word and phrase.
    fn title(&mut self, part: &Foreign, wanted: bool) -> Option<Ours> {
        match &part.node {
            Node::And(parts) => {
                let parts: Vec<_> = parts.iter().map(|part| self.title(part, wanted)).collect();
                if !wanted && parts.iter().any(Option::is_none) {
                    self.note(&part.span, NoteSeverity::Lost, &notes::EXACT_EXCLUSION);
                    return None;
                }
                joined(parts.into_iter().flatten().collect(), " ", 2)
            }
            Node::Or(parts) => joined(parts.iter().filter_map(|part| self.title(part, wanted)).collect(), " OR ", 1),
            Node::Not(inner) => {
                let inner = self.title(inner, !wanted)?;
                Some(Ours { text: format!("NOT {}", inner.within(4)), binding: 4, positional: false })
            }
            Node::Near { left, right, .. } if wanted => {
                self.note(&part.span, NoteSeverity::Changed, &notes::NEAR_TO_AND);
                let parts = [self.title(left, wanted), self.title(right, wanted)];
                joined(parts.into_iter().flatten().collect(), " ", 2)
            }
            Node::Word(_) | Node::Cased(_) | Node::Raw(_) | Node::Phrase { .. } => {
                let own = self.write(part, wanted)?;
                if let Node::Phrase { words, slop: Some(_) } = &part.node
                    && own.text.contains("\"~")
                {
                    return self.words_of_title(&part.span, words, wanted);
                }
                let own = Ours::atom(format!("title:{}", own.text), false);
                if !stands(&own.text) {
                    self.note(&part.span, NoteSeverity::Lost, &notes::VALUE);
                    return None;
                }
                Some(own)
            }
            _ => {
                self.note(&part.span, NoteSeverity::Lost, &notes::VALUE);
                None
            }
        }
    }

    /// A title cannot be asked for words close together: for each of them instead.
    fn words_of_title(&mut self, span: &Range<usize>, words: &str, wanted: bool) -> Option<Ours> {
        if !wanted {
            self.note(span, NoteSeverity::Lost, &notes::EXACT_EXCLUSION);
            return None;
        }
        self.note(span, NoteSeverity::Changed, &notes::NEAR_TO_AND);
        let words = words.split_whitespace().map(|word| format!("title:{word}")).filter(|word| stands(word));
        joined(words.map(|word| Ours::atom(word, false)).collect(), " ", 2)
    }

    fn field(&mut self, span: &Range<usize>, to: To, values: &[Foreign], wanted: bool) -> Option<Ours> {
        let mut parts = Vec::new();
        for value in values {
            match fields::own(to, value.text(), wanted) {
                Some(own) if stands(&own.text) => {
                    if own.changed {
                        self.became(place(span, values, value), &notes::FIELD_CHANGED, &own.text);
                    }
                    let positional = matches!(to, To::Hashtag | To::Mention);
                    let binding = if own.text.contains(' ') && !own.text.contains('"') { 1 } else { 5 };
                    parts.push(Ours { text: own.text, binding, positional });
                }
                _ => self.note(&value.span, NoteSeverity::Lost, &notes::VALUE),
            }
        }
        if values.is_empty() {
            self.note(span, NoteSeverity::Lost, &notes::VALUE);
        }
        // Half of the alternatives would find less than all of them.
        if wanted && parts.len() < values.len() {
            if !parts.is_empty() {
                self.note(span, NoteSeverity::Lost, &notes::PARTIAL);
            }
            return None;
        }
        joined(parts, " OR ", 1)
    }
}

/// Where a value is told of: with its field when it is the only one.
const fn place<'a>(field: &'a Range<usize>, values: &[Foreign], value: &'a Foreign) -> &'a Range<usize> {
    if values.len() == 1 { field } else { &value.span }
}

fn joined(mut parts: Vec<Ours>, between: &str, binding: u8) -> Option<Ours> {
    if parts.len() < 2 {
        return parts.pop();
    }
    let positional = binding == 1 && parts.iter().all(|part| part.positional);
    let texts: Vec<_> = parts.iter().map(|part| part.within(binding + 1)).collect();
    Some(Ours { text: texts.join(between), binding, positional })
}

/// Whether a piece is read as one part without a complaint.
fn stands(own: &str) -> bool {
    let parsed = crate::parse(own);
    parsed.query.is_some_and(|query| !matches!(query.expr().node, syntax::Node::And(_)))
        && !own.contains("--")
        && !own.contains("<<<")
}
