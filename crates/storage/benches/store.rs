//! How fast batches become truth, and how fast the truth is found again.
//!
//! `cargo bench -p molva-storage -- [thousands of posts [the one line wanted]]` measures SQLite in a temporary folder, and PostgreSQL when
//! `MOLVA_TEST_POSTGRES` names an empty database that may be filled. Making the posts is not in the times.

#![allow(clippy::print_stdout, clippy::unwrap_used, reason = "a program to be read by people")]

use std::ops::ControlFlow;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use molva_domain::{
    Actor, Language, Post, Secret, SourceId, SystemClock, Timestamp, TopicId, TopicKind, TopicLevel, Urn, WorkspaceId,
};
use molva_storage::intake::{MatchSpan, PreparedBatch, PreparedItem, PreparedPost, TopicMatch};
use molva_storage::kept::KeptLimits;
use molva_storage::mention::MentionFilter;
use molva_storage::source::SourceDraft;
use molva_storage::topic::TopicDraft;
use molva_storage::{Storage, StorageOptions};

const BATCH: u64 = 1_000;
const TOPICS: u64 = 15;

#[tokio::main]
async fn main() {
    let thousands = std::env::args().skip(1).find_map(|argument| argument.parse().ok()).unwrap_or(100);
    measure("sqlite", None, thousands).await;
    if let Ok(url) = std::env::var("MOLVA_TEST_POSTGRES") {
        measure("postgres", Some(Secret::new(url)), thousands).await;
    }
}

struct Bench {
    storage: Storage,
    workspace: WorkspaceId,
    source: SourceId,
    topics: Vec<TopicId>,
    random: u64,
}

async fn measure(engine: &str, postgres_url: Option<Secret>, thousands: u64) {
    let folder = tempfile::tempdir().unwrap();
    let options = StorageOptions {
        data_dir: folder.path().to_owned(),
        postgres_url,
        clock: Arc::new(SystemClock),
        node: 0,
        kept: KeptLimits::default(),
        sealing_key: None,
    };
    let storage = Storage::open(options.clone()).await.unwrap();
    let mut bench = Bench::fill(storage).await;
    println!("{engine}: {thousands} thousand posts each");
    bench.store("a mention each", thousands, 1, 0, |_| true).await;
    bench.store("4 % with a mention", thousands, 1, 1, |number| number % 25 == 0).await;
    bench.store("unmatched", thousands, 1, 2, |_| false).await;
    bench.store("all seen before", thousands.min(100), 1, 2, |_| false).await;
    bench.store("mentions, four batches", thousands, 4, 4, |_| true).await;
    bench.store("unmatched, four batches", thousands, 4, 5, |_| false).await;
    bench.one_by_one().await;
    bench.lists().await;
    bench.scan().await;
    bench.storage.close().await;
    drop(bench);
    let begun = Instant::now();
    let storage = Storage::open(options).await.unwrap();
    storage.ensure_workspace("Bench").await.unwrap();
    println!("  open                     {:>10.1?}", begun.elapsed());
    storage.close().await;
    let files = std::fs::read_dir(folder.path()).unwrap().map(|entry| entry.unwrap());
    for file in files.filter(|file| file.path().is_file()) {
        let megabytes = file.metadata().unwrap().len() >> 20;
        if megabytes > 0 {
            println!("  {:<24} {megabytes:>7} MiB", file.file_name().to_string_lossy());
        }
    }
    if let Ok(status) = std::fs::read_to_string("/proc/self/status") {
        for line in status.lines().filter(|line| line.starts_with("VmHWM") || line.starts_with("VmRSS")) {
            println!("  {line}");
        }
    }
}

/// User and system time of this process: on a shared machine it says more than the clock.
fn cpu_seconds() -> f64 {
    let schedule = std::fs::read_dir("/proc/self/task").map(|tasks| {
        tasks
            .flatten()
            .filter_map(|task| std::fs::read_to_string(task.path().join("schedstat")).ok())
            .filter_map(|line| line.split(' ').next()?.parse::<f64>().ok())
            .sum::<f64>()
    });
    schedule.unwrap_or(0.0) / 1e9
}

impl Bench {
    async fn fill(storage: Storage) -> Self {
        let workspace = storage.ensure_workspace("Bench").await.unwrap().id;
        let draft = SourceDraft {
            connector: "push".to_owned(),
            name: format!("bench {}", storage.now()),
            settings: Default::default(),
            secrets: Default::default(),
        };
        let source = storage.create_source(workspace, Actor::System, draft).await.unwrap().id;
        let mut topics = Vec::new();
        for number in 0..TOPICS {
            let draft = TopicDraft {
                name: format!("topic {number} {}", storage.now()),
                level: TopicLevel::Brand,
                kind: TopicKind::Own,
                query: "слово".to_owned(),
                lists: Vec::new(),
            };
            topics.push(storage.create_topic(workspace, Actor::System, draft).await.unwrap().id);
        }
        Self { storage, workspace, source, topics, random: 0x9e37_79b9_7f4a_7c15 }
    }

    /// `together` batches go into one transaction.
    async fn store(&mut self, what: &str, thousands: u64, together: u64, series: u64, matches: impl Fn(u64) -> bool) {
        if std::env::args().skip(2).any(|wanted| !wanted.starts_with("--") && wanted != what) {
            return;
        }
        let (mut spent, mut cpu) = (Duration::ZERO, 0.0);
        for call in 0..thousands / together {
            let mut batches = Vec::new();
            for batch in call * together..(call + 1) * together {
                let numbers = batch * BATCH..(batch + 1) * BATCH;
                let items = numbers.map(|number| self.item(series, number, matches(number))).collect();
                batches.push(self.batch(items));
            }
            let (begun, cpu_before) = (Instant::now(), cpu_seconds());
            for result in self.storage.store(batches).await.unwrap() {
                result.unwrap();
            }
            spent += begun.elapsed();
            cpu += cpu_seconds() - cpu_before;
        }
        let posts = (thousands / together * together * BATCH) as f64;
        println!(
            "  {what:<24} {:>10.0} posts/s {:>10.0} posts/CPU-s of this process",
            posts / spent.as_secs_f64(),
            posts / cpu.max(0.01)
        );
    }

    async fn one_by_one(&mut self) {
        const POSTS: u64 = 300;
        let items: Vec<_> = (0..POSTS).map(|number| self.item(3, number, number % 2 == 0)).collect();
        let begun = Instant::now();
        for item in items {
            let batch = self.batch(vec![item]);
            self.storage.store(vec![batch]).await.unwrap().remove(0).unwrap();
        }
        println!("  one post a transaction   {:>10.1?} each", begun.elapsed() / 300);
    }

    async fn lists(&self) {
        let filters = [
            ("first page", MentionFilter::default()),
            ("first page of a topic", MentionFilter { topics: vec![self.topics[3]], ..MentionFilter::default() }),
            ("page of three topics", MentionFilter { topics: self.topics[..3].to_vec(), ..MentionFilter::default() }),
            (
                "page of a rare text",
                MentionFilter { text: Some("Число 77777 ".to_owned()), ..MentionFilter::default() },
            ),
            ("page of a rare author", MentionFilter { author: Some("nobody".to_owned()), ..MentionFilter::default() }),
        ];
        for (what, filter) in filters {
            let begun = Instant::now();
            let page = self.storage.mentions(self.workspace, &filter, None, 50).await.unwrap();
            println!("  {what:<24} {:>10.1?} for {} mentions", begun.elapsed(), page.mentions.len());
        }
        let begun = Instant::now();
        let count = self.storage.count_mentions(self.workspace, &MentionFilter::default(), 100_000).await.unwrap();
        println!("  {:<24} {:>10.1?}", format!("count to {count}"), begun.elapsed());
    }

    async fn scan(&self) {
        let status = self.storage.kept_status(self.workspace).await.unwrap();
        for threads in [1, 2] {
            let bytes = Arc::new(AtomicU64::new(0));
            let into = Arc::clone(&bytes);
            let begun = Instant::now();
            self.storage
                .scan_kept(self.workspace, threads, move |block| {
                    let texts = (0..block.len()).map(|index| block.text(index).1.len() as u64).sum();
                    into.fetch_add(texts, Ordering::Relaxed);
                    ControlFlow::Continue(())
                })
                .await
                .unwrap();
            println!(
                "  {:<24} {:>10.1?} for {} posts, {} MiB of text in {} MiB",
                format!("scan, {threads} threads"),
                begun.elapsed(),
                status.posts,
                bytes.load(Ordering::Relaxed) >> 20,
                status.bytes >> 20
            );
        }
    }

    fn batch(&self, items: Vec<PreparedItem>) -> PreparedBatch {
        PreparedBatch {
            workspace: self.workspace,
            source: self.source,
            lease: None,
            items,
            cursor: Some("cursor".to_owned()),
            delivery: None,
            received_at: self.storage.now(),
        }
    }

    fn item(&mut self, series: u64, number: u64, matched: bool) -> PreparedItem {
        let mut text = format!("Число {number} ");
        while text.len() < 230 {
            text.push_str(WORDS[self.next(WORDS.len() as u64)]);
            text.push(' ');
        }
        let author = self.next(50_000);
        let urn = Urn::of("twitter", None, "post", &format!("{series}{:018}", number * 7_919));
        let published_at = Timestamp::from_secs(1_600_000_000 + i64::try_from(number).unwrap());
        let mut post = Post::new(urn, "twitter", text, published_at, self.storage.now());
        post.author.handle = Some(format!("User_{author}"));
        post.author.name = Some(format!("Автор {author}"));
        post.author.followers = Some(author as u64);
        post.language = Some(Language::RUSSIAN);
        post.url = Some(format!("https://twitter.example/User_{author}/status/{number}"));
        let topic = self.next(TOPICS);
        let topic = self.topics[topic];
        let spans = vec![MatchSpan { in_title: false, start: 0, end: 10 }];
        let matches = if matched { vec![TopicMatch { topic, spans, judged: None }] } else { Vec::new() };
        // One post in ten says what another said before.
        let words = if self.next(10) == 0 { number / 100 } else { series << 40 | number << 8 };
        let content_hash = i64::try_from(words.wrapping_mul(0x9e37_79b9_7f4a_7c15) >> 1).unwrap();
        PreparedItem::Post(Box::new(PreparedPost { post, content_hash, matches, signature: Vec::new() }))
    }

    /// A number below `end`, by xorshift.
    fn next(&mut self, end: u64) -> usize {
        self.random ^= self.random << 13;
        self.random ^= self.random >> 7;
        self.random ^= self.random << 17;
        usize::try_from(self.random % end).unwrap()
    }
}

const WORDS: [&str; 40] = [
    "связь",
    "оператор",
    "сегодня",
    "опять",
    "работает",
    "плохо",
    "интернет",
    "банк",
    "карта",
    "почему",
    "деньги",
    "поддержка",
    "ответили",
    "через",
    "неделю",
    "спасибо",
    "быстро",
    "доставка",
    "магазин",
    "цена",
    "выросла",
    "тариф",
    "москва",
    "киев",
    "дома",
    "телефон",
    "приложение",
    "обновление",
    "снова",
    "упало",
    "кто",
    "знает",
    "подскажите",
    "хороший",
    "сервис",
    "рекомендую",
    "никогда",
    "больше",
    "https://t.example/a1b2c3",
    "#новости",
];
