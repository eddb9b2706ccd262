//! Counts of mentions that can be added up, slice by slice.

use std::collections::HashMap;

use crate::ask::{Bucket, Tones};
use crate::cache::Kept;

pub(crate) type Map<K, V> = HashMap<K, V, foldhash::fast::FixedState>;

/// What is known of the mentions of one value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Tally {
    pub(crate) mentions: u32,
    /// By [`crate::facet::tone_code`].
    pub(crate) tones: [u32; 4],
    pub(crate) reach: u64,
    /// Time and id of the newest.
    pub(crate) newest: (i64, i64),
}

/// What is known of the mentions of one author.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct AuthorTally {
    pub(crate) tally: Tally,
    /// One more than the most seen; 0: never told. There are many authors, and this takes half of an option.
    followers: u64,
}

/// The figures of some mentions of a slice.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Part {
    pub(crate) mentions: u64,
    pub(crate) tones: Tones,
    pub(crate) reach: u64,
    pub(crate) reach_unknown: u64,
    pub(crate) views: u64,
    /// From the bucket of this number on.
    pub(crate) buckets: (usize, Vec<Bucket>),
    pub(crate) cells: Vec<u64>,
    /// In the order asked for.
    pub(crate) facets: Vec<FacetPart>,
    pub(crate) authors: Option<AuthorsPart>,
}

#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct FacetPart {
    pub(crate) values: Vec<(Box<str>, Tally)>,
    pub(crate) without: u64,
}

#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct AuthorsPart {
    pub(crate) values: Vec<(u64, AuthorTally)>,
    pub(crate) without: u64,
}

impl Kept for Part {
    fn bytes(&self) -> usize {
        let value = |(value, _): &(Box<str>, Tally)| value.len() + size_of::<(Box<str>, Tally)>();
        let facets: usize = self.facets.iter().flat_map(|facet| &facet.values).map(value).sum();
        let authors = self.authors.as_ref().map_or(0, |authors| authors.values.len() * size_of::<(u64, AuthorTally)>());
        let plain = self.buckets.1.len() * size_of::<Bucket>() + self.cells.len() * size_of::<u64>();
        size_of::<Self>() + self.facets.len() * size_of::<FacetPart>() + facets + authors + plain
    }
}

impl Tally {
    pub(crate) const NONE: Self = Self { mentions: 0, tones: [0; 4], reach: 0, newest: (i64::MIN, i64::MIN) };

    pub(crate) fn add(&mut self, other: &Self) {
        self.mentions += other.mentions;
        self.tones.iter_mut().zip(other.tones).for_each(|(own, other)| *own += other);
        self.reach = self.reach.saturating_add(other.reach);
        self.newest = self.newest.max(other.newest);
    }
}

impl AuthorTally {
    pub(crate) const NONE: Self = Self { tally: Tally::NONE, followers: 0 };

    pub(crate) const fn followers(&self) -> Option<u64> {
        self.followers.checked_sub(1)
    }

    pub(crate) fn see(&mut self, followers: Option<u64>) {
        self.followers = self.followers.max(followers.map_or(0, |followers| followers.saturating_add(1)));
    }

    pub(crate) fn add(&mut self, other: &Self) {
        self.tally.add(&other.tally);
        self.followers = self.followers.max(other.followers);
    }
}

impl From<[u32; 4]> for Tones {
    fn from(tones: [u32; 4]) -> Self {
        let [unjudged, negative, neutral, positive] = tones.map(u64::from);
        Self { negative, neutral, positive, unjudged }
    }
}

impl Tones {
    pub(crate) const fn add(&mut self, other: &Self) {
        self.negative += other.negative;
        self.neutral += other.neutral;
        self.positive += other.positive;
        self.unjudged += other.unjudged;
    }

    /// Counts one mention by [`crate::facet::tone_code`].
    pub(crate) const fn count(&mut self, code: u64) {
        match code {
            1 => self.negative += 1,
            2 => self.neutral += 1,
            3 => self.positive += 1,
            _ => self.unjudged += 1,
        }
    }
}
