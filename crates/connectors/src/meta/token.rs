//! Whom a token belongs to and what it allows: `debug_token`.

use molva_domain::Timestamp;
use serde::Deserialize;

use super::graph::Graph;
use crate::error::ConnectorError;
use crate::http::Method;
use crate::line::Line;
use crate::reply::clock_skew;

/// What the network says of a token.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Token {
    pub application: String,
    pub scopes: Vec<String>,
    /// When it ends, or the right to read with it does.
    pub expires_at: Option<Timestamp>,
    pub clock_skew_seconds: Option<i64>,
}

#[derive(Deserialize)]
struct Answer {
    data: Data,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct Data {
    application: String,
    is_valid: bool,
    scopes: Vec<String>,
    expires_at: i64,
    data_access_expires_at: i64,
    #[serde(rename = "type")]
    kind: String,
}

impl Token {
    /// Asks. A token may ask about itself.
    pub(crate) async fn ask(graph: &Graph, line: impl Into<Line<'_>>, now: Timestamp) -> Result<Self, ConnectorError> {
        let asked = graph.once::<Answer>(line, Method::GET, "debug_token", &[("input_token", graph.token())]).await;
        let (answer, response) = asked.map_err(|failure| failure.explain(now, graph.usage()))?;
        let data = answer.data;
        let ends = [data.expires_at, data.data_access_expires_at].into_iter().filter(|at| *at > 0).min();
        let expires_at = ends.map(Timestamp::from_secs);
        if !data.is_valid {
            return Err(match expires_at {
                Some(at) if at <= now => ConnectorError::AuthExpired,
                _ => ConnectorError::AuthRevoked("Meta says that the token is not valid; make a new one".to_owned()),
            });
        }
        if data.kind == "APP" {
            return Err(ConnectorError::invalid(
                "access_token",
                "is the token of an application; the token of a page is wanted",
            ));
        }
        let clock_skew_seconds = clock_skew(&response, now);
        Ok(Self { application: data.application, scopes: data.scopes, expires_at, clock_skew_seconds })
    }

    /// Of these rights those that are not there.
    pub(crate) fn lacks<'a>(&self, wanted: &[&'a str]) -> Vec<&'a str> {
        wanted.iter().copied().filter(|right| !self.scopes.iter().any(|scope| scope == right)).collect()
    }

    /// # Errors
    /// When a right that is needed is not there.
    pub(crate) fn must_have(&self, wanted: &[&str]) -> Result<(), ConnectorError> {
        let lacking = self.lacks(wanted);
        if lacking.is_empty() {
            return Ok(());
        }
        let rights = lacking.join("`, `");
        Err(ConnectorError::Forbidden(format!("the token lacks the permission `{rights}`; ask for it again")))
    }

    /// What a probe has to say of it, behind a sentence.
    pub(crate) fn told(&self, now: Timestamp) -> String {
        let mut told = format!("; application “{}”", self.application);
        if let Some(at) = self.expires_at {
            let days = at.since(now).as_secs().div_ceil(86_400);
            told.push_str(&format!("; the token ends in {days} days"));
        }
        if let Some(skew) = self.clock_skew_seconds.filter(|skew| skew.unsigned_abs() > 30) {
            told.push_str(&format!("; our clock is {skew} s behind theirs"));
        }
        told
    }
}
