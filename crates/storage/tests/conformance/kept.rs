//! The kept stream: crash, damage, expiry, backfill.

use std::fs::{self, OpenOptions};
use std::io::Write as _;
use std::ops::ControlFlow;
use std::os::unix::fs::FileExt as _;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use molva_domain::{EventId, EventKind, WorkspaceId};
use molva_storage::Storage;
use molva_storage::intake::{FoundPost, MatchSpan, PreparedItem};
use molva_storage::kept::{KeptLimits, KeptPost, KeptStatus};
use molva_storage::mention::MentionFilter;

use crate::bench::{Bench, START, matched, post, prepared, tally, unmatched};

/// Every kept post in the order of the scan, by block, and the number of damaged blocks.
async fn blocks(storage: &Storage, workspace: WorkspaceId) -> (Vec<Vec<KeptPost>>, u64) {
    let found = Arc::new(Mutex::new(Vec::new()));
    let into = Arc::clone(&found);
    let damaged = storage
        .scan_kept(workspace, 1, move |block| {
            let posts: Vec<KeptPost> = (0..block.len()).map(|index| block.post(index).unwrap()).collect();
            for (index, kept) in posts.iter().enumerate() {
                let title = kept.post.title.as_deref().unwrap_or_default();
                assert_eq!(block.text(index), (title, kept.post.text.as_str()));
            }
            into.lock().unwrap().push(posts);
            ControlFlow::Continue(())
        })
        .await
        .unwrap();
    let blocks = std::mem::take(&mut *found.lock().unwrap());
    (blocks, damaged)
}

/// The same without the blocks.
pub(crate) async fn scan(storage: &Storage, workspace: WorkspaceId) -> (Vec<KeptPost>, u64) {
    let (blocks, damaged) = blocks(storage, workspace).await;
    (blocks.into_iter().flatten().collect(), damaged)
}

fn many(numbers: std::ops::Range<i64>) -> Vec<PreparedItem> {
    numbers.map(unmatched).collect()
}

/// Numbers of posts, sorted.
fn numbers(posts: &[KeptPost]) -> Vec<i64> {
    let mut numbers: Vec<i64> =
        posts.iter().map(|kept| kept.post.text.rsplit(' ').next().unwrap().parse().unwrap()).collect();
    numbers.sort_unstable();
    numbers
}

pub(crate) async fn what_was_kept_is_scanned_back(bench: &Bench) {
    let source = bench.source("one").await;
    bench.store(source, many(0..2_500)).await;
    bench.clock.advance(Duration::from_secs(60));
    bench.store(source, vec![prepared(post(2_500), 77, &[])]).await;

    let (found, damaged) = scan(&bench.storage, bench.workspace).await;
    assert_eq!(damaged, 0);
    assert_eq!(found[0], KeptPost { source: source.0, content_hash: 77, post: post(2_500) });
    assert_eq!(numbers(&found), (0..=2_500).collect::<Vec<_>>());
    // Several threads see the same, and `Break` ends the scan.
    let count = Arc::new(Mutex::new(0));
    let into = Arc::clone(&count);
    let visit = move |block: &molva_storage::kept::KeptBlock| {
        *into.lock().unwrap() += block.len();
        ControlFlow::Continue(())
    };
    bench.storage.scan_kept(bench.workspace, 4, visit).await.unwrap();
    assert_eq!(*count.lock().unwrap(), 2_501);
    let seen = Arc::new(Mutex::new(0));
    let into = Arc::clone(&seen);
    let visit = move |_: &molva_storage::kept::KeptBlock| {
        *into.lock().unwrap() += 1;
        ControlFlow::Break(())
    };
    bench.storage.scan_kept(bench.workspace, 1, visit).await.unwrap();
    assert_eq!(*seen.lock().unwrap(), 1);
    let KeptStatus { posts, bytes, oldest, newest } = bench.storage.kept_status(bench.workspace).await.unwrap();
    assert_eq!((posts, oldest, newest), (2_501, Some(START), Some(START.plus(Duration::from_secs(60)))));
    assert!(bytes > 1_000 && bytes < 400_000, "{bytes} bytes");
    assert_eq!(bench.storage.check().await.unwrap(), Vec::<String>::new());
}

pub(crate) async fn posts_that_come_one_by_one_share_a_block(bench: &Bench) {
    let source = bench.source("one").await;
    for number in 0..520 {
        bench.store(source, vec![unmatched(number)]).await;
    }
    let (blocks, _) = blocks(&bench.storage, bench.workspace).await;
    assert_eq!(blocks.iter().map(Vec::len).collect::<Vec<_>>(), [8, 512]);
    assert_eq!(numbers(&blocks.concat()), (0..520).collect::<Vec<_>>());
    assert_eq!(bench.storage.kept_status(bench.workspace).await.unwrap().posts, 520);
}

pub(crate) async fn bytes_behind_the_committed_length_are_cut_off(bench: &Bench) {
    let source = bench.source("one").await;
    bench.store(source, many(0..600)).await;
    let path = bench.segments().remove(0);
    let committed = fs::read(&path).unwrap();
    // A whole block of a transaction that never was, and half of another.
    let mut file = OpenOptions::new().append(true).open(&path).unwrap();
    file.write_all(&committed).unwrap();
    file.write_all(&committed[..committed.len() / 2]).unwrap();
    assert_eq!(scan(&bench.storage, bench.workspace).await.0.len(), 600);

    bench.store(source, many(600..1_200)).await;
    let (found, damaged) = scan(&bench.storage, bench.workspace).await;
    assert_eq!((numbers(&found), damaged), ((0..1_200).collect::<Vec<_>>(), 0));
    assert_eq!(bench.segments(), std::slice::from_ref(&path));
    assert_eq!(fs::read(&path).unwrap()[..committed.len()], committed);
}

pub(crate) async fn a_damaged_block_is_skipped_and_counted(bench: &Bench) {
    let source = bench.source("one").await;
    let mut ends = Vec::new();
    for block in 0..4 {
        bench.store(source, many(block * 600..block * 600 + 600)).await;
        ends.push(fs::metadata(&bench.segments()[0]).unwrap().len());
    }
    let file = OpenOptions::new().write(true).open(&bench.segments()[0]).unwrap();
    // The middle of the second block's body, and the third block's header.
    file.write_all_at(b"damage", (ends[0] + ends[1]) / 2).unwrap();
    file.write_all_at(b"damage", ends[1] + 2).unwrap();
    let (found, damaged) = scan(&bench.storage, bench.workspace).await;
    let expected: Vec<i64> = (0..600).chain(1_800..2_400).collect();
    assert_eq!((numbers(&found), damaged), (expected, 2));
}

pub(crate) async fn a_file_cut_short_is_not_written_to_again(bench: &Bench) {
    let source = bench.source("one").await;
    bench.store(source, many(0..600)).await;
    bench.store(source, many(600..1_200)).await;
    let path = bench.segments().remove(0);
    let length = fs::metadata(&path).unwrap().len();
    OpenOptions::new().write(true).open(&path).unwrap().set_len(length - 100).unwrap();
    assert_eq!(bench.storage.check().await.unwrap().len(), 1);
    bench.store(source, many(1_200..1_800)).await;
    assert_eq!(bench.segments().len(), 2);
    let (found, damaged) = scan(&bench.storage, bench.workspace).await;
    let expected: Vec<i64> = (0..600).chain(1_200..1_800).collect();
    assert_eq!((numbers(&found), damaged), (expected, 1));
}

fn found_post(kept: KeptPost) -> FoundPost {
    FoundPost { kept, spans: Vec::new(), judged: None, signature: Vec::new() }
}

pub(crate) async fn a_backfill_moves_posts_in_the_ledger(bench: &Bench) {
    let (source, old) = (bench.source("one").await, bench.topic("old").await);
    bench.store(source, many(0..600)).await;
    bench.clock.advance(Duration::from_secs(7_200));
    bench.store(source, vec![unmatched(600), prepared(post(700), 0, &[old])]).await;
    let topic = bench.topic("new").await;
    let (found, _) = scan(&bench.storage, bench.workspace).await;
    let spans = vec![MatchSpan { in_title: false, start: 1, end: 3 }];
    let wanted = [3, 5, 600];
    let hits: Vec<_> = found
        .into_iter()
        .filter(|kept| wanted.contains(&numbers(std::slice::from_ref(kept))[0]))
        .chain([KeptPost { source: source.0, content_hash: 0, post: post(700) }])
        .chain([KeptPost { source: source.0, content_hash: 0, post: post(9_999) }])
        .map(|kept| FoundPost { spans: spans.clone(), ..found_post(kept) })
        .collect();
    let (storage, workspace) = (&bench.storage, bench.workspace);
    assert_eq!(storage.store_backfill(workspace, topic, hits.clone(), None).await.unwrap(), 4);
    assert_eq!(storage.store_backfill(workspace, topic, hits.clone(), None).await.unwrap(), 0);

    assert_eq!(bench.total().await, tally(4, 598, 0, 0));
    let hours = storage.ledger_hours(workspace, None, START.minus(Duration::from_secs(3_600))).await.unwrap();
    assert_eq!(hours.iter().map(|hour| hour.tally).collect::<Vec<_>>(), [tally(2, 598, 0, 0), tally(2, 0, 0, 0)]);
    let filter = MentionFilter { topics: vec![topic], ..MentionFilter::default() };
    let page = storage.mentions(workspace, &filter, None, 10).await.unwrap();
    let texts: Vec<_> = page.mentions.iter().map(|mention| mention.post.text.as_str()).collect();
    assert_eq!(texts, ["пост номер 700", "пост номер 600", "пост номер 5", "пост номер 3"]);
    assert_eq!((page.mentions[0].topics.as_slice(), &page.mentions[3].spans), (&[old, topic][..], &spans));
    let events = storage.events_after(workspace, EventId(0), &[EventKind::MentionCreated], 100).await.unwrap();
    assert_eq!(events.len(), 5);
    // What was backfilled is known as before.
    assert_eq!(bench.store(source, vec![unmatched(3), matched(600, old)]).await, tally(0, 0, 2, 0));
    let gone = bench.topic("gone").await;
    storage.delete_topic(workspace, molva_domain::Actor::System, gone).await.unwrap();
    assert_eq!(storage.store_backfill(workspace, gone, hits, None).await.unwrap(), 0);
}

pub(crate) async fn a_kept_post_deleted_by_its_network_is_not_scanned(bench: &Bench) {
    let (source, topic) = (bench.source("one").await, bench.topic("t").await);
    bench.store(source, many(0..600)).await;
    bench.store(source, many(600..603)).await;
    let (before, _) = scan(&bench.storage, bench.workspace).await;
    let deleted = [4, 601];
    bench.store(source, deleted.iter().map(|number| PreparedItem::Deleted(post(*number).urn)).collect()).await;
    let (found, damaged) = scan(&bench.storage, bench.workspace).await;
    let expected: Vec<i64> = (0..603).filter(|number| !deleted.contains(number)).collect();
    assert_eq!((numbers(&found), damaged), (expected, 0));
    assert_eq!(bench.store(source, vec![unmatched(4)]).await, tally(0, 0, 1, 0));
    let hits = before.into_iter().filter(|kept| deleted.contains(&numbers(std::slice::from_ref(kept))[0]));
    let hits = hits.map(found_post).collect();
    assert_eq!(bench.storage.store_backfill(bench.workspace, topic, hits, None).await.unwrap(), 0);
}

pub(crate) async fn old_segments_are_dropped_and_their_posts_may_come_again(bench: &Bench) {
    let (source, topic) = (bench.source("one").await, bench.topic("t").await);
    let day = Duration::from_secs(24 * 3_600);
    bench.store(source, many(0..600)).await;
    bench.store(source, many(600..603)).await;
    let (found, _) = scan(&bench.storage, bench.workspace).await;
    let stored = found.into_iter().filter(|kept| kept.post == post(7)).map(found_post).collect();
    assert_eq!(bench.storage.store_backfill(bench.workspace, topic, stored, None).await.unwrap(), 1);
    bench.clock.advance(2 * day);
    bench.store(source, many(2_000..2_600)).await;
    assert_eq!((bench.segments().len(), bench.storage.expire_kept(bench.workspace).await.unwrap()), (2, 0));
    bench.clock.advance(day + Duration::from_secs(1));

    let freed = bench.storage.expire_kept(bench.workspace).await.unwrap();
    assert!(freed > 0);
    assert_eq!(bench.segments().len(), 1);
    let (found, damaged) = scan(&bench.storage, bench.workspace).await;
    // The waiting posts of the first day went into the second day's segment.
    let expected: Vec<i64> = (600..603).chain(2_000..2_600).collect();
    assert_eq!((numbers(&found), damaged), (expected, 0));
    // Post 7 is stored and stays known, the others of its segment may come again.
    assert_eq!(bench.store(source, vec![unmatched(6), unmatched(7), unmatched(2_000)]).await, tally(0, 1, 2, 0));
    // Waiting posts leave by age too.
    bench.clock.advance(4 * day);
    bench.storage.expire_kept(bench.workspace).await.unwrap();
    assert_eq!(bench.storage.kept_status(bench.workspace).await.unwrap(), KeptStatus::default());
    assert_eq!(bench.store(source, vec![unmatched(6)]).await, tally(0, 1, 0, 0));
}

pub(crate) async fn too_much_is_dropped_oldest_first(bench: &Bench) {
    let limits = KeptLimits { max_bytes: 60_000, ..KeptLimits::default() };
    let storage = bench.again_with(limits).await;
    let source = bench.source("one").await;
    for call in 0..12 {
        let batch = bench.batch(source, many(call * 600..call * 600 + 600));
        storage.store(vec![batch]).await.unwrap().remove(0).unwrap();
    }
    let before = storage.kept_status(bench.workspace).await.unwrap();
    assert!(before.bytes > limits.max_bytes, "{before:?}");
    let freed = storage.expire_kept(bench.workspace).await.unwrap();
    let after = storage.kept_status(bench.workspace).await.unwrap();
    assert_eq!(before.bytes - after.bytes, freed);
    assert!(after.bytes <= limits.max_bytes && after.bytes > limits.max_bytes / 2, "{after:?}");
    let (found, _) = scan(&storage, bench.workspace).await;
    let last = i64::try_from(after.posts).unwrap();
    assert_eq!(numbers(&found), (7_200 - last..7_200).collect::<Vec<_>>());
    storage.close().await;
}
