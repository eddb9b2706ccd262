//! The first so many of a slice's answers in some order.

use std::cmp::Reverse;
use std::collections::BinaryHeap;
use std::ops::ControlFlow;

use molva_domain::{MentionId, Timestamp};
use tantivy::{Searcher, SegmentReader};

use crate::ask::{Hit, Order, Position};
use crate::narrow::first_that;
use crate::relevance::Relevance;
use crate::schema::{AT, ID, number_column};
use crate::select::{Selected, Selection};
use crate::slice::Slice;

pub(crate) struct First {
    order: Order,
    /// Only what comes behind it.
    after: Option<Position>,
    limit: usize,
    /// The last of the first ones on top.
    best: BinaryHeap<Reverse<Position>>,
}

impl First {
    pub(crate) fn new(order: Order, after: Option<Position>, limit: usize) -> Self {
        Self { order, after, limit, best: BinaryHeap::with_capacity(limit + 1) }
    }

    pub(crate) fn is_full(&self) -> bool {
        self.best.len() >= self.limit
    }

    pub(crate) fn found(&self) -> usize {
        self.best.len()
    }

    /// The first ones of both.
    pub(crate) fn take(&mut self, other: Self) {
        for position in other.best {
            self.put(position.0);
        }
    }

    /// Whether something of the slice may come behind what was shown before.
    pub(crate) fn may_hold(&self, slice: Slice) -> bool {
        match (self.after, self.order) {
            (Some(after), Order::Newest) => slice <= Slice::of(Timestamp::from_micros(after.at)),
            (Some(after), Order::Oldest) => slice >= Slice::of(Timestamp::from_micros(after.at.saturating_neg())),
            _ => true,
        }
    }

    pub(crate) fn read(
        &mut self,
        selection: &Selection,
        relevance: Option<&Relevance>,
        searcher: &Searcher,
    ) -> tantivy::Result<()> {
        let selected = selection.in_slice(searcher)?;
        searcher.segment_readers().iter().try_for_each(|reader| self.read_segment(&selected, relevance, reader))
    }

    /// A segment's posts stand newest first, so the newest are found without reading on.
    fn read_segment(
        &mut self,
        selected: &Selected<'_>,
        relevance: Option<&Relevance>,
        reader: &SegmentReader,
    ) -> tantivy::Result<()> {
        let columns = reader.fast_fields();
        let (at, id) = (columns.column_first_or_default::<i64>(AT)?, columns.column_first_or_default::<i64>(ID)?);
        let number = match self.order {
            Order::Most(field) => columns.column_opt::<u64>(number_column(field))?,
            _ => None,
        };
        let mut scores = match relevance {
            Some(relevance) => Some(relevance.in_segment(reader)?),
            None => None,
        };
        let first = match (self.after, self.order) {
            (Some(after), Order::Newest) => first_that(reader.max_doc(), |doc| at.get_val(doc) <= after.at),
            _ => 0,
        };
        let mut numbers = Vec::new();
        selected.each_block(reader, first, |docs| {
            numbers.clear();
            numbers.resize(docs.len(), None);
            if let Some(column) = &number {
                column.first_vals(docs, &mut numbers);
            }
            for (doc, number) in docs.iter().zip(&numbers) {
                let number = match (self.order, &mut scores) {
                    (Order::Most(_), _) => number.map_or(-1, i128::from),
                    (Order::Relevance, Some(scores)) => i128::from(scores.score(*doc)),
                    _ => 0,
                };
                if self.is_full() && self.last().is_some_and(|last| number < last.number) {
                    continue;
                }
                let (at, id) = (at.get_val(*doc), id.get_val(*doc));
                let position = match self.order {
                    Order::Oldest => Position { number, at: at.saturating_neg(), id: id.saturating_neg() },
                    _ => Position { number, at, id },
                };
                if self.after.is_some_and(|after| position >= after) {
                    continue;
                }
                if !self.put(position) && self.order == Order::Newest && self.last().is_some_and(|last| at < last.at) {
                    return ControlFlow::Break(());
                }
            }
            ControlFlow::Continue(())
        })
    }

    fn last(&self) -> Option<Position> {
        self.best.peek().map(|Reverse(last)| *last)
    }

    /// Whether it is among the first ones as far as is known.
    fn put(&mut self, position: Position) -> bool {
        let full = self.is_full();
        let is_first = !full || self.last().is_some_and(|last| position > last);
        if is_first {
            self.best.push(Reverse(position));
            if full {
                self.best.pop();
            }
        }
        is_first
    }

    pub(crate) fn hits(self) -> Vec<Hit> {
        let oldest = self.order == Order::Oldest;
        let hit = |Reverse(position): Reverse<Position>| Hit {
            id: MentionId(if oldest { position.id.saturating_neg() } else { position.id }),
            at: Timestamp::from_micros(if oldest { position.at.saturating_neg() } else { position.at }),
            position,
        };
        self.best.into_sorted_vec().into_iter().map(hit).collect()
    }
}
