//! Where it is said: networks, sites, communities, and where those who say it live.

use molva_archive::{Archive, Ask, Facet, FacetAsk, FacetCounts, Slice, Tones};

use crate::Result;
use crate::selected::Selected;

/// Sorts of places, in the order of the page.
pub const PLACES: [Facet; 6] =
    [Facet::Network, Facet::Site, Facet::Community, Facet::Country, Facet::Region, Facet::City];

/// The answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Places {
    pub mentions: u64,
    pub tones: Tones,
    /// One for each of [`PLACES`].
    pub places: Vec<FacetCounts>,
    pub missing: Vec<Slice>,
}

/// Asks the archive once for all sorts of places, the `limit` largest of each.
///
/// # Errors
/// When the archive cannot be read.
pub fn places(archive: &Archive, of: Selected<'_>, limit: usize) -> Result<Places> {
    let facets = PLACES.iter().map(|facet| FacetAsk { facet: *facet, limit, details: true }).collect();
    let figures = archive.figures(of.query, of.filter, &Ask { facets, ..Ask::default() })?;
    Ok(Places { mentions: figures.mentions, tones: figures.tones, places: figures.facets, missing: figures.missing })
}
