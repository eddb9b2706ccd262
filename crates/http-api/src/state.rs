//! What the API is built on; made by whoever starts the server.

use std::fmt;
use std::sync::Arc;

use molva_domain::{Clock, WorkspaceId};
use molva_pipeline::Pipeline;
use tokio_util::sync::CancellationToken;

/// What every endpoint may use.
#[derive(Clone)]
pub struct AppState {
    pub pipeline: Pipeline,
    pub workspace: WorkspaceId,
    pub clock: Arc<dyn Clock>,
    /// Origin (`https://molva.example`) a browser may send changes from; `None` compares with the `Host` header.
    pub public_origin: Option<String>,
    /// Cookies carry `Secure`.
    pub secure_cookies: bool,
    /// The text of `/metrics`, in the Prometheus format.
    pub metrics: Arc<dyn Fn() -> String + Send + Sync>,
    /// Cancelled when the server goes down: open event streams end, so that they do not hold it up.
    pub stop: CancellationToken,
}

impl fmt::Debug for AppState {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("AppState")
            .field("workspace", &self.workspace)
            .field("public_origin", &self.public_origin)
            .field("secure_cookies", &self.secure_cookies)
            .finish_non_exhaustive()
    }
}
