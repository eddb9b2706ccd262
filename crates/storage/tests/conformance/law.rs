//! The law of the ledger, on batches that nobody thought of.

use std::collections::HashSet;

use molva_domain::{RejectionReason, SourceId, Tally, TopicId};
use molva_storage::intake::{PreparedBatch, PreparedItem};
use molva_storage::mention::MentionFilter;
use proptest::prelude::*;
use proptest::strategy::ValueTree as _;
use proptest::test_runner::TestRunner;

use crate::bench::{Bench, matched, rejected, unmatched};

#[derive(Clone, Debug)]
enum Kind {
    Matched(i64),
    Unmatched(i64),
    Rejected,
}

fn kinds() -> impl Strategy<Value = Vec<Vec<(usize, Vec<Kind>)>>> {
    // Few numbers, so that posts come again within a batch, within a call and later.
    let kind = prop_oneof![
        3 => (0_i64..60).prop_map(Kind::Matched),
        3 => (0_i64..60).prop_map(Kind::Unmatched),
        1 => Just(Kind::Rejected),
    ];
    let batch = (0_usize..2, prop::collection::vec(kind, 0..30));
    prop::collection::vec(prop::collection::vec(batch, 0..4), 1..5)
}

pub(crate) async fn the_ledger_balances_whatever_comes(bench: &Bench) {
    let topic = bench.topic("t").await;
    let mut runner = TestRunner::deterministic();
    for round in 0..12 {
        let calls = kinds().new_tree(&mut runner).unwrap().current();
        let sources = [bench.source(&format!("a{round}")).await, bench.source(&format!("b{round}")).await];
        check(bench, topic, sources, round * 1_000, calls).await;
    }
}

async fn check(bench: &Bench, topic: TopicId, sources: [SourceId; 2], first: i64, calls: Vec<Vec<(usize, Vec<Kind>)>>) {
    let before = bench.storage.count_mentions(bench.workspace, &MentionFilter::default(), 1_000_000).await.unwrap();
    let kept_before = bench.storage.kept_status(bench.workspace).await.unwrap().posts;
    let (mut expected, mut seen) = ([Tally::default(); 2], HashSet::new());
    for call in calls {
        let batches: Vec<PreparedBatch> = call
            .iter()
            .map(|(source, kinds)| {
                bench.batch(sources[*source], kinds.iter().map(|kind| item(kind, first, topic)).collect())
            })
            .collect();
        let answers = bench.storage.store(batches).await.unwrap();
        for ((source, kinds), answer) in call.iter().zip(answers) {
            let mut tally = Tally::default();
            for kind in kinds {
                tally.received += 1;
                match kind {
                    Kind::Rejected => tally.rejected += 1,
                    Kind::Matched(number) | Kind::Unmatched(number) if !seen.insert(*number) => tally.duplicate += 1,
                    Kind::Matched(_) => tally.stored += 1,
                    Kind::Unmatched(_) => tally.unmatched += 1,
                }
            }
            assert_eq!(answer.unwrap(), tally);
            expected[*source].add(&tally);
        }
    }
    let totals = bench.storage.ledger_totals(bench.workspace).await.unwrap();
    for (source, expected) in sources.into_iter().zip(expected) {
        let total = totals.iter().find(|(id, _)| *id == source).map(|(_, tally)| *tally).unwrap_or_default();
        assert!(total.balances());
        assert_eq!(total, expected);
    }
    let after = bench.storage.count_mentions(bench.workspace, &MentionFilter::default(), 1_000_000).await.unwrap();
    assert_eq!(after - before, expected.iter().map(|tally| tally.stored).sum::<u64>());
    let kept = bench.storage.kept_status(bench.workspace).await.unwrap().posts;
    assert_eq!(kept - kept_before, expected.iter().map(|tally| tally.unmatched).sum::<u64>());
}

fn item(kind: &Kind, first: i64, topic: TopicId) -> PreparedItem {
    match kind {
        Kind::Matched(number) => matched(first + number, topic),
        Kind::Unmatched(number) => unmatched(first + number),
        Kind::Rejected => rejected(RejectionReason::Malformed),
    }
}
