//! Looks at the head of a file and finds out how to read it.

use std::collections::BTreeMap;
use std::io::{BufRead, Read};
use std::path::Path;

use chardetng::{EncodingDetector, Iso2022JpDetection, Utf8Detection};
use encoding_rs::{Encoding, UTF_8, UTF_16BE, UTF_16LE};
use molva_domain::Timestamp;
use serde_json::Value;

use super::assign::assign;
use super::bytes::{CountedFile, Position, decoded, encoding_named, unpacked};
use super::cell::Cell;
use super::date::read_date;
use super::delimited::{Delimited, Record};
use super::field::Field;
use super::lines::Lines;
use super::mapper::is_repost_head;
use super::workbook::{SheetRow, Workbook};
use super::{Corrections, ImportError, ImportFormat, ImportPlan, ImportReader, Inspection, UNKNOWN_NETWORK};

const HEAD_BYTES: u64 = 1 << 20;
const HEAD_ROWS: usize = 200;
const SAMPLE_ITEMS: usize = 20;
const DELIMITERS: [u8; 4] = [b',', b';', b'\t', b'|'];
/// A cell longer than this is content, not the name of a column.
const MAX_NAME_CHARS: usize = 64;

/// Looks at the head of a file (1 MiB).
pub fn inspect(path: &Path, now: Timestamp) -> Result<Inspection, ImportError> {
    inspect_as(path, &Corrections::default(), now)
}

/// As [`inspect`], with what a person knows better; what follows from it is found out anew.
pub fn inspect_as(path: &Path, corrections: &Corrections, now: Timestamp) -> Result<Inspection, ImportError> {
    let (gzip, head) = head(path)?;
    if head.is_empty() {
        return Err(ImportError(format!("`{}` is empty", path.display())));
    }
    let mut plan = ImportPlan {
        format: ImportFormat::Jsonl,
        gzip,
        encoding: "utf-8".to_owned(),
        delimiter: b',',
        header: true,
        sheet: corrections.sheet.clone(),
        columns: BTreeMap::new(),
        network: UNKNOWN_NETWORK.to_owned(),
    };
    let rows = look_inside(path, &head, corrections, &mut plan)?;
    let mut notes = Vec::new();
    assign_columns(&mut plan, &rows, corrections, &mut notes);
    note_what_is_missing(&plan, &mut notes);
    if let Some(network) = &corrections.network {
        plan.network.clone_from(network);
    } else if looks_like_microblog(&plan, &rows) {
        plan.network = "x".to_owned();
        notes.push(
            "reposts start with `RT @name:` as on X, so the network is `x`; name another if that is wrong".to_owned(),
        );
    }
    let sample = ImportReader::open(path, &plan, 0, now)?.next_items(SAMPLE_ITEMS);
    Ok(Inspection { plan, found: rows.names, sample, notes })
}

/// Rows of the head, as written.
struct Head {
    names: Vec<String>,
    rows: Vec<Vec<String>>,
}

fn head(path: &Path) -> Result<(bool, Vec<u8>), ImportError> {
    let read = |gzip| {
        let (file, _) = CountedFile::open(path, &Position::default())?;
        let mut bytes = Vec::new();
        let result = unpacked(file, gzip).take(HEAD_BYTES).read_to_end(&mut bytes);
        match result {
            Err(error) if bytes.is_empty() => {
                Err(ImportError(format!("`{}` cannot be unpacked: {error}; get a whole file", path.display())))
            }
            // A break later in the head is told by the reader, in its place.
            _ => Ok(bytes),
        }
    };
    let plain = read(false)?;
    if plain.starts_with(&[0x1f, 0x8b]) { Ok((true, read(true)?)) } else { Ok((false, plain)) }
}

fn look_inside(
    path: &Path,
    head: &[u8],
    corrections: &Corrections,
    plan: &mut ImportPlan,
) -> Result<Head, ImportError> {
    let name = path.display();
    if head.starts_with(b"PK\x03\x04") {
        plan.format = ImportFormat::Xlsx;
        return workbook_head(path, corrections, plan);
    }
    let binary = [
        (&b"\xd0\xcf\x11\xe0"[..], "an old XLS workbook"),
        (b"PAR1", "Parquet"),
        (b"%PDF", "PDF"),
        (b"BZh", "bzip2"),
        (b"\x28\xb5\x2f\xfd", "zstd"),
        (b"\xfd7zXZ", "xz"),
        (b"SQLite format 3", "an SQLite database"),
    ];
    if let Some((_, what)) = binary.iter().find(|(magic, _)| head.starts_with(magic)) {
        return Err(ImportError(format!("`{name}` is {what}; save the posts as JSONL, CSV or XLSX")));
    }
    let encoding = match &corrections.encoding {
        Some(name) => encoding_named(name)?,
        None => encoding_of(head),
    };
    plan.encoding = encoding.name().to_ascii_lowercase();
    let (text, _, _) = encoding.decode(head);
    let text = text.trim_start_matches(|letter: char| letter.is_whitespace() || letter == '\0');
    if text.is_empty() {
        return Err(ImportError(format!("`{name}` holds nothing but blanks")));
    }
    if !text.contains('\n') && text.contains('\r') {
        return Err(ImportError(format!(
            "the lines of `{name}` end in a lone carriage return; convert them with `tr '\\r' '\\n'`"
        )));
    }
    if text.starts_with('[') && text[1..].trim_start().starts_with(['{', ']']) {
        return Err(ImportError(format!("`{name}` is one JSON array; make a line of each element with `jq -c '.[]'`")));
    }
    if is_jsonl(text) {
        plan.format = ImportFormat::Jsonl;
        return Ok(jsonl_head(text));
    }
    plan.format = ImportFormat::Csv;
    plan.delimiter = corrections.delimiter.unwrap_or_else(|| delimiter_of(text));
    csv_head(path, corrections, plan)
}

/// By a byte order mark, then by being valid UTF-8, then by how often letters occur.
fn encoding_of(head: &[u8]) -> &'static Encoding {
    if let Some((encoding, _)) = Encoding::for_bom(head) {
        return encoding;
    }
    // Text of any language in UTF-16 is full of line ends and spaces, and each brings a zero byte.
    let zeros = |parity: usize| head.iter().skip(parity).step_by(2).take(4_096).filter(|&&byte| byte == 0).count();
    let pairs = (head.len() / 2).min(4_096);
    if pairs >= 8 {
        let (even, odd) = (zeros(0), zeros(1));
        if odd * 20 > pairs && even * 100 < odd {
            return UTF_16LE;
        }
        if even * 20 > pairs && odd * 100 < even {
            return UTF_16BE;
        }
    }
    // A few broken lines do not make another encoding; text in another one hardly ever is valid UTF-8 by chance.
    let foreign = head.split(|&byte| byte == b'\n').filter(|line| !line.is_ascii());
    let (valid, invalid): (Vec<_>, Vec<_>) = foreign.partition(|line| match std::str::from_utf8(line) {
        Ok(_) => true,
        // The head may end inside of a character.
        Err(error) => error.error_len().is_none(),
    });
    if valid.len() >= 4 * invalid.len() {
        return UTF_8;
    }
    let mut detector = EncodingDetector::new(Iso2022JpDetection::Deny);
    detector.feed(head, (head.len() as u64) < HEAD_BYTES);
    detector.guess(None, Utf8Detection::Allow)
}

fn is_jsonl(text: &str) -> bool {
    let lines: Vec<&str> = text.lines().map(str::trim).filter(|line| !line.is_empty()).take(100).collect();
    let objects =
        lines.iter().filter(|line| line.starts_with("{\"") || line.starts_with("{ \"") || **line == "{}").count();
    objects * 2 > lines.len()
}

fn jsonl_head(text: &str) -> Head {
    let objects = text.lines().take(HEAD_ROWS).filter_map(|line| serde_json::from_str::<Value>(line).ok());
    let mut names: Vec<String> = Vec::new();
    let mut rows: Vec<Vec<String>> = Vec::new();
    for object in objects {
        let mut row = vec![String::new(); names.len()];
        flatten("", &object, 0, &mut |key, value| {
            let column = names.iter().position(|name| name == key).unwrap_or_else(|| {
                names.push(key.to_owned());
                row.push(String::new());
                names.len() - 1
            });
            row[column] = value.as_str().map_or_else(|| value.to_string(), str::to_owned);
        });
        rows.push(row);
    }
    Head { names, rows }
}

/// Calls back for every value that is not an object, with its dotted key; lists are not entered.
fn flatten(prefix: &str, value: &Value, depth: usize, found: &mut impl FnMut(&str, &Value)) {
    let Value::Object(object) = value else { return };
    for (key, value) in object.iter().take(256) {
        let key = if prefix.is_empty() { key.clone() } else { format!("{prefix}.{key}") };
        if value.is_object() && depth < 3 {
            flatten(&key, value, depth + 1, found);
        } else if !value.is_array() && !value.is_object() {
            found(&key, value);
        }
    }
}

/// The delimiter that cuts most rows of the head into the same number of fields.
fn delimiter_of(text: &str) -> u8 {
    let score = |delimiter: u8| {
        let lines = Lines::new(Box::new(std::io::Cursor::new(text.as_bytes().to_vec())));
        let mut rows = Delimited::new(lines, delimiter);
        let mut counts: BTreeMap<usize, usize> = BTreeMap::new();
        let (mut total, mut first) = (0_usize, 0);
        while total < 100
            && let Some(record) = rows.next()
        {
            total += 1;
            let fields = if matches!(record, Record::Fields) { rows.fields() } else { 0 };
            first = if total == 1 { fields } else { first };
            *counts.entry(fields).or_default() += 1;
        }
        let (fields, rows) = counts.into_iter().max_by_key(|&(_, rows)| rows).unwrap_or_default();
        // One field in each row is no cut at all, but better than a cut that differs from row to row.
        let even = (rows * 100).checked_div(total).unwrap_or(0);
        let cut = usize::from(fields > 1 && fields == first) * 2 + usize::from(fields == 1 && first == 1);
        (cut, even, fields)
    };
    // The first of the best: commas before the others.
    DELIMITERS.into_iter().rev().max_by_key(|&delimiter| score(delimiter)).unwrap_or(b',')
}

fn csv_head(path: &Path, corrections: &Corrections, plan: &mut ImportPlan) -> Result<Head, ImportError> {
    let (file, _) = CountedFile::open(path, &Position::default())?;
    let stream: Box<dyn BufRead + Send> = decoded(file, plan)?;
    let mut rows = Delimited::new(Lines::new(Box::new(stream.take(HEAD_BYTES))), plan.delimiter);
    let mut found: Vec<Vec<String>> = Vec::new();
    while found.len() <= HEAD_ROWS
        && let Some(record) = rows.next()
    {
        if matches!(record, Record::Fields) {
            let fields = (0..rows.fields()).filter_map(|column| rows.field(column));
            found.push(fields.map(|field| String::from_utf8_lossy(field).trim().to_owned()).collect());
        }
    }
    Ok(with_header(plan, corrections, found))
}

fn workbook_head(path: &Path, corrections: &Corrections, plan: &mut ImportPlan) -> Result<Head, ImportError> {
    let (mut workbook, _) = Workbook::open(path, plan, &Position::default())?;
    let mut found: Vec<Vec<String>> = Vec::new();
    while found.len() <= HEAD_ROWS
        && let Some(row) = workbook.next()
    {
        if let SheetRow::Cells { cells, .. } = row {
            found.push(cells.into_iter().map(|cell| cell.into_text().unwrap_or_default().into_owned()).collect());
        }
    }
    Ok(with_header(plan, corrections, found))
}

/// Takes the first row for names of columns when it looks like that.
fn with_header(plan: &mut ImportPlan, corrections: &Corrections, mut rows: Vec<Vec<String>>) -> Head {
    let first = rows.first().cloned().unwrap_or_default();
    let known = !assign(&first).is_empty();
    let is_name = |cell: &String| cell.chars().count() <= MAX_NAME_CHARS && as_date(cell).is_none() && !is_number(cell);
    let looks_like_names = rows.len() > 1 && first.iter().all(is_name) && first.iter().any(|cell| !cell.is_empty());
    plan.header = corrections.header.unwrap_or(known || looks_like_names);
    let names = if plan.header && !rows.is_empty() {
        rows.remove(0)
    } else {
        let width = rows.iter().map(Vec::len).max().unwrap_or(0);
        (1..=width).map(|column| column.to_string()).collect()
    };
    Head { names, rows }
}

fn assign_columns(plan: &mut ImportPlan, head: &Head, corrections: &Corrections, notes: &mut Vec<String>) {
    let named = |field: Field| corrections.columns.contains_key(field.name());
    let mut assigned = assign(&head.names);
    // A column that a person gives to a field is no other field's.
    assigned.retain(|(_, column)| !corrections.columns.values().any(|name| *name == head.names[*column]));
    let has = |assigned: &[(Field, usize)], field| assigned.iter().any(|(known, _)| *known == field);
    if !has(&assigned, Field::Text)
        && !named(Field::Text)
        && let Some(column) = longest_text(head, &assigned)
    {
        notes.push(format!("no column is called a text; `{}` holds the longest ones and is taken", head.names[column]));
        assigned.push((Field::Text, column));
    }
    if !has(&assigned, Field::Published)
        && !named(Field::Published)
        && let Some(column) = column_of_dates(head, &assigned)
    {
        notes.push(format!("no column is called a date; `{}` holds dates and is taken", head.names[column]));
        assigned.push((Field::Published, column));
    }
    plan.columns =
        assigned.into_iter().map(|(field, column)| (field.name().to_owned(), head.names[column].clone())).collect();
    plan.columns.extend(corrections.columns.clone());
}

fn longest_text(head: &Head, assigned: &[(Field, usize)]) -> Option<usize> {
    let mean = |column: usize| {
        let length: usize = head.rows.iter().filter_map(|row| row.get(column)).map(|cell| cell.chars().count()).sum();
        length / head.rows.len().max(1)
    };
    free_columns(head, assigned)
        .map(|column| (mean(column), column))
        .filter(|(mean, _)| *mean >= 15)
        .max()
        .map(|(_, column)| column)
}

fn column_of_dates(head: &Head, assigned: &[(Field, usize)]) -> Option<usize> {
    free_columns(head, assigned).find(|&column| {
        let dates = head.rows.iter().filter(|row| row.get(column).is_some_and(|cell| as_date(cell).is_some())).count();
        dates > 0 && dates * 10 >= head.rows.len() * 9
    })
}

fn free_columns(head: &Head, assigned: &[(Field, usize)]) -> impl Iterator<Item = usize> {
    (0..head.names.len()).filter(|column| !assigned.iter().any(|(_, taken)| taken == column))
}

fn note_what_is_missing(plan: &ImportPlan, notes: &mut Vec<String>) {
    let missing = |field: Field| !plan.columns.contains_key(field.name());
    if missing(Field::Text) && missing(Field::Title) {
        notes.push("no column looks like a text; name it, or every record will be rejected".to_owned());
    }
    if missing(Field::Published) {
        notes.push("no dates: every post is dated by the moment of the import".to_owned());
    }
    if missing(Field::Id) {
        notes.push(
            "no ids: a post is known by its text, author and time, so two that agree in all of them are one".to_owned(),
        );
    }
    if !plan.header && plan.format != ImportFormat::Jsonl {
        notes.push("no header: columns are called by their number, from 1".to_owned());
    }
}

fn looks_like_microblog(plan: &ImportPlan, head: &Head) -> bool {
    if plan.columns.contains_key(Field::Network.name()) {
        return false;
    }
    let Some(text) = plan.columns.get(Field::Text.name()) else { return false };
    let Some(column) = head.names.iter().position(|name| name == text) else { return false };
    let reposts = head.rows.iter().filter(|row| row.get(column).is_some_and(|cell| is_repost_head(cell))).count();
    reposts >= 2 && reposts * 50 >= head.rows.len()
}

fn as_date(cell: &str) -> Option<Timestamp> {
    read_date(&Cell::Text(cell.into()))
}

fn is_number(cell: &str) -> bool {
    !cell.is_empty() && cell.replace(',', ".").parse::<f64>().is_ok()
}
