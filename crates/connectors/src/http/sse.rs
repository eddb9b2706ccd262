//! Server-sent events: bytes in, events out, with a bound on what may wait for its end.
//! Follows the WHATWG HTML standard, section 9.2.6.

use crate::error::ConnectorError;

/// One event of the stream.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct SseEvent {
    /// `message` when the stream does not say.
    pub event: String,
    pub data: String,
    /// The last id seen, to be sent as `Last-Event-ID`.
    pub id: Option<String>,
}

/// Turns chunks of bytes into events, wherever the chunks are cut.
#[derive(Debug)]
pub struct SseParser {
    line: Vec<u8>,
    event: String,
    data: String,
    id: Option<String>,
    after_carriage_return: bool,
    max_event_bytes: usize,
}

impl SseParser {
    #[must_use]
    pub const fn new(max_event_bytes: usize) -> Self {
        Self {
            line: Vec::new(),
            event: String::new(),
            data: String::new(),
            id: None,
            after_carriage_return: false,
            max_event_bytes,
        }
    }

    /// Takes a chunk and gives the events that ended in it.
    ///
    /// # Errors
    /// `Protocol` when one event grows past the bound; the stream cannot be followed further.
    pub fn push(&mut self, chunk: &[u8]) -> Result<Vec<SseEvent>, ConnectorError> {
        let mut events = Vec::new();
        for &byte in chunk {
            let paired = std::mem::replace(&mut self.after_carriage_return, byte == b'\r');
            match byte {
                b'\n' if paired => {}
                b'\n' | b'\r' => events.extend(self.end_line()),
                _ if self.line.len() + self.data.len() >= self.max_event_bytes => {
                    let message = format!("an event of the stream is longer than {} bytes", self.max_event_bytes);
                    return Err(ConnectorError::Protocol(message));
                }
                _ => self.line.push(byte),
            }
        }
        Ok(events)
    }

    fn end_line(&mut self) -> Option<SseEvent> {
        let line = std::mem::take(&mut self.line);
        let line = String::from_utf8_lossy(&line);
        let line = line.strip_prefix('\u{feff}').unwrap_or(&line);
        if line.is_empty() {
            let event = std::mem::take(&mut self.event);
            let mut data = std::mem::take(&mut self.data);
            // The newline after the last data line is not part of the data; no data line, no event.
            data.pop()?;
            let event = if event.is_empty() { "message".to_owned() } else { event };
            return Some(SseEvent { event, data, id: self.id.clone() });
        }
        let (field, value) = line.split_once(':').unwrap_or((line, ""));
        let value = value.strip_prefix(' ').unwrap_or(value);
        match field {
            "event" => value.clone_into(&mut self.event),
            "data" => {
                self.data.push_str(value);
                self.data.push('\n');
            }
            "id" if !value.contains('\0') => self.id = Some(value.to_owned()),
            // An empty field name is a comment, the heartbeat of most servers.
            _ => {}
        }
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const STREAM: &str =
        ":thump\n\nevent: update\ndata: {\"id\":\ndata: \"я\"}\nid: 7\n\ndata\r\n\r\ndata:x\r\rid: 8\n\n";

    fn events(chunk_bytes: usize) -> Vec<SseEvent> {
        let mut parser = SseParser::new(1_000);
        STREAM.as_bytes().chunks(chunk_bytes).flat_map(|chunk| parser.push(chunk).expect("a stream")).collect()
    }

    #[test]
    fn events_are_the_same_wherever_the_chunks_are_cut() {
        let event = |name: &str, data: &str| SseEvent { event: name.into(), data: data.into(), id: Some("7".into()) };
        let expected = vec![event("update", "{\"id\":\n\"я\"}"), event("message", ""), event("message", "x")];
        for chunk_bytes in [1, 2, 3, 7, STREAM.len()] {
            assert_eq!(events(chunk_bytes), expected, "chunks of {chunk_bytes}");
        }
    }

    #[test]
    fn an_event_without_end_is_cut_off() {
        let mut parser = SseParser::new(100);
        let endless = (0..50).find_map(|_| parser.push(b"data: 1234\n").err());
        assert!(matches!(endless, Some(ConnectorError::Protocol(_))));
        assert!(matches!(SseParser::new(100).push(&[b'a'; 101]), Err(ConnectorError::Protocol(_))));
    }
}
