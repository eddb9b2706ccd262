//! How far each place of a source was read, for networks whose places are read one after the other, each with what stands under its
//! posts; and what becomes of a look when a place, or what stands under a post, cannot be read.

use std::collections::{BTreeMap, HashMap};
use std::hash::Hash;
use std::time::Duration;

use molva_domain::Timestamp;
use serde::{Deserialize, Serialize};

use crate::digest;
use crate::error::ConnectorError;
use crate::patience::Patience;
use crate::session::{Report, Session};

const VERSION: u8 = 1;
/// A post whose comments cannot be read is asked for so often.
const TRIES: u8 = 3;

/// Of all places of a source; under 4 KiB, because there are at most some thirty of them.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub(crate) struct Cursor {
    /// As it was called when only VK had one.
    #[serde(rename = "vk")]
    version: u8,
    of: BTreeMap<String, State>,
}

/// Of one place.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct State {
    /// Nothing before that second is missing.
    until: i64,
    /// When the reading began that is not over yet; 0 when none is.
    began: i64,
    /// How far it came: the last post or topic whose comments were read; of a search, read backwards, the second it had come to.
    post: u64,
    /// When the last reading began that came to its end, whether or not something was left out.
    #[serde(default)]
    read: i64,
}

impl Cursor {
    pub(crate) fn read(text: Option<&str>) -> Self {
        let cursor: Option<Self> = text.and_then(|text| serde_json::from_str(text).ok());
        let cursor = cursor.filter(|cursor| cursor.version == VERSION);
        cursor.unwrap_or_else(|| Self { version: VERSION, ..Self::default() })
    }

    pub(crate) fn write(&self) -> String {
        serde_json::to_string(self).unwrap_or_default()
    }

    /// Forgets places that are listened to no more.
    pub(crate) fn keep(&mut self, places: &[String]) {
        let names: Vec<String> = places.iter().map(|place| name(place)).collect();
        self.of.retain(|place, _| names.contains(place));
    }

    /// The same for places that others take the place of: what is new counts as read as far as the others are, or up to `first` where
    /// that is earlier, so that nothing is lost while one is put in another's place.
    pub(crate) fn follow(&mut self, places: &[String], first: Timestamp) {
        let known = self.of.values().map(|state| state.until).filter(|until| *until > 0).min();
        self.keep(places);
        let Some(until) = known.map(|known| known.min(first.as_secs())) else { return };
        for place in places {
            self.of.entry(name(place)).or_insert(State { until, ..State::default() });
        }
    }

    pub(crate) fn until(&self, place: &str) -> Option<Timestamp> {
        self.of.get(&name(place)).filter(|state| state.until > 0).map(|state| Timestamp::from_secs(state.until))
    }

    /// What was cut off is gone on with first, then comes whatever was read longest ago: a run that always ends early gets round too.
    pub(crate) fn in_order<'p, P>(&self, places: &'p [P], key: impl Fn(&P) -> String) -> Vec<&'p P> {
        let mut ordered: Vec<&P> = places.iter().collect();
        ordered.sort_by_cached_key(|place| {
            let state = self.of.get(&name(&key(place))).copied().unwrap_or_default();
            (state.began == 0, state.read)
        });
        ordered
    }

    /// A reading begins now, or goes on: when it began, and how far it came.
    pub(crate) fn begin(&mut self, place: &str, now: Timestamp) -> (Timestamp, u64) {
        let state = self.of.entry(name(place)).or_default();
        if state.began == 0 {
            *state = State { began: now.as_secs(), post: 0, ..*state };
        }
        (Timestamp::from_secs(state.began), state.post)
    }

    pub(crate) fn through_with(&mut self, place: &str, post: u64) {
        self.of.entry(name(place)).or_default().post = post;
    }

    /// The reading is over; `whole` when nothing was left out.
    pub(crate) fn end(&mut self, place: &str, whole: bool) {
        let state = self.of.entry(name(place)).or_default();
        let until = if whole { state.until.max(state.began) } else { state.until };
        *state = State { until, began: 0, post: 0, read: state.began };
    }
}

fn name(place: &str) -> String {
    digest::hex(&[place], 5)
}

/// One look at every place: where some cannot be read, the others are read all the same.
#[derive(Debug, Default)]
pub(crate) struct Round {
    well: usize,
    failed: Option<ConnectorError>,
}

impl Round {
    /// Notes what came of one place.
    ///
    /// # Errors
    /// What is the same at every other place.
    pub(crate) async fn note(
        &mut self,
        session: &Session,
        looked: Result<(), ConnectorError>,
    ) -> Result<(), ConnectorError> {
        match looked {
            Ok(()) => {
                self.well += 1;
                session.report(Report::Alive).await;
            }
            Err(
                error @ (ConnectorError::Cancelled
                | ConnectorError::NotStored(_)
                | ConnectorError::AuthRevoked(_)
                | ConnectorError::AuthExpired
                | ConnectorError::Invalid { .. }),
            ) => return Err(error),
            Err(error) => self.failed = Some(error),
        }
        Ok(())
    }

    /// Whether nothing failed so far.
    pub(crate) const fn is_well(&self) -> bool {
        self.failed.is_none()
    }

    /// Waits for the next look: until `every` is over, longer after failures.
    ///
    /// # Errors
    /// When no place can be read and a person has to see to it.
    pub(crate) async fn rest(
        self,
        session: &Session,
        patience: &mut Patience,
        every: Duration,
    ) -> Result<(), ConnectorError> {
        self.rest_until(session, patience, every, std::future::pending()).await
    }

    /// The same, no longer than until there is a `change`; what failed waits all the same.
    pub(crate) async fn rest_until(
        self,
        session: &Session,
        patience: &mut Patience,
        every: Duration,
        change: impl Future<Output = ()>,
    ) -> Result<(), ConnectorError> {
        let is_well = self.is_well();
        let pause = match self.failed {
            Some(error) if self.well == 0 && error.needs_a_person() => return Err(error),
            Some(error) => patience.after(session, error).await,
            None => {
                patience.restore();
                every
            }
        };
        tokio::select! {
            rested = session.rest(pause) => rested,
            () = change, if is_well => Ok(()),
        }
    }
}

/// Comments of a post when they were last read, and how often that failed.
#[derive(Debug)]
pub(crate) struct Commented<K>(HashMap<K, (u64, u8)>);

impl<K> Default for Commented<K> {
    fn default() -> Self {
        Self(HashMap::new())
    }
}

impl<K: Eq + Hash> Commented<K> {
    /// How many there were.
    pub(crate) fn of(&self, post: &K) -> u64 {
        self.0.get(post).map_or(0, |(comments, _)| *comments)
    }

    pub(crate) fn were_read(&mut self, post: K, comments: u64) {
        self.0.insert(post, (comments, 0));
    }

    /// The post went away meanwhile, or its comments are closed to us: whether they are given up, which makes them count as read.
    pub(crate) fn are_closed(&mut self, post: K, comments: u64) -> bool {
        let (known, failures) = self.0.entry(post).or_default();
        let given_up = *failures >= TRIES;
        if given_up {
            *known = comments;
        }
        *failures = failures.saturating_add(1);
        given_up
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_reading_that_was_cut_off_goes_on_and_counts_from_its_beginning() {
        let at = Timestamp::from_secs;
        let mut cursor = Cursor::read(None);
        assert_eq!(cursor.begin("wall:-1", at(1_000)), (at(1_000), 0));
        cursor.through_with("wall:-1", 7);
        let mut later = Cursor::read(Some(&cursor.write()));
        assert_eq!((later.begin("wall:-1", at(2_000)), later.until("wall:-1")), ((at(1_000), 7), None));
        later.end("wall:-1", true);
        assert_eq!((later.until("wall:-1"), later.begin("wall:-1", at(3_000))), (Some(at(1_000)), (at(3_000), 0)));
        later.end("wall:-1", false);
        assert_eq!(later.until("wall:-1"), Some(at(1_000)));
        // Though something was left out, it is not the first again.
        let places = ["wall:-1", "wall:-3"];
        assert_eq!(later.in_order(&places, |place| (*place).to_owned()), [&"wall:-3", &"wall:-1"]);
        later.begin("wall:-1", at(4_000));
        assert_eq!(later.in_order(&places, |place| (*place).to_owned()), [&"wall:-1", &"wall:-3"]);
        // What takes its place begins where it was, or as far back as wanted.
        later.follow(&["wall:-1".to_owned(), "wall:-4".to_owned()], at(5_000));
        later.follow(&["wall:-4".to_owned(), "wall:-5".to_owned()], at(700));
        let until = ["wall:-1", "wall:-4", "wall:-5"].map(|place| later.until(place));
        assert_eq!(until, [None, Some(at(1_000)), Some(at(700))]);
        later.keep(&["wall:-2".to_owned()]);
        later.follow(&["wall:-6".to_owned()], at(700));
        assert_eq!((later.until("wall:-4"), later.until("wall:-6")), (None, None));
    }

    #[test]
    fn comments_that_stay_closed_count_as_read_in_the_end() {
        let mut commented = Commented::default();
        commented.were_read("1_2", 4);
        let tries: Vec<(bool, u64)> = (0..4).map(|_| (commented.are_closed("1_2", 9), commented.of(&"1_2"))).collect();
        assert_eq!(tries, [(false, 4), (false, 4), (false, 4), (true, 9)]);
        commented.were_read("1_2", 9);
        assert!(!commented.are_closed("1_2", 10), "they were open in between");
    }

    #[test]
    fn the_places_of_a_source_fit_into_four_kibibytes() {
        let mut cursor = Cursor::read(None);
        for place in 0..40 {
            cursor.begin(&format!("wall:-{place}"), Timestamp::from_secs(1_772_366_400));
            cursor.end(&format!("wall:-{place}"), true);
            cursor.begin(&format!("wall:-{place}"), Timestamp::from_secs(1_772_366_400));
            cursor.through_with(&format!("wall:-{place}"), u64::from(u32::MAX));
        }
        assert!(cursor.write().len() <= 4_096, "{}", cursor.write().len());
    }
}
