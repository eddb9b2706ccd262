//! Who asks: by a bearer token, or signed by OAuth 1.0a (RFC 5849), whose signatures are checked.

use axum::http::HeaderMap;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use ring::hmac;

use super::problem::Problem;

pub(super) const CONSUMER: (&str, &str) = ("app-key", "app-secret");
/// How far the clocks may differ, in seconds.
const SKEW: i64 = 300;

/// Who asks.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Caller {
    App,
    /// The account of that id; whether it may answer anybody.
    User {
        id: u64,
        enterprise: bool,
    },
}

impl Caller {
    pub(super) const fn is_app(&self) -> bool {
        matches!(self, Self::App)
    }

    pub(super) fn name(&self) -> String {
        match self {
            Self::App => "app".to_owned(),
            Self::User { id, .. } => id.to_string(),
        }
    }

    fn of_token(token: &str) -> Option<Self> {
        let id = |rest: &str| rest.parse().ok().filter(|id| (1..=crate::world::PLACES).contains(id));
        match (token, token.strip_prefix("user-token-"), token.strip_prefix("enterprise-token-")) {
            ("app-token", ..) => Some(Self::App),
            (_, Some(rest), _) => id(rest).map(|id| Self::User { id, enterprise: false }),
            (_, _, Some(rest)) => id(rest).map(|id| Self::User { id, enterprise: true }),
            _ => None,
        }
    }
}

pub(super) fn caller(
    headers: &HeaderMap,
    method: &str,
    address: &str,
    query: &str,
    now: i64,
    agreed: impl Fn(&str) -> Option<u64>,
) -> Result<Caller, Problem> {
    let authorization = headers.get("authorization").and_then(|value| value.to_str().ok()).unwrap_or_default();
    let found = match authorization.split_once(' ') {
        Some(("Bearer", token)) => {
            Caller::of_token(token).or_else(|| agreed(token).map(|id| Caller::User { id, enterprise: false }))
        }
        Some(("OAuth", fields)) => signed(fields, method, address, query, now),
        _ => None,
    };
    found.ok_or_else(Problem::unauthorized)
}

fn signed(fields: &str, method: &str, address: &str, query: &str, now: i64) -> Option<Caller> {
    let mut own: Vec<(String, String)> = Vec::new();
    for field in fields.split(',') {
        let (key, value) = field.trim().split_once('=')?;
        own.push((decoded(key), decoded(value.trim_matches('"'))));
    }
    let field = |name: &str| own.iter().find(|(key, _)| key == name).map(|(_, value)| value.clone());
    let token = field("oauth_token")?;
    let signature = STANDARD.decode(field("oauth_signature")?).ok()?;
    let fresh = field("oauth_timestamp")?.parse::<i64>().is_ok_and(|at| (at - now).abs() <= SKEW);
    if !fresh || field("oauth_consumer_key")? != CONSUMER.0 || field("oauth_signature_method")? != "HMAC-SHA1" {
        return None;
    }
    let caller = Caller::of_token(&token)?;
    let secret = token.replacen("token", "secret", 1);
    let parameters = own.iter().filter(|(key, _)| key != "oauth_signature" && key != "realm").cloned();
    let asked = url::form_urlencoded::parse(query.as_bytes()).into_owned();
    let mut all: Vec<String> =
        parameters.chain(asked).map(|(key, value)| format!("{}={}", encoded(&key), encoded(&value))).collect();
    all.sort();
    let base = [method, address, &all.join("&")].map(encoded).join("&");
    let key = hmac::Key::new(hmac::HMAC_SHA1_FOR_LEGACY_USE_ONLY, format!("{}&{secret}", CONSUMER.1).as_bytes());
    hmac::verify(&key, base.as_bytes(), &signature).ok().map(|()| caller)
}

fn encoded(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || b"-._~".contains(&byte) {
            out.push(char::from(byte));
        } else {
            out.push_str(&format!("%{byte:02X}"));
        }
    }
    out
}

/// A piece of the header has no `+` for a blank.
fn decoded(text: &str) -> String {
    let plain = text.replace('+', "%2B");
    url::form_urlencoded::parse(plain.as_bytes()).next().map(|(key, _)| key.into_owned()).unwrap_or_default()
}
