//! Counts mentions by author, told apart by the hash of the author's key.

use tantivy::columnar::Column;
use tantivy::{DocId, SegmentReader};

use super::count::{Block, Columns};
use crate::facet::tone_code;
use crate::schema::AUTHOR;
use crate::tally::{AuthorTally, AuthorsPart, Map};

#[derive(Default)]
pub(super) struct AuthorCounter {
    column: Option<Column<u64>>,
    /// Segments opened so far.
    segments: u32,
    /// With the last segment each was met in.
    values: Map<u64, (u32, AuthorTally)>,
    hashes: Vec<Option<u64>>,
    without: u64,
}

impl AuthorCounter {
    /// Goes on with another segment of the slice.
    pub(super) fn open(&mut self, reader: &SegmentReader) -> tantivy::Result<()> {
        self.column = reader.fast_fields().column_opt::<u64>(AUTHOR)?;
        self.segments += 1;
        Ok(())
    }

    pub(super) fn count(&mut self, docs: &[DocId], columns: &Columns, block: &mut Block) {
        let Some(column) = &self.column else {
            self.without += docs.len() as u64;
            return;
        };
        self.hashes.clear();
        self.hashes.resize(docs.len(), None);
        column.first_vals(docs, &mut self.hashes);
        for (index, hash) in self.hashes.iter().enumerate() {
            let Some(hash) = hash else {
                self.without += 1;
                continue;
            };
            let (segment, author) = self.values.entry(*hash).or_insert((0, AuthorTally::NONE));
            let followers = block.followers[index];
            author.see(followers);
            author.tally.mentions += 1;
            author.tally.tones[tone_code(block.marks[index]) as usize] += 1;
            author.tally.reach = author.tally.reach.saturating_add(followers.unwrap_or(0));
            if *segment != self.segments {
                // The first of a segment is its newest.
                *segment = self.segments;
                author.tally.newest = author.tally.newest.max(columns.moment(docs[index]));
            }
        }
    }

    pub(super) fn finish(self) -> AuthorsPart {
        AuthorsPart::of(self.values.iter().map(|(hash, (_, author))| (*hash, *author)), self.without)
    }
}
