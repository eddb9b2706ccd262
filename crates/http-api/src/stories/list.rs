use axum::extract::{RawQuery, State};
use molva_connectors::Localized;
use molva_domain::Timestamp;
use molva_storage::story::{StoryFilter, StoryOrder};
use utoipa::IntoParams;

use crate::answer::{Answer, ok};
use crate::api::Api;
use crate::locale::text;
use crate::problem::Problem;
use crate::request::{Checks, Parameters};
use crate::wire::story::{Story, StoryOrder as StoryOrderWord, StoryPage};

const DEFAULT_LIMIT: u32 = 50;
const MAX_LIMIT: u32 = 200;
const KEYS: [&str; 6] = ["topic", "from", "to", "order", "cursor", "limit"];

#[derive(IntoParams)]
#[into_params(parameter_in = Query)]
#[expect(dead_code, reason = "describes the query string")]
pub(crate) struct StoryParams {
    /// Id of a topic in which it has mentions.
    topic: Option<String>,
    /// Told at this time or later, RFC 3339.
    from: Option<String>,
    /// Told before this time, RFC 3339.
    to: Option<String>,
    /// Absent: newest.
    #[param(inline)]
    order: Option<StoryOrderWord>,
    /// `next_cursor` of the page before, of the same order.
    cursor: Option<String>,
    #[param(minimum = 1, maximum = 200, default = 50)]
    limit: Option<u32>,
}

/// Stories of two posts or more.
#[utoipa::path(
    get, path = "/api/stories", operation_id = "listStories", tag = "stories", params(StoryParams),
    responses((status = 200, body = StoryPage), (status = 400, description = "`invalid_cursor`")),
)]
pub(crate) async fn list_stories(State(api): State<Api>, RawQuery(query): RawQuery) -> Answer<StoryPage> {
    let parameters = Parameters::parse(query.as_deref(), &KEYS)?;
    let (filter, limit) = read(&parameters)?;
    let page = api.storage().stories(api.workspace(), &filter, parameters.one("cursor"), limit).await?;
    ok(StoryPage { items: page.stories.into_iter().map(Story::from).collect(), next_cursor: page.next })
}

fn read(parameters: &Parameters) -> Result<(StoryFilter, u32), Problem> {
    let mut checks = Checks::default();
    let filter = StoryFilter {
        topic: checks.each("topic", parameters.one("topic").into_iter(), |id| id.parse().ok()).pop(),
        from: checks.each("from", parameters.one("from").into_iter(), Timestamp::parse).pop(),
        to: checks.each("to", parameters.one("to").into_iter(), Timestamp::parse).pop(),
        order: checks.each("order", parameters.one("order").into_iter(), order).pop().unwrap_or_default(),
    };
    if let (Some(from), Some(to)) = (filter.from, filter.to)
        && from >= to
    {
        checks.wrong("to", "before_from", BEFORE_FROM);
    }
    let limit = checks.number("limit", parameters.one("limit"), DEFAULT_LIMIT, MAX_LIMIT);
    checks.finish()?;
    Ok((filter, limit))
}

fn order(word: &str) -> Option<StoryOrder> {
    match word {
        "newest" => Some(StoryOrder::Newest),
        "largest" => Some(StoryOrder::Largest),
        _ => None,
    }
}

const BEFORE_FROM: Localized = text(
    "must lie after `from`; swap the two",
    "должно быть позже `from`; поменяйте их местами",
    "має бути пізніше за `from`; поміняйте їх місцями",
);

#[cfg(test)]
mod tests {
    use molva_domain::TopicId;

    use super::*;

    fn check(query: &str) -> Result<(StoryFilter, u32), &'static str> {
        let parameters = Parameters::parse(Some(query), &KEYS).map_err(|problem| problem.code())?;
        read(&parameters).map_err(|problem| problem.code())
    }

    #[test]
    fn every_key_reaches_the_filter_and_what_is_wrong_is_refused() {
        let filter = StoryFilter {
            topic: Some(TopicId(7)),
            from: Timestamp::parse("2026-03-01T00:00:00Z"),
            to: Timestamp::parse("2026-03-02T00:00:00Z"),
            order: StoryOrder::Largest,
        };
        let query = "topic=7&from=2026-03-01T00:00:00Z&to=2026-03-02T00:00:00Z&order=largest&limit=3";
        assert_eq!(check(query), Ok((filter, 3)));
        assert_eq!(check(""), Ok((StoryFilter::default(), 50)));
        for wrong in
            ["topic=x", "order=oldest", "limit=0", "network=vk", "from=2026-03-02T00:00:00Z&to=2026-03-01T00:00:00Z"]
        {
            assert_eq!(check(wrong), Err("invalid_fields"), "{wrong}");
        }
    }
}
