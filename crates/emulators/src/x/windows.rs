//! How often may be asked: windows of a quarter of an hour that begin with their first request.

use std::collections::HashMap;
use std::time::Duration;

use axum::http::HeaderValue;
use axum::response::Response;
use tokio::time::Instant;

use super::auth::Caller;
use super::endpoint::Endpoint;
use crate::sandbox::Sandbox;

const WINDOW: Duration = Duration::from_secs(900);
/// How long is refused when something goes wrong on purpose.
const REFUSED: Duration = Duration::from_secs(3);

type Key = (&'static str, String);

#[derive(Debug, Default)]
pub(super) struct Windows {
    of: HashMap<Key, (Instant, u64)>,
    /// Told to stay away until then.
    away: HashMap<Key, Instant>,
}

/// What the headers of an answer tell.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Told {
    limit: u64,
    remaining: u64,
    /// Unix seconds.
    reset: i64,
}

impl Told {
    pub(super) fn put(&self, mut response: Response) -> Response {
        let told = [
            ("x-rate-limit-limit", self.limit.to_string()),
            ("x-rate-limit-remaining", self.remaining.to_string()),
            ("x-rate-limit-reset", self.reset.to_string()),
            ("x-access-level", "read-write".to_owned()),
        ];
        for (name, value) in told {
            if let Ok(value) = HeaderValue::from_str(&value) {
                response.headers_mut().insert(name, value);
            }
        }
        response
    }
}

impl Windows {
    /// One request; refused above the limit, and before the end of a wait that was told.
    pub(super) fn come(
        &mut self,
        sandbox: &Sandbox,
        endpoint: &Endpoint,
        caller: &Caller,
        now: i64,
    ) -> Result<Told, Told> {
        let limit = if caller.is_app() { endpoint.app } else { endpoint.user };
        let key = (endpoint.name, caller.name());
        let at = Instant::now();
        if let Some(until) = self.away.get(&key).copied().filter(|until| *until > at) {
            return Err(Told { limit, remaining: 0, reset: now + 1 + seconds(sandbox, until - at) });
        }
        let window = sandbox.scaled(WINDOW);
        let (begun, count) = self.of.entry(key).or_insert((at, 0));
        if at - *begun >= window {
            (*begun, *count) = (at, 0);
        }
        *count += 1;
        let left = window.saturating_sub(at - *begun);
        let told = Told { limit, remaining: limit.saturating_sub(*count), reset: now + 1 + seconds(sandbox, left) };
        // Where nobody of the kind may ask, the answer says so itself.
        if limit > 0 && *count > limit { Err(told) } else { Ok(told) }
    }

    /// Refused for some seconds.
    pub(super) fn stay_away(&mut self, sandbox: &Sandbox, endpoint: &Endpoint, caller: &Caller, now: i64) -> Told {
        let wait = sandbox.scaled(REFUSED);
        self.away.insert((endpoint.name, caller.name()), Instant::now() + wait);
        let limit = if caller.is_app() { endpoint.app } else { endpoint.user };
        Told { limit, remaining: 0, reset: now + 1 + seconds(sandbox, wait) }
    }
}

/// Of our time, in seconds of the network.
fn seconds(sandbox: &Sandbox, wait: Duration) -> i64 {
    let scale = WINDOW.as_secs_f64() / sandbox.scaled(WINDOW).as_secs_f64();
    (wait.as_secs_f64() * scale).ceil() as i64
}
