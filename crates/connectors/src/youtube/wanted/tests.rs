//! The searches are held against a reader of YouTube's language, that of the emulator.

use molva_emulators::youtube::fits;

use super::*;
use crate::search::sample::{settings, topic};

fn topics(queries: &[&str]) -> Vec<TopicSought> {
    queries.iter().zip(0..).map(|(query, id)| topic(id, query)).collect()
}

fn whys(untold: &[Untold]) -> Vec<&str> {
    untold.iter().map(|untold| untold.why.as_str()).collect()
}

#[test]
fn what_one_word_is_enough_for_is_asked_for_together() {
    let check = |queries: &[&str], expected: &[&str]| {
        let plan = plan(&settings(&[]), &topics(queries)).expect("a plan");
        let mut asked: Vec<String> = Vec::new();
        for query in plan.asks.into_iter().flat_map(|ask| ask.queries) {
            if !asked.contains(&query) {
                asked.push(query);
            }
        }
        assert_eq!(asked, expected, "{queries:?}");
        assert_eq!(plan.count, expected.len());
    };
    check(&["=молва", "=кот OR =пёс", "\"=мой =дом\""], &["молва|кот|пес|\"мой дом\""]);
    check(&["=нет (=связи OR =сигнала)", "=кот"], &["нет связи|сигнала", "кот"]);
    check(&["(=нет =связи) OR =сбой"], &["нет|сбой связи|сбой"]);
    check(&["=молва network:vk", "молв*", "👍"], &[]);
}

#[test]
fn topics_that_need_several_words_are_merged_by_their_rarest_when_they_are_many() {
    let queries: Vec<String> = (0..20).map(|number| format!("=нет =слон{number}")).collect();
    let queries: Vec<&str> = queries.iter().map(String::as_str).collect();
    let plan = plan(&settings(&[("words", "молва"), ("topics", "always")]), &topics(&queries)).expect("a plan");
    assert_eq!((plan.count, plan.most), (8, 25), "one by hand, six alone, the others together");
    assert_eq!((plan.asks[5].queries[0].as_str(), whys(&plan.asks[5].widened).len()), ("нет слон5", 0));
    assert_eq!(whys(&plan.asks[6].widened), ["long"]);
    assert!(plan.asks[6].queries[0].starts_with("слон6|слон7|") && plan.asks[19].queries == plan.asks[6].queries);
}

#[test]
fn what_is_too_long_is_shared_out_or_left_out_and_what_finds_no_room_is_named() {
    let words: Vec<String> = (0..3_000).map(|number| format!("=слон{number}")).collect();
    let long = format!("=нет ({})", words[..200].join(" OR "));
    let all = words.join(" OR ");
    let plan = plan(&settings(&[]), &topics(&[&long, &all])).expect("a plan");
    let queries = plan.asks.iter().flat_map(|ask| &ask.queries);
    assert!(queries.clone().all(|query| query.chars().count() <= LONGEST), "{plan:?}");
    assert!(plan.asks[0].queries.len() > 2 && plan.asks[0].queries.iter().all(|query| query.ends_with(" нет")));
    assert_eq!(plan.count, MOST);
    assert!(whys(&plan.asks[1].missing).iter().all(|why| *why == "room") && !plan.asks[1].missing.is_empty());
    assert_eq!(super::plan(&settings(&[("channels", "UC_x5XG1OV2P6uZZ5FSM9Ttw")]), &[]), None);
    assert_eq!(super::plan(&settings(&[("words", "молва")]), &[]), None);
}

#[test]
fn whatever_a_topic_means_its_searches_find() {
    let check = |query: &str, text: &str| {
        let asks = asks(&topics(&[query, "\"другая тема\"", "=ещё =одна"]));
        let found = asks[0].queries.iter().any(|search| fits(search, text));
        assert!(found, "{query} does not find {text:?}: {:?}", asks[0].queries);
    };
    check("билайн", "Снова у Билайна сбой");
    check("ёлка (связь OR интернет)", "под ёлкой нет интернета");
    check("\"нет связи\"", "опять нет связи!");
    check("coca-cola", "пью Coca Cola");
    check("м'ята", "чай з м’ята");
    check("2 OF (кот, пёс, сон)", "коту снится сон");
    check("(кот пёс) OR (дом сад) OR (лес поле) OR гроза", "в саду дом");
    check("#связь кот", "кот #связь");
}
