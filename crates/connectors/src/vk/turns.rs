//! How often VK is asked: a token has so many searches and so many looks at walls a day, whatever its limit of a second.
//!
//! VK names these limits beside error 29: `newsfeed.search` a thousand times a day, `wall.get` five thousand times.

use std::collections::HashMap;
use std::time::Duration;

use molva_domain::Timestamp;

use super::target::{Channel, What};
use crate::session::Session;

const DAY: Duration = Duration::from_secs(86_400);
/// No place is asked more often.
const SHORTEST: Duration = Duration::from_secs(60);
/// Searches of a day, unless the settings say what VK grants.
const SEARCHES: u64 = 1_000;
/// Looks at walls of a day.
const WALLS: u64 = 5_000;

/// Between two rounds, so that the day's share lasts; a fifth of it is left for second pages, new searches and people who try settings.
pub(super) fn pause(session: &Session, what: &What, channels: &[Channel]) -> Duration {
    let granted = session.settings.number("searches_per_day").map_or(SEARCHES, i64::unsigned_abs);
    let (calls, day) = match what {
        What::Searches => (channels.len(), granted),
        What::Places(_) => (channels.iter().filter(|place| matches!(place, Channel::Wall(_))).count(), WALLS),
    };
    spread(calls as u64, day)
}

fn spread(calls: u64, day: u64) -> Duration {
    DAY.mul_f64(calls as f64 / (day - day / 5).max(1) as f64).max(SHORTEST)
}

/// Whose turn it is. When the topics change in the midst of a pause, what is new is asked at once, and what was asked a short while ago is
/// not: whoever changes topics often shall not be deaf in the evening.
#[derive(Default)]
pub(super) struct Turns(HashMap<String, Timestamp>);

impl Turns {
    pub(super) fn is_due(&self, key: &str, now: Timestamp) -> bool {
        self.0.get(key).is_none_or(|due| *due <= now)
    }

    /// It was asked, and rounds are that far apart.
    pub(super) fn was_asked(&mut self, session: &Session, key: String, pause: Duration) {
        self.0.insert(key, session.after(pause / 2));
    }

    /// Forgets what is asked no more.
    pub(super) fn keep(&mut self, channels: &[Channel]) {
        self.0.retain(|key, _| channels.iter().any(|channel| channel.key() == *key));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_day_s_searches_last_for_the_day() {
        let every = |calls, day| spread(calls, day).as_secs();
        assert_eq!((every(0, SEARCHES), every(1, SEARCHES), every(32, SEARCHES)), (60, 108, 3_456));
        assert_eq!((every(3, WALLS), every(16, WALLS), every(32, 100_000)), (64, 345, 60));
        assert_eq!(every(1, 1), 86_400);
    }

    #[test]
    fn what_was_just_asked_waits_for_its_turn() {
        let at = Timestamp::from_secs(1_772_366_400);
        let turns = Turns([("old".to_owned(), at), ("just now".to_owned(), at.plus(DAY))].into());
        let due = |key: &str| turns.is_due(key, at);
        assert_eq!((due("old"), due("just now"), due("new")), (true, false, true));
    }
}
