//! Meta's Graph API, 26.0, for Facebook pages and Instagram professional accounts: <https://developers.facebook.com/docs/graph-api>.
//!
//! `GET`, `POST` or `DELETE` of `/v26.0/NODE` and `/v26.0/NODE/EDGE`, with a query or a form. A community of the world is a page and
//! the Instagram account linked with it, and both tell the same: its posts are posts and media, a *topic* of a person is a post
//! elsewhere that tags it, a comment on a topic is a review of the page and a comment elsewhere that names the account. The account
//! can also be spoken to without its page ([`login`]).
//! [`calls`] sends what happens to an address, signed.

mod call;
pub mod calls;
mod consent;
mod edges;
mod fields;
mod ids;
mod login;
mod messages;
mod nodes;
mod question;
mod render;
mod upload;
mod writing;

use std::time::Duration;

use axum::Router;
use axum::body::Bytes;
use axum::extract::{RawQuery, State};
use axum::http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode, Uri};
use axum::response::Response;
use axum::routing::{get, post};
use serde_json::{Value, json};

use crate::consent::page::behave;
use crate::faults::Fault;
use crate::sandbox::Sandbox;
use crate::spoil;
use call::{Call, Refusal};

/// What signs calls, and what `appsecret_proof` is made with.
pub const APP_SECRET: &str = "emulator-app-secret";
/// Requests of a token in an hour; the usage headers are percentages of it.
const AN_HOUR: usize = 4_800;
const HOUR: Duration = Duration::from_secs(3_600);

/// What one needs to speak to it.
pub const KEYS: &[&str] = &[
    "access_token: page-token-1, -2, -3 (a page and the Instagram account linked with it; 4,800 requests an hour)",
    "access_token: reader-token-1, … (the same, without the right to answer), ended-token-1 (was good until yesterday)",
    "app_secret: emulator-app-secret",
    "access_token: account-token-1, … (the account alone, by Instagram Login), ended-account-token-1 (was good until yesterday)",
    "consent: at /v26.0/dialog/oauth, client_id 1234567890; how it behaves: POST /_consent {\"life_s\": 60, \"long_s\": 600}",
    "consent by Instagram Login: at /oauth/authorize, the same client; a token of 60 days is refreshed after 24 hours at the soonest",
    "calls: POST /_calls {\"url\": \"https://…\", \"verify_token\": \"…\"} asks the address and calls it from then on",
];

/// Its server.
pub fn router(sandbox: Sandbox) -> Router {
    Router::new()
        .route("/_calls", post(calls::subscribe))
        .route("/_consent", post(behave))
        .route("/v26.0/dialog/oauth", get(consent::ask).post(consent::answer))
        .route("/v26.0/oauth/access_token", get(consent::token).post(consent::token))
        .route("/oauth/authorize", get(login::ask).post(login::answer))
        .route("/oauth/access_token", post(login::code))
        .route("/access_token", get(login::lengthen))
        .route("/refresh_access_token", get(login::refresh))
        .fallback(call)
        .with_state(sandbox)
}

async fn call(
    State(sandbox): State<Sandbox>,
    method: Method,
    uri: Uri,
    RawQuery(query): RawQuery,
    headers: HeaderMap,
    body: Bytes,
) -> Response {
    let mut asked =
        Call::read(&method, uri.path(), query.as_deref().unwrap_or_default(), &headers, &body, sandbox.now());
    let (hour, minute) = (sandbox.scaled(HOUR), sandbox.scaled(Duration::from_secs(60)));
    let (answer, fault, slow_ms, used, refused_for) = {
        let mut inside = sandbox.inside();
        inside.counts.request(&asked.name());
        let own = login::token_of(&inside, &asked.token_text, asked.now);
        asked.token = asked.token.or(own).or_else(|| consent::page_token(&inside, &asked.token_text));
        let came = inside.limits.come_counted(&asked.token_text, AN_HOUR, hour);
        let mut refused_for = 0;
        let mut fault = None;
        let answer = match came {
            Err(_) => {
                inside.counts.limits_exceeded += 1;
                refused_for = 1;
                Err(Refusal::new(32, "(#32) Page request limit reached"))
            }
            Ok(_) => consent::of_person(&inside, &asked).unwrap_or_else(|| {
                asked.allowed().and_then(|()| {
                    fault = inside.draw(call::faults(&asked));
                    match fault.and_then(|fault| Refusal::of_fault(fault, &mut inside)) {
                        Some(refusal) => {
                            if fault == Some(Fault::RateLimit) {
                                refused_for = 1;
                                inside.limits.stay_away(&asked.token_text, minute);
                            }
                            Err(refusal)
                        }
                        None => call::run(&mut inside, &asked, fault),
                    }
                })
            }),
        };
        (answer, fault, inside.faults.slow_ms, came.unwrap_or(AN_HOUR), refused_for)
    };
    let percent = if refused_for > 0 { 100 } else { used * 100 / AN_HOUR };
    let mut response = match answer {
        Ok(value) => {
            if method != Method::GET {
                sandbox.changed();
            }
            spoil::answer(StatusCode::OK, value, fault, slow_ms)
        }
        Err(refusal) => spoil::answer(refusal.status(), refusal.told(), None, 0),
    };
    tell_usage(response.headers_mut(), &asked, percent, refused_for, sandbox.now());
    response
}

/// The usage headers, and the clock, which may be wrong.
fn tell_usage(headers: &mut HeaderMap, asked: &Call, percent: usize, minutes: u64, now: i64) {
    let app = json!({"call_count": percent / 4, "total_time": percent / 5, "total_cputime": percent / 5});
    let page = asked.token.map(|token| ids::page(token.place)).unwrap_or_default();
    let of_page: Value = json!({page: [{
        "type": "pages", "call_count": percent, "total_cputime": percent / 3, "total_time": percent / 2,
        "estimated_time_to_regain_access": minutes,
    }]});
    for (name, value) in [("x-app-usage", app), ("x-business-use-case-usage", of_page)] {
        if let Ok(value) = HeaderValue::from_str(&value.to_string()) {
            headers.insert(HeaderName::from_static(name), value);
        }
    }
    headers.insert("facebook-api-version", HeaderValue::from_static("v26.0"));
    if let Ok(date) = HeaderValue::from_str(&render::http_date(now)) {
        headers.insert("date", date);
    }
}
