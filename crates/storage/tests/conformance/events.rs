//! The event log, and opening.

use std::time::Duration;

use molva_domain::{EventId, EventKind};
use molva_storage::kept::KeptLimits;
use molva_storage::{Storage, StorageError};

use crate::bench::{Bench, matched};

pub(crate) async fn events_come_in_the_order_of_commits_under_many_writers(bench: &Bench) {
    const WRITERS: i64 = 6;
    const BATCHES: i64 = 15;
    let (topic, other) = (bench.topic("t").await, bench.again().await);
    let from = bench.storage.last_event(bench.workspace).await.unwrap();
    let mut writers = Vec::new();
    for writer in 0..WRITERS {
        let source = bench.source(&format!("s{writer}")).await;
        let storage = if writer % 2 == 0 { bench.storage.clone() } else { other.clone() };
        let batches: Vec<_> = (0..BATCHES)
            .map(|batch| {
                bench.batch(
                    source,
                    vec![matched(writer * 1_000 + batch * 2, topic), matched(writer * 1_000 + batch * 2 + 1, topic)],
                )
            })
            .collect();
        writers.push(tokio::spawn(async move {
            for batch in batches {
                storage.store(vec![batch]).await.unwrap().remove(0).unwrap();
            }
        }));
    }
    // A reader that remembers only the last id it saw.
    let (mut last, mut seen) = (from, Vec::new());
    let expected = usize::try_from(WRITERS * BATCHES * 2).unwrap();
    let mut signal = bench.storage.event_signal();
    let all_read = async {
        while seen.len() < expected {
            let events =
                bench.storage.events_after(bench.workspace, last, &[EventKind::MentionCreated], 7).await.unwrap();
            if let Some(event) = events.last() {
                last = event.id;
            } else {
                // A wake-up may come late, never not at all.
                tokio::time::timeout(Duration::from_secs(30), signal.changed()).await.unwrap().unwrap();
            }
            seen.extend(events.into_iter().map(|event| (event.id, event.subject)));
        }
    };
    tokio::time::timeout(Duration::from_secs(60), all_read).await.unwrap();
    for writer in writers {
        writer.await.unwrap();
    }
    let events = bench.storage.events_after(bench.workspace, from, &[EventKind::MentionCreated], 10_000).await.unwrap();
    let stored: Vec<_> = events.iter().map(|event| (event.id, event.subject)).collect();
    assert_eq!(seen, stored, "the reader saw all of them, in order, once");
    assert_eq!(bench.storage.last_event(bench.workspace).await.unwrap(), stored[stored.len() - 1].0);
    other.close().await;
}

pub(crate) async fn a_commit_wakes_readers_of_every_process(bench: &Bench) {
    let other = bench.again().await;
    let (mut here, mut there) = (bench.storage.event_signal(), other.event_signal());
    here.mark_unchanged();
    there.mark_unchanged();
    bench.topic("t").await;
    assert!(here.has_changed().unwrap(), "the writer's own process is woken at once");
    let last = bench.storage.last_event(bench.workspace).await.unwrap();
    assert!(last > EventId(0));
    tokio::time::timeout(Duration::from_secs(30), there.changed()).await.unwrap().unwrap();
    assert_eq!((*here.borrow_and_update(), *there.borrow_and_update()), (last, last));
    other.close().await;
}

pub(crate) async fn a_newer_database_is_refused(bench: &Bench) {
    let (applied, known) = bench.storage.schema_version().await.unwrap();
    assert_eq!(applied, known);
    bench.sabotage("INSERT INTO schema_migration (version, name, applied_at) VALUES (9999, 'future', 0)").await;
    let refused = Storage::open(bench.options(KeptLimits::default())).await;
    let Err(StorageError::Incompatible(message)) = refused else { panic!("it was opened") };
    assert!(message.contains("9999"), "{message}");
    bench.storage.ping().await.unwrap();
}

pub(crate) async fn two_processes_make_one_workspace(bench: &Bench) {
    bench.sabotage("DELETE FROM workspace").await;
    let other = bench.again().await;
    let (one, two) = tokio::join!(bench.storage.ensure_workspace("A"), other.ensure_workspace("B"));
    assert_eq!(one.unwrap(), two.unwrap());
    other.close().await;
}
