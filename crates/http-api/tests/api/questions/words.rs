//! Of what it is said.

use serde_json::{Value, json};

use super::{Bench, close, number, with};

#[tokio::test(flavor = "multi_thread")]
async fn words_stand_beside_their_baseline_and_lead_to_their_rows() {
    // In February 2 of 20 mentions tell of an accident, in March 12 of 20.
    let post = |month: u32, number: u32| {
        let accident = number < if month == 2 { 2 } else { 12 };
        let news = if accident {
            "на линии авария, пропала связь"
        } else {
            "ничего нового"
        };
        json!({
            "id": format!("{month}-{number}"), "text": format!("звенора: {news} {number} {month} #новости 😡"),
            "links": ["https://status.example/a?b=1"], "published": format!("2026-{month:02}-{:02}T10:00:00Z", number + 1),
        })
    };
    let posts: Vec<Value> =
        [2, 3].into_iter().flat_map(|month| (0..20).map(move |number| post(month, number))).collect();
    let bench = Bench::start(json!(posts)).await;
    let selection = json!({"topic": [bench.own], "from": "2026-03-01T00:00:00Z", "to": "2026-03-29T00:00:00Z"});
    let words = bench.ask("words", json!({"selection": selection})).await;
    let baseline = json!({"from": "2026-02-01T00:00:00.000Z", "to": "2026-03-01T00:00:00.000Z", "mentions": 20});
    assert_eq!((words["mentions"].as_u64(), &words["baseline"]), (Some(20), &baseline));
    let accident = json!({
        "word": "авария", "mentions": 12, "share": 0.6, "baseline": 2, "baseline_share": 0.1, "lift": 6.0, "drill": {"word": ["авария"]},
    });
    for list in ["typical", "rising"] {
        let found = words[list].as_array().expect("words").iter().find(|word| word["word"] == "авария");
        let found = found.unwrap_or_else(|| panic!("{list}: {words}"));
        assert!(close(&found["lift"], 6.0), "{found}");
        assert_eq!(with(found, &json!({"lift": 6.0})), accident);
    }
    let everywhere = |word: &Value| word["word"] == "звенора" || word["word"] == "новый";
    assert!(!words["typical"].as_array().expect("words").iter().any(everywhere), "{words}");
    for list in ["typical", "rising", "hashtags", "emoji", "links"] {
        let said = words[list].as_array().expect("words");
        assert!(!said.is_empty(), "{list}");
        for word in said {
            let drilled = bench.count(&with(&selection, &word["drill"])).await;
            assert_eq!(word["mentions"].as_u64(), Some(drilled), "{list} {word}");
        }
    }
    assert_eq!(
        (&words["hashtags"][0]["word"], &words["links"][0]["word"]),
        (&json!("#новости"), &json!("https://status.example/a"))
    );
    assert_eq!(words["phrases"]["sampled"], 20);
    let phrase = words["phrases"]["values"]
        .as_array()
        .expect("phrases")
        .iter()
        .find(|phrase| phrase["phrase"] == "пропала связь");
    let phrase = phrase.unwrap_or_else(|| panic!("{}", words["phrases"]));
    // Wilson's interval of 12 in 20.
    assert_eq!((phrase["mentions"].as_u64(), phrase["share"].as_f64()), (Some(12), Some(0.6)));
    assert!(
        (number(&phrase["share_low"]) - 0.3866).abs() < 1e-3 && (number(&phrase["share_high"]) - 0.7812).abs() < 1e-3,
        "{phrase}"
    );
    assert_eq!(bench.count(&with(&selection, &phrase["drill"])).await, 12, "the sample is the whole");

    let chosen = json!({"from": "2026-02-10T00:00:00Z", "to": "2026-02-20T00:00:00Z"});
    let other = bench.ask("words", json!({"selection": selection, "baseline": chosen})).await;
    assert_eq!(
        (&other["baseline"]["from"], other["baseline"]["mentions"].as_u64()),
        (&json!("2026-02-10T00:00:00.000Z"), Some(10))
    );
    let accident =
        other["rising"].as_array().expect("words").iter().find(|word| word["word"] == "авария").expect("rising");
    assert_eq!((accident["baseline"].as_u64(), &accident["lift"]), (Some(0), &Value::Null));
    let all = bench.ask("words", json!({"selection": {"topic": [bench.own]}})).await;
    assert_eq!((&all["baseline"]["from"], all["mentions"].as_u64()), (&Value::Null, Some(40)));
    let everything = bench.ask("words", json!({})).await;
    assert_eq!(
        (
            everything["baseline"]["mentions"].as_u64(),
            everything["typical"].as_array().is_some_and(|words| !words.is_empty())
        ),
        (Some(0), true)
    );
    let nothing = bench.ask("words", json!({"selection": {"query": "нетакогослова"}})).await;
    assert_eq!((&nothing["typical"], &nothing["phrases"]), (&json!([]), &json!({"sampled": 0, "values": []})));
}
