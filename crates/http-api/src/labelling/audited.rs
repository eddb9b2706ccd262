//! What labelled mentions say of the figures of a selection.

use std::collections::{BTreeMap, BTreeSet, HashSet};

use molva_archive::{Archive, Filter, Tones};
use molva_domain::{Intent, Intents, MentionId, RoundId, Stage, Timestamp, Tone, TopicId, UserId};
use molva_insights::estimate::{self, Audit, Stratum};
use molva_insights::{Stretch, measure};
use molva_storage::audit::{Answered, RoundStratum, Said};

use crate::api::Api;
use crate::labelling::history;
use crate::problem::Problem;
use crate::selection::Selected;
use crate::wire::estimate::{Estimate, ToneEstimates};
use crate::wire::questions::trust::AuditedPart;

/// Rounds with fewer answers say nothing of their weeks.
const FEWEST_OF_ROUND: usize = 10;

/// The labelled mentions that a selection holds.
#[derive(Debug, Default)]
pub(crate) struct Audited {
    strata: Vec<Stratum>,
    inside: Vec<(Answered, usize)>,
}

/// What counts of a mention, or would count had nobody labelled it.
struct Machine {
    tone: Option<Tone>,
    intents: Intents,
    stage: Option<Stage>,
    spam: bool,
}

/// The labelled mentions of a selection, in its own period or in another one. Costs one look into the storage where nobody labelled.
pub(crate) async fn read(api: &Api, selected: &Selected, at: Option<Stretch>) -> Result<Audited, Problem> {
    let mut filter = selected.filter.clone();
    if let Some(at) = at {
        (filter.from, filter.before) = (Some(at.from), Some(at.before));
    }
    let (from, before) = (filter.from, filter.before);
    let answered = api.storage().answered_audits(api.workspace(), from, before).await?;
    if answered.is_empty() {
        return Ok(Audited::default());
    }
    let strata = api.storage().audit_strata(api.workspace(), from, before).await?;
    let (strata, answered) = numbered(&strata, answered);
    let ids: Vec<MentionId> = answered.iter().map(|(answered, _)| answered.audit.mention).collect();
    let query = selected.query.clone();
    let inside = api.ask_archive(move |archive: &Archive| archive.among(query.as_ref(), &filter, &ids)).await?;
    let inside: HashSet<MentionId> = inside.into_iter().collect();
    let inside = answered.into_iter().filter(|(answered, _)| inside.contains(&answered.audit.mention)).collect();
    Ok(Audited { strata, inside })
}

/// Strata of the rounds that were labelled, and the answered audits with the numbers of theirs.
fn numbered(strata: &[RoundStratum], answered: Vec<Answered>) -> (Vec<Stratum>, Vec<(Answered, usize)>) {
    let mut of_round: BTreeMap<RoundId, usize> = BTreeMap::new();
    answered.iter().for_each(|answered| *of_round.entry(answered.audit.round).or_default() += 1);
    let labelled = |round: &RoundId| of_round.get(round).is_some_and(|answers| *answers >= FEWEST_OF_ROUND);
    let known = strata.iter().filter(|stratum| labelled(&stratum.round));
    let numbers: BTreeMap<(RoundId, u32), usize> =
        known.clone().enumerate().map(|(number, stratum)| ((stratum.round, stratum.stratum), number)).collect();
    let mut strata: Vec<Stratum> =
        known.map(|stratum| Stratum { population: stratum.population, labelled: 0 }).collect();
    let mut kept = Vec::with_capacity(answered.len());
    for answered in answered {
        if let Some(number) = numbers.get(&(answered.audit.round, answered.audit.stratum)) {
            strata[*number].labelled += 1;
            kept.push((answered, *number));
        }
    }
    (strata, kept)
}

impl Audited {
    /// Those of one topic.
    pub(crate) fn of_topic(&self, topic: TopicId) -> Self {
        let inside = self.inside.iter().filter(|(answered, _)| answered.topic == topic).cloned().collect();
        Self { strata: self.strata.clone(), inside }
    }

    /// Tones of a set of mentions, all of which the selection holds; `None` where too few were labelled.
    pub(crate) fn tones(&self, tones: &Tones) -> Option<ToneEstimates> {
        let whole = tones.total();
        let of = |tone: Tone, part: u64| {
            self.share(part, whole, |said| said.tone == tone, |machine| machine.tone == Some(tone))
        };
        let points = |tone: Option<Tone>| match tone {
            Some(Tone::Negative) => -1.0,
            Some(Tone::Positive) => 1.0,
            Some(Tone::Neutral) | None => 0.0,
        };
        let raw = measure::net_sentiment(tones)? / 100.0;
        let audits = self.audits(|said| points(Some(said.tone)), |machine| points(machine.tone));
        let net = estimate::net(raw, whole, &self.strata, &audits)?;
        Some(ToneEstimates {
            negative: of(Tone::Negative, tones.negative),
            neutral: of(Tone::Neutral, tones.neutral),
            positive: of(Tone::Positive, tones.positive),
            net_sentiment: Some(Estimate::from(net).in_points()),
        })
    }

    /// The share of an intent: `part` of `whole` mentions by the machine.
    pub(crate) fn intent(&self, intent: Intent, part: u64, whole: u64) -> Option<Estimate> {
        self.share(part, whole, |said| said.intents.contains(intent), |machine| machine.intents.contains(intent))
    }

    /// The share of a stage; `None`: of those at none.
    pub(crate) fn stage(&self, stage: Option<Stage>, part: u64, whole: u64) -> Option<Estimate> {
        self.share(part, whole, |said| said.stage == stage, |machine| machine.stage == stage)
    }

    /// The share of spam.
    pub(crate) fn spam(&self, part: u64, whole: u64) -> Option<Estimate> {
        self.share(part, whole, |said| said.spam, |machine| machine.spam)
    }

    /// What the trust strip tells.
    pub(crate) fn part(&self) -> AuditedPart {
        let answers = || self.inside.iter().flat_map(|(answered, _)| &answered.answers);
        let people: BTreeSet<UserId> = answers().map(|(user, ..)| *user).collect();
        let since: Option<Timestamp> = answers().map(|(_, at, _)| *at).min();
        AuditedPart {
            mentions: self.inside.len() as u64,
            people: people.len() as u64,
            agreement: history::agreement(self.inside.iter().map(|(answered, _)| answered)).tone,
            since: since.map(Into::into),
        }
    }

    fn share(
        &self,
        part: u64,
        whole: u64,
        said: impl Fn(&Said) -> bool,
        machine: impl Fn(&Machine) -> bool,
    ) -> Option<Estimate> {
        let raw = measure::share(part, whole)?;
        let number = |yes: bool| f64::from(u8::from(yes));
        let audits = self.audits(|answer| number(said(answer)), |word| number(machine(word)));
        estimate::share(raw, whole, &self.strata, &audits).map(Into::into)
    }

    fn audits(&self, y: impl Fn(&Said) -> f64, f: impl Fn(&Machine) -> f64) -> Vec<Audit> {
        let audit = |(answered, stratum): &(Answered, usize)| {
            #[expect(clippy::cast_precision_loss, reason = "a few people")]
            let people = answered.answers.len() as f64;
            let y = answered.answers.iter().map(|(.., said)| y(said)).sum::<f64>() / people;
            Audit { y, f: f(&Machine::of(answered)), stratum: *stratum }
        };
        self.inside.iter().map(audit).collect()
    }
}

impl Machine {
    /// A mention that somebody corrected counts as they left it, as do all others that were corrected. But what the labelling itself
    /// brought up does not: mentions that were not labelled had no such luck.
    fn of(answered: &Answered) -> Self {
        let (now, because) = (&answered.now, answered.by_answer);
        let judged = now.judged.as_ref();
        let is_spam = |spam: Option<f32>| spam.is_some_and(|spam| spam >= Filter::SPAM);
        Self {
            tone: if because.tone { judged.map(|judged| judged.tone) } else { now.tone },
            intents: if because.intents { judged.map(|judged| judged.intents) } else { now.intents }
                .unwrap_or_default(),
            stage: if because.stage { judged.and_then(|judged| judged.stage) } else { now.stage },
            spam: is_spam(if because.spam { judged.map(|judged| judged.spam) } else { now.spam }),
        }
    }
}
