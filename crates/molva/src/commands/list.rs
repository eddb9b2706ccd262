//! `molva list`

use std::io::Read as _;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::{Context as _, bail};
use clap::{Args, Subcommand, ValueEnum};
use molva_domain::{Actor, Language, ListKind, WorkspaceId};
use molva_pipeline::WorkspaceLists;
use molva_query::check_list;
use molva_storage::Storage;
use molva_storage::list::{List, ListDraft, MAX_ENTRIES, MAX_ENTRY_CHARS, name_key};
use serde_json::{Value, json};

use crate::options::StoreOptions;
use crate::output;

/// Largest file of entries.
const MAX_BYTES: u64 = 8 << 20;

#[derive(Debug, Subcommand)]
pub(crate) enum ListCommand {
    /// Shows all lists, or the entries of one
    Show {
        /// Name of the list; default: all lists
        name: Option<String>,

        #[command(flatten)]
        store: StoreOptions,

        /// For machines, one object a line
        #[arg(long)]
        json: bool,
    },
    /// Makes a list or replaces its entries; a running server reads the topics that use it anew within a second
    Put {
        name: String,

        #[command(flatten)]
        entries: Entries,

        /// What the entries are; default: what they were, words in a new list
        #[arg(long, value_enum)]
        kind: Option<Kind>,

        #[command(flatten)]
        store: StoreOptions,

        /// For machines
        #[arg(long)]
        json: bool,
    },
    /// Deletes a list that no topic uses
    Delete {
        name: String,

        #[command(flatten)]
        store: StoreOptions,
    },
}

#[derive(Args, Debug)]
#[group(required = true, multiple = false)]
pub(crate) struct Entries {
    /// Words, several words in a row (quoted for the shell), or authors
    #[arg(value_name = "ENTRY")]
    entry: Vec<String>,

    /// File with one entry a line; `-` is standard input
    #[arg(long, value_name = "FILE")]
    file: Option<PathBuf>,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
pub(crate) enum Kind {
    Words,
    Authors,
}

impl From<Kind> for ListKind {
    fn from(kind: Kind) -> Self {
        match kind {
            Kind::Words => Self::Words,
            Kind::Authors => Self::Authors,
        }
    }
}

impl ListCommand {
    pub(crate) async fn run(self) -> anyhow::Result<ExitCode> {
        match self {
            Self::Show { name, store, json } => {
                let (storage, workspace) = store.open().await?;
                match name {
                    Some(name) => show(&find(&storage, workspace, &name).await?, json),
                    None => show_all(&storage, workspace, json).await?,
                }
            }
            Self::Put { name, entries, kind, store, json } => {
                let entries = entries.read()?;
                let (storage, workspace) = store.open().await?;
                put(&storage, workspace, &name, kind, entries, json).await?;
            }
            Self::Delete { name, store } => {
                let (storage, workspace) = store.open().await?;
                let list = find(&storage, workspace, &name).await?;
                storage.delete_list(workspace, Actor::System, list.id).await?;
                output::line(format!("list `{}` is deleted", list.name));
            }
        }
        Ok(ExitCode::SUCCESS)
    }
}

impl Entries {
    /// Without blank lines and spaces around.
    fn read(self) -> anyhow::Result<Vec<String>> {
        let lines = match self.file {
            None => self.entry,
            Some(path) => read_file(&path)?.lines().map(str::to_owned).collect(),
        };
        Ok(lines.iter().map(|line| line.trim().to_owned()).filter(|line| !line.is_empty()).collect())
    }
}

fn read_file(path: &Path) -> anyhow::Result<String> {
    let mut text = String::new();
    let read = if path == Path::new("-") {
        std::io::stdin().take(MAX_BYTES + 1).read_to_string(&mut text)
    } else {
        std::fs::File::open(path).and_then(|file| file.take(MAX_BYTES + 1).read_to_string(&mut text))
    };
    read.with_context(|| format!("the entries in `{}` cannot be read", path.display()))?;
    if text.len() as u64 > MAX_BYTES {
        bail!("`{}` is larger than {} MB; split it into several lists", path.display(), MAX_BYTES >> 20);
    }
    Ok(text.trim_start_matches('\u{feff}').to_owned())
}

async fn find(storage: &Storage, workspace: WorkspaceId, name: &str) -> anyhow::Result<List> {
    named(storage, workspace, name)
        .await?
        .with_context(|| format!("there is no list `{name}`; `molva list show` names those there are"))
}

async fn named(storage: &Storage, workspace: WorkspaceId, name: &str) -> anyhow::Result<Option<List>> {
    let key = name_key(name);
    Ok(storage.lists(workspace).await?.into_iter().find(|list| name_key(&list.name) == key))
}

async fn put(
    storage: &Storage,
    workspace: WorkspaceId,
    name: &str,
    kind: Option<Kind>,
    entries: Vec<String>,
    json: bool,
) -> anyhow::Result<()> {
    let before = named(storage, workspace, name).await?;
    let kind = kind.map_or_else(|| before.as_ref().map_or(ListKind::Words, |list| list.kind), Into::into);
    // However the name was typed now, it stays as its owner wrote it.
    let name = before.as_ref().map_or(name.trim(), |list| list.name.as_str()).to_owned();
    let draft = ListDraft { name, kind, entries };
    check(&draft)?;
    let list = match before {
        None => storage.create_list(workspace, Actor::System, draft).await?,
        Some(before) => {
            check_topics(storage, workspace, &before, &draft).await?;
            let changed = storage.update_list(workspace, Actor::System, before.id, before.version, draft).await?;
            changed.with_context(|| format!("list `{}` was deleted a moment ago; put it again", before.name))?
        }
    };
    if json {
        output::json(&as_json(&list));
    } else {
        output::line(format!(
            "list `{}` has {} entries; use it as list:{}",
            list.name,
            list.entries.len(),
            quoted(&list.name)
        ));
    }
    Ok(())
}

/// Prints what is wrong with the entries, each with its number.
fn check(draft: &ListDraft) -> anyhow::Result<()> {
    if draft.entries.len() > MAX_ENTRIES {
        bail!("the list has more than {MAX_ENTRIES} entries; split it into several lists");
    }
    if let Some(index) = draft.entries.iter().position(|entry| entry.chars().nth(MAX_ENTRY_CHARS).is_some()) {
        bail!("entry {} is longer than {MAX_ENTRY_CHARS} characters; shorten it", index + 1);
    }
    let ListDraft { name, kind, entries } = draft.clone();
    let problems = check_list(&molva_query::List::new(name, kind, entries));
    for problem in &problems {
        let word = if problem.is_error() { "error" } else { "remark" };
        let place = problem.entry.map_or_else(String::new, |index| format!(" in entry {}", index + 1));
        output::note(format!("{word}{place}: {}", problem.diagnostic.message(Language::ENGLISH)));
    }
    if problems.iter().any(molva_query::ListProblem::is_error) {
        bail!("the list has errors; nothing was stored");
    }
    Ok(())
}

/// Refuses a change after which a topic could not be read.
async fn check_topics(
    storage: &Storage,
    workspace: WorkspaceId,
    before: &List,
    draft: &ListDraft,
) -> anyhow::Result<()> {
    let uses = storage.uses_of_list(workspace, before.id).await?;
    let ids: Vec<_> = uses.into_iter().map(|list_use| list_use.topic).collect();
    let topics = storage.topics_by_id(workspace, &ids).await?;
    let ListDraft { name, kind, entries } = draft.clone();
    let lists = WorkspaceLists::read(storage, workspace)
        .await?
        .with(before.id, std::sync::Arc::new(molva_query::List::new(name, kind, entries)));
    if let Some((topic, diagnostic)) = lists.breaks(&topics) {
        let cause = diagnostic.map(|diagnostic| diagnostic.message(Language::ENGLISH)).unwrap_or_default();
        bail!("topic `{}` could not be read with this list: {cause}; change the topic first", topic.name);
    }
    Ok(())
}

fn show(list: &List, json: bool) {
    if json {
        output::json(&as_json(list));
    } else {
        list.entries.iter().for_each(output::line);
    }
}

async fn show_all(storage: &Storage, workspace: WorkspaceId, json: bool) -> anyhow::Result<()> {
    let lists = storage.lists(workspace).await?;
    if json {
        lists.iter().map(as_json).for_each(|list| output::json(&list));
        return Ok(());
    }
    if lists.is_empty() {
        output::line("no lists yet; make one: molva list put NAME ENTRY…");
        return Ok(());
    }
    let uses = storage.list_uses(workspace).await?;
    let rows: Vec<Vec<String>> = lists
        .iter()
        .map(|list| {
            let topics = uses.iter().filter(|list_use| list_use.list == list.id).count();
            vec![list.name.clone(), list.kind.to_string(), list.entries.len().to_string(), topics.to_string()]
        })
        .collect();
    output::table(&["name", "kind", "entries", "topics"], &rows);
    Ok(())
}

/// As it is written in a query.
fn quoted(name: &str) -> String {
    if name.chars().all(char::is_alphanumeric) { name.to_owned() } else { format!("\"{name}\"") }
}

fn as_json(list: &List) -> Value {
    json!({
        "id": list.id, "name": list.name, "kind": list.kind, "version": list.version, "entries": list.entries,
    })
}
