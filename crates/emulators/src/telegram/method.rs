//! What may be called, and how a call is refused.

use std::collections::HashMap;

use serde_json::{Map, Value, json};

use super::{Answer, BOT, Telegram, chats, sending, updates, webhook};
use crate::faults::Fault;
use crate::multipart;

/// A request's parameters.
#[derive(Debug, Default)]
pub(super) struct Call {
    fields: Map<String, Value>,
    /// What came as a file, by the name of its part: its name and its size.
    files: HashMap<String, (String, usize)>,
}

impl Call {
    /// From a query and a body, JSON or a form. In a form, what is no text is written as JSON.
    pub(super) fn read(query: &[u8], content_type: &str, body: &[u8]) -> Self {
        let is_json = content_type.starts_with("application/json");
        let pairs = |bytes| {
            let pairs = url::form_urlencoded::parse(bytes).into_owned();
            pairs.map(|(key, value)| (key, Value::String(value))).collect::<Map<_, _>>()
        };
        let (mut parameters, mut files) = (pairs(query), HashMap::new());
        if let Some(parts) = multipart::parts(content_type, body) {
            for part in parts {
                if let Some(name) = part.file_name {
                    files.insert(part.name, (name, part.body.len()));
                } else {
                    parameters.insert(part.name, String::from_utf8_lossy(&part.body).into_owned().into());
                }
            }
            return Self { fields: parameters, files };
        }
        match serde_json::from_slice(body) {
            Ok(Value::Object(given)) if is_json => parameters.extend(given),
            _ if is_json => {}
            _ => parameters.extend(pairs(body)),
        }
        Self { fields: parameters, files }
    }

    pub(super) fn file(&self, part: &str) -> Option<&(String, usize)> {
        self.files.get(part)
    }

    pub(super) fn text(&self, name: &str) -> Option<String> {
        match self.fields.get(name)? {
            Value::String(text) => Some(text.clone()),
            Value::Null => None,
            other => Some(other.to_string()),
        }
    }

    pub(super) fn number(&self, name: &str) -> Option<i64> {
        self.text(name)?.parse().ok()
    }

    /// An object or a list.
    pub(super) fn whole(&self, name: &str) -> Option<Value> {
        match self.fields.get(name)? {
            Value::String(text) => serde_json::from_str(text).ok(),
            other => Some(other.clone()),
        }
    }
}

/// A call that is refused.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Refusal {
    pub code: u16,
    pub description: String,
    /// Seconds.
    pub retry_after: Option<u64>,
}

impl Refusal {
    pub(super) fn new(code: u16, description: &str) -> Self {
        Self { code, description: description.to_owned(), retry_after: None }
    }

    pub(super) fn too_many(seconds: u64) -> Self {
        let description = format!("Too Many Requests: retry after {seconds}");
        Self { code: 429, description, retry_after: Some(seconds) }
    }

    pub(super) fn of_fault(fault: Fault) -> Option<Self> {
        match fault {
            Fault::RateLimit => Some(Self::too_many(3)),
            Fault::ExpiredToken => Some(Self::new(401, "Unauthorized")),
            Fault::DeletedParent => Some(Self::new(400, "Bad Request: message to be replied not found")),
            Fault::ServerError => Some(Self::new(502, "Bad Gateway")),
            _ => None,
        }
    }
}

pub(super) fn faults(method: &str) -> &'static [Fault] {
    match method {
        "getupdates" => Fault::READING,
        "sendmessage" | "sendphoto" | "senddocument" | "sendmediagroup" => Fault::WRITING,
        _ => Fault::ASKING,
    }
}

/// Answers a method, written in small letters: Telegram does not mind.
pub(super) async fn run(telegram: &Telegram, method: &str, call: &Call, fault: Option<Fault>) -> Answer {
    match method {
        "getme" => Ok(json!({
            "id": BOT, "is_bot": true, "first_name": "Эхо", "username": "echo_bot", "can_join_groups": true,
            "can_read_all_group_messages": true, "supports_inline_queries": false, "can_connect_to_business": false,
            "has_main_web_app": false,
        })),
        "getupdates" => updates::get(telegram, call, fault).await,
        "setwebhook" => webhook::set(telegram, call),
        "deletewebhook" => {
            webhook::remove(telegram, call);
            Ok(json!(true))
        }
        "getwebhookinfo" => Ok(webhook::info(telegram)),
        "getchat" => chats::get(call),
        "sendmessage" => sending::message(telegram, call),
        "sendphoto" => sending::file(telegram, call, "photo"),
        "senddocument" => sending::file(telegram, call, "document"),
        "sendmediagroup" => sending::album(telegram, call),
        _ => Err(Refusal::new(404, "Not Found")),
    }
}
