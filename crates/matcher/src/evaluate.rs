//! Runs a query's code against one post whose words have been found.

use std::cell::OnceCell;

use molva_domain::Post;
use molva_query::field::{FieldTest, Judgement, TextFacts};
use molva_text::Analysis;

use crate::code::{Operator, Part};
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
    pub(crate) found: &'a Occurrences,
    pub(crate) analysis: &'a Analysis,
    pub(crate) fields: Fields<'a>,
    pub(crate) facts: &'a OnceCell<TextFacts>,
    pub(crate) title: &'a str,
    pub(crate) text: &'a str,
}

impl Evaluation<'_> {
    #[inline]
    pub(crate) fn holds(&self, part: Part<'_>) -> bool {
        match part.operator() {
            Operator::Any => self.found.has_any(part.atoms()),
            Operator::None => !self.found.has_any(part.atoms()),
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
            Operator::Field => self.passes(part.number(), true),
            Operator::NoField => self.passes(part.number(), false),
            _ => self.has_place(part),
        }
    }

    fn passes(&self, test: u32, wanted: bool) -> bool {
        let Fields::Known(post, judgement) = self.fields else { return true };
        let facts = self.facts.get_or_init(|| TextFacts {
            language: self.analysis.language(self.title, self.text),
            question: self.analysis.has_question(),
        });
        self.tests[test as usize].passes(post, facts, judgement) == wanted
    }
}
