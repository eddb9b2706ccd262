//! A server: what it calls itself, where it streams, and its pages.

use std::time::Duration;

use http::StatusCode;
use molva_domain::Secret;
use serde::Deserialize;
use serde_json::value::RawValue;
use url::Url;

use super::channel::Channel;
use crate::error::ConnectorError;
use crate::http::{Request, Response, headers, parse_url};
use crate::session::{Report, Session};

/// Statuses of a page, as many as servers give.
const PAGE: &str = "40";
/// A page of 40 statuses is some 200 KiB.
const MAX_PAGE_BYTES: u64 = 8 << 20;
/// Requests left to others who use the same token.
const RESERVE: u64 = 10;
const LONGEST_WAIT: Duration = Duration::from_secs(900);

/// A server that answered.
#[derive(Debug)]
pub(super) struct Server {
    base: Url,
    /// `host` or `host:port`.
    pub host: String,
    pub title: String,
    pub version: String,
    /// Where WebSockets are opened; `None` when the server does not stream.
    streaming: Option<Url>,
    pub token: Option<Secret>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Instance {
    title: Option<String>,
    version: Option<String>,
    configuration: Configuration,
    urls: Urls,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Configuration {
    urls: Urls,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Urls {
    streaming: Option<String>,
    streaming_api: Option<String>,
}

/// Which page of a channel.
#[derive(Clone, Copy, Debug)]
pub(super) enum At<'a> {
    Newest,
    /// Of those after a status, the nearest to it.
    After(&'a str),
    /// Of those before a status, the nearest to it.
    Before(&'a str),
}

/// Statuses of a page, newest first, and the `min_id` of the page that follows in time.
#[derive(Debug)]
pub(super) struct Page {
    pub statuses: Vec<Box<RawValue>>,
    pub newer: Option<String>,
}

#[derive(Deserialize)]
struct Found {
    #[serde(default)]
    statuses: Vec<Box<RawValue>>,
}

impl Server {
    /// The server of the settings, without asking it who it is.
    pub(super) fn named(session: &Session) -> Result<Self, ConnectorError> {
        let mut base = parse_url("instance", session.settings.text("instance").unwrap_or_default())?;
        base.set_path("/");
        base.set_query(None);
        base.set_fragment(None);
        let token = session.settings.secret("access_token").cloned();
        let host = match base.port() {
            Some(port) => format!("{}:{port}", base.host_str().unwrap_or_default()),
            None => base.host_str().unwrap_or_default().to_owned(),
        };
        Ok(Self { base, host, title: String::new(), version: String::new(), streaming: None, token })
    }

    /// Asks the server of the settings who it is: the second version of the answer, else the first.
    pub(super) async fn discover(session: &Session) -> Result<Self, ConnectorError> {
        let mut server = Self::named(session)?;
        let mut answer = server.get(session, "api/v2/instance", &[]).await?;
        if !answer.status.is_success()
            && answer.status != StatusCode::TOO_MANY_REQUESTS
            && !answer.status.is_server_error()
        {
            answer = server.get(session, "api/v1/instance", &[]).await?;
        }
        let answer = server.checked(session, answer, "the server").await?;
        let instance: Instance = answer.json().map_err(|_| {
            ConnectorError::Protocol(format!("{} does not speak the Mastodon API; check the address", server.host))
        })?;
        server.title = instance.title.unwrap_or_default();
        server.version = instance.version.unwrap_or_default();
        let streaming = instance.configuration.urls.streaming.or(instance.urls.streaming_api);
        server.streaming = streaming.and_then(|address| server.streaming_address(&address));
        Ok(server)
    }

    /// A secure server's token is not shown to an insecure one.
    fn streaming_address(&self, address: &str) -> Option<Url> {
        let mut url = Url::parse(address).ok()?;
        let scheme = match (self.base.scheme(), url.scheme()) {
            ("https", _) | ("http", "wss" | "https") => "wss",
            _ => "ws",
        };
        url.set_scheme(scheme).ok()?;
        url.set_path("/api/v1/streaming");
        url.set_query(None);
        Some(url)
    }

    /// The WebSocket of a channel.
    pub(super) fn stream(&self, channel: &Channel) -> Option<Url> {
        let mut url = self.streaming.clone()?;
        url.query_pairs_mut().extend_pairs(channel.stream()?);
        Some(url)
    }

    /// The same as server-sent events. They come from the streaming host too, where there is one.
    pub(super) fn event_stream(&self, channel: &Channel) -> Option<Request> {
        let (path, query) = channel.event_stream()?;
        let mut url = self.streaming.clone()?;
        url.set_scheme(if url.scheme() == "wss" { "https" } else { "http" }).ok()?;
        url.set_path(path);
        url.query_pairs_mut().extend_pairs(query);
        Some(self.authorized(Request::get(without_empty_query(url)).header("accept", "text/event-stream")))
    }

    /// A page of a channel.
    ///
    /// # Errors
    /// `CursorLost` where the server has no notion of the status that is named.
    pub(super) async fn page(&self, session: &Session, channel: &Channel, at: At<'_>) -> Result<Page, ConnectorError> {
        let (path, mut query) = channel.page();
        query.push(("limit", PAGE));
        let place = match at {
            At::Newest => None,
            At::After(id) => Some(("min_id", id)),
            At::Before(id) => Some(("max_id", id)),
        };
        query.extend(place);
        let answer = self.get(session, &path, &query).await?;
        if place.is_some() && matches!(answer.status, StatusCode::BAD_REQUEST | StatusCode::NOT_FOUND) {
            return Err(ConnectorError::CursorLost(format!("{} does not know the status it once named", self.host)));
        }
        let answer = self.checked(session, answer, &format!("`{}` of {}", channel.key(), self.host)).await?;
        let statuses = match channel {
            Channel::Search(_) => answer.json::<Found>()?.statuses,
            Channel::Public(_) | Channel::Hashtag(_) => answer.json::<Vec<Box<RawValue>>>()?,
        };
        let newer = answer.header("link").and_then(newer_id);
        self.spare_quota(session, &answer).await?;
        Ok(Page { statuses, newer })
    }

    /// The statuses of those numbers that it shows; `None` when it cannot be asked for many of them.
    pub(super) async fn statuses(
        &self,
        session: &Session,
        ids: &[&str],
    ) -> Result<Option<Vec<Box<RawValue>>>, ConnectorError> {
        if ids.is_empty() {
            return Ok(None);
        }
        let query: Vec<(&str, &str)> = ids.iter().map(|id| ("id[]", *id)).collect();
        let answer = self.get(session, "api/v1/statuses", &query).await?;
        if matches!(answer.status, StatusCode::NOT_FOUND | StatusCode::METHOD_NOT_ALLOWED) {
            return Ok(None);
        }
        self.checked(session, answer, &format!("statuses of {}", self.host)).await?.json().map(Some)
    }

    /// Whether it shows that status.
    pub(super) async fn shows(&self, session: &Session, id: &str) -> Result<bool, ConnectorError> {
        let answer = self.get(session, &format!("api/v1/statuses/{id}"), &[]).await?;
        if matches!(answer.status, StatusCode::NOT_FOUND | StatusCode::GONE) {
            return Ok(false);
        }
        self.checked(session, answer, &format!("a status of {}", self.host)).await.map(|_| true)
    }

    async fn get(&self, session: &Session, path: &str, query: &[(&str, &str)]) -> Result<Response, ConnectorError> {
        let mut url = self.base.clone();
        url.set_path(path);
        url.query_pairs_mut().extend_pairs(query);
        session.send(self.authorized(Request::get(without_empty_query(url))).max_body_bytes(MAX_PAGE_BYTES)).await
    }

    fn authorized(&self, request: Request) -> Request {
        match &self.token {
            Some(token) => request.bearer(token),
            None => request,
        }
    }

    async fn checked(&self, session: &Session, answer: Response, what: &str) -> Result<Response, ConnectorError> {
        match (answer.status, &self.token) {
            (StatusCode::UNAUTHORIZED | StatusCode::UNPROCESSABLE_ENTITY, None) => Err(ConnectorError::invalid(
                "access_token",
                format!(
                    "{what} is shown only to those who are logged in; make a token in the preferences of the server, under \
                     development, with the right `read`"
                ),
            )),
            (StatusCode::UNAUTHORIZED, Some(_)) => Err(ConnectorError::AuthRevoked(format!(
                "{} does not accept the access token; make a new one in its preferences, under development",
                self.host
            ))),
            _ => answer.error_for_status(what, session.now()),
        }
    }

    /// Tells what is left, and waits for the next stretch when hardly anything is.
    async fn spare_quota(&self, session: &Session, answer: &Response) -> Result<(), ConnectorError> {
        let now = session.now();
        let Some(quota) = headers::quota(&answer.headers, now) else { return Ok(()) };
        session.report(Report::Quota(quota)).await;
        if quota.remaining > RESERVE.min(quota.limit / 2) {
            return Ok(());
        }
        let wait = quota.resets_at.map_or(Duration::from_secs(60), |at| at.since(now)).min(LONGEST_WAIT);
        session.report(Report::NextAttempt(now.plus(wait))).await;
        session.pause(wait).await
    }
}

fn without_empty_query(mut url: Url) -> Url {
    if url.query() == Some("") {
        url.set_query(None);
    }
    url
}

/// The `min_id` behind `rel="prev"` of a `Link` header (RFC 8288): the page that follows in time.
fn newer_id(link: &str) -> Option<String> {
    let target = link.split(',').find_map(|part| {
        let (target, parameters) = part.split_once('>')?;
        parameters.contains("rel=\"prev\"").then(|| target.trim().trim_start_matches('<'))
    })?;
    let url = Url::parse(target).ok()?;
    url.query_pairs().find(|(key, _)| key == "min_id").map(|(_, id)| id.into_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_page_that_follows_in_time_is_told_by_the_link() {
        let link = "<https://m.example/api/v1/timelines/tag/x?limit=40&max_id=AB1>; rel=\"next\", \
                    <https://m.example/api/v1/timelines/tag/x?limit=40&min_id=AB9%2F>; rel=\"prev\"";
        assert_eq!(newer_id(link).as_deref(), Some("AB9/"));
        assert_eq!(newer_id("<https://m.example/?max_id=1>; rel=\"next\""), None);
    }

    #[test]
    fn a_token_of_a_secure_server_is_not_sent_in_the_clear() {
        let server = |base: &str| Server {
            base: Url::parse(base).expect("an address"),
            host: String::new(),
            title: String::new(),
            version: String::new(),
            streaming: None,
            token: None,
        };
        let check = |base: &str, streaming: &str| server(base).streaming_address(streaming).map(String::from);
        assert_eq!(check("https://m.example", "ws://s.example").as_deref(), Some("wss://s.example/api/v1/streaming"));
        assert_eq!(
            check("http://127.0.0.1:3000", "ws://127.0.0.1:3000/").as_deref(),
            Some("ws://127.0.0.1:3000/api/v1/streaming")
        );
        assert_eq!(check("https://m.example", "nonsense"), None);
    }
}
