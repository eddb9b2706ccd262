//! What tests of the networks that are searched invent: topics, and what the matcher is held against.

use std::collections::BTreeMap;

use molva_domain::{Post, Timestamp, TopicId, TopicSought, Untold, Urn};
use molva_query::{Query, parse};
use proptest::prelude::*;

use crate::settings::Settings;

pub(crate) fn settings(pairs: &[(&str, &str)]) -> Settings {
    let pairs = pairs.iter().map(|(key, value)| ((*key).to_owned(), (*value).to_owned()));
    Settings::new(pairs.collect(), BTreeMap::new())
}

/// `None` where the query is none.
pub(crate) fn read(id: i64, query: &str) -> Option<(Query, TopicSought)> {
    let query = parse(query).query?;
    let topic = TopicSought { topic: TopicId(id), name: format!("Тема {id}"), sought: query.sought() };
    Some((query, topic))
}

pub(crate) fn topic(id: i64, query: &str) -> TopicSought {
    read(id, query).expect(query).1
}

pub(crate) fn told(untold: &[Untold]) -> Vec<(&str, &str)> {
    untold.iter().map(|untold| (untold.why.as_str(), untold.written.as_str())).collect()
}

/// Said by `person1001`.
pub(crate) fn post(network: &'static str, text: &str) -> Post {
    let at = Timestamp::from_secs(1_772_366_400);
    let mut post = Post::new(Urn::of(network, None, "post", "1"), network, text.to_owned(), at, at);
    post.author.handle = Some("person1001".to_owned());
    post
}

/// Queries as people write them, of these parts.
pub(crate) fn query(parts: Vec<&'static str>) -> impl Strategy<Value = String> {
    prop::sample::select(parts).prop_map(|text| format!("({text})")).prop_recursive(3, 12, 3, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 2..4).prop_map(|parts| format!("({})", parts.join(" AND "))),
            prop::collection::vec(inner.clone(), 2..4).prop_map(|parts| format!("({})", parts.join(" OR "))),
            inner.clone().prop_map(|part| format!("(NOT {part})")),
            prop::collection::vec(inner, 3..5).prop_map(|parts| format!("(2 OF ({}))", parts.join(", "))),
        ]
    })
}

/// Texts of these pieces.
pub(crate) fn text(pieces: Vec<&'static str>) -> impl Strategy<Value = String> {
    let between = prop::sample::select(vec![" ", " ", " ", ", ", ". ", " — ", "\n"]);
    prop::collection::vec((prop::sample::select(pieces), between), 1..9)
        .prop_map(|pieces| pieces.into_iter().flat_map(|(piece, between)| [piece, between]).collect())
}
