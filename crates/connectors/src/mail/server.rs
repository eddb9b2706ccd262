//! Where a mail server is, how the way to it is kept secret, and who we are there.

use molva_domain::Secret;
use url::Url;

use crate::error::ConnectorError;
use crate::http::{Connection, HttpClient};
use crate::settings::Settings;

/// How the connection is kept from being read on its way.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Security {
    /// TLS from the first byte.
    Tls,
    /// Plain, then TLS before anything is said.
    StartTls,
    /// Plain for good; only with hosts that were allowed by name.
    None,
}

/// One server of the two.
#[derive(Clone, Debug)]
pub(super) struct MailServer {
    /// `https` with TLS from the first byte, `http` otherwise: what the guard of addresses understands.
    url: Url,
    security: Security,
}

/// The settings' names of one server.
#[derive(Clone, Copy)]
struct Keys {
    host: &'static str,
    port: &'static str,
    security: &'static str,
    /// Ports of TLS from the first byte and of a plain beginning.
    ports: (u16, u16),
}

const IMAP: Keys = Keys { host: "imap_host", port: "imap_port", security: "imap_security", ports: (993, 143) };
const SMTP: Keys = Keys { host: "smtp_host", port: "smtp_port", security: "smtp_security", ports: (465, 587) };

impl MailServer {
    pub(super) fn imap(settings: &Settings) -> Result<Self, ConnectorError> {
        Self::of(settings, IMAP)
    }

    pub(super) fn smtp(settings: &Settings) -> Result<Self, ConnectorError> {
        Self::of(settings, SMTP)
    }

    fn of(settings: &Settings, keys: Keys) -> Result<Self, ConnectorError> {
        let invalid = |message: &str| ConnectorError::invalid(keys.host, message);
        let host = settings.text(keys.host).ok_or_else(|| invalid("is required: the name of the mail server"))?;
        let security = match settings.text(keys.security) {
            Some("starttls") => Security::StartTls,
            Some("none") => Security::None,
            _ => Security::Tls,
        };
        let usual = if security == Security::Tls { keys.ports.0 } else { keys.ports.1 };
        let port = settings.number(keys.port).and_then(|port| u16::try_from(port).ok()).unwrap_or(usual);
        let scheme = if security == Security::Tls { "https" } else { "http" };
        let url = Url::parse(&format!("{scheme}://{host}:{port}/"))
            .ok()
            .filter(|url| url.has_host() && url.path() == "/" && url.username().is_empty() && url.query().is_none())
            .ok_or_else(|| invalid("is no name of a server; write it as mail.example.org"))?;
        Ok(Self { url, security })
    }

    pub(super) const fn security(&self) -> Security {
        self.security
    }

    pub(super) fn host(&self) -> &str {
        self.url.host_str().unwrap_or_default()
    }

    /// Host and port, for messages.
    pub(super) fn name(&self) -> String {
        format!("{}:{}", self.host(), self.url.port_or_known_default().unwrap_or_default())
    }

    /// A connection to an address that was checked. A plain one is given for STARTTLS, and to hosts allowed by name.
    pub(super) async fn connect(&self, http: &HttpClient) -> Result<Connection, ConnectorError> {
        if self.security == Security::None && !http.is_allowed_by_name(&self.url) {
            return Err(ConnectorError::Blocked(format!(
                "a password is not sent to `{}` without TLS; choose TLS or STARTTLS, or add the host to `allow-private-host`",
                self.host()
            )));
        }
        http.connect(&self.url).await.map_err(|error| self.named(error))
    }

    pub(super) async fn secure(&self, http: &HttpClient, connection: Connection) -> Result<Connection, ConnectorError> {
        http.secure(connection, &self.url).await.map_err(|error| self.named(error))
    }

    /// The address is written as a web address inside; people know it as host and port.
    fn named(&self, error: ConnectorError) -> ConnectorError {
        match error {
            ConnectorError::Transient { message, retry_after } => {
                let shown = crate::http::shown(&self.url);
                ConnectorError::Transient { message: message.replace(&shown, &self.name()), retry_after }
            }
            other => other,
        }
    }
}

/// Who we are, the same for both servers.
#[derive(Clone, Debug)]
pub(super) struct Login {
    pub(super) user: String,
    pub(super) key: Key,
}

/// What proves it.
#[derive(Clone, Debug)]
pub(super) enum Key {
    Password(Secret),
    /// The access token of a consent.
    Token(Secret),
}

/// How an access token is shown to a mail server.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Mechanism {
    /// <https://developers.google.com/workspace/gmail/imap/xoauth2-protocol>; Microsoft knows only this one.
    XOAuth2,
    /// RFC 7628.
    OAuthBearer,
}

impl Mechanism {
    /// In the order in which they are tried.
    pub(super) const ALL: [Self; 2] = [Self::XOAuth2, Self::OAuthBearer];

    pub(super) const fn name(self) -> &'static str {
        match self {
            Self::XOAuth2 => "XOAUTH2",
            Self::OAuthBearer => "OAUTHBEARER",
        }
    }

    /// What is said first, before base64.
    pub(super) fn first(self, user: &str, token: &Secret, host: &str) -> String {
        let token = token.expose();
        match self {
            Self::XOAuth2 => format!("user={user}\u{1}auth=Bearer {token}\u{1}\u{1}"),
            Self::OAuthBearer => {
                let user = user.replace('=', "=3D").replace(',', "=2C");
                format!("n,a={user},\u{1}host={host}\u{1}auth=Bearer {token}\u{1}\u{1}")
            }
        }
    }

    /// What is said to a server that told why it refuses and waits for a word, before base64.
    pub(super) const fn last(self) -> &'static str {
        match self {
            Self::XOAuth2 => "",
            Self::OAuthBearer => "\u{1}",
        }
    }
}

impl Login {
    pub(super) fn of(settings: &Settings) -> Result<Self, ConnectorError> {
        let user = settings.needed("username", "is required")?.to_owned();
        let key = match settings.secret("access_token") {
            Some(token) => Key::Token(token.clone()),
            None => Key::Password(settings.needed_secret("password", "is required")?.clone()),
        };
        let (Key::Password(secret) | Key::Token(secret)) = &key;
        if user.chars().chain(secret.expose().chars()).any(char::is_control) {
            return Err(ConnectorError::invalid("username", "name and password may hold no line breaks"));
        }
        Ok(Self { user, key })
    }
}

/// A server that takes no tokens.
pub(super) fn no_tokens(name: &str) -> ConnectorError {
    ConnectorError::invalid(
        "sign_in",
        format!("is by consent, but {name} knows neither XOAUTH2 nor OAUTHBEARER; sign in by password"),
    )
}

/// The answer to `AUTH PLAIN` (RFC 4616), before base64.
pub(super) fn plain(user: &str, password: &Secret) -> String {
    format!("\0{user}\0{}", password.expose())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_token_is_shown_as_google_and_rfc_7628_write_it() {
        let token = Secret::new("vF9dft4qmTc2Nvb3RlckBhbHRhdmlzdGEuY29tCg==");
        let said = Mechanism::XOAuth2.first("someuser@example.com", &token, "imap.example.com");
        let expected = "user=someuser@example.com\u{1}auth=Bearer vF9dft4qmTc2Nvb3RlckBhbHRhdmlzdGEuY29tCg==\u{1}\u{1}";
        assert_eq!(said, expected);
        let said = Mechanism::OAuthBearer.first("a,b=c@example.com", &token, "imap.example.com");
        assert!(said.starts_with("n,a=a=2Cb=3Dc@example.com,\u{1}host=imap.example.com\u{1}auth=Bearer vF9"), "{said}");
    }
}
