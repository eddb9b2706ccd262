//! Intents, stages and spam: one table of yes-or-no outputs, learnt from several sets of which each knows some of them.

use molva_domain::Intent;

use super::corpora::{Corpora, Labelled, Wanted};
use super::dual::{Targets, fit};
use super::folds;
use super::learn::{Learning, OPTIONS, Recipe, stage_class, want_name, yes_no};
use super::measure::Answers;
use super::metrics::Metric;
use super::object::OutOfFold;
use super::reading::{Example, Reading};
use super::rows::Matrix;
use crate::models::inputs::WANT_INPUTS;
use crate::models::tones::is_cyrillic;
use crate::models::{FIRST_STAGE, INTENTS, Models, Platt, STAGES, WANTS};

const WANT: Recipe = Recipe { bits: 17, strength: 3.0, balance: 1.0 };
/// Examples of an intent that a rule for English must be learnt from at least.
const FEWEST_ENGLISH: usize = 30;
/// Examples of a label drawn at random that its rule is learnt from; with fewer, those drawn for their words help.
const FEWEST_DRAWN: usize = 300;
const STAGE_NAMES: [&str; STAGES] = ["search", "buy", "use", "service", "leave", "none"];

/// Every so many tweets of SemEval are told from errands.
const TWEET_STEP: usize = 8;

/// An example and what is known of it; an output not named is not known.
struct Told<'a> {
    example: Example<'a>,
    known: Option<[f32; 3]>,
    set: Set,
    outputs: Vec<(usize, bool)>,
    stage: Option<usize>,
    /// Drawn for its words.
    chosen: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Set {
    Ours,
    English,
    Written,
    HeldOut,
    Complaints,
    Purchase,
    Errands,
}

pub(super) fn learn(learning: &mut Learning<'_>, corpora: &Corpora, known: &OutOfFold) {
    let told = told(corpora, known);
    if told.iter().all(|told| told.set == Set::HeldOut) {
        return;
    }
    let matrix = read(&learning.models, &told);
    let mut folds = folds::at_random(told.iter().map(|told| told.example.text), 10);
    // Never learnt from: a fold of their own that is asked nothing while others are.
    let held_out = folds.iter().max().map_or(0, |last| last + 1);
    for (fold, told) in folds.iter_mut().zip(&told) {
        if told.set == Set::HeldOut {
            *fold = held_out;
        }
    }
    let targets = |which: &[usize]| targets(&told, which);
    let margins = folds::margins(&matrix, &folds, WANTS, &|which| {
        let learnable: Vec<usize> = which.iter().copied().filter(|row| told[*row].set != Set::HeldOut).collect();
        fit(&matrix, &targets(&learnable), &learnable, OPTIONS)
    });
    score_and_rule(learning, &told, &margins, &folds);
    let which: Vec<usize> = (0..told.len()).filter(|row| told[*row].set != Set::HeldOut).collect();
    learning.models.wants = fit(&matrix, &targets(&which), &which, OPTIONS).table(WANT.bits);
}

fn told<'a>(corpora: &'a Corpora, known: &OutOfFold) -> Vec<Told<'a>> {
    let mut told = Vec::new();
    let ours = |wanted: &'a Wanted, set: Set| {
        let mut outputs: Vec<(usize, bool)> =
            (0..INTENTS).map(|intent| (intent, wanted.intents >> intent & 1 == 1)).collect();
        outputs.push((INTENTS, wanted.other));
        if !is_cyrillic(&wanted.text, None) {
            // English has sets of their own for these, made by other rules.
            outputs.retain(|(output, _)| ![Intent::Complaint as usize, Intent::Purchase as usize].contains(output));
        }
        Told {
            example: wanted.example(),
            known: known.get(&(wanted.id.clone(), wanted.brand.clone())).copied(),
            set,
            outputs,
            stage: Some(stage_class(wanted)),
            chosen: wanted.chosen,
        }
    };
    told.extend(corpora.wanted.iter().map(|wanted| ours(wanted, Set::Ours)));
    told.extend(corpora.wanted_english.iter().map(|wanted| ours(wanted, Set::English)));
    told.extend(corpora.written.iter().map(|written| ours(&written.wanted, Set::Written)));
    told.extend(corpora.wanted_held_out.iter().map(|wanted| ours(wanted, Set::HeldOut)));
    for (set, name, intent) in [
        (&corpora.complaints, Set::Complaints, Intent::Complaint),
        (&corpora.purchase, Set::Purchase, Intent::Purchase),
    ] {
        told.extend(set.iter().map(|example| Told {
            example: Example { text: &example.text, brand: None },
            known: None,
            set: name,
            outputs: vec![(intent as usize, example.class == 1)],
            stage: None,
            chosen: false,
        }));
    }
    told.extend(corpora.errands.iter().filter_map(|(text, name)| {
        let outputs = super::errands::outputs(text, name)?;
        Some(Told {
            example: Example { text, brand: None },
            known: None,
            set: Set::Errands,
            outputs,
            stage: None,
            chosen: false,
        })
    }));
    // Tweets about anything that ask nothing: customers' errands alone would make every English post one.
    let asks_nothing = |example: &&Labelled| !example.text.contains('?');
    told.extend(corpora.semeval.iter().step_by(TWEET_STEP).filter(asks_nothing).map(|example| {
        let outputs = [Intent::Help, Intent::Question, Intent::Churn].map(|intent| (intent as usize, false)).to_vec();
        Told {
            example: Example { text: &example.text, brand: None },
            known: None,
            set: Set::Errands,
            outputs,
            stage: None,
            chosen: false,
        }
    }));
    told
}

fn read(models: &Models, told: &[Told<'_>]) -> Matrix {
    let mut reading = Reading::default();
    let mut matrix = Matrix::new(WANT.bits, WANT_INPUTS);
    for told in told {
        let cyrillic = is_cyrillic(told.example.text, None);
        let (reader, weighed, inputs) = reading.one(models, told.example);
        let tones = models.tones(reader, weighed, inputs, cyrillic, told.example.brand.is_some(), told.known);
        reader.weigh_handles(&models.idf, weighed);
        matrix.push(weighed, &tones.want_inputs());
    }
    matrix
}

fn targets(told: &[Told<'_>], which: &[usize]) -> Targets {
    let mut targets = Targets::new(WANTS, told.len());
    for set in [Set::Ours, Set::English, Set::Written, Set::Complaints, Set::Purchase, Set::Errands] {
        let rows: Vec<usize> = which.iter().copied().filter(|row| told[*row].set == set).collect();
        for output in 0..=INTENTS {
            let of = |row: &usize| {
                let known = told[*row].outputs.iter().find(|(known, _)| *known == output);
                known.map(|(_, says)| (*row, *says))
            };
            targets.say(output, rows.iter().filter_map(of), WANT.strength, WANT.balance);
        }
        for stage in 0..STAGES {
            let of = |row: &usize| told[*row].stage.map(|known| (*row, known == stage));
            targets.say(FIRST_STAGE + stage, rows.iter().filter_map(of), WANT.strength, WANT.balance);
        }
    }
    targets
}

fn score_and_rule(learning: &mut Learning<'_>, told: &[Told<'_>], margins: &[f32], folds: &[usize]) {
    let answers_of = |set: Set, output: usize, chosen: bool| -> Vec<(f32, bool, usize)> {
        let rows = (0..told.len()).filter(|row| told[*row].set == set && (chosen || !told[*row].chosen));
        rows.filter_map(|row| {
            let (_, says) = told[row].outputs.iter().find(|(known, _)| *known == output)?;
            Some((margins[row * WANTS + output], *says, folds[row]))
        })
        .collect()
    };
    let answers = |set: Set, output: usize| answers_of(set, output, true);
    let plain = Platt { slope: 1.0, shift: 0.0, threshold: 0.5 };
    let (mut cyrillic, mut latin) = (vec![plain; INTENTS + 1], vec![plain; INTENTS + 1]);
    for output in 0..=INTENTS {
        let name = want_name(output);
        let names = ["no", name];
        let ours = answers(Set::Ours, output);
        if !ours.is_empty() {
            // What was drawn for its words says nothing of how frequent a label is.
            let drawn = answers_of(Set::Ours, output, false);
            let enough = drawn.iter().filter(|(_, says, _)| *says).count() >= FEWEST_DRAWN;
            cyrillic[output] = yes_no(if enough { &drawn } else { &ours }).rule(&|_| true);
            latin[output] = cyrillic[output];
            let set = format!("brand tweets, {name}");
            learning.scores.push(yes_no(&ours).score(&set, "10-fold", &names, false));
            let held_out = answers(Set::HeldOut, output);
            learning.scores.push(super::measure::held_out(&set, &names, &held_out, cyrillic[output]));
        }
        let english = answers(Set::English, output);
        if english.iter().filter(|(_, says, _)| *says).count() >= FEWEST_ENGLISH {
            latin[output] = yes_no(&english).rule(&|_| true);
            let set = format!("English tweets, {name}");
            learning.scores.push(yes_no(&english).score(&set, "10-fold", &names, false));
        }
        for (set, title) in [(Set::Complaints, "complaints"), (Set::Purchase, "purchase"), (Set::Errands, "errands")] {
            let theirs = answers(set, output);
            if theirs.iter().any(|(_, says, _)| *says) {
                latin[output] = yes_no(&theirs).rule(&|_| true);
                let set = if set == Set::Errands { format!("{title}, {name}") } else { title.to_owned() };
                learning.scores.push(yes_no(&theirs).score(&set, "10-fold, from a half on", &names, true));
            }
        }
    }
    learning.models.rules.wants_cyrillic = cyrillic;
    learning.models.rules.wants_latin = latin;
    let stages = |set: Set| -> (Vec<f32>, Vec<usize>, Vec<usize>) {
        let rows: Vec<usize> =
            (0..told.len()).filter(|row| told[*row].set == set && told[*row].stage.is_some()).collect();
        let margins = rows.iter().flat_map(|row| margins[row * WANTS + FIRST_STAGE..][..STAGES].to_vec()).collect();
        let truths = rows.iter().filter_map(|row| told[*row].stage).collect();
        (margins, truths, rows.iter().map(|row| folds[*row]).collect())
    };
    let (margins, truths, folds) = stages(Set::Ours);
    if !truths.is_empty() {
        let answers = Answers {
            margins: &margins,
            names: &STAGE_NAMES,
            truths: &truths,
            folds: &folds,
            metric: Metric::MacroF1,
            factors: true,
        };
        learning.scores.push(answers.score("brand tweets, stage", "10-fold", &|_| true));
        let which: Vec<usize> = (0..truths.len()).collect();
        learning.models.rules.stage = answers.rule(&which);
        let (margins, truths, _) = stages(Set::HeldOut);
        learning.scores.push(super::measure::held_out_classes(
            "brand tweets, stage",
            &STAGE_NAMES,
            &margins,
            &truths,
            &learning.models.rules.stage,
        ));
    }
}
