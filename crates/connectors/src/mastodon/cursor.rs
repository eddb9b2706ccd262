//! Where each channel stands.
//!
//! Ids are opaque: they are handed back to the server as it gave them and never compared. Statuses of other servers arrive
//! late and with ids of the time they were written, so the cursor stays some statuses behind the newest; what comes twice
//! for that is recognised.

use std::collections::{BTreeMap, HashMap, VecDeque};

use molva_domain::Timestamp;
use serde::{Deserialize, Serialize};

/// How many statuses a cursor stays behind.
const OVERLAP: usize = 20;
const VERSION: u16 = 1;
/// Longest id kept; the whole cursor must stay under 4 KiB.
const MAX_ID_BYTES: usize = 64;

/// For each channel the status to go on after.
#[derive(Debug, Default)]
pub(super) struct Cursor {
    after: BTreeMap<String, String>,
    /// When the newest status that was heard was written, of any channel.
    at: Option<Timestamp>,
    /// The newest ids of each channel, in order of arrival.
    latest: HashMap<String, VecDeque<String>>,
}

#[derive(Deserialize, Serialize)]
struct Stored {
    v: u16,
    after: BTreeMap<String, String>,
    /// In microseconds.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    at: Option<i64>,
}

impl Cursor {
    /// Reads a stored cursor; one of another version starts anew.
    pub(super) fn read(stored: Option<&str>) -> Self {
        let stored =
            stored.and_then(|text| serde_json::from_str::<Stored>(text).ok()).filter(|stored| stored.v == VERSION);
        let at = stored.as_ref().and_then(|stored| stored.at).map(Timestamp::from_micros);
        Self { after: stored.map(|stored| stored.after).unwrap_or_default(), at, latest: HashMap::new() }
    }

    pub(super) fn write(&self) -> Option<String> {
        let at = self.at.map(Timestamp::as_micros);
        serde_json::to_string(&Stored { v: VERSION, after: self.after.clone(), at }).ok()
    }

    /// The status to go on after; `None` when nothing of the channel was ever seen.
    pub(super) fn after(&self, channel: &str) -> Option<&str> {
        self.after.get(channel).map(String::as_str)
    }

    /// When the newest status that was heard was written.
    pub(super) const fn at(&self) -> Option<Timestamp> {
        self.at
    }

    /// A status of that time was heard.
    pub(super) fn heard(&mut self, at: Timestamp) {
        self.at = self.at.max(Some(at));
    }

    /// The place in a channel is none any more.
    pub(super) fn forget(&mut self, channel: &str) {
        self.after.remove(channel);
        self.latest.remove(channel);
    }

    /// A status of the channel was delivered for the first time.
    pub(super) fn advance(&mut self, channel: &str, id: &str) {
        if id.is_empty() || id.len() > MAX_ID_BYTES {
            return;
        }
        let latest = self.latest.entry(channel.to_owned()).or_default();
        latest.push_back(id.to_owned());
        let behind = if latest.len() > OVERLAP { latest.pop_front() } else { None };
        if let Some(behind) = behind {
            self.after.insert(channel.to_owned(), behind);
        } else if !self.after.contains_key(channel) {
            self.after.insert(channel.to_owned(), id.to_owned());
        }
    }

    /// Forgets channels that are listened to no longer.
    pub(super) fn keep(&mut self, channels: &[String]) {
        self.after.retain(|channel, _| channels.contains(channel));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cursor_stays_behind_and_survives_being_stored() {
        let mut cursor = Cursor::default();
        cursor.advance("public", "first");
        assert_eq!(cursor.after("public"), Some("first"));
        for id in 0..OVERLAP + 5 {
            cursor.advance("public", &format!("id{id}"));
        }
        assert_eq!(cursor.after("public"), Some("id4"));
        let stored = cursor.write().expect("it can be written");
        let mut read = Cursor::read(Some(&stored));
        assert_eq!(read.at(), None, "as cursors of before were");
        assert_eq!((read.after("public"), read.after("other")), (Some("id4"), None));
        read.heard(Timestamp::from_secs(7));
        read.heard(Timestamp::from_secs(5));
        assert_eq!(Cursor::read(read.write().as_deref()).at(), Some(Timestamp::from_secs(7)));
        read.keep(&["other".to_owned()]);
        assert_eq!(read.after("public"), None);
    }

    #[test]
    fn the_longest_cursor_stays_under_four_kibibytes() {
        let mut cursor = Cursor::default();
        cursor.heard(Timestamp::from_secs(1_772_366_400));
        for channel in 0..16 {
            cursor.advance(&format!("hashtag:{channel:->60}").replace('-', "я"), &"9".repeat(MAX_ID_BYTES));
        }
        assert!(cursor.write().is_some_and(|text| text.len() <= 4 << 10));
    }
}
