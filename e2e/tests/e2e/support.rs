//! What the tests lean on, tested itself.

use molva_e2e::import_file::jsonl;
use molva_e2e::web_server::{rfc2822, rfc3339};

#[test]
fn a_date_is_written_as_feeds_write_it() {
    assert_eq!(rfc2822(1_772_357_400), "Sun, 01 Mar 2026 09:30:00 GMT");
    assert_eq!(rfc2822(0), "Thu, 01 Jan 1970 00:00:00 GMT");
    assert_eq!(rfc3339(1_772_357_400), "2026-03-01T09:30:00.000Z");
}

#[test]
fn every_record_of_a_file_is_accounted_for() {
    let (file, truth) = jsonl(1, 5_000);
    assert_eq!(file.lines().count() as u64, truth.tally().received);
    assert_eq!(truth.matching.intersection(&truth.others).count(), 0);
    assert!(truth.duplicates > 0 && truth.broken > 0);
}
