//! What may be asked for, how often, and what may go wrong.

use axum::http::{Method, StatusCode};
use serde_json::Value;

use super::problem::Problem;
use super::{Call, X, ask, hooks, media, rules, sending};
use crate::faults::Fault;

type Run = fn(&X, &Call, Option<Fault>) -> Result<(StatusCode, Value), Problem>;

/// An address of the API.
pub(super) struct Endpoint {
    pub name: &'static str,
    method: &'static str,
    /// `:` stands for a piece that is a name or an id.
    path: &'static str,
    /// In a quarter of an hour, for an application and for a person; 0 where they may not.
    pub app: u64,
    pub user: u64,
    pub faults: &'static [Fault],
    /// Money is needed.
    pub costs: bool,
    run: Run,
}

const ASKING: &[Fault] = Fault::READING;
const BRINGING: &[Fault] = Fault::ASKING;
const OPENING: &[Fault] = &[Fault::RateLimit, Fault::ExpiredToken, Fault::ServerError];
const SENDING: &[Fault] = Fault::WRITING;

const fn ask(name: &'static str, path: &'static str, app: u64, user: u64, run: Run) -> Endpoint {
    Endpoint { name, method: "GET", path, app, user, faults: ASKING, costs: true, run }
}

/// Files are a person's, and cost nothing.
const fn uploads(name: &'static str, path: &'static str, run: Run) -> Endpoint {
    Endpoint { method: "POST", faults: BRINGING, costs: false, ..ask(name, path, 0, 500, run) }
}

const fn free(endpoint: Endpoint) -> Endpoint {
    Endpoint { costs: false, ..endpoint }
}

static ENDPOINTS: &[Endpoint] = &[
    ask("search", "tweets/search/recent", 450, 300, ask::search),
    ask("counts", "tweets/counts/recent", 300, 0, ask::counts),
    Endpoint { faults: OPENING, ..ask("stream", "tweets/search/stream", 50, 0, nothing) },
    Endpoint { costs: false, ..ask("rules", "tweets/search/stream/rules", 450, 0, rules::list) },
    Endpoint {
        method: "POST",
        costs: false,
        ..ask("change_rules", "tweets/search/stream/rules", 100, 0, rules::change)
    },
    ask("tweets", "tweets", 3_500, 5_000, ask::by_ids),
    ask("tweet", "tweets/:", 450, 900, ask::by_id),
    Endpoint { method: "POST", faults: SENDING, ..ask("send", "tweets", 0, 100, sending::send) },
    Endpoint { method: "DELETE", ..ask("delete", "tweets/:", 0, 50, sending::delete) },
    ask("me", "users/me", 0, 75, ask::me),
    ask("user", "users/by/username/:", 300, 900, ask::by_username),
    ask("mentions", "users/:/mentions", 450, 300, ask::mentions),
    ask("timeline", "users/:/tweets", 10_000, 900, ask::timeline),
    uploads("upload", "media/upload", media::at_once),
    uploads("upload_begin", "media/upload/initialize", media::begin),
    uploads("upload_piece", "media/upload/:/append", media::append),
    uploads("upload_end", "media/upload/:/finalize", media::end),
    uploads("describe", "media/metadata", media::describe),
    Endpoint { method: "GET", ..uploads("upload_status", "media/upload", media::status) },
    free(ask("webhooks", "webhooks", 450, 0, hooks::list)),
    Endpoint { method: "POST", faults: OPENING, ..free(ask("add_webhook", "webhooks", 450, 0, nothing)) },
    Endpoint { method: "PUT", faults: OPENING, ..free(ask("check_webhook", "webhooks/:", 450, 0, nothing)) },
    Endpoint { method: "DELETE", faults: OPENING, ..free(ask("remove_webhook", "webhooks/:", 450, 0, hooks::remove)) },
    free(ask("subscriptions", "activity/subscriptions", 500, 500, hooks::subscriptions)),
    Endpoint {
        method: "POST",
        faults: OPENING,
        ..free(ask("subscribe", "activity/subscriptions", 500, 500, hooks::subscribe))
    },
    Endpoint {
        method: "DELETE",
        faults: OPENING,
        ..free(ask("unsubscribe", "activity/subscriptions/:", 500, 500, hooks::unsubscribe))
    },
    Endpoint { costs: false, ..ask("usage", "usage/tweets", 50, 0, ask::usage) },
];

fn nothing(_: &X, _: &Call, _: Option<Fault>) -> Result<(StatusCode, Value), Problem> {
    Err(Problem::not_found())
}

impl Endpoint {
    /// The one of that path, and the piece of it that is a name.
    pub(super) fn find(method: &Method, path: &str) -> Option<(&'static Self, String)> {
        let pieces: Vec<&str> = path.trim_start_matches("/2/").trim_end_matches('/').split('/').collect();
        ENDPOINTS.iter().filter(|endpoint| endpoint.method == method.as_str()).find_map(|endpoint| {
            let own: Vec<&str> = endpoint.path.split('/').collect();
            let fits =
                own.len() == pieces.len() && own.iter().zip(&pieces).all(|(own, piece)| *own == ":" || own == piece);
            let name = own.iter().zip(&pieces).find(|(own, _)| **own == ":").map(|(_, piece)| (*piece).to_owned());
            fits.then(|| (endpoint, name.unwrap_or_default()))
        })
    }

    pub(super) fn run(&self, x: &X, call: &Call, fault: Option<Fault>) -> Result<(StatusCode, Value), Problem> {
        (self.run)(x, call, fault)
    }
}
