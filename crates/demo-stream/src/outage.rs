//! Outages: one city of one operator goes silent, a few posts tell it first, and reposts of those carry it on.
//!
//! The whole cascade follows from key and day. Its posts a minute grow and fade like a gamma curve of second order.

use crate::dice::{Dice, mix};
use crate::rhythm::CELL_SECONDS;
use crate::world::{BRANDS, Tongue, Trade};

const OUTAGE: i64 = 201;
const CELLS_A_DAY: i64 = 86_400 / CELL_SECONDS;
/// Share of the days that see an outage.
const LIKELIHOOD: f64 = 0.75;
/// Posts of an outage as a share of a day's posts, at least and at most.
const SIZE: (f64, f64) = (0.03, 0.09);

/// Mean share of the day's posts that belong to outages.
pub(crate) const MEAN_SHARE: f64 = LIKELIHOOD * (SIZE.0 + SIZE.1) / 2.0;

/// Minutes after the start at which the posts appear that others repost: a witness, a city channel, the operator, the news.
pub(crate) const SOURCES: [i64; 4] = [2, 9, 34, 71];

/// One outage.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Outage {
    pub(crate) id: u64,
    pub(crate) brand: usize,
    pub(crate) tongue: Tongue,
    pub(crate) city: usize,
    /// The minute it begins, as a cell of the stream.
    pub(crate) start: i64,
    /// Minutes from the start to the peak of the talk.
    pub(crate) peak: f64,
    /// Posts expected in all.
    pub(crate) size: f64,
}

impl Outage {
    /// The outage of that day of UTC, if it has one.
    #[expect(clippy::cast_possible_truncation, reason = "minutes of a day")]
    pub(crate) fn of_day(key: u64, day: i64, posts_per_day: f64) -> Option<Self> {
        let mut dice = Dice::new(key, &[OUTAGE, day]);
        if !dice.chance(LIKELIHOOD) {
            return None;
        }
        let weights = BRANDS.map(|(_, _, trade, _, share)| if trade == Trade::Telecom { share } else { 0.0 });
        let brand = dice.weighted(&weights);
        let tongue = if dice.chance(0.65) { Tongue::Russian } else { Tongue::Ukrainian };
        let cities: Vec<f64> = tongue.vocabulary().cities.iter().map(|city| city.weight.sqrt()).collect();
        let city = dice.weighted(&cities);
        // Between 6:00 and 17:00 UTC: people are awake.
        let start = day * CELLS_A_DAY + (360.0 + dice.unit() * 660.0) as i64;
        let peak = 24.0 + dice.unit() * 30.0;
        let size = posts_per_day * (SIZE.0 + dice.unit() * (SIZE.1 - SIZE.0));
        Some(Self { id: mix(key, day.cast_unsigned()), brand, tongue, city, start, peak, size })
    }

    /// Outages that can be talked about in that cell.
    pub(crate) fn around(key: u64, cell: i64, posts_per_day: f64) -> impl Iterator<Item = Self> {
        let day = cell.div_euclid(CELLS_A_DAY);
        [day - 1, day].into_iter().filter_map(move |day| Self::of_day(key, day, posts_per_day))
    }

    #[expect(clippy::cast_precision_loss, reason = "minutes since the start are few")]
    fn minutes_at(&self, cell: i64) -> f64 {
        (cell - self.start) as f64
    }

    /// Posts expected in that minute, without the four sources.
    pub(crate) fn intensity(&self, cell: i64) -> f64 {
        let minutes = self.minutes_at(cell);
        if minutes < 1.0 || minutes > 14.0 * self.peak {
            return 0.0;
        }
        self.size * minutes / (self.peak * self.peak) * (-minutes / self.peak).exp()
    }

    /// People write that it works again.
    pub(crate) fn is_over(&self, cell: i64) -> bool {
        self.minutes_at(cell) > 3.4 * self.peak
    }

    /// Which source is passed on in that minute: the big ones draw more, the fresh ones draw more.
    pub(crate) fn source_to_pass_on(&self, cell: i64, dice: &mut Dice) -> Option<usize> {
        const REACH: [f64; 4] = [0.6, 2.4, 0.7, 1.3];
        let weights: Vec<f64> = (0..SOURCES.len())
            .map(|index| {
                let age = self.minutes_at(cell - SOURCES[index]);
                if age < 1.0 { 0.0 } else { REACH[index] * (-age / (1.4 * self.peak)).exp() }
            })
            .collect();
        (weights.iter().sum::<f64>() > 0.0).then(|| dice.weighted(&weights))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_minutes_of_an_outage_sum_to_its_size() {
        let outage = (0..30).find_map(|day| Outage::of_day(5, day, 20_000.0)).expect("an outage in a month");
        let total: f64 = (outage.start..outage.start + 1_000).map(|cell| outage.intensity(cell)).sum();
        assert!((total / outage.size - 1.0).abs() < 0.02, "{total} of {}", outage.size);
    }

    #[test]
    fn nothing_is_passed_on_before_it_was_said() {
        let outage = (0..30).find_map(|day| Outage::of_day(5, day, 20_000.0)).expect("an outage in a month");
        assert_eq!(outage.source_to_pass_on(outage.start + SOURCES[0], &mut Dice::new(1, &[])), None);
        assert_eq!(outage.source_to_pass_on(outage.start + SOURCES[0] + 1, &mut Dice::new(1, &[])), Some(0));
    }
}
