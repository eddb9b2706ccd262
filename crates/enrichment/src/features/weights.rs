//! How much a feature of a post counts: log-tf x idf, each block of unit length.

use std::sync::LazyLock;

use super::{Block, ROWS, Reader};

/// A feature with its value.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Weighed {
    pub(crate) row: u32,
    pub(crate) value: f32,
}

/// Inverse document frequencies by row, in sixteenths; zero for what was hardly ever seen, which is then left out.
#[derive(Clone, Debug)]
pub(crate) struct Idf(pub(crate) std::borrow::Cow<'static, [u8]>);

/// What a sign counts beside the words, which together are of length one.
const SIGN_VALUE: f32 = 0.3;

/// What names of those addressed count together, beside the words.
const HANDLE_VALUE: f32 = 1.0;

/// What so many occurrences count: the first is one, more of them by their logarithm.
static LOGS: LazyLock<[f32; 64]> = LazyLock::new(|| std::array::from_fn(|count| 1.0 + (count.max(1) as f32).ln()));

fn tf(logs: &[f32; 64], count: u16) -> f32 {
    logs.get(usize::from(count)).copied().unwrap_or_else(|| 1.0 + f32::from(count).ln())
}

/// A frequency as it is kept.
pub(crate) fn of_sixteenths(sixteenths: u8) -> f32 {
    f32::from(sixteenths) / 16.0
}

impl Idf {
    /// From the number of posts in which each row was seen.
    pub(crate) fn of_counts(counts: &[u32], posts: u32, fewest: u32) -> Self {
        let sixteenths = |count: &u32| {
            if *count < fewest {
                return 0;
            }
            let idf = (f64::from(posts + 1) / f64::from(count + 1)).ln() + 1.0;
            (idf * 16.0).round().clamp(1.0, 255.0) as u8
        };
        Self(counts.iter().map(sixteenths).collect())
    }

    #[cfg(test)]
    pub(crate) fn flat() -> Self {
        Self(vec![16; ROWS].into())
    }

    /// As [`Self::of`]; what was hardly ever seen counts as rare.
    fn of_any(&self, row: u32) -> f32 {
        const RARE: f32 = 9.0;
        let idf = self.of(row);
        if idf > 0.0 { idf } else { RARE }
    }

    fn of(&self, row: u32) -> f32 {
        of_sixteenths(self.0.get(row as usize % ROWS).copied().unwrap_or_default())
    }
}

impl Reader {
    /// The values of the features just read, in their order; zero for those never seen in training.
    ///
    /// One loop fetches, the next ones reckon, and none asks what a feature is made of before it goes on.
    pub(crate) fn weigh(&self, idf: &Idf, weighed: &mut Vec<Weighed>) {
        self.weigh_by(weighed, |_, row| idf.of(row));
    }

    /// The same; `idf` is asked by the number of a feature and its row.
    pub(crate) fn weigh_by(&self, weighed: &mut Vec<Weighed>, idf: impl Fn(usize, u32) -> f32) {
        weighed.clear();
        let logs = &*LOGS;
        // Handles stay at zero: see `weigh_handles`.
        weighed.extend(self.features.iter().enumerate().map(|(number, feature)| {
            let value = tf(logs, feature.count) * idf(number, feature.row);
            let value = match feature.block {
                Block::Word | Block::Letters => value,
                Block::Sign => SIGN_VALUE,
                Block::Handle => 0.0,
            };
            Weighed { row: feature.row, value }
        }));
        let (mut words, mut letters) = (0.0_f32, 0.0_f32);
        for (feature, weighed) in self.features.iter().zip(&*weighed) {
            let square = weighed.value * weighed.value;
            words += if feature.block == Block::Word { square } else { 0.0 };
            letters += if feature.block == Block::Letters { square } else { 0.0 };
        }
        let scale = |squares: f32| if squares > 0.0 { squares.sqrt().recip() } else { 0.0 };
        let (words, letters) = (scale(words), scale(letters));
        for (feature, weighed) in self.features.iter().zip(weighed) {
            weighed.value *= match feature.block {
                Block::Word => words,
                Block::Letters => letters,
                Block::Sign | Block::Handle => 1.0,
            };
        }
    }

    /// Fills in the values of the names of those addressed, for models that look at them.
    pub(crate) fn weigh_handles(&self, idf: &Idf, weighed: &mut [Weighed]) {
        let handles = || self.features.iter().enumerate().filter(|(_, feature)| feature.block == Block::Handle);
        let squares: f32 = handles().map(|(_, feature)| idf.of(feature.row).powi(2)).sum();
        if squares > 0.0 {
            let scale = HANDLE_VALUE / squares.sqrt();
            handles().for_each(|(index, feature)| weighed[index].value = idf.of(feature.row) * scale);
        }
    }

    /// The values of what a workspace's correction hears: words, names of those addressed and signs, also those that the shipped
    /// models never saw, but no letters inside words. `which` says the number of each one's feature.
    pub(crate) fn weigh_whole_words(&self, idf: &Idf, which: &mut Vec<u32>, weighed: &mut Vec<Weighed>) {
        which.clear();
        weighed.clear();
        let (mut words, mut handles) = (0.0_f32, 0.0_f32);
        for (number, feature) in (0..).zip(&self.features) {
            let value = match feature.block {
                Block::Letters => continue,
                Block::Sign => SIGN_VALUE,
                Block::Word => {
                    let value = tf(&LOGS, feature.count) * idf.of_any(feature.row);
                    words += value * value;
                    value
                }
                Block::Handle => {
                    let value = idf.of_any(feature.row);
                    handles += value * value;
                    value
                }
            };
            which.push(number);
            weighed.push(Weighed { row: feature.row, value });
        }
        let scale = |squares: f32| if squares > 0.0 { squares.sqrt().recip() } else { 0.0 };
        let (words, handles) = (scale(words), HANDLE_VALUE * scale(handles));
        for (number, weighed) in which.iter().zip(weighed) {
            match self.features[*number as usize].block {
                Block::Word => weighed.value *= words,
                Block::Handle => weighed.value *= handles,
                Block::Letters | Block::Sign => {}
            }
        }
    }
}
