//! Two hundred feeds for an hour of network time: never asked faster than they say, every failure visible.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use anyhow::{Context as _, ensure};
use axum::Router;
use axum::extract::{Path, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse as _, Response};
use axum::routing::get;
use molva_e2e::environment::eventually;
use molva_e2e::place::Place;
use molva_e2e::web_server::{Entry, WebServer, now_s, rss};
use serde_json::{Value, json};

const FEEDS: usize = 200;
/// Network seconds in one of ours: an hour takes a minute.
const TIME_SCALE: u32 = 60;
const WATCHED: Duration = Duration::from_secs(60);
/// A feed that says nothing is still not asked more often than this, in network seconds.
const FLOOR_S: f64 = 60.0;

/// How a feed behaves and what must come of it.
struct Manner {
    name: &'static str,
    /// The least network time between two requests that the feed asks for, in seconds.
    told_s: f64,
    /// Code of the problem that the ledger must show, if any.
    problem: Option<&'static str>,
    answer: fn(polls: usize, headers: &HeaderMap) -> Option<Response>,
}

const MANNERS: [Manner; 10] = [
    Manner { name: "ttl", told_s: 1_800.0, problem: None, answer: |polls, _| Some(document(Some(30), polls, &[])) },
    Manner {
        name: "max-age",
        told_s: 1_800.0,
        problem: None,
        answer: |polls, headers| Some(conditional(polls, headers, &[("cache-control", "max-age=1800")])),
    },
    Manner {
        name: "etag",
        told_s: FLOOR_S,
        problem: None,
        answer: |polls, headers| Some(conditional(polls, headers, &[])),
    },
    Manner {
        name: "404",
        told_s: FLOOR_S,
        problem: Some("not_found"),
        answer: |_, _| Some(StatusCode::NOT_FOUND.into_response()),
    },
    Manner {
        name: "410",
        told_s: f64::INFINITY,
        problem: Some("gone"),
        answer: |_, _| Some(StatusCode::GONE.into_response()),
    },
    Manner {
        name: "429",
        told_s: 1_200.0,
        problem: Some("rate_limited"),
        answer: |_, _| Some((StatusCode::TOO_MANY_REQUESTS, [(header::RETRY_AFTER, "1200")]).into_response()),
    },
    Manner {
        name: "500",
        told_s: FLOOR_S,
        problem: Some("transient"),
        answer: |_, _| Some(StatusCode::INTERNAL_SERVER_ERROR.into_response()),
    },
    Manner {
        name: "503",
        told_s: 900.0,
        problem: Some("transient"),
        answer: |_, _| Some((StatusCode::SERVICE_UNAVAILABLE, [(header::RETRY_AFTER, "900")]).into_response()),
    },
    Manner { name: "timeout", told_s: FLOOR_S, problem: Some("transient"), answer: |_, _| None },
    Manner {
        name: "malformed",
        told_s: FLOOR_S,
        problem: Some("protocol"),
        answer: |_, _| Some("<rss><channel><item><title>cut in the mid".into_response()),
    },
];

#[derive(Clone, Default)]
struct Asked(Arc<Mutex<Vec<Vec<Instant>>>>);

impl Asked {
    fn note(&self, feed: usize) -> usize {
        let mut asked = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        asked.resize(FEEDS, Vec::new());
        asked[feed].push(Instant::now());
        asked[feed].len()
    }

    fn times(&self) -> Vec<Vec<Instant>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }
}

#[tokio::test]
async fn two_hundred_feeds_are_polled_politely_and_every_failure_is_visible() -> anyhow::Result<()> {
    let asked = Asked::default();
    let router = Router::new().route("/{feed}", get(answer)).with_state(asked.clone());
    let server = WebServer::start(router).await?;
    let place = Place::embedded()?;
    let scale = TIME_SCALE.to_string();
    let (molva, api) = place.serve(&["--allow-private-host", &server.host(), "--time-scale", &scale]).await?;
    api.add_topic("Мегафон", "мегафон").await?;
    for feed in 0..FEEDS {
        let name = format!("{} {feed}", MANNERS[feed % MANNERS.len()].name);
        api.add_source("feed", &name, json!({"url": server.url(&format!("/{feed}"))})).await?;
    }
    tokio::time::sleep(WATCHED).await;
    let times = asked.times();

    for (feed, times) in times.iter().enumerate() {
        let manner = &MANNERS[feed % MANNERS.len()];
        ensure!(!times.is_empty(), "feed {feed} ({}) was never asked", manner.name);
        for pair in times.windows(2) {
            let waited_s = (pair[1] - pair[0]).as_secs_f64() * f64::from(TIME_SCALE);
            // Two in a hundred are the time a request is on its way.
            ensure!(
                waited_s >= manner.told_s * 0.98,
                "feed {feed} ({}) was asked again after {waited_s:.0} s, it asks for {} s; {} requests in all",
                manner.name,
                manner.told_s,
                times.len()
            );
        }
    }
    for feed in 0..FEEDS {
        let manner = &MANNERS[feed % MANNERS.len()];
        let name = format!("{} {feed}", manner.name);
        eventually(Duration::from_secs(60), &format!("the state of `{name}`"), || async {
            Ok(as_expected(manner, &api.source(&name).await?))
        })
        .await?;
    }
    let requests: usize = times.iter().map(Vec::len).sum();
    println!("{FEEDS} feeds, one hour of network time: {requests} requests, ledger {:?}", api.ledger().await?);
    molva.stop().await?;
    Ok(())
}

/// Whether a source shows what its feed does; else what it shows.
fn as_expected(manner: &Manner, source: &Value) -> Result<(), String> {
    let (code, state) = (source["problem"]["code"].as_str(), source["state"].as_str().unwrap_or_default());
    let as_it_should = match manner.problem {
        None => code.is_none() && state == "running" && source["tally"]["stored"].as_u64() > Some(0),
        Some("gone") => code == Some("gone") && state == "stopped",
        Some(problem) => code == Some(problem) && matches!(state, "failing" | "stopped"),
    };
    let advised =
        manner.problem.is_none() || source["problem"]["advice"].as_str().is_some_and(|advice| !advice.is_empty());
    if as_it_should && advised { Ok(()) } else { Err(format!("state {state}, problem {}", source["problem"])) }
}

async fn answer(State(asked): State<Asked>, Path(feed): Path<usize>, headers: HeaderMap) -> Response {
    let polls = asked.note(feed);
    match (MANNERS[feed % MANNERS.len()].answer)(polls, &headers) {
        Some(response) => response,
        None => std::future::pending().await,
    }
}

/// A feed that has gained an entry with each poll.
fn document(ttl_minutes: Option<u32>, polls: usize, extra: &[(&'static str, &'static str)]) -> Response {
    let entries: Vec<Entry> = (0..polls)
        .map(|number| Entry {
            guid: format!("entry-{number}"),
            title: format!("выпуск {number}"),
            text: format!("мегафон в новостях, выпуск {number}"),
            published_s: now_s() - 60,
        })
        .collect();
    let mut response = rss("feed", ttl_minutes, entries.iter()).into_response();
    response.headers_mut().insert(header::CONTENT_TYPE, header::HeaderValue::from_static("application/rss+xml"));
    for (name, value) in extra {
        response.headers_mut().insert(*name, header::HeaderValue::from_static(value));
    }
    response
}

/// The same document always: 304 to whoever shows its tag.
fn conditional(_polls: usize, headers: &HeaderMap, extra: &[(&'static str, &'static str)]) -> Response {
    let mut response = match headers.get(header::IF_NONE_MATCH) {
        Some(tag) if tag == "\"v1\"" => StatusCode::NOT_MODIFIED.into_response(),
        _ => document(None, 1, &[]),
    };
    response.headers_mut().insert(header::ETAG, header::HeaderValue::from_static("\"v1\""));
    for (name, value) in extra {
        response.headers_mut().insert(*name, header::HeaderValue::from_static(value));
    }
    response
}

#[tokio::test]
async fn a_feed_that_did_not_change_is_asked_with_its_tag() -> anyhow::Result<()> {
    let tags = Arc::new(Mutex::new(Vec::new()));
    let seen = Arc::clone(&tags);
    let router = Router::new().route(
        "/feed",
        get(move |headers: HeaderMap| async move {
            let tag = headers.get(header::IF_NONE_MATCH).and_then(|tag| tag.to_str().ok()).map(str::to_owned);
            seen.lock().unwrap_or_else(PoisonError::into_inner).push(tag);
            conditional(1, &headers, &[])
        }),
    );
    let server = WebServer::start(router).await?;
    let place = Place::embedded()?;
    let (molva, api) = place.serve(&["--allow-private-host", &server.host(), "--time-scale", "3600"]).await?;
    api.add_source("feed", "tagged", json!({"url": server.url("/feed")})).await?;
    let first_three = eventually(Duration::from_secs(60), "three polls", || async {
        let tags = tags.lock().unwrap_or_else(PoisonError::into_inner);
        Ok(tags
            .get(..3)
            .map(<[_]>::to_vec)
            .with_context(|| format!("{} polls", tags.len()))
            .map_err(|seen| seen.to_string()))
    })
    .await?;
    assert_eq!(first_three, [None, Some("\"v1\"".to_owned()), Some("\"v1\"".to_owned())]);
    molva.stop().await?;
    Ok(())
}
