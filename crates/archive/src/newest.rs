//! The first so many of a slice's answers in some order.

use std::cmp::Reverse;
use std::collections::BinaryHeap;

use molva_domain::{MentionId, Timestamp};
use tantivy::query::Weight;
use tantivy::{DocSet as _, Searcher, SegmentReader, TERMINATED};

use crate::archive::{Hit, Order};
use crate::schema::{AT, ID, number_column};

/// What an answer is ranked by, the first one largest: the order asked for, then the time, then the id.
type Rank = (i128, i64, i64);

pub(crate) struct First {
    order: Order,
    limit: usize,
    /// The last of the first ones on top.
    best: BinaryHeap<Reverse<(Rank, i64)>>,
}

impl First {
    pub(crate) fn new(order: Order, limit: usize) -> Self {
        Self { order, limit, best: BinaryHeap::with_capacity(limit + 1) }
    }

    pub(crate) fn is_full(&self) -> bool {
        self.best.len() >= self.limit
    }

    pub(crate) fn read(&mut self, weight: &dyn Weight, searcher: &Searcher) -> tantivy::Result<()> {
        searcher.segment_readers().iter().try_for_each(|reader| self.read_segment(weight, reader))
    }

    /// A segment's posts stand newest first, so the newest are found without reading on.
    fn read_segment(&mut self, weight: &dyn Weight, reader: &SegmentReader) -> tantivy::Result<()> {
        let columns = reader.fast_fields();
        let (at, id) = (columns.column_first_or_default::<i64>(AT)?, columns.column_first_or_default::<i64>(ID)?);
        let number = match self.order {
            Order::Most(field) => columns.column_opt::<u64>(number_column(field))?,
            Order::Newest | Order::Oldest => None,
        };
        let mut scorer = weight.scorer(reader, 1.0)?;
        while scorer.doc() != TERMINATED {
            let doc = scorer.doc();
            if !reader.is_deleted(doc) {
                let (at, id) = (at.get_val(doc), id.get_val(doc));
                let rank = match self.order {
                    Order::Newest => (0, at, id),
                    Order::Oldest => (0, -at, -id),
                    Order::Most(_) => {
                        let number = number.as_ref().and_then(|column| column.first(doc));
                        (number.map_or(-1, i128::from), at, id)
                    }
                };
                let last = self.best.peek().map(|Reverse((rank, _))| *rank);
                if !self.is_full() {
                    self.best.push(Reverse((rank, id)));
                } else if last.is_some_and(|last| rank > last) {
                    self.best.push(Reverse((rank, id)));
                    self.best.pop();
                } else if self.order == Order::Newest && last.is_some_and(|last| at < last.1) {
                    break;
                }
            }
            scorer.advance();
        }
        Ok(())
    }

    pub(crate) fn hits(self) -> Vec<Hit> {
        let order = self.order;
        let hit = |Reverse(((_, at, _), id)): Reverse<(Rank, i64)>| Hit {
            id: MentionId(id),
            at: Timestamp::from_micros(if order == Order::Oldest { -at } else { at }),
        };
        self.best.into_sorted_vec().into_iter().map(hit).collect()
    }
}
