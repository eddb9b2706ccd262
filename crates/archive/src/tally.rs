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
    /// Pile by pile.
    pub(crate) values: Vec<(u64, AuthorTally)>,
    pub(crate) without: u64,
}

/// Authors lie in piles by the first bits of their hashes: parts are added up pile by pile, in a table that a processor keeps at
/// hand.
pub(crate) const PILES: usize = 256;

pub(crate) const fn pile(hash: u64) -> usize {
    (hash >> 56) as usize
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

impl AuthorsPart {
    pub(crate) fn of(authors: impl ExactSizeIterator<Item = (u64, AuthorTally)> + Clone, without: u64) -> Self {
        let mut next = [0; PILES];
        authors.clone().for_each(|(hash, _)| next[pile(hash)] += 1);
        let mut before = 0;
        for place in &mut next {
            (before, *place) = (before + *place, before);
        }
        let mut values = vec![(0, AuthorTally::NONE); authors.len()];
        for (hash, tally) in authors {
            let place = &mut next[pile(hash)];
            values[*place] = (hash, tally);
            *place += 1;
        }
        Self { values, without }
    }

    /// Adds parts up.
    pub(crate) fn sum<'a>(parts: impl Iterator<Item = &'a Self>) -> Self {
        let (mut left, mut without, mut most) = (Vec::new(), 0, 0);
        for part in parts {
            without += part.without;
            most = most.max(part.values.len());
            left.push(&*part.values);
        }
        let mut values = Vec::with_capacity(most);
        let mut own: Map<u64, AuthorTally> = Map::default();
        for number in 0..PILES {
            for part in &mut left {
                let end = part.iter().position(|(hash, _)| pile(*hash) != number).unwrap_or(part.len());
                let (now, later) = part.split_at(end);
                for (hash, tally) in now {
                    own.entry(*hash).or_insert(AuthorTally::NONE).add(tally);
                }
                *part = later;
            }
            values.extend(own.drain());
        }
        Self { values, without }
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn authors_of_several_parts_are_added_up_each_once() {
        let hash = |number: u64| number.wrapping_mul(0x9e37_79b9_7f4a_7c15);
        let tally = |number: u64, part: u64| {
            let mut author = AuthorTally::NONE;
            author.tally.mentions = u32::from(part as u16 + 1);
            author.tally.newest = (part as i64, number as i64);
            author.see(number.is_multiple_of(2).then_some(number + part));
            author
        };
        let parts: Vec<Map<u64, AuthorTally>> = (0..3)
            .map(|part| {
                (part..3_000).step_by(part as usize + 1).map(|number| (hash(number), tally(number, part))).collect()
            })
            .collect();
        let mut plain: Map<u64, AuthorTally> = Map::default();
        for (own, author) in parts.iter().flatten() {
            plain.entry(*own).or_insert(AuthorTally::NONE).add(author);
        }
        let parts: Vec<AuthorsPart> = parts
            .iter()
            .zip(1..)
            .map(|(part, without)| AuthorsPart::of(part.iter().map(|(hash, author)| (*hash, *author)), without))
            .collect();
        let sum = AuthorsPart::sum(parts.iter());
        assert!(sum.values.is_sorted_by_key(|(own, _)| pile(*own)));
        assert_eq!((sum.without, sum.values.len()), (6, plain.len()));
        assert_eq!(sum.values.into_iter().collect::<Map<u64, AuthorTally>>(), plain);
        assert_eq!(AuthorsPart::sum(std::iter::empty()), AuthorsPart::default());
    }
}
