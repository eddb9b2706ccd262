//! Any bytes as a file to import.
#![no_main]

use std::io::Write as _;

use libfuzzer_sys::fuzz_target;
use molva_connectors::Item;
use molva_connectors::import::{ImportReader, inspect};
use molva_domain::{Post, Rejection, Timestamp};

const NAMES: [&str; 5] = [".jsonl", ".csv", ".xlsx", ".jsonl.gz", ".csv.gz"];

fuzz_target!(|data: &[u8]| {
    let Some((&first, bytes)) = data.split_first() else { return };
    let suffix = NAMES[usize::from(first) % NAMES.len()];
    let mut file = tempfile::Builder::new().suffix(suffix).tempfile().expect("a temporary file");
    file.write_all(bytes).expect("a written file");
    let now = Timestamp::from_secs(1_760_000_000);
    let Ok(inspection) = inspect(file.path(), now) else { return };
    let Ok(mut reader) = ImportReader::open(file.path(), &inspection.plan, 0, now) else { return };
    let mut seen = 0_u64;
    loop {
        let items = reader.next_items(100);
        if items.is_empty() {
            break;
        }
        assert!(items.len() <= 100, "more items than were asked for");
        seen += items.len() as u64;
        for item in items {
            match item {
                Item::Post(post) => {
                    assert!(post.text.len() <= Post::MAX_TEXT_BYTES && !post.text.contains('\0'));
                    assert!(!post.urn.as_str().is_empty());
                }
                Item::Rejected(rejection) => assert!(rejection.sample.len() <= Rejection::MAX_SAMPLE_BYTES + 3),
                Item::Deleted(_) => panic!("a file deletes nothing"),
            }
        }
        // A record takes a byte at least, a row of a sheet more.
        assert!(seen <= 10_000_000, "it does not end");
    }
});
