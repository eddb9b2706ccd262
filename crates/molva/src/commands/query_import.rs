//! `molva query import-from`: a query of another product in our language.

use std::process::ExitCode;

use clap::{Args, ValueEnum};
use molva_query::dialects::{Dialect, Note, import};
use serde_json::json;

use crate::commands::query_knowledge::Knowledge;
use crate::commands::query_text::{Answer, as_json, read, show};
use crate::output;

#[derive(Args, Debug)]
pub(crate) struct QueryImport {
    /// Whose spelling it is
    #[arg(value_enum)]
    dialect: Product,

    /// The query; `-` reads it from standard input
    #[arg(allow_hyphen_values = true)]
    query: String,

    #[command(flatten)]
    knowledge: Knowledge,

    #[command(flatten)]
    answer: Answer,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
enum Product {
    Brandwatch,
    Youscan,
    Talkwalker,
    Meltwater,
}

impl From<Product> for Dialect {
    fn from(product: Product) -> Self {
        match product {
            Product::Brandwatch => Self::Brandwatch,
            Product::Youscan => Self::YouScan,
            Product::Talkwalker => Self::Talkwalker,
            Product::Meltwater => Self::Meltwater,
        }
    }
}

impl QueryImport {
    /// Prints the query on standard output and the notes on standard error, so that the query can be piped on.
    pub(crate) async fn run(self) -> anyhow::Result<ExitCode> {
        let language = self.answer.language();
        let text = read(&self.query)?;
        self.knowledge.load_dictionaries()?;
        let imported = import(self.dialect.into(), &text);
        let parsed = molva_query::parse(&imported.query);
        if self.answer.json {
            let note = |note: &Note| {
                json!({
                    "severity": note.severity.name(), "start": note.span.start, "end": note.span.end,
                    "written": note.written, "message": note.message(language),
                })
            };
            output::json(&json!({
                "query": imported.query,
                "notes": imported.notes.iter().map(note).collect::<Vec<_>>(),
                "diagnostics": as_json(&parsed.diagnostics, language),
            }));
        } else {
            output::line(parsed.query.as_ref().map_or_else(|| imported.query.clone(), |query| query.format()));
            for note in &imported.notes {
                output::note(format!("{}: {}", note.severity.name(), note.message(language)));
            }
            if parsed.query.is_none() {
                show(&imported.query, &parsed.diagnostics, language);
            }
        }
        Ok(if parsed.query.is_some() { ExitCode::SUCCESS } else { ExitCode::FAILURE })
    }
}
