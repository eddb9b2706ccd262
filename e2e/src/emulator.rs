//! `molva emulator`, as a person would start it.

use std::process::Stdio;

use anyhow::Context as _;
use serde_json::Value;
use tokio::io::{AsyncBufReadExt as _, BufReader};
use tokio::process::{Child, Command};

use crate::api::client;
use crate::environment::molva_binary;
use crate::place::Place;

/// A network that is played.
#[derive(Debug)]
pub struct Emulator {
    /// `http://127.0.0.1:PORT`
    pub address: String,
    _process: Child,
}

impl Emulator {
    /// Nothing happens there by itself; `arguments` say what else.
    ///
    /// # Errors
    /// When it does not start.
    pub async fn start(place: &Place, network: &str, arguments: &[&str]) -> anyhow::Result<Self> {
        let mut command = Command::new(molva_binary()?);
        command.args(["emulator", network, "--listen", "127.0.0.1:0", "--every", "0"]).args(arguments);
        command.current_dir(place.path("")).stdin(Stdio::null()).stdout(Stdio::piped()).kill_on_drop(true);
        let mut process = command.spawn()?;
        let mut lines = BufReader::new(process.stdout.take().context("no stdout")?).lines();
        let line = lines.next_line().await?.context("the emulator says nothing")?;
        let address = line.split(" at ").nth(1).context("the emulator names no address")?.to_owned();
        // It goes on to say things, which must not fill the pipe.
        tokio::spawn(async move { while let Ok(Some(_)) = lines.next_line().await {} });
        Ok(Self { address, _process: process })
    }

    /// Does something there: `/_say`, `/_edit`, `/_faults`, …; null when nothing is answered.
    ///
    /// # Errors
    /// When it is refused.
    pub async fn tell(&self, path: &str, body: &Value) -> anyhow::Result<Value> {
        let answer = client()?.post(format!("{}{path}", self.address)).json(body).send().await?.error_for_status()?;
        let said = answer.bytes().await?;
        Ok(if said.is_empty() { Value::Null } else { serde_json::from_slice(&said)? })
    }

    /// What reached it.
    ///
    /// # Errors
    /// When it does not answer.
    pub async fn counts(&self) -> anyhow::Result<Value> {
        Ok(client()?.get(format!("{}/_counts", self.address)).send().await?.json().await?)
    }
}
