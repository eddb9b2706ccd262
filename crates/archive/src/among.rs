//! Which of some mentions a question is about.

use std::hash::Hash as _;
use std::ops::ControlFlow;

use molva_domain::MentionId;
use molva_query::Query;
use tantivy::Searcher;

use crate::archive::Archive;
use crate::ask::Filter;
use crate::cache::{Kept, Print};
use crate::error::Error;
use crate::schema::ID;
use crate::select::Selection;

/// Those of a slice.
struct AmongPart(Box<[i64]>);

impl Kept for AmongPart {
    fn bytes(&self) -> usize {
        size_of::<Self>() + size_of_val(&*self.0)
    }
}

impl Archive {
    /// Those of `ids` that answer, ascending. Takes as long as looking for some thousands of them, however many others answer.
    ///
    /// # Errors
    /// When an index cannot be read.
    pub fn among(&self, query: Option<&Query>, filter: &Filter, ids: &[MentionId]) -> Result<Vec<MentionId>, Error> {
        if ids.is_empty() {
            return Ok(Vec::new());
        }
        let (shelves, _) = self.asked(filter);
        let query = query.map(Query::expr);
        let selection = Selection::new(&self.inner.fields, query, filter).among(&self.inner.fields, ids);
        let mut base = Print::of("among", query, &self.inner.fields.topics);
        ids.hash(&mut base);
        let of_slice = |_, searcher: &Searcher| among_slice(&selection, searcher);
        let parts = self.of_slices("find", &shelves, filter, &base, |_, _| {}, of_slice)?;
        let mut found: Vec<MentionId> =
            parts.iter().flat_map(|part| part.answer.0.iter().copied().map(MentionId)).collect();
        found.sort_unstable();
        Ok(found)
    }
}

fn among_slice(selection: &Selection, searcher: &Searcher) -> tantivy::Result<AmongPart> {
    let selected = selection.in_slice(searcher)?;
    let (mut found, mut ids) = (Vec::new(), Vec::new());
    for reader in searcher.segment_readers() {
        let column = reader.fast_fields().column_first_or_default::<i64>(ID)?;
        selected.each_block(reader, 0, |docs| {
            ids.resize(docs.len(), 0);
            column.get_vals(docs, &mut ids);
            found.extend_from_slice(&ids);
            ControlFlow::Continue(())
        })?;
    }
    Ok(AmongPart(found.into()))
}
