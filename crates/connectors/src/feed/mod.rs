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
mod rewrite;
pub(crate) mod schedule;

use molva_domain::{Language, PostKind, RejectionReason};

use crate::connector::{BoxFuture, Connector, Descriptor};
use crate::error::ConnectorError;
use crate::http::parse_url;
use crate::session::Session;
use descriptor::DESCRIPTOR;
pub(crate) use poll::{FeedOptions, Poller, minutes};

/// The row of the table.
#[derive(Clone, Copy, Debug)]
pub struct FeedConnector;

impl Connector for FeedConnector {
    fn descriptor(&self) -> &'static Descriptor {
        &DESCRIPTOR
    }

    fn probe<'a>(&'a self, session: &'a Session) -> BoxFuture<'a, Result<String, ConnectorError>> {
        Box::pin(async move { Poller::new(session, options(session)?).probe().await })
    }

    fn listen<'a>(&'a self, session: &'a Session) -> BoxFuture<'a, Result<(), ConnectorError>> {
        Box::pin(async move { Poller::new(session, options(session)?).run().await })
    }
}

/// What came of a document, entry by entry.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Counted {
    pub posts: usize,
    /// Entries without a word in them.
    pub empty: usize,
    /// Rejected for any other reason.
    pub broken: usize,
}

/// Reads a document and counts what it holds, for fuzzing and for the corpora of other readers.
///
/// # Errors
/// `Protocol` when it is no feed at all.
pub fn read_document(bytes: &[u8], content_type: Option<&str>) -> Result<Counted, ConnectorError> {
    let address = parse_url("url", "https://example.com/feed")?;
    let feed = parse::parse(bytes, content_type, &address).map_err(|_| discover::not_a_feed(&address))?;
    let mut counted = Counted::default();
    for entry in &feed.entries {
        *match entry {
            Ok(_) => &mut counted.posts,
            Err(rejection) if rejection.reason == RejectionReason::EmptyText => &mut counted.empty,
            Err(_) => &mut counted.broken,
        } += 1;
    }
    Ok(counted)
}

fn options(session: &Session) -> Result<FeedOptions, ConnectorError> {
    let settings = session.settings.clone().with_defaults(DESCRIPTOR.settings);
    let address = settings.needed("url", "is required: the address of a feed or of a page that announces one")?;
    Ok(FeedOptions {
        address: address.to_owned(),
        network: settings.text("network").unwrap_or("rss").to_lowercase(),
        kind: settings.text("kind").and_then(PostKind::parse).unwrap_or(PostKind::Article),
        language: settings.text("language").and_then(Language::parse),
        shortest: minutes(settings.number("min_interval_minutes").unwrap_or(5)),
        login: settings.text("login").map(str::to_owned).zip(settings.secret("password").cloned()),
        community: None,
        fixed: false,
        naming: None,
    })
}
