use axum::extract::State;
use molva_insights::authors::{self, Author};
use molva_storage::mention::Mention;

use crate::answer::{Answer, ok};
use crate::api::Api;
use crate::locale::Locale;
use crate::request::{Checks, Json};
use crate::search::months;
use crate::selection;
use crate::wire::questions::authors::{AuthorRow, Authors, AuthorsRequest};
use crate::wire::selection::Selection;

/// Who says it: most often, and before most followers.
#[utoipa::path(
    post, path = "/api/questions/authors", operation_id = "askAuthors", tag = "questions", request_body = AuthorsRequest,
    responses(
        (status = 200, body = Authors),
        (status = 422, description = "`query_has_errors` with `diagnostics`, or `invalid_fields`"),
        (status = 503, description = "`busy`; `Retry-After` says when to ask again"),
    ),
)]
pub(crate) async fn ask_authors(
    State(api): State<Api>,
    locale: Locale,
    Json(body): Json<AuthorsRequest>,
) -> Answer<Authors> {
    let mut checks = Checks::default();
    let limit = checks.within("limit", Some(body.limit), body.limit, super::MAX_ROWS) as usize;
    checks.finish()?;
    answer(&api, locale, &body.selection, limit).await
}

/// The answer with so many rows of each list, also more than the page asks for.
pub(crate) async fn answer(api: &Api, locale: Locale, selection: &Selection, limit: usize) -> Answer<Authors> {
    let selected = selection::read(api, selection, locale).await?;
    let asked = api.ask_archive(move |archive| authors::authors(archive, selected.of(), limit)).await?;
    let newest = asked.busiest.iter().chain(&asked.loudest).map(|author| author.newest);
    let examples = super::examples(api, newest.collect()).await?;
    let rows =
        |authors: Vec<Author>| authors.into_iter().map(|author| row(&author, examples.get(&author.newest))).collect();
    ok(Authors {
        mentions: asked.mentions,
        distinct: asked.authors.distinct,
        repeat: asked.authors.repeat,
        repeat_share: asked.repeat_share,
        potential_reach: asked.authors.potential_reach,
        without: asked.authors.without,
        authors: rows(asked.busiest),
        loudest: rows(asked.loudest),
        incomplete: api.incomplete(),
        missing: months(&asked.missing),
    })
}

/// The author as a mention shows them; it is gone when its topic was deleted a moment ago.
fn row(author: &Author, example: Option<&Mention>) -> AuthorRow {
    let shown = example.map(|mention| &mention.post.author);
    AuthorRow {
        author: author.author.clone(),
        name: shown.and_then(|shown| shown.name.clone()),
        handle: shown.and_then(|shown| shown.handle.clone()),
        network: example.map(|mention| mention.post.network.clone()).unwrap_or_default(),
        url: shown.and_then(|shown| shown.url.clone()),
        followers: author.followers.or_else(|| shown.and_then(|shown| shown.followers)),
        verified: shown.and_then(|shown| shown.verified),
        mentions: author.mentions,
        share: author.share,
        negative: author.tones.negative,
        neutral: author.tones.neutral,
        positive: author.tones.positive,
        unjudged: author.tones.unjudged,
    }
}
