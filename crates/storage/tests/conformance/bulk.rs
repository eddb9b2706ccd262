//! Many mentions at once, and what a copy of them is held against.

use std::time::Duration;

use molva_domain::{Actor, EventId, EventKind, MentionId, Timestamp};
use molva_storage::intake::PreparedItem;
use molva_storage::mention::{Mention, MentionFilter};

use crate::bench::{Bench, START, matched, post, prepared};

fn ids(mentions: &[Mention]) -> Vec<MentionId> {
    mentions.iter().map(|mention| mention.id).collect()
}

async fn listed(bench: &Bench) -> Vec<Mention> {
    let filter = MentionFilter { with_copies: true, ..MentionFilter::default() };
    bench.storage.mentions(bench.workspace, &filter, None, 200).await.unwrap().mentions
}

pub(crate) async fn mentions_of_a_stretch_of_time_come_page_by_page_newest_first(bench: &Bench) {
    let (source, topic) = (bench.source("one").await, bench.topic("t").await);
    let day = |number: i64| START.plus(Duration::from_secs(86_400 * number.unsigned_abs()));
    let items = (0..40).map(|number| {
        let mut post = post(number);
        // Several at one moment: pages must not lose any of them.
        (post.published_at, post.fetched_at) = (day(number / 4), day(number / 4));
        prepared(post, 0, &[topic])
    });
    bench.store(source, items.collect()).await;
    let span = (day(2), day(8));
    let (mut read, mut after) = (Vec::new(), None);
    loop {
        let page = bench.storage.mentions_in_time(bench.workspace, span, after, 5).await.unwrap();
        let Some(last) = page.last() else { break };
        after = Some((last.post.sort_at(), last.id));
        read.extend(page);
    }
    let expected: Vec<Mention> =
        listed(bench).await.into_iter().filter(|mention| (span.0..span.1).contains(&mention.post.sort_at())).collect();
    assert_eq!((read.len(), ids(&read)), (24, ids(&expected)));
    assert_eq!(read.iter().map(|mention| mention.topics.clone()).collect::<Vec<_>>(), vec![vec![topic]; 24]);

    let newest = |before: Timestamp| bench.storage.newest_mention_before(bench.workspace, before);
    assert_eq!(newest(day(100)).await.unwrap(), Some(day(9)));
    assert_eq!(newest(day(9)).await.unwrap(), Some(day(8)));
    assert_eq!(newest(START).await.unwrap(), None);
}

pub(crate) async fn mentions_in_bulk_are_those_of_topics_that_live(bench: &Bench) {
    let source = bench.source("one").await;
    let (one, two) = (bench.topic("one").await, bench.topic("two").await);
    let both = prepared(post(0), 0, &[one, two]);
    let items: Vec<PreparedItem> = [both].into_iter().chain((1..300).map(|number| matched(number, one))).collect();
    bench.store(source, items).await;
    let created = [EventKind::MentionCreated];
    let events = bench.storage.events_after(bench.workspace, EventId(0), &created, 1_000).await.unwrap();
    let mut all: Vec<MentionId> = events.iter().map(|event| event.subject.into()).collect();
    all.push(MentionId(1));
    let mut read = bench.storage.mentions_in_bulk(bench.workspace, &all).await.unwrap();
    read.sort_by_key(|mention| mention.id);
    assert_eq!(read.len(), 301);
    let shared: Vec<_> = read.iter().filter(|mention| mention.topics == [one, two]).collect();
    assert_eq!((shared.len(), shared[0].post_id), (2, shared[1].post_id));
    let siblings = bench.storage.mentions_of_posts(bench.workspace, &[shared[0].post_id]).await.unwrap();
    assert_eq!(siblings.iter().map(|sibling| sibling.id).collect::<Vec<_>>(), [shared[0].id, shared[1].id]);
    let counts = bench.storage.count_by_topic(bench.workspace).await.unwrap();
    assert_eq!(counts, [(one, 300), (two, 1)]);

    bench.storage.delete_topic(bench.workspace, Actor::System, one).await.unwrap();
    let left = bench.storage.mentions_in_bulk(bench.workspace, &all).await.unwrap();
    assert_eq!(left.iter().map(|mention| mention.topics.clone()).collect::<Vec<_>>(), [vec![two]]);
    assert_eq!(bench.storage.count_by_topic(bench.workspace).await.unwrap(), [(two, 1)]);
}

pub(crate) async fn a_deletion_says_which_copies_stand_for_themselves_now(bench: &Bench) {
    let (source, topic) = (bench.source("one").await, bench.topic("t").await);
    bench.store(source, (0..3).map(|number| prepared(post(number), 7, &[topic])).collect()).await;
    let mut mentions = listed(bench).await;
    mentions.sort_by_key(|mention| mention.id);
    bench.store(source, vec![PreparedItem::Deleted(post(0).urn)]).await;
    let deleted = [EventKind::PostDeleted];
    let events = bench.storage.events_after(bench.workspace, EventId(0), &deleted, 10).await.unwrap();
    let promoted = format!("{{\"promoted\":[\"{}\"]}}", mentions[1].id);
    assert_eq!(events.iter().map(|event| event.change.clone()).collect::<Vec<_>>(), [Some(promoted)]);
    assert_eq!(bench.storage.count_by_topic(bench.workspace).await.unwrap(), [(topic, 2)]);
}
