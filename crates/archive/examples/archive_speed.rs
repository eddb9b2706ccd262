//! Fills an archive with invented posts of two years and says how long that and searching takes:
//! `cargo run --release -p molva-archive --example archive_speed -- 200000`.
#![expect(clippy::print_stdout, reason = "the table is what it is for")]

use std::time::{Duration, Instant};

use molva_archive::{Archive, Document, Filter, Order};
use molva_demo_stream::DemoStream;
use molva_domain::{EventId, MentionId, MentionState, Timestamp, TopicId};
use molva_query::field::Judgement;
use molva_query::{NoLists, Reading, Scope, parse_with};

const DAYS: i64 = 730;
const DAY_SECONDS: i64 = 86_400;
const RUNS: usize = 60;

/// What is asked, most of it of words that are frequent in the demo's stream.
const QUESTIONS: &[(&str, &str)] = &[
    ("word form", "связь"),
    ("OR of brands", "вымпелтел OR гигафон OR ромашка OR банк OR оператор"),
    ("AND", "связь не"),
    ("AND of the frequent", "не и"),
    ("phrase", "\"не работает\""),
    ("phrase of the frequent", "\"и не\""),
    ("NEAR", "связь NEAR/5 не"),
    ("NEAR of the frequent", "не NEAR/3 в"),
    ("SENTENCE", "связь SENTENCE не"),
    ("beginning", "интерн*"),
    ("NOT", "банк НЕ карта"),
    ("fields", "интернет lang:ru kind:post likes:>5"),
    ("most frequent word", "не"),
    ("rare", "синхрофазотрон"),
];

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let wanted: usize = std::env::args().nth(1).map_or(Ok(100_000), |count| count.parse())?;
    let folder = tempfile::tempdir()?;
    let archive = Archive::open(folder.path())?;
    let mut writer = archive.writer()?;
    let stream = DemoStream::new(1, u32::try_from(wanted.div_ceil(DAYS as usize))?);
    let end = Timestamp::parse("2026-11-01T00:00:00Z").ok_or("a time")?;
    let (mut indexed, mut busy, mut bytes) = (0, Duration::ZERO, 0);
    for day in (0..DAYS).rev() {
        let from = Timestamp::from_secs(end.as_secs() - (day + 1) * DAY_SECONDS);
        let mut posts = stream.between(from, Timestamp::from_secs(from.as_secs() + DAY_SECONDS));
        let started = Instant::now();
        for post in &mut posts {
            post.fetched_at = post.published_at;
            indexed += 1;
            bytes += post.text.len();
            let (id, topic) = (MentionId(indexed), TopicId(indexed % 20));
            let judgement = &Judgement::EMPTY;
            writer.add(&Document { id, topic, state: MentionState::New, post, judgement, copy_of: None })?;
        }
        busy += started.elapsed();
    }
    let started = Instant::now();
    writer.commit(Some(EventId(indexed)))?;
    writer.settle()?;
    busy += started.elapsed();
    let rate = indexed as f64 / busy.as_secs_f64();
    println!("indexed {indexed} posts ({} MB of text) in {:.1} s: {rate:.0}/s", bytes >> 20, busy.as_secs_f64());
    println!("on the disk: {} MB in {} slices", size(folder.path())? >> 20, archive.slices().len());
    let latest = stream.between(Timestamp::from_secs(end.as_secs() - DAY_SECONDS), end);
    let mut event = indexed;
    let follow = times(|| {
        for (post, id) in latest.iter().zip(1..=200) {
            let (id, topic) = (MentionId(indexed + id), TopicId(1));
            let judgement = &Judgement::EMPTY;
            writer.update(&Document { id, topic, state: MentionState::Kept, post, judgement, copy_of: None })?;
        }
        event += 1;
        writer.commit(Some(EventId(event)))
    })?;
    println!("{} changes until they are found: p50/p95 {follow} ms", latest.len().min(200));
    let started = Instant::now();
    let reopened = Archive::open(folder.path())?;
    println!("opened in {:.1} ms; {} mentions", milliseconds(started.elapsed()), reopened.len());
    println!("{:<24} {:>9} {:>22} {:>22}", "question", "answers", "newest 20: p50/p95 ms", "count: p50/p95 ms");
    for (name, text) in QUESTIONS {
        let reading = Reading { scope: Scope::Mentions, lists: &NoLists };
        let query = parse_with(text, &reading).query.ok_or_else(|| format!("`{text}` does not parse"))?;
        let all = Filter::default();
        let answers = archive.count(Some(&query), &all)?.mentions;
        let newest = times(|| archive.search(Some(&query), &all, Order::Newest, None, 20).map(drop))?;
        let count = times(|| archive.count(Some(&query), &all).map(drop))?;
        println!("{name:<24} {answers:>9} {newest:>22} {count:>22}");
    }
    Ok(())
}

fn times(mut ask: impl FnMut() -> Result<(), molva_archive::Error>) -> Result<String, molva_archive::Error> {
    let mut took = Vec::with_capacity(RUNS);
    for _ in 0..RUNS {
        let started = Instant::now();
        ask()?;
        took.push(milliseconds(started.elapsed()));
    }
    took.sort_by(f64::total_cmp);
    Ok(format!("{:.2} / {:.2}", took[RUNS / 2], took[RUNS * 95 / 100]))
}

fn milliseconds(duration: Duration) -> f64 {
    duration.as_secs_f64() * 1_000.0
}

fn size(folder: &std::path::Path) -> std::io::Result<u64> {
    let mut bytes = 0;
    for entry in std::fs::read_dir(folder)? {
        let entry = entry?;
        bytes += if entry.file_type()?.is_dir() { size(&entry.path())? } else { entry.metadata()?.len() };
    }
    Ok(bytes)
}
