//! Access by consent on a network's own page: a person goes there, agrees, and is sent back here.
//!
//! What ties their going to their coming back: a state that only their browser knows and that serves once, within ten minutes,
//! in the same session; a proof that never left this server (PKCE); and, where servers are many, a way back of its own for each
//! server, so that none can pass on what another one answered.

pub(crate) mod begin;
pub(crate) mod callback;
pub(crate) mod clients;
pub(crate) mod finish;
pub(crate) mod forget_client;
pub(crate) mod page;
pub(crate) mod set_client;

use std::collections::BTreeMap;
use std::net::IpAddr;

use axum::http::header::HOST;
use axum::http::{HeaderMap, StatusCode};
use molva_connectors::Localized;
use molva_connectors::oauth::{OAuth, Purpose};
use molva_domain::{AccountId, SourceId, UserId};
use serde::{Deserialize, Serialize};

use crate::api::Api;
use crate::locale::text;
use crate::problem::Problem;
use crate::secret::digest_of;

const CALLBACK: &str = "/api/oauth/callback";

/// What is to be done when the person comes back; sealed while they are away.
#[derive(Serialize, Deserialize)]
struct Errand {
    verifier: String,
    /// The whole address they come back to.
    redirect: String,
    server: String,
    client_id: String,
    /// As the network calls itself, where it does.
    issuer: Option<String>,
    settings: BTreeMap<String, String>,
    /// Others than the one the network gives.
    secrets: BTreeMap<String, String>,
    what: What,
}

#[derive(Serialize, Deserialize)]
enum What {
    Account { name: String, holder: Option<i64>, needs_approval: bool },
    AccountAgain { id: i64 },
    Source { name: String },
    SourceAgain { id: i64 },
}

impl What {
    fn account(id: AccountId) -> Self {
        Self::AccountAgain { id: id.0 }
    }

    fn source(id: SourceId) -> Self {
        Self::SourceAgain { id: id.0 }
    }

    /// What the token is for.
    const fn purpose(&self) -> Purpose {
        match self {
            Self::Account { .. } | Self::AccountAgain { .. } => Purpose::Reply,
            Self::Source { .. } | Self::SourceAgain { .. } => Purpose::Listen,
        }
    }

    fn holder(user: Option<UserId>) -> Option<i64> {
        user.map(|user| user.0)
    }
}

/// How the network lets us in, or what is wrong with the field `connector`.
fn oauth_on(api: &Api, connector: &str) -> Result<&'static OAuth, Problem> {
    api.pipeline().oauth_on(connector).ok_or_else(|| Problem::field("connector", "no_consent", NO_CONSENT))
}

/// Where browsers reach us: what the operator said, or this very machine. What else a `Host` header says may be made up.
fn origin(api: &Api, headers: &HeaderMap) -> Option<String> {
    if let Some(origin) = &api.app.public_origin {
        return Some(origin.trim_end_matches('/').to_owned());
    }
    let host = headers.get(HOST)?.to_str().ok()?;
    let name = host.rsplit_once(':').map_or(host, |(name, _)| name);
    let local = name == "localhost"
        || name.trim_matches(['[', ']']).parse::<IpAddr>().is_ok_and(|address| address.is_loopback());
    local.then(|| format!("http://{host}"))
}

/// Where the network sends people back to. `server` is empty where the network is one.
fn redirect(origin: &str, server: &str) -> String {
    if server.is_empty() {
        return format!("{origin}{CALLBACK}");
    }
    let digest = digest_of(server);
    let key: String = digest[..8].iter().map(|byte| format!("{byte:02x}")).collect();
    format!("{origin}{CALLBACK}/{key}")
}

fn admin_only() -> Problem {
    Problem::new(StatusCode::FORBIDDEN, "admin_only", ADMIN_ONLY)
}

const NO_CONSENT: Localized = text(
    "gives no access by consent; enter its token by hand",
    "не даёт доступа через согласие на своей странице; впишите ключ вручную",
    "не дає доступу через згоду на своїй сторінці; впишіть ключ вручну",
);
const ADMIN_ONLY: Localized = text(
    "only an owner or administrator registers Molva with a network; ask one of them",
    "регистрировать Молву в сети может только владелец или администратор; попросите их",
    "реєструвати Молву в мережі може лише власник або адміністратор; попросіть їх",
);
