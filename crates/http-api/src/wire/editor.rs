//! What an editor of queries asks: the words, the parts and their effects.

use molva_domain::Language;
use molva_pipeline::{Cost, CostClass as Class, Effects};
use molva_query::syntax::Word;
use molva_query::{Clause, Role, Scope};
use molva_text::forms::{Lexeme as TextLexeme, Origin};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::wire::Diagnostic;
use crate::wire::utf16::Utf16;

/// Forms told of one word.
const MAX_FORMS: usize = 60;

/// A query to look at.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct CheckRequest {
    /// At most 100,000 characters.
    pub query: String,
    #[serde(default)]
    #[schema(required = false)]
    pub scope: QueryScope,
}

/// What a query is for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize, ToSchema)]
#[serde(rename_all = "lowercase")]
pub enum QueryScope {
    /// Posts as they arrive: fields that are known only later are errors.
    #[default]
    Topic,
    /// Stored mentions: every field may be used.
    Mentions,
}

impl From<QueryScope> for Scope {
    fn from(scope: QueryScope) -> Self {
        match scope {
            QueryScope::Topic => Self::Topic,
            QueryScope::Mentions => Self::Mentions,
        }
    }
}

/// What is to be said about a query.
#[derive(Clone, Debug, Default, Serialize, ToSchema)]
pub struct QueryCheck {
    /// It can be used; there may be warnings.
    pub valid: bool,
    /// At most 500.
    pub diagnostics: Vec<Diagnostic>,
    /// The query in plain words; empty when it has errors.
    pub explanation: String,
    /// Words that stand for all their forms, in the order of the text, at most 200; none when the query has errors.
    pub words: Vec<QueryWord>,
    /// Parts whose effect `queryEffects` tells, in the order of the text, at most 100; none when the query has errors.
    pub clauses: Vec<QueryClause>,
    /// What the query will cost; null when it has errors.
    #[schema(required)]
    pub cost: Option<QueryCost>,
}

/// A word of a query and what it stands for.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct QueryWord {
    /// UTF-16 code units of the query's text.
    pub start: u32,
    pub end: u32,
    pub written: String,
    /// The words it may be a form of, the likeliest first.
    pub lexemes: Vec<Lexeme>,
}

impl QueryWord {
    pub(crate) fn of(word: &Word, lexemes: Vec<TextLexeme>, offsets: &Utf16<'_>) -> Self {
        Self {
            start: offsets.offset(word.span.start),
            end: offsets.offset(word.span.end),
            written: word.written.clone(),
            lexemes: lexemes.into_iter().map(Into::into).collect(),
        }
    }
}

/// A word with its forms.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct Lexeme {
    /// The form dictionaries name it by.
    pub lemma: String,
    #[schema(required)]
    pub language: Option<WordLanguage>,
    pub origin: WordOrigin,
    /// At most 60, in the order of the alphabet.
    pub forms: Vec<String>,
    /// How many there are.
    pub forms_total: usize,
}

/// A language whose words are inflected.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "lowercase")]
pub enum WordLanguage {
    Ru,
    Uk,
    En,
}

/// How the forms of a word are known.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "lowercase")]
pub enum WordOrigin {
    /// It stands in a dictionary.
    Dictionary,
    /// It ends as words of a dictionary do, and is inflected like them.
    Guessed,
    /// By rules of grammar.
    Rules,
    /// Nothing is known of it.
    Itself,
}

impl From<TextLexeme> for Lexeme {
    fn from(lexeme: TextLexeme) -> Self {
        let forms_total = lexeme.forms.len();
        Self {
            lemma: lexeme.lemma,
            language: lexeme.language.and_then(|language| match language {
                Language::RUSSIAN => Some(WordLanguage::Ru),
                Language::UKRAINIAN => Some(WordLanguage::Uk),
                Language::ENGLISH => Some(WordLanguage::En),
                _ => None,
            }),
            origin: match lexeme.origin {
                Origin::Dictionary => WordOrigin::Dictionary,
                Origin::Guessed => WordOrigin::Guessed,
                Origin::Rules => WordOrigin::Rules,
                Origin::Itself => WordOrigin::Itself,
            },
            forms: lexeme.forms.into_iter().take(MAX_FORMS).collect(),
            forms_total,
        }
    }
}

/// A part of a query that can be left out.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct QueryClause {
    /// UTF-16 code units of the query's text.
    pub start: u32,
    pub end: u32,
    pub role: ClauseRole,
}

/// What a part does in its query.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "lowercase")]
pub enum ClauseRole {
    /// One of several alternatives: it adds.
    Any,
    /// A post must fulfil it: it removes.
    Required,
    /// A post must not fulfil it: it removes.
    Excluded,
}

impl From<Role> for ClauseRole {
    fn from(role: Role) -> Self {
        match role {
            Role::Any => Self::Any,
            Role::Required => Self::Required,
            Role::Excluded => Self::Excluded,
        }
    }
}

impl QueryClause {
    pub(crate) fn of(clause: &Clause, offsets: &Utf16<'_>) -> Self {
        let (start, end) = (offsets.offset(clause.span.start), offsets.offset(clause.span.end));
        Self { start, end, role: clause.role.into() }
    }
}

/// What a query costs while posts arrive.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct QueryCost {
    pub class: CostClass,
    /// Posts of a million that must be looked at closely for its sake, by the words of the posts seen lately; null when that is
    /// every post.
    #[schema(required)]
    pub looks_per_million: Option<u64>,
}

/// How dear a query is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum CostClass {
    Light,
    Moderate,
    Heavy,
    /// Nothing in it is rare: every post must be looked at.
    EveryPost,
}

impl From<Cost> for QueryCost {
    fn from(cost: Cost) -> Self {
        Self {
            class: match cost.class() {
                Class::Light => CostClass::Light,
                Class::Moderate => CostClass::Moderate,
                Class::Heavy => CostClass::Heavy,
                Class::EveryPost => CostClass::EveryPost,
            },
            looks_per_million: cost.looks_per_million,
        }
    }
}

/// What each part of a query brings or takes away among the newest posts.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct QueryEffects {
    /// Posts looked at, at most 3,000.
    pub scanned: u64,
    /// How many of them the whole query matches.
    pub matched: u64,
    /// Posts or parts were left out: there were too many, or the time was over.
    pub cut_short: bool,
    /// In the order of the text. A part without which the query would demand nothing is left out.
    pub clauses: Vec<ClauseEffect>,
}

/// The effect of one part.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct ClauseEffect {
    /// UTF-16 code units of the query's text.
    pub start: u32,
    pub end: u32,
    pub role: ClauseRole,
    /// Matches of the whole query less matches without the part: below zero it removes, above it adds.
    pub change: i64,
}

impl QueryEffects {
    pub(crate) fn of(effects: Effects, offsets: &Utf16<'_>) -> Self {
        let clauses = effects.clauses.iter().map(|effect| {
            let QueryClause { start, end, role } = QueryClause::of(&effect.clause, offsets);
            ClauseEffect { start, end, role, change: effect.change }
        });
        Self {
            clauses: clauses.collect(),
            scanned: effects.scanned,
            matched: effects.matched,
            cut_short: effects.cut_short,
        }
    }
}
