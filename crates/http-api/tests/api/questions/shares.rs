//! How much is said of whom.

use serde_json::{Value, json};

use super::{Bench, close, with};
use crate::actors::id;

#[tokio::test(flavor = "multi_thread")]
async fn volume_and_share_are_those_worked_out_by_hand() {
    let bench = Bench::small().await;
    let march = bench.march();
    let compare = json!({"from": "2026-02-01T00:00:00Z", "to": "2026-03-01T00:00:00Z"});
    let volume = bench.ask("volume", json!({"selection": march, "compare": compare})).await;
    assert_eq!(volume["period"], json!({"from": "2026-03-01T00:00:00.000Z", "to": "2026-03-31T00:00:00.000Z"}));
    let counts =
        ["mentions", "authors", "potential_reach", "reach_unknown", "views"].map(|field| volume[field].as_u64());
    assert_eq!(counts, [4, 2, 150 + 50, 0, 40].map(Some), "{volume}");
    assert_eq!(volume["tones"], json!({"negative": 2, "neutral": 0, "positive": 1, "unjudged": 1}));
    assert!(close(&volume["net_sentiment"], -25.0) && close(&volume["per_day"], 4.0 / 30.0), "{volume}");
    // Reach of the competitor: unknown, 700 and 120; of ours: 100, 150, 50 and 120.
    let topics = volume["topics"].as_array().expect("topics");
    let shown: Vec<_> =
        topics.iter().map(|topic| (&topic["topic_id"], topic["mentions"].as_u64(), topic["reach"].as_u64())).collect();
    assert_eq!(shown, [(&json!(bench.own), Some(4), Some(420)), (&json!(bench.competitor), Some(3), Some(820))]);
    assert_eq!([&topics[0]["selected"], &topics[1]["selected"]], [&json!(true), &json!(false)]);
    assert!(
        close(&topics[0]["share"], 4.0 / 7.0) && close(&topics[0]["share_weighted"], 420.0 / 1_240.0),
        "{topics:?}"
    );
    assert!(
        close(&topics[1]["share"], 3.0 / 7.0) && close(&topics[1]["share_weighted"], 820.0 / 1_240.0),
        "{topics:?}"
    );
    assert!(close(&volume["share_of_voice"], 4.0 / 7.0) && close(&volume["share_of_voice_weighted"], 420.0 / 1_240.0));
    for topic in topics {
        let drilled = bench.count(&with(&march, &json!({"topic": [topic["topic_id"]]}))).await;
        assert_eq!(topic["mentions"].as_u64(), Some(drilled), "{topic}");
    }
    let before = &volume["before"];
    let empty = [
        &before["net_sentiment"],
        &before["share_of_voice"],
        &before["share_of_voice_weighted"],
        &before["topics"][0]["share"],
    ];
    assert_eq!(
        (before["mentions"].as_u64(), before["per_day"].as_f64(), empty),
        (Some(0), Some(0.0), [&Value::Null; 4])
    );

    // Everything at once; a market that was chosen is shown without a share.
    let market = bench.ask("volume", json!({"selection": with(&march, &json!({"topic": [bench.market]}))})).await;
    let topics: Vec<_> = market["topics"]
        .as_array()
        .expect("topics")
        .iter()
        .map(|topic| (topic["kind"].as_str(), topic["share"].is_null()))
        .collect();
    assert_eq!(topics, [(Some("own"), false), (Some("competitor"), false), (Some("market"), true)]);
    assert_eq!((&market["before"], market["mentions"].as_u64()), (&Value::Null, Some(3)));
    let all = bench.ask("volume", json!({})).await;
    assert_eq!((all["mentions"].as_u64(), &all["period"]["from"]), (Some(10), &json!("2026-03-02T06:00:00.000Z")));
    let switched =
        bench.ask("volume", json!({"selection": with(&march, &json!({"include": ["copies", "binned"]}))})).await;
    assert_eq!((switched["mentions"].as_u64(), switched["authors"].as_u64()), (Some(6), Some(3)));
}

#[tokio::test(flavor = "multi_thread")]
async fn shares_are_among_topics_of_one_level() {
    let bench = Bench::small().await;
    let product = json!({"name": "Звенора, тарифы", "level": "product", "kind": "own", "query": "звенора AND тариф"});
    let product = id(&bench.owner.post("/api/topics", product).await.expect(201));
    let program = bench.world.token(&["push"]).await;
    let post =
        json!([{"id": "9", "text": "звенора: новый тариф", "published": "2026-03-25T10:00:00Z", "network": "vk"}]);
    program.post(&format!("/api/push/{}", bench.source), post).await.expect(202);
    bench.owner.archive_caught_up().await;
    let volume = bench.ask("volume", json!({"selection": bench.march()})).await;
    let shares: Vec<_> = volume["topics"]
        .as_array()
        .expect("topics")
        .iter()
        .map(|topic| (topic["topic_id"].as_str(), topic["level"].as_str(), topic["share"].as_f64()))
        .collect();
    let brand = |id, share| (Some(id), Some("brand"), Some(share));
    assert_eq!(
        shares,
        [
            brand(bench.own.as_str(), 5.0 / 8.0),
            brand(bench.competitor.as_str(), 3.0 / 8.0),
            (Some(product.as_str()), Some("product"), Some(1.0))
        ]
    );
    assert!(close(&volume["share_of_voice"], 5.0 / 8.0), "{volume}");
}
