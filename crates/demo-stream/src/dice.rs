//! Seeded chance that never changes between versions: SplitMix64 (Steele, Lea, Flood, "Fast splittable pseudorandom
//! number generators", 2014). A library's default generator may change its sequence with an update; a demo that is
//! compared over time may not.

/// One sequence of draws. The same key gives the same sequence.
#[derive(Clone, Debug)]
pub(crate) struct Dice(u64);

/// Mixes one word into another, so that neighbours share nothing.
pub(crate) const fn mix(key: u64, word: u64) -> u64 {
    let mut z = (key ^ word.wrapping_mul(0x9E37_79B9_7F4A_7C15)).wrapping_add(0x9E37_79B9_7F4A_7C15);
    z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
    z ^ (z >> 31)
}

impl Dice {
    pub(crate) fn new(key: u64, words: &[i64]) -> Self {
        Self(words.iter().fold(key, |key, &word| mix(key, word.cast_unsigned())))
    }

    pub(crate) fn word(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        mix(self.0, 0)
    }

    /// Uniform in `[0, 1)`.
    #[expect(clippy::cast_precision_loss, reason = "53 bits fit a double exactly")]
    pub(crate) fn unit(&mut self) -> f64 {
        (self.word() >> 11) as f64 / (1_u64 << 53) as f64
    }

    pub(crate) fn chance(&mut self, probability: f64) -> bool {
        self.unit() < probability
    }

    /// Uniform in `0..bound`; zero when `bound` is zero.
    pub(crate) fn below(&mut self, bound: usize) -> usize {
        let wide = u128::from(self.word()) * (bound as u128);
        usize::try_from(wide >> 64).unwrap_or(0)
    }

    pub(crate) fn pick<'a, T>(&mut self, items: &'a [T]) -> &'a T {
        &items[self.below(items.len())]
    }

    /// An index drawn by weight.
    pub(crate) fn weighted(&mut self, weights: &[f64]) -> usize {
        let mut left = self.unit() * weights.iter().sum::<f64>();
        for (index, weight) in weights.iter().enumerate() {
            left -= weight;
            if left < 0.0 {
                return index;
            }
        }
        weights.len() - 1
    }

    /// Exponential with that mean.
    pub(crate) fn exponential(&mut self, mean: f64) -> f64 {
        -mean * (1.0 - self.unit()).ln()
    }

    /// Pareto with that least value and tail exponent: the many small and the few huge.
    pub(crate) fn pareto(&mut self, least: f64, exponent: f64) -> f64 {
        least * (1.0 - self.unit()).powf(-1.0 / exponent)
    }

    /// How many events a stretch with that mean count holds (Poisson; by a normal curve where the mean is large).
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a count is small and not negative")]
    pub(crate) fn count(&mut self, mean: f64) -> u32 {
        if mean > 40.0 {
            let angle = std::f64::consts::TAU * self.unit();
            let radius = (-2.0 * (1.0 - self.unit()).ln()).sqrt();
            return (mean + mean.sqrt() * radius * angle.cos()).round().max(0.0) as u32;
        }
        let limit = (-mean).exp();
        let (mut count, mut product) = (0, self.unit());
        while product > limit {
            count += 1;
            product *= self.unit();
        }
        count
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_sequence_is_the_one_of_the_first_release() {
        let mut dice = Dice::new(7, &[1, 2]);
        let first = [dice.word(), dice.word()];
        assert_eq!(first, [Dice::new(7, &[1, 2]).word(), first[1]]);
        assert_ne!(first[0], Dice::new(7, &[2, 1]).word());
    }

    #[test]
    fn counts_have_the_mean_asked_for() {
        for mean in [0.3, 5.0, 120.0] {
            let mut dice = Dice::new(1, &[]);
            let total: u32 = (0..4_000).map(|_| dice.count(mean)).sum();
            let measured = f64::from(total) / 4_000.0;
            assert!((measured / mean - 1.0).abs() < 0.06, "{measured} instead of {mean}");
        }
    }

    #[test]
    fn a_bound_is_never_reached() {
        let mut dice = Dice::new(3, &[]);
        assert!((0..10_000).all(|_| dice.below(7) < 7));
        assert_eq!(dice.below(0), 0);
    }
}
