//! Which texts share a fingerprint: chains from the newest to the oldest, in one ring.
//!
//! A slot of `heads` knows the newest posting of all fingerprints that fall into it; each posting knows the one before it.
//! Old postings leave at the end of the ring, and a chain ends where it reaches one that has left: nothing is searched for
//! and nothing is moved when a text is forgotten. The ring is larger than the processor's caches: what can be told from the
//! head of a slot is, and chains are walked side by side, so that the memory is waited for once for all of them.

use std::collections::VecDeque;

#[derive(Clone, Copy, Debug)]
struct Posting {
    fingerprint: u32,
    /// Number of the text.
    text: u32,
    /// Number of the posting before this one in the slot; it may have left the ring.
    previous: u32,
}

#[derive(Clone, Copy, Debug)]
struct Head {
    /// Number of the newest posting of the slot; it may have left the ring.
    newest: u32,
    /// How many postings of the slot are in the ring, or were when a newer one came.
    length: u16,
    /// The upper half of the newest one's fingerprint.
    tag: u16,
}

#[derive(Debug)]
pub(super) struct Postings {
    ring: VecDeque<Posting>,
    /// Number of the oldest posting in the ring; numbers go round.
    first: u32,
    heads: Vec<Head>,
}

/// Where the chain of a fingerprint begins.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Chain {
    /// At most so many texts are in it.
    length: u16,
    newest: u32,
    fingerprint: u32,
    /// Nothing in it is of the fingerprint.
    foreign: bool,
}

/// A chain that is being walked.
#[derive(Clone, Copy, Debug)]
pub(super) struct Walk {
    next: u32,
    fingerprint: u32,
    left: u16,
}

impl Default for Postings {
    fn default() -> Self {
        Self { ring: VecDeque::new(), first: 0, heads: vec![Head::EMPTY; 1 << 10] }
    }
}

impl Head {
    const EMPTY: Self = Self { newest: 0, length: 0, tag: 0 };
}

impl Postings {
    pub(super) fn chain(&self, fingerprint: u32) -> Option<Chain> {
        let Head { newest, length, tag } = self.heads[self.slot(fingerprint)];
        if length == 0 || !self.is_alive(newest) {
            return None;
        }
        Some(Chain { length, newest, fingerprint, foreign: length == 1 && tag != tag_of(fingerprint) })
    }

    /// Tells the texts of chains: of each the newest `most_of_one`, `most` altogether, those of the first ones before.
    pub(super) fn walk(
        &self,
        chains: &[Chain],
        (most_of_one, most): (u16, usize),
        walks: &mut Vec<Walk>,
        mut hit: impl FnMut(u32),
    ) {
        walks.clear();
        let (mut chains, mut left) = (chains.iter(), most);
        loop {
            while left > 0
                && let Some(chain) = chains.next()
            {
                let steps = usize::from(chain.length.min(most_of_one)).min(left);
                left -= steps;
                if !chain.foreign {
                    walks.push(Walk { next: chain.newest, fingerprint: chain.fingerprint, left: steps as u16 });
                }
            }
            if walks.is_empty() {
                return;
            }
            walks.retain_mut(|walk| {
                let Some(posting) = self.alive(walk.next) else {
                    // The rest of it has left the ring: others may have its steps.
                    left += usize::from(walk.left);
                    return false;
                };
                if posting.fingerprint == walk.fingerprint {
                    hit(posting.text);
                }
                walk.next = posting.previous;
                walk.left -= 1;
                walk.left > 0
            });
        }
    }

    pub(super) fn push(&mut self, fingerprint: u32, text: u32) {
        if self.ring.len() >= self.heads.len() {
            self.grow();
        }
        let number = self.first.wrapping_add(self.ring.len() as u32);
        let previous = self.link(fingerprint, number);
        self.ring.push_back(Posting { fingerprint, text, previous });
    }

    /// Drops the oldest postings.
    pub(super) fn pop(&mut self, count: usize) {
        self.ring.drain(..count.min(self.ring.len()));
        self.first = self.first.wrapping_add(count as u32);
    }

    pub(super) fn bytes(&self) -> usize {
        self.ring.capacity() * size_of::<Posting>() + self.heads.capacity() * size_of::<Head>()
    }

    fn slot(&self, fingerprint: u32) -> usize {
        fingerprint as usize & (self.heads.len() - 1)
    }

    fn is_alive(&self, number: u32) -> bool {
        (number.wrapping_sub(self.first) as usize) < self.ring.len()
    }

    fn alive(&self, number: u32) -> Option<&Posting> {
        self.ring.get(number.wrapping_sub(self.first) as usize)
    }

    /// Makes a posting the newest of its slot; gives the number of the one before it, or of none.
    fn link(&mut self, fingerprint: u32, number: u32) -> u32 {
        let slot = self.slot(fingerprint);
        let Head { newest, length, .. } = self.heads[slot];
        let (previous, before) = if length > 0 && self.is_before(newest, number) {
            (newest, length)
        } else {
            (self.first.wrapping_sub(1), 0)
        };
        self.heads[slot] = Head { newest: number, length: before.saturating_add(1), tag: tag_of(fingerprint) };
        previous
    }

    /// Whether a posting is in the ring and came before another.
    fn is_before(&self, one: u32, other: u32) -> bool {
        one.wrapping_sub(self.first) < other.wrapping_sub(self.first)
    }

    fn grow(&mut self) {
        self.heads = vec![Head::EMPTY; self.heads.len() * 2];
        for at in 0..self.ring.len() {
            let number = self.first.wrapping_add(at as u32);
            self.ring[at].previous = self.link(self.ring[at].fingerprint, number);
        }
    }
}

const fn tag_of(fingerprint: u32) -> u16 {
    (fingerprint >> 16) as u16
}

#[cfg(test)]
mod tests {
    use super::*;

    fn texts(postings: &Postings, fingerprint: u32) -> Vec<u32> {
        let mut texts = Vec::new();
        let chains: Vec<Chain> = postings.chain(fingerprint).into_iter().collect();
        postings.walk(&chains, (u16::MAX, usize::MAX), &mut Vec::new(), |text| texts.push(text));
        texts
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
