//! How the Graph API is asked: signed, one request at a time of a token, within the share of the limits that listening may use.

use std::sync::atomic::{AtomicI64, Ordering};
use std::sync::{Arc, PoisonError};
use std::time::Duration;

use molva_domain::{Secret, Timestamp};
use ring::hmac;
use serde::de::DeserializeOwned;
use serde_json::Value;
use url::Url;

use super::login::Login;
use super::refusal::{Failure, Refused};
use super::usage::{self, LISTENING, Usage};
use crate::error::ConnectorError;
use crate::http::{Method, Part, Request, Response, shown};
use crate::line::Line;
use crate::pace::{self, Lane};
use crate::reply::{Attachment, clock_skew, upload};
use crate::session::{Report, Session};
use crate::settings::Settings;
use crate::tries::Tries;

pub(super) const VERSION: &str = "v26.0";
pub(crate) const HOST: &str = "https://graph.facebook.com";
/// Things on a page of a list; the Graph API gives no more.
pub(crate) const PAGE: &str = "100";
/// Between two requests of a token. The limits are of the hour; this only keeps a fast look from being a burst.
const GAP: Duration = Duration::from_millis(50);
const MAX_BODY_BYTES: u64 = 16 << 20;
/// A request that fails is asked again so often.
const TRIES: u32 = 6;
/// Where it asks for a longer pause, the look is given up.
const LONGEST_PAUSE: Duration = Duration::from_secs(900);

/// The Graph API, asked with one token.
#[derive(Clone)]
pub(crate) struct Graph {
    base: Url,
    login: Login,
    token: Secret,
    /// `appsecret_proof`: who signs with the application's secret is not somebody who found the token.
    proof: Option<String>,
    lane: Lane,
    usage: usage::Shared,
    /// The network's clock less ours in seconds, by its last answer.
    skew: Arc<AtomicI64>,
}

/// A list, a page at a time.
#[derive(Debug, Default, serde::Deserialize)]
#[serde(default)]
pub(crate) struct Page {
    pub data: Vec<Value>,
    paging: Paging,
}

#[derive(Debug, Default, serde::Deserialize)]
#[serde(default)]
struct Paging {
    cursors: Cursors,
    next: Option<String>,
}

#[derive(Debug, Default, serde::Deserialize)]
#[serde(default)]
struct Cursors {
    after: Option<String>,
}

/// A file that goes along with a request.
pub(crate) struct File<'a> {
    /// The field of the form: `source`, `filedata`.
    pub field: &'static str,
    pub name: &'a str,
    pub file: &'a Attachment,
}

impl Page {
    /// What to ask for the next page with; the address itself holds the token and is not followed.
    pub(crate) fn after(&self) -> Option<String> {
        let more = self.paging.next.is_some().then_some(&self.paging.cursors.after)?;
        more.clone().filter(|after| !after.is_empty() && after.len() <= 4_096)
    }
}

impl Graph {
    /// With the token and, if there is one, the application's secret of these settings.
    pub(crate) fn of(settings: &Settings) -> Result<Self, ConnectorError> {
        let token = settings.needed_secret("access_token", "is required: Meta tells nothing without a token")?;
        let login = Login::of(settings);
        let base = login.base(settings)?;
        let signed = settings.secret("app_secret").filter(|_| login == Login::Facebook);
        let proof = signed.map(|secret| proof(secret, token));
        let lane = pace::lane(base.as_str(), token.expose());
        let usage = usage::of(base.as_str(), token.expose());
        Ok(Self { base, login, token: token.clone(), proof, lane, usage, skew: Arc::default() })
    }

    /// By which way it is asked.
    pub(crate) fn login(&self) -> Login {
        self.login
    }

    /// What the last answer said of the limits.
    pub(crate) fn usage(&self) -> Usage {
        *self.usage.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// How far the network's clock is behind ours, as far as known.
    pub(crate) fn behind(&self) -> Duration {
        let skew = self.skew.load(Ordering::Relaxed);
        Duration::from_secs(skew.min(0).unsigned_abs().min(86_400))
    }

    /// The token itself, for the one question whose subject it is.
    pub(super) fn token(&self) -> &str {
        self.token.expose()
    }

    /// Asks for something, again where the failure may pass, leaving to replies what is theirs.
    pub(crate) async fn get<T: DeserializeOwned>(
        &self,
        session: &Session,
        path: &str,
        parameters: &[(&str, &str)],
    ) -> Result<T, ConnectorError> {
        let mut tries = Tries::new(TRIES, LONGEST_PAUSE);
        loop {
            self.within_share(session).await?;
            let before = self.usage().percent;
            let asked = self.once(session, Method::GET, path, parameters).await;
            let usage = self.usage();
            if usage.percent != before {
                session.report(Report::Quota(usage.quota())).await;
            }
            let error = match asked {
                Ok((answer, _)) => return Ok(answer),
                Err(failure) => failure.explain(session.now(), usage),
            };
            // Half an answer, or one of something between us; not an answer that makes no sense.
            if matches!(error, ConnectorError::Protocol(_)) && tries.made() >= 4 {
                return Err(error);
            }
            tries.bear(session, error).await?;
        }
    }

    /// All pages of a list, `most` of them.
    pub(crate) async fn all(
        &self,
        session: &Session,
        path: &str,
        parameters: &[(&str, &str)],
        most: usize,
    ) -> Result<Vec<Value>, ConnectorError> {
        let mut found = Vec::new();
        let mut after: Option<String> = None;
        for _ in 0..most {
            let mut parameters = parameters.to_vec();
            parameters.extend([("limit", PAGE), ("after", after.as_deref().unwrap_or_default())]);
            let page: Page = self.get(session, path, &parameters).await?;
            let next = page.after();
            found.extend(page.data);
            if next.is_none() || next == after {
                break;
            }
            after = next;
        }
        Ok(found)
    }

    /// Waits while too much of the limits is used; the first request after it brings new figures.
    async fn within_share(&self, session: &Session) -> Result<(), ConnectorError> {
        let usage = self.usage();
        let wait = usage.wait(session.now());
        if wait.is_zero() {
            return Ok(());
        }
        session.rest(wait).await?;
        let mut shared = self.usage.lock().unwrap_or_else(PoisonError::into_inner);
        if *shared == usage {
            *shared = Usage { percent: usage.percent.min(LISTENING), regained_at: None };
        }
        drop(shared);
        Ok(())
    }

    /// Asks once.
    pub(crate) async fn once<T: DeserializeOwned>(
        &self,
        line: impl Into<Line<'_>>,
        method: Method,
        path: &str,
        parameters: &[(&str, &str)],
    ) -> Result<(T, Response), Failure> {
        let fields = self.fields(parameters);
        let mut url = self.address(path);
        let request = if method == Method::GET {
            url.query_pairs_mut().extend_pairs(fields);
            Request::get(url)
        } else {
            Request::new(method, url).form(fields)
        };
        self.ask(line.into(), request).await
    }

    /// Sends something with a file, once.
    pub(crate) async fn with_file<T: DeserializeOwned>(
        &self,
        line: impl Into<Line<'_>>,
        path: &str,
        parameters: &[(&str, &str)],
        file: &File<'_>,
    ) -> Result<(T, Response), Failure> {
        let mut parts: Vec<Part<'_>> = self.fields(parameters).map(|(name, value)| Part::field(name, value)).collect();
        parts.push(Part::file(file.field, file.name, &file.file.media_type, &file.file.bytes));
        let request = Request::new(Method::POST, self.address(path)).multipart(&parts).timeout(upload::LIMIT);
        self.ask(line.into(), request).await
    }

    fn address(&self, path: &str) -> Url {
        let mut url = self.base.clone();
        url.set_path(&format!("/{VERSION}/{path}"));
        url.set_query(None);
        url
    }

    /// The parameters that say something, and the proof.
    fn fields<'a>(&'a self, parameters: &'a [(&'a str, &'a str)]) -> impl Iterator<Item = (&'a str, &'a str)> {
        let fields = parameters.iter().copied().filter(|(_, value)| !value.is_empty());
        fields.chain(self.proof.as_deref().map(|proof| ("appsecret_proof", proof)))
    }

    async fn ask<T: DeserializeOwned>(&self, line: Line<'_>, request: Request) -> Result<(T, Response), Failure> {
        let request = request.bearer(&self.token).max_body_bytes(MAX_BODY_BYTES);
        let turn = line.turn(Arc::clone(&self.lane), GAP).await.map_err(Failure::Broken)?;
        let answer = line.send(request).await;
        turn.end(Duration::ZERO);
        let answer = answer?;
        if let Some(skew) = clock_skew(&answer, line.now()) {
            self.skew.store(skew, Ordering::Relaxed);
        }
        if let Some(usage) = Usage::read(&answer.headers, line.now()) {
            *self.usage.lock().unwrap_or_else(PoisonError::into_inner) = usage;
        }
        read(answer, line.now())
    }
}

/// `appsecret_proof` of a token: hex HMAC-SHA256, <https://developers.facebook.com/docs/graph-api/guides/secure-requests>.
pub(super) fn proof(app_secret: &Secret, token: &Secret) -> String {
    let key = hmac::Key::new(hmac::HMAC_SHA256, app_secret.expose().as_bytes());
    let tag = hmac::sign(&key, token.expose().as_bytes());
    tag.as_ref().iter().map(|byte| format!("{byte:02x}")).collect()
}

fn read<T: DeserializeOwned>(answer: Response, now: Timestamp) -> Result<(T, Response), Failure> {
    let whole: Result<Value, _> = serde_json::from_slice(&answer.body);
    if let Ok(refused) = whole.as_ref().map_err(drop).and_then(|whole| whole.get("error").ok_or(()))
        && let Ok(refused) = serde_json::from_value::<Refused>(refused.clone())
    {
        return Err(Failure::Refused(refused));
    }
    let answer = answer.error_for_status("Meta's Graph API", now)?;
    let place = shown(&answer.url);
    let wrong = |error| ConnectorError::Protocol(format!("{place} did not answer the promised JSON: {error}"));
    let value = whole.and_then(serde_json::from_value).map_err(wrong)?;
    Ok((value, answer))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_request_is_signed_with_the_secret_of_the_application() {
        // Worked out with `openssl dgst -sha256 -hmac`.
        let signed = proof(&Secret::new("app-secret"), &Secret::new("token"));
        assert_eq!(signed, "4b062935fec529e51d39e89ee371a452c231b1e0c5549ac72d83fc4f3a0b0471");
    }

    #[test]
    fn the_next_page_is_asked_for_by_its_cursor_and_only_where_there_is_one() {
        let page = |text: &str| serde_json::from_str::<Page>(text).expect("a page").after();
        let more = r#"{"data":[],"paging":{"cursors":{"before":"a","after":"b"},"next":"https://x/?access_token=t"}}"#;
        assert_eq!(page(more).as_deref(), Some("b"));
        assert_eq!(page(r#"{"data":[],"paging":{"cursors":{"after":"b"}}}"#), None);
        assert_eq!(page(r#"{"data":[]}"#), None);
    }
}
