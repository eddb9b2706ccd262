//! Heads for second opinions: the same words and letters as the fast models see, and an encoder's vector beside them.

use molva_domain::Intent;

use super::corpora::{Corpora, Labelled, TowardsBrand};
use super::folds;
use super::learn::{Recipe, TONES, all, learn, yes_no};
use super::measure::{Answers, score_of};
use super::metrics::Metric;
use super::object::{BETWEEN_ROUNDS, domains};
use super::reading::{Example, Inward, Reading};
use super::rows::Matrix;
use super::teacher::encode;
use crate::models::inputs::valence_inputs;
use crate::models::{Manifest, Models, Score, Source, largest};
use crate::slow::{EncodeFailed, Encoder, Head, Heads, Spread, YesNoHead, passage};

const OBJECT: Recipe = Recipe { bits: 19, strength: 1.0, balance: 1.0 };
const ENGLISH: Recipe = Recipe { bits: 19, strength: 0.6, balance: 1.0 };
const WANT: Recipe = Recipe { bits: 17, strength: 1.0, balance: 1.0 };

/// Which heads are learnt: an encoder may know some languages only.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Alphabets {
    pub cyrillic: bool,
    pub latin: bool,
}

/// Heads and how good they are.
#[derive(Clone, Debug)]
pub struct HeadsLearnt {
    pub heads: Heads,
    pub scores: Vec<Score>,
}

/// Learns heads over vectors of `encoder` beside `models`, and scores each by the same cross-validation as the fast models.
/// `tell` is told what is being done.
///
/// # Errors
/// When the encoder fails.
pub fn train_heads(
    corpora: &Corpora,
    models: &Models,
    encoder: &dyn Encoder,
    alphabets: Alphabets,
    sources: Vec<Source>,
    tell: &mut dyn FnMut(&str),
) -> Result<HeadsLearnt, EncodeFailed> {
    let mut learning = Learning::new(corpora, models, encoder, alphabets, tell)?;
    let object = if alphabets.cyrillic { learning.object(corpora)? } else { None };
    let english = if alphabets.latin { learning.english(&corpora.semeval)? } else { None };
    let mut wants = Vec::new();
    if alphabets.latin {
        for (set, name, intent) in
            [(&corpora.complaints, "complaints", Intent::Complaint), (&corpora.purchase, "purchase", Intent::Purchase)]
        {
            wants.extend(learning.want(set, name, intent)?);
        }
    }
    let Learning { spread, scores, .. } = learning;
    let manifest = Manifest { version: String::new(), sources, scores: scores.clone() };
    let (encoder, base) = (encoder.name().to_owned(), models.built_on().to_owned());
    let mut heads = Heads { manifest, encoder, base, spread, object, english, wants };
    heads.manifest.version = format!("1-{:08x}", crc32fast::hash(&heads.write()));
    Ok(HeadsLearnt { heads, scores })
}

/// Scores the sets that no head may be learnt from, by cross-validation.
///
/// # Errors
/// When the encoder fails.
pub fn measure_heads_only(
    corpora: &Corpora,
    models: &Models,
    encoder: &dyn Encoder,
    alphabets: Alphabets,
    tell: &mut dyn FnMut(&str),
) -> Result<Vec<Score>, EncodeFailed> {
    if !alphabets.latin || corpora.airline.is_empty() {
        return Ok(Vec::new());
    }
    let learning = Learning::new(corpora, models, encoder, alphabets, tell)?;
    (learning.tell)("tone of airline tweets, with the encoder");
    let (matrix, truths) = learning.read_tones(&corpora.airline)?;
    let folds = folds::at_random(corpora.airline.iter().map(|example| example.text.as_str()), 5);
    let margins = folds::margins(&matrix, &folds, 3, &|which| learn(&matrix, &truths, 3, which, ENGLISH));
    let answers = answers(&margins, &truths, &folds, Metric::MacroF1, true);
    Ok(vec![answers.score("airline", "5-fold, not shipped", &|_| true)])
}

struct Learning<'a> {
    models: &'a Models,
    encoder: &'a dyn Encoder,
    spread: Spread,
    scores: Vec<Score>,
    tell: &'a mut dyn FnMut(&str),
}

impl<'a> Learning<'a> {
    /// The spread of vectors is learnt from posts of all sets that are learnt from.
    fn new(
        corpora: &Corpora,
        models: &'a Models,
        encoder: &'a dyn Encoder,
        alphabets: Alphabets,
        tell: &'a mut dyn FnMut(&str),
    ) -> Result<Self, EncodeFailed> {
        const ENOUGH: usize = 2_000;
        let towards = corpora.telecom.iter().chain(&corpora.banks).map(|example| example.text.as_str());
        let towards = towards.step_by(8).take(if alphabets.cyrillic { ENOUGH } else { 0 });
        let plain = corpora.complaints.iter().map(|example| example.text.as_str());
        let plain = plain.take(if alphabets.latin { ENOUGH } else { 0 });
        let texts: Vec<&str> = towards.chain(plain).map(|text| passage(text, None)).collect();
        tell("how vectors lie");
        let vectors = encoder.encode(&texts)?;
        let spread = Spread::learn(vectors.iter().map(Vec::as_slice), encoder.width());
        Ok(Self { models, encoder, spread, scores: Vec::new(), tell })
    }

    fn object(&mut self, corpora: &Corpora) -> Result<Option<Head>, EncodeFailed> {
        let set: Vec<&TowardsBrand> = corpora.telecom.iter().chain(&corpora.banks).collect();
        if set.is_empty() {
            return Ok(None);
        }
        (self.tell)("tone towards objects, with the encoder");
        let examples: Vec<Example<'_>> =
            set.iter().map(|example| Example { text: &example.text, brand: Some(&example.brand) }).collect();
        let matrix = self.read(&examples, OBJECT.bits, Inward::Object)?;
        let truths: Vec<usize> = set.iter().map(|example| example.class).collect();
        let times: Vec<i64> = set.iter().map(|example| example.published).collect();
        let folds = folds::by_time(&times, 5);
        let learn = |which: &[usize]| learn(&matrix, &truths, 3, which, OBJECT);
        let margins = folds::margins(&matrix, &folds, 3, &learn);
        let answers = answers(&margins, &truths, &folds, Metric::EndsF1, false);
        for (name, rows) in &domains(corpora) {
            self.scores.push(answers.score(name, "5 stretches of time", &|row| rows.contains(&row)));
        }
        for (method, late) in [("winter to summer", true), ("summer to winter", false)] {
            let asked = |row: &usize| (times[*row] >= BETWEEN_ROUNDS) == late;
            let (shown, which): (Vec<usize>, Vec<usize>) = (0..truths.len()).partition(asked);
            if shown.is_empty() || which.is_empty() {
                continue;
            }
            let weights = learn(&which);
            for (name, rows) in &domains(corpora) {
                let mut margins = [0.0; 3];
                let mut said = |row: &usize| {
                    weights.margins(matrix.row(*row), &mut margins);
                    (truths[*row], largest(margins.into_iter()))
                };
                let pairs: Vec<_> = shown.iter().filter(|row| rows.contains(row)).map(&mut said).collect();
                self.scores.push(score_of(name, method, Metric::EndsF1, &TONES, &pairs, None));
            }
        }
        let classes = answers.rule(&all(&truths));
        Ok(Some(Head { table: learn(&all(&truths)).table(OBJECT.bits), classes }))
    }

    fn english(&mut self, set: &[Labelled]) -> Result<Option<Head>, EncodeFailed> {
        if set.is_empty() {
            return Ok(None);
        }
        (self.tell)("tone of English texts, with the encoder");
        let (matrix, truths) = self.read_tones(set)?;
        let folds = folds::at_random(set.iter().map(|example| example.text.as_str()), 5);
        let learn = |which: &[usize]| learn(&matrix, &truths, 3, which, ENGLISH);
        let margins = folds::margins(&matrix, &folds, 3, &learn);
        let answers = answers(&margins, &truths, &folds, Metric::MeanRecall, true);
        self.scores.push(answers.score("semeval2017", "5-fold", &|_| true));
        let classes = answers.rule(&all(&truths));
        Ok(Some(Head { table: learn(&all(&truths)).table(ENGLISH.bits), classes }))
    }

    fn want(&mut self, set: &[Labelled], name: &str, intent: Intent) -> Result<Option<YesNoHead>, EncodeFailed> {
        if set.is_empty() {
            return Ok(None);
        }
        (self.tell)("single intents in English, with the encoder");
        let examples: Vec<Example<'_>> =
            set.iter().map(|example| Example { text: &example.text, brand: None }).collect();
        let vectors = self.vectors(&examples)?;
        let mut reading = Reading::default();
        let mut matrix: Option<Matrix> = None;
        for (example, vector) in examples.iter().zip(vectors) {
            let (reader, weighed, inputs) = reading.one(self.models, *example);
            let tones = self.models.tones(reader, weighed, inputs, false, false, None);
            reader.weigh_handles(&self.models.idf, weighed);
            push(&mut matrix, WANT.bits, weighed, &tones.want_inputs(), &vector);
        }
        let matrix = matrix.unwrap_or_else(|| Matrix::new(WANT.bits, 0));
        let truths: Vec<usize> = set.iter().map(|example| usize::from(example.class == 0)).collect();
        let folds = folds::at_random(set.iter().map(|example| example.text.as_str()), 10);
        // One output, which says yes to the first class.
        let learn = |which: &[usize]| learn(&matrix, &truths, 1, which, WANT);
        let margins = folds::margins(&matrix, &folds, 1, &learn);
        let answers: Vec<(f32, bool, usize)> = margins
            .iter()
            .zip(&truths)
            .zip(&folds)
            .map(|((margin, truth), fold)| (*margin, *truth == 0, *fold))
            .collect();
        self.scores.push(yes_no(&answers).score(name, "10-fold, from a half on", &["no", intent.as_str()], true));
        let rule = yes_no(&answers).rule(&|_| true);
        Ok(Some(YesNoHead { intent, table: learn(&all(&truths)).table(WANT.bits), rule }))
    }

    fn read_tones(&self, set: &[Labelled]) -> Result<(Matrix, Vec<usize>), EncodeFailed> {
        let examples: Vec<Example<'_>> =
            set.iter().map(|example| Example { text: &example.text, brand: None }).collect();
        let matrix = self.read(&examples, ENGLISH.bits, Inward::English)?;
        Ok((matrix, set.iter().map(|example| example.class).collect()))
    }

    fn read(&self, examples: &[Example<'_>], bits: u32, inward: Inward) -> Result<Matrix, EncodeFailed> {
        let vectors = self.vectors(examples)?;
        let mut reading = Reading::default();
        let mut matrix = None;
        for (example, vector) in examples.iter().zip(vectors) {
            let (reader, weighed, inputs) = reading.one(self.models, *example);
            match inward {
                Inward::English => push(&mut matrix, bits, weighed, &valence_inputs(reader), &vector),
                _ => {
                    inputs.work_out(self.models, reader, weighed);
                    push(&mut matrix, bits, weighed, &inputs.values, &vector);
                }
            }
        }
        Ok(matrix.unwrap_or_else(|| Matrix::new(bits, 0)))
    }

    fn vectors(&self, examples: &[Example<'_>]) -> Result<Vec<Vec<f32>>, EncodeFailed> {
        let vectors = encode(self.encoder, examples)?;
        Ok(vectors.iter().map(|vector| self.spread.of(vector)).collect())
    }
}

fn push(matrix: &mut Option<Matrix>, bits: u32, weighed: &[crate::features::Weighed], inputs: &[f32], vector: &[f32]) {
    let dense = [inputs, vector].concat();
    matrix.get_or_insert_with(|| Matrix::new(bits, dense.len())).push(weighed, &dense);
}

fn answers<'a>(
    margins: &'a [f32],
    truths: &'a [usize],
    folds: &'a [usize],
    metric: Metric,
    factors: bool,
) -> Answers<'a> {
    Answers { margins, names: &TONES, truths, folds, metric, factors }
}
