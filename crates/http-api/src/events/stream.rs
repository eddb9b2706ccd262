use std::convert::Infallible;
use std::time::Duration;

use axum::body::Body;
use axum::extract::{RawQuery, State};
use axum::http::header::CONTENT_TYPE;
use axum::http::{HeaderMap, HeaderName, StatusCode};
use axum::response::{IntoResponse, Response};
use futures_util::stream;
use molva_connectors::Localized;
use molva_domain::{EventId, TopicId};
use utoipa::IntoParams;

use crate::api::Api;
use crate::events::feed::Feed;
use crate::locale::text;
use crate::problem::Problem;
use crate::request::{Checks, Parameters};
use crate::wire::Event;

#[derive(IntoParams)]
#[into_params(parameter_in = Query)]
#[expect(dead_code, reason = "describes the query string")]
pub(crate) struct EventParams {
    /// Resume after this event; the header `Last-Event-ID` wins over it.
    after: Option<String>,
    /// Leave out mentions of other topics.
    topic: Option<String>,
}

/// Everything that happens, as it happens (server-sent events).
///
/// `event` is the kind, `id` the event's id, `data` an Event. The first frame is `hello`; every 15 s comes `ping`; `reset` says
/// that more than 10,000 events were missed and everything is to be fetched anew. A stream ends after an hour and is to be
/// opened again. Nothing is lost or sent twice between two streams when the second resumes after the first one's last id.
#[utoipa::path(
    get, path = "/api/events", operation_id = "streamEvents", tag = "events",
    params(EventParams, ("Last-Event-ID" = Option<String>, Header, description = "As browsers send it by themselves.")),
    responses(
        (status = 200, body = Event, content_type = "text/event-stream"),
        (status = 400, description = "`invalid_event_id`"),
        (status = 503, description = "`busy`: 1,000 streams are open."),
    ),
)]
pub(crate) async fn stream_events(
    State(api): State<Api>,
    headers: HeaderMap,
    RawQuery(query): RawQuery,
) -> Result<Response, Problem> {
    let parameters = Parameters::parse(query.as_deref(), &["after", "topic"])?;
    let mut checks = Checks::default();
    let topic: Option<TopicId> = checks.each("topic", parameters.one("topic").into_iter(), |id| id.parse().ok()).pop();
    checks.finish()?;
    let after = match headers.get("last-event-id") {
        Some(value) => Some(value.to_str().unwrap_or_default()).filter(|value| !value.is_empty()),
        None => parameters.one("after"),
    };
    let after: Option<EventId> = after.map(str::parse).transpose().map_err(|_| invalid_event_id())?;
    if after.is_some_and(|after| after.0 < 0) {
        return Err(invalid_event_id());
    }
    let client = api.hub.clients.clone().try_acquire_owned().map_err(|_| Problem::busy(Duration::from_secs(5)))?;
    let feed = Feed::open(api.hub.clone(), client, after, topic.map(|topic| topic.0)).await?;
    let body = stream::unfold(feed, |mut feed| async move {
        let piece = feed.next().await?;
        Some((Ok::<_, Infallible>(piece), feed))
    });
    let headers = [
        (CONTENT_TYPE, "text/event-stream"),
        // Asks a proxy in front not to hold frames back.
        (HeaderName::from_static("x-accel-buffering"), "no"),
    ];
    Ok((headers, Body::from_stream(body)).into_response())
}

fn invalid_event_id() -> Problem {
    Problem::new(StatusCode::BAD_REQUEST, "invalid_event_id", INVALID_EVENT_ID)
}

const INVALID_EVENT_ID: Localized = text(
    "the id to resume after is not one of an event; open the stream without it",
    "номер, с которого продолжить, не принадлежит событию; откройте поток без него",
    "номер, з якого продовжити, не належить події; відкрийте потік без нього",
);
