//! The contract of a network.

use std::future::Future;
use std::pin::Pin;

use crate::error::ConnectorError;
use crate::oauth::OAuth;
use crate::refresh::Refresh;
use crate::reply::Replies;
use crate::search::Searches;
use crate::session::Session;
use crate::settings::{Localized, Setting};
use crate::webhook::Webhooks;

/// A future that the registry can hold.
pub type BoxFuture<'a, T> = Pin<Box<dyn Future<Output = T> + Send + 'a>>;

/// How items arrive.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mode {
    /// We ask from time to time.
    Poll,
    /// A connection stays open.
    Stream,
    /// They call us.
    Push,
    /// A person gives us a file.
    File,
}

/// What a network allows.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Capabilities {
    pub keyword_listen: bool,
    pub account_listen: bool,
    pub backfill: bool,
    pub delete_events: bool,
    pub metrics: bool,
}

/// What the add-source gallery and form are generated from.
#[derive(Debug)]
pub struct Descriptor {
    /// Name of the row: `feed`, `wordpress`, `mastodon`, `bluesky`, `push`, `import`, `demo`.
    pub name: &'static str,
    pub title: Localized,
    /// One or two sentences: what it brings, how fast, what it needs.
    pub summary: Localized,
    pub mode: Mode,
    pub capabilities: Capabilities,
    pub settings: &'static [Setting],
    /// Silence longer than this with no item, in seconds, is worth a warning; `None` when silence is normal.
    pub silent_after_s: Option<u64>,
    /// A source with default settings may be added by one click.
    pub add_by_hand: bool,
}

/// A network. Implementations are unit structs in the table; all state lives in the session.
pub trait Connector: Send + Sync {
    fn descriptor(&self) -> &'static Descriptor;

    /// Tries the settings without storing anything: reachable, allowed, understood. The answer says in a sentence what was found.
    fn probe<'a>(&'a self, session: &'a Session) -> BoxFuture<'a, Result<String, ConnectorError>>;

    /// Listens until cancelled, delivering batches through the session; each [`Session::deliver`] returns when the batch
    /// and the cursor are stored. `Ok` means that there is no more (a file's end). An error ends this run; the supervisor
    /// decides by its kind when to start the next.
    fn listen<'a>(&'a self, session: &'a Session) -> BoxFuture<'a, Result<(), ConnectorError>>;

    /// How it calls us; `None` where we ask or listen ourselves.
    fn webhooks(&self) -> Option<&'static dyn Webhooks> {
        None
    }

    /// Takes back what was set up on the network for a source that goes away: where it calls. Tried once, within seconds; what fails is
    /// told and holds nothing up.
    fn disconnect<'a>(&'a self, _session: &'a Session) -> BoxFuture<'a, Result<(), ConnectorError>> {
        Box::pin(async { Ok(()) })
    }

    /// How to look posts up again; `None` where that costs more than a cheap call for many of them.
    fn refresh(&self) -> Option<&'static Refresh> {
        None
    }

    /// How it is asked for what the topics look for; `None` where it is listened to, not searched.
    fn searches(&self) -> Option<&'static dyn Searches> {
        None
    }

    /// How to answer on it; `None` where one can only listen.
    fn replies(&self) -> Option<&'static dyn Replies> {
        None
    }

    /// How a person lets us in on the network's own page; `None` where a token is copied by hand, or none is needed.
    fn oauth(&self) -> Option<&'static OAuth> {
        None
    }
}
