//! `kill -9` at random moments: no post lost, none doubled, sums exact.

use std::collections::BTreeSet;
use std::process::Stdio;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use anyhow::{Context as _, ensure};
use axum::Router;
use axum::routing::get;
use molva_e2e::api::{Api, Tally};
use molva_e2e::environment::{eventually, number, server};
use molva_e2e::import_file::{self, MATCHING_QUERY, OTHER_QUERY, Truth};
use molva_e2e::place::Place;
use molva_e2e::web_server::{Entry, WebServer, now_s, rss};
use rand::RngExt as _;
use serde_json::{Value, json};

/// Large enough that a run lasts for several kills.
const RECORDS: usize = 40_000;
/// How many network seconds pass in one: a poll every five minutes of theirs is three a second.
const TIME_SCALE: u32 = 1_000;

#[tokio::test]
async fn an_import_killed_thirty_times_loses_and_doubles_nothing_on_sqlite() -> anyhow::Result<()> {
    import_survives(&Place::embedded()?, number("MOLVA_E2E_KILLS", 30)).await
}

#[tokio::test]
async fn an_import_killed_six_times_loses_and_doubles_nothing_on_postgres() -> anyhow::Result<()> {
    let Some(server) = server("MOLVA_TEST_POSTGRES") else { return Ok(()) };
    import_survives(&Place::postgres(&server).await?, 6).await
}

#[tokio::test]
async fn a_live_feed_killed_thirty_times_loses_and_doubles_nothing_on_sqlite() -> anyhow::Result<()> {
    feed_survives(&Place::embedded()?, number("MOLVA_E2E_KILLS", 30)).await
}

#[tokio::test]
async fn a_live_feed_killed_six_times_loses_and_doubles_nothing_on_postgres() -> anyhow::Result<()> {
    let Some(server) = server("MOLVA_TEST_POSTGRES") else { return Ok(()) };
    feed_survives(&Place::postgres(&server).await?, 6).await
}

async fn import_survives(place: &Place, kills: u64) -> anyhow::Result<()> {
    place.add_topic("Мегафон", MATCHING_QUERY, false).await?;
    let whole = time_of_one_import().await?;
    let mut truth = Truth::default();
    let (mut killed, mut seed) = (0, 0);
    while killed < kills {
        seed += 1;
        let (file, its_truth) = import_file::jsonl(seed, RECORDS);
        truth.add(its_truth);
        let path = place.write(&format!("posts-{seed}.jsonl"), file)?;
        // About ten kills for each file; the last start reads it to its end.
        loop {
            let moment = whole.mul_f64(rand::rng().random_range(0.0..0.2));
            let patience = if killed < kills { moment } else { Duration::from_secs(300) };
            if import_until(place, &path, patience).await? {
                break;
            }
            killed += 1;
        }
    }
    eprintln!("killed {killed} times over {seed} files of {RECORDS} records");
    hold_to_truth(place, &truth).await
}

async fn time_of_one_import() -> anyhow::Result<Duration> {
    let place = Place::embedded()?;
    place.add_topic("Мегафон", MATCHING_QUERY, false).await?;
    let (file, truth) = import_file::jsonl(0, RECORDS);
    let path = place.write("posts.jsonl", file)?;
    let started = Instant::now();
    let counts = place.run_json(&["import", &path]).await?;
    ensure!(
        Tally::read(&counts)? == truth.tally(),
        "an import in peace counts {counts}, the file holds {:?}",
        truth.tally()
    );
    Ok(started.elapsed())
}

/// Imports, and kills it after `patience`. Answers whether it came to its end before.
async fn import_until(place: &Place, path: &str, patience: Duration) -> anyhow::Result<bool> {
    let mut command = place.command(&["import", path, "--json"])?;
    let mut child = command.stdout(Stdio::null()).stderr(Stdio::piped()).spawn()?;
    match tokio::time::timeout(patience, child.wait()).await {
        Err(_) => {
            child.kill().await?;
            Ok(false)
        }
        Ok(status) if status.as_ref().is_ok_and(std::process::ExitStatus::success) => Ok(true),
        Ok(status) => {
            let output = child.wait_with_output().await?;
            anyhow::bail!("the import ended with {}: {}", status?, String::from_utf8_lossy(&output.stderr));
        }
    }
}

/// The ledger, the mentions and the kept stream against what the files hold.
async fn hold_to_truth(place: &Place, truth: &Truth) -> anyhow::Result<()> {
    let doctor = place.run_json(&["doctor"]).await?;
    ensure!(doctor["well"] == true, "the doctor is not content: {doctor}");
    let (molva, api) = place.serve(&[]).await?;
    assert_eq!(api.ledger().await?, truth.tally());
    assert_same_ids("mentions", &ids_of(&api.mentions("").await?)?, &truth.matching);
    molva.stop().await?;

    let looked_back = place.add_topic("Погода", OTHER_QUERY, true).await?;
    let (molva, api) = place.serve(&[]).await?;
    let topic = topic_id(&api, "Погода").await.with_context(|| format!("after {looked_back}"))?;
    assert_same_ids("kept posts", &ids_of(&api.mentions(&format!("topic={topic}")).await?)?, &truth.others);
    molva.stop().await?;
    Ok(())
}

async fn topic_id(api: &Api, name: &str) -> anyhow::Result<String> {
    let topics = api.get("/api/topics").await?;
    let found = topics["items"].as_array().into_iter().flatten().find(|topic| topic["name"] == name);
    molva_e2e::api::id(found.context("the topic is not listed")?)
}

/// Native ids at the end of the URNs, as a list: a double stays visible.
fn ids_of(mentions: &[Value]) -> anyhow::Result<Vec<String>> {
    mentions
        .iter()
        .map(|mention| {
            let urn = mention["post"]["urn"].as_str().context("a mention without a URN")?;
            Ok(urn.rsplit(':').next().unwrap_or(urn).to_owned())
        })
        .collect()
}

fn assert_same_ids(what: &str, found: &[String], expected: &BTreeSet<String>) {
    let distinct: BTreeSet<String> = found.iter().cloned().collect();
    let lost: Vec<&String> = expected.difference(&distinct).take(5).collect();
    let strange: Vec<&String> = distinct.difference(expected).take(5).collect();
    assert_eq!(
        (found.len(), lost, strange),
        (expected.len(), Vec::new(), Vec::new()),
        "{what}: count, some that are lost, some that should not be there"
    );
}

async fn feed_survives(place: &Place, kills: u64) -> anyhow::Result<()> {
    let feed = GrowingFeed::start().await?;
    let scale = TIME_SCALE.to_string();
    let host = feed.server.host();
    let arguments = ["--allow-private-host", host.as_str(), "--time-scale", scale.as_str()];
    let (molva, api) = place.serve(&arguments).await?;
    api.add_topic("Мегафон", MATCHING_QUERY).await?;
    api.add_source("feed", "growing", json!({"url": feed.server.url("/feed.xml")})).await?;

    let mut molva = molva;
    for _ in 0..kills {
        let moment = Duration::from_millis(rand::rng().random_range(100..1_200));
        tokio::time::sleep(moment).await;
        molva.kill().await?;
        molva = molva_e2e::process::Launch::new(place).arguments(&arguments).start().await?;
    }

    let published = feed.stop();
    let api = api.moved_to(molva.base());
    let expected = Tally { stored: published.0.len() as u64, unmatched: published.1 as u64, ..Tally::default() };
    // A source that was in trouble for a while is tried again after as long.
    eventually(Duration::from_secs(240), "everything published to be collected", || async {
        let ledger = api.ledger().await?;
        let collected = Tally { stored: ledger.stored, unmatched: ledger.unmatched, ..Tally::default() };
        let sources = api.get("/api/sources").await?;
        let of = format!("{expected:?}; {}", sources["items"]);
        Ok(if collected == expected { Ok(()) } else { Err(format!("{ledger:?} of {of}")) })
    })
    .await?;
    assert_eq!(api.ledger().await?.rejected, 0);
    let titles: Vec<String> = api
        .mentions("")
        .await?
        .iter()
        .map(|mention| Ok(mention["post"]["title"].as_str().context("a mention without a title")?.to_owned()))
        .collect::<anyhow::Result<_>>()?;
    assert_same_ids("mentions of the feed", &titles, &published.0);
    eprintln!("killed {kills} times while {} entries were published", published.0.len() + published.1);
    molva.stop().await?;
    Ok(())
}

/// A feed that gains an entry every 25 ms; three of four match.
struct GrowingFeed {
    server: WebServer,
    length: Arc<AtomicUsize>,
    growing: tokio::task::JoinHandle<()>,
}

impl GrowingFeed {
    async fn start() -> anyhow::Result<Self> {
        let length = Arc::new(AtomicUsize::new(1));
        let started = now_s();
        let shown = Arc::clone(&length);
        let router = Router::new().route(
            "/feed.xml",
            get(move || async move {
                // As real feeds do, it shows the newest only.
                let length = shown.load(Ordering::SeqCst);
                let entries: Vec<Entry> =
                    (length.saturating_sub(1_000)..length).map(|number| entry(number, started)).collect();
                ([("content-type", "application/rss+xml")], rss("growing", Some(1), entries.iter()))
            }),
        );
        let grown = Arc::clone(&length);
        let growing = tokio::spawn(async move {
            loop {
                tokio::time::sleep(Duration::from_millis(25)).await;
                grown.fetch_add(1, Ordering::SeqCst);
            }
        });
        Ok(Self { server: WebServer::start(router).await?, length, growing })
    }

    /// Publishes no more: titles of the entries that match, and how many do not.
    fn stop(&self) -> (BTreeSet<String>, usize) {
        self.growing.abort();
        let length = self.length.load(Ordering::SeqCst);
        let matching: BTreeSet<String> =
            (0..length).filter(|number| !number.is_multiple_of(4)).map(|number| format!("entry {number}")).collect();
        let others = length - matching.len();
        (matching, others)
    }
}

fn entry(number: usize, started_s: i64) -> Entry {
    let subject = if number.is_multiple_of(4) { OTHER_QUERY } else { MATCHING_QUERY };
    Entry {
        guid: format!("growing-{number}"),
        title: format!("entry {number}"),
        text: format!("{subject} снова в новостях, выпуск {number}"),
        published_s: started_s,
    }
}
