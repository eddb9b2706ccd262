//! How many mentions of each part are labelled.

use crate::measure::real;

/// A part of the mentions, before the draw.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Cell {
    pub population: u64,
    /// How unsure its mentions are: the standard deviation that is expected of a label, 0 to 0.5.
    pub spread: f64,
    /// Labels at least, where it has so many mentions.
    pub fewest: u64,
}

/// Shares out `size` labels: the fewest of each part first, the rest in proportion to size times
/// spread (Neyman 1934). Never more than a part has; in all `size`, or everything when that is less.
#[must_use]
pub fn allocate(cells: &[Cell], size: u64) -> Vec<u64> {
    let mut given: Vec<u64> = cells.iter().map(|cell| cell.population.min(cell.fewest)).collect();
    let total: u64 = given.iter().sum();
    if total > size {
        return shrunk(given, size);
    }
    // Nothing is wholly sure: a part that the machine is certain of is looked at, too.
    let pull = |cell: &Cell| real(cell.population) * cell.spread.max(0.1);
    let wanted: f64 = cells.iter().map(pull).sum();
    for _ in total..size {
        // The part that is furthest behind its due gets the next one.
        let behind = |number: usize| pull(&cells[number]) / wanted * real(size) - real(given[number]);
        let open = (0..cells.len()).filter(|number| given[*number] < cells[*number].population);
        let Some(next) = open.max_by(|one, other| behind(*one).total_cmp(&behind(*other))) else { break };
        given[next] += 1;
    }
    given
}

/// Takes from the largest until all fit.
fn shrunk(mut given: Vec<u64>, size: u64) -> Vec<u64> {
    while given.iter().sum::<u64>() > size {
        let Some(largest) = given.iter_mut().max() else { break };
        *largest -= 1;
    }
    given
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cells(of: &[(u64, f64)]) -> Vec<Cell> {
        of.iter().map(|(population, spread)| Cell { population: *population, spread: *spread, fewest: 8 }).collect()
    }

    #[test]
    fn large_and_unsure_parts_get_more_and_small_ones_enough() {
        assert_eq!(allocate(&cells(&[(9_000, 0.3), (500, 0.5), (500, 0.3), (3, 0.5), (0, 0.5)]), 60), [41, 8, 8, 3, 0]);
        assert_eq!(allocate(&cells(&[(1_000, 0.25), (1_000, 0.5)]), 60), [20, 40]);
    }

    #[test]
    fn nobody_labels_more_than_there_is_or_than_was_asked() {
        assert_eq!(allocate(&cells(&[(5, 0.1), (7, 0.5)]), 60), [5, 7]);
        assert_eq!(allocate(&cells(&[(50, 0.1), (70, 0.5), (9, 0.5)]), 10), [4, 3, 3]);
        assert_eq!(allocate(&[], 10), Vec::<u64>::new());
    }
}
