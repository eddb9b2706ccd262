//! The live screen: nothing lost, nothing twice.

use std::time::Duration;

use futures_util::StreamExt as _;
use molva_domain::{Actor as By, EventId, EventKind, TopicKind, TopicLevel};
use molva_storage::topic::TopicDraft;
use reqwest::{Method, Response};
use serde_json::{Value, json};

use crate::actors::{Actor, World};

/// One frame: event, id, data.
#[derive(Clone, Debug, PartialEq)]
struct Frame {
    event: String,
    id: i64,
    data: Value,
}

/// A browser's `EventSource`.
struct Stream {
    body: std::pin::Pin<Box<dyn futures_util::Stream<Item = reqwest::Result<Vec<u8>>> + Send>>,
    buffer: String,
}

impl Stream {
    async fn open(actor: &Actor, path: &str, after: Option<i64>) -> Self {
        let mut request = actor.request(Method::GET, path);
        if let Some(after) = after {
            request = request.header("last-event-id", after);
        }
        let response: Response = request.send().await.expect("a stream");
        assert_eq!(response.status(), 200);
        assert_eq!(response.headers()["content-type"], "text/event-stream");
        let body = response.bytes_stream().map(|piece| piece.map(|bytes| bytes.to_vec()));
        Self { body: Box::pin(body), buffer: String::new() }
    }

    /// The next frame; `None` when the server ended the stream.
    async fn next(&mut self) -> Option<Frame> {
        loop {
            if let Some(end) = self.buffer.find("\n\n") {
                let text: String = self.buffer.drain(..end + 2).collect();
                let field = |name: &str| {
                    text.lines().find_map(|line| line.strip_prefix(name)).unwrap_or_default().trim().to_owned()
                };
                let data = serde_json::from_str(&field("data:")).expect("data is JSON");
                return Some(Frame { event: field("event:"), id: field("id:").parse().expect("an id"), data });
            }
            let piece =
                tokio::time::timeout(Duration::from_secs(60), self.body.next()).await.expect("a sign of life")?;
            self.buffer.push_str(std::str::from_utf8(&piece.expect("a piece")).expect("whole characters"));
        }
    }

    async fn take(&mut self, count: usize) -> Vec<Frame> {
        let mut frames = Vec::new();
        while frames.len() < count {
            let frame = self.next().await.expect("the stream goes on");
            if frame.event != "ping" {
                frames.push(frame);
            }
        }
        frames
    }
}

/// Writes events: one for each topic.
async fn make_topics(world: &World, names: std::ops::Range<usize>) {
    for name in names {
        let (level, kind) = (TopicLevel::Brand, TopicKind::Own);
        let draft =
            TopicDraft { name: name.to_string(), level, kind, query: "слово".to_owned(), lists: Vec::new() };
        world.storage.create_topic(world.workspace, By::System, draft).await.expect("a topic");
    }
}

async fn ids_in_storage(world: &World, after: i64) -> Vec<i64> {
    let kinds = [EventKind::TopicCreated];
    let events = world.storage.events_after(world.workspace, EventId(after), &kinds, 100_000).await.expect("events");
    events.iter().map(|event| event.id.0).collect()
}

fn ids(frames: &[Frame]) -> Vec<i64> {
    frames.iter().map(|frame| frame.id).collect()
}

#[tokio::test]
async fn a_stream_that_is_cut_again_and_again_loses_nothing_and_doubles_nothing() {
    let world = World::start().await;
    let program = world.token(&["read"]).await;
    let mut stream = Stream::open(&program, "/api/events", None).await;
    let hello = stream.next().await.expect("hello");
    assert_eq!(hello.event, "hello");
    let start = hello.id;

    let (mut seen, mut last) = (Vec::new(), start);
    for round in 0..6 {
        make_topics(&world, round * 20..round * 20 + 10).await;
        // Cut in the middle: some were sent, some not.
        let frames = stream.take(3 + round % 3).await;
        last = frames.last().map_or(last, |frame| frame.id);
        seen.extend(ids(&frames));
        drop(stream);
        make_topics(&world, round * 20 + 10..round * 20 + 20).await;
        stream = Stream::open(&program, "/api/events", Some(last)).await;
        let hello = stream.next().await.expect("hello");
        assert_eq!((hello.event.as_str(), hello.id), ("hello", last));
    }
    let wanted = ids_in_storage(&world, start).await;
    assert_eq!(wanted.len(), 120);
    let rest = stream.take(wanted.len() - seen.len()).await;
    seen.extend(ids(&rest));
    assert_eq!(seen, wanted);
}

#[tokio::test]
async fn events_come_as_they_happen_and_in_their_own_words() {
    let world = World::start().await;
    let program = world.token(&["read"]).await;
    let mut stream = Stream::open(&program, "/api/events", None).await;
    let hello = stream.next().await.expect("hello");
    // What a token's holder has no business with is not sent.
    world.token(&["write"]).await;
    let started = std::time::Instant::now();
    make_topics(&world, 0..1).await;
    let frame = stream.next().await.expect("a frame");
    assert!(started.elapsed() < Duration::from_secs(10), "{:?}", started.elapsed());
    assert_eq!(frame.event, "topic.created");
    assert!(frame.id > hello.id);
    assert_eq!((&frame.data["kind"], &frame.data["actor"]["kind"]), (&"topic.created".into(), &"system".into()));
    assert_eq!(frame.data["id"], frame.id.to_string());

    let list = json!({"name": "Бренды", "kind": "words", "entries": ["билайн"]});
    let made = world.token(&["write"]).await.post("/api/lists", list).await.expect(201);
    let frame = stream.next().await.expect("a frame");
    assert_eq!((frame.event.as_str(), &frame.data["subject_id"]), ("list.created", &made["id"]));
}

#[tokio::test]
async fn sixty_browsers_all_see_everything() {
    let world = World::start().await;
    let program = world.token(&["read"]).await;
    let mut streams = Vec::new();
    for _ in 0..60 {
        let mut stream = Stream::open(&program, "/api/events", None).await;
        assert_eq!(stream.next().await.map(|frame| frame.event).as_deref(), Some("hello"));
        streams.push(stream);
    }
    make_topics(&world, 0..200).await;
    let wanted = ids_in_storage(&world, 0).await;
    assert_eq!(wanted.len(), 200);
    let readers = streams.into_iter().map(|mut stream| tokio::spawn(async move { ids(&stream.take(200).await) }));
    for reader in readers.collect::<Vec<_>>() {
        assert_eq!(reader.await.expect("frames"), wanted);
    }
}

#[tokio::test]
async fn an_id_of_another_database_resets_the_client() {
    let world = World::start().await;
    let program = world.token(&["read"]).await;
    make_topics(&world, 0..2).await;
    let mut stream = Stream::open(&program, "/api/events", Some(i64::MAX - 1)).await;
    stream.next().await.expect("hello");
    let reset = stream.next().await.expect("reset");
    let last = world.storage.last_event(world.workspace).await.expect("the last event");
    assert_eq!((reset.event.as_str(), reset.id), ("reset", last.0));
    make_topics(&world, 2..3).await;
    assert_eq!(stream.next().await.map(|frame| frame.event).as_deref(), Some("topic.created"));
}

#[tokio::test]
async fn a_burst_larger_than_the_ring_reaches_a_client_from_storage_and_a_gap_too_large_resets_it() {
    let world = World::start().await;
    let owner = world.owner().await;
    let body = json!({"name": "Билайн", "level": "brand", "kind": "own", "query": "билайн"});
    owner.post("/api/topics", body).await.expect(201);
    let source = owner.post("/api/sources", json!({"connector": "push", "name": "Отзывы"})).await.expect(201);
    let path = format!("/api/push/{}", source["id"].as_str().expect("an id"));
    let sender = world.token(&["push"]).await;
    let push = async |ids: std::ops::Range<u32>| {
        let posts: Vec<_> = ids.map(|id| json!({"id": id, "text": format!("Билайн {id}")})).collect();
        sender.post(&path, json!(posts)).await.expect(202);
    };

    let program = world.token(&["read"]).await;
    let mut stream = Stream::open(&program, "/api/events", None).await;
    let start = stream.next().await.expect("hello").id;
    push(0..6_000).await;
    let frames = stream.take(6_000).await;
    assert!(frames.iter().all(|frame| frame.event == "mention.created"));
    let kinds = [EventKind::MentionCreated];
    let stored = world.storage.events_after(world.workspace, EventId(start), &kinds, 10_000).await.expect("events");
    assert_eq!(ids(&frames), stored.iter().map(|event| event.id.0).collect::<Vec<_>>());

    push(6_000..10_100).await;
    let mut late = Stream::open(&program, "/api/events", Some(start)).await;
    assert_eq!(late.next().await.map(|frame| frame.event).as_deref(), Some("hello"));
    let reset = late.next().await.expect("reset");
    let last = world.storage.last_event(world.workspace).await.expect("the last event");
    assert_eq!((reset.event.as_str(), reset.id), ("reset", last.0));
}

#[tokio::test]
async fn a_client_that_asks_for_one_topic_hears_nothing_of_the_others() {
    let world = World::start().await;
    let owner = world.owner().await;
    let mut topics = Vec::new();
    for name in ["билайн", "мтс"] {
        let body = json!({"name": name, "level": "brand", "kind": "own", "query": name});
        topics.push(owner.post("/api/topics", body).await.expect(201)["id"].as_str().expect("an id").to_owned());
    }
    let source = owner.post("/api/sources", json!({"connector": "push", "name": "Отзывы"})).await.expect(201);
    let path = format!("/api/push/{}", source["id"].as_str().expect("an id"));
    let program = world.token(&["read"]).await;
    let mut stream = Stream::open(&program, &format!("/api/events?topic={}", topics[1]), None).await;
    stream.next().await.expect("hello");
    let posts = json!([{"id": 1, "text": "билайн"}, {"id": 2, "text": "мтс"}, {"id": 3, "text": "билайн и мтс"}]);
    world.token(&["push"]).await.post(&path, posts).await.expect(202);
    for frame in stream.take(2).await {
        assert_eq!((frame.event.as_str(), &frame.data["topic_id"]), ("mention.created", &json!(topics[1])));
    }
}

#[tokio::test]
async fn open_streams_do_not_hold_up_the_end() {
    let mut world = World::start().await;
    let program = world.token(&["read"]).await;
    let mut stream = Stream::open(&program, "/api/events", None).await;
    stream.next().await.expect("hello");
    world.stop.cancel();
    assert_eq!(stream.next().await, None);
    let server = std::mem::replace(&mut world.server, tokio::spawn(async {}));
    tokio::time::timeout(Duration::from_secs(30), server).await.expect("the server ends").expect("in order");
}
