//! The numbers of everything single words are asked for: token keys first, then cased forms, sets of keys (a word in all
//! its forms, a long list) and patterns.

use hashbrown::HashMap;
use molva_query::syntax::Pattern;
use molva_text::{Key, PrefixFilter};

use crate::dictionary::{Dictionary, Entry, FIRST_MARK, SECOND_MARK, THIRD_MARK};
use crate::symbol::{SIGN, Set, SetKind, Symbol};

/// Set in the code of a query on lists that no token leads to, see [`Atoms::members`].
pub(crate) const PASSIVE: u32 = 1 << 31;

/// The token's key leads to further atoms.
const LEADS_ON: u32 = FIRST_MARK;
/// The token's key is asked for itself.
const ASKED_FOR: u32 = SECOND_MARK;
/// A query is posted under the token or what it leads to.
const ANCHOR: u32 = THIRD_MARK;

#[derive(Debug, Default)]
pub(crate) struct Atoms {
    tokens: Dictionary,
    letters: Vec<u8>,
    /// Form and form with its case.
    cased: Vec<(Key, Key)>,
    sets: Vec<Set>,
    patterns: Vec<Pattern>,
    /// Where the further atoms of each token key begin in `leads`; one more at the end. Empty when there are none.
    lead_starts: Vec<u32>,
    leads: Vec<u32>,
    /// Where the members of each set begin in `members`; one more at the end. None are kept of sets that tokens lead to.
    member_starts: Vec<u32>,
    members: Vec<u32>,
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
    sets: HashMap<Key, u32, foldhash::fast::FixedState>,
    /// Lists by the address of their keys, which queries share: looking at all of them is needed only once.
    lists: HashMap<usize, u32, foldhash::fast::FixedState>,
    patterns: HashMap<String, u32, foldhash::fast::FixedState>,
}

const KIND_BITS: u32 = 30;
const CASED: u32 = 1 << KIND_BITS;
const SET: u32 = 2 << KIND_BITS;
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
            Symbol::Set(set) => {
                // The set that was put in keeps the address from being used for another one.
                let address = (set.kind == SetKind::List).then(|| set.keys.as_ptr().addr());
                if let Some(number) = address.and_then(|address| self.lists.get(&address)) {
                    return *number;
                }
                let mut is_new = false;
                let number = *self.sets.entry(set.identity()).or_insert_with(|| {
                    is_new = true;
                    let letters = set.letters();
                    if set.kind == SetKind::List {
                        atoms.tokens.reserve(set.keys.len());
                    }
                    for key in &*set.keys {
                        atoms.token(*key, letters, 0);
                    }
                    atoms.sets.push(set.clone());
                    SET | (atoms.sets.len() as u32 - 1)
                });
                self.lists.extend(address.filter(|_| is_new).map(|address| (address, number)));
                number
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

    /// [`Atoms::anchor`] is still to be called.
    pub(crate) fn finish(self) -> Atoms {
        let mut atoms = self.atoms;
        atoms.index_patterns();
        atoms.tokens.shrink();
        atoms.letters.shrink_to_fit();
        atoms.cased.shrink_to_fit();
        atoms.sets.shrink_to_fit();
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
        self.tokens.len() + self.cased.len() + self.sets.len() + self.patterns.len()
    }

    /// Whether an atom is a sign of the post and no word.
    pub(crate) fn is_sign(&self, atom: u32) -> bool {
        self.letters.get(atom as usize).is_some_and(|letters| letters & SIGN != 0)
    }

    /// The atom behind a number of the interner.
    pub(crate) fn settled(&self, number: u32) -> u32 {
        let place = number & (CASED - 1);
        let before = match number & PATTERN {
            0 => 0,
            CASED => self.tokens.len(),
            SET => self.tokens.len() + self.cased.len(),
            _ => self.tokens.len() + self.cased.len() + self.sets.len(),
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
        match self.sets.get(place) {
            Some(set) => Symbol::Set(set.clone()),
            None => Symbol::Pattern(self.patterns[place - self.sets.len()].clone()),
        }
    }

    /// Takes in under which atoms queries are posted, and joins each token key to what it is a sign of.
    ///
    /// A list that nothing is posted under is not worth a note for every post that holds one of its words: such a list
    /// is asked, when a query comes to it, whether it holds one of the post's.
    pub(crate) fn anchor(&mut self, is_posted: impl Fn(u32) -> bool) {
        let first = self.tokens.len() as u32;
        let (mut leads, mut members) = (Vec::new(), Vec::new());
        for atom in (0..first).filter(|atom| is_posted(*atom)) {
            self.tokens.mark(self.tokens.key(atom), ANCHOR);
        }
        for (atom, (form, _)) in (first..).zip(&self.cased) {
            leads.extend(self.tokens.get(*form).map(|entry| (entry.number(), atom)));
            self.tokens.mark(*form, if is_posted(atom) { ANCHOR } else { 0 });
        }
        for (place, set) in (0..).zip(&self.sets) {
            let atom = first + self.cased.len() as u32 + place;
            let numbers = set.keys.iter().filter_map(|key| Some(self.tokens.get(*key)?.number()));
            let mark = if is_posted(atom) {
                leads.extend(numbers.map(|number| (number, atom)));
                LEADS_ON | ANCHOR
            } else if set.kind != SetKind::List {
                leads.extend(numbers.map(|number| (number, atom)));
                LEADS_ON
            } else {
                members.extend(numbers.map(|number| (place, number)));
                continue;
            };
            set.keys.iter().for_each(|key| self.tokens.mark(*key, mark));
        }
        if !leads.is_empty() {
            (self.lead_starts, self.leads) = by_number(leads, self.tokens.len());
        }
        if !members.is_empty() {
            (self.member_starts, self.members) = by_number(members, self.sets.len());
        }
    }

    /// The tokens of a list that no token leads to, ascending; empty of everything else.
    pub(crate) fn members(&self, atom: u32) -> &[u32] {
        let place = (atom as usize).checked_sub(self.tokens.len() + self.cased.len());
        let range = place.and_then(|place| Some(*self.member_starts.get(place)?..*self.member_starts.get(place + 1)?));
        range.and_then(|range| self.members.get(range.start as usize..range.end as usize)).unwrap_or_default()
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

    /// Whether any query is posted under the token or what it leads to.
    #[inline]
    pub(crate) const fn is_anchor(entry: Entry) -> bool {
        entry.has(ANCHOR)
    }

    /// The atoms a token is, the cased forms with the key they must have.
    #[inline]
    pub(crate) fn each(&self, entry: Entry, mut atom: impl FnMut(u32, Option<Key>)) {
        if entry.has(ASKED_FOR) {
            atom(entry.number(), None);
        }
        if entry.has(LEADS_ON) {
            self.leads(entry.number()).for_each(|(other, cased)| atom(other, cased));
        }
    }

    /// Further atoms a token key is a sign of: sets, and cased forms with the key they must have.
    fn leads(&self, number: u32) -> impl Iterator<Item = (u32, Option<Key>)> + '_ {
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

    /// Bytes held. Sets share their keys with the queries they come from; they are counted here.
    pub(crate) fn bytes(&self) -> usize {
        let sets: usize = self.sets.iter().map(|set| set.keys.len() * 8 + size_of::<Set>()).sum();
        let patterns: usize = self.patterns.iter().map(|one| one.letters.capacity() * 4 + size_of::<Pattern>()).sum();
        let lists = [&self.lead_starts, &self.leads, &self.member_starts, &self.members];
        let numbers: usize = lists.into_iter().chain([&self.beginning_starts, &self.by_beginning]).map(Vec::len).sum();
        self.tokens.bytes()
            + self.beginnings.bytes()
            + self.letters.len()
            + self.cased.len() * 16
            + sets
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
