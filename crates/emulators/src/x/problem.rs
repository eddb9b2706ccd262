//! How X refuses.

use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse as _, Response};
use molva_domain::Timestamp;
use serde_json::{Value, json};

use super::windows::Told;
use crate::faults::Fault;

/// A refusal.
#[derive(Clone, Debug)]
pub(super) struct Problem {
    status: u16,
    title: &'static str,
    detail: String,
    /// The last piece of the type's address; empty for `about:blank`.
    kind: &'static str,
    more: Value,
}

impl Problem {
    pub(super) fn new(status: u16, title: &'static str, detail: &str, kind: &'static str) -> Self {
        Self { status, title, detail: detail.to_owned(), kind, more: Value::Null }
    }

    pub(super) fn unauthorized() -> Self {
        Self::new(401, "Unauthorized", "Unauthorized", "")
    }

    pub(super) fn not_found() -> Self {
        Self::new(404, "Not Found", "Not Found", "")
    }

    pub(super) fn too_many() -> Self {
        Self::new(429, "Too Many Requests", "Too Many Requests", "")
    }

    pub(super) fn forbidden(detail: &str) -> Self {
        Self::new(403, "Forbidden", detail, "")
    }

    pub(super) fn no_credits() -> Self {
        let detail = "Your enrolled account does not have any credits to fulfill this request.";
        Self::new(402, "CreditsDepleted", detail, "credits")
    }

    /// A parameter that cannot be right.
    pub(super) fn invalid(message: &str) -> Self {
        let detail = "One or more parameters to your request was invalid.";
        let more = json!({"errors": [{"parameters": {}, "message": message}]});
        Self { more, ..Self::new(400, "Invalid Request", detail, "invalid-request") }
    }

    /// The wrong kind of token.
    pub(super) fn wrong_token(wanted: &str) -> Self {
        let detail =
            format!("Authenticating with this kind of token is forbidden for this endpoint. Supported: [{wanted}].");
        Self::new(403, "Unsupported Authentication", &detail, "unsupported-authentication")
    }

    pub(super) fn of_fault(fault: Fault) -> Option<Self> {
        match fault {
            Fault::ExpiredToken => Some(Self::unauthorized()),
            Fault::ServerError => Some(Self::new(503, "Service Unavailable", "Service Unavailable", "")),
            Fault::DeletedParent => {
                Some(Self::forbidden("You attempted to reply to a Tweet that is deleted or not visible to you."))
            }
            _ => None,
        }
    }

    pub(super) fn value(&self) -> Value {
        let kind = match self.kind {
            "" => "about:blank".to_owned(),
            kind => format!("https://api.x.com/2/problems/{kind}"),
        };
        let mut value = json!({"title": self.title, "detail": self.detail, "type": kind, "status": self.status});
        for (key, more) in self.more.as_object().into_iter().flatten() {
            value[key] = more.clone();
        }
        value
    }

    pub(super) fn with(mut self, more: Value) -> Self {
        self.more = more;
        self
    }

    pub(super) fn response(&self, told: Option<&Told>) -> Response {
        let status = StatusCode::from_u16(self.status).unwrap_or(StatusCode::BAD_REQUEST);
        let headers = [(header::CONTENT_TYPE, "application/problem+json")];
        let response = (status, headers, self.value().to_string()).into_response();
        match told {
            Some(told) => told.put(response),
            None => response,
        }
    }
}

/// The clock of the network, which may be wrong.
pub(super) fn with_date(mut response: Response, now: i64) -> Response {
    if let Ok(date) = HeaderValue::from_str(&Timestamp::from_secs(now).to_rfc3339()) {
        response.headers_mut().insert(header::DATE, date);
    }
    response
}
