//! Runs a program against one post whose words have been found.

use std::cell::OnceCell;

use molva_domain::Post;
use molva_query::field::{FieldTest, Judgement, TextFacts};
use molva_text::Analysis;

use crate::compile::{Program, Range32, Step};
use crate::occurrences::Occurrences;

/// What fields are tested against.
#[derive(Clone, Copy)]
pub(crate) enum Fields<'a> {
    Known(&'a Post),
    /// Only the text is known: every test of a field may pass.
    Unknown,
}

/// One program beside one post.
pub(crate) struct Evaluation<'a> {
    pub(crate) program: &'a Program,
    /// The program's atoms in the numbers of its index.
    pub(crate) atoms: &'a [u32],
    pub(crate) found: &'a Occurrences,
    pub(crate) analysis: &'a Analysis,
    pub(crate) fields: Fields<'a>,
    pub(crate) facts: &'a OnceCell<TextFacts>,
    pub(crate) title: &'a str,
    pub(crate) text: &'a str,
}

impl Evaluation<'_> {
    pub(crate) fn holds(&self) -> bool {
        self.step(self.program.steps[0])
    }

    pub(crate) fn step(&self, step: Step) -> bool {
        match step {
            Step::Any(atoms) => self.any(atoms),
            Step::None(atoms) => !self.any(atoms),
            Step::All(range) => range.iter().all(|at| self.step(self.program.steps[at])),
            Step::Some(range) => range.iter().any(|at| self.step(self.program.steps[at])),
            Step::AtLeast(count, range) => {
                let mut missing = count;
                missing == 0
                    || range.iter().any(|at| {
                        missing -= u32::from(self.step(self.program.steps[at]));
                        missing == 0
                    })
            }
            Step::Place { place, wanted } => self.has_place(&self.program.places[place as usize]) == wanted,
            Step::Field { field, wanted } => match self.fields {
                Fields::Unknown => true,
                Fields::Known(post) => self.passes(&self.program.fields[field as usize], post) == wanted,
            },
        }
    }

    fn any(&self, atoms: Range32) -> bool {
        self.atoms[atoms.iter()].iter().any(|atom| self.found.has(*atom))
    }

    fn passes(&self, test: &FieldTest, post: &Post) -> bool {
        let facts = self.facts.get_or_init(|| TextFacts {
            language: self.analysis.language(self.title, self.text),
            question: self.analysis.has_question(),
        });
        test.passes(post, facts, &Judgement::EMPTY)
    }
}
