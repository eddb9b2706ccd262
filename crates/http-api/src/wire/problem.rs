//! Errors (RFC 9457).

use serde::Serialize;
use utoipa::ToSchema;

use crate::wire::Diagnostic;

/// Why a request was not done, and what to do about it.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct Problem {
    /// `urn:molva:problem:` and the code.
    #[serde(rename = "type")]
    pub kind: String,
    /// What sort of problem, for people.
    pub title: String,
    /// The HTTP status.
    pub status: u16,
    /// What failed, on what, and the way out, for people.
    pub detail: String,
    /// Stable word for machines.
    pub code: String,
    /// What is wrong with which field.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    #[schema(required = false)]
    pub errors: Vec<FieldProblem>,
    /// What is wrong with a query.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    #[schema(required = false)]
    pub diagnostics: Vec<Diagnostic>,
}

/// What is wrong with one field of the request.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct FieldProblem {
    /// Dotted path of the field: `settings.url`.
    pub field: String,
    /// Stable word for machines.
    pub code: String,
    /// What is wrong and the way out.
    pub message: String,
}
