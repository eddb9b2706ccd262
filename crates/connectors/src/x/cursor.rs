//! How far each place was read, and what the day has cost so far.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::digest;

const VERSION: u8 = 1;

/// Of all places of a source: under 4 KiB, because there are at most some thirty of them.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub(super) struct Cursor {
    x: u8,
    of: BTreeMap<String, State>,
    /// Days since 1970 in UTC, and millionths of a dollar spent on that one.
    #[serde(default)]
    spent: (i64, u64),
}

/// Of one place.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct State {
    /// No post with an id up to this one is missing.
    pub until: u64,
    /// The newest post of the reading that is not over yet; 0 when none is.
    pub top: u64,
    /// How far down it came.
    pub reached: u64,
}

impl Cursor {
    pub(super) fn read(text: Option<&str>) -> Self {
        let cursor: Option<Self> = text.and_then(|text| serde_json::from_str(text).ok());
        let cursor = cursor.filter(|cursor| cursor.x == VERSION);
        cursor.unwrap_or_else(|| Self { x: VERSION, ..Self::default() })
    }

    pub(super) fn write(&self) -> String {
        serde_json::to_string(self).unwrap_or_default()
    }

    /// Forgets places that are listened to no more.
    pub(super) fn keep(&mut self, places: &[String]) {
        let names: Vec<String> = places.iter().map(|place| name(place)).collect();
        self.of.retain(|place, _| names.contains(place));
    }

    pub(super) fn state(&self, place: &str) -> State {
        self.of.get(&name(place)).copied().unwrap_or_default()
    }

    /// A page of a reading was read: from `newest` down to `oldest`.
    pub(super) fn page(&mut self, place: &str, newest: u64, oldest: u64) {
        let state = self.of.entry(name(place)).or_default();
        state.top = state.top.max(newest);
        state.reached = if state.reached == 0 { oldest } else { state.reached.min(oldest) };
    }

    /// A reading is over. `floor` is known to be read when nothing newer was found.
    pub(super) fn end(&mut self, place: &str, floor: u64) {
        let state = self.of.entry(name(place)).or_default();
        *state = State { until: state.until.max(state.top).max(floor), top: 0, reached: 0 };
    }

    /// Everything up to that post was heard in all places.
    pub(super) fn heard(&mut self, places: &[String], newest: u64) {
        for place in places {
            let state = self.of.entry(name(place)).or_default();
            state.until = state.until.max(newest);
        }
    }

    pub(super) const fn spent(&self) -> (i64, u64) {
        self.spent
    }

    pub(super) const fn set_spent(&mut self, spent: (i64, u64)) {
        self.spent = spent;
    }
}

fn name(place: &str) -> String {
    digest::hex(&[place], 5)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_reading_that_was_cut_off_goes_on_below_what_it_had_reached() {
        let mut cursor = Cursor::read(None);
        cursor.page("search:a", 900, 700);
        cursor.page("search:a", 699, 500);
        let mut later = Cursor::read(Some(&cursor.write()));
        assert_eq!(later.state("search:a"), State { until: 0, top: 900, reached: 500 });
        later.page("search:a", 499, 300);
        later.end("search:a", 100);
        assert_eq!(later.state("search:a"), State { until: 900, top: 0, reached: 0 });
        later.heard(&["search:a".to_owned()], 1_000);
        later.end("search:a", 0);
        assert_eq!(later.state("search:a").until, 1_000);
        later.keep(&["search:b".to_owned()]);
        assert_eq!(later.state("search:a"), State::default());
    }

    #[test]
    fn a_full_cursor_fits_into_four_kibibytes_and_a_strange_one_is_none() {
        let mut cursor = Cursor::read(Some("{\"vk\":1}"));
        for place in 0..36 {
            cursor.page(&format!("search:{place}"), u64::MAX, u64::MAX);
            cursor.heard(&[format!("search:{place}")], u64::MAX);
        }
        cursor.set_spent((20_500, 5_000_000));
        assert!(cursor.write().len() <= 4_096, "{}", cursor.write().len());
        assert_eq!(Cursor::read(Some(&cursor.write())).spent(), (20_500, 5_000_000));
    }
}
