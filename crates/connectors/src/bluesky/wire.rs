//! The three ways a server tells what happens, and the address of each.

use std::time::Duration;

use serde::{Deserialize, Serialize};
use url::Url;

use super::cursor::Cursor;
use crate::error::ConnectorError;
use crate::http::parse_url;
use crate::session::Session;
use crate::websocket::Handshake;

/// Where we listen when nobody names a server.
const JETSTREAM_HOST: &str = "wss://jetstream1.us-east.bsky.network";
const RELAY_HOST: &str = "wss://bsky.network";
/// Another server may have seen things in another order: go back a little.
const MARGIN: Duration = Duration::from_secs(10);
/// From here on the second Jetstream reads a cursor as microseconds since 1970.
const FIRST_TIME_CURSOR: i64 = 1_000_000_000_000_000;
/// Largest event asked for; a post is at most some ten KiB.
const MAX_EVENT_BYTES: usize = 256 << 10;
/// A commit holds up to 2 MB of blocks and some hundred operations.
const MAX_COMMIT_BYTES: usize = 8 << 20;
const MAX_ACCOUNTS: usize = 100;

pub(super) const POSTS: &str = "app.bsky.feed.post";
pub(super) const REPOSTS: &str = "app.bsky.feed.repost";

/// A protocol.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum Wire {
    /// `network.bsky.jetstream.subscribeEvents`: JSON with sequence numbers, since 2026.
    Jetstream2,
    /// `/subscribe`: JSON by time.
    Jetstream1,
    /// `com.atproto.sync.subscribeRepos`: what relays and personal data servers speak themselves.
    Firehose,
}

/// What to listen to and where.
#[derive(Clone, Debug)]
pub(super) struct Target {
    pub wire: Wire,
    base: Url,
    /// `host` or `host:port`.
    pub host: String,
    pub reposts: bool,
    /// Only these accounts; everybody when empty.
    pub accounts: Vec<String>,
}

impl Target {
    pub(super) fn of(session: &Session) -> Result<Self, ConnectorError> {
        let settings = &session.settings;
        let wire = match settings.text("mode") {
            Some("jetstream1") => Wire::Jetstream1,
            Some("firehose") => Wire::Firehose,
            _ => Wire::Jetstream2,
        };
        let default = if wire == Wire::Firehose { RELAY_HOST } else { JETSTREAM_HOST };
        let mut base = parse_url("host", settings.text("host").unwrap_or(default))?;
        // A `wss` address stays what it is, a web address becomes its counterpart. None of the four is refused.
        let scheme = if matches!(base.scheme(), "https" | "wss") { "wss" } else { "ws" };
        let _ = base.set_scheme(scheme);
        base.set_path("/");
        base.set_query(None);
        base.set_fragment(None);
        let name = base.host_str().unwrap_or_default();
        let host = base.port().map_or_else(|| name.to_owned(), |port| format!("{name}:{port}"));
        let accounts: Vec<String> = settings.list("accounts").map(str::to_owned).collect();
        if let Some(wrong) = accounts.iter().find(|account| !account.starts_with("did:") || account.len() > 128) {
            return Err(ConnectorError::invalid(
                "accounts",
                format!("`{wrong}` is no account; write its DID, e.g. `did:plc:z72i7hdynmk6r22z27h6tvur`"),
            ));
        }
        if accounts.len() > MAX_ACCOUNTS {
            return Err(ConnectorError::invalid(
                "accounts",
                format!("more than {MAX_ACCOUNTS} accounts; add a second source"),
            ));
        }
        Ok(Self { wire, base, host, reposts: settings.flag("reposts"), accounts })
    }

    /// The address that goes on from a place, of this server or another.
    pub(super) fn url(&self, from: Option<&Cursor>) -> Url {
        let mut url = self.base.clone();
        let collections = if self.reposts { &[POSTS, REPOSTS][..] } else { &[POSTS][..] };
        let (path, collection_key, account_key) = match self.wire {
            Wire::Jetstream2 => ("xrpc/network.bsky.jetstream.subscribeEvents", "collections", "dids"),
            Wire::Jetstream1 => ("subscribe", "wantedCollections", "wantedDids"),
            Wire::Firehose => ("xrpc/com.atproto.sync.subscribeRepos", "", ""),
        };
        url.set_path(path);
        if self.wire != Wire::Firehose {
            let mut query = url.query_pairs_mut();
            query.extend_pairs(collections.iter().map(|collection| (collection_key, collection)));
            query.extend_pairs(self.accounts.iter().map(|account| (account_key, account)));
            query.append_pair("maxMessageSizeBytes", &MAX_EVENT_BYTES.to_string());
        }
        if let Some(cursor) = from.and_then(|cursor| self.cursor(cursor)) {
            url.query_pairs_mut().append_pair("cursor", &cursor.to_string());
        }
        url
    }

    fn cursor(&self, from: &Cursor) -> Option<i64> {
        if from.is_of(self.wire, &self.host) {
            return Some(from.seq);
        }
        match self.wire {
            Wire::Jetstream2 => Some(from.at.minus(MARGIN).as_micros().max(FIRST_TIME_CURSOR)),
            Wire::Jetstream1 => Some(from.at.minus(MARGIN).as_micros()),
            // The numbers of another server say nothing here, and there is no way to ask by time.
            Wire::Firehose => None,
        }
    }

    pub(super) fn handshake(&self) -> Handshake<'static> {
        match self.wire {
            Wire::Jetstream2 => Handshake { protocol: Some("xrpc.v1.json"), ..Handshake::default() },
            Wire::Jetstream1 => Handshake::default(),
            Wire::Firehose => Handshake { max_message_bytes: MAX_COMMIT_BYTES, ..Handshake::default() },
        }
    }
}
