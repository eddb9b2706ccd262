//! The archive through kills, rebuilds and damage: at the end it holds what the store holds, each mention once.

use std::collections::BTreeSet;
use std::path::PathBuf;
use std::time::{Duration, Instant};

use anyhow::{Context as _, ensure};
use molva_e2e::api::{Api, id};
use molva_e2e::environment::{eventually, number, server};
use molva_e2e::place::Place;
use molva_e2e::process::Launch;
use rand::RngExt as _;
use serde_json::{Value, json};

const POSTS_A_DELIVERY: usize = 60;
const MONTHS: u64 = 4;

#[tokio::test]
async fn an_archive_killed_at_random_moments_holds_what_the_store_holds_on_sqlite() -> anyhow::Result<()> {
    survives(&Place::embedded()?, number("MOLVA_E2E_KILLS", 10)).await
}

#[tokio::test]
async fn an_archive_killed_at_random_moments_holds_what_the_store_holds_on_postgres() -> anyhow::Result<()> {
    let Some(server) = server("MOLVA_TEST_POSTGRES") else { return Ok(()) };
    survives(&Place::postgres(&server).await?, 4).await
}

/// Posts, judgements and rebuilds go on while the server is killed again and again.
async fn survives(place: &Place, kills: u64) -> anyhow::Result<()> {
    let (mut molva, mut api) = place.serve(&[]).await?;
    api.add_topic("Мегафон", "мегафон").await?;
    api.add_topic("Связь", "связь OR связи").await?;
    let mut push = api.add_push_source("crm").await?;
    let mut sent = 0;
    for round in 0..=kills {
        let end = Instant::now() + Duration::from_millis(rand::rng().random_range(300..2_500));
        if round % 2 == 1 {
            api.post("/api/archive/rebuild", &json!({})).await?;
        }
        while Instant::now() < end {
            push.deliver(posts(sent, POSTS_A_DELIVERY)).await?;
            sent += POSTS_A_DELIVERY;
            judge_newest(&api, round).await?;
        }
        if round < kills {
            molva.kill().await?;
            molva = Launch::new(place).start().await?;
            api = api.moved_to(molva.base());
            push = push.moved_to(molva.base());
        }
    }
    eprintln!("killed {kills} times while {sent} posts arrived");
    hold_to_store(place, &api).await?;
    molva.stop().await?;
    Ok(())
}

/// Mentions of several months, some of which match two topics.
fn posts(first: usize, count: usize) -> String {
    let lines = (first..first + count).map(|number| {
        let month = number as u64 % MONTHS + 1;
        let words = if number.is_multiple_of(3) { "у мегафона нет связи" } else { "мегафон молчит" };
        json!({"id": number.to_string(), "text": format!("{words} {number}"), "published": format!("2026-0{month}-01T10:00:00Z")})
            .to_string()
    });
    lines.collect::<Vec<_>>().join("\n")
}

async fn judge_newest(api: &Api, round: u64) -> anyhow::Result<()> {
    let page = api.get("/api/mentions?limit=1").await?;
    let mention = id(&page["items"][0])?;
    let change = json!({"ids": [mention], "tone": "negative", "add_tags": [format!("round-{round}")]});
    api.patch("/api/mentions", &change).await?;
    Ok(())
}

/// Waits until the archive is whole; then every mention is in it once, as the store has it.
async fn hold_to_store(place: &Place, api: &Api) -> anyhow::Result<()> {
    eventually(Duration::from_secs(120), "the archive to be whole", || async {
        let status = place.run_json(&["archive", "status"]).await?;
        let whole = status["filling"].is_null()
            && status["rebuilding"].is_null()
            && status["events_behind"] == 0
            && status["damaged"] == json!([]);
        Ok(if whole { Ok(()) } else { Err(status.to_string()) })
    })
    .await?;
    let verified = place.run_json(&["archive", "verify"]).await?;
    ensure!(verified["well"] == true && verified["damaged"] == json!([]), "{verified}");

    // The list shows a post of two topics once, the archive both of its mentions: compare topic by topic.
    let topics = api.get("/api/topics").await?;
    for topic in topics["items"].as_array().context("no topics")? {
        let topic = id(topic)?;
        let stored = ids(&api.mentions(&format!("topic={topic}&copies=true")).await?)?;
        let selection = json!({"topic": [topic], "include": ["binned", "copies", "spam"]});
        let found = ids(&search(api, &selection).await?)?;
        let distinct: BTreeSet<&String> = found.iter().collect();
        ensure!(distinct.len() == found.len(), "topic {topic}: some are found twice");
        ensure!(distinct == stored.iter().collect(), "topic {topic}: {} stored, {} found", stored.len(), found.len());
    }
    for tag in api.get("/api/tags").await?["items"].as_array().context("no tags")? {
        let name = tag["tag"].as_str().context("a tag without a name")?;
        let selection = json!({"query": format!("tag:\"{name}\""), "include": ["binned", "copies", "spam"]});
        let found = search(api, &selection).await?.len();
        let stored = tag["count"].as_u64().context("a tag without a count")?;
        ensure!(found as u64 == stored, "tag {name}: {stored} stored, {found} found");
    }
    Ok(())
}

/// Every page of a search.
async fn search(api: &Api, selection: &Value) -> anyhow::Result<Vec<Value>> {
    let (mut items, mut cursor) = (Vec::new(), Value::Null);
    loop {
        let mut body = json!({"selection": selection, "order": "newest", "limit": 200});
        if !cursor.is_null() {
            body["cursor"] = cursor;
        }
        let page = api.post("/api/search", &body).await?;
        items.extend(page["items"].as_array().context("a page without items")?.iter().cloned());
        cursor = page["next_cursor"].clone();
        if cursor.is_null() {
            return Ok(items);
        }
    }
}

fn ids(mentions: &[Value]) -> anyhow::Result<Vec<String>> {
    mentions.iter().map(id).collect()
}

#[tokio::test]
async fn damaged_files_heal_by_themselves_at_the_next_start() -> anyhow::Result<()> {
    let place = Place::embedded()?;
    let (molva, api) = place.serve(&[]).await?;
    api.add_topic("Мегафон", "мегафон").await?;
    let push = api.add_push_source("crm").await?;
    push.deliver(posts(0, 400)).await?;
    hold_to_store(&place, &api).await?;
    molva.stop().await?;

    let slice = slices(&place)?.into_iter().next().context("no slice")?;
    for file in std::fs::read_dir(&slice)? {
        let path = file?.path();
        if path.extension().is_some_and(|ending| ending == "term") {
            std::fs::write(&path, b"not what it was")?;
        }
    }
    let told = place.try_run(&["archive", "verify", "--only-look"]).await?;
    ensure!(!told.status.success(), "verify finds nothing wrong");

    let molva = Launch::new(&place).start().await?;
    hold_to_store(&place, &api.moved_to(molva.base())).await?;
    ensure!(!slice.exists(), "the damaged month was built anew");
    molva.stop().await?;
    Ok(())
}

fn slices(place: &Place) -> anyhow::Result<Vec<PathBuf>> {
    let archive = std::fs::read_dir(place.data().join("archive"))?.next().context("no archive")??;
    let mut slices = Vec::new();
    for entry in std::fs::read_dir(archive.path().join("slices"))? {
        let path = entry?.path();
        if path.is_dir() {
            slices.push(path);
        }
    }
    slices.sort();
    Ok(slices)
}

#[tokio::test]
async fn rebuilding_works_with_a_server_and_without() -> anyhow::Result<()> {
    let place = Place::embedded()?;
    let (molva, api) = place.serve(&[]).await?;
    api.add_topic("Мегафон", "мегафон").await?;
    let push = api.add_push_source("crm").await?;
    push.deliver(posts(0, 400)).await?;
    hold_to_store(&place, &api).await?;
    let before = slices(&place)?;
    let told = place.run_json(&["archive", "rebuild"]).await?;
    ensure!(told["finished"] == true && told["mentions"] == 400 && told["kept_by_a_process"] == true, "{told}");
    let between = slices(&place)?;
    ensure!(before.iter().all(|slice| !between.contains(slice)), "a server rebuilds every month: {between:?}");
    hold_to_store(&place, &api).await?;
    molva.stop().await?;

    let told = place.run_json(&["archive", "rebuild", "--month", "2026-02"]).await?;
    ensure!(told["finished"] == true && told["mentions"] == 400 && told["kept_by_a_process"] == false, "{told}");
    let after = slices(&place)?;
    let differ = after.iter().filter(|slice| !between.contains(slice)).count();
    ensure!(differ == 1, "one month is rebuilt: {after:?}");
    let doctor = place.run_json(&["doctor"]).await?;
    ensure!(doctor["well"] == true, "{doctor}");
    Ok(())
}
