//! Figures of a set of mentions: totals, buckets of time, values of facets, authors.

mod authors;
mod count;
mod facets;
mod sum;
mod within;

use std::hash::Hash as _;
use std::sync::Arc;

use molva_query::Query;

use self::within::{first_edge, within};
use crate::archive::Archive;
use crate::ask::{Ask, Cells, Figures, Filter};
use crate::cache::Print;
use crate::error::Error;
use crate::select::Selection;
use crate::tally::Part;

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
        let numbered: Vec<(usize, &Part)> =
            parts.iter().map(|part| (first_edge(ask, part.slice), &*part.answer)).collect();
        // What is mostly changing are the latest mentions: the months before them are added up once.
        let (Some((_, earlier)), Some((latest, before))) = (parts.split_last(), numbered.split_last()) else {
            return Ok(sum::figures(ask, &Part::default(), missing));
        };
        if earlier.len() < 2 {
            return Ok(sum::figures(ask, &sum::merge(&numbered), missing));
        }
        let mut print = Print::of("sum", None, &self.inner.fields.topics);
        for part in earlier {
            part.print.add_to(&mut print);
        }
        numbered.iter().for_each(|(edge, _)| (*edge).hash(&mut print));
        let cache = &self.inner.fields.cache;
        let sum = cache.get(&print).unwrap_or_else(|| {
            let sum = Arc::new(sum::merge(before));
            cache.put(&print, &sum);
            sum
        });
        Ok(sum::figures(ask, &sum::merge(&[(0, &sum), *latest]), missing))
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
