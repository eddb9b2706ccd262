//! Changing everything that was found.

use serde_json::{Value, json};

use super::{Bench, POSTS, errors, with};

#[tokio::test(flavor = "multi_thread")]
async fn everything_found_is_changed_at_once_unless_the_count_moved() {
    let bench = Bench::start().await;
    let selection = json!({"topic": [bench.one], "network": ["vk"]});
    let found = bench.count(&selection).await;
    assert_eq!(found, 20);
    let change =
        json!({"selection": selection, "change": {"add_tags": ["проверено"], "tone": "neutral"}, "expected": found});
    let moved = with(&change, "expected", json!(found + 21));
    assert_eq!(bench.owner.post("/api/search/change", moved).await.problem(), (409, "count_changed"));
    let repeatable = bench.owner.clone().with("idempotency-key", "all of vk");
    let changed = repeatable.post("/api/search/change", change.clone()).await.expect(200);
    assert_eq!(changed, json!({"changed": found}));
    let again = repeatable.post("/api/search/change", change).await;
    assert_eq!((again.header("idempotency-replayed"), again.status.as_u16()), ("true", 200));
    bench.owner.archive_caught_up().await;
    assert_eq!(bench.count(&json!({"tag": ["проверено"], "tone": ["neutral"]})).await, found);

    // Binned ones leave what is found; who asks for them finds them.
    let bin = json!({"selection": {"tag": ["проверено"]}, "change": {"state": "binned"}, "expected": found});
    bench.owner.post("/api/search/change", bin).await.expect(200);
    bench.owner.archive_caught_up().await;
    assert_eq!(bench.count(&json!({"tag": ["проверено"]})).await, 0);
    assert_eq!(bench.count(&json!({"tag": ["проверено"], "include": ["binned"]})).await, found);
    let binned = json!({"selection": {"topic": [bench.one], "state": ["binned"]}, "facets": ["state"]});
    let states = bench.ask("/api/search/facets", binned).await;
    let values: Vec<(&str, u64)> = states["facets"][0]["values"]
        .as_array()
        .expect("values")
        .iter()
        .map(|value| (value["value"].as_str().unwrap_or_default(), value["mentions"].as_u64().unwrap_or_default()))
        .collect();
    assert_eq!(values, [("new", POSTS as u64 - found), ("binned", found)]);

    let refused = |change: Value| {
        let body = json!({"selection": {}, "change": change, "expected": 0});
        let owner = bench.owner.clone();
        async move { owner.post("/api/search/change", body).await }
    };
    assert_eq!(errors(&refused(json!({})).await), [("change", "required")]);
    assert_eq!(errors(&refused(json!({"add_tags": [" "]})).await), [("change.add_tags", "required")]);
    assert_eq!(errors(&refused(json!({"state": "gone"})).await), [("change.state", "invalid_value")]);
}
