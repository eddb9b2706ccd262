//! What was seen lately: local ids and the URNs behind them.

use std::collections::{HashMap, VecDeque};

use molva_domain::{Timestamp, Urn};

/// How many statuses are remembered. A deletion names a status by its local id only, so that of an older one is not
/// understood.
const REMEMBERED: usize = 20_000;

/// Local ids of statuses, with their URNs and the revision delivered last.
#[derive(Debug, Default)]
pub(super) struct Names {
    known: HashMap<String, (Urn, Option<Timestamp>)>,
    order: VecDeque<String>,
}

impl Names {
    /// Remembers a status; `false` when this revision of it was delivered before.
    pub(super) fn note(&mut self, id: &str, urn: &Urn, edited_at: Option<Timestamp>) -> bool {
        if let Some((_, known)) = self.known.get_mut(id) {
            return std::mem::replace(known, edited_at.max(*known)) < edited_at;
        }
        if self.order.len() == REMEMBERED
            && let Some(oldest) = self.order.pop_front()
        {
            self.known.remove(&oldest);
        }
        self.order.push_back(id.to_owned());
        self.known.insert(id.to_owned(), (urn.clone(), edited_at));
        true
    }

    pub(super) fn knows(&self, id: &str) -> bool {
        self.known.contains_key(id)
    }

    pub(super) fn urn(&self, id: &str) -> Option<Urn> {
        self.known.get(id).map(|(urn, _)| urn.clone())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_status_is_new_once_and_again_when_it_was_edited() {
        let mut names = Names::default();
        let urn = Urn::new("urn:smm:mastodon:post:1");
        let edited = Some(Timestamp::from_secs(1));
        assert_eq!(
            [None, None, edited, edited, None].map(|revision| names.note("1", &urn, revision)),
            [true, false, true, false, false]
        );
    }

    #[test]
    fn memory_is_bounded_and_the_oldest_goes_first() {
        let mut names = Names::default();
        let urn = Urn::new("urn:smm:mastodon:post:1");
        for id in 0..=REMEMBERED {
            names.note(&id.to_string(), &urn, None);
        }
        assert_eq!((names.known.len(), names.knows("0"), names.knows("1")), (REMEMBERED, false, true));
    }
}
