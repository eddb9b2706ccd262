//! CSV (RFC 4180): commas, quotes doubled, CRLF. Begins with the byte order mark, without which spreadsheets take UTF-8 for
//! whatever their system used thirty years ago.
//!
//! A spreadsheet runs a cell that begins with `=`, `+`, `-`, `@`, a tab or a line end as a formula, also from a file
//! (<https://owasp.org/www-community/attacks/CSV_Injection>), and posts are written by strangers. Such texts get an
//! apostrophe in front. Numbers and times are ours and are left as they are. NUL, which breaks readers, becomes U+FFFD.

use std::borrow::Cow;
use std::fmt;
use std::io::{self, Write};

use crate::format::Output;
use crate::table::{Block, Cell, Table};
use crate::time;

const BYTE_ORDER_MARK: &str = "\u{feff}";
/// Bytes that are written at once, unless a single row has more.
const BUFFER: usize = 64 << 10;
/// What makes a spreadsheet compute; the full-width ones are folded to the others by some.
const FORMULA: [char; 11] = ['=', '+', '-', '@', '\t', '\r', '\n', '＝', '＋', '－', '＠'];

pub(crate) struct Csv<W> {
    out: W,
    table: Table,
    buffer: String,
}

impl<W: Write> Csv<W> {
    pub(crate) fn open(table: Table, mut out: W) -> io::Result<Self> {
        let headings: Vec<&str> = table.columns.iter().map(|column| column.id).collect();
        out.write_all(format!("{BYTE_ORDER_MARK}{}\r\n", headings.join(",")).as_bytes())?;
        Ok(Self { out, table, buffer: String::new() })
    }

    fn push(&mut self, cell: &Cell) {
        use std::fmt::Write as _;
        let buffer = &mut self.buffer;
        // Writing to a `String` cannot fail.
        let _ = match cell {
            Cell::Text(text) => push_text(buffer, text),
            Cell::Integer(number) => write!(buffer, "{number}"),
            Cell::Real(number) if number.is_finite() => write!(buffer, "{number}"),
            Cell::Time(at) => buffer.write_str(&time::local(*at, self.table.zone)),
            Cell::Flag(flag) => write!(buffer, "{flag}"),
            Cell::List(texts) => push_text(buffer, &texts.join(", ")),
            Cell::Nothing | Cell::Real(_) => Ok(()),
        };
    }
}

impl<W: Write> Output for Csv<W> {
    fn write(&mut self, rows: Block) -> io::Result<()> {
        for row in rows.rows() {
            for (index, cell) in row.iter().enumerate() {
                if index > 0 {
                    self.buffer.push(',');
                }
                self.push(cell);
            }
            self.buffer.push_str("\r\n");
            if self.buffer.len() >= BUFFER {
                self.out.write_all(self.buffer.as_bytes())?;
                self.buffer.clear();
            }
        }
        self.out.write_all(self.buffer.as_bytes())?;
        self.buffer.clear();
        Ok(())
    }

    fn finish(mut self: Box<Self>) -> io::Result<()> {
        self.out.flush()
    }
}

fn push_text(buffer: &mut String, text: &str) -> fmt::Result {
    // Searched for one by one: that is done many bytes at a time.
    let has = |letter: u8| text.as_bytes().contains(&letter);
    let computes = text.starts_with(FORMULA);
    let quoted = has(b',') || has(b'"') || has(b'\n') || has(b'\r') || text.starts_with([' ', '\'']);
    if quoted {
        buffer.push('"');
    }
    if computes {
        buffer.push('\'');
    }
    let plain = if has(0) { Cow::Owned(text.replace('\0', "\u{fffd}")) } else { Cow::Borrowed(text) };
    for (index, part) in plain.split('"').enumerate() {
        if index > 0 {
            buffer.push_str("\"\"");
        }
        buffer.push_str(part);
    }
    if quoted {
        buffer.push('"');
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn written(text: &str) -> String {
        let mut buffer = String::new();
        push_text(&mut buffer, text).expect("a text");
        buffer
    }

    #[test]
    fn a_text_that_would_be_run_as_a_formula_is_made_harmless() {
        for formula in ["=1+1", "+1", "-1", "@SUM(1)", "\t=1", "＝1"] {
            assert_eq!(written(formula), format!("'{formula}"));
        }
        assert_eq!(written("\r=1"), "\"'\r=1\"");
        assert_eq!(written("=A1,\"x\""), "\"'=A1,\"\"x\"\"\"");
        assert_eq!(written("1-1"), "1-1");
    }

    #[test]
    fn a_text_is_quoted_when_it_has_to_be() {
        assert_eq!(written("a,b"), "\"a,b\"");
        assert_eq!(written("a\nb"), "\"a\nb\"");
        assert_eq!(written("\"a\""), "\"\"\"a\"\"\"");
        assert_eq!(written("a\0"), "a\u{fffd}");
        assert_eq!(written("; я 🙂"), "; я 🙂");
    }
}
