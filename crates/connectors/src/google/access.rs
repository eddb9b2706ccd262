//! Access tokens of an hour, made of something that lasts: a person's refresh token, or the key of a service account.

use std::sync::Arc;
use std::time::Duration;

use http::StatusCode;
use molva_domain::{Secret, Timestamp};
use serde::Deserialize;
use tokio::sync::Mutex;
use url::Url;

use crate::error::ConnectorError;
use crate::http::{Method, Request};
use crate::line::Line;
use crate::shared;

/// Where Google gives tokens.
pub(crate) const TOKENS: &str = "https://oauth2.googleapis.com/token";
/// A token is no longer used this long before its end.
const MARGIN: Duration = Duration::from_secs(120);

type Kept = Mutex<Option<(Token, Timestamp)>>;

/// What Google gave.
#[derive(Clone)]
pub(crate) struct Token {
    pub secret: Secret,
    /// What it allows, where Google says so.
    pub scopes: Vec<String>,
}

/// A way to tokens.
pub(crate) struct Access {
    url: Url,
    kept: Arc<Kept>,
}

#[derive(Deserialize)]
struct Given {
    access_token: String,
    #[serde(default)]
    expires_in: Option<u64>,
    #[serde(default)]
    scope: String,
}

impl Access {
    /// `lasting` is what tokens are made of; who has the same shares them.
    pub(crate) fn new(url: Url, lasting: &Secret) -> Self {
        let kept = shared::of(&["google", url.as_str(), lasting.expose()]);
        Self { url, kept }
    }

    /// A token that is good for a while, asked for with that form when there is none.
    ///
    /// # Errors
    /// `AuthRevoked` with `refused` when Google gives none.
    pub(crate) async fn token(
        &self,
        line: Line<'_>,
        form: impl FnOnce() -> Result<Vec<(&'static str, Secret)>, ConnectorError>,
        refused: &str,
    ) -> Result<Token, ConnectorError> {
        let mut kept = self.kept.lock().await;
        if let Some((token, until)) = &*kept
            && *until > line.now()
        {
            return Ok(token.clone());
        }
        let form = form()?;
        let fields = form.iter().map(|(name, value)| (*name, value.expose()));
        let answer = line.send(Request::new(Method::POST, self.url.clone()).form(fields)).await?;
        if matches!(answer.status, StatusCode::BAD_REQUEST | StatusCode::UNAUTHORIZED) {
            return Err(ConnectorError::AuthRevoked(refused.to_owned()));
        }
        let given: Given = answer.error_for_status("Google's place for tokens", line.now())?.json()?;
        let lasts = Duration::from_secs(given.expires_in.unwrap_or(3_600)).saturating_sub(MARGIN);
        let scopes = given.scope.split(' ').filter(|scope| !scope.is_empty()).map(str::to_owned).collect();
        let token = Token { secret: Secret::new(given.access_token), scopes };
        *kept = Some((token.clone(), line.after(lasts)));
        Ok(token)
    }

    /// That token was refused. Somebody else may have made a new one meanwhile.
    pub(crate) async fn forget(&self, token: &Secret) {
        let mut kept = self.kept.lock().await;
        if kept.as_ref().is_some_and(|(kept, _)| kept.secret.expose() == token.expose()) {
            *kept = None;
        }
    }
}
