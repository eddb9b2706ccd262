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
        parts.iter().map(|part| self.part(part, parts.len() > 1)).collect::<Vec<_>>().join(self.or)
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
        let beside = demanded.len() > 1;
        let mut text = demanded.iter().map(|part| self.part(part, beside)).collect::<Vec<_>>().join(self.and);
        if demanded.is_empty() {
            text.push_str(self.anything);
        }
        if !excluded.is_empty() {
            let beside = excluded.len() > 1;
            let parts: Vec<_> = excluded.iter().map(|part| self.part(part, beside)).collect();
            text.push_str(self.except);
            text.push_str(&parts.join(self.or));
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
        match phrase.slop {
            Some(0) => fill(self.beside, &[("{}", &words)]),
            Some(slop) => fill(self.close, &[("{}", &words), ("{n}", &self.count(slop, self.others))]),
            None if phrase.words.iter().any(|word| matches!(word.test, WordTest::AnyForm { .. })) => {
                fill(self.row, &[("{}", &words)])
            }
            None => fill(self.phrase, &[("{}", &words)]),
        }
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
