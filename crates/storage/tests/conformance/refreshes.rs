//! Posts that are asked about again.

use std::time::Duration;

use molva_domain::{PostId, SourceId};
use molva_storage::intake::PreparedItem;

use crate::bench::{Bench, matched, post};

const HOUR: Duration = Duration::from_secs(3_600);

async fn due(bench: &Bench, source: SourceId, limit: u32) -> Vec<(PostId, String)> {
    let due = bench.storage.due_refreshes(bench.workspace, source, limit).await.unwrap();
    due.into_iter().map(|due| (due.id, due.post.urn.as_str().to_owned())).collect()
}

pub(crate) async fn posts_of_a_source_are_due_when_planned_until_they_are_not_any_more(bench: &Bench) {
    let (source, other, topic) = (bench.source("one").await, bench.source("two").await, bench.topic("t").await);
    let before = PostId(0);
    bench.store(source, vec![matched(1, topic), matched(2, topic)]).await;
    bench.store(other, vec![matched(3, topic)]).await;
    bench.store(source, vec![PreparedItem::Deleted(post(2).urn)]).await;
    bench.clock.advance(Duration::from_secs(1));
    let until = PostId::first_at(bench.storage.now());
    bench.store(source, vec![matched(4, topic)]).await;
    let plan =
        async |after, until| bench.storage.plan_refreshes(bench.workspace, source, (after, until), HOUR).await.unwrap();
    // What is gone, of another source, or younger is not planned; what is planned stays as it is.
    assert_eq!((plan(before, until).await, plan(before, until).await), (1, 0));
    assert_eq!(due(bench, source, 10).await, []);
    bench.clock.advance(HOUR);
    let known = bench.storage.due_refreshes(bench.workspace, source, 10).await.unwrap();
    assert_eq!(known[0].post.text, post(1).text, "a post is looked up as it is known");
    let first = due(bench, source, 10).await;
    assert_eq!(first.iter().map(|(_, urn)| urn.as_str()).collect::<Vec<_>>(), [post(1).urn.as_str()]);
    let next = [(first[0].0, Some(bench.storage.now().plus(HOUR)))];
    bench.storage.note_refreshes(bench.workspace, &next).await.unwrap();
    assert_eq!(due(bench, source, 10).await, []);
    assert_eq!(plan(until, PostId(i64::MAX)).await, 1);
    bench.clock.advance(HOUR * 2);
    assert_eq!(
        (due(bench, source, 10).await.len(), due(bench, source, 1).await, due(bench, other, 10).await.len()),
        (2, first.clone(), 0)
    );
    bench.storage.note_refreshes(bench.workspace, &[(first[0].0, None)]).await.unwrap();
    bench.clock.advance(HOUR * 24);
    assert_eq!(
        due(bench, source, 10).await.into_iter().map(|(_, urn)| urn).collect::<Vec<_>>(),
        [post(4).urn.as_str()]
    );
    let last = due(bench, source, 10).await;
    bench.store(source, vec![PreparedItem::Deleted(post(4).urn)]).await;
    bench.storage.note_refreshes(bench.workspace, &[(last[0].0, Some(bench.storage.now()))]).await.unwrap();
    assert_eq!(due(bench, source, 10).await, [], "what is gone is not asked about, whoever found out");
}
