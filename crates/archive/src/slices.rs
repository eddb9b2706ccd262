//! One question put to every slice it reaches: kept answers are taken, the others are worked out side by side.

use std::ops::ControlFlow;
use std::sync::Arc;

use tantivy::Searcher;

use crate::archive::Archive;
use crate::ask::Filter;
use crate::cache::{Kept, Print};
use crate::error::Error;
use crate::share::share;
use crate::slice::{Shelf, Slice};

/// The answer of a slice.
pub(crate) struct Answered<T> {
    pub(crate) slice: Slice,
    /// What it was read from.
    pub(crate) searcher: Searcher,
    pub(crate) print: Print,
    pub(crate) answer: Arc<T>,
}

impl Archive {
    /// How many bytes answers of single slices may take that are kept for the next time; 192 MB when nothing is said.
    pub fn keep_answers(&self, bytes: usize) {
        self.inner.fields.cache.resize(bytes);
    }

    /// The answers of the slices, in their order. `print` adds to the print of a slice what else the question is about.
    pub(crate) fn of_slices<T: Kept>(
        &self,
        what: &'static str,
        shelves: &[(Slice, Shelf)],
        filter: &Filter,
        base: &Print,
        print: impl Fn(Slice, &mut Print),
        answer: impl Fn(Slice, &Searcher) -> tantivy::Result<T> + Sync,
    ) -> Result<Vec<Answered<T>>, Error> {
        let asked: Vec<(Slice, Searcher, Print)> = shelves
            .iter()
            .map(|(slice, shelf)| {
                let searcher = shelf.reader.searcher();
                let mut own = base.of_slice(*slice, &searcher, filter);
                print(*slice, &mut own);
                (*slice, searcher, own)
            })
            .collect();
        let mut answers: Vec<Option<Arc<T>>> =
            asked.iter().map(|(.., print)| self.inner.fields.cache.get(print)).collect();
        let unknown: Vec<usize> = (0..asked.len()).filter(|number| answers[*number].is_none()).collect();
        let found = share(unknown.len(), Vec::new, |own, piece| {
            let (slice, searcher, print) = &asked[unknown[piece]];
            let answer = Arc::new(answer(*slice, searcher).map_err(Error::engine(what, *slice))?);
            self.inner.fields.cache.put(print, &answer);
            own.push((unknown[piece], answer));
            Ok(ControlFlow::Continue(()))
        })?;
        for (number, answer) in found.into_iter().flatten() {
            answers[number] = Some(answer);
        }
        let answered = asked.into_iter().zip(answers.into_iter().flatten());
        Ok(answered.map(|((slice, searcher, print), answer)| Answered { slice, searcher, print, answer }).collect())
    }
}
