//! The matcher beside the plain evaluator, on generated posts and queries with every operator and field.

use molva_query::{Query, Reading, Scope, Severity, parse_with};
use proptest::prelude::*;

use super::generated::{any_judgement, any_post, any_query, lists, text};
use super::post;
use crate::{Matcher, Scratch};

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn the_matcher_and_the_plain_evaluator_agree(
        texts in prop::collection::vec(any_query(), 1..12),
        posts in prop::collection::vec((any_post(), any_judgement()), 1..6),
    ) {
        let matcher = Matcher::new();
        let lists = lists();
        let reading = Reading { scope: Scope::Mentions, lists: &lists };
        let queries: Vec<_> = texts.iter().map(|text| parse_with(text, &reading)).collect();
        for (text, parsed) in texts.iter().zip(&queries) {
            let refused = parsed.diagnostics.iter().any(|diagnostic| diagnostic.code != "only_exclusions");
            let errors = parsed.diagnostics.iter().any(|diagnostic| diagnostic.severity == Severity::Error);
            prop_assert!(parsed.query.is_some() || !errors || !refused, "{text}: {:?}", parsed.diagnostics);
        }
        let queries: Vec<_> = queries.into_iter().filter_map(|parsed| parsed.query).collect();
        let (first, rest) = queries.split_at(queries.len() / 2);
        matcher.put_all(first.iter().enumerate().map(|(id, query)| (id as i64, query)));
        for (id, query) in rest.iter().enumerate() {
            matcher.put((first.len() + id) as i64, query);
        }
        let snapshot = matcher.snapshot();
        let mut scratch = Scratch::default();
        for (post, judgement) in &posts {
            let (title, text) = (post.title.as_deref().unwrap_or_default(), post.text.as_str());
            let mut hits = snapshot.matches_judged(post, judgement, &mut scratch);
            hits.sort_by_key(|hit| hit.query);
            let ids: Vec<_> = hits.iter().map(|hit| hit.query as usize).collect();
            let expected: Vec<_> = (0..queries.len()).filter(|id| queries[*id].matches_judged(post, judgement)).collect();
            let shown: Vec<_> = queries.iter().map(Query::text).collect();
            prop_assert_eq!(&ids, &expected, "{:?} on {:?} {:?}", shown, post, judgement);
            for hit in &hits {
                for span in &hit.spans {
                    let source = if span.in_title { title } else { text };
                    prop_assert!(source.get(span.start as usize..span.end as usize).is_some_and(|word| !word.is_empty()));
                }
            }
            let may = snapshot.may_match(title, text, &mut scratch);
            prop_assert!(may || expected.is_empty(), "{:?} on {:?}", shown, post);
        }
    }

    #[test]
    fn a_post_that_may_match_is_told_by_its_words(words in any_query(), text in text()) {
        let lists = lists();
        if let Some(query) = parse_with(&words, &Reading { scope: Scope::Mentions, lists: &lists }).query {
            let matcher = Matcher::new();
            matcher.put(1, &query);
            let only_words = !words.replace("list:бренды", "").replace("list:слова", "").contains(':');
            let may = matcher.snapshot().may_match("", &text, &mut Scratch::default());
            prop_assert!(!only_words || may == query.matches(&post(&text)), "{} on {}", words, text);
        }
    }
}
