//! The stem of a word and whether it turns its neighbours round; both remembered by the word's key.

use frostem::{Algorithm, Stemmer};
use molva_text::Key;

/// Words after which the next few mean their opposite, as normal forms.
const NEGATIONS: &[&str] = &[
    "не",
    "ни",
    "нет",
    "нету",
    "без",
    "нельзя",
    "никогда",
    "нигде",
    "ничего",
    "никак",
    "никто",
    "хватит",
    "перестал",
    "ні",
    "немає",
    "нема",
    "ніколи",
    "нічого",
    "ніхто",
    "нікуди",
    "not",
    "no",
    "never",
    "without",
    "cannot",
    "nothing",
    "nobody",
    "none",
    "neither",
    "nor",
    "ain't",
    "dont",
    "cant",
    "wont",
    "didnt",
    "doesnt",
    "isnt",
];

const SLOTS: usize = 1 << 13;

#[derive(Clone, Copy, Debug, Default)]
struct Known {
    word: u64,
    stem: u64,
    negates: bool,
}

/// Stems by word, the last one met of each slot.
pub(crate) struct Stems {
    russian: Stemmer,
    english: Stemmer,
    known: Vec<Known>,
}

impl Default for Stems {
    fn default() -> Self {
        Self {
            russian: Stemmer::new(Algorithm::Russian),
            english: Stemmer::new(Algorithm::English),
            known: vec![Known::default(); SLOTS],
        }
    }
}

impl Stems {
    /// The hash of a word's stem, and whether it negates; `form` is the normal form of `key`.
    pub(crate) fn stem(&mut self, key: Key, form: &str) -> (u64, bool) {
        let slot = key.get() as usize & (SLOTS - 1);
        let known = self.known[slot];
        if known.word == key.get() && known.stem != 0 {
            return (known.stem, known.negates);
        }
        let cyrillic = form.as_bytes().first().is_some_and(|byte| !byte.is_ascii());
        let stemmer = if cyrillic { self.russian } else { self.english };
        let stem = molva_text::hash::hash_letters(&stemmer.stem(form)) | 1;
        let negates = NEGATIONS.contains(&form) || form.ends_with("n't");
        self.known[slot] = Known { word: key.get(), stem, negates };
        (stem, negates)
    }
}
