//! What enrichment and the work on a case know of a mention, and the tests of it.

use std::ops::{Bound, RangeBounds as _};

use molva_domain::{CaseStatus, Intent, Intents, SlaState, Stage, Tone};

/// What is known of a mention beside its post. Whatever is not known passes no test.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Judgement {
    pub tone: Option<Tone>,
    /// Several at once.
    pub intents: Intents,
    pub stage: Option<Stage>,
    /// Why the author wrote.
    pub motive: Option<String>,
    /// Probability, 0 to 1.
    pub spam: Option<f32>,
    /// Probability, 0 to 1.
    pub bot: Option<f32>,
    pub tags: Vec<String>,
    /// Names of the topics it matched.
    pub topics: Vec<String>,
    /// Ids or names of the stories it belongs to.
    pub stories: Vec<String>,
    pub case_status: Option<CaseStatus>,
    pub case_queue: Option<String>,
    pub case_sla: Option<SlaState>,
    pub customer_segment: Option<String>,
}

impl Judgement {
    /// A mention of which nothing is known yet.
    pub const EMPTY: Self = Self {
        tone: None,
        intents: Intents::EMPTY,
        stage: None,
        motive: None,
        spam: None,
        bot: None,
        tags: Vec::new(),
        topics: Vec::new(),
        stories: Vec::new(),
        case_status: None,
        case_queue: None,
        case_sla: None,
        customer_segment: None,
    };
}

/// One test of one part of a judgement.
#[derive(Clone, Debug, PartialEq)]
pub enum JudgedTest {
    Tone(Tone),
    Intent(Intent),
    Stage(Stage),
    Score(ScoreField, ScoreRange),
    CaseStatus(CaseStatus),
    CaseSla(SlaState),
    /// Any text, lower case, one space between words.
    Text(TextField, String),
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ScoreField {
    Spam,
    Bot,
}

/// Between 0 and 1.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct ScoreRange {
    pub from: Bound<f32>,
    pub to: Bound<f32>,
}

/// Parts of a judgement that hold any text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TextField {
    Motive,
    Tag,
    Topic,
    Story,
    Queue,
    Segment,
}

impl TextField {
    pub(crate) const ALL: &'static [(&'static str, Self)] = &[
        ("motive", Self::Motive),
        ("tag", Self::Tag),
        ("topic", Self::Topic),
        ("story", Self::Story),
        ("case.queue", Self::Queue),
        ("customer.segment", Self::Segment),
    ];

    /// A mention has one motive, but any number of tags.
    pub(crate) const fn has_one_value(self) -> bool {
        matches!(self, Self::Motive | Self::Queue | Self::Segment)
    }

    /// As the query language writes it.
    #[must_use]
    pub fn name(self) -> &'static str {
        Self::ALL.iter().find(|(_, field)| *field == self).map_or("", |(name, _)| name)
    }
}

impl ScoreField {
    pub(crate) const fn name(self) -> &'static str {
        match self {
            Self::Spam => "spam",
            Self::Bot => "bot",
        }
    }
}

impl JudgedTest {
    /// Whether a mention of which this is known passes.
    #[must_use]
    pub fn passes(&self, judgement: &Judgement) -> bool {
        match self {
            Self::Tone(tone) => judgement.tone == Some(*tone),
            Self::Intent(intent) => judgement.intents.contains(*intent),
            Self::Stage(stage) => judgement.stage == Some(*stage),
            Self::Score(field, range) => {
                let score = match field {
                    ScoreField::Spam => judgement.spam,
                    ScoreField::Bot => judgement.bot,
                };
                score.is_some_and(|score| (range.from, range.to).contains(&score))
            }
            Self::CaseStatus(status) => judgement.case_status == Some(*status),
            Self::CaseSla(state) => judgement.case_sla == Some(*state),
            Self::Text(field, wanted) => {
                let same = |text: &String| spaced(text) == *wanted;
                match field {
                    TextField::Motive => judgement.motive.iter().any(same),
                    TextField::Tag => judgement.tags.iter().any(same),
                    TextField::Topic => judgement.topics.iter().any(same),
                    TextField::Story => judgement.stories.iter().any(same),
                    TextField::Queue => judgement.case_queue.iter().any(same),
                    TextField::Segment => judgement.customer_segment.iter().any(same),
                }
            }
        }
    }

    /// The test as it is written in a query.
    #[must_use]
    pub fn canonical(&self) -> String {
        match self {
            Self::Tone(tone) => format!("tone:{tone}"),
            Self::Intent(intent) => format!("intent:{intent}"),
            Self::Stage(stage) => format!("stage:{stage}"),
            Self::Score(field, range) => format!("{}:{}", field.name(), range.canonical()),
            Self::CaseStatus(status) => format!("case.status:{status}"),
            Self::CaseSla(state) => format!("case.sla:{state}"),
            Self::Text(field, text) => format!("{}:{}", field.name(), crate::canonical::quoted(text)),
        }
    }
}

impl ScoreRange {
    fn canonical(&self) -> String {
        match (self.from, self.to) {
            (Bound::Excluded(from), _) => format!(">{from}"),
            (Bound::Included(from), Bound::Included(to)) => format!("{from}..{to}"),
            (Bound::Included(from), _) => format!(">={from}"),
            (Bound::Unbounded, Bound::Excluded(to)) => format!("<{to}"),
            (Bound::Unbounded, Bound::Included(to)) => format!("<={to}"),
            (Bound::Unbounded, Bound::Unbounded) => ">=0".to_owned(),
        }
    }
}

/// Lower case, one space between words: how open texts are compared.
#[must_use]
pub fn spaced(text: &str) -> String {
    text.split_whitespace().map(str::to_lowercase).collect::<Vec<_>>().join(" ")
}
