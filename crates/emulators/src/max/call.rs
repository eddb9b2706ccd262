//! What may be called, and how a call is refused.

use std::collections::HashMap;

use axum::http::Method;
use serde_json::{Value, json};

use super::{Answer, Max, chats, hooks, messages, render, sending, updates, upload};
use crate::faults::Fault;

/// A request.
#[derive(Debug)]
pub(super) struct Call {
    method: String,
    /// Pieces of its path.
    pub path: Vec<String>,
    query: HashMap<String, String>,
    pub body: Value,
    /// As the client calls us.
    pub host: String,
}

impl Call {
    pub(super) fn read(method: &Method, path: &str, query: &str, body: &[u8]) -> Self {
        Self {
            method: method.to_string(),
            path: path.split('/').filter(|piece| !piece.is_empty()).map(str::to_owned).collect(),
            query: url::form_urlencoded::parse(query.as_bytes()).into_owned().collect(),
            body: serde_json::from_slice(body).unwrap_or_default(),
            host: String::new(),
        }
    }

    /// Method and path, ids left out: `GET /messages/_/comments`.
    pub(super) fn name(&self) -> String {
        let is_id = |piece: &String| piece.starts_with("mid.") || piece.trim_start_matches('-').parse::<u64>().is_ok();
        let pieces = self.path.iter().map(|piece| if is_id(piece) { "_" } else { piece });
        format!("{} /{}", self.method, pieces.collect::<Vec<_>>().join("/"))
    }

    pub(super) fn text(&self, name: &str) -> Option<&str> {
        self.query.get(name).map(String::as_str).filter(|text| !text.is_empty() && *text != "null")
    }

    pub(super) fn number(&self, name: &str) -> Option<i64> {
        self.text(name)?.parse().ok()
    }

    /// How many things are asked for.
    pub(super) fn count(&self, usual: usize) -> usize {
        self.number("count").and_then(|count| usize::try_from(count).ok()).unwrap_or(usual).clamp(1, 100)
    }
}

/// A call that is refused.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Refusal {
    pub status: u16,
    code: &'static str,
    message: String,
    pub retry_after_s: Option<u64>,
}

impl Refusal {
    pub(super) fn new(status: u16, code: &'static str, message: &str) -> Self {
        Self { status, code, message: message.to_owned(), retry_after_s: None }
    }

    pub(super) fn too_many(seconds: u64) -> Self {
        Self { retry_after_s: Some(seconds), ..Self::new(429, "too.many.requests", "Too many requests") }
    }

    pub(super) fn denied() -> Self {
        Self::new(403, "chat.denied", "No access to this chat")
    }

    pub(super) fn no_chat() -> Self {
        Self::new(404, "chat.not.found", "Chat not found")
    }

    pub(super) fn no_message() -> Self {
        Self::new(404, "not.found", "Message not found")
    }

    pub(super) fn of_fault(fault: Fault) -> Option<Self> {
        match fault {
            Fault::RateLimit => Some(Self::too_many(2)),
            Fault::ExpiredToken => Some(Self::new(401, "verify.token", "Invalid access_token")),
            Fault::DeletedParent => Some(Self::no_message()),
            Fault::ServerError => Some(Self::new(503, "service.unavailable", "Service is temporarily unavailable")),
            _ => None,
        }
    }

    pub(super) fn body(&self) -> Value {
        json!({"code": self.code, "message": self.message})
    }
}

pub(super) fn faults(name: &str) -> &'static [Fault] {
    match name {
        "GET /updates" => Fault::READING,
        "POST /messages" | "POST /messages/_/comments" => Fault::WRITING,
        _ => Fault::ASKING,
    }
}

/// Answers a call by its [`Call::name`].
pub(super) async fn run(max: &Max, name: &str, call: &Call, fault: Option<Fault>) -> Answer {
    match name {
        "GET /me" => Ok(render::bot_info()),
        // Ended in June 2026.
        "GET /chats" => Err(Refusal::new(404, "not.found", "The method is no longer supported")),
        "GET /chats/_" => chats::get(max, call),
        "GET /chats/_/members/me" => chats::membership(max, call),
        "GET /updates" => updates::get(max, call, fault).await,
        "GET /messages" => messages::list(max, call),
        "GET /messages/_" => messages::get(max, call),
        "GET /messages/_/comments" => messages::comments(max, call),
        "GET /messages/_/comments/_" => messages::comment(max, call),
        "POST /messages" => sending::message(max, call),
        "POST /messages/_/comments" => sending::comment(max, call),
        "PUT /messages" => sending::edit(max, call),
        "DELETE /messages" => sending::delete(max, call),
        "POST /uploads" => upload::address(call),
        "GET /subscriptions" => Ok(hooks::list(max)),
        "POST /subscriptions" => hooks::add(max, call),
        "DELETE /subscriptions" => Ok(hooks::remove(max, call)),
        _ => Err(Refusal::new(404, "not.found", "Unknown path")),
    }
}
