use std::fs;
use std::path::{Path, PathBuf};

use serde_json::{Value, json};
use tempfile::TempDir;

use super::readers::{self, Read};
use super::{WORDS, odd_rows, row, table, written};
use crate::xlsx::Xlsx;
use crate::{Block, Cell, Format, Output};

const ONE_MEGABYTE: usize = 1 << 20;

fn file(format: Format, blocks: Vec<Block>) -> (TempDir, PathBuf) {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join(format!("export.{}", format.as_str()));
    fs::write(&path, written(format, blocks)).expect("a file");
    (folder, path)
}

fn long_row() -> Block {
    let mut block = Block::default();
    block.push(row("long", "я".repeat(ONE_MEGABYTE / 2), None, &[]));
    block.push(row("bell", "a\u{7}b\0c\u{ffff}", None, &[]));
    block
}

#[test]
fn csv_is_read_by_python_cell_by_cell() {
    let (_folder, path) = file(Format::Csv, vec![odd_rows(), long_row()]);
    let Some(read) = readers::csv(&path) else { return };
    assert_eq!(read[0], ["id", "text", "followers", "share", "at", "verified", "tags"]);
    let texts: Vec<&str> = read[1..].iter().map(|row| row[1].as_str()).collect();
    let harmless = WORDS
        .map(|text| if text.starts_with(['=', '+', '-', '@', '\t']) { format!("'{text}") } else { text.to_owned() });
    assert_eq!(texts[..WORDS.len()], harmless);
    assert_eq!(read[1], ["9007199254740900", "plain", "0", "0.25", "2026-07-02T00:30:00.250+03:00", "true", "a, b, c"]);
    assert_eq!(read[WORDS.len() + 1], ["none", "", "", "", "", "", ""]);
    assert_eq!(read[WORDS.len() + 2][..3], ["empty", "", "9223372036854775807"]);
    assert_eq!(read[WORDS.len() + 3][1].len(), ONE_MEGABYTE);
    assert_eq!(read[WORDS.len() + 4][1], "a\u{7}b\u{fffd}c\u{ffff}");
    assert_eq!(read.len(), WORDS.len() + 5);
}

#[test]
fn json_lines_are_read_by_python_value_by_value() {
    let (_folder, path) = file(Format::Jsonl, vec![odd_rows(), long_row()]);
    let Some(Value::Array(read)) = readers::jsonl(&path) else { return };
    let texts: Vec<&Value> = read.iter().map(|row| &row["text"]).collect();
    assert_eq!(texts[..WORDS.len()], WORDS.map(Value::from).each_ref());
    let first = json!({"id": "9007199254740900", "text": "plain", "followers": 0, "share": 0.25,
        "at": "2026-07-01T21:30:00.250Z", "verified": true, "tags": ["a", "b, c"]});
    assert_eq!(read[0], first);
    let none = json!({"id": "none", "text": null, "followers": null, "share": null, "at": null, "verified": null, "tags": null});
    assert_eq!(read[WORDS.len()], none);
    assert_eq!((&read[WORDS.len() + 1]["text"], &read[WORDS.len() + 1]["tags"]), (&json!(""), &json!([])));
    assert_eq!(read[WORDS.len() + 1]["followers"], json!(i64::MAX));
    assert_eq!(read[WORDS.len() + 2]["text"].as_str().map(str::len), Some(ONE_MEGABYTE));
    assert_eq!(read[WORDS.len() + 3]["text"], json!("a\u{7}b\0c\u{ffff}"));
}

#[test]
fn parquet_is_read_by_duckdb_with_types_nulls_and_notes() {
    let (_folder, path) = file(Format::Parquet, vec![odd_rows(), long_row()]);
    let Some(read) = readers::parquet(&path) else { return };
    let kinds = json!([
        ["id", "VARCHAR"],
        ["text", "VARCHAR"],
        ["followers", "BIGINT"],
        ["share", "DOUBLE"],
        ["at", "TIMESTAMP WITH TIME ZONE"],
        ["verified", "BOOLEAN"],
        ["tags", "VARCHAR[]"]
    ]);
    assert_eq!(read["kinds"], kinds);
    let rows = read["rows"].as_array().expect("rows");
    assert_eq!(rows[0], json!(["9007199254740900", "plain", 0, 0.25, 1_782_941_400_250_000_i64, true, ["a", "b, c"]]));
    let texts: Vec<&Value> = rows.iter().map(|row| &row[1]).collect();
    assert_eq!(texts[..WORDS.len()], WORDS.map(Value::from).each_ref());
    assert_eq!(rows[WORDS.len()], json!(["none", null, null, null, null, null, null]));
    assert_eq!((&rows[WORDS.len() + 1][1], &rows[WORDS.len() + 1][6]), (&json!(""), &json!([])));
    assert_eq!(rows[WORDS.len() + 1][2], json!(i64::MAX));
    assert_eq!(rows[WORDS.len() + 2][1].as_str().map(str::len), Some(ONE_MEGABYTE));
    assert_eq!(rows[WORDS.len() + 3][1], json!("a\u{7}b\0c\u{ffff}"));
    assert_eq!((&read["packed"], &read["dictionary"]), (&json!([["ZSTD"]]), &json!(true)));
    let notes =
        json!({"molva.selection": "=кофе, \"чай\"\nlang:ru", "molva.rows": "7", "molva.time_zone": "Europe/Kyiv"});
    assert_eq!(read["notes"], notes);
}

#[test]
fn a_row_group_of_parquet_is_bounded() {
    let blocks = (0..130).map(|block| {
        let mut rows = Block::default();
        (0..1_000).for_each(|index| rows.push(row(&format!("{block}-{index}"), "text", Some(index), &["a"])));
        rows
    });
    let (_folder, path) = file(Format::Parquet, blocks.collect());
    let Some(read) = readers::parquet(&path) else { return };
    assert_eq!(read["groups"], json!([50_000, 50_000, 30_000]));
    let rows = read["rows"].as_array().expect("rows");
    assert_eq!((rows.len(), &rows[129_999][0], &rows[50_000][0]), (130_000, &json!("129-999"), &json!("50-0")));
}

#[test]
fn a_workbook_is_read_by_libreoffice_cell_by_cell() {
    let (_folder, path) = file(Format::Xlsx, vec![odd_rows(), long_row()]);
    let Some(sheets) = readers::xlsx(&path) else { return };
    let [(about, notes), (name, rows)] = &sheets[..] else { panic!("{sheets:?}") };
    assert_eq!((about.as_str(), name.as_str()), ("About", "Упоминания"));
    assert_eq!(*notes, [["Selection", "=кофе, \"чай\"\nlang:ru"], ["Rows", "7"]]);
    assert_eq!(rows[0], ["Номер", "Текст", "Подписчики", "Доля", "Время", "Проверен", "Метки"]);
    assert_eq!(rows[1], ["9007199254740900", "plain", "0", "0.25", "2026-07-02 00:30:00", "TRUE", "a, b, c"]);
    let texts: Vec<&str> = rows[1..].iter().map(|row| row[1].as_str()).collect();
    let lines = WORDS.map(|text| text.replace("\r\n", "\n").replace('\r', "\n"));
    assert_eq!(texts[..WORDS.len()], lines);
    assert_eq!(rows[WORDS.len() + 1], ["none", "", "", "", "", "", ""]);
    assert_eq!(rows[WORDS.len() + 2][..3], ["empty", "", "9223372036854775807"]);
    let long = &rows[WORDS.len() + 3][1];
    assert!(long.starts_with("яяя") && long.ends_with("(cut: a cell holds 32767 characters, this text has 524288)"));
    assert_eq!(rows[WORDS.len() + 4][1], "a\u{fffd}b\u{fffd}c\u{fffd}");
}

#[test]
fn a_full_sheet_is_followed_by_another() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("export.xlsx");
    let out = fs::File::create(&path).expect("a file");
    let mut output = Box::new(Xlsx::with_rows_of_a_sheet(table(), out, folder.path(), 3).expect("a workbook"));
    let mut block = Block::default();
    (1..=7).for_each(|index| block.push(row(&format!("row {index}"), "text", Some(index), &[])));
    output.write(block).expect("rows are written");
    output.finish().expect("a whole workbook");
    let Some(sheets) = readers::xlsx(&path) else { return };
    let ids = |rows: &Read| rows.iter().map(|row| row[0].clone()).collect::<Vec<_>>();
    let seen: Vec<(&str, Vec<String>)> = sheets.iter().map(|(name, rows)| (name.as_str(), ids(rows))).collect();
    let expected = [
        ("About", vec!["Selection", "Rows"]),
        ("Упоминания", vec!["Номер", "row 1", "row 2", "row 3"]),
        ("Упоминания 2", vec!["Номер", "row 4", "row 5", "row 6"]),
        ("Упоминания 3", vec!["Номер", "row 7"]),
    ];
    assert_eq!(seen, expected.map(|(name, ids)| (name, ids.into_iter().map(str::to_owned).collect())));
}

#[test]
fn an_export_without_rows_is_a_whole_file() {
    let check = |format: Format, read: fn(&Path) -> Option<usize>, expected: usize| {
        let (_folder, path) = file(format, Vec::new());
        if let Some(rows) = read(&path) {
            assert_eq!(rows, expected, "{format:?}");
        }
    };
    check(Format::Csv, |path| readers::csv(path).map(|rows| rows.len()), 1);
    check(Format::Jsonl, |path| readers::jsonl(path)?.as_array().map(Vec::len), 0);
    check(Format::Parquet, |path| readers::parquet(path)?["rows"].as_array().map(Vec::len), 0);
    check(Format::Xlsx, |path| readers::xlsx(path)?.get(1).map(|(_, rows)| rows.len()), 1);
}

#[test]
fn a_number_that_is_none_is_an_empty_cell() {
    let mut block = Block::default();
    for number in [f64::NAN, f64::INFINITY, -0.5] {
        block.push([
            Cell::Nothing,
            Cell::Nothing,
            Cell::Nothing,
            number.into(),
            Cell::Nothing,
            Cell::Nothing,
            Cell::Nothing,
        ]);
    }
    let csv = String::from_utf8(written(Format::Csv, vec![block.clone()])).expect("UTF-8");
    assert_eq!(csv.lines().skip(1).collect::<Vec<_>>(), [",,,,,,", ",,,,,,", ",,,-0.5,,,"]);
    let jsonl = String::from_utf8(written(Format::Jsonl, vec![block])).expect("UTF-8");
    let shares = jsonl.lines().map(|line| serde_json::from_str::<Value>(line).expect("JSON")["share"].clone());
    assert_eq!(shares.collect::<Vec<_>>(), [Value::Null, Value::Null, json!(-0.5)]);
}
