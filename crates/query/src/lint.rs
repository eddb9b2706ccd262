//! What is allowed but probably not meant.

use std::collections::HashSet;

use crate::diagnostic::Diagnostic;
use crate::syntax::{Expr, Node, WordTest};

/// Operators in small letters and what was meant.
const LOWER_CASE: &[(&str, &str)] = &[
    ("or", "OR"),
    ("and", "AND"),
    ("not", "NOT"),
    ("или", "ИЛИ"),
    ("и", "И"),
    ("не", "НЕ"),
    ("або", "АБО"),
    ("і", "І"),
];

/// Brand names that are everyday words too; by normal form.
const COMMON: &[&str] = &[
    "мегафон",
    "магнит",
    "магніт",
    "лента",
    "стрічка",
    "точка",
    "крапка",
    "связной",
    "перекресток",
    "пятерочка",
    "спутник",
    "супутник",
    "звезда",
    "зірка",
    "восток",
    "схід",
    "открытие",
    "авангард",
    "почта",
    "пошта",
    "связь",
    "звязок",
    "аврора",
    "дом",
    "карусель",
    "колос",
    "life",
    "yes",
    "apple",
    "orange",
    "target",
    "shell",
    "gap",
    "visa",
    "virgin",
    "sprint",
];

pub(crate) fn lint(text: &str, expr: &Expr, diagnostics: &mut Vec<Diagnostic>) {
    walk(text, expr, true, diagnostics);
}

/// `alone` while nothing else is demanded beside this part.
fn walk(text: &str, expr: &Expr, alone: bool, diagnostics: &mut Vec<Diagnostic>) {
    match &expr.node {
        Node::Word(word) => {
            if let WordTest::AnyForm { form, .. } = &word.test
                && alone
                && COMMON.contains(&form.as_str())
            {
                diagnostics.push(Diagnostic::warning("common_word", word.span.clone(), &word.written));
            }
        }
        Node::And(parts) => {
            lower_case_operators(text, parts, diagnostics);
            repeated(text, parts, diagnostics);
            contradictions(text, parts, diagnostics);
            let demanded = parts.iter().filter(|part| part.demands(true)).count();
            parts.iter().for_each(|part| walk(text, part, alone && demanded == 1, diagnostics));
        }
        Node::Or(parts) => {
            repeated(text, parts, diagnostics);
            for part in parts {
                mixed(text, part, diagnostics);
                walk(text, part, alone, diagnostics);
            }
        }
        Node::AtLeast { of, .. } => {
            repeated(text, of, diagnostics);
            of.iter().for_each(|part| walk(text, part, false, diagnostics));
        }
        Node::Near { left, right, .. } | Node::Sentence { left, right } => {
            walk(text, left, false, diagnostics);
            walk(text, right, false, diagnostics);
        }
        Node::Not(part) => walk(text, part, false, diagnostics),
        Node::Phrase(_) | Node::Title(_) | Node::Field(_) | Node::List { .. } => {}
    }
}

fn lower_case_operators(text: &str, parts: &[Expr], diagnostics: &mut Vec<Diagnostic>) {
    for part in parts {
        let Node::Word(word) = &part.node else { continue };
        let Some(written) = text.get(word.span.clone()) else { continue };
        if let Some((_, operator)) = LOWER_CASE.iter().find(|(lower, _)| *lower == written) {
            diagnostics.push(Diagnostic::warning("lower_case_operator", word.span.clone(), written).with(*operator));
        }
    }
}

/// `a OR b c`: an unbracketed AND among alternatives.
fn mixed(text: &str, part: &Expr, diagnostics: &mut Vec<Diagnostic>) {
    let Node::And(parts) = &part.node else { return };
    let bracketed = parts.first().is_some_and(|first| part.span.start < first.span.start);
    if !bracketed && let Some(written) = text.get(part.span.clone()) {
        let new = format!("({written})");
        diagnostics.push(Diagnostic::warning("mixed_operators", part.span.clone(), written).with(new));
    }
}

fn repeated(text: &str, parts: &[Expr], diagnostics: &mut Vec<Diagnostic>) {
    let mut seen = HashSet::new();
    for part in parts {
        if !seen.insert(part.canonical()) {
            let written = text.get(part.span.clone()).unwrap_or_default();
            diagnostics.push(Diagnostic::warning("adds_nothing", part.span.clone(), written));
        }
    }
}

fn contradictions(text: &str, parts: &[Expr], diagnostics: &mut Vec<Diagnostic>) {
    let demanded: HashSet<String> = parts.iter().map(Expr::canonical).collect();
    for part in parts {
        let Node::Not(inner) = &part.node else { continue };
        if demanded.contains(&inner.canonical()) {
            let written = text.get(inner.span.clone()).unwrap_or_default();
            diagnostics.push(Diagnostic::warning("never_matches", part.span.clone(), written));
        }
    }
}
