//! What people taught, and which of it judges.

use molva_domain::{
    Actor, EventId, EventKind, MachineJudgement, MentionState, ModelId, ModelState, Stage, Tone, UserId,
};
use molva_storage::intake::{Judged, PreparedItem};
use molva_storage::mention::{MentionChange, MentionFilter};
use molva_storage::model::{MAX_MODELS, Marks, NewModel, StoredModel};

use crate::bench::{Bench, START, matched, post};

fn model(version: &str) -> NewModel {
    NewModel {
        base: "1".to_owned(),
        version: version.to_owned(),
        manifest: r#"{"verdict":"better"}"#.to_owned(),
        bytes: Some(version.as_bytes().to_vec()),
        marks: Marks { label: 7, answer: START },
    }
}

async fn add(bench: &Bench, version: &str, state: ModelState) -> ModelId {
    bench.storage.add_model(bench.workspace, Actor::System, model(version), state).await.unwrap()
}

async fn states(bench: &Bench) -> Vec<(String, ModelState)> {
    let models = bench.storage.models(bench.workspace, 100).await.unwrap();
    models.into_iter().map(|model| (model.version, model.state)).collect()
}

async fn activate(bench: &Bench, id: ModelId) -> bool {
    bench.storage.activate_model(bench.workspace, Actor::User(UserId(5)), id).await.unwrap()
}

pub(crate) async fn one_model_is_in_use_and_others_can_be_taken_back(bench: &Bench) {
    let (storage, workspace) = (&bench.storage, bench.workspace);
    assert_eq!(storage.active_model(workspace).await.unwrap(), None);
    let first = add(bench, "first", ModelState::Active).await;
    let second = add(bench, "second", ModelState::Active).await;
    let expected = StoredModel {
        id: second,
        created_at: START,
        state: ModelState::Active,
        base: "1".to_owned(),
        version: "second".to_owned(),
        manifest: r#"{"verdict":"better"}"#.to_owned(),
        size: 6,
        marks: Marks { label: 7, answer: START },
    };
    assert_eq!(storage.active_model(workspace).await.unwrap(), Some(expected));
    assert_eq!(storage.model_bytes(workspace, first).await.unwrap(), Some(b"first".to_vec()));
    let named = |one: &str, state| (one.to_owned(), state);
    assert_eq!(states(bench).await, [named("second", ModelState::Active), named("first", ModelState::Retired)]);

    assert!(activate(bench, first).await && activate(bench, first).await);
    assert_eq!(states(bench).await, [named("second", ModelState::Retired), named("first", ModelState::Active)]);
    assert!(activate(bench, ModelId::SHIPPED).await && activate(bench, ModelId::SHIPPED).await);
    assert_eq!(storage.active_model(workspace).await.unwrap(), None);
    assert!(!activate(bench, ModelId(12)).await);

    let kinds = [EventKind::ModelTrained, EventKind::ModelActivated];
    let events = storage.events_after(workspace, EventId(0), &kinds, 100).await.unwrap();
    let told: Vec<(EventKind, ModelId)> = events.iter().map(|event| (event.kind, ModelId(event.subject))).collect();
    let [trained, activated] = kinds;
    let shipped = ModelId::SHIPPED;
    assert_eq!(
        told,
        [
            (trained, first),
            (activated, first),
            (trained, second),
            (activated, second),
            (activated, first),
            (activated, shipped)
        ]
    );
}

pub(crate) async fn a_refused_model_is_told_of_and_never_used(bench: &Bench) {
    let used = add(bench, "used", ModelState::Active).await;
    let refused = NewModel { bytes: None, ..model("refused") };
    let refused = bench.storage.add_model(bench.workspace, Actor::System, refused, ModelState::Refused).await.unwrap();
    let candidate = add(bench, "candidate", ModelState::Candidate).await;
    assert!(!activate(bench, refused).await);
    assert_eq!(bench.storage.active_model(bench.workspace).await.unwrap().map(|model| model.id), Some(used));
    assert_eq!(bench.storage.model_bytes(bench.workspace, refused).await.unwrap(), None);
    assert!(activate(bench, candidate).await);
    assert_eq!(bench.storage.active_model(bench.workspace).await.unwrap().map(|model| model.id), Some(candidate));
}

pub(crate) async fn old_models_are_forgotten_but_not_the_one_in_use(bench: &Bench) {
    let used = add(bench, "used", ModelState::Active).await;
    for number in 0..MAX_MODELS + 5 {
        add(bench, &number.to_string(), ModelState::Refused).await;
    }
    let kept = states(bench).await;
    assert_eq!((kept.len(), kept[0].0.as_str()), (MAX_MODELS as usize + 1, "34"));
    assert_eq!(bench.storage.active_model(bench.workspace).await.unwrap().map(|model| model.id), Some(used));
}

pub(crate) async fn mentions_teach_by_what_people_said_or_left(bench: &Bench) {
    let (source, topic) = (bench.source("one").await, bench.topic("t").await);
    let (storage, workspace) = (&bench.storage, bench.workspace);
    let judged = |number: i64| {
        let PreparedItem::Post(mut post) = matched(number, topic) else { panic!("a post") };
        let judgement = MachineJudgement::from_compact("t-80,15,5 iC83 sv60 x2").unwrap();
        post.matches[0].judged = Some(Judged { model: ModelId::SHIPPED, judgement });
        PreparedItem::Post(post)
    };
    bench.store(source, (1..=5).map(judged).collect()).await;
    bench.store(source, vec![PreparedItem::Deleted(post(5).urn)]).await;
    let mentions = storage.mentions(workspace, &MentionFilter::default(), None, 10).await.unwrap().mentions;
    let ids: Vec<_> = mentions.iter().map(|mention| mention.id).rev().collect();
    let nothing = storage.teaching(workspace, 10).await.unwrap();
    assert_eq!((nothing.corrected.len(), nothing.marks), (0, Marks::NONE));

    let change = |change: MentionChange, index: usize| {
        let ids = ids[index];
        async move { storage.change_mentions(workspace, Actor::User(UserId(5)), &[ids], &change).await.unwrap() }
    };
    change(MentionChange { tone: Some(Some(Tone::Positive)), ..MentionChange::default() }, 0).await;
    change(MentionChange { state: Some(MentionState::Binned), ..MentionChange::default() }, 1).await;
    change(MentionChange { stage: Some(Some(Some(Stage::Use))), ..MentionChange::default() }, 0).await;
    change(MentionChange { add_tags: vec!["a".to_owned()], ..MentionChange::default() }, 2).await;
    let teaching = storage.teaching(workspace, 10).await.unwrap();
    assert_eq!(teaching.corrected, [ids[0], ids[1]]);
    assert_eq!(&teaching.left[teaching.left.len() - 2..], [ids[3], ids[2]]);
    assert!(!teaching.left.contains(&ids[0]) && !teaching.left.contains(&ids[1]));
    assert_eq!(storage.labels_since(workspace, Marks::NONE).await.unwrap(), 3);
    assert_eq!(storage.labels_since(workspace, teaching.marks).await.unwrap(), 0);
    let counted = storage.labels_counted(workspace).await.unwrap();
    let expected = [("stage", 1), ("state", 1), ("tags", 1), ("tone", 1)];
    assert_eq!(counted, expected.map(|(kind, count)| (kind.to_owned(), count)));
    let read = storage.mentions_to_learn_from(workspace, &teaching.corrected).await.unwrap();
    assert_eq!(
        read.iter().map(|mention| (mention.id, mention.spans.len())).collect::<Vec<_>>(),
        [(ids[0], 1), (ids[1], 1)]
    );
}
