//! What an answer answers: Discourse names it by its number in the topic, and a post is named by its id. Most ids are known from what was
//! listened to; the forum is asked for the rest, and whom it does not tell is left out.

use std::collections::{BTreeSet, HashMap};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use http::StatusCode;
use molva_domain::{Timestamp, Urn};
use serde::Deserialize;

use super::{Forum, NETWORK};
use crate::error::ConnectorError;
use crate::session::{Item, Session};
use crate::shared;

/// Posts of a forum that are remembered; then it begins anew.
const MOST: usize = 50_000;
/// Posts asked for after one look, so many a second: a forum lets a stranger ask five times.
const ASKED_FOR: usize = 40;
const BETWEEN: Duration = Duration::from_millis(300);
const TRIES: u32 = 3;
/// How a place in a topic is named until the post there is known.
const PLACE: &str = "place";

/// Ids of posts by topic and number; `None` where the forum shows nobody.
pub(super) type Numbers = Mutex<HashMap<(u64, u64), Option<u64>>>;

/// Those of a forum, for all who listen to it.
pub(super) fn numbers(instance: &str) -> Arc<Numbers> {
    shared::of(&[NETWORK, "numbers", instance])
}

#[derive(Deserialize)]
struct Wire {
    id: u64,
}

impl Forum {
    fn numbers(&self) -> MutexGuard<'_, HashMap<(u64, u64), Option<u64>>> {
        self.numbers.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(super) fn note(&self, place: (u64, u64), id: Option<u64>) {
        let mut numbers = self.numbers();
        if numbers.len() >= MOST {
            numbers.clear();
        }
        numbers.insert(place, id);
    }

    /// The post at a place of a topic, to be known later.
    pub(super) fn at_place(&self, topic: u64, number: u64) -> Urn {
        Urn::of(NETWORK, Some(&self.place.instance), PLACE, &format!("{topic}/{number}"))
    }

    /// Names what an answer answers as far as it is known, and forgets it where it is not.
    pub(super) fn name_parent(&self, item: &mut Item) {
        if let Item::Post(post) = item
            && let Some(place) = post.in_reply_to.as_ref().and_then(place)
        {
            let known = self.numbers().get(&place).copied().flatten();
            post.in_reply_to = known.map(|id| self.urn(id));
        }
    }

    /// The same for what a look brought; asks the forum for those that are not known.
    pub(super) async fn name_parents(
        &self,
        session: &Session,
        items: &mut [(Option<Timestamp>, Item)],
    ) -> Result<(), ConnectorError> {
        let places = items.iter().filter_map(|(_, item)| match item {
            Item::Post(post) => post.in_reply_to.as_ref().and_then(place),
            _ => None,
        });
        let unknown: BTreeSet<(u64, u64)> = {
            let numbers = self.numbers();
            places.filter(|place| !numbers.contains_key(place)).collect()
        };
        // Of the newest topics first.
        for place in unknown.into_iter().rev().take(ASKED_FOR) {
            match self.ask(session, place).await {
                Ok(id) => self.note(place, id),
                Err(ConnectorError::Cancelled) => return Err(ConnectorError::Cancelled),
                // Who is asked too much is left alone.
                Err(_) => break,
            }
            session.pause(BETWEEN).await?;
        }
        items.iter_mut().for_each(|(_, item)| self.name_parent(item));
        Ok(())
    }

    async fn ask(&self, session: &Session, (topic, number): (u64, u64)) -> Result<Option<u64>, ConnectorError> {
        let mut tries = 1;
        loop {
            let answer = self.get(session, &format!("posts/by_number/{topic}/{number}.json"), &[]).await;
            let told = match answer {
                Ok(answer)
                    if matches!(answer.status, StatusCode::NOT_FOUND | StatusCode::FORBIDDEN | StatusCode::GONE) =>
                {
                    return Ok(None);
                }
                Ok(answer) => answer.error_for_status("the forum", session.now()).and_then(|told| told.json::<Wire>()),
                Err(error) => Err(error),
            };
            match told {
                Ok(post) => return Ok(Some(post.id)),
                Err(
                    ConnectorError::Transient { .. } | ConnectorError::Protocol(_) | ConnectorError::Unreachable(_),
                ) if tries < TRIES => {}
                Err(error) => return Err(error),
            }
            session.pause(BETWEEN * 2_u32.pow(tries)).await?;
            tries += 1;
        }
    }
}

fn place(urn: &Urn) -> Option<(u64, u64)> {
    let parts = urn.parts().filter(|parts| parts.kind == PLACE)?;
    let (topic, number) = parts.native.split_once('/')?;
    Some((topic.parse().ok()?, number.parse().ok()?))
}
