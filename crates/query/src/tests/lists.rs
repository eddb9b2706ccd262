use std::sync::Arc;

use molva_domain::Language;

use super::{post, spans};
use crate::syntax::Node;
use crate::{KnownLists, List, ListKind, Parsed, Reading, Scope, check_list, parse, parse_quietly, parse_with};

fn list(name: &str, kind: ListKind, entries: &[&str]) -> List {
    List::new(name.to_owned(), kind, entries.iter().map(|entry| (*entry).to_owned()).collect())
}

fn read(text: &str) -> Parsed {
    let lists: KnownLists = [
        list("Бренды", ListKind::Words, &["билайн", "нет сети", "\"дом ру\"", "wi-fi", "=МТС", "теле*"]),
        list("наши люди", ListKind::Authors, &["@ivan", "Пётр Петров"]),
        list("сломан", ListKind::Words, &["слово", "а*"]),
        list("пуст", ListKind::Words, &[]),
        list("матрёшка", ListKind::Words, &["list:Бренды"]),
        list("длинный", ListKind::Words, &["слово"; 10_000]),
    ]
    .into_iter()
    .collect();
    parse_with(text, &Reading { scope: Scope::Topic, lists: &lists })
}

#[test]
fn a_list_is_read_as_a_choice_of_its_entries() {
    let query = read("list:бренды -вакансия").query.expect("a query");
    for text in ["у Билайна", "сети сегодня... нет сети", "сети нет", "дом.ру", "нет WiFi", "МТС", "теле2"]
    {
        assert!(query.matches(&post(text)), "{text}");
    }
    for text in ["сети весь день нет", "ру дом", "мтсу", "билайн вакансия"] {
        assert!(!query.matches(&post(text)), "{text}");
    }
    assert_eq!(query.canonical(), "list:Бренды NOT вакансия");
    assert_eq!(query.lists(), ["Бренды"]);
    assert!(query.explain(Language::RUSSIAN).starts_with("Найдёт записи, где есть что-то из списка «Бренды», кроме"));
}

#[test]
fn a_list_of_authors_stands_for_its_authors() {
    let query = read("связь list:\"Наши люди\"").query.expect("a query");
    let mut own = post("связь");
    assert!(!query.matches(&own));
    own.author.handle = Some("Ivan".into());
    assert!(query.matches(&own));
    own.author.handle = None;
    own.author.name = Some("Петр Петров".into());
    assert!(query.matches(&own));
    assert_eq!(query.canonical(), "связь list:\"наши люди\"");
    assert_eq!(query.lists(), ["наши люди"]);
}

#[test]
fn a_list_may_stand_near_words_and_authors_may_not() {
    let query = read("(list:бренды OR связь) NEAR/2 плохо").query.expect("a query");
    assert!(query.matches(&post("билайн работает плохо")));
    assert_eq!(spans("list:\"наши люди\" NEAR/2 плохо", &read), [("near_operand", "list:\"наши люди\"")]);
}

#[test]
fn what_is_wrong_with_a_list_is_said_where_it_is_used() {
    let said = |text: &str| {
        let parsed = read(text);
        assert!(parsed.query.is_none());
        parsed.diagnostics.iter().map(|found| found.message(Language::ENGLISH)).collect::<Vec<_>>()
    };
    assert_eq!(said("list:бернды"), ["there is no list `бернды`; did you mean `list:Бренды`?"]);
    assert_eq!(said("list:xyz"), ["there is no list `xyz`; create it or write its words here, joined by OR"]);
    assert_eq!(said("list:сломан"), ["the list `сломан` has an entry that cannot be read: `а*`; correct it there"]);
    assert_eq!(said("list:пуст"), ["the list `пуст` is empty; add a word to it"]);
    assert_eq!(
        said("list:матрешка OR list:матрёшка"),
        [
            "there is no list `матрешка`; did you mean `list:матрёшка`?",
            "the list `матрёшка` has an entry that cannot be read: `list:Бренды`; correct it there"
        ]
    );
    assert_eq!(said("слово list:длинный").len(), 1);
    assert_eq!(said("list:"), ["the value is not one that this field takes; write like `list:бренды`"]);
    assert_eq!(parse("list:бренды").diagnostics[0].code, "unknown_list");
}

#[test]
fn a_list_is_looked_over_before_it_is_saved() {
    let problems = |list: &List| {
        let found = check_list(list);
        found.into_iter().map(|problem| (problem.entry, problem.diagnostic.code)).collect::<Vec<_>>()
    };
    assert_eq!(problems(&list("бренды", ListKind::Words, &["билайн", "нет сети", "#тег", "😡"])), []);
    assert_eq!(
        problems(&list("б\"", ListKind::Words, &["билайн", " ", "Билайн", "list:x", "?а", "***", "нет ?сети"])),
        [
            (None, "list_name"),
            (Some(1), "empty_entry"),
            (Some(2), "repeated_entry"),
            (Some(3), "list_in_list"),
            (Some(4), "leading_wildcard"),
            (Some(5), "not_a_word"),
            (Some(6), "leading_wildcard"),
        ]
    );
    assert_eq!(
        problems(&list("x", ListKind::Authors, &["@", "@ivan", "…"])),
        [(Some(0), "not_an_author"), (Some(2), "not_an_author")]
    );
    assert_eq!(problems(&list("x", ListKind::Words, &[])), [(None, "empty_list")]);
}

#[test]
fn a_list_is_read_once_for_all_queries_that_name_it() {
    let shared = |parsed: &Parsed| {
        let mut found = Vec::new();
        parsed.query.as_ref().expect("a query").expr().each_part(&mut |part| {
            if let Node::List { of, .. } = &part.node {
                found.push(Arc::clone(of));
            }
        });
        found
    };
    let brands = list("бренды", ListKind::Words, &["билайн", "нет сети"]);
    assert_eq!(check_list(&brands), []);
    let lists: KnownLists = [brands].into_iter().collect();
    let read = |text| shared(&parse_with(text, &Reading { scope: Scope::Topic, lists: &lists }));
    let (one, other) = (read("list:бренды связь"), read("мтс OR list:Бренды -list:бренды"));
    assert_eq!((one.len(), other.len()), (1, 2));
    assert!(other.iter().all(|of| Arc::ptr_eq(of, &one[0])));
    assert_eq!(one[0].span, 0..0);
    assert_eq!(one[0].children()[1].span, 0.."нет сети".len());
}

#[test]
fn a_query_read_quietly_has_its_errors_and_no_warnings() {
    let reading = Reading { scope: Scope::Topic, lists: &crate::NoLists };
    assert_eq!(parse_with("слово слово", &reading).diagnostics.len(), 1);
    assert_eq!(parse_quietly("слово слово", &reading).diagnostics, []);
    assert_eq!(parse_quietly("-слово", &reading).diagnostics, parse_with("-слово", &reading).diagnostics);
    assert_eq!(parse_quietly("list:нет (", &reading).diagnostics.len(), 2);
}
