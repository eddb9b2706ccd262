//! How far two people who label the same mean the same.

use std::collections::HashMap;
use std::hash::Hash;

use crate::measure::real;

/// Cohen's kappa (1960) of pairs of answers: 1 when all agree, 0 when they agree as often as chance would have it. The two of a
/// pair are taken in both orders, because they are no fixed two people. `None` of no pairs, and where everybody always says the
/// same: there is nothing to agree about.
#[must_use]
pub fn kappa<T: Copy + Eq + Hash>(pairs: &[(T, T)]) -> Option<f64> {
    let mut said: HashMap<T, u64> = HashMap::new();
    for answer in pairs.iter().flat_map(|(one, other)| [*one, *other]) {
        *said.entry(answer).or_default() += 1;
    }
    if said.len() < 2 {
        return None;
    }
    let (all, agreed) =
        (real(pairs.len() as u64), real(pairs.iter().filter(|(one, other)| one == other).count() as u64));
    let by_chance: f64 = said.values().map(|count| (real(*count) / (2.0 * all)).powi(2)).sum();
    Some((agreed / all - by_chance) / (1.0 - by_chance))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn agreement_is_measured_against_chance() {
        // 20 yes-yes, 15 no-no, 15 apart: agreed 0.7; yes is 55 of 100 answers, so chance gives 0.55² + 0.45² = 0.505.
        let pairs = [vec![(1, 1); 20], vec![(0, 0); 15], vec![(1, 0); 7], vec![(0, 1); 8]].concat();
        let measured = kappa(&pairs).expect("a measure");
        assert!((measured - 0.195 / 0.495).abs() < 1e-9, "{measured}");
        assert_eq!(kappa(&[(1, 1), (0, 0)]), Some(1.0));
        assert_eq!(kappa(&[(1, 0), (0, 1)]), Some(-1.0));
        assert_eq!((kappa::<u8>(&[]), kappa(&[(1, 1); 9])), (None, None));
    }
}
