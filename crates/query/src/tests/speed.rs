//! How fast queries are read. In a debug build the figures mean nothing, so these run by hand:
//! `cargo test --release -p molva-query speed -- --ignored --nocapture`.

use std::time::{Duration, Instant};

use crate::parse;

const STEMS: &[&str] = &[
    "билайн",
    "кредит",
    "тариф",
    "карт",
    "банк",
    "телефон",
    "оператор",
    "мегафон",
    "интернет",
    "магазин",
    "доставк",
    "заказ",
    "beeline",
    "credit",
    "phone",
    "зв'язк",
    "оператор",
    "послуг",
    "мереж",
    "вклад",
    "ипотек",
    "приложени",
];
const ENDINGS: &[&str] = &["", "а", "у", "ом", "е", "ы", "ов", "ам", "ами", "ах"];

/// A vocabulary of stems with two more letters each, as varied as that of a hundred thousand topics.
fn word(number: usize) -> String {
    let stem = STEMS[number % STEMS.len()];
    let letters: Vec<char> = "абвгдежзиклмнопрст".chars().collect();
    let (a, b) = (letters[number / 7 % letters.len()], letters[number / 131 % letters.len()]);
    if stem.is_ascii() {
        return format!("{stem}{}", number / 7 % 100);
    }
    format!("{stem}{a}{b}{}", ENDINGS[number / 3 % ENDINGS.len()])
}

fn queries(sign: &str, count: usize) -> Vec<String> {
    (0..count)
        .map(|number| {
            let words: Vec<_> = (0..6).map(|part| format!("{sign}{}", word(number * 31 + part * 7))).collect();
            format!("({}) AND ({})", words[..3].join(" OR "), words[3..].join(" OR "))
        })
        .collect()
}

#[test]
#[ignore = "measures a release build"]
fn a_hundred_thousand_queries_are_read_in_less_than_half_a_second() {
    for (sign, count) in [("=", 100_000), ("", 10_000)] {
        let queries = queries(sign, count);
        let started = Instant::now();
        let read = queries.iter().filter(|query| parse(query).query.is_some()).count();
        let took = started.elapsed();
        println!("words like `{sign}слово`: {read} queries in {took:?}");
        assert_eq!(read, queries.len());
    }
}

/// Texts that a careless parser reads in quadratic time or on a deep stack, as long as a query may be.
fn nasty() -> Vec<(&'static str, String)> {
    vec![
        ("nested", format!("{}a{}", "(b OR ".repeat(99), ")".repeat(99))),
        ("open brackets", "(".repeat(99_000)),
        ("closed brackets", ")".repeat(99_000)),
        ("quotes", "\"".repeat(99_000)),
        ("quotation marks that nothing closes", "«".repeat(99_000)),
        ("minuses", "-".repeat(99_000)),
        ("comments", "<<<".repeat(33_000)),
        ("colons", "a:".repeat(49_000)),
        ("numbers", "2 ".repeat(49_000)),
        ("lists", "2 OF (".repeat(16_000)),
        ("distances", "a NEAR/5 ".repeat(11_000)),
        ("operators", "OR ".repeat(33_000)),
        ("commas", ",".repeat(99_000)),
        ("fields", "network:(".repeat(11_000)),
        ("values", format!("network:({})", "vk ".repeat(9_990))),
        ("same word", "слово ".repeat(9_999)),
        ("same alternative", format!("a{}", " OR слово".repeat(9_990))),
        ("same exclusion", format!("a {}", "-слово ".repeat(9_990))),
        ("one long word", "я".repeat(99_999)),
        ("hyphens", "а-".repeat(49_000)),
        ("many short compounds", "а-б ".repeat(9_000)),
        ("prefixes", "слово* ".repeat(9_990)),
        ("one phrase", format!("\"{}\"~5", "слово ".repeat(9_990))),
        ("exact words", (0..9_000).map(|number| format!("=а{number} ")).collect()),
        ("exact alternatives", (0..6_000).map(|number| format!("=а{number} OR ")).collect::<String>() + "б*"),
        ("groups", (0..4_000).map(|number| format!("(=а{number} -б) OR ")).collect::<String>() + "в"),
    ]
}

/// Parses, and does everything else that can be done with a query.
fn everything(text: &str) -> usize {
    let parsed = parse(text);
    let Some(query) = parsed.query else { return parsed.diagnostics.len() };
    let clauses = query.clauses();
    let left = clauses.iter().take(3).filter_map(|clause| query.without(clause)).count();
    let explained = query.explain(molva_domain::Language::RUSSIAN).len();
    let words = query.search_words().map_or(0, |words| words.words.len());
    query.format().len() + query.canonical().len() + left + explained + words
}

#[test]
fn no_text_takes_long() {
    // A debug build reads the slowest of these in a fifth of the time allowed; in quadratic time it would take minutes.
    for (name, text) in nasty() {
        let started = Instant::now();
        everything(&text);
        assert!(started.elapsed() < Duration::from_secs(5), "{name}: {:?}", started.elapsed());
    }
}

#[test]
#[ignore = "measures a release build"]
fn long_queries_are_read_at_once() {
    let words =
        |between: &str, count: usize| (0..count).map(|number| word(number * 31)).collect::<Vec<_>>().join(between);
    let real = [
        ("choice, words read for the first time", words(" OR ", 6_500)),
        ("choice, words known", words(" OR ", 6_500)),
        ("exclusions", format!("слово -{}", words(" -", 6_500))),
    ];
    for (name, text) in real.into_iter().chain(nasty()) {
        let started = Instant::now();
        let parsed = parse(&text);
        let took = started.elapsed();
        let started = Instant::now();
        everything(&text);
        println!("{name}: {} diagnostics in {took:?}; all the rest {:?}", parsed.diagnostics.len(), started.elapsed());
    }
}
