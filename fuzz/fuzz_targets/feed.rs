//! Any bytes as a feed. The first byte chooses what the server says they are.
#![no_main]

use libfuzzer_sys::fuzz_target;
use molva_connectors::feed::read_document;

const CONTENT_TYPES: [Option<&str>; 4] =
    [None, Some("application/rss+xml"), Some("text/xml; charset=windows-1251"), Some("application/feed+json")];

fuzz_target!(|data: &[u8]| {
    let Some((&first, document)) = data.split_first() else { return };
    let content_type = CONTENT_TYPES[usize::from(first) % CONTENT_TYPES.len()];
    if let Ok(counted) = read_document(document, content_type) {
        let entries = counted.posts + counted.empty + counted.broken;
        assert!(entries <= 10_000, "{entries} entries are more than one look may bring");
    }
});
