//! Archive, matcher and plain evaluator side by side, on generated mentions and queries with every operator and field.

use std::time::Duration;

use molva_domain::{EventId, MentionId, MentionState, TopicId};
use molva_matcher::{Matcher, Scratch};
use molva_query::{Query, Reading, Scope, parse_with};
use proptest::prelude::*;

use super::generated::{any_judgement, any_post, any_query, lists};
use super::{folder, open};
use crate::{Archive, Document, Filter, Order};

const DAY: u64 = 86_400;

fn answers(archive: &Archive, query: &Query, order: Order) -> Vec<i64> {
    let found = archive.search(Some(query), &Filter::default(), order, None, Archive::MAX_HITS).expect("an answer");
    found.hits.iter().map(|hit| hit.id.0).collect()
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 16, max_shrink_iters: 100, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn the_archive_the_matcher_and_the_plain_evaluator_agree(
        texts in prop::collection::vec(any_query(), 20..40),
        mut mentions in prop::collection::vec((any_post(), any_judgement()), 1..40),
        judged_later in prop::collection::vec(any_judgement(), 40),
    ) {
        let lists = lists();
        let reading = Reading { scope: Scope::Mentions, lists: &lists };
        let queries: Vec<_> = texts.iter().filter_map(|text| parse_with(text, &reading).query).collect();
        for (post, _) in mentions.iter_mut().step_by(3) {
            post.published_at = post.published_at.minus(Duration::from_secs(3 * DAY));
        }
        let folder = folder();
        let archive = open(&folder);
        let mut writer = archive.writer().expect("a writer");
        // Several segments, with mentions that were judged again and others that went.
        for (number, (post, judgement)) in mentions.iter().enumerate() {
            let id = MentionId(number as i64);
            let document = Document { id, topic: TopicId(1), state: MentionState::New, post, judgement, by_people: false, copy_of: None };
            writer.add(&document).expect("added");
            if number % 11 == 10 {
                writer.commit(None).expect("committed");
            }
        }
        for (number, judgement) in judged_later.iter().enumerate().take(mentions.len()).step_by(2) {
            mentions[number].1 = judgement.clone();
            let (id, post) = (MentionId(number as i64), &mentions[number].0);
            writer.update(&Document { id, topic: TopicId(1), state: MentionState::Kept, post, judgement, by_people: false, copy_of: None }).expect("updated");
        }
        for number in (0..mentions.len()).filter(|number| number % 5 == 4) {
            writer.delete(MentionId(number as i64)).expect("deleted");
        }
        writer.commit(Some(EventId(1))).expect("committed");

        let matcher = Matcher::new();
        matcher.put_all(queries.iter().enumerate().map(|(id, query)| (id as i64, query)));
        let snapshot = matcher.snapshot();
        let mut scratch = Scratch::default();
        let there = mentions.iter().enumerate().filter(|(number, _)| number % 5 != 4);
        let there: Vec<_> = there.collect();
        let matched: Vec<Vec<i64>> = there
            .iter()
            .map(|(_, (post, judgement))| {
                snapshot.matches_judged(post, judgement, &mut scratch).iter().map(|hit| hit.query).collect()
            })
            .collect();
        for (number, query) in queries.iter().enumerate() {
            let mut expected: Vec<_> = there
                .iter()
                .filter(|(_, (post, judgement))| query.matches_judged(post, judgement))
                .map(|(id, (post, _))| (post.sort_at(), *id as i64))
                .collect();
            expected.sort_unstable();
            let of_matcher = there.iter().zip(&matched).filter(|(_, matched)| matched.contains(&(number as i64)));
            let mut of_matcher: Vec<_> = of_matcher.map(|((id, (post, _)), _)| (post.sort_at(), *id as i64)).collect();
            of_matcher.sort_unstable();
            let expected: Vec<_> = expected.into_iter().map(|(_, id)| id).collect();
            let of_matcher: Vec<_> = of_matcher.into_iter().map(|(_, id)| id).collect();
            prop_assert_eq!(&of_matcher, &expected, "the matcher: {}", query.text());
            prop_assert_eq!(answers(&archive, query, Order::Oldest), expected.clone(), "{} in {:?}", query.text(), mentions);
            let newest: Vec<_> = expected.iter().rev().copied().collect();
            prop_assert_eq!(answers(&archive, query, Order::Newest), newest, "{}", query.text());
            let count = archive.count(Some(query), &Filter::default()).expect("a count").mentions;
            prop_assert_eq!(count, expected.len() as u64, "{}", query.text());
        }
    }
}
