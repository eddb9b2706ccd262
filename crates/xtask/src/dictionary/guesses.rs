//! Learns from the dictionary's words how words with some ending are inflected.

use std::collections::{BTreeMap, HashMap};

use molva_text::forms::dictionary::format::{Guess, class};

use super::compile::Compiled;

/// Letters looked at.
const LONGEST: usize = 6;
/// Words a paradigm needs to be expected of new ones.
const PRODUCTIVE: u32 = 8;
/// Weight of words an ending needs to be kept.
const ENOUGH: u32 = 6;
/// The second-best paradigm is told along from this share of the best one's weight.
const SECOND: f64 = 0.25;

/// New words are nouns first: brands and products.
const fn weight(part_of_speech: u16) -> u32 {
    match part_of_speech {
        class::NOUN => 3,
        class::ADJECTIVE => 2,
        class::VERB => 1,
        _ => 0,
    }
}

/// Endings, last letter first, in at most eight bytes.
type Ending = u64;

/// A paradigm and, for other forms than the dictionary form, the letters of the ending.
type Answer = (u16, u8);

#[derive(Default)]
struct Counts {
    lemma: HashMap<Answer, u32>,
    oblique: HashMap<Answer, u32>,
}

/// Reversed endings with what words that end so are; an ending is left out when the next shorter one says the same.
pub(crate) fn learn(compiled: &Compiled) -> BTreeMap<Vec<u8>, u64> {
    let mut counts: HashMap<Ending, Counts> = HashMap::new();
    for (stem, number) in &compiled.lexemes {
        let paradigm = &compiled.paradigms[*number as usize];
        let weight = weight(paradigm.class);
        if weight == 0 || compiled.words_of[*number as usize] < PRODUCTIVE || paradigm.forms.len() < 2 || stem.len() < 2
        {
            continue;
        }
        for (place, (prefix, ending)) in paradigm.forms.iter().enumerate() {
            if !prefix.is_empty() {
                continue;
            }
            let reversed = ending.iter().rev().chain(stem.iter().rev()).take(LONGEST);
            let mut key: Ending = 0;
            for (length, letter) in reversed.enumerate() {
                key |= u64::from(*letter) << (8 * (7 - length));
                // An ending shorter than the paradigm's own says nothing of the stem.
                if length + 1 >= ending.len() {
                    let counts = counts.entry(key).or_default();
                    let (answers, letters) =
                        if place == 0 { (&mut counts.lemma, 0) } else { (&mut counts.oblique, ending.len() as u8) };
                    *answers.entry((*number, letters)).or_default() += weight;
                }
            }
        }
    }
    prune(counts)
}

fn prune(counts: HashMap<Ending, Counts>) -> BTreeMap<Vec<u8>, u64> {
    let mut by_length: Vec<(usize, Ending, Guess)> = counts
        .into_iter()
        .filter_map(|(ending, counts)| {
            let total: u32 = counts.lemma.values().chain(counts.oblique.values()).sum();
            let length = 8 - (ending.trailing_zeros() / 8) as usize;
            (total >= ENOUGH).then(|| (length, ending, best(&counts)))
        })
        .collect();
    by_length.sort_by_key(|(length, ending, _)| (*length, *ending));
    let mut kept: HashMap<Ending, Guess> = HashMap::new();
    // What each ending is answered with in the end, kept or not.
    let mut answered: HashMap<Ending, Guess> = HashMap::new();
    for (length, ending, guess) in by_length {
        let shorter = ending & !(0xff << (8 * (8 - length)));
        let before = answered.get(&shorter).copied();
        // What an ending says nothing of is inherited.
        let guess = match before {
            Some(before) => Guess {
                lemma: if guess.lemma[0].is_some() { guess.lemma } else { before.lemma },
                oblique: guess.oblique.or(before.oblique),
            },
            None => guess,
        };
        if before != Some(guess) {
            kept.insert(ending, guess);
        }
        answered.insert(ending, guess);
    }
    kept.into_iter()
        .map(|(ending, guess)| {
            let bytes = ending.to_be_bytes();
            let length = bytes.iter().position(|byte| *byte == 0).unwrap_or(bytes.len());
            (bytes[..length].to_vec(), guess.pack())
        })
        .collect()
}

fn best(counts: &Counts) -> Guess {
    let ranked = |answers: &HashMap<Answer, u32>| {
        let mut ranked: Vec<_> = answers.iter().map(|(answer, weight)| (std::cmp::Reverse(*weight), *answer)).collect();
        ranked.sort_unstable();
        ranked
    };
    let lemma = ranked(&counts.lemma);
    let first = lemma.first().map(|(_, (paradigm, _))| *paradigm);
    let second = match lemma[..] {
        [(best, _), (next, (paradigm, _)), ..] if f64::from(next.0) >= SECOND * f64::from(best.0) => Some(paradigm),
        _ => None,
    };
    Guess { lemma: [first, second], oblique: ranked(&counts.oblique).first().map(|(_, answer)| *answer) }
}
