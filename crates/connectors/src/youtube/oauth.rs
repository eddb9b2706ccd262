//! Consent on Google's page, to comment in the name of a channel. The token lives for an hour; its refresh token lasts.
//!
//! Source: <https://developers.google.com/identity/protocols/oauth2/web-server>.

use crate::google;
use crate::google::access::TOKENS;
use crate::http::parse_url;
use crate::oauth::{ClientBy, ClientProof, OAuth, Refresh, Rights};

pub(super) const COMMENT: &str = "https://www.googleapis.com/auth/youtube.force-ssl";

pub(super) static OAUTH: OAuth = OAuth {
    client: ClientBy::Owner {
        console: google::CONSOLE,
        hosts: &["oauth2.googleapis.com"],
        needs_secret: true,
        steps: google::STEPS,
    },
    endpoints: |settings| {
        let tokens = parse_url("token_url", settings.text("token_url").unwrap_or(TOKENS))?;
        Ok(google::endpoints(tokens))
    },
    listen: Rights { asked: &[COMMENT], needed: &[COMMENT] },
    reply: Rights { asked: &[COMMENT], needed: &[COMMENT] },
    rights_of: None,
    separator: " ",
    proof: ClientProof::Form,
    refresh: Refresh::Lasting,
    token_key: "access_token",
    client_secret_key: None,
    instead: &["client_id", "client_secret", "refresh_token"],
    comes_along: None,
    giving: None,
};
