//! Figures of a set of mentions: totals, buckets of time, values of facets, authors.

mod authors;
mod count;
mod facets;
mod sum;

use molva_query::Query;

use crate::archive::Archive;
use crate::ask::{Ask, Cells, Figures, Filter};
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
        let selection = Selection::new(&self.inner.fields, query.map(Query::expr), filter);
        let mut parts: Vec<Part> = Vec::with_capacity(shelves.len());
        for (slice, shelf) in &shelves {
            let searcher = shelf.reader.searcher();
            parts.push(count::slice(&selection, &searcher, ask).map_err(Error::engine("count", *slice))?);
        }
        Ok(sum::figures(ask, parts.iter(), missing))
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
