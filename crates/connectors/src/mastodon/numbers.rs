//! What a server calls statuses: each server has numbers of its own, and only its own statuses have them in their names.

use std::collections::{HashMap, VecDeque};
use std::sync::{Arc, Mutex, PoisonError};

use molva_domain::Urn;

use super::locate::{Name, host_of, name};
use crate::shared;

/// Statuses remembered of a server.
const REMEMBERED: usize = 20_000;

/// The numbers of the statuses that were met lately, shared by all who listen to a server.
#[derive(Debug, Default)]
pub(super) struct Numbers {
    of: HashMap<Urn, String>,
    order: VecDeque<Urn>,
}

/// Those of that server.
pub(super) fn of(host: &str) -> Arc<Mutex<Numbers>> {
    shared::of(&["mastodon", "numbers", host])
}

pub(super) fn note(numbers: &Mutex<Numbers>, urn: &Urn, id: &str) {
    let mut numbers = numbers.lock().unwrap_or_else(PoisonError::into_inner);
    if numbers.of.contains_key(urn) {
        return;
    }
    if numbers.order.len() == REMEMBERED
        && let Some(oldest) = numbers.order.pop_front()
    {
        numbers.of.remove(&oldest);
    }
    numbers.order.push_back(urn.clone());
    numbers.of.insert(urn.clone(), id.to_owned());
}

/// The number of a status at that server, where it is certain.
pub(super) fn number(numbers: &Mutex<Numbers>, urn: &Urn, host: &str) -> Option<String> {
    let met = || numbers.lock().unwrap_or_else(PoisonError::into_inner).of.get(urn).cloned();
    met().or_else(|| own(urn, host))
}

/// The number in the name of a status of this very server: `/users/NAME/statuses/NUMBER`, as Mastodon writes it. Other servers end their
/// names in something else.
fn own(urn: &Urn, host: &str) -> Option<String> {
    match name(urn)? {
        Name::Local { host: of, id } => (of == host).then_some(id),
        Name::Uri(uri) => {
            let url = url::Url::parse(&uri).ok().filter(|url| host_of(url) == host)?;
            let mut parts = url.path_segments()?.rev();
            let number = parts.next().filter(|id| !id.is_empty() && id.bytes().all(|byte| byte.is_ascii_digit()))?;
            parts.next().filter(|part| *part == "statuses")?;
            Some(number.to_owned())
        }
        Name::Digest => None,
    }
}

#[cfg(test)]
mod tests {
    use super::super::status::{local_urn, uri_urn};
    use super::*;

    #[test]
    fn a_number_is_known_of_own_statuses_and_of_those_that_were_met() {
        let numbers = Mutex::default();
        let far = uri_urn("https://far.example/users/anna/statuses/9");
        let number = |urn: &Urn| number(&numbers, urn, "m.example");
        assert_eq!(number(&far), None);
        note(&numbers, &far, "113");
        note(&numbers, &far, "114");
        assert_eq!(number(&far).as_deref(), Some("113"));
        assert_eq!(number(&uri_urn("https://m.example/users/bob/statuses/7")).as_deref(), Some("7"));
        assert_eq!(number(&local_urn("m.example", "01H")).as_deref(), Some("01H"));
        for unknown in
            ["https://m.example/objects/7", "https://m.example/users/bob/statuses/01H", "https://m.example/users/7"]
        {
            assert_eq!(number(&uri_urn(unknown)), None, "{unknown}");
        }
    }

    #[test]
    fn memory_is_bounded_and_the_oldest_goes_first() {
        let numbers = Mutex::default();
        let urn = |id: usize| local_urn("far.example", &id.to_string());
        for id in 0..=REMEMBERED {
            note(&numbers, &urn(id), "1");
        }
        let known = |id: usize| number(&numbers, &urn(id), "m.example").is_some();
        assert_eq!((known(0), known(1), known(REMEMBERED)), (false, true, true));
    }
}
