//! Topics that use named lists, while the lists change.

use std::time::{Duration, Instant};

use molva_domain::{Actor, ListId, ListKind};
use molva_storage::list::ListDraft;

use crate::world::{World, item, median};

/// A changed list must be known to the matcher within 10 ms of the commit; machines that run tests are slow and shared.
const SLACK: Duration = Duration::from_millis(250);

fn draft(name: &str, entries: &[&str]) -> ListDraft {
    let entries = entries.iter().map(ToString::to_string).collect();
    ListDraft { name: name.to_owned(), kind: ListKind::Words, entries }
}

async fn list(world: &World, name: &str, entries: &[&str]) -> ListId {
    let made = world.storage.create_list(world.workspace, Actor::System, draft(name, entries)).await.expect("a list");
    world.pipeline.lists_changed(world.workspace).await.expect("followed");
    made.id
}

#[tokio::test(flavor = "multi_thread")]
async fn a_changed_list_takes_effect_at_once_on_the_topics_that_use_it() {
    let world = World::new().await;
    let source = world.source("import").await;
    let brands = list(&world, "Бренды", &["волна", "дом ру"]).await;
    list(&world, "Люди", &["анна"]).await;
    for number in 0..300 {
        world.topic(&format!("тема {number}"), &format!("слово{number} OR другое{number}")).await;
    }
    let topic = world.topic_with("Связь", "list:бренды AND связь", &["бренды"]).await;
    let ingest = |id: &'static str, text: &'static str| world.ingest(source, vec![item(id, text)]);
    assert_eq!(ingest("1", "связь от Волны").await.stored, 1);
    assert_eq!(ingest("2", "связь от Берега").await.unmatched, 1);

    let mut times = Vec::new();
    for version in 1..=20 {
        let entries: &[&str] = if version % 2 == 1 { &["берег"] } else { &["волна"] };
        let change = draft("Бренды", entries);
        let changed = world.storage.update_list(world.workspace, Actor::System, brands, version, change).await;
        let committed = Instant::now();
        changed.expect("stored").expect("there");
        world.pipeline.lists_changed(world.workspace).await.expect("followed");
        times.push(committed.elapsed());
    }
    let (old, new) = ("связь от Берега снова", "связь от Волны снова");
    assert_eq!((ingest("3", old).await.unmatched, ingest("4", new).await.stored), (1, 1));
    assert_eq!(world.mentions(topic).await.len(), 2);
    let usual = median(&mut times);
    println!("a changed list was known to the matcher {usual:?} after the commit");
    assert!(usual < SLACK, "{usual:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_changed_topic_takes_effect_at_once() {
    let world = World::new().await;
    let topic = world.topic("Связь", "волна").await;
    let mut times = Vec::new();
    for round in 0..20 {
        let draft = molva_storage::topic::TopicDraft {
            name: "Связь".to_owned(),
            level: molva_domain::TopicLevel::Brand,
            kind: molva_domain::TopicKind::Own,
            query: format!("волна{round}"),
            lists: Vec::new(),
        };
        world.storage.update_topic(world.workspace, Actor::System, topic, draft).await.expect("stored");
        let committed = Instant::now();
        world.pipeline.topics_changed(world.workspace, &[topic]).await.expect("followed");
        times.push(committed.elapsed());
    }
    let source = world.source("import").await;
    assert_eq!(world.ingest(source, vec![item("1", "волна18"), item("2", "волна19")]).await.stored, 1);
    let usual = median(&mut times);
    println!("a changed topic was known to the matcher {usual:?} after the commit");
    assert!(usual < SLACK, "{usual:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_list_that_another_process_changes_takes_effect_within_a_second() {
    let world = World::new().await;
    let source = world.source("import").await;
    let brands = list(&world, "Бренды", &["волна"]).await;
    world.topic_with("Связь", "list:бренды", &["бренды"]).await;
    let other = world.other_process().await;
    let mut times = Vec::new();
    for (version, word) in [(1, "берег"), (2, "залив"), (3, "лиман")] {
        let change = draft("Бренды", &[word]);
        let changed = other.update_list(world.workspace, Actor::System, brands, version, change).await;
        changed.expect("stored").expect("there");
        let committed = Instant::now();
        for turn in 0.. {
            let text = format!("связь от {word}");
            if world.ingest(source, vec![item(&format!("{version}-{turn}"), &text)]).await.stored == 1 {
                break;
            }
            assert!(committed.elapsed() < Duration::from_secs(60), "the change of another process is not noticed");
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
        times.push(committed.elapsed());
    }
    println!("lists of another process were known to the matcher after {times:?}");
    assert!(median(&mut times) < Duration::from_secs(1) + SLACK);
    other.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_topic_whose_list_vanished_matches_nothing_until_it_is_back_and_the_others_go_on() {
    let world = World::new().await;
    let source = world.source("import").await;
    let brands = list(&world, "Бренды", &["волна"]).await;
    // Nobody noted the use, so nothing keeps the list.
    world.topic_with("Связь", "list:бренды", &[]).await;
    world.topic("Берег", "берег").await;
    let ingest = |id: &'static str| world.ingest(source, vec![item(id, "Волна"), item(&format!("{id}b"), "Берег")]);
    assert_eq!(ingest("1").await.stored, 2);
    assert!(world.storage.delete_list(world.workspace, Actor::System, brands).await.expect("deleted"));
    world.pipeline.lists_changed(world.workspace).await.expect("followed");
    let tally = ingest("2").await;
    assert_eq!((tally.stored, tally.unmatched), (1, 1));
    list(&world, "бренды", &["волна"]).await;
    assert_eq!(ingest("3").await.stored, 2);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_look_back_and_a_restart_read_topics_with_their_lists() {
    let world = World::new().await;
    let source = world.source("import").await;
    assert_eq!(world.ingest(source, vec![item("1", "связь от Волны")]).await.unmatched, 1);
    list(&world, "Бренды", &["волна"]).await;
    let topic = world.topic_with("Связь", "list:бренды", &["бренды"]).await;
    let added = world.pipeline.backfill(world.workspace, topic, |_, _| {}).await.expect("backfilled");
    assert_eq!(added, 1);
    let world = world.restart().await;
    assert_eq!(world.ingest(source, vec![item("2", "снова Волна")]).await.stored, 1);
}

/// A name of so many letters that it is nobody's form, and its topic words beside.
fn name(number: usize) -> String {
    const SYLLABLES: [&str; 10] = ["ба", "ве", "ги", "до", "ку", "лы", "мя", "не", "ро", "ту"];
    let digits = number.to_string();
    digits.bytes().map(|digit| SYLLABLES[usize::from(digit - b'0')]).collect::<String>() + "тель"
}

#[tokio::test(flavor = "multi_thread")]
async fn a_long_list_of_many_topics_is_read_once_and_holds_nothing_up() {
    const ENTRIES: usize = 9_000;
    let world = World::new().await;
    let source = world.source("import").await;
    let names = |from: usize| (from..from + ENTRIES).map(name).collect::<Vec<_>>();
    let as_draft = |entries: Vec<String>| ListDraft { name: "Бренды".to_owned(), kind: ListKind::Words, entries };
    let made = world.storage.create_list(world.workspace, Actor::System, as_draft(names(10_000))).await;
    let made = made.expect("a list");
    world.pipeline.lists_changed(world.workspace).await.expect("followed");
    for number in 0..20 {
        world.topic_with(&format!("тема {number}"), &format!("list:бренды слово{number}"), &["бренды"]).await;
    }
    let change = as_draft(names(20_000));
    let changed = world.storage.update_list(world.workspace, Actor::System, made.id, 1, change).await;
    let committed = Instant::now();
    changed.expect("stored").expect("there");
    world.pipeline.lists_changed(world.workspace).await.expect("followed");
    let took = committed.elapsed();
    let (old, new) = (format!("{} слово7", name(10_001)), format!("{} слово7", name(28_999)));
    assert_eq!(world.ingest(source, vec![item("1", &old), item("2", &new)]).await.stored, 1);
    // A change beside it does not wait for the list.
    let before = Instant::now();
    world.topic("Связь", "волна").await;
    println!("a list of {ENTRIES} in 20 topics: {took:?}; a topic beside it: {:?}", before.elapsed());
    // Half a second on an idle machine; read once a topic it would be ten.
    assert!(took < Duration::from_secs(20), "{took:?}");
}
