//! How much of its limits an application has used, as every answer says: `X-App-Usage`, `X-Page-Usage`, `X-Business-Use-Case-Usage`.
//!
//! They are percentages of a moving hour. Listening stops at [`LISTENING`], so that the rest is there for those who answer people;
//! everybody who uses the same token looks at the same figures.

use std::collections::HashMap;
use std::sync::{Arc, LazyLock, Mutex, PoisonError};
use std::time::Duration;

use http::HeaderMap;
use molva_domain::{Quota, Timestamp};
use serde_json::Value;

use crate::digest;
use crate::http::headers;

/// Percent of the limits that listening may use.
pub(crate) const LISTENING: u64 = 75;
/// A percent of the limits is used no more after so long.
const PERCENT: Duration = Duration::from_secs(36);
/// Tokens nobody uses are forgotten when there are so many.
const MOST: usize = 256;
const HEADERS: [&str; 3] = ["x-app-usage", "x-page-usage", "x-business-use-case-usage"];

/// What the last answer said.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Usage {
    /// 0 when nothing was said; above 100 everything is refused.
    pub percent: u64,
    /// When requests are let through again.
    pub regained_at: Option<Timestamp>,
}

/// Shared by all who use one token at one host.
pub(crate) type Shared = Arc<Mutex<Usage>>;

static ALL: LazyLock<Mutex<HashMap<[u8; 32], Shared>>> = LazyLock::new(Mutex::default);

/// The figures of a token.
pub(crate) fn of(host: &str, token: &str) -> Shared {
    let mut all = ALL.lock().unwrap_or_else(PoisonError::into_inner);
    if all.len() >= MOST {
        all.retain(|_, usage| Arc::strong_count(usage) > 1);
    }
    Arc::clone(all.entry(digest::bytes(&[host, token])).or_default())
}

impl Usage {
    /// What an answer says; `None` when it says nothing of it.
    pub(crate) fn read(answer: &HeaderMap, now: Timestamp) -> Option<Self> {
        let told = HEADERS.iter().filter_map(|name| serde_json::from_str::<Value>(headers::text(answer, name)?).ok());
        let mut usage: Option<(u64, u64)> = None;
        for value in told {
            let mut found = (0, 0);
            gather(&value, &mut found, 0);
            let (percent, minutes) = usage.unwrap_or_default();
            usage = Some((percent.max(found.0), minutes.max(found.1)));
        }
        let (percent, minutes) = usage?;
        let wait = Duration::from_secs(minutes.min(24 * 60) * 60);
        Some(Self { percent, regained_at: (minutes > 0).then(|| now.plus(wait)) })
    }

    /// How long listening has to wait before its next request, in the network's time.
    pub(crate) fn wait(self, now: Timestamp) -> Duration {
        let over = u32::try_from(self.percent.saturating_sub(LISTENING).min(100)).unwrap_or(100);
        self.regained_at.map_or(PERCENT * over, |at| at.since(now))
    }

    pub(crate) fn quota(self) -> Quota {
        Quota { limit: 100, remaining: 100 - self.percent.min(100), resets_at: self.regained_at }
    }
}

/// The largest percentage and the longest wait in it, however deep they stand.
fn gather(value: &Value, found: &mut (u64, u64), depth: usize) {
    match value {
        Value::Object(fields) if depth < 4 => {
            for (name, value) in fields {
                let number = || value.as_f64().filter(|number| *number > 0.0).map_or(0, |number| number.ceil() as u64);
                match name.as_str() {
                    "call_count" | "total_time" | "total_cputime" => found.0 = found.0.max(number()),
                    "estimated_time_to_regain_access" => found.1 = found.1.max(number()),
                    _ => gather(value, found, depth + 1),
                }
            }
        }
        Value::Array(values) if depth < 4 => values.iter().for_each(|value| gather(value, found, depth + 1)),
        _ => {}
    }
}

#[cfg(test)]
mod tests {
    use http::HeaderValue;

    use super::*;

    fn read(pairs: &[(&'static str, &'static str)]) -> Option<Usage> {
        let mut headers = HeaderMap::new();
        for (name, value) in pairs {
            headers.insert(*name, HeaderValue::from_static(value));
        }
        Usage::read(&headers, Timestamp::from_secs(1_000))
    }

    #[test]
    fn the_largest_share_of_any_limit_counts() {
        let app = ("x-app-usage", r#"{"call_count":28,"total_time":25,"total_cputime":31}"#);
        assert_eq!(read(&[app]), Some(Usage { percent: 31, regained_at: None }));
        let of_page = (
            "x-business-use-case-usage",
            r#"{"104":[{"type":"pages","call_count":100,"total_cputime":2,"total_time":3,"estimated_time_to_regain_access":7}]}"#,
        );
        let both = read(&[app, of_page]).expect("figures");
        assert_eq!(both, Usage { percent: 100, regained_at: Some(Timestamp::from_secs(1_420)) });
        assert_eq!((both.quota().remaining, both.wait(Timestamp::from_secs(1_000))), (0, Duration::from_secs(420)));
        assert_eq!((read(&[]), read(&[("x-app-usage", "[")])), (None, None));
    }

    #[test]
    fn listening_leaves_a_quarter_to_replies() {
        let wait = |percent| Usage { percent, regained_at: None }.wait(Timestamp::from_secs(0)).as_secs();
        assert_eq!([wait(0), wait(75), wait(76), wait(100)], [0, 0, 36, 900]);
    }
}
