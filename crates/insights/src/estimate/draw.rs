//! Which mentions are labelled.

use std::collections::BTreeMap;

use super::allocation::{Cell, allocate};
use crate::measure::real;

/// Labels of every tone at least, where it has so many mentions.
const FEWEST_OF_TONE: u64 = 8;

/// A mention that may be drawn.
#[derive(Clone, Debug, PartialEq)]
pub struct Listed<Id> {
    pub id: Id,
    /// What the machine says, as a number below [`TONES`]; the last: nothing.
    pub tone: usize,
    /// Its probability.
    pub score: f64,
    /// Draws are spread evenly over these: language and network.
    pub beside: String,
    /// As good as drawn by chance.
    pub chance: u64,
}

/// A mention that was drawn.
#[derive(Clone, Debug, PartialEq)]
pub struct Drawn<Id> {
    pub id: Id,
    /// Number of the stratum: two for each tone, the unsure half first.
    pub stratum: usize,
    /// Mentions of its stratum.
    pub population: u64,
    /// Drawn of its stratum.
    pub drawn: u64,
}

/// Tones, and none.
pub const TONES: usize = 4;

/// Draws `size` of the listed mentions, which are themselves a random choice; `populations` says how many mentions there are of
/// each tone. A stratum is a tone and half of its scores; within it every n-th is taken in the order of language and network,
/// from a chance beginning, so that each has its share. The answer is in an order of chance: whoever labels only the first has
/// labelled a random part.
#[must_use]
pub fn draw<Id: Copy>(mut listed: Vec<Listed<Id>>, populations: [u64; TONES], size: u64) -> Vec<Drawn<Id>> {
    listed.sort_by(|one, other| one.score.total_cmp(&other.score).then(one.chance.cmp(&other.chance)));
    let mut halves: BTreeMap<usize, Vec<Listed<Id>>> = BTreeMap::new();
    for tone in 0..TONES {
        let mut sure: Vec<Listed<Id>> = listed.iter().filter(|listed| listed.tone == tone).cloned().collect();
        // Of nothing the machine is neither sure nor unsure, and few are not worth two halves.
        let whole = tone + 1 == TONES || (sure.len() as u64) < FEWEST_OF_TONE;
        let behind = sure.split_off(if whole { 0 } else { sure.len() / 2 });
        halves.insert(2 * tone, sure);
        halves.insert(2 * tone + 1, behind);
    }
    let known: Vec<u64> =
        (0..TONES).map(|tone| (halves[&(2 * tone)].len() + halves[&(2 * tone + 1)].len()) as u64).collect();
    // The half of a tone has the part of its mentions that it has of the listed ones.
    let population = |stratum: usize| {
        let (tone, own) = (stratum / 2, halves[&stratum].len() as u64);
        let all = u128::from(populations[tone].max(known[tone]));
        (all * u128::from(own) / u128::from(known[tone].max(1))) as u64
    };
    let cells: Vec<Cell> = halves
        .iter()
        .map(|(stratum, listed)| Cell {
            population: population(*stratum),
            spread: spread(listed),
            fewest: if halves[&(stratum ^ 1)].is_empty() { FEWEST_OF_TONE } else { FEWEST_OF_TONE / 2 },
        })
        .collect();
    let mut drawn = Vec::new();
    for ((stratum, mut listed), count) in halves.clone().into_iter().zip(allocate(&cells, size)) {
        listed.sort_by(|one, other| one.beside.cmp(&other.beside).then(one.chance.cmp(&other.chance)));
        let count = (count as usize).min(listed.len());
        let population = population(stratum);
        let offset = listed.iter().fold(0, |sum: u64, listed| sum.wrapping_add(listed.chance)) as usize;
        let taken = (0..count).map(|number| &listed[(number * listed.len() + offset % listed.len()) / count]);
        drawn.extend(
            taken.map(|taken| (taken.chance, Drawn { id: taken.id, stratum, population, drawn: count as u64 })),
        );
    }
    drawn.sort_by_key(|(chance, _)| *chance);
    drawn.into_iter().map(|(_, drawn)| drawn).collect()
}

/// What is expected of labels when the scores are right.
fn spread<Id>(listed: &[Listed<Id>]) -> f64 {
    if listed.is_empty() {
        return 0.5;
    }
    let score = listed.iter().map(|listed| listed.score).sum::<f64>() / real(listed.len() as u64);
    (score * (1.0 - score)).max(0.0).sqrt()
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;

    fn listed(count: u64, tone: impl Fn(u64) -> usize) -> Vec<Listed<u64>> {
        let chance =
            |id: u64| id.wrapping_mul(0x9e37_79b9_7f4a_7c15).rotate_left(31).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let beside = |id: u64| if id.is_multiple_of(10) { "uk vk" } else { "ru vk" }.to_owned();
        let one = |id| Listed {
            id,
            tone: tone(id),
            score: 0.4 + (id % 60) as f64 / 100.0,
            beside: beside(id),
            chance: chance(id),
        };
        (0..count).map(one).collect()
    }

    #[test]
    fn every_tone_is_drawn_and_weights_stand_for_all() {
        let tones = |id: u64| if id.is_multiple_of(20) { 2 } else { usize::from(!id.is_multiple_of(4)) };
        let drawn = draw(listed(2_000, tones), [40_000, 150_000, 10_000, 0], 60);
        assert_eq!(drawn.len(), 60);
        assert_eq!(drawn.iter().map(|drawn| drawn.id).collect::<HashSet<_>>().len(), 60);
        let of_tone = |tone| drawn.iter().filter(|drawn| drawn.stratum / 2 == tone).count();
        assert!(
            of_tone(0) >= 8 && of_tone(2) >= 8 && of_tone(1) > of_tone(0),
            "{} {} {}",
            of_tone(0),
            of_tone(1),
            of_tone(2)
        );
        let stand_for: f64 = drawn.iter().map(|drawn| drawn.population as f64 / drawn.drawn as f64).sum();
        assert!((stand_for - 200_000.0).abs() < 8.0, "{stand_for}");
        // A tenth is Ukrainian; two of each stratum at most are more or fewer than their share.
        let ukrainian = drawn.iter().filter(|drawn| drawn.id % 10 == 0).count();
        assert!((2..=14).contains(&ukrainian), "{ukrainian}");
    }

    #[test]
    fn few_mentions_are_all_drawn() {
        let drawn = draw(listed(20, |id| usize::from(id < 3) * 3), [17, 0, 0, 3], 60);
        assert_eq!(drawn.len(), 20);
        assert!(drawn.iter().all(|drawn| drawn.population == drawn.drawn));
    }

    #[test]
    fn nothing_is_drawn_of_nothing() {
        assert_eq!(draw(Vec::<Listed<u64>>::new(), [0; TONES], 60), []);
    }
}
