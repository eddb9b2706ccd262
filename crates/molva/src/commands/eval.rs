//! `molva eval`

use std::path::PathBuf;
use std::process::ExitCode;

use clap::Args;
use molva_enrichment::{Score, training};

use crate::commands::encoder::LearningOptions;
use crate::commands::enrich;
use crate::commands::training_data::TrainingData;
use crate::output;

#[derive(Args, Debug)]
pub(crate) struct Eval {
    /// Folder of the labelled sets
    #[arg(long, value_name = "DIR")]
    data: PathBuf,

    #[command(flatten)]
    learning: LearningOptions,

    /// For machines: one object a score
    #[arg(long)]
    json: bool,
}

impl Eval {
    pub(crate) fn run(&self) -> anyhow::Result<ExitCode> {
        let data = TrainingData::read(&self.data)?;
        let tell = &mut |what: &str| output::note(format!("measuring: {what}"));
        let scores = match &self.learning.encoder {
            None => {
                let (teacher, _) = self.learning.teacher(&data.corpora)?.unzip();
                let learnt = training::train(&data.corpora, teacher.as_ref(), data.sources, tell);
                let mut scores = learnt.scores;
                scores.extend(training::measure_only(&data.corpora, &learnt.models, tell));
                scores
            }
            Some(folder) => {
                let models = enrich::models(self.learning.model.as_deref())?;
                let (encoder, alphabets) = (self.learning.open(folder)?, self.learning.alphabets());
                let learnt = training::train_heads(&data.corpora, &models, &encoder, alphabets, data.sources, tell)?;
                let mut scores = learnt.scores;
                scores.extend(training::measure_heads_only(&data.corpora, &models, &encoder, alphabets, tell)?);
                scores
            }
        };
        if self.json {
            scores.iter().for_each(output::json);
        } else {
            show(&scores);
        }
        Ok(ExitCode::SUCCESS)
    }
}

/// The scores as a table.
pub(crate) fn show(scores: &[Score]) {
    let rows: Vec<Vec<String>> = scores
        .iter()
        .map(|score| {
            let calibration = score.calibration_error.map_or_else(|| "-".to_owned(), |error| format!("{error:.3}"));
            let classes: Vec<String> = score.classes.iter().map(|(name, f1)| format!("{name} {f1:.3}")).collect();
            vec![
                score.set.clone(),
                score.method.clone(),
                score.metric.clone(),
                format!("{:.3}", score.value),
                format!("{:.3}-{:.3}", score.low, score.high),
                calibration,
                score.examples.to_string(),
                classes.join(", "),
            ]
        })
        .collect();
    output::table(&["set", "method", "metric", "score", "95 %", "calibration", "n", "F1 by class"], &rows);
}
