//! Facets and the line of time.

use std::collections::BTreeSet;

use serde_json::json;

use super::{Bench, errors, with};

#[tokio::test(flavor = "multi_thread")]
async fn every_value_of_every_facet_leads_to_as_many_rows() {
    let bench = Bench::start().await;
    let names = [
        "topic",
        "network",
        "site",
        "community",
        "author",
        "language",
        "kind",
        "state",
        "tone",
        "tag",
        "country",
        "region",
        "city",
        "hashtag",
        "link",
        "emoji",
        "word",
    ];
    let selection = json!({"query": "связь", "from": "2026-03-03T00:00:00Z"});
    let count = bench.count(&selection).await;
    let answer = bench.ask("/api/search/facets", json!({"selection": selection, "facets": names, "limit": 3})).await;
    assert_eq!(answer["count"].as_u64(), Some(count));
    let facets = answer["facets"].as_array().expect("facets");
    assert_eq!(facets.iter().map(|facet| facet["facet"].as_str()).collect::<Vec<_>>(), names.map(Some));
    for facet in facets {
        let name = facet["facet"].as_str().expect("a name");
        let values = facet["values"].as_array().expect("values");
        let mut sum = facet["others"].as_u64().expect("a count") + facet["without"].as_u64().expect("a count");
        for value in values {
            let drilled = bench.count(&with(&selection, name, json!([value["value"]]))).await;
            assert_eq!(value["mentions"].as_u64(), Some(drilled), "{name} {value}");
            sum += drilled;
        }
        let single = !["tag", "hashtag", "link", "emoji", "word"].contains(&name);
        assert!(!single || sum == count, "{name}: {sum} of {count}");
        let none = if name == "tone" { "none" } else { "" };
        if !["topic", "state", "kind"].contains(&name) {
            let without = bench.count(&with(&selection, name, json!([none]))).await;
            assert_eq!(facet["without"].as_u64(), Some(without), "{name}");
        }
    }
    let labels = |index: usize| -> BTreeSet<&str> {
        let values = facets[index]["values"].as_array().expect("values");
        values.iter().map(|value| value["label"].as_str().expect("a label")).collect()
    };
    assert_eq!(labels(0), BTreeSet::from(["Связь", "Звенора"]));
    assert_eq!(labels(3), BTreeSet::from(["Клуб 0", "Клуб 1"]));
    assert!(labels(4).iter().all(|label| label.starts_with("Анна ")), "{:?}", labels(4));
    assert_eq!(facets[4]["distinct"], 21, "a handle is somebody else on another network");

    // A facet's own choice narrows the others, not itself.
    let chosen = with(&selection, "network", json!(["vk"]));
    let ask = json!({"selection": chosen, "facets": ["country", "network"]});
    let narrowed = bench.ask("/api/search/facets", ask).await;
    assert_eq!(narrowed["count"].as_u64(), Some(bench.count(&chosen).await));
    assert_eq!(narrowed["facets"][1]["values"], facets[1]["values"]);
    assert_ne!(narrowed["facets"][0]["values"], facets[10]["values"]);
    let by_topic = with(&selection, "topic", json!([bench.two]));
    let narrowed = bench.ask("/api/search/facets", json!({"selection": by_topic, "facets": ["topic"]})).await;
    assert_eq!(narrowed["facets"][0]["values"], facets[0]["values"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_time_line_is_cut_where_the_workspaces_clock_says_so_and_adds_up() {
    let bench = Bench::start().await;
    bench.owner.patch("/api/workspace", json!({"time_zone": "Europe/Kyiv"})).await.expect(200);
    let selection = json!({"from": "2026-03-27T22:00:00Z", "to": "2026-03-30T21:00:00Z", "include": ["copies"]});
    let line = bench.ask("/api/search/timeline", json!({"selection": selection, "unit": "day"})).await;
    let edges: Vec<&str> =
        line["buckets"].as_array().expect("buckets").iter().filter_map(|bucket| bucket["from"].as_str()).collect();
    // Days of Kyiv begin at 22:00 UTC in winter and at 21:00 in summer, which begins on the 29th.
    assert_eq!(edges, ["2026-03-27T22:00:00.000Z", "2026-03-28T22:00:00.000Z", "2026-03-29T21:00:00.000Z"]);
    assert_eq!((&line["unit"], &line["time_zone"]), (&json!("day"), &json!("Europe/Kyiv")));

    for selection in
        [json!({}), json!({"topic": [bench.two], "query": "связь"}), json!({"from": "2026-03-20T00:00:00Z"})]
    {
        let line = bench.ask("/api/search/timeline", json!({"selection": selection})).await;
        let mut sum = 0;
        for bucket in line["buckets"].as_array().expect("buckets") {
            let inside = with(&with(&selection, "from", bucket["from"].clone()), "to", bucket["to"].clone());
            if bucket["mentions"] != 0 {
                assert_eq!(bucket["mentions"].as_u64(), Some(bench.count(&inside).await), "{bucket}");
            }
            sum += bucket["mentions"].as_u64().expect("a count");
        }
        assert_eq!(sum, bench.count(&selection).await, "{selection}");
    }
    let nothing = bench.ask("/api/search/timeline", json!({"selection": {"query": "нетакогослова"}})).await;
    assert_eq!(nothing["buckets"], json!([]));
    let long = json!({"selection": {"from": "2020-01-01T00:00:00Z"}, "unit": "minute"});
    let refused = bench.owner.post("/api/search/timeline", long).await;
    assert_eq!((refused.problem().0, errors(&refused)), (422, vec![("unit", "too_many_buckets")]));
}
