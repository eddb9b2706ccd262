//! X, once Twitter: public posts with words, at once by the filtered stream or by the search of the last seven days, and those that
//! mention an account. Contract: API v2, <https://docs.x.com/x-api>.
//!
//! X takes money for every post it tells, so a day has a cap ([`ledger`]). [`look`] asks, [`stream`] is told; what a stream missed is
//! asked for. Start with [`client`], how X is asked; [`read`] is the mapping.

mod account_form;
mod backoff;
mod client;
mod cursor;
mod descriptor;
mod fields;
mod id;
mod ledger;
mod limits;
mod lines;
mod look;
mod oauth;
mod oauth1;
mod probe;
mod problem;
mod read;
mod reply;
mod rules;
mod stream;
mod sync;
mod watch;
mod webhook;
mod wire;

use crate::connector::{BoxFuture, Connector, Descriptor};
use crate::error::ConnectorError;
use crate::oauth::OAuth;
use crate::reply::Replies;
use crate::session::Session;
use crate::settings::Settings;
use crate::webhook::Webhooks;
use client::Client;
use descriptor::DESCRIPTOR;
use look::Place;

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
                    look::listen(&session, &client, vec![Place::Mentions(user.id)]).await
                }
                Some("search") => {
                    let places = queries(&session.settings)?.into_iter().map(Place::Search).collect();
                    look::listen(&session, &client, places).await
                }
                _ => {
                    let (rules, queries) = (rules(&session.settings)?, queries(&session.settings)?);
                    stream::Stream::new(&session, &client, rules, queries).listen().await
                }
            }
        })
    }

    /// Rules that nobody listens by cost the application's other programs money.
    fn disconnect<'a>(&'a self, session: &'a Session) -> BoxFuture<'a, Result<(), ConnectorError>> {
        Box::pin(async move {
            let session = with_defaults(session);
            if session.settings.text("what") != Some("stream") {
                return Ok(());
            }
            sync::forget(&session, &Client::of(&session.settings)?).await
        })
    }

    fn oauth(&self) -> Option<&'static OAuth> {
        Some(&oauth::OAUTH)
    }

    fn webhooks(&self) -> Option<&'static dyn Webhooks> {
        Some(&webhook::WEBHOOKS)
    }

    fn replies(&self) -> Option<&'static dyn Replies> {
        Some(&reply::XReplies)
    }
}

fn with_defaults(session: &Session) -> Session {
    let mut session = session.clone();
    session.settings = session.settings.with_defaults(DESCRIPTOR.settings);
    session
}

/// The words as queries of a search.
fn queries(settings: &Settings) -> Result<Vec<String>, ConnectorError> {
    packed(settings, rules::QUERY, rules::MOST_QUERIES)
}

/// The words as rules of the stream.
fn rules(settings: &Settings) -> Result<Vec<String>, ConnectorError> {
    packed(settings, rules::RULE, rules::MOST_RULES)
}

fn packed(settings: &Settings, longest: usize, most: usize) -> Result<Vec<String>, ConnectorError> {
    let invalid = |message: String| ConnectorError::Invalid { setting: "words", message };
    let ending = if settings.flag("reposts") { "" } else { " -is:retweet" };
    let packed = rules::pack(settings.list("words"), ending, longest).map_err(invalid)?;
    match packed.len() {
        0 => Err(invalid("write at least one search, one a line".to_owned())),
        count if count > most => {
            Err(invalid(format!("make {count} queries of X, and {most} is the most; make two sources of it")))
        }
        _ => Ok(packed),
    }
}
