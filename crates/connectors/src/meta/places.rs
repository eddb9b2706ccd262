//! How far each list of a source was read: the cursor of Facebook and Instagram.

use std::collections::BTreeMap;

use molva_domain::Timestamp;
use serde::{Deserialize, Serialize};

const VERSION: u8 = 1;

/// Of all lists of one page or account.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Places {
    meta: u8,
    /// The page or account; the cursor of another is none.
    account: String,
    of: BTreeMap<String, State>,
}

#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
struct State {
    /// Nothing before that second is missing.
    until: i64,
    /// When the reading began that is not over yet; 0 when none is.
    began: i64,
    /// The last thing whose comments were read in it, with its second.
    done: (i64, String),
}

/// A reading of a list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Reading {
    pub began: Timestamp,
    /// Comments of things up to this one were read already.
    pub done: (i64, String),
}

impl Places {
    pub(crate) fn read(text: Option<&str>, account: &str) -> Self {
        let places: Option<Self> = text.and_then(|text| serde_json::from_str(text).ok());
        let places = places.filter(|places| places.meta == VERSION && places.account == account);
        places.unwrap_or_else(|| Self { meta: VERSION, account: account.to_owned(), of: BTreeMap::new() })
    }

    pub(crate) fn write(&self) -> String {
        serde_json::to_string(self).unwrap_or_default()
    }

    pub(crate) fn until(&self, list: &str) -> Option<Timestamp> {
        self.of.get(list).filter(|state| state.until > 0).map(|state| Timestamp::from_secs(state.until))
    }

    /// A reading begins now, or goes on.
    pub(crate) fn begin(&mut self, list: &str, now: Timestamp) -> Reading {
        let state = self.of.entry(list.to_owned()).or_default();
        if state.began == 0 {
            *state = State { until: state.until, began: now.as_secs(), done: (0, String::new()) };
        }
        Reading { began: Timestamp::from_secs(state.began), done: state.done.clone() }
    }

    pub(crate) fn through_with(&mut self, list: &str, thing: (i64, String)) {
        self.of.entry(list.to_owned()).or_default().done = thing;
    }

    /// The reading is over; `whole` when nothing was left out.
    pub(crate) fn end(&mut self, list: &str, whole: bool) {
        let state = self.of.entry(list.to_owned()).or_default();
        let until = if whole { state.until.max(state.began) } else { state.until };
        *state = State { until, ..State::default() };
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_reading_that_was_cut_off_goes_on_and_counts_from_its_beginning() {
        let at = Timestamp::from_secs;
        let nothing = (0, String::new());
        let mut places = Places::read(None, "1");
        assert_eq!(places.begin("feed", at(1_000)), Reading { began: at(1_000), done: nothing.clone() });
        places.through_with("feed", (900, "1_7".to_owned()));
        let mut later = Places::read(Some(&places.write()), "1");
        assert_eq!(later.begin("feed", at(2_000)), Reading { began: at(1_000), done: (900, "1_7".to_owned()) });
        assert_eq!(later.until("feed"), None);
        later.end("feed", true);
        assert_eq!(later.until("feed"), Some(at(1_000)));
        assert_eq!(later.begin("feed", at(3_000)), Reading { began: at(3_000), done: nothing });
        later.end("feed", false);
        assert_eq!(later.until("feed"), Some(at(1_000)));
        assert_eq!(Places::read(Some(&later.write()), "2").until("feed"), None);
    }
}
