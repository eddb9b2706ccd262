//! `molva query forms`

use std::path::PathBuf;
use std::process::ExitCode;

use clap::Args;
use molva_text::forms::{Lexeme, Origin, WordForms};
use serde_json::{Value, json};

use crate::{dictionaries, output};

#[derive(Args, Debug)]
pub(crate) struct QueryForms {
    /// A word as it stands in a query
    word: String,

    /// Data folder whose dictionaries are used
    #[arg(long, env = "MOLVA_DATA", default_value = "molva-data", value_name = "DIR")]
    data: PathBuf,

    /// For machines
    #[arg(long)]
    json: bool,
}

impl QueryForms {
    pub(crate) fn run(self) -> anyhow::Result<ExitCode> {
        dictionaries::load(&self.data)?;
        let forms = WordForms::of(&self.word);
        let lexemes = forms.lexemes();
        if self.json {
            let words: Vec<Value> = lexemes
                .iter()
                .map(|lexeme| {
                    json!({
                        "lemma": lexeme.lemma,
                        "language": lexeme.language,
                        "known": known(lexeme),
                        "forms": lexeme.forms,
                    })
                })
                .collect();
            output::json(&json!({"form": forms.form(), "forms": forms.texts().collect::<Vec<_>>(), "words": words}));
            return Ok(ExitCode::SUCCESS);
        }
        for lexeme in &lexemes {
            let language = lexeme.language.map(|language| format!(", {language}")).unwrap_or_default();
            output::line(format!("{} ({}{language}): {}", lexeme.lemma, known(lexeme), lexeme.forms.join(" ")));
        }
        Ok(ExitCode::SUCCESS)
    }
}

/// How the forms of a word are known.
const fn known(lexeme: &Lexeme) -> &'static str {
    match lexeme.origin {
        Origin::Dictionary => "dictionary",
        Origin::Guessed => "like words that end alike",
        Origin::Rules => "rules",
        Origin::Itself => "itself",
    }
}
