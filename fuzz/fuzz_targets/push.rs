//! Any body as a delivery.
#![no_main]

use libfuzzer_sys::fuzz_target;
use molva_connectors::push::parse;
use molva_domain::Timestamp;

fuzz_target!(|body: &[u8]| {
    if let Ok(items) = parse("source", body, Timestamp::from_secs(1_760_000_000)) {
        assert!(!items.is_empty() && items.len() <= 10_000);
    }
});
