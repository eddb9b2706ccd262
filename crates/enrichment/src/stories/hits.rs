//! How often texts were met on the way along the chains of a post.

/// Places for numbers of texts: a power of two, several times as many as texts are looked at.
const PLACES: usize = 512;

/// A small table of numbers and how often each came, emptied without being written over.
#[derive(Debug)]
pub(super) struct Hits {
    /// Number of the text, how often it came, and in which round.
    places: Box<[(u32, u16, u16)]>,
    round: u16,
    /// Places taken in this round.
    taken: Vec<u16>,
}

impl Default for Hits {
    fn default() -> Self {
        Self { places: vec![(0, 0, 0); PLACES].into(), round: 1, taken: Vec::with_capacity(PLACES / 2) }
    }
}

impl Hits {
    pub(super) fn clear(&mut self) {
        self.taken.clear();
        self.round = self.round.wrapping_add(1);
        if self.round == 0 {
            self.places.fill((0, 0, 0));
            self.round = 1;
        }
    }

    /// Counts a text. More different ones than half the places hold are passed over.
    pub(super) fn add(&mut self, text: u32) {
        let mut at = text.wrapping_mul(0x9e37_79b9) as usize >> (32 - PLACES.ilog2());
        loop {
            let place = &mut self.places[at];
            if place.2 != self.round {
                if self.taken.len() < PLACES / 2 {
                    *place = (text, 1, self.round);
                    self.taken.push(at as u16);
                }
                return;
            }
            if place.0 == text {
                place.1 += 1;
                return;
            }
            at = (at + 1) % PLACES;
        }
    }

    /// How often each came, in the order in which they came first.
    pub(super) fn texts(&self) -> impl Iterator<Item = (u32, u32)> {
        self.taken.iter().map(|at| self.places[usize::from(*at)]).map(|(text, count, _)| (u32::from(count), text))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_text_is_counted_in_its_round() {
        let mut hits = Hits::default();
        for round in 0..70_000_u32 {
            hits.clear();
            assert_eq!(hits.texts().count(), 0);
            // The second differs from the first in what falls off.
            for text in [round, round + (1 << 31), round, 7 + round, round] {
                hits.add(text);
            }
            let found: Vec<_> = hits.texts().collect();
            assert_eq!(found, [(3, round), (1, round + (1 << 31)), (1, 7 + round)]);
        }
    }

    #[test]
    fn more_than_it_can_hold_are_passed_over() {
        let mut hits = Hits::default();
        (0..2).for_each(|_| (0..10_000).for_each(|text| hits.add(text)));
        let counted: Vec<_> = hits.texts().collect();
        assert_eq!(counted.len(), PLACES / 2);
        assert!(counted.iter().all(|(count, text)| *count == 2 && *text < 256), "{counted:?}");
    }
}
