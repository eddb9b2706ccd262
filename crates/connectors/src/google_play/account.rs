//! A service account: a robot with a key of its own, which gives it tokens of an hour. Contract:
//! <https://developers.google.com/identity/protocols/oauth2/service-account>, "HTTP/REST".

use molva_domain::{Secret, Timestamp};
use serde::Deserialize;
use serde_json::json;
use url::Url;

use crate::error::ConnectorError;
use crate::google::access::{Access, TOKENS};
use crate::http::parse_url;
use crate::jwt;
use crate::line::Line;
use crate::settings::Settings;

const SCOPE: &str = "https://www.googleapis.com/auth/androidpublisher";
const GRANT: &str = "urn:ietf:params:oauth:grant-type:jwt-bearer";

pub(super) struct Account {
    pub(super) email: String,
    key_id: String,
    key: Secret,
    token_url: Url,
    access: Access,
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

impl Account {
    pub(super) fn new(settings: &Settings) -> Result<Self, ConnectorError> {
        let wrong = |message: &str| ConnectorError::invalid("service_account", message);
        let file = settings
            .secret("service_account")
            .ok_or_else(|| wrong("is required: the JSON file of a service account"))?;
        // What serde says of a broken file might repeat it.
        let file: File = serde_json::from_str(file.expose())
            .map_err(|_| wrong("is not the JSON file of a service account; paste the whole file"))?;
        let token_url = parse_url("service_account", file.token_uri.as_deref().unwrap_or(TOKENS))?;
        let key = Secret::new(file.private_key);
        let access = Access::new(token_url.clone(), &key);
        let account = Self { email: file.client_email, key_id: file.private_key_id, key, token_url, access };
        // A key that is none is told at once.
        account.assertion(Timestamp::EARLIEST)?;
        Ok(account)
    }

    fn assertion(&self, now: Timestamp) -> Result<Secret, ConnectorError> {
        let now = now.as_secs();
        let claims =
            json!({"iss": self.email, "scope": SCOPE, "aud": self.token_url.as_str(), "iat": now, "exp": now + 3_600});
        jwt::rs256(&self.key, &self.key_id, &claims)
            .map_err(|message| ConnectorError::invalid("service_account", message))
    }

    /// A token that is good for a while, made when there is none.
    pub(super) async fn token(&self, line: impl Into<Line<'_>>) -> Result<Secret, ConnectorError> {
        let line = line.into();
        let form = || Ok(vec![("grant_type", Secret::new(GRANT)), ("assertion", self.assertion(line.now())?)]);
        let refused =
            "Google gives the service account no token; is its key still there, and the clock of this server right?";
        Ok(self.access.token(line, form, refused).await?.secret)
    }

    /// That token was refused.
    pub(super) async fn forget(&self, token: &Secret) {
        self.access.forget(token).await;
    }
}
