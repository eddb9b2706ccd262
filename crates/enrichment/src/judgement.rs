//! What is asked about a mention and what is answered.

use molva_domain::{Intent, PostKind, Stage, Tone};

/// A stretch of a post's title or text.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Span {
    pub in_title: bool,
    /// Bytes; a span whose ends are not on character boundaries stands for nothing.
    pub start: u32,
    pub end: u32,
}

/// Where the judged object stands in a post, and where its rivals do: the same post may praise the one and blame the other.
#[derive(Clone, Copy, Debug, Default)]
pub struct Object<'a> {
    pub own: &'a [Span],
    pub others: &'a [Span],
}

/// What a post shows beside its text. `None` is "the network does not say".
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct PostSigns {
    pub kind: Option<PostKind>,
    pub followers: Option<u64>,
    /// The network says that the author is a program.
    pub bot: Option<bool>,
    /// Links of the post that do not stand in its text.
    pub links: u32,
    /// Stars of a review, one to five.
    pub rating: Option<u8>,
}

/// How likely each tone is, and the one that is said.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct ToneScores {
    /// Calibrated; the three sum to one.
    pub negative: f32,
    pub neutral: f32,
    pub positive: f32,
    /// Not always the likeliest: rare tones are said at a lower probability, so that they are found as often as others.
    pub said: Tone,
}

impl ToneScores {
    #[must_use]
    pub const fn of(&self, tone: Tone) -> f32 {
        match tone {
            Tone::Negative => self.negative,
            Tone::Neutral => self.neutral,
            Tone::Positive => self.positive,
        }
    }
}

/// The tone of a Russian or Ukrainian text on its own, in the five classes in which people were asked for it.
/// `speech` (greetings, formulas) and `skip` (scraps nobody can judge) count as neutral in the product.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct TextTone {
    pub negative: f32,
    pub neutral: f32,
    pub positive: f32,
    pub speech: f32,
    pub skip: f32,
    /// Number of the class that is said, in the order above.
    pub said: usize,
}

impl TextTone {
    pub const NAMES: [&'static str; 5] = ["negative", "neutral", "positive", "speech", "skip"];
}

/// How likely each stage of the consumer cycle is, in the order of [`Stage::ALL`]; the rest is "none".
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct StageScores {
    /// Calibrated; they and `none` sum to one.
    pub scores: [f32; Stage::ALL.len()],
    pub none: f32,
    pub said: Option<Stage>,
}

/// What a mention says, judged by a model.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Judgement {
    /// Towards the object where one was given, else of the text.
    pub tone: ToneScores,
    /// Of a Cyrillic text on its own, whatever it says of the object.
    pub text_tone: Option<TextTone>,
    /// Calibrated, in the order of [`Intent::ALL`], each on its own: several may hold at once.
    pub intents: [f32; Intent::ALL.len()],
    /// That none of the intents is there: jokes, chat, the object named in passing.
    pub other: f32,
    /// Those said, one bit each in the order of [`Intent::ALL`].
    pub intents_said: u16,
    pub stage: StageScores,
    /// The probability that nobody speaks to anybody here: generated text, bait, mass offers.
    pub spam: f32,
    /// The probability that it sells or promotes.
    pub advert: f32,
    /// The probability that a program wrote it; `None` when nothing but the text is known.
    pub bot: Option<f32>,
    /// The few words that decided, where something is wanted or felt.
    pub motive: Option<Span>,
}

impl Judgement {
    /// The intents said.
    pub fn said(&self) -> impl Iterator<Item = Intent> {
        let bits = self.intents_said;
        Intent::ALL.iter().enumerate().filter(move |(bit, _)| bits >> bit & 1 == 1).map(|(_, intent)| *intent)
    }
}
