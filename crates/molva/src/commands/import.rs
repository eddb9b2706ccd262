//! `molva import`

use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::time::Instant;

use anyhow::bail;
use clap::Args;
use molva_connectors::import::{Corrections, ImportPlan, ImportReader, Inspection, fingerprint, inspect_as};
use molva_domain::{Actor, SourceState, WorkspaceId};
use molva_storage::source::{Lease, Source, SourceDraft, SourceReport};
use molva_storage::{Storage, StorageError};
use serde::{Deserialize, Serialize};
use serde_json::json;

use crate::commands::bulk::{self, Chunk, LEASE};
use crate::options::{NetworkOptions, StoreOptions};
use crate::output;

/// Records stored in one transaction, at most.
const BATCH: usize = 1_000;

#[derive(Args, Debug)]
pub(crate) struct Import {
    /// JSONL, CSV or XLSX, plain or gzip
    file: PathBuf,

    #[command(flatten)]
    store: StoreOptions,

    /// Name of the source on the page; default: the file's name
    #[arg(long)]
    name: Option<String>,

    /// Network of posts whose row does not name one
    #[arg(long)]
    network: Option<String>,

    /// Encoding, when it was detected wrongly, e.g. `windows-1251`
    #[arg(long)]
    encoding: Option<String>,

    /// Delimiter of a CSV file, when it was detected wrongly, e.g. `;` or `tab`
    #[arg(long)]
    delimiter: Option<String>,

    /// Which column or key holds a field, `field=column`; may be given several times
    #[arg(long, value_name = "FIELD=COLUMN")]
    column: Vec<String>,

    /// Shows how the file would be read, and ends
    #[arg(long)]
    inspect: bool,

    /// Reads a file again that was imported already; what is stored stays and counts as duplicate
    #[arg(long)]
    again: bool,

    /// For machines; the last line is one object with the count of every outcome
    #[arg(long)]
    json: bool,
}

/// Where an import stands, as its source's cursor.
#[derive(Clone, Copy, Debug, Default, Deserialize, Serialize)]
struct Position {
    records: u64,
}

impl Import {
    pub(crate) async fn run(self) -> anyhow::Result<ExitCode> {
        let started = Instant::now();
        let (storage, workspace) = self.store.open().await?;
        let inspection = inspect_as(&self.file, &self.corrections()?, storage.now())?;
        if self.inspect {
            show(&inspection, self.json);
            return Ok(ExitCode::SUCCESS);
        }
        if !self.json {
            show(&inspection, false);
        }
        let source = self.source(&storage, workspace, &fingerprint(&self.file)?).await?;
        let resumed: Position =
            source.cursor.as_deref().and_then(|cursor| serde_json::from_str(cursor).ok()).unwrap_or_default();
        if source.state == SourceState::Finished {
            self.report(&storage, &source, resumed, started, true).await?;
            return Ok(ExitCode::SUCCESS);
        }
        let Some(lease) = storage.take_lease(workspace, source.id, &storage.process_name(), LEASE).await? else {
            bail!("`{}` is being imported by another process; try again when that one has ended", source.name);
        };
        let finished = self.read(&storage, workspace, &source, lease, inspection.plan, resumed).await?;
        if finished {
            let report = SourceReport { state: Some(SourceState::Finished), ..SourceReport::default() };
            storage.report_source(workspace, source.id, report).await?;
        }
        storage.release_lease(workspace, lease).await?;
        self.report(&storage, &source, resumed, started, finished).await?;
        Ok(if finished { ExitCode::SUCCESS } else { ExitCode::FAILURE })
    }

    fn corrections(&self) -> anyhow::Result<Corrections> {
        let delimiter = match self.delimiter.as_deref().map(str::as_bytes) {
            None => None,
            Some(b"tab" | b"\\t") => Some(b'\t'),
            Some([byte]) => Some(*byte),
            Some(longer) => {
                let longer = String::from_utf8_lossy(longer);
                bail!("`--delimiter {longer}` is more than one character; write e.g. `;` or `tab`")
            }
        };
        let mut columns = std::collections::BTreeMap::new();
        for pair in &self.column {
            let Some((field, column)) = pair.split_once('=') else {
                bail!("`--column {pair}` has no `=`; write e.g. `--column text=Сообщение`");
            };
            columns.insert(field.trim().to_owned(), column.trim().to_owned());
        }
        let (encoding, network) = (self.encoding.clone(), self.network.clone());
        Ok(Corrections { encoding, delimiter, columns, network, ..Corrections::default() })
    }

    /// The source of this very file: of an earlier run that was cut off, or a new one.
    async fn source(&self, storage: &Storage, workspace: WorkspaceId, print: &str) -> anyhow::Result<Source> {
        let earlier = storage.sources(workspace).await?.into_iter().rev().find(|source| {
            source.connector == "import" && source.settings.get("fingerprint").is_some_and(|known| known == print)
        });
        if let Some(source) = earlier.filter(|source| !self.again || source.state != SourceState::Finished) {
            return Ok(source);
        }
        let name = self.name.clone().unwrap_or_else(|| file_name(&self.file));
        for number in 1..1_000 {
            let draft = SourceDraft {
                connector: "import".to_owned(),
                name: if number == 1 { name.clone() } else { format!("{name} ({number})") },
                settings: [("fingerprint".to_owned(), print.to_owned()), ("file".to_owned(), file_name(&self.file))]
                    .into(),
                secrets: std::collections::BTreeMap::new(),
            };
            match storage.create_source(workspace, Actor::System, draft).await {
                Err(StorageError::Taken { .. }) => {}
                created => return Ok(created?),
            }
        }
        bail!("a thousand sources are named `{name}`; give another `--name`")
    }

    /// `false` when it was interrupted.
    async fn read(
        &self,
        storage: &Storage,
        workspace: WorkspaceId,
        source: &Source,
        lease: Lease,
        plan: ImportPlan,
        resumed: Position,
    ) -> anyhow::Result<bool> {
        let network = NetworkOptions::usual();
        let pipeline = network.pipeline(storage.clone(), workspace).await?;
        let mut reader = ImportReader::open(&self.file, &plan, resumed.records, storage.now())?;
        let bar = output::progress(reader.progress().1, self.json);
        let next = move || {
            let items = reader.next_items(BATCH);
            let cursor = serde_json::to_string(&Position { records: reader.records() }).ok()?;
            (!items.is_empty()).then(|| Chunk { items, cursor, done: reader.progress().0 })
        };
        bulk::store_all(&pipeline, source, lease, &bar, bulk::Unmatched::Kept, next).await
    }

    async fn report(
        &self,
        storage: &Storage,
        source: &Source,
        resumed: Position,
        started: Instant,
        finished: bool,
    ) -> anyhow::Result<()> {
        let totals = storage.ledger_totals(source.workspace).await?;
        let tally = totals.iter().find(|(id, _)| *id == source.id).map(|(_, tally)| *tally).unwrap_or_default();
        let rejections = storage.rejections(source.workspace, source.id).await?;
        let seconds = started.elapsed().as_secs_f64();
        let already = source.state == SourceState::Finished;
        let read_now = if already { 0 } else { tally.received.saturating_sub(resumed.records) };
        #[expect(clippy::cast_precision_loss, reason = "a rate for people")]
        let posts_per_second = (read_now as f64 / seconds.max(1e-9)).round();
        if self.json {
            let reasons: serde_json::Map<String, serde_json::Value> =
                rejections.iter().map(|(reason, count)| (reason.to_string(), json!(count))).collect();
            output::json(&json!({
                "file": file_name(&self.file), "source": source.id, "finished": finished,
                "already_imported": already, "resumed_at": resumed.records,
                "received": tally.received, "stored": tally.stored, "unmatched": tally.unmatched,
                "duplicate": tally.duplicate, "updated": tally.updated, "rejected": tally.rejected,
                "rejections": reasons,
                "seconds": seconds, "posts_per_second": posts_per_second,
            }));
            return Ok(());
        }
        if already {
            output::line("this file was imported already; `--again` reads it once more");
        }
        output::line(format!(
            "received {} = stored {} + unmatched {} + duplicate {} + updated {} + rejected {}",
            tally.received, tally.stored, tally.unmatched, tally.duplicate, tally.updated, tally.rejected
        ));
        for (reason, count) in rejections {
            output::line(format!("  rejected {count}: {reason}"));
        }
        if !already {
            output::line(format!("{posts_per_second} posts a second, {seconds:.1} s"));
        }
        if !finished {
            output::line("interrupted; the same command goes on where it stopped");
        }
        Ok(())
    }
}

fn show(inspection: &Inspection, json: bool) {
    let plan = &inspection.plan;
    if json {
        output::json(&json!({
            "format": format!("{:?}", plan.format).to_lowercase(), "gzip": plan.gzip, "encoding": plan.encoding,
            "delimiter": char::from(plan.delimiter).to_string(), "columns": plan.columns, "network": plan.network,
            "found": inspection.found, "notes": inspection.notes,
        }));
        return;
    }
    let gzip = if plan.gzip { ", gzip" } else { "" };
    output::note(format!("{:?}{gzip}, {}", plan.format, plan.encoding));
    for (field, column) in &plan.columns {
        output::note(format!("  {field} <- {column}"));
    }
    for note in &inspection.notes {
        output::note(format!("  {note}"));
    }
}

fn file_name(path: &Path) -> String {
    path.file_name().map_or_else(|| "import".to_owned(), |name| name.to_string_lossy().into_owned())
}
