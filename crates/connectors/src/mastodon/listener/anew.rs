//! A place that the server does not have any more: it was made anew, restored from an older copy, or moved to another program. Numbers are
//! never compared, so that is told by times: a server that has nothing after our place and yet something younger than all we heard is
//! another one. What it shows since then is read from its newest page backwards, beside a gap.

use molva_domain::{GapCause, Timestamp};
use serde::Deserialize;
use serde_json::value::RawValue;

use super::{Listener, local_id};
use crate::error::ConnectorError;
use crate::mastodon::channel::Channel;
use crate::mastodon::server::At;
use crate::session::Report;

/// Pages turned back, of forty statuses each.
const PAGES: usize = 50;

impl Listener<'_> {
    /// Whether a server that has nothing after that place is another one than named it.
    pub(super) async fn is_another(&self, channel: &Channel, place: &str) -> Result<bool, ConnectorError> {
        let Some(heard) = self.cursor.at() else { return Ok(false) };
        let newest = self.server.page(self.session, channel, At::Newest).await?;
        if !newest.statuses.iter().filter_map(|raw| written(raw)).any(|at| at > heard) {
            return Ok(false);
        }
        // Unless it came between the two questions.
        match self.server.page(self.session, channel, At::After(place)).await {
            Ok(page) => Ok(page.statuses.is_empty()),
            Err(ConnectorError::CursorLost(_)) => Ok(true),
            Err(error) => Err(error),
        }
    }

    /// Reads back to what was heard, as far as pages go, and hands it over, the oldest first.
    pub(super) async fn begin_anew(&mut self, channel: &Channel, key: &str) -> Result<(), ConnectorError> {
        let now = self.session.now();
        let from = self.cursor.at().unwrap_or(now).min(now);
        self.session.report(Report::GapOpened { from, cause: GapCause::CursorLost }).await;
        self.cursor.forget(key);
        let mut pages = Vec::new();
        let mut before: Option<String> = None;
        let mut reached = None;
        while pages.len() < PAGES {
            let at = before.as_deref().map_or(At::Newest, At::Before);
            let page = match self.server.page(self.session, channel, at).await {
                Err(ConnectorError::CursorLost(_)) => break,
                page => page?,
            };
            let oldest = page.statuses.iter().filter_map(|raw| written(raw)).min();
            let next = page.statuses.last().and_then(|raw| local_id(raw));
            let is_over = next.is_none() || next == before || oldest.is_some_and(|oldest| oldest < from);
            reached = oldest.or(reached);
            pages.push(page.statuses);
            if is_over {
                reached = None;
                break;
            }
            before = next;
        }
        for page in pages.iter().rev() {
            self.deliver_page(page, key).await?;
        }
        self.session.report(Report::GapClosed { to: reached.unwrap_or(now).max(from) }).await;
        Ok(())
    }
}

/// When a status was written.
fn written(raw: &RawValue) -> Option<Timestamp> {
    #[derive(Deserialize)]
    struct Written {
        created_at: String,
    }
    Timestamp::parse(&serde_json::from_str::<Written>(raw.get()).ok()?.created_at)
}
