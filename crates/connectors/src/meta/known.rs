//! What was met in this run: what it said, so that a change of it is told, and what it stands under, so that its end is noticed.

use std::collections::{BTreeSet, HashMap, HashSet, VecDeque};
use std::hash::{DefaultHasher, Hash as _, Hasher as _};

use molva_domain::Urn;

/// Things remembered.
const MOST: usize = 50_000;

/// What somebody said, met again.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Met {
    New,
    /// With other words than before.
    Changed,
    AsBefore,
}

#[derive(Debug, Default)]
pub(crate) struct Known {
    of: HashMap<String, Thing>,
    under: HashMap<String, BTreeSet<String>>,
    order: VecDeque<String>,
    rejected: HashSet<u64>,
}

#[derive(Debug)]
struct Thing {
    urn: Urn,
    said: u64,
    under: String,
    /// Unix seconds.
    at: i64,
}

impl Known {
    pub(crate) fn meet(&mut self, id: &str, under: &str, at: i64, (urn, said): (&Urn, &str)) -> Met {
        let said = hash(said);
        if let Some(thing) = self.of.get_mut(id) {
            let met = if thing.said == said { Met::AsBefore } else { Met::Changed };
            thing.said = said;
            return met;
        }
        self.of.insert(id.to_owned(), Thing { urn: urn.clone(), said, under: under.to_owned(), at });
        self.under.entry(under.to_owned()).or_default().insert(id.to_owned());
        self.order.push_back(id.to_owned());
        if self.order.len() > MOST
            && let Some(oldest) = self.order.pop_front()
        {
            self.forget(&oldest);
        }
        Met::New
    }

    /// Whether it is the first time that this was no good.
    pub(crate) fn reject(&mut self, sample: &str) -> bool {
        if self.rejected.len() >= MOST {
            self.rejected.clear();
        }
        self.rejected.insert(hash(sample))
    }

    /// What stands there as far as known, since that second, and is not among those that were just found.
    pub(crate) fn missing(&self, under: &str, since: i64, found: impl Fn(&str) -> bool) -> Vec<String> {
        let there = self.under.get(under).into_iter().flatten();
        let late = |id: &str| self.of.get(id).is_some_and(|thing| thing.at >= since);
        there.filter(|id| late(id) && !found(id)).cloned().collect()
    }

    /// Its URN, if it was known.
    pub(crate) fn forget(&mut self, id: &str) -> Option<Urn> {
        let thing = self.of.remove(id)?;
        if let Some(there) = self.under.get_mut(&thing.under) {
            there.remove(id);
            if there.is_empty() {
                self.under.remove(&thing.under);
            }
        }
        Some(thing.urn)
    }
}

fn hash(text: &str) -> u64 {
    let mut hasher = DefaultHasher::new();
    text.hash(&mut hasher);
    hasher.finish()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn changes_and_ends_are_noticed() {
        let mut known = Known::default();
        let urn = |id: &str| Urn::of("facebook", None, "comment", id);
        let met = [("1", "a"), ("1", "a"), ("2", "b"), ("1", "c")]
            .map(|(id, said)| known.meet(id, "post", 10, (&urn(id), said)));
        assert_eq!(met, [Met::New, Met::AsBefore, Met::New, Met::Changed]);
        assert_eq!(known.missing("post", 10, |id| id == "1"), ["2"]);
        assert_eq!(known.missing("post", 11, |_| false), [""; 0]);
        assert_eq!((known.forget("2"), known.forget("2")), (Some(urn("2")), None));
        assert_eq!(known.missing("post", 0, |id| id == "1"), [""; 0]);
        assert!(known.reject("x") && !known.reject("x"));
    }
}
