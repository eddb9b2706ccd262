use std::time::Duration;

use axum::extract::State;

use crate::answer::{Answer, ok};
use crate::api::Api;
use crate::locale::Locale;
use crate::problem::Problem;
use crate::queries;
use crate::request::Json;
use crate::wire::editor::{CheckRequest, QueryEffects};
use crate::wire::utf16::Utf16;

/// How long to wait until others are done, and how long to stay away when they are not.
const PATIENCE: Duration = Duration::from_secs(5);

/// Says what each part of a query brings or takes away, counted over the newest 3,000 posts, kept and stored. Takes two seconds
/// at most.
#[utoipa::path(
    post, path = "/api/queries/effects", operation_id = "queryEffects", tag = "queries", request_body = CheckRequest,
    responses(
        (status = 200, body = QueryEffects),
        (status = 422, description = "`query_has_errors` with `diagnostics`, or `invalid_fields`"),
        (status = 503, description = "`busy`; `Retry-After` says when to ask again"),
    ),
)]
pub(crate) async fn query_effects(
    State(api): State<Api>,
    locale: Locale,
    Json(body): Json<CheckRequest>,
) -> Answer<QueryEffects> {
    let query = queries::read_sound(&api, &body.query, body.scope.into(), locale).await?;
    // Each takes a core for up to two seconds.
    let slot = tokio::time::timeout(PATIENCE, api.effect_slots.acquire()).await;
    let _slot = slot.map_err(|_late| Problem::busy(PATIENCE))?.map_err(Problem::internal)?;
    let effects = api.pipeline().effects(api.workspace(), query).await?;
    ok(QueryEffects::of(effects, &Utf16::of(&body.query)))
}
