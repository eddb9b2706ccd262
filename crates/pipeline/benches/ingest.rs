//! What ingest takes of a file of posts, with judging and without, in turns: on a shared machine only ratios say something.
//!
//! `cargo bench -p molva-pipeline -- FILE [rounds]`; FILE is anything `molva import` reads. Processor time is told beside the
//! clock's. `prepare` is analysing, matching, judging and signing alone; `ingest` is with storing.

#![allow(clippy::print_stdout, clippy::unwrap_used, reason = "a program to be read by people")]

use std::path::Path;
use std::sync::Arc;
use std::time::Instant;

use molva_connectors::Item;
use molva_connectors::import::{Corrections, ImportReader, inspect_as};
use molva_domain::{Actor, SourceId, SystemClock, Timestamp, TopicKind, TopicLevel, WorkspaceId};
use molva_pipeline::{Incoming, Pipeline, PipelineOptions};
use molva_storage::kept::KeptLimits;
use molva_storage::source::SourceDraft;
use molva_storage::topic::TopicDraft;
use molva_storage::{Storage, StorageOptions};
use tokio_util::sync::CancellationToken;

const BATCH: usize = 1_000;
/// Words that a third to a half of Russian posts hold, and some that hardly any does.
const FREQUENT: &[&str] =
    &["не", "банк OR сбербанк OR втб OR сбер*", "мтс OR билайн OR мегафон OR теле2", "как OR что"];
const RARE: &[&str] = &["райф*", "уралсиб*", "скайлинк", "комстар", "ноктюрнбанк", "орихалк"];

#[tokio::main]
async fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).filter(|argument| !argument.starts_with("--")).collect();
    let Some(file) = arguments.first() else {
        return println!("a file of posts is wanted: see the head of this bench");
    };
    let rounds = arguments.get(1).map_or(3, |rounds| rounds.parse().unwrap());
    let items = read(Path::new(file));
    for (title, queries) in [("many match", FREQUENT), ("few match", RARE)] {
        println!("{title}, {} posts", items.len());
        let mut best = [[f64::MAX; 4]; 2];
        for _ in 0..rounds {
            for (best, judge) in best.iter_mut().zip([false, true]) {
                for (best, now) in best.iter_mut().zip(measure(&items, queries, judge).await) {
                    *best = best.min(now);
                }
            }
        }
        for (what, at) in
            [("prepare, clock", 0), ("prepare, processor", 1), ("ingest, clock", 2), ("ingest, processor", 3)]
        {
            let [without, with] = best.map(|best| best[at] * 1e6 / items.len() as f64);
            println!("  {what:<20} {without:>6.1} us a post not judged, {with:>6.1} judged: x {:.2}", with / without);
        }
    }
}

fn read(file: &Path) -> Vec<Item> {
    let now = Timestamp::from_secs(1_800_000_000);
    let inspection = inspect_as(file, &Corrections::default(), now).unwrap();
    let mut reader = ImportReader::open(file, &inspection.plan, 0, now).unwrap();
    std::iter::from_fn(|| Some(reader.next_items(BATCH)).filter(|items| !items.is_empty())).flatten().collect()
}

/// Seconds of preparing alone and of everything, by the clock and of the processor.
async fn measure(items: &[Item], queries: &[&str], judge_at_once: bool) -> [f64; 4] {
    let folder = tempfile::tempdir().unwrap();
    let options = StorageOptions {
        data_dir: folder.path().to_owned(),
        postgres_url: None,
        clock: Arc::new(SystemClock),
        node: 0,
        kept: KeptLimits::default(),
        sealing_key: None,
    };
    let storage = Storage::open(options).await.unwrap();
    let workspace = storage.ensure_workspace("bench").await.unwrap().id;
    for (number, query) in queries.iter().enumerate() {
        let (name, query) = (format!("topic {number}"), (*query).to_owned());
        let draft = TopicDraft { name, level: TopicLevel::Brand, kind: TopicKind::Own, query, lists: Vec::new() };
        storage.create_topic(workspace, Actor::System, draft).await.unwrap();
    }
    let draft = SourceDraft {
        connector: "import".to_owned(),
        name: "bench".to_owned(),
        settings: Default::default(),
        secrets: Default::default(),
    };
    let source = storage.create_source(workspace, Actor::System, draft).await.unwrap().id;
    let options = PipelineOptions {
        collect: false,
        archive: false,
        judge: false,
        judge_at_once,
        ..PipelineOptions::new(workspace)
    };
    let cancel = CancellationToken::new();
    let pipeline = Pipeline::start(storage.clone(), options, cancel.clone()).await.unwrap();
    let batches = || items.chunks(BATCH).map(|items| incoming(workspace, source, items)).collect::<Vec<_>>();

    let given = batches();
    let (clock, processor) = (Instant::now(), cpu_seconds());
    for batch in given {
        pipeline.prepare(batch).await.unwrap();
    }
    let prepared = [clock.elapsed().as_secs_f64(), cpu_seconds() - processor];

    let given = batches();
    let (clock, processor) = (Instant::now(), cpu_seconds());
    let (sender, mut receiver) = tokio::sync::mpsc::channel(1);
    let preparing = pipeline.clone();
    let task = tokio::spawn(async move {
        for batch in given {
            sender.send(preparing.prepare(batch).await.unwrap()).await.unwrap();
        }
    });
    while let Some(batch) = receiver.recv().await {
        pipeline.store_prepared(batch).await.unwrap();
    }
    task.await.unwrap();
    let ingested = [clock.elapsed().as_secs_f64(), cpu_seconds() - processor];
    cancel.cancel();
    [prepared[0], prepared[1], ingested[0], ingested[1]]
}

fn incoming(workspace: WorkspaceId, source: SourceId, items: &[Item]) -> Incoming {
    Incoming { workspace, source, lease: None, items: items.to_vec(), cursor: None, delivery: None }
}

/// User and system time of this process.
fn cpu_seconds() -> f64 {
    let stat = std::fs::read_to_string("/proc/self/stat").unwrap_or_default();
    let fields: Vec<&str> = stat.rsplit(") ").next().unwrap_or_default().split(' ').collect();
    let ticks = |at: usize| fields.get(at).and_then(|field| field.parse::<f64>().ok()).unwrap_or_default();
    (ticks(11) + ticks(12)) / 100.0
}
