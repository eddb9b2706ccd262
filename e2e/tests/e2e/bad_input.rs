//! What is broken ends in a counted outcome or a message that names the place and the way out; nothing else stops.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use anyhow::ensure;
use axum::Router;
use axum::body::Body;
use axum::response::Redirect;
use axum::routing::get;
use futures_util::stream;
use molva_e2e::api::Tally;
use molva_e2e::environment::eventually;
use molva_e2e::place::Place;
use molva_e2e::web_server::{Entry, WebServer, now_s, rss};
use reqwest::{Method, StatusCode};
use serde_json::{Value, json};

/// Imports a file and holds its counts: (file name, content, stored, unmatched, duplicate, rejected by reason).
struct Case {
    name: &'static str,
    content: Vec<u8>,
    stored: u64,
    unmatched: u64,
    duplicate: u64,
    rejected: Value,
}

impl Case {
    fn new(name: &'static str, content: impl Into<Vec<u8>>) -> Self {
        Self { name, content: content.into(), stored: 0, unmatched: 0, duplicate: 0, rejected: json!({}) }
    }
}

fn cases() -> Vec<Case> {
    let line = |id: &str, text: &str| json!({"id": id, "text": text, "published": 1_760_000_000}).to_string();
    vec![
        Case {
            stored: 2,
            rejected: json!({"malformed": 1}),
            ..Case::new(
                "cut.jsonl",
                format!("{}\n{{\"id\":\"2\",\"text\":\"мега\n{}\n", line("cut1", "мегафон"), line("cut3", "мегафон")),
            )
        },
        Case {
            stored: 1,
            ..Case::new("no-newline-at-the-end.jsonl", line("end1", "мегафон"))
        },
        Case {
            stored: 1,
            rejected: json!({"empty_text": 1}),
            ..Case::new("empty-text.jsonl", format!("{}\n{}\n", line("text1", "  "), line("text2", "мегафон")))
        },
        Case {
            stored: 1,
            rejected: json!({"invalid_date": 1}),
            ..Case::new(
                "dates.jsonl",
                format!("{}\n{}\n", json!({"id": "date1", "text": "мегафон", "published": "soon"}), line("date2", "мегафон")),
            )
        },
        Case {
            stored: 1,
            ..Case::new("future.jsonl", json!({"id": "future1", "text": "мегафон", "published": 4_102_444_800_i64}).to_string())
        },
        Case {
            stored: 1,
            ..Case::new("nul.jsonl", r#"{"id":"nul1","text":"мегафон \u0000 и ещё","published":1760000000}"#)
        },
        Case {
            stored: 1,
            unmatched: 1,
            ..Case::new(
                "cp1251.csv",
                [b"id;text;published\nwin1;\xec\xe5\xe3\xe0\xf4\xee\xed \xe8 \xe4\xf0\xf3\xe3\xe8\xe5 \xf1\xeb\xee\xe2\xe0;2025-10-09T08:53:20Z\n" as &[u8],
                 b"win2;\xef\xee\xe3\xee\xe4\xe0 \xf1\xe5\xe3\xee\xe4\xed\xff \xf5\xee\xf0\xee\xf8\xe0\xff;2025-10-09T08:53:20Z\n"].concat(),
            )
        },
        Case {
            stored: 1,
            duplicate: 1,
            ..Case::new("twice.jsonl", format!("{0}\n{0}\n", line("twice1", "мегафон")))
        },
    ]
}

#[tokio::test]
async fn each_broken_record_of_a_file_is_counted_and_the_rest_is_read() -> anyhow::Result<()> {
    let place = Place::embedded()?;
    place.add_topic("Мегафон", "мегафон", false).await?;
    let mut wrong = Vec::new();
    for case in cases() {
        let path = place.write(case.name, &case.content)?;
        let counts = place.run_json(&["import", &path]).await?;
        let rejected: u64 =
            case.rejected.as_object().into_iter().flatten().filter_map(|(_, count)| count.as_u64()).sum();
        let expected = Tally {
            received: case.stored + case.unmatched + case.duplicate + rejected,
            stored: case.stored,
            unmatched: case.unmatched,
            duplicate: case.duplicate,
            updated: 0,
            rejected,
        };
        if Tally::read(&counts)? != expected || counts["rejections"] != case.rejected {
            wrong.push(format!("{}: {counts}, expected {expected:?} with {}", case.name, case.rejected));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    Ok(())
}

#[tokio::test]
async fn a_csv_with_broken_quotes_ends_and_every_record_is_accounted_for() -> anyhow::Result<()> {
    let place = Place::embedded()?;
    place.add_topic("Мегафон", "мегафон", false).await?;
    let mut file = String::from("id,text,published\n");
    for number in 0..200 {
        let quote = if number == 100 { "\"" } else { "" };
        file.push_str(&format!("{number},{quote}мегафон {number},2025-10-09T08:53:20Z\n"));
    }
    let path = place.write("quotes.csv", file)?;
    let tally = Tally::read(&place.run_json(&["import", &path]).await?)?;
    assert_eq!(tally.received, tally.stored + tally.unmatched + tally.duplicate + tally.rejected);
    ensure!(tally.stored >= 100, "what stands before the broken quote is read: {tally:?}");
    ensure!(tally.stored < 200, "the broken record cannot have been read as if nothing were wrong: {tally:?}");
    Ok(())
}

#[tokio::test]
async fn a_file_that_cannot_be_read_is_refused_with_its_name() -> anyhow::Result<()> {
    let place = Place::embedded()?;
    std::fs::create_dir(place.path("folder.csv"))?;
    place.write("noise.xlsx", b"PK\x03\x04\x14\x00\x06\x00 and then no archive at all".repeat(20))?;
    place.write("half.jsonl.gz", [0x1f_u8, 0x8b, 8, 0, 0, 0, 0, 0, 0, 3, 0x4b])?;
    for name in ["absent.jsonl", "folder.csv", "noise.xlsx", "half.jsonl.gz"] {
        let path = molva_e2e::place::text(&place.path(name))?;
        let output = place.try_run(&["import", &path, "--json"]).await?;
        let said = String::from_utf8_lossy(&output.stderr).into_owned() + &String::from_utf8_lossy(&output.stdout);
        ensure!(!output.status.success(), "`{name}` was taken: {said}");
        ensure!(said.contains(name), "the message about `{name}` does not name it: {said}");
        ensure!(!said.contains("panicked"), "`{name}`: {said}");
    }
    Ok(())
}

#[tokio::test]
async fn a_bad_feed_shows_its_problem_and_disturbs_no_other() -> anyhow::Result<()> {
    let inner_asked = Arc::new(AtomicU64::new(0));
    let counted = Arc::clone(&inner_asked);
    let inner = WebServer::start(Router::new().fallback(move || async move {
        counted.fetch_add(1, Ordering::SeqCst);
        "inside"
    }))
    .await?;
    let given = Arc::new(AtomicU64::new(0));
    let server = WebServer::start(bad_server(inner.url("/secret"), Arc::clone(&given))).await?;

    let place = Place::embedded()?;
    let (molva, api) = place.serve(&["--allow-private-host", &server.host()]).await?;
    api.add_topic("Мегафон", "мегафон").await?;
    let bad = ["malformed", "endless", "slow", "redirect-inside", "redirect-loop", "html", "empty", "binary"];
    for name in bad.iter().chain(&["good", "wrong-encoding", "control-characters"]) {
        api.add_source("feed", name, json!({"url": server.url(&format!("/{name}"))})).await?;
    }
    for name in bad {
        eventually(Duration::from_secs(100), &format!("`{name}` to show its problem"), || async {
            let source = api.source(name).await?;
            let problem = &source["problem"];
            let told = problem["message"].as_str().is_some_and(|message| !message.is_empty())
                && problem["advice"].as_str().is_some_and(|advice| !advice.is_empty());
            let counted = source["tally"]["rejected"].as_u64() > Some(0);
            Ok(if told || counted { Ok(()) } else { Err(source.to_string()) })
        })
        .await?;
    }
    for name in ["good", "wrong-encoding", "control-characters"] {
        eventually(Duration::from_secs(100), &format!("`{name}` to be read"), || async {
            let source = api.source(name).await?;
            let stored = source["tally"]["stored"].as_u64();
            Ok(if stored == Some(1) && source["problem"].is_null() { Ok(()) } else { Err(source.to_string()) })
        })
        .await?;
    }
    assert_eq!(api.source("redirect-inside").await?["problem"]["code"], "address_blocked");
    assert_eq!(inner_asked.load(Ordering::SeqCst), 0, "a redirect led to an address inside");
    let taken = given.load(Ordering::SeqCst);
    ensure!(taken < 512 << 20, "{} MB of an endless body were read", taken >> 20);
    molva.stop().await?;
    Ok(())
}

fn bad_server(inside: String, given: Arc<AtomicU64>) -> Router {
    let item = |text: &str| {
        let entry =
            Entry { guid: "1".into(), title: "новость".into(), text: text.into(), published_s: now_s() - 60 };
        rss("feed", None, [entry].iter())
    };
    let good = item("мегафон в новостях");
    let control = item("мегафон \u{0} \u{8} в новостях");
    let windows_1251 =
        b"<?xml version=\"1.0\" encoding=\"windows-1251\"?><rss version=\"2.0\"><channel><title>f</title><item><guid>1</guid><description>\xec\xe5\xe3\xe0\xf4\xee\xed</description><pubDate>Thu, 09 Oct 2025 08:53:20 GMT</pubDate></item></channel></rss>".to_vec();
    Router::new()
        .route("/good", get(|| async { good }))
        .route("/control-characters", get(|| async { control }))
        .route("/wrong-encoding", get(|| async { ([("content-type", "text/xml; charset=utf-8")], windows_1251) }))
        .route(
            "/malformed",
            get(|| async { "<?xml version=\"1.0\"?><rss version=\"2.0\"><channel><item><title>мегафон" }),
        )
        .route("/html", get(|| async { ([("content-type", "text/html")], "<html><body>no feed here</body></html>") }))
        .route("/empty", get(|| async { "" }))
        .route("/binary", get(|| async { vec![0xff_u8; 100_000] }))
        .route("/redirect-inside", get(move || async move { Redirect::temporary(&inside) }))
        .route("/redirect-loop", get(|| async { Redirect::temporary("/redirect-loop") }))
        .route("/endless", get(move || async move { Body::from_stream(endless(given)) }))
        .route("/slow", get(|| async { Body::from_stream(slow()) }))
}

/// Ten gigabytes, if anybody takes them.
fn endless(given: Arc<AtomicU64>) -> impl futures_util::Stream<Item = Result<Vec<u8>, std::io::Error>> {
    const PART: usize = 64 << 10;
    stream::unfold(0_u64, move |sent| {
        let given = Arc::clone(&given);
        async move {
            if sent > 10 << 30 {
                return None;
            }
            given.fetch_add(PART as u64, Ordering::SeqCst);
            let head: &[u8] =
                if sent == 0 { b"<?xml version=\"1.0\"?><rss version=\"2.0\"><channel><title>" } else { b"" };
            let mut part = head.to_vec();
            part.resize(PART, b'x');
            Some((Ok(part), sent + PART as u64))
        }
    })
}

/// A byte a second: never silent long enough for a simple read time-out.
fn slow() -> impl futures_util::Stream<Item = Result<Vec<u8>, std::io::Error>> {
    stream::unfold((), |()| async {
        tokio::time::sleep(Duration::from_secs(1)).await;
        Some((Ok(b" ".to_vec()), ()))
    })
}

#[tokio::test]
async fn an_address_inside_is_refused_when_it_is_not_allowed() -> anyhow::Result<()> {
    let asked = Arc::new(AtomicU64::new(0));
    let counted = Arc::clone(&asked);
    let inner = WebServer::start(Router::new().fallback(move || async move {
        counted.fetch_add(1, Ordering::SeqCst);
        "inside"
    }))
    .await?;
    let place = Place::embedded()?;
    let (molva, api) = place.serve(&[]).await?;
    let port = inner.host().rsplit(':').next().unwrap_or_default().to_owned();
    for host in ["127.0.0.1", "localhost", "[::1]", "0.0.0.0", "2130706433", "0x7f.1", "[::ffff:127.0.0.1]"] {
        let address = format!("http://{host}:{port}/feed");
        let draft = json!({"connector": "feed", "name": host, "settings": {"url": address}, "secrets": {}});
        let request = api.request(Method::POST, "/api/sources/test").json(&draft);
        let answer = request.send().await?;
        let (status, body) = (answer.status(), answer.text().await?);
        let body: Value = serde_json::from_str(&body)?;
        let refused = status == StatusCode::UNPROCESSABLE_ENTITY || (status.is_success() && body["ok"] == false);
        ensure!(refused, "`{address}` was not refused: {status} {body}");
    }
    assert_eq!(asked.load(Ordering::SeqCst), 0, "an address inside was reached");
    molva.stop().await?;
    Ok(())
}

#[tokio::test]
async fn a_query_with_errors_is_refused_with_the_place_and_the_way_out() -> anyhow::Result<()> {
    let place = Place::embedded()?;
    let (molva, api) = place.serve(&[]).await?;
    for query in ["", "мегафон OR", "(мегафон", "\"мегафон", "NOT мегафон", "tone:negative", "м*", &"(".repeat(500)]
    {
        let draft = json!({"name": "t", "level": "brand", "kind": "own", "query": query});
        let answer = api.request(Method::POST, "/api/topics").json(&draft).send().await?;
        let status = answer.status();
        let body: Value = answer.json().await?;
        ensure!(status == StatusCode::UNPROCESSABLE_ENTITY, "`{query:.40}` was answered {status}: {body}");
        let checked = api.post("/api/queries/check", &json!({"query": query})).await?;
        assert_eq!(checked["valid"], false, "`{query:.40}`");
        let diagnostics = checked["diagnostics"].as_array().map(Vec::len).unwrap_or_default();
        ensure!(diagnostics > 0 || query.is_empty(), "`{query:.40}` has no diagnostics");
    }
    assert_eq!(api.get("/api/topics").await?["items"], json!([]));
    molva.stop().await?;
    Ok(())
}

#[tokio::test]
async fn a_pushed_body_that_is_broken_in_part_is_taken_in_part() -> anyhow::Result<()> {
    let place = Place::embedded()?;
    let (molva, api) = place.serve(&[]).await?;
    api.add_topic("Мегафон", "мегафон").await?;
    let push = api.add_push_source("crm").await?;
    let body = "{\"id\":\"1\",\"text\":\"мегафон\",\"published\":\"2026-03-01T09:30:00Z\"}\n{\"id\":\"2\",\"te\n{\"id\":\"3\",\"text\":\"\",\"published\":\"2026-03-01T09:30:00Z\"}\n";
    let tally = push.deliver(body.to_owned()).await?;
    assert_eq!(tally, Tally { received: 3, stored: 1, rejected: 2, ..Tally::default() });
    let source = api.source("crm").await?;
    let ledger = api.get(&format!("/api/sources/{}/ledger", molva_e2e::api::id(&source)?)).await?;
    let places: Vec<&str> =
        ledger["quarantine"].as_array().into_iter().flatten().filter_map(|item| item["place"].as_str()).collect();
    assert_eq!(places.len(), 2, "the quarantine shows where each broken item stood: {ledger}");
    molva.stop().await?;
    Ok(())
}
