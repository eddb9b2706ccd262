//! Who asks a network: a source, or an account that answers. Both ask with the same client.

use std::time::Duration;

use molva_domain::Timestamp;
use tokio_util::sync::CancellationToken;

use crate::error::ConnectorError;
use crate::http::{Request, Response};
use crate::reply::AccountSession;
use crate::session::Session;

/// Who asks.
#[derive(Clone, Copy)]
pub(crate) enum Asker<'a> {
    Source(&'a Session),
    Account(&'a AccountSession),
}

impl Asker<'_> {
    pub(crate) fn now(self) -> Timestamp {
        match self {
            Self::Source(session) => session.now(),
            Self::Account(account) => account.now(),
        }
    }

    pub(crate) async fn send(self, request: Request) -> Result<Response, ConnectorError> {
        match self {
            Self::Source(session) => session.send(request).await,
            Self::Account(account) => account.send(request).await,
        }
    }

    pub(crate) fn cancel(&self) -> &CancellationToken {
        match self {
            Self::Source(session) => &session.cancel,
            Self::Account(account) => &account.cancel,
        }
    }

    /// So much of the network's time, in ours.
    pub(crate) fn scaled(self, time: Duration) -> Duration {
        match self {
            Self::Source(session) => time.div_f64(session.time_scale.max(1e-6)),
            Self::Account(_) => time,
        }
    }
}
