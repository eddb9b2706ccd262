//! How OK refuses, and what that means for listening. Numbers and words: <https://apiok.ru/dev/errors>.

use std::time::Duration;

use molva_domain::Timestamp;
use serde::Deserialize;

use crate::error::ConnectorError;

/// After "too many calls of this method".
const LIMIT: Duration = Duration::from_secs(10);
/// After "blocked because of flood".
const FLOOD: Duration = Duration::from_secs(60);

/// An answer that says no.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
pub(super) struct Refused {
    #[serde(rename = "error_code")]
    pub code: u32,
    #[serde(rename = "error_msg", default)]
    pub message: String,
}

/// Why a request brought nothing.
#[derive(Clone, Debug)]
pub(super) enum Failure {
    Refused(Refused),
    /// It is not known whether OK did what it was asked for.
    Broken(ConnectorError),
}

impl Failure {
    /// What it means for listening.
    pub(super) fn explain(self, now: Timestamp) -> ConnectorError {
        let refused = match self {
            Self::Refused(refused) => refused,
            Self::Broken(error) => return error,
        };
        let words: String = refused.message.chars().take(200).collect();
        let said = format!("OK says: {words} (error {})", refused.code);
        let invalid = |setting| ConnectorError::invalid(setting, format!("does not fit; {said}"));
        match refused.code {
            101 | 900 => invalid("application_key"),
            104 | 105 => invalid("application_secret"),
            102 | 103 | 453 => ConnectorError::AuthRevoked(format!("{said}; get a new access token")),
            // Nothing else is let through either until that is done.
            22 | 511 | 514 => ConnectorError::AuthRevoked(format!(
                "{said}; the owner of the token must open Odnoklassniki and prove to be a person"
            )),
            210 => ConnectorError::AuthRevoked(format!("{said}; the application is switched off")),
            8 | 9 => ConnectorError::RateLimited { until: Some(now.plus(FLOOD)) },
            11 => ConnectorError::RateLimited { until: Some(now.plus(LIMIT)) },
            1 | 2 | 30 | 31 | 9999 => ConnectorError::Transient { message: said, retry_after: None },
            7 | 10 | 24 | 50 | 200 | 454..=458 => ConnectorError::Forbidden(said),
            110 | 160 | 300 => ConnectorError::NotFound(format!("{said}; check the numbers")),
            _ => ConnectorError::Protocol(said),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_refusal_has_its_kind() {
        let kind = |code: u32| {
            let refused = Refused { code, message: "x".to_owned() };
            Failure::Refused(refused).explain(Timestamp::from_secs(0)).code()
        };
        let kinds = [2, 8, 10, 11, 100, 101, 102, 104, 300, 455, 514].map(kind);
        let expected = [
            "transient",
            "rate_limited",
            "forbidden",
            "rate_limited",
            "protocol",
            "invalid_setting",
            "auth_revoked",
            "invalid_setting",
            "not_found",
            "forbidden",
            "auth_revoked",
        ];
        assert_eq!(kinds, expected);
    }
}
