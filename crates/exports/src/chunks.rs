//! What is written, in pieces for a network: a `Write` at one end, a stream at the other, bounded between.

use std::io::{self, Write};
use std::pin::Pin;
use std::task::{Context, Poll};
use std::time::Duration;

use futures_util::Stream;
use tokio::runtime::Handle;
use tokio::sync::mpsc;

/// Bytes of a piece.
const PIECE: usize = 64 << 10;
/// Pieces that are written and not yet taken.
const PIECES_AHEAD: usize = 8;
/// A reader that takes nothing for so long has gone, whatever its connection says.
const LONGEST_WAIT: Duration = Duration::from_secs(120);

/// The end that is written, from a thread that may block.
#[derive(Debug)]
pub struct ChunkWriter {
    sender: mpsc::Sender<Option<Vec<u8>>>,
    buffer: Vec<u8>,
    runtime: Handle,
    longest_wait: Duration,
}

/// The end that is read: pieces, and an error unless the writer said that it is done.
#[derive(Debug)]
pub struct ChunkReader {
    receiver: mpsc::Receiver<Option<Vec<u8>>>,
    over: bool,
}

/// A pipe. Must be called within a runtime.
#[must_use]
pub fn chunks() -> (ChunkWriter, ChunkReader) {
    chunks_with(LONGEST_WAIT)
}

pub(crate) fn chunks_with(longest_wait: Duration) -> (ChunkWriter, ChunkReader) {
    let (sender, receiver) = mpsc::channel(PIECES_AHEAD);
    let writer = ChunkWriter { sender, buffer: Vec::with_capacity(PIECE), runtime: Handle::current(), longest_wait };
    (writer, ChunkReader { receiver, over: false })
}

impl ChunkWriter {
    /// A handle that says that everything was written; to be used after the writer is dropped.
    #[must_use]
    pub fn ending(&self) -> Ending {
        Ending(self.sender.clone())
    }

    fn send(&mut self) -> io::Result<()> {
        if self.buffer.is_empty() {
            return Ok(());
        }
        let piece = std::mem::replace(&mut self.buffer, Vec::with_capacity(PIECE));
        let sent = tokio::time::timeout(self.longest_wait, self.sender.send(Some(piece)));
        match self.runtime.block_on(sent) {
            Ok(Ok(())) => Ok(()),
            Ok(Err(_)) => Err(io::Error::new(io::ErrorKind::BrokenPipe, "the reader of the export has gone")),
            Err(_) => Err(io::Error::new(io::ErrorKind::BrokenPipe, "the reader of the export takes nothing")),
        }
    }
}

impl Write for ChunkWriter {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let room = PIECE - self.buffer.len();
        let taken = bytes.len().min(room);
        self.buffer.extend_from_slice(&bytes[..taken]);
        if self.buffer.len() == PIECE {
            self.send()?;
        }
        Ok(taken)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.send()
    }
}

/// Says that a file is whole.
#[derive(Debug)]
pub struct Ending(mpsc::Sender<Option<Vec<u8>>>);

impl Ending {
    /// Without it the reader sees an error at the end: what is half there must not look whole.
    pub async fn whole(self) {
        // Nobody is left to be told when the reader has gone.
        let _ = self.0.send(None).await;
    }

    /// Returns when the reader has gone.
    pub async fn reader_gone(&self) {
        self.0.closed().await;
    }

    #[must_use]
    pub fn is_reader_gone(&self) -> bool {
        self.0.is_closed()
    }
}

impl Stream for ChunkReader {
    type Item = io::Result<Vec<u8>>;

    fn poll_next(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        if self.over {
            return Poll::Ready(None);
        }
        let received = std::task::ready!(self.receiver.poll_recv(context));
        Poll::Ready(match received {
            Some(Some(piece)) => Some(Ok(piece)),
            Some(None) => {
                self.over = true;
                None
            }
            None => {
                self.over = true;
                Some(Err(io::Error::new(io::ErrorKind::UnexpectedEof, "the export broke off")))
            }
        })
    }
}
