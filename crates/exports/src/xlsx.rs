//! XLSX (ECMA-376): one sheet, a further one after 1,048,575 rows, and a last one that says what the export is about.
//!
//! Rows go to a temporary file a sheet, from which the workbook is packed at the end; memory stays flat. Texts are never
//! formulas or links. Times are dates on the wall clock of the table's zone. What a cell cannot hold is cut and says so.

use std::io::{self, Write};
use std::path::Path;

use rust_xlsxwriter::{Format as Style, Workbook, Worksheet, XlsxError};

use crate::format::Output;
use crate::table::{Block, Cell, Column, Kind, Table};
use crate::time;

/// Rows of a sheet beside the headings; the format has 1,048,576 in all.
pub const ROWS_OF_A_SHEET: u32 = 1_048_575;
/// UTF-16 units of a cell at most, by the format.
const LONGEST_TEXT: usize = 32_767;
/// Characters of a sheet's name at most, by the format.
const LONGEST_NAME: usize = 31;

pub(crate) struct Xlsx<W> {
    out: W,
    table: Table,
    workbook: Workbook,
    styles: Styles,
    sheets: u32,
    /// Rows of the last sheet.
    rows: u32,
    rows_of_a_sheet: u32,
}

struct Styles {
    heading: Style,
    time: Style,
    wrapped: Style,
}

impl<W: Write + Send> Xlsx<W> {
    pub(crate) fn open(table: Table, out: W, scratch: &Path) -> io::Result<Self> {
        Self::with_rows_of_a_sheet(table, out, scratch, ROWS_OF_A_SHEET)
    }

    /// For tests of what happens when a sheet is full.
    pub(crate) fn with_rows_of_a_sheet(table: Table, out: W, scratch: &Path, rows_of_a_sheet: u32) -> io::Result<Self> {
        let mut workbook = Workbook::new();
        workbook.set_tempdir(scratch).map_err(failed)?;
        let styles = Styles {
            heading: Style::new().set_bold(),
            time: Style::new().set_num_format("yyyy-mm-dd hh:mm:ss"),
            wrapped: Style::new().set_text_wrap(),
        };
        let mut xlsx = Self { out, table, workbook, styles, sheets: 0, rows: 0, rows_of_a_sheet };
        xlsx.begin_sheet().map_err(failed)?;
        Ok(xlsx)
    }

    fn begin_sheet(&mut self) -> Result<(), XlsxError> {
        self.sheets += 1;
        self.rows = 0;
        let name = sheet_name(&self.table.name, self.sheets);
        let sheet = self.workbook.add_worksheet_with_constant_memory()?;
        sheet.set_name(name)?.set_freeze_panes(1, 0)?;
        for (index, column) in (0..).zip(&self.table.columns) {
            sheet.set_column_width(index, width(column))?;
        }
        for (index, column) in (0..).zip(&self.table.columns) {
            sheet.write_string_with_format(0, index, column.heading.as_str(), &self.styles.heading)?;
        }
        Ok(())
    }

    fn push(&mut self, row: &[Cell]) -> Result<(), XlsxError> {
        if self.rows == self.rows_of_a_sheet {
            self.begin_sheet()?;
        }
        self.rows += 1;
        let (zone, line) = (self.table.zone, self.rows);
        let sheet = self.workbook.worksheet_from_index(self.sheets as usize - 1)?;
        for (index, cell) in (0..).zip(row) {
            write_cell(sheet, line, index, cell, zone, &self.styles)?;
        }
        Ok(())
    }

    fn about(&mut self) -> Result<(), XlsxError> {
        let name = sheet_name(&self.table.about_name, 1);
        let sheet = self.workbook.add_worksheet_with_constant_memory()?;
        sheet.set_name(name)?;
        sheet.set_column_width(0, 32)?.set_column_width(1, 110)?;
        for (line, note) in (0..).zip(&self.table.notes) {
            sheet.write_string_with_format(line, 0, fitting(&note.title), &self.styles.heading)?;
            sheet.write_string_with_format(line, 1, fitting(&note.text), &self.styles.wrapped)?;
        }
        Ok(())
    }
}

impl<W: Write + Send> Output for Xlsx<W> {
    fn write(&mut self, rows: Block) -> io::Result<()> {
        rows.rows().try_for_each(|row| self.push(row)).map_err(failed)
    }

    fn finish(mut self: Box<Self>) -> io::Result<()> {
        self.about().map_err(failed)?;
        self.workbook.save_to_writer(&mut self.out).map_err(failed)?;
        self.out.flush()
    }
}

fn write_cell(
    sheet: &mut Worksheet,
    line: u32,
    index: u16,
    cell: &Cell,
    zone: chrono_tz::Tz,
    styles: &Styles,
) -> Result<(), XlsxError> {
    let _sheet: &mut Worksheet = match cell {
        // An empty text is an empty cell: the format cannot tell them apart.
        Cell::Text(text) => sheet.write_string(line, index, fitting(text))?,
        Cell::List(texts) => sheet.write_string(line, index, fitting(&texts.join(", ")))?,
        Cell::Integer(number) => match exact(*number) {
            Some(exact) => sheet.write_number(line, index, exact)?,
            None => sheet.write_string(line, index, number.to_string())?,
        },
        Cell::Real(number) if number.is_finite() => sheet.write_number(line, index, *number)?,
        Cell::Time(at) => match time::serial(*at, zone) {
            Some(days) => sheet.write_number_with_format(line, index, days, &styles.time)?,
            None => sheet.write_string(line, index, time::local(*at, zone))?,
        },
        Cell::Flag(flag) => sheet.write_boolean(line, index, *flag)?,
        Cell::Nothing | Cell::Real(_) => sheet,
    };
    Ok(())
}

/// The format's numbers are floating: whole ones are exact up to 15 digits.
fn exact(number: i64) -> Option<f64> {
    (number.unsigned_abs() < 1_000_000_000_000_000).then_some(number as f64)
}

/// A text as a cell can hold it. Characters that XML has no place for become U+FFFD; line ends are those of a cell.
fn fitting(text: &str) -> String {
    let mut out: String = text.replace("\r\n", "\n");
    if out.contains(|letter: char| letter != '\n' && is_odd(letter)) {
        out = out
            .chars()
            .map(|letter| match letter {
                '\r' => '\n',
                _ if is_odd(letter) => '\u{fffd}',
                _ => letter,
            })
            .collect();
    }
    if out.len() <= LONGEST_TEXT {
        return out;
    }
    let units = out.encode_utf16().count();
    if units > LONGEST_TEXT {
        let note = format!(" […] (cut: a cell holds {LONGEST_TEXT} characters, this text has {units})");
        let mut room = LONGEST_TEXT - note.len() - 4;
        let end = out.char_indices().find(|(_, letter)| {
            let fits = letter.len_utf16() <= room;
            room = room.saturating_sub(letter.len_utf16());
            !fits
        });
        out.truncate(end.map_or(out.len(), |(end, _)| end));
        out.push_str(&note);
    }
    out
}

fn is_odd(letter: char) -> bool {
    (letter < ' ' && letter != '\t' && letter != '\n') || matches!(letter, '\u{fffe}' | '\u{ffff}')
}

/// Names of sheets have few characters and none of `[]:*?/\`.
fn sheet_name(name: &str, number: u32) -> String {
    let end = if number > 1 { format!(" {number}") } else { String::new() };
    let plain = name.chars().filter(|letter| !"[]:*?/\\'".contains(*letter) && !letter.is_control());
    let plain: String = plain.take(LONGEST_NAME - end.len()).collect();
    format!("{plain}{end}")
}

fn width(column: &Column) -> f64 {
    match column.kind {
        _ if column.id == "text" => 80.0,
        Kind::Time => 19.0,
        Kind::Text | Kind::List => 22.0,
        Kind::Integer | Kind::Real | Kind::Flag => 12.0,
    }
}

fn failed(error: XlsxError) -> io::Error {
    match error {
        XlsxError::IoError(error) => error,
        other => io::Error::other(other),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_longer_than_a_cell_is_cut_and_says_so() {
        let long = "🙂".repeat(20_000);
        let cut = fitting(&long);
        assert!(cut.encode_utf16().count() <= LONGEST_TEXT, "{}", cut.encode_utf16().count());
        assert!(cut.ends_with("🙂 […] (cut: a cell holds 32767 characters, this text has 40000)"), "{}", cut.len());
        let fits = "я".repeat(LONGEST_TEXT);
        assert_eq!(fitting(&fits), fits);
    }

    #[test]
    fn characters_without_a_place_in_a_cell_are_replaced() {
        assert_eq!(fitting("a\0b\u{1}c\u{ffff}\td"), "a\u{fffd}b\u{fffd}c\u{fffd}\td");
        assert_eq!(fitting("a\r\nb\rc\n"), "a\nb\nc\n");
    }

    #[test]
    fn a_sheet_has_a_name_the_format_takes() {
        assert_eq!(sheet_name("Mentions", 1), "Mentions");
        assert_eq!(sheet_name("Mentions", 12), "Mentions 12");
        assert_eq!(sheet_name("a/b[c]", 1), "abc");
        assert_eq!(sheet_name(&"я".repeat(50), 2).chars().count(), LONGEST_NAME);
    }
}
