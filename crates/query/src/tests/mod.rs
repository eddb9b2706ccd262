//! The language as its users see it.

mod clauses;
mod dialects;
mod explain;
mod format;
mod judged;
mod lint;
mod lists;
mod search_words;
mod sought;
mod speed;

use molva_domain::{Language, Post, Timestamp, Urn};
use proptest::prelude::*;

use crate::{CODES, Parsed, Severity, parse, suggest};

fn post(text: &str) -> Post {
    let at = Timestamp::parse("2026-03-01T05:30:00Z").expect("a time");
    Post::new(Urn::new("urn:smm:vk:post:1"), "vk", text.to_owned(), at, at)
}

#[track_caller]
fn check(query: &str, matching: &[&str], not_matching: &[&str]) {
    let parsed = parse(query);
    let read = parsed.query.unwrap_or_else(|| panic!("{query}: {:?}", parsed.diagnostics));
    for text in matching {
        assert!(read.matches(&post(text)), "{query} should match {text}");
    }
    for text in not_matching {
        assert!(!read.matches(&post(text)), "{query} should not match {text}");
    }
    let again = parse(&read.canonical());
    let canonical = again.query.unwrap_or_else(|| panic!("{}: {:?}", read.canonical(), again.diagnostics));
    assert_eq!(canonical.canonical(), read.canonical());
    for text in matching {
        assert!(canonical.matches(&post(text)), "{} should match {text}", read.canonical());
    }
}

/// Codes with the text they stand at, errors first.
#[track_caller]
fn codes(query: &str) -> Vec<(&'static str, &str)> {
    spans(query, &parse)
}

#[track_caller]
fn spans<'a>(query: &'a str, read: &dyn Fn(&str) -> Parsed) -> Vec<(&'static str, &'a str)> {
    let parsed = read(query);
    let errors = parsed.diagnostics.iter().any(|diagnostic| diagnostic.severity == Severity::Error);
    assert_eq!(parsed.query.is_none(), errors);
    parsed.diagnostics.iter().map(|diagnostic| (diagnostic.code, &query[diagnostic.span.clone()])).collect()
}

#[test]
fn words_are_compared_by_form_exactness_and_case() {
    check("билайн", &["у Билайна", "БИЛАЙН!", "#Билайн", "«Билайном»"], &["мегафон", "@билайн", "http://билайн"]);
    check("=билайн", &["Билайн"], &["билайна"]);
    check("==Билайн", &["это Билайн"], &["это билайн", "БИЛАЙН"]);
    check("мегаф*", &["мегафончик", "МЕГАФОН"], &["мега"]);
    check("м?гафон", &["мигафон", "мегафон"], &["мегафона"]);
    check("м?гаф*", &["мигафончик"], &["мега"]);
}

#[test]
fn a_question_mark_behind_a_word_of_a_phrase_is_punctuation_whatever_follows_it() {
    for pasted in ["\"почему? нет сети\"", "\"почему?! нет сети\"", "\"почему?.. нет сети…\""]
    {
        check(pasted, &["почему нет сети"], &["почемук нет сети"]);
    }
    check("\"поч?му?! нет сет*.\"", &["почему нет сетей"], &["почемук нет сети"]);
    check("\"поч?му?😡 нет\"", &["почему 😡 нет"], &["почему нет"]);
}

#[test]
fn the_one_spelling_keeps_words_as_exact_as_they_were() {
    let canonical = |text: &str| parse(text).query.expect("a query").canonical();
    assert_eq!(canonical("Мой-Билaйн"), "мой-билайн");
    // The first letter is Cyrillic in the part and Latin in the whole.
    assert_eq!(canonical("xбанк-wifi"), "xбанк-wifi");
    for written in
        ["\"=нет интернет\"~3", "\"==Нет интернет\"~3", "title:==Wi-Fi", "=мтс-банк", "мтс-банк", "\"нет ==Wi\""]
    {
        assert_eq!(canonical(written), written);
        assert_eq!(canonical(&canonical(written)), written);
    }
}

#[test]
fn phrases_and_distances() {
    check("\"нет интернета\"", &["опять нет интернета"], &["нет уже интернета", "нет интернету", "нет. #x интернета"]);
    check(
        "\"нет интернет\"~3",
        &["интернета сегодня нет", "нет моего любимого быстрого интернета"],
        &["нет а б в г интернета", "интернет"],
    );
    check(
        "связь NEAR/2 (плохой OR \"не работает\")",
        &["плохая связь", "связь тут не работает"],
        &["связь а б в плохая"],
    );
    check("связь ONEAR/2 плохая", &["связь тут плохая"], &["плохая связь"]);
    check("связь SENTENCE плохая", &["плохая связь. да"], &["плохая погода. связь есть"]);
    check("2 OF (раз, два, три)", &["раз три"], &["раз раз"]);
    check("\"да да\"~1", &["да нет да"], &["да нет"]);
}

#[test]
fn signs_compounds_and_logic() {
    check("#ДомРу", &["#домру"], &["дом ру"]);
    check("ру", &["#ДомРу"], &["#домру"]);
    check("@Name", &["@name привет"], &["name"]);
    check("😡", &["ну вот 😡😡"], &["😀"]);
    check("wi-fi", &["WiFi", "wi-fi", "wi fi"], &["fi wi"]);
    check("dom.ru", &["на dom.ru пишут"], &["ru dom"]);
    check("a | b -c", &["a c", "b"], &["b c"]);
    check("связь НЕ банк АБО билайн", &["связь", "билайн банк"], &["связь банк"]);
    check("a <<< comment ( >>> b -- c\n d", &["a b d"], &["a b"]);
}

#[test]
fn fields() {
    let mut full = post("Почему связь?");
    full.title = Some("Новости Билайна".into());
    full.url = Some("https://news.pikabu.ru/story/1".into());
    full.links = vec!["http://dom.ru/tariff".into()];
    full.author.handle = Some("Ivan".into());
    full.author.followers = Some(1_500);
    full.author.city = Some("Энгельс".into());
    full.engagement.rating = Some(2);
    for (query, expected) in [
        ("network:VK", true),
        ("network:(ok, vk)", true),
        ("kind:comment", false),
        ("site:pikabu.ru", true),
        ("site:kabu.ru", false),
        ("url:/story/", true),
        ("link:dom.ru", true),
        ("link:dom.ru/tariff", true),
        ("author:@ivan", true),
        ("author.city:энгельс", true),
        ("followers:>=1000", true),
        ("followers:<1000", false),
        ("verified:yes", false),
        ("title:билайн", true),
        ("title:связь", false),
        ("title:\"новости билайна\"", true),
        ("lang:ru", true),
        ("has:question", true),
        ("has:image", false),
        ("rating:<=2", true),
        ("likes:>0", false),
        ("published:2026-03-01", true),
        ("published:>2026-03-01", false),
        ("published:2026-02-01..2026-03-01", true),
        ("hour:0..6", true),
        ("hour:22..4", false),
    ] {
        let read = parse(query);
        let read = read.query.unwrap_or_else(|| panic!("{query}: {:?}", read.diagnostics));
        assert_eq!(read.matches(&full), expected, "{query}");
        assert_eq!(
            parse(&read.canonical()).query.map(|again| again.matches(&full)),
            Some(expected),
            "{}",
            read.canonical()
        );
    }
}

#[test]
fn all_errors_are_told_at_once_and_in_place() {
    assert_eq!(
        codes("(ме* OR fuu:bar) AND tone:negative \"x"),
        [
            ("prefix_too_short", "ме*"),
            ("unknown_field", "fuu:bar"),
            ("field_not_in_topics", "tone:negative"),
            ("unclosed_quote", "\""),
        ]
    );
    assert_eq!(codes("(a OR b"), [("unclosed_bracket", "(")]);
    assert_eq!(codes("a) b"), [("unexpected_bracket", ")")]);
    assert_eq!(codes("a OR"), [("missing_operand", "OR")]);
    assert_eq!(codes("a AND AND b"), [("missing_operand", "AND")]);
    assert_eq!(codes("a NEAR b"), [("distance_missing", "NEAR")]);
    assert_eq!(codes("a NEAR/500 b"), [("distance_too_large", "NEAR/500")]);
    assert_eq!(codes("a NEAR/5 (b c)"), [("near_operand", "(b c)")]);
    assert_eq!(codes("3 OF (a, b)"), [("count_of_range", "3 OF")]);
    assert_eq!(codes("a, b"), [("comma_outside_list", ",")]);
    assert_eq!(codes("list:brands"), [("unknown_list", "list:brands")]);
    assert_eq!(codes("NOT a"), [("only_exclusions", "NOT a")]);
    assert_eq!(codes("a OR -b"), [("only_exclusions", "-b")]);
    assert_eq!(codes("likes:5..1"), [("empty_range", "likes:5..1")]);
    assert_eq!(codes("published:yesterday"), [("field_value", "published:yesterday")]);
    assert_eq!(codes("http://ya.ru/x"), [("address_as_word", "http://ya.ru/x")]);
    assert_eq!(
        codes("a * *б мег*он #a*"),
        [("not_a_word", "*"), ("leading_wildcard", "*б"), ("star_inside", "мег*он"), ("wildcard_here", "#a*"),]
    );
    assert_eq!(codes(""), [("empty_query", "")]);
    assert_eq!(codes("() \"\""), [("empty_group", "()"), ("empty_phrase", "\"\"")]);
    assert_eq!(codes("a <<< b"), [("unclosed_comment", "<<<")]);
}

#[test]
fn limits_end_in_an_error_and_nothing_else() {
    assert_eq!(codes(&"a ".repeat(50_001))[0].0, "too_long");
    assert_eq!(codes(&"a ".repeat(10_001))[0].0, "too_many_words");
    for deep in [
        "(".repeat(5_000),
        "NOT ".repeat(5_000),
        "a NEAR/1 ".repeat(5_000),
        "2 OF (".repeat(5_000),
        "-a(".repeat(5_000),
    ] {
        assert!(codes(&deep).iter().any(|(code, _)| *code == "too_deep"));
    }
}

#[test]
fn every_code_has_a_sentence_in_three_languages() {
    for texts in CODES {
        for text in [texts.en, texts.ru, texts.uk] {
            assert!(!text.is_empty() && !text.ends_with('.'), "{}", texts.code);
        }
    }
    let parsed = parse("билайн or мтс");
    assert_eq!(
        parsed.diagnostics[0].message(Language::RUSSIAN),
        "`or` строчными буквами читается как искомое слово; для оператора напишите `OR`"
    );
}

#[test]
fn a_brand_gets_a_query_that_parses() {
    let suggestion = suggest("Билайн", Language::RUSSIAN);
    assert_eq!(suggestion.query, "билайн OR beeline");
    assert_eq!(suggestion.spellings, ["билайн", "beeline"]);
    assert_eq!(suggestion.exclusions[0].reason, "объявления о работе");
    for brand in
        ["Дом.ру", "Тинькофф Банк", "H&M", "Яндекс \"Еда\"", "и или", "AND", "(((", "", "Сільпо", "Nova Poshta", "😀"]
    {
        for language in [Language::RUSSIAN, Language::UKRAINIAN, Language::ENGLISH] {
            let suggestion = suggest(brand, language);
            assert!(suggestion.query.is_empty() || parse(&suggestion.query).query.is_some(), "{suggestion:?}");
            for exclusion in &suggestion.exclusions {
                let whole = format!("слово -({})", exclusion.clause);
                assert!(parse(&whole).query.is_some(), "{whole}");
            }
        }
    }
    assert_eq!(suggest("Nova Poshta", Language::UKRAINIAN).spellings, ["nova poshta", "нова пошта"]);
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 3_000, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn no_text_breaks_the_parser(
        query in "\\PC{0,60}|(a|б|AND|OR|NOT|И|-|\\||\\(|\\)|\"|«|»|,|~2|NEAR/2|SENTENCE|2 OF|title:|likes:|>|\\.\\.|5|\\*|\\?|=|==|#|@|😡|<<<|>>>|--|\n| ){0,30}",
        text in "(a|б|c| |\\.){0,12}",
    ) {
        let parsed = parse(&query);
        for diagnostic in &parsed.diagnostics {
            prop_assert!(query.get(diagnostic.span.clone()).is_some());
            prop_assert!(diagnostic.message(Language::ENGLISH) != diagnostic.code);
        }
        prop_assert!(parsed.query.is_some() || !parsed.diagnostics.is_empty());
        if let Some(read) = parsed.query {
            let again = parse(&read.canonical()).query;
            prop_assert!(again.is_some(), "{}", read.canonical());
            prop_assert_eq!(again.map(|again| again.matches(&post(&text))), Some(read.matches(&post(&text))));
            let _ = (read.explain(Language::UKRAINIAN), read.search_words());
        }
    }
}
