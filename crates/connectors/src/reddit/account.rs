//! The client that a person registered with Reddit: its token, and what it may still ask.

use std::time::Duration;

use http::StatusCode;
use molva_domain::{Quota, Secret, Timestamp};
use serde::Deserialize;
use tokio::sync::Mutex;
use url::Url;

use crate::error::ConnectorError;
use crate::http::{HeaderMap, Method, Request, Response, headers, parse_url};
use crate::session::Session;
use crate::settings::Settings;

/// Requests left to those who answer people.
const RESERVE: u64 = 10;
/// A token is no longer used this long before its end.
const TOKEN_MARGIN: Duration = Duration::from_secs(60);

pub(super) struct Account {
    /// Where tokens are given, with a slash at the end.
    site: Url,
    /// Where everything else is asked for.
    api: Url,
    client: String,
    secret: Secret,
    /// A script's own user; without one, the client speaks for itself.
    login: Option<(String, Secret)>,
    agent: String,
    state: Mutex<State>,
}

#[derive(Default)]
struct State {
    token: Option<(Secret, Timestamp)>,
    /// Little is left until the limits begin anew.
    wait: Option<Duration>,
}

#[derive(Deserialize)]
struct Token {
    #[serde(default)]
    access_token: Option<String>,
    #[serde(default)]
    expires_in: Option<u64>,
}

impl Account {
    pub(super) fn new(settings: &Settings) -> Result<Self, ConnectorError> {
        let missing = |setting: &'static str| ConnectorError::Invalid {
            setting,
            message: "is required: it stands on the page of your app, reddit.com/prefs/apps".to_owned(),
        };
        let user = settings.text("login").unwrap_or("unknown").trim_start_matches("u/");
        Ok(Self {
            site: base(settings, "site_url")?,
            api: base(settings, "api_url")?,
            client: settings.text("client_id").ok_or_else(|| missing("client_id"))?.to_owned(),
            secret: settings.secret("client_secret").ok_or_else(|| missing("client_secret"))?.clone(),
            login: settings.secret("password").map(|password| (user.to_owned(), password.clone())),
            // The form that Reddit's rules ask for.
            agent: format!("server:molva:v{} (by /u/{user})", env!("CARGO_PKG_VERSION")),
            state: Mutex::default(),
        })
    }

    pub(super) fn address(&self, path: &str) -> Result<Url, ConnectorError> {
        self.api.join(path).map_err(|error| ConnectorError::Invalid {
            setting: "api_url",
            message: format!("has no place for `{path}`: {error}"),
        })
    }

    /// Asks, with a token that is made when there is none and made anew once when it is refused.
    pub(super) async fn get(
        &self,
        session: &Session,
        url: Url,
        max_body_bytes: u64,
    ) -> Result<(Response, Option<Quota>), ConnectorError> {
        if let Some(wait) = self.state.lock().await.wait.take() {
            session.pause(wait).await?;
        }
        let mut refused = false;
        loop {
            let token = self.token(session).await?;
            let request = Request::get(url.clone())
                .bearer(&token)
                .header("user-agent", &self.agent)
                .max_body_bytes(max_body_bytes);
            let answer = session.send(request).await?;
            let now = session.now();
            let (quota, reset) = quota(&answer.headers, now);
            if answer.status == StatusCode::UNAUTHORIZED && !refused {
                refused = true;
                self.state.lock().await.token = None;
                continue;
            }
            if answer.status == StatusCode::TOO_MANY_REQUESTS {
                let wait = headers::retry_after(&answer.headers, now).max(reset);
                return Err(ConnectorError::RateLimited { until: wait.map(|wait| now.plus(wait)) });
            }
            if quota.is_some_and(|quota| quota.remaining <= RESERVE) {
                self.state.lock().await.wait = reset;
            }
            return Ok((answer, quota));
        }
    }

    async fn token(&self, session: &Session) -> Result<Secret, ConnectorError> {
        let mut state = self.state.lock().await;
        if let Some((token, until)) = &state.token
            && *until > session.now()
        {
            return Ok(token.clone());
        }
        let url = self.site.join("api/v1/access_token").map_err(|error| ConnectorError::Invalid {
            setting: "site_url",
            message: format!("has no place for `api/v1/access_token`: {error}"),
        })?;
        let mut form = vec![("grant_type", "client_credentials")];
        if let Some((user, password)) = &self.login {
            form = vec![("grant_type", "password"), ("username", user), ("password", password.expose())];
        }
        let request = Request::new(Method::POST, url)
            .basic(&self.client, &self.secret)
            .header("user-agent", &self.agent)
            .form(form);
        let answer = session.send(request).await?;
        if answer.status == StatusCode::UNAUTHORIZED {
            let message = "Reddit does not know the client id with this secret; copy both from the page of your app";
            return Err(ConnectorError::AuthRevoked(message.to_owned()));
        }
        // A wrong password is told in an answer that is otherwise good.
        let token: Token = answer.error_for_status("Reddit's place for tokens", session.now())?.json()?;
        let Some(access) = token.access_token.filter(|token| !token.is_empty()) else {
            let message = "Reddit gives no token for this login; check the user and the password, and that the app is of the kind `script`";
            return Err(ConnectorError::AuthRevoked(message.to_owned()));
        };
        let lasts = Duration::from_secs(token.expires_in.unwrap_or(3_600)).saturating_sub(TOKEN_MARGIN);
        let access = Secret::new(access);
        state.token = Some((access.clone(), session.after(lasts)));
        Ok(access)
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
