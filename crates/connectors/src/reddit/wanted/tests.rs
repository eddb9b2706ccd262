//! The searches are held against a reader of Reddit's language, that of the emulator.

use molva_emulators::reddit::fits;

use super::*;
use crate::search::sample::{settings, told, topic};

fn asked(query: &str) -> TopicAsk {
    compile(&topic(7, query))
}

#[test]
fn a_topic_is_asked_for_in_the_words_of_reddit() {
    let check = |query: &str, expected: &[&str]| assert_eq!(asked(query).queries, expected, "{query}");
    check("=молва", &["молва"]);
    check("=сеть =нет", &["(сеть OR сёть) AND (нет OR нёт)"]);
    check("=молва OR =рутуб", &["молва OR рутуб"]);
    check("(=молва OR #рутуб) @mobile -=работа", &["(молва OR рутуб) AND mobile"]);
    check("\"=мой =дом\"", &["\"мой дом\""]);
    check("=молва author:@person1001 network:reddit", &["молва AND author:person1001"]);
    check("=молва network:vk", &[]);
    check("=the =молва", &["молва"]);
}

#[test]
fn what_reddit_is_not_told_is_said_and_what_is_too_long_is_split() {
    let near = asked("=молва NEAR/3 =плохо -=работа lang:ru 👍");
    assert_eq!(near.queries, ["молва AND плохо"]);
    let whys: Vec<&str> = near.widened.iter().map(|untold| untold.why.as_str()).collect();
    assert_eq!(whys, ["distance", "excluded", "field", "common"]);
    let prefix = asked("=молва OR молвин*");
    assert_eq!((prefix.queries, told(&prefix.missing)), (vec!["молва".to_owned()], vec![("beginning", "молвин*")]));
    let words: Vec<String> = (0..120).map(|number| format!("=слон{number}")).collect();
    let split = asked(&format!("({}) =молва", words.join(" OR ")));
    assert!(split.queries.len() > 2 && split.widened.is_empty(), "{split:?}");
    assert!(split.queries.iter().all(|query| query.chars().count() <= LONGEST && query.ends_with(" AND молва")));
}

#[test]
fn whatever_a_topic_means_its_searches_find() {
    let check = |query: &str, text: &str| {
        let found = asked(query).queries.iter().any(|search| fits(search, text) == Ok(true));
        assert!(found, "{query} does not find {text:?}: {:?}", asked(query).queries);
    };
    check("билайн", "Снова у Билайна сбой");
    check("ёлка (связь OR интернет)", "под ёлкой нет интернета");
    check("\"нет связи\"", "опять нет связи!");
    check("coca-cola", "пью Coca Cola");
    check("м'ята", "чай з м’ятою");
    check("2 OF (кот, пёс, сон)", "коту снится пес");
    check("author:@person1001 кот", "кот");
}

#[test]
fn topics_are_asked_for_where_nothing_else_is_or_beside_it() {
    let topics = [topic(1, "=кот"), topic(2, "=пёс")];
    let check = |pairs: &[(&str, &str)]| plan(&settings(pairs), &topics).map(|plan| (plan.count, plan.most));
    assert_eq!(check(&[]), Some((2, 40)));
    assert_eq!(check(&[("words", "сон"), ("topics", "always")]), Some((3, 40)));
    assert_eq!((check(&[("words", "сон")]), check(&[("subreddits", "r/cats")])), (None, None));
    assert_eq!(check(&[("subreddits", "r/cats"), ("topics", "always")]), Some((2, 40)));
    let many: Vec<TopicSought> = (0..60).map(|id| topic(id, &format!("=слон{id}"))).collect();
    let plan = plan(&settings(&[]), &many).expect("a plan");
    assert_eq!(plan.asks.iter().filter(|ask| !ask.missing.is_empty()).count(), 20);
}
