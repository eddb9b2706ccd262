//! Every item that arrives ends in exactly one outcome, and the sums are kept.

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::names::named_enum;

named_enum! {
    /// Where an item ended.
    pub enum Outcome {
        /// It matched a topic and is a mention now.
        Stored = "stored",
        /// It matched nothing and waits in the kept stream.
        Unmatched = "unmatched",
        /// It had been seen before, and says the same.
        Duplicate = "duplicate",
        /// It had been seen before, and its author edited it since.
        Updated = "updated",
        /// It could not be taken; the reason says why.
        Rejected = "rejected",
    }
}

named_enum! {
    /// Why an item was rejected.
    pub enum RejectionReason {
        /// The bytes are not what the format promises.
        Malformed = "malformed",
        /// No id, link or anything else that tells it from another.
        MissingId = "missing_id",
        /// Neither text nor title.
        EmptyText = "empty_text",
        /// No time, or one that cannot be read.
        InvalidDate = "invalid_date",
        /// Larger than an item may be.
        TooLarge = "too_large",
        /// Bytes that are not text in the declared encoding.
        InvalidEncoding = "invalid_encoding",
        /// Not meant for the public.
        NotPublic = "not_public",
        /// Written by a program to nobody in particular: a bounce, an absence notice, a newsletter.
        Automatic = "automatic",
        /// Some field the format demands is missing or wrong.
        InvalidField = "invalid_field",
    }
}

/// An item that could not be taken: why, where it stood, and its beginning for the quarantine page.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Rejection {
    pub reason: RejectionReason,
    /// Where in the input: `line 12, column 40`, `entry 3`, `field published`.
    pub place: String,
    /// One sentence for people: what is wrong and the way out. Lower case, no full stop.
    pub message: String,
    /// At most [`Rejection::MAX_SAMPLE_BYTES`] of the raw item. Never logged.
    pub sample: String,
}

impl Rejection {
    pub const MAX_SAMPLE_BYTES: usize = 2_048;

    #[must_use]
    pub fn new(reason: RejectionReason, place: impl Into<String>, message: impl Into<String>, raw: &str) -> Self {
        let end = raw.floor_char_boundary(Self::MAX_SAMPLE_BYTES);
        Self { reason, place: place.into(), message: message.into(), sample: raw[..end].replace('\0', "\u{fffd}") }
    }
}

impl fmt::Display for Rejection {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} at {}: {}", self.reason, self.place, self.message)
    }
}

/// How many items ended where. `received` is always the sum of the rest.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Tally {
    pub received: u64,
    pub stored: u64,
    pub unmatched: u64,
    pub duplicate: u64,
    pub updated: u64,
    pub rejected: u64,
}

impl Tally {
    pub const fn count(&mut self, outcome: Outcome) {
        self.received += 1;
        match outcome {
            Outcome::Stored => self.stored += 1,
            Outcome::Unmatched => self.unmatched += 1,
            Outcome::Duplicate => self.duplicate += 1,
            Outcome::Updated => self.updated += 1,
            Outcome::Rejected => self.rejected += 1,
        }
    }

    pub const fn add(&mut self, other: &Self) {
        self.received += other.received;
        self.stored += other.stored;
        self.unmatched += other.unmatched;
        self.duplicate += other.duplicate;
        self.updated += other.updated;
        self.rejected += other.rejected;
    }

    /// The law of the ledger: received = stored + unmatched + duplicate + updated + rejected.
    #[must_use]
    pub const fn balances(&self) -> bool {
        self.received == self.stored + self.unmatched + self.duplicate + self.updated + self.rejected
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_tally_balances_whatever_is_counted() {
        let mut tally = Tally::default();
        for outcome in Outcome::ALL {
            tally.count(*outcome);
        }
        assert!(tally.balances());
        assert_eq!(tally.received, 5);
    }

    #[test]
    fn a_sample_is_cut_at_a_character_and_holds_no_nul() {
        let raw = "я\0".repeat(2_000);
        let rejection = Rejection::new(RejectionReason::Malformed, "line 1", "not JSON", &raw);
        assert!(rejection.sample.chars().count() <= Rejection::MAX_SAMPLE_BYTES);
        assert!(!rejection.sample.contains('\0'));
    }
}
