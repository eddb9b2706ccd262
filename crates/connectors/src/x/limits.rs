//! How often X lets us ask: windows of a quarter of an hour, a token and an address each, told by `x-rate-limit-*` with every answer.
//! What is left is shared by whatever in this program uses the token.

use std::collections::HashMap;
use std::sync::{LazyLock, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use http::HeaderMap;
use molva_domain::{Quota, Timestamp};

use crate::digest;
use crate::http::headers;

/// Windows that are over are forgotten when there are so many.
const MOST: usize = 1_024;
/// The clocks of the two sides, and a request that is on its way.
const MARGIN: Duration = Duration::from_secs(1);

/// What an answer tells of its window.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Window {
    pub limit: u64,
    pub remaining: u64,
    pub resets_at: Timestamp,
}

impl Window {
    /// `x-rate-limit-limit`, `-remaining`, `-reset` in Unix seconds; of a day that is used up, `x-user-limit-24hour-…`. X sends no `Retry-After`; proxies before it may.
    pub(super) fn read(answered: &HeaderMap, now: Timestamp) -> Option<Self> {
        let number = |name: &str| headers::text(answered, name)?.parse::<i64>().ok();
        let whole = |value: i64| u64::try_from(value).unwrap_or(0);
        for day in ["x-user-limit-24hour", "x-app-limit-24hour"] {
            let of = |what: &str| number(&format!("{day}-{what}"));
            if let (Some(limit), Some(0), Some(reset)) = (of("limit"), of("remaining"), of("reset")) {
                let resets_at = Timestamp::from_secs(reset).plus(MARGIN);
                return Some(Self { limit: whole(limit), remaining: 0, resets_at });
            }
        }
        let reset = number("x-rate-limit-reset").map(|reset| Timestamp::from_secs(reset).plus(MARGIN));
        match (number("x-rate-limit-limit"), number("x-rate-limit-remaining"), reset) {
            (Some(limit), Some(remaining), Some(resets_at)) => {
                Some(Self { limit: whole(limit), remaining: whole(remaining), resets_at })
            }
            _ => headers::retry_after(answered, now).map(|wait| Self {
                limit: 0,
                remaining: 0,
                resets_at: now.plus(wait),
            }),
        }
    }

    pub(super) const fn quota(&self) -> Quota {
        Quota { limit: self.limit, remaining: self.remaining, resets_at: Some(self.resets_at) }
    }
}

type Windows = HashMap<[u8; 32], (u64, Timestamp)>;

static WINDOWS: LazyLock<Mutex<Windows>> = LazyLock::new(Mutex::default);

fn windows() -> MutexGuard<'static, Windows> {
    WINDOWS.lock().unwrap_or_else(PoisonError::into_inner)
}

/// The window of a token at an address.
#[derive(Clone, Copy, Debug)]
pub(super) struct Gate([u8; 32]);

impl Gate {
    pub(super) fn of(host: &str, token: &str, address: &str) -> Self {
        Self(digest::bytes(&["x", host, token, address]))
    }

    /// One request goes through.
    ///
    /// # Errors
    /// Until when none may.
    pub(super) fn pass(self, now: Timestamp) -> Result<(), Timestamp> {
        let mut windows = windows();
        match windows.get_mut(&self.0) {
            Some((0, until)) if *until > now => Err(*until),
            Some((remaining, until)) if *until > now => {
                *remaining -= 1;
                Ok(())
            }
            _ => Ok(()),
        }
    }

    /// An answer told of the window; `until` is its end by our clock.
    pub(super) fn told(self, remaining: u64, until: Timestamp, now: Timestamp) {
        let mut windows = windows();
        if windows.len() >= MOST {
            windows.retain(|_, (_, until)| *until > now);
        }
        let known = windows.get(&self.0).copied().filter(|(_, known)| *known > now);
        // Answers overtake each other: of the same window the smaller number is the later one.
        let remaining = known.map_or(remaining, |(known, _)| remaining.min(known));
        windows.insert(self.0, (remaining, until));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_window_that_is_used_up_lets_nobody_through_until_it_is_over() {
        let at = Timestamp::from_secs;
        let gate = Gate::of("limits.test", "t", "search");
        assert_eq!(gate.pass(at(100)), Ok(()));
        gate.told(2, at(200), at(100));
        gate.told(5, at(200), at(100));
        let passed: Vec<_> = (0..3).map(|_| gate.pass(at(150))).collect();
        assert_eq!(passed, [Ok(()), Ok(()), Err(at(200))]);
        assert_eq!((gate.pass(at(200)), Gate::of("limits.test", "t", "other").pass(at(150))), (Ok(()), Ok(())));
    }

    #[test]
    fn the_headers_of_x_are_read() {
        let now = Timestamp::from_secs(1_772_366_400);
        let headers = |pairs: &[(&'static str, &str)]| -> HeaderMap {
            pairs.iter().map(|(name, value)| (name.parse().expect("a name"), value.parse().expect("a value"))).collect()
        };
        let told = headers(&[
            ("x-rate-limit-limit", "450"),
            ("x-rate-limit-remaining", "7"),
            ("x-rate-limit-reset", "1772367000"),
        ]);
        let expected = Window { limit: 450, remaining: 7, resets_at: Timestamp::from_secs(1_772_367_001) };
        assert_eq!(Window::read(&told, now), Some(expected));
        assert_eq!(Window::read(&headers(&[("x-rate-limit-limit", "450")]), now), None);
        let wait = Window::read(&headers(&[("retry-after", "5")]), now);
        assert_eq!(wait.map(|window| window.resets_at), Some(now.plus(Duration::from_secs(5))));
    }
}
