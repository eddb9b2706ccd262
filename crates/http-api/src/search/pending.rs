//! Stands in until the archive is wired.

use std::time::Duration;

use molva_archive::{Archive, Error};

use crate::api::Shared;
use crate::problem::Problem;
use crate::wire::selection::Incomplete;

impl Shared {
    #[expect(clippy::unused_async, reason = "stands in for one that waits")]
    pub(crate) async fn ask_archive<T>(&self, _: impl FnOnce(&Archive) -> Result<T, Error>) -> Result<T, Problem> {
        Err(Problem::busy(Duration::from_secs(5)))
    }

    pub(crate) fn incomplete(&self) -> Option<Incomplete> {
        None
    }
}
