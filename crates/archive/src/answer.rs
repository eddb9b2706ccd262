//! Searching and counting over the slices that a filter reaches.

use std::ops::ControlFlow;
use std::sync::atomic::{AtomicUsize, Ordering};

use molva_query::Query;
use molva_query::syntax::Expr;
use tantivy::Searcher;

use crate::archive::Archive;
use crate::ask::{Counted, Filter, Found, Order, Position};
use crate::cache::Print;
use crate::error::Error;
use crate::newest::First;
use crate::relevance::Relevance;
use crate::select::Selection;
use crate::share::share;
use crate::slice::{Shelf, Slice};

/// Slices that a search by time reads on its own thread, before others help.
const ALONE: usize = 3;

impl Archive {
    /// Most hits of one search.
    pub const MAX_HITS: usize = 10_000;

    /// The first `limit` mentions that answer, at most [`Archive::MAX_HITS`]; those behind `after` when it is given, which is
    /// the position of a hit in the same order. Without a query every mention answers.
    ///
    /// # Errors
    /// When an index cannot be read.
    pub fn search(
        &self,
        query: Option<&Query>,
        filter: &Filter,
        order: Order,
        after: Option<&Position>,
        limit: usize,
    ) -> Result<Found, Error> {
        self.search_for(query.map(Query::expr), filter, order, after, limit)
    }

    pub(crate) fn search_for(
        &self,
        query: Option<&Expr>,
        filter: &Filter,
        order: Order,
        after: Option<&Position>,
        limit: usize,
    ) -> Result<Found, Error> {
        let (mut shelves, missing) = self.asked(filter);
        if order != Order::Oldest {
            shelves.reverse();
        }
        let relevance = match (order, query) {
            (Order::Relevance, Some(query)) => Some(Relevance::new(&self.inner.fields, query, &shelves)?),
            _ => None,
        };
        let limit = limit.min(Self::MAX_HITS);
        let mut first = First::new(order, after.copied(), limit);
        if limit > 0 {
            let selection = Selection::new(&self.inner.fields, query, filter);
            shelves.retain(|(slice, _)| first.may_hold(*slice));
            let by_time = matches!(order, Order::Newest | Order::Oldest);
            let read = |first: &mut First, number: usize| {
                let (slice, shelf) = &shelves[number];
                let searcher = shelf.reader.searcher();
                first.read(&selection, relevance.as_ref(), &searcher).map_err(Error::engine("search", *slice))
            };
            // Mostly a few slices are enough, and threads would take longer to begin.
            let alone = if by_time { ALONE.min(shelves.len()) } else { 0 };
            for number in 0..alone {
                read(&mut first, number)?;
                if first.is_full() {
                    return Ok(Found { hits: first.hits(), missing });
                }
            }
            let found = AtomicUsize::new(first.found());
            let others = share(
                shelves.len() - alone,
                || First::new(order, after.copied(), limit),
                |own, piece| {
                    let before = own.found();
                    read(own, alone + piece)?;
                    let more = own.found() - before;
                    let enough = found.fetch_add(more, Ordering::Relaxed) + more >= limit;
                    // Everything that was begun comes before everything that was not.
                    Ok(if by_time && enough { ControlFlow::Break(()) } else { ControlFlow::Continue(()) })
                },
            )?;
            others.into_iter().for_each(|other| first.take(other));
        }
        Ok(Found { hits: first.hits(), missing })
    }

    /// How many mentions answer.
    ///
    /// # Errors
    /// When an index cannot be read.
    pub fn count(&self, query: Option<&Query>, filter: &Filter) -> Result<Counted, Error> {
        let (shelves, missing) = self.asked(filter);
        let query = query.map(Query::expr);
        let selection = Selection::new(&self.inner.fields, query, filter);
        let base = Print::of("count", query, &self.inner.fields.topics);
        let count = |_, searcher: &Searcher| count_slice(&selection, searcher);
        let counts = self.of_slices("count", &shelves, filter, &base, |_, _| {}, count)?;
        Ok(Counted { mentions: counts.iter().map(|count| *count.answer).sum(), missing })
    }

    /// The slices a filter reaches, oldest first, and those of them that are damaged.
    pub(crate) fn asked(&self, filter: &Filter) -> (Vec<(Slice, Shelf)>, Vec<Slice>) {
        let first = filter.from.map(Slice::of);
        let last = filter.before.map(Slice::of);
        let reached =
            |slice: &Slice| first.is_none_or(|first| first <= *slice) && last.is_none_or(|last| *slice <= last);
        let state = self.inner.read();
        let shelves = state.shelves.iter().filter(|(slice, _)| reached(slice));
        let shelves = shelves.map(|(slice, shelf)| (*slice, shelf.clone())).collect();
        (shelves, state.damaged.keys().copied().filter(reached).collect())
    }
}

fn count_slice(selection: &Selection, searcher: &Searcher) -> tantivy::Result<u64> {
    let selected = selection.in_slice(searcher)?;
    let mut mentions = 0;
    for reader in searcher.segment_readers() {
        selected.each_block(reader, 0, |docs| {
            mentions += docs.len() as u64;
            ControlFlow::Continue(())
        })?;
    }
    Ok(mentions)
}
