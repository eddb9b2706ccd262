//! JSON lines: an object a line, the same keys in the same order, `null` for what is unknown. Times are RFC 3339 in UTC.

use std::io::{self, Write};

use crate::format::Output;
use crate::table::{Block, Cell, Table};
use crate::time;

/// Bytes that are written at once, unless a single row has more.
const BUFFER: usize = 64 << 10;

pub(crate) struct Jsonl<W> {
    out: W,
    /// `{"id":`, `,"topic":`, …
    keys: Vec<String>,
    buffer: Vec<u8>,
}

impl<W: Write> Jsonl<W> {
    pub(crate) fn open(table: Table, out: W) -> Self {
        let key = |(index, column): (usize, &crate::Column)| {
            let before = if index == 0 { '{' } else { ',' };
            format!("{before}\"{}\":", column.id)
        };
        Self { out, keys: table.columns.iter().enumerate().map(key).collect(), buffer: Vec::new() }
    }
}

impl<W: Write> Output for Jsonl<W> {
    fn write(&mut self, rows: Block) -> io::Result<()> {
        for row in rows.rows() {
            for (key, cell) in self.keys.iter().zip(row) {
                self.buffer.extend_from_slice(key.as_bytes());
                push(&mut self.buffer, cell)?;
            }
            self.buffer.extend_from_slice(b"}\n");
            if self.buffer.len() >= BUFFER {
                self.out.write_all(&self.buffer)?;
                self.buffer.clear();
            }
        }
        self.out.write_all(&self.buffer)?;
        self.buffer.clear();
        Ok(())
    }

    fn finish(mut self: Box<Self>) -> io::Result<()> {
        self.out.flush()
    }
}

fn push(buffer: &mut Vec<u8>, cell: &Cell) -> io::Result<()> {
    match cell {
        Cell::Nothing => buffer.extend_from_slice(b"null"),
        Cell::Text(text) => serde_json::to_writer(buffer, text)?,
        Cell::Integer(number) => serde_json::to_writer(buffer, number)?,
        // Not a number and infinities become null.
        Cell::Real(number) => serde_json::to_writer(buffer, number)?,
        Cell::Time(at) => serde_json::to_writer(buffer, &time::utc(*at))?,
        Cell::Flag(flag) => serde_json::to_writer(buffer, flag)?,
        Cell::List(texts) => serde_json::to_writer(buffer, texts)?,
    }
    Ok(())
}
