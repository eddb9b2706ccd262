//! The heads that a correction moves, and where their outputs stand.

use std::ops::Range;

use molva_domain::Intent;

use crate::enricher::Head;
use crate::models::{FIRST_STAGE, INTENTS, STAGES};

pub(crate) const TONES: usize = 3;
pub(crate) const FIRST_INTENT: usize = TONES;
pub(crate) const FIRST_OF_STAGE: usize = FIRST_INTENT + INTENTS;
/// Outputs of a correction: tones, intents with spam among them, stages with none.
pub(crate) const OUTPUTS: usize = FIRST_OF_STAGE + STAGES;

/// A head.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Part {
    Tone,
    /// An intent by its place; that of spam is learnt from what people say of spam.
    Want(usize),
    Stage,
}

impl Part {
    pub(crate) fn all() -> impl Iterator<Item = Self> {
        [Self::Tone].into_iter().chain((0..INTENTS).map(Self::Want)).chain([Self::Stage])
    }

    pub(crate) const fn outputs(self) -> Range<usize> {
        match self {
            Self::Tone => 0..TONES,
            Self::Want(intent) => FIRST_INTENT + intent..FIRST_INTENT + intent + 1,
            Self::Stage => FIRST_OF_STAGE..OUTPUTS,
        }
    }

    /// Classes of its answers: of a want no and yes.
    pub(crate) const fn classes(self) -> usize {
        match self {
            Self::Tone => TONES,
            Self::Want(_) => 2,
            Self::Stage => STAGES,
        }
    }

    /// As reports name it.
    pub(crate) fn name(self) -> String {
        match self {
            Self::Tone => "tone".to_owned(),
            Self::Want(intent) if intent == Intent::Spam as usize => "spam".to_owned(),
            Self::Want(intent) => format!("intent:{}", Intent::ALL[intent].as_str()),
            Self::Stage => "stage".to_owned(),
        }
    }
}

/// The output of a correction that moves an output of the shipped models.
pub(crate) const fn output_of(head: Head) -> Option<usize> {
    match head {
        Head::Tone(class) => Some(class),
        Head::Want(output) if output < INTENTS => Some(FIRST_INTENT + output),
        Head::Want(output) if output >= FIRST_STAGE => Some(FIRST_OF_STAGE + output - FIRST_STAGE),
        Head::Want(_) => None,
    }
}
