//! The list of routes, and the layers around them.

use std::time::Duration;

use axum::Router;
use axum::extract::{DefaultBodyLimit, MatchedPath, Request};
use axum::http::StatusCode;
use axum::http::header::{
    CACHE_CONTROL, CONTENT_SECURITY_POLICY, HeaderName, HeaderValue, REFERRER_POLICY, X_CONTENT_TYPE_OPTIONS,
    X_FRAME_OPTIONS,
};
use axum::middleware::{Next, from_fn, from_fn_with_state};
use axum::response::{IntoResponse, Response};
use axum::routing::any;
use molva_connectors::Localized;
use tower_http::catch_panic::CatchPanicLayer;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::access::gate::gate;
use crate::access::idempotency::idempotency;
use crate::api::{Api, Shared};
use crate::locale::{Message, text};
use crate::problem::{NO_SUCH_ADDRESS, Problem, render};
use crate::request::MAX_BODY_BYTES;
use crate::{
    AppState, accounts, annotations, archive, attachments, connectors, docs, events, exports, labelling, ledger, lists,
    mentions, model, oauth, operations, push, queries, questions, replies, search, session, setup, sources, stories,
    tags, tokens, topics, views, webhooks, workspace,
};

/// Every route. What each asks of its caller stands in [`crate::access::table`].
pub(crate) fn routes() -> OpenApiRouter<Api> {
    OpenApiRouter::new()
        .merge(sign_in_routes())
        .routes(routes!(topics::list::list_topics, topics::create::create_topic))
        .routes(routes!(topics::get::get_topic, topics::update::update_topic, topics::delete::delete_topic))
        .routes(routes!(topics::backfill::backfill_topic))
        .routes(routes!(queries::check::check_query))
        .routes(routes!(queries::preview::preview_query))
        .routes(routes!(queries::effects::query_effects))
        .routes(routes!(queries::format::format_query))
        .routes(routes!(queries::import::import_query))
        .routes(routes!(queries::language::query_language))
        .routes(routes!(queries::suggest::suggest_query))
        .merge(list_routes())
        .routes(routes!(views::list::list_views, views::create::create_view))
        .routes(routes!(views::update::update_view, views::delete::delete_view))
        .routes(routes!(annotations::list::list_annotations, annotations::create::create_annotation))
        .routes(routes!(annotations::update::update_annotation, annotations::delete::delete_annotation))
        .routes(routes!(workspace::get::get_workspace, workspace::update::update_workspace))
        .routes(routes!(mentions::list::list_mentions, mentions::change::change_mentions))
        .routes(routes!(mentions::count::count_mentions))
        .routes(routes!(mentions::get::get_mention))
        .routes(routes!(mentions::copies::list_copies))
        .routes(routes!(mentions::versions::list_versions))
        .routes(routes!(mentions::thread::get_thread))
        .routes(routes!(mentions::similar::similar_mentions))
        .routes(routes!(mentions::explanation::explain_mention))
        .merge(reply_routes())
        .merge(attachment_routes())
        .routes(routes!(stories::list::list_stories))
        .routes(routes!(stories::get::get_story))
        .routes(routes!(stories::merge::merge_stories))
        .routes(routes!(stories::split::split_story))
        .routes(routes!(search::mentions::search_mentions))
        .routes(routes!(search::count::count_search))
        .routes(routes!(search::facets::search_facets))
        .routes(routes!(search::timeline::search_timeline))
        .routes(routes!(search::change::change_found))
        .routes(routes!(archive::get::get_archive))
        .routes(routes!(archive::rebuild::rebuild_archive))
        .routes(routes!(tags::list::list_tags))
        .routes(routes!(questions::figures::list_figures))
        .routes(routes!(questions::volume::ask_volume))
        .routes(routes!(questions::rhythm::ask_rhythm))
        .routes(routes!(questions::places::ask_places))
        .routes(routes!(questions::authors::ask_authors))
        .routes(routes!(questions::words::ask_words))
        .routes(routes!(questions::understanding::ask_understanding))
        .routes(routes!(questions::trust::ask_trust))
        .routes(routes!(labelling::get::get_labelling, labelling::more::draw_more))
        .routes(routes!(labelling::next::next_to_label))
        .routes(routes!(labelling::answer::answer_label, labelling::undo::undo_label))
        .routes(routes!(model::get::get_model))
        .routes(routes!(model::train::train_model))
        .routes(routes!(model::activate::activate_model))
        .routes(routes!(connectors::list::list_connectors))
        .routes(routes!(sources::list::list_sources, sources::create::create_source))
        .routes(routes!(sources::probe::test_source))
        .routes(routes!(sources::get::get_source, sources::update::update_source, sources::delete::delete_source))
        .routes(routes!(sources::pause::pause_source))
        .routes(routes!(sources::resume::resume_source))
        .routes(routes!(sources::ledger::get_source_ledger))
        .routes(routes!(sources::search::get_source_search))
        .routes(routes!(sources::webhook::get_source_webhook, sources::webhook::renew_source_webhook))
        .routes(routes!(ledger::get::get_ledger))
        .routes(routes!(push::receive::push_posts))
        .routes(routes!(webhooks::receive::receive_webhook, webhooks::ask::ask_webhook))
        .routes(routes!(tokens::list::list_tokens, tokens::create::create_token))
        .routes(routes!(tokens::revoke::revoke_token))
        .routes(routes!(exports::create::create_export))
        .routes(routes!(exports::get::get_export))
        .routes(routes!(events::stream::stream_events))
        .routes(routes!(docs::openapi::get_openapi))
        .routes(routes!(docs::page::get_docs))
        .routes(routes!(operations::healthz::healthz))
        .routes(routes!(operations::readyz::readyz))
        .routes(routes!(operations::metrics::get_metrics))
}

/// What strangers may send a body to before they are known to be anybody.
fn sign_in_routes() -> OpenApiRouter<Api> {
    OpenApiRouter::new()
        .routes(routes!(setup::get::get_setup, setup::create_owner::create_owner))
        .routes(routes!(
            session::get::get_session,
            session::sign_in::sign_in,
            session::update::update_me,
            session::sign_out::sign_out
        ))
        .layer(DefaultBodyLimit::max(session::MAX_BODY_BYTES))
}

/// Who we are on networks, and what we say there.
fn reply_routes() -> OpenApiRouter<Api> {
    OpenApiRouter::new()
        .routes(routes!(accounts::list::list_accounts, accounts::create::create_account))
        .routes(routes!(accounts::test::test_account))
        .routes(routes!(
            accounts::get::get_account,
            accounts::update::update_account,
            accounts::disconnect::disconnect_account
        ))
        .routes(routes!(accounts::probe::probe_account))
        .routes(routes!(oauth::begin::begin_consent))
        .routes(routes!(oauth::callback::finish_consent))
        .routes(routes!(oauth::callback::finish_consent_of_server))
        .routes(routes!(oauth::clients::list_consent_clients))
        .routes(routes!(oauth::set_client::set_consent_client, oauth::forget_client::forget_consent_client))
        .routes(routes!(replies::options::get_reply_options))
        .routes(routes!(replies::of_mention::list_mention_replies, replies::create::create_reply))
        .routes(routes!(replies::list::list_replies))
        .routes(routes!(replies::change::update_reply))
        .routes(routes!(replies::cancel::cancel_reply))
        .routes(routes!(replies::approve::approve_reply))
        .routes(routes!(replies::send_again::send_reply_again))
}

/// Files are larger than other bodies.
fn attachment_routes() -> OpenApiRouter<Api> {
    OpenApiRouter::new()
        .routes(routes!(attachments::create::create_attachment))
        .routes(routes!(attachments::get::get_attachment, attachments::delete::delete_attachment))
        .layer(DefaultBodyLimit::max(attachments::MAX_BODY_BYTES))
}

/// Lists may be longer than other bodies.
fn list_routes() -> OpenApiRouter<Api> {
    OpenApiRouter::new()
        .routes(routes!(lists::list::list_lists, lists::create::create_list))
        .routes(routes!(lists::get::get_list, lists::update::update_list, lists::delete::delete_list))
        .layer(DefaultBodyLimit::max(lists::MAX_BODY_BYTES))
}

/// Everything under `/api`, with `/healthz`, `/readyz` and `/metrics`. The caller adds the web app as its fallback and serves it
/// with [`serve`](crate::serve), which tells limits by address who the peer is.
pub fn router(state: AppState) -> Router {
    let api = Shared::new(state);
    let routes: Router<Api> = routes().into();
    let routes = routes
        .layer(from_fn_with_state(api.clone(), idempotency))
        .layer(from_fn_with_state(api.clone(), gate))
        .layer(from_fn(limit_time))
        .route("/api", any(no_such_address))
        .route("/api/", any(no_such_address))
        .route("/api/{*rest}", any(no_such_address));
    surround(routes).with_state(api)
}

/// What every answer passes, whoever made it. From the inside out: the last layer sees a request first.
fn surround<S: Clone + Send + Sync + 'static>(routes: Router<S>) -> Router<S> {
    routes
        .layer(DefaultBodyLimit::max(MAX_BODY_BYTES))
        .layer(CatchPanicLayer::custom(panicked))
        .layer(from_fn(render))
        .layer(from_fn(count))
        .layer(from_fn(protect))
}

async fn no_such_address() -> Problem {
    Problem::not_found(NO_SUCH_ADDRESS)
}

fn panicked(_cause: Box<dyn std::any::Any + Send>) -> Response {
    // The panic hook has logged the place; the cause may hold anything.
    Problem::internal("a handler panicked").into_response()
}

/// Ends requests that take too long. The body of an event stream comes after the response and is not limited.
async fn limit_time(path: Option<MatchedPath>, request: Request, next: Next) -> Response {
    let route = path.as_ref().map_or("none", MatchedPath::as_str);
    let limit = match route {
        "/api/topics/{id}/backfill" => Duration::from_secs(75),
        "/api/oauth/callback" | "/api/oauth/callback/{server}" => Duration::from_secs(60),
        // Sixteen megabytes over a slow line.
        "/api/push/{source_id}" | "/api/attachments" => Duration::from_secs(60),
        "/api/search/change" => Duration::from_secs(120),
        _ => Duration::from_secs(30),
    };
    match tokio::time::timeout(limit, next.run(request)).await {
        Ok(response) => response,
        Err(_elapsed) => {
            tracing::warn!(http.route = route, limit_s = limit.as_secs(), "a request took too long");
            let detail = Message::with(TOO_SLOW, [&limit.as_secs().to_string()]);
            let problem = Problem::new(StatusCode::SERVICE_UNAVAILABLE, "timed_out", detail);
            problem.retry_after(Duration::from_secs(5)).into_response()
        }
    }
}

/// Counts requests and their time by route.
async fn count(request: Request, next: Next) -> Response {
    let route = request.extensions().get::<MatchedPath>().map_or("none".to_owned(), |path| path.as_str().to_owned());
    let method = request.method().as_str().to_owned();
    let started = std::time::Instant::now();
    let response = next.run(request).await;
    let status = response.status().as_u16().to_string();
    metrics::counter!("molva_http_requests_total", "method" => method, "route" => route.clone(), "status" => status)
        .increment(1);
    metrics::histogram!("molva_http_request_seconds", "route" => route).record(started.elapsed().as_secs_f64());
    response
}

/// Headers that keep a browser from doing more with an answer than reading it.
async fn protect(request: Request, next: Next) -> Response {
    let mut response = next.run(request).await;
    let headers = response.headers_mut();
    let always: [(HeaderName, &'static str); 5] = [
        (X_CONTENT_TYPE_OPTIONS, "nosniff"),
        (REFERRER_POLICY, "no-referrer"),
        (X_FRAME_OPTIONS, "DENY"),
        (CACHE_CONTROL, "no-store"),
        (HeaderName::from_static("cross-origin-resource-policy"), "same-origin"),
    ];
    for (name, value) in always {
        headers.insert(name, HeaderValue::from_static(value));
    }
    headers
        .entry(CONTENT_SECURITY_POLICY)
        .or_insert(HeaderValue::from_static("default-src 'none'; frame-ancestors 'none'"));
    response
}

const TOO_SLOW: Localized = text(
    "this took longer than {0} s and was given up; try again, or ask for less at once",
    "это заняло больше {0} с и было прервано; повторите или запросите меньше за раз",
    "це зайняло більше ніж {0} с і було перервано; повторіть або запитайте менше за раз",
);

#[cfg(test)]
mod tests {
    use axum::body::{Body, to_bytes};
    use axum::routing::get;
    use serde_json::Value;
    use tower::ServiceExt as _;

    use super::*;

    /// Status, type and body of what a client sees of an answer.
    async fn seen(answer: fn() -> Response) -> (u16, String, Value) {
        let router = surround(Router::new().route("/", get(move || async move { answer() })));
        let request = Request::builder().uri("/").header("accept-language", "ru").body(Body::empty());
        let response = router.oneshot(request.expect("a request")).await.expect("an answer");
        let kind = response.headers().get("content-type").and_then(|value| value.to_str().ok()).unwrap_or_default();
        let (status, kind) = (response.status().as_u16(), kind.to_owned());
        let body = to_bytes(response.into_body(), 1 << 20).await.expect("a body");
        (status, kind, serde_json::from_slice(&body).expect("JSON"))
    }

    #[tokio::test]
    async fn a_panic_is_contained_and_says_nothing_of_the_inside() {
        let (status, kind, problem) = seen(|| panic!("the password is 12345")).await;
        assert_eq!((status, kind.as_str(), &problem["code"]), (500, "application/problem+json", &"internal".into()));
        assert!(!problem.to_string().contains("12345"), "{problem}");
        assert!(problem["detail"].as_str().is_some_and(|detail| detail.starts_with("внутренний сбой")), "{problem}");
    }

    #[tokio::test]
    async fn an_error_of_a_library_becomes_a_problem_of_ours() {
        let (status, kind, problem) = seen(|| (StatusCode::BAD_REQUEST, "thread 7 at lib.rs:12").into_response()).await;
        assert_eq!((status, kind.as_str(), &problem["code"]), (400, "application/problem+json", &"bad_request".into()));
        assert!(!problem.to_string().contains("lib.rs"), "{problem}");
    }
}
