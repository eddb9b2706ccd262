//! `molva serve`

use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::process::ExitCode;
use std::sync::Arc;
use std::time::Duration;

use anyhow::Context as _;
use base64::Engine as _;
use base64::prelude::BASE64_URL_SAFE_NO_PAD;
use clap::Args;
use metrics_exporter_prometheus::PrometheusBuilder;
use molva_domain::{Actor, SystemClock, WorkspaceId};
use molva_http_api::{AppState, ConnectionLimits};
use molva_pipeline::PipelineOptions;
use molva_storage::source::SourceDraft;
use molva_storage::{Storage, StorageError};
use rand::Rng as _;
use ring::digest;
use serde_json::json;
use tokio::net::TcpListener;
use tokio_util::sync::CancellationToken;

use crate::logging::{self, LogFormat};
use crate::options::{NetworkOptions, StoreOptions};
use crate::second::SecondOpinions;
use crate::{open_files, output, server};

/// How long the one-time link works.
const SETUP_LINK_LIFE: Duration = Duration::from_secs(7 * 24 * 3_600);
const MAX_CONNECTIONS: u32 = 2_048;
/// How long open requests may take to end after a stop was asked for.
const STOP_GRACE: Duration = Duration::from_secs(5);

#[derive(Args, Debug)]
pub(crate) struct Serve {
    #[command(flatten)]
    pub(crate) store: StoreOptions,

    #[command(flatten)]
    pub(crate) network: NetworkOptions,

    /// Address and port of the page and the API
    #[arg(long, env = "MOLVA_LISTEN", default_value = "127.0.0.1:8080", value_name = "ADDRESS")]
    pub(crate) listen: SocketAddr,

    /// Adds a live demo stream of invented posts
    #[arg(long, env = "MOLVA_DEMO")]
    pub(crate) demo: bool,

    /// Where browsers and networks reach this server, e.g. `https://molva.example.com`; makes cookies secure, checks where changes
    /// come from, and is the address that networks are told to call
    #[arg(long, env = "MOLVA_PUBLIC_ORIGIN", value_name = "URL")]
    pub(crate) public_origin: Option<String>,

    #[command(flatten)]
    pub(crate) second: SecondOpinions,

    /// Most connections at once; when all are taken, those that wait longest without a request make room
    #[arg(long, env = "MOLVA_MAX_CONNECTIONS", default_value_t = MAX_CONNECTIONS, value_parser = clap::value_parser!(u32).range(16..=100_000), value_name = "N")]
    pub(crate) max_connections: u32,

    /// Days for which files stay with replies that were sent or cancelled; names and sizes stay
    #[arg(long, env = "MOLVA_REPLY_FILES_DAYS", default_value_t = 30, value_parser = clap::value_parser!(u32).range(1..=36_500), value_name = "DAYS")]
    pub(crate) reply_files_days: u32,

    /// Serves the page and the API without polling sources
    #[arg(long, env = "MOLVA_NO_COLLECT")]
    pub(crate) no_collect: bool,

    /// What is logged on standard error, e.g. `warn` or `info,molva_pipeline=debug`
    #[arg(long, env = "MOLVA_LOG", default_value = "info,sqlx=warn", value_name = "FILTER")]
    pub(crate) log: String,

    /// How it is logged
    #[arg(long, env = "MOLVA_LOG_FORMAT", value_enum, default_value = "text")]
    pub(crate) log_format: LogFormat,

    /// Prints one JSON object when ready, for programs that start Molva
    #[arg(long)]
    pub(crate) json: bool,
}

impl Serve {
    pub(crate) async fn run(self) -> anyhow::Result<ExitCode> {
        logging::start(&self.log, self.log_format)?;
        let metrics = PrometheusBuilder::new().install_recorder().context("metrics cannot start")?;
        let listener = TcpListener::bind(self.listen).await.with_context(|| {
            format!(
                "cannot listen on `{}`; another program may hold the port, try `--listen 127.0.0.1:8081`",
                self.listen
            )
        })?;
        let address = listener.local_addr()?;

        let (storage, workspace) = self.store.open().await?;
        if self.demo {
            ensure_demo(&storage, workspace).await?;
        }
        let setup = setup_secret(&storage, workspace).await?;
        let cancel = CancellationToken::new();
        let origin = self.public_origin.clone().map(|origin| origin.trim_end_matches('/').to_owned());
        let change = |options| PipelineOptions {
            collect: !self.no_collect,
            public_origin: origin.clone(),
            reply_files: Duration::from_secs(u64::from(self.reply_files_days) * 24 * 3_600),
            ..options
        };
        let pipeline = self.network.serving(storage.clone(), workspace, change, cancel.child_token()).await?;
        if let Some(second) = self.second.options(&self.network)? {
            pipeline.ask_for_second_opinions(second);
        }
        let state = AppState {
            pipeline,
            workspace,
            clock: Arc::new(SystemClock),
            secure_cookies: origin.as_deref().is_some_and(|origin| origin.starts_with("https://")),
            public_origin: origin.clone(),
            metrics: Arc::new(move || metrics.render()),
            stop: cancel.clone(),
        };
        let app = server::app(state);

        let base = origin.unwrap_or_else(|| format!("http://{address}"));
        self.announce(&base, setup.as_deref());
        let stop = cancel.clone();
        let most = open_files::make_room(self.max_connections);
        let limits = ConnectionLimits { most, ..ConnectionLimits::default() };
        let serving = tokio::spawn(molva_http_api::serve(listener, app, limits, stop));
        stop_signal().await?;
        tracing::info!("stopping");
        cancel.cancel();
        // Live streams never end by themselves; what is stored is stored, nothing is lost by leaving.
        let _ = tokio::time::timeout(STOP_GRACE, serving).await;
        Ok(ExitCode::SUCCESS)
    }

    fn announce(&self, base: &str, setup: Option<&str>) {
        let setup_url = setup.map(|secret| format!("{base}/setup#{secret}"));
        if self.json {
            output::json(&json!({"event": "ready", "address": base, "setup_url": setup_url}));
            return;
        }
        output::line(format!("Molva listens at {base}"));
        if let Some(url) = setup_url {
            output::line(format!("Create the owner (this link works once): {url}"));
        }
    }
}

/// The secret of the one-time link, made anew at each start until the owner exists; only its digest is stored.
async fn setup_secret(storage: &Storage, workspace: WorkspaceId) -> anyhow::Result<Option<String>> {
    if storage.has_users(workspace).await? {
        return Ok(None);
    }
    let mut bytes = [0_u8; 32];
    rand::rng().fill_bytes(&mut bytes);
    let secret = BASE64_URL_SAFE_NO_PAD.encode(bytes);
    let mut digest = [0_u8; 32];
    digest.copy_from_slice(digest::digest(&digest::SHA256, secret.as_bytes()).as_ref());
    storage.set_setup_digest(workspace, digest, storage.now().plus(SETUP_LINK_LIFE)).await?;
    Ok(Some(secret))
}

/// One demo source, whatever its name.
pub(crate) async fn ensure_demo(storage: &Storage, workspace: WorkspaceId) -> anyhow::Result<()> {
    if storage.sources(workspace).await?.iter().any(|source| source.connector == "demo") {
        return Ok(());
    }
    let draft = SourceDraft {
        connector: "demo".to_owned(),
        name: "Demo stream".to_owned(),
        settings: BTreeMap::new(),
        secrets: BTreeMap::new(),
    };
    match storage.create_source(workspace, Actor::System, draft).await {
        Ok(_) | Err(StorageError::Taken { .. }) => Ok(()),
        Err(error) => Err(error.into()),
    }
}

async fn stop_signal() -> anyhow::Result<()> {
    let mut terminate = tokio::signal::unix::signal(tokio::signal::unix::SignalKind::terminate())?;
    tokio::select! {
        interrupted = tokio::signal::ctrl_c() => interrupted?,
        _ = terminate.recv() => {}
    }
    Ok(())
}
