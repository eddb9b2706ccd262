//! What words met lately have said: most words of a post are among the few thousand that everybody uses.

use super::features::Letters;
use super::model::Table;

/// Words remembered of one alphabet, each in the one place its bytes lead to: the last one that came there.
const PLACES: usize = 1 << 12;
/// Bytes of the longest word remembered. No sum of one leaves 16 bits.
const LONGEST: usize = 16;

/// The points of words of one alphabet, remembered: they are the same however often they are asked for.
#[derive(Debug)]
pub(super) struct KnownWords<const N: usize> {
    letters: Letters,
    /// None before the first word.
    places: Vec<Known<N>>,
}

/// A word: one line of the processor's cache.
#[derive(Clone, Copy, Debug)]
#[repr(align(64))]
struct Known<const N: usize> {
    /// Its bytes, with zeros behind, of which no word has any; zero while no word came here.
    word: u128,
    points: [i16; N],
}

impl<const N: usize> KnownWords<N> {
    pub(super) const fn new() -> Self {
        Self { letters: Letters::new(), places: Vec::new() }
    }

    /// Adds the points that the table, always the same one, gives a word.
    pub(super) fn add(&mut self, table: &Table<'_, N>, word: &str, points: &mut [i32; N]) {
        let Some(key) = key(word) else {
            self.letters.read(word);
            return table.add(&self.letters, points);
        };
        if self.places.is_empty() {
            self.places = vec![Known { word: 0, points: [0; N] }; PLACES];
        }
        let known = &mut self.places[place(key)];
        if known.word != key {
            self.letters.read(word);
            let mut sums = [0; N];
            table.add(&self.letters, &mut sums);
            *known = Known { word: key, points: sums.map(|sum| sum as i16) };
        }
        points.iter_mut().zip(known.points).for_each(|(points, more)| *points += i32::from(more));
    }
}

/// The bytes of a word as one number; `None` for a longer one.
fn key(word: &str) -> Option<u128> {
    let mut bytes = [0; LONGEST];
    bytes.get_mut(..word.len())?.copy_from_slice(word.as_bytes());
    Some(u128::from_le_bytes(bytes))
}

const fn place(key: u128) -> usize {
    let mixed = (key as u64 ^ ((key >> 64) as u64).rotate_left(29)).wrapping_mul(0x9e37_79b9_7f4a_7c15);
    (mixed >> (u64::BITS - PLACES.ilog2())) as usize
}

#[cfg(test)]
mod tests {
    use super::super::model::MODEL;
    use super::*;

    #[test]
    fn a_remembered_word_has_the_points_of_a_new_one() {
        let table = &MODEL.as_ref().unwrap().latin;
        let mut known = KnownWords::new();
        // More words than places, each twice and some too long to be remembered: whoever comes later takes a place over.
        let words: Vec<String> = (0..5_000_u32).map(|number| format!("word{}", number * number)).collect();
        let words = words.iter().map(String::as_str).chain(["a", "internationalisation", "naïve", "it's"]);
        for word in words.flat_map(|word| [word, word]) {
            let (mut expected, mut points) = ([7; _], [7; _]);
            let mut letters = Letters::default();
            letters.read(word);
            table.add(&letters, &mut expected);
            known.add(table, word, &mut points);
            assert_eq!(points, expected, "{word}");
        }
    }

    #[test]
    fn words_in_one_place_are_told_apart() {
        let table = &MODEL.as_ref().unwrap().cyrillic;
        let mut known = KnownWords::new();
        let words = ["інтернет", "интернет"];
        let told = |known: &mut KnownWords<_>| {
            words.map(|word| {
                let mut points = [0; _];
                known.add(table, word, &mut points);
                points
            })
        };
        let [first, second] = told(&mut known);
        assert_ne!(first, second);
        // As if the other had come to the place of each.
        let other = known.places[place(key(words[1]).unwrap())];
        known.places[place(key(words[0]).unwrap())] = other;
        assert_eq!(told(&mut known), [first, second]);
    }
}
