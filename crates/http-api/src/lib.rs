//! The public HTTP API: one file per endpoint; sessions, tokens, server-sent events, OpenAPI. The browser uses nothing else.
//!
//! It knows no network and no SQL. Start with [`router`].

use std::sync::Arc;

use axum::Router;
use molva_domain::Clock;
use molva_domain::WorkspaceId;
use molva_pipeline::Pipeline;

/// What every endpoint may use.
#[derive(Clone, Debug)]
pub struct AppState {
    pub pipeline: Pipeline,
    pub workspace: WorkspaceId,
    pub clock: Arc<dyn Clock>,
    /// Origins a browser may send changes from; `None` compares with the `Host` header.
    pub public_origin: Option<String>,
    /// Cookies carry `Secure`.
    pub secure_cookies: bool,
}

/// Everything under `/api`. The caller adds the web app, `/healthz`, `/readyz` and `/metrics` come with it.
pub fn router(_state: AppState) -> Router {
    todo!()
}
