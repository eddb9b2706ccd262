//! Rows of an XLSX workbook, streamed: a thread of its own walks the sheet and hands rows over through a short channel.

use std::borrow::Cow;
use std::io::{self, BufReader, Cursor, Read, Seek, SeekFrom};
use std::path::Path;
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};

use calamine::{DataRef, ExcelDateTime, Reader, Xlsx};
use chrono::NaiveDate;
use flate2::read::MultiGzDecoder;
use molva_domain::Timestamp;

use super::bytes::{CountedFile, Position};
use super::cell::Cell;
use super::{ImportError, ImportPlan, MAX_RECORD_BYTES};

/// Most columns read of a row.
const MAX_COLUMNS: usize = 1_024;
/// Rows read ahead.
const ROWS_AHEAD: usize = 64;
/// A workbook inside of gzip is unpacked in memory up to this size.
const MAX_UNPACKED_BYTES: u64 = 256 << 20;
/// Texts shared between cells are held in memory while a sheet is read.
const MAX_SHARED_TEXT_BYTES: u64 = 256 << 20;
/// What all other parts of a workbook may unpack to.
const MAX_PART_BYTES: u64 = 4 << 30;

/// A row as it stands in the sheet.
#[derive(Debug)]
pub(crate) enum SheetRow {
    /// `number` as the spreadsheet program shows it, from one.
    Cells {
        number: u32,
        cells: Vec<Cell<'static>>,
    },
    TooLarge {
        number: u32,
    },
    /// The sheet cannot be read on; nothing follows.
    Broken(String),
}

/// The reading end. Dropping it ends the thread.
pub(crate) struct Workbook {
    rows: Receiver<Message>,
    finished: bool,
}

enum Message {
    Row(SheetRow),
    End,
}

trait SeekableRead: Read + Seek + Send {}
impl<T: Read + Seek + Send> SeekableRead for T {}
type Stream = BufReader<Box<dyn SeekableRead>>;

impl Workbook {
    /// Opens a workbook and starts to walk its sheet (the plan's, or the first).
    pub(crate) fn open(path: &Path, plan: &ImportPlan, position: &Position) -> Result<(Self, u64), ImportError> {
        let (file, size) = CountedFile::open(path, position)?;
        let mut stream: Stream = BufReader::new(if plan.gzip { unpacked(file, path)? } else { Box::new(file) });
        check_sizes(&mut stream, path)?;
        let mut workbook = Xlsx::new(stream).map_err(|error| not_a_workbook(path, &error))?;
        let sheets = workbook.sheet_names();
        let sheet = match &plan.sheet {
            Some(name) if sheets.contains(name) => name.clone(),
            Some(name) => {
                let known = sheets.join("`, `");
                return Err(ImportError(format!("`{}` has no sheet `{name}`; it has `{known}`", path.display())));
            }
            None => sheets.into_iter().next().ok_or_else(|| {
                ImportError(format!("`{}` has no sheet; save it again with the rows in one", path.display()))
            })?,
        };
        let (sender, rows) = sync_channel(ROWS_AHEAD);
        std::thread::Builder::new()
            .name("import-workbook".to_owned())
            .spawn(move || walk(&mut workbook, &sheet, &sender))
            .map_err(|error| ImportError(format!("cannot start a thread to read `{}`: {error}", path.display())))?;
        Ok((Self { rows, finished: false }, size))
    }

    /// The next row that is not blank; `None` at the end.
    pub(crate) fn next(&mut self) -> Option<SheetRow> {
        if self.finished {
            return None;
        }
        let row = match self.rows.recv() {
            Ok(Message::Row(row)) => Some(row),
            Ok(Message::End) => None,
            // The thread died without a word: the parser gave up on what it saw.
            Err(_) => Some(SheetRow::Broken("the sheet cannot be understood".to_owned())),
        };
        self.finished = !matches!(row, Some(SheetRow::Cells { .. } | SheetRow::TooLarge { .. }));
        row
    }
}

fn walk(workbook: &mut Xlsx<Stream>, sheet: &str, sender: &SyncSender<Message>) {
    if let Err(error) = send_rows(workbook, sheet, sender) {
        let broken = Message::Row(SheetRow::Broken(error.to_string()));
        if sender.send(broken).is_err() {
            return;
        }
    }
    // A reader that is gone needs no end.
    drop(sender.send(Message::End));
}

fn send_rows(
    workbook: &mut Xlsx<Stream>,
    sheet: &str,
    sender: &SyncSender<Message>,
) -> Result<(), calamine::XlsxError> {
    let mut reader = workbook.worksheet_cells_reader(sheet)?;
    let (mut current, mut cells, mut bytes) = (0_u32, Vec::new(), 0_usize);
    loop {
        let cell = reader.next_cell();
        let row = match &cell {
            Ok(Some(cell)) => Some(cell.get_position().0),
            _ => None,
        };
        if row != Some(current) {
            let number = current + 1;
            let finished = if bytes > MAX_RECORD_BYTES {
                Some(SheetRow::TooLarge { number })
            } else if cells.iter().all(is_blank) {
                None
            } else {
                Some(SheetRow::Cells { number, cells: std::mem::take(&mut cells) })
            };
            if let Some(finished) = finished
                && sender.send(Message::Row(finished)).is_err()
            {
                return Ok(());
            }
            cells.clear();
            (current, bytes) = (row.unwrap_or(current), 0);
        }
        let Some(cell) = cell? else { return Ok(()) };
        let column = cell.get_position().1 as usize;
        if column >= MAX_COLUMNS {
            continue;
        }
        let value = value(cell.get_value());
        bytes += if let Cell::Text(text) = &value { text.len() } else { 8 };
        if bytes > MAX_RECORD_BYTES {
            cells.clear();
            continue;
        }
        if cells.len() <= column {
            cells.resize(column + 1, Cell::Empty);
        }
        cells[column] = value;
    }
}

fn is_blank(cell: &Cell<'_>) -> bool {
    match cell {
        Cell::Empty => true,
        Cell::Text(text) => text.trim().is_empty(),
        _ => false,
    }
}

fn value(value: &DataRef<'_>) -> Cell<'static> {
    let text = |text: &str| Cell::Text(Cow::Owned(text.to_owned()));
    match value {
        DataRef::Int(number) => Cell::Integer(*number),
        DataRef::Float(number) => Cell::Number(*number),
        DataRef::String(written) | DataRef::DateTimeIso(written) | DataRef::DurationIso(written) => text(written),
        DataRef::SharedString(written) => text(written),
        DataRef::Bool(flag) => Cell::Flag(*flag),
        DataRef::DateTime(moment) => date(*moment).map_or(Cell::Empty, Cell::Moment),
        DataRef::Error(_) | DataRef::Empty => Cell::Empty,
    }
}

/// A spreadsheet knows no time zones: its dates are read as UTC.
fn date(moment: ExcelDateTime) -> Option<Timestamp> {
    let (year, month, day, hour, minute, second, milli) = moment.to_ymd_hms_milli();
    let date = NaiveDate::from_ymd_opt(year.into(), month.into(), day.into())?;
    let time = date.and_hms_milli_opt(hour.into(), minute.into(), second.into(), milli.into())?;
    Some(Timestamp::from_millis(time.and_utc().timestamp_millis()))
}

fn unpacked(file: CountedFile, path: &Path) -> Result<Box<dyn SeekableRead>, ImportError> {
    let mut bytes = Vec::new();
    MultiGzDecoder::new(BufReader::new(file))
        .take(MAX_UNPACKED_BYTES + 1)
        .read_to_end(&mut bytes)
        .map_err(|error| not_a_workbook(path, &error))?;
    if bytes.len() as u64 > MAX_UNPACKED_BYTES {
        return Err(ImportError(format!(
            "`{}` unpacks to more than {MAX_UNPACKED_BYTES} bytes; unpack it first with `gunzip`",
            path.display()
        )));
    }
    Ok(Box::new(Cursor::new(bytes)))
}

/// Unpacks every part once and counts, because the sizes a zip declares may lie.
fn check_sizes(stream: &mut Stream, path: &Path) -> Result<(), ImportError> {
    let mut archive = zip::ZipArchive::new(&mut *stream).map_err(|error| not_a_workbook(path, &error))?;
    for index in 0..archive.len() {
        let part = archive.by_index(index).map_err(|error| not_a_workbook(path, &error))?;
        let name = part.name().map_err(|error| not_a_workbook(path, &error))?.into_owned();
        let limit = if name.contains("worksheets/") { MAX_PART_BYTES } else { MAX_SHARED_TEXT_BYTES };
        let size =
            io::copy(&mut part.take(limit + 1), &mut io::sink()).map_err(|error| not_a_workbook(path, &error))?;
        if size > limit {
            return Err(ImportError(format!(
                "`{name}` inside of `{}` unpacks to more than {limit} bytes; save the rows as CSV and import that",
                path.display()
            )));
        }
    }
    drop(archive);
    stream.seek(SeekFrom::Start(0)).map_err(|error| not_a_workbook(path, &error))?;
    Ok(())
}

fn not_a_workbook(path: &Path, error: &dyn std::fmt::Display) -> ImportError {
    ImportError(format!(
        "`{}` is not a whole XLSX workbook ({error}); open it and save it again, or save it as CSV",
        path.display()
    ))
}
