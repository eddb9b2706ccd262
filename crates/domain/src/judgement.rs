//! The words in which enrichment, people and the work on cases judge a mention. Tone stands in `mention.rs`.

use std::fmt;

use crate::names::named_enum;

mod intents;
mod machine;

pub use intents::Intents;
pub use machine::{MachineJudgement, SMALLEST_KEPT_SCORE, Second, ToneScores};

named_enum! {
    /// What the author wants.
    pub enum Intent {
        Complaint = "complaint",
        /// Asks for help.
        Help = "help",
        Question = "question",
        Idea = "idea",
        Praise = "praise",
        /// Wants to buy.
        Purchase = "purchase",
        /// Threatens to leave.
        Churn = "churn",
        News = "news",
        Advert = "advert",
        Spam = "spam",
    }
}

named_enum! {
    /// Who judges what the fast models were not sure of.
    pub enum SecondBy {
        /// A sentence encoder on this machine.
        Encoder = "encoder",
        /// A chat endpoint that the operator named.
        Endpoint = "endpoint",
    }
}

named_enum! {
    /// Where in the consumer cycle the author stands.
    pub enum Stage {
        Search = "search",
        Buy = "buy",
        Use = "use",
        /// Gets service.
        Service = "service",
        Leave = "leave",
    }
}

named_enum! {
    /// What became of a model that was learnt from people.
    pub enum ModelState {
        /// It judges.
        Active = "active",
        /// Good enough, and waits for somebody to take it into use.
        Candidate = "candidate",
        /// It was not better.
        Refused = "refused",
        /// It judged once, and may again.
        Retired = "retired",
    }
}

named_enum! {
    /// How far the work on a case is.
    pub enum CaseStatus {
        New = "new",
        Open = "open",
        /// For the author or for another department.
        Waiting = "waiting",
        Solved = "solved",
        Closed = "closed",
    }
}

named_enum! {
    /// How the promise of time stands.
    pub enum SlaState {
        /// The clock runs, nothing is pressing.
        Running = "running",
        /// The clock is stopped.
        Paused = "paused",
        /// Soon breached.
        AtRisk = "at_risk",
        Breached = "breached",
        Met = "met",
    }
}

/// A part of a post: byte offsets, of the text or of the title.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Span {
    /// In the title rather than the text.
    pub in_title: bool,
    pub start: u32,
    pub end: u32,
}

impl Span {
    /// Reads what `Display` writes.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let (in_title, range) = match text.split_at_checked(1)? {
            ("t", range) => (true, range),
            ("x", range) => (false, range),
            _ => return None,
        };
        let (start, end) = range.split_once('-')?;
        Some(Self { in_title, start: start.parse().ok()?, end: end.parse().ok()? })
    }
}

impl fmt::Display for Span {
    /// `x12-17` in the text, `t0-5` in the title.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}{}-{}", if self.in_title { 't' } else { 'x' }, self.start, self.end)
    }
}

/// Which judgements of a mention a person set; the machine's do not replace them.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct ByPeople {
    pub tone: bool,
    pub intents: bool,
    pub stage: bool,
    pub spam: bool,
}

impl ByPeople {
    /// 1 tone, 2 intents, 4 stage, 8 spam: what storage keeps.
    #[must_use]
    pub const fn bits(self) -> u8 {
        self.tone as u8 | (self.intents as u8) << 1 | (self.stage as u8) << 2 | (self.spam as u8) << 3
    }

    /// Reads [`Self::bits`].
    #[must_use]
    pub const fn from_bits(bits: u8) -> Self {
        Self { tone: bits & 1 != 0, intents: bits & 2 != 0, stage: bits & 4 != 0, spam: bits & 8 != 0 }
    }

    /// Nothing was set by a person.
    #[must_use]
    pub const fn is_empty(self) -> bool {
        self.bits() == 0
    }

    /// Names of what was set: `tone`, `intents`, `stage`, `spam`.
    pub fn names(self) -> impl Iterator<Item = &'static str> {
        [(self.tone, "tone"), (self.intents, "intents"), (self.stage, "stage"), (self.spam, "spam")]
            .into_iter()
            .filter_map(|(set, name)| set.then_some(name))
    }
}
