//! Search over the whole history: what is found, how many, of what kinds, when; and changes to all of it.

pub(crate) mod change;
pub(crate) mod count;
pub(crate) mod facets;
mod labels;
pub(crate) mod mentions;
pub(crate) mod timeline;

use molva_archive::Slice;

/// Months as they are written.
pub(crate) fn months(missing: &[Slice]) -> Vec<String> {
    missing.iter().map(ToString::to_string).collect()
}
