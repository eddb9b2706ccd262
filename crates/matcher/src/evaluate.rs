//! Runs a query's code against one post whose words have been found.

use std::cell::OnceCell;

use molva_domain::Post;
use molva_query::field::{FieldTest, Judgement, TextFacts};

use crate::atoms::{Atoms, PASSIVE};
use crate::code::{Operator, Part};
use crate::dictionary::Entry;
use crate::lookup::Text;
use crate::occurrences::Occurrences;

/// What fields are tested against.
#[derive(Clone, Copy)]
pub(crate) enum Fields<'a> {
    Known(&'a Post, &'a Judgement),
    /// Only the text is known: every test of a field may pass.
    Unknown,
}

/// One post, ready to be asked.
#[derive(Clone, Copy)]
pub(crate) struct Evaluation<'a> {
    pub(crate) tests: &'a [FieldTest],
    pub(crate) atoms: &'a Atoms,
    /// Tokens that the index knows.
    pub(crate) entries: &'a [(Entry, u32)],
    pub(crate) found: &'a Occurrences,
    pub(crate) text: Text<'a>,
    pub(crate) fields: Fields<'a>,
    pub(crate) facts: &'a OnceCell<TextFacts>,
}

impl Evaluation<'_> {
    #[inline]
    pub(crate) fn holds(&self, part: Part<'_>) -> bool {
        match part.operator() {
            Operator::Any => self.has_any(part.atoms()),
            Operator::None => !self.has_any(part.atoms()),
            Operator::All => part.parts().all(|part| self.holds(part)),
            Operator::Some => part.parts().any(|part| self.holds(part)),
            Operator::AtLeast => {
                let mut missing = part.number();
                missing == 0
                    || part.parts().any(|part| {
                        missing -= u32::from(self.holds(part));
                        missing == 0
                    })
            }
            Operator::Place => part.parts().all(|part| self.has_place(part)),
            Operator::NoPlace => !part.parts().all(|part| self.has_place(part)),
            Operator::Field | Operator::SignedField => self.passes(part.number(), true),
            Operator::NoField => self.passes(part.number(), false),
            _ => self.has_place(part),
        }
    }

    /// Whether the post holds one of the atoms.
    #[inline]
    pub(crate) fn has_any(&self, atoms: &[u32]) -> bool {
        atoms.iter().any(|atom| match atom & PASSIVE {
            0 => self.found.has(*atom),
            _ => self.tokens_among(atom & !PASSIVE).next().is_some(),
        })
    }

    /// Calls `token` with each token that is one of the atoms.
    pub(crate) fn each_token(&self, atoms: &[u32], mut token: impl FnMut(usize)) {
        for atom in atoms {
            match atom & PASSIVE {
                0 => self.found.tokens(*atom).for_each(&mut token),
                _ => self.tokens_among(atom & !PASSIVE).for_each(&mut token),
            }
        }
    }

    /// The tokens whose keys are on a long list.
    fn tokens_among(&self, list: u32) -> impl Iterator<Item = usize> {
        let members = self.atoms.members(list);
        let on_list = |entry: &Entry| members.binary_search(&entry.number()).is_ok();
        self.entries.iter().filter(move |(entry, _)| on_list(entry)).map(|(_, token)| *token as usize)
    }

    fn passes(&self, test: u32, wanted: bool) -> bool {
        let Fields::Known(post, judgement) = self.fields else { return true };
        let Text { analysis, title, text } = self.text;
        let facts = self
            .facts
            .get_or_init(|| TextFacts { language: analysis.language(title, text), question: analysis.has_question() });
        self.tests[test as usize].passes(post, facts, judgement) == wanted
    }
}
