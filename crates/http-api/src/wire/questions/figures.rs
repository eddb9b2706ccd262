use molva_domain::Language;
use molva_insights::definitions::{self, FigureUnit, Question};
use serde::Serialize;
use utoipa::ToSchema;

use crate::wire::words::{Word, WordList};

/// A figure and all there is to know about it, in the language of the reader.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct Figure {
    pub id: String,
    /// Where it is shown.
    pub question: QuestionWord,
    pub name: String,
    pub unit: FigureUnitWord,
    /// In plain words.
    pub formula: String,
    /// The same in symbols.
    pub symbols: String,
    /// Which rows it is worked out over.
    pub rows: String,
    /// What is not among them.
    pub excludes: String,
    /// Where the formula comes from, when it is not plain counting.
    #[schema(required)]
    pub source: Option<String>,
}

impl Figure {
    pub(crate) fn of(question: Question, figure: &definitions::Figure, language: Language) -> Self {
        Self {
            id: figure.id.to_owned(),
            question: Word(question),
            name: figure.name.in_language(language).to_owned(),
            unit: Word(figure.unit),
            formula: figure.formula.in_language(language).to_owned(),
            symbols: figure.symbols.to_owned(),
            rows: figure.rows.in_language(language).to_owned(),
            excludes: figure.excludes.in_language(language).to_owned(),
            source: figure.source.map(str::to_owned),
        }
    }
}

pub type FigureUnitWord = Word<FigureUnit>;
pub type QuestionWord = Word<Question>;

impl WordList for FigureUnit {
    const NAME: &'static str = "FigureUnit";
    const ALL: &'static [Self] = &Self::ALL;

    fn as_str(self) -> &'static str {
        self.as_str()
    }
}

impl WordList for Question {
    const NAME: &'static str = "Question";
    const ALL: &'static [Self] = &Self::ALL;

    fn as_str(self) -> &'static str {
        self.as_str()
    }
}
