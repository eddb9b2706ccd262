//! How far a source was read.

use std::time::Duration;

use molva_domain::Timestamp;
use serde::{Deserialize, Serialize};

use crate::digest;
use crate::session::Session;

const VERSION: u8 = 1;
/// What a cursor may be long.
const LONGEST: usize = 4_096;

#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub(super) struct Cursor {
    #[serde(rename = "matrix")]
    version: u8,
    /// Whose view it is: another account is in other rooms.
    pub user: String,
    /// As the server calls the place; empty before the first.
    pub since: String,
    /// Unix seconds when it named it.
    at: i64,
    /// What is still to be read of what was before.
    pub back: Option<Back>,
}

/// A stretch of the past that is being read, a room after the other.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub(super) struct Back {
    /// Unix seconds.
    until: i64,
    /// It is a gap until it was read.
    pub lost: bool,
    /// Rooms that were.
    done: Vec<String>,
}

impl Cursor {
    pub(super) fn read(session: &Session) -> Self {
        let cursor: Option<Self> = session.cursor.as_deref().and_then(|text| serde_json::from_str(text).ok());
        let cursor = cursor.filter(|cursor| cursor.version == VERSION);
        cursor.unwrap_or_else(|| Self { version: VERSION, ..Self::default() })
    }

    pub(super) fn write(&self) -> String {
        let text = serde_json::to_string(self).unwrap_or_default();
        if text.len() <= LONGEST {
            return text;
        }
        // Rooms that were read are read again: the store knows what it has.
        let back = self.back.clone().map(|back| Back { done: Vec::new(), ..back });
        serde_json::to_string(&Self { back, ..self.clone() }).unwrap_or_default()
    }

    pub(super) fn at(&self) -> Timestamp {
        Timestamp::from_secs(self.at)
    }

    /// The server named the next place.
    pub(super) fn moved(&mut self, since: String, now: Timestamp) {
        (self.since, self.at) = (since, now.as_secs());
    }

    pub(super) fn look_back(&mut self, now: Timestamp, how_far: Duration, lost: bool) {
        self.back = Some(Back { until: now.minus(how_far).as_secs(), lost, done: Vec::new() });
    }
}

impl Back {
    pub(super) const fn until(&self) -> Timestamp {
        Timestamp::from_secs(self.until)
    }

    pub(super) fn is_done(&self, room: &str) -> bool {
        self.done.contains(&name(room))
    }

    pub(super) fn done(&mut self, room: &str) {
        self.done.push(name(room));
    }
}

fn name(room: &str) -> String {
    digest::hex(&[room], 5)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rooms_that_were_read_are_forgotten_before_a_cursor_is_too_long() {
        let now = Timestamp::from_secs(1_772_366_400);
        let mut cursor = Cursor { version: VERSION, user: "@molva:m.example".to_owned(), ..Cursor::default() };
        cursor.moved("s1_2_3".to_owned(), now);
        cursor.look_back(now, Duration::from_secs(60), true);
        let read = |cursor: &Cursor| serde_json::from_str::<Cursor>(&cursor.write()).expect("a cursor");
        for room in 0..200 {
            cursor.back.as_mut().expect("a stretch").done(&format!("!{room}:m.example"));
        }
        assert_eq!(read(&cursor), cursor);
        for room in 200..400 {
            cursor.back.as_mut().expect("a stretch").done(&format!("!{room}:m.example"));
        }
        let short = read(&cursor);
        assert!(cursor.write().len() <= LONGEST && short.back.as_ref().is_some_and(|back| back.lost));
        assert_eq!((short.since.as_str(), short.at()), ("s1_2_3", now));
    }
}
