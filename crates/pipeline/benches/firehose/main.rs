//! Whether the raw stream of Bluesky can be followed on one core: events come over a real WebSocket, are decoded by the
//! connector and matched against 10,000 queries.
//!
//! `cargo bench -p molva-pipeline --bench firehose`. With `MOLVA_TEST_PDS` (see `scripts/servers/bluesky.sh`) the events are those
//! that the data server told of posts written there, over and over with later numbers; else they are made here in the same form.
//! The listening thread is timed by its own processor's clock, so that the figure holds on a shared machine; the sender has
//! a thread of its own. `mixed` is one post among eight events, about as on the network; the others are likes, which
//! have to be read and dropped.

#![allow(clippy::print_stdout, clippy::unwrap_used, reason = "a program to be read by people")]

mod frames;
#[path = "../../../matcher/benches/percolate/workload.rs"]
#[expect(dead_code, reason = "the benchmark of the matcher asks it for more")]
mod workload;

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};

use futures_util::{SinkExt as _, StreamExt as _};
use molva_connectors::bluesky::Bluesky;
use molva_connectors::connector::BoxFuture;
use molva_connectors::http::{HttpClient, HttpLimits};
use molva_connectors::{Batch, Connector as _, ConnectorError, Delivery, Item, Report, Session, Settings};
use molva_domain::{SystemClock, Tally};
use molva_matcher::{Matcher, Scratch, Snapshot};
use molva_query::parse;
use tokio::net::TcpListener;
use tokio_tungstenite::tungstenite::Message;
use tokio_util::bytes::Bytes;
use tokio_util::sync::CancellationToken;

use workload::{Mix, Workload};

type Failure = Box<dyn std::error::Error>;

const QUERIES: usize = 10_000;
const EVENTS: usize = 60_000;
/// Events a second.
const BAR: f64 = 5_000.0;

fn main() -> Result<(), Failure> {
    let workload = Workload::new(None, None)?;
    let queries = workload.queries(QUERIES, Mix::default());
    let matcher = Matcher::new();
    workload.posts().iter().step_by(25).for_each(|post| matcher.observe("", &post.text));
    let parsed: Vec<_> = queries.iter().filter_map(|text| parse(text).query).collect();
    matcher.put_all(parsed.iter().enumerate().map(|(id, query)| (id as i64, query)));
    matcher.settle();
    let snapshot = matcher.snapshot();
    let texts: Vec<&str> = workload.posts().iter().map(|post| post.text.as_str()).take(4_000).collect();
    let (recorded, origin) = frames::recorded(&texts)?;
    println!("{} queries, events {origin}", snapshot.len());
    for (title, one_in) in [("posts only", 1), ("mixed", 8)] {
        let frames = frames::amplified(&recorded, EVENTS, one_in);
        let bytes: usize = frames.iter().map(Bytes::len).sum();
        let posts = EVENTS / one_in;
        let (seconds, matches) = follow(frames, posts, Arc::clone(&snapshot))?;
        let rate = EVENTS as f64 / seconds;
        println!(
            "  {title:<10} {rate:>9.0} events/s on one core ({} bytes each, {posts} posts, {matches} matches)   bar {BAR}: x {:.1}",
            bytes / EVENTS,
            rate / BAR
        );
    }
    Ok(())
}

/// Seconds of processor of the thread that listens and matches, and how much matched.
fn follow(frames: Vec<Bytes>, posts: usize, snapshot: Arc<Snapshot>) -> Result<(f64, usize), Failure> {
    let (address, sender) = serve(frames)?;
    let listener = std::thread::spawn(move || {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        runtime.block_on(async {
            let cancel = CancellationToken::new();
            let matching = Arc::new(Matching {
                snapshot,
                scratch: Mutex::default(),
                left: AtomicUsize::new(posts),
                matches: AtomicUsize::new(0),
                done: cancel.clone(),
            });
            let session = session(&address, Arc::clone(&matching), cancel);
            let started = processor_seconds();
            let _cancelled = Bluesky.listen(&session).await;
            let seconds = processor_seconds() - started;
            assert_eq!(matching.left.load(Ordering::Relaxed), 0, "posts are missing");
            (seconds, matching.matches.load(Ordering::Relaxed))
        })
    });
    let result = listener.join().map_err(|_panic| "the listener panicked")?;
    sender.join().map_err(|_panic| "the sender panicked")?;
    Ok(result)
}

/// A server that sends all frames to who connects first.
fn serve(frames: Vec<Bytes>) -> Result<(String, std::thread::JoinHandle<()>), Failure> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    let socket = runtime.block_on(TcpListener::bind("127.0.0.1:0"))?;
    let address = format!("http://{}", socket.local_addr()?);
    let thread = std::thread::spawn(move || {
        runtime.block_on(async {
            let (connection, _peer) = socket.accept().await.unwrap();
            let mut stream = tokio_tungstenite::accept_async(connection).await.unwrap();
            for frame in frames {
                stream.feed(Message::Binary(frame)).await.unwrap();
            }
            stream.flush().await.unwrap();
            // Until the listener has read it all and goes.
            while let Some(Ok(_)) = stream.next().await {}
        });
    });
    Ok((address, thread))
}

fn session(address: &str, matching: Arc<Matching>, cancel: CancellationToken) -> Session {
    let values = [("mode", "firehose"), ("host", address)].map(|(key, value)| (key.to_owned(), value.to_owned()));
    let allowed_private_hosts = vec!["127.0.0.1".to_owned()];
    Session {
        source_key: "bench".to_owned(),
        settings: Settings::new(values.into(), Default::default()).with_defaults(Bluesky.descriptor().settings),
        cursor: None,
        clock: Arc::new(SystemClock),
        http: HttpClient::new(HttpLimits { allowed_private_hosts, ..HttpLimits::default() }),
        cancel,
        delivery: matching,
        time_scale: 1.0,
        webhook_address: None,
        topics: None,
    }
}

/// Matches what is delivered, and ends the run when all of it has come.
struct Matching {
    snapshot: Arc<Snapshot>,
    scratch: Mutex<Scratch>,
    left: AtomicUsize,
    matches: AtomicUsize,
    done: CancellationToken,
}

impl Delivery for Matching {
    fn deliver<'a>(&'a self, batch: Batch) -> BoxFuture<'a, Result<Tally, ConnectorError>> {
        Box::pin(async move {
            let mut scratch = self.scratch.lock().unwrap();
            let mut posts = 0;
            for item in &batch.items {
                let Item::Post(post) = item else { panic!("an event was not read: {item:?}") };
                posts += 1;
                self.matches.fetch_add(self.snapshot.matches(post, &mut scratch).len(), Ordering::Relaxed);
            }
            if self.left.fetch_sub(posts, Ordering::Relaxed) == posts {
                self.done.cancel();
            }
            Ok(Tally::default())
        })
    }

    fn report<'a>(&'a self, _report: Report) -> BoxFuture<'a, ()> {
        Box::pin(async {})
    }
}

/// Time this thread has been on a processor.
fn processor_seconds() -> f64 {
    let text = std::fs::read_to_string("/proc/thread-self/schedstat").unwrap();
    text.split_whitespace().next().unwrap().parse::<f64>().unwrap() / 1e9
}
