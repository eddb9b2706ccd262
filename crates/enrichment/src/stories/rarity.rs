//! How rare words are among the beginnings of stories: a repost teaches nothing, a template told by thousands is one story.

/// Words are counted in this many places, by the first bits of their hashes.
const PLACES: usize = 1 << 15;
/// As if so many stories had been seen before the first one: rarities do not jump at the start.
const BEFORE: u32 = 16;

/// Counts of words in the beginnings of the stories that are held.
#[derive(Clone, Debug)]
pub(super) struct Rarity {
    counts: Box<[u32]>,
    beginnings: u32,
    /// Logarithm of the number of beginnings.
    all: f32,
}

impl Default for Rarity {
    fn default() -> Self {
        Self { counts: vec![0; PLACES].into(), beginnings: 0, all: log(BEFORE) }
    }
}

impl Rarity {
    pub(super) fn add(&mut self, words: &[u16]) {
        words.iter().for_each(|word| self.counts[place(*word)] += 1);
        self.set(self.beginnings + 1);
    }

    /// Takes back what was added.
    pub(super) fn remove(&mut self, words: &[u16]) {
        for word in words {
            let count = &mut self.counts[place(*word)];
            *count = count.saturating_sub(1);
        }
        self.set(self.beginnings.saturating_sub(1));
    }

    /// From nearly 0 for a word of every story to nearly 1 for one of a single story.
    pub(super) fn of(&self, word: u16) -> f32 {
        let count = self.counts[place(word)];
        ((self.all - log(1 + count)).max(0.0) + 0.5) / self.all
    }

    fn set(&mut self, beginnings: u32) {
        self.beginnings = beginnings;
        self.all = log(BEFORE + beginnings);
    }

    pub(super) fn bytes(&self) -> usize {
        size_of_val(&*self.counts)
    }
}

const fn place(word: u16) -> usize {
    word as usize >> 1
}

/// The logarithm to base two, straight between powers of two: the same on every machine.
pub(super) const fn log(number: u32) -> f32 {
    let number = if number == 0 { 1 } else { number };
    let whole = number.ilog2();
    whole as f32 + (number as f32 / (1_u32 << whole) as f32 - 1.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_word_of_every_story_weighs_little_and_a_new_one_much() {
        let mut rarity = Rarity::default();
        (0..1_000).for_each(|word| rarity.add(&[2, 4 * word + 8]));
        assert!(rarity.of(2) < 0.1 && rarity.of(12) > 0.9 && rarity.of(60_000) > 0.9);
        (0..1_000).for_each(|word| rarity.remove(&[2, 4 * word + 8]));
        assert_eq!(rarity.of(2), Rarity::default().of(2));
    }

    #[test]
    fn the_logarithm_is_right_at_powers_of_two_and_grows_between() {
        assert_eq!([0, 1, 2, 3, 4, 1 << 20].map(log), [0.0, 0.0, 1.0, 1.5, 2.0, 20.0]);
    }
}
