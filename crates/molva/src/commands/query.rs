//! `molva query`

use std::process::ExitCode;

use clap::{Subcommand, ValueEnum};
use molva_domain::Language;
use molva_query::Severity;
use serde_json::json;

use crate::commands::query_forms::QueryForms;
use crate::commands::query_match::QueryMatch;
use crate::output;

#[derive(Debug, Subcommand)]
pub(crate) enum QueryCommand {
    /// Says in plain words what a query means, and what is wrong with it
    Explain {
        query: String,

        /// Language of the answer
        #[arg(long, value_enum, default_value = "en")]
        language: Speech,

        /// For machines
        #[arg(long)]
        json: bool,
    },
    /// Proposes a query for a brand name
    Suggest {
        brand: String,

        /// Language of the reasons
        #[arg(long, value_enum, default_value = "en")]
        language: Speech,
    },
    /// Shows the forms that a word of a query stands for
    Forms(QueryForms),
    /// Matches one query, or a file of them, against a file of posts
    Match(QueryMatch),
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

impl QueryCommand {
    pub(crate) fn run(self) -> anyhow::Result<ExitCode> {
        match self {
            Self::Explain { query, language, json } => Ok(explain(&query, language.into(), json)),
            Self::Suggest { brand, language } => {
                suggest(&brand, language.into());
                Ok(ExitCode::SUCCESS)
            }
            Self::Forms(query_forms) => query_forms.run(),
            Self::Match(query_match) => query_match.run(),
        }
    }
}

fn explain(query: &str, language: Language, json: bool) -> ExitCode {
    let parsed = molva_query::parse(query);
    let explanation = parsed.query.as_ref().map(|query| query.explain(language));
    let code = if explanation.is_some() { ExitCode::SUCCESS } else { ExitCode::FAILURE };
    if json {
        let diagnostics: Vec<_> = parsed
            .diagnostics
            .iter()
            .map(|diagnostic| {
                json!({
                    "severity": if diagnostic.severity == Severity::Error { "error" } else { "warning" },
                    "code": diagnostic.code, "start": diagnostic.span.start, "end": diagnostic.span.end,
                    "message": diagnostic.message(language), "replacement": diagnostic.replacement,
                })
            })
            .collect();
        output::json(&json!({"explanation": explanation, "diagnostics": diagnostics}));
        return code;
    }
    if let Some(explanation) = explanation {
        output::line(explanation);
    }
    for diagnostic in &parsed.diagnostics {
        let (start, end) = (diagnostic.span.start.min(query.len()), diagnostic.span.end.min(query.len()));
        let before = query.get(..start).unwrap_or_default();
        let marked = query.get(start..end).unwrap_or_default();
        let line = before.matches('\n').count();
        output::line("");
        output::line(query.lines().nth(line).unwrap_or_default());
        let column = before.lines().last().filter(|_| !before.ends_with('\n')).map_or(0, |text| text.chars().count());
        output::line(format!("{}{}", " ".repeat(column), "^".repeat(marked.chars().count().max(1))));
        output::line(diagnostic.message(language));
        if let Some(replacement) = &diagnostic.replacement {
            output::line(format!("  -> {replacement}"));
        }
    }
    code
}

fn suggest(brand: &str, language: Language) {
    let suggestion = molva_query::suggest(brand, language);
    output::line(&suggestion.query);
    for exclusion in suggestion.exclusions {
        output::line(format!("  NOT {}  ({})", exclusion.clause, exclusion.reason));
    }
}
