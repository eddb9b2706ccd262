//! A client of the public HTTP API, as a stranger would write one from its contract.

use std::sync::Once;
use std::time::Duration;

use anyhow::{Context as _, bail, ensure};
use reqwest::{Method, RequestBuilder, StatusCode};
use serde_json::{Value, json};

use crate::webhook::Webhook;

/// How a request proves who asks.
#[derive(Clone, Debug)]
enum Proof {
    Token(String),
    Cookie(String),
}

/// The API of one running Molva.
#[derive(Clone, Debug)]
pub struct Api {
    http: reqwest::Client,
    base: String,
    proof: Proof,
}

/// received = stored + unmatched + duplicate + updated + rejected
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Tally {
    pub received: u64,
    pub stored: u64,
    pub unmatched: u64,
    pub duplicate: u64,
    pub updated: u64,
    pub rejected: u64,
}

impl Tally {
    /// Reads the counts of an object; absent ones are an error.
    ///
    /// # Errors
    /// When one is missing.
    pub fn read(value: &Value) -> anyhow::Result<Self> {
        let count = |key: &str| value[key].as_u64().with_context(|| format!("no `{key}` in {value}"));
        Ok(Self {
            received: count("received")?,
            stored: count("stored")?,
            unmatched: count("unmatched")?,
            duplicate: count("duplicate")?,
            updated: count("updated")?,
            rejected: count("rejected")?,
        })
    }
}

impl Api {
    /// # Errors
    /// When the HTTP client cannot be made.
    pub fn with_token(base: &str, token: &str) -> anyhow::Result<Self> {
        Ok(Self { http: client()?, base: base.to_owned(), proof: Proof::Token(token.to_owned()) })
    }

    /// Creates the owner by the one-time link and stays signed in by the cookie, as a browser does.
    ///
    /// # Errors
    /// When the link is refused.
    pub async fn create_owner(base: &str, setup_url: &str, password: &str) -> anyhow::Result<Self> {
        let http = client()?;
        let (_, secret) = setup_url.split_once('#').context("the link has no secret")?;
        let owner = json!({"secret": secret, "name": "Owner", "login": "owner", "password": password, "locale": "en"});
        let request = http.post(format!("{base}/api/setup")).header("X-Molva-Csrf", "1").header("Origin", base);
        let answer = request.json(&owner).send().await?;
        ensure!(answer.status() == StatusCode::CREATED, "the owner was not created: {}", answer.text().await?);
        let cookie = answer.headers().get("set-cookie").context("no cookie was set")?.to_str()?;
        let pair = cookie.split(';').next().unwrap_or_default().to_owned();
        Ok(Self { http, base: base.to_owned(), proof: Proof::Cookie(pair) })
    }

    /// What proves who we are: a token, or the cookie. Tests look for it where it must not be.
    #[must_use]
    pub fn proof(&self) -> &str {
        match &self.proof {
            Proof::Token(proof) => proof,
            Proof::Cookie(pair) => pair.split_once('=').map_or(pair, |(_, value)| value),
        }
    }

    /// The same API at the address of a new process.
    #[must_use]
    pub fn moved_to(&self, base: &str) -> Self {
        Self { base: base.to_owned(), ..self.clone() }
    }

    /// A request with the proof, for what the short forms below do not do.
    pub fn request(&self, method: Method, path: &str) -> RequestBuilder {
        let request = self.http.request(method, format!("{}{path}", self.base));
        match &self.proof {
            Proof::Token(token) => request.bearer_auth(token),
            // What a browser adds to a request of the page's own.
            Proof::Cookie(pair) => {
                request.header("Cookie", pair).header("X-Molva-Csrf", "1").header("Origin", &self.base)
            }
        }
    }

    /// # Errors
    /// When the answer is not a success.
    pub async fn get(&self, path: &str) -> anyhow::Result<Value> {
        send(self.request(Method::GET, path), path).await
    }

    /// # Errors
    /// When the answer is not a success.
    pub async fn post(&self, path: &str, body: &Value) -> anyhow::Result<Value> {
        send(self.request(Method::POST, path).json(body), path).await
    }

    /// # Errors
    /// When the answer is not a success.
    pub async fn patch(&self, path: &str, body: &Value) -> anyhow::Result<Value> {
        send(self.request(Method::PATCH, path).json(body), path).await
    }

    /// Every item of a list, page by page. `path` already has a query.
    ///
    /// # Errors
    /// When a page fails or the cursor stands still.
    pub async fn all(&self, path: &str) -> anyhow::Result<Vec<Value>> {
        let mut items = Vec::new();
        let mut cursor = None::<String>;
        loop {
            let page = match &cursor {
                None => self.get(path).await?,
                Some(cursor) => self.get(&format!("{path}&cursor={cursor}")).await?,
            };
            items.extend(page["items"].as_array().context("a list without items")?.iter().cloned());
            let next = page["next_cursor"].as_str().map(str::to_owned);
            ensure!(next.is_none() || next != cursor, "the cursor does not move");
            if next.is_none() {
                return Ok(items);
            }
            cursor = next;
        }
    }

    /// Every mention that the filters let through, copies too. `filters` is like `topic=1&state=new`, or empty.
    ///
    /// # Errors
    /// As [`Api::all`].
    pub async fn mentions(&self, filters: &str) -> anyhow::Result<Vec<Value>> {
        self.all(&format!("/api/mentions?limit=200&copies=true&{filters}")).await
    }

    /// Sums over all sources.
    ///
    /// # Errors
    /// When the answer is not a ledger, or its sums do not balance.
    pub async fn ledger(&self) -> anyhow::Result<Tally> {
        let ledger = self.get("/api/ledger").await?;
        ensure!(ledger["balances"] == true, "the ledger does not balance: {}", ledger["total"]);
        Tally::read(&ledger["total"])
    }

    /// # Errors
    /// When it is refused.
    pub async fn add_topic(&self, name: &str, query: &str) -> anyhow::Result<String> {
        let draft = json!({"name": name, "level": "brand", "kind": "own", "query": query});
        id(&self.post("/api/topics", &draft).await?)
    }

    /// Adds a source and answers it whole. Settings named in `secret_settings` go in sealed.
    ///
    /// # Errors
    /// When it is refused.
    pub async fn add_source(&self, connector: &str, name: &str, settings: Value) -> anyhow::Result<Value> {
        self.post("/api/sources", &json!({"connector": connector, "name": name, "settings": settings, "secrets": {}}))
            .await
    }

    /// A source of the push connector, ready to send.
    ///
    /// # Errors
    /// When it is refused.
    pub async fn add_push_source(&self, name: &str) -> anyhow::Result<Webhook> {
        let source = self.add_source("push", name, json!({})).await?;
        let secret = source["push_secret"].as_str().context("the new push source has no secret")?;
        Webhook::new(self.http.clone(), &format!("{}/api/push/{}", self.base, id(&source)?), secret)
    }

    /// The source of that name.
    ///
    /// # Errors
    /// When there is none.
    pub async fn source(&self, name: &str) -> anyhow::Result<Value> {
        let sources = self.get("/api/sources").await?;
        let found = sources["items"].as_array().into_iter().flatten().find(|source| source["name"] == name).cloned();
        found.with_context(|| format!("no source `{name}`"))
    }
}

/// The `id` of an object.
///
/// # Errors
/// When it has none.
pub fn id(value: &Value) -> anyhow::Result<String> {
    Ok(value["id"].as_str().with_context(|| format!("no `id` in {value}"))?.to_owned())
}

/// An HTTP client that waits long enough for a busy machine.
///
/// # Errors
/// When it cannot be made.
pub fn client() -> anyhow::Result<reqwest::Client> {
    static PROVIDER: Once = Once::new();
    PROVIDER.call_once(|| {
        let _ = rustls::crypto::ring::default_provider().install_default();
    });
    let client = reqwest::Client::builder().no_proxy().timeout(Duration::from_secs(120)).build()?;
    Ok(client)
}

async fn send(request: RequestBuilder, path: &str) -> anyhow::Result<Value> {
    let answer = request.send().await.with_context(|| format!("asking `{path}`"))?;
    let (status, body) = (answer.status(), answer.text().await?);
    if !status.is_success() {
        bail!("`{path}` answered {status}: {body}");
    }
    if body.is_empty() { Ok(Value::Null) } else { Ok(serde_json::from_str(&body)?) }
}
