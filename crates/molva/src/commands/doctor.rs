//! `molva doctor`

use std::path::Path;
use std::process::ExitCode;

use clap::Args;
use molva_domain::{SourceState, Tally, WorkspaceId};
use molva_pipeline::WorkspaceLists;
use molva_storage::Storage;
use molva_storage::topic::Topic;
use serde_json::{Value, json};

use crate::commands::archive;
use crate::options::StoreOptions;
use crate::{dictionaries, output};

#[derive(Args, Debug)]
pub(crate) struct Doctor {
    #[command(flatten)]
    store: StoreOptions,

    /// For machines: one object
    #[arg(long)]
    json: bool,
}

/// One thing looked at.
struct Finding {
    check: &'static str,
    well: bool,
    /// What was seen, and what to do when it is not well.
    detail: String,
}

impl Doctor {
    pub(crate) async fn run(self) -> anyhow::Result<ExitCode> {
        let (storage, workspace) = self.store.open_store().await?;
        let mut findings = vec![schema(&storage).await?, integrity(&storage).await?];
        let (ledger, total) = ledger(&storage, workspace).await?;
        findings.push(ledger);
        findings.push(kept(&storage, workspace).await?);
        findings.push(archive(&storage, workspace).await);
        findings.push(judged(&storage, workspace).await?);
        findings.push(stories(&storage, workspace).await?);
        findings.push(dictionary(&self.store.data));
        findings.extend(topics(&storage, workspace).await?);
        findings.extend(sources(&storage, workspace).await?);
        let well = findings.iter().all(|finding| finding.well);
        if self.json {
            let findings: Vec<Value> = findings
                .iter()
                .map(|finding| json!({"check": finding.check, "well": finding.well, "detail": finding.detail}))
                .collect();
            output::json(&json!({"well": well, "engine": storage.engine(), "ledger": total, "checks": findings}));
        } else {
            for finding in findings {
                let word = if finding.well { "well   " } else { "TROUBLE" };
                output::line(format!("{word}  {}: {}", finding.check, finding.detail));
            }
        }
        Ok(if well { ExitCode::SUCCESS } else { ExitCode::FAILURE })
    }
}

async fn schema(storage: &Storage) -> anyhow::Result<Finding> {
    let (applied, known) = storage.schema_version().await?;
    let detail = format!("{}, version {applied} of {known}", storage.engine());
    Ok(Finding { check: "database", well: applied == known, detail })
}

async fn integrity(storage: &Storage) -> anyhow::Result<Finding> {
    let damage = storage.check().await?;
    let detail = if damage.is_empty() {
        "no damage found".to_owned()
    } else {
        format!("{}; restore the last backup (docs/operate/backup-and-restore.md)", damage.join("; "))
    };
    Ok(Finding { check: "integrity", well: damage.is_empty(), detail })
}

async fn ledger(storage: &Storage, workspace: WorkspaceId) -> anyhow::Result<(Finding, Tally)> {
    let mut total = Tally::default();
    let mut unbalanced = Vec::new();
    for (source, tally) in storage.ledger_totals(workspace).await? {
        total.add(&tally);
        if !tally.balances() {
            unbalanced.push(source.to_string());
        }
    }
    let sum = format!(
        "received {} = stored {} + unmatched {} + duplicate {} + updated {} + rejected {}",
        total.received, total.stored, total.unmatched, total.duplicate, total.updated, total.rejected
    );
    let detail = if unbalanced.is_empty() {
        sum
    } else {
        format!("{sum}; the sums of sources {} do not balance, please report it", unbalanced.join(", "))
    };
    Ok((Finding { check: "ledger", well: unbalanced.is_empty(), detail }, total))
}

async fn kept(storage: &Storage, workspace: WorkspaceId) -> anyhow::Result<Finding> {
    let status = storage.kept_status(workspace).await?;
    let since = status.oldest.map_or_else(|| "empty".to_owned(), |oldest| format!("since {oldest}"));
    let detail = format!("{} posts, {} MB, {since}", status.posts, status.bytes >> 20);
    Ok(Finding { check: "kept stream", well: true, detail })
}

async fn archive(storage: &Storage, workspace: WorkspaceId) -> Finding {
    let look = async {
        let live = archive::open(storage, workspace).await?;
        let status = live.status().await?;
        let sentence = archive::sentence(&live, &status);
        // An archive that is still filled cannot agree, and one that waits for a server is no trouble.
        let settled = status.filling.is_none() && status.rebuilding.is_none() && status.applied.0 > 0;
        if !settled || !status.damaged.is_empty() {
            return anyhow::Ok((status.damaged.is_empty(), sentence));
        }
        let counts = archive::Counts::compare(storage, workspace).await?;
        let well = counts.differ.is_empty();
        Ok((well, if well { format!("{sentence}; the counts agree with the store") } else { counts.sentence() }))
    };
    match look.await {
        Ok((well, detail)) => Finding { check: "archive", well, detail },
        Err(error) => {
            let detail = format!("{error:#}; the next server fills it anew");
            Finding { check: "archive", well: false, detail }
        }
    }
}

async fn judged(storage: &Storage, workspace: WorkspaceId) -> anyhow::Result<Finding> {
    let mentions = storage.mentions_counted(workspace).await?;
    let detail = match storage.judging(workspace).await? {
        None => format!("{mentions} mentions; a server judges those that arrived without it"),
        Some(walk) if walk.is_done() => format!("{mentions} mentions are judged by model {}", walk.model),
        Some(walk) => {
            format!("{} of {} mentions were looked at for model {}; servers go on", walk.walked, walk.total, walk.model)
        }
    };
    Ok(Finding { check: "judgements", well: true, detail })
}

async fn stories(storage: &Storage, workspace: WorkspaceId) -> anyhow::Result<Finding> {
    let miscounted = storage.miscounted_stories(workspace).await?;
    let detail = match miscounted.first() {
        None => "the counters agree with the mentions".to_owned(),
        Some(first) => {
            format!("the counters of {} are wrong, `{first}` among them; please report it", miscounted.len())
        }
    };
    Ok(Finding { check: "stories", well: miscounted.is_empty(), detail })
}

fn dictionary(data_dir: &Path) -> Finding {
    let (well, detail) = match dictionaries::check(data_dir).and_then(|_| dictionaries::load(data_dir)) {
        Ok(true) => (true, "Ukrainian words are inflected by dictionary".to_owned()),
        Ok(false) => {
            let path = dictionaries::ukrainian(data_dir);
            (true, format!("Ukrainian words are inflected by rules; `{}` is not there", path.display()))
        }
        Err(error) => (false, format!("{error:#}")),
    };
    Finding { check: "word forms", well, detail }
}

async fn topics(storage: &Storage, workspace: WorkspaceId) -> anyhow::Result<Vec<Finding>> {
    let topics = storage.topics(workspace).await?;
    let lists = WorkspaceLists::read(storage, workspace).await?;
    let reads = |topic: &&Topic| lists.breaks(std::slice::from_ref(*topic)).is_none();
    let broken = topics.iter().filter(|topic| !reads(topic));
    let mut findings: Vec<Finding> = broken
        .map(|topic| Finding {
            check: "topic",
            well: false,
            detail: format!("the query of `{}` has errors and matches nothing; open it on the page", topic.name),
        })
        .collect();
    findings.push(Finding { check: "topics", well: true, detail: format!("{} listen", topics.len()) });
    Ok(findings)
}

async fn sources(storage: &Storage, workspace: WorkspaceId) -> anyhow::Result<Vec<Finding>> {
    let sources = storage.sources(workspace).await?;
    Ok(sources
        .iter()
        .map(|source| {
            let troubled = matches!(source.state, SourceState::Failing | SourceState::Stopped | SourceState::Silent);
            let problem = source.problem.as_deref().map(|problem| format!(": {problem}")).unwrap_or_default();
            let last = source.last_item_at.map_or_else(|| "never".to_owned(), |at| at.to_rfc3339());
            let detail = format!("`{}` is {}, last item {last}{problem}", source.name, source.state);
            Finding { check: "source", well: !troubled, detail }
        })
        .collect())
}
