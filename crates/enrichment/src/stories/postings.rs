//! Which texts share a fingerprint: chains from the newest to the oldest, in one ring.
//!
//! A slot of `heads` holds the newest posting of all fingerprints that fall into it; each posting knows the one before it.
//! Old postings leave at the end of the ring, and a chain ends where it reaches one that has left: nothing is searched for
//! and nothing is moved when a text is forgotten.

use std::collections::VecDeque;

#[derive(Clone, Copy, Debug)]
struct Posting {
    fingerprint: u32,
    /// Number of the text.
    text: u32,
    /// Number of the posting before this one in the slot; it may have left the ring.
    previous: u32,
    /// How many postings of the slot were in the ring before this one.
    rank: u16,
}

#[derive(Debug)]
pub(super) struct Postings {
    ring: VecDeque<Posting>,
    /// Number of the oldest posting in the ring; numbers go round.
    first: u32,
    heads: Vec<u32>,
}

/// Where the chain of a fingerprint begins.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Chain {
    /// At most so many texts are in it, about.
    pub(super) length: u16,
    newest: u32,
    fingerprint: u32,
}

impl Default for Postings {
    fn default() -> Self {
        Self { ring: VecDeque::new(), first: 0, heads: vec![0; 1 << 10] }
    }
}

impl Postings {
    pub(super) fn chain(&self, fingerprint: u32) -> Option<Chain> {
        let newest = self.heads[self.slot(fingerprint)];
        let posting = self.alive(newest).filter(|posting| self.slot(posting.fingerprint) == self.slot(fingerprint))?;
        Some(Chain { length: posting.rank.saturating_add(1), newest, fingerprint })
    }

    /// The texts of a chain, newest first.
    pub(super) fn texts(&self, chain: Chain) -> impl Iterator<Item = Option<u32>> {
        let slot = self.slot(chain.fingerprint);
        let mut next = chain.newest;
        std::iter::from_fn(move || {
            let posting = self.alive(next).filter(|posting| self.slot(posting.fingerprint) == slot)?;
            next = posting.previous;
            Some((posting.fingerprint == chain.fingerprint).then_some(posting.text))
        })
    }

    pub(super) fn push(&mut self, fingerprint: u32, text: u32) {
        if self.ring.len() >= self.heads.len() {
            self.grow();
        }
        let posting = Posting { fingerprint, text, previous: 0, rank: 0 };
        let number = self.first.wrapping_add(self.ring.len() as u32);
        let posting = self.link(posting, number);
        self.ring.push_back(posting);
    }

    /// Drops the oldest postings.
    pub(super) fn pop(&mut self, count: usize) {
        self.ring.drain(..count.min(self.ring.len()));
        self.first = self.first.wrapping_add(count as u32);
    }

    pub(super) fn bytes(&self) -> usize {
        self.ring.capacity() * size_of::<Posting>() + self.heads.capacity() * size_of::<u32>()
    }

    fn slot(&self, fingerprint: u32) -> usize {
        fingerprint as usize & (self.heads.len() - 1)
    }

    fn alive(&self, number: u32) -> Option<&Posting> {
        self.ring.get(number.wrapping_sub(self.first) as usize)
    }

    fn link(&mut self, mut posting: Posting, number: u32) -> Posting {
        let slot = self.slot(posting.fingerprint);
        let before = self.alive(self.heads[slot]).filter(|before| self.slot(before.fingerprint) == slot);
        (posting.previous, posting.rank) = match before {
            Some(before) => (self.heads[slot], before.rank.saturating_add(1)),
            None => (self.first.wrapping_sub(1), 0),
        };
        self.heads[slot] = number;
        posting
    }

    fn grow(&mut self) {
        self.heads = vec![self.first.wrapping_sub(1); self.heads.len() * 2];
        for at in 0..self.ring.len() {
            let posting = self.link(self.ring[at], self.first.wrapping_add(at as u32));
            self.ring[at] = posting;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn texts(postings: &Postings, fingerprint: u32) -> Vec<u32> {
        postings.chain(fingerprint).into_iter().flat_map(|chain| postings.texts(chain)).flatten().collect()
    }

    #[test]
    fn a_chain_leads_from_the_newest_to_the_oldest_that_is_left() {
        let mut postings = Postings::default();
        for text in 0..5_000 {
            postings.push(text % 10, text);
            postings.push(1_000_000 + text, text);
        }
        assert_eq!(texts(&postings, 3)[..3], [4_993, 4_983, 4_973]);
        assert_eq!(texts(&postings, 3).len(), 500);
        assert_eq!(texts(&postings, 1_000_007), [7]);
        postings.pop(9_960);
        assert_eq!(texts(&postings, 3), [4_993, 4_983]);
        assert_eq!(texts(&postings, 1_000_007), [] as [u32; 0]);
        postings.pop(40);
        assert_eq!((postings.chain(3), texts(&postings, 3)), (None, vec![]));
        postings.push(3, 7_000);
        assert_eq!(texts(&postings, 3), [7_000]);
    }

    #[test]
    fn numbers_may_go_round() {
        let mut postings = Postings { first: u32::MAX - 20, ..Postings::default() };
        for text in 0..100 {
            postings.push(5, text);
        }
        assert_eq!(texts(&postings, 5), (0..100).rev().collect::<Vec<_>>());
        postings.pop(90);
        assert_eq!(texts(&postings, 5), (90..100).rev().collect::<Vec<_>>());
    }
}
