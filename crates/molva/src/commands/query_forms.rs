//! `molva query forms`: which forms a word of a query stands for.

use std::process::ExitCode;

use anyhow::bail;
use clap::Args;
use molva_domain::Language;
use molva_text::forms::{Lexeme, Origin, lexemes};
use molva_text::normalise;
use serde_json::json;

use crate::commands::query_knowledge::Knowledge;
use crate::commands::query_text::Answer;
use crate::output;

#[derive(Args, Debug)]
pub(crate) struct QueryForms {
    /// A word in any of its forms
    word: String,

    #[command(flatten)]
    knowledge: Knowledge,

    #[command(flatten)]
    answer: Answer,
}

impl QueryForms {
    pub(crate) fn run(self) -> anyhow::Result<ExitCode> {
        let form = normalise(&self.word);
        if form.is_empty() || self.word.split_whitespace().count() != 1 {
            bail!("`{}` is not one word; write a word with letters or digits", self.word);
        }
        self.knowledge.load_dictionaries()?;
        let found = lexemes(&form);
        if self.answer.json {
            let lexeme = |lexeme: &Lexeme| {
                json!({
                    "lemma": lexeme.lemma, "language": lexeme.language.map(|language| language.to_string()),
                    "origin": origin(lexeme.origin), "forms": lexeme.forms,
                })
            };
            output::json(&json!({"word": form, "lexemes": found.iter().map(lexeme).collect::<Vec<_>>()}));
        } else {
            for lexeme in &found {
                for line in shown(lexeme, self.answer.language()) {
                    output::line(line);
                }
            }
        }
        Ok(ExitCode::SUCCESS)
    }
}

const fn origin(origin: Origin) -> &'static str {
    match origin {
        Origin::Dictionary => "dictionary",
        Origin::Guessed => "guessed",
        Origin::Rules => "rules",
        Origin::Itself => "itself",
    }
}

/// The word with where its forms come from, and below it the forms.
fn shown(lexeme: &Lexeme, language: Language) -> [String; 2] {
    let [en, ru, uk] = match lexeme.origin {
        Origin::Dictionary => ["from the dictionary", "из словаря", "зі словника"],
        Origin::Guessed => {
            ["inflected like words of the dictionary", "склоняется как слова словаря", "відмінюється як слова словника"]
        }
        Origin::Rules => ["by rules of grammar", "по правилам грамматики", "за правилами граматики"],
        Origin::Itself => ["known only as written", "известно только как написано", "відоме лише як написано"],
    };
    let origin = match language {
        Language::RUSSIAN => ru,
        Language::UKRAINIAN => uk,
        _ => en,
    };
    let spoken = lexeme.language.map_or_else(|| "-".to_owned(), |language| language.to_string());
    [format!("{} [{spoken}] {origin}: {}", lexeme.lemma, lexeme.forms.len()), format!("  {}", lexeme.forms.join(", "))]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_word_is_shown_with_its_origin_and_its_forms() {
        let lexeme = Lexeme {
            lemma: "банк".to_owned(),
            language: Some(Language::RUSSIAN),
            origin: Origin::Dictionary,
            forms: vec!["банк".to_owned(), "банка".to_owned()],
        };
        assert_eq!(shown(&lexeme, Language::ENGLISH), ["банк [ru] from the dictionary: 2", "  банк, банка"]);
    }
}
