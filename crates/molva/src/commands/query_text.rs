//! What the `molva query` commands share: where the query comes from, and how its mistakes are shown.

use std::io::Read as _;

use anyhow::{Context as _, bail};
use clap::{Args, ValueEnum};
use molva_domain::Language;
use molva_query::{Diagnostic, Parsed, Reading, Scope, Severity, parse_with};
use serde_json::{Value, json};

use crate::commands::query_knowledge::Knowledge;
use crate::output;

/// Longest text read, in bytes: more than the longest query.
const MAX_BYTES: u64 = 1 << 20;

/// A query, and how to answer.
#[derive(Args, Debug)]
pub(crate) struct QueryText {
    /// The query; `-` reads it from standard input
    #[arg(allow_hyphen_values = true)]
    query: String,

    /// Reads it as for stored mentions: tone, tags, cases may be asked for
    #[arg(long)]
    mentions: bool,

    #[command(flatten)]
    knowledge: Knowledge,

    #[command(flatten)]
    pub(crate) answer: Answer,
}

#[derive(Args, Clone, Copy, Debug)]
pub(crate) struct Answer {
    /// Language of the answer
    #[arg(long, value_enum, default_value = "en")]
    language: Speech,

    /// For machines, one object; places are bytes of the query
    #[arg(long)]
    pub(crate) json: bool,
}

impl Answer {
    pub(crate) fn language(self) -> Language {
        self.language.into()
    }
}

#[derive(Clone, Copy, Debug, ValueEnum)]
pub(crate) enum Speech {
    En,
    Ru,
    Uk,
}

impl From<Speech> for Language {
    fn from(speech: Speech) -> Self {
        match speech {
            Speech::En => Self::ENGLISH,
            Speech::Ru => Self::RUSSIAN,
            Speech::Uk => Self::UKRAINIAN,
        }
    }
}

impl QueryText {
    pub(crate) fn text(&self) -> anyhow::Result<String> {
        read(&self.query)
    }

    pub(crate) async fn parse(&self, text: &str) -> anyhow::Result<Parsed> {
        let scope = if self.mentions { Scope::Mentions } else { Scope::Topic };
        let lists = self.knowledge.load().await?;
        Ok(parse_with(text, &Reading { scope, lists: &lists }))
    }
}

/// The argument itself, or standard input for `-`.
pub(crate) fn read(argument: &str) -> anyhow::Result<String> {
    if argument != "-" {
        return Ok(argument.to_owned());
    }
    let mut text = String::new();
    std::io::stdin().lock().take(MAX_BYTES + 1).read_to_string(&mut text).context("standard input cannot be read")?;
    if text.len() as u64 > MAX_BYTES {
        bail!("standard input is longer than {MAX_BYTES} bytes; no query is, give one query");
    }
    Ok(text.trim_end_matches(['\n', '\r']).to_owned())
}

/// For machines.
pub(crate) fn as_json(diagnostics: &[Diagnostic], language: Language) -> Vec<Value> {
    diagnostics
        .iter()
        .map(|diagnostic| {
            json!({
                "severity": if diagnostic.severity == Severity::Error { "error" } else { "warning" },
                "code": diagnostic.code, "start": diagnostic.span.start, "end": diagnostic.span.end,
                "message": diagnostic.message(language), "replacement": diagnostic.replacement,
            })
        })
        .collect()
}

/// For people: each under its line of the query.
pub(crate) fn show(query: &str, diagnostics: &[Diagnostic], language: Language) {
    for diagnostic in diagnostics {
        for line in shown(query, diagnostic, language) {
            output::line(line);
        }
    }
}

/// Longest piece of a line shown, in characters.
const MAX_SHOWN: usize = 100;

/// An empty line, the query's line with the place marked below it, the sentence, and what to write instead.
fn shown(query: &str, diagnostic: &Diagnostic, language: Language) -> Vec<String> {
    let (start, end) = (diagnostic.span.start.min(query.len()), diagnostic.span.end.min(query.len()));
    let before = query.get(..start).unwrap_or_default();
    let line_start = before.rfind('\n').map_or(0, |at| at + 1);
    let line: Vec<char> =
        query.get(line_start..).unwrap_or_default().lines().next().unwrap_or_default().chars().collect();
    let column = query.get(line_start..start).unwrap_or_default().chars().count();
    let marked = query.get(start..end).unwrap_or_default().lines().next().unwrap_or_default().chars().count();
    // Of a long line only the surroundings of the place.
    let from = column.saturating_sub(MAX_SHOWN / 2).min(line.len());
    let to = (from + MAX_SHOWN).min(line.len());
    let marks = marked.clamp(1, MAX_SHOWN - (column - from).min(MAX_SHOWN - 1));
    let mut lines = vec![
        String::new(),
        line[from..to].iter().collect(),
        format!("{}{}", " ".repeat(column - from), "^".repeat(marks)),
        diagnostic.message(language),
    ];
    lines.extend(diagnostic.replacement.as_ref().map(|replacement| format!("  -> {replacement}")));
    lines
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown_first(query: &str) -> Vec<String> {
        shown(query, &molva_query::parse(query).diagnostics[0], Language::ENGLISH)
    }

    #[test]
    fn a_mistake_is_marked_under_its_line() {
        assert_eq!(
            shown_first("билайн\nсвязь or (мтс)"),
            [
                "",
                "связь or (мтс)",
                "      ^^",
                "`or` in small letters is read as a word to look for; write `OR` for the operator",
                "  -> OR",
            ]
        );
        assert_eq!(shown_first("слово AND")[1..3], ["слово AND", "      ^^^"]);
    }

    #[test]
    fn of_a_long_line_only_the_surroundings_are_shown() {
        let query = format!("{}лишнее) {}", "слово ".repeat(200), "слово ".repeat(200));
        let lines = shown_first(&query);
        assert_eq!(lines[1].chars().count(), MAX_SHOWN);
        assert_eq!(lines[1].chars().nth(lines[2].chars().count() - 1), Some(')'));
    }
}
