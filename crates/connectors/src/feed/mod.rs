//! RSS, Atom, RDF and JSON feeds: asked politely, read entry by entry.
//!
//! [`Poller`] is the loop: one look at a time, each ending in a stored cursor, so that a kill between two looks neither loses
//! nor doubles an entry and neither forgets how long the server asked us to stay away. What a document holds is read in
//! [`parse`]; when to come again is decided in [`schedule`].

mod cursor;
mod descriptor;
mod discover;
mod encoding;
pub(crate) mod entry;
mod markup;
pub(crate) mod parse;
mod pieces;
mod poll;
mod schedule;

use molva_domain::{Language, PostKind};

use crate::connector::{BoxFuture, Connector, Descriptor};
use crate::error::ConnectorError;
use crate::http::shown;
use crate::session::Session;
use descriptor::DESCRIPTOR;
pub(crate) use poll::{FeedOptions, Poller};

/// The row of the table.
#[derive(Clone, Copy, Debug)]
pub struct FeedConnector;

impl Connector for FeedConnector {
    fn descriptor(&self) -> &'static Descriptor {
        &DESCRIPTOR
    }

    fn probe<'a>(&'a self, session: &'a Session) -> BoxFuture<'a, Result<String, ConnectorError>> {
        Box::pin(async move {
            let found = discover::find(session, &options(session)?).await?;
            let entries = found.feed.entries.iter().filter(|entry| entry.is_ok()).count();
            let broken = found.feed.entries.len() - entries;
            let newest =
                found.feed.entries.iter().flatten().filter_map(|entry| entry.published.or(entry.updated)).max();
            Ok(format!(
                "`{}` at {}: {entries} entries{}{}",
                found.feed.title.as_deref().unwrap_or("a feed without a title"),
                shown(&found.url),
                if broken > 0 { format!(", {broken} that cannot be read") } else { String::new() },
                newest.map(|newest| format!(", the newest of {newest}")).unwrap_or_default(),
            ))
        })
    }

    fn listen<'a>(&'a self, session: &'a Session) -> BoxFuture<'a, Result<(), ConnectorError>> {
        Box::pin(async move { Poller::new(session, options(session)?).run().await })
    }
}

/// How many entries a document holds, broken ones included; `None` when it is no feed. For fuzzing.
#[must_use]
pub fn count_entries(document: &[u8], content_type: Option<&str>) -> Option<usize> {
    let address = url::Url::parse("http://example.com/feed").ok()?;
    parse::parse(document, content_type, &address).ok().map(|feed| feed.entries.len())
}

fn options(session: &Session) -> Result<FeedOptions, ConnectorError> {
    let settings = session.settings.clone().with_defaults(DESCRIPTOR.settings);
    let address = settings.text("url").ok_or_else(|| ConnectorError::Invalid {
        setting: "url",
        message: "is required: the address of a feed or of a page that announces one".to_owned(),
    })?;
    Ok(FeedOptions {
        address: address.to_owned(),
        network: settings.text("network").unwrap_or("rss").to_lowercase(),
        kind: settings.text("kind").and_then(PostKind::parse).unwrap_or(PostKind::Article),
        language: settings.text("language").and_then(Language::parse),
        shortest: poll::minutes(settings.number("min_interval_minutes").unwrap_or(5)),
        login: settings.text("login").map(str::to_owned).zip(settings.secret("password").cloned()),
        community: None,
    })
}
