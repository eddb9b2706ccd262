//! What listening costs: X takes money for each thing it tells, once a day in UTC. Prices of 2026:
//! <https://docs.x.com/x-api/getting-started/pricing>. X does not say whether what comes along with a post (its author, what it
//! answers) is paid for; here it is counted, so that the cap is never passed.

use std::collections::HashSet;
use std::hash::{DefaultHasher, Hash as _, Hasher as _};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, Weak};

use molva_domain::{Quota, Timestamp};

use crate::error::ConnectorError;
use crate::shared;

const DAY_S: i64 = 86_400;
/// Millionths of a dollar.
pub(super) const POST: u64 = 5_000;
const USER: u64 = 10_000;
const MEDIA: u64 = 5_000;
/// Things of a day that are known again; beyond, each is counted anew.
const MOST: usize = 200_000;

/// What is paid for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) enum Paid {
    Post,
    User,
    Media,
}

/// The money of a day.
#[derive(Debug)]
pub(super) struct Ledger {
    /// Millionths of a dollar.
    cap: u64,
    spent: Mutex<Spent>,
}

#[derive(Debug, Default)]
struct Spent {
    day: i64,
    sum: u64,
    known: HashSet<u64>,
}

impl Ledger {
    /// A cap in whole dollars, and what an earlier run spent of which day.
    pub(super) fn new(dollars: u64, (day, sum): (i64, u64)) -> Self {
        let spent = Mutex::new(Spent { day, sum, known: HashSet::new() });
        Self { cap: dollars.saturating_mul(1_000_000), spent }
    }

    fn spent_on(&self, now: Timestamp) -> MutexGuard<'_, Spent> {
        let mut spent = self.spent.lock().unwrap_or_else(PoisonError::into_inner);
        let day = now.as_secs().div_euclid(DAY_S);
        if spent.day != day {
            *spent = Spent { day, ..Spent::default() };
        }
        spent
    }

    /// Things came; those that came before on this day cost nothing.
    pub(super) fn came<'a>(&self, now: Timestamp, things: impl IntoIterator<Item = (Paid, &'a str)>) {
        let mut spent = self.spent_on(now);
        for thing in things {
            let first = spent.known.len() >= MOST || spent.known.insert(hashed(thing));
            if first {
                spent.sum += match thing.0 {
                    Paid::Post => POST,
                    Paid::User => USER,
                    Paid::Media => MEDIA,
                };
            }
        }
    }

    /// How many posts may still come with their authors.
    ///
    /// # Errors
    /// `QuotaExhausted` until midnight when fewer than `least` may.
    pub(super) fn room(&self, now: Timestamp, least: u64) -> Result<u64, ConnectorError> {
        let spent = self.spent_on(now);
        let posts = self.cap.saturating_sub(spent.sum) / (POST + USER);
        if posts < least.max(1) {
            return Err(ConnectorError::QuotaExhausted { until: Some(midnight(spent.day)) });
        }
        Ok(posts)
    }

    /// Lets those who look posts up again for that source spend of it too, as long as it is listened to.
    pub(super) fn share(self: &Arc<Self>, host: &str, source: &str) {
        *lock(&place_of(host, source)) = Arc::downgrade(self);
    }

    /// That of a source that is listened to.
    pub(super) fn of(host: &str, source: &str) -> Option<Arc<Self>> {
        lock(&place_of(host, source)).upgrade()
    }

    /// Whether looking a post up costs nothing: it came today.
    pub(super) fn is_paid(&self, now: Timestamp, post: &str) -> bool {
        self.spent_on(now).known.contains(&hashed((Paid::Post, post)))
    }

    /// Hardly anything was spent today: less than a quarter.
    pub(super) fn has_spent_little(&self, now: Timestamp) -> bool {
        self.spent_on(now).sum < self.cap / 4
    }

    /// Enough is left for what is pleasant to have: at least a quarter.
    pub(super) fn has_plenty(&self, now: Timestamp) -> bool {
        self.spent_on(now).sum < self.cap - self.cap / 4
    }

    /// In cents.
    pub(super) fn quota(&self, now: Timestamp) -> Quota {
        let spent = self.spent_on(now);
        let cents = |millionths: u64| millionths / 10_000;
        let left = self.cap.saturating_sub(spent.sum);
        Quota { limit: cents(self.cap), remaining: cents(left), resets_at: Some(midnight(spent.day)) }
    }

    /// For the cursor: the day and its sum.
    pub(super) fn total(&self, now: Timestamp) -> (i64, u64) {
        let spent = self.spent_on(now);
        (spent.day, spent.sum)
    }
}

type Shared = Mutex<Weak<Ledger>>;

fn place_of(host: &str, source: &str) -> Arc<Shared> {
    shared::of(&["x", "ledger", host, source])
}

fn lock(shared: &Shared) -> MutexGuard<'_, Weak<Ledger>> {
    shared.lock().unwrap_or_else(PoisonError::into_inner)
}

fn hashed(thing: (Paid, &str)) -> u64 {
    let mut hasher = DefaultHasher::new();
    thing.hash(&mut hasher);
    hasher.finish()
}

const fn midnight(day: i64) -> Timestamp {
    Timestamp::from_secs((day + 1) * DAY_S)
}

/// Dollars for people: `1.05`.
pub(super) fn dollars(millionths: u64) -> String {
    format!("{}.{:02}", millionths / 1_000_000, millionths % 1_000_000 / 10_000)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_ledger_is_shared_as_long_as_its_source_is_listened_to() {
        let ledger = Arc::new(Ledger::new(1, (0, 0)));
        ledger.share("https://x.test", "7");
        assert!(Ledger::of("https://x.test", "7").is_some_and(|found| Arc::ptr_eq(&found, &ledger)));
        assert!(Ledger::of("https://x.test", "8").is_none());
        drop(ledger);
        assert!(Ledger::of("https://x.test", "7").is_none());
    }

    #[test]
    fn a_thing_is_paid_for_once_a_day_and_the_cap_holds_until_midnight() {
        let now = Timestamp::parse("2026-03-01T12:00:00Z").expect("a time");
        let (midnight, later) = (Timestamp::parse("2026-03-02T00:00:00Z"), Timestamp::from_secs(1_772_416_800));
        let ledger = Ledger::new(1, (now.as_secs() / 86_400, 940_000));
        assert_eq!(ledger.room(now, 1), Ok(4));
        ledger.came(now, [(Paid::Post, "1"), (Paid::User, "1"), (Paid::Post, "1"), (Paid::Media, "1")]);
        assert_eq!(ledger.total(now).1, 960_000);
        assert_eq!(
            (ledger.is_paid(now, "1"), ledger.is_paid(now, "2"), ledger.has_spent_little(now)),
            (true, false, false)
        );
        assert_eq!(ledger.quota(now), Quota { limit: 100, remaining: 4, resets_at: midnight });
        assert_eq!((ledger.room(now, 2), ledger.has_plenty(now)), (Ok(2), false));
        assert_eq!(ledger.room(now, 3), Err(ConnectorError::QuotaExhausted { until: midnight }));
        assert_eq!((ledger.room(later, 3), ledger.has_plenty(later)), (Ok(66), true));
        ledger.came(later, [(Paid::Post, "1")]);
        assert_eq!((ledger.total(later).1, dollars(1_050_000)), (5_000, "1.05".to_owned()));
        assert!(ledger.has_spent_little(later) && !ledger.is_paid(later, "2"));
    }
}
