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
        let invalid = |message: &str| ConnectorError::Invalid { setting: keys.host, message: message.to_owned() };
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
                "a password is not sent to `{}` without TLS; choose TLS or STARTTLS, or add the host to `allowed_private_hosts`",
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

/// Name and password, the same for both servers.
#[derive(Clone, Debug)]
pub(super) struct Login {
    pub(super) user: String,
    pub(super) password: Secret,
}

impl Login {
    pub(super) fn of(settings: &Settings) -> Result<Self, ConnectorError> {
        let missing = |setting: &'static str| ConnectorError::Invalid { setting, message: "is required".to_owned() };
        let user = settings.text("username").ok_or_else(|| missing("username"))?.to_owned();
        let password = settings.secret("password").cloned().ok_or_else(|| missing("password"))?;
        if user.chars().chain(password.expose().chars()).any(char::is_control) {
            return Err(ConnectorError::Invalid {
                setting: "username",
                message: "name and password may hold no line breaks".to_owned(),
            });
        }
        Ok(Self { user, password })
    }

    /// The answer to `AUTH PLAIN` (RFC 4616), before base64.
    pub(super) fn plain(&self) -> String {
        format!("\0{}\0{}", self.user, self.password.expose())
    }
}
