//! Calls of networks at the real server: how soon they are answered, and that every one of them is read, through a crash too.

use std::sync::Arc;
use std::time::{Duration, Instant};

use anyhow::{Context as _, ensure};
use molva_e2e::api::{Api, client, id};
use molva_e2e::environment::{eventually, number};
use molva_e2e::place::Place;
use reqwest::{RequestBuilder, StatusCode};
use ring::hmac;
use serde_json::json;
use tokio::sync::mpsc;

const SECRET: &str = "e2e-secret-of-a-forum";

/// A forum that calls its source.
struct Forum {
    http: reqwest::Client,
    address: String,
    key: hmac::Key,
}

impl Forum {
    async fn new(api: &Api, base: &str) -> anyhow::Result<Self> {
        let body = json!({"connector": "discourse", "name": "forum", "settings": {"url": "https://forum.invalid"},
            "secrets": {"webhook_secret": SECRET}});
        let source = id(&api.post("/api/sources", &body).await?)?;
        let webhook = api.get(&format!("/api/sources/{source}/webhook")).await;
        // An older Molva, to compare with, has no key in the address.
        let path = match &webhook {
            Ok(webhook) => webhook["path"].as_str().context("a path")?.to_owned(),
            Err(_) => format!("/api/webhooks/discourse/{source}"),
        };
        Ok(Self {
            http: client()?,
            address: format!("{base}{path}"),
            key: hmac::Key::new(hmac::HMAC_SHA256, SECRET.as_bytes()),
        })
    }

    fn post(number: u64) -> String {
        json!({"post": {"id": number, "topic_id": 1, "topic_title": "Связь", "post_number": 2, "username": "anna",
            "created_at": "2026-03-01T09:30:00Z", "cooked": format!("<p>У мегафона опять нет связи, {number}</p>")}})
        .to_string()
    }

    /// Signed, unless `forged`.
    fn call(&self, body: String, forged: bool) -> RequestBuilder {
        let signed = if forged { b"another body" } else { body.as_bytes() };
        let tag = hmac::sign(&self.key, signed);
        let hex: String = tag.as_ref().iter().map(|byte| format!("{byte:02x}")).collect();
        let request = self.http.post(&self.address).header("x-discourse-event-signature", format!("sha256={hex}"));
        request.header("content-type", "application/json").body(body)
    }
}

#[tokio::test]
async fn calls_that_were_answered_are_read_though_molva_is_killed_right_after() -> anyhow::Result<()> {
    let place = Place::embedded()?;
    let (molva, api) = place.serve(&[]).await?;
    api.add_topic("Мегафон", "мегафон").await?;
    let forum = Forum::new(&api, molva.base()).await?;
    for number in 0..50 {
        let answer = forum.call(Forum::post(number), false).send().await?;
        ensure!(answer.status() == StatusCode::OK && answer.text().await? == "ok");
    }
    molva.kill().await?;
    let (molva, api) = place.serve(&[]).await?;
    let forum = Forum { address: format!("{}{}", molva.base(), path_of(&forum.address)?), ..forum };
    // The network did not see all answers and calls again; somebody else calls too.
    for number in 0..50 {
        ensure!(forum.call(Forum::post(number), false).send().await?.status() == StatusCode::OK);
        ensure!(forum.call(Forum::post(number), true).send().await?.status() == StatusCode::UNAUTHORIZED);
    }
    eventually(Duration::from_secs(120), "every post to be a mention", || async {
        let mentions = api.mentions("").await?;
        Ok(if mentions.len() == 50 { Ok(()) } else { Err(format!("{} mentions", mentions.len())) })
    })
    .await?;
    molva.stop().await?;
    Ok(())
}

/// The short form of the bar; `MOLVA_E2E_WEBHOOK_RATE=1000 MOLVA_E2E_WEBHOOK_SECONDS=30 MOLVA_E2E_WEBHOOK_P99_MS=20` with a
/// release build is the long one.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn calls_are_answered_soon_and_none_is_lost() -> anyhow::Result<()> {
    let rate = number("MOLVA_E2E_WEBHOOK_RATE", 100);
    let seconds = number("MOLVA_E2E_WEBHOOK_SECONDS", 5);
    let bar = Duration::from_millis(number("MOLVA_E2E_WEBHOOK_P99_MS", 1_000));
    let place = Place::embedded()?;
    let (molva, api) = place.serve(&[]).await?;
    api.add_topic("Мегафон", "мегафон").await?;
    let forum = Arc::new(Forum::new(&api, molva.base()).await?);
    // One in ten is forged and one in ten comes twice.
    let (took, mut taken) = mpsc::channel(usize::try_from(rate * seconds)?.max(1));
    let begun = Instant::now();
    for beat in 0..rate * seconds {
        let at = begun + Duration::from_secs(1).mul_f64(beat as f64 / rate as f64);
        tokio::time::sleep_until(at.into()).await;
        let (forum, took) = (Arc::clone(&forum), took.clone());
        tokio::spawn(async move {
            let (forged, number) = (beat % 10 == 3, if beat % 10 == 7 { beat - 1 } else { beat });
            let sent = Instant::now();
            let status = forum.call(Forum::post(number), forged).send().await.map(|answer| answer.status().as_u16());
            let _ = took.send((forged, status.unwrap_or(0), sent.elapsed())).await;
        });
    }
    drop(took);
    let mut times = Vec::new();
    while let Some((forged, status, time)) = taken.recv().await {
        ensure!(status == if forged { 401 } else { 200 }, "answered {status} after {time:?}");
        times.push(time);
    }
    let wall = begun.elapsed();
    times.sort();
    let at = |share: f64| times[((times.len() - 1) as f64 * share) as usize];
    let posts = rate * seconds / 10 * 8;
    let read = Instant::now();
    eventually(Duration::from_secs(120), "every call to be read", || async {
        let ledger = api.ledger().await?;
        Ok(if ledger.stored == posts { Ok(()) } else { Err(format!("{ledger:?}")) })
    })
    .await?;
    eprintln!(
        "{} calls at {:.0} a second: p50 {:?}, p99 {:?}, p99.9 {:?}, longest {:?}; all read {:?} after the last answer",
        times.len(),
        times.len() as f64 / wall.as_secs_f64(),
        at(0.5),
        at(0.99),
        at(0.999),
        at(1.0),
        read.elapsed(),
    );
    ensure!(at(0.99) <= bar, "p99 is {:?}, the bar is {bar:?}", at(0.99));
    molva.stop().await?;
    Ok(())
}

fn path_of(address: &str) -> anyhow::Result<&str> {
    address.find("/api/").map(|at| &address[at..]).context("an address of the API")
}
