//! How often somebody may try to sign in: failures are counted by login and by address in a sliding window. Of a login few from
//! one address and more from all: who fails on purpose keeps its owner, who is elsewhere, from nothing.

use std::collections::{HashMap, VecDeque};
use std::net::IpAddr;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use molva_domain::Timestamp;

const WINDOW: Duration = Duration::from_secs(15 * 60);
const PER_LOGIN_AND_ADDRESS: usize = 5;
const PER_LOGIN: usize = 50;
const PER_ADDRESS: usize = 20;
/// Logins and addresses remembered; past it, a tenth is forgotten, those whose last failure is oldest.
const MAX_REMEMBERED: usize = 20_000;

#[derive(Clone, Debug, PartialEq, Eq, Hash)]
enum Whose {
    Login(String),
    LoginFrom(String, Option<IpAddr>),
    Address(IpAddr),
}

impl Whose {
    const fn limit(&self) -> usize {
        match self {
            Self::Login(_) => PER_LOGIN,
            Self::LoginFrom(..) => PER_LOGIN_AND_ADDRESS,
            Self::Address(_) => PER_ADDRESS,
        }
    }

    /// Everything a try counts for.
    fn of(login: Option<&str>, address: Option<IpAddr>) -> impl Iterator<Item = Self> {
        let login = login.map(|login| [Self::Login(login.to_owned()), Self::LoginFrom(login.to_owned(), address)]);
        login.into_iter().flatten().chain(address.map(Self::Address))
    }
}

/// Failures within the window.
#[derive(Debug, Default)]
pub(crate) struct Attempts(Mutex<HashMap<Whose, VecDeque<Timestamp>>>);

impl Attempts {
    /// Counts a failure in advance, so that tries made at the same time count too; [`Self::succeeded`] takes it back.
    /// Without a login (a try of the set-up link) the address alone counts, so that a stranger cannot lock others out.
    /// `Err` says how long to wait.
    pub(crate) fn begin(&self, login: Option<&str>, address: Option<IpAddr>, now: Timestamp) -> Result<(), Duration> {
        let mut failures = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        for whose in Whose::of(login, address) {
            let Some(times) = failures.get_mut(&whose) else { continue };
            times.retain(|at| now.since(*at) < WINDOW);
            if let Some(oldest) = times.front().filter(|_| times.len() >= whose.limit()) {
                return Err(WINDOW.saturating_sub(now.since(*oldest)));
            }
        }
        for whose in Whose::of(login, address) {
            make_room(&mut failures, now);
            failures.entry(whose).or_default().push_back(now);
        }
        Ok(())
    }

    /// The password was right: the login starts anew at this address, everything else gets this try back.
    pub(crate) fn succeeded(&self, login: Option<&str>, address: Option<IpAddr>) {
        let mut failures = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        for whose in Whose::of(login, address) {
            if matches!(whose, Whose::LoginFrom(..)) {
                failures.remove(&whose);
            } else if let Some(times) = failures.get_mut(&whose) {
                times.pop_back();
            }
        }
    }
}

fn make_room(failures: &mut HashMap<Whose, VecDeque<Timestamp>>, now: Timestamp) {
    if failures.len() < MAX_REMEMBERED {
        return;
    }
    failures.retain(|_, times| times.back().is_some_and(|last| now.since(*last) < WINDOW));
    if failures.len() >= MAX_REMEMBERED {
        let mut last: Vec<_> = failures.values().filter_map(|times| times.back().copied()).collect();
        let (_, newest_forgotten, _) = last.select_nth_unstable(MAX_REMEMBERED / 10);
        let newest_forgotten = *newest_forgotten;
        failures.retain(|_, times| times.back().is_some_and(|last| *last > newest_forgotten));
    }
}

#[cfg(test)]
mod tests {
    use std::net::Ipv4Addr;

    use super::*;

    const START: Timestamp = Timestamp::from_secs(1_800_000_000);

    fn at(seconds: u64) -> Timestamp {
        START.plus(Duration::from_secs(seconds))
    }

    #[test]
    fn the_sixth_failure_of_a_login_waits_until_the_first_is_a_quarter_of_an_hour_old() {
        let attempts = Attempts::default();
        for second in 0..5 {
            assert_eq!(attempts.begin(Some("anna"), None, at(second)), Ok(()));
        }
        assert_eq!(attempts.begin(Some("anna"), None, at(60)), Err(Duration::from_secs(840)));
        assert_eq!(attempts.begin(Some("boris"), None, at(60)), Ok(()));
        assert_eq!(attempts.begin(Some("anna"), None, at(900)), Ok(()));
    }

    #[test]
    fn a_login_fails_at_one_address_and_is_still_let_in_from_another() {
        let attempts = Attempts::default();
        let address = |last| Some(IpAddr::V4(Ipv4Addr::new(203, 0, 113, last)));
        for _ in 0..5 {
            assert_eq!(attempts.begin(Some("anna"), address(1), START), Ok(()));
        }
        assert_eq!(attempts.begin(Some("anna"), address(1), START), Err(WINDOW));
        assert_eq!(attempts.begin(Some("anna"), address(2), START), Ok(()));
        attempts.succeeded(Some("anna"), address(2));
        for guess in 5..50 {
            assert_eq!(attempts.begin(Some("anna"), address(guess), START), Ok(()));
        }
        assert_eq!(attempts.begin(Some("anna"), address(99), START), Err(WINDOW), "many addresses are one guesser");
    }

    #[test]
    fn an_address_may_fail_twenty_times_over_many_logins() {
        let attempts = Attempts::default();
        let address = Some(IpAddr::V4(Ipv4Addr::new(203, 0, 113, 7)));
        for login in 0..20 {
            assert_eq!(attempts.begin(Some(&login.to_string()), address, START), Ok(()));
        }
        assert_eq!(attempts.begin(Some("one more"), address, START), Err(WINDOW));
    }

    #[test]
    fn success_forgets_the_failures_of_the_login_and_one_of_the_address() {
        let attempts = Attempts::default();
        let address = Some(IpAddr::V4(Ipv4Addr::LOCALHOST));
        for _ in 0..100 {
            assert_eq!(attempts.begin(Some("anna"), address, START), Ok(()));
            attempts.succeeded(Some("anna"), address);
        }
    }

    #[test]
    fn the_memory_is_bounded_and_forgets_the_oldest_first() {
        let attempts = Attempts::default();
        for second in 0..MAX_REMEMBERED as u64 + 10 {
            let login = second.to_string();
            assert_eq!(attempts.begin(Some(&login), None, START.plus(Duration::from_millis(second))), Ok(()));
        }
        let kept = attempts.0.lock().expect("not poisoned");
        assert!((MAX_REMEMBERED / 2..=MAX_REMEMBERED).contains(&kept.len()), "{}", kept.len());
        assert!(!kept.contains_key(&Whose::Login("0".into())));
    }
}
