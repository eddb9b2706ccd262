//! The cookie of a session: 256 random bits that end 14 days after their last use.

use std::time::Duration;

use axum::http::header::COOKIE;
use axum::http::{HeaderMap, HeaderValue};
use molva_domain::Timestamp;

const NAME: &str = "molva_session";
const LIFE: Duration = Duration::from_secs(14 * 24 * 3_600);
/// The end is moved at most this often, so that reading does not write each time.
const RENEW_EVERY: Duration = Duration::from_secs(24 * 3_600);

/// When a session that is used now ends.
pub(crate) fn end(now: Timestamp) -> Timestamp {
    now.plus(LIFE)
}

/// Whether the end should be moved.
pub(crate) fn is_due(expires_at: Timestamp, now: Timestamp) -> bool {
    expires_at < end(now).minus(RENEW_EVERY)
}

/// The secret a request carries.
pub(crate) fn read(headers: &HeaderMap) -> Option<String> {
    headers
        .get_all(COOKIE)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(';'))
        .filter_map(|pair| pair.trim().split_once('='))
        .find(|(name, value)| *name == NAME && !value.is_empty())
        .map(|(_, value)| value.to_owned())
}

/// Header value that gives the browser the secret.
pub(crate) fn set(secret: &str, secure: bool) -> HeaderValue {
    cookie(secret, LIFE, secure)
}

/// Header value that takes the cookie away.
pub(crate) fn clear(secure: bool) -> HeaderValue {
    cookie("", Duration::ZERO, secure)
}

fn cookie(secret: &str, life: Duration, secure: bool) -> HeaderValue {
    let secure = if secure { "; Secure" } else { "" };
    let text = format!("{NAME}={secret}; Path=/; HttpOnly; SameSite=Lax; Max-Age={}{secure}", life.as_secs());
    // The secret is base64, or came in a header: always a legal value.
    HeaderValue::from_str(&text).unwrap_or_else(|_| HeaderValue::from_static("molva_session=; Path=/; Max-Age=0"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cookie_is_read_back_among_others() {
        let mut headers = HeaderMap::new();
        headers.insert(COOKIE, HeaderValue::from_static("theme=dark; molva_session=abc-_; other=1"));
        assert_eq!(read(&headers).as_deref(), Some("abc-_"));
        assert_eq!(
            set("abc", true).to_str().ok(),
            Some("molva_session=abc; Path=/; HttpOnly; SameSite=Lax; Max-Age=1209600; Secure")
        );
    }

    #[test]
    fn a_session_is_renewed_once_a_day() {
        let now = Timestamp::from_secs(1_800_000_000);
        let used_at = |hours: u64| end(now.minus(Duration::from_secs(hours * 3_600)));
        assert!(!is_due(used_at(23), now));
        assert!(is_due(used_at(25), now));
    }
}
