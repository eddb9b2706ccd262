//! `molva archive`

use std::collections::BTreeMap;
use std::process::ExitCode;
use std::time::Duration;

use anyhow::bail;
use clap::{Args, Subcommand};
use indicatif::ProgressBar;
use molva_archive::{Filter, Slice};
use molva_domain::{TopicId, WorkspaceId};
use molva_pipeline::{ArchiveStatus, LiveArchive};
use molva_storage::Storage;
use serde_json::{Value, json};
use tokio_util::sync::CancellationToken;

use crate::options::StoreOptions;
use crate::output;

/// How often the bar moves.
const LOOK_EVERY: Duration = Duration::from_millis(250);

#[derive(Debug, Subcommand)]
pub(crate) enum ArchiveCommand {
    /// Says how far the archive is, and what is damaged
    Status(Status),
    /// Builds the archive anew from the store while it answers; a server that runs does it itself
    Rebuild(Rebuild),
    /// Compares every file with its checksum and the counts with the store, and rebuilds what is damaged
    Verify(Verify),
}

#[derive(Args, Debug)]
pub(crate) struct Status {
    #[command(flatten)]
    store: StoreOptions,

    /// For machines: one object
    #[arg(long)]
    json: bool,
}

#[derive(Args, Debug)]
pub(crate) struct Rebuild {
    /// Only this month, e.g. `2026-03`; may be given several times
    #[arg(long, value_name = "MONTH", value_parser = month)]
    month: Vec<Slice>,

    #[command(flatten)]
    store: StoreOptions,

    /// For machines: one object at the end
    #[arg(long)]
    json: bool,
}

#[derive(Args, Debug)]
pub(crate) struct Verify {
    /// Says what is damaged and rebuilds nothing
    #[arg(long)]
    only_look: bool,

    #[command(flatten)]
    store: StoreOptions,

    /// For machines: one object at the end
    #[arg(long)]
    json: bool,
}

fn month(text: &str) -> Result<Slice, String> {
    Slice::parse(text).ok_or_else(|| format!("`{text}` is no month; write it as `2026-03`"))
}

impl ArchiveCommand {
    pub(crate) async fn run(self) -> anyhow::Result<ExitCode> {
        match self {
            Self::Status(command) => command.run().await,
            Self::Rebuild(command) => command.run().await,
            Self::Verify(command) => command.run().await,
        }
    }
}

/// The archive as it is on the disk, read only.
pub(crate) async fn open(storage: &Storage, workspace: WorkspaceId) -> anyhow::Result<LiveArchive> {
    let live = LiveArchive::new(storage.clone(), workspace);
    let archive = live.archive().clone();
    tokio::task::spawn_blocking(move || archive.reload()).await??;
    Ok(live)
}

impl Status {
    async fn run(self) -> anyhow::Result<ExitCode> {
        let (storage, workspace) = self.store.open_store().await?;
        let live = open(&storage, workspace).await?;
        let status = live.status().await?;
        if self.json {
            output::json(&describe(&live, &status));
        } else {
            output::line(sentence(&live, &status));
            for damage in &status.damaged {
                output::line(format!("  {}: {}", damage.slice, damage.reason));
            }
        }
        Ok(ExitCode::SUCCESS)
    }
}

fn describe(live: &LiveArchive, status: &ArchiveStatus) -> Value {
    let damaged: Vec<Value> = status
        .damaged
        .iter()
        .map(|damage| json!({"month": damage.slice.to_string(), "reason": damage.reason}))
        .collect();
    json!({
        "mentions": status.mentions, "applied": status.applied, "events_behind": status.events_behind(),
        "lag_seconds": status.lag.map(|lag| lag.as_secs_f64()), "filling": status.filling,
        "rebuilding": status.rebuilding, "damaged": damaged, "kept_by_a_process": live.folder().is_kept(),
    })
}

/// How far the archive is, for people.
pub(crate) fn sentence(live: &LiveArchive, status: &ArchiveStatus) -> String {
    let kept = if live.folder().is_kept() { "a server keeps it" } else { "no server runs, the next one goes on" };
    let work = match (status.filling, status.rebuilding) {
        (Some(filling), _) => format!(", filling {} of {}", filling.done, filling.total),
        (_, Some(rebuilding)) => format!(", rebuilding {} of {}", rebuilding.done, rebuilding.total),
        _ => String::new(),
    };
    let damaged = match status.damaged.len() {
        0 => String::new(),
        count => format!(", {count} months damaged"),
    };
    format!("{} mentions, {} events behind{work}{damaged}; {kept}", status.mentions, status.events_behind())
}

impl Rebuild {
    async fn run(self) -> anyhow::Result<ExitCode> {
        let (storage, workspace) = self.store.open().await?;
        let live = LiveArchive::new(storage.clone(), workspace);
        live.folder().ask_for_rebuild(&self.month)?;
        let finished = see_through(&live, self.json).await?;
        let status = open(&storage, workspace).await?.status().await?;
        report(&live, &status, finished, self.json);
        Ok(if finished { ExitCode::SUCCESS } else { ExitCode::FAILURE })
    }
}

fn report(live: &LiveArchive, status: &ArchiveStatus, finished: bool, json: bool) {
    if json {
        let mut described = describe(live, status);
        described["finished"] = json!(finished);
        output::json(&described);
    } else if finished {
        output::line(format!("the archive is whole: {}", sentence(live, status)));
    } else {
        output::line("interrupted; what is left is built by the next server, or by the next `molva archive rebuild`");
    }
}

/// Waits until nothing is to be built any more, and does it here when no server runs. `false`: interrupted.
pub(crate) async fn see_through(live: &LiveArchive, json: bool) -> anyhow::Result<bool> {
    let bar = output::progress(0, json);
    let cancel = CancellationToken::new();
    let interrupt = cancel.clone();
    let interrupted = tokio::spawn(async move {
        if tokio::signal::ctrl_c().await.is_ok() {
            interrupt.cancel();
        }
    });
    let finished = loop {
        let own = live.bring_up_to_date(cancel.clone());
        tokio::pin!(own);
        let kept_here = loop {
            tokio::select! {
                kept = &mut own => break kept?,
                () = tokio::time::sleep(LOOK_EVERY) => show(live, &bar),
            }
        };
        if kept_here || cancel.is_cancelled() {
            break !cancel.is_cancelled();
        }
        // A server has it: what it says is on the disk.
        let archive = live.archive().clone();
        tokio::task::spawn_blocking(move || archive.reload()).await??;
        show(live, &bar);
        if !live.folder().is_asked() && live.archive().to_build().is_empty() {
            break true;
        }
        tokio::select! {
            () = cancel.cancelled() => {}
            () = tokio::time::sleep(LOOK_EVERY) => {}
        }
    };
    interrupted.abort();
    bar.finish_and_clear();
    Ok(finished)
}

/// Brings the archive in line after much was stored; a server that runs does it by itself.
pub(crate) async fn fill_unless_kept(storage: &Storage, workspace: WorkspaceId, json: bool) -> anyhow::Result<()> {
    let live = LiveArchive::new(storage.clone(), workspace);
    if live.folder().is_kept() {
        return Ok(());
    }
    if !json {
        output::note("filling the archive; it may be interrupted, the next server goes on");
    }
    see_through(&live, json).await.map(drop)
}

fn show(live: &LiveArchive, bar: &ProgressBar) {
    if let Some(progress) = live.progress_of_work() {
        bar.set_length(progress.total);
        bar.set_position(progress.done);
        bar.set_message(format!("{} of {} mentions", progress.done, progress.total));
    }
}

impl Verify {
    async fn run(self) -> anyhow::Result<ExitCode> {
        let (storage, workspace) = self.store.open().await?;
        let live = open(&storage, workspace).await?;
        let slices = live.archive().slices();
        let bar = output::progress(slices.len() as u64, self.json);
        for slice in slices {
            bar.set_message(format!("reading {slice}"));
            let archive = live.archive().clone();
            tokio::task::spawn_blocking(move || archive.verify_slice(slice)).await?;
            bar.inc(1);
        }
        bar.finish_and_clear();
        let damaged = live.archive().damaged();
        let mut finished = true;
        if !damaged.is_empty() && !self.only_look {
            let slices: Vec<Slice> = damaged.iter().map(|damage| damage.slice).collect();
            live.folder().ask_for_rebuild(&slices)?;
            finished = see_through(&live, self.json).await?;
        }
        let counts = Counts::compare(&storage, workspace).await?;
        let well = finished && counts.differ.is_empty() && (damaged.is_empty() || !self.only_look);
        if self.json {
            let months: Vec<Value> = damaged
                .iter()
                .map(|damage| json!({"month": damage.slice.to_string(), "reason": damage.reason}))
                .collect();
            output::json(&json!({
                "well": well, "damaged": months, "rebuilt": finished && !self.only_look && !damaged.is_empty(),
                "counts": counts.sentence(), "counts_agree": counts.differ.is_empty(),
            }));
        } else {
            for damage in &damaged {
                output::line(format!("{}: {}", damage.slice, damage.reason));
            }
            output::line(match (damaged.len(), self.only_look) {
                (0, _) => "every file is whole".to_owned(),
                (count, true) => format!("{count} months are damaged; without `--only-look` they are rebuilt"),
                (count, false) => format!("{count} months were damaged and are rebuilt"),
            });
            output::line(counts.sentence());
        }
        if !finished {
            bail!("interrupted; what is left is built by the next server");
        }
        Ok(if well { ExitCode::SUCCESS } else { ExitCode::FAILURE })
    }
}

/// Mentions of each topic in the store and in the archive.
pub(crate) struct Counts {
    /// Events that the archive has not applied: so many mentions may differ.
    behind: u64,
    stored: u64,
    found: u64,
    /// Topics whose counts differ more than that, with both.
    pub(crate) differ: Vec<(TopicId, u64, u64)>,
}

impl Counts {
    pub(crate) async fn compare(storage: &Storage, workspace: WorkspaceId) -> anyhow::Result<Self> {
        let live = open(storage, workspace).await?;
        let stored: BTreeMap<TopicId, u64> = storage.count_by_topic(workspace).await?.into_iter().collect();
        let archive = live.archive().clone();
        let topics: Vec<TopicId> = stored.keys().copied().collect();
        let found = tokio::task::spawn_blocking(move || {
            let count = |topic: TopicId| {
                let filter = Filter { topics: vec![topic], ..Filter::default() };
                archive.count(None, &filter).map(|counted| (topic, counted.mentions))
            };
            topics.into_iter().map(count).collect::<Result<BTreeMap<TopicId, u64>, _>>()
        });
        let found = found.await??;
        // Asked last: what arrived while it was counted is counted as behind.
        let behind = live.status().await?.events_behind();
        let pairs = stored.iter().map(|(topic, stored)| (*topic, *stored, found.get(topic).copied().unwrap_or(0)));
        Ok(Self {
            behind,
            stored: stored.values().sum(),
            found: found.values().sum(),
            differ: pairs.filter(|(_, stored, found)| stored.abs_diff(*found) > behind).collect(),
        })
    }

    pub(crate) fn sentence(&self) -> String {
        let Self { behind, stored, found, differ } = self;
        let sum = format!("{found} mentions in the archive, {stored} in the store, {behind} events behind");
        match differ.first() {
            None => sum,
            Some((topic, stored, found)) => {
                format!("{sum}; topic {topic} has {found} instead of {stored}: `molva archive rebuild` mends it")
            }
        }
    }
}
