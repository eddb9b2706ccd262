//! An evenly spread sample of a set of mentions.

use std::ops::ControlFlow;

use molva_domain::MentionId;
use molva_query::Query;

use crate::archive::Archive;
use crate::ask::{Filter, Sampled};
use crate::error::Error;
use crate::schema::ID;
use crate::select::Selection;

impl Archive {
    /// Every n-th of the mentions that answer, month by month from the newest on, so that the sample is at most `size` of them
    /// and as evenly spread as can be; all of them when they are no more. The same set gives the same sample.
    ///
    /// # Errors
    /// When an index cannot be read.
    pub fn sample(&self, query: Option<&Query>, filter: &Filter, size: usize) -> Result<Sampled, Error> {
        let size = size.min(Self::MAX_HITS) as u64;
        let counted = self.count(query, filter)?;
        let of = counted.mentions;
        let (mut shelves, missing) = self.asked(filter);
        shelves.reverse();
        let selection = Selection::new(&self.inner.fields, query.map(Query::expr), filter);
        let (mut ids, mut seen) = (Vec::new(), 0_u64);
        // The k-th of the sample is the mention of number k * of / size, so the steps differ by one at most.
        let number = |taken: usize| (taken as u64).saturating_mul(of.max(size)) / size.max(1);
        for (slice, shelf) in shelves.iter().filter(|_| size > 0) {
            let searcher = shelf.reader.searcher();
            let mut read = || -> tantivy::Result<()> {
                let selected = selection.in_slice(&searcher)?;
                for reader in searcher.segment_readers() {
                    let column = reader.fast_fields().column_first_or_default::<i64>(ID)?;
                    selected.each_block(reader, 0, |docs| {
                        while (ids.len() as u64) < size
                            && let Some(doc) = docs.get((number(ids.len()) - seen) as usize)
                        {
                            ids.push(MentionId(column.get_val(*doc)));
                        }
                        seen += docs.len() as u64;
                        ControlFlow::Continue(())
                    })?;
                }
                Ok(())
            };
            read().map_err(Error::engine("sample", *slice))?;
        }
        Ok(Sampled { ids, of, missing })
    }
}
