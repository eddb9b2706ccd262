//! How far the figures can be trusted, and what they mean.

use std::time::Duration;

use molva_domain::{GapCause, SourceState};
use molva_storage::source::SourceReport;
use serde_json::{Value, json};

use super::{Bench, with};
use crate::actors::World;

#[tokio::test(flavor = "multi_thread")]
async fn trust_is_told_in_words_and_figures() {
    let bench = Bench::small().await;
    let march = bench.march();
    let trust = bench.ask("trust", json!({"selection": march})).await;
    assert_eq!(trust["duplicates"], json!({"mentions": 1, "share": 0.2}));
    assert_eq!((trust["binned"].as_u64(), trust["spam"].as_u64()), (Some(1), Some(0)));
    assert_eq!(trust["judged_by_people"], json!({"mentions": 3, "share": 0.75}));
    assert_eq!(bench.count(&with(&march, &json!({"state": ["binned"]}))).await, 1);
    assert_eq!(bench.count(&with(&march, &json!({"include": ["copies"]}))).await, 4 + 1);
    // The source was added after that March.
    assert_eq!(trust["sources"], json!({"expected": 0, "delivering": 0, "list": []}));
    assert_eq!((&trust["gap_share"], &trust["score"]), (&Value::Null, &json!("some")));
    assert_eq!(
        trust["reasons"][0],
        "No source was collecting in this period: the figures hold what was imported or handed in."
    );
    let russian = bench.world.token(&["read"]).await.with("accept-language", "ru");
    let said = russian.post("/api/questions/trust", json!({"selection": march})).await.expect(200);
    assert_eq!(
        said["reasons"][0],
        "В этом периоде ни один источник не собирал: учтено только импортированное и переданное."
    );

    let (storage, workspace, begun) = (&bench.world.storage, bench.world.workspace, bench.world.now());
    let minutes = |minutes: u64| begun.plus(Duration::from_secs(minutes * 60));
    bench.world.clock.advance(Duration::from_secs(7_200));
    let running = SourceReport { state: Some(SourceState::Running), ..SourceReport::default() };
    storage.report_source(workspace, bench.source, running).await.expect("reported");
    let recent = json!({"selection": {"from": begun.to_rfc3339()}});
    let calm = bench.ask("trust", recent.clone()).await;
    assert_eq!((calm["score"].as_str(), calm["gap_share"].as_f64()), (Some("good"), Some(0.0)), "{calm}");
    assert_eq!(calm["reasons"], json!(["All expected sources collected without a gap.", "No mention is selected."]));
    assert_eq!((&calm["duplicates"]["share"], &calm["judged_by_people"]["share"]), (&Value::Null, &Value::Null));
    storage.open_gap(workspace, bench.source, minutes(30), GapCause::Overflow).await.expect("opened");
    storage.close_gaps(workspace, bench.source, minutes(60)).await.expect("closed");
    let gappy = bench.ask("trust", recent).await;
    // Half an hour of two is missing.
    assert_eq!((gappy["score"].as_str(), gappy["gap_share"].as_f64()), (Some("poor"), Some(0.25)));
    assert_eq!(gappy["reasons"][0], "Of the collection time 25% is missing; the gaps are listed.");
    let cut = json!([{"source_id": bench.source.to_string(), "name": "Отзывы", "at": minutes(30).to_rfc3339()}]);
    assert_eq!((&gappy["quota_cuts"], gappy["gaps"].as_array().map(Vec::len)), (&cut, Some(1)));
    let source = &gappy["sources"]["list"][0];
    assert_eq!(
        (&source["network"], source["gap_seconds"].as_u64(), &source["delivering"]),
        (&json!("push"), Some(1_800), &json!(true))
    );
    // Another network's figures do not suffer; posts handed in may be of any network, so these do.
    let elsewhere = bench.ask("trust", json!({"selection": {"from": begun.to_rfc3339(), "network": ["vk"]}})).await;
    assert_eq!(elsewhere["sources"]["expected"], 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn figures_are_defined_in_the_language_of_the_reader_and_questions_ask_for_a_reader() {
    let world = World::start().await;
    let owner = world.owner().await;
    let figures = owner.get("/api/figures").await.expect(200);
    let found = figures["items"]
        .as_array()
        .expect("items")
        .iter()
        .find(|figure| figure["id"] == "net_sentiment")
        .expect("a figure");
    assert_eq!(
        (&found["unit"], &found["question"], &found["name"]),
        (&json!("points"), &json!("volume"), &json!("Net sentiment"))
    );
    let ukrainian = world.token(&["read"]).await.with("accept-language", "uk");
    let told = ukrainian.get("/api/figures").await.expect(200);
    assert!(told["items"].as_array().expect("items").iter().any(|figure| figure["name"] == "Чиста тональність"));
    for question in ["volume", "rhythm", "places", "authors", "words", "trust"] {
        let path = format!("/api/questions/{question}");
        assert_eq!(world.anonymous().post(&path, json!({})).await.status.as_u16(), 401);
        ukrainian.post(&path, json!({})).await.expect(200);
        assert_eq!(
            owner.post(&path, json!({"selection": {"query": "связь AND"}})).await.problem(),
            (422, "query_has_errors")
        );
        assert_eq!(owner.post(&path, json!({"selection": {}, "what": 1})).await.problem(), (422, "invalid_fields"));
    }
}
