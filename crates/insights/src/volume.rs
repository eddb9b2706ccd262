//! Is it said of us, and how much: counts, reach, tone and the share of voice.

use std::collections::HashMap;

use molva_archive::{Archive, Ask, Facet, FacetAsk, Figures, Filter, Slice, Tones};
use molva_domain::{Timestamp, TopicId, TopicKind, TopicLevel};

use crate::Result;
use crate::measure::{net_sentiment, real, share};
use crate::selected::{Selected, Stretch};

/// Most topics side by side; a workspace with more has the largest shown.
const MAX_TOPICS: usize = 5_000;
const DAY_S: f64 = 86_400.0;

/// What is asked.
#[derive(Clone, Copy, Debug)]
pub struct VolumeQuestion<'a> {
    pub of: Selected<'a>,
    /// All live topics.
    pub topics: &'a [(TopicId, TopicKind, TopicLevel)],
    /// The same is worked out for this stretch.
    pub compare: Option<Stretch>,
    pub now: Timestamp,
}

/// The answer.
#[derive(Clone, Debug, PartialEq)]
pub struct Volume {
    pub now: VolumeFigures,
    pub before: Option<VolumeFigures>,
    /// Slices that could not be read.
    pub missing: Vec<Slice>,
}

/// The figures of one stretch of time; see `definitions/volume.rs` for each.
#[derive(Clone, Debug, PartialEq)]
pub struct VolumeFigures {
    /// What was looked at; `None` when there is nothing and nothing was asked for.
    pub stretch: Option<Stretch>,
    pub mentions: u64,
    pub authors: u64,
    pub potential_reach: u64,
    pub reach_unknown: u64,
    pub views: u64,
    pub tones: Tones,
    pub net_sentiment: Option<f64>,
    pub per_day: Option<f64>,
    pub share_of_voice: Option<f64>,
    pub share_of_voice_weighted: Option<f64>,
    /// Most mentions first.
    pub topics: Vec<TopicVolume>,
}

/// A topic beside the others.
#[derive(Clone, Debug, PartialEq)]
pub struct TopicVolume {
    pub topic: TopicId,
    pub kind: TopicKind,
    pub level: TopicLevel,
    /// The selection names it, or names none.
    pub selected: bool,
    pub mentions: u64,
    pub reach: u64,
    pub tones: Tones,
    pub net_sentiment: Option<f64>,
    /// Among own and competitor topics of its level: a product is not weighed against the brand that contains it. `None` for
    /// topics of kind market.
    pub share: Option<f64>,
    pub share_weighted: Option<f64>,
}

/// Asks the archive once for the selection and once for all topics side by side, and as often for the compared stretch.
///
/// # Errors
/// When the archive cannot be read.
pub fn volume(archive: &Archive, question: &VolumeQuestion<'_>) -> Result<Volume> {
    let mut missing = Vec::new();
    let stretch = question.of.stretch(archive, question.now)?;
    let now = figures_of(archive, question, question.of.filter, stretch, &mut missing)?;
    let before = match question.compare {
        None => None,
        Some(compare) => Some(figures_of(archive, question, &question.of.at(compare), Some(compare), &mut missing)?),
    };
    missing.sort_unstable();
    missing.dedup();
    Ok(Volume { now, before, missing })
}

fn figures_of(
    archive: &Archive,
    question: &VolumeQuestion<'_>,
    filter: &Filter,
    stretch: Option<Stretch>,
    missing: &mut Vec<Slice>,
) -> Result<VolumeFigures> {
    let all = archive.figures(question.of.query, filter, &Ask { authors: true, ..Ask::default() })?;
    missing.extend(&all.missing);
    let topics = topics_of(archive, question, filter, missing)?;
    let authors = all.authors.clone().unwrap_or_default();
    // Levels are in the order of their width.
    let widest = topics.iter().filter(|topic| topic.kind == TopicKind::Own).map(|topic| topic.level).min();
    let ours = |figure: fn(&TopicVolume) -> u64| {
        let at_level = || topics.iter().filter(|topic| Some(topic.level) == widest);
        let voices = at_level().filter(|topic| is_voice(topic.kind)).map(figure).sum();
        let own = at_level().filter(|topic| topic.kind == TopicKind::Own).map(figure).sum();
        share(own, voices)
    };
    let (share_of_voice, share_of_voice_weighted) = (ours(|topic| topic.mentions), ours(|topic| topic.reach));
    Ok(VolumeFigures {
        stretch,
        mentions: all.mentions,
        authors: authors.distinct,
        potential_reach: authors.potential_reach,
        reach_unknown: all.reach_unknown,
        views: all.views,
        tones: all.tones,
        net_sentiment: net_sentiment(&all.tones),
        per_day: stretch.map(|stretch| real(all.mentions) * DAY_S / stretch.before.since(stretch.from).as_secs_f64()),
        share_of_voice,
        share_of_voice_weighted,
        topics,
    })
}

/// Own and competitor topics take part in the share of voice; a market is nobody's voice.
fn is_voice(kind: TopicKind) -> bool {
    matches!(kind, TopicKind::Own | TopicKind::Competitor)
}

fn topics_of(
    archive: &Archive,
    question: &VolumeQuestion<'_>,
    filter: &Filter,
    missing: &mut Vec<Slice>,
) -> Result<Vec<TopicVolume>> {
    let chosen = &question.of.filter.topics;
    let shown: Vec<_> = question.topics.iter().filter(|(id, kind, _)| is_voice(*kind) || chosen.contains(id)).collect();
    if shown.is_empty() {
        return Ok(Vec::new());
    }
    let filter = Filter { topics: shown.iter().map(|(id, ..)| *id).collect(), ..filter.clone() };
    let facets = vec![FacetAsk { facet: Facet::Topic, limit: MAX_TOPICS, details: true }];
    let figures = archive.figures(question.of.query, &filter, &Ask { facets, ..Ask::default() })?;
    missing.extend(&figures.missing);
    let counted = by_topic(&figures);
    let mut voices: HashMap<TopicLevel, (u64, u64)> = HashMap::new();
    for (id, _, level) in shown.iter().filter(|(_, kind, _)| is_voice(*kind)) {
        let (mentions, reach, _) = counted.get(id).copied().unwrap_or_default();
        let base = voices.entry(*level).or_default();
        *base = (base.0 + mentions, base.1 + reach);
    }
    let mut topics: Vec<TopicVolume> = shown
        .into_iter()
        .map(|(id, kind, level)| {
            let (mentions, reach, tones) = counted.get(id).copied().unwrap_or_default();
            let (voice_mentions, voice_reach) = voices.get(level).copied().unwrap_or_default();
            TopicVolume {
                topic: *id,
                kind: *kind,
                level: *level,
                selected: chosen.is_empty() || chosen.contains(id),
                mentions,
                reach,
                tones,
                net_sentiment: net_sentiment(&tones),
                share: is_voice(*kind).then(|| share(mentions, voice_mentions)).flatten(),
                share_weighted: is_voice(*kind).then(|| share(reach, voice_reach)).flatten(),
            }
        })
        .collect();
    topics.sort_by(|a, b| b.mentions.cmp(&a.mentions).then(a.topic.cmp(&b.topic)));
    Ok(topics)
}

fn by_topic(figures: &Figures) -> HashMap<TopicId, (u64, u64, Tones)> {
    let values = figures.facets.iter().flat_map(|facet| &facet.values);
    values.filter_map(|value| Some((value.value.parse().ok()?, (value.mentions, value.reach, value.tones)))).collect()
}
