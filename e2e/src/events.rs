//! A reader of server-sent events that notes when each arrived.

use std::time::Instant;

use anyhow::{Context as _, ensure};
use futures_util::StreamExt as _;
use futures_util::stream::BoxStream;
use reqwest::Method;
use serde_json::Value;

use crate::api::Api;

/// One event as it came off the wire.
#[derive(Clone, Debug)]
pub struct Frame {
    pub event: String,
    pub id: Option<String>,
    pub data: Value,
    pub arrived: Instant,
}

/// An open stream of events.
pub struct Events {
    bytes: BoxStream<'static, reqwest::Result<Vec<u8>>>,
    buffer: String,
}

impl Events {
    /// Opens the stream; `after` is the last event already seen.
    ///
    /// # Errors
    /// When the server refuses.
    pub async fn open(api: &Api, after: Option<&str>) -> anyhow::Result<Self> {
        // A stream has no end: the client's own limit on a whole request is lifted.
        let mut request = api.request(Method::GET, "/api/events").timeout(std::time::Duration::from_secs(3_600));
        if let Some(after) = after {
            request = request.header("Last-Event-ID", after);
        }
        let answer = request.send().await?;
        ensure!(answer.status().is_success(), "the event stream answered {}", answer.status());
        Ok(Self { bytes: answer.bytes_stream().map(|part| part.map(Into::into)).boxed(), buffer: String::new() })
    }

    /// The next event, whatever its kind; `None` when the server closed the stream.
    ///
    /// # Errors
    /// When the connection breaks or a frame is not what the format promises.
    pub async fn next(&mut self) -> anyhow::Result<Option<Frame>> {
        loop {
            if let Some(end) = self.buffer.find("\n\n") {
                let frame: String = self.buffer.drain(..end + 2).collect();
                if let Some(frame) = parse(&frame)? {
                    return Ok(Some(frame));
                }
                continue;
            }
            match self.bytes.next().await {
                Some(part) => self.buffer.push_str(std::str::from_utf8(&part?).context("the stream is not UTF-8")?),
                None => return Ok(None),
            }
        }
    }

    /// The next event of that kind; others are passed over.
    ///
    /// # Errors
    /// As [`Events::next`], and when the stream ends.
    pub async fn next_of(&mut self, kind: &str) -> anyhow::Result<Frame> {
        loop {
            let frame = self.next().await?.context("the event stream ended")?;
            if frame.event == kind {
                return Ok(frame);
            }
        }
    }
}

fn parse(text: &str) -> anyhow::Result<Option<Frame>> {
    let arrived = Instant::now();
    let (mut event, mut id, mut data) = ("message".to_owned(), None, String::new());
    for line in text.lines() {
        let Some((field, value)) = line.split_once(':') else { continue };
        let value = value.strip_prefix(' ').unwrap_or(value);
        match field {
            "event" => event = value.to_owned(),
            "id" => id = Some(value.to_owned()),
            "data" => data.push_str(value),
            _ => {}
        }
    }
    if data.is_empty() {
        return Ok(None);
    }
    let data = serde_json::from_str(&data).with_context(|| format!("the data of `{event}` is not JSON"))?;
    Ok(Some(Frame { event, id, data, arrived }))
}
