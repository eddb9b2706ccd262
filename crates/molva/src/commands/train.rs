//! `molva train`

use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::Context as _;
use clap::Args;
use molva_enrichment::training;
use serde_json::json;

use crate::commands::encoder::LearningOptions;
use crate::commands::training_data::TrainingData;
use crate::commands::{enrich, eval};
use crate::output;

#[derive(Args, Debug)]
pub(crate) struct Train {
    /// Folder of the labelled sets
    #[arg(long, value_name = "DIR")]
    data: PathBuf,

    /// File to write: models, or with `--encoder` heads, which lie in its folder as `molva.heads` if nothing is said
    #[arg(long, value_name = "FILE", required_unless_present = "encoder")]
    out: Option<PathBuf>,

    #[command(flatten)]
    learning: LearningOptions,

    /// For machines: one object with the manifest
    #[arg(long)]
    json: bool,
}

impl Train {
    pub(crate) fn run(&self) -> anyhow::Result<ExitCode> {
        let data = TrainingData::read(&self.data)?;
        let tell = &mut |what: &str| output::note(format!("learning: {what}"));
        let (kind, out, bytes, manifest) = match &self.learning.encoder {
            None => {
                let (teacher, source) = self.learning.teacher(&data.corpora)?.unzip();
                let sources = data.sources.into_iter().chain(source).collect();
                let learnt = training::train(&data.corpora, teacher.as_ref(), sources, tell);
                let out = self.out.clone().context("`--out` names no file")?;
                ("models", out, learnt.models.write(), learnt.models.manifest().clone())
            }
            Some(folder) => {
                let models = enrich::models(self.learning.model.as_deref())?;
                let (encoder, alphabets) = (self.learning.open(folder)?, self.learning.alphabets());
                let learnt = training::train_heads(&data.corpora, &models, &encoder, alphabets, data.sources, tell)?;
                let out = self.out.clone().unwrap_or_else(|| LearningOptions::heads_of(folder));
                ("heads", out, learnt.heads.write(), learnt.heads.manifest().clone())
            }
        };
        std::fs::write(&out, &bytes).with_context(|| format!("the file `{}` cannot be written", out.display()))?;
        if self.json {
            output::json(&json!({ "version": manifest.version, "bytes": bytes.len(), "manifest": manifest }));
        } else {
            eval::show(&manifest.scores);
            let megabytes = bytes.len() as f64 / 1e6;
            output::line(format!("{kind} {}, {megabytes:.1} MB, in `{}`", manifest.version, out.display()));
        }
        Ok(ExitCode::SUCCESS)
    }
}
