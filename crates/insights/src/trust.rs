//! How far the figures of a selection can be trusted.

use molva_archive::{Archive, Ask, Facet, FacetAsk, Filter, Slice};
use molva_domain::{MentionState, Timestamp};
use serde::Serialize;

use crate::Result;
use crate::collection::{Collection, Coverage};
use crate::estimate;
use crate::measure::{real, share};
use crate::reason::Reason;
use crate::selected::{Selected, Stretch};

/// About how long a slice of the archive is.
const MONTH_S: f64 = 30.4 * 86_400.0;
/// A smaller part of the period without any source is rounding.
const WORTH_TELLING: f64 = 0.001;
/// Copies are told from this share on.
const MANY_COPIES: f64 = 0.1;

/// The trust strip in a word.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Score {
    /// What can be known is in.
    Good,
    /// Something is missing; the reasons say what.
    Some,
    /// Too much is missing to rely on the figures.
    Poor,
}

impl Score {
    pub const ALL: [Self; 3] = [Self::Good, Self::Some, Self::Poor];

    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Good => "good",
            Self::Some => "some",
            Self::Poor => "poor",
        }
    }
}

/// What is asked.
#[derive(Clone, Copy, Debug)]
pub struct TrustQuestion<'a> {
    pub of: Selected<'a>,
    pub collection: &'a Collection,
    /// Mentions in and in all, while the archive is being filled.
    pub filling: Option<(u64, u64)>,
    /// Mentions of the selection that people labelled blind.
    pub labelled: u64,
    pub now: Timestamp,
}

/// The answer.
#[derive(Clone, Debug, PartialEq)]
pub struct Trust {
    pub score: Score,
    /// What weighs most first; never empty.
    pub reasons: Vec<Reason>,
    pub coverage: Coverage,
    pub mentions: u64,
    /// Exact copies, whether they are counted or not.
    pub copies: u64,
    /// Copies of all mentions with copies.
    pub copies_share: Option<f64>,
    pub binned: u64,
    pub spam: u64,
    /// Mentions of which a person set tone, intents, stage or spam.
    pub judged: u64,
    pub judged_share: Option<f64>,
    pub missing: Vec<Slice>,
}

/// Asks the archive once for figures and three times for a count.
///
/// # Errors
/// When the archive cannot be read.
pub fn trust(archive: &Archive, question: &TrustQuestion<'_>) -> Result<Trust> {
    let Selected { query, filter } = question.of;
    let judges = FacetAsk { facet: Facet::JudgedBy, limit: 2, details: false };
    let figures = archive.figures(query, filter, &Ask { facets: vec![judges], ..Ask::default() })?;
    let by_people = figures.facets.iter().flat_map(|counts| &counts.values).find(|value| value.value == "people");
    let judged = by_people.map_or(0, |value| value.mentions);
    let count = |other: Filter| archive.count(query, &other).map(|counted| counted.mentions);
    let beside_copies = count(Filter { without_copies: !filter.without_copies, ..filter.clone() })?;
    let beside_spam = count(Filter { without_spam: !filter.without_spam, ..filter.clone() })?;
    let binned = count(Filter { states: vec![MentionState::Binned], ..filter.clone() })?;
    let mentions = figures.mentions;
    // A mention may come in between two counts: a difference is never less than nothing.
    let copies = beside_copies.max(mentions) - beside_copies.min(mentions);
    let spam = beside_spam.max(mentions) - beside_spam.min(mentions);
    let all_time =
        Stretch { from: Timestamp::EARLIEST, before: filter.before.unwrap_or(question.now).min(question.now) };
    let stretch = question.of.stretch(archive, question.now)?;
    let coverage = question.collection.coverage(stretch.unwrap_or(all_time), filter, question.now);
    let mut trust = Trust {
        score: Score::Good,
        reasons: Vec::new(),
        coverage,
        mentions,
        copies,
        copies_share: share(copies, mentions.max(beside_copies)),
        binned,
        spam,
        judged,
        judged_share: share(judged, mentions),
        missing: figures.missing,
    };
    trust.reasons = reasons(&trust, question, stretch);
    trust.score = trust.reasons.iter().map(|reason| reason.score()).max().unwrap_or(Score::Good);
    Ok(trust)
}

fn reasons(trust: &Trust, question: &TrustQuestion<'_>, stretch: Option<Stretch>) -> Vec<Reason> {
    let coverage = &trust.coverage;
    let mut reasons = Vec::new();
    reasons.extend(question.filling.map(|(done, total)| Reason::Filling { done, total }));
    if !trust.missing.is_empty() {
        let asked =
            stretch.map_or(1.0, |stretch| (stretch.before.since(stretch.from).as_secs_f64() / MONTH_S).max(1.0));
        let months = trust.missing.len() as u64;
        reasons.push(Reason::MissingMonths { months, share: (real(months) / asked).min(1.0) });
    }
    let gap_share = coverage.gap_share.unwrap_or(0.0);
    if coverage.down() > 0 {
        reasons.push(Reason::SourcesDown { down: coverage.down(), expected: coverage.expected });
    }
    if gap_share > 0.0 {
        reasons.push(Reason::Gaps { share: gap_share });
    }
    if coverage.expected == 0 {
        reasons.push(Reason::NoSources);
    } else if coverage.unwatched > WORTH_TELLING && stretch.is_some() {
        reasons.push(Reason::Unwatched { share: coverage.unwatched });
    }
    if !coverage.cuts.is_empty() {
        reasons.push(Reason::QuotaCuts { cuts: coverage.cuts.len() as u64 });
    }
    if coverage.expected > 0 && coverage.down() == 0 && gap_share == 0.0 {
        reasons.push(Reason::AllCollected);
    }
    if trust.mentions == 0 {
        reasons.push(Reason::NoMentions);
    }
    reasons.extend(trust.judged_share.filter(|share| *share < 1.0).map(|share| Reason::Judged { share }));
    if trust.mentions > 0 {
        reasons.push(match question.labelled {
            0 => Reason::NobodyLabelled,
            labelled => Reason::Labelled { labelled, enough: labelled >= estimate::FEWEST as u64 },
        });
    }
    let many = trust.copies_share.filter(|share| *share >= MANY_COPIES);
    reasons.extend(many.map(|share| Reason::Copies { share, counted: !question.of.filter.without_copies }));
    reasons.sort_by_key(|reason| std::cmp::Reverse(reason.score()));
    reasons
}
