use axum::extract::{RawQuery, State};

use crate::answer::{Answer, ok};
use crate::api::Api;
use crate::mentions::filter::{self, MentionFilterParams};
use crate::request::{Checks, Parameters};
use crate::wire::mention::MentionCount;

/// Counting stops here; a screen says "10,000 and more".
const AT_MOST: u64 = 10_000;

/// How many mentions there are, exactly up to 10,000.
#[utoipa::path(
    get, path = "/api/mentions/count", operation_id = "countMentions", tag = "mentions", params(MentionFilterParams),
    responses((status = 200, body = MentionCount)),
)]
pub(crate) async fn count_mentions(State(api): State<Api>, RawQuery(query): RawQuery) -> Answer<MentionCount> {
    let parameters = Parameters::parse(query.as_deref(), &filter::KEYS)?;
    let mut checks = Checks::default();
    let filter = filter::read(&parameters, &mut checks);
    checks.finish()?;
    let count = api.storage().count_mentions(api.workspace(), &filter, AT_MOST).await?;
    ok(MentionCount { count, at_most: count >= AT_MOST })
}
