//! Real servers of the networks: a source is added, somebody writes there, the mention is here.

use std::time::Duration;

use anyhow::{Context as _, ensure};
use molva_e2e::api::{Api, client};
use molva_e2e::environment::{eventually, server};
use molva_e2e::place::Place;
use rand::RngExt as _;
use reqwest::RequestBuilder;
use serde_json::{Value, json};

/// From writing to the mention; polled networks are asked a thousand times faster than they would be.
const SOON: Duration = Duration::from_secs(60);
const TIME_SCALE: &str = "1000";

#[tokio::test]
async fn a_wordpress_comment_becomes_a_mention() -> anyhow::Result<()> {
    let Some(site) = server("MOLVA_TEST_WORDPRESS") else { return Ok(()) };
    let user = server("MOLVA_TEST_WORDPRESS_USER").context("no user")?;
    let password = server("MOLVA_TEST_WORDPRESS_PASSWORD").context("no password")?;
    let comment = |text: String| {
        let address = format!("{site}/?rest_route=/wp/v2/comments");
        Ok(client()?.post(address).basic_auth(&user, Some(&password)).json(&json!({"post": 1, "content": text})))
    };
    hears(&site, json!({"connector": "wordpress", "settings": {"url": site}}), comment).await
}

#[tokio::test]
async fn a_wordpress_article_is_read_from_its_feed() -> anyhow::Result<()> {
    let Some(site) = server("MOLVA_TEST_WORDPRESS") else { return Ok(()) };
    let user = server("MOLVA_TEST_WORDPRESS_USER").context("no user")?;
    let password = server("MOLVA_TEST_WORDPRESS_PASSWORD").context("no password")?;
    let article = |text: String| {
        let address = format!("{site}/?rest_route=/wp/v2/posts");
        let body = json!({"title": text, "content": text, "status": "publish"});
        Ok(client()?.post(address).basic_auth(&user, Some(&password)).json(&body))
    };
    // The address of the page, not of the feed: it is discovered.
    hears(&site, json!({"connector": "feed", "settings": {"url": site}}), article).await
}

#[tokio::test]
async fn a_mastodon_status_becomes_a_mention() -> anyhow::Result<()> {
    let Some(instance) = server("MOLVA_TEST_MASTODON") else { return Ok(()) };
    let status = |text: String| {
        let address = format!("{instance}/api/v1/statuses");
        Ok(client()?.post(address).bearer_auth("ada_token").json(&json!({"status": text, "visibility": "public"})))
    };
    let settings = json!({"instance": instance, "timeline": "local"});
    let draft = json!({"connector": "mastodon", "settings": settings, "secrets": {"access_token": "grace_token"}});
    hears(&instance, draft, status).await
}

#[tokio::test]
async fn a_bluesky_post_becomes_a_mention() -> anyhow::Result<()> {
    let Some(pds) = server("MOLVA_TEST_PDS") else { return Ok(()) };
    let name = format!("e2e{:08x}", rand::rng().random::<u32>());
    let account =
        json!({"handle": format!("{name}.test"), "email": format!("{name}@example.com"), "password": "not a secret"});
    let session: Value = client()?
        .post(format!("{pds}/xrpc/com.atproto.server.createAccount"))
        .json(&account)
        .send()
        .await?
        .error_for_status()?
        .json()
        .await?;
    let (did, key) = (session["did"].as_str().context("no did")?, session["accessJwt"].as_str().context("no key")?);
    let post = |text: String| {
        let record = json!({"$type": "app.bsky.feed.post", "text": text, "langs": ["ru"], "createdAt": "2026-03-01T09:30:00.000Z"});
        let body = json!({"repo": did, "collection": "app.bsky.feed.post", "record": record});
        Ok(client()?.post(format!("{pds}/xrpc/com.atproto.repo.createRecord")).bearer_auth(key).json(&body))
    };
    hears(&pds, json!({"connector": "bluesky", "settings": {"mode": "firehose", "host": pds}}), post).await
}

/// Adds the source, writes before and after it runs, and waits for the mentions.
async fn hears(
    address: &str,
    mut draft: Value,
    write: impl Fn(String) -> anyhow::Result<RequestBuilder>,
) -> anyhow::Result<()> {
    let host = address.split("://").nth(1).context("no host")?.trim_end_matches('/');
    let place = Place::embedded()?;
    let (molva, api) = place.serve(&["--allow-private-host", host, "--time-scale", TIME_SCALE]).await?;
    api.add_topic("Мегафон", "мегафон").await?;
    draft["name"] = "the source".into();
    let tried = api.post("/api/sources/test", &draft).await?;
    ensure!(tried["ok"] == true, "the source does not stand the test: {tried}");
    api.post("/api/sources", &draft).await?;
    eventually(SOON, "the source to run", || async {
        let source = api.source("the source").await?;
        Ok(if source["state"] == "running" { Ok(()) } else { Err(source.to_string()) })
    })
    .await?;
    for _ in 0..2 {
        let mark = format!("{:016x}", rand::rng().random::<u64>());
        let answer = write(format!("У мегафона опять новости {mark}"))?.send().await?;
        let (status, body) = (answer.status(), answer.text().await?);
        ensure!(status.is_success(), "the server answered {status}: {body}");
        let mention = mention_with(&api, &mark).await?;
        ensure!(mention["spans"].as_array().is_some_and(|spans| !spans.is_empty()), "no matched words: {mention}");
        ensure!(mention["post"]["url"].as_str().is_some_and(|url| url.starts_with("http")), "no link: {mention}");
    }
    let ledger = api.ledger().await?;
    assert_eq!(ledger.rejected, 0, "{ledger:?}");
    molva.stop().await?;
    Ok(())
}

async fn mention_with(api: &Api, mark: &str) -> anyhow::Result<Value> {
    eventually(SOON, &format!("the mention of {mark}"), || async {
        let mentions = api.mentions("").await?;
        let found =
            mentions.iter().find(|mention| mention["post"]["text"].as_str().is_some_and(|text| text.contains(mark)));
        match found {
            Some(mention) => Ok(Ok(mention.clone())),
            None => Ok(Err(format!("{} mentions; {}", mentions.len(), api.source("the source").await?))),
        }
    })
    .await
}
