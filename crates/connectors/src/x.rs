//! X, once Twitter: public posts with words, at once by the filtered stream or by the search of the last seven days, and those that
//! mention an account. Contract: API v2, <https://docs.x.com/x-api>.
//!
//! X takes money for every post it tells, so a day has a cap ([`ledger`]). [`look`] asks, [`stream`] is told; what a stream missed is
//! asked for. Start with [`client`], how X is asked; [`read`] is the mapping.

mod account_form;
mod backoff;
mod client;
mod compile;
mod cursor;
mod descriptor;
mod fields;
mod hook;
mod id;
mod ledger;
mod limits;
mod lines;
mod look;
mod media;
mod oauth;
mod oauth1;
mod probe;
mod problem;
mod read;
mod refresh;
mod reply;
mod rules;
mod stream;
mod sync;
mod wanted;
mod watch;
mod webhook;
mod wire;

use molva_domain::TopicSought;

use crate::connector::{BoxFuture, Connector, Descriptor};
use crate::error::ConnectorError;
use crate::oauth::OAuth;
use crate::refresh::Refresh;
use crate::reply::Replies;
use crate::search::{SearchPlan, Searches};
use crate::session::Session;
use crate::settings::Settings;
use crate::webhook::Webhooks;
use client::Client;
use descriptor::DESCRIPTOR;
use look::What;

const NETWORK: &str = "x";

/// The row of the table.
#[derive(Clone, Copy, Debug)]
pub struct X;

impl Connector for X {
    fn descriptor(&self) -> &'static Descriptor {
        &DESCRIPTOR
    }

    fn probe<'a>(&'a self, session: &'a Session) -> BoxFuture<'a, Result<String, ConnectorError>> {
        Box::pin(async move { probe::probe(&with_defaults(session)).await })
    }

    fn listen<'a>(&'a self, session: &'a Session) -> BoxFuture<'a, Result<(), ConnectorError>> {
        Box::pin(async move {
            let session = with_defaults(session);
            let client = Client::of(&session.settings)?;
            match session.settings.text("what") {
                Some("mentions") => {
                    let user = probe::user(&session, &client).await?;
                    look::listen(&session, &client, What::Mentions(user.id)).await
                }
                Some("search") => look::listen(&session, &client, What::Searches).await,
                _ => stream::Stream::new(&session, &client, wanted::now(&session).await?).listen().await,
            }
        })
    }

    /// Rules that nobody listens by cost the application's other programs money.
    fn disconnect<'a>(&'a self, session: &'a Session) -> BoxFuture<'a, Result<(), ConnectorError>> {
        Box::pin(async move {
            let session = with_defaults(session);
            let client = Client::of(&session.settings)?;
            if webhook::is_wanted(&session.settings) {
                return hook::forget(&session, &client).await;
            }
            if session.settings.text("what") != Some("stream") {
                return Ok(());
            }
            sync::forget(&session, &client).await
        })
    }

    fn oauth(&self) -> Option<&'static OAuth> {
        Some(&oauth::OAUTH)
    }

    fn webhooks(&self) -> Option<&'static dyn Webhooks> {
        Some(&webhook::XWebhook)
    }

    fn searches(&self) -> Option<&'static dyn Searches> {
        Some(&Self)
    }

    fn refresh(&self) -> Option<&'static Refresh> {
        Some(&refresh::REFRESH)
    }

    fn replies(&self) -> Option<&'static dyn Replies> {
        Some(&reply::XReplies)
    }
}

impl Searches for X {
    fn plan(&self, settings: &Settings, topics: &[TopicSought]) -> Option<SearchPlan> {
        wanted::plan(&settings.clone().with_defaults(DESCRIPTOR.settings), topics)
    }
}

fn with_defaults(session: &Session) -> Session {
    let mut session = session.clone();
    session.settings = session.settings.with_defaults(DESCRIPTOR.settings);
    session
}
