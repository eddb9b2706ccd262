//! Any text as a query of another product.
#![no_main]

use libfuzzer_sys::fuzz_target;
use molva_domain::Language;
use molva_query::dialects::{Dialect, import};
use molva_query::parse;

fuzz_target!(|written: (u8, &str)| {
    let (number, foreign) = written;
    let dialect = Dialect::ALL[usize::from(number) % Dialect::ALL.len()];
    let imported = import(dialect, foreign);
    assert!(imported.notes.len() <= 501);
    for note in &imported.notes {
        let place = foreign.get(note.span.clone());
        assert!(place.is_some_and(|place| place.starts_with(note.written.trim_end_matches('…'))), "{note:?}");
        assert!(!note.message(Language::UKRAINIAN).is_empty());
    }
    // What is silently returned can be used; otherwise the last note covers the whole.
    if parse(&imported.query).query.is_none() {
        assert!(imported.notes.last().is_some_and(|note| note.span == (0..foreign.len())), "{:?}", imported);
    }
});
