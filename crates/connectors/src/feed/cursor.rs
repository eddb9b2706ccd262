//! What is remembered between two looks at a feed, in at most 4 KiB.

use std::collections::HashSet;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use molva_domain::Timestamp;
use serde::{Deserialize, Serialize};

use super::entry::Entry;
use crate::digest;

const VERSION: u8 = 1;
const MAX_BYTES: usize = 4_096;
/// Characters of one remembered entry: five of its key, three of what it says.
const MARK_CHARS: usize = 8;
const KEY_CHARS: usize = 5;
/// Most entries remembered; the oldest of a longer feed come again and are found to be known by their URN.
const MAX_MARKS: usize = 400;

/// The state of one feed. Times are Unix seconds where they do not say otherwise.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub(super) struct Cursor {
    v: u8,
    /// The address in the settings when this was written; another one starts anew.
    pub asked: String,
    /// Where the feed is now: found on the page that was asked for, or moved.
    pub url: String,
    /// Where it was first found; part of the URNs.
    pub identity: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub etag: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub last_modified: Option<String>,
    /// The newest entry's time.
    pub newest: i64,
    /// The last good answer.
    pub seen_at: i64,
    /// Not to be asked before.
    pub next_at_ms: i64,
    /// The pause after the last good answer, in seconds.
    pub pause: u64,
    pub failures: u32,
    /// Marks of the entries in the last window, eight characters each, without a separator.
    marks: String,
}

/// How an entry compares to the last window.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Known {
    New,
    /// The key was there, with another text.
    Changed,
    Same,
}

/// The last window, ready to be asked.
#[derive(Debug, Default)]
pub(super) struct Window {
    marks: HashSet<String>,
    keys: HashSet<String>,
}

impl Window {
    pub(super) fn is_empty(&self) -> bool {
        self.marks.is_empty()
    }

    pub(super) fn know(&self, mark: &str) -> Known {
        match (self.marks.contains(mark), self.keys.contains(&mark[..KEY_CHARS])) {
            (true, _) => Known::Same,
            (false, true) => Known::Changed,
            (false, false) => Known::New,
        }
    }
}

/// The mark of an entry. Two different ones of a window are taken for the same once in some 10^14.
pub(super) fn mark(entry: &Entry) -> String {
    mark_of(&entry.key, &[entry.title.as_deref().unwrap_or_default(), &entry.text])
}

/// The mark of an entry that was rejected: it is counted once, not at every look.
pub(super) fn rejected_mark(sample: &str) -> String {
    mark_of(sample, &[])
}

fn mark_of(key: &str, said: &[&str]) -> String {
    let mut mark = URL_SAFE_NO_PAD.encode(&digest::bytes(&[key])[..4]);
    mark.truncate(KEY_CHARS);
    mark.extend(URL_SAFE_NO_PAD.encode(&digest::bytes(said)[..3]).chars().take(MARK_CHARS - KEY_CHARS));
    mark
}

impl Cursor {
    /// A cursor of another version or of another address is none.
    pub(super) fn read(text: Option<&str>, asked: &str) -> Self {
        let fresh = Self { v: VERSION, asked: asked.to_owned(), ..Self::default() };
        let Some(Ok(cursor)) = text.map(serde_json::from_str::<Self>) else { return fresh };
        let sound = cursor.v == VERSION && cursor.marks.is_ascii() && cursor.marks.len() % MARK_CHARS == 0;
        // After a move the settings may hold the new address already.
        if sound && (cursor.asked == asked || cursor.url == asked) {
            Self { asked: asked.to_owned(), ..cursor }
        } else {
            fresh
        }
    }

    /// At most 4 KiB: the oldest marks go first, then what saves a download.
    pub(super) fn write(&self) -> String {
        let mut cursor = self.clone();
        loop {
            let text = serde_json::to_string(&cursor).unwrap_or_default();
            let excess = text.len().saturating_sub(MAX_BYTES);
            if excess == 0 {
                return text;
            }
            let kept = cursor.marks.len().saturating_sub(excess.next_multiple_of(MARK_CHARS));
            if cursor.marks.is_empty() {
                if cursor.etag.take().is_none() && cursor.last_modified.take().is_none() {
                    return String::new();
                }
            } else {
                cursor.marks.truncate(kept);
            }
        }
    }

    /// Whether the feed was ever read.
    pub(super) const fn is_first(&self) -> bool {
        self.seen_at == 0
    }

    pub(super) fn window(&self) -> Window {
        let marks: HashSet<String> =
            self.marks.as_bytes().chunks(MARK_CHARS).map(|mark| String::from_utf8_lossy(mark).into_owned()).collect();
        Window { keys: marks.iter().map(|mark| mark[..KEY_CHARS].to_owned()).collect(), marks }
    }

    /// Remembers a window, newest first. One that is shorter than the last, as that of a document which was cut, is filled up with what
    /// was known: the next is whole again, and nothing of it is new for that.
    pub(super) fn remember<'a>(&mut self, marks: impl Iterator<Item = &'a str>) {
        let last = std::mem::take(&mut self.marks);
        let marks: Vec<&str> = marks.take(MAX_MARKS).collect();
        let (new, wanted): (HashSet<&str>, usize) = (marks.iter().copied().collect(), last.len() / MARK_CHARS);
        let known = (0..last.len()).step_by(MARK_CHARS).map(|at| &last[at..at + MARK_CHARS]);
        let known = known.filter(|mark| !new.contains(mark)).take(wanted.saturating_sub(marks.len()));
        self.marks = marks.iter().copied().chain(known).collect();
    }

    pub(super) fn newest(&self) -> Option<Timestamp> {
        (self.newest > 0).then(|| Timestamp::from_secs(self.newest))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn entry(key: &str, text: &str) -> Entry {
        Entry { key: key.into(), text: text.into(), ..Entry::default() }
    }

    #[test]
    fn a_window_tells_new_changed_and_same_apart() {
        let mut cursor = Cursor::read(None, "https://a.example");
        cursor.remember([mark(&entry("1", "one")), mark(&entry("2", "two"))].iter().map(String::as_str));
        let window = Cursor::read(Some(&cursor.write()), "https://a.example").window();
        let know = |key: &str, text: &str| window.know(&mark(&entry(key, text)));
        assert_eq!((know("1", "one"), know("2", "too"), know("3", "one")), (Known::Same, Known::Changed, Known::New));
    }

    #[test]
    fn a_window_that_was_cut_forgets_nothing_and_one_that_moved_on_forgets_the_oldest() {
        let marks = |keys: std::ops::Range<u32>| -> Vec<String> {
            keys.rev().map(|key| mark(&entry(&key.to_string(), ""))).collect()
        };
        let mut cursor = Cursor::read(None, "https://a.example");
        let mut knows = |seen: std::ops::Range<u32>, asked: std::ops::Range<u32>| {
            cursor.remember(marks(seen).iter().map(String::as_str));
            let window = cursor.window();
            marks(asked).iter().filter(|mark| window.know(mark) == Known::Same).count()
        };
        assert_eq!(knows(0..60, 0..60), 60);
        assert_eq!(knows(40..70, 10..70), 60, "only the newer half came through");
        assert_eq!(knows(20..80, 0..20), 0);
    }

    #[test]
    fn a_cursor_never_outgrows_its_room() {
        let mut cursor = Cursor::read(None, &"a".repeat(900));
        cursor.url = "b".repeat(900);
        cursor.etag = Some("c".repeat(500));
        let marks: Vec<_> = (0..1_000).map(|i| mark(&entry(&i.to_string(), ""))).collect();
        cursor.remember(marks.iter().map(String::as_str));
        let text = cursor.write();
        assert!(text.len() <= MAX_BYTES, "{}", text.len());
        let back = Cursor::read(Some(&text), &cursor.asked);
        assert!((150..400).contains(&(back.marks.len() / MARK_CHARS)), "{}", back.marks.len());
        assert!(cursor.marks.starts_with(&back.marks));
    }

    #[test]
    fn another_address_or_a_broken_cursor_starts_anew() {
        let cursor = Cursor { seen_at: 5, url: "https://b.example".into(), ..Cursor::read(None, "https://a.example") };
        let text = cursor.write();
        assert_eq!(Cursor::read(Some(&text), "https://a.example").seen_at, 5);
        assert_eq!(Cursor::read(Some(&text), "https://b.example").seen_at, 5);
        assert!(Cursor::read(Some(&text), "https://c.example").is_first());
        assert!(Cursor::read(Some("{]"), "https://a.example").is_first());
    }
}
