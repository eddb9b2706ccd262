//! One taxonomy of errors for every network; the supervisor decides on the kind, people read the sentence.

use std::time::Duration;

use molva_domain::Timestamp;

/// Why listening ended.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ConnectorError {
    #[error("rate limited by the network")]
    RateLimited { until: Option<Timestamp> },
    #[error("the network's quota is used up")]
    QuotaExhausted { until: Option<Timestamp> },
    #[error("the access token has expired")]
    AuthExpired,
    #[error("the access token is not accepted: {0}")]
    AuthRevoked(String),
    #[error("forbidden: {0}")]
    Forbidden(String),
    /// 410, or a resource that the network says will not come back.
    #[error("gone for good: {0}")]
    Gone(String),
    #[error("not found: {0}")]
    NotFound(String),
    /// A setting that cannot be right.
    #[error("setting `{setting}`: {message}")]
    Invalid { setting: &'static str, message: String },
    /// The network no longer has what the cursor points to; a gap is recorded and listening starts anew.
    #[error("the cursor is lost: {0}")]
    CursorLost(String),
    /// The address is private or otherwise not allowed.
    #[error("address not allowed: {0}")]
    Blocked(String),
    /// No connection was made, so that nothing was handed over; else as [`ConnectorError::Transient`].
    #[error("{0}")]
    Unreachable(String),
    /// Time-outs, resets, 5xx.
    #[error("{message}")]
    Transient { message: String, retry_after: Option<Duration> },
    /// The answer is not what the network's contract promises.
    #[error("unexpected answer: {0}")]
    Protocol(String),
    /// The store refused the batch or is going away.
    #[error("not stored: {0}")]
    NotStored(String),
    #[error("stopped")]
    Cancelled,
}

impl ConnectorError {
    /// Of a setting; the message goes on after its name: "is required".
    #[must_use]
    pub fn invalid(setting: &'static str, message: impl Into<String>) -> Self {
        Self::Invalid { setting, message: message.into() }
    }

    /// Stable word for machines and translations.
    #[must_use]
    pub const fn code(&self) -> &'static str {
        match self {
            Self::RateLimited { .. } => "rate_limited",
            Self::QuotaExhausted { .. } => "quota_exhausted",
            Self::AuthExpired => "auth_expired",
            Self::AuthRevoked(_) => "auth_revoked",
            Self::Forbidden(_) => "forbidden",
            Self::Gone(_) => "gone",
            Self::NotFound(_) => "not_found",
            Self::Invalid { .. } => "invalid_setting",
            Self::CursorLost(_) => "cursor_lost",
            Self::Blocked(_) => "address_blocked",
            Self::Unreachable(_) | Self::Transient { .. } => "transient",
            Self::Protocol(_) => "protocol",
            Self::NotStored(_) => "not_stored",
            Self::Cancelled => "cancelled",
        }
    }

    /// Trying again without a person is pointless.
    #[must_use]
    pub const fn needs_a_person(&self) -> bool {
        matches!(
            self,
            Self::AuthRevoked(_) | Self::Forbidden(_) | Self::Gone(_) | Self::Invalid { .. } | Self::Blocked(_)
        )
    }
}
