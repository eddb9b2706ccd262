//! `kill -9` while the models learn from what people said: nothing is lost, and the model in force stays.

use std::time::Duration;

use anyhow::{Context as _, ensure};
use molva_e2e::api::{Api, id};
use molva_e2e::environment::{eventually, number};
use molva_e2e::place::Place;
use molva_e2e::web_server::{now_s, rfc3339};
use rand::RngExt as _;
use reqwest::Method;
use serde_json::{Value, json};

const POSTS: usize = 200;

#[tokio::test]
async fn a_training_that_is_killed_leaves_the_model_in_force_and_every_label() -> anyhow::Result<()> {
    let place = Place::embedded()?;
    let (molva, api) = place.serve(&[]).await?;
    teach(&api).await?;
    let untaught = api.get("/api/model").await?;
    assert_eq!((&untaught["active"]["id"], &untaught["training"]), (&json!("0"), &Value::Null));
    assert_eq!(untaught["automatic"]["rest"], "due", "{}", untaught["automatic"]);
    api.post("/api/model/train", &json!({})).await?;
    let first = trained(&api, 1).await?;
    ensure!(first["active"]["id"] != "0", "what people said was not learnt: {}", first["history"]);
    assert_eq!(first["automatic"]["rest"], "too_few_labels", "{}", first["automatic"]);
    molva.stop().await?;

    let (mut killed, mut cut_off) = (0, 0);
    while killed < number("MOLVA_E2E_KILLS_OF_TRAININGS", 4) {
        let (molva, api) = place.serve(&[]).await?;
        let before = api.get("/api/model").await?;
        assert_eq!(before["labels"], first["labels"], "a label was lost");
        api.post("/api/model/train", &json!({})).await?;
        tokio::time::sleep(Duration::from_millis(rand::rng().random_range(0..400))).await;
        let running = api.get("/api/model").await?["training"].is_object();
        molva.kill().await?;
        killed += 1;

        let (molva, api) = place.serve(&[]).await?;
        let after = api.get("/api/model").await?;
        assert_eq!(after["training"], Value::Null);
        let histories = [&before["history"], &after["history"]].map(|history| history.as_array().map_or(0, Vec::len));
        // The training came to its end just before the kill, or nothing of it is there.
        if histories[0] == histories[1] {
            assert_eq!((&after["active"], &after["history"]), (&before["active"], &before["history"]));
            cut_off += u32::from(running);
        } else {
            assert_eq!(histories[1], histories[0] + 1);
        }
        molva.stop().await?;
    }
    eprintln!("killed {killed} times, {cut_off} of them in the middle of a training");

    let (molva, api) = place.serve(&[]).await?;
    let known = api.get("/api/model").await?["history"].as_array().map_or(0, Vec::len);
    api.post("/api/model/train", &json!({})).await?;
    let last = trained(&api, known + 1).await?;
    assert_eq!(last["labels"], first["labels"]);
    ensure!(last["active"]["id"] != "0", "{}", last["history"]);
    let doctor = place.run_json(&["doctor"]).await?;
    ensure!(doctor["well"] == true, "the doctor is not content: {doctor}");
    molva.stop().await?;
    Ok(())
}

/// Posts, and what people say of them: a third teaches, a third is left alone.
async fn teach(api: &Api) -> anyhow::Result<()> {
    api.add_topic("Ромашка", "ромашк*").await?;
    let push = api.add_push_source("crm").await?;
    let things = ["тариф", "роутер", "офис", "чат", "сайт", "телефон", "пакет"];
    let posts: String = (0..POSTS)
        .map(|number| {
            let blamed = if number % 2 == 0 { " и фикус" } else { "" };
            let text = format!("Ромашка привезла {}{blamed}, номер {number}", things[number % 7]);
            json!({"id": number.to_string(), "text": text, "published": rfc3339(now_s()), "network": "forum"})
                .to_string()
                + "\n"
        })
        .collect();
    let tally = push.deliver(posts).await?;
    ensure!(tally.stored == POSTS as u64, "{tally:?}");
    let mentions = api.mentions("").await?;
    for (tone, blamed) in [("negative", true), ("neutral", false)] {
        let mut ids = Vec::new();
        for (place, mention) in mentions.iter().enumerate() {
            let text = mention["post"]["text"].as_str().context("a mention without a text")?;
            if text.contains("фикус") == blamed && (blamed || place % 3 > 0) {
                ids.push(id(mention)?);
            }
        }
        let change = api.request(Method::PATCH, "/api/mentions").json(&json!({"ids": ids, "tone": tone}));
        change.send().await?.error_for_status()?;
    }
    Ok(())
}

/// Waits until no training runs and so many were.
async fn trained(api: &Api, trainings: usize) -> anyhow::Result<Value> {
    let ended = async || {
        let page = api.get("/api/model").await?;
        let history = page["history"].as_array().map_or(0, Vec::len);
        Ok(if page["training"].is_null() && history >= trainings {
            Ok(page)
        } else {
            Err(page["training"].to_string())
        })
    };
    eventually(Duration::from_secs(180), "the training ends", ended).await
}
