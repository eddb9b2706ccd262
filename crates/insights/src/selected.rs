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
        // Edges are told in milliseconds: whoever asks for the rows between two of them must find all.
        let behind = |at: Timestamp| Timestamp::from_millis(at.as_millis() + 1);
        let from = match self.filter.from {
            Some(from) => from,
            None => match self.first(archive, Order::Oldest)? {
                Some(oldest) => Timestamp::from_millis(oldest.as_millis()),
                None => return Ok(None),
            },
        };
        let before = match self.filter.before {
            Some(before) if before <= now => before,
            asked => {
                let newest = self.first(archive, Order::Newest)?.map_or(now, |newest| newest.max(now));
                asked.map_or(behind(newest), |asked| asked.min(behind(newest)))
            }
        };
        Ok(Stretch::new(from, before))
    }

    fn first(&self, archive: &Archive, order: Order) -> Result<Option<Timestamp>> {
        let found = archive.search(self.query, self.filter, order, None, 1)?;
        Ok(found.hits.first().map(|hit| hit.at))
    }
}
