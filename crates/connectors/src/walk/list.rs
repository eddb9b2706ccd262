//! What a network that lists the newest first says of itself.

use std::time::Duration;

use molva_domain::{Quota, RejectionReason, Timestamp};
use serde_json::Value;

use super::OVERLAP;
use crate::connector::BoxFuture;
use crate::error::ConnectorError;
use crate::session::{Item, Session};

/// One thing on a page.
#[derive(Debug)]
pub(crate) struct Found {
    /// Its name on the network, of any length.
    pub id: String,
    pub published: Option<Timestamp>,
    /// Its author's last change; a thing that is seen again with another one is delivered again.
    pub edited: Option<Timestamp>,
    pub item: Item,
}

impl Found {
    /// What cannot be read so far that it is known when it was said.
    pub(crate) fn broken(id: String, why: (RejectionReason, String), place: &str, raw: &Value) -> Self {
        Self { id, published: None, edited: None, item: Item::read(Err(why), place, raw) }
    }

    /// The same thing with another text has another name, and so has one that is gone.
    pub(super) fn name(&self) -> String {
        match (&self.item, self.edited) {
            (Item::Deleted(_), _) => format!("{} gone", self.id),
            (_, Some(edited)) => format!("{} {}", self.id, edited.as_micros()),
            (_, None) => self.id.clone(),
        }
    }

    /// When something last happened to it.
    pub(super) fn at(&self) -> Option<Timestamp> {
        self.published.max(self.edited)
    }
}

/// What the network shows at once.
#[derive(Debug, Default)]
pub(crate) struct Page {
    /// The newest first, more or less.
    pub found: Vec<Found>,
    /// What the network calls the next page, further back; `None` at the end.
    pub older: Option<String>,
    /// There is more further back, but the network shows it to nobody.
    pub cut: bool,
    /// What may still be asked for.
    pub quota: Option<Quota>,
    /// How long the network asks to be left alone after this look.
    pub told: Option<Duration>,
    /// The network was not asked this time.
    pub skipped: bool,
}

/// A network, or one place of it.
pub(crate) trait NewestFirst: Send + Sync {
    /// The newest page, or the one that an earlier page called `older`.
    fn page<'a>(&'a self, session: &'a Session, older: Option<&'a str>) -> BoxFuture<'a, Result<Page, ConnectorError>>;

    /// What tells it from other lists of the source that come and go; `None` where they stay as long as the source.
    fn name(&self) -> Option<String> {
        None
    }

    /// Completes what a look brought before it is handed over, by what only all of its pages tell together. Nothing is lost when it
    /// cannot: what is not known stays out.
    fn complete<'a>(
        &'a self,
        _session: &'a Session,
        _items: &'a mut [(Option<Timestamp>, Item)],
    ) -> BoxFuture<'a, Result<(), ConnectorError>> {
        Box::pin(async { Ok(()) })
    }

    /// How far back the network shows anything at all; `None` where that is no matter of time.
    fn shows(&self) -> Option<Duration> {
        None
    }

    /// How far behind the newest known item one that was never seen may still appear: held back by a moderator, or by the network.
    fn late(&self) -> Duration {
        OVERLAP
    }
}

/// Lists that may be others at the next look.
pub(crate) trait Lists: Send + Sync {
    fn now<'a>(&'a self, session: &'a Session)
    -> BoxFuture<'a, Result<Vec<Box<dyn NewestFirst + 'a>>, ConnectorError>>;

    /// Waits until they are others.
    fn change<'a>(&'a self, session: &'a Session) -> BoxFuture<'a, ()>;
}

/// Lists of a kind, as [`Lists::now`] gives them.
pub(crate) fn boxed<'a>(lists: Vec<impl NewestFirst + 'a>) -> Vec<Box<dyn NewestFirst + 'a>> {
    lists.into_iter().map(|list| Box::new(list) as Box<dyn NewestFirst + 'a>).collect()
}
