//! What answers say of when to come again, and what a status means.

use std::time::Duration;

use http::{HeaderMap, StatusCode};
use molva_domain::{Quota, Timestamp};

use crate::error::ConnectorError;

/// Longest wait a server may ask for; more is cut to it.
const LONGEST_WAIT: Duration = Duration::from_secs(365 * 86_400);

/// A header's value, when it is text.
#[must_use]
pub fn text<'a>(headers: &'a HeaderMap, name: &str) -> Option<&'a str> {
    headers.get(name)?.to_str().ok().map(str::trim).filter(|value| !value.is_empty())
}

/// `Retry-After`: seconds or a date (RFC 9110, 10.2.3). A date that has passed is no wait.
#[must_use]
pub fn retry_after(headers: &HeaderMap, now: Timestamp) -> Option<Duration> {
    let value = text(headers, "retry-after")?;
    let wait = match value.parse::<f64>() {
        // Some servers send fractions; round up, never come early.
        Ok(seconds) if seconds.is_finite() && seconds >= 0.0 => {
            Duration::from_secs_f64(seconds.ceil().min(LONGEST_WAIT.as_secs_f64()))
        }
        Ok(_) => return None,
        Err(_) => Timestamp::parse(value)?.since(now),
    };
    Some(wait.min(LONGEST_WAIT))
}

/// What is left of the quota: `X-RateLimit-*` or `RateLimit-*`, with the reset in Unix seconds, ISO time or seconds from now.
#[must_use]
pub fn quota(headers: &HeaderMap, now: Timestamp) -> Option<Quota> {
    let field = |name: &str| {
        text(headers, &format!("x-ratelimit-{name}")).or_else(|| text(headers, &format!("ratelimit-{name}")))
    };
    // `100;w=60` and `100, 100;w=60` are allowed by the drafts: the first number counts.
    let number = |value: &str| value.split([';', ',']).next().and_then(|first| first.trim().parse::<f64>().ok());
    let whole = |value: f64| if value >= 0.0 { value as u64 } else { 0 };
    let limit = field("limit").and_then(number).map(whole)?;
    let remaining = field("remaining").and_then(number).map(whole)?;
    let resets_at = field("reset").and_then(|value| match number(value) {
        Some(seconds) if seconds > 1_000_000_000.0 => Some(Timestamp::from_secs(seconds as i64)),
        Some(seconds) if seconds >= 0.0 => {
            Some(now.plus(Duration::from_secs_f64(seconds.min(LONGEST_WAIT.as_secs_f64()))))
        }
        Some(_) => None,
        None => Timestamp::parse(value),
    });
    Some(Quota { limit, remaining, resets_at })
}

/// `Cache-Control: max-age` in seconds.
#[must_use]
pub fn max_age(headers: &HeaderMap) -> Option<Duration> {
    let seconds = text(headers, "cache-control")?
        .split(',')
        .filter_map(|directive| directive.trim().split_once('='))
        .find(|(name, _)| name.trim().eq_ignore_ascii_case("max-age"))
        .and_then(|(_, value)| value.trim().trim_matches('"').parse::<u64>().ok())?;
    Some(Duration::from_secs(seconds).min(LONGEST_WAIT))
}

/// What a status that is no success means. `what` names the thing asked for and stands in the sentence.
#[must_use]
pub fn status_error(status: StatusCode, headers: &HeaderMap, what: &str, now: Timestamp) -> ConnectorError {
    let wait = retry_after(headers, now);
    match status.as_u16() {
        401 => ConnectorError::AuthRevoked(format!("{what} answered 401; check the login or token")),
        403 | 451 => {
            ConnectorError::Forbidden(format!("{what} answered {}; its owner does not let us read it", status.as_u16()))
        }
        404 => ConnectorError::NotFound(format!("{what} answered 404; check the address")),
        410 => ConnectorError::Gone(format!("{what} answered 410: it was removed by its owner")),
        429 => ConnectorError::RateLimited {
            until: wait
                .map(|wait| now.plus(wait))
                .or_else(|| quota(headers, now).filter(|quota| quota.remaining == 0).and_then(|quota| quota.resets_at)),
        },
        408 | 421 | 425 | 500..=599 => {
            ConnectorError::Transient { message: format!("{what} answered {}", status.as_u16()), retry_after: wait }
        }
        other => ConnectorError::Protocol(format!("{what} answered {other}")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: Timestamp = Timestamp::from_secs(1_772_357_400); // 2026-03-01T09:30:00Z

    fn headers(pairs: &[(&'static str, &str)]) -> HeaderMap {
        pairs.iter().map(|(name, value)| (name.parse().expect("a name"), value.parse().expect("a value"))).collect()
    }

    #[test]
    fn a_wait_is_read_in_seconds_and_as_a_date() {
        let wait = |value: &str| retry_after(&headers(&[("retry-after", value)]), NOW);
        assert_eq!(wait("120"), Some(Duration::from_secs(120)));
        assert_eq!(wait("1.2"), Some(Duration::from_secs(2)));
        assert_eq!(wait("Sun, 01 Mar 2026 09:31:30 GMT"), Some(Duration::from_secs(90)));
        assert_eq!(wait("Sun, 01 Mar 2026 09:00:00 GMT"), Some(Duration::ZERO));
        assert_eq!(wait("99999999999999999999"), Some(LONGEST_WAIT));
        assert_eq!((wait("-5"), wait("soon"), wait("NaN"), wait("inf")), (None, None, None, None));
    }

    #[test]
    fn a_quota_is_read_in_every_spelling_of_its_reset() {
        let read = |reset: &str| {
            let set =
                headers(&[("x-ratelimit-limit", "300"), ("x-ratelimit-remaining", "7"), ("x-ratelimit-reset", reset)]);
            quota(&set, NOW).and_then(|quota| quota.resets_at)
        };
        let expected = Some(NOW.plus(Duration::from_secs(300)));
        assert_eq!(read("2026-03-01T09:35:00.000Z"), expected);
        assert_eq!(read(&(NOW.as_secs() + 300).to_string()), expected);
        assert_eq!(read("300"), expected);
        let draft = headers(&[("ratelimit-limit", "100;w=60"), ("ratelimit-remaining", "0")]);
        assert_eq!(quota(&draft, NOW), Some(Quota { limit: 100, remaining: 0, resets_at: None }));
        assert_eq!(quota(&headers(&[("ratelimit-limit", "100")]), NOW), None);
    }

    #[test]
    fn the_age_of_a_cached_answer_is_read_among_other_directives() {
        let age = |value: &str| max_age(&headers(&[("cache-control", value)]));
        assert_eq!(age("public, Max-Age=600, must-revalidate"), Some(Duration::from_secs(600)));
        assert_eq!((age("no-store"), age("s-maxage=5")), (None, None));
    }

    #[test]
    fn each_status_has_its_kind() {
        let code = |status: u16| {
            status_error(StatusCode::from_u16(status).expect("a status"), &HeaderMap::new(), "the feed", NOW).code()
        };
        let kinds: Vec<_> = [400, 401, 403, 404, 408, 410, 418, 429, 451, 500, 503].into_iter().map(code).collect();
        let expected = [
            "protocol",
            "auth_revoked",
            "forbidden",
            "not_found",
            "transient",
            "gone",
            "protocol",
            "rate_limited",
            "forbidden",
            "transient",
            "transient",
        ];
        assert_eq!(kinds, expected);
        let until = status_error(StatusCode::TOO_MANY_REQUESTS, &headers(&[("retry-after", "60")]), "it", NOW);
        assert_eq!(until, ConnectorError::RateLimited { until: Some(NOW.plus(Duration::from_secs(60))) });
    }
}
