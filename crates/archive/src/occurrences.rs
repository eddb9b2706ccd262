//! Where the words meant by a part of a query stand, post by post.

use std::cmp::Reverse;
use std::collections::BinaryHeap;
use std::io;

use molva_query::places::settle;
use molva_query::reference::Place;
use molva_query::syntax::WordTest;
use tantivy::postings::{Postings, SegmentPostings};
use tantivy::schema::IndexRecordOption;
use tantivy::{DocId, DocSet, InvertedIndexReader, TERMINATED};

use crate::tokens::Stand;
use crate::words::meant;

pub(crate) struct Occurrences {
    terms: Vec<Term>,
    /// The post each term has come to, by number of the term; those that have ended are gone.
    heap: BinaryHeap<Reverse<(DocId, u32)>>,
    /// Scratch of `places`.
    here: Vec<u32>,
    packed: Vec<u32>,
    most: u32,
}

struct Term {
    postings: SegmentPostings,
    plain_only: bool,
    more: Option<u32>,
}

impl Occurrences {
    pub(crate) fn new(tests: &[WordTest], inverted: &InvertedIndexReader) -> io::Result<Self> {
        let mut terms = Vec::new();
        for one in meant(tests, inverted)? {
            let postings = inverted.read_postings_from_terminfo(&one.info, IndexRecordOption::WithFreqsAndPositions)?;
            terms.push(Term { postings, plain_only: one.plain_only, more: one.more });
        }
        let heap = terms.iter().zip(0..).map(|(term, number)| Reverse((term.postings.doc(), number)));
        let heap = heap.filter(|Reverse((doc, _))| *doc != TERMINATED).collect();
        let most = terms.iter().map(|term| term.postings.size_hint()).fold(0, u32::saturating_add);
        Ok(Self { terms, heap, here: Vec::new(), packed: Vec::new(), most })
    }

    /// Posts at most.
    pub(crate) const fn most(&self) -> u32 {
        self.most
    }

    /// The first post at `target` or behind it that holds one of the words.
    pub(crate) fn seek(&mut self, target: DocId) -> DocId {
        while let Some(mut top) = self.heap.peek_mut() {
            let Reverse((doc, number)) = *top;
            if doc >= target {
                return doc;
            }
            let next = self.terms[number as usize].postings.seek(target);
            if next == TERMINATED {
                std::collections::binary_heap::PeekMut::pop(top);
            } else {
                *top = Reverse((next, number));
            }
        }
        TERMINATED
    }

    /// Where the words stand in this post, which is not before the last one asked for.
    pub(crate) fn places(&mut self, doc: DocId) -> Vec<Place> {
        self.seek(doc);
        self.here.clear();
        while let Some(Reverse((at, number))) = self.heap.peek().copied()
            && at == doc
        {
            self.heap.pop();
            self.here.push(number);
        }
        let mut places = Vec::new();
        for number in &self.here {
            self.heap.push(Reverse((doc, *number)));
            let term = &mut self.terms[*number as usize];
            term.postings.positions(&mut self.packed);
            let stands = self.packed.iter().map(|packed| Stand::unpack(*packed));
            let wanted = stands.filter(|stand| stand.plain || !term.plain_only);
            places.extend(wanted.map(|stand| (stand.first, stand.first + term.more.unwrap_or(stand.more))));
        }
        settle(&mut places);
        places
    }
}
