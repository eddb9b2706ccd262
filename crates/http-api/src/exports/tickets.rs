//! Tickets: what was asked for, kept in memory for a quarter of an hour.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use molva_domain::{Actor, Timestamp};

use crate::locale::Locale;
use crate::problem::Problem;
use crate::secret::random_hex;
use crate::wire::export::ExportRequest;

/// How long a ticket is good for.
const GOOD_FOR: Duration = Duration::from_secs(15 * 60);
/// Tickets of one person or token; one more takes the place of the oldest.
const MOST_OF_ONE: usize = 20;
/// Tickets of all; a request may hold a megabyte.
const MOST: usize = 200;

/// One request.
pub(crate) struct Ticket {
    pub(crate) request: ExportRequest,
    pub(crate) file_name: String,
    pub(crate) locale: Locale,
    owner: Actor,
    made_at: Timestamp,
}

#[derive(Default)]
pub(crate) struct Tickets(Mutex<HashMap<String, Arc<Ticket>>>);

impl Tickets {
    /// Keeps a request and answers its id.
    pub(crate) fn put(
        &self,
        request: ExportRequest,
        file_name: String,
        locale: Locale,
        owner: Actor,
        now: Timestamp,
    ) -> Result<String, Problem> {
        let mut tickets = self.lock();
        tickets.retain(|_, ticket| now < ticket.made_at.plus(GOOD_FOR));
        let own = tickets.iter().filter(|(_, ticket)| ticket.owner == owner);
        let mut own: Vec<(Timestamp, String)> = own.map(|(id, ticket)| (ticket.made_at, id.clone())).collect();
        if own.len() >= MOST_OF_ONE {
            own.sort_unstable();
            tickets.remove(&own[0].1);
        }
        if tickets.len() >= MOST {
            return Err(Problem::busy(Duration::from_secs(60)));
        }
        // The id is no secret: who fetches is asked who they are.
        let id = random_hex() + &random_hex();
        tickets.insert(id.clone(), Arc::new(Ticket { request, file_name, locale, owner, made_at: now }));
        Ok(id)
    }

    /// The ticket, for its owner and while it is good.
    pub(crate) fn find(&self, id: &str, owner: Actor, now: Timestamp) -> Option<Arc<Ticket>> {
        let ticket = self.lock().get(id).cloned();
        ticket.filter(|ticket| ticket.owner == owner && now < ticket.made_at.plus(GOOD_FOR))
    }

    // A thread that panicked left the tickets whole: every change of them is one call.
    fn lock(&self) -> MutexGuard<'_, HashMap<String, Arc<Ticket>>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use molva_domain::{TokenId, UserId};

    use super::*;
    use crate::wire::export::{ExportContent, ExportFormat};

    fn request() -> ExportRequest {
        ExportRequest {
            what: ExportContent::Mentions,
            selection: crate::wire::selection::Selection::default(),
            format: ExportFormat::Csv,
            unit: None,
            compare: None,
        }
    }

    fn put(tickets: &Tickets, owner: Actor, now: i64) -> Result<String, &'static str> {
        let put = tickets.put(request(), "a.csv".to_owned(), Locale::English, owner, Timestamp::from_secs(now));
        put.map_err(|problem| problem.code())
    }

    #[test]
    fn a_ticket_is_good_for_a_quarter_of_an_hour_and_its_owner_alone() {
        let tickets = Tickets::default();
        let (anna, program) = (Actor::User(UserId(1)), Actor::Token(TokenId(1)));
        let id = put(&tickets, anna, 0).expect("a ticket");
        let found = |owner, at| tickets.find(&id, owner, Timestamp::from_secs(at)).is_some();
        assert!(found(anna, 899));
        assert!(!found(anna, 900));
        assert!(!found(program, 0));
        assert!(!found(Actor::User(UserId(2)), 0));
        assert!(tickets.find("", anna, Timestamp::from_secs(0)).is_none());
    }

    #[test]
    fn tickets_are_bounded_for_one_and_for_all() {
        let tickets = Tickets::default();
        let ids: Vec<String> = (0..21).map(|at| put(&tickets, Actor::User(UserId(0)), at).expect("a ticket")).collect();
        let now = Timestamp::from_secs(30);
        let good = |id: &String| tickets.find(id, Actor::User(UserId(0)), now).is_some();
        assert_eq!(ids.iter().map(good).collect::<Vec<_>>(), [vec![false], vec![true; 20]].concat());
        for user in 1..=9 {
            (0..20).for_each(|_| drop(put(&tickets, Actor::User(UserId(user)), 30).expect("a ticket")));
        }
        assert_eq!(put(&tickets, Actor::User(UserId(99)), 30), Err("busy"));
        assert!(put(&tickets, Actor::User(UserId(99)), 1_000).is_ok(), "old tickets make room");
    }
}
