use std::collections::BTreeMap;

use molva_domain::{Sought, TopicId};

use super::*;

fn settings(pairs: &[(&str, &str)]) -> Settings {
    let pairs = pairs.iter().map(|(key, value)| ((*key).to_owned(), (*value).to_owned()));
    Settings::new(pairs.collect(), BTreeMap::new())
}

fn word(text: &str) -> Sought {
    Sought::Word(vec![text.to_owned()])
}

fn topic(id: i64, sought: Sought) -> TopicSought {
    TopicSought { topic: TopicId(id), name: format!("Тема {id}"), sought }
}

fn shown(wanted: &Wanted) -> Vec<(&str, &str)> {
    wanted.rules.iter().map(|rule| (rule.value.as_str(), rule.tag.as_str())).collect()
}

#[test]
fn words_written_by_hand_are_all_that_is_asked_for_unless_topics_are_wanted_too() {
    let topics = [topic(3, word("сон")), topic(4, Sought::All(vec![word("дом"), word("сад")]))];
    let check = |pairs: &[(&str, &str)]| of(&settings(pairs), "molva 7", &topics).expect("what is wanted");
    assert_eq!(shown(&check(&[("words", "кот")])), [("кот -is:retweet", "molva 7")]);
    let both = check(&[("words", "кот"), ("topics", "always"), ("narrower", "lang:ru")]);
    let expected = [
        ("кот lang:ru -is:retweet", "molva 7"),
        ("сон lang:ru -is:retweet", "molva 7 topic 3"),
        ("(дом сад) lang:ru -is:retweet", "molva 7 topic 4"),
    ];
    assert_eq!(shown(&both), expected);
    assert_eq!(both.queries, ["кот lang:ru -is:retweet", "(сон OR (дом сад)) lang:ru -is:retweet"]);
    let topics_alone = check(&[("reposts", "true")]);
    assert_eq!(shown(&topics_alone), [("сон", "molva 7 topic 3"), ("(дом сад)", "molva 7 topic 4")]);
    assert!(of(&settings(&[("narrower", &"x".repeat(201))]), "molva 7", &topics).is_err());
}

#[test]
fn a_change_of_one_topic_changes_its_rules_alone() {
    let none = settings(&[]);
    let before = of(&none, "t", &[topic(1, word("кот")), topic(2, word("пёс")), topic(3, word("сон"))]).expect("rules");
    let after = of(&none, "t", &[topic(1, word("кот")), topic(2, word("слон")), topic(3, word("сон"))]).expect("rules");
    let changed: Vec<&str> =
        after.rules.iter().filter(|rule| !before.rules.contains(rule)).map(|rule| rule.value.as_str()).collect();
    assert_eq!(changed, ["слон -is:retweet"]);
}

#[test]
fn more_topics_than_rules_share_them_and_those_without_room_are_told() {
    let topics: Vec<TopicSought> = (0..1_500).map(|id| topic(id, word(&format!("длинноголовый{id}")))).collect();
    let wanted = of(&settings(&[]), "t", &topics).expect("rules");
    assert!(
        wanted.rules.len() <= 500 && wanted.rules.iter().all(|rule| rule.tag == "t topics"),
        "{}",
        wanted.rules.len()
    );
    assert!(wanted.rules.iter().all(|rule| rule.value.chars().count() <= 1_024));
    assert!(wanted.queries.len() == 32 && wanted.queries.iter().all(|query| query.chars().count() <= 512));
    let plan = plan(&settings(&[("what", "search")]), &topics).expect("a plan");
    let (asked, left): (Vec<_>, Vec<_>) = plan.asks.iter().partition(|ask| ask.missing.is_empty());
    assert!(
        plan.count == 32 && plan.most == 32 && asked.len() > 500 && left.len() > 500,
        "{} {}",
        asked.len(),
        left.len()
    );
    assert!(left.iter().all(|ask| ask.queries.is_empty() && ask.missing[0].why == UntoldWhy::Room));
    assert_eq!(super::plan(&settings(&[("words", "кот")]), &topics), None);
    assert_eq!(super::plan(&settings(&[("what", "mentions")]), &topics), None);
}

#[test]
fn no_topic_is_without_a_query_because_another_has_many_words() {
    let many = Sought::Any((0..3_000).map(|number| word(&format!("длинноголовый{number}"))).collect());
    let topics = [topic(1, many), topic(2, word("кот")), topic(3, word("пёс"))];
    let plan = plan(&settings(&[("what", "search")]), &topics).expect("a plan");
    let told: Vec<(bool, bool)> =
        plan.asks.iter().map(|ask| (ask.queries.is_empty(), ask.missing.is_empty())).collect();
    assert_eq!((plan.count, told), (32, vec![(false, false), (false, true), (false, true)]));
}
