//! A place to run Molva in: a fresh data folder and, where asked for, a fresh PostgreSQL database.

use std::path::{Path, PathBuf};
use std::process::{Output, Stdio};
use std::time::Duration;

use anyhow::{Context as _, bail, ensure};
use rand::RngExt as _;
use serde_json::Value;
use tempfile::TempDir;
use tokio::process::Command;

use crate::api::Api;
use crate::environment;
use crate::process::{Launch, Molva};

/// No command of a test takes longer.
const COMMAND_LIMIT: Duration = Duration::from_secs(300);

/// Where one Molva keeps its data. Everything is removed with it.
#[derive(Debug)]
pub struct Place {
    folder: TempDir,
    database: Option<String>,
}

impl Place {
    /// The embedded store.
    ///
    /// # Errors
    /// When no temporary folder can be made.
    pub fn embedded() -> anyhow::Result<Self> {
        Ok(Self { folder: TempDir::with_prefix("molva-e2e-")?, database: None })
    }

    /// A database of its own on the PostgreSQL server at `server`, an address with the right to make databases.
    ///
    /// # Errors
    /// When `psql` is not there or refuses.
    pub async fn postgres(server: &str) -> anyhow::Result<Self> {
        let name = format!("e2e_{:016x}", rand::rng().random::<u64>());
        let made = Command::new("psql")
            .args(["--no-psqlrc", "--quiet", "--dbname", server, "--command", &format!("create database {name}")])
            .output()
            .await
            .context("`psql` does not start; install the package postgresql-client")?;
        ensure!(made.status.success(), "psql: {}", String::from_utf8_lossy(&made.stderr));
        let (base, _) = server.rsplit_once('/').context("`MOLVA_TEST_POSTGRES` must end in `/DATABASE`")?;
        Ok(Self { folder: TempDir::with_prefix("molva-e2e-")?, database: Some(format!("{base}/{name}")) })
    }

    /// For input files of a test.
    #[must_use]
    pub fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// The data folder itself.
    #[must_use]
    pub fn data(&self) -> PathBuf {
        self.path("data")
    }

    /// `molva ARGUMENTS… --data … [--database …]`, not started yet; dies with its handle.
    ///
    /// # Errors
    /// When there is no binary.
    pub fn command(&self, arguments: &[&str]) -> anyhow::Result<Command> {
        let mut command = Command::new(environment::molva_binary()?);
        command.args(arguments).arg("--data").arg(self.data());
        if let Some(database) = &self.database {
            command.args(["--database", database]);
        }
        // What a developer has in the environment must not leak into a test.
        for (name, _) in std::env::vars_os() {
            if name.to_string_lossy().starts_with("MOLVA_") {
                command.env_remove(name);
            }
        }
        command.current_dir(self.folder.path()).stdin(Stdio::null()).kill_on_drop(true);
        Ok(command)
    }

    /// Runs a command to its end, whatever that is.
    ///
    /// # Errors
    /// When it cannot start or does not end in five minutes.
    pub async fn try_run(&self, arguments: &[&str]) -> anyhow::Result<Output> {
        let running = self.command(arguments)?.output();
        tokio::time::timeout(COMMAND_LIMIT, running)
            .await
            .with_context(|| format!("`molva {}` did not end", arguments.join(" ")))?
            .with_context(|| format!("`molva {}` did not start", arguments.join(" ")))
    }

    /// Runs a command that must succeed; answers its standard output.
    ///
    /// # Errors
    /// When it fails, with what it said.
    pub async fn run(&self, arguments: &[&str]) -> anyhow::Result<String> {
        let output = self.try_run(arguments).await?;
        if !output.status.success() {
            bail!(
                "`molva {}` ended with {}: {}",
                arguments.join(" "),
                output.status,
                String::from_utf8_lossy(&output.stderr)
            );
        }
        Ok(String::from_utf8(output.stdout)?)
    }

    /// Runs a command with `--json`; answers the object on its last line.
    ///
    /// # Errors
    /// When it fails or its last line is not JSON.
    pub async fn run_json(&self, arguments: &[&str]) -> anyhow::Result<Value> {
        let output = self.run(&[arguments, &["--json"]].concat()).await?;
        last_json(&output)
    }

    /// A token that may do everything.
    ///
    /// # Errors
    /// When the command fails.
    pub async fn token(&self) -> anyhow::Result<String> {
        let scopes = ["--scope", "read", "--scope", "write", "--scope", "push"];
        let made = self.run_json(&[&["token", "create", "e2e"], &scopes[..]].concat()).await?;
        Ok(made["secret"].as_str().context("`token create --json` gave no secret")?.to_owned())
    }

    /// Adds a topic; `backfill` also looks back over the kept stream.
    ///
    /// # Errors
    /// When the command fails.
    pub async fn add_topic(&self, name: &str, query: &str, backfill: bool) -> anyhow::Result<Value> {
        let mut arguments = vec!["topic", "add", name, "--query", query];
        if backfill {
            arguments.push("--backfill");
        }
        self.run_json(&arguments).await
    }

    /// Starts the server with these extra arguments and a client that may do everything.
    ///
    /// # Errors
    /// When it does not get ready.
    pub async fn serve(&self, arguments: &[&str]) -> anyhow::Result<(Molva, Api)> {
        let token = self.token().await?;
        let molva = Launch::new(self).arguments(arguments).start().await?;
        let api = Api::with_token(molva.base(), &token)?;
        Ok((molva, api))
    }

    /// Writes an input file.
    ///
    /// # Errors
    /// When it cannot be written.
    pub fn write(&self, name: &str, content: impl AsRef<[u8]>) -> anyhow::Result<String> {
        let path = self.path(name);
        std::fs::write(&path, content)?;
        text(&path)
    }
}

/// A path as an argument.
///
/// # Errors
/// When it is not UTF-8.
pub fn text(path: &Path) -> anyhow::Result<String> {
    Ok(path.to_str().context("the path is not UTF-8")?.to_owned())
}

/// The object on the last line.
///
/// # Errors
/// When there is none.
pub fn last_json(output: &str) -> anyhow::Result<Value> {
    let line = output.lines().rev().find(|line| !line.trim().is_empty()).context("nothing was printed")?;
    serde_json::from_str(line).with_context(|| format!("the last line is not JSON: {line}"))
}
