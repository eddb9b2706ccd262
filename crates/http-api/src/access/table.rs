//! The table: what each route asks of its caller.

use axum::http::Method;

/// What a route asks of its caller.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Access {
    /// Nothing.
    Anyone,
    /// A signed-in person; no token reaches it.
    Person,
    /// A person, or a token of scope `read`.
    Read,
    /// A person, or a token of scope `write`.
    Write,
    /// A signed body, or a token of scope `push`; cookies do not count.
    Push,
    /// A peer on this machine, or a token of scope `read`.
    Metrics,
}

impl Access {
    /// The scope that lets a token in; `None` where no token is needed or none helps.
    pub(crate) const fn scope(self) -> Option<&'static str> {
        match self {
            Self::Anyone | Self::Person => None,
            Self::Read | Self::Metrics => Some("read"),
            Self::Write => Some("write"),
            Self::Push => Some("push"),
        }
    }
}

/// One route.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Rule {
    pub(crate) method: &'static str,
    pub(crate) path: &'static str,
    pub(crate) access: Access,
    /// Answers are kept and given again to requests that repeat an `Idempotency-Key`.
    pub(crate) keeps_answers: bool,
}

const fn rule(method: &'static str, path: &'static str, access: Access) -> Rule {
    Rule { method, path, access, keeps_answers: false }
}

const fn repeatable(path: &'static str) -> Rule {
    Rule { method: "POST", path, access: Access::Write, keeps_answers: true }
}

/// Every route there is.
pub(crate) const RULES: &[Rule] = &[
    rule("GET", "/api/setup", Access::Anyone),
    rule("POST", "/api/setup", Access::Anyone),
    rule("POST", "/api/session", Access::Anyone),
    rule("GET", "/api/session", Access::Person),
    rule("PATCH", "/api/session", Access::Person),
    rule("DELETE", "/api/session", Access::Person),
    rule("GET", "/api/topics", Access::Read),
    repeatable("/api/topics"),
    rule("GET", "/api/topics/{id}", Access::Read),
    rule("PUT", "/api/topics/{id}", Access::Write),
    rule("DELETE", "/api/topics/{id}", Access::Write),
    repeatable("/api/topics/{id}/backfill"),
    rule("POST", "/api/queries/check", Access::Read),
    rule("POST", "/api/queries/preview", Access::Read),
    rule("POST", "/api/queries/effects", Access::Read),
    rule("POST", "/api/queries/format", Access::Read),
    rule("POST", "/api/queries/import", Access::Read),
    rule("GET", "/api/queries/language", Access::Read),
    rule("POST", "/api/queries/suggest", Access::Read),
    rule("GET", "/api/lists", Access::Read),
    repeatable("/api/lists"),
    rule("GET", "/api/lists/{id}", Access::Read),
    rule("PUT", "/api/lists/{id}", Access::Write),
    rule("DELETE", "/api/lists/{id}", Access::Write),
    rule("GET", "/api/views", Access::Read),
    Rule { method: "POST", path: "/api/views", access: Access::Person, keeps_answers: true },
    rule("PUT", "/api/views/{id}", Access::Person),
    rule("DELETE", "/api/views/{id}", Access::Person),
    rule("GET", "/api/annotations", Access::Read),
    repeatable("/api/annotations"),
    rule("PUT", "/api/annotations/{id}", Access::Write),
    rule("DELETE", "/api/annotations/{id}", Access::Write),
    rule("GET", "/api/workspace", Access::Read),
    rule("PATCH", "/api/workspace", Access::Write),
    rule("GET", "/api/mentions", Access::Read),
    rule("PATCH", "/api/mentions", Access::Write),
    rule("GET", "/api/mentions/count", Access::Read),
    rule("GET", "/api/mentions/{id}", Access::Read),
    rule("GET", "/api/mentions/{id}/versions", Access::Read),
    rule("GET", "/api/mentions/{id}/thread", Access::Read),
    rule("GET", "/api/mentions/{id}/copies", Access::Read),
    rule("GET", "/api/mentions/{id}/similar", Access::Read),
    rule("GET", "/api/mentions/{id}/explanation", Access::Read),
    rule("GET", "/api/mentions/{id}/reply-options", Access::Read),
    rule("GET", "/api/mentions/{id}/replies", Access::Read),
    repeatable("/api/mentions/{id}/replies"),
    rule("POST", "/api/attachments", Access::Write),
    rule("GET", "/api/attachments/{id}", Access::Read),
    rule("DELETE", "/api/attachments/{id}", Access::Write),
    rule("GET", "/api/replies", Access::Read),
    rule("PATCH", "/api/replies/{id}", Access::Write),
    repeatable("/api/replies/{id}/cancel"),
    Rule { method: "POST", path: "/api/replies/{id}/approve", access: Access::Person, keeps_answers: true },
    repeatable("/api/replies/{id}/send-again"),
    rule("GET", "/api/accounts", Access::Read),
    repeatable("/api/accounts"),
    rule("POST", "/api/accounts/test", Access::Write),
    rule("GET", "/api/accounts/{id}", Access::Read),
    rule("PATCH", "/api/accounts/{id}", Access::Write),
    rule("DELETE", "/api/accounts/{id}", Access::Write),
    rule("POST", "/api/accounts/{id}/probe", Access::Write),
    rule("POST", "/api/oauth", Access::Person),
    rule("GET", "/api/oauth/callback", Access::Person),
    rule("GET", "/api/oauth/callback/{server}", Access::Person),
    rule("GET", "/api/oauth/clients", Access::Person),
    rule("PUT", "/api/oauth/clients/{connector}", Access::Person),
    rule("DELETE", "/api/oauth/clients/{connector}", Access::Person),
    rule("GET", "/api/stories", Access::Read),
    rule("GET", "/api/stories/{id}", Access::Read),
    rule("POST", "/api/stories/{id}/merge", Access::Write),
    rule("POST", "/api/stories/{id}/split", Access::Write),
    rule("POST", "/api/search", Access::Read),
    rule("POST", "/api/search/count", Access::Read),
    rule("POST", "/api/search/facets", Access::Read),
    rule("POST", "/api/search/timeline", Access::Read),
    repeatable("/api/search/change"),
    rule("GET", "/api/archive", Access::Read),
    repeatable("/api/archive/rebuild"),
    rule("GET", "/api/tags", Access::Read),
    rule("GET", "/api/figures", Access::Read),
    rule("POST", "/api/questions/volume", Access::Read),
    rule("POST", "/api/questions/rhythm", Access::Read),
    rule("POST", "/api/questions/places", Access::Read),
    rule("POST", "/api/questions/authors", Access::Read),
    rule("POST", "/api/questions/words", Access::Read),
    rule("POST", "/api/questions/understanding", Access::Read),
    rule("POST", "/api/questions/trust", Access::Read),
    rule("GET", "/api/labelling", Access::Person),
    Rule { method: "POST", path: "/api/labelling", access: Access::Person, keeps_answers: true },
    rule("GET", "/api/labelling/next", Access::Person),
    Rule { method: "POST", path: "/api/labelling/{audit_id}", access: Access::Person, keeps_answers: true },
    rule("DELETE", "/api/labelling/{audit_id}", Access::Person),
    rule("GET", "/api/model", Access::Read),
    repeatable("/api/model/train"),
    repeatable("/api/model/{id}/activate"),
    rule("GET", "/api/connectors", Access::Read),
    rule("GET", "/api/sources", Access::Read),
    repeatable("/api/sources"),
    rule("POST", "/api/sources/test", Access::Write),
    rule("GET", "/api/sources/{id}", Access::Read),
    rule("PUT", "/api/sources/{id}", Access::Write),
    rule("DELETE", "/api/sources/{id}", Access::Write),
    repeatable("/api/sources/{id}/pause"),
    repeatable("/api/sources/{id}/resume"),
    rule("GET", "/api/sources/{id}/ledger", Access::Read),
    rule("GET", "/api/sources/{id}/search", Access::Read),
    rule("GET", "/api/sources/{id}/webhook", Access::Write),
    rule("POST", "/api/sources/{id}/webhook", Access::Write),
    rule("GET", "/api/ledger", Access::Read),
    rule("POST", "/api/push/{source_id}", Access::Push),
    rule("POST", "/api/webhooks/{connector}/{key}", Access::Push),
    rule("GET", "/api/webhooks/{connector}/{key}", Access::Push),
    rule("GET", "/api/tokens", Access::Person),
    Rule { method: "POST", path: "/api/tokens", access: Access::Person, keeps_answers: true },
    rule("DELETE", "/api/tokens/{id}", Access::Person),
    rule("POST", "/api/exports", Access::Read),
    rule("GET", "/api/exports/{id}", Access::Read),
    rule("GET", "/api/events", Access::Read),
    rule("GET", "/api/openapi.json", Access::Anyone),
    rule("GET", "/api/docs", Access::Anyone),
    rule("GET", "/healthz", Access::Anyone),
    rule("GET", "/readyz", Access::Anyone),
    rule("GET", "/metrics", Access::Metrics),
];

/// The rule of a route; `HEAD` is `GET` without its body.
pub(crate) fn find(method: &Method, path: &str) -> Option<&'static Rule> {
    let method = if method == Method::HEAD { "GET" } else { method.as_str() };
    RULES.iter().find(|rule| rule.method == method && rule.path == path)
}

/// The methods a path knows, for the `Allow` header; empty for an unknown path.
pub(crate) fn methods_of(path: &str) -> Vec<&'static str> {
    RULES.iter().filter(|rule| rule.path == path).map(|rule| rule.method).collect()
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn every_documented_route_has_one_rule_and_every_rule_a_route() {
        let document: serde_json::Value = serde_json::from_str(&crate::openapi_json()).expect("the document is JSON");
        let documented: BTreeSet<(String, String)> = document["paths"]
            .as_object()
            .expect("paths")
            .iter()
            .flat_map(|(path, item)| {
                item.as_object().expect("operations").keys().map(|method| (path.clone(), method.to_uppercase()))
            })
            .collect();
        let ruled: BTreeSet<(String, String)> =
            RULES.iter().map(|rule| (rule.path.to_owned(), rule.method.to_owned())).collect();
        assert_eq!(documented, ruled);
        assert_eq!(ruled.len(), RULES.len(), "a route has two rules");
    }

    #[test]
    fn a_route_that_is_not_in_the_table_has_no_rule() {
        assert!(find(&Method::GET, "/api/secrets").is_none());
        assert!(find(&Method::DELETE, "/api/mentions").is_none());
        assert_eq!(find(&Method::HEAD, "/api/mentions").map(|rule| rule.access), Some(Access::Read));
    }
}
