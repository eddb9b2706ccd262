//! The recipe: which model is learnt from which sets, in which order, how strongly.

use molva_domain::{Intent, Stage};

use super::corpora::{Corpora, Labelled, Wanted};
use super::dual::{Fit, Targets, Weights, fit};
use super::folds;
use super::measure::{Answers, YesNo, score_of};
use super::metrics::Metric;
use super::reading::{Example, Inward, Reading};
use super::rows::Matrix;
use super::smileys::smiley;
use super::teacher::Teacher;
use super::{object, wants};
use crate::models::{Models, Score, Source, largest};

/// How a model is learnt.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Recipe {
    /// Rows of the table as a power of two.
    pub(crate) bits: u32,
    /// Inverse of the regularisation.
    pub(crate) strength: f32,
    /// From 0 (rows count alike) to 1 (classes count alike).
    pub(crate) balance: f32,
}

const SMILEY: Recipe = Recipe { bits: 17, strength: 1.0, balance: 1.0 };
const GENERAL: Recipe = Recipe { bits: 19, strength: 2.0, balance: 1.0 };
const ENGLISH: Recipe = Recipe { bits: 20, strength: 0.6, balance: 1.0 };
pub(crate) const OPTIONS: Fit = Fit { epochs: 20, seed: 1 };
/// Features met in fewer examples are left out.
const FEWEST: u32 = 2;
pub(crate) const TONES: [&str; 3] = ["negative", "neutral", "positive"];
const GENERAL_NAMES: [&str; 5] = ["negative", "neutral", "positive", "speech", "skip"];
/// Models and how good they are.
#[derive(Clone, Debug)]
pub struct Learnt {
    pub models: Models,
    pub scores: Vec<Score>,
}

/// Learns all models from `corpora`, and scores each by cross-validation. A `teacher` says how posts feel that nobody labelled;
/// without one the models guess it themselves. `sources` go into the manifest; `tell` is told what is being done.
#[must_use]
pub fn train(corpora: &Corpora, teacher: Option<&Teacher>, sources: Vec<Source>, tell: &mut dyn FnMut(&str)) -> Learnt {
    let mut learning = Learning { models: Models::silent(), teacher, scores: Vec::new(), tell };
    learning.all(corpora);
    let Learning { mut models, scores, .. } = learning;
    models.manifest.sources = sources;
    models.manifest.scores.clone_from(&scores);
    models.manifest.version = String::new();
    models.manifest.version = format!("1-{:08x}", crc32fast::hash(&models.write()));
    Learnt { models, scores }
}

/// Scores the sets that nothing is learnt from, by cross-validation: what a model of their own would reach.
#[must_use]
pub fn measure_only(corpora: &Corpora, models: &Models, tell: &mut dyn FnMut(&str)) -> Vec<Score> {
    let mut learning = Learning { models: models.clone(), teacher: None, scores: Vec::new(), tell };
    learning.airline(&corpora.airline);
    learning.scores
}

pub(super) struct Learning<'a> {
    pub(super) models: Models,
    pub(super) teacher: Option<&'a Teacher>,
    pub(super) scores: Vec<Score>,
    pub(super) tell: &'a mut dyn FnMut(&str),
}

impl Learning<'_> {
    fn all(&mut self, corpora: &Corpora) {
        (self.tell)("counting features");
        self.models.idf = Reading::frequencies(examples_of(corpora), FEWEST);
        (self.tell)("smileys of the stream");
        self.smiley(corpora);
        (self.tell)("tone of Russian texts");
        self.general(corpora);
        (self.tell)("tone towards objects");
        let known = object::learn(self, corpora);
        (self.tell)("tone of English texts");
        self.english(&corpora.semeval);
        (self.tell)("intents and stages");
        wants::learn(self, corpora, &known);
    }

    /// Learns from posts with a smiley whether it is a glad one; the model does not see the smiley itself.
    fn smiley(&mut self, corpora: &Corpora) {
        let posts: Vec<(&str, bool)> =
            corpora.stream.iter().filter_map(|post| Some((post.text.as_str(), smiley(&post.text)?))).collect();
        if posts.is_empty() {
            return;
        }
        let examples = posts.iter().map(|(text, _)| Example { text, brand: None });
        let matrix = Reading::blind_to_smileys().matrix(&self.models, examples, SMILEY.bits, Inward::Nothing);
        let mut targets = Targets::new(1, posts.len());
        let rows = posts.iter().enumerate().map(|(row, (_, glad))| (row, *glad));
        targets.say(0, rows, SMILEY.strength, SMILEY.balance);
        let which: Vec<usize> = (0..posts.len()).collect();
        self.models.smiley = fit(&matrix, &targets, &which, OPTIONS).table(SMILEY.bits);
    }

    /// Posts of our own hand are learnt from, but nothing is measured on them.
    fn general(&mut self, corpora: &Corpora) {
        let asked = corpora.rusentitweet.len();
        let mut set = corpora.rusentitweet.clone();
        let written = corpora.written.iter().filter(|written| written.teaches_tone());
        set.extend(written.map(|written| Labelled {
            id: 0,
            text: written.tone.text.clone(),
            class: written.tone.class,
        }));
        let Some((matrix, truths)) = self.read(&set, GENERAL, Inward::General) else { return };
        let mut folds = folds::at_random(corpora.rusentitweet.iter().map(|example| example.text.as_str()), 5);
        folds.resize(set.len(), 5);
        let margins = out_of_fold(&matrix, &truths, 5, &folds, GENERAL);
        let answers = Answers {
            margins: &margins[..asked * 5],
            names: &GENERAL_NAMES,
            truths: &truths[..asked],
            folds: &folds[..asked],
            metric: Metric::MacroF1,
            factors: true,
        };
        self.scores.push(answers.score("rusentitweet", "5-fold", &|_| true));
        self.models.rules.general = answers.rule(&all(&truths[..asked]));
        self.models.general = learn(&matrix, &truths, 5, &all(&truths), GENERAL).table(GENERAL.bits);
    }

    fn english(&mut self, set: &[Labelled]) {
        let Some((matrix, truths)) = self.read(set, ENGLISH, Inward::English) else { return };
        let folds = folds::at_random(set.iter().map(|example| example.text.as_str()), 5);
        let margins = out_of_fold(&matrix, &truths, 3, &folds, ENGLISH);
        let answers = Answers {
            margins: &margins,
            names: &TONES,
            truths: &truths,
            folds: &folds,
            metric: Metric::MeanRecall,
            factors: true,
        };
        self.scores.push(answers.score("semeval2017", "5-fold", &|_| true));
        // As hard as it gets: tweets of the last months, learnt from those of the years before, without any rule learnt.
        let mut ids: Vec<u64> = set.iter().map(|example| example.id).collect();
        ids.sort_unstable();
        let newest = ids[ids.len() * 4 / 5];
        let (shown, which): (Vec<usize>, Vec<usize>) = (0..set.len()).partition(|row| set[*row].id >= newest);
        let weights = learn(&matrix, &truths, 3, &which, ENGLISH);
        let mut margins = [0.0; 3];
        let mut said = |row: &usize| {
            weights.margins(matrix.row(*row), &mut margins);
            (truths[*row], largest(margins.into_iter()))
        };
        let pairs: Vec<(usize, usize)> = shown.iter().map(&mut said).collect();
        self.scores.push(score_of("semeval2017", "newest fifth", Metric::MeanRecall, &TONES, &pairs, None));
        self.models.rules.english = answers.rule(&all(&truths));
        self.models.english = learn(&matrix, &truths, 3, &all(&truths), ENGLISH).table(ENGLISH.bits);
    }

    fn airline(&mut self, set: &[Labelled]) {
        let Some((matrix, truths)) = self.read(set, ENGLISH, Inward::English) else { return };
        let folds = folds::at_random(set.iter().map(|example| example.text.as_str()), 5);
        let margins = out_of_fold(&matrix, &truths, 3, &folds, ENGLISH);
        let answers = Answers {
            margins: &margins,
            names: &TONES,
            truths: &truths,
            folds: &folds,
            metric: Metric::MacroF1,
            factors: true,
        };
        self.scores.push(answers.score("airline", "5-fold, not shipped", &|_| true));
    }

    fn read(&self, set: &[Labelled], recipe: Recipe, inward: Inward) -> Option<(Matrix, Vec<usize>)> {
        if set.is_empty() {
            return None;
        }
        let examples = set.iter().map(|example| Example { text: &example.text, brand: None });
        let matrix = Reading::default().matrix(&self.models, examples, recipe.bits, inward);
        Some((matrix, set.iter().map(|example| example.class).collect()))
    }
}

pub(crate) fn all(truths: &[usize]) -> Vec<usize> {
    (0..truths.len()).collect()
}

pub(crate) fn learn(matrix: &Matrix, truths: &[usize], outputs: usize, which: &[usize], recipe: Recipe) -> Weights {
    let targets = Targets::classes(truths, outputs, which, recipe.strength, recipe.balance);
    fit(matrix, &targets, which, OPTIONS)
}

fn out_of_fold(matrix: &Matrix, truths: &[usize], outputs: usize, folds: &[usize], recipe: Recipe) -> Vec<f32> {
    folds::margins(matrix, folds, outputs, &|which| learn(matrix, truths, outputs, which, recipe))
}

/// Every example of the sets that models are learnt from.
fn examples_of(corpora: &Corpora) -> impl Iterator<Item = Example<'_>> {
    let towards = corpora.telecom.iter().chain(&corpora.banks);
    let towards = towards.map(|example| Example { text: &example.text, brand: Some(&example.brand) });
    let wanted = corpora.wanted.iter().chain(&corpora.wanted_english).map(Wanted::example);
    let wanted = wanted.chain(corpora.written.iter().map(|written| written.wanted.example()));
    let plain = [&corpora.rusentitweet, &corpora.semeval, &corpora.complaints, &corpora.purchase];
    let plain = plain.into_iter().flatten().map(|example| Example { text: &example.text, brand: None });
    towards.chain(wanted).chain(plain)
}

/// The names of the outputs of the table of wants.
pub(crate) fn want_name(output: usize) -> &'static str {
    let intents = Intent::ALL.iter().map(|intent| intent.as_str());
    let stages = Stage::ALL.iter().map(|stage| stage.as_str());
    intents.chain(["other"]).chain(stages).chain(["none"]).nth(output).unwrap_or("none")
}

/// The classes of stages, `none` last.
pub(crate) fn stage_class(wanted: &Wanted) -> usize {
    let place = |stage: Stage| Stage::ALL.iter().position(|known| *known == stage);
    wanted.stage.and_then(place).unwrap_or(Stage::ALL.len())
}

/// Says how sure a label of its own is, and scores it.
pub(crate) fn yes_no(answers: &[(f32, bool, usize)]) -> YesNo<'_> {
    YesNo { answers }
}
