//! How X is asked: within its windows, refusals understood, what may pass asked for again.

use std::time::Duration;

use molva_domain::{Secret, Timestamp};
use serde::Serialize;
use serde::de::DeserializeOwned;
use url::Url;

use super::limits::{Gate, Window};
use super::oauth1::Keys;
use super::problem::Problem;
use crate::error::ConnectorError;
use crate::http::{Method, OpenResponse, Part, Request, Response, parse_url};
use crate::line::Line;
use crate::reply::upload;
use crate::session::Session;
use crate::settings::Settings;
use crate::tries::Tries;

/// A hundred posts with all that comes along.
const MAX_BODY_BYTES: u64 = 16 << 20;
/// A refusal of a stream is short.
const MAX_REFUSAL_BYTES: usize = 64 << 10;
/// A request that fails is asked again so often.
const TRIES: u32 = 6;
/// A window lasts a quarter of an hour; where X asks for a longer pause, the look is given up.
const LONGEST_PAUSE: Duration = Duration::from_secs(1_000);

/// In whose name is asked.
#[derive(Clone, Debug)]
enum Credentials {
    /// Of an application, or of a person by OAuth 2.0.
    Bearer(Secret),
    /// Of a person by OAuth 1.0a.
    Signed(Keys),
}

/// X, asked with one token.
#[derive(Clone, Debug)]
pub(super) struct Client {
    base: Url,
    credentials: Credentials,
}

/// Why a request brought nothing.
#[derive(Clone, Debug)]
pub(super) enum Failure {
    /// X said no.
    Refused(Problem),
    /// The window is used up; X was not asked.
    Waiting(Timestamp),
    /// It is not known whether X did what it was asked for.
    Broken(ConnectorError),
}

impl Failure {
    /// What it means for listening.
    pub(super) fn error(self, setting: &'static str, now: Timestamp) -> ConnectorError {
        match self {
            Self::Refused(problem) => problem.error(setting, now),
            Self::Waiting(until) => ConnectorError::RateLimited { until: Some(until) },
            Self::Broken(error) => error,
        }
    }
}

/// An answer that is a success.
#[derive(Debug)]
pub(super) struct Answer<T> {
    pub value: T,
    pub response: Response,
    pub window: Option<Window>,
}

/// One question.
#[derive(Clone, Debug)]
pub(super) struct Ask<'a> {
    method: Method,
    path: &'a str,
    /// What the window is of: the path with its ids left out.
    address: &'static str,
    query: Vec<(&'static str, String)>,
    body: Body<'a>,
}

#[derive(Clone, Debug)]
enum Body<'a> {
    None,
    Json(serde_json::Value),
    /// A form with a file.
    Form(Vec<Part<'a>>),
}

impl<'a> Ask<'a> {
    pub(super) fn get(address: &'static str, path: &'a str, query: &[(&'static str, &str)]) -> Self {
        let query = query.iter().filter(|(_, value)| !value.is_empty());
        let query = query.map(|(key, value)| (*key, (*value).to_owned())).collect();
        Self { method: Method::GET, path, address, query, body: Body::None }
    }

    pub(super) const fn put(address: &'static str, path: &'a str) -> Self {
        Self { method: Method::PUT, path, address, query: Vec::new(), body: Body::None }
    }

    pub(super) const fn delete(address: &'static str, path: &'a str) -> Self {
        Self { method: Method::DELETE, path, address, query: Vec::new(), body: Body::None }
    }

    pub(super) fn post(address: &'static str, path: &'a str, body: &impl Serialize) -> Self {
        let body = serde_json::to_value(body).map_or(Body::None, Body::Json);
        Self { method: Method::POST, path, address, query: Vec::new(), body }
    }

    pub(super) fn form(address: &'static str, path: &'a str, parts: Vec<Part<'a>>) -> Self {
        Self { method: Method::POST, path, address, query: Vec::new(), body: Body::Form(parts) }
    }
}

impl Client {
    /// For listening, with the token of the application.
    pub(super) fn of(settings: &Settings) -> Result<Self, ConnectorError> {
        let token = settings.secret("bearer_token").ok_or_else(|| missing("bearer_token"))?;
        Ok(Self { base: base(settings)?, credentials: Credentials::Bearer(token.clone()) })
    }

    /// For what only the account itself may ask, as far as its token is given.
    pub(super) fn of_person(settings: &Settings) -> Result<Self, ConnectorError> {
        match settings.secret("user_token") {
            Some(token) => Ok(Self { base: base(settings)?, credentials: Credentials::Bearer(token.clone()) }),
            None => Self::of(settings),
        }
    }

    /// For answering, in the name of a person or a company.
    pub(super) fn of_account(settings: &Settings) -> Result<Self, ConnectorError> {
        let secret = |name: &'static str| settings.secret(name).cloned();
        let token = secret("access_token").ok_or_else(|| missing("access_token"))?;
        let credentials = match (secret("consumer_key"), secret("consumer_secret"), secret("access_token_secret")) {
            (None, None, None) => Credentials::Bearer(token),
            (key, consumer, person) => Credentials::Signed(Keys {
                consumer_key: key.ok_or_else(|| missing("consumer_key"))?,
                consumer_secret: consumer.ok_or_else(|| missing("consumer_secret"))?,
                token,
                token_secret: person.ok_or_else(|| missing("access_token_secret"))?,
            }),
        };
        Ok(Self { base: base(settings)?, credentials })
    }

    /// The address that is asked.
    pub(super) fn host(&self) -> &str {
        self.base.as_str()
    }

    /// Whether a token ends by itself after hours.
    pub(super) const fn expires(&self) -> bool {
        matches!(self.credentials, Credentials::Bearer(_))
    }

    /// Asks, again where the failure may pass. For questions that change nothing.
    pub(super) async fn call<T: DeserializeOwned>(
        &self,
        session: &Session,
        ask: &Ask<'_>,
    ) -> Result<Answer<T>, Failure> {
        let mut tries = Tries::new(TRIES, LONGEST_PAUSE);
        loop {
            let failure = match self.call_once(session, ask).await {
                Ok(answer) => return Ok(answer),
                Err(failure) => failure,
            };
            // The end of a window that is known is by our own clock, whose hours may be shorter than X's.
            if let Failure::Waiting(until) = failure {
                session.pause_until(until).await.map_err(Failure::Broken)?;
                continue;
            }
            let error = failure.clone().error("words", session.now());
            let Some(pause) = tries.pause(&error, session.now()) else { return Err(failure) };
            session.pause(pause).await.map_err(Failure::Broken)?;
        }
    }

    /// Asks once.
    pub(super) async fn call_once<T: DeserializeOwned>(
        &self,
        line: impl Into<Line<'_>>,
        ask: &Ask<'_>,
    ) -> Result<Answer<T>, Failure> {
        let line = line.into();
        let gate = self.gate(ask);
        gate.pass(line.now()).map_err(Failure::Waiting)?;
        let request = self.request(ask, line.now()).max_body_bytes(MAX_BODY_BYTES);
        let response = line.send(request).await.map_err(Failure::Broken)?;
        let window = told(gate, &response, &line);
        if !response.status.is_success() {
            return Err(Failure::Refused(Problem::of(&response, line.now())));
        }
        let value = read(&response).map_err(Failure::Broken)?;
        Ok(Answer { value, response, window })
    }

    /// Opens a stream; nothing but a silence longer than `silence` ends it from our side.
    pub(super) async fn open(
        &self,
        session: &Session,
        ask: &Ask<'_>,
        silence: Duration,
    ) -> Result<OpenResponse, Failure> {
        let line = Line::from(session);
        let gate = self.gate(ask);
        gate.pass(line.now()).map_err(Failure::Waiting)?;
        let opening = session.http.open(self.request(ask, line.now()).read_timeout(silence));
        let opened = tokio::select! {
            () = session.cancel.cancelled() => Err(ConnectorError::Cancelled),
            answer = opening => answer,
        };
        let mut opened = opened.map_err(Failure::Broken)?;
        let refused = !opened.status.is_success();
        let mut body = Vec::new();
        while refused && body.len() < MAX_REFUSAL_BYTES {
            match opened.chunk().await {
                Ok(Some(chunk)) => body.extend_from_slice(&chunk),
                _ => break,
            }
        }
        let (status, headers, url) = (opened.status, opened.headers.clone(), opened.url.clone());
        let response = Response { status, headers, url, moved_to: None, body }.forget(session.settings.secrets());
        told(gate, &response, &line);
        if refused { Err(Failure::Refused(Problem::of(&response, line.now()))) } else { Ok(opened) }
    }

    fn gate(&self, ask: &Ask<'_>) -> Gate {
        let token = match &self.credentials {
            Credentials::Bearer(token) => token,
            Credentials::Signed(keys) => &keys.token,
        };
        Gate::of(self.base.as_str(), token.expose(), &format!("{} {}", ask.method, ask.address))
    }

    fn request(&self, ask: &Ask<'_>, now: Timestamp) -> Request {
        let mut url = self.base.clone();
        url.set_path(ask.path);
        url.set_query(None);
        if !ask.query.is_empty() {
            url.query_pairs_mut().extend_pairs(&ask.query);
        }
        let mut request = Request::new(ask.method.clone(), url);
        request = match &self.credentials {
            Credentials::Bearer(token) => request.bearer(token),
            Credentials::Signed(keys) => {
                let signed = keys.authorization(ask.method.as_str(), request.url(), now, rand::random());
                request.secret_header("authorization", &Secret::new(signed))
            }
        };
        match &ask.body {
            Body::None => request,
            Body::Json(body) => request.json(body),
            Body::Form(parts) => request.multipart(parts).timeout(upload::LIMIT),
        }
    }
}

/// An answer that says nothing but yes is `null`.
fn read<T: DeserializeOwned>(response: &Response) -> Result<T, ConnectorError> {
    if response.status == 204 || response.body.is_empty() {
        let none = serde_json::from_value(serde_json::Value::Null);
        return none
            .map_err(|_| ConnectorError::Protocol("X answered nothing where something was promised".to_owned()));
    }
    response.json()
}

/// Notes what an answer tells of its window.
fn told(gate: Gate, response: &Response, line: &Line<'_>) -> Option<Window> {
    let window = Window::read(&response.headers, line.now())?;
    let wait = window.resets_at.since(line.now()).min(LONGEST_PAUSE);
    let refused = response.status.as_u16() == 429;
    // A refusal of one connection too many comes with a window that is still open.
    if refused || window.limit > 0 {
        gate.told(window.remaining, line.after(wait), line.now());
    }
    Some(window)
}

fn base(settings: &Settings) -> Result<Url, ConnectorError> {
    parse_url("api_url", settings.text("api_url").unwrap_or("https://api.x.com"))
}

fn missing(setting: &'static str) -> ConnectorError {
    ConnectorError::invalid(setting, "is required: X tells nothing without it")
}
