//! Mentions that were drawn at random, and what people say of them.

use std::time::Duration;

use molva_domain::{
    Actor, AuditId, ByPeople, EventId, EventKind, Intent, Intents, MachineJudgement, MentionId, ModelId, RoundId,
    Stage, Timestamp, Tone, UserId,
};
use molva_storage::StorageError;
use molva_storage::audit::{Answer, Audit, MyAnswer, NewAudit, Progress, Round, RoundStratum, Said};
use molva_storage::intake::{Judged, PreparedItem};
use molva_storage::mention::{MentionChange, MentionFilter};

use crate::bench::{Bench, START, matched};

const ANNA: UserId = UserId(11);
const BORIS: UserId = UserId(12);

fn says(tone: char) -> MachineJudgement {
    MachineJudgement::from_compact(&format!("t{tone}40,30,30 iC83 sv60 x2")).expect("a judgement")
}

fn answer(tone: Tone) -> Answer {
    let said = Said {
        tone,
        intents: Intents::EMPTY.with(Intent::Praise),
        stage: Some(Stage::Use),
        spam: false,
        relevant: true,
    };
    Answer { said: Some(said), seconds: 5 }
}

const SKIPPED: Answer = Answer { said: None, seconds: 2 };

/// Ids of so many judged mentions, the oldest first.
async fn judged(bench: &Bench, count: i64) -> Vec<MentionId> {
    let (source, topic) = (bench.source("one").await, bench.topic("t").await);
    let item = |number| {
        let PreparedItem::Post(mut post) = matched(number, topic) else { panic!("a post") };
        post.matches[0].judged = Some(Judged { model: ModelId::SHIPPED, judgement: says('-') });
        PreparedItem::Post(post)
    };
    bench.store(source, (0..count).map(item).collect()).await;
    let page = bench.storage.mentions(bench.workspace, &MentionFilter::default(), None, 200).await.unwrap();
    page.mentions.iter().rev().map(|mention| mention.id).collect()
}

async fn drawn(bench: &Bench, ids: &[MentionId], (from, to): (Timestamp, Timestamp)) -> Option<Round> {
    let candidates = bench.storage.audit_candidates(bench.workspace, ids).await.unwrap();
    let stratum = |number: usize| u32::from(number >= 2);
    let audits: Vec<NewAudit> = candidates
        .into_iter()
        .enumerate()
        .map(|(number, mention)| NewAudit {
            mention,
            stratum: stratum(number),
            population: 500,
            drawn: if number < 2 { 2 } else { ids.len() as u64 - 2 },
        })
        .collect();
    bench.storage.draw_round(bench.workspace, Actor::User(ANNA), (from, to), &audits).await.unwrap()
}

fn week() -> (Timestamp, Timestamp) {
    (START, START.plus(Duration::from_secs(7 * 86_400)))
}

async fn next(bench: &Bench, user: UserId, round: RoundId) -> Option<Audit> {
    bench.storage.next_audit(bench.workspace, user, round).await.unwrap()
}

async fn give(bench: &Bench, user: UserId, audit: AuditId, answer: Answer) {
    bench.storage.answer_audit(bench.workspace, user, audit, answer).await.unwrap();
}

pub(crate) async fn a_round_is_drawn_once_and_its_audits_know_what_was_said_then(bench: &Bench) {
    let ids = judged(bench, 3).await;
    let round = drawn(bench, &ids, week()).await.unwrap();
    assert_eq!(round, Round { id: round.id, from: week().0, to: week().1, drawn_at: bench.storage.now(), size: 3 });
    let overlapping = (week().1.minus(Duration::from_secs(1)), week().1.plus(Duration::from_secs(1)));
    assert_eq!(drawn(bench, &ids, overlapping).await, None);
    let behind = drawn(bench, &ids[..1], (week().1, week().1.plus(Duration::from_secs(60)))).await.unwrap();
    assert_eq!(bench.storage.audit_rounds(bench.workspace, 12).await.unwrap(), [behind, round]);
    assert_eq!(bench.storage.oldest_audited(bench.workspace).await.unwrap(), Some(week().0));
    let strata = bench.storage.audit_strata(bench.workspace, None, Some(week().1)).await.unwrap();
    let stratum = |stratum| RoundStratum { round: round.id, stratum, population: 500 };
    assert_eq!(strata, [stratum(0), stratum(1)]);

    bench.storage.write_judgements(bench.workspace, ModelId(7), vec![(ids[0], says('+'))], None).await.unwrap();
    let first = next(bench, ANNA, round.id).await.unwrap();
    let expected = Audit {
        id: first.id,
        round: round.id,
        mention: ids[0],
        at: START,
        stratum: 0,
        population: 500,
        drawn: 2,
        said: Some(says('-')),
        model: Some(ModelId::SHIPPED),
        by_people: ByPeople::default(),
    };
    assert_eq!(first, expected);
    assert_eq!(bench.storage.audit(bench.workspace, first.id).await.unwrap(), Some(expected));
    assert_eq!(bench.storage.audit(bench.workspace, AuditId(1)).await.unwrap(), None);
    let unknown = bench.storage.answer_audit(bench.workspace, ANNA, AuditId(1), SKIPPED).await;
    assert!(matches!(unknown, Err(StorageError::Missing { what: "audit", .. })), "{unknown:?}");
}

pub(crate) async fn a_third_of_a_round_is_shown_to_two_people(bench: &Bench) {
    let ids = judged(bench, 6).await;
    let round = drawn(bench, &ids, week()).await.unwrap();
    let mut of_anna = Vec::new();
    for _ in 0..4 {
        let audit = next(bench, ANNA, round.id).await.unwrap();
        of_anna.push(audit.id);
        give(bench, ANNA, audit.id, if of_anna.len() == 1 { SKIPPED } else { answer(Tone::Negative) }).await;
    }
    // Boris gets what Anna answered until a third has two answers, then what nobody did: what she skipped, and the rest.
    let mut of_boris = Vec::new();
    while let Some(audit) = next(bench, BORIS, round.id).await {
        of_boris.push(audit.id);
        give(bench, BORIS, audit.id, answer(Tone::Neutral)).await;
    }
    assert_eq!((of_boris.len(), &of_boris[..3]), (5, [of_anna[1], of_anna[2], of_anna[0]].as_slice()));
    assert_eq!(next(bench, ANNA, round.id).await, None);
    let progress = bench.storage.audit_progress(bench.workspace, ANNA, round.id).await.unwrap();
    assert_eq!(progress, Progress { answered_by_me: 4, answered: 6, double: 2 });

    assert!(bench.storage.undo_audit(bench.workspace, BORIS, of_boris[0]).await.unwrap());
    assert!(!bench.storage.undo_audit(bench.workspace, BORIS, of_boris[0]).await.unwrap());
    assert_eq!(next(bench, BORIS, round.id).await.map(|audit| audit.id), Some(of_boris[0]));
    let progress = bench.storage.audit_progress(bench.workspace, BORIS, round.id).await.unwrap();
    assert_eq!(progress, Progress { answered_by_me: 4, answered: 6, double: 1 });
}

pub(crate) async fn answers_come_with_what_the_mention_is_now_and_change_nothing(bench: &Bench) {
    let ids = judged(bench, 3).await;
    let round = drawn(bench, &ids, week()).await.unwrap();
    let (first, second) = {
        let first = next(bench, ANNA, round.id).await.unwrap();
        give(bench, ANNA, first.id, answer(Tone::Negative)).await;
        // Said once more: the second word counts.
        give(bench, ANNA, first.id, answer(Tone::Positive)).await;
        bench.clock.advance(Duration::from_secs(60));
        give(bench, BORIS, first.id, answer(Tone::Neutral)).await;
        let second = next(bench, ANNA, round.id).await.unwrap();
        give(bench, ANNA, second.id, SKIPPED).await;
        (first, second)
    };
    let change = MentionChange { tone: Some(Some(Tone::Neutral)), ..MentionChange::default() };
    bench.storage.change_mentions(bench.workspace, Actor::User(ANNA), &[first.mention], &change).await.unwrap();
    let answered = bench.storage.answered_audits(bench.workspace, None, None).await.unwrap();
    assert_eq!((answered.len(), answered[0].by_answer), (1, ByPeople { tone: true, ..ByPeople::default() }));
    // An hour later it is a correction like any other.
    bench.clock.advance(Duration::from_secs(3_600));
    let change = MentionChange { spam: Some(Some(true)), ..MentionChange::default() };
    bench.storage.change_mentions(bench.workspace, Actor::User(ANNA), &[first.mention], &change).await.unwrap();
    let answered = bench.storage.answered_audits(bench.workspace, None, None).await.unwrap();
    assert_eq!(answered[0].by_answer, ByPeople { tone: true, ..ByPeople::default() });
    let of_first = &answered[0];
    assert_eq!(of_first.audit, first);
    let said: Vec<(UserId, Tone, Option<Stage>)> =
        of_first.answers.iter().map(|(user, _, said)| (*user, said.tone, said.stage)).collect();
    assert_eq!(said, [(ANNA, Tone::Positive, Some(Stage::Use)), (BORIS, Tone::Neutral, Some(Stage::Use))]);
    assert_eq!(of_first.answers[0].2.intents, Intents::EMPTY.with(Intent::Praise));
    let by_people = ByPeople { tone: true, spam: true, ..ByPeople::default() };
    assert_eq!((of_first.now.tone, of_first.now.by_people), (Some(Tone::Neutral), by_people));
    assert_eq!(of_first.now.judged, Some(says('-')));
    let later = week().1;
    assert_eq!(bench.storage.answered_audits(bench.workspace, Some(later), None).await.unwrap(), []);

    let mention = bench.storage.mention(bench.workspace, second.mention).await.unwrap().unwrap();
    assert_eq!((mention.tone, mention.by_people), (Some(Tone::Negative), ByPeople::default()));
    let mine = bench.storage.answers_of(bench.workspace, ANNA, START).await.unwrap();
    let at = START.plus(Duration::from_secs(60));
    assert_eq!(mine, [MyAnswer { at, seconds: 2 }, MyAnswer { at: START, seconds: 5 }]);
    let events = bench.storage.events_after(bench.workspace, EventId(0), &[], 10_000).await.unwrap();
    let told: Vec<_> = events
        .iter()
        .filter(|event| matches!(event.kind, EventKind::RoundDrawn | EventKind::AuditAnswered))
        .map(|event| (event.kind, event.subject, event.change.clone()))
        .collect();
    let answered = |audit: &Audit| (EventKind::AuditAnswered, audit.id.0, None);
    let expected = [
        (EventKind::RoundDrawn, round.id.0, None),
        answered(&first),
        answered(&first),
        answered(&first),
        answered(&second),
    ];
    assert_eq!(told, expected);
}
