//! Where a stream stands: a sequence number is worth something only to the server that gave it, a time to all of them.

use molva_domain::Timestamp;
use serde::{Deserialize, Serialize};

use super::wire::Wire;

const VERSION: u16 = 1;

/// A place in the stream of one server.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Cursor {
    v: u16,
    wire: Wire,
    host: String,
    /// Sequence number; on the first Jetstream, microseconds since 1970.
    pub seq: i64,
    /// The server's time of that event, in microseconds.
    pub at: Timestamp,
}

impl Cursor {
    pub(super) fn new(wire: Wire, host: &str, seq: i64, at: Timestamp) -> Self {
        Self { v: VERSION, wire, host: host.to_owned(), seq, at }
    }

    pub(super) fn read(stored: Option<&str>) -> Option<Self> {
        serde_json::from_str(stored?).ok().filter(|cursor: &Self| cursor.v == VERSION)
    }

    pub(super) fn write(&self) -> Option<String> {
        serde_json::to_string(self).ok()
    }

    /// Whether its number means the same to this server.
    pub(super) fn is_of(&self, wire: Wire, host: &str) -> bool {
        self.wire == wire && self.host == host
    }
}
