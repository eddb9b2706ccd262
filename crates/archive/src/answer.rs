//! Searching and counting over the slices that a filter reaches.

use std::ops::ControlFlow;

use molva_query::Query;
use molva_query::syntax::Expr;

use crate::archive::Archive;
use crate::ask::{Counted, Filter, Found, Order, Position};
use crate::error::Error;
use crate::newest::First;
use crate::relevance::Relevance;
use crate::select::Selection;
use crate::slice::{Shelf, Slice};

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
        let mut first = First::new(order, after.copied(), limit.min(Self::MAX_HITS), relevance);
        if limit > 0 {
            let selection = Selection::new(&self.inner.fields, query, filter);
            shelves.retain(|(slice, _)| first.may_hold(*slice));
            for (slice, shelf) in &shelves {
                first.read(&selection, &shelf.reader.searcher()).map_err(Error::engine("search", *slice))?;
                if first.is_full() && matches!(order, Order::Newest | Order::Oldest) {
                    break;
                }
            }
        }
        Ok(Found { hits: first.hits(), missing })
    }

    /// How many mentions answer.
    ///
    /// # Errors
    /// When an index cannot be read.
    pub fn count(&self, query: Option<&Query>, filter: &Filter) -> Result<Counted, Error> {
        let (shelves, missing) = self.asked(filter);
        let selection = Selection::new(&self.inner.fields, query.map(Query::expr), filter);
        let mut mentions = 0;
        for (slice, shelf) in shelves {
            mentions += count_slice(&selection, &shelf).map_err(Error::engine("count", slice))?;
        }
        Ok(Counted { mentions, missing })
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

fn count_slice(selection: &Selection, shelf: &Shelf) -> tantivy::Result<u64> {
    let searcher = shelf.reader.searcher();
    let selected = selection.in_slice(&searcher)?;
    let mut mentions = 0;
    for reader in searcher.segment_readers() {
        selected.each_block(reader, 0, |docs| {
            mentions += docs.len() as u64;
            ControlFlow::Continue(())
        })?;
    }
    Ok(mentions)
}
