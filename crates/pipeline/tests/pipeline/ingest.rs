//! One way in, one outcome each.

use molva_connectors::Item;
use molva_domain::{Rejection, RejectionReason, Tally};
use molva_pipeline::Incoming;

use crate::world::{World, item};

#[tokio::test(flavor = "multi_thread")]
async fn every_item_ends_in_one_outcome_and_the_sums_balance() {
    let world = World::new().await;
    let topic = world.topic("Волна", "волна").await;
    let source = world.source("import").await;
    let broken = Rejection::new(RejectionReason::Malformed, "line 3", "not JSON", "{");
    let items = vec![
        item("1", "У Волны опять пропал интернет в Энгельсе"),
        item("2", "Сегодня отличная погода в парке"),
        Item::Rejected(broken),
        item("1", "У Волны опять пропал интернет в Энгельсе"),
    ];
    let tally = world.ingest(source, items).await;
    assert_eq!(tally, Tally { received: 4, stored: 1, unmatched: 1, duplicate: 1, updated: 0, rejected: 1 });
    assert_eq!(world.tally(source).await, tally);
    let mentions = world.mentions(topic).await;
    assert_eq!(mentions.len(), 1);
    let span = mentions[0].spans[0];
    assert_eq!(&mentions[0].post.text[span.start as usize..span.end as usize], "Волны");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_push_delivery_sent_again_counts_nothing_and_answers_the_same() {
    let world = World::new().await;
    let source = world.source("push").await;
    let incoming = Incoming {
        workspace: world.workspace,
        source,
        lease: None,
        items: vec![item("1", "Сегодня отличная погода в парке")],
        cursor: None,
        delivery: Some("msg_1".to_owned()),
    };
    let first = world.pipeline.try_ingest(incoming.clone()).await.expect("stored");
    let second = world.pipeline.try_ingest(incoming).await.expect("answered");
    assert_eq!((first, second), (first, first));
    assert_eq!(world.tally(source).await, first);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_topic_takes_effect_and_loses_it_with_the_next_batch() {
    let world = World::new().await;
    let source = world.source("import").await;
    let topic = world.topic("Волна", "волна").await;
    assert_eq!(world.ingest(source, vec![item("1", "связь от Волны")]).await.stored, 1);
    world.storage.delete_topic(world.workspace, molva_domain::Actor::System, topic).await.expect("deleted");
    world.pipeline.reload_topics(world.workspace).await.expect("reloaded");
    assert_eq!(world.ingest(source, vec![item("2", "связь от Волны снова")]).await.unmatched, 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn many_small_deliveries_at_once_are_all_stored() {
    let world = World::new().await;
    let source = world.source("push").await;
    world.topic("Волна", "волна").await;
    let deliveries = (0..200).map(|number| {
        let items = vec![item(&number.to_string(), &format!("связь от Волны номер {number}"))];
        world.ingest(source, items)
    });
    let tallies = futures_util::future::join_all(deliveries).await;
    assert!(tallies.iter().all(|tally| tally.stored == 1));
    assert_eq!(world.tally(source).await.stored, 200);
}
