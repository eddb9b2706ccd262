//! Signing in to an IMAP server: with a password, or by showing an access token.

use std::sync::atomic::{AtomicU8, Ordering};

use async_imap::error::Error;
use async_imap::{Authenticator, Client, Session};
use molva_domain::Secret;
use tokio::time::timeout;

use super::dialogue::{ANSWER, explain, first_line, passes, slow};
use super::metered::Metered;
use super::server::{Key, Login, Mechanism, no_tokens, plain};
use crate::error::ConnectorError;

/// Opens a session with the password, or with a token in the ways the server may know.
pub(super) async fn sign_in(
    client: Client<Metered>,
    login: &Login,
    name: &str,
) -> Result<Session<Metered>, ConnectorError> {
    let user = &login.user;
    let signing = async {
        match &login.key {
            Key::Password(password) if user.is_ascii() && password.expose().is_ascii() => {
                client.login(user, password.expose()).await.map_err(|(error, _)| refused(error, name))
            }
            // A quoted string of LOGIN is ASCII; this one is UTF-8.
            Key::Password(password) => {
                let signed_in = client.authenticate("PLAIN", Plain(user, password)).await;
                signed_in.map_err(|(error, _)| refused(error, name))
            }
            Key::Token(token) => show(client, user, token, name).await,
        }
    };
    timeout(ANSWER, signing).await.map_err(|_| slow(name, ANSWER))?
}

struct Plain<'a>(&'a str, &'a Secret);

impl Authenticator for Plain<'_> {
    type Response = String;

    fn process(&mut self, _challenge: &[u8]) -> String {
        plain(self.0, self.1)
    }
}

/// Shows an access token. A server that refuses it says why in another question, and wants a word before it says no.
struct Bearer<'a> {
    mechanism: Mechanism,
    first: String,
    /// Questions there were: without one the server does not know the mechanism.
    asked: &'a AtomicU8,
}

impl Authenticator for Bearer<'_> {
    type Response = String;

    fn process(&mut self, _challenge: &[u8]) -> String {
        match self.asked.fetch_add(1, Ordering::Relaxed) {
            0 => std::mem::take(&mut self.first),
            _ => self.mechanism.last().to_owned(),
        }
    }
}

async fn show(
    mut client: Client<Metered>,
    user: &str,
    token: &Secret,
    name: &str,
) -> Result<Session<Metered>, ConnectorError> {
    let host = name.rsplit_once(':').map_or(name, |(host, _)| host);
    for mechanism in Mechanism::ALL {
        let asked = AtomicU8::new(0);
        let bearer = Bearer { mechanism, first: mechanism.first(user, token, host), asked: &asked };
        match client.authenticate(mechanism.name(), bearer).await {
            Ok(session) => return Ok(session),
            Err((Error::No(_) | Error::Bad(_), same)) if asked.load(Ordering::Relaxed) == 0 => client = same,
            Err((error, _)) => return Err(refused(error, name)),
        }
    }
    Err(no_tokens(name))
}

fn refused(error: Error, name: &str) -> ConnectorError {
    match error {
        Error::No(text) | Error::Bad(text) if !passes(&text) => {
            ConnectorError::AuthRevoked(format!("{name} refuses the login: {}", first_line(&text)))
        }
        other => explain(other, name),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_login_that_is_refused_for_a_while_needs_no_person() {
        let code = |text: &str| refused(Error::No(format!("code: None, info: Some({text:?})")), "m:993").code();
        assert_eq!(code("[LIMIT] Too many connections"), "transient");
        assert_eq!(code("[UNAVAILABLE] Temporary authentication failure"), "transient");
        assert_eq!(code("[AUTHENTICATIONFAILED] Authentication failed."), "auth_revoked");
    }
}
