//! The public HTTP API: one file per endpoint; sessions, tokens, server-sent events, OpenAPI. The browser uses nothing else.
//!
//! It knows no network and no SQL. Start with [`router`].

mod state;

use axum::Router;

pub use state::AppState;

/// Everything under `/api`, with `/healthz`, `/readyz` and `/metrics`. The caller adds the web app as its fallback and serves it
/// with `into_make_service_with_connect_info::<SocketAddr>()`, so that limits by address know the peer.
pub fn router(_state: AppState) -> Router {
    todo!()
}

/// The OpenAPI 3.1 document, pretty-printed, as it is kept in `docs/api/openapi.json`.
#[must_use]
pub fn openapi_json() -> String {
    todo!()
}
