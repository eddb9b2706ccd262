//! Signed push to the event stream: who may push, what happens to replays, and how long a post takes.

use std::time::{Duration, Instant};

use anyhow::{Context as _, ensure};
use molva_e2e::api::{Api, Tally};
use molva_e2e::environment::number;
use molva_e2e::events::Events;
use molva_e2e::place::Place;
use molva_e2e::webhook::Webhook;
use reqwest::StatusCode;
use serde_json::json;

#[tokio::test]
async fn a_pushed_post_is_a_mention_with_its_matched_words() -> anyhow::Result<()> {
    let place = Place::embedded()?;
    let (molva, api) = place.serve(&[]).await?;
    api.add_topic("Мегафон", "мегафон").await?;
    let push = api.add_push_source("crm").await?;
    let post = json!({"id": "1", "text": "А у Мегафона опять нет связи", "published": "2026-03-01T09:30:00Z", "network": "forum"});
    let tally = push.deliver(post.to_string()).await?;
    assert_eq!(tally, Tally { received: 1, stored: 1, ..Tally::default() });
    let mentions = api.mentions("").await?;
    assert_eq!(mentions.len(), 1);
    assert_eq!(mentions[0]["post"]["published_at"], "2026-03-01T09:30:00.000Z");
    assert_eq!(mentions[0]["spans"], json!([{"in_title": false, "start": 4, "end": 12}]));
    molva.stop().await?;
    Ok(())
}

#[tokio::test]
async fn a_delivery_is_taken_once_and_only_with_the_right_signature() -> anyhow::Result<()> {
    let place = Place::embedded()?;
    let (molva, api) = place.serve(&[]).await?;
    api.add_topic("Мегафон", "мегафон").await?;
    let push = api.add_push_source("crm").await?;
    let body = json!({"id": "1", "text": "мегафон", "published": "2026-03-01T09:30:00Z"}).to_string();

    let stale = push.request("a", Duration::from_secs(3_600), body.clone()).send().await?;
    assert_eq!(stale.status(), StatusCode::UNAUTHORIZED);
    let forged = push.request("b", Duration::ZERO, body.clone()).body(body.replace("мегафон", "билайн")).send().await?;
    assert_eq!(forged.status(), StatusCode::UNAUTHORIZED);
    let huge = push.request("c", Duration::ZERO, "x".repeat((8 << 20) + 1)).send().await?;
    assert_eq!(huge.status(), StatusCode::PAYLOAD_TOO_LARGE);
    assert_eq!(api.ledger().await?, Tally::default());

    for _ in 0..3 {
        let answer = push.request("d", Duration::ZERO, body.clone()).send().await?;
        assert_eq!(answer.status(), StatusCode::ACCEPTED);
    }
    let ledger = api.ledger().await?;
    assert_eq!((ledger.stored, api.mentions("").await?.len()), (1, 1), "{ledger:?}");
    molva.stop().await?;
    Ok(())
}

#[tokio::test]
async fn an_event_stream_resumes_after_the_last_event_without_loss() -> anyhow::Result<()> {
    let place = Place::embedded()?;
    let (molva, api) = place.serve(&[]).await?;
    api.add_topic("Мегафон", "мегафон").await?;
    let push = api.add_push_source("crm").await?;
    let mut first = Events::open(&api, None).await?;
    first.next_of("hello").await?;
    push.deliver(ndjson(0, 10)).await?;
    let mut last = None;
    for _ in 0..4 {
        last = first.next_of("mention.created").await?.id;
    }
    drop(first);
    push.deliver(ndjson(10, 10)).await?;
    let mut second = Events::open(&api, last.as_deref()).await?;
    let mut seen = std::collections::BTreeSet::new();
    for _ in 0..16 {
        let frame = tokio::time::timeout(Duration::from_secs(60), second.next_of("mention.created")).await??;
        seen.insert(frame.data["subject_id"].as_str().context("an event without a subject")?.to_owned());
    }
    assert_eq!(seen.len(), 16);
    molva.stop().await?;
    Ok(())
}

/// The short form of the bar; `scripts/bench.sh push` runs the long one.
#[tokio::test]
async fn a_pushed_post_reaches_every_open_stream_soon() -> anyhow::Result<()> {
    let load = Load {
        posts_per_second: number("MOLVA_E2E_PUSH_RATE", 100),
        streams: number("MOLVA_E2E_PUSH_STREAMS", 10),
        length: Duration::from_secs(number("MOLVA_E2E_PUSH_SECONDS", 20)),
    };
    let limit = Duration::from_millis(number("MOLVA_E2E_PUSH_P99_MS", 3_000));
    let place = Place::embedded()?;
    let (molva, api) = place.serve(&["--log", "warn"]).await?;
    api.add_topic("Мегафон", "мегафон").await?;
    let push = api.add_push_source("crm").await?;
    let latencies = measure(&api, &push, load).await?;
    let (p50, p99) = (percentile(&latencies, 50), percentile(&latencies, 99));
    println!(
        "push to stream: {} posts/s for {} s, {} streams: p50 {} ms, p99 {} ms, slowest {} ms",
        load.posts_per_second,
        load.length.as_secs(),
        load.streams,
        p50.as_millis(),
        p99.as_millis(),
        percentile(&latencies, 100).as_millis(),
    );
    ensure!(p99 < limit, "p99 is {} ms, the limit {} ms", p99.as_millis(), limit.as_millis());
    molva.stop().await?;
    Ok(())
}

#[derive(Clone, Copy)]
struct Load {
    posts_per_second: u64,
    streams: u64,
    length: Duration,
}

/// A batch every tenth of a second.
const BATCHES_PER_SECOND: u64 = 10;

/// Latency of every post on every stream, sorted. A post's time begins when it was due to be sent, so that a slow server
/// cannot hide behind a sender that waits for it.
async fn measure(api: &Api, push: &Webhook, load: Load) -> anyhow::Result<Vec<Duration>> {
    let batch = load.posts_per_second.div_ceil(BATCHES_PER_SECOND);
    let batches = load.length.as_secs() * BATCHES_PER_SECOND;
    let posts = usize::try_from(batch * batches)?;
    let mut readers = Vec::new();
    for _ in 0..load.streams {
        let mut events = Events::open(api, None).await?;
        events.next_of("hello").await?;
        readers.push(tokio::spawn(async move {
            let mut arrivals = Vec::with_capacity(posts);
            while arrivals.len() < posts {
                let frame = tokio::time::timeout(Duration::from_secs(60), events.next_of("mention.created"))
                    .await
                    .with_context(|| format!("only {} of {posts} events came", arrivals.len()))??;
                arrivals.push(frame.arrived);
            }
            anyhow::Ok(arrivals)
        }));
    }
    let start = Instant::now() + Duration::from_millis(200);
    let mut due = Vec::with_capacity(posts);
    for number in 0..batches {
        let moment = start + Duration::from_millis(number * 1_000 / BATCHES_PER_SECOND);
        tokio::time::sleep_until(moment.into()).await;
        due.extend((0..batch).map(|_| moment));
        // One sender, one batch after another: the order of events is that of the posts.
        let tally = push.deliver(ndjson(number * batch, batch)).await?;
        ensure!(tally.stored == batch, "a batch of {batch} ended as {tally:?}");
    }
    let mut latencies = Vec::with_capacity(posts * readers.len());
    for reader in readers {
        let arrivals = reader.await??;
        latencies.extend(arrivals.iter().zip(&due).map(|(arrived, due)| arrived.saturating_duration_since(*due)));
    }
    latencies.sort_unstable();
    Ok(latencies)
}

/// NDJSON of posts that all match.
fn ndjson(first: u64, count: u64) -> String {
    (first..first + count)
        .map(|number| {
            let text = format!("мегафон, сообщение номер {number}, и ещё немного слов, как их пишут люди");
            format!("{}\n", json!({"id": format!("p{number}"), "text": text, "published": "2026-03-01T09:30:00Z", "network": "forum"}))
        })
        .collect()
}

fn percentile(sorted: &[Duration], percent: usize) -> Duration {
    sorted.get((sorted.len() * percent / 100).min(sorted.len().saturating_sub(1))).copied().unwrap_or_default()
}
