//! Lines of bounded length out of any stream, numbered as an editor numbers them.

use std::io::{self, BufRead, Read};

use super::MAX_RECORD_BYTES;

/// What [`Lines::next`] found.
#[derive(Debug)]
pub(crate) enum Line {
    /// A whole line is in the buffer, without its end.
    Whole,
    /// Longer than [`MAX_RECORD_BYTES`]: its beginning is in the buffer, the rest was passed over.
    TooLong,
    /// The stream broke; what came before the break is in the buffer. Nothing follows.
    Broken(io::Error),
}

pub(crate) struct Lines {
    stream: Box<dyn BufRead + Send>,
    buffer: Vec<u8>,
    number: u64,
    ended: bool,
}

impl Lines {
    pub(crate) fn new(stream: Box<dyn BufRead + Send>) -> Self {
        Self { stream, buffer: Vec::new(), number: 0, ended: false }
    }

    /// Reads on; `None` at the end.
    pub(crate) fn next(&mut self) -> Option<Line> {
        if self.ended {
            return None;
        }
        self.buffer.clear();
        let limit = MAX_RECORD_BYTES as u64 + 1;
        let result = (&mut self.stream).take(limit).read_until(b'\n', &mut self.buffer);
        self.number += 1;
        match result {
            Ok(0) => {
                self.ended = true;
                None
            }
            Ok(_) => {
                let ended_well = self.buffer.last() == Some(&b'\n');
                if !ended_well && self.buffer.len() > MAX_RECORD_BYTES {
                    return Some(self.pass_over());
                }
                self.trim();
                Some(Line::Whole)
            }
            Err(error) => Some(self.broken(error)),
        }
    }

    /// Content of the last line.
    pub(crate) fn content(&self) -> &[u8] {
        &self.buffer
    }

    /// Number of the last line, from one.
    pub(crate) const fn number(&self) -> u64 {
        self.number
    }

    fn trim(&mut self) {
        if self.buffer.last() == Some(&b'\n') {
            self.buffer.pop();
        }
        if self.buffer.last() == Some(&b'\r') {
            self.buffer.pop();
        }
        if self.number == 1 && self.buffer.starts_with(b"\xef\xbb\xbf") {
            self.buffer.drain(..3);
        }
    }

    fn pass_over(&mut self) -> Line {
        self.buffer.truncate(4_096);
        let mut rest = Vec::new();
        loop {
            rest.clear();
            match (&mut self.stream).take(1 << 20).read_until(b'\n', &mut rest) {
                Ok(0) => return Line::TooLong,
                Ok(_) if rest.last() == Some(&b'\n') => return Line::TooLong,
                Ok(_) => {}
                Err(error) => return self.broken(error),
            }
        }
    }

    fn broken(&mut self, error: io::Error) -> Line {
        self.ended = true;
        Line::Broken(error)
    }
}
