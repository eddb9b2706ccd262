//! Second opinions are asked for within a budget, and people keep their word.

use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use molva_domain::{Actor, Second, SecondBy, Tone, TopicId};
use molva_enrichment::slow::{Asked, OpinionError, SecondOpinion};
use molva_enrichment::{Enricher, Judgement, Models};
use molva_pipeline::SecondOptions;
use molva_storage::mention::MentionChange;

use crate::world::{World, item};

/// Finds everything positive, after it was busy for so many questions.
#[derive(Default)]
struct Glad {
    busy: AtomicU32,
    asked: Mutex<Vec<String>>,
}

impl SecondOpinion for Glad {
    fn name(&self) -> &str {
        "glad"
    }

    fn knows(&self, asked: &Asked<'_>) -> bool {
        !asked.text.contains("unknown")
    }

    fn judge(&self, models: &Models, asked: &[Asked<'_>]) -> Result<Vec<Option<Judgement>>, OpinionError> {
        if self.busy.fetch_update(Ordering::Relaxed, Ordering::Relaxed, |busy| busy.checked_sub(1)).is_ok() {
            return Err(OpinionError::Later { wait: Duration::from_millis(20), reason: "busy".to_owned() });
        }
        let mut enricher = Enricher::default();
        let one = |asked: &Asked<'_>| {
            self.asked.lock().expect("no panic").push(asked.text.to_owned());
            let Asked { title, text, language, signs, object } = *asked;
            let mut judged = enricher.judge(models, title, text, language, &signs, object);
            judged.tone =
                molva_enrichment::ToneScores { negative: 0.0, neutral: 0.0, positive: 1.0, said: Tone::Positive };
            Some(judged)
        };
        Ok(asked.iter().map(one).collect())
    }
}

fn options(opinion: &Arc<Glad>, a_day: u32, doubt: f32) -> SecondOptions {
    let every = Duration::from_millis(100);
    SecondOptions { opinion: opinion.clone(), by: SecondBy::Encoder, a_day, share: 1.0, doubt, sample: 0.0, every }
}

async fn positive(world: &World, topic: TopicId) -> usize {
    let mentions = world.mentions(topic).await;
    mentions.iter().filter(|mention| mention.tone == Some(Tone::Positive)).count()
}

/// Waits until so many mentions are positive.
async fn until(world: &World, topic: TopicId, wanted: usize) {
    let begun = Instant::now();
    while positive(world, topic).await != wanted {
        let found = positive(world, topic).await;
        assert!(begun.elapsed() < Duration::from_secs(60), "{found} instead of {wanted} after a minute");
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_newest_in_doubt_are_judged_again_until_the_budget_is_spent_and_a_person_keeps_the_word() {
    let world = World::new().await;
    let (source, topic) = (world.source("import").await, world.topic("Ромашка", "ромашк*").await);
    let texts = ["одна", "две unknown", "три", "четыре", "пять", "шесть"];
    for (id, text) in texts.iter().enumerate() {
        world.ingest(source, vec![item(&id.to_string(), &format!("Ромашка: {text}"))]).await;
    }
    let mentions = world.mentions(topic).await;
    let corrected = mentions.iter().find(|mention| mention.post.text.ends_with("шесть")).expect("stored").id;
    let change = MentionChange { tone: Some(Some(Tone::Negative)), ..MentionChange::default() };
    world.storage.change_mentions(world.workspace, Actor::System, &[corrected], &change).await.expect("changed");

    let glad = Arc::new(Glad { busy: AtomicU32::new(2), ..Glad::default() });
    // Everything is in doubt. Questions in vain count too: four at once, then one, and three that are answered.
    world.pipeline.ask_for_second_opinions(options(&glad, 8, 1.1));
    until(&world, topic, 3).await;
    tokio::time::sleep(Duration::from_millis(500)).await;
    let asked = glad.asked.lock().expect("no panic").clone();
    assert_eq!(asked, ["Ромашка: пять", "Ромашка: четыре", "Ромашка: три"]);
    assert_eq!(positive(&world, topic).await, 3);
    let mention = world.storage.mention(world.workspace, corrected).await.expect("read").expect("there");
    assert_eq!((mention.tone, mention.by_people.tone), (Some(Tone::Negative), true));
    for mention in world.mentions(topic).await {
        let before = mentions.iter().find(|before| before.id == mention.id).and_then(|before| before.judged.as_ref());
        let first = before.expect("judged").tone;
        let again = asked.contains(&mention.post.text).then_some(Second { by: SecondBy::Encoder, first });
        assert_eq!(mention.judged.expect("judged").second, again);
    }

    // A new process knows what was asked today.
    let world = world.restart().await;
    world.pipeline.ask_for_second_opinions(options(&glad, 8, 1.1));
    tokio::time::sleep(Duration::from_secs(1)).await;
    assert_eq!(glad.asked.lock().expect("no panic").len(), 3);
    let known = world.pipeline.second_opinions().await.expect("read").expect("asked");
    assert_eq!((known.name.as_str(), known.a_day, known.today), ("glad", 8, 8));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_sample_is_asked_about_though_it_is_in_no_doubt() {
    let world = World::new().await;
    let (source, topic) = (world.source("import").await, world.topic("Ромашка", "ромашк*").await);
    world.ingest(source, vec![item("1", "Ромашка ужасная компания, связь отвратительная, обманули и хамят")]).await;
    let glad = Arc::new(Glad::default());
    world.pipeline.ask_for_second_opinions(SecondOptions { sample: 1.0, ..options(&glad, 100, 0.0) });
    until(&world, topic, 1).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn one_mention_of_a_story_is_asked_about_and_the_others_follow() {
    let world = World::new().await;
    let (source, topic) = (world.source("import").await, world.topic("Ромашка", "ромашк*").await);
    let text =
        "С самого утра в Казани не работает мобильный интернет от Ромашки, служба поддержки молчит и не отвечает";
    for (id, edit) in ["", "RT @novosti: ", "!!! "].iter().enumerate() {
        world.ingest(source, vec![item(&id.to_string(), &format!("{edit}{text}"))]).await;
    }
    // The first did not know yet that it would be a story.
    let glad = Arc::new(Glad::default());
    world.pipeline.ask_for_second_opinions(options(&glad, 100, 1.1));
    until(&world, topic, 3).await;
    assert_eq!(glad.asked.lock().expect("no panic").len(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_not_in_doubt_is_not_asked_about() {
    let world = World::new().await;
    let (source, topic) = (world.source("import").await, world.topic("Ромашка", "ромашк*").await);
    world.ingest(source, vec![item("1", "Ромашка ужасная компания, связь отвратительная, обманули и хамят")]).await;
    let glad = Arc::new(Glad::default());
    world.pipeline.ask_for_second_opinions(options(&glad, 100, 0.0));
    tokio::time::sleep(Duration::from_secs(1)).await;
    assert_eq!(positive(&world, topic).await, 0);
    assert_eq!(glad.asked.lock().expect("no panic").len(), 0);
}
