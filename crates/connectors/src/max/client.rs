//! How MAX is asked: one request at a time of a token, refusals understood, what may pass asked for again.

use std::time::Duration;

use molva_domain::{Secret, Timestamp};
use serde::de::DeserializeOwned;
use serde_json::Value;
use url::Url;

use super::refusal::{Failure, Refused};
use crate::error::ConnectorError;
use crate::http::{Method, Request, Response, parse_url, shown};
use crate::line::Line;
use crate::pace;
use crate::session::Session;
use crate::settings::Settings;
use crate::tries::Tries;

/// A hundred updates.
const MAX_BODY_BYTES: u64 = 16 << 20;
/// A bot may ask thirty times a second, twice of them for updates.
const GAP: Duration = Duration::from_millis(40);
const UPDATES_GAP: Duration = Duration::from_millis(600);
const TRIES: u32 = 6;
/// Where MAX asks for a longer pause, the look is given up.
const LONGEST_PAUSE: Duration = Duration::from_secs(300);

/// The Bot API, asked with one token.
#[derive(Clone, Debug)]
pub(super) struct Client {
    base: Url,
    token: Secret,
}

impl Client {
    pub(super) fn of(settings: &Settings) -> Result<Self, ConnectorError> {
        let invalid = |message: &str| ConnectorError::invalid("bot_token", message);
        let token = settings.secret("bot_token").ok_or_else(|| invalid("is required; business.max.ru gives it"))?;
        if !token.expose().bytes().all(|byte| byte.is_ascii_graphic()) {
            return Err(invalid("is not written like one: letters, digits and signs without spaces"));
        }
        let base = parse_url("api_url", settings.text("api_url").unwrap_or("https://platform-api2.max.ru"))?;
        Ok(Self { base, token: token.clone() })
    }

    fn request(&self, method: Method, path: &str, query: &[(&str, &str)]) -> Request {
        let mut url = self.base.clone();
        url.set_path(&format!("{}{path}", self.base.path().trim_end_matches('/')));
        url.set_query(None);
        if !query.is_empty() {
            url.query_pairs_mut().extend_pairs(query);
        }
        Request::new(method, url).secret_header("authorization", &self.token).max_body_bytes(MAX_BODY_BYTES)
    }

    /// Asks for something that changes nothing; again where the failure may pass.
    pub(super) async fn ask<T: DeserializeOwned>(
        &self,
        session: &Session,
        path: &str,
        query: &[(&str, &str)],
    ) -> Result<T, ConnectorError> {
        let mut tries = Tries::new(TRIES, LONGEST_PAUSE);
        loop {
            match self.once(Line::from(session), Method::GET, path, query, None).await {
                Ok(answer) => return Ok(answer),
                Err(failure) => tries.bear(session, failure.explain(session.now())).await?,
            }
        }
    }

    /// Asks once, in the token's turn.
    pub(super) async fn once<T: DeserializeOwned>(
        &self,
        line: Line<'_>,
        method: Method,
        path: &str,
        query: &[(&str, &str)],
        body: Option<&Value>,
    ) -> Result<T, Failure> {
        let request = self.request(method, path, query);
        let request = if let Some(body) = body { request.json(body) } else { request };
        let lane = pace::lane(self.base.as_str(), self.token.expose());
        let turn = line.turn(lane, GAP).await.map_err(Failure::Broken)?;
        let answer = self.read(line.send(request).await, line.now());
        // Whoever was told to wait stops all others of that token too.
        let told = if let Err(Failure::Refused(Refused { status: 429, retry_after, .. })) = &answer {
            line.scaled(retry_after.unwrap_or(Duration::from_secs(1)).min(LONGEST_PAUSE))
        } else {
            Duration::ZERO
        };
        turn.end(told);
        answer
    }

    /// Waits for updates, beside everything else that is asked.
    pub(super) async fn updates(
        &self,
        session: &Session,
        query: &[(&str, &str)],
        patience: Duration,
    ) -> Result<Value, Failure> {
        let request = self.request(Method::GET, "/updates", query).timeout(patience).read_timeout(patience);
        let lane = pace::lane(self.base.as_str(), &format!("updates {}", self.token.expose()));
        let line = Line::from(session);
        let turn = line.turn(lane, UPDATES_GAP).await.map_err(Failure::Broken)?;
        let answer = self.read(session.send(request).await, session.now());
        turn.end(Duration::ZERO);
        answer
    }

    fn read<T: DeserializeOwned>(
        &self,
        answer: Result<Response, ConnectorError>,
        now: Timestamp,
    ) -> Result<T, Failure> {
        let answer = answer.map_err(Failure::Broken)?;
        if !answer.status.is_success() {
            return Err(Failure::Refused(Refused::read(&answer, now)));
        }
        serde_json::from_slice(&answer.body).map_err(|error| {
            let message = format!("{} did not answer the promised JSON: {error}", shown(&answer.url));
            Failure::Broken(ConnectorError::Protocol(message))
        })
    }
}
