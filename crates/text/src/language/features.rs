//! What the model of languages sees of a word: its runs of one to four letters, with its ends, and the word itself.

/// A word end, which is no letter.
const END: u32 = 0x20;
/// Letters read of one word; longer ones are no words of any language the model knows.
const MAX_LETTERS: usize = 40;
const LONGEST_RUN: usize = 4;
/// Longer words are known by their runs alone.
const LONGEST_WORD: usize = 12;

/// The letters of words as the model reads them. Reused from word to word.
#[derive(Clone, Debug, Default)]
pub struct Letters(Vec<u32>);

impl Letters {
    pub(super) const fn new() -> Self {
        Self(Vec::new())
    }

    /// Reads a word as written: lower case, with `ё` and the other marks kept, which tell languages apart.
    pub fn read(&mut self, word: &str) {
        self.0.clear();
        self.0.push(END);
        self.push(word);
        self.0.push(END);
    }

    /// Reads letters from inside of a word, which has no ends.
    pub fn read_part(&mut self, part: &str) {
        self.0.clear();
        self.push(part);
    }

    fn push(&mut self, word: &str) {
        for c in word.chars().take(MAX_LETTERS) {
            match lower(c) {
                '\u{2019}' | '\u{2bc}' | '\'' | '`' => self.0.push(u32::from('\'')),
                // Nearly all letters there are; asking for the others takes longer than all the rest.
                c @ ('a'..='z' | 'а'..='џ') => self.0.push(u32::from(c)),
                c if c.is_alphabetic() => self.0.push(u32::from(c)),
                _ => {}
            }
        }
    }

    /// Calls `feature` with the hash of each.
    pub fn features(&self, mut feature: impl FnMut(u32)) {
        for (at, first) in self.0.iter().enumerate() {
            let mut running = add(SEED, *first);
            if *first != END {
                feature(finish(running));
            }
            for letter in self.0[at + 1..].iter().take(LONGEST_RUN - 1) {
                running = add(running, *letter);
                feature(finish(running));
            }
        }
        let whole = self.0.first() == Some(&END);
        if whole && (LONGEST_RUN + 1..=LONGEST_WORD + 2).contains(&self.0.len()) {
            feature(finish(self.0.iter().fold(SEED ^ 0x51, |running, letter| add(running, *letter))));
        }
    }
}

const SEED: u32 = 0x9747_b28c;

const fn add(running: u32, letter: u32) -> u32 {
    (running.rotate_left(7) ^ letter).wrapping_mul(0x9e37_79b1)
}

const fn finish(running: u32) -> u32 {
    (running ^ (running >> 15)).wrapping_mul(0x85eb_ca6b)
}

fn lower(c: char) -> char {
    match c {
        'A'..='Z' | 'А'..='Я' => char::from_u32(u32::from(c) + 0x20).unwrap_or(c),
        '\0'..='\x7f' | 'а'..='я' => c,
        _ => c.to_lowercase().next().unwrap_or(c),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn features(word: &str) -> Vec<u32> {
        let mut letters = Letters::default();
        letters.read(word);
        let mut features = Vec::new();
        letters.features(|feature| features.push(feature));
        features
    }

    #[test]
    fn a_word_is_read_without_regard_to_case_and_kind_of_apostrophe() {
        assert_eq!(features("ЗВ’ЯЗОК"), features("зв'язок"));
        assert_ne!(features("ёж"), features("еж"));
    }

    #[test]
    fn short_words_have_runs_with_their_ends_and_long_ones_no_more_than_their_letters() {
        // и, _и, _и_, и_
        assert_eq!(features("и").len(), 4);
        assert!(features(&"длинный".repeat(100)).len() < 200);
        assert_eq!(features("123").len(), 1);
    }
}
