use molva_archive::{Archive, Filter, Order};
use molva_domain::Timestamp;
use molva_query::Query;

use crate::Result;

/// What a question is asked about: the mentions that answer a query and pass a filter.
#[derive(Clone, Copy, Debug)]
pub struct Selected<'a> {
    pub query: Option<&'a Query>,
    pub filter: &'a Filter,
}

/// A stretch of time, without its end.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Stretch {
    pub from: Timestamp,
    pub before: Timestamp,
}

impl Stretch {
    /// `None` when nothing lies in it.
    #[must_use]
    pub fn new(from: Timestamp, before: Timestamp) -> Option<Self> {
        (from < before).then_some(Self { from, before })
    }

    /// The stretch of the same length just before.
    #[must_use]
    pub fn previous(self) -> Self {
        Self { from: self.from.minus(self.before.since(self.from)), before: self.from }
    }
}

impl Selected<'_> {
    /// The filter moved to another stretch of time.
    pub(crate) fn at(&self, stretch: Stretch) -> Filter {
        Filter { from: Some(stretch.from), before: Some(stretch.before), ..self.filter.clone() }
    }

    /// The stretch of time that is looked at: what the filter says; where it says nothing, from the oldest mention on, until
    /// now. It never reaches past now, nor past the newest mention where that one's clock is fast. `None`: nothing lies in it.
    pub(crate) fn stretch(&self, archive: &Archive, now: Timestamp) -> Result<Option<Stretch>> {
        let from = match self.filter.from {
            Some(from) => from,
            None => match self.first(archive, Order::Oldest)? {
                Some(oldest) => oldest,
                None => return Ok(None),
            },
        };
        let before = match self.filter.before {
            Some(before) if before <= now => before,
            asked => {
                let newest =
                    self.first(archive, Order::Newest)?.map_or(now, |at| Timestamp::from_micros(at.as_micros() + 1));
                asked.unwrap_or(Timestamp::from_micros(i64::MAX)).min(newest.max(now))
            }
        };
        Ok(Stretch::new(from, before))
    }

    fn first(&self, archive: &Archive, order: Order) -> Result<Option<Timestamp>> {
        let found = archive.search(self.query, self.filter, order, None, 1)?;
        Ok(found.hits.first().map(|hit| hit.at))
    }
}
