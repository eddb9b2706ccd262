//! Fills an archive with invented posts of two years in twenty topics and says how long that and asking takes, first (cold:
//! nothing is remembered) and again (warm), and what it takes of the disk and of the memory:
//! `cargo run --release -p molva-archive --example archive_speed -- 300000 [folder to keep it in]`.
#![expect(clippy::print_stdout, reason = "the table is what it is for")]

use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use molva_archive::{Archive, Ask, Cells, Document, Error, Facet, FacetAsk, Filter, Order};
use molva_demo_stream::DemoStream;
use molva_domain::{EventId, Intent, MentionId, MentionState, Post, Stage, Timestamp, Tone, TopicId};
use molva_query::field::{Judgement, NumberField};
use molva_query::{NoLists, Query, Reading, Scope, parse_with};

const DAYS: i64 = 730;
const DAY_SECONDS: i64 = 86_400;
const TOPICS: i64 = 20;
const END: &str = "2026-11-01T00:00:00Z";
const WARM: usize = 60;
const COLD: usize = 12;
/// Bytes of remembered answers, as a server keeps them.
const REMEMBERED: usize = 192 << 20;

/// What is searched for, most of it words that are frequent in the demo's stream.
const SEARCHES: &[(&str, &str)] = &[
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
    ("address", "url:/wall/7"),
    ("linked address", "link:demo.example/7"),
];

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let wanted: usize = std::env::args().nth(1).map_or(Ok(100_000), |count| count.parse())?;
    let temporary = tempfile::tempdir()?;
    let folder = std::env::args().nth(2).map_or_else(|| temporary.path().to_owned(), PathBuf::from);
    let stream = DemoStream::new(1, u32::try_from(wanted.div_ceil(DAYS as usize))?);
    let archive = Archive::open(&folder)?;
    if archive.is_empty() {
        fill(&archive, &stream)?;
    }
    println!(
        "{} mentions on {} MB in {} slices: {} bytes each",
        archive.len(),
        size(&folder)? >> 20,
        archive.slices().len(),
        size(&folder)? / archive.len().max(1)
    );
    follow(&archive, &stream)?;
    drop(archive);
    let started = Instant::now();
    let archive = Archive::open(&folder)?;
    println!("opened in {:.1} ms; {}", milliseconds(started.elapsed()), memory());
    println!(
        "{:<44} {:>10} {:>19} {:>8} {:>19} {:>8}",
        "question (p50 / p95 ms; of processors)", "mentions", "cold", "", "warm", ""
    );
    search(&archive, &stream)?;
    ask(&archive)?;
    println!("{}", memory());
    Ok(())
}

fn end() -> Timestamp {
    Timestamp::parse(END).unwrap_or(Timestamp::EARLIEST)
}

fn days_before(days: i64) -> Timestamp {
    Timestamp::from_secs(end().as_secs() - days * DAY_SECONDS)
}

/// What machine and people might have judged of a mention.
fn judgement(id: i64) -> Judgement {
    let tone = match id % 10 {
        0 | 3 => Some(Tone::Negative),
        1 => Some(Tone::Positive),
        2 | 4 => Some(Tone::Neutral),
        _ => None,
    };
    let tags = if id % 17 == 0 { vec![format!("tag {}", id % 5)] } else { Vec::new() };
    // As many as a model finds: every tenth with two intents, every third with one.
    let wanted = [(id % 3 == 0, (id / 3 % 10) as usize), (id % 10 == 0, (id / 7 % 10) as usize)];
    let intents = wanted.into_iter().filter(|(has, _)| *has).map(|(_, number)| Intent::ALL[number]).collect();
    let stage = (id % 4 == 0).then(|| Stage::ALL[(id / 4 % 5) as usize]);
    let spam = Some(if id % 33 == 0 { 0.9 } else { (id % 40) as f32 / 100.0 });
    let stories = if id % 5 == 0 { vec![(id / 100).to_string()] } else { Vec::new() };
    Judgement { tone, tags, intents, stage, spam, stories, ..Judgement::EMPTY }
}

fn state(id: i64) -> MentionState {
    match id % 50 {
        0 => MentionState::Binned,
        1..5 => MentionState::Kept,
        _ => MentionState::New,
    }
}

fn document<'a>(id: i64, post: &'a Post, judgement: &'a Judgement) -> Document<'a> {
    let copy_of = (id % 25 == 0).then_some(MentionId(1));
    // The digits of an id and its topic have nothing to do with each other.
    let topic = TopicId(id / 7 % TOPICS);
    let by_people = id % 50 == 1;
    Document { id: MentionId(id), topic, state: state(id), post, judgement, by_people, copy_of }
}

fn fill(archive: &Archive, stream: &DemoStream) -> Result<(), Box<dyn std::error::Error>> {
    let mut writer = archive.writer()?;
    let (mut indexed, mut busy, mut processor, mut bytes) = (0, Duration::ZERO, 0.0, 0);
    for day in (0..DAYS).rev() {
        let mut posts = stream.between(days_before(day + 1), days_before(day));
        let (started, before) = (Instant::now(), processor_seconds());
        for post in &mut posts {
            post.fetched_at = post.published_at;
            indexed += 1;
            bytes += post.text.len();
            writer.add(&document(indexed, post, &judgement(indexed)))?;
        }
        busy += started.elapsed();
        processor += processor_seconds() - before;
    }
    let (started, before) = (Instant::now(), processor_seconds());
    writer.commit(Some(EventId(indexed)))?;
    writer.settle()?;
    busy += started.elapsed();
    processor += processor_seconds() - before;
    println!(
        "indexed {indexed} posts ({} MB of text) in {:.1} s: {:.0}/s; {processor:.1} s of processors: {:.0}/s",
        bytes >> 20,
        busy.as_secs_f64(),
        indexed as f64 / busy.as_secs_f64(),
        indexed as f64 / processor
    );
    Ok(())
}

fn follow(archive: &Archive, stream: &DemoStream) -> Result<(), Box<dyn std::error::Error>> {
    let latest = stream.between(days_before(1), end());
    let mut writer = archive.writer()?;
    let (mut event, first) = (archive.applied().map_or(0, |event| event.0), 1_000_000_000);
    let took = times(20, || {
        for (post, id) in latest.iter().zip(first..first + 200) {
            writer.update(&document(id, post, &judgement(id)))?;
        }
        event += 1;
        writer.commit(Some(EventId(event)))
    })?;
    println!("{} changes until they are found: p50/p95 {took} ms", latest.len().min(200));
    writer.settle()?;
    Ok(())
}

fn search(archive: &Archive, stream: &DemoStream) -> Result<(), Box<dyn std::error::Error>> {
    for (name, text) in SEARCHES {
        let query = query(text)?;
        let all = usual(None, None);
        let answers = archive.count(Some(&query), &all)?.mentions;
        row(archive, &format!("newest 20: {name}"), answers, || {
            archive.search(Some(&query), &all, Order::Newest, None, 20).map(drop)
        })?;
        row(archive, "    count", answers, || archive.count(Some(&query), &all).map(drop))?;
    }
    let all = usual(None, None);
    let count = archive.count(None, &all)?.mentions;
    let by_reach = Order::Most(NumberField::Followers);
    row(archive, "20 of the largest reach", count, || archive.search(None, &all, by_reach, None, 20).map(drop))?;
    for text in ["связь OR банк", "не"] {
        let query = query(text)?;
        let answers = archive.count(Some(&query), &all)?.mentions;
        row(archive, &format!("20 most relevant: {text}"), answers, || {
            archive.search(Some(&query), &all, Order::Relevance, None, 20).map(drop)
        })?;
    }
    if let Some(post) = stream.between(days_before(3), days_before(2)).first() {
        row(archive, "20 similar", 0, || archive.similar(post, &all, 20).map(drop))?;
    }
    Ok(())
}

fn ask(archive: &Archive) -> Result<(), Box<dyn std::error::Error>> {
    let year = usual(Some(3), Some(365));
    let before = Filter { from: Some(days_before(730)), before: Some(days_before(365)), ..year.clone() };
    let facets = |facets: &[Facet], details| {
        facets.iter().map(|facet| FacetAsk { facet: *facet, limit: 20, details }).collect::<Vec<_>>()
    };
    let places = [Facet::Network, Facet::Site, Facet::Community, Facet::Country, Facet::Region, Facet::City].as_slice();
    let search = &Facet::ALL[..13];
    let cell_of_slot = (0..365 * 96_u32).map(|slot| (slot / 4 % 168) as u8).collect();
    let rhythm = Ask {
        edges: (0..=365).rev().map(days_before).collect(),
        bucket_details: true,
        cells: Some(Cells { start: days_before(365), slot: Duration::from_secs(900), cell_of_slot }),
        ..Ask::default()
    };
    let all_topics = Filter { topics: Vec::new(), ..year.clone() };
    let everything = usual(None, None);
    let brand = query("банк OR связь")?;
    let with_facets = Filter {
        facets: vec![
            (Facet::Network, vec!["vk".to_owned(), "telegram".to_owned()]),
            (Facet::Tone, vec!["negative".to_owned(), String::new()]),
            (Facet::Language, vec!["ru".to_owned()]),
        ],
        ..year.clone()
    };
    let volume = Ask { authors: true, ..Ask::default() };
    let topics = Ask { facets: facets(&[Facet::Topic], true), ..Ask::default() };
    let authors = Ask { authors: true, loudest: 20, facets: facets(&[Facet::Author], true), ..Ask::default() };
    let places = Ask { facets: facets(places, true), ..Ask::default() };
    let search = Ask { facets: facets(search, false), ..Ask::default() };
    let questions: &[(&str, Option<&Query>, &Filter, &Ask)] = &[
        ("volume of a topic and a year", None, &year, &volume),
        ("volume of all topics, a year", None, &all_topics, &topics),
        ("rhythm by days and hours of the week", None, &year, &rhythm),
        ("places, six facets with tones", None, &year, &places),
        ("authors", None, &year, &authors),
        ("thirteen facets", None, &year, &search),
        ("thirteen facets, three of them chosen", None, &with_facets, &search),
        ("thirteen facets of a query, a year", Some(&brand), &year, &search),
        ("thirteen facets of a query, everything", Some(&brand), &everything, &search),
        ("thirteen facets of everything", None, &everything, &search),
        ("rhythm of everything", None, &everything, &rhythm),
    ];
    for (name, query, filter, ask) in questions {
        let mentions = archive.figures(*query, filter, ask)?.mentions;
        row(archive, name, mentions, || archive.figures(*query, filter, ask).map(drop))?;
    }
    let mentions = archive.count(None, &year)?.mentions;
    row(archive, "words beside the year before", mentions, || {
        archive.words(None, &year, None, &before, 300, 20).map(drop)
    })?;
    row(archive, "words beside everything", mentions, || {
        archive.words(None, &year, None, &everything, 300, 20).map(drop)
    })?;
    row(archive, "sample of 400", mentions, || archive.sample(None, &year, 400).map(drop))?;
    Ok(())
}

/// What is left out unless it is asked for is left out; of the last days.
fn usual(topic: Option<i64>, days: Option<i64>) -> Filter {
    Filter {
        from: days.map(days_before),
        before: days.map(|_| end()),
        topics: topic.map(TopicId).into_iter().collect(),
        states: vec![MentionState::New, MentionState::Kept],
        without_copies: true,
        without_spam: true,
        ..Filter::default()
    }
}

fn query(text: &str) -> Result<Query, String> {
    let reading = Reading { scope: Scope::Mentions, lists: &NoLists };
    parse_with(text, &reading).query.ok_or_else(|| format!("`{text}` does not parse"))
}

fn row(archive: &Archive, name: &str, mentions: u64, mut ask: impl FnMut() -> Result<(), Error>) -> Result<(), Error> {
    let begun = processor_seconds();
    let cold = times(COLD, || {
        archive.keep_answers(0);
        archive.keep_answers(REMEMBERED);
        ask()
    })?;
    let between = processor_seconds();
    let warm = times(WARM, ask)?;
    let used = |seconds: f64, runs: usize| format!("{:.1}", seconds * 1_000.0 / runs as f64);
    let (cold_used, warm_used) = (used(between - begun, COLD), used(processor_seconds() - between, WARM));
    println!("{name:<44} {mentions:>10} {cold:>19} {cold_used:>8} {warm:>19} {warm_used:>8}");
    Ok(())
}

fn times(runs: usize, mut ask: impl FnMut() -> Result<(), Error>) -> Result<String, Error> {
    let mut took = Vec::with_capacity(runs);
    for _ in 0..runs {
        let started = Instant::now();
        ask()?;
        took.push(milliseconds(started.elapsed()));
    }
    took.sort_by(f64::total_cmp);
    Ok(format!("{:.2} / {:.2}", took[runs / 2], took[runs * 95 / 100]))
}

fn milliseconds(duration: Duration) -> f64 {
    duration.as_secs_f64() * 1_000.0
}

/// Of all threads of this process.
fn processor_seconds() -> f64 {
    let stat = std::fs::read_to_string("/proc/self/stat").unwrap_or_default();
    let fields = stat.rsplit_once(')').map(|(_, fields)| fields).unwrap_or_default();
    // User and system time are the 14th and 15th field of all, in hundredths of a second.
    fields.split_whitespace().skip(11).take(2).filter_map(|ticks| ticks.parse::<f64>().ok()).sum::<f64>() / 100.0
}

fn memory() -> String {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let of = |name: &str| {
        let line = status.lines().find_map(|line| line.strip_prefix(name));
        line.and_then(|line| line.split_whitespace().next()?.parse::<u64>().ok()).unwrap_or(0) >> 10
    };
    format!("memory: {} MB resident, {} MB of it not files, {} MB at most", of("VmRSS:"), of("RssAnon:"), of("VmHWM:"))
}

fn size(folder: &Path) -> std::io::Result<u64> {
    let mut bytes = 0;
    for entry in std::fs::read_dir(folder)? {
        let entry = entry?;
        bytes += if entry.file_type()?.is_dir() { size(&entry.path())? } else { entry.metadata()?.len() };
    }
    Ok(bytes)
}
