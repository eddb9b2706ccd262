//! What is asked, by whom, and how it is refused.

use std::collections::HashMap;

use axum::http::{HeaderMap, Method, StatusCode};
use ring::hmac;
use serde_json::{Value, json};

use super::ids::{self, Node};
use super::{APP_SECRET, edges, login, messages, nodes, upload, writing};
use crate::faults::Fault;
use crate::multipart;
use crate::sandbox::Inside;
use crate::world::PLACES;

/// Whose token it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Token {
    pub place: u64,
    /// Without the right to answer.
    pub reads_only: bool,
    pub ended: bool,
    /// Of an Instagram account alone, without a page.
    pub own: bool,
}

impl Token {
    pub(super) fn of(text: &str) -> Option<Self> {
        let (kind, place) = text.rsplit_once('-')?;
        let place = place.parse().ok().filter(|place| (1..=PLACES).contains(place))?;
        let (reads_only, ended) = match kind {
            "page-token" => (false, false),
            "reader-token" => (true, false),
            "ended-token" => (false, true),
            _ => return None,
        };
        Some(Self { place, reads_only, ended, own: false })
    }

    pub(super) fn scopes(self) -> Vec<&'static str> {
        let reading = ["pages_show_list", "pages_read_engagement", "pages_read_user_content", "instagram_basic"];
        let rest = [
            "pages_manage_metadata",
            "pages_manage_engagement",
            "pages_messaging",
            "instagram_manage_comments",
            "instagram_manage_messages",
        ];
        let rest = rest.into_iter().filter(|_| !self.reads_only);
        reading.into_iter().chain(rest).collect()
    }
}

/// A request.
#[derive(Debug)]
pub(super) struct Call {
    pub method: Method,
    /// Without the version.
    pub path: Vec<String>,
    pub parameters: HashMap<String, String>,
    /// What came as a file, by the name of its field: its name and itself.
    pub files: HashMap<String, (String, Vec<u8>)>,
    pub token_text: String,
    pub token: Option<Token>,
    pub host: String,
    pub now: i64,
}

impl Call {
    pub(super) fn read(method: &Method, path: &str, query: &str, headers: &HeaderMap, body: &[u8], now: i64) -> Self {
        let form = |bytes: &[u8]| url::form_urlencoded::parse(bytes).into_owned().collect::<HashMap<String, String>>();
        let mut parameters = form(query.as_bytes());
        let content_type = headers.get("content-type").and_then(|kind| kind.to_str().ok()).unwrap_or_default();
        let mut files = HashMap::new();
        if let Some(parts) = multipart::parts(content_type, body) {
            for part in parts {
                match part.file_name {
                    Some(name) => drop(files.insert(part.name, (name, part.body))),
                    None => drop(parameters.insert(part.name, String::from_utf8_lossy(&part.body).into_owned())),
                }
            }
        } else if content_type.starts_with("application/json") {
            let fields: HashMap<String, Value> = serde_json::from_slice(body).unwrap_or_default();
            let plain = |value: Value| value.as_str().map_or_else(|| value.to_string(), str::to_owned);
            parameters.extend(fields.into_iter().map(|(name, value)| (name, plain(value))));
        } else {
            parameters.extend(form(body));
        }
        let bearer = headers.get("authorization").and_then(|value| value.to_str().ok());
        let bearer = bearer.and_then(|value| value.strip_prefix("Bearer ").or_else(|| value.strip_prefix("OAuth ")));
        let token_text = bearer.map(str::to_owned).or_else(|| parameters.remove("access_token")).unwrap_or_default();
        let mut path: Vec<String> = path.split('/').filter(|part| !part.is_empty()).map(str::to_owned).collect();
        let version = path.first().is_some_and(|first| {
            first.strip_prefix('v').is_some_and(|version| version.starts_with(|digit: char| digit.is_ascii_digit()))
        });
        if version {
            path.remove(0);
        }
        let host = headers.get("host").and_then(|host| host.to_str().ok()).unwrap_or_default().to_owned();
        let token = Token::of(&token_text);
        Self { method: method.clone(), path, parameters, files, token, token_text, host, now }
    }

    /// What it is counted as.
    pub(super) fn name(&self) -> String {
        let node = match self.path.first().map(String::as_str).unwrap_or_default() {
            word @ ("me" | "debug_token") => word,
            "" => "things",
            number => match Node::of(number) {
                Some(Node::Page(_)) => "page",
                Some(Node::Thing { .. }) => "thing",
                Some(Node::Account(_)) => "account",
                Some(Node::Media { .. }) => "media",
                Some(Node::Person(_)) => "person",
                None => "unknown",
            },
        };
        match self.path.get(1) {
            Some(edge) => format!("{} {node}/{edge}", self.method),
            None => format!("{} {node}", self.method),
        }
    }

    pub(super) fn text(&self, name: &str) -> Option<&str> {
        self.parameters.get(name).map(String::as_str).filter(|value| !value.is_empty())
    }

    pub(super) fn required(&self, name: &str) -> Result<&str, Refusal> {
        self.text(name).ok_or_else(|| Refusal::new(100, &format!("(#100) The parameter {name} is required")))
    }

    /// Whether what it is signed with is right.
    pub(super) fn proved(&self) -> Result<(), Refusal> {
        if let Some(proof) = self.text("appsecret_proof") {
            let key = hmac::Key::new(hmac::HMAC_SHA256, APP_SECRET.as_bytes());
            let tag = hmac::sign(&key, self.token_text.as_bytes());
            let ours: String = tag.as_ref().iter().map(|byte| format!("{byte:02x}")).collect();
            if proof != ours {
                return Err(Refusal::new(100, "Invalid appsecret_proof provided in the API argument"));
            }
        }
        Ok(())
    }

    /// Whether the token is good, too.
    pub(super) fn allowed(&self) -> Result<(), Refusal> {
        self.proved()?;
        match self.token {
            None => Err(Refusal::new(190, "Invalid OAuth access token - Cannot parse access token")),
            Some(token) if token.ended && self.path.first().is_none_or(|first| first != "debug_token") => {
                Err(Refusal::with_subcode(190, 463, "Error validating access token: Session has expired"))
            }
            Some(_) => Ok(()),
        }
    }

    pub(super) fn token(&self) -> Result<Token, Refusal> {
        self.token.ok_or_else(|| Refusal::new(190, "Invalid OAuth access token - Cannot parse access token"))
    }

    /// Whether it asks with the token of an account without a page.
    pub(super) fn is_own(&self) -> bool {
        self.token.is_some_and(|token| token.own)
    }

    /// The node that is named, `me` being the page of the token, or its account.
    pub(super) fn node(&self) -> Result<Node, Refusal> {
        match self.path.first().map(String::as_str) {
            Some("me") if self.is_own() => Ok(Node::Account(self.token()?.place)),
            Some("me") => Ok(Node::Page(self.token()?.place)),
            Some(id) => Node::of(id).ok_or_else(|| Refusal::gone(id)),
            None => Err(Refusal::new(100, "Unsupported get request.")),
        }
    }

    pub(super) fn limit(&self, most: usize) -> usize {
        self.text("limit").and_then(|limit| limit.parse().ok()).unwrap_or(25).clamp(1, 100).min(most.max(1))
    }
}

/// A request that is refused.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Refusal {
    code: u32,
    subcode: u32,
    message: String,
}

impl Refusal {
    pub(super) fn new(code: u32, message: &str) -> Self {
        Self::with_subcode(code, 0, message)
    }

    pub(super) fn with_subcode(code: u32, subcode: u32, message: &str) -> Self {
        Self { code, subcode, message: message.to_owned() }
    }

    pub(super) fn gone(id: &str) -> Self {
        let message = format!(
            "Unsupported get request. Object with ID '{id}' does not exist, cannot be loaded due to missing permissions, or does not support this operation"
        );
        Self::with_subcode(100, 33, &message)
    }

    pub(super) fn right(name: &str) -> Self {
        Self::new(200, &format!("(#200) Requires {name} permission"))
    }

    pub(super) fn of_fault(fault: Fault, inside: &mut Inside) -> Option<Self> {
        Some(match fault {
            Fault::RateLimit => {
                let limits = [
                    (4, "(#4) Application request limit reached"),
                    (17, "(#17) User request limit reached"),
                    (32, "(#32) Page request limit reached"),
                    (613, "(#613) Calls to this api have exceeded the rate limit."),
                    (80_001, "(#80001) There have been too many calls to this Page account."),
                ];
                let met = inside.counts.faults.get(fault.name()).copied().unwrap_or_default();
                let (code, message) = limits[usize::try_from(met).unwrap_or(0) % limits.len()];
                Self::new(code, message)
            }
            Fault::ExpiredToken => {
                Self::with_subcode(190, 460, "Error validating access token: The session has been invalidated")
            }
            Fault::Captcha => Self::new(368, "The action attempted has been deemed abusive or is otherwise disallowed"),
            Fault::DeletedParent => Self::gone("0"),
            Fault::ServerError => Self::new(2, "An unexpected error has occurred. Please retry your request later."),
            _ => return None,
        })
    }

    pub(super) fn status(&self) -> StatusCode {
        match self.code {
            190 => StatusCode::UNAUTHORIZED,
            4 | 17 | 32 | 613 | 80_001 | 200 | 10 => StatusCode::FORBIDDEN,
            2 => StatusCode::INTERNAL_SERVER_ERROR,
            _ => StatusCode::BAD_REQUEST,
        }
    }

    pub(super) fn told(&self) -> Value {
        let mut error = json!({
            "message": self.message, "type": "OAuthException", "code": self.code, "fbtrace_id": "AemulatorEmulatorEmulato",
        });
        if self.subcode > 0 {
            error["error_subcode"] = self.subcode.into();
        }
        if self.code == 2 {
            error["is_transient"] = true.into();
        }
        json!({ "error": error })
    }
}

pub(super) type Answer = Result<Value, Refusal>;

/// Also where it may be gone what is asked about.
const READING_UNDER: &[Fault] = &[
    Fault::RateLimit,
    Fault::ExpiredToken,
    Fault::DeletedParent,
    Fault::ServerError,
    Fault::Duplicate,
    Fault::OutOfOrder,
    Fault::CutJson,
    Fault::UnknownFields,
    Fault::SlowBody,
];

/// What can go wrong with it.
pub(super) fn faults(call: &Call) -> &'static [Fault] {
    match (call.method == Method::GET, call.path.get(1).map(String::as_str)) {
        (false, _) => Fault::WRITING_AS_A_PERSON,
        (true, Some("comments" | "replies")) => READING_UNDER,
        (true, Some(_)) => Fault::READING,
        (true, None) => Fault::ASKING,
    }
}

/// Answers it.
pub(super) fn run(inside: &mut Inside, call: &Call, fault: Option<Fault>) -> Answer {
    if let Some(answer) = login::only_there(inside, call) {
        return answer;
    }
    if call.path.first().is_some_and(|first| first == "debug_token") {
        return nodes::debug_token(inside, call);
    }
    if call.path.is_empty() && call.method == Method::GET && call.text("ids").is_some() {
        return nodes::several(inside, call);
    }
    let node = call.node()?;
    match (&call.method, call.path.get(1).map(String::as_str)) {
        (&Method::GET, None) => nodes::get(inside, call, node),
        (&Method::GET, Some("conversations")) => messages::conversations(inside, call, node),
        (&Method::GET, Some(edge)) => edges::get(inside, call, (node, edge), fault),
        (&Method::POST, Some("messages")) => messages::send(inside, call, node),
        (&Method::POST, Some("message_attachments")) => upload::attachment(inside, call, node),
        (&Method::POST, Some("subscribed_apps")) => Ok(json!({ "success": true })),
        (&Method::POST, edge) => writing::post(inside, call, node, edge),
        (&Method::DELETE, None) => writing::delete(inside, call, node),
        _ => Err(Refusal::new(3, "(#3) Application does not have the capability to make this API call.")),
    }
}

/// The page or account of the token; of another one nothing is told.
pub(super) fn own(call: &Call, place: u64) -> Result<(), Refusal> {
    if call.token()?.place == place {
        return Ok(());
    }
    let name = ids::page(place);
    Err(Refusal::new(
        10,
        &format!("(#10) Object {name}: this endpoint requires the 'pages_read_engagement' permission"),
    ))
}
