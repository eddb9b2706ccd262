//! A server in a temporary folder, and those who call it.

use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::{Duration, Instant};

use molva_domain::{Actor as By, Clock as _, ManualClock, SystemClock, Timestamp, WorkspaceId};
use molva_http_api::{AppState, ConnectionLimits};
use molva_pipeline::{Pipeline, PipelineOptions};
use molva_storage::kept::KeptLimits;
use molva_storage::user::{NewUser, User};
use molva_storage::{Storage, StorageOptions};
use reqwest::header::HeaderMap;
use reqwest::{Method, RequestBuilder, StatusCode};
use ring::digest::{SHA256, digest};
use serde_json::{Value, json};
use tempfile::TempDir;
use tokio_util::sync::CancellationToken;

pub(crate) const LOGIN: &str = "anna";
pub(crate) const PASSWORD: &str = "длинный пароль";
pub(crate) const SETUP_SECRET: &str = "one-time secret";

pub(crate) struct World {
    pub(crate) storage: Storage,
    pub(crate) workspace: WorkspaceId,
    pub(crate) clock: ManualClock,
    pub(crate) stop: CancellationToken,
    pub(crate) server: tokio::task::JoinHandle<()>,
    pub(crate) base: String,
    http: reqwest::Client,
    _folder: TempDir,
}

impl World {
    /// A new Molva without an owner; its clock stands still. Nothing is judged but by people, so that figures can be worked out
    /// by hand.
    pub(crate) async fn start() -> Self {
        Self::with(false, |options| options).await
    }

    /// The same with the machine's judgements.
    pub(crate) async fn judging() -> Self {
        Self::with(true, |options| options).await
    }

    /// With a network that can be answered, and whose replies are sent.
    pub(crate) async fn answering() -> Self {
        Self::with(false, |options| PipelineOptions { collect: true, connectors: crate::toy::find, ..options }).await
    }

    pub(crate) async fn with(judge: bool, change: impl FnOnce(PipelineOptions) -> PipelineOptions) -> Self {
        Self::behind(ConnectionLimits::default(), judge, change).await
    }

    /// The same for as many connections as there may be.
    pub(crate) async fn behind(
        limits: ConnectionLimits,
        judge: bool,
        change: impl FnOnce(PipelineOptions) -> PipelineOptions,
    ) -> Self {
        // Fails when another test of this process was first, which is as good.
        let _ = rustls::crypto::ring::default_provider().install_default();
        let folder = tempfile::tempdir().expect("a temporary folder");
        let clock = ManualClock::at(SystemClock.now());
        let options = StorageOptions {
            data_dir: folder.path().to_owned(),
            postgres_url: None,
            clock: Arc::new(clock.clone()),
            node: 0,
            kept: KeptLimits::default(),
            sealing_key: None,
        };
        let storage = Storage::open(options).await.expect("a store");
        let workspace = storage.ensure_workspace("Отдел").await.expect("a workspace").id;
        let stop = CancellationToken::new();
        let options =
            PipelineOptions { collect: false, judge, judge_at_once: judge, ..PipelineOptions::new(workspace) };
        let options = change(options);
        let pipeline = Pipeline::start(storage.clone(), options, stop.clone()).await.expect("a pipeline");
        let state = AppState {
            pipeline,
            workspace,
            clock: Arc::new(clock.clone()),
            public_origin: None,
            secure_cookies: false,
            metrics: Arc::new(|| "molva_up 1\n".to_owned()),
            stop: stop.clone(),
        };
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let address = listener.local_addr().expect("an address");
        let app = molva_http_api::router(state);
        let server = tokio::spawn(molva_http_api::serve(listener, app, limits, stop.clone()));
        let http = reqwest::Client::builder().redirect(reqwest::redirect::Policy::none()).build().expect("a client");
        let base = format!("http://{address}");
        Self { storage, workspace, clock, stop, server, base, http, _folder: folder }
    }

    pub(crate) fn now(&self) -> Timestamp {
        self.clock.now()
    }

    /// A browser nobody signed in with.
    pub(crate) fn anonymous(&self) -> Actor {
        Actor { http: self.http.clone(), base: self.base.clone(), headers: Vec::new() }
    }

    /// Lets the set-up link be used for an hour.
    pub(crate) async fn offer_setup(&self) {
        let until = self.now().plus(Duration::from_secs(3_600));
        self.storage.set_setup_digest(self.workspace, sha256(SETUP_SECRET), until).await.expect("an offer");
    }

    /// The owner's record; their password fits no hash, because most tests never ask for it.
    pub(crate) async fn make_owner(&self) -> User {
        self.offer_setup().await;
        let user = NewUser {
            login: LOGIN.to_owned(),
            name: "Анна".to_owned(),
            role: "owner".to_owned(),
            password_hash:
                "$argon2id$v=19$m=19456,t=2,p=1$AAAAAAAAAAAAAAAAAAAAAA$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"
                    .to_owned(),
            locale: "en".to_owned(),
        };
        let made = self.storage.create_owner(self.workspace, sha256(SETUP_SECRET), user).await.expect("stored");
        made.expect("the first owner")
    }

    /// The owner in a browser that sends what browsers send.
    pub(crate) async fn owner(&self) -> Actor {
        let user = self.make_owner().await;
        let until = self.now().plus(Duration::from_secs(14 * 24 * 3_600));
        self.storage.create_session(&user, sha256("c2Vzc2lvbg"), until).await.expect("a session");
        self.anonymous()
            .with("cookie", "molva_session=c2Vzc2lvbg")
            .with("x-molva-csrf", "1")
            .with("sec-fetch-site", "same-origin")
    }

    /// Another person of the workspace, in a browser of their own.
    pub(crate) async fn person(&self, login: &str, name: &str, role: &str) -> Actor {
        let user = NewUser {
            login: login.to_owned(),
            name: name.to_owned(),
            role: role.to_owned(),
            password_hash: "$argon2id$…".to_owned(),
            locale: "en".to_owned(),
        };
        let user = self.storage.create_user(self.workspace, By::System, user).await.expect("stored");
        let until = self.now().plus(Duration::from_secs(14 * 24 * 3_600));
        self.storage.create_session(&user, sha256(login), until).await.expect("a session");
        self.anonymous()
            .with("cookie", format!("molva_session={login}"))
            .with("x-molva-csrf", "1")
            .with("sec-fetch-site", "same-origin")
    }

    /// A program with a token of these scopes.
    pub(crate) async fn token(&self, scopes: &[&str]) -> Actor {
        static MADE: AtomicU32 = AtomicU32::new(0);
        let secret = format!("molva_{}", MADE.fetch_add(1, Ordering::Relaxed));
        let scopes: Vec<String> = scopes.iter().map(ToString::to_string).collect();
        let made = self.storage.create_token(self.workspace, By::System, &secret, &scopes, sha256(&secret)).await;
        made.expect("a token");
        self.anonymous().with("authorization", format!("Bearer {secret}"))
    }
}

impl Drop for World {
    fn drop(&mut self) {
        self.stop.cancel();
    }
}

/// Somebody who calls.
#[derive(Clone)]
pub(crate) struct Actor {
    http: reqwest::Client,
    base: String,
    headers: Vec<(&'static str, String)>,
}

impl Actor {
    /// The same, sending one more header.
    pub(crate) fn with(mut self, name: &'static str, value: impl Into<String>) -> Self {
        self.headers.retain(|(known, _)| *known != name);
        self.headers.push((name, value.into()));
        self
    }

    pub(crate) fn without(mut self, name: &str) -> Self {
        self.headers.retain(|(known, _)| *known != name);
        self
    }

    pub(crate) fn request(&self, method: Method, path: &str) -> RequestBuilder {
        let mut request = self.http.request(method, format!("{}{path}", self.base));
        for (name, value) in &self.headers {
            request = request.header(*name, value);
        }
        request
    }

    pub(crate) async fn get(&self, path: &str) -> Answer {
        Answer::to(self.request(Method::GET, path)).await
    }

    pub(crate) async fn post(&self, path: &str, body: Value) -> Answer {
        Answer::to(self.request(Method::POST, path).json(&body)).await
    }

    /// The headers of this actor, as they stand in a request.
    pub(crate) fn headers(&self) -> String {
        self.headers.iter().map(|(name, value)| format!("{name}: {value}\r\n")).collect()
    }

    pub(crate) async fn upload(&self, path: &str, body: &[u8]) -> Answer {
        let request = self.request(Method::POST, path).header("content-type", "application/octet-stream");
        Answer::to(request.body(body.to_vec())).await
    }

    pub(crate) async fn put(&self, path: &str, body: Value) -> Answer {
        Answer::to(self.request(Method::PUT, path).json(&body)).await
    }

    pub(crate) async fn patch(&self, path: &str, body: Value) -> Answer {
        Answer::to(self.request(Method::PATCH, path).json(&body)).await
    }

    pub(crate) async fn delete(&self, path: &str) -> Answer {
        Answer::to(self.request(Method::DELETE, path)).await
    }

    /// Waits until the archive has all that is stored.
    pub(crate) async fn archive_caught_up(&self) {
        let begun = Instant::now();
        loop {
            let status = self.get("/api/archive").await.expect(200);
            if status["events_behind"] == 0 && status["filling"].is_null() && !status["lag_seconds"].is_null() {
                return;
            }
            assert!(begun.elapsed() < Duration::from_secs(90), "{status}");
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    }
}

/// What came back.
#[derive(Debug)]
pub(crate) struct Answer {
    pub(crate) status: StatusCode,
    pub(crate) headers: HeaderMap,
    /// JSON, or text that is none.
    pub(crate) body: Value,
}

impl Answer {
    pub(crate) async fn to(request: RequestBuilder) -> Self {
        let response = request.send().await.expect("an answer");
        let (status, headers) = (response.status(), response.headers().clone());
        let text = response.text().await.expect("a body");
        let body = serde_json::from_str(&text).unwrap_or(Value::String(text));
        Self { status, headers, body }
    }

    /// The body, when the status is as wanted.
    #[track_caller]
    pub(crate) fn expect(self, status: u16) -> Value {
        assert_eq!(self.status.as_u16(), status, "{}", self.body);
        self.body
    }

    /// Status and code of a problem, which has the shape every problem has.
    #[track_caller]
    pub(crate) fn problem(&self) -> (u16, &str) {
        assert_eq!(self.header("content-type"), "application/problem+json", "{}", self.body);
        let code = self.body["code"].as_str().expect("a code");
        assert_eq!(self.body["type"], json!(format!("urn:molva:problem:{code}")));
        assert_eq!(self.body["status"], json!(self.status.as_u16()));
        assert!(self.body["detail"].as_str().is_some_and(|detail| detail.len() > 10), "{}", self.body);
        assert!(self.body["title"].as_str().is_some_and(|title| !title.is_empty()), "{}", self.body);
        (self.status.as_u16(), code)
    }

    pub(crate) fn header(&self, name: &str) -> &str {
        self.headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or_default()
    }
}

/// The id of what was made.
#[track_caller]
pub(crate) fn id(made: &Value) -> String {
    made["id"].as_str().expect("an id").to_owned()
}

pub(crate) fn sha256(text: &str) -> [u8; 32] {
    digest(&SHA256, text.as_bytes()).as_ref().try_into().expect("32 bytes")
}
