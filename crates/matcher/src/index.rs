//! A set of queries side by side, each posted under the rarest words it demands. It never changes.

use std::sync::Arc;

use hashbrown::HashMap;
use molva_query::field::FieldTest;

use crate::anchor::cheapest;
use crate::atoms::{Atoms, Interner, PASSIVE, by_number};
use crate::code::{Operator, Part, renumber};
use crate::compile::Program;
use crate::frequency::Frequencies;
use crate::meter::Meters;
use crate::symbol::Symbol;

/// A posting whose query matches as soon as the word is there.
const DECIDED: u32 = 1 << 31;
/// A posting whose query is watched for what it costs.
const METERED: u32 = 1 << 30;
const NUMBER: u32 = METERED - 1;

/// Queries looked at for more of a million posts than this are metered.
const METERED_FROM: u64 = 100_000;

#[derive(Debug, Default)]
pub(crate) struct Index {
    /// Ascending.
    ids: Vec<i64>,
    /// Where each query's code begins; one more at the end.
    starts: Vec<u32>,
    code: Vec<u32>,
    pub(crate) tests: Vec<FieldTest>,
    pub(crate) atoms: Atoms,
    /// Where each atom's postings begin; one more at the end.
    posting_starts: Vec<u32>,
    postings: Vec<u32>,
    /// Queries that demand no word: looked at for every post.
    pub(crate) unanchored: Vec<u32>,
    /// Queries that signs select: where the fields of a post are not known, each may match.
    pub(crate) signed: Vec<u32>,
    pub(crate) meters: Meters,
}

/// A query to look at.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Posting {
    pub(crate) program: usize,
    /// The word alone decides.
    pub(crate) decided: bool,
    pub(crate) metered: bool,
}

/// Where a query of a new index comes from.
#[derive(Clone, Debug)]
pub(crate) enum Source {
    New(Arc<Program>),
    /// The query of this number in the old index.
    Kept(u32),
}

impl Index {
    /// Of queries in the order of their ids.
    pub(crate) fn build(sources: &[Source], old: &Self, frequencies: &Frequencies) -> Self {
        let mut index = Self::default();
        let mut interner = Interner::default();
        let mut known: Vec<Option<u32>> = vec![None; old.atoms.len()];
        let mut tests = Tests::default();
        index.starts.push(0);
        for source in sources {
            let start = index.code.len();
            match source {
                Source::New(program) => {
                    index.ids.push(program.id);
                    index.code.extend_from_slice(&program.code);
                    renumber(
                        &mut index.code[start..],
                        |atoms| {
                            atoms.iter_mut().for_each(|atom| *atom = interner.number(&program.symbols[*atom as usize]))
                        },
                        |field| *field = tests.number(&program.fields[*field as usize]),
                    );
                }
                Source::Kept(number) => {
                    index.ids.push(old.ids[*number as usize]);
                    index.code.extend_from_slice(old.code_of(*number as usize));
                    let mut renew = |atom: &mut u32| {
                        *atom &= !PASSIVE;
                        let known = &mut known[*atom as usize];
                        *atom = *known.get_or_insert_with(|| interner.number(&old.atoms.symbol(*atom)));
                    };
                    renumber(
                        &mut index.code[start..],
                        |atoms| atoms.iter_mut().for_each(&mut renew),
                        |field| *field = tests.number(&old.tests[*field as usize]),
                    );
                }
            }
            index.starts.push(index.code.len() as u32);
        }
        index.atoms = interner.finish();
        let atoms = &index.atoms;
        renumber(
            &mut index.code,
            |list| {
                list.iter_mut().for_each(|number| *number = atoms.settled(*number));
                list.sort_unstable();
            },
            |_| {},
        );
        index.tests = tests.tests;
        index.post(frequencies);
        index.ids.shrink_to_fit();
        index.starts.shrink_to_fit();
        index.code.shrink_to_fit();
        index.tests.shrink_to_fit();
        index
    }

    pub(crate) fn len(&self) -> usize {
        self.ids.len()
    }

    pub(crate) fn id(&self, program: usize) -> i64 {
        self.ids[program]
    }

    /// Where the query of an id stands.
    pub(crate) fn number_of(&self, id: i64) -> Option<usize> {
        self.ids.binary_search(&id).ok()
    }

    #[inline]
    pub(crate) fn root(&self, program: usize) -> Part<'_> {
        Part::root(self.code_of(program))
    }

    #[inline]
    fn code_of(&self, program: usize) -> &[u32] {
        &self.code[self.starts[program] as usize..self.starts[program + 1] as usize]
    }

    #[inline]
    pub(crate) fn postings(&self, atom: u32) -> impl Iterator<Item = Posting> {
        let range = self.posting_starts[atom as usize] as usize..self.posting_starts[atom as usize + 1] as usize;
        self.postings[range].iter().map(|posting| Posting {
            program: (posting & NUMBER) as usize,
            decided: posting & DECIDED != 0,
            metered: posting & METERED != 0,
        })
    }

    /// Posts each query under the atoms of the group that is the rarest among those it demands.
    fn post(&mut self, frequencies: &Frequencies) {
        let mut costs: Vec<u64> =
            self.atoms.token_keys().map(|(key, letters)| frequencies.of_key(key, letters)).collect();
        let others = self.atoms.token_count() as u32..self.atoms.len() as u32;
        costs.extend(others.map(|atom| frequencies.of(&self.atoms.symbol(atom))));
        let (mut pairs, mut unanchored, mut metered) = (Vec::new(), Vec::new(), Vec::new());
        let mut signed = Vec::new();
        for program in 0..self.len() {
            let root = self.root(program);
            let Some(anchor) = cheapest(root, &|atom| costs[atom as usize]) else {
                unanchored.push(program as u32);
                metered.push(program as u32);
                continue;
            };
            let mut posting = program as u32;
            if root.operator() == Operator::Any {
                posting |= DECIDED;
            }
            if frequencies.posts_in_a_million(anchor.cost) >= METERED_FROM {
                posting |= METERED;
                metered.push(program as u32);
            }
            if anchor.atoms.iter().any(|atoms| atoms.iter().any(|atom| self.atoms.is_sign(*atom))) {
                signed.push(program as u32);
            }
            pairs.extend(anchor.atoms.into_iter().flatten().map(|atom| (*atom, posting)));
        }
        (self.posting_starts, self.postings) = by_number(pairs, self.atoms.len());
        let starts = &self.posting_starts;
        self.atoms.anchor(|atom| starts[atom as usize] != starts[atom as usize + 1]);
        let atoms = &self.atoms;
        let mark = |atom: &mut u32| *atom |= if atoms.members(*atom).is_empty() { 0 } else { PASSIVE };
        renumber(&mut self.code, |list| list.iter_mut().for_each(mark), |_| {});
        self.unanchored = unanchored;
        self.signed = signed;
        self.meters = Meters::of(metered);
    }

    /// Bytes held.
    pub(crate) fn bytes(&self) -> usize {
        let numbers = self.starts.capacity()
            + self.code.capacity()
            + self.posting_starts.capacity()
            + self.postings.capacity()
            + self.unanchored.capacity()
            + self.signed.capacity();
        self.ids.capacity() * 8
            + numbers * 4
            + self.tests.capacity() * size_of::<FieldTest>()
            + self.atoms.bytes()
            + self.meters.bytes()
    }
}

/// The tests of fields, equal ones once.
#[derive(Default)]
struct Tests {
    tests: Vec<FieldTest>,
    numbers: HashMap<String, u32, foldhash::fast::FixedState>,
}

impl Tests {
    fn number(&mut self, test: &FieldTest) -> u32 {
        *self.numbers.entry(format!("{test:?}")).or_insert_with(|| {
            self.tests.push(test.clone());
            self.tests.len() as u32 - 1
        })
    }
}

/// What a query would cost if it were put in: posts of a million that it must be looked at for; `None` when all.
pub(crate) fn looks_per_million(program: &Program, frequencies: &Frequencies) -> Option<u64> {
    let costs: Vec<u64> = program.symbols.iter().map(|symbol: &Symbol| frequencies.of(symbol)).collect();
    let anchor = cheapest(Part::root(&program.code), &|symbol| costs[symbol as usize])?;
    Some(frequencies.posts_in_a_million(anchor.cost))
}
