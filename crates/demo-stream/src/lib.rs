//! An honest demo: a seeded stream of invented posts about invented companies, for a first look and for tests.
//!
//! A pure function of seed and time; does no I/O. Every name in it is made up.

use molva_domain::{Post, Timestamp};

/// Makes the posts of a stretch of time. The same seed and stretch give the same posts, whoever asks.
#[derive(Clone, Debug)]
pub struct DemoStream {}

impl DemoStream {
    /// `posts_per_day` is the mean over a day of the demo's clock.
    #[must_use]
    pub fn new(_seed: u64, _posts_per_day: u32) -> Self {
        todo!()
    }

    /// All posts published in `[from, to)`, oldest first. `fetched_at` equals `published_at`; the caller sets it.
    #[must_use]
    pub fn between(&self, _from: Timestamp, _to: Timestamp) -> Vec<Post> {
        todo!()
    }

    /// Brands of the demo with what they are, for the first-run page: `("Волна", "telecom operator")`, …
    #[must_use]
    pub fn brands() -> &'static [(&'static str, &'static str)] {
        todo!()
    }
}
