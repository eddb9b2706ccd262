//! What cannot be asked.

use serde_json::{Value, json};

use super::{Bench, errors};

#[tokio::test(flavor = "multi_thread")]
async fn what_cannot_be_searched_for_is_told() {
    let bench = Bench::start().await;
    for path in ["/api/search", "/api/search/count", "/api/search/facets", "/api/search/timeline"] {
        let ask = |mut body: Value| {
            if path.ends_with("facets") {
                body["facets"] = json!(["network"]);
            }
            bench.owner.post(path, body)
        };
        let selection = json!({"selection": {"query": "связь AND"}});
        assert_eq!(ask(selection).await.problem(), (422, "query_has_errors"), "{path}");
        let diagnosed = ask(json!({"selection": {"query": "tonne:negative"}})).await;
        assert!(diagnosed.body["diagnostics"].as_array().is_some_and(|all| !all.is_empty()), "{}", diagnosed.body);
        assert_eq!(ask(json!({"selection": {"topics": []}})).await.problem(), (422, "invalid_fields"));
        assert_eq!(ask(json!({"selection": {}, "what": 1})).await.problem(), (422, "invalid_fields"));
        let backwards = json!({"selection": {"from": "2026-03-02T00:00:00Z", "to": "2026-03-01T00:00:00Z"}});
        assert_eq!(errors(&ask(backwards).await), [("selection.to", "before_from")]);
        let long = json!({"selection": {"query": "слово ".repeat(17_000)}});
        assert_eq!(errors(&ask(long).await), [("query", "too_long")], "{path}");
    }
    let search = |body: Value| bench.owner.post("/api/search", body);
    for cursor in
        ["", "n", "x-1.2.3", "n1.2", "f-1.2.3", "n99999999999999999999999999999999999999999.1.1", "n-1.1.1'--"]
    {
        assert_eq!(search(json!({"cursor": cursor})).await.problem(), (400, "invalid_cursor"), "{cursor}");
    }
    let page = search(json!({"order": "newest", "limit": 1})).await.expect(200);
    let other_order = search(json!({"order": "oldest", "cursor": page["next_cursor"]})).await;
    assert_eq!(other_order.problem(), (400, "invalid_cursor"));
    assert_eq!(errors(&search(json!({"limit": 201})).await), [("limit", "out_of_range")]);
    assert_eq!(errors(&search(json!({"limit": 0})).await), [("limit", "out_of_range")]);
    assert_eq!(errors(&search(json!({"order": "best"})).await), [("order", "invalid_value")]);
    let twice = json!({"facets": ["tag", "tag"]});
    assert_eq!(errors(&bench.owner.post("/api/search/facets", twice).await), [("facets", "named_twice")]);
    let unknown = json!({"facets": ["colour"]});
    assert_eq!(bench.owner.post("/api/search/facets", unknown).await.problem(), (422, "invalid_fields"));
    let unit = json!({"unit": "decade"});
    assert_eq!(errors(&bench.owner.post("/api/search/timeline", unit).await), [("unit", "invalid_value")]);

    let (pusher, reader) = (bench.world.token(&["push"]).await, bench.world.token(&["read"]).await);
    assert_eq!(bench.world.anonymous().post("/api/search", json!({})).await.status.as_u16(), 401);
    assert_eq!(pusher.post("/api/search", json!({})).await.status.as_u16(), 403);
    reader.post("/api/search", json!({})).await.expect(200);
    let change = json!({"change": {"state": "kept"}, "expected": 1});
    assert_eq!(reader.post("/api/search/change", change).await.status.as_u16(), 403);
    assert_eq!(reader.post("/api/archive/rebuild", json!({})).await.status.as_u16(), 403);
}
