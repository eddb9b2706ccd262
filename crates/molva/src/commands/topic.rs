//! `molva topic`

use std::process::ExitCode;

use anyhow::{Context as _, bail};
use clap::{Subcommand, ValueEnum};
use molva_domain::{Actor, Language, TopicKind, TopicLevel};
use molva_pipeline::WorkspaceLists;
use molva_query::{Diagnostic, Lists, Reading, Scope, Severity, parse_with};
use molva_storage::topic::{Topic, TopicDraft};
use serde_json::{Value, json};

use crate::options::{NetworkOptions, StoreOptions};
use crate::output;

#[derive(Debug, Subcommand)]
pub(crate) enum TopicCommand {
    /// Adds a topic
    Add {
        name: String,

        /// In the query language, e.g. `мегафон OR megafon`; default: suggested from the name
        #[arg(long)]
        query: Option<String>,

        /// How wide its object is
        #[arg(long, value_enum, default_value = "brand")]
        level: Level,

        /// Whose object it is
        #[arg(long, value_enum, default_value = "own")]
        kind: Kind,

        /// Also looks back over the kept stream
        #[arg(long)]
        backfill: bool,

        #[command(flatten)]
        store: StoreOptions,

        /// For machines
        #[arg(long)]
        json: bool,
    },
    /// Lists topics
    List {
        #[command(flatten)]
        store: StoreOptions,

        /// For machines, one object a line
        #[arg(long)]
        json: bool,
    },
}

#[derive(Clone, Copy, Debug, ValueEnum)]
pub(crate) enum Level {
    Company,
    Brand,
    Product,
    Service,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
pub(crate) enum Kind {
    Own,
    Competitor,
    Market,
}

impl TopicCommand {
    pub(crate) async fn run(self) -> anyhow::Result<ExitCode> {
        match self {
            Self::Add { name, query, level, kind, backfill, store, json } => {
                let query = query.unwrap_or_else(|| molva_query::suggest(&name, Language::RUSSIAN).query);
                let draft = TopicDraft { name, level: level.into(), kind: kind.into(), query, lists: Vec::new() };
                add(&store, draft, backfill, json).await
            }
            Self::List { store, json } => list(&store, json).await,
        }
    }
}

/// Tells on standard error what is wrong with a query, each with its place.
pub(crate) fn note_diagnostics(query: &str, diagnostics: &[Diagnostic]) {
    for diagnostic in diagnostics {
        let word = if diagnostic.severity == Severity::Error { "error" } else { "remark" };
        let column = query.get(..diagnostic.span.start).map_or(0, |before| before.chars().count()) + 1;
        output::note(format!("{word} at column {column}: {}", diagnostic.message(Language::ENGLISH)));
    }
}

/// Tells what is wrong with a query; answers the names of the lists it uses.
fn check_with(query: &str, lists: &dyn Lists) -> anyhow::Result<Vec<String>> {
    let parsed = parse_with(query, &Reading { scope: Scope::Topic, lists });
    note_diagnostics(query, &parsed.diagnostics);
    let Some(query) = parsed.query else { bail!("the query has errors; nothing was added") };
    Ok(query.lists().into_iter().map(str::to_owned).collect())
}

async fn add(store: &StoreOptions, mut draft: TopicDraft, backfill: bool, json: bool) -> anyhow::Result<ExitCode> {
    let (storage, workspace) = store.open().await?;
    let lists = WorkspaceLists::read(&storage, workspace).await?;
    draft.lists = check_with(&draft.query, &lists)?;
    let name = draft.name.clone();
    let topic = storage
        .create_topic(workspace, Actor::System, draft)
        .await
        .with_context(|| format!("topic `{name}` cannot be added"))?;
    let mut added = None;
    if backfill {
        let network = NetworkOptions::usual();
        let pipeline = network.pipeline(storage, workspace).await?;
        let bar = output::progress(1, json);
        let shown = bar.clone();
        let show = move |scanned, in_all| {
            shown.set_length(in_all);
            shown.set_position(scanned);
        };
        added = Some(pipeline.backfill(workspace, topic.id, show).await?);
        bar.finish_and_clear();
    }
    if json {
        let mut value = as_json(&topic);
        value["backfilled"] = json!(added);
        output::json(&value);
    } else {
        output::line(format!("topic `{}` listens for: {}", topic.name, topic.query));
        if let Some(added) = added {
            output::line(format!("{added} mentions found in the kept stream"));
        }
    }
    Ok(ExitCode::SUCCESS)
}

async fn list(store: &StoreOptions, json: bool) -> anyhow::Result<ExitCode> {
    let (storage, workspace) = store.open().await?;
    let topics = storage.topics(workspace).await?;
    if json {
        topics.iter().map(as_json).for_each(|topic| output::json(&topic));
        return Ok(ExitCode::SUCCESS);
    }
    if topics.is_empty() {
        output::line("no topics yet; add one: molva topic add NAME --query '…'");
        return Ok(ExitCode::SUCCESS);
    }
    let rows: Vec<Vec<String>> = topics
        .iter()
        .map(|topic| {
            let (level, kind) = (topic.level.to_string(), topic.kind.to_string());
            vec![topic.name.clone(), level, kind, topic.mentions.to_string(), topic.query.clone()]
        })
        .collect();
    output::table(&["name", "level", "kind", "mentions", "query"], &rows);
    Ok(ExitCode::SUCCESS)
}

fn as_json(topic: &Topic) -> Value {
    json!({
        "id": topic.id, "name": topic.name, "level": topic.level, "kind": topic.kind,
        "query": topic.query, "version": topic.version, "mentions": topic.mentions,
    })
}

impl From<Level> for TopicLevel {
    fn from(level: Level) -> Self {
        match level {
            Level::Company => Self::Company,
            Level::Brand => Self::Brand,
            Level::Product => Self::Product,
            Level::Service => Self::Service,
        }
    }
}

impl From<Kind> for TopicKind {
    fn from(kind: Kind) -> Self {
        match kind {
            Kind::Own => Self::Own,
            Kind::Competitor => Self::Competitor,
            Kind::Market => Self::Market,
        }
    }
}
