//! Figures of a set of mentions: totals, buckets of time, values of facets, authors.

mod authors;
mod count;
mod facets;
mod sum;
mod within;

use std::hash::Hash as _;

use molva_query::Query;

use self::within::within;
use crate::archive::Archive;
use crate::ask::{Ask, Cells, Figures, Filter};
use crate::cache::Print;
use crate::error::Error;
use crate::select::Selection;

impl Archive {
    /// Figures of the mentions that answer; without a query all that pass the filter.
    ///
    /// # Errors
    /// [`Error::Question`] when edges do not ascend or something is asked for that is too large; when an index cannot be read.
    pub fn figures(&self, query: Option<&Query>, filter: &Filter, ask: &Ask) -> Result<Figures, Error> {
        check(ask)?;
        let (shelves, missing) = self.asked(filter);
        let query = query.map(Query::expr);
        let selection = Selection::new(&self.inner.fields, query, filter);
        let base = Print::of("figures", query, &self.inner.fields.topics);
        let parts = self.of_slices(
            "count",
            &shelves,
            filter,
            &base,
            |slice, print| within(ask, slice).hash(print),
            |slice, searcher| count::slice(&selection, searcher, &within(ask, slice)),
        )?;
        let parts: Vec<_> = shelves.iter().zip(&parts).map(|((slice, _), (_, part))| (*slice, &**part)).collect();
        Ok(sum::figures(ask, &parts, missing))
    }
}

fn check(ask: &Ask) -> Result<(), Error> {
    let reason = if ask.edges.len() > Ask::MAX_EDGES {
        "there are too many buckets of time"
    } else if !ask.edges.is_sorted() {
        "the edges of the buckets do not ascend"
    } else if let Some(cells) = &ask.cells
        && (cells.slot.as_micros() == 0 || cells.cell_of_slot.len() > Ask::MAX_SLOTS)
    {
        "the slots of the cells have no length, or are too many"
    } else if let Some(cells) = &ask.cells
        && cells.cell_of_slot.iter().any(|cell| usize::from(*cell) >= Cells::COUNT)
    {
        "a slot has a cell that does not exist"
    } else {
        return Ok(());
    };
    Err(Error::Question { reason })
}
