//! What may be called, how a call is signed, and how it is refused.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use md5::{Digest as _, Md5};
use serde_json::{Value, json};

use super::{APPLICATION_KEY, APPLICATION_SECRET, Answer, GROUP_TOKEN, Okru, TOKEN, comments, people, topics};
use crate::faults::Fault;
use crate::world::PLACES;

/// A request.
#[derive(Debug)]
pub(super) struct Call {
    /// `discussions.getComments`
    pub method: String,
    parameters: BTreeMap<String, String>,
    /// As the client calls us; of the Graph API only.
    pub host: String,
}

impl Call {
    pub(super) fn read(method: Option<String>, query: &str, body: &[u8]) -> Self {
        let mut parameters: BTreeMap<String, String> = BTreeMap::new();
        parameters.extend(url::form_urlencoded::parse(query.as_bytes()).into_owned());
        parameters.extend(url::form_urlencoded::parse(body).into_owned());
        let method = method.or_else(|| parameters.get("method").cloned()).unwrap_or_default();
        Self { method, parameters, host: String::new() }
    }

    pub(super) fn text(&self, name: &str) -> Option<&str> {
        self.parameters.get(name).map(String::as_str).filter(|text| !text.is_empty())
    }

    pub(super) fn count(&self, usual: usize) -> usize {
        self.text("count").and_then(|count| count.parse().ok()).unwrap_or(usual).clamp(1, 100)
    }

    /// Key, token and signature.
    pub(super) fn check(&self) -> Result<(), Refusal> {
        if self.text("application_key") != Some(APPLICATION_KEY) {
            return Err(Refusal::new(101, "PARAM_API_KEY : Application not exist"));
        }
        let token = self.text("access_token").unwrap_or_default();
        if token.is_empty() {
            return Err(Refusal::new(453, "SESSION_REQUIRED : Session required"));
        }
        let signed =
            self.parameters.iter().filter(|(key, _)| !matches!(key.as_str(), "sig" | "access_token" | "session_key"));
        let mut line: String = signed.map(|(key, value)| format!("{key}={value}")).collect();
        line.push_str(&hex(&format!("{token}{APPLICATION_SECRET}")));
        if self.text("sig") != Some(&*hex(&line)) {
            return Err(Refusal::new(104, "PARAM_SIGNATURE : Invalid signature"));
        }
        if token != TOKEN {
            return Err(Refusal::new(103, "PARAM_SESSION_KEY : Invalid session key"));
        }
        Ok(())
    }

    /// The group whose token it is.
    pub(super) fn group(&self) -> Option<u64> {
        let number = self.text("access_token")?.strip_prefix(GROUP_TOKEN)?.parse().ok()?;
        (1..=PLACES).contains(&number).then_some(number)
    }
}

fn hex(text: &str) -> String {
    let mut hex = String::new();
    for byte in Md5::digest(text.as_bytes()) {
        let _ = write!(hex, "{byte:02x}");
    }
    hex
}

/// A call that is refused.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Refusal {
    pub code: u32,
    message: String,
}

impl Refusal {
    pub(super) fn new(code: u32, message: &str) -> Self {
        Self { code, message: message.to_owned() }
    }

    pub(super) fn limit() -> Self {
        Self::new(11, "LIMIT_REACHED : Method invocation limit reached")
    }

    pub(super) fn parameter(name: &str) -> Self {
        Self::new(100, &format!("PARAM : Invalid parameter {name}"))
    }

    pub(super) fn no_discussion() -> Self {
        Self::new(300, "NOT_FOUND : Discussion is not found")
    }

    pub(super) fn of_fault(fault: Fault) -> Option<Self> {
        match fault {
            Fault::RateLimit => Some(Self::limit()),
            Fault::ExpiredToken => Some(Self::new(102, "PARAM_SESSION_EXPIRED : Session expired")),
            Fault::Captcha => Some(Self::new(514, "IDS_SESSION_VERIFICATION_REQUIRED : User must be verified")),
            Fault::DeletedParent => Some(Self::no_discussion()),
            Fault::ServerError => Some(Self::new(2, "SERVICE : Service is temporary unavailable")),
            _ => None,
        }
    }

    pub(super) fn body(&self) -> Value {
        json!({"error_code": self.code, "error_msg": self.message, "error_data": null})
    }
}

pub(super) fn faults(method: &str) -> &'static [Fault] {
    match method {
        "mediatopic.getTopics" | "discussions.getComments" => Fault::READING,
        "discussions.addDiscussionComment" | "POST graph.chat.messages" => Fault::WRITING_AS_A_PERSON,
        _ => Fault::ASKING,
    }
}

pub(super) fn run(ok: &Okru, call: &Call, fault: Option<Fault>) -> Answer {
    let now = ok.sandbox.now();
    let mut inside = ok.sandbox.inside();
    match call.method.as_str() {
        "users.getCurrentUser" => Ok(people::administrator()),
        "users.getInfo" => people::users(call),
        "group.getInfo" => people::groups(call),
        "mediatopic.getTopics" => topics::list(&mut inside, call, fault),
        "mediatopic.getByIds" => topics::by_ids(&inside, call),
        "discussions.getComments" => comments::list(&mut inside, call, fault),
        "discussions.addDiscussionComment" => {
            let added = comments::add(&mut inside, call, now);
            drop(inside);
            ok.sandbox.changed();
            added
        }
        "discussions.deleteDiscussionComment" => comments::delete(&mut inside, call),
        _ => Err(Refusal::new(3, "METHOD : Method does not exist")),
    }
}
