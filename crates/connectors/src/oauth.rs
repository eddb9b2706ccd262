//! Tokens by a person's consent on the network's own page: OAuth 2 with PKCE (RFC 6749, RFC 7636, RFC 9700).
//!
//! A row of the table offers it by [`Connector::oauth`](crate::Connector::oauth): where its pages are, which rights are asked
//! for, who registers the client, and whether refresh tokens serve once. [`consent`] makes the address a person is sent to,
//! [`token`] changes a code or a refresh token for an access token, [`register`] makes a client where a network does that when
//! asked. What a network does in its own way is a [`Giving`]. All of it goes through the one guarded HTTP client.

use std::fmt;

use molva_domain::{Secret, Timestamp};
use url::Url;

use crate::connector::BoxFuture;
use crate::error::ConnectorError;
use crate::http::HttpClient;
use crate::settings::{Localized, Settings};

pub mod consent;
pub(crate) mod refusal;
pub mod register;
pub mod token;

pub use consent::{Proof, address};
pub use register::register;
pub use token::{Asking, TokenError, exchange, refresh, revoke};

/// How a network gives tokens.
#[derive(Debug)]
pub struct OAuth {
    pub client: ClientBy,
    /// Of settings with their defaults: networks of many servers have as many places.
    pub endpoints: fn(&Settings) -> Result<Endpoints, ConnectorError>,
    /// When a source listens with the token.
    pub listen: Rights,
    /// When an account answers with it.
    pub reply: Rights,
    /// Others than these two, where the settings choose a way that has rights of its own.
    pub rights_of: Option<fn(&Settings, Purpose) -> Option<Rights>>,
    /// Between rights.
    pub separator: &'static str,
    /// How the client's secret is shown where tokens are given.
    pub proof: ClientProof,
    pub refresh: Refresh,
    /// Key of the secret setting the access token becomes.
    pub token_key: &'static str,
    /// Key of the secret setting the client's secret becomes, where requests are signed with it.
    pub client_secret_key: Option<&'static str>,
    /// Settings that are entered where nobody consents: they may be absent while the access token is there. The token's own
    /// key among them means that it, too, can be entered by hand.
    pub instead: &'static [&'static str],
    /// A parameter that comes back beside the code and goes with each question about tokens (`device_id` of VK ID).
    pub comes_along: Option<&'static str>,
    /// What it does otherwise than others.
    pub giving: Option<&'static dyn Giving>,
}

/// What may be done with a token.
#[derive(Clone, Copy, Debug)]
pub struct Rights {
    /// What a person is asked to allow.
    pub asked: &'static [&'static str],
    /// Of these, those without which nothing works: a consent that leaves one out is refused.
    pub needed: &'static [&'static str],
}

/// Tokens given in a way of a network's own.
pub trait Giving: fmt::Debug + Sync {
    /// What the code was changed for becomes what is kept.
    fn lasting<'a>(&'a self, asking: Asking<'a>, first: Tokens) -> BoxFuture<'a, Result<Tokens, TokenError>>;

    /// What was kept as [`Tokens::refresh`] becomes new tokens.
    fn renewed<'a>(&'a self, asking: Asking<'a>, kept: &'a Secret) -> BoxFuture<'a, Result<Tokens, TokenError>>;
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
        /// Where on the network tokens are given. Settings, which everybody may write, name that place too; the owner's secret is shown
        /// to these alone, and to what the operator allowed by name.
        hosts: &'static [&'static str],
        /// Whether it must have a secret.
        needs_secret: bool,
        /// What is to be done there, in a sentence or two.
        steps: Localized,
    },
    /// The owner, with each of the servers there are; these are known.
    OwnerAtEach(&'static [Server]),
}

/// A server with which an owner registers us.
#[derive(Clone, Copy, Debug)]
pub struct Server {
    /// The host of its place for tokens.
    pub host: &'static str,
    pub title: &'static str,
    /// As of [`ClientBy::Owner`].
    pub console: &'static str,
    pub steps: Localized,
    /// Whether the client must have a secret there.
    pub needs_secret: bool,
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
    /// Rights to ask for in the place of the row's, where each server has its own.
    pub rights: Option<String>,
    /// What the consent page wants to be told besides.
    pub with: &'static [(&'static str, &'static str)],
}

impl Endpoints {
    /// Of a network that knows nothing more than where people agree and where tokens are given.
    #[must_use]
    pub const fn new(authorize: Url, token: Url) -> Self {
        Self { authorize, token, revoke: None, register: None, issuer: None, rights: None, with: &[] }
    }
}

/// Another place of the same server.
pub(crate) fn beside(server: &Url, path: &str) -> Url {
    let mut url = server.clone();
    url.set_path(path);
    url.set_query(None);
    url.set_fragment(None);
    url
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

impl Tokens {
    /// Whether that right is among them, as far as the network says.
    #[must_use]
    pub fn allows(&self, right: &str) -> bool {
        self.scopes.is_empty() || self.scopes.iter().any(|scope| scope == right || scope == "*")
    }
}

impl OAuth {
    #[must_use]
    pub fn rights(&self, settings: &Settings, purpose: Purpose) -> Rights {
        let own = self.rights_of.and_then(|of| of(settings, purpose));
        own.unwrap_or(match purpose {
            Purpose::Listen => self.listen,
            Purpose::Reply => self.reply,
        })
    }

    /// Whether our client's secret may be shown there.
    pub(crate) fn trusts(&self, http: &HttpClient, place: &Url) -> bool {
        match self.client {
            ClientBy::Owner { hosts, .. } => {
                let own = place.host_str().is_some_and(|host| hosts.contains(&host));
                own && place.scheme() == "https" || http.is_allowed_by_name(place)
            }
            // Such a client is one server's alone; those that are known speak TLS.
            ClientBy::OwnerAtEach(known) => {
                place.scheme() == "https" || !known.iter().any(|server| place.host_str() == Some(server.host))
            }
            ClientBy::Network => true,
        }
    }

    /// What distinguishes the server of these settings from the network's others: a client is registered with each, and each
    /// gets a redirect address of its own, so that no server can pass on what another one answered (RFC 9700, 4.4). Empty where
    /// the network is one.
    ///
    /// # Errors
    /// Settings that name no server.
    pub fn server(&self, settings: &Settings) -> Result<String, ConnectorError> {
        if matches!(self.client, ClientBy::Owner { .. }) {
            return Ok(String::new());
        }
        let url = (self.endpoints)(settings)?.token;
        let host = url.host_str().unwrap_or_default();
        Ok(url.port().map_or_else(|| host.to_owned(), |port| format!("{host}:{port}")))
    }
}
