//! The filtered stream: a line for each post that fits a rule, and an empty one every twenty seconds.

use std::collections::VecDeque;
use std::convert::Infallible;
use std::time::Duration;

use axum::body::{Body, Bytes};
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse as _, Response};
use futures_util::stream;
use serde_json::{Value, json};
use tokio::time::Instant;

use super::problem::Problem;
use super::render::Wanted;
use super::tweets::made_ms;
use super::{Call, X};
use crate::faults::Fault;
use crate::spoil;

const HEARTBEAT: Duration = Duration::from_secs(20);
/// Written at once; something goes wrong with so many together.
const AT_ONCE: usize = 10;
/// A stream that has gone silent is given up by the network too.
const SILENT: Duration = Duration::from_secs(300);

const FAULTS: &[Fault] = &[
    Fault::Duplicate,
    Fault::OutOfOrder,
    Fault::CutJson,
    Fault::UnknownFields,
    Fault::SlowBody,
    Fault::Silent,
    Fault::Disconnect,
];

/// One connection; there is only one at a time.
struct Connection {
    x: X,
    call: Wanted,
    /// So many posts were seen.
    after: usize,
    waiting: VecDeque<Step>,
    heard: Instant,
}

enum Step {
    Write(Vec<u8>),
    Wait(Duration),
    End,
}

impl Drop for Connection {
    fn drop(&mut self) {
        let mut own = self.x.own();
        own.connections = own.connections.saturating_sub(1);
    }
}

pub(super) fn open(x: &X, call: &Call) -> Result<Response, Problem> {
    if !call.caller.is_app() {
        return Err(Problem::wrong_token("OAuth 2.0 Application-Only"));
    }
    let backfill = call.number("backfill_minutes")?.unwrap_or(0).min(5);
    let mut own = x.own();
    if own.rules.is_empty() {
        let detail = "There are no rules associated with this App. Add rules before connecting to the stream.";
        return Err(Problem::new(409, "RulesNotConfigured", detail, "rules-not-configured"));
    }
    if own.connections > 0 {
        let detail = "This stream is currently at the maximum allowed connection limit.";
        let more = json!({"connection_issue": "TooManyConnections"});
        return Err(Problem::new(429, "ConnectionException", detail, "streaming-connection").with(more));
    }
    own.connections += 1;
    let from = (call.now - i64::try_from(backfill).unwrap_or(0) * 60) * 1_000;
    let newest = own.tweets.newest();
    let young =
        own.tweets.news(0, usize::MAX).iter().rev().take_while(|id| backfill > 0 && made_ms(**id) >= from).count();
    drop(own);
    let connection = Connection {
        x: x.clone(),
        call: Wanted::of(call),
        after: newest - young,
        waiting: VecDeque::new(),
        heard: Instant::now(),
    };
    let body = stream::unfold(connection, |mut connection| async move {
        let chunk = connection.next().await?;
        Some((Ok::<_, Infallible>(Bytes::from(chunk)), connection))
    });
    let headers = [(header::CONTENT_TYPE, "application/json; charset=utf-8")];
    Ok((StatusCode::OK, headers, Body::from_stream(body)).into_response())
}

impl Connection {
    async fn next(&mut self) -> Option<Vec<u8>> {
        loop {
            match self.waiting.pop_front() {
                Some(Step::Write(bytes)) => {
                    self.heard = Instant::now();
                    return Some(bytes);
                }
                Some(Step::Wait(time)) => tokio::time::sleep(time).await,
                Some(Step::End) => return None,
                None => {
                    let heartbeat = self.x.sandbox.scaled(HEARTBEAT);
                    if !self.news() {
                        if self.heard.elapsed() >= heartbeat {
                            self.waiting.push_back(Step::Write(b"\r\n".to_vec()));
                        } else {
                            self.x.sandbox.news(heartbeat.min(Duration::from_millis(50))).await;
                        }
                    }
                }
            }
        }
    }

    /// Whether something is to be written now.
    fn news(&mut self) -> bool {
        self.x.catch_up();
        let now = self.x.sandbox.now();
        let (mut lines, seen) = {
            let mut own = self.x.own();
            let ids: Vec<u64> = own.tweets.news(self.after, AT_ONCE).to_vec();
            let (mut lines, mut read) = (Vec::new(), Vec::new());
            for tweet in ids.iter().filter_map(|id| own.tweets.find(*id)).filter(|tweet| !tweet.deleted) {
                let above = tweet.above.and_then(|above| own.tweets.find(above));
                let rules = own.rules.matching(tweet, above);
                if !rules.is_empty() {
                    let mut line = json!({"data": self.call.post(&own.tweets, tweet), "matching_rules": rules});
                    let along = self.call.includes(&own.tweets, &[tweet]);
                    if along.as_object().is_some_and(|along| !along.is_empty()) {
                        line["includes"] = along;
                    }
                    lines.push(line);
                    read.push(tweet.id());
                }
            }
            for id in read {
                own.money.read(id, now);
            }
            (lines, ids.len())
        };
        self.after += seen;
        if lines.is_empty() {
            return seen > 0;
        }
        let (fault, slow) = {
            let mut inside = self.x.sandbox.inside();
            inside.counts.items_served += lines.len() as u64;
            (inside.draw(FAULTS), Duration::from_millis(inside.faults.slow_ms))
        };
        spoil::list(&mut lines, fault);
        if fault == Some(Fault::UnknownFields) {
            lines.iter_mut().for_each(spoil::with_unknown_fields);
        }
        self.write(&lines, fault, slow);
        true
    }

    fn write(&mut self, lines: &[Value], fault: Option<Fault>, slow: Duration) {
        let mut bytes = Vec::new();
        for line in lines {
            bytes.extend_from_slice(line.to_string().as_bytes());
            bytes.extend_from_slice(b"\r\n");
        }
        let steps = match fault {
            // The last of them in its middle.
            Some(Fault::CutJson) => {
                bytes.truncate(bytes.len().saturating_sub(20));
                vec![Step::Write(bytes), Step::End]
            }
            Some(Fault::SlowBody) => {
                let late = bytes.split_off(bytes.len() / 2);
                vec![Step::Write(bytes), Step::Wait(slow), Step::Write(late)]
            }
            // These and whatever comes then is told to nobody.
            Some(Fault::Silent) => {
                vec![Step::Wait(self.x.sandbox.scaled(SILENT).max(Duration::from_secs(3))), Step::End]
            }
            Some(Fault::Disconnect) => {
                let error = json!({"errors": [{
                    "title": "operational-disconnect", "disconnect_type": "UpstreamOperationalDisconnect",
                    "detail": "This stream has been disconnected upstream for operational reasons.",
                    "type": "https://api.x.com/2/problems/operational-disconnect",
                }]});
                vec![Step::Write(format!("{error}\r\n").into_bytes()), Step::End]
            }
            _ => vec![Step::Write(bytes)],
        };
        self.waiting.extend(steps);
    }
}
