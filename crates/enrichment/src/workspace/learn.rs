//! Learns a correction and decides whether it is taken.

use std::sync::Arc;

use molva_domain::Language;

use super::compare::{Pair, compare};
use super::correction::Correction;
use super::decide::{FITS, decide, groups};
use super::fit::fit;
use super::parts::{OUTPUTS, Part};
use super::report::{Counts, HeadReport, Report, Verdict, Why};
use super::rows::{Taught, class_of, judged, read, said};
use super::scores::scores;
use super::{Example, Origin, is_held_out, relevance};
use crate::enricher::Enricher;
use crate::judgement::Object;
use crate::models::Models;

/// Labels a head needs to learn from, of each of two answers so many.
const FEWEST_TAUGHT: usize = 40;
const FEWEST_OF_ANSWER: usize = 8;
/// Labels it needs to be measured on.
const FEWEST_HELD_OUT: usize = 12;
/// How sure it must be that a head is better.
const SURE: f64 = 0.975;
/// From so many mentions labelled blind on, a head must not be worse on them.
const ENOUGH_AUDITS: usize = 30;
/// Examples of each origin that are read at most: the newest.
const MOST_CORRECTIONS: usize = 12_000;
const MOST_LEFT: usize = 8_000;
const MOST_MEASURED: usize = 8_000;

/// What came of learning.
#[derive(Clone, Debug)]
pub struct Trained {
    /// `None`: the shipped models, or those in use, stay.
    pub correction: Option<Arc<Correction>>,
    pub report: Report,
}

/// A mention that measures.
#[derive(Clone, Debug)]
pub(crate) struct Measured {
    pub(crate) language: Option<Language>,
    pub(crate) topic: i64,
    origin: Origin,
    said: super::Said,
    before: Vec<usize>,
    after: Vec<usize>,
    active: Vec<usize>,
}

impl Measured {
    /// What people say of it, and the models; `None` where people say nothing.
    pub(crate) fn pair(&self, part: Part) -> Option<Pair> {
        let place = Part::all().position(|known| known == part)?;
        let truth = match self.origin {
            Origin::Left => self.before[place],
            Origin::Correction | Origin::Audit => said(&self.said, part)?,
        };
        Some(Pair { truth, before: self.before[place], after: self.after[place] })
    }
}

/// Learns a correction of `base` from what people say; `active` are the models in use, where they are others. Examples come
/// newest first. `tell` hears of each step done of all, and answers whether to go on; `None`: it did not.
///
/// A fifth of what people corrected, everything that was labelled blind, and of mentions nobody changed as many as there are
/// corrections held out, decide: a head is taken when it is better there in 975 of 1,000 resamples of mentions (macro F1 of tones
/// and stages, F1 of an intent's yes), is right at least as often, and not worse on what was labelled blind where that is enough. With fewer labels
/// than a head needs it stays as it is shipped. The whole is taken when some head is, and when it is right on as many of these
/// mentions as the correction in use.
pub fn train(
    base: &Models,
    active: Option<&Models>,
    examples: &[Example],
    seed: u64,
    tell: &mut dyn FnMut(usize, usize) -> bool,
) -> Option<Trained> {
    let steps = FITS + 5;
    let mut done = 0;
    let mut step = || {
        done += 1;
        tell(done, steps)
    };
    let mut enricher = Enricher::default();
    let shares = Shares::of(examples);
    let (rows, taught) = read(base, &shares.teaching, &mut enricher);
    if !step() {
        return None;
    }
    let tried: Vec<Part> = Part::all().filter(|part| can_be_taught(&taught, *part)).collect();
    let candidate = if tried.is_empty() {
        None
    } else {
        let decided = decide(&rows, &taught, &tried, seed, &mut step)?;
        let which: Vec<usize> = (0..rows.len()).collect();
        let weights = fit(&rows, &which, &groups(&tried), &decided.holds, seed);
        Some((weights, decided.leans.to_vec()))
    };
    if !step() {
        return None;
    }
    let of = |parts: &[Part], tables| match &candidate {
        Some((weights, leans)) => Correction::new(base.version(), weights, leans.clone(), parts, tables),
        None => Correction::new(base.version(), &[], vec![0.0; OUTPUTS], &[], tables),
    };
    let with_all = base.corrected(Arc::new(of(&tried, Vec::new())));
    let mut measured = measure(base, &with_all, active.unwrap_or(base), &shares.measuring, &mut enricher);
    if !step() {
        return None;
    }
    let mut heads = heads(&taught, &measured, &tried, seed);
    let taken: Vec<Part> = Part::all().zip(&heads).filter(|(_, head)| head.taken).map(|(part, _)| part).collect();
    let relevance = relevance::learn(base, examples, seed, &mut enricher);
    if !step() {
        return None;
    }
    let mut verdict = match (taken.is_empty() && relevance.tables.is_empty(), tried.is_empty()) {
        (false, _) => Verdict::Better,
        (true, true) if relevance.heads.iter().all(|head| head.why == Why::TooFewLabels) => Verdict::TooFewLabels,
        (true, _) => Verdict::NotBetter,
    };
    if verdict == Verdict::Better {
        // What was not taken stays as it is shipped.
        for one in &mut measured {
            let places = Part::all().enumerate().filter(|(_, part)| !taken.contains(part));
            places.for_each(|(place, _)| one.after[place] = one.before[place]);
        }
        if active.is_some() && right(&measured, |one| &one.after) < right(&measured, |one| &one.active) {
            verdict = Verdict::WorseThanActive;
        }
    }
    let correction = of(&taken, relevance.tables);
    let labelled: Vec<&Measured> = measured.iter().filter(|one| one.origin != Origin::Left).collect();
    let mut scores = scores(&labelled);
    let whole: Vec<_> = scores
        .iter()
        .filter(|score| score.language.is_none() && score.topic.is_none() && !score.metric.contains(':'))
        .collect();
    let mean = |of: &dyn Fn(&super::PartScore) -> f64| {
        (!whole.is_empty()).then(|| whole.iter().map(|score| of(score)).sum::<f64>() / whole.len() as f64)
    };
    let (before, after) = (mean(&|score| score.before.unwrap_or_default()), mean(&|score| score.after));
    scores.extend(relevance.scores);
    heads.extend(relevance.heads);
    let report = Report {
        base: base.version().to_owned(),
        version: correction.version().to_owned(),
        verdict,
        counts: shares.counts,
        heads,
        scores,
        confusion: confusion(&labelled),
        before,
        after,
    };
    step();
    let correction = (verdict == Verdict::Better).then(|| Arc::new(correction));
    Some(Trained { correction, report })
}

/// Who teaches and who measures.
struct Shares<'a> {
    teaching: Vec<&'a Example>,
    measuring: Vec<&'a Example>,
    counts: Counts,
}

impl<'a> Shares<'a> {
    fn of(examples: &'a [Example]) -> Self {
        let of = |origin: Origin, held_out: bool| {
            examples.iter().filter(move |one| one.origin == origin && is_held_out(one.key) == held_out)
        };
        let says = |one: &&Example| super::Said { relevant: None, ..one.said } != super::Said::default();
        let corrections: Vec<&Example> = of(Origin::Correction, false).filter(says).take(MOST_CORRECTIONS).collect();
        let left: Vec<&Example> = of(Origin::Left, false).take(corrections.len().clamp(100, MOST_LEFT)).collect();
        let held_out: Vec<&Example> = of(Origin::Correction, true).filter(says).take(MOST_MEASURED).collect();
        let audits: Vec<&Example> =
            examples.iter().filter(|one| one.origin == Origin::Audit).filter(says).take(MOST_MEASURED).collect();
        let left_to_measure: Vec<&Example> = of(Origin::Left, true).take(held_out.len()).collect();
        let counts = Counts {
            corrections: corrections.len(),
            held_out: held_out.len(),
            audits: audits.len(),
            left: left.len() + left_to_measure.len(),
        };
        let teaching = corrections.into_iter().chain(left).collect();
        let measuring = held_out.into_iter().chain(audits).chain(left_to_measure).collect();
        Self { teaching, measuring, counts }
    }
}

fn can_be_taught(taught: &[Taught], part: Part) -> bool {
    let mut answers = vec![0; part.classes()];
    let labelled = taught.iter().filter(|one| one.origin == Origin::Correction);
    labelled.filter_map(|one| said(&one.said, part)).for_each(|class| answers[class] += 1);
    // Spam is mostly only said where it is: what nobody changed stands for the rest.
    let left = taught.iter().filter(|one| one.origin == Origin::Left).count();
    if matches!(part, Part::Want(_)) {
        answers[0] += left;
    }
    let enough = answers.iter().filter(|count| **count >= FEWEST_OF_ANSWER).count();
    answers.iter().sum::<usize>() >= FEWEST_TAUGHT && enough >= 2
}

fn measure(
    base: &Models,
    corrected: &Models,
    active: &Models,
    examples: &[&Example],
    enricher: &mut Enricher,
) -> Vec<Measured> {
    let mut answers = |models: &Models, example: &Example| -> Vec<usize> {
        let object = Some(Object { own: &example.own, others: &example.others });
        let (title, text, language) = (&example.title, &example.text, example.language);
        let judgement = enricher.judge(models, title, text, language, &example.signs, object);
        Part::all().map(|part| judged(&judgement, part)).collect()
    };
    examples
        .iter()
        .map(|example| Measured {
            language: example.language,
            topic: example.topic,
            origin: example.origin,
            said: example.said,
            before: answers(base, example),
            after: answers(corrected, example),
            active: answers(active, example),
        })
        .collect()
}

/// Each head, in the order of [`Part::all`].
fn heads(taught: &[Taught], measured: &[Measured], tried: &[Part], seed: u64) -> Vec<HeadReport> {
    let one = |part: Part| {
        let labels = taught.iter().filter(|one| one.origin == Origin::Correction);
        let held_out = || measured.iter().filter(|one| one.origin != Origin::Left);
        let labelled: Vec<Pair> = held_out().filter_map(|one| one.pair(part)).collect();
        let mut head = HeadReport {
            head: part.name(),
            topic: None,
            taken: false,
            why: Why::TooFewLabels,
            taught: labels.filter(|one| said(&one.said, part).is_some()).count(),
            held_out: labelled.len(),
            before: None,
            after: None,
            chance: None,
        };
        let yes = labelled.iter().filter(|pair| pair.truth == 1).count();
        let measurable = labelled.len() >= FEWEST_HELD_OUT && (part.classes() > 2 || yes >= FEWEST_HELD_OUT / 3);
        if !tried.contains(&part) || !measurable {
            return head;
        }
        let left = measured.iter().filter(|one| one.origin == Origin::Left).filter_map(|one| one.pair(part));
        let pairs: Vec<Pair> = labelled.iter().copied().chain(left.take(labelled.len())).collect();
        let compared = compare(part.classes(), &pairs, seed);
        (head.before, head.after) = (Some(compared.before), Some(compared.after));
        head.chance = Some(compared.chance);
        let audits = held_out().filter(|one| one.origin == Origin::Audit).filter_map(|one| one.pair(part));
        let audits: Vec<Pair> = audits.collect();
        // F1 likes rare answers; they must not be paid for with common ones.
        head.why = if compared.chance < SURE || is_worse(&pairs) {
            Why::NotBetter
        } else if audits.len() >= ENOUGH_AUDITS && is_worse(&audits) {
            Why::WorseOnAudits
        } else {
            Why::Better
        };
        head.taken = head.why == Why::Better;
        head
    };
    Part::all().map(one).collect()
}

/// Whether fewer answers are right than were before.
fn is_worse(pairs: &[Pair]) -> bool {
    let right = |of: fn(&Pair) -> usize| pairs.iter().filter(|pair| of(pair) == pair.truth).count();
    right(|pair| pair.after) < right(|pair| pair.before)
}

/// Answers that are right, over all heads.
fn right(measured: &[Measured], of: impl Fn(&Measured) -> &Vec<usize>) -> usize {
    let right = |one: &Measured| {
        let answers = Part::all().zip(of(one));
        answers.filter(|(part, answer)| one.pair(*part).is_some_and(|pair| pair.truth == **answer)).count()
    };
    measured.iter().map(right).sum()
}

fn confusion(labelled: &[&Measured]) -> [[u64; 3]; 3] {
    let mut confusion = [[0; 3]; 3];
    for one in labelled {
        if let Some(tone) = one.said.tone {
            confusion[class_of(tone)][one.after[0]] += 1;
        }
    }
    confusion
}
