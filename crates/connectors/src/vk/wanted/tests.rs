//! The searches are held against a reader of VK's language, that of the emulator.

use molva_domain::{Sought, TopicId};
use molva_emulators::vk::fits;
use proptest::prelude::*;

use super::*;
use crate::search::sample::{self, post, read, settings, told, topic};

fn asked(query: &str) -> TopicAsk {
    compile(&topic(7, query))
}

#[test]
fn every_alternative_of_a_topic_is_a_search_in_the_words_of_vk() {
    let check = |query: &str, expected: &[&str]| assert_eq!(asked(query).queries, expected, "{query}");
    check("=молва", &["молва"]);
    check("=молва OR =рутуб", &["молва", "рутуб"]);
    check("=нет (=связи OR =сигнала)", &["нет связи", "нет сигнала"]);
    check("(=молва OR #молва) @mobile -=работа", &["молва mobile", "#молва mobile"]);
    check("\"=мой =дом\"", &["мой дом"]);
    check("\"red carpet\"", &["red carpet"]);
    check("=молва OR (=молва =связь)", &["молва"]);
    check("=молва network:x", &[]);
    check("#ель", &["#ель", "#ёль"]);
    check("=ёлка", &["елка"]);
    // Few stems of many forms.
    for word in ["билайн", "интернет", "связь", "молния", "сломался", "доставка", "тарифный"]
    {
        assert!(asked(word).queries.len() <= 3, "{:?}", asked(word).queries);
    }
}

#[test]
fn what_vk_is_not_told_is_said() {
    let near = asked("=молва NEAR/3 =плохо -=работа lang:ru author:@anna 👍");
    assert_eq!((near.queries, near.missing), (vec!["молва плохо".to_owned()], Vec::new()));
    let whys: Vec<&str> = near.widened.iter().map(|untold| untold.why.as_str()).collect();
    assert_eq!(whys, ["distance", "excluded", "field", "field", "common"]);
    let spelled = |texts: &[&str]| texts.iter().map(|text| (*text).to_owned()).collect::<Vec<String>>();
    let row = Sought::Row(vec![spelled(&["дом"]), spelled(&["ру", "рю"])]);
    let row = compile(&TopicSought { topic: TopicId(7), name: "Тема".to_owned(), sought: row });
    assert_eq!((row.queries, told(&row.widened)), (spelled(&["дом ру", "дом рю"]), vec![("distance", "дом рю")]));
    let prefix = asked("=молва OR молвин*");
    assert_eq!((prefix.queries, told(&prefix.missing)), (vec!["молва".to_owned()], vec![("beginning", "молвин*")]));
    assert_eq!(told(&asked("👍").missing), [("common", "👍")]);
}

#[test]
fn topics_share_the_searches_there_are_and_what_finds_no_room_is_named() {
    let many: Vec<String> = (0..40).map(|number| format!("=слон{number}")).collect();
    let topics = [topic(1, "=кот OR =пёс"), topic(2, &many.join(" OR ")), topic(3, "=кот")];
    let plan = plan(&settings(&[("words", "молва"), ("topics", "always")]), &topics).expect("a plan");
    assert_eq!((plan.count, plan.most), (32, 32));
    assert_eq!(plan.asks[0].queries, ["кот", "пес"]);
    assert_eq!((plan.asks[1].queries.len(), plan.asks[1].missing.len()), (29, 11));
    assert_eq!(told(&plan.asks[1].missing)[0], ("room", "слон29"));
    assert_eq!((plan.asks[2].queries.len(), plan.asks[2].missing.len()), (1, 0), "it is asked for anyway");
    assert_eq!(super::plan(&settings(&[("words", "молва")]), &topics), None);
    assert_eq!(super::plan(&settings(&[("what", "walls"), ("topics", "always")]), &topics), None);
    // Choices beside choices are left out before they are too many.
    let beside = asked(&format!("=молва ({}) ({})", many.join(" OR "), many[..4].join(" OR ")));
    assert_eq!((beside.queries.len(), told(&beside.widened)[0].0), (4, "long"));
    let long: Vec<String> = (0..40).map(|number| format!("=слонопотам{number}")).collect();
    let long = asked(&long.join(" "));
    assert!(long.queries.len() == 1 && !long.widened.is_empty(), "{long:?}");
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
        "beeline",
        "мегаф*",
        "#связь",
        "#дом",
        "@help",
        "👍",
        "lang:ru",
        "network:vk",
        "network:x",
        "author:@person1001",
        "\"нет связи\"",
        "\"=дом =ру\"",
        "\"нет интернета\"~2",
        "связь NEAR/2 нет",
        "\"связь мегаф* нет\"",
        "билайн SENTENCE связь",
        "\"coca-cola сад\"",
    ])
}

/// As people write them, without what no search can be asked for: words stretched, broken, or joined in hashtags.
fn text() -> impl Strategy<Value = String> {
    sample::text(vec![
        "билайна",
        "Билайн",
        "связи",
        "связью",
        "#связь",
        "Ёлка",
        "елку",
        "ёлки",
        "ёлок",
        "нет",
        "Нет",
        "интернета",
        "дом",
        "ру",
        "Сад",
        "сад",
        "coca-cola",
        "Coca Cola",
        "м'ята",
        "м’ята",
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
    fn whatever_the_matcher_accepts_the_searches_find(query in query(), texts in prop::collection::vec(text(), 8)) {
        let Some((query, topic)) = read(7, &query) else { return Ok(()) };
        let ask = compile(&topic);
        prop_assert!(ask.queries.iter().all(|query| query.chars().count() <= LONGEST));
        for text in texts {
            let post = post(NETWORK, &text);
            if ask.missing.is_empty() && query.matches(&post) {
                let found = ask.queries.iter().any(|search| fits(search, &text));
                prop_assert!(found, "{:?} finds {text:?}, {:?} does not", query.text(), ask.queries);
            }
        }
    }
}
