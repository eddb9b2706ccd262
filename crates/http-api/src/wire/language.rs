//! The query language itself: its words, its layout, and queries of other products.

use molva_domain::ListKind;
use molva_query::dialects::{self, Note, NoteSeverity as Severity};
use molva_query::{FieldAbout, FieldStage as Stage, List, OperatorAbout};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::locale::Locale;
use crate::wire::Diagnostic;
use crate::wire::utf16::Utf16;
use crate::wire::words::{ListKindWord, Word};

/// The words of the query language.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct QueryLanguage {
    pub fields: Vec<LanguageField>,
    pub operators: Vec<LanguageOperator>,
    /// By name.
    pub lists: Vec<LanguageList>,
}

/// A field.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct LanguageField {
    /// Without the colon.
    pub name: String,
    /// In the reader's language.
    pub about: String,
    /// As they stand in a query.
    pub examples: Vec<String>,
    /// All there are; empty when any text or number may stand there.
    pub values: Vec<String>,
    pub stage: FieldStage,
}

/// When the value of a field is known.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "lowercase")]
pub enum FieldStage {
    /// As soon as the post arrives: the only fields a topic may use.
    Post,
    /// After the mention has been analysed.
    Judged,
    /// Once people work on it.
    Worked,
}

impl LanguageField {
    pub(crate) fn of(field: &FieldAbout, locale: Locale) -> Self {
        let words = |words: &[&str]| words.iter().map(ToString::to_string).collect();
        Self {
            name: field.name.to_owned(),
            about: field.about.in_language(locale.language()).to_owned(),
            examples: words(field.examples),
            values: words(field.values),
            stage: match field.stage {
                Stage::Post => FieldStage::Post,
                Stage::Judged => FieldStage::Judged,
                Stage::Worked => FieldStage::Worked,
            },
        }
    }
}

/// An operator.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct LanguageOperator {
    /// How it is written.
    pub write: String,
    /// In the reader's language.
    pub about: String,
}

impl LanguageOperator {
    pub(crate) fn of(operator: &OperatorAbout, locale: Locale) -> Self {
        let about = operator.about.in_language(locale.language()).to_owned();
        Self { write: operator.write.to_owned(), about }
    }
}

/// A list that a query may use.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct LanguageList {
    pub name: String,
    pub kind: ListKindWord,
    /// Entries.
    pub size: usize,
}

impl LanguageList {
    pub(crate) fn of(list: &List) -> Self {
        let kind: ListKind = list.kind();
        Self { name: list.name().to_owned(), kind: Word(kind), size: list.entries().len() }
    }
}

/// A query, laid out for people.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct FormattedQuery {
    pub query: String,
}

/// A query of another product.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ImportRequest {
    /// At most 100,000 characters.
    pub query: String,
    pub dialect: Dialect,
}

/// Whose language a query is written in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, ToSchema)]
#[serde(rename_all = "lowercase")]
pub enum Dialect {
    Brandwatch,
    YouScan,
    Talkwalker,
    Meltwater,
}

impl From<Dialect> for dialects::Dialect {
    fn from(dialect: Dialect) -> Self {
        match dialect {
            Dialect::Brandwatch => Self::Brandwatch,
            Dialect::YouScan => Self::YouScan,
            Dialect::Talkwalker => Self::Talkwalker,
            Dialect::Meltwater => Self::Meltwater,
        }
    }
}

/// A query of another product in our language.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct ImportedQuery {
    /// Empty when nothing could be carried over.
    pub query: String,
    /// What is not as it was, in the order of the foreign text, at most 500.
    pub notes: Vec<ImportNote>,
    /// Of the result.
    pub diagnostics: Vec<Diagnostic>,
}

/// Something that is not as it was.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct ImportNote {
    /// UTF-16 code units of the foreign text.
    pub start: u32,
    pub end: u32,
    /// The foreign text there.
    pub written: String,
    pub severity: NoteSeverity,
    pub message: String,
}

/// What became of a part of a foreign query.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "lowercase")]
pub enum NoteSeverity {
    /// It is not in the result.
    Lost,
    /// It is in the result and means something else there.
    Changed,
}

impl ImportNote {
    pub(crate) fn of(note: &Note, offsets: &Utf16<'_>, locale: Locale) -> Self {
        Self {
            start: offsets.offset(note.span.start),
            end: offsets.offset(note.span.end),
            written: note.written.clone(),
            severity: match note.severity {
                Severity::Lost => NoteSeverity::Lost,
                Severity::Changed => NoteSeverity::Changed,
            },
            message: note.message(locale.language()),
        }
    }
}
