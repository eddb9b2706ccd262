//! Rows are read by a task and written on a thread of their own; a few blocks lie between them.

use std::io::Write;
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use tokio::sync::mpsc;

use crate::failure::Failure;
use crate::format::Format;
use crate::table::{Block, Table};

/// Blocks that are read and not yet written.
const BLOCKS_AHEAD: usize = 2;

enum Piece {
    Rows(Block),
    End,
    Failed(Failure),
}

/// The end that rows are put into.
#[derive(Debug)]
pub struct Rows(mpsc::Sender<Piece>);

/// The end that rows are taken from; see [`write()`].
#[derive(Debug)]
pub struct RowReader {
    receiver: mpsc::Receiver<Piece>,
    taken: Arc<AtomicU64>,
}

impl RowReader {
    /// Rows that were taken so far, for whoever watches.
    #[must_use]
    pub fn taken(&self) -> Arc<AtomicU64> {
        self.taken.clone()
    }
}

/// A stream of rows with bounded room.
#[must_use]
pub fn rows() -> (Rows, RowReader) {
    let (sender, receiver) = mpsc::channel(BLOCKS_AHEAD);
    (Rows(sender), RowReader { receiver, taken: Arc::default() })
}

impl Rows {
    /// Waits until there is room.
    ///
    /// # Errors
    /// [`Failure::ReaderGone`]: the export was given up; stop reading.
    pub async fn put(&self, block: Block) -> Result<(), Failure> {
        if block.is_empty() {
            return Ok(());
        }
        self.0.send(Piece::Rows(block)).await.map_err(|_| Failure::ReaderGone)
    }

    /// Says that those were all rows, or why there are no more. Dropped without it, the export fails: what is half
    /// there must not look whole.
    pub async fn end(self, result: Result<(), Failure>) {
        let last = match result {
            Ok(()) => Piece::End,
            Err(failure) => Piece::Failed(failure),
        };
        // Nobody is left to be told when the reader has gone.
        let _ = self.0.send(last).await;
    }
}

/// Writes the rows as they come; answers how many there were. `out` is written from a thread that may block.
///
/// # Errors
/// Whatever stopped the rows or the writing; what is in `out` then is not a whole file.
pub async fn write<W: Write + Send + 'static>(
    format: Format,
    table: Table,
    mut rows: RowReader,
    out: W,
    scratch: PathBuf,
) -> Result<u64, Failure> {
    let writing = tokio::task::spawn_blocking(move || {
        let mut output = format.open(table, out, &scratch)?;
        let mut written = 0;
        loop {
            match rows.receiver.blocking_recv() {
                Some(Piece::Rows(block)) => {
                    written += block.len() as u64;
                    output.write(block)?;
                    rows.taken.store(written, Ordering::Relaxed);
                }
                Some(Piece::End) => break,
                Some(Piece::Failed(failure)) => return Err(failure),
                None => return Err(Failure::BrokenOff),
            }
        }
        output.finish()?;
        Ok(written)
    });
    // A panic has been logged by its hook.
    writing.await.map_err(|_| Failure::BrokenOff)?
}
