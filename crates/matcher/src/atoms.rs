//! The numbers of everything single words are asked for: token keys first, then cased forms, words in all their forms
//! and patterns.

use hashbrown::HashMap;
use molva_query::syntax::Pattern;
use molva_text::{Key, KeySpace, PrefixFilter, WordForms};

use crate::dictionary::{Dictionary, Entry, FIRST_MARK, SECOND_MARK};
use crate::symbol::Symbol;

/// The token's key leads to further atoms.
const LEADS_ON: u32 = FIRST_MARK;
/// The token's key is asked for itself.
const ASKED_FOR: u32 = SECOND_MARK;

#[derive(Debug, Default)]
pub(crate) struct Atoms {
    tokens: Dictionary,
    letters: Vec<u8>,
    /// Form and form with its case.
    cased: Vec<(Key, Key)>,
    words: Vec<WordForms>,
    patterns: Vec<Pattern>,
    /// Where the further atoms of each token key begin in `leads`; one more at the end. Empty when there are none.
    lead_starts: Vec<u32>,
    leads: Vec<u32>,
    /// Patterns by the key of their first letters.
    beginnings: Dictionary,
    beginning_starts: Vec<u32>,
    by_beginning: Vec<u32>,
    pub(crate) filter: PrefixFilter,
}

/// Gives symbols their numbers. Those of different kinds are told apart by their upper bits until all are known.
#[derive(Debug, Default)]
pub(crate) struct Interner {
    atoms: Atoms,
    cased: HashMap<Key, u32, foldhash::fast::FixedState>,
    words: HashMap<Key, u32, foldhash::fast::FixedState>,
    patterns: HashMap<String, u32, foldhash::fast::FixedState>,
}

const KIND_BITS: u32 = 30;
const CASED: u32 = 1 << KIND_BITS;
const WORD: u32 = 2 << KIND_BITS;
const PATTERN: u32 = 3 << KIND_BITS;

impl Interner {
    /// A number that [`Atoms::settled`] turns into an atom.
    pub(crate) fn number(&mut self, symbol: &Symbol) -> u32 {
        let atoms = &mut self.atoms;
        match symbol {
            Symbol::Token { key, letters } => atoms.token(*key, *letters, ASKED_FOR),
            Symbol::Cased { form, cased, letters } => {
                atoms.token(*form, *letters, LEADS_ON);
                *self.cased.entry(*cased).or_insert_with(|| {
                    atoms.cased.push((*form, *cased));
                    CASED | (atoms.cased.len() as u32 - 1)
                })
            }
            Symbol::Word(forms) => {
                *self.words.entry(Key::of_text(forms.form(), KeySpace::AnyForm)).or_insert_with(|| {
                    let letters = forms.form().chars().count().min(255) as u8;
                    for key in forms.keys() {
                        atoms.token(*key, letters, LEADS_ON);
                    }
                    atoms.words.push(forms.clone());
                    WORD | (atoms.words.len() as u32 - 1)
                })
            }
            Symbol::Pattern(pattern) => {
                let mut spelled: String = pattern.letters.iter().map(|letter| letter.unwrap_or('?')).collect();
                if pattern.open {
                    spelled.push('*');
                }
                *self.patterns.entry(spelled).or_insert_with(|| {
                    atoms.patterns.push(pattern.clone());
                    PATTERN | (atoms.patterns.len() as u32 - 1)
                })
            }
        }
    }

    pub(crate) fn finish(self) -> Atoms {
        let mut atoms = self.atoms;
        atoms.lead();
        atoms.index_patterns();
        atoms.tokens.shrink();
        atoms.letters.shrink_to_fit();
        atoms.cased.shrink_to_fit();
        atoms.words.shrink_to_fit();
        atoms.patterns.shrink_to_fit();
        atoms
    }
}

impl Atoms {
    fn token(&mut self, key: Key, letters: u8, mark: u32) -> u32 {
        let number = self.tokens.intern(key, mark);
        if number as usize == self.letters.len() {
            self.letters.push(letters);
        }
        number
    }

    /// How many there are.
    pub(crate) fn len(&self) -> usize {
        self.tokens.len() + self.cased.len() + self.words.len() + self.patterns.len()
    }

    /// The atom behind a number of the interner.
    pub(crate) fn settled(&self, number: u32) -> u32 {
        let place = number & (CASED - 1);
        let before = match number & PATTERN {
            0 => 0,
            CASED => self.tokens.len(),
            WORD => self.tokens.len() + self.cased.len(),
            _ => self.tokens.len() + self.cased.len() + self.words.len(),
        };
        before as u32 + place
    }

    /// What an atom stands for.
    pub(crate) fn symbol(&self, atom: u32) -> Symbol {
        let mut place = atom as usize;
        if place < self.tokens.len() {
            return Symbol::Token { key: self.tokens.key(atom), letters: self.letters[place] };
        }
        place -= self.tokens.len();
        if let Some((form, cased)) = self.cased.get(place) {
            let letters = self.tokens.get(*form).map_or(0, |entry| self.letters[entry.number() as usize]);
            return Symbol::Cased { form: *form, cased: *cased, letters };
        }
        place -= self.cased.len();
        match self.words.get(place) {
            Some(forms) => Symbol::Word(forms.clone()),
            None => Symbol::Pattern(self.patterns[place - self.words.len()].clone()),
        }
    }

    /// Joins each token key to the cased forms and words it is a sign of.
    fn lead(&mut self) {
        if self.cased.is_empty() && self.words.is_empty() {
            return;
        }
        let forms = self.cased.iter().map(|(form, _)| std::slice::from_ref(form));
        let forms = forms.chain(self.words.iter().map(WordForms::keys));
        let mut pairs = Vec::new();
        for (atom, keys) in (self.tokens.len() as u32..).zip(forms) {
            pairs.extend(keys.iter().filter_map(|key| Some((self.tokens.get(*key)?.number(), atom))));
        }
        (self.lead_starts, self.leads) = by_number(pairs, self.tokens.len());
    }

    fn index_patterns(&mut self) {
        self.filter = PrefixFilter::with_capacity(self.patterns.len());
        let first = (self.len() - self.patterns.len()) as u32;
        let mut pairs = Vec::with_capacity(self.patterns.len());
        for (atom, pattern) in (first..).zip(&self.patterns) {
            let key = self.filter.insert(&pattern.beginning());
            pairs.push((self.beginnings.intern(key, 0), atom));
        }
        (self.beginning_starts, self.by_beginning) = by_number(pairs, self.beginnings.len());
        self.beginnings.shrink();
    }

    #[inline]
    pub(crate) fn token_entry(&self, key: Key) -> Option<Entry> {
        self.tokens.get(key)
    }

    /// The token's own atom, if anybody asks for it, and whether the token leads to others.
    #[inline]
    pub(crate) const fn own(entry: Entry) -> (Option<u32>, bool) {
        (if entry.has(ASKED_FOR) { Some(entry.number()) } else { None }, entry.has(LEADS_ON))
    }

    /// Further atoms a token key is a sign of: words, and cased forms with the key they must have.
    pub(crate) fn leads(&self, number: u32) -> impl Iterator<Item = (u32, Option<Key>)> + '_ {
        let range = self.lead_starts[number as usize] as usize..self.lead_starts[number as usize + 1] as usize;
        self.leads[range]
            .iter()
            .map(|atom| (*atom, self.cased.get(*atom as usize - self.tokens.len()).map(|cased| cased.1)))
    }

    /// Patterns that begin so, each with itself where the beginning is not all it asks.
    pub(crate) fn patterns(&self, beginning: Key) -> impl Iterator<Item = (u32, Option<&Pattern>)> {
        let range = self.beginnings.get(beginning).map_or(0..0, |entry| {
            let place = entry.number() as usize;
            self.beginning_starts[place] as usize..self.beginning_starts[place + 1] as usize
        });
        let first = self.len() - self.patterns.len();
        self.by_beginning[range].iter().map(move |atom| {
            let pattern = &self.patterns[*atom as usize - first];
            let certain = pattern.open
                && pattern.letters.len() <= PrefixFilter::MAX_LETTERS
                && pattern.letters.iter().all(Option::is_some);
            (*atom, (!certain).then_some(pattern))
        })
    }

    /// Bytes held. Words share their lists of forms with the queries they come from; they are counted here.
    pub(crate) fn bytes(&self) -> usize {
        let words: usize = self.words.iter().map(|forms| forms.keys().len() * 8 + size_of::<WordForms>()).sum();
        let patterns: usize = self.patterns.iter().map(|one| one.letters.capacity() * 4 + size_of::<Pattern>()).sum();
        let numbers = self.lead_starts.len() + self.leads.len() + self.beginning_starts.len() + self.by_beginning.len();
        self.tokens.bytes()
            + self.beginnings.bytes()
            + self.letters.len()
            + self.cased.len() * 16
            + words
            + patterns
            + numbers * 4
            + self.filter.bytes()
    }

    /// The keys of tokens, in the order of their numbers, with the letters each has.
    pub(crate) fn token_keys(&self) -> impl Iterator<Item = (Key, u8)> + '_ {
        self.tokens.keys().iter().copied().zip(self.letters.iter().copied())
    }

    /// How many atoms are token keys.
    pub(crate) fn token_count(&self) -> usize {
        self.tokens.len()
    }
}

/// Pairs of number and value as lists by number: where each begins, one more at the end, and the values.
pub(crate) fn by_number(mut pairs: Vec<(u32, u32)>, numbers: usize) -> (Vec<u32>, Vec<u32>) {
    pairs.sort_unstable();
    pairs.dedup();
    let mut starts = vec![0_u32; numbers + 1];
    for (number, _) in &pairs {
        starts[*number as usize + 1] += 1;
    }
    for number in 0..numbers {
        starts[number + 1] += starts[number];
    }
    (starts, pairs.into_iter().map(|(_, value)| value).collect())
}
