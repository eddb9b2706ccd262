//! Files of posts to import, with the truth about them: which match, which do not, which are broken or repeated.

use std::collections::BTreeSet;
use std::fmt::Write as _;

use rand::rngs::StdRng;
use rand::{RngExt as _, SeedableRng as _};

use crate::api::Tally;

/// The query that the matching posts of a file match, and no other.
pub const MATCHING_QUERY: &str = "мегафон";
/// The query that the other posts match.
pub const OTHER_QUERY: &str = "погода";

/// What must be known of a file after it was imported, however often that was interrupted.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Truth {
    /// Ids of the posts that match [`MATCHING_QUERY`].
    pub matching: BTreeSet<String>,
    /// Ids of the posts that match [`OTHER_QUERY`] only.
    pub others: BTreeSet<String>,
    pub duplicates: u64,
    pub broken: u64,
}

impl Truth {
    /// The sums the ledger must show while only [`MATCHING_QUERY`] is a topic.
    #[must_use]
    pub fn tally(&self) -> Tally {
        let (stored, unmatched) = (self.matching.len() as u64, self.others.len() as u64);
        Tally {
            received: stored + unmatched + self.duplicates + self.broken,
            stored,
            unmatched,
            duplicate: self.duplicates,
            updated: 0,
            rejected: self.broken,
        }
    }

    /// Takes another file's truth in.
    pub fn add(&mut self, other: Self) {
        self.matching.extend(other.matching);
        self.others.extend(other.others);
        self.duplicates += other.duplicates;
        self.broken += other.broken;
    }
}

/// JSONL of that many records: 40 % match, 4 % repeat an earlier record, 3 % are broken in one of three ways.
#[must_use]
pub fn jsonl(seed: u64, records: usize) -> (String, Truth) {
    let mut dice = StdRng::seed_from_u64(seed);
    let mut file = String::with_capacity(records * 220);
    let mut truth = Truth::default();
    let mut lines: Vec<String> = Vec::new();
    for number in 0..records {
        let roll = dice.random_range(0..100_u32);
        if roll < 4 && !lines.is_empty() {
            let _ = writeln!(file, "{}", lines[dice.random_range(0..lines.len())]);
            truth.duplicates += 1;
            continue;
        }
        let id = format!("f{seed}-{number}");
        let published = 1_760_000_000 + number;
        if roll < 7 {
            let _ = match roll {
                4 => writeln!(file, r#"{{"id":"{id}","published":{published},"text":"обрыв на полу"#),
                5 => writeln!(file, r#"{{"id":"{id}","published":{published},"text":""}}"#),
                _ => writeln!(file, r#"{{"id":"{id}","published":"вчера под вечер","text":"погода {id}"}}"#),
            };
            truth.broken += 1;
            continue;
        }
        let matches = roll < 47;
        let text = sentence(&mut dice, matches, number);
        let line = format!(
            r#"{{"id":"{id}","published":{published},"network":"forum","author":"user{}","text":"{text}"}}"#,
            number % 997
        );
        let _ = writeln!(file, "{line}");
        if lines.len() < 1_000 {
            lines.push(line);
        }
        if matches {
            truth.matching.insert(id)
        } else {
            truth.others.insert(id)
        };
    }
    (file, truth)
}

/// Unique texts, so that no post counts as a copy of another.
fn sentence(dice: &mut StdRng, matches: bool, number: usize) -> String {
    const SUBJECTS: [&str; 6] = ["мегафон", "мегафона", "мегафону", "Мегафоном", "МЕГАФОН", "мегафоне"];
    const REST: [&str; 6] = [
        "опять что-то придумал",
        "у нас на даче каждый вечер",
        "а соседи говорят другое",
        "кто-нибудь понимает почему",
        "и так третий день подряд",
        "сегодня лучше, чем вчера",
    ];
    let subject = if matches { SUBJECTS[dice.random_range(0..SUBJECTS.len())] } else { "погода" };
    let mut text = format!("{subject} {}", REST[dice.random_range(0..REST.len())]);
    for _ in 0..dice.random_range(0..4_u32) {
        let _ = write!(text, ", {}", REST[dice.random_range(0..REST.len())]);
    }
    let _ = write!(text, " №{number}");
    text
}
