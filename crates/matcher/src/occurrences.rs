//! Which atoms of an index a post holds, and by which tokens. Nothing is cleared between posts: stamps tell old from new.

/// Chain ends.
const NOWHERE: u32 = u32::MAX;

/// An atom that the post holds.
#[derive(Clone, Copy, Debug)]
struct Found {
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
    /// For each atom the epoch it was last found in, and its place in `found`.
    atoms: Vec<(u32, u32)>,
    found: Vec<Found>,
    links: Vec<Link>,
}

/// Which queries of an index were looked at for this post.
#[derive(Clone, Debug, Default)]
pub(crate) struct Seen {
    epoch: u32,
    programs: Vec<u32>,
}

impl Seen {
    pub(crate) fn begin(&mut self, programs: usize) {
        if self.epoch == u32::MAX {
            *self = Self::default();
        }
        self.epoch += 1;
        if self.programs.len() < programs {
            self.programs.resize(programs, 0);
        }
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

impl Occurrences {
    /// Forgets the last post.
    pub(crate) fn begin(&mut self, atoms: usize) {
        if self.epoch == u32::MAX {
            *self = Self::default();
        }
        self.epoch += 1;
        if self.atoms.len() < atoms {
            self.atoms.resize(atoms, (0, 0));
        }
        self.links.clear();
        self.found.clear();
    }

    #[inline]
    pub(crate) fn add(&mut self, atom: u32, token: u32) {
        let link = self.links.len() as u32;
        let (epoch, place) = &mut self.atoms[atom as usize];
        if *epoch == self.epoch {
            let found = &mut self.found[*place as usize];
            let last = &mut self.links[found.last as usize];
            if last.token == token {
                return;
            }
            last.next = link;
            found.last = link;
        } else {
            *epoch = self.epoch;
            *place = self.found.len() as u32;
            self.found.push(Found { first: link, last: link });
        }
        self.links.push(Link { token, next: NOWHERE });
    }

    #[inline]
    pub(crate) fn has(&self, atom: u32) -> bool {
        self.atoms[atom as usize].0 == self.epoch
    }

    /// The tokens that are this atom, in the order of reading.
    pub(crate) fn tokens(&self, atom: u32) -> impl Iterator<Item = usize> + '_ {
        let (epoch, place) = self.atoms[atom as usize];
        let mut at = if epoch == self.epoch { self.found[place as usize].first } else { NOWHERE };
        std::iter::from_fn(move || {
            let link = self.links.get(at as usize)?;
            at = link.next;
            Some(link.token as usize)
        })
    }
}
