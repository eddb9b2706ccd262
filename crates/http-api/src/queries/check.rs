use axum::extract::State;
use molva_pipeline::Pipeline;
use molva_query::syntax::{Expr, Node, Word, WordTest};
use molva_query::{Parsed, Query};
use molva_text::WordForms;

use crate::answer::{Answer, ok};
use crate::api::Api;
use crate::lists::off_the_runtime;
use crate::locale::Locale;
use crate::queries;
use crate::request::{Checks, Json};
use crate::wire::editor::{CheckRequest, QueryCheck, QueryClause, QueryWord};
use crate::wire::utf16::Utf16;

/// Words whose forms are told.
const MAX_WORDS: usize = 200;
/// Clauses whose effect may be asked.
const MAX_CLAUSES: usize = 100;

/// Says what is wrong with a query, what it means and which forms its words stand for. A blank one is not valid and has no
/// diagnostics.
#[utoipa::path(
    post, path = "/api/queries/check", operation_id = "checkQuery", tag = "queries", request_body = CheckRequest,
    responses((status = 200, body = QueryCheck)),
)]
pub(crate) async fn check_query(
    State(api): State<Api>,
    locale: Locale,
    Json(body): Json<CheckRequest>,
) -> Answer<QueryCheck> {
    let query = body.query;
    if query.trim().is_empty() {
        return ok(QueryCheck::default());
    }
    let mut checks = Checks::default();
    queries::check_length(&mut checks, &query);
    checks.finish()?;
    let parsed = queries::read(&api, &query, body.scope.into()).await?;
    let pipeline = api.pipeline().clone();
    ok(off_the_runtime(move || describe(&parsed, &query, &pipeline, locale)).await?)
}

fn describe(parsed: &Parsed, text: &str, pipeline: &Pipeline, locale: Locale) -> QueryCheck {
    let offsets = Utf16::of(text);
    let query = parsed.query.as_ref();
    QueryCheck {
        valid: query.is_some(),
        diagnostics: queries::diagnostics(parsed, &offsets, locale),
        explanation: query.map(|query| query.explain(locale.language())).unwrap_or_default(),
        words: query.map(|query| words(query, &offsets)).unwrap_or_default(),
        clauses: query.map(|query| clauses(query, &offsets)).unwrap_or_default(),
        cost: query.map(|query| pipeline.cost(query).into()),
    }
}

/// The first of the words that stand for all their forms, as they are written in the query itself.
fn words(query: &Query, offsets: &Utf16<'_>) -> Vec<QueryWord> {
    let mut found = Vec::new();
    collect(query.expr(), &mut found);
    found.into_iter().map(|(word, forms)| QueryWord::of(word, forms.lexemes(), offsets)).collect()
}

fn collect<'a>(expr: &'a Expr, found: &mut Vec<(&'a Word, &'a WordForms)>) {
    let mut take = |word: &'a Word| {
        if let WordTest::AnyForm { forms, .. } = &word.test
            && found.len() < MAX_WORDS
        {
            found.push((word, forms));
        }
    };
    match &expr.node {
        Node::Word(word) => take(word),
        Node::Phrase(phrase) => phrase.words.iter().for_each(take),
        // The entries of a list stand elsewhere.
        Node::List { .. } | Node::Field(_) => {}
        Node::Near { left, right, .. } | Node::Sentence { left, right } => {
            collect(left, found);
            collect(right, found);
        }
        Node::Title(part) | Node::Not(part) => collect(part, found),
        Node::AtLeast { of: parts, .. } | Node::And(parts) | Node::Or(parts) => {
            parts.iter().for_each(|part| collect(part, found));
        }
    }
}

fn clauses(query: &Query, offsets: &Utf16<'_>) -> Vec<QueryClause> {
    query.clauses().iter().take(MAX_CLAUSES).map(|clause| QueryClause::of(clause, offsets)).collect()
}
