//! `molva source`

use std::collections::BTreeMap;
use std::process::ExitCode;

use anyhow::{Context as _, bail};
use clap::{Args, Subcommand};
use molva_connectors::{SettingKind, Settings};
use molva_domain::{Actor, Secret, Tally};
use molva_storage::source::{Source, SourceDraft};
use serde_json::{Value, json};

use crate::options::{NetworkOptions, StoreOptions};
use crate::output;

#[derive(Debug, Subcommand)]
pub(crate) enum SourceCommand {
    /// Adds a source; a running server starts it within a second
    Add {
        #[command(flatten)]
        draft: Draft,

        #[command(flatten)]
        store: StoreOptions,

        /// For machines
        #[arg(long)]
        json: bool,
    },
    /// Lists sources with their state and ledger
    List {
        #[command(flatten)]
        store: StoreOptions,

        /// For machines, one object a line
        #[arg(long)]
        json: bool,
    },
    /// Tries settings without storing anything
    Test {
        #[command(flatten)]
        draft: Draft,

        #[command(flatten)]
        store: StoreOptions,

        #[command(flatten)]
        network: NetworkOptions,
    },
}

#[derive(Args, Debug)]
pub(crate) struct Draft {
    /// Kind of source: feed, wordpress, mastodon, bluesky, push, demo
    connector: String,

    /// Name shown on the page; default: the connector's
    #[arg(long)]
    name: Option<String>,

    /// A setting, `key=value`; may be given several times, a list's values are separated by commas
    #[arg(long, value_name = "KEY=VALUE", value_parser = pair)]
    set: Vec<(String, String)>,

    /// A secret setting, `key=VARIABLE`: the value is read from that environment variable, so that it stays out of the shell's history
    #[arg(long, value_name = "KEY=VARIABLE", value_parser = pair)]
    secret: Vec<(String, String)>,
}

fn pair(text: &str) -> Result<(String, String), String> {
    let (key, value) = text.split_once('=').ok_or_else(|| format!("`{text}` has no `=`; write KEY=VALUE"))?;
    Ok((key.trim().to_owned(), value.to_owned()))
}

impl SourceCommand {
    pub(crate) async fn run(self) -> anyhow::Result<ExitCode> {
        match self {
            Self::Add { draft, store, json } => add(draft.checked()?, &store, json).await,
            Self::List { store, json } => list(&store, json).await,
            Self::Test { draft, store, network } => test(&draft.checked()?, &store, &network).await,
        }
    }
}

impl Draft {
    /// Checked against the connector's declaration, every problem at once.
    fn checked(self) -> anyhow::Result<SourceDraft> {
        let Some(connector) = molva_connectors::find(&self.connector) else {
            let known: Vec<&str> = molva_connectors::CONNECTORS.iter().map(|known| known.descriptor().name).collect();
            bail!("there is no connector `{}`; there are: {}", self.connector, known.join(", "));
        };
        let descriptor = connector.descriptor();
        let is_list = |key: &str| {
            descriptor.settings.iter().any(|setting| setting.key == key && setting.kind == SettingKind::List)
        };
        let settings: BTreeMap<String, String> = self
            .set
            .into_iter()
            .map(|(key, value)| if is_list(&key) { (key, value.replace(',', "\n")) } else { (key, value) })
            .collect();
        let mut secrets = BTreeMap::new();
        for (key, variable) in self.secret {
            let value = std::env::var(&variable).with_context(|| {
                format!("`--secret {key}={variable}`: the environment has no variable `{variable}`")
            })?;
            secrets.insert(key, Secret::new(value));
        }
        let whole = Settings::new(settings.clone(), secrets.clone());
        let problems = whole.check_with(descriptor.settings, connector.oauth());
        if !problems.is_empty() {
            let sentences: Vec<String> = problems.iter().map(ToString::to_string).collect();
            bail!("{}", sentences.join("; "));
        }
        let name = self.name.unwrap_or_else(|| descriptor.title.en.to_owned());
        Ok(SourceDraft { connector: self.connector, name, settings, secrets })
    }
}

async fn add(mut draft: SourceDraft, store: &StoreOptions, json: bool) -> anyhow::Result<ExitCode> {
    let (storage, workspace) = store.open().await?;
    let push_secret = (draft.connector == "push").then(molva_connectors::push::new_secret);
    if let Some(secret) = &push_secret {
        draft.secrets.insert("secret".to_owned(), secret.clone());
    }
    let name = draft.name.clone();
    let source = storage
        .create_source(workspace, Actor::System, draft)
        .await
        .with_context(|| format!("source `{name}` cannot be added"))?;
    if json {
        let mut value = as_json(&source, &Tally::default());
        if let Some(secret) = &push_secret {
            value["push_secret"] = json!(secret.expose());
        }
        output::json(&value);
        return Ok(ExitCode::SUCCESS);
    }
    output::line(format!("source `{}` added; a running server starts it within a second", source.name));
    if let Some(secret) = push_secret {
        output::line(format!("send posts to /api/push/{} signed with {}", source.id, secret.expose()));
        output::note("This is the only time the secret is shown.");
    }
    Ok(ExitCode::SUCCESS)
}

async fn list(store: &StoreOptions, json: bool) -> anyhow::Result<ExitCode> {
    let (storage, workspace) = store.open().await?;
    let tallies: BTreeMap<_, _> = storage.ledger_totals(workspace).await?.into_iter().collect();
    let sources = storage.sources(workspace).await?;
    let tally = |source: &Source| tallies.get(&source.id).copied().unwrap_or_default();
    if json {
        sources.iter().for_each(|source| output::json(&as_json(source, &tally(source))));
        return Ok(ExitCode::SUCCESS);
    }
    if sources.is_empty() {
        output::line("no sources yet; add one: molva source add feed --set url=https://…");
        return Ok(ExitCode::SUCCESS);
    }
    let rows: Vec<Vec<String>> = sources
        .iter()
        .map(|source| {
            let tally = tally(source);
            vec![
                source.name.clone(),
                source.connector.clone(),
                source.state.to_string(),
                source.last_item_at.map_or_else(|| "–".to_owned(), |at| at.to_rfc3339()),
                tally.received.to_string(),
                tally.stored.to_string(),
                tally.unmatched.to_string(),
                tally.duplicate.to_string(),
                tally.updated.to_string(),
                tally.rejected.to_string(),
                source.problem.clone().unwrap_or_default(),
            ]
        })
        .collect();
    let heading = [
        "name",
        "kind",
        "state",
        "last item",
        "received",
        "stored",
        "unmatched",
        "duplicate",
        "updated",
        "rejected",
        "problem",
    ];
    output::table(&heading, &rows);
    Ok(ExitCode::SUCCESS)
}

async fn test(draft: &SourceDraft, store: &StoreOptions, network: &NetworkOptions) -> anyhow::Result<ExitCode> {
    let (storage, workspace) = store.open().await?;
    let pipeline = network.pipeline(storage, workspace).await?;
    match pipeline.probe(draft).await {
        Ok(found) => {
            output::line(found);
            Ok(ExitCode::SUCCESS)
        }
        Err(error) => bail!("{error}"),
    }
}

pub(crate) fn as_json(source: &Source, tally: &Tally) -> Value {
    json!({
        "id": source.id, "name": source.name, "connector": source.connector, "state": source.state,
        "last_item_at": source.last_item_at.map(|at| at.to_rfc3339()),
        "problem": source.problem, "problem_code": source.problem_code,
        "tally": tally,
    })
}
