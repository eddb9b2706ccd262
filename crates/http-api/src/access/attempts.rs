//! How often somebody may try to sign in: failures are counted by login and by address in a sliding window.

use std::collections::{HashMap, VecDeque};
use std::net::IpAddr;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use molva_domain::Timestamp;

const WINDOW: Duration = Duration::from_secs(15 * 60);
const PER_LOGIN: usize = 5;
const PER_ADDRESS: usize = 20;
/// Logins and addresses remembered; past it, those forgotten are the ones whose last failure is oldest.
const MAX_REMEMBERED: usize = 20_000;

#[derive(Clone, Debug, PartialEq, Eq, Hash)]
enum Whose {
    Login(String),
    Address(IpAddr),
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
        let login = login.map(|login| (Whose::Login(login.to_owned()), PER_LOGIN));
        let keys: Vec<_> = [login, address.map(|ip| (Whose::Address(ip), PER_ADDRESS))].into_iter().flatten().collect();
        for (whose, limit) in &keys {
            let Some(times) = failures.get_mut(whose) else { continue };
            times.retain(|at| now.since(*at) < WINDOW);
            if let Some(oldest) = times.front().filter(|_| times.len() >= *limit) {
                return Err(WINDOW.saturating_sub(now.since(*oldest)));
            }
        }
        for (whose, _) in keys {
            make_room(&mut failures, now);
            failures.entry(whose).or_default().push_back(now);
        }
        Ok(())
    }

    /// The password was right: the login starts anew, the address gets this try back.
    pub(crate) fn succeeded(&self, login: Option<&str>, address: Option<IpAddr>) {
        let mut failures = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(login) = login {
            failures.remove(&Whose::Login(login.to_owned()));
        }
        if let Some(times) = address.and_then(|ip| failures.get_mut(&Whose::Address(ip))) {
            times.pop_back();
        }
    }
}

fn make_room(failures: &mut HashMap<Whose, VecDeque<Timestamp>>, now: Timestamp) {
    if failures.len() < MAX_REMEMBERED {
        return;
    }
    failures.retain(|_, times| times.back().is_some_and(|last| now.since(*last) < WINDOW));
    if failures.len() >= MAX_REMEMBERED {
        let oldest = failures.iter().min_by_key(|(_, times)| times.back().copied()).map(|(whose, _)| whose.clone());
        oldest.map(|whose| failures.remove(&whose));
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
        assert_eq!(kept.len(), MAX_REMEMBERED);
        assert!(!kept.contains_key(&Whose::Login("0".into())));
    }
}
