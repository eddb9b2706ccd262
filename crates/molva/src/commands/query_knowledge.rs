//! What the `molva query` commands read queries with: the dictionaries and the lists of a data folder.

use std::path::PathBuf;

use clap::Args;
use molva_pipeline::WorkspaceLists;

use crate::dictionaries;
use crate::options::StoreOptions;

const DEFAULT_FOLDER: &str = "molva-data";

#[derive(Args, Clone, Debug)]
pub(crate) struct Knowledge {
    /// Data folder whose dictionaries are used and whose lists queries may name. Not given: the dictionaries of
    /// `molva-data`, where there are any, and no lists
    #[arg(long, env = "MOLVA_DATA", value_name = "DIR")]
    data: Option<PathBuf>,

    /// PostgreSQL whose lists queries may name, e.g. `postgres://user:password@host/molva`
    #[arg(long, env = "MOLVA_DATABASE", hide_env_values = true, value_name = "URL")]
    database: Option<String>,
}

impl Knowledge {
    /// Takes the dictionaries into use; call it before the first word is read.
    pub(crate) fn load_dictionaries(&self) -> anyhow::Result<()> {
        dictionaries::load(&self.folder()).map(drop)
    }

    /// The same, and reads the lists. A folder without a store has none, and none is made there.
    pub(crate) async fn load(&self) -> anyhow::Result<WorkspaceLists> {
        self.load_dictionaries()?;
        let data = self.folder();
        let is_store = self.data.is_some() && data.join("molva.sqlite").is_file();
        if self.database.is_none() && !is_store {
            return Ok(WorkspaceLists::default());
        }
        let (storage, workspace) = StoreOptions::of(data, self.database.clone()).open_store().await?;
        Ok(WorkspaceLists::read(&storage, workspace).await?)
    }

    fn folder(&self) -> PathBuf {
        self.data.clone().unwrap_or_else(|| DEFAULT_FOLDER.into())
    }
}
