//! A set of programs, indexed by the rarest words each of them demands.

use std::sync::Arc;

use hashbrown::HashMap;
use molva_text::{Key, KeySpace, PrefixFilter};

use crate::compile::{Atom, Place, Program, Range32, Step};
use crate::frequency::Frequencies;

/// A posting whose query matches as soon as the word is there.
const FINAL: u32 = 1 << 31;

/// An atom's key is the trigger of a look at the letter case.
const CASE_MATTERS: u32 = 1 << 31;

type KeyMap<V> = HashMap<Key, V, KeyHasher>;

/// Keys are hashes already.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct KeyHasher;

impl std::hash::BuildHasher for KeyHasher {
    type Hasher = Passing;

    fn build_hasher(&self) -> Passing {
        Passing(0)
    }
}

#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Passing(u64);

impl std::hash::Hasher for Passing {
    fn finish(&self) -> u64 {
        self.0
    }

    fn write(&mut self, bytes: &[u8]) {
        for byte in bytes {
            self.0 = (self.0.rotate_left(8) ^ u64::from(*byte)).wrapping_mul(0x9e37_79b9_7f4a_7c15);
        }
    }

    fn write_u64(&mut self, value: u64) {
        self.0 = value;
    }
}

#[derive(Debug, Default)]
pub(crate) struct Index {
    pub(crate) programs: Vec<Arc<Program>>,
    /// Where each program's atoms begin in `atom_ids`; one more at the end.
    atom_starts: Vec<u32>,
    atom_ids: Vec<u32>,
    keys: KeyMap<u32>,
    pub(crate) filter: PrefixFilter,
    /// Patterns by the key of their first letters.
    patterns: KeyMap<Vec<(Box<molva_query::syntax::Pattern>, u32)>>,
    /// Where each atom's postings begin; one more at the end.
    posting_starts: Vec<u32>,
    postings: Vec<u32>,
    /// Programs that demand no word: looked at for every post.
    pub(crate) unanchored: Vec<u32>,
    pub(crate) atom_count: usize,
}

/// A query to look at, and whether the word alone decides.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Posting {
    pub(crate) program: usize,
    pub(crate) decided: bool,
}

impl Index {
    pub(crate) fn build(programs: Vec<Arc<Program>>, frequencies: &Frequencies) -> Self {
        let mut index = Self { programs, ..Self::default() };
        index.assign_atoms();
        index.anchor(frequencies);
        index
    }

    pub(crate) fn atoms_of(&self, program: usize) -> &[u32] {
        &self.atom_ids[self.atom_starts[program] as usize..self.atom_starts[program + 1] as usize]
    }

    /// The atom of a key, and whether letter case must be looked at.
    #[inline]
    pub(crate) fn atom(&self, key: Key) -> Option<(u32, bool)> {
        self.keys.get(&key).map(|id| (id & !CASE_MATTERS, id & CASE_MATTERS != 0))
    }

    pub(crate) fn has_patterns(&self) -> bool {
        !self.patterns.is_empty()
    }

    /// Calls `found` with every pattern a form fits.
    pub(crate) fn matching_patterns(&self, form: &str, mut found: impl FnMut(u32)) {
        for (end, letter) in form.char_indices().take(PrefixFilter::MAX_LETTERS) {
            let beginning = &form[..end + letter.len_utf8()];
            if let Some(patterns) = self.patterns.get(&Key::of_text(beginning, KeySpace::Form)) {
                patterns.iter().filter(|(pattern, _)| pattern.matches(form)).for_each(|(_, atom)| found(*atom));
            }
        }
    }

    pub(crate) fn postings(&self, atom: u32) -> impl Iterator<Item = Posting> {
        let (start, end) = (self.posting_starts[atom as usize], self.posting_starts[atom as usize + 1]);
        self.postings[start as usize..end as usize]
            .iter()
            .map(|posting| Posting { program: (posting & !FINAL) as usize, decided: posting & FINAL != 0 })
    }

    fn assign_atoms(&mut self) {
        let programs = std::mem::take(&mut self.programs);
        let mut pattern_ids: HashMap<String, u32, foldhash::fast::FixedState> = HashMap::default();
        let mut count = 0;
        let mut fresh = || {
            count += 1;
            count - 1
        };
        for program in &programs {
            self.atom_starts.push(self.atom_ids.len() as u32);
            for atom in &program.atoms {
                let id = match atom {
                    Atom::Key(key) => *self.keys.entry(*key).or_insert_with(&mut fresh) & !CASE_MATTERS,
                    Atom::Cased { form, cased } => {
                        *self.keys.entry(*form).or_insert_with(&mut fresh) |= CASE_MATTERS;
                        *self.keys.entry(*cased).or_insert_with(&mut fresh)
                    }
                    Atom::Pattern(pattern) => {
                        let beginning: String = pattern.beginning().chars().take(PrefixFilter::MAX_LETTERS).collect();
                        *pattern_ids.entry(format!("{pattern:?}")).or_insert_with(|| {
                            let id = fresh();
                            self.filter.insert(&beginning);
                            let key = Key::of_text(&beginning, KeySpace::Form);
                            self.patterns.entry(key).or_default().push((pattern.clone(), id));
                            id
                        })
                    }
                };
                self.atom_ids.push(id);
            }
        }
        self.atom_starts.push(self.atom_ids.len() as u32);
        self.atom_count = count as usize;
        self.programs = programs;
    }

    /// Posts each program under the words of the group that is the rarest among those it demands.
    fn anchor(&mut self, frequencies: &Frequencies) {
        let mut pairs: Vec<(u32, u32)> = Vec::new();
        for (number, program) in self.programs.iter().enumerate() {
            let Some((_, mut local)) = cheapest(program, program.steps[0], frequencies) else {
                self.unanchored.push(number as u32);
                continue;
            };
            local.sort_unstable();
            let decided = if matches!(program.steps[0], Step::Any(_)) { FINAL } else { 0 };
            let atoms = self.atoms_of(number);
            let mut anchors: Vec<u32> = local.into_iter().map(|atom| atoms[atom as usize]).collect();
            anchors.sort_unstable();
            anchors.dedup();
            pairs.extend(anchors.into_iter().map(|atom| (atom, number as u32 | decided)));
        }
        pairs.sort_unstable();
        self.posting_starts = vec![0; self.atom_count + 1];
        for (atom, _) in &pairs {
            self.posting_starts[*atom as usize + 1] += 1;
        }
        for atom in 0..self.atom_count {
            self.posting_starts[atom + 1] += self.posting_starts[atom];
        }
        self.postings = pairs.into_iter().map(|(_, posting)| posting).collect();
    }

    /// Bytes held, about.
    pub(crate) fn bytes(&self) -> usize {
        let programs: usize = self.programs.iter().map(|program| program.bytes() + 8).sum();
        let patterns: usize = self.patterns.values().map(|list| 24 + list.len() * 100).sum();
        programs
            + patterns
            + (self.atom_starts.len() + self.atom_ids.len() + self.posting_starts.len() + self.postings.len()) * 4
            + self.keys.capacity() * 17
    }
}

impl Program {
    pub(crate) fn bytes(&self) -> usize {
        size_of::<Self>()
            + 16
            + self.steps.len() * size_of::<Step>()
            + self.atoms.len() * (size_of::<Atom>() + size_of::<(u32, Key)>() + 8)
            + self.places.len() * size_of::<Place>() * 2
            + self.fields.len() * size_of::<molva_query::field::FieldTest>()
    }
}

type Group = (u64, Vec<u32>);

/// The rarest group of atoms of which a matching post must hold one: its frequency and its atoms.
fn cheapest(program: &Program, step: Step, frequencies: &Frequencies) -> Option<Group> {
    let group = |atoms: Range32| of_atoms(program, atoms, frequencies);
    match step {
        Step::Any(atoms) => Some(group(atoms)),
        Step::All(range) => range
            .iter()
            .filter_map(|at| cheapest(program, program.steps[at], frequencies))
            .min_by_key(|(cost, _)| *cost),
        Step::Some(range) => {
            let groups = range.iter().map(|at| cheapest(program, program.steps[at], frequencies));
            groups.collect::<Option<Vec<_>>>().map(union)
        }
        Step::AtLeast(count, range) => {
            let needed = (range.length + 1).checked_sub(count)? as usize;
            let mut groups: Vec<_> =
                range.iter().filter_map(|at| cheapest(program, program.steps[at], frequencies)).collect();
            groups.sort_by_key(|(cost, _)| *cost);
            groups.truncate(needed);
            (groups.len() == needed).then(|| union(groups))
        }
        Step::Place { place, wanted: true } => Some(of_place(program, &program.places[place as usize], frequencies)),
        Step::None(_) | Step::Place { .. } | Step::Field { .. } => None,
    }
}

fn of_atoms(program: &Program, atoms: Range32, frequencies: &Frequencies) -> Group {
    let cost = atoms.iter().map(|at| frequencies.of(program.hints[at])).sum();
    (cost, (atoms.start..atoms.start + atoms.length).collect())
}

fn of_place(program: &Program, place: &Place, frequencies: &Frequencies) -> Group {
    let rarest = |words: &mut dyn Iterator<Item = Range32>| {
        words.map(|word| of_atoms(program, word, frequencies)).min_by_key(|(cost, _)| *cost).unwrap_or_default()
    };
    match place {
        Place::Word { atoms, .. } => of_atoms(program, *atoms, frequencies),
        Place::Row { words, .. } => rarest(&mut words.iter().copied()),
        Place::Close { words, .. } => rarest(&mut words.iter().map(|(word, _)| *word)),
        Place::Near { left, right, .. } | Place::Sentence { left, right } => {
            let (left, right) = (of_place(program, left, frequencies), of_place(program, right, frequencies));
            if left.0 <= right.0 { left } else { right }
        }
        Place::Or(parts) => union(parts.iter().map(|part| of_place(program, part, frequencies)).collect()),
    }
}

fn union(groups: Vec<Group>) -> Group {
    let mut all = Group::default();
    for (cost, atoms) in groups {
        all.0 += cost;
        all.1.extend(atoms);
    }
    all
}
