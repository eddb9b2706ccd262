//! By whom: the authors who write most, and those whom most people follow.

use molva_archive::{Archive, Ask, Authors, Facet, FacetAsk, Slice, Tones};
use molva_domain::MentionId;

use crate::Result;
use crate::measure::share;
use crate::selected::Selected;

/// The answer.
#[derive(Clone, Debug, PartialEq)]
pub struct AuthorFigures {
    pub mentions: u64,
    pub authors: Authors,
    /// What authors of two mentions or more wrote, of the mentions whose author is known.
    pub repeat_share: Option<f64>,
    /// Most mentions first.
    pub busiest: Vec<Author>,
    /// Most followers first.
    pub loudest: Vec<Author>,
    pub missing: Vec<Slice>,
}

/// One author of a set of mentions.
#[derive(Clone, Debug, PartialEq)]
pub struct Author {
    /// As the archive's filter takes it.
    pub author: String,
    pub mentions: u64,
    pub share: Option<f64>,
    pub tones: Tones,
    /// The most seen, where the archive tells it: of the loudest.
    pub followers: Option<u64>,
    /// One of the newest mentions: it shows the name.
    pub newest: MentionId,
}

/// Asks the archive once.
///
/// # Errors
/// When the archive cannot be read.
pub fn authors(archive: &Archive, of: Selected<'_>, limit: usize) -> Result<AuthorFigures> {
    let facets = vec![FacetAsk { facet: Facet::Author, limit, details: true }];
    let figures =
        archive.figures(of.query, of.filter, &Ask { facets, authors: true, loudest: limit, ..Ask::default() })?;
    let mentions = figures.mentions;
    let authors = figures.authors.unwrap_or_default();
    let values = figures.facets.into_iter().flat_map(|facet| facet.values);
    let busiest = values.map(|value| Author {
        author: value.value,
        mentions: value.mentions,
        share: share(value.mentions, mentions),
        tones: value.tones,
        followers: None,
        newest: value.newest,
    });
    let loudest = authors.loudest.iter().map(|loud| Author {
        author: loud.author.clone(),
        mentions: loud.mentions,
        share: share(loud.mentions, mentions),
        tones: loud.tones,
        followers: Some(loud.followers),
        newest: loud.newest,
    });
    Ok(AuthorFigures {
        mentions,
        repeat_share: share(authors.repeat_mentions, mentions - authors.without.min(mentions)),
        busiest: busiest.collect(),
        loudest: loudest.collect(),
        authors,
        missing: figures.missing,
    })
}
