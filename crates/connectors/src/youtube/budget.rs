//! Units of a day. YouTube does not tell how many are left, so we count; its own refusal has the last word.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use chrono::DateTime;
use chrono_tz::America::Los_Angeles;
use molva_domain::{Quota, Timestamp};

use crate::error::ConnectorError;

const DAY: Duration = Duration::from_secs(86_400);

pub(super) struct Budget {
    /// Units that listening may use of a day.
    units: u64,
    searches: u64,
    spent: Arc<Mutex<Spent>>,
}

#[derive(Clone, Copy)]
pub(super) struct Spent {
    /// When counting begins anew.
    until: Timestamp,
    units: u64,
    searches: u64,
}

impl Default for Spent {
    fn default() -> Self {
        Self { until: Timestamp::EARLIEST, units: 0, searches: 0 }
    }
}

impl Budget {
    /// A fifth of the units is left to those who answer; of the searches a tenth, for people who try settings. `spent` is shared by all
    /// who ask with the same key.
    pub(super) const fn new(units: u64, searches: u64, spent: Arc<Mutex<Spent>>) -> Self {
        Self { units: units - units / 5, searches: searches - searches / 10, spent }
    }

    fn spent(&self, now: Timestamp) -> MutexGuard<'_, Spent> {
        let mut spent = self.spent.lock().unwrap_or_else(PoisonError::into_inner);
        if spent.until <= now {
            *spent = Spent { until: next_midnight(now), units: 0, searches: 0 };
        }
        spent
    }

    /// One unit.
    pub(super) fn spend(&self, now: Timestamp) -> Result<(), ConnectorError> {
        let mut spent = self.spent(now);
        if spent.units >= self.units {
            return Err(ConnectorError::QuotaExhausted { until: Some(spent.until) });
        }
        spent.units += 1;
        Ok(())
    }

    pub(super) fn spend_search(&self, now: Timestamp) -> Result<(), ConnectorError> {
        let mut spent = self.spent(now);
        if spent.searches >= self.searches {
            return Err(ConnectorError::QuotaExhausted { until: Some(spent.until) });
        }
        spent.searches += 1;
        Ok(())
    }

    /// Whether more searches are left than half of what the rest of the day is due: then one may be made before its turn.
    pub(super) fn may_hurry(&self, now: Timestamp) -> bool {
        let spent = self.spent(now);
        let left = self.searches.saturating_sub(spent.searches);
        let due = self.searches as f64 * spent.until.since(now).as_secs_f64() / DAY.as_secs_f64();
        left > 0 && left as f64 * 2.0 >= due
    }

    /// YouTube says that there is nothing left, whatever we counted: other programs use the key too.
    pub(super) fn is_used_up(&self, now: Timestamp, search: bool) -> ConnectorError {
        let mut spent = self.spent(now);
        if search {
            spent.searches = self.searches;
        } else {
            spent.units = self.units;
        }
        ConnectorError::QuotaExhausted { until: Some(spent.until) }
    }

    /// Enough is left for what is pleasant to have: the replies beyond the first five.
    pub(super) fn has_room(&self, now: Timestamp) -> bool {
        self.spent(now).units < self.units - self.units / 4
    }

    /// The same for those who come again another time.
    ///
    /// # Errors
    /// `QuotaExhausted` until the next day when too little is left.
    pub(super) fn ask_for_room(&self, now: Timestamp) -> Result<(), ConnectorError> {
        if self.has_room(now) {
            return Ok(());
        }
        Err(ConnectorError::QuotaExhausted { until: Some(self.spent(now).until) })
    }

    pub(super) fn quota(&self, now: Timestamp) -> Quota {
        let spent = self.spent(now);
        Quota { limit: self.units, remaining: self.units.saturating_sub(spent.units), resets_at: Some(spent.until) }
    }

    /// Between two looks at so many lists, so that half of the units last for a day.
    pub(super) fn pause(&self, lists: u64) -> Duration {
        DAY.mul_f64(lists as f64 * 2.0 / self.units.max(1) as f64)
    }

    /// Between two times the same words are searched for.
    pub(super) fn pause_of_searches(&self, words: u64) -> Duration {
        DAY.mul_f64(words as f64 / self.searches.max(1) as f64)
    }
}

/// Midnight in California, where YouTube's day ends.
pub(super) fn next_midnight(now: Timestamp) -> Timestamp {
    let there = DateTime::from_timestamp(now.as_secs(), 0).map(|now| now.with_timezone(&Los_Angeles).date_naive());
    let midnight = there
        .and_then(|today| today.succ_opt()?.and_hms_opt(0, 0, 0))
        .and_then(|midnight| midnight.and_local_timezone(Los_Angeles).earliest());
    midnight.map_or(now.plus(DAY), |midnight| Timestamp::from_secs(midnight.timestamp()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str) -> Timestamp {
        Timestamp::parse(text).expect("a time")
    }

    #[test]
    fn a_day_ends_at_midnight_in_california_in_summer_and_winter() {
        assert_eq!(next_midnight(at("2026-03-01T12:00:00Z")), at("2026-03-02T08:00:00Z"));
        assert_eq!(next_midnight(at("2026-07-01T06:59:59Z")), at("2026-07-01T07:00:00Z"));
        assert_eq!(next_midnight(at("2026-07-01T07:00:00Z")), at("2026-07-02T07:00:00Z"));
    }

    #[test]
    fn what_is_used_up_comes_back_the_next_day_and_a_fifth_is_never_touched() {
        let (now, later) = (at("2026-03-01T12:00:00Z"), at("2026-03-02T08:00:00Z"));
        let budget = Budget::new(10, 10, Arc::default());
        let used: Vec<bool> = (0..9).map(|_| budget.spend(now).is_ok()).collect();
        assert_eq!(used, [true, true, true, true, true, true, true, true, false]);
        assert_eq!(budget.quota(now), Quota { limit: 8, remaining: 0, resets_at: Some(later) });
        assert_eq!(budget.is_used_up(now, true), ConnectorError::QuotaExhausted { until: Some(later) });
        assert!(budget.spend_search(now).is_err() && budget.spend(later).is_ok() && budget.spend_search(later).is_ok());
        assert_eq!(budget.quota(later).remaining, 7);
    }

    #[test]
    fn a_search_is_made_before_its_turn_while_the_day_would_last() {
        let budget = Budget::new(10_000, 100, Arc::default());
        let (morning, evening) = (at("2026-03-01T08:00:00Z"), at("2026-03-02T02:00:00Z"));
        let hurried = (0..90).take_while(|_| budget.may_hurry(morning) && budget.spend_search(morning).is_ok()).count();
        assert_eq!((hurried, budget.may_hurry(morning)), (46, false));
        assert!(budget.may_hurry(evening), "a quarter of the day is left, and half of the searches");
    }

    #[test]
    fn looks_and_searches_are_spread_over_the_day() {
        let budget = Budget::new(10_000, 100, Arc::default());
        assert_eq!(budget.pause(1), Duration::from_millis(21_600));
        assert_eq!(budget.pause_of_searches(3), Duration::from_secs(2_880));
    }
}
