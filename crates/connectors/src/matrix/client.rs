//! A homeserver: found by the name people know, asked with the account's token.

use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use molva_domain::Secret;
use serde::Deserialize;
use serde::de::DeserializeOwned;
use url::Url;

use super::NETWORK;
use super::call::{Body, Call};
use super::refusal::{Failure, Refused};
use crate::error::ConnectorError;
use crate::http::{Request, Response, parse_url, shown};
use crate::line::Line;
use crate::patience::Patience;
use crate::session::Session;
use crate::shared;

/// Largest answer read: a page of a hundred events of 64 KiB is rare, a first look at many rooms is not.
const MAX_ANSWER_BYTES: u64 = 32 << 20;
const MAX_WELL_KNOWN_BYTES: u64 = 50 << 10;
/// Where a server was found is believed for so long.
const FOUND_FOR: Duration = Duration::from_secs(3_600);
const SHORTEST_PAUSE: Duration = Duration::from_secs(2);

/// The server of a source or an account.
#[derive(Clone, Debug)]
pub(super) struct Client {
    /// Where its API is, found by its name.
    base: Url,
    /// As it is told to people.
    pub host: String,
    token: Secret,
}

#[derive(Deserialize)]
struct WellKnown {
    #[serde(rename = "m.homeserver")]
    homeserver: Homeserver,
}

#[derive(Deserialize)]
struct Homeserver {
    base_url: String,
}

#[derive(Deserialize)]
struct Versions {
    versions: Vec<String>,
}

/// Whose a token is.
#[derive(Deserialize)]
pub(super) struct Me {
    pub user_id: String,
}

impl Me {
    /// The server that has the account: what comes behind its name.
    pub(super) fn server(&self) -> &str {
        self.user_id.split_once(':').map_or("", |(_, server)| server)
    }
}

type Found = Mutex<Option<(Instant, Url)>>;

impl Client {
    /// Finds the server that the settings name.
    pub(super) async fn find(line: Line<'_>) -> Result<Self, ConnectorError> {
        let settings = line.settings();
        let token =
            settings.needed_secret("access_token", "is required: log in to the server with the account")?.clone();
        let address = settings.text("homeserver").unwrap_or_default();
        let mut address = parse_url("homeserver", address)?;
        address.set_query(None);
        address.set_fragment(None);
        let host = address.host_str().unwrap_or_default();
        let host = address.port().map_or_else(|| host.to_owned(), |port| format!("{host}:{port}"));
        let kept = shared::of::<Found>(&[NETWORK, "server", address.as_str()]);
        let known = kept.lock().unwrap_or_else(PoisonError::into_inner).clone();
        if let Some((_, base)) = known.filter(|(at, _)| at.elapsed() < FOUND_FOR) {
            return Ok(Self { base, host, token });
        }
        let client = Self { base: discover(line, &address).await?, host, token };
        let spoken: Versions =
            client.once(line, &Call::versions()).await.map_err(|f| f.explain(&client.host, line.now()))?;
        if !spoken.versions.iter().any(|version| version.starts_with("v1.")) {
            let message =
                format!("{} speaks no version of Matrix since v1.1; give another server", shown(&client.base));
            return Err(ConnectorError::Protocol(message));
        }
        *kept.lock().unwrap_or_else(PoisonError::into_inner) = Some((Instant::now(), client.base.clone()));
        Ok(client)
    }

    /// Asks once; the answer with its headers.
    pub(super) async fn whole(&self, line: Line<'_>, call: &Call) -> Result<Response, Failure> {
        let answer = line.send(self.request(call).map_err(Failure::Broken)?).await.map_err(Failure::Broken)?;
        if answer.status.is_success() { Ok(answer) } else { Err(Failure::Refused(Refused::read(&answer, line.now()))) }
    }

    /// Asks once.
    pub(super) async fn once<T: DeserializeOwned>(&self, line: Line<'_>, call: &Call) -> Result<T, Failure> {
        self.whole(line, call).await?.json().map_err(Failure::Broken)
    }

    /// Asks once; what goes wrong is told as listening tells it.
    pub(super) async fn ask<T: DeserializeOwned>(&self, line: Line<'_>, call: &Call) -> Result<T, ConnectorError> {
        self.once(line, call).await.map_err(|failure| failure.explain(&self.host, line.now()))
    }

    /// Asks until there is an answer: waits as long as the server says, else longer and longer.
    ///
    /// # Errors
    /// What asking again does not mend, or one failure too many in a row.
    pub(super) async fn insist<T: DeserializeOwned>(
        &self,
        session: &Session,
        call: &Call,
    ) -> Result<T, ConnectorError> {
        let mut patience = Patience::new(SHORTEST_PAUSE);
        loop {
            match self.ask(session.into(), call).await {
                Err(
                    error @ (ConnectorError::AuthExpired | ConnectorError::NotFound(_) | ConnectorError::CursorLost(_)),
                ) => return Err(error),
                Err(error) => patience.bear(session, error).await?,
                answer => return answer,
            }
        }
    }

    fn request(&self, call: &Call) -> Result<Request, ConnectorError> {
        let mut url = self.base.clone();
        url.path_segments_mut()
            .map_err(|()| ConnectorError::invalid("homeserver", "is no address of a server"))?
            .pop_if_empty()
            .push("_matrix")
            .extend(&call.path);
        if !call.query.is_empty() {
            url.query_pairs_mut().extend_pairs(call.query.iter().map(|(key, value)| (*key, value.as_str())));
        }
        let request = Request::new(call.method.clone(), url)
            .bearer(&self.token)
            .max_body_bytes(MAX_ANSWER_BYTES)
            .timeout(call.patience)
            .read_timeout(call.patience);
        Ok(match &call.body {
            Some(Body::Json(body)) => request.json(body),
            Some(Body::Bytes { media_type, bytes }) => request.bytes(media_type, bytes.clone()),
            None => request,
        })
    }
}

/// Where the API of a server is. People know `example.org`; `/.well-known/matrix/client` there may lead to another host, which is
/// guarded like any address. A site without it is the server itself.
async fn discover(line: Line<'_>, address: &Url) -> Result<Url, ConnectorError> {
    let mut well_known = address.clone();
    well_known.set_path("/.well-known/matrix/client");
    let request = Request::get(well_known).max_body_bytes(MAX_WELL_KNOWN_BYTES).timeout(Duration::from_secs(15));
    let answer = line.send(request).await?;
    let status = answer.status.as_u16();
    if matches!(status, 408 | 429 | 500..=599) {
        return answer.error_for_status(&shown(address), line.now()).map(|_| address.clone());
    }
    // A web site may answer anything at all there.
    let said: Option<WellKnown> = answer.status.is_success().then(|| answer.json().ok()).flatten();
    let Some(WellKnown { homeserver }) = said else { return Ok(address.clone()) };
    let wrong = |what: &str| {
        ConnectorError::invalid(
            "homeserver",
            format!(
                "`.well-known/matrix/client` of {} leads to {what}; give the address of the API itself",
                shown(address)
            ),
        )
    };
    let mut base = Url::parse(homeserver.base_url.trim()).map_err(|_| wrong("something that is no address"))?;
    base.set_query(None);
    base.set_fragment(None);
    match base.scheme() {
        "https" => {}
        "http" if address.scheme() == "http" => {}
        _ => return Err(wrong("an address without TLS, where the token would be seen by others")),
    }
    line.check_lead(&answer.url, &base)?;
    Ok(base)
}
