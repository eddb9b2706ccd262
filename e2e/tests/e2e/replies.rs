//! `kill -9` at random moments while replies are sent: each arrives exactly once, as counted where they arrive, with its own file
//! where it has one.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use anyhow::{Context as _, bail, ensure};
use axum::Json;
use axum::Router;
use axum::body::Bytes;
use axum::extract::{Path, Query, State};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse as _, Response};
use axum::routing::{get, post};
use molva_e2e::api::{Api, id};
use molva_e2e::environment::{eventually, number, server};
use molva_e2e::place::Place;
use molva_e2e::process::Launch;
use molva_e2e::web_server::WebServer;
use rand::RngExt as _;
use serde_json::{Value, json};

/// The waits before the network is asked again pass ten times faster: 0.2, 1 and 6 s.
const TIME_SCALE: &str = "10";
/// Longer than anything a cut connection leaves behind on the server.
const PATIENCE: Duration = Duration::from_secs(180);
const ACCOUNTS: usize = 4;
/// Posts that are answered.
const PARENTS: usize = 8;
/// Long past: it is sent at once.
const NOW: &str = "2020-01-01T00:00:00Z";

#[tokio::test]
async fn replies_arrive_once_though_molva_is_killed_on_sqlite() -> anyhow::Result<()> {
    replies_survive(&Place::embedded()?, number("MOLVA_E2E_REPLIES", 100), number("MOLVA_E2E_KILLS", 6), false).await
}

#[tokio::test]
async fn replies_arrive_once_each_with_its_own_file_though_molva_is_killed() -> anyhow::Result<()> {
    replies_survive(&Place::embedded()?, number("MOLVA_E2E_REPLIES", 48), number("MOLVA_E2E_KILLS", 5), true).await
}

#[tokio::test]
async fn replies_arrive_once_though_molva_is_killed_on_postgres() -> anyhow::Result<()> {
    let Some(server) = server("MOLVA_TEST_POSTGRES") else { return Ok(()) };
    replies_survive(&Place::postgres(&server).await?, 60, 4, false).await
}

async fn replies_survive(place: &Place, replies: u64, kills: u64, files: bool) -> anyhow::Result<()> {
    let instance = Instance::start().await?;
    instance.import_parents(place).await?;
    let host = instance.server.host();
    let arguments = ["--allow-private-host", host.as_str(), "--time-scale", TIME_SCALE];
    // Written while nothing is sent, so that the kills meet replies on their way.
    let (molva, api) = place.serve(&[&arguments[..], &["--no-collect"]].concat()).await?;
    let accounts = connect(&api, "mastodon", |number| {
        let settings = json!({"instance": instance.server.url("/")});
        (settings, json!({"access_token": format!("token-{number}")}))
    })
    .await?;
    let written = write_all(&api, &accounts, replies, files).await?;
    molva.stop().await?;
    ensure!(instance.arrived().is_empty(), "a server that does not collect has sent replies");
    let started = Instant::now();
    let mut molva = Launch::new(place).arguments(&arguments).start().await?;
    for _ in 0..kills {
        let moment = Duration::from_millis(rand::rng().random_range(50..900));
        tokio::time::sleep(moment).await;
        molva.kill().await?;
        molva = Launch::new(place).arguments(&arguments).start().await?;
    }
    let api = api.moved_to(molva.base());
    let (at_last_kill, killing) = (instance.arrived().len(), started.elapsed());
    eventually(PATIENCE, "every reply to be sent", || async {
        let mut states: BTreeMap<String, usize> = BTreeMap::new();
        for reply in api.all("/api/replies?limit=200").await? {
            *states.entry(reply["state"].as_str().unwrap_or_default().to_owned()).or_default() += 1;
        }
        let sent = states.get("sent").copied().unwrap_or_default();
        Ok(if sent == written.len() { Ok(()) } else { Err(format!("{states:?}")) })
    })
    .await?;
    let mut arrived: HashMap<String, u32> = HashMap::new();
    for text in instance.arrived() {
        *arrived.entry(text).or_default() += 1;
    }
    let lost: Vec<&String> = written.iter().filter(|text| !arrived.contains_key(*text)).take(5).collect();
    let doubled: Vec<_> = arrived.iter().filter(|(_, times)| **times != 1).take(5).collect();
    assert_eq!(
        (arrived.len(), lost, doubled),
        (written.len(), Vec::new(), Vec::new()),
        "arrived, some lost, some doubled"
    );
    if files {
        let unused = instance.files_were_used(&written)?;
        nothing_waits(&api).await?;
        eprintln!("each with its own file; {unused} files were brought for tries that were cut off");
    }
    let repeated = api.all("/api/replies?limit=200").await?.iter().filter(|reply| reply["attempts"] != 1).count();
    eprintln!(
        "{replies} replies from {ACCOUNTS} accounts, killed {kills} times in {:.1} s while {at_last_kill} arrived, all there after \
         {:.1} s; {repeated} were handed over more than once",
        killing.as_secs_f64(),
        started.elapsed().as_secs_f64(),
    );
    molva.stop().await?;
    Ok(())
}

/// Connects the accounts; each must stand the test first.
async fn connect(api: &Api, connector: &str, values: impl Fn(usize) -> (Value, Value)) -> anyhow::Result<Vec<String>> {
    let mut accounts = Vec::new();
    for number in 0..ACCOUNTS {
        let (settings, secrets) = values(number);
        let draft = json!({"connector": connector, "name": format!("{connector} {number}"), "settings": settings, "secrets": secrets});
        let tried = api.post("/api/accounts/test", &draft).await?;
        ensure!(tried["ok"] == true, "the account does not stand the test: {tried}");
        accounts.push(id(&api.post("/api/accounts", &draft).await?)?);
    }
    Ok(accounts)
}

/// Files that may wait for replies that were not written.
const WAITING: usize = 40;

/// Keeps a picture of that number for a reply; the answer as it came.
async fn keep_file(api: &Api, number: usize) -> anyhow::Result<reqwest::Response> {
    let path = format!("/api/attachments?name={}", file_name(number));
    let bytes = [b"\x89PNG\r\n\x1a\n", picture(number).as_bytes()].concat();
    Ok(api.request(reqwest::Method::POST, &path).body(bytes).send().await?)
}

fn file_name(number: usize) -> String {
    format!("file-{number:05}.png")
}

fn picture(number: usize) -> String {
    format!("this is picture {number:05}.")
}

/// No file was left behind by a reply that is sent: as many as may wait find room, and not one more.
async fn nothing_waits(api: &Api) -> anyhow::Result<()> {
    for number in 0..=WAITING {
        let status = keep_file(api, number).await?.status();
        let expected = if number < WAITING { StatusCode::CREATED } else { StatusCode::CONFLICT };
        ensure!(status == expected, "file {number} of {WAITING} that may wait: {status}");
    }
    Ok(())
}

/// Writes the replies, due at once; answers their texts.
async fn write_all(api: &Api, accounts: &[String], replies: u64, files: bool) -> anyhow::Result<Vec<String>> {
    let mentions = api.mentions("").await?;
    ensure!(mentions.len() == PARENTS, "{} mentions to answer", mentions.len());
    let mut written = Vec::new();
    for number in 0..replies {
        let turn = usize::try_from(number)?;
        let mention = id(&mentions[turn % mentions.len()])?;
        let text = format!("Спасибо, уже разбираемся, обращение {number:05}");
        let mut draft = json!({"account_id": accounts[turn % accounts.len()], "text": text, "send_after": NOW});
        if files {
            let kept: Value = keep_file(api, turn).await?.error_for_status()?.json().await?;
            draft["attachments"] = json!([{ "id": id(&kept)? }]);
        }
        api.post(&format!("/api/mentions/{mention}/replies"), &draft).await?;
        written.push(text);
    }
    Ok(written)
}

/// A server that speaks as Mastodon does, slowly, and that loses answers. It forgets idempotency keys at once, so that nothing
/// but looking before sending again keeps replies from being doubled.
pub(crate) struct Instance {
    pub(crate) server: WebServer,
    shared: Arc<Shared>,
}

struct Shared {
    statuses: Mutex<Vec<Value>>,
    /// As they came, each called by its place.
    files: Mutex<Vec<String>>,
    base: std::sync::OnceLock<String>,
}

impl Instance {
    pub(crate) async fn start() -> anyhow::Result<Self> {
        let shared =
            Arc::new(Shared { statuses: Mutex::default(), files: Mutex::default(), base: std::sync::OnceLock::new() });
        let router = Router::new()
            .route("/api/v1/accounts/verify_credentials", get(credentials))
            .route("/api/v1/apps/verify_credentials", get(|| async { Json(json!({"scopes": ["read", "write"]})) }))
            .route("/api/v2/instance", get(|| async { Json(json!({})) }))
            .route("/api/v1/statuses/{id}", get(status))
            .route("/api/v1/accounts/{id}/statuses", get(statuses_of))
            .route("/api/v1/statuses", post(publish))
            .route("/api/v2/media", post(keep))
            .with_state(Arc::clone(&shared));
        let server = WebServer::start(router).await?;
        let base = server.url("");
        let parents = (1..=PARENTS).map(|number| entry(&base, number, "0", None, "спасите"));
        shared.statuses.lock().unwrap_or_else(PoisonError::into_inner).extend(parents);
        shared.base.set(base).ok().context("the address was known before")?;
        Ok(Self { server, shared })
    }

    /// What is answered comes by a file, as what was said long ago does.
    pub(crate) async fn import_parents(&self, place: &Place) -> anyhow::Result<()> {
        place.add_topic("Мегафон", "мегафон", false).await?;
        let parents = self.shared.statuses();
        let lines = parents.iter().map(|status| {
            let row = json!({"id": status["uri"], "network": "mastodon", "url": status["url"], "author": "olga@elsewhere.example",
                "published": "2026-03-01T09:00:00Z", "text": format!("Мегафон, где связь? {}", status["id"])});
            format!("{row}\n")
        });
        let path = place.write("parents.jsonl", lines.collect::<String>())?;
        place.run_json(&["import", &path]).await.map(drop)
    }

    /// The texts of all replies there are, without the mention in front of them.
    pub(crate) fn arrived(&self) -> Vec<String> {
        let statuses = self.shared.statuses();
        let replies = statuses.iter().filter(|status| !status["in_reply_to_id"].is_null());
        replies.map(|reply| said(reply["text"].as_str().unwrap_or_default())).collect()
    }

    /// Each reply bears one file, its own and whole, and none bears another's; how many files no reply bears.
    fn files_were_used(&self, written: &[String]) -> anyhow::Result<usize> {
        let files = self.shared.files.lock().unwrap_or_else(PoisonError::into_inner).clone();
        let mut used = BTreeSet::new();
        for status in self.shared.statuses().iter().filter(|status| !status["in_reply_to_id"].is_null()) {
            let text = said(status["text"].as_str().unwrap_or_default());
            let number = written.iter().position(|one| *one == text).context("nobody wrote that")?;
            let borne: Vec<usize> = status["media_ids"].as_array().into_iter().flatten().filter_map(place_of).collect();
            let [file] = borne[..] else { bail!("{text}: {} files", borne.len()) };
            let right = files[file].contains(&file_name(number)) && files[file].contains(&picture(number));
            ensure!(right && used.insert(file), "{text}: another's file");
        }
        Ok(files.len() - used.len())
    }
}

impl Shared {
    fn statuses(&self) -> Vec<Value> {
        self.statuses.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }
}

fn said(text: &str) -> String {
    let rest = text.strip_prefix('@').and_then(|rest| rest.split_once(' ')).map(|(_, rest)| rest);
    rest.unwrap_or(text).to_owned()
}

fn entry(base: &str, number: usize, account: &str, parent: Option<&str>, text: &str) -> Value {
    let at = molva_e2e::web_server::rfc3339(molva_e2e::web_server::now_s());
    json!({"id": number.to_string(), "uri": format!("{base}/users/u{account}/statuses/{number}"), "url": format!("{base}/@u{account}/{number}"),
        "created_at": at, "in_reply_to_id": parent, "content": format!("<p>{text}</p>"), "text": text, "visibility": "public",
        "account": {"id": account, "acct": if account == "0" { "olga@elsewhere.example".to_owned() } else { format!("u{account}") }}})
}

/// The number of the account whose token it is.
fn who(headers: &HeaderMap) -> Option<String> {
    let token = headers.get("authorization")?.to_str().ok()?.strip_prefix("Bearer token-")?;
    Some((token.parse::<usize>().ok()? + 1).to_string())
}

async fn credentials(headers: HeaderMap) -> Response {
    match who(&headers) {
        Some(account) => Json(json!({"id": account, "username": format!("u{account}"), "acct": format!("u{account}")}))
            .into_response(),
        None => (StatusCode::UNAUTHORIZED, Json(json!({"error": "The access token is invalid"}))).into_response(),
    }
}

async fn status(State(shared): State<Arc<Shared>>, Path(id): Path<String>) -> Response {
    match shared.statuses().into_iter().find(|status| status["id"] == id.as_str()) {
        Some(status) => Json(status).into_response(),
        None => (StatusCode::NOT_FOUND, Json(json!({"error": "Record not found"}))).into_response(),
    }
}

async fn statuses_of(
    State(shared): State<Arc<Shared>>,
    Path(account): Path<String>,
    Query(query): Query<HashMap<String, String>>,
) -> Json<Vec<Value>> {
    let below = query.get("max_id").and_then(|id| id.parse().ok()).unwrap_or(usize::MAX);
    let number = |status: &Value| status["id"].as_str().and_then(|id| id.parse().ok()).unwrap_or(usize::MAX);
    let own = shared.statuses().into_iter().rev();
    Json(own.filter(|status| status["account"]["id"] == account.as_str() && number(status) < below).take(40).collect())
}

/// The place of a file by its id.
fn place_of(id: &Value) -> Option<usize> {
    id.as_str()?.strip_prefix("file-")?.parse().ok()
}

/// Keeps a file; one answer of twenty is lost behind it.
async fn keep(State(shared): State<Arc<Shared>>, body: Bytes) -> Response {
    pause(100).await;
    let place = {
        let mut files = shared.files.lock().unwrap_or_else(PoisonError::into_inner);
        files.push(String::from_utf8_lossy(&body).into_owned());
        files.len() - 1
    };
    pause(100).await;
    if rand::rng().random_range(0..20) == 0 {
        return (StatusCode::BAD_GATEWAY, "upstream went away").into_response();
    }
    Json(json!({"id": format!("file-{place}"), "type": "image", "url": null})).into_response()
}

/// Takes its time before and after it keeps the status; one answer of twenty is lost behind it.
async fn publish(State(shared): State<Arc<Shared>>, headers: HeaderMap, body: String) -> Response {
    // A server works off what it has received, whether or not somebody still waits for the answer.
    let task = tokio::spawn(async move {
        pause(150).await;
        let draft = serde_json::from_str::<Value>(&body).unwrap_or_default();
        let (Some(account), Some(text)) = (who(&headers), draft["status"].as_str()) else {
            return (StatusCode::UNAUTHORIZED, Json(json!({"error": "The access token is invalid"}))).into_response();
        };
        let parent = draft["in_reply_to_id"].as_str();
        let kept = {
            let mut statuses = shared.statuses.lock().unwrap_or_else(PoisonError::into_inner);
            let base = shared.base.get().map_or("", String::as_str);
            let mut kept = entry(base, statuses.len() + 1, &account, parent, text);
            kept["media_ids"] = draft["media_ids"].clone();
            statuses.push(kept.clone());
            kept
        };
        pause(150).await;
        if rand::rng().random_range(0..20) == 0 {
            return (StatusCode::BAD_GATEWAY, "upstream went away").into_response();
        }
        Json(kept).into_response()
    });
    task.await.unwrap_or_else(|_| StatusCode::INTERNAL_SERVER_ERROR.into_response())
}

async fn pause(most_ms: u64) {
    let moment = Duration::from_millis(rand::rng().random_range(0..most_ms));
    tokio::time::sleep(moment).await;
}
