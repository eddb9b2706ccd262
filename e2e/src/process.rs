//! The running server: started, waited for, stopped or killed.

use std::process::Stdio;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use anyhow::{Context as _, bail};
use serde_json::Value;
use tokio::io::{AsyncBufReadExt as _, AsyncRead, BufReader};
use tokio::process::Child;
use tokio::sync::mpsc;

use crate::place::Place;

/// Longer than the slowest start on a busy machine.
const READY_LIMIT: Duration = Duration::from_secs(120);
const STOP_LIMIT: Duration = Duration::from_secs(60);

/// `molva serve`, about to be started.
#[derive(Debug)]
pub struct Launch<'a> {
    place: &'a Place,
    listen: String,
    arguments: Vec<String>,
}

impl<'a> Launch<'a> {
    #[must_use]
    pub fn new(place: &'a Place) -> Self {
        Self { place, listen: "127.0.0.1:0".to_owned(), arguments: Vec::new() }
    }

    /// At a port that others are told before, with the address they are told as its public one.
    #[must_use]
    pub fn reached_at(mut self, port: u16) -> Self {
        self.listen = format!("127.0.0.1:{port}");
        self.arguments.extend(["--public-origin".to_owned(), format!("http://{}", self.listen)]);
        self
    }

    #[must_use]
    pub fn arguments(mut self, arguments: &[&str]) -> Self {
        self.arguments.extend(arguments.iter().map(ToString::to_string));
        self
    }

    /// Starts, on a free port unless told otherwise, and waits for the line that says it is ready.
    ///
    /// # Errors
    /// When it ends or stays silent instead; with all it said.
    pub async fn start(self) -> anyhow::Result<Molva> {
        let mut arguments = vec!["serve", "--listen", &*self.listen, "--json"];
        arguments.extend(self.arguments.iter().map(String::as_str));
        let started = Instant::now();
        let mut child = self.place.command(&arguments)?.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn()?;
        let words = Words::default();
        let (ready, mut is_ready) = mpsc::channel(1);
        listen(child.stdout.take().context("no stdout")?, words.clone(), Some(ready));
        listen(child.stderr.take().context("no stderr")?, words.clone(), None);
        let ready = tokio::time::timeout(READY_LIMIT, is_ready.recv()).await.ok().flatten();
        let Some(ready) = ready else {
            bail!("molva did not get ready; it said:\n{}", words.so_far());
        };
        let base = ready["address"].as_str().context("the ready line has no address")?.to_owned();
        let setup_url = ready["setup_url"].as_str().map(str::to_owned);
        Ok(Molva { child, base, setup_url, words, ready_after: started.elapsed() })
    }
}

/// A running `molva serve`. Dropping it kills it.
#[derive(Debug)]
pub struct Molva {
    child: Child,
    base: String,
    setup_url: Option<String>,
    words: Words,
    ready_after: Duration,
}

impl Molva {
    /// `http://127.0.0.1:PORT`
    #[must_use]
    pub fn base(&self) -> &str {
        &self.base
    }

    /// The one-time link that creates the owner; `None` once there is one.
    #[must_use]
    pub fn setup_url(&self) -> Option<&str> {
        self.setup_url.as_deref()
    }

    /// From the start of the process to the ready line.
    #[must_use]
    pub const fn ready_after(&self) -> Duration {
        self.ready_after
    }

    /// Everything it wrote to standard output and standard error so far.
    #[must_use]
    pub fn words(&self) -> String {
        self.words.so_far()
    }

    /// Id of the process.
    #[must_use]
    pub fn id(&self) -> Option<u32> {
        self.child.id()
    }

    /// `kill -9`: no last words, nothing flushed.
    ///
    /// # Errors
    /// When it had ended before, which no test expects.
    pub async fn kill(mut self) -> anyhow::Result<()> {
        if let Some(status) = self.child.try_wait()? {
            bail!("molva had ended before it was killed ({status}); it said:\n{}", self.words());
        }
        self.child.kill().await?;
        Ok(())
    }

    /// Asks it to stop and waits; answers everything it said.
    ///
    /// # Errors
    /// When it does not stop in time, or not with success.
    pub async fn stop(mut self) -> anyhow::Result<String> {
        let id = self.child.id().context("molva had ended before")?;
        // Sending a signal needs `unsafe` or a crate; every system has this program.
        tokio::process::Command::new("kill").args(["-TERM", &id.to_string()]).status().await?;
        let status = tokio::time::timeout(STOP_LIMIT, self.child.wait()).await.context("molva did not stop")??;
        // The readers end with the pipes, a moment after the process.
        tokio::time::sleep(Duration::from_millis(50)).await;
        let words = self.words();
        if !status.success() {
            bail!("molva stopped with {status}; it said:\n{words}");
        }
        Ok(words)
    }
}

#[derive(Clone, Debug, Default)]
struct Words(Arc<Mutex<String>>);

impl Words {
    fn so_far(&self) -> String {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    fn add(&self, line: &str) {
        let mut words = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        words.push_str(line);
        words.push('\n');
    }
}

fn listen(pipe: impl AsyncRead + Unpin + Send + 'static, words: Words, ready: Option<mpsc::Sender<Value>>) {
    tokio::spawn(async move {
        let mut lines = BufReader::new(pipe).lines();
        while let Ok(Some(line)) = lines.next_line().await {
            words.add(&line);
            let Some(ready) = &ready else { continue };
            if let Ok(value) = serde_json::from_str::<Value>(&line)
                && value["event"] == "ready"
            {
                let _ = ready.send(value).await;
            }
        }
    });
}
