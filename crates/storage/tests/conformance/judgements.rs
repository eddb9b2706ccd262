//! What the machine says of mentions, and people against it.

use molva_domain::{
    Actor, ByPeople, EventId, EventKind, Intent, Intents, MachineJudgement, MentionId, ModelId, Stage, Tone,
    ToneScores, TopicId, UserId,
};
use molva_storage::intake::{Judged, PreparedItem};
use molva_storage::mention::{Judging, Mention, MentionChange, MentionFilter};

use crate::bench::{Bench, matched, post, prepared};

const SHIPPED: ModelId = ModelId::SHIPPED;
const TRAINED: ModelId = ModelId(77);

/// As it comes back from the store.
fn says(tone: Tone, intents: &[Intent], stage: Option<Stage>, spam: f32) -> MachineJudgement {
    let mut judgement = MachineJudgement {
        tone,
        tone_scores: ToneScores { negative: 0.2, neutral: 0.3, positive: 0.5 },
        intents: intents.iter().copied().collect(),
        intent_scores: [0.0; Intent::ALL.len()],
        stage,
        stage_score: 0.7,
        spam,
        bot: None,
        motive: None,
        relevance: None,
        second: None,
    };
    for intent in intents {
        judgement.intent_scores[*intent as usize] = 0.9;
    }
    judgement.rounded()
}

fn complaint() -> MachineJudgement {
    says(Tone::Negative, &[Intent::Complaint, Intent::Help], Some(Stage::Service), 0.02)
}

fn advert() -> MachineJudgement {
    says(Tone::Positive, &[Intent::Advert], None, 0.93)
}

fn judged(number: i64, topic: TopicId, judgement: MachineJudgement) -> PreparedItem {
    let PreparedItem::Post(mut post) = matched(number, topic) else { panic!("a post") };
    post.matches[0].judged = Some(Judged { model: SHIPPED, judgement });
    PreparedItem::Post(post)
}

/// All mentions, the newest first.
async fn all(bench: &Bench) -> Vec<Mention> {
    bench.storage.mentions(bench.workspace, &MentionFilter::default(), None, 200).await.unwrap().mentions
}

async fn change(bench: &Bench, id: MentionId, change: MentionChange) -> Mention {
    let actor = Actor::User(UserId(5));
    bench.storage.change_mentions(bench.workspace, actor, &[id], &change).await.unwrap().remove(0)
}

type Effective = (Option<Tone>, Option<Intents>, Option<Stage>, Option<f32>, ByPeople);

fn effective(mention: &Mention) -> Effective {
    (mention.tone, mention.intents, mention.stage, mention.spam, mention.by_people)
}

pub(crate) async fn a_mention_comes_back_as_it_was_judged(bench: &Bench) {
    let (source, topic) = (bench.source("one").await, bench.topic("t").await);
    bench.store(source, vec![judged(1, topic, complaint()), matched(2, topic)]).await;
    let mentions = all(bench).await;
    assert_eq!(effective(&mentions[0]), (None, None, None, None, ByPeople::default()));
    assert_eq!((&mentions[0].judged, mentions[0].model), (&None, None));
    let intents: Intents = [Intent::Complaint, Intent::Help].into_iter().collect();
    let expected = (Some(Tone::Negative), Some(intents), Some(Stage::Service), Some(0.02), ByPeople::default());
    assert_eq!(effective(&mentions[1]), expected);
    assert_eq!((&mentions[1].judged, mentions[1].model), (&Some(complaint()), Some(SHIPPED)));
    let ids: Vec<MentionId> = mentions.iter().map(|mention| mention.id).collect();
    let mut bulk = bench.storage.mentions_in_bulk(bench.workspace, &ids).await.unwrap();
    bulk.sort_by_key(|mention| std::cmp::Reverse(mention.id));
    assert_eq!(bulk.iter().map(effective).collect::<Vec<_>>(), mentions.iter().map(effective).collect::<Vec<_>>());
}

pub(crate) async fn what_a_person_says_holds_until_they_take_it_back(bench: &Bench) {
    let (source, topic) = (bench.source("one").await, bench.topic("t").await);
    bench.store(source, vec![judged(1, topic, complaint())]).await;
    let id = all(bench).await[0].id;
    let overruled = MentionChange {
        tone: Some(Some(Tone::Negative)),
        intents: Some(Some(Intents::EMPTY)),
        stage: Some(Some(None)),
        spam: Some(Some(true)),
        ..MentionChange::default()
    };
    let mention = change(bench, id, overruled).await;
    let by_people = ByPeople { tone: true, intents: true, stage: true, spam: true };
    let expected = (Some(Tone::Negative), Some(Intents::EMPTY), None, Some(1.0), by_people);
    assert_eq!(effective(&mention), expected);

    // Another model comes to other conclusions.
    let (storage, workspace) = (&bench.storage, bench.workspace);
    storage.write_judgements(workspace, TRAINED, vec![(id, advert())], None).await.unwrap();
    let mention = all(bench).await.remove(0);
    assert_eq!(effective(&mention), expected);
    assert_eq!((mention.judged, mention.model), (Some(advert()), Some(TRAINED)));

    let back = MentionChange { intents: Some(None), stage: Some(None), spam: Some(None), ..MentionChange::default() };
    let mention = change(bench, id, back).await;
    let intents = Intents::EMPTY.with(Intent::Advert);
    let by_people = ByPeople { tone: true, ..ByPeople::default() };
    assert_eq!(effective(&mention), (Some(Tone::Negative), Some(intents), None, Some(0.93), by_people));
    assert_eq!(all(bench).await, [mention]);

    let labels = storage.labels(workspace, 0, 100).await.unwrap();
    let said: Vec<_> = labels
        .iter()
        .map(|label| (label.kind.as_str(), label.value.as_deref(), label.model.map(|model| model.0)))
        .collect();
    assert_eq!(
        said,
        [
            ("tone", Some("negative"), Some(0)),
            ("intents", Some(""), Some(0)),
            ("stage", Some("none"), Some(0)),
            ("spam", Some("yes"), Some(0)),
            ("intents", None, Some(77)),
            ("stage", None, Some(77)),
            ("spam", None, Some(77)),
        ]
    );
    assert_eq!((&labels[0].said, labels[0].purpose.as_str()), (&Some(complaint()), "correction"));
    assert_eq!((labels[0].topic, labels[0].post), (topic, all(bench).await[0].post_id));
}

pub(crate) async fn judgements_are_filtered_by_what_counts(bench: &Bench) {
    let (source, topic) = (bench.source("one").await, bench.topic("t").await);
    bench.store(source, vec![judged(1, topic, complaint()), judged(2, topic, advert()), matched(3, topic)]).await;
    let id = all(bench).await[2].id;
    change(
        bench,
        id,
        MentionChange { intents: Some(Some([Intent::Churn].into_iter().collect())), ..MentionChange::default() },
    )
    .await;
    let base = MentionFilter::default;
    for (filter, expected) in [
        (MentionFilter { intents: vec![Intent::Advert, Intent::Churn], ..base() }, vec![2, 1]),
        (MentionFilter { intents: vec![Intent::Complaint], ..base() }, vec![]),
        (MentionFilter { stages: vec![None], ..base() }, vec![3, 2]),
        (MentionFilter { stages: vec![Some(Stage::Service), None], ..base() }, vec![3, 2, 1]),
        (MentionFilter { stages: vec![Some(Stage::Service)], ..base() }, vec![1]),
        (MentionFilter { without_spam: true, ..base() }, vec![3, 1]),
        (MentionFilter { without_spam: true, tones: vec![Some(Tone::Positive)], ..base() }, vec![]),
    ] {
        let page = bench.storage.mentions(bench.workspace, &filter, None, 10).await.unwrap();
        let found: Vec<String> = page.mentions.into_iter().map(|mention| mention.post.text).collect();
        let expected: Vec<String> = expected.into_iter().map(|number| post(number).text).collect();
        assert_eq!(found, expected, "{filter:?}");
        let count = bench.storage.count_mentions(bench.workspace, &filter, 10).await.unwrap();
        assert_eq!(count, expected.len() as u64, "{filter:?}");
    }
}

pub(crate) async fn the_walk_finds_what_another_model_judged_newest_first(bench: &Bench) {
    let (source, topic, gone) = (bench.source("one").await, bench.topic("t").await, bench.topic("u").await);
    let of_gone = prepared(post(4), 0, &[gone]);
    bench.store(source, vec![matched(1, topic), judged(2, topic, complaint()), matched(3, topic), of_gone]).await;
    bench.store(source, vec![PreparedItem::Deleted(post(3).urn), judged(5, topic, advert())]).await;
    bench.storage.delete_topic(bench.workspace, Actor::System, gone).await.unwrap();
    let (storage, workspace) = (&bench.storage, bench.workspace);
    let everything = (MentionId(0), MentionId(i64::MAX));
    let texts = |mentions: &[Mention]| mentions.iter().map(|mention| mention.post.text.clone()).collect::<Vec<_>>();

    let unjudged = storage.mentions_to_judge(workspace, SHIPPED, everything, 100).await.unwrap();
    assert_eq!((texts(&unjudged.mentions), unjudged.looked_at), (vec![post(1).text], 5));
    let first = storage.mentions_to_judge(workspace, TRAINED, everything, 4).await.unwrap();
    assert_eq!((texts(&first.mentions), first.looked_at), (vec![post(5).text, post(2).text], 4));
    let rest = (MentionId(0), first.last.unwrap());
    let second = storage.mentions_to_judge(workspace, TRAINED, rest, 4).await.unwrap();
    assert_eq!((texts(&second.mentions), second.looked_at), (vec![post(1).text], 1));

    assert_eq!(storage.judging(workspace).await.unwrap(), None);
    let walk = Judging { model: TRAINED, low: first.last.unwrap(), high: first.mentions[0].id, walked: 4, total: 5 };
    let said: Vec<_> = first.mentions.iter().map(|mention| (mention.id, advert())).collect();
    storage.write_judgements(workspace, TRAINED, said.clone(), Some(walk)).await.unwrap();
    assert_eq!(storage.judging(workspace).await.unwrap(), Some(walk));
    let done = Judging { low: MentionId(0), walked: 5, ..walk };
    storage.note_judging(workspace, done).await.unwrap();
    assert!(storage.judging(workspace).await.unwrap().unwrap().is_done());

    let events = storage.events_after(workspace, EventId(0), &[EventKind::MentionsJudged], 10).await.unwrap();
    assert_eq!(events.len(), 1);
    let ids: Vec<MentionId> = said.iter().map(|(id, _)| *id).collect();
    let change: serde_json::Value = serde_json::from_str(events[0].change.as_deref().unwrap()).unwrap();
    assert_eq!((events[0].subject, change), (TRAINED.0, serde_json::json!({ "mentions": ids })));
    assert_eq!(storage.mentions_counted(workspace).await.unwrap(), 4);
}
