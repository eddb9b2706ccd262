//! `molva secret`

use std::process::ExitCode;

use anyhow::Context as _;
use clap::Subcommand;
use serde_json::json;

use crate::options::StoreOptions;
use crate::output;

#[derive(Debug, Subcommand)]
pub(crate) enum SecretCommand {
    /// Seals all secrets anew under a new key; a server on the same key file goes on. May be cut off at any moment and run again
    Rotate {
        #[command(flatten)]
        store: StoreOptions,

        /// For machines
        #[arg(long)]
        json: bool,
    },
}

impl SecretCommand {
    pub(crate) async fn run(self) -> anyhow::Result<ExitCode> {
        let Self::Rotate { store, json } = self;
        let (storage, _workspace) = store.open_store().await?;
        let rotation = storage
            .rotate_secrets()
            .await
            .context("the key was not replaced; every secret still opens, and the command can be run again")?;
        storage.close().await;
        if json {
            output::json(&json!({
                "source_secrets": rotation.source_secrets,
                "account_secrets": rotation.account_secrets,
                "oauth_secrets": rotation.oauth_secrets,
            }));
        } else {
            output::line(format!(
                "{} secrets of sources, {} of accounts and {} of access by consent are sealed with a new key",
                rotation.source_secrets, rotation.account_secrets, rotation.oauth_secrets
            ));
            output::note("Back the key file up now: older backups of the database open with the older key alone.");
        }
        Ok(ExitCode::SUCCESS)
    }
}
