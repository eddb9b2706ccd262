//! Matrix: what is said in the rooms an account is in, on whatever homeserver. Contract: client-server API v1.11 and later,
//! <https://spec.matrix.org/latest/client-server-api/>.
//!
//! The server holds a request (`/sync`) until something happens and names the place to go on from. Where more happened than it tells
//! at once, [`history`] reads backwards to that place. [`event`] is the mapping, [`listener`] the run, [`reply`] the way back.

mod account_form;
mod call;
mod client;
mod cursor;
mod descriptor;
mod event;
mod history;
mod listener;
mod memory;
mod names;
mod probe;
mod raw;
mod refusal;
mod reply;
mod rooms;
mod said;
mod sync;

use crate::connector::{BoxFuture, Connector, Descriptor};
use crate::error::ConnectorError;
use crate::reply::Replies;
use crate::session::Session;
use client::Client;
use descriptor::DESCRIPTOR;

const NETWORK: &str = "matrix";

/// The row of the table.
#[derive(Clone, Copy, Debug)]
pub struct Matrix;

impl Connector for Matrix {
    fn descriptor(&self) -> &'static Descriptor {
        &DESCRIPTOR
    }

    fn probe<'a>(&'a self, session: &'a Session) -> BoxFuture<'a, Result<String, ConnectorError>> {
        Box::pin(async move { probe::probe(session, &Client::find(session.into()).await?).await })
    }

    fn listen<'a>(&'a self, session: &'a Session) -> BoxFuture<'a, Result<(), ConnectorError>> {
        Box::pin(async move { listener::listen(session, &Client::find(session.into()).await?).await })
    }

    fn replies(&self) -> Option<&'static dyn Replies> {
        Some(&reply::MatrixReplies)
    }
}
