//! Words the dictionary does not have: brands, slang, compounds.

use super::format::{Guess, class, encode};
use super::{Dictionary, Reading};
use crate::forms::lexeme::{Lexeme, Origin};

/// Letters of a known word at the end of an unknown one that make it a compound: автокредит, сбербанк.
const SHORTEST_LAST_PART: usize = 4;
/// Letters before it.
const SHORTEST_FIRST_PART: usize = 2;
/// Letters from which a word may be a form other than the dictionary form.
const SHORTEST_OBLIQUE: usize = 5;

impl Dictionary<'_> {
    /// How a word that is not in the dictionary is likely inflected; empty when it ends like no known word.
    pub(in crate::forms) fn guess(&self, form: &str) -> Vec<Lexeme> {
        let Some(letters) = encode(form) else { return Vec::new() };
        let compound = self.compound(&letters);
        if !compound.is_empty() {
            return self.guessed(form, &letters, &compound);
        }
        let Some(guess) = self.longest_known_ending(&letters) else { return Vec::new() };
        let mut readings = Vec::new();
        for paradigm in guess.lemma.into_iter().flatten() {
            let lemma_ending = self
                .paradigm(paradigm)
                .and_then(|paradigm| paradigm.endings().next())
                .and_then(|(_, e)| self.ending(e));
            if let Some(stem) = lemma_ending.and_then(|ending| letters.strip_suffix(ending))
                && !stem.is_empty()
            {
                readings.push(Reading { before: 0, stem: stem.len(), paradigm, is_lemma: true });
            }
        }
        if let Some((paradigm, ending)) = guess.oblique
            && letters.len() >= SHORTEST_OBLIQUE
            && (1..letters.len()).contains(&usize::from(ending))
        {
            readings.push(Reading { before: 0, stem: letters.len() - ending as usize, paradigm, is_lemma: false });
        }
        self.guessed(form, &letters, &readings)
    }

    fn guessed(&self, form: &str, letters: &[u8], readings: &[Reading]) -> Vec<Lexeme> {
        self.make(form, letters, readings, Origin::Guessed).into_iter().map(|(_, lexeme)| lexeme).collect()
    }

    /// A noun by its dictionary form, all numbers and cases, whatever the dictionary has of it.
    pub(in crate::forms) fn guess_noun(&self, lemma: &str) -> Option<Lexeme> {
        let letters = encode(lemma)?;
        let guess = self.longest_known_ending(&letters)?;
        let noun =
            |paradigm: &u16| self.paradigm(*paradigm).is_some_and(|paradigm| paradigm.part_of_speech() == class::NOUN);
        let paradigm = guess.lemma.into_iter().flatten().find(noun)?;
        let (_, ending) = self.paradigm(paradigm)?.endings().next()?;
        let stem = letters.strip_suffix(self.ending(ending)?)?.len();
        let reading = Reading { before: 0, stem, paradigm, is_lemma: true };
        self.guessed(lemma, &letters, &[reading]).pop()
    }

    fn longest_known_ending(&self, letters: &[u8]) -> Option<Guess> {
        let mut node = self.guesses.root();
        let mut output = fst::raw::Output::zero();
        let mut best = None;
        for letter in letters.iter().rev() {
            let Some(place) = node.find_input(*letter) else { break };
            let transition = node.transition(place);
            output = output.cat(transition.out);
            node = self.guesses.node(transition.addr);
            if node.is_final() {
                best = Some(output.cat(node.final_output()).value());
            }
        }
        best.map(Guess::unpack)
    }

    /// Readings of the longest known noun or adjective that the word ends with, with what stands before it in the stem.
    fn compound(&self, letters: &[u8]) -> Vec<Reading> {
        let last = letters.len().saturating_sub(SHORTEST_LAST_PART);
        for start in SHORTEST_FIRST_PART..=last {
            let mut readings = self.chosen(&letters[start..]);
            readings.retain(|reading| {
                reading.before == 0
                    && self.paradigm(reading.paradigm).is_some_and(|paradigm| match paradigm.class() {
                        class::NOUN => true,
                        // Short adjectives end like everything else: киевстар is no form of киевстарый.
                        class::ADJECTIVE => letters.len() - start >= reading.stem + 2,
                        _ => false,
                    })
            });
            if !readings.is_empty() {
                readings.iter_mut().for_each(|reading| reading.stem += start);
                return readings;
            }
        }
        Vec::new()
    }
}
