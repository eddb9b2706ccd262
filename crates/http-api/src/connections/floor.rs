//! The places there are, who holds them, and who leaves when a newcomer finds none.

use std::collections::HashMap;
use std::net::IpAddr;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use molva_connectors::http::is_public;
use tokio::time::Instant;

use super::ConnectionLimits;
use super::pulse::Pulse;
use crate::access::peer;

/// Of how many places one public address has one.
const SHARES: usize = 4;

#[derive(Clone)]
pub(super) struct Floor {
    limits: ConnectionLimits,
    places: Arc<Mutex<Places>>,
}

#[derive(Default)]
struct Places {
    next: u64,
    taken: HashMap<u64, Place>,
}

struct Place {
    /// The client's address; of IPv6 its /64.
    party: IpAddr,
    pulse: Arc<Pulse>,
}

/// A place, until it is dropped.
pub(super) struct Seat {
    number: u64,
    pulse: Arc<Pulse>,
    places: Arc<Mutex<Places>>,
}

impl Floor {
    pub(super) fn new(limits: ConnectionLimits) -> Self {
        Self { limits, places: Arc::default() }
    }

    /// A place for a newcomer, if need be that of somebody who waits; `None` when nobody does.
    pub(super) fn enter(&self, peer: IpAddr, now: Instant) -> Option<Seat> {
        let party = peer::party(peer);
        let mut places = lock(&self.places);
        let own = places.held_by(party);
        let share = if is_public(party) { (self.limits.most / SHARES).max(1) } else { self.limits.most };
        if own >= share {
            places.make_room(|place| place.party == party)?;
        } else if places.taken.len() >= self.limits.most {
            places.make_room(|_| true)?;
        }
        let (number, pulse) = (places.next, Arc::new(Pulse::new(now)));
        places.next += 1;
        places.taken.insert(number, Place { party, pulse: Arc::clone(&pulse) });
        metrics::gauge!("molva_http_connections").set(places.taken.len() as f64);
        Some(Seat { number, pulse, places: Arc::clone(&self.places) })
    }

    /// Cuts those who are late.
    pub(super) fn cut_late(&self, now: Instant) {
        for place in lock(&self.places).taken.values() {
            if let Some(why) = place.pulse.late(&self.limits, now) {
                end(place, why);
            }
        }
    }

    /// Lets some go that wait, though there are places.
    pub(super) fn let_go(&self, count: usize) {
        let mut places = lock(&self.places);
        for _ in 0..count {
            if places.make_room(|_| true).is_none() {
                return;
            }
        }
    }

    pub(super) fn taken(&self) -> usize {
        lock(&self.places).taken.len()
    }
}

impl Places {
    fn held_by(&self, party: IpAddr) -> usize {
        self.taken.values().filter(|place| place.party == party).count()
    }

    /// Takes the place of who has waited longest, of the party that holds most.
    fn make_room(&mut self, may_go: impl Fn(&Place) -> bool) -> Option<()> {
        let mut held: HashMap<IpAddr, usize> = HashMap::new();
        for place in self.taken.values() {
            *held.entry(place.party).or_default() += 1;
        }
        let waiting = self.taken.iter().filter(|(_, place)| may_go(place));
        let waiting = waiting.filter_map(|(number, place)| Some((*number, place.party, place.pulse.waits_since()?)));
        let (number, ..) =
            waiting.max_by_key(|(number, party, since)| (held[party], std::cmp::Reverse((*since, *number))))?;
        end(&self.taken.remove(&number)?, "made_room");
        Some(())
    }
}

impl Seat {
    pub(super) const fn pulse(&self) -> &Arc<Pulse> {
        &self.pulse
    }
}

impl Drop for Seat {
    fn drop(&mut self) {
        let mut places = lock(&self.places);
        // Somebody else may have it already.
        places.taken.remove(&self.number);
        metrics::gauge!("molva_http_connections").set(places.taken.len() as f64);
    }
}

fn end(place: &Place, why: &'static str) {
    metrics::counter!("molva_http_connections_cut_total", "why" => why).increment(1);
    place.pulse.cut();
}

// A thread that panicked left the places whole: every change of them is one call.
fn lock(places: &Mutex<Places>) -> MutexGuard<'_, Places> {
    places.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use futures_util::FutureExt as _;

    use super::*;

    const INSIDE: &str = "127.0.0.1";
    const OUTSIDE: &str = "93.184.216.34";

    struct Gate {
        floor: Floor,
        now: Instant,
    }

    impl Gate {
        fn of(most: usize) -> Self {
            let limits = ConnectionLimits { most, ..ConnectionLimits::default() };
            Self { floor: Floor::new(limits), now: Instant::now() }
        }

        /// Each comes a second after the one before.
        fn enter(&mut self, peer: &str) -> Option<Seat> {
            self.now += Duration::from_secs(1);
            self.floor.enter(peer.parse().expect("an address"), self.now)
        }
    }

    fn is_cut(seat: &Seat) -> bool {
        seat.pulse().is_cut().now_or_never().is_some()
    }

    #[test]
    fn who_waits_longest_makes_room_and_who_is_answered_stays() {
        let mut gate = Gate::of(3);
        let seats: Vec<Seat> = (0..3).map(|_| gate.enter(INSIDE).expect("a place")).collect();
        let _request = Pulse::begin(seats[0].pulse());
        let newcomer = gate.enter(INSIDE).expect("a place");
        assert_eq!(seats.iter().map(is_cut).collect::<Vec<_>>(), [false, true, false]);
        drop(seats);
        assert_eq!((is_cut(&newcomer), gate.floor.taken()), (false, 1));
    }

    #[test]
    fn nobody_is_let_in_while_all_are_answered() {
        let mut gate = Gate::of(2);
        let seats = [gate.enter(INSIDE).expect("a place"), gate.enter(INSIDE).expect("a place")];
        let requests = seats.each_ref().map(|seat| Pulse::begin(seat.pulse()));
        assert!(gate.enter(INSIDE).is_none());
        drop(requests);
        assert!(gate.enter(INSIDE).is_some());
    }

    #[test]
    fn one_public_address_has_a_quarter_and_a_proxy_inside_all() {
        let mut gate = Gate::of(8);
        let strangers = [gate.enter(OUTSIDE).expect("a place"), gate.enter(OUTSIDE).expect("a place")];
        let requests = strangers.each_ref().map(|seat| Pulse::begin(seat.pulse()));
        assert!(gate.enter(OUTSIDE).is_none());
        drop(requests);
        let third = gate.enter(OUTSIDE);
        assert_eq!((is_cut(&strangers[0]), third.is_some()), (true, true), "the stranger's own oldest went");
        let inside: Vec<Seat> = (0..6).map(|_| gate.enter(INSIDE).expect("a place")).collect();
        assert!(!is_cut(&strangers[1]) && inside.iter().all(|seat| !is_cut(seat)));
    }

    #[test]
    fn the_address_that_holds_most_makes_room_first() {
        let mut gate = Gate::of(8);
        let early = gate.enter("10.0.0.1").expect("a place");
        let crowd: Vec<Seat> = (0..7).map(|_| gate.enter("10.0.0.2").expect("a place")).collect();
        let newcomer = gate.enter("10.0.0.3").expect("a place");
        assert_eq!((is_cut(&early), is_cut(&crowd[0]), is_cut(&crowd[1])), (false, true, false));
        drop(newcomer);
    }
}
