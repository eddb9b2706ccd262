//! Where it is said, and by whom.

use serde_json::json;

use super::{Bench, with};

#[tokio::test(flavor = "multi_thread")]
async fn places_and_authors_lead_to_their_rows() {
    let bench = Bench::small().await;
    let march = bench.march();
    let places = bench.ask("places", json!({"selection": march, "limit": 1})).await;
    assert_eq!(places["mentions"], 4);
    let networks = json!({
        "values": [{"value": "vk", "label": "vk", "mentions": 3, "share": 0.75, "negative": 2, "neutral": 0, "positive": 0,
                    "unjudged": 1, "reach": 370}],
        "distinct": 2, "others": 1, "without": 0,
    });
    assert_eq!(places["networks"], networks);
    let community = &places["communities"]["values"][0];
    assert_eq!(
        (&community["label"], community["mentions"].as_u64(), places["communities"]["without"].as_u64()),
        (&json!("Наш город"), Some(1), Some(3))
    );
    for (list, part) in [
        ("networks", "network"),
        ("sites", "site"),
        ("communities", "community"),
        ("countries", "country"),
        ("regions", "region"),
        ("cities", "city"),
    ] {
        let values = places[list]["values"].as_array().expect("values");
        assert_eq!(values.len(), 1, "{list}");
        for value in values {
            let drilled = bench.count(&with(&march, &json!({part: [value["value"]]}))).await;
            assert_eq!(value["mentions"].as_u64(), Some(drilled), "{list} {value}");
        }
        let without = bench.count(&with(&march, &json!({part: [""]}))).await;
        assert_eq!(places[list]["without"].as_u64(), Some(without), "{list}");
    }

    let authors = bench.ask("authors", json!({"selection": march})).await;
    let counts = ["mentions", "distinct", "repeat", "potential_reach", "without"].map(|field| authors[field].as_u64());
    assert_eq!(counts, [4, 2, 1, 200, 0].map(Some), "{authors}");
    // Anna wrote three of the four.
    assert_eq!(authors["repeat_share"], 0.75);
    let anna = &authors["authors"][0];
    let row = json!({
        "author": anna["author"], "name": "Анна", "handle": "anna", "network": "vk", "url": null, "followers": 120, "verified": null,
        "mentions": 3, "share": 0.75, "negative": 2, "neutral": 0, "positive": 0, "unjudged": 1,
    });
    assert_eq!(*anna, row);
    let everyone = bench.ask("authors", json!({"selection": with(&march, &json!({"topic": []}))})).await;
    let loudest: Vec<_> = everyone["loudest"]
        .as_array()
        .expect("authors")
        .iter()
        .map(|author| (author["handle"].as_str().expect("a handle"), author["followers"].as_u64()))
        .collect();
    assert_eq!(loudest, [("dora", Some(700)), ("anna", Some(150)), ("boris", Some(50))]);
    for (answer, selection) in [(&authors, march.clone()), (&everyone, with(&march, &json!({"topic": []})))] {
        for list in ["authors", "loudest"] {
            for author in answer[list].as_array().expect("authors") {
                let drilled = bench.count(&with(&selection, &json!({"author": [author["author"]]}))).await;
                assert_eq!(author["mentions"].as_u64(), Some(drilled), "{author}");
            }
        }
    }
    let nobody = bench.ask("authors", json!({"selection": {"query": "нетакогослова"}})).await;
    assert_eq!(
        (nobody["repeat_share"].is_null(), &nobody["authors"], &nobody["loudest"]),
        (true, &json!([]), &json!([]))
    );
    let refused = bench.owner.post("/api/questions/authors", json!({"limit": 101})).await;
    assert_eq!((refused.problem(), &refused.body["errors"][0]["field"]), ((422, "invalid_fields"), &json!("limit")));
}
