//! Which atoms of an index a post holds, and by which tokens. Nothing is cleared between posts: stamps tell old from new.

/// Chain ends.
const NOWHERE: u32 = u32::MAX;

#[derive(Clone, Copy, Debug, Default)]
struct State {
    epoch: u32,
    first: u32,
    last: u32,
}

#[derive(Clone, Copy, Debug)]
struct Link {
    token: u32,
    next: u32,
}

#[derive(Clone, Debug, Default)]
pub(crate) struct Occurrences {
    epoch: u32,
    atoms: Vec<State>,
    links: Vec<Link>,
    /// Atoms found, each once.
    touched: Vec<u32>,
    programs: Vec<u32>,
}

impl Occurrences {
    /// Forgets the last post.
    pub(crate) fn begin(&mut self, atoms: usize, programs: usize) {
        if self.epoch == u32::MAX {
            *self = Self::default();
        }
        self.epoch += 1;
        if self.atoms.len() < atoms {
            self.atoms.resize(atoms, State::default());
        }
        if self.programs.len() < programs {
            self.programs.resize(programs, 0);
        }
        self.links.clear();
        self.touched.clear();
    }

    pub(crate) fn add(&mut self, atom: u32, token: u32) {
        let link = self.links.len() as u32;
        let state = &mut self.atoms[atom as usize];
        if state.epoch != self.epoch {
            *state = State { epoch: self.epoch, first: link, last: link };
            self.touched.push(atom);
        } else {
            let last = &mut self.links[state.last as usize];
            if last.token == token {
                return;
            }
            last.next = link;
            state.last = link;
        }
        self.links.push(Link { token, next: NOWHERE });
    }

    #[inline]
    pub(crate) fn has(&self, atom: u32) -> bool {
        self.atoms[atom as usize].epoch == self.epoch
    }

    /// The tokens that are this atom, in the order of reading.
    pub(crate) fn tokens(&self, atom: u32) -> impl Iterator<Item = usize> + '_ {
        let mut at = if self.has(atom) { self.atoms[atom as usize].first } else { NOWHERE };
        std::iter::from_fn(move || {
            let link = self.links.get(at as usize)?;
            at = link.next;
            Some(link.token as usize)
        })
    }

    pub(crate) fn touched(&self) -> &[u32] {
        &self.touched
    }

    /// True the first time a program is asked about in this post.
    #[inline]
    pub(crate) fn first_time(&mut self, program: usize) -> bool {
        let seen = &mut self.programs[program];
        let first = *seen != self.epoch;
        *seen = self.epoch;
        first
    }
}
