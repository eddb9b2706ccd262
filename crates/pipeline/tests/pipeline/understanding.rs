//! Mentions are judged and told apart from their copies while they arrive; what people say holds.

use std::time::{Duration, Instant};

use molva_connectors::Item;
use molva_domain::{Actor, ModelId, SourceId, Tone, TopicId};
use molva_enrichment::Models;
use molva_pipeline::ActiveModel;
use molva_storage::mention::{Mention, MentionChange};

use crate::world::{World, item};

const OUTAGE: &str =
    "С самого утра в Казани не работает мобильный интернет от Ромашки, служба поддержки молчит и не отвечает";
const OUTAGE_EDITED: &str = "RT @novosti: С самого утра в Казани не работает мобильный интернет от Ромашки, служба поддержки молчит!! https://t.co/abc";
const PRICES: &str =
    "Ромашка снова подняла цены на все тарифы, теперь безлимит стоит девятьсот рублей в месяц вместо семисот";

/// The mentions by their texts' first letters, in the order of arrival.
async fn by_arrival(world: &World, topic: TopicId) -> Vec<Mention> {
    let mut mentions = world.mentions(topic).await;
    mentions.sort_by_key(|mention| mention.id);
    mentions
}

async fn arrives(world: &World, source: SourceId, id: &str, text: &str) {
    assert_eq!(world.ingest(source, vec![item(id, text)]).await.stored, 1);
}

fn other_model(id: i64) -> ActiveModel {
    ActiveModel { id: ModelId(id), models: Models::silent().into() }
}

async fn all_judged(world: &World) {
    let begun = Instant::now();
    loop {
        let progress = world.pipeline.judging().await.expect("progress");
        if progress.done == progress.total && progress.total > 0 {
            return;
        }
        assert!(begun.elapsed() < Duration::from_secs(60), "not judged within a minute: {progress:?}");
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_mention_is_judged_when_it_arrives() {
    let world = World::new().await;
    let (source, topic) = (world.source("import").await, world.topic("Ромашка", "ромашк*").await);
    let hated = "Ромашка ужасная компания, связь отвратительная, обманули с тарифом и хамят, ненавижу";
    arrives(&world, source, "1", hated).await;
    let mention = by_arrival(&world, topic).await.remove(0);
    let judged = mention.judged.clone().expect("a judgement");
    assert_eq!(
        (mention.model, mention.tone, judged.tone),
        (Some(ModelId::SHIPPED), Some(Tone::Negative), Tone::Negative)
    );
    assert_eq!((mention.intents, mention.stage), (Some(judged.intents), judged.stage));
    assert!(mention.by_people.is_empty() && mention.spam.is_some());
    let explained = world.pipeline.explain(mention).await.expect("reasons");
    assert_eq!((explained.model, explained.judgement.rounded()), (ModelId::SHIPPED, judged));
    assert!(!explained.reasons.tone.is_empty(), "a tone is said for reasons");
}

#[tokio::test(flavor = "multi_thread")]
async fn another_model_judges_what_is_stored_and_people_keep_their_word() {
    let world = World::new().await;
    let (source, topic) = (world.source("import").await, world.topic("Ромашка", "ромашк*").await);
    let items: Vec<Item> = (0..450).map(|n| item(&n.to_string(), &format!("Ромашка работает {n}"))).collect();
    assert_eq!(world.ingest(source, items).await.stored, 450);
    let last = by_arrival(&world, topic).await.remove(0);
    let change = MentionChange { tone: Some(Some(Tone::Positive)), ..MentionChange::default() };
    world.storage.change_mentions(world.workspace, Actor::System, &[last.id], &change).await.expect("changed");

    world.pipeline.use_model(other_model(7));
    all_judged(&world).await;
    let all = world.storage.mentions_to_judge(world.workspace, ModelId(7), (0.into(), i64::MAX.into()), 10_000).await;
    assert_eq!(all.expect("an answer").mentions, []);
    let corrected = world.storage.mention(world.workspace, last.id).await.expect("read").expect("there");
    assert_eq!(
        (corrected.tone, corrected.by_people.tone, corrected.model),
        (Some(Tone::Positive), true, Some(ModelId(7)))
    );
    // What arrives now is judged by it at once.
    arrives(&world, source, "new", "Ромашка ужасна").await;
    assert_eq!(by_arrival(&world, topic).await.pop().expect("a mention").model, Some(ModelId(7)));

    // A new process has nothing to do for the model that it starts with, but judges anew for another.
    let world = world.restart().await;
    world.pipeline.use_model(other_model(8));
    all_judged(&world).await;
    let models: Vec<_> = by_arrival(&world, topic).await.into_iter().map(|mention| mention.model).collect();
    assert_eq!(models, vec![Some(ModelId(8)); models.len()]);
}

#[tokio::test(flavor = "multi_thread")]
async fn copies_join_a_story_across_topics_and_restarts() {
    let world = World::new().await;
    let source = world.source("import").await;
    let (brand, city) = (world.topic("Ромашка", "ромашк*").await, world.topic("Казань", "казан*").await);
    arrives(&world, source, "1", OUTAGE).await;
    arrives(&world, source, "2", PRICES).await;
    let world = world.restart().await;
    arrives(&world, source, "3", OUTAGE_EDITED).await;
    let mentions = by_arrival(&world, brand).await;
    let story = Some(mentions[0].post_id.into());
    let of: Vec<_> = mentions.iter().map(|mention| (mention.story, mention.story_posts)).collect();
    assert_eq!(of, [(story, 2), (None, 0), (story, 2)]);
    let told = world.storage.story(world.workspace, mentions[0].post_id.into()).await.expect("read").expect("a story");
    assert_eq!((told.posts, told.mentions, told.topics), (2, 4, vec![brand, city]));
    assert_eq!(world.storage.miscounted_stories(world.workspace).await.expect("a recount"), []);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_people_say_of_stories_holds_after_a_restart() {
    let world = World::new().await;
    let (source, topic) = (world.source("import").await, world.topic("Ромашка", "ромашк*").await);
    arrives(&world, source, "1", OUTAGE).await;
    arrives(&world, source, "2", PRICES).await;
    arrives(&world, source, "3", OUTAGE_EDITED).await;
    let posts: Vec<_> = by_arrival(&world, topic).await.iter().map(|mention| mention.post_id).collect();
    let (outage, prices) = (posts[0].into(), posts[1].into());
    let merged = world.pipeline.merge_stories(world.workspace, Actor::System, prices, outage).await.expect("merged");
    assert_eq!(merged.expect("a story").posts, 3);
    arrives(&world, source, "4", &format!("{PRICES}!")).await;
    let world = world.restart().await;
    arrives(&world, source, "5", &format!("{PRICES} :(")).await;
    let told = world.storage.story(world.workspace, prices).await.expect("read").expect("a story");
    assert_eq!((told.id, told.posts), (outage, 5));

    let split = world.pipeline.split_story(world.workspace, Actor::System, outage, &posts[2..]).await.expect("split");
    let split = split.expect("a story of its own");
    assert_eq!((split.posts, split.split_by_people), (1, true));
    arrives(&world, source, "6", OUTAGE_EDITED).await;
    let world = world.restart().await;
    arrives(&world, source, "7", OUTAGE_EDITED).await;
    let mentions = by_arrival(&world, topic).await;
    let of: Vec<_> = mentions[5..].iter().map(|mention| mention.story).collect();
    assert_eq!(of, [Some(split.id), Some(split.id)]);
    assert_eq!(world.storage.miscounted_stories(world.workspace).await.expect("a recount"), []);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_look_back_judges_and_tells_stories_too() {
    let world = World::new().await;
    let source = world.source("import").await;
    world.topic("Другое", "одуванчик*").await;
    let tally = world.ingest(source, vec![item("1", OUTAGE), item("2", OUTAGE_EDITED), item("3", PRICES)]).await;
    assert_eq!(tally.unmatched, 3);
    let topic = world.topic("Ромашка", "ромашк*").await;
    assert_eq!(world.pipeline.backfill(world.workspace, topic, |_, _| {}).await.expect("looked back"), 3);
    let mentions = by_arrival(&world, topic).await;
    assert!(mentions.iter().all(|mention| mention.model == Some(ModelId::SHIPPED)));
    let mut sizes: Vec<u64> = mentions.iter().map(|mention| mention.story_posts).collect();
    sizes.sort_unstable();
    assert_eq!(sizes, [0, 2, 2]);
}
