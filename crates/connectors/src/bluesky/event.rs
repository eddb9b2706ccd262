//! What happened, in whatever protocol it was told.

use molva_domain::Timestamp;
use serde_json::Value;

/// Something that happened to a record.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Change {
    /// Who.
    pub did: String,
    pub collection: String,
    pub record_key: String,
    pub action: Action,
    /// When the server saw it.
    pub at: Timestamp,
}

/// What happened to it.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Action {
    Create(Value),
    Update(Value),
    Delete,
}

/// One message of a stream.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Event {
    Changes(Vec<Change>),
    /// The account is gone, for good or not; all it said is to be hidden.
    AccountGone {
        did: String,
    },
    /// The account has a new handle.
    Renamed {
        did: String,
        handle: String,
    },
    /// The server starts later than it was asked to.
    CursorOutdated,
    /// The server has never been where the cursor points.
    CursorInFuture,
    /// A record that cannot be understood: a place and a reason.
    Unreadable {
        place: String,
        message: String,
        sample: String,
    },
    /// Nothing of ours.
    Nothing,
}

/// A message and where it stands; `None` for messages that have no place in the sequence.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Told {
    pub place: Option<(i64, Timestamp)>,
    pub event: Event,
}

impl Told {
    pub(super) const fn aside(event: Event) -> Self {
        Self { place: None, event }
    }
}

/// Whether an account's status means that its posts must not be shown.
pub(super) fn is_gone(active: bool, status: Option<&str>) -> bool {
    // `desynchronized` and `throttled` are troubles of servers, not of people.
    !active && !matches!(status, Some("desynchronized" | "throttled"))
}
