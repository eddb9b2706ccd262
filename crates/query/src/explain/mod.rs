//! A query in plain words.

mod fields;
mod phrases;

use std::fmt::Write as _;

use molva_domain::Language;
use molva_text::forms::WordForms;

use crate::diagnostic::fill;
use crate::syntax::{Expr, Node, Phrase, Word, WordTest};
use phrases::Phrases;

/// Words whose forms are shown; an analyst reads no more.
const MAX_WORDS: usize = 10;
/// Alternatives of one choice that are shown.
const MAX_PARTS: usize = 20;
/// Forms shown of each.
const MAX_FORMS: usize = 4;

/// One sentence, and one more on the forms that its words stand for.
pub(crate) fn explain(expr: &Expr, language: Language) -> String {
    let phrases = Phrases::of(language);
    let mut text = format!("{}{}.", phrases.head, phrases.part(expr, false));
    phrases.forms(expr, &mut text);
    text
}

impl Phrases {
    /// `beside` others, so that what has an `and` or `or` of its own goes into brackets.
    fn part(&self, expr: &Expr, beside: bool) -> String {
        match &expr.node {
            Node::Word(word) => self.word(word),
            Node::Phrase(phrase) => self.phrase(phrase),
            Node::Near { left, right, distance, ordered } => {
                let template = if *ordered { self.ordered } else { self.near };
                let (a, b) = (self.part(left, true), self.part(right, true));
                let text = fill(template, &[("{a}", &a), ("{b}", &b), ("{n}", &self.count(*distance, self.words))]);
                bracketed(beside, &text)
            }
            Node::Sentence { left, right } => {
                let text = fill(self.sentence, &[("{a}", &self.part(left, true)), ("{b}", &self.part(right, true))]);
                bracketed(beside, &text)
            }
            Node::AtLeast { count, of } => {
                let list: Vec<_> = of.iter().map(|part| self.part(part, false)).collect();
                format!("{}({})", fill(self.at_least, &[("{n}", &count.to_string())]), list.join("; "))
            }
            Node::Title(part) => fill(self.title, &[("{}", &self.part(part, true))]),
            Node::Field(test) => fields::field(test, self.language),
            Node::List { name, .. } => fill(self.list, &[("{}", name)]),
            Node::Not(_) => bracketed(beside, &self.all(std::slice::from_ref(expr))),
            Node::And(parts) => bracketed(beside, &self.all(parts)),
            Node::Or(parts) => match parts.as_slice() {
                [_, row] if expr.is_compound() => self.part(row, beside),
                parts => bracketed(beside, &self.any(parts)),
            },
        }
    }

    fn any(&self, parts: &[Expr]) -> String {
        self.listed(&parts.iter().collect::<Vec<_>>(), self.or, self.rest_of_choice)
    }

    /// The parts with a word between; of many only the first.
    fn listed(&self, parts: &[&Expr], between: &str, rest: &str) -> String {
        let shown = if parts.len() > MAX_PARTS { MAX_PARTS - 1 } else { parts.len() };
        let mut texts: Vec<_> = parts[..shown].iter().map(|part| self.part(part, parts.len() > 1)).collect();
        if shown < parts.len() {
            texts.push(fill(rest, &[("{n}", &(parts.len() - shown).to_string())]));
        }
        texts.join(between)
    }

    /// What is demanded, and then what is excluded.
    fn all(&self, parts: &[Expr]) -> String {
        let mut excluded = Vec::new();
        let mut demanded = Vec::new();
        for part in parts {
            match &part.node {
                Node::Not(inner) => match &inner.node {
                    Node::Or(parts) if !inner.is_compound() => excluded.extend(parts),
                    _ => excluded.push(inner.as_ref()),
                },
                _ => demanded.push(part),
            }
        }
        let mut text = self.listed(&demanded, self.and, self.rest_of_all);
        if demanded.is_empty() {
            text.push_str(self.anything);
        }
        if !excluded.is_empty() {
            text.push_str(self.except);
            text.push_str(&self.listed(&excluded, self.or, self.rest_of_choice));
        }
        text
    }

    fn word(&self, word: &Word) -> String {
        let template = match &word.test {
            WordTest::AnyForm { .. } => self.any_form,
            WordTest::Exact(_) => self.exact,
            WordTest::Cased { .. } => self.cased,
            WordTest::Prefix(_) => self.prefix,
            WordTest::Pattern(_) => self.pattern,
            WordTest::Hashtag(_) => self.hashtag,
            WordTest::Mention(_) => self.mention,
            WordTest::Emoji(_) => self.emoji,
        };
        let plain = word.test.plain();
        fill(template, &[("{}", if let WordTest::Prefix(prefix) = &word.test { prefix } else { &plain })])
    }

    fn phrase(&self, phrase: &Phrase) -> String {
        let words: Vec<_> = phrase.words.iter().map(|word| word.test.plain()).collect();
        let words = words.join(" ");
        let inflected = phrase.words.iter().any(|word| matches!(word.test, WordTest::AnyForm { .. }));
        let template = match (phrase.slop, inflected) {
            (Some(0), true) => self.beside,
            (Some(0), false) => self.beside_exact,
            (Some(_), true) => self.close,
            (Some(_), false) => self.close_exact,
            (None, true) => self.row,
            (None, false) => self.phrase,
        };
        fill(template, &[("{}", &words), ("{n}", &self.count(phrase.slop.unwrap_or(0), self.others))])
    }

    /// `«билайн» — билайн, билайна, билайном и ещё 9; …`
    fn forms(&self, expr: &Expr, out: &mut String) {
        let mut words: Vec<&WordForms> = Vec::new();
        let (mut seen, mut more) = (std::collections::HashSet::new(), 0_usize);
        expr.each_word(&mut |word| {
            if let WordTest::AnyForm { form, forms } = &word.test
                && forms.keys().len() > 1
                && seen.insert(form)
            {
                if words.len() < MAX_WORDS { words.push(forms) } else { more += 1 }
            }
        });
        for (index, forms) in words.iter().enumerate() {
            out.push_str(if index == 0 { self.forms } else { "; " });
            out.push_str(&fill(self.forms_of, &[("{}", forms.form())]));
            out.push_str(&self.forms_of_word(forms));
        }
        if more > 0 {
            out.push_str(&fill(self.more_words, &[("{n}", &more.to_string())]));
        }
        if !words.is_empty() {
            out.push('.');
        }
    }

    /// The word itself, its plainest other forms, and how many more there are.
    fn forms_of_word(&self, forms: &WordForms) -> String {
        let plain = |text: &&str| *text != forms.form() && !text.contains('\'');
        let first = forms.texts().filter(plain).take(MAX_FORMS - 1);
        let shown: Vec<_> = std::iter::once(forms.form()).chain(first).collect();
        let mut text = shown.join(", ");
        let more = forms.texts().count().saturating_sub(shown.len());
        if more > 0 {
            let _ = write!(text, "{}", fill(self.more_forms, &[("{n}", &more.to_string())]));
        }
        text
    }
}

fn bracketed(needed: bool, text: &str) -> String {
    if needed { format!("({text})") } else { text.to_owned() }
}
