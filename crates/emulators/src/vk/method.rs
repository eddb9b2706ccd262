//! What may be called, by whom, and how a call is refused.

use std::collections::HashMap;

use serde_json::Value;

use super::{board, callback, groups, messages, search, upload, wall};
use crate::faults::Fault;
use crate::sandbox::Inside;
use crate::world::{FIRST_PERSON, PLACES};

/// Whose token it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Token {
    User(u64),
    Service,
    Community(u64),
}

impl Token {
    pub(super) fn of(text: &str) -> Option<Self> {
        match text {
            "user-token" => Some(Self::User(FIRST_PERSON)),
            "service-token" => Some(Self::Service),
            _ => {
                let number: u64 = text.strip_prefix("community-token-")?.parse().ok()?;
                (1..=PLACES).contains(&number).then_some(Self::Community(number))
            }
        }
    }

    pub(super) const fn per_second(self) -> usize {
        match self {
            Self::User(_) => 3,
            Self::Service => 5,
            Self::Community(_) => 20,
        }
    }
}

/// A request that was understood.
#[derive(Debug)]
pub(super) struct Call {
    pub name: String,
    pub parameters: HashMap<String, String>,
    pub token: Option<Token>,
    /// As the client calls us.
    pub host: String,
    pub now: i64,
}

impl Call {
    pub(super) fn text(&self, name: &str) -> Option<&str> {
        self.parameters.get(name).map(String::as_str).filter(|value| !value.is_empty())
    }

    pub(super) fn number(&self, name: &str) -> Option<i64> {
        self.text(name)?.parse().ok()
    }

    pub(super) fn required(&self, name: &str) -> Result<i64, Refusal> {
        self.number(name).ok_or_else(|| {
            Refusal::new(100, &format!("One of the parameters specified was missing or invalid: {name} is undefined"))
        })
    }

    pub(super) fn flag(&self, name: &str) -> bool {
        matches!(self.text(name), Some("1" | "true" | "True"))
    }

    /// How many, of at most so many.
    pub(super) fn count(&self, usual: usize, most: usize) -> usize {
        self.number("count").and_then(|count| usize::try_from(count).ok()).unwrap_or(usual).min(most)
    }

    pub(super) fn offset(&self) -> usize {
        self.number("offset").and_then(|offset| usize::try_from(offset).ok()).unwrap_or(0)
    }

    /// The community whose owner id a parameter is.
    pub(super) fn place(&self, name: &str) -> Result<u64, Refusal> {
        let owner = self.required(name)?;
        let place = u64::try_from(-owner).unwrap_or(0);
        if (1..=PLACES).contains(&place) { Ok(place) } else { Err(Refusal::new(15, "Access denied")) }
    }
}

/// A call that is refused.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Refusal {
    pub code: u32,
    pub message: String,
}

impl Refusal {
    pub(super) fn new(code: u32, message: &str) -> Self {
        Self { code, message: message.to_owned() }
    }

    pub(super) fn of_fault(fault: Fault) -> Option<Self> {
        match fault {
            Fault::RateLimit => Some(Self::new(6, "Too many requests per second")),
            Fault::ExpiredToken => {
                Some(Self::new(5, "User authorization failed: access_token was given to another ip address."))
            }
            Fault::Captcha => Some(Self::new(14, "Captcha needed")),
            Fault::DeletedParent => Some(Self::new(15, "Access denied: post was deleted")),
            Fault::ServerError => Some(Self::new(10, "Internal server error: could not get application")),
            _ => None,
        }
    }
}

pub(super) type Answer = Result<Value, Refusal>;

/// A row of [`METHODS`].
pub(super) struct Method {
    name: &'static str,
    /// `u`ser, `s`ervice, `g`roup.
    tokens: &'static str,
    pub(super) faults: &'static [Fault],
    pub(super) run: fn(&mut Inside, &Call, Option<Fault>) -> Answer,
}

const READING: &[Fault] = &[
    Fault::RateLimit,
    Fault::ExpiredToken,
    Fault::Captcha,
    Fault::ServerError,
    Fault::Duplicate,
    Fault::OutOfOrder,
    Fault::CutJson,
    Fault::UnknownFields,
    Fault::SlowBody,
];
/// Also where it may be gone what is asked about.
const READING_UNDER: &[Fault] = &Fault::ALL;
const ASKING: &[Fault] = Fault::ASKING;
const WRITING: &[Fault] = Fault::WRITING_AS_A_PERSON;
/// Private messages have no parent.
const SENDING: &[Fault] = &[
    Fault::RateLimit,
    Fault::ExpiredToken,
    Fault::Captcha,
    Fault::ServerError,
    Fault::CutJson,
    Fault::UnknownFields,
    Fault::SlowBody,
];

const METHODS: &[Method] = &[
    Method { name: "wall.get", tokens: "us", faults: READING, run: wall::get },
    Method { name: "wall.getById", tokens: "us", faults: READING, run: wall::by_ids },
    Method { name: "wall.getComments", tokens: "us", faults: READING_UNDER, run: wall::comments },
    Method { name: "wall.createComment", tokens: "ug", faults: WRITING, run: wall::create_comment },
    Method { name: "board.getTopics", tokens: "us", faults: READING, run: board::topics },
    Method { name: "board.getComments", tokens: "us", faults: READING_UNDER, run: board::comments },
    Method { name: "board.createComment", tokens: "u", faults: WRITING, run: board::create_comment },
    Method { name: "newsfeed.search", tokens: "us", faults: READING, run: search::search },
    Method { name: "users.get", tokens: "usg", faults: ASKING, run: groups::users },
    Method { name: "groups.getById", tokens: "usg", faults: ASKING, run: groups::by_id },
    Method { name: "groups.getLongPollServer", tokens: "ug", faults: ASKING, run: groups::long_poll_server },
    Method { name: "groups.setLongPollSettings", tokens: "ug", faults: ASKING, run: groups::set_long_poll },
    Method {
        name: "groups.getCallbackConfirmationCode",
        tokens: "ug",
        faults: ASKING,
        run: callback::confirmation_code,
    },
    Method { name: "groups.getCallbackServers", tokens: "ug", faults: ASKING, run: callback::servers },
    Method { name: "groups.addCallbackServer", tokens: "ug", faults: ASKING, run: callback::add },
    Method { name: "groups.deleteCallbackServer", tokens: "ug", faults: ASKING, run: callback::delete },
    Method { name: "groups.setCallbackSettings", tokens: "ug", faults: ASKING, run: callback::set_settings },
    Method { name: "messages.getHistory", tokens: "ug", faults: READING, run: messages::history },
    Method { name: "messages.send", tokens: "ug", faults: SENDING, run: messages::send },
    Method { name: "photos.getMessagesUploadServer", tokens: "ug", faults: ASKING, run: upload::photo_server },
    Method { name: "photos.getWallUploadServer", tokens: "u", faults: ASKING, run: upload::photo_server },
    Method { name: "photos.saveMessagesPhoto", tokens: "ug", faults: ASKING, run: upload::save_photo },
    Method { name: "photos.saveWallPhoto", tokens: "u", faults: ASKING, run: upload::save_photo },
    Method { name: "docs.getMessagesUploadServer", tokens: "ug", faults: ASKING, run: upload::document_server },
    Method { name: "docs.getWallUploadServer", tokens: "ug", faults: ASKING, run: upload::document_server },
    Method { name: "docs.save", tokens: "ug", faults: ASKING, run: upload::save_document },
];

/// The method that is called, when its token may.
pub(super) fn find(call: &Call) -> Result<&'static Method, Refusal> {
    let Some(method) = METHODS.iter().find(|method| method.name == call.name) else {
        return Err(Refusal::new(3, "Unknown method passed"));
    };
    let Some(token) = call.token else {
        return Err(Refusal::new(5, "User authorization failed: invalid access_token (4)."));
    };
    if call.text("v").is_none() {
        return Err(Refusal::new(8, "Invalid request: v (version) is required"));
    }
    let (letter, code, words) = match token {
        Token::User(_) => ('u', 15, "Access denied"),
        Token::Service => ('s', 28, "Application authorization failed: method is unavailable with service token."),
        Token::Community(_) => ('g', 27, "Group authorization failed: method is unavailable with group auth."),
    };
    if method.tokens.contains(letter) { Ok(method) } else { Err(Refusal::new(code, words)) }
}
