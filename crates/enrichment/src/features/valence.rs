//! How pleasant English words are, as people rated them (VADER, Hutto and Gilbert 2014).

use std::sync::LazyLock;

use foldhash::fast::FixedState;
use hashbrown::HashMap;
use molva_text::{Key, KeySpace};

static VALENCES: LazyLock<HashMap<Key, f32, FixedState>> = LazyLock::new(|| {
    let lines = include_str!("../../data/valence-en.tsv").lines().filter(|line| !line.starts_with('#'));
    let word = |line: &str| {
        let (word, tenths) = line.split_once('\t')?;
        Some((Key::of_text(&molva_text::normalise(word), KeySpace::Form), tenths.parse::<f32>().ok()? / 40.0))
    };
    lines.filter_map(word).collect()
});

/// From -1 to 1; `None` for words that nobody rated.
pub(crate) fn valence(key: Key) -> Option<f32> {
    VALENCES.get(&key).copied()
}
