//! A stream cut into its lines. Between posts X sends an empty line every twenty seconds.

use tokio::sync::mpsc::{Receiver, channel};
use tokio::task::JoinSet;

use crate::error::ConnectorError;
use crate::http::OpenResponse;

/// Lines that wait while searches are read; then X waits.
const QUEUE: usize = 256;
/// Longest line, in bytes.
const MAX_LINE_BYTES: usize = 1 << 20;

/// An open stream, read beside. Dropping it closes it.
#[derive(Debug)]
pub(super) struct Lines {
    arrivals: Receiver<Result<Vec<u8>, ConnectorError>>,
    _reader: JoinSet<()>,
}

impl Lines {
    pub(super) fn of(stream: OpenResponse) -> Self {
        let (sender, arrivals) = channel(QUEUE);
        let mut reader = JoinSet::new();
        reader.spawn(async move {
            let mut stream = stream;
            let mut cutter = Cutter::default();
            let end = loop {
                let lines = match stream.chunk().await {
                    Ok(Some(chunk)) => cutter.push(&chunk),
                    Ok(None) => break transient("X ended the stream"),
                    Err(error) => break error,
                };
                match lines {
                    Err(error) => break error,
                    Ok(lines) => {
                        for line in lines {
                            // Nobody listens any more.
                            if sender.send(Ok(line)).await.is_err() {
                                return;
                            }
                        }
                    }
                }
            };
            drop(sender.send(Err(end)).await);
        });
        Self { arrivals, _reader: reader }
    }

    /// The next line that is not empty; an error ends it all.
    pub(super) async fn next(&mut self) -> Result<Vec<u8>, ConnectorError> {
        self.arrivals.recv().await.unwrap_or_else(|| Err(transient("the stream has ended")))
    }
}

pub(super) fn transient(message: &str) -> ConnectorError {
    ConnectorError::Transient { message: message.to_owned(), retry_after: None }
}

/// Turns chunks into lines, wherever the chunks are cut.
#[derive(Debug, Default)]
struct Cutter {
    line: Vec<u8>,
}

impl Cutter {
    fn push(&mut self, chunk: &[u8]) -> Result<Vec<Vec<u8>>, ConnectorError> {
        let mut lines = Vec::new();
        for piece in chunk.split_inclusive(|byte| *byte == b'\n') {
            if self.line.len() + piece.len() > MAX_LINE_BYTES {
                let message = format!("a line of the stream is longer than {MAX_LINE_BYTES} bytes");
                return Err(ConnectorError::Protocol(message));
            }
            self.line.extend_from_slice(piece);
            if self.line.ends_with(b"\n") {
                let line = std::mem::take(&mut self.line);
                if !line.trim_ascii().is_empty() {
                    lines.push(line.trim_ascii().to_vec());
                }
            }
        }
        Ok(lines)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_are_the_same_wherever_the_chunks_are_cut_and_half_a_line_is_none() {
        let stream = b"\r\n{\"a\":1}\r\n\r\n\r\n{\"b\":2}\r\n{\"c\"";
        for size in [1, 2, 3, 7, stream.len()] {
            let mut cutter = Cutter::default();
            let lines: Vec<Vec<u8>> =
                stream.chunks(size).flat_map(|chunk| cutter.push(chunk).expect("short lines")).collect();
            assert_eq!(lines, [b"{\"a\":1}".to_vec(), b"{\"b\":2}".to_vec()], "chunks of {size}");
        }
        let endless = (0..20).find_map(|_| Cutter { line: vec![b'a'; MAX_LINE_BYTES] }.push(b"a").err());
        assert!(matches!(endless, Some(ConnectorError::Protocol(_))));
    }
}
