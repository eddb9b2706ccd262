//! The tone towards the object, from labelled posts and from posts of the stream that nobody labelled.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

use molva_domain::{PostId, StoryId, Timestamp};

use super::corpora::{Corpora, TowardsBrand};
use super::dual::{Targets, Weights, fit};
use super::folds;
use super::learn::{Learning, OPTIONS, Recipe, TONES, all};
use super::measure::{Answers, score_of};
use super::metrics::Metric;
use super::reading::{Example, Inward, Reading};
use super::rows::Matrix;
use crate::models::largest;
use crate::stories::{Limits, Signer, Stories};

const OBJECT: Recipe = Recipe { bits: 19, strength: 6.0, balance: 1.0 };
/// Of the regression over words, letters and vectors that teaches.
const TEACHER: Recipe = Recipe { bits: 19, strength: 1.0, balance: 1.0 };
/// What an answer of the teacher counts beside a label.
const TAUGHT: f32 = 1.0;
/// Every so many unlabelled posts are shown to the teacher: vectors take their time.
pub(super) const TAUGHT_STEP: usize = 4;
/// First of March 2014: the examples of SentiRuEval come from the months around the winter and the summer of that year.
pub(super) const BETWEEN_ROUNDS: i64 = 1_393_632_000;
/// Every so many unlabelled posts of the stream are learnt from.
const STREAM_STEP: usize = 2;
/// The share of each guessed class, the surest first, that is believed.
const BELIEVED: f32 = 0.7;
/// What a guess counts beside a label.
const GUESS: f32 = 0.5;

/// What models say that did not learn from an example, by post and brand.
pub(super) type OutOfFold = BTreeMap<(String, String), [f32; 3]>;

pub(super) fn learn(learning: &mut Learning<'_>, corpora: &Corpora) -> OutOfFold {
    let set = labelled(corpora);
    if set.is_empty() {
        return OutOfFold::new();
    }
    let step = if learning.teacher.is_some() { TAUGHT_STEP } else { STREAM_STEP };
    let examples = || examples(corpora, &set, step);
    let matrix = Reading::default().matrix(&learning.models, examples(), OBJECT.bits, Inward::Object);
    let teaching = learning.teacher.map(|teacher| teacher.matrix(&learning.models, examples(), TEACHER.bits));
    let truths: Vec<usize> = set.iter().map(|example| example.class).collect();
    let times: Vec<i64> = set.iter().map(|example| example.published).collect();
    let domains = domains(corpora);
    let shares = shares(set.iter().map(|example| example.text.as_str()));
    let learn = |which: &[usize]| learn_twice(&matrix, teaching.as_ref(), &truths, &shares, which);
    let folds = folds::by_time(&times, 5);
    let margins = folds::margins(&matrix, &folds, 3, &learn);
    let answers = Answers {
        margins: &margins,
        names: &TONES,
        truths: &truths,
        folds: &folds,
        metric: Metric::EndsF1,
        factors: false,
    };
    for (name, rows) in &domains {
        learning.scores.push(answers.score(name, "5 stretches of time", &|row| rows.contains(&row)));
    }
    // Across the half-year between the rounds, without any rule learnt: the hardest, and the nearest to new posts.
    for (method, late) in [("winter to summer", true), ("summer to winter", false)] {
        let asked = |row: &usize| (times[*row] >= BETWEEN_ROUNDS) == late;
        let (shown, which): (Vec<usize>, Vec<usize>) = (0..truths.len()).partition(asked);
        if shown.is_empty() || which.is_empty() {
            continue;
        }
        let weights = learn(&which);
        for (name, rows) in &domains {
            let mut margins = [0.0; 3];
            let mut said = |row: &usize| {
                weights.margins(matrix.row(*row), &mut margins);
                (truths[*row], largest(margins.into_iter()))
            };
            let pairs: Vec<(usize, usize)> = shown.iter().filter(|row| rows.contains(row)).map(&mut said).collect();
            learning.scores.push(score_of(name, method, Metric::EndsF1, &TONES, &pairs, None));
        }
    }
    learning.models.rules.object = answers.rule(&all(&truths));
    learning.models.object = learn(&all(&truths)).table(OBJECT.bits);
    set.iter()
        .zip(margins.chunks_exact(3))
        .map(|(example, margins)| ((example.id.clone(), example.brand.clone()), [margins[0], margins[1], margins[2]]))
        .collect()
}

/// The rows of each domain.
pub(super) fn domains(corpora: &Corpora) -> [(&'static str, Range<usize>); 2] {
    let (telecom, banks) = (corpora.telecom.len(), corpora.banks.len());
    [("sentirueval telecom", 0..telecom), ("sentirueval banks", telecom..telecom + banks)]
}

/// The labelled examples of both domains.
pub(super) fn labelled(corpora: &Corpora) -> Vec<&TowardsBrand> {
    corpora.telecom.iter().chain(&corpora.banks).collect()
}

/// The labelled examples and, behind them, different posts of the stream that are not among them.
pub(super) fn examples<'a>(
    corpora: &'a Corpora,
    labelled: &[&'a TowardsBrand],
    step: usize,
) -> impl Iterator<Item = Example<'a>> + use<'a> {
    let of = |example: &&'a TowardsBrand| Example { text: &example.text, brand: Some(&example.brand) };
    let labels: Vec<Example<'a>> = labelled.iter().map(of).collect();
    labels.into_iter().chain(stream(corpora, labelled, step))
}

/// Every so many of the different posts of the stream that are not among the labelled.
fn stream<'a>(corpora: &'a Corpora, labelled: &[&TowardsBrand], step: usize) -> Vec<Example<'a>> {
    let labelled: BTreeSet<&str> = labelled.iter().map(|example| example.id.as_str()).collect();
    let mut told = BTreeSet::new();
    corpora
        .stream
        .iter()
        .filter(|post| !labelled.contains(post.id.as_str()))
        .filter(|post| told.insert(molva_text::content_hash(None, &post.text)))
        .step_by(step)
        .filter_map(|post| Some(Example { text: &post.text, brand: Some(post.brands.first()?) }))
        .collect()
}

/// What each example counts: a text told again and again by hundreds says little more than one told once, and much of it
/// only about its days.
fn shares<'a>(texts: impl Iterator<Item = &'a str>) -> Vec<f32> {
    let (mut signer, mut stories) = (Signer::default(), Stories::new(Limits::default()));
    let mut place = |(at, text): (usize, &str)| {
        let signature = signer.sign("", text);
        stories.place(signature, PostId(at as i64), Timestamp::from_secs(0)).story
    };
    let of: Vec<StoryId> = texts.enumerate().map(&mut place).collect();
    let mut sizes: BTreeMap<StoryId, f32> = BTreeMap::new();
    of.iter().for_each(|story| *sizes.entry(*story).or_default() += 1.0);
    of.iter().map(|story| sizes[story].sqrt().recip()).collect()
}

/// Learns from labels, then once more with the unlabelled rows that the first model is surest of, or a teacher that learnt from the
/// same labels: so it meets the words of other months than those that were labelled.
fn learn_twice(
    matrix: &Matrix,
    teaching: Option<&Matrix>,
    truths: &[usize],
    shares: &[f32],
    which: &[usize],
) -> Weights {
    let of_labels = |matrix: &Matrix, recipe: Recipe| of_labels(matrix, truths, shares, which, recipe);
    if matrix.len() == truths.len() {
        return fit(matrix, &of_labels(matrix, OBJECT), which, OPTIONS);
    }
    let (guessing, recipe, guess) = teaching.map_or((matrix, OBJECT, GUESS), |teaching| (teaching, TEACHER, TAUGHT));
    let first = fit(guessing, &of_labels(guessing, recipe), which, OPTIONS);
    let mut guesses: Vec<(usize, usize, f32)> = (truths.len()..matrix.len())
        .map(|row| {
            let mut margins = [0.0; 3];
            first.margins(guessing.row(row), &mut margins);
            let class = largest(margins.into_iter());
            let second = (0..3).filter(|other| *other != class).map(|other| margins[other]).fold(f32::MIN, f32::max);
            (row, class, margins[class] - second)
        })
        .collect();
    guesses.sort_by(|one, other| other.2.total_cmp(&one.2));
    let mut believed: Vec<(usize, usize)> = Vec::new();
    for class in 0..3 {
        let of: Vec<(usize, usize)> =
            guesses.iter().filter(|guess| guess.1 == class).map(|guess| (guess.0, guess.1)).collect();
        believed.extend(&of[..(of.len() as f32 * BELIEVED) as usize]);
    }
    let mut targets = of_labels(matrix, OBJECT);
    for output in 0..3 {
        let guesses = believed.iter().map(|(row, class)| (*row, *class == output));
        targets.say(output, guesses, OBJECT.strength * guess, OBJECT.balance);
    }
    let rows: Vec<usize> = which.iter().copied().chain(believed.iter().map(|(row, _)| *row)).collect();
    fit(matrix, &targets, &rows, OPTIONS)
}

/// What the outputs should say of the labelled rows `which`.
fn of_labels(matrix: &Matrix, truths: &[usize], shares: &[f32], which: &[usize], recipe: Recipe) -> Targets {
    let mut targets = Targets::new(3, matrix.len());
    for output in 0..3 {
        let rows = which.iter().map(|row| (*row, truths[*row] == output, shares[*row]));
        targets.say_shares(output, rows, recipe.strength, recipe.balance);
    }
    targets
}
