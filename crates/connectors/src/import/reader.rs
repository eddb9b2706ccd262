//! Reads a file by a plan, record by record.

use std::borrow::Cow;
use std::fmt;
use std::path::Path;

use molva_domain::{Rejection, RejectionReason, Timestamp};

use super::assign::plain_name;
use super::bytes::{CountedFile, Position, decoded};
use super::cell::{Cell, Row};
use super::delimited::{Delimited, Record};
use super::field::Field;
use super::jsonl::{KeyTree, read_line};
use super::lines::{Line, Lines};
use super::mapper::{Mapper, Refusal};
use super::workbook::{SheetRow, Workbook};
use super::{ImportError, ImportFormat, ImportPlan, MAX_RECORD_BYTES};
use crate::session::Item;

/// Reads a file from a record on; blocking, for a thread of its own.
pub struct ImportReader {
    records: Records,
    mapper: Mapper,
    count: u64,
    position: Position,
    size: u64,
}

impl fmt::Debug for ImportReader {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ImportReader").field("records", &self.count).field("size", &self.size).finish_non_exhaustive()
    }
}

/// Where records come from.
enum Records {
    Jsonl { lines: Lines, keys: KeyTree },
    Csv { rows: Box<Delimited>, columns: Vec<(Field, usize)>, first: Option<Record> },
    Xlsx { rows: Workbook, columns: Vec<(Field, usize)>, first: Option<SheetRow> },
}

impl ImportReader {
    /// `skip_records` is the cursor of an earlier run: that many records are passed over, broken ones counted too.
    pub fn open(path: &Path, plan: &ImportPlan, skip_records: u64, now: Timestamp) -> Result<Self, ImportError> {
        let position = Position::default();
        let (records, size) = Records::open(path, plan, &position)?;
        let mut reader = Self { records, mapper: Mapper::new(plan, now), count: 0, position, size };
        while reader.count < skip_records && reader.records.pass() {
            reader.count += 1;
        }
        Ok(reader)
    }

    /// The next items, at most `limit`; empty at the end. Never stops at a broken record.
    pub fn next_items(&mut self, limit: usize) -> Vec<Item> {
        let mut items = Vec::with_capacity(limit.min(4_096));
        while items.len() < limit
            && let Some(item) = self.records.next(&self.mapper)
        {
            items.push(item);
        }
        self.count += items.len() as u64;
        items
    }

    /// Records read so far, skipped ones included: the cursor.
    #[must_use]
    pub const fn records(&self) -> u64 {
        self.count
    }

    /// Bytes of the file consumed and its size, for progress.
    #[must_use]
    pub fn progress(&self) -> (u64, u64) {
        (self.position.bytes().min(self.size), self.size)
    }
}

impl Records {
    fn open(path: &Path, plan: &ImportPlan, position: &Position) -> Result<(Self, u64), ImportError> {
        Ok(match plan.format {
            ImportFormat::Jsonl => {
                let (file, size) = CountedFile::open(path, position)?;
                let mut keys = KeyTree::default();
                for (field, key) in planned(plan)? {
                    keys.add(key, field);
                }
                (Self::Jsonl { lines: Lines::new(decoded(file, plan)?), keys }, size)
            }
            ImportFormat::Csv => {
                let (file, size) = CountedFile::open(path, position)?;
                let mut rows = Box::new(Delimited::new(Lines::new(decoded(file, plan)?), plan.delimiter));
                let first = rows.next();
                let header = header_of_record(&rows, first.as_ref(), plan.header);
                let columns = columns(plan, &header, path)?;
                // A header that is broken is a record like others: it must be told.
                let is_header = plan.header && matches!(first, Some(Record::Fields) | None);
                (Self::Csv { rows, columns, first: if is_header { None } else { first } }, size)
            }
            ImportFormat::Xlsx => {
                let (mut rows, size) = Workbook::open(path, plan, position)?;
                let first = rows.next();
                let header = header_of_row(first.as_ref(), plan.header);
                let columns = columns(plan, &header, path)?;
                let is_header = plan.header && matches!(first, Some(SheetRow::Cells { .. }));
                (Self::Xlsx { rows, columns, first: if is_header { None } else { first } }, size)
            }
        })
    }

    /// Passes over a record; `false` at the end.
    fn pass(&mut self) -> bool {
        match self {
            Self::Jsonl { lines, .. } => next_line(lines).is_some(),
            Self::Csv { rows, first, .. } => first.take().or_else(|| rows.next()).is_some(),
            Self::Xlsx { rows, first, .. } => first.take().or_else(|| rows.next()).is_some(),
        }
    }

    fn next(&mut self, mapper: &Mapper) -> Option<Item> {
        match self {
            Self::Jsonl { lines, keys } => {
                let line = next_line(lines)?;
                let result = read_json_line(line, lines.content(), keys, mapper);
                Some(finish(result, "line", lines.number(), || String::from_utf8_lossy(lines.content())))
            }
            Self::Csv { rows, columns, first } => {
                let record = first.take().or_else(|| rows.next())?;
                let result = match record {
                    Record::Fields => row_of_record(rows, columns).and_then(|row| mapper.post(row)),
                    Record::Refused(refusal) => Err(refusal),
                    Record::Broken(error) => Err(broken(&error)),
                };
                Some(finish(result, "line", rows.line(), || String::from_utf8_lossy(rows.raw())))
            }
            Self::Xlsx { rows, columns, first } => {
                let row = first.take().or_else(|| rows.next())?;
                Some(item_of_sheet_row(row, columns, mapper))
            }
        }
    }
}

fn finish<'a>(
    result: Result<molva_domain::Post, Refusal>,
    unit: &str,
    number: u64,
    raw: impl FnOnce() -> Cow<'a, str>,
) -> Item {
    match result {
        Ok(post) => Item::Post(Box::new(post)),
        Err((reason, message)) => Item::Rejected(Rejection::new(reason, format!("{unit} {number}"), message, &raw())),
    }
}

fn broken(error: &str) -> Refusal {
    let message =
        format!("the file breaks off here ({error}); what came before stands, get a whole file and import it again");
    (RejectionReason::Malformed, message)
}

/// The next line that is not blank.
fn next_line(lines: &mut Lines) -> Option<Line> {
    loop {
        let line = lines.next()?;
        if !matches!(line, Line::Whole) || !lines.content().trim_ascii().is_empty() {
            return Some(line);
        }
    }
}

fn read_json_line(line: Line, content: &[u8], keys: &KeyTree, mapper: &Mapper) -> Result<molva_domain::Post, Refusal> {
    match line {
        Line::Whole => {}
        Line::TooLong => {
            return Err((RejectionReason::TooLarge, format!("the line is longer than {MAX_RECORD_BYTES} bytes")));
        }
        Line::Broken(error) => return Err(broken(&error.to_string())),
    }
    let text = std::str::from_utf8(content).map_err(|error| {
        (
            RejectionReason::InvalidEncoding,
            format!("byte {} of the line is not UTF-8; name the encoding", error.valid_up_to()),
        )
    })?;
    let row = read_line(text, keys).map_err(|error| (RejectionReason::Malformed, json_message(&error)))?;
    mapper.post(row)
}

/// The parser counts lines from the text it saw, which is always one.
fn json_message(error: &serde_json::Error) -> String {
    error.to_string().replace(" at line 1 column ", " at column ")
}

fn row_of_record<'a>(rows: &'a Delimited, columns: &[(Field, usize)]) -> Result<Row<'a>, Refusal> {
    let mut row = Row::default();
    for &(field, column) in columns {
        let Some(bytes) = rows.field(column) else { continue };
        let text = std::str::from_utf8(bytes).map_err(|_| {
            let message = format!("`{}` is not UTF-8; name the encoding", field.name());
            (RejectionReason::InvalidEncoding, message)
        })?;
        row.set(field, Cell::Text(Cow::Borrowed(text)));
    }
    Ok(row)
}

fn item_of_sheet_row(row: SheetRow, columns: &[(Field, usize)], mapper: &Mapper) -> Item {
    match row {
        SheetRow::Cells { number, cells } => {
            let mut row = Row::default();
            for &(field, column) in columns {
                row.set(field, cells.get(column).cloned().unwrap_or_default());
            }
            finish(mapper.post(row), "row", number.into(), || Cow::Owned(written(cells)))
        }
        SheetRow::TooLarge { number } => {
            let message = format!("the row holds more than {MAX_RECORD_BYTES} bytes");
            finish(Err((RejectionReason::TooLarge, message)), "row", number.into(), || Cow::Borrowed(""))
        }
        SheetRow::Broken(error) => {
            let (reason, message) = broken(&error);
            Item::Rejected(Rejection::new(reason, "end of the sheet", message, ""))
        }
    }
}

fn written(cells: Vec<Cell<'static>>) -> String {
    let texts: Vec<_> = cells.into_iter().map(|cell| cell.into_text().unwrap_or_default()).collect();
    texts.join(" | ")
}

/// The names of the columns: those of the first row, or their numbers.
pub(super) fn header_of_record(rows: &Delimited, first: Option<&Record>, header: bool) -> Vec<String> {
    let count = if matches!(first, Some(Record::Fields)) { rows.fields() } else { 0 };
    (0..count)
        .map(|column| match rows.field(column) {
            Some(name) if header => String::from_utf8_lossy(name).trim().to_owned(),
            _ => (column + 1).to_string(),
        })
        .collect()
}

/// As [`header_of_record`], of a sheet.
pub(super) fn header_of_row(first: Option<&SheetRow>, header: bool) -> Vec<String> {
    let Some(SheetRow::Cells { cells, .. }) = first else { return Vec::new() };
    let name = |(column, cell): (usize, &Cell<'static>)| {
        if header { cell.clone().into_text().unwrap_or_default().into_owned() } else { (column + 1).to_string() }
    };
    cells.iter().enumerate().map(name).collect()
}

fn planned(plan: &ImportPlan) -> Result<Vec<(Field, &str)>, ImportError> {
    let known = || Field::ALL.map(Field::name).join(" ");
    plan.columns
        .iter()
        .map(|(name, column)| {
            let field = Field::parse(name)
                .ok_or_else(|| ImportError(format!("a post has no field `{name}`; the fields are: {}", known())))?;
            Ok((field, column.as_str()))
        })
        .collect()
}

fn columns(plan: &ImportPlan, header: &[String], path: &Path) -> Result<Vec<(Field, usize)>, ImportError> {
    let mut columns = Vec::new();
    for (field, name) in planned(plan)? {
        let exact = header.iter().position(|column| column == name);
        let column = exact.or_else(|| header.iter().position(|column| plain_name(column) == plain_name(name)));
        match column {
            Some(column) => columns.push((field, column)),
            // A file without columns is empty, and that is found when it is read.
            None if header.is_empty() => {}
            None => {
                let known = header.join("`, `");
                return Err(ImportError(format!("`{}` has no column `{name}`; it has `{known}`", path.display())));
            }
        }
    }
    Ok(columns)
}
