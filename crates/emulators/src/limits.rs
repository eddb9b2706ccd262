//! How often somebody may come.

use std::collections::{HashMap, VecDeque};
use std::time::Duration;

use tokio::time::Instant;

/// Who came when.
#[derive(Debug, Default)]
pub(crate) struct Limits {
    came: HashMap<String, VecDeque<Instant>>,
    /// Told to stay away until then.
    away: HashMap<String, Instant>,
}

impl Limits {
    /// Whether `who` may come now, being allowed `most` times in a `window`; else how long to wait. Somebody who was refused counts too.
    pub(crate) fn come(&mut self, who: &str, most: usize, window: Duration) -> Result<(), Duration> {
        self.come_at(Instant::now(), who, most, window)
    }

    /// The same, with how often they came in the window until now.
    pub(crate) fn come_counted(&mut self, who: &str, most: usize, window: Duration) -> Result<usize, Duration> {
        self.come(who, most, window)?;
        Ok(self.came.get(who).map_or(0, VecDeque::len))
    }

    fn come_at(&mut self, now: Instant, who: &str, most: usize, window: Duration) -> Result<(), Duration> {
        if let Some(until) = self.away.get(who).copied().filter(|until| *until > now) {
            return Err(until - now);
        }
        let came = self.came.entry(who.to_owned()).or_default();
        while came.front().is_some_and(|at| now.duration_since(*at) >= window) {
            came.pop_front();
        }
        let first = came.front().copied();
        came.push_back(now);
        match first {
            Some(first) if came.len() > most => Err(window.saturating_sub(now.duration_since(first))),
            _ => Ok(()),
        }
    }

    /// From now on nobody who heeds the answer comes for so long.
    pub(crate) fn stay_away(&mut self, who: &str, wait: Duration) {
        self.away.insert(who.to_owned(), Instant::now() + wait);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_fourth_request_in_a_second_is_one_too_many() {
        let mut limits = Limits::default();
        let second = Duration::from_secs(1);
        let now = Instant::now();
        let mut came = || limits.come_at(now, "a", 3, second);
        assert_eq!([came(), came(), came()], [Ok(()); 3]);
        assert_eq!(came(), Err(second));
        assert_eq!(limits.come_at(now + second, "a", 3, second), Ok(()));
        limits.stay_away("a", second);
        let wait = limits.come("a", 3, second);
        assert!(wait.is_err_and(|wait| wait <= second) && limits.come("b", 3, second).is_ok());
    }
}
