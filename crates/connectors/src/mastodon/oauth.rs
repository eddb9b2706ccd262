//! How servers of the Mastodon API give tokens: each registers us when it is asked.

use crate::error::ConnectorError;
use crate::http::parse_url;
use crate::oauth::{ClientBy, ClientProof, Endpoints, OAuth, Refresh, Rights, beside};
use crate::settings::Settings;

pub(super) static OAUTH: OAuth = OAuth {
    client: ClientBy::Network,
    endpoints,
    listen: Rights { asked: &["read"], needed: &[] },
    reply: Rights { asked: &["read", "write:statuses"], needed: &[] },
    rights_of: None,
    separator: " ",
    proof: ClientProof::Form,
    // Mastodon's own tokens do not end; forks that end them give a refresh token that lasts.
    refresh: Refresh::Lasting,
    token_key: "access_token",
    client_secret_key: None,
    instead: &["access_token"],
    comes_along: None,
    giving: None,
};

fn endpoints(settings: &Settings) -> Result<Endpoints, ConnectorError> {
    let Some(instance) = settings.text("instance") else {
        return Err(ConnectorError::invalid("instance", "is required: the address of the server the account is on"));
    };
    let base = parse_url("instance", instance)?;
    Ok(Endpoints {
        revoke: Some(beside(&base, "/oauth/revoke")),
        register: Some(beside(&base, "/api/v1/apps")),
        issuer: Some(base.origin().ascii_serialization()),
        ..Endpoints::new(beside(&base, "/oauth/authorize"), beside(&base, "/oauth/token"))
    })
}
