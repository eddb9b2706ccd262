//! In which mood, and what for: by what people said, whatever the machine says.

use serde_json::{Value, json};

use super::{Bench, close, with};
use crate::actors::World;

/// Says everything of the one mention that is found.
async fn say(bench: &Bench, query: &str, tone: &str, intents: Value, stage: &str, spam: bool) {
    let selection = json!({"topic": [bench.own], "query": query, "include": ["spam"]});
    let change = json!({"tone": tone, "intents": intents, "stage": stage, "spam": spam});
    let body = json!({"selection": selection, "change": change, "expected": 1});
    assert_eq!(bench.owner.post("/api/search/change", body).await.expect(200)["changed"], 1, "{query}");
}

/// The machine judges too; people have the last word.
async fn judged() -> Bench {
    let bench = Bench::judged_by_people(World::judging().await).await;
    say(&bench, "сегодня", "negative", json!(["help", "complaint"]), "service", false).await;
    say(&bench, "опять", "negative", json!(["complaint"]), "none", false).await;
    say(&bench, "хорошая", "positive", json!(["praise"]), "use", false).await;
    say(&bench, "брамтел", "neutral", json!([]), "none", true).await;
    bench.owner.archive_caught_up().await;
    bench
}

fn row<'a>(rows: &'a Value, name: &str, value: &str) -> &'a Value {
    rows.as_array().expect("rows").iter().find(|row| row[name] == value).unwrap_or_else(|| panic!("no {value}"))
}

#[tokio::test(flavor = "multi_thread")]
async fn tones_intents_stages_and_spam_are_shares_of_all_mentions() {
    let bench = judged().await;
    let march = bench.march();
    let february = json!({"from": "2026-02-01T00:00:00Z", "to": "2026-03-01T00:00:00Z"});
    let understood = bench.ask("understanding", json!({"selection": march, "compare": february, "unit": "week"})).await;
    assert_eq!(
        (&understood["mentions"], &understood["unjudged"], &understood["judged_by_people"]),
        (&json!(3), &json!(0), &json!(3))
    );
    assert_eq!(understood["before_mentions"], 0);
    let counts = |rows: &Value, name: &str| -> Vec<(String, u64)> {
        let rows = rows.as_array().expect("rows").iter();
        rows.map(|row| (row[name].as_str().unwrap_or_default().to_owned(), row["mentions"].as_u64().unwrap_or(99)))
            .collect()
    };
    let named =
        |rows: &[(&str, u64)]| rows.iter().map(|(name, count)| ((*name).to_owned(), *count)).collect::<Vec<_>>();
    assert_eq!(counts(&understood["tones"], "tone"), named(&[("negative", 2), ("neutral", 0), ("positive", 1)]));
    assert_eq!(counts(&understood["intents"], "intent")[..3], named(&[("complaint", 2), ("help", 1), ("praise", 1)]));
    assert_eq!(understood["intents"].as_array().map(Vec::len), Some(10));
    let stages = [("search", 0), ("buy", 0), ("use", 1), ("service", 1), ("leave", 0)];
    assert_eq!(counts(&understood["stages"], "stage"), named(&stages));
    assert_eq!((&understood["without_intent"], &understood["without_stage"]), (&json!(0), &json!(1)));
    let complaint = row(&understood["intents"], "intent", "complaint");
    assert!(close(&complaint["share"], 2.0 / 3.0), "{complaint}");
    assert_eq!((&complaint["estimate"], &complaint["before"]), (&Value::Null, &json!({"mentions": 0, "share": null})));
    assert!(close(&understood["net_sentiment"]["value"], 100.0 / 3.0 - 200.0 / 3.0), "{understood}");
    // The one that is spam is left out of all but this.
    assert_eq!((&understood["spam"]["mentions"], &understood["spam"]["share"]), (&json!(1), &json!(0.25)));
    let buckets = understood["over_time"]["buckets"].as_array().expect("buckets");
    let sum = |of: &dyn Fn(&Value) -> u64| buckets.iter().map(of).sum::<u64>();
    assert_eq!(sum(&|bucket| bucket["intents"]["complaint"].as_u64().unwrap_or(99)), 2);
    assert_eq!(sum(&|bucket| bucket["negative"].as_u64().unwrap_or(99)), 2);
    assert_eq!(sum(&|bucket| bucket["mentions"].as_u64().unwrap_or(99)), 3);
}

#[tokio::test(flavor = "multi_thread")]
async fn every_share_leads_to_its_mentions() {
    let bench = judged().await;
    let march = bench.march();
    let understood = bench.ask("understanding", json!({"selection": march})).await;
    for (list, name) in [("tones", "tone"), ("intents", "intent"), ("stages", "stage")] {
        for row in understood[list].as_array().expect("rows") {
            let found = bench.count(&with(&march, &json!({name: [row[name]]}))).await;
            assert_eq!(row["mentions"], found, "{row}");
        }
    }
    assert_eq!(bench.count(&with(&march, &json!({"intent": ["none"]}))).await, 0);
    assert_eq!(bench.count(&with(&march, &json!({"intent": ["help", "praise"]}))).await, 2);
    assert_eq!(bench.count(&with(&march, &json!({"stage": ["none", "use"]}))).await, 2);
    assert_eq!(bench.count(&with(&march, &json!({"spam": ["yes"]}))).await, 1);
    assert_eq!(bench.count(&with(&march, &json!({"judged_by": ["people"]}))).await, 3);
    assert_eq!(bench.count(&with(&march, &json!({"judged_by": ["machine", "none"]}))).await, 0);
    for story in understood["stories"].as_array().expect("stories") {
        assert_eq!(story["mentions"], bench.count(&with(&march, &json!({"story": [story["story_id"]]}))).await);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_word_taken_back_is_the_machines_again() {
    let bench = judged().await;
    let one = json!({"topic": [bench.own], "query": "сегодня", "include": ["spam"]});
    let machine = async || {
        let found = bench.owner.post("/api/search", json!({"selection": one})).await.expect(200);
        found["items"][0].clone()
    };
    let before = machine().await;
    assert_eq!(before["by_people"], json!(["tone", "intents", "stage", "spam"]));
    assert_eq!(
        (&before["intents"], &before["stage"], &before["spam"]),
        (&json!(["complaint", "help"]), &json!("service"), &json!(0.0))
    );
    let change = json!({"ids": [before["id"]], "tone": null, "intents": null, "stage": null, "spam": null});
    let after = bench.owner.patch("/api/mentions", change).await.expect(200)["items"][0].clone();
    let said = &after["machine"];
    assert_eq!(after["by_people"], json!([]));
    assert_eq!(
        [&after["tone"], &after["intents"], &after["stage"], &after["spam"]],
        [&said["tone"], &said["decided"], &said["stage"], &said["spam"]]
    );
}
