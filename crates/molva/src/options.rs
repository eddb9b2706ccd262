//! Options that several commands share.

use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use anyhow::Context as _;
use clap::Args;
use molva_connectors::http::HttpLimits;
use molva_domain::{Secret, SystemClock, WorkspaceId};
use molva_pipeline::{ActiveModel, Pipeline, PipelineOptions};
use molva_storage::kept::KeptLimits;
use molva_storage::{Storage, StorageOptions};
use tokio_util::sync::CancellationToken;

use crate::{authorities, dictionaries};

/// Name of the workspace that the first start makes.
const WORKSPACE: &str = "Molva";
const KEPT_DAYS: u32 = 3;
const KEPT_MEGABYTES: u64 = 2_048;

/// Where the truth is.
#[derive(Args, Clone, Debug)]
pub(crate) struct StoreOptions {
    /// Folder of the embedded store, the kept stream and the sealing key; made when missing
    #[arg(long, env = "MOLVA_DATA", default_value = "molva-data", value_name = "DIR")]
    pub(crate) data: PathBuf,

    /// PostgreSQL instead of the embedded store, e.g. `postgres://user:password@host/molva`
    #[arg(long, env = "MOLVA_DATABASE", hide_env_values = true, value_name = "URL")]
    pub(crate) database: Option<String>,

    /// Number of this machine among those that share one PostgreSQL, 0 to 63; each needs its own
    #[arg(long, env = "MOLVA_NODE", default_value_t = 0, value_parser = clap::value_parser!(u16).range(0..64), value_name = "N")]
    pub(crate) node: u16,

    /// Days for which posts that matched nothing are kept, so that previews and new topics can look back
    #[arg(long, env = "MOLVA_KEPT_DAYS", default_value_t = KEPT_DAYS, value_parser = clap::value_parser!(u32).range(0..=365), value_name = "DAYS")]
    pub(crate) kept_days: u32,

    /// Megabytes (compressed) of such posts; whichever limit is met first
    #[arg(long, env = "MOLVA_KEPT_MEGABYTES", default_value_t = KEPT_MEGABYTES, value_name = "MB")]
    pub(crate) kept_megabytes: u64,

    /// File of the key that secrets are sealed with: 32 bytes, or 64 hexadecimal digits; made when missing.
    /// Default: `sealing.key` in the data folder
    #[arg(long, env = "MOLVA_SEALING_KEY_FILE", value_name = "FILE")]
    pub(crate) sealing_key_file: Option<PathBuf>,

    /// File with any of these options as `name = value` (TOML); options on the command line and in the environment win.
    /// Default: `molva.toml` in the current folder, when there is one
    #[arg(long, env = "MOLVA_CONFIG", value_name = "FILE")]
    pub(crate) config: Option<PathBuf>,
}

/// How networks are reached.
#[derive(Args, Clone, Debug)]
pub(crate) struct NetworkOptions {
    /// Host (`host` or `host:port`) that sources may reach although its address is private; may be given several times
    #[arg(long, env = "MOLVA_ALLOW_PRIVATE_HOST", value_delimiter = ',', value_name = "HOST")]
    pub(crate) allow_private_host: Vec<String>,

    /// File (PEM or DER) of certificate authorities to trust beside the web's own, as the Russian national one for MAX; may be given
    /// several times
    #[arg(long, env = "MOLVA_EXTRA_CA_FILE", value_delimiter = ',', value_name = "FILE")]
    pub(crate) extra_ca_file: Vec<PathBuf>,

    /// How many seconds of a network's schedule pass in one; for tests
    #[arg(long, default_value_t = 1.0, hide = true, value_name = "N")]
    pub(crate) time_scale: f64,
}

impl StoreOptions {
    /// The store of a folder or a database, for a command that only reads it.
    pub(crate) const fn of(data: PathBuf, database: Option<String>) -> Self {
        Self {
            data,
            database,
            node: 0,
            kept_days: KEPT_DAYS,
            kept_megabytes: KEPT_MEGABYTES,
            sealing_key_file: None,
            config: None,
        }
    }

    /// Takes the data folder's dictionaries into use and opens the store, migrated, with its workspace.
    pub(crate) async fn open(&self) -> anyhow::Result<(Storage, WorkspaceId)> {
        dictionaries::load(&self.data)?;
        self.open_store().await
    }

    /// Opens the store alone.
    pub(crate) async fn open_store(&self) -> anyhow::Result<(Storage, WorkspaceId)> {
        let options = StorageOptions {
            data_dir: self.data.clone(),
            postgres_url: self.database.clone().map(Secret::new),
            clock: Arc::new(SystemClock),
            node: self.node,
            kept: KeptLimits {
                max_age: Duration::from_secs(u64::from(self.kept_days) * 24 * 3_600),
                max_bytes: self.kept_megabytes.saturating_mul(1 << 20),
            },
            sealing_key: self.sealing_key_file.clone(),
        };
        let storage = Storage::open(options).await.with_context(|| match self.database {
            Some(_) => {
                "the PostgreSQL database cannot be opened; check `--database` and that the server runs".to_owned()
            }
            None => format!("the store in `{}` cannot be opened", self.data.display()),
        })?;
        let workspace = storage.ensure_workspace(WORKSPACE).await?;
        Ok((storage, workspace.id))
    }
}

impl NetworkOptions {
    /// The pipeline of a server, with what it has beside the options of networks.
    pub(crate) async fn serving(
        &self,
        storage: Storage,
        workspace: WorkspaceId,
        change: impl FnOnce(PipelineOptions) -> PipelineOptions,
        cancel: CancellationToken,
    ) -> anyhow::Result<Pipeline> {
        let options = change(self.options(&storage, workspace).await?);
        Ok(Pipeline::start(storage, options, cancel).await?)
    }

    /// The pipeline of a command that does one thing and ends: it polls no sources, and leaves the archive and the judging of
    /// what is stored to servers.
    pub(crate) async fn pipeline(&self, storage: Storage, workspace: WorkspaceId) -> anyhow::Result<Pipeline> {
        let options = PipelineOptions {
            collect: false,
            archive: false,
            judge: false,
            ..self.options(&storage, workspace).await?
        };
        Ok(Pipeline::start(storage, options, CancellationToken::new()).await?)
    }

    async fn options(&self, storage: &Storage, workspace: WorkspaceId) -> anyhow::Result<PipelineOptions> {
        let http = self.limits()?;
        let model = ActiveModel::of_workspace(storage, workspace).await?;
        Ok(PipelineOptions { http, time_scale: self.time_scale, model, ..PipelineOptions::new(workspace) })
    }

    /// Networks at their own pace, and nothing beyond the open web.
    pub(crate) const fn usual() -> Self {
        Self { allow_private_host: Vec::new(), extra_ca_file: Vec::new(), time_scale: 1.0 }
    }

    /// What may be reached, whom we trust, and how much is read.
    pub(crate) fn limits(&self) -> anyhow::Result<HttpLimits> {
        let extra_roots = authorities::read(&self.extra_ca_file)?;
        Ok(HttpLimits { allowed_private_hosts: self.allow_private_host.clone(), extra_roots, ..HttpLimits::default() })
    }
}
