//! A query laid out, and in its one spelling, is the same query; laying out again changes nothing.
#![no_main]

use libfuzzer_sys::fuzz_target;
use molva_query::syntax::WordTest;
use molva_query::{KnownLists, List, ListKind, Query, Reading, Scope, parse_with};

const PIECES: &[&str] = &[
    " ",
    " ",
    "\n",
    "(",
    ")",
    "\"",
    ",",
    ":",
    "*",
    "?",
    "-",
    "=",
    "==",
    "~2",
    "|",
    " AND ",
    " OR ",
    " NOT ",
    " И ",
    " ИЛИ ",
    " НЕ ",
    " NEAR/3 ",
    " ONEAR/2 ",
    " SENTENCE ",
    "2 OF (",
    "title:",
    "kind:(post, reply)",
    "lang:ru",
    "published:>2026-03-01",
    "tone:negative",
    "list:слова",
    "<<< x >>>",
    " -- y\n",
    "слово",
    "связь",
    "Билайн",
    "карта",
    "мтс-банк",
    "#тег",
    "@имя",
    "😡",
    "\"нет связи\"",
    "\"a =b\"~3",
    "«в кавычках»",
    "wi-fi",
    "бил*",
    "б?лайн",
    "x",
];

fuzz_target!(|pieces: Vec<u8>| {
    let pieces = pieces.iter().take(60).map(|piece| PIECES[usize::from(*piece) % PIECES.len()]);
    let written: String = pieces.collect();
    let Some(query) = read(&written) else { return };
    let laid_out = query.format();
    let again = read(&laid_out).unwrap_or_else(|| panic!("laid out, {written:?} does not parse: {laid_out:?}"));
    let canonical = query.canonical();
    assert_eq!(again.canonical(), canonical, "laid out, {written:?} is another query: {laid_out:?}");
    assert_eq!(words(&again), words(&query), "laid out, {written:?} asks for other words: {laid_out:?}");
    for comment in ["<<< x >>>", "-- y"] {
        assert_eq!(written.matches(comment).count(), laid_out.matches(comment).count(), "{written:?} {laid_out:?}");
    }
    let canonical_again = read(&canonical).unwrap_or_else(|| panic!("{written:?} does not parse as {canonical:?}"));
    assert_eq!(canonical_again.canonical(), canonical, "{written:?} has two spellings");
    assert_eq!(words(&canonical_again), words(&query), "{written:?} asks for other words than {canonical:?}");
});

/// How each word is compared.
fn words(query: &Query) -> Vec<WordTest> {
    let mut tests = Vec::new();
    query.expr().each_word(&mut |word| tests.push(word.test.clone()));
    tests
}

fn read(text: &str) -> Option<Query> {
    let slova = List::new("слова".to_owned(), ListKind::Words, vec!["слово".to_owned(), "дело".to_owned()]);
    let lists: KnownLists = [slova].into_iter().collect();
    parse_with(text, &Reading { scope: Scope::Mentions, lists: &lists }).query
}
