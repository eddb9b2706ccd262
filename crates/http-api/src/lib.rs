//! The public HTTP API: one file per endpoint; sessions, tokens, server-sent events, OpenAPI. The browser uses nothing else.
//!
//! It knows no network and no SQL; the shapes of its JSON ([`wire`]) are known here alone. Start with [`router`], the list of
//! routes, and `access::table`, what each of them asks of its caller; then open any endpoint's file. A request passes the gate
//! (who is calling, may they), the store of idempotent answers and its handler; whatever fails comes back as a `Problem`, which
//! is written in the reader's language on the way out.

mod access;
mod accounts;
mod annotations;
mod answer;
mod api;
mod archive;
mod archive_access;
mod attachments;
mod connections;
mod connectors;
mod docs;
mod events;
mod exports;
mod labelling;
mod ledger;
mod lists;
mod locale;
mod mentions;
mod model;
mod oauth;
mod operations;
mod problem;
mod push;
mod queries;
mod questions;
mod replies;
mod request;
mod router;
mod search;
mod secret;
mod selection;
mod session;
mod setup;
mod sources;
mod state;
mod stories;
mod tags;
mod tokens;
mod topics;
mod views;
mod webhooks;
pub mod wire;
mod workspace;

pub use connections::{ConnectionLimits, serve};
pub use router::router;
pub use state::AppState;

/// Molva's version.
const VERSION: &str = env!("CARGO_PKG_VERSION");

/// The OpenAPI 3.1 document, pretty-printed, as it is kept in `docs/api/openapi.json`.
#[must_use]
pub fn openapi_json() -> String {
    docs::document::json()
}
