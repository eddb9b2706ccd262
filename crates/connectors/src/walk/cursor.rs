//! What is remembered between two looks, in 4 KiB.

use std::collections::{HashSet, VecDeque};

use molva_domain::Timestamp;
use serde::{Deserialize, Serialize};

use crate::digest;

const VERSION: u8 = 1;
/// Bytes of a name's digest: two of so many are alike once in some ten million cursors.
const ID_BYTES: usize = 5;
/// Of a list's: there are a hundred of them at most.
const LIST_BYTES: usize = 3;

#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub(super) struct Cursor {
    walk: u8,
    of: String,
    /// Unix seconds of the newest item seen; 0 before the first look.
    newest: i64,
    next_at_ms: i64,
    /// Unix seconds of the last look that went well; 0 before the first.
    looked: i64,
    failures: u32,
    /// Digests of names, [`ID_BYTES`] each, the newest first.
    ids: VecDeque<String>,
    /// Digests of the lists that were read, [`LIST_BYTES`] each, one behind the other.
    #[serde(skip_serializing_if = "String::is_empty")]
    lists: String,
    /// What was seen since this run began: more than fits into a cursor.
    #[serde(skip)]
    run: HashSet<String>,
}

impl Cursor {
    /// Names remembered from run to run.
    pub(super) const NAMES: usize = 240;
    /// Lists remembered.
    const LISTS: usize = 110;
    /// Names remembered in a run; past that it begins anew.
    const RUN_NAMES: usize = 50_000;

    /// A cursor of something else is none.
    pub(super) fn read(text: Option<&str>, of: &str) -> Self {
        let of = digest::hex(&[of], 8);
        let cursor: Option<Self> = text.and_then(|text| serde_json::from_str(text).ok());
        cursor.filter(|cursor| cursor.walk == VERSION && cursor.of == of).unwrap_or_else(|| Self {
            walk: VERSION,
            of,
            ..Self::default()
        })
    }

    pub(super) fn write(&self) -> String {
        serde_json::to_string(self).unwrap_or_default()
    }

    pub(super) fn newest(&self) -> Option<Timestamp> {
        (self.newest > 0).then(|| Timestamp::from_secs(self.newest))
    }

    pub(super) fn next_at(&self) -> Timestamp {
        Timestamp::from_millis(self.next_at_ms)
    }

    pub(super) fn wait_until(&mut self, at: Timestamp) {
        self.next_at_ms = at.as_millis();
    }

    /// When it was last looked at well.
    pub(super) fn looked_at(&self) -> Option<Timestamp> {
        (self.looked > 0).then(|| Timestamp::from_secs(self.looked))
    }

    pub(super) fn looked(&mut self, at: Timestamp) {
        self.looked = at.as_secs();
    }

    /// Whether a list that comes and goes was not read so far.
    pub(super) fn is_new(&self, list: &str) -> bool {
        !lists_of(&self.lists).any(|known| known == list_digest(list))
    }

    /// Those are the ones that were read; others are forgotten.
    pub(super) fn read_lists(&mut self, lists: &[String]) {
        self.lists = lists.iter().take(Self::LISTS).map(|list| list_digest(list)).collect();
    }

    pub(super) const fn has_failed(&self) -> bool {
        self.failures > 0
    }

    /// One more failure in a row; how many that makes.
    pub(super) fn failed(&mut self) -> u32 {
        self.failures += 1;
        self.failures
    }

    pub(super) fn knows(&self, id: &str) -> bool {
        let id = digest::hex(&[id], ID_BYTES);
        self.run.contains(&id) || self.ids.contains(&id)
    }

    /// A look went well. It never goes back in time; of the names, given from the newest on, the newest are kept longest.
    pub(super) fn saw(&mut self, newest: Timestamp, ids: &[String]) {
        self.failures = 0;
        self.newest = self.newest.max(newest.as_secs()).max(1);
        if self.run.len() > Self::RUN_NAMES {
            self.run.clear();
        }
        for (index, id) in ids.iter().enumerate().rev() {
            let id = digest::hex(&[id], ID_BYTES);
            if index < Self::NAMES && !self.ids.contains(&id) {
                self.ids.push_front(id.clone());
            }
            if index < Self::RUN_NAMES {
                self.run.insert(id);
            }
        }
        self.ids.truncate(Self::NAMES);
    }
}

fn list_digest(list: &str) -> String {
    digest::hex(&[list], LIST_BYTES)
}

fn lists_of(digests: &str) -> impl Iterator<Item = &str> {
    (0..digests.len() / (2 * LIST_BYTES)).filter_map(|at| digests.get(at * 2 * LIST_BYTES..(at + 1) * 2 * LIST_BYTES))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_newest_names_are_remembered_in_the_room_there_is() {
        let mut cursor = Cursor::read(None, "forum.example");
        let names: Vec<String> = (0..1_000).rev().map(|number| format!("{number}/{}", "long ".repeat(50))).collect();
        cursor.saw(Timestamp::from_secs(1_772_366_400), &names);
        let lists: Vec<String> = (0..110).map(|number| format!("videos with `{number}`")).collect();
        cursor.read_lists(&lists);
        let text = cursor.write();
        assert!(text.len() <= 4_096, "{}", text.len());
        assert!(cursor.knows(&names[999]), "a run remembers more");
        let mut back = Cursor::read(Some(&text), "forum.example");
        assert_eq!(back, Cursor { run: HashSet::new(), ..cursor });
        assert!(back.knows(&names[0]) && back.knows(&names[239]) && !back.knows(&names[240]));
        assert!(lists.iter().all(|list| !back.is_new(list)) && back.is_new("videos with `110`"));
        back.read_lists(&lists[..2]);
        assert!(!back.is_new(&lists[1]) && back.is_new(&lists[2]));
        back.saw(Timestamp::from_secs(5), &["one more".to_owned()]);
        assert!(back.knows("one more") && back.knows(&names[238]) && !back.knows(&names[239]));
        assert_eq!(back.newest(), Some(Timestamp::from_secs(1_772_366_400)));
        assert_eq!(Cursor::read(Some(&text), "other.example").newest(), None);
    }
}
