//! The posts that hold any of some terms, without looking further ahead than a window of posts.

use tantivy::postings::SegmentPostings;
use tantivy::{DocId, DocSet, TERMINATED};

const WORDS: usize = 64;
const WINDOW: u32 = (WORDS * 64) as u32;

pub(crate) struct Union {
    postings: Vec<SegmentPostings>,
    /// Posts from `start` on that hold one of the terms. The terms themselves stand behind the window.
    window: Box<[u64; WORDS]>,
    start: DocId,
    doc: DocId,
    most: u32,
}

impl Union {
    pub(crate) fn new(postings: Vec<SegmentPostings>) -> Self {
        let most = postings.iter().map(DocSet::size_hint).fold(0, u32::saturating_add);
        let mut union = Self { postings, window: Box::new([0; WORDS]), start: 0, doc: 0, most };
        union.doc = union.fill();
        union
    }

    /// Reads the next window; gives the first post in it.
    fn fill(&mut self) -> DocId {
        self.postings.retain(|postings| postings.doc() != TERMINATED);
        let Some(start) = self.postings.iter().map(DocSet::doc).min() else { return TERMINATED };
        self.start = start;
        self.window.fill(0);
        let end = start.saturating_add(WINDOW).min(TERMINATED);
        for postings in &mut self.postings {
            let mut doc = postings.doc();
            while doc < end {
                let at = doc - start;
                self.window[(at / 64) as usize] |= 1 << (at % 64);
                doc = postings.advance();
            }
        }
        start
    }

    /// The first post of the window at `doc` or behind it.
    fn in_window(&self, doc: DocId) -> Option<DocId> {
        let at = doc - self.start;
        let mut word = (at / 64) as usize;
        let mut bits = self.window.get(word)? & (u64::MAX << (at % 64));
        while bits == 0 {
            word += 1;
            bits = *self.window.get(word)?;
        }
        Some(self.start + word as u32 * 64 + bits.trailing_zeros())
    }
}

impl DocSet for Union {
    fn advance(&mut self) -> DocId {
        if self.doc != TERMINATED {
            self.doc = match self.in_window(self.doc + 1) {
                Some(doc) => doc,
                None => self.fill(),
            };
        }
        self.doc
    }

    fn seek(&mut self, target: DocId) -> DocId {
        if target <= self.doc {
            return self.doc;
        }
        if target >= TERMINATED {
            self.doc = TERMINATED;
            return self.doc;
        }
        self.doc = match self.in_window(target) {
            Some(doc) => doc,
            None => {
                for postings in self.postings.iter_mut().filter(|postings| postings.doc() < target) {
                    postings.seek(target);
                }
                self.fill()
            }
        };
        self.doc
    }

    fn doc(&self) -> DocId {
        self.doc
    }

    fn size_hint(&self) -> u32 {
        self.most
    }

    fn cost(&self) -> u64 {
        u64::from(self.most) + self.postings.len() as u64
    }
}
