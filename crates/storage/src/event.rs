//! Reading the event log. Writing happens beside each change, in its transaction.

use molva_domain::{Event, EventId, EventKind, WorkspaceId};

use crate::{Result, Storage};

impl Storage {
    /// Events after `after` in the order of commits; `kinds` empty is all.
    /// An event is visible only when every event with a smaller id is: a reader that remembers the last id loses nothing.
    pub async fn events_after(
        &self,
        _workspace: WorkspaceId,
        _after: EventId,
        _kinds: &[EventKind],
        _limit: u32,
    ) -> Result<Vec<Event>> {
        todo!()
    }

    pub async fn last_event(&self, _workspace: WorkspaceId) -> Result<EventId> {
        todo!()
    }
}
