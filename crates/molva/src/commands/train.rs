//! `molva train`

use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::Context as _;
use clap::Args;
use molva_enrichment::training;
use serde_json::json;

use crate::commands::eval;
use crate::commands::training_data::TrainingData;
use crate::output;

#[derive(Args, Debug)]
pub(crate) struct Train {
    /// Folder of the labelled sets
    #[arg(long, value_name = "DIR")]
    data: PathBuf,

    /// Model file to write
    #[arg(long, value_name = "FILE")]
    out: PathBuf,

    /// For machines: one object with the manifest
    #[arg(long)]
    json: bool,
}

impl Train {
    pub(crate) fn run(&self) -> anyhow::Result<ExitCode> {
        let data = TrainingData::read(&self.data)?;
        let learnt =
            training::train(&data.corpora, data.sources, &mut |what| output::note(format!("learning: {what}")));
        let bytes = learnt.models.write();
        std::fs::write(&self.out, &bytes)
            .with_context(|| format!("the model file `{}` cannot be written", self.out.display()))?;
        let version = learnt.models.version();
        if self.json {
            output::json(&json!({ "version": version, "bytes": bytes.len(), "manifest": learnt.models.manifest() }));
        } else {
            eval::show(&learnt.scores);
            output::line(format!("models {version}, {:.1} MB, in `{}`", bytes.len() as f64 / 1e6, self.out.display()));
        }
        Ok(ExitCode::SUCCESS)
    }
}
