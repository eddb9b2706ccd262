//! Tokens by a person's consent on the network's own page: OAuth 2 with PKCE (RFC 6749, RFC 7636, RFC 9700).
//!
//! A row of the table offers it by [`Connector::oauth`](crate::Connector::oauth): where its pages are, which rights are asked
//! for, who registers the client, and whether refresh tokens serve once. [`consent`] makes the address a person is sent to,
//! [`token`] changes a code or a refresh token for an access token, [`register`] makes a client where a network does that when
//! asked. All of it goes through the one guarded HTTP client.

use molva_domain::{Secret, Timestamp};
use url::Url;

use crate::error::ConnectorError;
use crate::settings::{Localized, Settings};

pub mod consent;
pub mod register;
pub mod token;

pub use consent::{Proof, address};
pub use register::register;
pub use token::{TokenError, exchange, refresh, revoke};

/// How a network gives tokens.
#[derive(Debug)]
pub struct OAuth {
    pub client: ClientBy,
    /// Of settings with their defaults: networks of many servers have as many places.
    pub endpoints: fn(&Settings) -> Result<Endpoints, ConnectorError>,
    /// Rights asked for when a source listens with the token.
    pub listen: &'static [&'static str],
    /// Rights asked for when an account answers with it.
    pub reply: &'static [&'static str],
    /// Between rights.
    pub separator: &'static str,
    /// What the consent page wants to be told besides.
    pub consent_with: &'static [(&'static str, &'static str)],
    /// How the client's secret is shown where tokens are given.
    pub proof: ClientProof,
    pub refresh: Refresh,
    /// Key of the secret setting the access token becomes.
    pub token_key: &'static str,
    /// A parameter that comes back beside the code and goes with each question about tokens (`device_id` of VK ID).
    pub comes_along: Option<&'static str>,
}

/// Who registers us with the network.
#[derive(Clone, Copy, Debug)]
pub enum ClientBy {
    /// The network itself, when it is asked: `POST` to [`Endpoints::register`].
    Network,
    /// The owner of this installation, by hand.
    Owner {
        /// Where on the network.
        console: &'static str,
        /// Whether it must have a secret.
        needs_secret: bool,
        /// What is to be done there, in a sentence or two.
        steps: Localized,
    },
}

/// How a client proves itself where tokens are given.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ClientProof {
    /// `Authorization: Basic`, where there is a secret; without one the id goes into the form.
    Basic,
    /// `client_id` and `client_secret` in the form.
    Form,
}

/// What a token can be renewed with.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Refresh {
    /// Nothing: it does not end, or a person has to come again.
    Never,
    /// A refresh token that serves until it is taken back.
    Lasting,
    /// A refresh token that serves once and brings its successor. Whoever loses the answer has lost the access.
    Once,
}

/// Where a network's pages of consent and its places for tokens are.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Endpoints {
    pub authorize: Url,
    pub token: Url,
    pub revoke: Option<Url>,
    /// Where clients are registered ([`ClientBy::Network`]).
    pub register: Option<Url>,
    /// As the network calls itself in `iss` (RFC 9207), where it does.
    pub issuer: Option<String>,
}

/// What the token is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Purpose {
    Listen,
    Reply,
}

/// Us, as the network knows us.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Client {
    pub id: String,
    pub secret: Option<Secret>,
}

/// What the network gave.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Tokens {
    pub access: Secret,
    /// The one to renew it with from now on; `None`: there is none, or the one before stays.
    pub refresh: Option<Secret>,
    /// When the access token ends; `None`: the network does not say.
    pub ends_at: Option<Timestamp>,
    /// When it can no longer be renewed.
    pub renewable_until: Option<Timestamp>,
    /// What was allowed, which may be less than was asked for; empty: the network does not say.
    pub scopes: Vec<String>,
}

impl OAuth {
    /// The rights to ask for.
    #[must_use]
    pub const fn scopes(&self, purpose: Purpose) -> &'static [&'static str] {
        match purpose {
            Purpose::Listen => self.listen,
            Purpose::Reply => self.reply,
        }
    }

    /// What distinguishes the server of these settings from the network's others: a client is registered with each, and each
    /// gets a redirect address of its own, so that no server can pass on what another one answered (RFC 9700, 4.4). Empty where
    /// the network is one.
    ///
    /// # Errors
    /// Settings that name no server.
    pub fn server(&self, settings: &Settings) -> Result<String, ConnectorError> {
        if !matches!(self.client, ClientBy::Network) {
            return Ok(String::new());
        }
        let url = (self.endpoints)(settings)?.token;
        let host = url.host_str().unwrap_or_default();
        Ok(url.port().map_or_else(|| host.to_owned(), |port| format!("{host}:{port}")))
    }
}
