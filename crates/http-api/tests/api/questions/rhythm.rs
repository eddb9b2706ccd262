//! When it is said.

use molva_domain::GapCause;
use serde_json::{Value, json};

use super::{Bench, at, with};

#[tokio::test(flavor = "multi_thread")]
async fn rhythm_is_that_of_the_workspaces_clock_and_shows_gaps() {
    let bench = Bench::small().await;
    bench.owner.patch("/api/workspace", json!({"time_zone": "Europe/Kyiv"})).await.expect(200);
    let (storage, workspace) = (&bench.world.storage, bench.world.workspace);
    storage
        .open_gap(workspace, bench.source, at("2026-03-10T00:00:00Z"), GapCause::Disconnected)
        .await
        .expect("opened");
    storage.close_gaps(workspace, bench.source, at("2026-03-11T00:00:00Z")).await.expect("closed");
    let selection = with(&bench.march(), &json!({"to": "2026-03-25T00:00:00Z"}));
    let compare = json!({"from": "2026-03-10T00:00:00Z", "to": "2026-03-11T00:00:00Z"});
    let rhythm = bench.ask("rhythm", json!({"selection": selection, "unit": "day", "compare": compare})).await;
    assert_eq!((&rhythm["unit"], &rhythm["time_zone"]), (&json!("day"), &json!("Europe/Kyiv")));
    let buckets = rhythm["buckets"].as_array().expect("buckets");
    let full: Vec<_> = buckets.iter().filter(|bucket| bucket["mentions"] != 0).collect();
    let days: Vec<_> =
        full.iter().map(|bucket| (bucket["from"].as_str().expect("a time"), bucket["mentions"].as_u64())).collect();
    // Days of Kyiv begin at 22:00 UTC.
    let expected = [("2026-03-01T22:00:00.000Z", 2), ("2026-03-09T22:00:00.000Z", 1), ("2026-03-19T22:00:00.000Z", 1)];
    assert_eq!(days, expected.map(|(day, mentions)| (day, Some(mentions))));
    let tones = |bucket: &Value| {
        ["negative", "neutral", "positive", "unjudged"].map(|tone| bucket[tone].as_u64().expect("a count"))
    };
    assert_eq!([tones(full[0]), tones(full[1]), tones(full[2])], [[2, 0, 0, 0], [0, 0, 1, 0], [0, 0, 0, 1]]);
    let gaps: Vec<_> = buckets
        .iter()
        .filter(|bucket| bucket["gap"] == true)
        .map(|bucket| bucket["from"].as_str().expect("a time"))
        .collect();
    assert_eq!(gaps, ["2026-03-09T22:00:00.000Z", "2026-03-10T22:00:00.000Z"]);
    let gap = json!({
        "source_id": bench.source.to_string(), "source": "Отзывы", "from": "2026-03-10T00:00:00.000Z",
        "to": "2026-03-11T00:00:00.000Z", "cause": "disconnected",
    });
    assert_eq!(rhythm["gaps"], json!([gap]));
    for bucket in buckets.iter().filter(|bucket| bucket["mentions"] != 0) {
        let drilled = bench.count(&with(&selection, &json!({"from": bucket["from"], "to": bucket["to"]}))).await;
        assert_eq!(bucket["mentions"].as_u64(), Some(drilled), "{bucket}");
    }
    // The compared day begins at 02:00 in Kyiv, as the period does: 22 hours to the next midnight, and two.
    let before: Vec<_> = buckets.iter().filter_map(|bucket| bucket["before"].as_u64()).collect();
    assert_eq!((before.iter().sum::<u64>(), before.len()), (1, 2));
    let beside = with(&selection, &json!({"from": buckets[0]["before_from"], "to": buckets[0]["before_to"]}));
    assert_eq!(buckets[0]["before"].as_u64(), Some(bench.count(&beside).await));
    assert_eq!(buckets[5]["before"], Value::Null);
    // Monday 8 and 9, Tuesday 14, Friday 12.
    let heat: Vec<Vec<u64>> = serde_json::from_value(rhythm["heat"].clone()).expect("rows of counts");
    assert_eq!((heat.len(), heat.iter().map(Vec::len).sum::<usize>(), heat.iter().flatten().sum::<u64>()), (7, 168, 4));
    assert_eq!([heat[0][8], heat[0][9], heat[1][14], heat[4][12]], [1; 4]);

    let suited = bench.ask("rhythm", json!({"selection": selection})).await;
    assert_eq!(suited["unit"], "day");
    let nothing = bench.ask("rhythm", json!({"selection": {"query": "нетакогослова"}})).await;
    assert_eq!((&nothing["buckets"], nothing["heat"][6][23].as_u64()), (&json!([]), Some(0)));
    let long = json!({"selection": {"from": "2020-01-01T00:00:00Z"}, "unit": "minute"});
    let refused = bench.owner.post("/api/questions/rhythm", long).await;
    assert_eq!(
        (refused.problem(), &refused.body["errors"][0]["code"]),
        ((422, "invalid_fields"), &json!("too_many_buckets"))
    );
    let backwards = json!({"compare": {"from": "2026-03-02T00:00:00Z", "to": "2026-03-01T00:00:00Z"}});
    let refused = bench.owner.post("/api/questions/rhythm", backwards).await;
    assert_eq!((refused.problem().0, &refused.body["errors"][0]["field"]), (422, &json!("compare.to")));
}
