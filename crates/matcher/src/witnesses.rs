//! Which tokens made a query match: what is shown highlighted.

use crate::compile::Step;
use crate::evaluate::Evaluation;

impl Evaluation<'_> {
    /// Adds the tokens that speak for a step; exclusions and fields have none.
    pub(crate) fn witnesses(&self, step: Step, tokens: &mut Vec<usize>) {
        match step {
            Step::Any(atoms) => {
                for atom in &self.atoms[atoms.iter()] {
                    tokens.extend(self.found.tokens(*atom));
                }
            }
            Step::All(range) | Step::Some(range) | Step::AtLeast(_, range) => {
                for at in range.iter() {
                    let part = self.program.steps[at];
                    if self.step(part) {
                        self.witnesses(part, tokens);
                    }
                }
            }
            Step::Place { place, wanted: true } => {
                let place = &self.program.places[place as usize];
                self.tokens_in(place, &self.places(place), tokens);
            }
            Step::None(_) | Step::Place { .. } | Step::Field { .. } => {}
        }
    }
}
