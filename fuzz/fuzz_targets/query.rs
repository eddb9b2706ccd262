//! Any text as a query.
#![no_main]

use libfuzzer_sys::fuzz_target;
use molva_domain::Language;
use molva_query::dialects::{Dialect, import};
use molva_query::{Severity, parse};

fuzz_target!(|text: &str| {
    let parsed = parse(text);
    for diagnostic in &parsed.diagnostics {
        assert!(text.get(diagnostic.span.clone()).is_some(), "the place {:?} is not in the text", diagnostic.span);
        assert!(!diagnostic.message(Language::RUSSIAN).is_empty());
    }
    let has_errors = parsed.diagnostics.iter().any(|diagnostic| diagnostic.severity == Severity::Error);
    assert_eq!(parsed.query.is_none(), has_errors, "a query and an error, or neither");
    if let Some(query) = parsed.query {
        assert!(!query.explain(Language::ENGLISH).is_empty());
        assert!(parse(query.text()).query.is_some(), "its own text does not parse again");
        let laid_out = parse(&query.format()).query.expect("the query laid out does not parse again");
        assert_eq!(laid_out.canonical(), query.canonical(), "laying out changed the query");
        for clause in query.clauses().iter().take(20) {
            let _ = query.without(clause).map(|left| left.canonical());
        }
    }
    for dialect in Dialect::ALL {
        let imported = import(*dialect, text);
        for note in &imported.notes {
            assert!(text.get(note.span.clone()).is_some(), "the place {:?} is not in the text", note.span);
        }
    }
});
