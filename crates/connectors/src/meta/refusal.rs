//! What the Graph API's errors mean: <https://developers.facebook.com/docs/graph-api/guides/error-handling>.

use std::time::Duration;

use molva_domain::Timestamp;
use serde::Deserialize;

use super::usage::Usage;
use crate::error::ConnectorError;
use crate::reply::{SendError, quoted};

/// Above a limit, where nothing says for how long.
const WAIT: Duration = Duration::from_secs(300);

/// How it refuses: `{"error": …}` with status 400, 401, 403 or 500.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(default)]
pub(crate) struct Refused {
    pub code: u32,
    #[serde(rename = "error_subcode")]
    pub subcode: u32,
    pub message: String,
    pub is_transient: bool,
}

/// Why a request brought nothing.
#[derive(Clone, Debug)]
pub(crate) enum Failure {
    /// The network said no.
    Refused(Refused),
    /// It is not known whether it did what it was asked for.
    Broken(ConnectorError),
}

impl From<ConnectorError> for Failure {
    fn from(error: ConnectorError) -> Self {
        Self::Broken(error)
    }
}

impl Failure {
    pub(crate) fn explain(self, now: Timestamp, usage: Usage) -> ConnectorError {
        match self {
            Self::Refused(refused) => refused.explain(now, usage),
            Self::Broken(error) => error,
        }
    }

    /// What it means for a reply.
    pub(crate) fn of_reply(self, now: Timestamp, usage: Usage) -> SendError {
        match self {
            Self::Refused(refused) => refused.of_reply(now, usage),
            Self::Broken(error) => SendError::of(error),
        }
    }
}

impl Refused {
    /// What it means for whoever listens.
    pub(crate) fn explain(&self, now: Timestamp, usage: Usage) -> ConnectorError {
        let mut said = format!("Meta says: {} (error {}", quoted(&self.message), self.code);
        if self.subcode > 0 {
            said.push_str(&format!(".{}", self.subcode));
        }
        said.push(')');
        match (self.code, self.subcode) {
            (190 | 102, 463 | 467) => ConnectorError::AuthExpired,
            (190 | 102 | 2_500, _) => ConnectorError::AuthRevoked(format!("{said}; make a new token")),
            (4 | 17 | 32 | 613 | 80_000..=80_014, _) => {
                ConnectorError::RateLimited { until: Some(usage.regained_at.unwrap_or(now.plus(WAIT)).max(now)) }
            }
            (1 | 2, _) => ConnectorError::Transient { message: said, retry_after: None },
            // The application's own proof is wrong, or is asked for.
            (100, _) if self.message.contains("appsecret_proof") => ConnectorError::invalid(
                "app_secret",
                format!("does not belong to the application of the token; {said}"),
            ),
            (100, 33) | (803 | 1_705, _) => ConnectorError::NotFound(said),
            (3 | 10 | 200..=299 | 368, _) => ConnectorError::Forbidden(said),
            _ if self.is_transient => ConnectorError::Transient { message: said, retry_after: None },
            _ => ConnectorError::Protocol(said),
        }
    }

    /// What it means for a reply: whoever refuses did not take it.
    pub(crate) fn of_reply(&self, now: Timestamp, usage: Usage) -> SendError {
        let error = self.explain(now, usage);
        let message = error.to_string();
        match (self.code, self.subcode) {
            (10 | 200, 2_018_278 | 2_018_065 | 10_901 | 10_903) | (10_901 | 10_903, _) => {
                SendError::refused("window_closed", message)
            }
            (10_900, _) => SendError::refused("duplicate", message),
            (506, _) => SendError::refused("duplicate", message),
            (551, _) => SendError::refused("addressee_closed", message),
            (368, _) => SendError::refused("blocked", message),
            (100, 33) => SendError::refused("parent_gone", message),
            // A file that is too large, or none that it takes.
            (100, 2_018_008 | 2_018_047 | 2_018_074) | (324 | 352, _) => SendError::refused("attachment", message),
            // An inner error says nothing of what was done before it.
            (1 | 2, _) => SendError::Unsure { message },
            _ => match SendError::of(error) {
                SendError::Unsure { message } => SendError::refused("refused", message),
                other => other,
            },
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn refused(code: u32, subcode: u32, message: &str) -> Refused {
        Refused { code, subcode, message: message.to_owned(), is_transient: false }
    }

    #[test]
    fn each_error_has_its_kind() {
        let now = Timestamp::from_secs(1_000);
        let kinds = [
            (190, 463),
            (190, 460),
            (102, 0),
            (4, 0),
            (17, 0),
            (32, 0),
            (613, 0),
            (80_001, 0),
            (1, 0),
            (2, 0),
            (10, 0),
            (200, 0),
            (368, 0),
            (100, 33),
            (100, 0),
            (9_999, 0),
        ];
        let kinds = kinds.map(|(code, subcode)| refused(code, subcode, "").explain(now, Usage::default()).code());
        let limits = ["rate_limited"; 5];
        let expected = ["auth_expired", "auth_revoked", "auth_revoked"].into_iter().chain(limits).chain([
            "transient",
            "transient",
            "forbidden",
            "forbidden",
            "forbidden",
            "not_found",
            "protocol",
            "protocol",
        ]);
        assert_eq!(kinds.to_vec(), expected.collect::<Vec<_>>());
        let proof = refused(100, 0, "Invalid appsecret_proof provided in the API argument");
        assert_eq!(proof.explain(now, Usage::default()).code(), "invalid_setting");
        let told = Usage { percent: 100, regained_at: Some(Timestamp::from_secs(1_600)) };
        let until = Some(Timestamp::from_secs(1_600));
        assert_eq!(refused(4, 0, "").explain(now, told), ConnectorError::RateLimited { until });
    }

    #[test]
    fn a_reply_is_refused_only_where_it_did_not_arrive() {
        let word =
            |code, subcode| match refused(code, subcode, "no.").of_reply(Timestamp::from_secs(0), Usage::default()) {
                SendError::Refused { code, .. } => code,
                SendError::Later { .. } => "later",
                SendError::Unsure { .. } => "unsure",
                SendError::Account { expired, .. } => {
                    if expired {
                        "expired"
                    } else {
                        "revoked"
                    }
                }
            };
        let cases = [
            (10, 2_018_278),
            (10, 10_903),
            (10_903, 0),
            (10_900, 0),
            (506, 0),
            (368, 0),
            (100, 33),
            (100, 0),
            (2, 0),
            (190, 463),
            (190, 0),
            (32, 0),
        ];
        let expected = [
            "window_closed",
            "window_closed",
            "window_closed",
            "duplicate",
            "duplicate",
            "blocked",
            "parent_gone",
            "refused",
            "unsure",
            "expired",
            "revoked",
            "later",
        ];
        assert_eq!(cases.map(|(code, subcode)| word(code, subcode)), expected);
    }
}
