//! A mention, as the account's own server knows it.

use http::StatusCode;
use molva_domain::Urn;
use serde::Deserialize;
use url::Url;

use super::account::Account;
use super::reply::Status;
use crate::error::ConnectorError;
use crate::reply::ReplyTarget;

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Found {
    statuses: Vec<Status>,
}

/// The name all servers share and the local id of one server, as the URN of a mention holds one of them.
pub(super) enum Name {
    Uri(String),
    Local {
        host: String,
        id: String,
    },
    /// Too long to be kept.
    Digest,
}

pub(super) fn name(urn: &Urn) -> Option<Name> {
    let parts = urn.parts_of("mastodon", "post")?;
    Some(match parts.instance {
        Some(host) => Name::Local { host, id: parts.native },
        None if parts.native.contains(':') => Name::Uri(parts.native),
        None => Name::Digest,
    })
}

/// What is answered, as the account's own server knows it; `None` when it does not.
pub(super) async fn locate(account: &Account<'_>, target: &ReplyTarget) -> Result<Option<Status>, ConnectorError> {
    let (uri, local) = match name(&target.urn) {
        Some(Name::Uri(uri)) => {
            // Most servers end the names of their own statuses in the id; that it is the one is seen from the answer.
            let parsed = Url::parse(&uri).ok().filter(|url| host_of(url) == account.host);
            let id = parsed.and_then(|url| url.path_segments()?.next_back().map(str::to_owned));
            (uri, id.filter(|id| !id.is_empty()))
        }
        Some(Name::Local { host, id }) if host == account.host => (String::new(), Some(id)),
        Some(Name::Local { .. } | Name::Digest) => (String::new(), None),
        None => return Err(ConnectorError::NotFound("the mention is not of this network".to_owned())),
    };
    if let Some(status) = by_id(account, local.as_deref()).await?
        && (uri.is_empty() || status.uri.as_deref() == Some(&uri))
    {
        return Ok(Some(status));
    }
    let page = target.url.as_deref().filter(|page| *page != uri).unwrap_or_default();
    for address in [uri.as_str(), page].into_iter().filter(|address| !address.is_empty()) {
        let query = [("q", address), ("resolve", "true"), ("type", "statuses"), ("limit", "5")];
        let found: Found = account.read("api/v2/search", &query).await?;
        let is_it = |status: &Status| {
            let names = [status.uri.as_deref(), status.url.as_deref()];
            names.into_iter().flatten().any(|name| name == address || (!uri.is_empty() && name == uri))
        };
        if let Some(status) = found.statuses.into_iter().find(is_it) {
            return Ok(Some(status));
        }
    }
    Ok(None)
}

async fn by_id(account: &Account<'_>, id: Option<&str>) -> Result<Option<Status>, ConnectorError> {
    let Some(id) = id else { return Ok(None) };
    let answer = account.ask(&format!("api/v1/statuses/{id}"), &[]).await?;
    match answer.status {
        StatusCode::NOT_FOUND | StatusCode::GONE | StatusCode::BAD_REQUEST => Ok(None),
        _ => Ok(Some(account.checked(answer)?.json::<Status>()?).filter(|status| !status.id.is_empty())),
    }
}

pub(super) fn host_of(url: &Url) -> String {
    let host = url.host_str().unwrap_or_default();
    url.port().map_or_else(|| host.to_owned(), |port| format!("{host}:{port}"))
}
