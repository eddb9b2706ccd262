//! Batches: what becomes of items.

use std::time::Duration;

use molva_domain::{
    Actor, Author, Community, Engagement, EventId, EventKind, Language, Media, MediaKind, Post, PostKind,
    RejectionReason, Tally, Timestamp, Urn, Visibility,
};
use molva_storage::StorageError;
use molva_storage::intake::{PreparedBatch, PreparedItem};
use molva_storage::ledger::LedgerHour;
use molva_storage::mention::MentionFilter;
use molva_storage::source::Lease;

use crate::bench::{Bench, START, matched, post, prepared, rejected, tally, unmatched};

pub(crate) async fn every_item_ends_in_one_outcome_and_the_sums_balance(bench: &Bench) {
    let (source, topic) = (bench.source("one").await, bench.topic("t").await);
    let items = vec![
        matched(1, topic),
        unmatched(2),
        matched(1, topic),
        rejected(RejectionReason::MissingId),
        rejected(RejectionReason::MissingId),
        rejected(RejectionReason::EmptyText),
    ];
    assert_eq!(bench.store(source, items).await, tally(1, 1, 1, 3));
    bench.clock.advance(Duration::from_secs(3_600));
    assert_eq!(bench.store(source, vec![matched(3, topic)]).await, tally(1, 0, 0, 0));

    let storage = &bench.storage;
    assert_eq!(storage.ledger_totals(bench.workspace).await.unwrap(), [(source, tally(2, 1, 1, 3))]);
    let hour = Timestamp::from_secs(START.as_secs() / 3_600 * 3_600);
    let hours = [
        LedgerHour { source, hour, tally: tally(1, 1, 1, 3) },
        LedgerHour { source, hour: hour.plus(Duration::from_secs(3_600)), tally: tally(1, 0, 0, 0) },
    ];
    assert_eq!(storage.ledger_hours(bench.workspace, None, hour).await.unwrap(), hours);
    let since = hour.plus(Duration::from_secs(1));
    assert_eq!(storage.ledger_hours(bench.workspace, Some(source), since).await.unwrap(), hours[1..]);
    assert_eq!(
        storage.rejections(bench.workspace, source).await.unwrap(),
        [(RejectionReason::MissingId, 2), (RejectionReason::EmptyText, 1)]
    );
    let topics = storage.topics(bench.workspace).await.unwrap();
    assert_eq!((topics[0].mentions, topics[0].last_mention_at), (2, Some(post(3).sort_at())));
}

pub(crate) async fn a_post_comes_once_however_often_it_is_delivered(bench: &Bench) {
    let (source, topic) = (bench.source("one").await, bench.topic("t").await);
    bench.store(source, vec![matched(1, topic), unmatched(2)]).await;
    // The same in a later batch, twice in one batch, in two batches of one transaction, and with another result of matching.
    let again = vec![unmatched(1), matched(2, topic), unmatched(3), unmatched(3)];
    assert_eq!(bench.store(source, again).await, tally(0, 1, 3, 0));
    let both = vec![bench.batch(source, vec![matched(4, topic)]), bench.batch(source, vec![matched(4, topic)])];
    let results: Vec<Tally> =
        bench.storage.store(both).await.unwrap().into_iter().map(|result| result.unwrap()).collect();
    assert_eq!(results, [tally(1, 0, 0, 0), tally(0, 0, 1, 0)]);
    let count = bench.storage.count_mentions(bench.workspace, &MentionFilter::default(), 100).await.unwrap();
    assert_eq!((count, bench.total().await), (2, tally(2, 2, 4, 0)));
}

pub(crate) async fn a_replayed_delivery_counts_nothing_and_answers_the_first_tally(bench: &Bench) {
    let (source, topic) = (bench.source("one").await, bench.topic("t").await);
    let delivery = |items| PreparedBatch { delivery: Some("msg_1".to_owned()), ..bench.batch(source, items) };
    let first = tally(1, 1, 0, 1);
    let items = || vec![matched(1, topic), unmatched(2), rejected(RejectionReason::Malformed)];
    assert_eq!(bench.store_batch(delivery(items())).await, first);
    assert_eq!(bench.store_batch(delivery(items())).await, first);
    let other = bench.source("two").await;
    let elsewhere = PreparedBatch { source: other, ..delivery(vec![matched(9, topic)]) };
    assert_eq!(bench.store_batch(elsewhere).await, tally(1, 0, 0, 0));
    // Both at once.
    let twice = || PreparedBatch { delivery: Some("msg_2".to_owned()), ..bench.batch(source, vec![unmatched(3)]) };
    let results = bench.storage.store(vec![twice(), twice()]).await.unwrap();
    let results: Vec<Tally> = results.into_iter().map(|result| result.unwrap()).collect();
    assert_eq!(results, [tally(0, 1, 0, 0), tally(0, 1, 0, 0)]);
    assert_eq!(bench.total().await, tally(2, 2, 0, 1));
}

pub(crate) async fn a_batch_under_a_lost_lease_is_refused_and_the_others_are_stored(bench: &Bench) {
    let (mine, other, topic) = (bench.source("one").await, bench.source("two").await, bench.topic("t").await);
    let (storage, workspace) = (&bench.storage, bench.workspace);
    let lease = storage.take_lease(workspace, mine, "a", Duration::from_secs(30)).await.unwrap().unwrap();
    let under =
        |lease: Lease, number| PreparedBatch { lease: Some(lease), ..bench.batch(mine, vec![matched(number, topic)]) };
    assert_eq!(bench.store_batch(under(lease, 1)).await, tally(1, 0, 0, 0));
    bench.clock.advance(Duration::from_secs(31));
    let newer = storage.take_lease(workspace, mine, "b", Duration::from_secs(30)).await.unwrap().unwrap();
    assert!(newer.fence > lease.fence);
    let gone = bench.source("gone").await;
    storage.delete_source(workspace, Actor::System, gone).await.unwrap();
    let batches = vec![
        under(lease, 2),
        bench.batch(other, vec![matched(3, topic)]),
        under(newer, 4),
        bench.batch(gone, vec![matched(5, topic)]),
    ];
    let results = storage.store(batches).await.unwrap();
    assert!(matches!(&results[0], Err(StorageError::LeaseLost(source)) if *source == mine));
    assert_eq!(results[1].as_ref().ok(), Some(&tally(1, 0, 0, 0)));
    assert_eq!(results[2].as_ref().ok(), Some(&tally(1, 0, 0, 0)));
    assert!(matches!(&results[3], Err(StorageError::SourceGone(source)) if *source == gone));
    assert_eq!(bench.total().await, tally(3, 0, 0, 0));
    // Its time has run out and nobody took it: the holder slept and goes on.
    bench.clock.advance(Duration::from_secs(31));
    assert_eq!(bench.store_batch(under(newer, 6)).await, tally(1, 0, 0, 0));
    storage.renew_lease(workspace, newer, Duration::from_secs(30)).await.unwrap();
    storage.release_lease(workspace, newer).await.unwrap();
    let released = storage.store(vec![under(newer, 7)]).await.unwrap().remove(0);
    assert!(matches!(released, Err(StorageError::LeaseLost(_))));
}

pub(crate) async fn cursor_and_times_move_with_the_batch(bench: &Bench) {
    let source = bench.source("one").await;
    let with_cursor =
        |cursor: Option<&str>, items| PreparedBatch { cursor: cursor.map(str::to_owned), ..bench.batch(source, items) };
    bench.store_batch(with_cursor(Some("c1"), vec![unmatched(5), unmatched(3)])).await;
    bench.clock.advance(Duration::from_secs(60));
    bench.store_batch(with_cursor(None, vec![unmatched(3)])).await;
    let stored = bench.storage.source(bench.workspace, source).await.unwrap().unwrap();
    assert_eq!(stored.cursor.as_deref(), Some("c1"));
    // A duplicate is no new item.
    assert_eq!(stored.last_item_at, Some(START));
    assert_eq!(stored.newest_published_at, Some(post(5).published_at));
}

pub(crate) async fn a_match_of_a_deleted_topic_is_no_match(bench: &Bench) {
    let (source, topic, gone) = (bench.source("one").await, bench.topic("t").await, bench.topic("gone").await);
    bench.storage.delete_topic(bench.workspace, Actor::System, gone).await.unwrap();
    let items = vec![matched(1, gone), prepared(post(2), 0, &[gone, topic, topic])];
    assert_eq!(bench.store(source, items).await, tally(1, 1, 0, 0));
    assert_eq!(bench.storage.kept_status(bench.workspace).await.unwrap().posts, 1);
}

fn full_post() -> Post {
    Post {
        kind: PostKind::Reply,
        visibility: Visibility::Unlisted,
        author: Author {
            urn: Some(Urn::new("urn:smm:test:author:1")),
            handle: Some("Olena".to_owned()),
            name: Some("Олена Ї.".to_owned()),
            url: Some("https://t.example/@Olena".to_owned()),
            followers: Some(1_200),
            verified: Some(true),
            bot: Some(false),
            city: Some("Київ".to_owned()),
            region: Some("Київ".to_owned()),
            country: Some("UA".to_owned()),
        },
        community: Some(Community {
            key: "test/cats".to_owned(),
            title: Some("Cats".to_owned()),
            url: Some("https://t.example/cats".to_owned()),
        }),
        title: Some("Заголовок".to_owned()),
        language: Some(Language::UKRAINIAN),
        url: Some("https://t.example/1".to_owned()),
        edited_at: Some(START),
        in_reply_to: Some(Urn::new("urn:smm:test:post:0")),
        repost_of: Some(Urn::new("urn:smm:test:post:00")),
        quote_of: Some(Urn::new("urn:smm:test:post:000")),
        links: vec!["https://a.example/".to_owned()],
        media: vec![Media {
            kind: MediaKind::Image,
            url: "https://t.example/1.png".to_owned(),
            alt: Some("кіт".to_owned()),
        }],
        engagement: Engagement { likes: Some(0), reposts: None, comments: Some(3), views: Some(4), rating: Some(5) },
        ..post(1)
    }
}

pub(crate) async fn a_stored_post_comes_back_as_it_was(bench: &Bench) {
    let (source, topic, other) = (bench.source("one").await, bench.topic("t").await, bench.topic("u").await);
    bench.store(source, vec![prepared(full_post(), 7, &[topic, other])]).await;
    let page = bench.storage.mentions(bench.workspace, &MentionFilter::default(), None, 10).await.unwrap();
    let [mention] = &page.mentions[..] else { panic!("one mention, not {}", page.mentions.len()) };
    assert_eq!(mention.post, full_post());
    assert_eq!((mention.topic, mention.source, mention.created_at), (topic, source, START));
    assert_eq!(mention.topics, [topic, other]);
    assert_eq!((mention.spans.len(), mention.spans[0].end), (1, 4));
    assert_eq!(page.next, None);
    assert_eq!(bench.storage.mention(bench.workspace, mention.id).await.unwrap().as_ref(), Some(mention));
}

pub(crate) async fn a_nul_is_stored_as_a_replacement_character(bench: &Bench) {
    let (source, topic) = (bench.source("o\0ne").await, bench.topic("t\0").await);
    let mut with_nul = full_post();
    with_nul.text = "a\0b".to_owned();
    with_nul.title = Some("\0".to_owned());
    with_nul.author.name = Some("n\0".to_owned());
    let mut kept = with_nul.clone();
    kept.urn = Urn::new("urn:smm:test:post:\0");
    assert_eq!(
        bench.store(source, vec![prepared(with_nul, 0, &[topic]), prepared(kept, 0, &[])]).await,
        tally(1, 1, 0, 0)
    );
    let page = bench.storage.mentions(bench.workspace, &MentionFilter::default(), None, 10).await.unwrap();
    let stored = &page.mentions[0].post;
    assert_eq!((stored.text.as_str(), stored.title.as_deref()), ("a\u{fffd}b", Some("\u{fffd}")));
    let kept = crate::kept::scan(&bench.storage, bench.workspace).await.0;
    assert_eq!((kept[0].post.text.as_str(), kept[0].post.urn.as_str()), ("a\u{fffd}b", "urn:smm:test:post:\u{fffd}"));
    assert_eq!(bench.storage.sources(bench.workspace).await.unwrap()[0].name, "o\u{fffd}ne");
}

pub(crate) async fn a_post_deleted_by_its_network_loses_its_words(bench: &Bench) {
    let (source, topic) = (bench.source("one").await, bench.topic("t").await);
    bench.store(source, vec![prepared(full_post(), 7, &[topic])]).await;
    let unknown = Urn::new("urn:smm:test:post:unknown");
    let gone = vec![PreparedItem::Deleted(full_post().urn), PreparedItem::Deleted(unknown)];
    assert_eq!(bench.store(source, gone.clone()).await, Tally::default());
    bench.store(source, gone).await;
    let page = bench.storage.mentions(bench.workspace, &MentionFilter::default(), None, 10).await.unwrap();
    let mention = &page.mentions[0];
    assert!(mention.post_deleted && mention.spans.is_empty());
    assert_eq!((mention.post.text.as_str(), mention.post.title.as_deref()), ("", None));
    assert!(mention.post.links.is_empty() && mention.post.media.is_empty());
    let kinds = [EventKind::PostDeleted];
    let events = bench.storage.events_after(bench.workspace, EventId(0), &kinds, 10).await.unwrap();
    assert_eq!(events.iter().map(|event| event.subject).collect::<Vec<_>>(), [mention.post_id.0]);
    assert_eq!(bench.store(source, vec![prepared(full_post(), 7, &[topic])]).await, tally(0, 0, 1, 0));
}

pub(crate) async fn a_deletion_that_comes_before_its_post_holds_for_two_days(bench: &Bench) {
    let (source, topic) = (bench.source("one").await, bench.topic("t").await);
    let gone = |numbers: &[i64]| numbers.iter().map(|number| PreparedItem::Deleted(post(*number).urn)).collect();
    let both = || vec![matched(1, topic), unmatched(2)];
    bench.store(source, gone(&[1, 2, 1])).await;
    bench.store(source, gone(&[2])).await;
    assert_eq!(bench.store(source, both()).await, tally(0, 0, 2, 0));
    // What came in between makes the room; nothing is forgotten before its time.
    bench.clock.advance(Duration::from_secs(2 * 86_400));
    bench.store(source, gone(&[3])).await;
    assert_eq!(bench.store(source, both()).await, tally(0, 0, 2, 0));
    bench.clock.advance(Duration::from_secs(1));
    bench.store(source, gone(&[4])).await;
    assert_eq!(bench.store(source, both()).await, tally(1, 1, 0, 0));
    assert_eq!(bench.store(source, vec![matched(3, topic), matched(4, topic)]).await, tally(0, 0, 2, 0));
    // From here on they are posts like others.
    bench.store(source, gone(&[1, 2])).await;
    let page = bench.storage.mentions(bench.workspace, &MentionFilter::default(), None, 10).await.unwrap();
    assert_eq!(page.mentions.iter().map(|mention| mention.post_deleted).collect::<Vec<_>>(), [true]);
    assert_eq!(crate::kept::scan(&bench.storage, bench.workspace).await.0.len(), 0);
}

pub(crate) async fn quarantine_keeps_the_newest_hundred(bench: &Bench) {
    let source = bench.source("one").await;
    for _ in 0..2 {
        bench.store(source, (0..70).map(|_| rejected(RejectionReason::Malformed)).collect()).await;
        bench.clock.advance(Duration::from_secs(1));
    }
    let kept = bench.storage.quarantine(bench.workspace, source).await.unwrap();
    assert_eq!(kept.len(), 100);
    assert_eq!((kept[0].at, kept[99].at), (START.plus(Duration::from_secs(1)), START));
    assert_eq!((kept[0].place.as_str(), kept[0].sample.as_str()), ("line 1", "{"));
    assert_eq!(bench.storage.rejections(bench.workspace, source).await.unwrap(), [(RejectionReason::Malformed, 140)]);
}

pub(crate) async fn batches_of_many_sizes_are_stored_whole(bench: &Bench) {
    let (source, topic) = (bench.source("one").await, bench.topic("t").await);
    let mut next = 0;
    for size in [0_i64, 1, 3, 5, 17, 63, 64, 65, 255, 257, 700] {
        let items = (next..next + size).map(|number| matched(number, topic)).collect();
        assert_eq!(bench.store(source, items).await, tally(size.unsigned_abs(), 0, 0, 0), "{size} posts");
        next += size;
    }
    let events =
        bench.storage.events_after(bench.workspace, EventId(0), &[EventKind::MentionCreated], 5_000).await.unwrap();
    assert_eq!(events.len(), usize::try_from(next).unwrap());
    let stored = bench.storage.topic(bench.workspace, topic).await.unwrap().unwrap();
    assert_eq!(stored.mentions, next.unsigned_abs());
}
