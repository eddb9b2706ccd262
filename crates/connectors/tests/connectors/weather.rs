//! What goes wrong between us and a real server: every so many answers something else, until all of it was met.

use std::collections::BTreeSet;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use molva_emulators::Counts;
use serde_json::Value;
use tokio::io::AsyncWriteExt as _;
use tokio::net::TcpStream;

/// What happens to one request.
#[derive(Clone)]
pub(crate) enum Trouble {
    /// Answered with this and not handed on.
    Say(String),
    /// Refused for coming too often; whoever comes again before that is counted.
    Limit(String, Duration),
    /// Neither handed on nor answered.
    HangUp,
    /// Handed on; the connection breaks in the middle of the answer.
    Cut,
    /// Handed on; the answer comes late.
    Slow(Duration),
    /// Handed on; the answer is another one.
    Change(fn(&mut Value)),
}

/// Shared by all connections of a proxy; fair until told otherwise.
#[derive(Clone, Default)]
pub(crate) struct Weather(Arc<Mutex<Inside>>);

#[derive(Default)]
struct Inside {
    every: usize,
    troubles: Vec<Trouble>,
    requests: usize,
    met: BTreeSet<usize>,
    next: usize,
    closed_until: Option<Instant>,
    came_too_early: usize,
    /// The real server's own, which nobody asked for.
    refusals: u64,
    counts: Counts,
}

impl Weather {
    /// One of `every` requests meets the next trouble.
    pub(crate) fn turns(&self, every: usize, troubles: Vec<Trouble>) {
        let mut inside = self.inside();
        (inside.every, inside.troubles) = (every, troubles);
    }

    /// Kinds of trouble that were met, and how often somebody came before the time that was named.
    pub(crate) fn told(&self) -> (usize, usize) {
        let inside = self.inside();
        (inside.met.len(), inside.came_too_early)
    }

    /// For the table of the bar: a limit is exceeded by who comes before the time, or too often for the server itself.
    pub(crate) fn counts(&self) -> Counts {
        let inside = self.inside();
        Counts { limits_exceeded: inside.came_too_early as u64 + inside.refusals, ..inside.counts.clone() }
    }

    /// Looks at a real answer.
    pub(crate) fn passes(&self, answer: &[u8]) {
        self.inside().refusals += u64::from(answer.starts_with(b"HTTP/1.1 429"));
    }

    fn inside(&self) -> MutexGuard<'_, Inside> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Counts a request; what happens to it.
    pub(crate) fn trouble(&self) -> Option<Trouble> {
        let mut inside = self.inside();
        inside.requests += 1;
        *inside.counts.requests.entry("request".to_owned()).or_default() += 1;
        if inside.closed_until.take().is_some_and(|until| Instant::now() < until) {
            inside.came_too_early += 1;
        }
        if inside.troubles.is_empty() || !inside.requests.is_multiple_of(inside.every) {
            return None;
        }
        let index = inside.next % inside.troubles.len();
        inside.next += 1;
        inside.met.insert(index);
        let trouble = inside.troubles[index].clone();
        *inside.counts.faults.entry(trouble.name()).or_default() += 1;
        if let Trouble::Limit(_, wait) = &trouble {
            inside.closed_until = Some(Instant::now() + *wait);
        }
        Some(trouble)
    }
}

impl Trouble {
    fn name(&self) -> &'static str {
        match self {
            Self::Say(said) if said.contains(" 401 ") => "expired",
            Self::Say(said) if said.contains(" 50") => "server_error",
            Self::Say(_) => "refused",
            Self::Limit(..) => "rate_limit",
            Self::HangUp => "disconnect",
            Self::Cut => "cut_json",
            Self::Slow(_) => "slow_body",
            Self::Change(_) => "changed",
        }
    }

    /// Whether the request ends here.
    pub(crate) async fn instead(&self, stream: &mut TcpStream) -> bool {
        match self {
            Self::Say(said) | Self::Limit(said, _) => {
                let _ = stream.write_all(said.as_bytes()).await;
                true
            }
            Self::HangUp => true,
            Self::Slow(wait) => {
                tokio::time::sleep(*wait).await;
                false
            }
            Self::Cut | Self::Change(_) => false,
        }
    }

    /// What is left of the real answer.
    pub(crate) fn spoilt(&self, answer: &[u8]) -> Vec<u8> {
        match self {
            Self::Cut => answer[..answer.len() / 2].to_vec(),
            Self::Change(change) => changed(answer, *change).expect("the server answers JSON"),
            _ => answer.to_vec(),
        }
    }
}

/// An answer of JSON, told otherwise.
fn changed(answer: &[u8], change: fn(&mut Value)) -> Option<Vec<u8>> {
    let at = answer.windows(4).position(|four| four == b"\r\n\r\n")? + 4;
    let head = String::from_utf8_lossy(&answer[..at]).into_owned();
    let is = |line: &str, name: &str| line.to_ascii_lowercase().starts_with(name);
    let in_chunks = head.lines().any(|line| is(line, "transfer-encoding: chunked"));
    let body = if in_chunks { joined(&answer[at..])? } else { answer[at..].to_vec() };
    let mut body: Value = serde_json::from_slice(&body).ok()?;
    change(&mut body);
    let body = body.to_string();
    let of_length = |line: &str| line.is_empty() || is(line, "content-length:") || is(line, "transfer-encoding:");
    let head: Vec<&str> = head.lines().filter(|line| !of_length(line)).collect();
    Some(format!("{}\r\ncontent-length: {}\r\n\r\n{body}", head.join("\r\n"), body.len()).into_bytes())
}

/// What came in chunks, in one.
fn joined(mut chunks: &[u8]) -> Option<Vec<u8>> {
    let mut whole = Vec::new();
    loop {
        let line = chunks.windows(2).position(|two| two == b"\r\n")?;
        let size = usize::from_str_radix(std::str::from_utf8(&chunks[..line]).ok()?.trim(), 16).ok()?;
        let from = line + 2;
        if size == 0 {
            return Some(whole);
        }
        whole.extend_from_slice(chunks.get(from..from + size)?);
        chunks = chunks.get(from + size + 2..)?;
    }
}
