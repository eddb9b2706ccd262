//! What is written is read back by programs that are not ours: Python, LibreOffice, DuckDB.
//!
//! `scripts/servers/readers.sh` brings them and names them in `MOLVA_TEST_…`; a test without its reader says so and passes.

mod files;
mod pipes;
mod readers;

use chrono_tz::Tz;
use molva_domain::Timestamp;

use crate::{Block, Cell, Column, Format, Kind, Note, Table};

/// A table with a column of every kind.
fn table() -> Table {
    let column = |id: &'static str, heading: &str, kind| Column { id, heading: heading.to_owned(), kind };
    Table {
        id: "mentions",
        name: "Упоминания".to_owned(),
        about_name: "About".to_owned(),
        columns: vec![
            column("id", "Номер", Kind::Text),
            column("text", "Текст", Kind::Text),
            column("followers", "Подписчики", Kind::Integer),
            column("share", "Доля", Kind::Real),
            column("at", "Время", Kind::Time),
            column("verified", "Проверен", Kind::Flag),
            column("tags", "Метки", Kind::List),
        ],
        notes: vec![
            Note {
                id: "selection".to_owned(),
                title: "Selection".to_owned(),
                text: "=кофе, \"чай\"\nlang:ru".to_owned(),
            },
            Note { id: "rows".to_owned(), title: "Rows".to_owned(), text: "7".to_owned() },
        ],
        zone: Tz::Europe__Kyiv,
    }
}

fn row(id: &str, text: impl Into<Cell>, followers: Option<u64>, tags: &[&str]) -> [Cell; 7] {
    let at = Timestamp::parse("2026-07-01T21:30:00.25Z").expect("a time");
    let tags = tags.iter().map(|tag| (*tag).to_owned()).collect::<Vec<_>>();
    [id.into(), text.into(), followers.into(), Cell::Real(0.25), at.into(), true.into(), tags.into()]
}

/// What strangers put into posts.
const WORDS: [&str; 12] = [
    "plain",
    "she said \"hi\", twice; then left",
    "first line\nsecond line",
    "first line\r\nsecond line\rthird",
    "=HYPERLINK(\"http://example.org\",\"x\")",
    "+7 000",
    "-1+1",
    "@SUM(A1)",
    "\t=1",
    "Кава з молоком 🙂 👩‍👩‍👧 ї",
    " spaces around ",
    "_x0041_ & <b>&amp;</b> ' '' `",
];

/// A row a text, and one of unknowns.
fn odd_rows() -> Block {
    let mut block = Block::default();
    for (index, text) in WORDS.iter().enumerate() {
        block.push(row(&format!("90071992547409{index:02}"), *text, Some(index as u64), &["a", "b, c"]));
    }
    block.push([
        "none".into(),
        Cell::Nothing,
        Cell::Nothing,
        Cell::Nothing,
        Cell::Nothing,
        Cell::Nothing,
        Cell::Nothing,
    ]);
    block.push(row("empty", "", Some(i64::MAX as u64), &[]));
    block
}

/// A whole file.
fn written(format: Format, blocks: Vec<Block>) -> Vec<u8> {
    let folder = tempfile::tempdir().expect("a folder");
    let mut out = Vec::new();
    let mut output = format.open(table(), &mut out, folder.path()).expect("a file");
    for block in blocks {
        output.write(block).expect("rows are written");
    }
    output.finish().expect("a whole file");
    let left: Vec<_> = folder.path().read_dir().expect("the folder").collect();
    assert!(left.is_empty(), "temporary files were left: {left:?}");
    out
}
