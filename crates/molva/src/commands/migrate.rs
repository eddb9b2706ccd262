//! `molva migrate`

use std::process::ExitCode;

use clap::Args;
use serde_json::json;

use crate::options::StoreOptions;
use crate::output;

#[derive(Args, Debug)]
pub(crate) struct Migrate {
    #[command(flatten)]
    store: StoreOptions,

    /// For machines
    #[arg(long)]
    json: bool,
}

impl Migrate {
    pub(crate) async fn run(self) -> anyhow::Result<ExitCode> {
        let (storage, _workspace) = self.store.open().await?;
        let (applied, known) = storage.schema_version().await?;
        if self.json {
            output::json(&json!({"engine": storage.engine(), "applied": applied, "known": known}));
        } else {
            output::line(format!("the {} database is at version {applied} of {known}", storage.engine()));
        }
        Ok(ExitCode::SUCCESS)
    }
}
