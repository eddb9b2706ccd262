//! A client made by the network when it is asked for one, as servers of the Mastodon API do (`POST /api/v1/apps`).

use http::Method;
use molva_domain::{Secret, Timestamp};
use serde::Deserialize;

use super::token::LIMIT;
use super::{Client, OAuth};
use crate::error::ConnectorError;
use crate::http::{HttpClient, Request};
use crate::settings::Settings;

/// As people see us on the page where they agree.
const NAME: &str = "Molva";
const MAX_ANSWER_BYTES: u64 = 256 << 10;

#[derive(Deserialize)]
struct Made {
    client_id: String,
    #[serde(default)]
    client_secret: Option<String>,
}

/// Asks for a client that may ask for all rights the network's row knows, and no others.
///
/// # Errors
/// What the server answers; `Invalid` where clients are registered by hand.
pub async fn register(
    oauth: &OAuth,
    http: &HttpClient,
    settings: &Settings,
    redirect: &str,
    now: Timestamp,
) -> Result<Client, ConnectorError> {
    let Some(url) = (oauth.endpoints)(settings)?.register else {
        return Err(ConnectorError::invalid("client_id", "is registered by hand on this network"));
    };
    let (reply, listen) = (oauth.reply.asked, oauth.listen.asked);
    let mut scopes = reply.to_vec();
    scopes.extend(listen.iter().filter(|scope| !reply.contains(scope)));
    let scopes = scopes.join(oauth.separator);
    let request = Request::new(Method::POST, url)
        .form([("client_name", NAME), ("redirect_uris", redirect), ("scopes", scopes.as_str())])
        .timeout(LIMIT)
        .max_body_bytes(MAX_ANSWER_BYTES);
    let answer = http.send(request).await?;
    let made: Made = answer.error_for_status("the server's place for applications", now)?.json()?;
    Ok(Client { id: made.client_id, secret: made.client_secret.filter(|secret| !secret.is_empty()).map(Secret::new) })
}
