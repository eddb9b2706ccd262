//! How posts of the Fediverse are called, whoever tells of them.

use molva_domain::Urn;
use serde_json::Value;

use super::Status;

/// The post of an account of this very server, by the `uri` that Mastodon gives to its own: the answer tells its number and whom it
/// answers. So an answer to what we said here is known as one.
pub(super) fn named_parent(status: &Status, id: &str) -> Option<Urn> {
    let account = status.in_reply_to_account_id.as_ref()?;
    let named = status.mentions.iter().find(|named| named.id.as_ref() == Some(account))?;
    if named.acct.contains('@') || named.username.is_empty() {
        return None;
    }
    let origin = url::Url::parse(named.url.as_deref()?).ok()?.origin();
    origin
        .is_tuple()
        .then(|| uri_urn(&format!("{}/users/{}/statuses/{id}", origin.ascii_serialization(), named.username)))
}

/// By the `uri`, which all servers share; by server and id where there is none.
pub(super) fn urn_of(status: &Status, host: &str) -> Option<Urn> {
    match status.uri.as_deref().map(str::trim) {
        Some(uri) if !uri.is_empty() => Some(uri_urn(uri)),
        _ if status.id.is_empty() => None,
        _ => Some(local_urn(host, &status.id)),
    }
}

pub(in crate::mastodon) fn uri_urn(uri: &str) -> Urn {
    let urn = Urn::of("mastodon", None, "post", uri);
    if urn.as_str().len() <= Urn::MAX_BYTES {
        urn
    } else {
        Urn::of("mastodon", None, "post", &crate::digest::hex(&[uri], 20))
    }
}

pub(in crate::mastodon) fn local_urn(host: &str, id: &str) -> Urn {
    Urn::of("mastodon", Some(host), "post", &id[..id.floor_char_boundary(128)])
}

pub(super) fn quoted(quote: &Value, host: &str) -> Option<Urn> {
    // Mastodon wraps the quoted status and its state; older forks put the status itself.
    let status = quote.get("quoted_status").unwrap_or(quote);
    let text = |key: &str| status.get(key).and_then(Value::as_str).map(str::to_owned);
    urn_of(&Status { id: text("id").unwrap_or_default(), uri: text("uri"), ..Status::default() }, host)
}
