//! Readers that are not ours.

use std::path::Path;
use std::process::Command;

use serde_json::Value;

/// Rows of cells as a reader printed them.
pub(super) type Read = Vec<Vec<String>>;

const CSV: &str = "\
import csv, json, sys
csv.field_size_limit(1 << 30)
with open(sys.argv[1], encoding='utf-8-sig', newline='') as file:
    print(json.dumps(list(csv.reader(file, strict=True))))
";
const JSONL: &str = "\
import json, sys
with open(sys.argv[1], encoding='utf-8', newline='\\n') as file:
    print(json.dumps([json.loads(line) for line in file]))
";
const PARQUET: &str = "\
import duckdb, json, sys
db = duckdb.connect()
db.execute('SET enable_progress_bar = false')
kinds = db.execute('DESCRIBE SELECT * FROM read_parquet(?)', [sys.argv[1]]).fetchall()
kinds = [kind[:2] for kind in kinds]
rows = db.execute('SELECT * REPLACE (epoch_us(\"at\") AS \"at\") FROM read_parquet(?)', [sys.argv[1]]).fetchall()
groups = db.execute('SELECT row_group_num_rows FROM parquet_metadata(?) WHERE column_id = 0', [sys.argv[1]]).fetchall()
packed = db.execute('SELECT DISTINCT compression FROM parquet_metadata(?)', [sys.argv[1]]).fetchall()
coded = db.execute('SELECT encodings FROM parquet_metadata(?) WHERE column_id = 0', [sys.argv[1]]).fetchall()
notes = db.execute('SELECT key, value FROM parquet_kv_metadata(?)', [sys.argv[1]]).fetchall()
print(json.dumps({'kinds': kinds, 'rows': rows, 'groups': [group[0] for group in groups], 'packed': packed,
    'dictionary': all('DICTIONARY' in codes[0] for codes in coded),
    'notes': {key.decode(): value.decode() for key, value in notes}}))
";

/// What Python's csv module reads.
pub(super) fn csv(file: &Path) -> Option<Read> {
    let python = program("MOLVA_TEST_PYTHON", "python3", "--version")?;
    Some(serde_json::from_value(asked(&python, CSV, file)).expect("rows of texts"))
}

/// What Python's json module reads.
pub(super) fn jsonl(file: &Path) -> Option<Value> {
    Some(asked(&program("MOLVA_TEST_PYTHON", "python3", "--version")?, JSONL, file))
}

/// What DuckDB reads, `at` as microseconds: `kinds`, `rows`, `groups`, `packed`, `dictionary`, `notes`.
pub(super) fn parquet(file: &Path) -> Option<Value> {
    let Ok(python) = std::env::var("MOLVA_TEST_DUCKDB") else {
        println!("skipped: MOLVA_TEST_DUCKDB is not set");
        return None;
    };
    Some(asked(&python, PARQUET, file))
}

/// What LibreOffice reads: sheets by name, in order.
pub(super) fn xlsx(file: &Path) -> Option<Vec<(String, Read)>> {
    let soffice = program("MOLVA_TEST_SOFFICE", "soffice", "--version")?;
    let folder = file.parent().expect("a folder").join("sheets");
    // Its own profile: two of them at once, or one of the person at this machine, would wait for each other.
    let profile = format!("-env:UserInstallation=file://{}", folder.join("profile").display());
    // Comma, quote, UTF-8, from line 1; as shown, no formulas, every sheet a file of its own.
    let filter = "csv:Text - txt - csv (StarCalc):44,34,76,1,,0,false,true,false,false,false,-1";
    let status = Command::new(soffice)
        .args([&profile, "--headless", "--convert-to", filter, "--outdir"])
        .arg(&folder)
        .arg(file)
        .output()
        .expect("LibreOffice runs");
    assert!(status.status.success(), "{}", String::from_utf8_lossy(&status.stderr));
    let stem = file.file_stem().expect("a name").to_string_lossy().into_owned();
    let mut sheets: Vec<_> = folder
        .read_dir()
        .expect("the sheets")
        .map(|entry| entry.expect("an entry").path())
        .filter(|path| path.extension().is_some_and(|end| end == "csv"))
        .collect();
    sheets.sort_by_key(|path| path.with_extension(""));
    let sheets = sheets.into_iter().map(|path| {
        let name = path.file_stem().expect("a name").to_string_lossy().into_owned();
        let name = name.strip_prefix(&format!("{stem}-")).expect("file-sheet").to_owned();
        Some((name, csv(&path)?))
    });
    sheets.collect()
}

fn asked(python: &str, program: &str, file: &Path) -> Value {
    let output = Command::new(python).args(["-c", program]).arg(file).output().expect("Python runs");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    serde_json::from_slice(&output.stdout).expect("JSON")
}

/// A program that is there, or a line that says that the test was skipped.
fn program(variable: &str, usual: &str, question: &str) -> Option<String> {
    let program = std::env::var(variable).unwrap_or_else(|_| usual.to_owned());
    if Command::new(&program).arg(question).output().is_ok_and(|output| output.status.success()) {
        return Some(program);
    }
    println!("skipped: there is no `{program}`; `{variable}` may name another");
    None
}
