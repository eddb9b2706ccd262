//! `molva export`

use std::fs::File;
use std::io::{BufWriter, Write};
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::{Duration, Instant};

use anyhow::{Context as _, bail};
use clap::{Args, Subcommand, ValueEnum};
use molva_archive::{Archive, Filter, Order};
use molva_domain::{Language, MentionState, Timestamp, TopicId, WorkspaceId};
use molva_exports::{Format, MentionRows, Names, Note, Table, mention_columns, rows, write};
use molva_pipeline::{LiveArchive, WorkspaceLists};
use molva_query::{Query, Reading, Scope, parse_with};
use molva_storage::Storage;
use molva_storage::topic::Topic;
use serde_json::json;
use tempfile::NamedTempFile;
use tokio_util::sync::CancellationToken;

use crate::commands::query_text::show;
use crate::options::StoreOptions;
use crate::output;

/// How often the bar moves.
const TICK: Duration = Duration::from_millis(250);

#[derive(Debug, Subcommand)]
pub(crate) enum ExportCommand {
    /// Writes mentions into a file, any number of them; works beside a running server and without one
    Mentions(ExportMentions),
}

#[derive(Args, Debug)]
pub(crate) struct ExportMentions {
    /// File to write; it appears when it is whole. `-` is standard output
    #[arg(long, short, value_name = "FILE")]
    output: PathBuf,

    /// Default: by the end of the file's name, else CSV
    #[arg(long, value_enum)]
    format: Option<FileFormat>,

    /// Only what this query finds, e.g. `coffee AND tone:negative`
    #[arg(long, value_name = "QUERY")]
    query: Option<String>,

    /// Only of this topic, by name or id; may be given several times
    #[arg(long, value_name = "TOPIC")]
    topic: Vec<String>,

    /// Published at this time or later, RFC 3339 or a day such as `2026-03-01` in the workspace's time zone
    #[arg(long, value_name = "TIME")]
    from: Option<String>,

    /// Published before this time
    #[arg(long, value_name = "TIME")]
    to: Option<String>,

    /// What is left out otherwise; may be given several times
    #[arg(long, value_enum, value_delimiter = ',')]
    include: Vec<Include>,

    /// Oldest first
    #[arg(long)]
    oldest_first: bool,

    #[command(flatten)]
    store: StoreOptions,

    /// For machines; the last line on standard error is one object
    #[arg(long)]
    json: bool,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
enum FileFormat {
    Csv,
    Xlsx,
    Jsonl,
    Parquet,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Include {
    Binned,
    Copies,
    Spam,
}

impl From<FileFormat> for Format {
    fn from(format: FileFormat) -> Self {
        match format {
            FileFormat::Csv => Self::Csv,
            FileFormat::Xlsx => Self::Xlsx,
            FileFormat::Jsonl => Self::Jsonl,
            FileFormat::Parquet => Self::Parquet,
        }
    }
}

impl ExportCommand {
    pub(crate) async fn run(self) -> anyhow::Result<ExitCode> {
        match self {
            Self::Mentions(export) => export.run().await,
        }
    }
}

impl ExportMentions {
    async fn run(self) -> anyhow::Result<ExitCode> {
        let started = Instant::now();
        let (storage, workspace) = self.store.open().await?;
        let query = match &self.query {
            Some(query) => match read_query(&storage, workspace, query).await? {
                Some(query) => Some(Arc::new(query)),
                None => return Ok(ExitCode::FAILURE),
            },
            None => None,
        };
        let topics = self.topics(&storage, workspace).await?;
        let zone = storage.workspace(workspace).await?.map_or_else(String::new, |workspace| workspace.time_zone);
        let zone = molva_exports::zone(&zone);
        let time = |text: &Option<String>| text.as_deref().map(|text| read_time(text, zone)).transpose();
        let filter = self.filter(time(&self.from)?, time(&self.to)?, &topics);
        let archive = archive(&storage, workspace, self.json).await?;
        let table = Table {
            id: "mentions",
            name: "Mentions".to_owned(),
            about_name: "About".to_owned(),
            columns: mention_columns(Language::ENGLISH),
            notes: self.notes(&filter, &topics, storage.now(), zone),
            zone,
        };
        let mentions = MentionRows {
            archive,
            names: Names::load(&storage, workspace).await?,
            workspace,
            query,
            filter,
            order: if self.oldest_first { Order::Oldest } else { Order::Newest },
            storage,
        };
        let written = self.write(mentions, table).await?;
        let seconds = started.elapsed().as_secs_f64();
        if self.json {
            output::note(json!({"rows": written, "seconds": seconds}).to_string());
        } else {
            output::note(format!("{written} mentions in {seconds:.1} s"));
        }
        Ok(ExitCode::SUCCESS)
    }

    /// Writes all rows; answers how many there were.
    async fn write(&self, mentions: MentionRows, table: Table) -> anyhow::Result<u64> {
        let counted = mentions.count().await?;
        if !counted.missing.is_empty() {
            let months: Vec<String> = counted.missing.iter().map(ToString::to_string).collect();
            output::note(format!(
                "these months of the archive are damaged and missing from the file: {}; start the server or run \
                 `molva archive rebuild`",
                months.join(", ")
            ));
        }
        let scratch = mentions.storage.data_dir().to_owned();
        let (sender, reader) = rows();
        let taken = reader.taken();
        let bar = output::progress(counted.mentions, self.json);
        let reading = tokio::spawn(mentions.read(sender));
        let watching = async {
            loop {
                tokio::time::sleep(TICK).await;
                let rows = taken.load(Ordering::Relaxed);
                bar.set_position(rows);
                bar.set_message(format!("{rows} mentions"));
            }
        };
        let format = self.format();
        let writing = async {
            if self.output == Path::new("-") {
                let out = BufWriter::new(std::io::stdout());
                return Ok(write(format, table, reader, out, scratch).await?);
            }
            let folder = match self.output.parent() {
                Some(folder) if folder != Path::new("") => folder,
                _ => Path::new("."),
            };
            let file = NamedTempFile::new_in(folder).with_context(|| {
                format!("no file can be made in `{}`; check that the folder is there", folder.display())
            })?;
            let out = BufWriter::with_capacity(1 << 20, file.reopen()?);
            let written = write(format, table, reader, out, scratch).await?;
            keep(file, &self.output)?;
            anyhow::Ok(written)
        };
        let written = tokio::select! {
            written = writing => written,
            () = watching => bail!("the export was given up"),
        };
        bar.finish_and_clear();
        reading.abort();
        written.context("the export was not finished, nothing was kept")
    }

    fn format(&self) -> Format {
        let by_name = || self.output.extension().and_then(|end| Format::parse(&end.to_string_lossy().to_lowercase()));
        self.format.map(Into::into).or_else(by_name).unwrap_or(Format::Csv)
    }

    fn filter(&self, from: Option<Timestamp>, before: Option<Timestamp>, topics: &[Topic]) -> Filter {
        let includes = |what| self.include.contains(&what);
        let states = [MentionState::New, MentionState::Kept];
        Filter {
            from,
            before,
            topics: topics.iter().map(|topic| topic.id).collect(),
            states: if includes(Include::Binned) { Vec::new() } else { states.to_vec() },
            without_copies: !includes(Include::Copies),
            without_spam: !includes(Include::Spam),
            ..Filter::default()
        }
    }

    /// The topics that were named, by id or name.
    async fn topics(&self, storage: &Storage, workspace: WorkspaceId) -> anyhow::Result<Vec<Topic>> {
        if self.topic.is_empty() {
            return Ok(Vec::new());
        }
        let topics = storage.topics(workspace).await?;
        let find = |asked: &String| {
            let id: Option<TopicId> = asked.parse().ok();
            let named =
                |topic: &&Topic| Some(topic.id) == id || topic.name.to_lowercase() == asked.trim().to_lowercase();
            topics
                .iter()
                .find(named)
                .cloned()
                .with_context(|| format!("there is no topic `{asked}`; `molva topic list` shows those there are"))
        };
        self.topic.iter().map(find).collect()
    }

    fn notes(&self, filter: &Filter, topics: &[Topic], now: Timestamp, zone: molva_exports::Tz) -> Vec<Note> {
        let note = |id: &str, title: &str, text: String| Note { id: id.to_owned(), title: title.to_owned(), text };
        let local = |at: Option<Timestamp>| at.map_or("…".to_owned(), |at| molva_exports::local(at, zone));
        let left_out =
            [(Include::Binned, "binned mentions"), (Include::Copies, "exact copies"), (Include::Spam, "spam")];
        let left_out = left_out.iter().filter(|(what, _)| !self.include.contains(what)).map(|(_, name)| *name);
        let names: Vec<&str> = topics.iter().map(|topic| topic.name.as_str()).collect();
        vec![
            note("content", "Content", "Mentions".to_owned()),
            note("made_at", "Made", local(Some(now))),
            note("time_zone", "Time zone", zone.name().to_owned()),
            note("period", "Period (end not included)", format!("{} – {}", local(filter.from), local(filter.before))),
            note("query", "Query", self.query.clone().unwrap_or_default()),
            note("topics", "Topics", names.join(", ")),
            note("left_out", "Left out", left_out.collect::<Vec<_>>().join(", ")),
        ]
    }
}

/// The archive, in line with the store: kept by a server, or brought up to date here.
async fn archive(storage: &Storage, workspace: WorkspaceId, quiet: bool) -> anyhow::Result<Archive> {
    let live = LiveArchive::new(storage.clone(), workspace);
    let bringing = live.bring_up_to_date(CancellationToken::new());
    let bar = output::progress(0, quiet);
    let watching = async {
        loop {
            tokio::time::sleep(TICK).await;
            if let Ok(Some(filling)) = live.status().await.map(|status| status.filling) {
                bar.set_length(filling.total);
                bar.set_position(filling.done);
                bar.set_message("filling the archive");
            }
        }
    };
    let brought = tokio::select! {
        brought = bringing => brought?,
        () = watching => false,
    };
    bar.finish_and_clear();
    if !brought {
        // A server keeps it: what it has committed is what there is.
        live.archive().reload()?;
        if let Some(filling) = live.status().await?.filling {
            output::note(format!(
                "the archive is still being filled: {} of {} mentions can be found; wait for it to export all",
                filling.done, filling.total
            ));
        }
    }
    let topics = storage.topics(workspace).await?;
    live.archive().name_topics(topics.into_iter().map(|topic| (topic.id, topic.name)));
    Ok(live.archive().clone())
}

/// A sound query; `None` after its mistakes were shown.
async fn read_query(storage: &Storage, workspace: WorkspaceId, text: &str) -> anyhow::Result<Option<Query>> {
    let lists = WorkspaceLists::read(storage, workspace).await?;
    let parsed = parse_with(text, &Reading { scope: Scope::Mentions, lists: &lists });
    if parsed.query.is_none() {
        show(text, &parsed.diagnostics, Language::ENGLISH);
    }
    Ok(parsed.query)
}

/// RFC 3339, or the beginning of a day in the zone.
fn read_time(text: &str, zone: molva_exports::Tz) -> anyhow::Result<Timestamp> {
    let time = Timestamp::parse(text).or_else(|| molva_exports::start_of_day(text, zone));
    time.with_context(|| format!("`{text}` is no time; write e.g. `2026-03-01` or `2026-03-01T09:00:00+03:00`"))
}

/// Gives the whole file its name.
fn keep(file: NamedTempFile, name: &Path) -> anyhow::Result<()> {
    file.as_file().sync_all()?;
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt as _;
        // Temporary files are for their owner alone; posts may hold what is not for every user of this machine.
        std::fs::set_permissions(file.path(), std::fs::Permissions::from_mode(0o640))?;
    }
    let kept: File = file.persist(name).with_context(|| format!("`{}` cannot be written", name.display()))?;
    (&kept).flush()?;
    Ok(())
}
