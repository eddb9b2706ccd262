//! `molva query`

use std::process::ExitCode;

use clap::Subcommand;
use serde_json::json;

use crate::commands::query_forms::QueryForms;
use crate::commands::query_import::QueryImport;
use crate::commands::query_knowledge::Knowledge;
use crate::commands::query_match::QueryMatch;
use crate::commands::query_text::{QueryText, Speech, as_json, show};
use crate::output;

#[derive(Debug, Subcommand)]
pub(crate) enum QueryCommand {
    /// Says in plain words what a query means, and what is wrong with it
    Explain(QueryText),
    /// Says only what is wrong with a query or looks like a mistake; fails when there is an error
    Lint(QueryText),
    /// Lays a query out for people: several lines when it is long, comments kept
    Format(QueryText),
    /// Rewrites a query of another product, and tells what could not be carried over
    ImportFrom(QueryImport),
    /// Shows which forms a word of a query stands for
    Forms(QueryForms),
    /// Proposes a query for a brand name
    Suggest {
        brand: String,

        /// Language of the reasons
        #[arg(long, value_enum, default_value = "en")]
        language: Speech,

        #[command(flatten)]
        knowledge: Knowledge,
    },
    /// Matches one query, or a file of them, against a file of posts
    Match(QueryMatch),
}

impl QueryCommand {
    pub(crate) async fn run(self) -> anyhow::Result<ExitCode> {
        match self {
            Self::Explain(query) => explain(&query).await,
            Self::Lint(query) => lint(&query).await,
            Self::Format(query) => format(&query).await,
            Self::ImportFrom(import) => import.run().await,
            Self::Forms(forms) => forms.run(),
            Self::Suggest { brand, language, knowledge } => {
                knowledge.load_dictionaries()?;
                suggest(&brand, language);
                Ok(ExitCode::SUCCESS)
            }
            Self::Match(query_match) => query_match.run().await,
        }
    }
}

const fn code(sound: bool) -> ExitCode {
    if sound { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

async fn explain(query: &QueryText) -> anyhow::Result<ExitCode> {
    let (text, language) = (query.text()?, query.answer.language());
    let parsed = query.parse(&text).await?;
    let explanation = parsed.query.as_ref().map(|query| query.explain(language));
    if query.answer.json {
        let diagnostics = as_json(&parsed.diagnostics, language);
        output::json(&json!({"explanation": explanation, "diagnostics": diagnostics}));
    } else {
        if let Some(explanation) = explanation {
            output::line(explanation);
        }
        show(&text, &parsed.diagnostics, language);
    }
    Ok(code(parsed.query.is_some()))
}

async fn lint(query: &QueryText) -> anyhow::Result<ExitCode> {
    let (text, language) = (query.text()?, query.answer.language());
    let parsed = query.parse(&text).await?;
    if query.answer.json {
        let diagnostics = as_json(&parsed.diagnostics, language);
        output::json(&json!({"valid": parsed.query.is_some(), "diagnostics": diagnostics}));
    } else {
        show(&text, &parsed.diagnostics, language);
    }
    Ok(code(parsed.query.is_some()))
}

async fn format(query: &QueryText) -> anyhow::Result<ExitCode> {
    let (text, language) = (query.text()?, query.answer.language());
    let parsed = query.parse(&text).await?;
    let laid_out = parsed.query.as_ref().map(|query| query.format());
    if query.answer.json {
        let diagnostics = as_json(&parsed.diagnostics, language);
        output::json(&json!({"query": laid_out, "diagnostics": diagnostics}));
    } else if let Some(laid_out) = laid_out {
        output::line(laid_out);
    } else {
        show(&text, &parsed.diagnostics, language);
    }
    Ok(code(parsed.query.is_some()))
}

fn suggest(brand: &str, language: Speech) {
    let suggestion = molva_query::suggest(brand, language.into());
    output::line(&suggestion.query);
    for exclusion in suggestion.exclusions {
        output::line(format!("  NOT {}  ({})", exclusion.clause, exclusion.reason));
    }
}
