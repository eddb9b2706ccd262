//! The rules are held against an evaluator of X's language, that of the emulator.

use molva_emulators::x::fits;
use proptest::prelude::*;

use super::*;
use crate::search::sample::{self, post, read, told, topic};

fn asked(query: &str, room: usize) -> TopicAsk {
    compile(&topic(7, query), room)
}

#[test]
fn a_topic_is_asked_for_in_the_words_of_x() {
    let check = |query: &str, expected: &[&str]| assert_eq!(asked(query, 1_024).queries, expected, "{query}");
    check("=молва", &["молва"]);
    check("=сеть =нет", &["(сеть OR сёть) (нет OR нёт)"]);
    check("=молва OR =рутуб", &["молва OR рутуб"]);
    check("(=молва OR #молва) @mobile -=работа", &["(молва OR #молва) @mobile"]);
    check("\"=мой =дом\"", &["\"мой дом\" OR #мойдом OR #мой_дом"]);
    check("=молва author:@person1001 network:x", &["молва from:person1001"]);
    check("=молва 👍", &["молва 👍"]);
    check("=молва network:vk", &[]);
    check("=м'ята", &["\"м ята\" OR мʼята"]);
    check("=the =молва", &["молва"]);
    check("=coca-cola", &["cocacola OR \"coca cola\" OR #cocacola OR #coca_cola"]);
}

#[test]
fn what_is_not_told_is_said() {
    let near = asked("=молва NEAR/3 =плохо -=работа lang:ru", 512);
    assert_eq!(near.queries, ["молва плохо"]);
    let widened = [("distance", "=молва NEAR/3 =плохо"), ("excluded", "=работа"), ("field", "lang:ru")];
    assert_eq!((told(&near.widened), told(&near.missing)), (widened.to_vec(), Vec::new()));
    let prefix = asked("=молва OR молвин*", 512);
    assert_eq!((prefix.queries, told(&prefix.missing)), (vec!["молва".to_owned()], vec![("beginning", "молвин*")]));
    let nothing = asked("молвин*", 512);
    assert_eq!((nothing.queries, told(&nothing.missing)), (Vec::new(), vec![("beginning", "молвин*")]));
}

#[test]
fn what_is_too_long_is_split_at_its_choices_and_else_widened() {
    let words: Vec<String> = (0..40).map(|number| format!("=слон{number}")).collect();
    let split = asked(&format!("({}) =молва", words.join(" OR ")), 100);
    assert!(split.queries.len() > 3 && split.widened.is_empty(), "{split:?}");
    assert!(split.queries.iter().all(|query| query.chars().count() <= 100 && query.ends_with(" молва")), "{split:?}");
    let long = format!("({}) ({}) =молва", words.join(" OR "), words.join(" OR "));
    let widened = asked(&long, 100);
    assert!(widened.missing.is_empty() && told(&widened.widened)[0].0 == "long", "{widened:?}");
    assert!(widened.queries.iter().all(|query| query.ends_with(" молва")), "{widened:?}");
    // A list of ten thousand and a demand for as many are written in no time.
    let many: Vec<String> = (0..5_000).map(|number| format!("=слон{number}")).collect();
    assert!(asked(&many.join(" OR "), 512).queries.len() > 50);
    assert_eq!(asked(&many.join(" "), 512).queries.len(), 1);
}

/// As people write them.
fn query() -> impl Strategy<Value = String> {
    sample::query(vec![
        "билайн",
        "связь",
        "ёлка",
        "=нет",
        "интернет",
        "==Сад",
        "coca-cola",
        "м'ята",
        "=the",
        "beeline",
        "мегаф*",
        "#связь",
        "#дом",
        "@help",
        "👍",
        "lang:ru",
        "network:x",
        "network:vk",
        "author:@person1001",
        "\"нет связи\"",
        "\"дом ру\"",
        "\"нет интернета\"~2",
        "связь NEAR/2 нет",
        "\"связь мегаф* нет\"",
        "билайн SENTENCE связь",
        "\"coca-cola сад\"",
    ])
}

/// As people write them, without what no search can be asked for: words stretched, broken, or hidden in joined hashtags.
fn text() -> impl Strategy<Value = String> {
    sample::text(vec![
        "билайна",
        "Билайн",
        "связи",
        "#связь",
        "Ёлка",
        "елку",
        "ёлки",
        "нет",
        "Нет",
        "интернета",
        "дом",
        "ру",
        "Сад",
        "сад",
        "#ДомРу",
        "#дом_ру",
        "coca-cola",
        "Coca Cola",
        "м'ята",
        "м’ята",
        "мʼята",
        "the",
        "Beeline",
        "мегафон",
        "@help",
        "👍",
        "кот",
        "не",
    ])
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 500, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn whatever_the_matcher_accepts_the_rules_accept(
        query in query(),
        texts in prop::collection::vec(text(), 8),
        room in prop::sample::select(vec![90_usize, 200, 512, 1_024]),
    ) {
        let Some((query, topic)) = read(7, &query) else { return Ok(()) };
        let ask = compile(&topic, room);
        for rule in &ask.queries {
            prop_assert!(rule.chars().count() <= room, "{} > {room}: {rule}", rule.chars().count());
            prop_assert!(fits(rule, "слово").is_ok(), "X does not take {rule}: {:?}", fits(rule, "слово"));
        }
        for text in texts {
            let post = post(NETWORK, &text);
            if ask.missing.is_empty() && query.matches(&post) {
                let found = ask.queries.iter().any(|rule| fits(rule, &text) == Ok(true));
                prop_assert!(found, "{:?} finds {text:?}, {:?} does not", query.text(), ask.queries);
            }
        }
    }
}
