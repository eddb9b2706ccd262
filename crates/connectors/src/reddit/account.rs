//! The client that a person registered with Reddit: its token, and what it may still ask.

use std::sync::Arc;
use std::time::Duration;

use http::StatusCode;
use molva_domain::{Quota, Secret, Timestamp};
use serde::Deserialize;
use tokio::sync::Mutex;
use url::Url;

use super::oauth::RIGHTS;
use crate::error::ConnectorError;
use crate::http::{HeaderMap, Method, Request, Response, headers, parse_url};
use crate::line::Line;
use crate::session::Session;
use crate::settings::Settings;
use crate::shared;

/// Requests left to those who answer people.
const RESERVE: u64 = 10;
const NEEDED: &str = "is required: it stands on the page of your app, reddit.com/prefs/apps";
const NOT_TAKEN: &str = "Reddit does not take the token of the consent any more";
/// A token is no longer used this long before its end.
const TOKEN_MARGIN: Duration = Duration::from_secs(60);

pub(super) struct Account {
    /// Where tokens are given, with a slash at the end.
    site: Url,
    /// Where everything else is asked for.
    api: Url,
    way: Way,
    agent: String,
    state: Arc<Mutex<State>>,
}

/// How one comes to a token.
enum Way {
    /// A person's consent, kept alive elsewhere.
    Consent(Secret),
    Client {
        id: String,
        secret: Secret,
        /// A script's own user; without one, the client speaks for itself.
        login: Option<(String, Secret)>,
    },
}

#[derive(Default)]
struct State {
    token: Option<(Token, Timestamp)>,
    /// Requests that are left until then.
    left: Option<(u64, Timestamp)>,
}

/// What Reddit lets a client do for an hour or a day.
#[derive(Clone)]
pub(super) struct Token {
    pub(super) secret: Secret,
    /// What it allows; `*` is everything.
    pub(super) scopes: Vec<String>,
}

#[derive(Deserialize)]
struct Given {
    #[serde(default)]
    access_token: Option<String>,
    #[serde(default)]
    expires_in: Option<u64>,
    #[serde(default)]
    scope: String,
}

impl Account {
    pub(super) fn new(settings: &Settings) -> Result<Self, ConnectorError> {
        let user = settings.text("login").unwrap_or("unknown").trim_start_matches("u/");
        let (site, api) = (base(settings, "site_url")?, base(settings, "api_url")?);
        let way = match settings.secret("access_token") {
            Some(token) => Way::Consent(token.clone()),
            None => Way::Client {
                id: settings.needed("client_id", NEEDED)?.to_owned(),
                secret: settings.needed_secret("client_secret", NEEDED)?.clone(),
                login: settings.secret("password").map(|password| (user.to_owned(), password.clone())),
            },
        };
        let parts = match &way {
            Way::Consent(token) => ["", token.expose(), "", ""],
            Way::Client { id, secret, login } => {
                let (name, password) = login.as_ref().map_or(("", ""), |(name, password)| (name, password.expose()));
                [id, secret.expose(), name, password]
            }
        };
        let state = shared::of(&[&[super::NETWORK, site.as_str()], &parts[..]].concat());
        Ok(Self {
            site,
            api,
            way,
            // The form that Reddit's rules ask for.
            agent: format!("server:molva:v{} (by /u/{user})", env!("CARGO_PKG_VERSION")),
            state,
        })
    }

    pub(super) fn address(&self, path: &str) -> Result<Url, ConnectorError> {
        self.api
            .join(path)
            .map_err(|error| ConnectorError::invalid("api_url", format!("has no place for `{path}`: {error}")))
    }

    /// Asks for those who listen: what is left in the end is for those who answer.
    pub(super) async fn get(
        &self,
        session: &Session,
        url: Url,
        max_body_bytes: u64,
    ) -> Result<(Response, Option<Quota>), ConnectorError> {
        let left = self.state.lock().await.left;
        if let Some((left, until)) = left
            && left <= RESERVE
        {
            session.pause_until(until).await?;
        }
        self.ask(session, Request::get(url).max_body_bytes(max_body_bytes)).await
    }

    /// Until when nothing may be asked any more.
    pub(super) async fn is_used_up(&self, now: Timestamp) -> Option<Timestamp> {
        let (_, until) = self.state.lock().await.left.filter(|(left, until)| *left == 0 && *until > now)?;
        Some(until)
    }

    /// Asks, with a token that is made when there is none and made anew once when it is refused.
    pub(super) async fn ask(
        &self,
        line: impl Into<Line<'_>>,
        request: Request,
    ) -> Result<(Response, Option<Quota>), ConnectorError> {
        let line = line.into();
        let mut refused = false;
        loop {
            let token = self.token(line).await?.secret;
            let request = request.clone().bearer(&token).header("user-agent", &self.agent);
            let answer = line.send(request).await?.forget([token.expose()]);
            let now = line.now();
            let (quota, reset) = quota(&answer.headers, now);
            {
                let mut state = self.state.lock().await;
                if let Some((quota, reset)) = quota.zip(reset) {
                    state.left = Some((quota.remaining, line.after(reset)));
                }
                if answer.status == StatusCode::UNAUTHORIZED && matches!(self.way, Way::Consent(_)) {
                    return Err(ConnectorError::AuthRevoked(NOT_TAKEN.to_owned()));
                }
                if answer.status == StatusCode::UNAUTHORIZED && !refused {
                    refused = true;
                    // Somebody else may have made a new one meanwhile.
                    if state.token.as_ref().is_some_and(|(kept, _)| kept.secret.expose() == token.expose()) {
                        state.token = None;
                    }
                    continue;
                }
            }
            if answer.status == StatusCode::TOO_MANY_REQUESTS {
                let wait = headers::retry_after(&answer.headers, now).max(reset);
                return Err(ConnectorError::RateLimited { until: wait.map(|wait| now.plus(wait)) });
            }
            return Ok((answer, quota));
        }
    }

    /// What was given, asked for when there is none.
    pub(super) async fn token(&self, line: impl Into<Line<'_>>) -> Result<Token, ConnectorError> {
        let line = line.into();
        let (id, secret, login) = match &self.way {
            // Reddit gives all the rights that were asked for, or none.
            Way::Consent(token) => {
                let scopes = RIGHTS.iter().map(|right| (*right).to_owned()).collect();
                return Ok(Token { secret: token.clone(), scopes });
            }
            Way::Client { id, secret, login } => (id, secret, login),
        };
        let mut state = self.state.lock().await;
        if let Some((token, until)) = &state.token
            && *until > line.now()
        {
            return Ok(token.clone());
        }
        let url = self.site.join("api/v1/access_token").map_err(|error| {
            ConnectorError::invalid("site_url", format!("has no place for `api/v1/access_token`: {error}"))
        })?;
        let mut form = vec![("grant_type", "client_credentials")];
        if let Some((user, password)) = login {
            form = vec![("grant_type", "password"), ("username", user), ("password", password.expose())];
        }
        let request = Request::new(Method::POST, url).basic(id, secret).header("user-agent", &self.agent).form(form);
        let answer = line.send(request).await?;
        if answer.status == StatusCode::UNAUTHORIZED {
            let message = "Reddit does not know the client id with this secret; copy both from the page of your app";
            return Err(ConnectorError::AuthRevoked(message.to_owned()));
        }
        // A wrong password is told in an answer that is otherwise good.
        let given: Given = answer.error_for_status("Reddit's place for tokens", line.now())?.json()?;
        let Some(access) = given.access_token.filter(|token| !token.is_empty()) else {
            let message = "Reddit gives no token for this login; check the user and the password, and that the app is of the kind `script`";
            return Err(ConnectorError::AuthRevoked(message.to_owned()));
        };
        let lasts = Duration::from_secs(given.expires_in.unwrap_or(3_600)).saturating_sub(TOKEN_MARGIN);
        let scopes = given.scope.split([' ', ',']).filter(|scope| !scope.is_empty()).map(str::to_owned).collect();
        let token = Token { secret: Secret::new(access), scopes };
        state.token = Some((token.clone(), line.after(lasts)));
        Ok(token)
    }
}

fn base(settings: &Settings, key: &'static str) -> Result<Url, ConnectorError> {
    let mut url = parse_url(key, settings.text(key).unwrap_or_default())?;
    if !url.path().ends_with('/') {
        url.set_path(&format!("{}/", url.path()));
    }
    Ok(url)
}

/// Reddit tells what was used, what is left (with a fraction) and the seconds until it begins anew.
fn quota(headers: &HeaderMap, now: Timestamp) -> (Option<Quota>, Option<Duration>) {
    let number = |name: &str| headers::text(headers, name).and_then(|value| value.parse::<f64>().ok());
    let number = |name: &str| number(name).filter(|value| (0.0..1e9).contains(value));
    let reset = number("x-ratelimit-reset").map(Duration::from_secs_f64);
    let quota = number("x-ratelimit-used").zip(number("x-ratelimit-remaining")).map(|(used, remaining)| Quota {
        limit: (used + remaining) as u64,
        remaining: remaining as u64,
        resets_at: reset.map(|reset| now.plus(reset)),
    });
    (quota, reset)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_left_is_read_as_reddit_writes_it() {
        let now = Timestamp::from_secs(1_772_366_400);
        let mut headers = HeaderMap::new();
        for (name, value) in [("used", "10"), ("remaining", "590.0"), ("reset", "164")] {
            let name: http::HeaderName = format!("x-ratelimit-{name}").parse().expect("a name");
            headers.insert(name, value.parse().expect("a value"));
        }
        let wait = Duration::from_secs(164);
        let expected = Quota { limit: 600, remaining: 590, resets_at: Some(now.plus(wait)) };
        assert_eq!(quota(&headers, now), (Some(expected), Some(wait)));
        assert_eq!(quota(&HeaderMap::new(), now), (None, None));
    }
}
