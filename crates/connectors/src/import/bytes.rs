//! From a file to text: counted, unpacked, decoded to UTF-8, a little at a time.

use std::fs::File;
use std::io::{self, BufRead, BufReader, Read, Seek, SeekFrom};
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use encoding_rs::{Decoder, Encoding, UTF_8};
use flate2::bufread::MultiGzDecoder;

use super::{ImportError, ImportPlan, cannot_read};

const BUFFER_BYTES: usize = 64 << 10;

/// How far a file has been read; shared with whoever shows progress.
#[derive(Clone, Debug, Default)]
pub(crate) struct Position(Arc<AtomicU64>);

impl Position {
    pub(crate) fn bytes(&self) -> u64 {
        self.0.load(Ordering::Relaxed)
    }
}

/// A file that counts what is read of it.
pub(crate) struct CountedFile {
    file: File,
    position: Position,
}

impl CountedFile {
    /// The file and its size in bytes.
    pub(crate) fn open(path: &Path, position: &Position) -> Result<(Self, u64), ImportError> {
        let failed = |error| cannot_read(path, &error);
        let file = File::open(path).map_err(failed)?;
        let metadata = file.metadata().map_err(failed)?;
        if metadata.is_dir() {
            return Err(ImportError(format!("`{}` is a folder; name a file in it", path.display())));
        }
        Ok((Self { file, position: position.clone() }, metadata.len()))
    }
}

impl Read for CountedFile {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let count = self.file.read(buffer)?;
        self.position.0.fetch_add(count as u64, Ordering::Relaxed);
        Ok(count)
    }
}

impl Seek for CountedFile {
    fn seek(&mut self, to: SeekFrom) -> io::Result<u64> {
        let at = self.file.seek(to)?;
        self.position.0.store(at, Ordering::Relaxed);
        Ok(at)
    }
}

/// The bytes of a file, unpacked when it is gzip. Several gzip members in a row are one stream.
pub(crate) fn unpacked(file: CountedFile, gzip: bool) -> Box<dyn BufRead + Send> {
    let file = BufReader::with_capacity(BUFFER_BYTES, file);
    if gzip { Box::new(BufReader::with_capacity(BUFFER_BYTES, MultiGzDecoder::new(file))) } else { Box::new(file) }
}

/// The text of a file in UTF-8. What claims to be UTF-8 is passed on as it is, so that each line can be judged.
pub(crate) fn decoded(file: CountedFile, plan: &ImportPlan) -> Result<Box<dyn BufRead + Send>, ImportError> {
    let encoding = encoding_named(&plan.encoding)?;
    let bytes = unpacked(file, plan.gzip);
    Ok(if encoding == UTF_8 { bytes } else { Box::new(Decoding::new(bytes, encoding)) })
}

/// The encoding of a WHATWG name or label.
pub(crate) fn encoding_named(name: &str) -> Result<&'static Encoding, ImportError> {
    Encoding::for_label(name.as_bytes()).ok_or_else(|| {
        ImportError(format!("`{name}` is no encoding; use a name such as `utf-8`, `windows-1251` or `utf-16le`"))
    })
}

/// Turns a stream of some encoding into UTF-8; bytes that mean nothing become U+FFFD.
struct Decoding {
    stream: Box<dyn BufRead + Send>,
    decoder: Decoder,
    text: Vec<u8>,
    start: usize,
    end: usize,
    finished: bool,
}

impl Decoding {
    fn new(stream: Box<dyn BufRead + Send>, encoding: &'static Encoding) -> Self {
        let decoder = encoding.new_decoder_with_bom_removal();
        Self { stream, decoder, text: vec![0; BUFFER_BYTES], start: 0, end: 0, finished: false }
    }
}

impl BufRead for Decoding {
    fn fill_buf(&mut self) -> io::Result<&[u8]> {
        while self.start == self.end && !self.finished {
            let input = self.stream.fill_buf()?;
            let last = input.is_empty();
            let (result, read, written, _) = self.decoder.decode_to_utf8(input, &mut self.text, last);
            self.stream.consume(read);
            (self.start, self.end) = (0, written);
            // The decoder must not be called again once its end has been flushed.
            self.finished = last && result == encoding_rs::CoderResult::InputEmpty;
        }
        Ok(&self.text[self.start..self.end])
    }

    fn consume(&mut self, count: usize) {
        self.start += count;
    }
}

impl Read for Decoding {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let available = self.fill_buf()?;
        let count = available.len().min(buffer.len());
        buffer[..count].copy_from_slice(&available[..count]);
        self.consume(count);
        Ok(count)
    }
}
