//! Calling those who want to be called, as networks do: again and again until the call is taken, not always in order, sometimes twice.

use std::time::Duration;

use serde_json::Value;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;
use url::Url;

use crate::faults::Fault;
use crate::sandbox::Sandbox;
use crate::spoil;

/// Calls on their way at once.
pub(crate) const AT_ONCE: usize = 16;
/// What can go wrong with a call. An inner error means that the answer gets lost.
const FAULTS: &[Fault] =
    &[Fault::ServerError, Fault::Duplicate, Fault::OutOfOrder, Fault::CutJson, Fault::UnknownFields, Fault::SlowBody];
/// An answer has to come within this.
const PATIENCE: Duration = Duration::from_secs(10);
/// Longest answer that is read.
const MAX_ANSWER_BYTES: u64 = 64 << 10;
/// First and longest pause before a call is made again, in the network's time.
const AGAIN: (Duration, Duration) = (Duration::from_secs(1), Duration::from_secs(60));
/// How long what is told out of order is held back, in the network's time.
const LATE: Duration = Duration::from_secs(3);

/// Where to call.
#[derive(Clone, Debug)]
pub(crate) struct Target {
    pub url: String,
    /// A header that proves who calls.
    pub proof: Option<(&'static str, Proof)>,
}

/// What stands in it.
#[derive(Clone, Debug)]
pub(crate) enum Proof {
    Secret(String),
    /// Made of the body.
    Signature(fn(&[u8]) -> String),
}

/// An answer: its status and its body.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Answer {
    pub status: u16,
    pub body: String,
}

/// Calls until it is taken. `target` is asked before each try; without one it is given up. What failed is told to `failed`.
pub(crate) async fn until_taken(
    sandbox: &Sandbox,
    body: &Value,
    target: impl Fn() -> Option<Target>,
    taken: fn(&Answer) -> bool,
    failed: impl Fn(String),
) -> bool {
    let mut pause = AGAIN.0;
    loop {
        let Some(target) = target() else { return false };
        let (fault, slow_ms) = {
            let mut inside = sandbox.inside();
            inside.counts.calls += 1;
            (inside.draw(FAULTS), inside.faults.slow_ms)
        };
        if fault == Some(Fault::OutOfOrder) {
            tokio::time::sleep(sandbox.scaled(LATE)).await;
        }
        if fault == Some(Fault::Duplicate) {
            // The answer to this one does not matter.
            let _ = call(&target, body, None, slow_ms).await;
        }
        match call(&target, body, fault, slow_ms).await {
            Ok(answer) if taken(&answer) && fault != Some(Fault::ServerError) => return true,
            Ok(answer) => failed(format!("Wrong response from the webhook: {}", answer.status)),
            Err(error) => failed(error.to_string()),
        }
        tokio::time::sleep(sandbox.scaled(pause)).await;
        pause = (pause * 2).min(AGAIN.1);
    }
}

/// One call, whole or spoilt.
pub(crate) async fn call(
    target: &Target,
    body: &Value,
    fault: Option<Fault>,
    slow_ms: u64,
) -> Result<Answer, std::io::Error> {
    let answered = tokio::time::timeout(PATIENCE, post(target, body, fault, slow_ms)).await;
    answered.unwrap_or_else(|_elapsed| Err(std::io::Error::new(std::io::ErrorKind::TimedOut, "Read timeout expired")))
}

async fn post(target: &Target, body: &Value, fault: Option<Fault>, slow_ms: u64) -> Result<Answer, std::io::Error> {
    let wrong = |why: &str| std::io::Error::new(std::io::ErrorKind::InvalidInput, why.to_owned());
    let url = Url::parse(&target.url).map_err(|error| wrong(&error.to_string()))?;
    let (Some(host), Some(port)) = (url.host_str(), url.port_or_known_default()) else { return Err(wrong("no host")) };
    if url.scheme() != "http" {
        return Err(wrong("an emulator calls addresses of plain http only"));
    }
    let mut body = body.clone();
    if fault == Some(Fault::UnknownFields) {
        spoil::with_unknown_fields(&mut body);
    }
    let mut text = body.to_string();
    let proof = target.proof.as_ref().map(|(name, proof)| match proof {
        Proof::Secret(secret) => format!("{name}: {secret}\r\n"),
        Proof::Signature(sign) => format!("{name}: {}\r\n", sign(text.as_bytes())),
    });
    let proof = proof.unwrap_or_default();
    let half = text.floor_char_boundary(text.len() / 2);
    if fault == Some(Fault::CutJson) {
        text.truncate(half);
    }
    let path = url.query().map_or_else(|| url.path().to_owned(), |query| format!("{}?{query}", url.path()));
    let head = format!(
        "POST {path} HTTP/1.1\r\nHost: {host}:{port}\r\nContent-Type: application/json\r\nContent-Length: {}\r\n{proof}Connection: close\r\n\r\n",
        text.len()
    );
    let mut stream = TcpStream::connect((host, port)).await?;
    stream.write_all(head.as_bytes()).await?;
    if fault == Some(Fault::SlowBody) {
        stream.write_all(&text.as_bytes()[..half]).await?;
        stream.flush().await?;
        tokio::time::sleep(Duration::from_millis(slow_ms)).await;
        stream.write_all(&text.as_bytes()[half..]).await?;
    } else {
        stream.write_all(text.as_bytes()).await?;
    }
    let mut answer = Vec::new();
    stream.take(MAX_ANSWER_BYTES).read_to_end(&mut answer).await?;
    read(&String::from_utf8_lossy(&answer)).ok_or_else(|| wrong("no answer of HTTP"))
}

/// A question by `GET`.
pub(crate) async fn ask(url: &str) -> Result<Answer, std::io::Error> {
    let wrong = |why: &str| std::io::Error::new(std::io::ErrorKind::InvalidInput, why.to_owned());
    let url = Url::parse(url).map_err(|error| wrong(&error.to_string()))?;
    let (Some(host), Some(port)) = (url.host_str(), url.port_or_known_default()) else { return Err(wrong("no host")) };
    if url.scheme() != "http" {
        return Err(wrong("an emulator asks addresses of plain http only"));
    }
    let path = url.query().map_or_else(|| url.path().to_owned(), |query| format!("{}?{query}", url.path()));
    let head = format!("GET {path} HTTP/1.1\r\nHost: {host}:{port}\r\nConnection: close\r\n\r\n");
    let asking = async {
        let mut stream = TcpStream::connect((host, port)).await?;
        stream.write_all(head.as_bytes()).await?;
        let mut answer = Vec::new();
        stream.take(MAX_ANSWER_BYTES).read_to_end(&mut answer).await?;
        read(&String::from_utf8_lossy(&answer)).ok_or_else(|| wrong("no answer of HTTP"))
    };
    let answered = tokio::time::timeout(PATIENCE, asking).await;
    answered.unwrap_or_else(|_elapsed| Err(std::io::Error::new(std::io::ErrorKind::TimedOut, "Read timeout expired")))
}

fn read(answer: &str) -> Option<Answer> {
    let (head, body) = answer.split_once("\r\n\r\n")?;
    let status = head.split(' ').nth(1)?.parse().ok()?;
    Some(Answer { status, body: body.to_owned() })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_answer_is_its_status_and_its_body() {
        let answer = read("HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nok");
        assert_eq!(answer, Some(Answer { status: 200, body: "ok".to_owned() }));
        assert_eq!(read("HTTP/1.1 garbage"), None);
    }
}
