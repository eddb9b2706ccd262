//! The weights: for each alphabet a table of rows by the hash of a feature, one small number a language.
//!
//! A text's points for a language are the sum of its features' weights; the languages' points become probabilities
//! by softmax. Made by `cargo run --release -p xtask -- language`; see `docs/language.md`.

use std::sync::LazyLock;

use molva_domain::Language;

use super::features::Letters;

/// Languages of the Cyrillic and of the Latin table: the sizes of their rows.
pub const CYRILLIC_LANGUAGES: usize = 8;
pub const LATIN_LANGUAGES: usize = 24;

const MAX_LANGUAGES: usize = 24;

/// First bytes of the file.
pub const MAGIC: [u8; 8] = *b"lang-001";

static FILE: &[u8] = include_bytes!("../../data/languages.model");

pub(super) static MODEL: LazyLock<Option<Model<'static>>> = LazyLock::new(|| Model::read(FILE));

/// The tables of both alphabets.
#[derive(Debug)]
pub(super) struct Model<'a> {
    pub(super) cyrillic: Table<'a, CYRILLIC_LANGUAGES>,
    pub(super) latin: Table<'a, LATIN_LANGUAGES>,
}

/// The table of one alphabet.
#[derive(Debug)]
pub(super) struct Table<'a, const N: usize> {
    languages: [Language; N],
    /// Points of a text without letters.
    bias: [f32; N],
    /// What a weight of one is worth.
    step: f32,
    /// Bits of a hash that say the row.
    bits: u32,
    /// Two's complement.
    rows: &'a [[u8; N]],
}

impl<'a> Model<'a> {
    /// Reads a file; `None` when it is not such.
    fn read(bytes: &'a [u8]) -> Option<Self> {
        let bytes = bytes.strip_prefix(&MAGIC)?;
        let (cyrillic, bytes) = Table::read(bytes)?;
        let (latin, bytes) = Table::read(bytes)?;
        bytes.is_empty().then_some(Self { cyrillic, latin })
    }
}

impl<'a, const N: usize> Table<'a, N> {
    fn read(bytes: &'a [u8]) -> Option<(Self, &'a [u8])> {
        let (&[bits], mut bytes) = bytes.split_first_chunk()?;
        let mut languages = [Language::RUSSIAN; N];
        let mut bias = [0.0; N];
        let step = take_number(&mut bytes)?;
        for (language, bias) in languages.iter_mut().zip(&mut bias) {
            let (code, rest) = bytes.split_first_chunk::<2>()?;
            *language = Language::parse(std::str::from_utf8(code).ok()?)?;
            bytes = rest;
            *bias = take_number(&mut bytes)?;
        }
        let (rows, rest) = bytes.split_at_checked(N << bits.clamp(1, 20))?;
        Some((Self { languages, bias, step, bits: u32::from(bits.clamp(1, 20)), rows: rows.as_chunks().0 }, rest))
    }

    /// Adds the points of a word.
    ///
    /// Eight weights are added at once, in the halves of two registers: no sum of a word leaves its 16 bits.
    pub(super) fn add(&self, letters: &Letters, points: &mut [i32; N]) {
        const EVEN: u64 = 0x00ff_00ff_00ff_00ff;
        const FROM_SIGNED: u64 = 0x8080_8080_8080_8080;
        let mut sums = [[0_u64; 2]; MAX_LANGUAGES / 8];
        let mut features = 0;
        letters.features(|feature| {
            let Some(row) = self.rows.get((feature >> (32 - self.bits)) as usize) else { return };
            features += 1;
            for ([even, odd], weights) in sums.iter_mut().zip(row.as_chunks().0) {
                let weights = u64::from_le_bytes(*weights) ^ FROM_SIGNED;
                *even += weights & EVEN;
                *odd += (weights >> 8) & EVEN;
            }
        });
        for (at, points) in points.iter_mut().enumerate() {
            let sum = sums[at / 8][at % 2] >> (at % 8 / 2 * 16);
            *points += (sum & 0xffff) as i32 - 128 * features;
        }
    }

    /// The likeliest language and its probability.
    pub(super) fn verdict(&self, points: &[i32; N]) -> (Language, f32) {
        let logits: [f32; N] = std::array::from_fn(|at| self.bias[at] + self.step * points[at] as f32);
        let best = (0..N).max_by(|a, b| logits[*a].total_cmp(&logits[*b])).unwrap_or_default();
        let sum: f32 = logits.iter().map(|logit| (logit - logits[best]).exp()).sum();
        (self.languages[best], 1.0 / sum)
    }
}

fn take_number(bytes: &mut &[u8]) -> Option<f32> {
    let (number, rest) = bytes.split_first_chunk()?;
    *bytes = rest;
    Some(f32::from_le_bytes(*number))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_points_of_a_word_are_the_sums_of_its_weights() {
        let rows: Vec<[u8; LATIN_LANGUAGES]> =
            (0..256).map(|row| std::array::from_fn(|at| (row * 31 + at * 57) as u8)).collect();
        let table = Table { languages: [Language::ENGLISH; _], bias: [0.0; _], step: 1.0, bits: 8, rows: &rows };
        for word in ["a", "word", &"longest".repeat(9)] {
            let mut letters = Letters::default();
            letters.read(word);
            let mut expected = [5; LATIN_LANGUAGES];
            letters.features(|feature| {
                let row = &rows[(feature >> 24) as usize];
                expected.iter_mut().zip(row).for_each(|(sum, weight)| *sum += i32::from(*weight as i8));
            });
            let mut points = [5; LATIN_LANGUAGES];
            table.add(&letters, &mut points);
            assert_eq!(points, expected);
        }
    }

    #[test]
    fn a_file_that_is_cut_or_of_another_version_is_refused() {
        assert!(Model::read(FILE).is_some());
        assert!(Model::read(&FILE[..FILE.len() - 1]).is_none());
        assert!(Model::read(&FILE[1..]).is_none());
        assert!(Model::read(&[]).is_none());
    }
}
