//! `molva demo fill`

use std::collections::BTreeMap;
use std::process::ExitCode;
use std::time::{Duration, Instant};

use anyhow::bail;
use clap::Args;
use molva_connectors::Item;
use molva_demo_stream::DemoStream;
use molva_domain::{Actor, Language, SourceState, Timestamp, TopicKind, TopicLevel, WorkspaceId};
use molva_matcher::{Matcher, Scratch, Snapshot};
use molva_storage::source::{Source, SourceDraft, SourceReport};
use molva_storage::topic::TopicDraft;
use molva_storage::{Storage, StorageError};
use serde::{Deserialize, Serialize};
use serde_json::json;

use crate::commands::archive;
use crate::commands::bulk::{self, Chunk, LEASE};
use crate::options::{NetworkOptions, StoreOptions};
use crate::output;

const HOUR: Duration = Duration::from_secs(3_600);
const DAY: Duration = Duration::from_secs(86_400);
const DAYS: u32 = 730;
/// Posts made up beforehand, in each of several tries, to see how many of them are mentions; and hours at least. They lie all
/// over the two years, because an outage fills whole days with posts.
const SAMPLE_POSTS: f64 = 20_000.0;
const FEWEST_HOURS: f64 = 600.0;
const TRIES: usize = 3;
/// Posts of a transaction, about.
const CHUNK_POSTS: usize = 6_000;

#[derive(Args, Debug)]
pub(crate) struct DemoFill {
    /// Mentions to make, about; they are spread over the last two years
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u64).range(1..=100_000_000))]
    mentions: u64,

    /// Another seed makes other mentions
    #[arg(long, default_value_t = 1)]
    seed: u64,

    /// Leaves the archive to the next server; a running one follows in any case
    #[arg(long)]
    no_archive: bool,

    #[command(flatten)]
    store: StoreOptions,

    /// For machines
    #[arg(long)]
    json: bool,
}

/// Where a fill stands, as its source's cursor.
#[derive(Clone, Copy, Debug, Deserialize, Serialize)]
struct Position {
    posts_per_day: u32,
    /// Midnight before which all ends.
    end: i64,
    /// Hours of the two years that are stored.
    hours: u32,
}

impl DemoFill {
    pub(crate) async fn run(self) -> anyhow::Result<ExitCode> {
        let started = Instant::now();
        let (storage, workspace) = self.store.open().await?;
        add_topics(&storage, workspace).await?;
        let snapshot = live_topics(&storage, workspace).await?;
        let before = mentions(&storage, workspace).await?;
        let source = self.source(&storage, workspace).await?;
        if source.state == SourceState::Finished {
            output::note(
                "this store has these mentions already; another `--seed` or number of `--mentions` makes more",
            );
            self.report(&storage, &source, before, started.elapsed(), true).await?;
            return Ok(ExitCode::SUCCESS);
        }
        let resumed = source.cursor.as_deref().and_then(|cursor| serde_json::from_str(cursor).ok());
        let position = resumed.unwrap_or_else(|| self.plan(&snapshot, storage.now()));
        let Some(lease) = storage.take_lease(workspace, source.id, &storage.process_name(), LEASE).await? else {
            bail!("another process is filling this store; try again when that one has ended");
        };
        let network = NetworkOptions::usual();
        let pipeline = network.pipeline(storage.clone(), workspace).await?;
        let bar = output::progress(u64::from(DAYS * 24), self.json);
        let next = chunks(DemoStream::new(self.seed, position.posts_per_day), position);
        let finished = bulk::store_all(&pipeline, &source, lease, &bar, bulk::Unmatched::Dropped, next).await?;
        if finished {
            let report = SourceReport { state: Some(SourceState::Finished), ..SourceReport::default() };
            storage.report_source(workspace, source.id, report).await?;
        }
        storage.release_lease(workspace, lease).await?;
        let stored_in = started.elapsed();
        if finished && !self.no_archive {
            archive::fill_unless_kept(&storage, workspace, self.json).await?;
        }
        self.report(&storage, &source, before, stored_in, finished).await?;
        Ok(if finished { ExitCode::SUCCESS } else { ExitCode::FAILURE })
    }

    /// So many posts a day that their mentions, one for each topic a post matches, come to the number asked for. How many
    /// there are of a day's posts depends on how many posts there are, because outages come on top: hence several tries.
    fn plan(&self, snapshot: &Snapshot, now: Timestamp) -> Position {
        let end = Timestamp::from_secs(now.as_secs().div_euclid(86_400) * 86_400);
        let wanted = self.mentions as f64 / f64::from(DAYS);
        let mut scratch = Scratch::default();
        let mut posts_per_day = wanted.ceil().max(1.0);
        for _ in 0..TRIES {
            let stream = DemoStream::new(self.seed, posts_per_day as u32);
            let hours = (SAMPLE_POSTS * 24.0 / posts_per_day).clamp(FEWEST_HOURS, f64::from(DAYS * 24)) as u32;
            let sampled = (1..=hours).flat_map(|number| {
                let from = end.minus(HOUR * (number * DAYS * 24 / hours));
                stream.between(from, from.plus(HOUR))
            });
            let mentions = sampled.map(|post| snapshot.matches(&post, &mut scratch).len()).sum::<usize>().max(1);
            posts_per_day = (posts_per_day * wanted / (mentions as f64 * 24.0 / f64::from(hours))).ceil().max(1.0);
        }
        Position { posts_per_day: posts_per_day as u32, end: end.as_secs(), hours: 0 }
    }

    /// The source of this very fill: of an earlier run that was cut off, or a new one.
    async fn source(&self, storage: &Storage, workspace: WorkspaceId) -> anyhow::Result<Source> {
        let print = format!("demo-fill:{}:{}", self.seed, self.mentions);
        let known = |source: &Source| source.settings.get("fingerprint") == Some(&print);
        if let Some(source) = storage.sources(workspace).await?.into_iter().find(known) {
            return Ok(source);
        }
        let draft = SourceDraft {
            connector: "import".to_owned(),
            name: format!("demo, {} mentions, seed {}", self.mentions, self.seed),
            settings: [("fingerprint".to_owned(), print)].into(),
            secrets: BTreeMap::new(),
        };
        Ok(storage.create_source(workspace, Actor::System, draft).await?)
    }

    /// `before` mentions were there when this run began.
    async fn report(
        &self,
        storage: &Storage,
        source: &Source,
        before: u64,
        took: Duration,
        finished: bool,
    ) -> anyhow::Result<()> {
        let totals = storage.ledger_totals(source.workspace).await?;
        let tally = totals.iter().find(|(id, _)| *id == source.id).map(|(_, tally)| *tally).unwrap_or_default();
        let mentions = mentions(storage, source.workspace).await?;
        let seconds = took.as_secs_f64();
        let rate = ((mentions - before) as f64 / seconds.max(1e-9)).round();
        if self.json {
            output::json(&json!({
                "finished": finished, "mentions": mentions, "posts": tally.stored, "duplicate": tally.duplicate,
                "rejected": tally.rejected, "seconds": seconds, "mentions_per_second": rate,
            }));
            return Ok(());
        }
        output::line(format!(
            "the store holds {mentions} mentions; {} in {seconds:.1} s, {rate} a second",
            mentions - before
        ));
        if !finished {
            output::line("interrupted; the same command goes on where it stopped");
        }
        Ok(())
    }
}

/// Mentions of all topics: a post has one for each topic it matches.
async fn mentions(storage: &Storage, workspace: WorkspaceId) -> anyhow::Result<u64> {
    Ok(storage.topics(workspace).await?.iter().map(|topic| topic.mentions).sum())
}

/// The posts of each hour that is still to be made.
fn chunks(stream: DemoStream, mut position: Position) -> impl FnMut() -> Option<Chunk> + Send + 'static {
    let begin = Timestamp::from_secs(position.end).minus(DAY * DAYS);
    move || {
        let mut items = Vec::new();
        // Hours are put together: a transaction for each would take longer than its mentions.
        while items.len() < CHUNK_POSTS && position.hours < DAYS * 24 {
            let from = begin.plus(HOUR * position.hours);
            let posts = stream.between(from, from.plus(HOUR));
            items.extend(posts.into_iter().map(|post| Item::Post(Box::new(post))));
            position.hours += 1;
        }
        let cursor = serde_json::to_string(&position).ok()?;
        (!items.is_empty()).then(|| Chunk { items, cursor, done: u64::from(position.hours) })
    }
}

/// Four topics for each brand of the demo; those that are there stay as they are.
async fn add_topics(storage: &Storage, workspace: WorkspaceId) -> anyhow::Result<()> {
    const ANGLES: &[(&str, TopicLevel, &str)] = &[
        ("", TopicLevel::Brand, ""),
        (
            ", связь и сбои",
            TopicLevel::Product,
            "связь OR интернет OR сеть OR сбой OR приложение OR сайт OR зв'язок OR app OR network",
        ),
        (
            ", цены",
            TopicLevel::Product,
            "цена OR тариф OR дорого OR дешево OR скидка OR ціна OR знижка OR price OR fee",
        ),
        (
            ", поддержка",
            TopicLevel::Service,
            "поддержка OR оператор OR ответить OR звонить OR підтримка OR support OR help",
        ),
    ];
    for (number, (brand, _)) in DemoStream::brands().iter().enumerate() {
        let suggested = molva_query::suggest(brand, Language::RUSSIAN).query;
        for (angle, level, words) in ANGLES {
            let draft = TopicDraft {
                name: format!("{brand}{angle}"),
                level: *level,
                kind: if number == 0 { TopicKind::Own } else { TopicKind::Competitor },
                query: if words.is_empty() { suggested.clone() } else { format!("({suggested}) AND ({words})") },
                lists: Vec::new(),
            };
            match storage.create_topic(workspace, Actor::System, draft).await {
                Ok(_) | Err(StorageError::Taken { .. }) => {}
                Err(error) => return Err(error.into()),
            }
        }
    }
    Ok(())
}

/// The topics of the workspace that use no lists: what is made must match one of them.
async fn live_topics(storage: &Storage, workspace: WorkspaceId) -> anyhow::Result<std::sync::Arc<Snapshot>> {
    let matcher = Matcher::new();
    for topic in storage.topics(workspace).await? {
        if let Some(query) = molva_query::parse(&topic.query).query {
            matcher.put(topic.id.0, &query);
        }
    }
    Ok(matcher.snapshot())
}
