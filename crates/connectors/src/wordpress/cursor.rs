//! What is remembered of a site between two looks.

use serde::{Deserialize, Serialize};

const VERSION: u8 = 1;
/// Newest comments remembered; a page has a hundred.
const MAX_IDS: usize = 300;

/// Times are Unix seconds where they do not say otherwise.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub(super) struct Cursor {
    wordpress: u8,
    instance: String,
    /// The newest comment's time; 0 before the first look.
    pub newest: i64,
    pub next_at_ms: i64,
    pub pause: u64,
    pub failures: u32,
    /// Comments seen, the greatest ids.
    ids: Vec<u64>,
}

impl Cursor {
    /// A cursor of another site, or of the feed that was read instead, is none.
    pub(super) fn read(text: Option<&str>, instance: &str) -> Self {
        let fresh = Self { wordpress: VERSION, instance: instance.to_owned(), ..Self::default() };
        let cursor: Option<Self> = text.and_then(|text| serde_json::from_str(text).ok());
        cursor.filter(|cursor| cursor.wordpress == VERSION && cursor.instance == instance).unwrap_or(fresh)
    }

    pub(super) fn write(&self) -> String {
        serde_json::to_string(self).unwrap_or_default()
    }

    pub(super) fn knows(&self, id: u64) -> bool {
        self.ids.contains(&id)
    }

    /// Adds ids to those known. The room is for ids of ten digits; the least are forgotten first.
    pub(super) fn remember(&mut self, ids: &[u64]) {
        self.ids.extend(ids);
        self.ids.sort_unstable_by(|a, b| b.cmp(a));
        self.ids.dedup();
        self.ids.truncate(MAX_IDS);
        while self.write().len() > 4_096 {
            self.ids.pop();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_greatest_ids_are_remembered_in_the_room_there_is() {
        let mut cursor = Cursor::read(None, "blog.example");
        cursor.remember(&(1..=1_000).map(|id| id + 9_000_000_000).collect::<Vec<_>>());
        let back = Cursor::read(Some(&cursor.write()), "blog.example");
        assert_eq!(back, cursor);
        assert!(back.knows(9_000_001_000) && back.knows(9_000_000_701) && !back.knows(9_000_000_700));
        assert!(!Cursor::read(Some(&cursor.write()), "other.example").knows(9_000_001_000));
    }
}
