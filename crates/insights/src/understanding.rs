//! What is understood of mentions: tones, intents, stages, spam and stories, by what people said and the machine where nobody did.

use molva_archive::{Archive, Ask, Facet, FacetAsk, FacetCounts, Filter, Slice, Tones};
use molva_domain::{Intent, Stage, Timestamp};

use crate::Result;
use crate::calendar::{Unit, Zone, edges};
use crate::selected::{Selected, Stretch};

/// What is asked.
#[derive(Clone, Copy, Debug)]
pub struct UnderstandingQuestion<'a> {
    pub of: Selected<'a>,
    pub zone: Zone,
    /// `None`: suited to the period.
    pub unit: Option<Unit>,
    pub compare: Option<Stretch>,
    /// Stories at most.
    pub stories: usize,
    pub now: Timestamp,
}

/// The answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Understanding {
    pub now: Understood,
    pub before: Option<Understood>,
    pub unit: Unit,
    pub buckets: Vec<UnderstandingBucket>,
    /// The stories with most mentions of the selection.
    pub stories: FacetCounts,
    pub missing: Vec<Slice>,
}

/// Counts of one period. Shares are of all its mentions, those that nobody judged among them.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Understood {
    /// `None` when there are no mentions and no period was asked for.
    pub stretch: Option<Stretch>,
    pub mentions: u64,
    pub tones: Tones,
    /// Mentions with each intent, in the order of [`Intent::ALL`]; a mention may have several.
    pub intents: [u64; Intent::ALL.len()],
    /// Mentions with none of them, judged or not.
    pub without_intent: u64,
    /// In the order of [`Stage::ALL`].
    pub stages: [u64; Stage::ALL.len()],
    /// Mentions at no stage, judged or not.
    pub without_stage: u64,
    /// Mentions of which a person set something.
    pub by_people: u64,
    pub spam: Spam,
}

/// Spam, whether the selection leaves it out or not.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Spam {
    pub spam: u64,
    /// Mentions of the selection with spam.
    pub mentions: u64,
}

/// Mentions between two edges.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct UnderstandingBucket {
    pub stretch: Stretch,
    pub mentions: u64,
    pub tones: Tones,
    /// In the order of [`Intent::ALL`].
    pub intents: [u64; Intent::ALL.len()],
}

/// Asks the archive twice, and twice more for the compared stretch.
///
/// # Errors
/// When the archive cannot be read, or the unit is too short for the period.
pub fn understanding(archive: &Archive, question: &UnderstandingQuestion<'_>) -> Result<Understanding> {
    let stretch = question.of.stretch(archive, question.now)?;
    let unit = question
        .unit
        .unwrap_or_else(|| stretch.map_or(Unit::Day, |stretch| Unit::suited(stretch.from, stretch.before)));
    let edges = stretch.map_or(Ok(Vec::new()), |stretch| edges(question.zone, unit, stretch.from, stretch.before))?;
    let ask = Ask { edges, bucket_details: true, ..Ask::default() };
    let mut missing = Vec::new();
    let (mut now, stories, buckets) =
        understood(archive, question.of, question.of.filter, ask, question.stories, &mut missing)?;
    now.stretch = stretch;
    let before = match question.compare {
        None => None,
        Some(compare) => {
            let filter = question.of.at(compare);
            let (mut before, ..) = understood(archive, question.of, &filter, Ask::default(), 0, &mut missing)?;
            before.stretch = Some(compare);
            Some(before)
        }
    };
    missing.sort_unstable();
    missing.dedup();
    Ok(Understanding { now, before, unit, buckets, stories, missing })
}

/// Sides that are counted together, but for spam.
const SIDES: [Facet; 3] = [Facet::Intent, Facet::Stage, Facet::JudgedBy];

fn understood(
    archive: &Archive,
    of: Selected<'_>,
    filter: &Filter,
    mut ask: Ask,
    stories: usize,
    missing: &mut Vec<Slice>,
) -> Result<(Understood, FacetCounts, Vec<UnderstandingBucket>)> {
    let whole = |facet| FacetAsk { facet, limit: Intent::ALL.len(), details: false };
    ask.facets = SIDES.into_iter().map(whole).collect();
    ask.facets.push(FacetAsk { facet: Facet::Story, limit: stories, details: false });
    let figures = archive.figures(of.query, filter, &ask)?;
    let with_spam = with_spam(filter);
    let spam = archive.figures(of.query, &with_spam, &Ask { facets: vec![whole(Facet::Spam)], ..Ask::default() })?;
    missing.extend(figures.missing.iter().chain(&spam.missing));
    let mut facets = figures.facets;
    let stories = facets.pop().unwrap_or_else(nothing);
    let [intents, stages, judges] = &facets[..] else { return Ok((Understood::default(), stories, Vec::new())) };
    let understood = Understood {
        stretch: None,
        mentions: figures.mentions,
        tones: figures.tones,
        intents: std::array::from_fn(|number| of_value(intents, Intent::ALL[number].as_str())),
        without_intent: intents.without,
        stages: std::array::from_fn(|number| of_value(stages, Stage::ALL[number].as_str())),
        without_stage: stages.without,
        by_people: of_value(judges, "people"),
        spam: Spam { spam: spam.facets.first().map_or(0, |counts| of_value(counts, "yes")), mentions: spam.mentions },
    };
    let buckets = ask.edges.windows(2).zip(figures.buckets).map(|(pair, bucket)| UnderstandingBucket {
        stretch: Stretch { from: pair[0], before: pair[1] },
        mentions: bucket.mentions,
        tones: bucket.tones,
        intents: bucket.intents,
    });
    Ok((understood, stories, buckets.collect()))
}

/// The filter with spam and all that is none: what spam is counted over.
#[must_use]
pub fn with_spam(filter: &Filter) -> Filter {
    let mut filter = Filter { without_spam: false, ..filter.clone() };
    filter.facets.retain(|(facet, _)| *facet != Facet::Spam);
    filter
}

fn of_value(counts: &FacetCounts, value: &str) -> u64 {
    counts.values.iter().find(|counted| counted.value == value).map_or(0, |counted| counted.mentions)
}

fn nothing() -> FacetCounts {
    FacetCounts { facet: Facet::Story, values: Vec::new(), distinct: 0, others: 0, without: 0 }
}
