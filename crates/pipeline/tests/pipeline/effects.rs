//! What each part of a query brings or takes away.

use std::time::{Duration, Instant};

use molva_domain::{Actor, Tone};
use molva_query::{NoLists, Reading, Role, Scope, parse_with};
use molva_storage::mention::MentionChange;

use crate::world::{World, item};

async fn effects(world: &World, query: &str) -> molva_pipeline::Effects {
    let query = molva_query::parse(query).query.expect("a query");
    world.pipeline.effects(world.workspace, query).await.expect("effects")
}

/// Text of the clause, its role and its change.
fn told<'a>(query: &'a str, effects: &molva_pipeline::Effects) -> Vec<(&'a str, Role, i64)> {
    let clause =
        |effect: &molva_pipeline::Effect| (&query[effect.clause.span.clone()], effect.clause.role, effect.change);
    effects.clauses.iter().map(clause).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn every_part_is_counted_over_kept_and_stored_posts() {
    let world = World::new().await;
    let source = world.source("import").await;
    world.topic("Вакансии", "вакансия").await;
    let texts = ["Волна хороша", "Волна и Берег", "Берег и вакансия", "вакансия в Волне", "погода"];
    let items = texts.iter().enumerate().map(|(number, text)| item(&number.to_string(), text)).collect();
    let tally = world.ingest(source, items).await;
    assert_eq!((tally.stored, tally.unmatched), (2, 3));

    let query = "(волна OR берег) NOT вакансия";
    let counted = effects(&world, query).await;
    assert_eq!((counted.scanned, counted.matched, counted.cut_short), (5, 2, false));
    let told = told(query, &counted);
    // Without the choice nothing would be demanded.
    let expected = [("волна", Role::Any, 1), ("берег", Role::Any, 0), ("NOT вакансия", Role::Excluded, -2)];
    assert_eq!(told, expected);
}

#[tokio::test(flavor = "multi_thread")]
async fn parts_that_ask_for_judgements_are_counted_over_mentions() {
    let world = World::new().await;
    let source = world.source("import").await;
    let topic = world.topic("Волна", "волна").await;
    let texts = ["Волна хороша", "Волна лежит", "Волна и Берег", "Берег без всего"];
    let items = texts.iter().enumerate().map(|(number, text)| item(&number.to_string(), text)).collect();
    assert_eq!(world.ingest(source, items).await.stored, 3);
    let mentions = world.mentions(topic).await;
    let bad: Vec<_> = mentions.iter().filter(|mention| !mention.post.text.contains("хороша")).map(|m| m.id).collect();
    let change = MentionChange { tone: Some(Some(Tone::Negative)), ..MentionChange::default() };
    world.storage.change_mentions(world.workspace, Actor::System, &bad, &change).await.expect("judged");

    let query = "tone:negative topic:Волна NOT берег";
    let reading = Reading { scope: Scope::Mentions, lists: &NoLists };
    let parsed = parse_with(query, &reading).query.expect("a query");
    let counted = world.pipeline.effects(world.workspace, parsed).await.expect("effects");
    assert_eq!((counted.scanned, counted.matched, counted.cut_short), (3, 1, false));
    let expected =
        [("tone:negative", Role::Required, -1), ("topic:Волна", Role::Required, 0), ("NOT берег", Role::Excluded, -1)];
    assert_eq!(told(query, &counted), expected);
}

#[tokio::test(flavor = "multi_thread")]
async fn no_more_than_three_thousand_posts_are_looked_at_each_once() {
    let world = World::new().await;
    let source = world.source("import").await;
    let items = (0..4_000).map(|number| item(&number.to_string(), &format!("Волна номер {number}"))).collect();
    assert_eq!(world.ingest(source, items).await.unmatched, 4_000);
    let topic = world.topic("Волна", "волна").await;
    world.pipeline.backfill(world.workspace, topic, |_, _| {}).await.expect("backfilled");
    let counted = effects(&world, "волна AND номер").await;
    assert_eq!((counted.scanned, counted.matched), (3_000, 3_000));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_query_of_very_many_parts_ends_in_time_and_says_what_it_left_out() {
    let world = World::new().await;
    let source = world.source("import").await;
    world.ingest(source, vec![item("1", "слово1 слово2")]).await;
    let words: Vec<String> = (0..3_000).map(|number| format!("=слово{number}")).collect();
    let started = Instant::now();
    let counted = effects(&world, &words.join(" OR ")).await;
    assert_eq!((counted.matched, counted.cut_short), (1, true));
    assert!((1..=100).contains(&counted.clauses.len()), "{}", counted.clauses.len());
    // Two seconds, and slack for machines that run tests.
    assert!(started.elapsed() < Duration::from_secs(20), "{:?}", started.elapsed());
}
