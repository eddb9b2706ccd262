//! A service account: a robot with a key of its own, which gives it tokens of an hour. Contract:
//! <https://developers.google.com/identity/protocols/oauth2/service-account>, "HTTP/REST".

use std::time::Duration;

use molva_domain::{Secret, Timestamp};
use serde::Deserialize;
use serde_json::json;
use tokio::sync::Mutex;
use url::Url;

use crate::error::ConnectorError;
use crate::http::{Method, Request, parse_url};
use crate::jwt;
use crate::session::Session;
use crate::settings::Settings;

const SCOPE: &str = "https://www.googleapis.com/auth/androidpublisher";
const GRANT: &str = "urn:ietf:params:oauth:grant-type:jwt-bearer";
/// A token is no longer used this long before its end.
const TOKEN_MARGIN: Duration = Duration::from_secs(120);

pub(super) struct Account {
    email: String,
    key_id: String,
    key: Secret,
    token_url: Url,
    token: Mutex<Option<(Secret, Timestamp)>>,
}

/// The file that Google gives.
#[derive(Deserialize)]
struct File {
    client_email: String,
    private_key: String,
    #[serde(default)]
    private_key_id: String,
    #[serde(default)]
    token_uri: Option<String>,
}

#[derive(Deserialize)]
struct Token {
    access_token: String,
    #[serde(default)]
    expires_in: Option<u64>,
}

impl Account {
    pub(super) fn new(settings: &Settings) -> Result<Self, ConnectorError> {
        let wrong = |message: &str| ConnectorError::Invalid { setting: "service_account", message: message.to_owned() };
        let file = settings
            .secret("service_account")
            .ok_or_else(|| wrong("is required: the JSON file of a service account"))?;
        // What serde says of a broken file might repeat it.
        let file: File = serde_json::from_str(file.expose())
            .map_err(|_| wrong("is not the JSON file of a service account; paste the whole file"))?;
        let token_url = file.token_uri.as_deref().unwrap_or("https://oauth2.googleapis.com/token");
        let account = Self {
            email: file.client_email,
            key_id: file.private_key_id,
            key: Secret::new(file.private_key),
            token_url: parse_url("service_account", token_url)?,
            token: Mutex::default(),
        };
        // A key that is none is told at once.
        account.assertion(Timestamp::EARLIEST)?;
        Ok(account)
    }

    fn assertion(&self, now: Timestamp) -> Result<Secret, ConnectorError> {
        let now = now.as_secs();
        let claims =
            json!({"iss": self.email, "scope": SCOPE, "aud": self.token_url.as_str(), "iat": now, "exp": now + 3_600});
        jwt::rs256(&self.key, &self.key_id, &claims)
            .map_err(|message| ConnectorError::Invalid { setting: "service_account", message })
    }

    /// A token that is good for a while, made when there is none.
    pub(super) async fn token(&self, session: &Session) -> Result<Secret, ConnectorError> {
        let mut token = self.token.lock().await;
        if let Some((token, until)) = &*token
            && *until > session.now()
        {
            return Ok(token.clone());
        }
        let assertion = self.assertion(session.now())?;
        let form = [("grant_type", GRANT), ("assertion", assertion.expose())];
        let answer = session.send(Request::new(Method::POST, self.token_url.clone()).form(form)).await?;
        if answer.status.as_u16() == 400 {
            let message = "Google gives the service account no token; is its key still there, and the clock of this server right?";
            return Err(ConnectorError::AuthRevoked(message.to_owned()));
        }
        let told: Token = answer.error_for_status("Google's place for tokens", session.now())?.json()?;
        let lasts = Duration::from_secs(told.expires_in.unwrap_or(3_600)).saturating_sub(TOKEN_MARGIN);
        let access = Secret::new(told.access_token);
        *token = Some((access.clone(), session.after(lasts)));
        Ok(access)
    }

    /// The token was refused.
    pub(super) async fn forget(&self) {
        *self.token.lock().await = None;
    }
}
