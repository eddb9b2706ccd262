//! Access by consent on a network's own page.

use std::collections::BTreeMap;

use molva_connectors as connectors;
use molva_connectors::oauth::ClientBy;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::locale::Locale;
use crate::wire::account::HolderDraft;

/// How a network lets us in by consent.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct ConsentOffer {
    /// A source can listen with what it gives.
    pub listen: bool,
    /// An account can answer with what it gives.
    pub reply: bool,
    /// Key of the secret it fills in.
    pub token_key: String,
    /// Settings that are entered where nobody consents, and may be left out where somebody does.
    pub instead: Vec<String>,
    /// Who registers Molva with the network.
    pub client: ClientMaker,
    /// Where an owner does that.
    #[schema(required)]
    pub console: Option<String>,
    /// What is to be done there.
    #[schema(required)]
    pub steps: Option<String>,
    /// The client must have a secret.
    pub needs_secret: bool,
    /// With which an owner registers Molva, where there are several; others may be named by their address.
    pub servers: Vec<ConsentServer>,
}

/// A server with which an owner registers Molva.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct ConsentServer {
    pub server: String,
    pub title: String,
    pub console: String,
    pub steps: String,
}

/// Who registers Molva with a network.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "lowercase")]
pub enum ClientMaker {
    /// The network itself, when it is asked.
    Network,
    /// An owner of this installation, by hand.
    Owner,
    /// The same, with each server.
    Each,
}

impl ConsentOffer {
    pub(crate) fn of(connector: &dyn connectors::Connector, locale: Locale) -> Option<Self> {
        let oauth = connector.oauth()?;
        let has = |settings: &[connectors::Setting]| settings.iter().any(|setting| setting.key == oauth.token_key);
        let mut servers = Vec::new();
        let (client, console, steps, needs_secret) = match oauth.client {
            ClientBy::Network => (ClientMaker::Network, None, None, false),
            ClientBy::Owner { console, needs_secret, steps, .. } => {
                (ClientMaker::Owner, Some(console.to_owned()), Some(locale.of(steps).to_owned()), needs_secret)
            }
            ClientBy::OwnerAtEach(known) => {
                servers.extend(known.iter().map(|server| ConsentServer {
                    server: server.host.to_owned(),
                    title: server.title.to_owned(),
                    console: server.console.to_owned(),
                    steps: locale.of(server.steps).to_owned(),
                }));
                (ClientMaker::Each, None, None, false)
            }
        };
        Some(Self {
            listen: has(connector.descriptor().settings),
            reply: connector.replies().is_some_and(|replies| has(replies.account_settings())),
            token_key: oauth.token_key.to_owned(),
            instead: oauth.instead.iter().map(|key| (*key).to_owned()).collect(),
            client,
            console,
            steps,
            needs_secret,
            servers,
        })
    }
}

/// What a person wants to connect: exactly one of these.
#[derive(Clone, Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ConsentDraft {
    /// A new account.
    #[serde(default)]
    pub account: Option<ConsentAccount>,
    /// An account that is connected anew.
    #[serde(default)]
    pub account_id: Option<String>,
    /// A new source.
    #[serde(default)]
    pub source: Option<ConsentSource>,
    /// A source whose token is replaced.
    #[serde(default)]
    pub source_id: Option<String>,
}

/// An account to be connected by consent.
#[derive(Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ConsentAccount {
    pub connector: String,
    /// Empty: as the network calls it.
    #[serde(default)]
    pub name: String,
    #[serde(default)]
    pub settings: BTreeMap<String, String>,
    #[serde(default)]
    pub holder: HolderDraft,
    /// With `me`: I agree that replies are sent from my own account.
    #[serde(default)]
    pub consent: bool,
    /// Another person than the writer has to agree to each reply.
    #[serde(default)]
    pub needs_approval: bool,
}

/// A source to be added by consent.
#[derive(Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ConsentSource {
    pub connector: String,
    pub name: String,
    #[serde(default)]
    pub settings: BTreeMap<String, String>,
    /// Others than the one the network gives.
    #[serde(default)]
    pub secrets: BTreeMap<String, String>,
}

/// Where to go.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct ConsentAddress {
    /// On the network; it brings the browser back here within ten minutes.
    pub address: String,
}

/// Molva, as networks know this installation.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct ConsentClients {
    /// To be entered at each network; null: where browsers reach this server is not known, set `MOLVA_PUBLIC_ORIGIN`.
    #[schema(required)]
    pub redirect_address: Option<String>,
    /// The same of networks of several servers, each of which has its own.
    pub servers: Vec<ConsentServerAddress>,
    pub items: Vec<ConsentClient>,
}

/// Where one of several servers sends people back to.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct ConsentServerAddress {
    pub server: String,
    #[schema(required)]
    pub redirect_address: Option<String>,
}

/// The client of one network.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct ConsentClient {
    pub connector: String,
    /// Empty where the network is one.
    pub server: String,
    pub client_id: String,
    /// To be entered there.
    #[schema(required)]
    pub redirect_address: Option<String>,
    /// Never shown.
    pub secret_set: bool,
}

/// A client an owner registered.
#[derive(Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ConsentClientDraft {
    /// Of a network of several servers the host of its place for tokens; else empty.
    #[serde(default)]
    pub server: String,
    /// At most 500 characters.
    pub client_id: String,
    /// Sealed at rest. Empty keeps the secret of the same id.
    #[serde(default)]
    pub client_secret: String,
}
