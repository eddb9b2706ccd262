//! An account on its data server: logged in once, kept logged in, asked for what replies need.

use std::collections::HashMap;
use std::sync::{LazyLock, Mutex, PoisonError};
use std::time::Duration;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use http::{Method, StatusCode};
use molva_domain::{Secret, Timestamp};
use serde::Deserialize;
use serde_json::{Value, json};
use url::Url;

use crate::digest;
use crate::error::ConnectorError;
use crate::http::{Request, Response, headers, parse_url};
use crate::reply::{AccountFacts, AccountSession, LengthRule, LengthUnit, SendError, clock_skew, quoted};

/// Largest answer read; a record is at most some ten KiB.
const MAX_ANSWER_BYTES: u64 = 1 << 20;
const UPLOAD_LIMIT: Duration = Duration::from_secs(60);
const MAX_SESSIONS: usize = 256;
/// By the lexicon of posts.
const LIMIT: u32 = 300;
const BYTES: u32 = 3_000;

/// Servers allow 300 logins a day, and an account may send more replies than that: sessions outlive a reply, in this process
/// only. The key is a digest of address, name and password, so that another password is another session.
static SESSIONS: LazyLock<Mutex<HashMap<String, Tokens>>> = LazyLock::new(|| Mutex::new(HashMap::new()));

/// The account of a session and the server it is on.
pub(super) struct Account<'a> {
    pub session: &'a AccountSession,
    base: Url,
    identifier: String,
    password: Secret,
}

/// What a login gives.
#[derive(Clone, Debug)]
struct Tokens {
    did: String,
    access: Secret,
    refresh: Secret,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Login {
    did: String,
    handle: String,
    access_jwt: String,
    refresh_jwt: String,
    active: Option<bool>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Refusal {
    error: String,
    message: String,
}

/// A record and the name of this version of it.
#[derive(Debug, Deserialize)]
pub(super) struct Record {
    pub uri: String,
    pub cid: String,
    #[serde(default)]
    pub value: Value,
}

/// A call that got no answer, and whether it had been handed over by then.
#[derive(Debug)]
pub(super) struct Failure {
    handed_over: bool,
    pub error: ConnectorError,
}

impl Failure {
    pub(super) fn into_send_error(self, now: Timestamp) -> SendError {
        if self.handed_over { SendError::of(self.error) } else { SendError::before(self.error, now) }
    }
}

impl From<Failure> for ConnectorError {
    fn from(failure: Failure) -> Self {
        failure.error
    }
}

impl<'a> Account<'a> {
    pub(super) fn of(session: &'a AccountSession) -> Result<Self, ConnectorError> {
        let settings = &session.settings;
        let mut base = parse_url("service", settings.text("service").unwrap_or("https://bsky.social"))?;
        base.set_path("/");
        base.set_query(None);
        base.set_fragment(None);
        Ok(Self {
            session,
            base,
            identifier: settings.needed("identifier", "is required")?.trim_start_matches('@').to_owned(),
            password: settings.needed_secret("app_password", "is required")?.clone(),
        })
    }

    pub(super) fn host(&self) -> &str {
        self.base.host_str().unwrap_or_default()
    }

    pub(super) async fn facts(&self) -> Result<AccountFacts, ConnectorError> {
        let (login, skew) = self.log_in().await?;
        let profile = [("repo", login.did.as_str()), ("collection", "app.bsky.actor.profile"), ("rkey", "self")];
        let profile = self.ask("com.atproto.repo.getRecord", &profile).await?;
        let now = self.session.now();
        let name = profile.json::<Record>().ok().and_then(|record| {
            record.value.get("displayName").and_then(Value::as_str).map(quoted).filter(|name| !name.is_empty())
        });
        let length = LengthRule { bytes: Some(BYTES), ..LengthRule::new(LIMIT, LengthUnit::Graphemes) };
        Ok(AccountFacts {
            url: Some(format!("https://bsky.app/profile/{}", login.did)),
            name,
            scopes: scope(&login.access_jwt).into_iter().collect(),
            missing: (login.active == Some(false))
                .then(|| "the account is switched off; log in at Bluesky and switch it on".to_owned()),
            quota: headers::quota(&profile.headers, now),
            clock_skew_seconds: skew,
            ..AccountFacts::new(login.did, login.handle, length)
        })
    }

    /// The account's own name, for which it has to be logged in.
    pub(super) async fn did(&self) -> Result<String, ConnectorError> {
        Ok(self.tokens().await?.did)
    }

    /// A record of anybody's; `None` when there is none any more.
    pub(super) async fn record(
        &self,
        repo: &str,
        collection: &str,
        key: &str,
    ) -> Result<Option<Record>, ConnectorError> {
        let query = [("repo", repo), ("collection", collection), ("rkey", key)];
        let answer = self.ask("com.atproto.repo.getRecord", &query).await?;
        if answer.status.is_success() {
            return answer.json().map(Some);
        }
        let (error, said) = refusal(&answer);
        let gone = ["RecordNotFound", "RepoNotFound", "RepoDeactivated", "RepoTakendown", "RepoSuspended"];
        if gone.contains(&error.as_str())
            || said.contains("Could not locate record")
            || said.contains("Could not find repo")
        {
            return Ok(None);
        }
        Err(self.unhappy(&answer))
    }

    /// Whose handle it is; `None` when nobody's.
    pub(super) async fn resolve(&self, handle: &str) -> Result<Option<String>, ConnectorError> {
        let answer = self.ask("com.atproto.identity.resolveHandle", &[("handle", handle)]).await?;
        if answer.status.is_client_error() && answer.status != StatusCode::TOO_MANY_REQUESTS {
            return Ok(None);
        }
        let answer = answer.error_for_status(self.host(), self.session.now())?;
        Ok(answer.json::<Value>()?.get("did").and_then(Value::as_str).map(str::to_owned))
    }

    pub(super) async fn ask(&self, name: &str, query: &[(&str, &str)]) -> Result<Response, ConnectorError> {
        Ok(self.call(Method::GET, name, query, None).await?)
    }

    /// Calls with the session's token; a session that has ended is renewed once.
    pub(super) async fn call(
        &self,
        method: Method,
        name: &str,
        query: &[(&str, &str)],
        body: Option<&Value>,
    ) -> Result<Response, Failure> {
        let request = self.request(method, name, query);
        self.as_us(body.map_or_else(|| request.clone(), |body| request.clone().json(body))).await
    }

    /// Keeps a file, which the record that names it then holds; what the record has to say of it.
    pub(super) async fn upload(&self, media_type: &str, bytes: &[u8]) -> Result<Response, Failure> {
        let request = self.request(Method::POST, "com.atproto.repo.uploadBlob", &[]).timeout(UPLOAD_LIMIT);
        self.as_us(request.bytes(media_type, bytes.to_vec())).await
    }

    /// Asks with the session of the account, which is renewed once where it ended.
    async fn as_us(&self, request: Request) -> Result<Response, Failure> {
        let mut renewed = false;
        loop {
            let before = |error| Failure { handed_over: false, error };
            let tokens = self.tokens().await.map_err(before)?;
            let answer = self
                .session
                .send(request.clone().bearer(&tokens.access))
                .await
                .map_err(|error| Failure { handed_over: true, error })?;
            let (error, _) = if answer.status.is_client_error() { refusal(&answer) } else { Default::default() };
            match error.as_str() {
                "ExpiredToken" if !renewed => self.refresh(&tokens).await.map_err(before)?,
                "InvalidToken" | "AuthMissing" | "AuthenticationRequired" if !renewed => {
                    self.forget();
                    self.log_in().await.map_err(before)?;
                }
                _ => return Ok(answer),
            }
            renewed = true;
        }
    }

    fn request(&self, method: Method, name: &str, query: &[(&str, &str)]) -> Request {
        let mut url = self.base.clone();
        url.set_path(&format!("xrpc/{name}"));
        if !query.is_empty() {
            url.query_pairs_mut().extend_pairs(query);
        }
        Request::new(method, url).max_body_bytes(MAX_ANSWER_BYTES)
    }

    async fn tokens(&self) -> Result<Tokens, ConnectorError> {
        let kept = SESSIONS.lock().unwrap_or_else(PoisonError::into_inner).get(&self.key()).cloned();
        match kept {
            Some(tokens) => Ok(tokens),
            None => {
                let (login, _) = self.log_in().await?;
                Ok(login.into())
            }
        }
    }

    fn key(&self) -> String {
        digest::hex(&[self.base.as_str(), &self.identifier, self.password.expose()], 32)
    }

    fn keep(&self, tokens: Tokens) {
        let mut sessions = SESSIONS.lock().unwrap_or_else(PoisonError::into_inner);
        if sessions.len() >= MAX_SESSIONS {
            sessions.clear();
        }
        sessions.insert(self.key(), tokens);
    }

    fn forget(&self) {
        SESSIONS.lock().unwrap_or_else(PoisonError::into_inner).remove(&self.key());
    }

    /// Logs in anew. Beside it, what the server's clock is ahead of ours, in seconds.
    async fn log_in(&self) -> Result<(Login, Option<i64>), ConnectorError> {
        let body = json!({ "identifier": self.identifier, "password": self.password.expose() });
        let request = self.request(Method::POST, "com.atproto.server.createSession", &[]).json(&body);
        let answer = self.session.send(request).await?;
        let skew = clock_skew(&answer, self.session.now());
        if !answer.status.is_success() {
            self.forget();
            return Err(self.unhappy(&answer));
        }
        let login: Login = answer.json()?;
        self.keep(Tokens {
            did: login.did.clone(),
            access: Secret::new(login.access_jwt.clone()),
            refresh: Secret::new(login.refresh_jwt.clone()),
        });
        Ok((login, skew))
    }

    async fn refresh(&self, tokens: &Tokens) -> Result<(), ConnectorError> {
        let request = self.request(Method::POST, "com.atproto.server.refreshSession", &[]).bearer(&tokens.refresh);
        let answer = self.session.send(request).await?;
        if let (true, Ok(login)) = (answer.status.is_success(), answer.json::<Login>()) {
            self.keep(login.into());
            return Ok(());
        }
        if answer.status.is_server_error() || answer.status == StatusCode::TOO_MANY_REQUESTS {
            return Err(self.unhappy(&answer));
        }
        self.forget();
        self.log_in().await.map(|_| ())
    }

    /// What an answer without success means.
    pub(super) fn unhappy(&self, answer: &Response) -> ConnectorError {
        let (error, said) = refusal(answer);
        let host = self.host();
        match error.as_str() {
            "AuthFactorTokenRequired" => ConnectorError::AuthRevoked(format!(
                "{host} asks for a code by mail; use an app password (Settings, Privacy and security, App passwords), not your own"
            )),
            "AccountTakedown" | "AccountDeactivated" | "AccountSuspended" => {
                ConnectorError::AuthRevoked(format!("{host} has closed or switched off the account ({said})"))
            }
            _ if matches!(answer.status, StatusCode::UNAUTHORIZED | StatusCode::FORBIDDEN)
                || matches!(error.as_str(), "InvalidToken" | "ExpiredToken") =>
            {
                ConnectorError::AuthRevoked(format!(
                    "{host} does not take the handle and app password ({said}); make a new one under Settings, Privacy and \
                     security, App passwords"
                ))
            }
            _ => headers::status_error(answer.status, &answer.headers, host, self.session.now()),
        }
    }
}

impl From<Login> for Tokens {
    fn from(login: Login) -> Self {
        Self { did: login.did, access: Secret::new(login.access_jwt), refresh: Secret::new(login.refresh_jwt) }
    }
}

/// The error's name and the server's sentence.
pub(super) fn refusal(answer: &Response) -> (String, String) {
    let refusal: Refusal = serde_json::from_slice(&answer.body).unwrap_or_default();
    let said = if refusal.message.is_empty() {
        format!("status {}", answer.status.as_u16())
    } else {
        quoted(&refusal.message)
    };
    (refusal.error, said)
}

/// What the token allows, by its own claim; servers do not tell otherwise.
fn scope(token: &str) -> Option<String> {
    let claims = URL_SAFE_NO_PAD.decode(token.split('.').nth(1)?).ok()?;
    let claims: Value = serde_json::from_slice(&claims).ok()?;
    claims.get("scope").and_then(Value::as_str).map(quoted).filter(|scope| !scope.is_empty())
}
