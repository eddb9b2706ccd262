//! The state of collection: is a source alive, what is missing, how much may still be asked for.

use serde::{Deserialize, Serialize};

use crate::clock::Timestamp;
use crate::names::named_enum;

named_enum! {
    /// What a source is doing. Colour on the page follows from it.
    pub enum SourceState {
        /// Added, not yet heard from.
        Starting = "starting",
        /// Collecting.
        Running = "running",
        /// Alive, but nothing new for longer than it usually takes.
        Silent = "silent",
        /// The last tries failed; it will be tried again.
        Failing = "failing",
        /// It needs a person: a revoked token, a page that is gone.
        Stopped = "stopped",
        /// Switched off by a person.
        Paused = "paused",
        /// A file that was read to its end.
        Finished = "finished",
    }
}

named_enum! {
    /// Why something may be missing.
    pub enum GapCause {
        /// The connection was down.
        Disconnected = "disconnected",
        /// The network no longer has what the cursor points to.
        CursorLost = "cursor_lost",
        /// Molva was not running.
        Stopped = "stopped",
        /// The source kept failing.
        Failing = "failing",
        /// The network keeps only so many items, and more had come.
        Overflow = "overflow",
    }
}

/// A stretch of time in which items may have been missed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Gap {
    pub from: Timestamp,
    /// `None` while it is still open.
    pub to: Option<Timestamp>,
    pub cause: GapCause,
}

/// What the network still allows, as its last answer said.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Quota {
    pub limit: u64,
    pub remaining: u64,
    pub resets_at: Option<Timestamp>,
}
