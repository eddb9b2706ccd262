//! Posts that are asked for once more an hour after they came: X tells an application of this kind of no edit and no deletion by
//! itself, and wants what was deleted there to be deleted here. On the same day that costs nothing.

use std::collections::VecDeque;
use std::time::Duration;

use molva_domain::{Timestamp, Urn};

use super::problem::WireError;
use super::read::Found;
use crate::session::Item;

/// By then most edits are made: X lets people edit for an hour.
pub(super) const AFTER: Duration = Duration::from_secs(3_700);
/// Posts of a look-up.
const AT_ONCE: usize = 100;
/// Posts remembered; the oldest are forgotten.
const MOST: usize = 50_000;

/// Posts in the order they came.
#[derive(Debug)]
pub(super) struct Watch {
    on: bool,
    waiting: VecDeque<(Timestamp, u64, Urn)>,
}

/// Posts to be asked for.
#[derive(Debug)]
pub(super) struct Due(Vec<(u64, Urn)>);

impl Watch {
    pub(super) const fn new(on: bool) -> Self {
        Self { on, waiting: VecDeque::new() }
    }

    pub(super) fn note(&mut self, id: u64, urn: &Urn, at: Timestamp) {
        if !self.on || id == 0 {
            return;
        }
        if self.waiting.len() >= MOST {
            self.waiting.pop_front();
        }
        self.waiting.push_back((at, id, urn.clone()));
    }

    /// Those whose time has come, a look-up full at most.
    pub(super) fn due(&mut self, now: Timestamp) -> Option<Due> {
        let ready = self.waiting.iter().take(AT_ONCE).take_while(|(at, ..)| *at <= now).count();
        let due: Vec<_> = self.waiting.drain(..ready).map(|(_, id, urn)| (id, urn)).collect();
        (!due.is_empty()).then_some(Due(due))
    }
}

impl Due {
    pub(super) const fn of(posts: Vec<(u64, Urn)>) -> Self {
        Self(posts)
    }

    /// As X wants them.
    pub(super) fn ids(&self) -> String {
        self.0.iter().map(|(id, _)| id.to_string()).collect::<Vec<_>>().join(",")
    }

    /// Those X says are not there any more. What we may not see now, because its author hid it, is gone too: nobody else is to see it
    /// here.
    pub(super) fn gone<'a>(&'a self, errors: &'a [WireError]) -> impl Iterator<Item = Found> + 'a {
        let gone =
            errors.iter().filter(|error| matches!(error.word(), "resource-not-found" | "not-authorized-for-resource"));
        gone.filter_map(|error| {
            let told = [&error.resource_id, &error.value].into_iter().find_map(|id| super::id::parse(id))?;
            let (id, urn) = self.0.iter().find(|(id, _)| *id == told)?;
            Some(Found { id: *id, name: format!("{urn} gone"), published: None, item: Item::Deleted(urn.clone()) })
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn posts_are_asked_for_when_their_time_has_come_and_what_is_gone_is_known_by_its_name() {
        let at = Timestamp::from_secs;
        let urn = |id: u64| Urn::of("x", None, "post", &id.to_string());
        let mut watch = Watch::new(true);
        for id in 1..=150 {
            watch.note(id, &urn(id), at(if id <= 120 { 100 } else { 200 }));
        }
        assert!(watch.due(at(99)).is_none());
        let due = watch.due(at(100)).expect("a hundred");
        assert_eq!(due.ids().split(',').count(), 100);
        let error = |kind: &str, id: &str| WireError {
            kind: format!("https://api.twitter.com/2/problems/{kind}"),
            value: id.to_owned(),
            ..WireError::default()
        };
        let errors =
            [error("resource-not-found", "7"), error("resource-not-found", "900"), error("disallowed-resource", "8")];
        let gone: Vec<String> = due.gone(&errors).map(|found| found.name).collect();
        assert_eq!(gone, ["urn:smm:x:post:7 gone"]);
        assert_eq!(watch.due(at(100)).map(|due| due.ids().split(',').count()), Some(20));
        assert!(watch.due(at(199)).is_none() && watch.due(at(200)).is_some());
        let mut off = Watch::new(false);
        off.note(1, &urn(1), at(0));
        assert!(off.due(at(1)).is_none());
    }
}
