//! Runs of five letters as often as they stand in a million sentences of a language, out of a table of probabilities.

use std::path::Path;

use anyhow::Context;
use molva_text::language::Letters;

use super::train::Random;

const LENGTH: usize = 5;

/// Draws runs of letters.
pub(super) struct Fragments {
    /// Features of each run.
    runs: Vec<Vec<u32>>,
    /// Sums of the probabilities up to each run.
    sums: Vec<f64>,
}

impl Fragments {
    /// The table holds the logarithm of each letter's probability after the letters before it.
    pub(super) fn read(path: &Path) -> anyhow::Result<Self> {
        let bytes = std::fs::read(path).with_context(|| format!("cannot read `{}`", path.display()))?;
        let table = fst::Map::new(bytes).with_context(|| format!("`{}` is no table", path.display()))?;
        let mut letters = Letters::default();
        let (mut runs, mut sums, mut sum) = (Vec::new(), Vec::new(), 0.0);
        let mut stream = table.stream();
        while let Some((run, _)) = fst::Streamer::next(&mut stream) {
            let Ok(run) = std::str::from_utf8(run) else { continue };
            let ends: Vec<usize> = run.char_indices().map(|(at, c)| at + c.len_utf8()).collect();
            if ends.len() != LENGTH {
                continue;
            }
            let logarithm: f64 = ends.iter().filter_map(|end| table.get(&run[..*end])).map(f64::from_bits).sum();
            letters.read_part(run);
            let mut features = Vec::new();
            letters.features(|feature| features.push(feature));
            runs.push(features);
            sum += logarithm.exp();
            sums.push(sum);
        }
        Ok(Self { runs, sums })
    }

    pub(super) fn draw(&self, random: &mut Random) -> &[u32] {
        let wanted = random.share() * self.sums.last().copied().unwrap_or_default();
        let at = self.sums.partition_point(|sum| *sum < wanted);
        self.runs.get(at).map_or(&[], Vec::as_slice)
    }
}
