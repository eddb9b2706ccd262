//! Previews and backfill over the kept stream.

use crate::world::{World, item};

async fn kept() -> (World, molva_domain::SourceId) {
    let world = World::new().await;
    let source = world.source("import").await;
    let mut items: Vec<_> =
        (0..500).map(|n| item(&n.to_string(), &format!("обычный день номер {n} в городе"))).collect();
    items.push(item("a", "Берег закрыл отделение на нашей улице"));
    items.push(item("b", "в Береге опять очередь"));
    assert_eq!(world.ingest(source, items).await.unmatched, 502);
    (world, source)
}

#[tokio::test(flavor = "multi_thread")]
async fn a_preview_finds_what_was_kept_and_shows_where() {
    let (world, _source) = kept().await;
    let query = molva_query::parse("берег").query.expect("a query");
    let preview = world.pipeline.preview(world.workspace, query, 1).await.expect("a preview");
    assert_eq!((preview.scanned, preview.matched, preview.hits.len()), (502, 2, 1));
    assert!(!preview.hits[0].spans.is_empty() && !preview.cut_short);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_preview_also_sees_posts_that_other_topics_stored() {
    let world = World::new().await;
    let source = world.source("import").await;
    world.topic("Волна", "волна").await;
    world.ingest(source, vec![item("1", "Волна и Берег открыли общий офис")]).await;
    let query = molva_query::parse("берег").query.expect("a query");
    let preview = world.pipeline.preview(world.workspace, query, 10).await.expect("a preview");
    assert_eq!((preview.scanned, preview.matched), (1, 1));
}

#[tokio::test(flavor = "multi_thread")]
async fn backfill_turns_kept_posts_into_mentions_once_and_moves_the_ledger() {
    let (world, source) = kept().await;
    let topic = world.topic("Берег", "берег").await;
    let added = world.pipeline.backfill(world.workspace, topic, |_, _| {}).await.expect("backfilled");
    let again = world.pipeline.backfill(world.workspace, topic, |_, _| {}).await.expect("backfilled");
    assert_eq!((added, again), (2, 0));
    assert_eq!(world.mentions(topic).await.len(), 2);
    let tally = world.tally(source).await;
    assert!(tally.balances());
    assert_eq!((tally.received, tally.stored, tally.unmatched), (502, 2, 500));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_post_that_a_backfill_stored_is_previewed_once() {
    let (world, _source) = kept().await;
    let topic = world.topic("Берег", "берег").await;
    world.pipeline.backfill(world.workspace, topic, |_, _| {}).await.expect("backfilled");
    let query = molva_query::parse("берег").query.expect("a query");
    let preview = world.pipeline.preview(world.workspace, query, 10).await.expect("a preview");
    assert_eq!((preview.scanned, preview.matched, preview.hits.len()), (502, 2, 2));
}
