use axum::extract::{RawQuery, State};
use utoipa::IntoParams;

use crate::answer::{Answer, ok};
use crate::api::Api;
use crate::mentions::filter::{self, MentionFilterParams};
use crate::request::{Checks, Parameters};
use crate::wire::Mention;
use crate::wire::mention::MentionPage;

const DEFAULT_LIMIT: u32 = 50;
const MAX_LIMIT: u32 = 200;

#[derive(IntoParams)]
#[into_params(parameter_in = Query)]
#[expect(dead_code, reason = "describes the query string")]
pub(crate) struct PageParams {
    /// `next_cursor` of the page before.
    cursor: Option<String>,
    #[param(minimum = 1, maximum = 200, default = 50)]
    limit: Option<u32>,
}

/// Mentions, newest published first.
#[utoipa::path(
    get, path = "/api/mentions", operation_id = "listMentions", tag = "mentions", params(MentionFilterParams, PageParams),
    responses((status = 200, body = MentionPage), (status = 400, description = "`invalid_cursor`")),
)]
pub(crate) async fn list_mentions(State(api): State<Api>, RawQuery(query): RawQuery) -> Answer<MentionPage> {
    let known: Vec<&str> = filter::KEYS.into_iter().chain(["cursor", "limit"]).collect();
    let parameters = Parameters::parse(query.as_deref(), &known)?;
    let mut checks = Checks::default();
    let filter = filter::read(&parameters, &mut checks);
    let limit = checks.number("limit", parameters.one("limit"), DEFAULT_LIMIT, MAX_LIMIT);
    checks.finish()?;
    let page = api.storage().mentions(api.workspace(), &filter, parameters.one("cursor"), limit).await?;
    ok(MentionPage { items: page.mentions.into_iter().map(Mention::from).collect(), next_cursor: page.next })
}
