//! The workspace's model outlives the process, and a training that is cut off leaves nothing behind.

use std::time::{Duration, Instant};

use molva_connectors::Item;
use molva_domain::{Actor, ModelId, ModelState, Tone};
use molva_pipeline::{Activation, ActiveModel, Pipeline};
use molva_storage::mention::MentionChange;

use crate::world::{World, item};

/// Posts, and what people say of them: a third teaches, a third is left alone.
async fn taught(world: &World) {
    let (source, topic) = (world.source("import").await, world.topic("Ромашка", "ромашк*").await);
    let text = |n: usize| {
        let things = ["тариф", "роутер", "офис", "чат", "сайт", "телефон", "пакет"];
        format!("Ромашка привезла {}{}, номер {n}", things[n % 7], if n.is_multiple_of(2) { " и фикус" } else { "" })
    };
    let items: Vec<Item> = (0..200).map(|n| item(&n.to_string(), &text(n))).collect();
    assert_eq!(world.ingest(source, items).await.stored, 200);
    let mentions = world.mentions(topic).await;
    for (blames, tone) in [(true, Tone::Negative), (false, Tone::Neutral)] {
        let ids: Vec<_> = mentions
            .iter()
            .filter(|mention| mention.post.text.contains("фикус") == blames && (blames || mention.id.0 % 3 > 0))
            .map(|mention| mention.id)
            .collect();
        let change = MentionChange { tone: Some(Some(tone)), ..MentionChange::default() };
        world.storage.change_mentions(world.workspace, Actor::System, &ids, &change).await.expect("changed");
    }
}

async fn trained(pipeline: &Pipeline) {
    let begun = Instant::now();
    while pipeline.training().is_some() {
        assert!(begun.elapsed() < Duration::from_secs(180), "{:?}", pipeline.training());
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_trained_model_is_in_use_after_a_restart_and_in_other_processes() {
    let world = World::new().await;
    taught(&world).await;
    assert!(world.pipeline.train(Actor::System));
    assert!(!world.pipeline.train(Actor::System), "one runs");
    trained(&world.pipeline).await;
    let model = world.pipeline.models();
    assert_ne!(model.id, ModelId::SHIPPED, "{:?}", world.pipeline.learnt().await);
    let other = ActiveModel::of_workspace(&world.other_process().await, world.workspace).await.expect("read");
    assert_eq!((other.id, other.models.version()), (model.id, model.models.version()));

    let world = world.restart().await;
    assert_eq!(world.pipeline.models().id, model.id);
    assert_eq!(world.pipeline.activate_model(Actor::System, ModelId::SHIPPED).await.expect("done"), Activation::Done);
    let world = world.restart().await;
    assert_eq!(world.pipeline.models().id, ModelId::SHIPPED);

    // Another process takes it into use.
    world.other_process().await.activate_model(world.workspace, Actor::System, model.id).await.expect("done");
    let begun = Instant::now();
    while world.pipeline.models().id != model.id {
        assert!(begun.elapsed() < Duration::from_secs(60), "the other process is not heard");
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_training_that_is_cut_off_leaves_everything_as_it_was() {
    let world = World::new().await;
    taught(&world).await;
    assert!(world.pipeline.train(Actor::System));
    let world = world.restart().await;
    assert_eq!(world.storage.models(world.workspace, 10).await.expect("a list"), []);
    assert_eq!(world.pipeline.models().id, ModelId::SHIPPED);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_taught_to_other_shipped_models_is_left_aside() {
    let world = World::new().await;
    let model = molva_storage::model::NewModel {
        base: "of long ago".to_owned(),
        version: "of long ago+1".to_owned(),
        manifest: "{}".to_owned(),
        bytes: Some(vec![1, 2, 3]),
        marks: molva_storage::model::Marks::NONE,
    };
    let id = world.storage.add_model(world.workspace, Actor::System, model, ModelState::Active).await.expect("kept");
    assert_eq!(ActiveModel::of_workspace(&world.storage, world.workspace).await.expect("read").id, ModelId::SHIPPED);
    let asked = world.pipeline.activate_model(Actor::System, id).await.expect("an answer");
    assert_eq!(asked, Activation::OfOtherModels);
    // Nobody has said anything: there is nothing to learn anew from.
    assert!(world.pipeline.train(Actor::System));
    trained(&world.pipeline).await;
    let states: Vec<ModelState> =
        world.pipeline.learnt().await.expect("a list").iter().map(|one| one.stored.state).collect();
    assert_eq!(states, [ModelState::Refused, ModelState::Retired]);
}
