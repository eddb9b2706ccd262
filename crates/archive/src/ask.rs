//! What is asked of an archive, and the answers.

use std::fmt;
use std::str::FromStr;
use std::time::Duration;

use molva_domain::{Intent, MentionId, MentionState, Timestamp, TopicId};
use molva_query::field::NumberField;

use crate::facet::Facet;
use crate::slice::Slice;

/// Narrows a question beside the query. Empty parts narrow nothing.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct Filter {
    /// Sorted at this time or later.
    pub from: Option<Timestamp>,
    /// Sorted before this time.
    pub before: Option<Timestamp>,
    /// Of one of these topics.
    pub topics: Vec<TopicId>,
    /// In one of these states.
    pub states: Vec<MentionState>,
    /// Each facet must have one of its values; the empty text stands for mentions without any. No values narrow nothing.
    pub facets: Vec<(Facet, Vec<String>)>,
    /// Exact copies of earlier mentions are left out.
    pub without_copies: bool,
    /// Mentions whose probability of spam is [`Filter::SPAM`] or more are left out; unknown is not spam.
    pub without_spam: bool,
}

impl Filter {
    pub const SPAM: f32 = 0.5;
}

/// What comes first.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Order {
    #[default]
    Newest,
    Oldest,
    /// The largest number, then the newest; those without one come last.
    Most(NumberField),
    /// What says most about the words of the query, then the newest; see `relevance.rs` for the formula.
    Relevance,
}

/// A mention that was found.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Hit {
    pub id: MentionId,
    /// The time it is sorted by.
    pub at: Timestamp,
    /// Where the next page begins, when it is the last of this one.
    pub position: Position,
}

/// A place in an order: what stands behind it is the next page. Opaque as text; means something in the order it was made in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Position {
    /// The number of [`Order::Most`] (-1: none), or the score in millionths.
    pub(crate) number: i128,
    /// Negative in [`Order::Oldest`], as the id: what comes first is largest.
    pub(crate) at: i64,
    pub(crate) id: i64,
}

impl fmt::Display for Position {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{}.{}", self.number, self.at, self.id)
    }
}

/// A text that is no [`Position`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("not a position in a list of mentions")]
pub struct NoPosition;

impl FromStr for Position {
    type Err = NoPosition;

    fn from_str(text: &str) -> Result<Self, NoPosition> {
        let mut parts = text.split('.');
        let mut next = || parts.next().and_then(|part| part.parse::<i128>().ok()).ok_or(NoPosition);
        let (number, at, id) = (next()?, next()?, next()?);
        let small = |number: i128| i64::try_from(number).map_err(|_| NoPosition);
        let position = Self { number, at: small(at)?, id: small(id)? };
        if parts.next().is_none() { Ok(position) } else { Err(NoPosition) }
    }
}

/// What a search found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Found {
    pub hits: Vec<Hit>,
    /// Slices of the asked time that could not be searched.
    pub missing: Vec<Slice>,
}

/// How many mentions answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Counted {
    pub mentions: u64,
    /// Slices of the asked time that could not be searched: what they hold is not counted.
    pub missing: Vec<Slice>,
}

/// Which figures are wanted of a set of mentions; what is not asked for costs nothing.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct Ask {
    pub facets: Vec<FacetAsk>,
    /// Ascending; `n + 1` edges make `n` buckets, each without its end. At most [`Ask::MAX_EDGES`].
    pub edges: Vec<Timestamp>,
    /// Tones, reach and intents of every bucket.
    pub bucket_details: bool,
    pub cells: Option<Cells>,
    /// Figures of the authors.
    pub authors: bool,
    /// With them, so many of the authors with the most followers.
    pub loudest: usize,
}

impl Ask {
    pub const MAX_EDGES: usize = 5_001;
    /// Most slots of [`Cells`]: thirty years of quarters of an hour.
    pub const MAX_SLOTS: usize = 1_100_000;
}

/// The most frequent values of a facet.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct FacetAsk {
    pub facet: Facet,
    /// Values at most.
    pub limit: usize,
    /// Tones and reach of every value.
    pub details: bool,
}

/// Counts mentions by hour of the week, or whatever else recurs.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Cells {
    /// When the first slot begins.
    pub start: Timestamp,
    /// How long each slot lasts; not zero.
    pub slot: Duration,
    /// The cell (below [`Cells::COUNT`]) of each slot; mentions outside of all slots are in no cell.
    pub cell_of_slot: Vec<u8>,
}

impl Cells {
    /// Hours of a week.
    pub const COUNT: usize = 168;
}

/// Mentions by tone.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Tones {
    pub negative: u64,
    pub neutral: u64,
    pub positive: u64,
    /// Nobody judged them.
    pub unjudged: u64,
}

/// Figures of a set of mentions.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Figures {
    pub mentions: u64,
    pub tones: Tones,
    /// Followers of their authors, added up mention by mention.
    pub reach: u64,
    /// Mentions whose author's followers are not known; they reach nobody in [`Figures::reach`].
    pub reach_unknown: u64,
    /// Views of the posts, where the network tells them.
    pub views: u64,
    /// One for each pair of edges.
    pub buckets: Vec<Bucket>,
    /// [`Cells::COUNT`] of them, or none when they were not asked for.
    pub cells: Vec<u64>,
    /// In the order asked for.
    pub facets: Vec<FacetCounts>,
    pub authors: Option<Authors>,
    /// Slices of the asked time that could not be read: what they hold is not counted.
    pub missing: Vec<Slice>,
}

/// Mentions between two edges.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Bucket {
    pub mentions: u64,
    /// All zero unless details were asked for.
    pub tones: Tones,
    pub reach: u64,
    /// In the order of [`Intent::ALL`].
    pub intents: [u64; Intent::ALL.len()],
}

/// The values of a facet among a set of mentions.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FacetCounts {
    pub facet: Facet,
    /// The most frequent first, then by value.
    pub values: Vec<FacetValue>,
    /// Different values of the whole set.
    pub distinct: u64,
    /// Counts of the values beyond the limit, added up.
    pub others: u64,
    /// Mentions without a value.
    pub without: u64,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FacetValue {
    /// As [`Filter::facets`] takes it.
    pub value: String,
    pub mentions: u64,
    /// All zero unless details were asked for.
    pub tones: Tones,
    pub reach: u64,
    /// One of the newest mentions that have it.
    pub newest: MentionId,
}

/// Figures of the authors of a set of mentions.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Authors {
    /// Different authors.
    pub distinct: u64,
    /// Authors of two mentions or more.
    pub repeat: u64,
    /// Mentions of those.
    pub repeat_mentions: u64,
    /// The largest number of followers each author was seen with, added up: an upper bound of the people reached.
    pub potential_reach: u64,
    /// Authors whose followers no mention of the set tells.
    pub unknown: u64,
    /// Mentions that name no author.
    pub without: u64,
    /// Those with the most followers first, then by mentions; authors whose followers are not known are left out.
    pub loudest: Vec<Loud>,
}

/// An author and how many may hear them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Loud {
    /// As [`Filter::facets`] takes it.
    pub author: String,
    /// The most seen in the set.
    pub followers: u64,
    pub mentions: u64,
    pub tones: Tones,
    /// One of the newest mentions.
    pub newest: MentionId,
}

/// Some of a set of mentions, chosen at random.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sampled {
    /// Ascending.
    pub ids: Vec<MentionId>,
    /// How many the set holds.
    pub of: u64,
    /// Slices of the asked time that could not be read.
    pub missing: Vec<Slice>,
}

/// What is said in a set of mentions, beside a baseline.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Words {
    pub mentions: u64,
    pub baseline_mentions: u64,
    /// Dictionary forms: those that are more frequent than in the baseline first, by log-likelihood ratio; then the others
    /// by mentions. Values of [`Facet::Word`].
    pub words: Vec<WordCount>,
    /// By mentions; values of [`Facet::Hashtag`].
    pub hashtags: Vec<WordCount>,
    /// By mentions; values of [`Facet::Emoji`].
    pub emoji: Vec<WordCount>,
    /// By mentions; values of [`Facet::Link`].
    pub links: Vec<WordCount>,
    /// Slices of either time that could not be read.
    pub missing: Vec<Slice>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WordCount {
    pub word: String,
    /// Mentions of the set that hold it.
    pub mentions: u64,
    /// Mentions of the baseline that hold it.
    pub baseline: u64,
}

impl Words {
    /// Words that fewer mentions of the set hold are not told: so few are no evidence of anything.
    pub const FEWEST: u64 = 3;
}

impl Tones {
    #[must_use]
    pub const fn total(&self) -> u64 {
        self.negative + self.neutral + self.positive + self.unjudged
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_position_is_read_back_as_it_was_written() {
        for position in
            [Position { number: i128::from(u64::MAX), at: i64::MIN, id: 7 }, Position { number: -1, at: 5, id: -9 }]
        {
            assert_eq!(position.to_string().parse(), Ok(position));
        }
        for text in ["", "1.2", "1.2.3.4", "a.b.c", "1.99999999999999999999.3"] {
            assert_eq!(text.parse::<Position>(), Err(NoPosition));
        }
    }
}
