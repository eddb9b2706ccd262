//! When people write: quiet nights, a slow morning, a peak between eight and ten in the evening of their own clock.

use crate::dice::Dice;
use crate::world::Tongue;

/// The grain of the stream, in seconds: chance is drawn anew for every minute.
pub(crate) const CELL_SECONDS: i64 = 60;

/// Relative activity at the full hours of the local clock; between them it changes in a straight line.
const HOURS: [f64; 24] = [
    0.50, 0.30, 0.18, 0.12, 0.11, 0.16, 0.34, 0.62, 0.88, 1.02, 1.08, 1.12, //
    1.18, 1.15, 1.10, 1.10, 1.16, 1.26, 1.42, 1.62, 1.78, 1.76, 1.44, 0.92,
];

/// Mean of [`HOURS`].
const MEAN: f64 = 22.32 / 24.0;

/// Shares of the three languages, hours their clocks are ahead of UTC, and how much of the day's curve they follow:
/// English voices come from many time zones.
const VOICES: [(Tongue, f64, f64, f64); 3] =
    [(Tongue::Russian, 0.60, 3.0, 1.0), (Tongue::Ukrainian, 0.26, 2.0, 1.0), (Tongue::English, 0.14, 1.0, 0.5)];

/// Rates of the three languages in that cell, as multiples of the mean rate of the whole stream.
#[expect(clippy::cast_precision_loss, reason = "cells of any real date fit a double")]
pub(crate) fn rates(cell: i64) -> [f64; 3] {
    let utc_hour = (cell * CELL_SECONDS) as f64 / 3_600.0;
    VOICES.map(|(_, share, ahead, depth)| share * (1.0 - depth + depth * activity(utc_hour + ahead)))
}

/// Whose post it is, drawn by the rates of its cell.
pub(crate) fn tongue(rates: &[f64; 3], dice: &mut Dice) -> Tongue {
    VOICES[dice.weighted(rates)].0
}

#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "an hour of the day is below 24")]
fn activity(local_hour: f64) -> f64 {
    let hour = local_hour.rem_euclid(24.0);
    let (before, part) = (hour.floor(), hour.fract());
    let (low, high) = (HOURS[before as usize % 24], HOURS[(before as usize + 1) % 24]);
    (low + (high - low) * part) / MEAN
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_rates_of_a_day_average_to_one() {
        let total: f64 = (0..1_440).map(|cell| rates(cell).iter().sum::<f64>()).sum();
        assert!((total / 1_440.0 - 1.0).abs() < 0.001, "{total}");
    }
}
