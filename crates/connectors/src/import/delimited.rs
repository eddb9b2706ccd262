//! Rows of CSV and its kin. A quote that is opened and never closed costs one line, not the rest of the file.

use csv_core::{ReadRecordResult, Reader, ReaderBuilder, Terminator};
use molva_domain::RejectionReason;

use super::MAX_RECORD_BYTES;
use super::lines::{Line, Lines};
use super::mapper::Refusal;

/// Lines passed are dropped from the window in pieces of this size.
const FORGET_BYTES: usize = 256 << 10;

/// What [`Delimited::next`] found.
#[derive(Debug)]
pub(crate) enum Record {
    /// The fields are in [`Delimited::field`].
    Fields,
    Refused(Refusal),
    /// The stream broke; nothing follows.
    Broken(String),
}

/// Reads records out of lines. Lines are kept until the record that starts with them is complete, so that a record with
/// broken quotes can be given up and reading goes on with the line after its first.
pub(crate) struct Delimited {
    lines: Lines,
    parser: Reader,
    delimiter: u8,
    /// Lines read ahead, each with `\n`.
    window: Vec<u8>,
    /// Where the next record starts in the window.
    at: usize,
    /// What ended the reading ahead; told once the window is used up.
    stop: Option<Stop>,
    /// Line of the file on which the next record starts.
    next_line: u64,
    line: u64,
    raw: Vec<u8>,
    output: Vec<u8>,
    ends: Vec<usize>,
    fields: usize,
    /// Number of columns, once known.
    width: Option<usize>,
}

#[derive(Debug)]
enum Stop {
    TooLong(Vec<u8>),
    Broken(String, Vec<u8>),
    End,
}

impl Delimited {
    pub(crate) fn new(lines: Lines, delimiter: u8) -> Self {
        let parser = ReaderBuilder::new().delimiter(delimiter).terminator(Terminator::Any(b'\n')).build();
        Self {
            lines,
            parser,
            delimiter,
            window: Vec::new(),
            at: 0,
            stop: None,
            next_line: 1,
            line: 1,
            raw: Vec::new(),
            output: vec![0; 4_096],
            ends: vec![0; 64],
            fields: 0,
            width: None,
        }
    }

    /// Reads on; `None` at the end.
    pub(crate) fn next(&mut self) -> Option<Record> {
        loop {
            self.forget_passed();
            if self.at == self.window.len() && !self.pull() {
                return self.told_stop();
            }
            self.line = self.next_line;
            let first = self.end_of_line(self.at);
            // A row of nothing but blank cells is no record.
            if self.window[self.at..first].iter().all(|&byte| byte.is_ascii_whitespace() || byte == self.delimiter) {
                self.pass(first, 1);
                continue;
            }
            return Some(self.record(first));
        }
    }

    /// A field of the last record, as bytes that may not be UTF-8; `None` past the last.
    pub(crate) fn field(&self, column: usize) -> Option<&[u8]> {
        if column >= self.fields {
            return None;
        }
        let start = if column == 0 { 0 } else { self.ends[column - 1] };
        self.output.get(start..self.ends[column])
    }

    pub(crate) const fn fields(&self) -> usize {
        self.fields
    }

    /// The line on which the last record starts.
    pub(crate) const fn line(&self) -> u64 {
        self.line
    }

    /// The last record as it stands in the file.
    pub(crate) fn raw(&self) -> &[u8] {
        &self.raw
    }

    /// Parses the record whose first line ends at `first`.
    fn record(&mut self, first: usize) -> Record {
        self.parser.reset();
        self.fields = 0;
        let (mut fed, mut end, mut lines) = (self.at, first, 1);
        let mut written = 0;
        let complete = loop {
            if self.feed(&mut fed, end, &mut written) {
                break true;
            }
            if end - self.at > MAX_RECORD_BYTES || (end == self.window.len() && !self.pull()) {
                break false;
            }
            end = self.end_of_line(end);
            lines += 1;
        };
        if !complete || (lines > 1 && !quotes_are_sound(&self.window[self.at..end], self.delimiter)) {
            self.keep_raw(first);
            self.pass(first, 1);
            let message = "a quote is opened and not closed; double the quotes inside of a field".to_owned();
            return Record::Refused((RejectionReason::Malformed, message));
        }
        let width = *self.width.get_or_insert(self.fields);
        let overflow =
            (width..self.fields).any(|column| self.field(column).is_some_and(|field| !field.trim_ascii().is_empty()));
        if overflow {
            self.keep_raw(first);
            let message = format!(
                "{} fields where the first row has {width}; quote the field that holds the delimiter",
                self.fields
            );
            self.pass(first, 1);
            return Record::Refused((RejectionReason::Malformed, message));
        }
        self.keep_raw(end);
        self.pass(end, lines);
        Record::Fields
    }

    /// Feeds the parser up to `end`; whether that completed the record.
    fn feed(&mut self, fed: &mut usize, end: usize, written: &mut usize) -> bool {
        loop {
            let (result, read, output, ends) = self.parser.read_record(
                &self.window[*fed..end],
                &mut self.output[*written..],
                &mut self.ends[self.fields..],
            );
            *fed += read;
            *written += output;
            self.fields += ends;
            match result {
                ReadRecordResult::OutputFull => self.output.resize(self.output.len() * 2, 0),
                ReadRecordResult::OutputEndsFull => self.ends.resize(self.ends.len() * 2, 0),
                ReadRecordResult::Record => return true,
                // An empty input would mean the end of the file to the parser; it never sees one.
                ReadRecordResult::InputEmpty | ReadRecordResult::End => {
                    if *fed >= end {
                        return false;
                    }
                }
            }
        }
    }

    /// Reads one more line into the window; `false` when there is none, and why is kept.
    fn pull(&mut self) -> bool {
        if self.stop.is_some() {
            return false;
        }
        self.stop = Some(match self.lines.next() {
            Some(Line::Whole) => {
                self.window.extend_from_slice(self.lines.content());
                self.window.push(b'\n');
                return true;
            }
            Some(Line::TooLong) => Stop::TooLong(self.lines.content().to_vec()),
            Some(Line::Broken(error)) => Stop::Broken(error.to_string(), self.lines.content().to_vec()),
            None => Stop::End,
        });
        false
    }

    fn forget_passed(&mut self) {
        if self.at == self.window.len() || self.at > FORGET_BYTES {
            self.window.drain(..self.at);
            self.at = 0;
        }
    }

    fn told_stop(&mut self) -> Option<Record> {
        self.line = self.next_line;
        match self.stop.take()? {
            Stop::TooLong(raw) => {
                self.raw = raw;
                self.next_line += 1;
                let message = format!("the line is longer than {MAX_RECORD_BYTES} bytes");
                Some(Record::Refused((RejectionReason::TooLarge, message)))
            }
            Stop::Broken(error, raw) => {
                self.raw = raw;
                self.stop = Some(Stop::End);
                Some(Record::Broken(error))
            }
            Stop::End => {
                self.stop = Some(Stop::End);
                None
            }
        }
    }

    fn end_of_line(&self, from: usize) -> usize {
        self.window[from..].iter().position(|&byte| byte == b'\n').map_or(self.window.len(), |at| from + at + 1)
    }

    fn keep_raw(&mut self, end: usize) {
        self.raw.clear();
        self.raw.extend_from_slice(&self.window[self.at..end]);
    }

    const fn pass(&mut self, end: usize, lines: u64) {
        self.at = end;
        self.next_line += lines;
    }
}

/// Whether every quoted field ends where a field may end. The parser itself is lenient; over several lines that would glue
/// rows together.
fn quotes_are_sound(record: &[u8], delimiter: u8) -> bool {
    let (mut at, mut field_start) = (0, true);
    while at < record.len() {
        if field_start && record[at] == b'"' {
            at += 1;
            loop {
                match record[at..].iter().position(|&byte| byte == b'"') {
                    None => return false,
                    Some(quote) => at += quote + 1,
                }
                match record.get(at) {
                    Some(b'"') => at += 1,
                    None | Some(b'\n' | b'\r') => break,
                    Some(&byte) if byte == delimiter => break,
                    Some(_) => return false,
                }
            }
            field_start = false;
        } else {
            field_start = record[at] == delimiter;
            at += 1;
        }
    }
    true
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Each record as `line: a|b|c`, or `line! reason`.
    fn check(text: &str, expected: &[&str]) {
        let lines = Lines::new(Box::new(std::io::Cursor::new(text.as_bytes().to_vec())));
        let mut rows = Delimited::new(lines, b',');
        let mut found = Vec::new();
        while let Some(record) = rows.next() {
            found.push(match record {
                Record::Fields => {
                    let fields: Vec<_> = (0..rows.fields())
                        .filter_map(|column| rows.field(column))
                        .map(String::from_utf8_lossy)
                        .collect();
                    format!("{}: {}", rows.line(), fields.join("|"))
                }
                Record::Refused((reason, _)) => format!("{}! {reason}", rows.line()),
                Record::Broken(error) => format!("{}! {error}", rows.line()),
            });
        }
        assert_eq!(found, expected);
    }

    #[test]
    fn rows_may_span_lines_and_hold_quotes_and_delimiters() {
        check("id,text\r\n1,\"a, \"\"b\"\"\nc\"\r\n\r\n2,d", &["1: id|text", "2: 1|a, \"b\"\nc", "5: 2|d"]);
    }

    #[test]
    fn a_quote_never_closed_costs_one_line() {
        check("id,text\n1,\"open\n2,b\n3,c", &["1: id|text", "2! malformed", "3: 2|b", "4: 3|c"]);
        check("id,text\n1,\"open\n2,\"next\"\n3,c", &["1: id|text", "2! malformed", "3: 2|next", "4: 3|c"]);
        check("id,text\n1,\"open", &["1: id|text", "2! malformed"]);
    }

    #[test]
    fn an_unquoted_delimiter_is_refused_rather_than_cutting_the_text() {
        check("id,text\n1,a, b\n2,c,,\n3", &["1: id|text", "2! malformed", "3: 2|c||", "4: 3"]);
    }
}
