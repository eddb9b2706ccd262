use molva_domain::Language;

use proptest::prelude::*;

use super::{codes, post, spans};
use crate::{KnownLists, List, ListKind, Parsed, Reading, Scope, parse, parse_with};

#[track_caller]
fn said(query: &str) -> Vec<String> {
    parse(query).diagnostics.iter().map(|found| found.message(Language::ENGLISH)).collect()
}

fn mentions(text: &str) -> Parsed {
    let list = List::new("бренды".into(), ListKind::Words, vec!["билайн".into(), "мтс".into()]);
    let lists: KnownLists = [list].into_iter().collect();
    parse_with(text, &Reading { scope: Scope::Mentions, lists: &lists })
}

#[test]
fn what_is_written_twice_adds_nothing() {
    assert_eq!(codes("слово речь слово"), [("adds_nothing", "слово")]);
    assert_eq!(codes("слово OR речь OR Слово"), [("adds_nothing", "Слово")]);
    assert_eq!(codes("(слово OR речь) язык (речь OR слово)"), [("adds_nothing", "(речь OR слово)")]);
}

#[test]
fn a_narrower_alternative_adds_nothing() {
    assert_eq!(codes("слово OR =слова"), [("covered", "=слова")]);
    assert_eq!(codes("=слово OR ==Слово"), [("covered", "==Слово")]);
    assert_eq!(
        codes("слов* OR словарь OR =слово OR словн* OR сл?во"),
        [("covered", "словарь"), ("covered", "=слово"), ("covered", "словн*")]
    );
    assert_eq!(codes("слово OR \"живое слово\""), [("covered", "\"живое слово\"")]);
    assert_eq!(codes("слово OR (слово речь)"), [("covered", "(слово речь)")]);
    assert_eq!(codes("=слово OR =слова OR речь"), []);
    assert_eq!(said("слово OR =слова"), ["`=слова` adds nothing beside `слово`; it can be removed"]);
    let many: Vec<_> = (10..60).map(|number| format!("брэнд{number}")).collect();
    let text = format!("{} OR слово OR =слова OR брэнд1*", many.join(" OR "));
    let found = codes(&text);
    assert!(found.contains(&("covered", "=слова")) && found.contains(&("covered", "брэнд17")));
    assert_eq!(found.len(), 11);
}

#[test]
fn a_wider_requirement_adds_nothing() {
    assert_eq!(codes("слово =слова"), [("covered", "слово")]);
    assert_eq!(codes("слово (слово OR речь)"), [("covered", "(слово OR речь)")]);
    assert_eq!(codes("слово -речь -=речи"), [("covered", "=речи")]);
    assert_eq!(codes("слово -(речь OR =речи)"), [("covered", "=речи")]);
}

#[test]
fn a_word_beside_a_list_that_holds_it_adds_nothing() {
    assert_eq!(spans("list:бренды OR =билайна", &mentions), [("covered", "=билайна")]);
    assert_eq!(spans("list:бренды OR мегаслово", &mentions), []);
    assert_eq!(spans("list:бренды =билайна билайном", &mentions), [("covered", "билайном")]);
    assert_eq!(spans("list:бренды билайн", &mentions), []);
    assert_eq!(spans("слово -list:бренды -=билайна", &mentions), [("covered", "=билайна")]);
}

#[test]
fn what_can_never_match_is_told() {
    assert_eq!(codes("слово речь -слово"), [("never_matches", "-слово")]);
    assert_eq!(codes("слово -(речь OR слово)"), [("never_matches", "слово")]);
    assert_eq!(codes("(слово OR речь) -речь"), [("never_matches", "речь")]);
    assert_eq!(codes("слово NEAR/0 речь"), [("distance_zero", "слово NEAR/0 речь")]);
    assert_eq!(codes("слово rating:>5"), [("rating_range", "rating:>5")]);
    assert_eq!(codes("слово lang:ru lang:uk"), [("exclusive_fields", "lang:uk")]);
    assert_eq!(codes("слово lang:ru kind:post network:vk"), []);
    assert_eq!(codes("слово likes:>50 likes:<10"), [("exclusive_fields", "likes:<10")]);
    assert_eq!(codes("слово likes:>50 views:<10 likes:<100"), []);
    assert_eq!(
        codes("слово published:>2026-03-01 published:<2026-02-01"),
        [("exclusive_fields", "published:<2026-02-01")]
    );
    assert_eq!(spans("tone:negative tone:positive", &mentions), [("exclusive_fields", "tone:positive")]);
    assert_eq!(spans("spam:>0.8 spam:<0.8", &mentions), [("exclusive_fields", "spam:<0.8")]);
    assert_eq!(spans("spam:>0.8 spam:<0.9 tag:a tag:b", &mentions), []);
}

#[test]
fn operators_in_small_letters_and_everyday_words_are_told() {
    assert_eq!(codes("билайн or мтс"), [("lower_case_operator", "or")]);
    assert_eq!(codes("связь near/3 плохая"), [("lower_case_operator", "near/3")]);
    assert_eq!(parse("связь near/3 плохая").diagnostics[0].replacement.as_deref(), Some("NEAR/3"));
    assert_eq!(codes("мегафон -рупор"), [("common_word", "мегафон")]);
    assert_eq!(codes("=мегафон -рупор"), []);
    assert_eq!(codes("мегафон тариф"), []);
    assert_eq!(codes("это OR слово"), [("frequent_word", "это")]);
    assert_eq!(codes("a OR b c"), [("frequent_word", "a"), ("mixed_operators", "b c")]);
    assert_eq!(codes("слово || речь"), []);
    assert_eq!(codes("слово && речь"), [("sign_operator", "&&")]);
    assert_eq!(codes("слово !речь"), [("unread_sign", "!речь")]);
    assert_eq!(parse("слово !речь").diagnostics[0].replacement.as_deref(), Some("-речь"));
    assert_eq!(codes("слово~2 речь^3 \"речь!\""), [("unread_sign", "слово~2"), ("unread_sign", "речь^3")]);
    assert_eq!(codes("h&m AT&T дом.ру wi-fi c++"), []);
}

#[test]
fn a_hundred_thousand_mistakes_are_not_all_told() {
    assert_eq!(parse(&")".repeat(9_000)).diagnostics.len(), crate::MAX_DIAGNOSTICS);
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 4_000, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn what_lint_says_is_true(
        query in "-?(слово|=слова|слов\\*|=слово|==Слово|\"слово речь\"|речь|#слово|\\((слово|речь|=слова|слов\\*)( OR | )(речь|=речи|слово)\\))(( | OR | -)(слово|=слова|слов\\*|==Слово|речь|=речи|\"слово речь\"|\\((слово|речь|=слова)( OR | )(речь|=речи|слово)\\))){1,4}",
        texts in proptest::collection::vec("((слово|Слово|слова|словарь|речь|речи|#слово)[ .]){0,4}", 4),
    ) {
        let parsed = parse(&query);
        if let Some(read) = &parsed.query {
            for diagnostic in &parsed.diagnostics {
                let clause = read.clauses().into_iter().find(|clause| clause.span == diagnostic.span);
                for text in &texts {
                    let matches = read.matches(&post(text));
                    match diagnostic.code {
                        "adds_nothing" | "covered" => {
                            let left = clause.as_ref().and_then(|clause| read.without(clause));
                            let same = left.is_none_or(|left| left.matches(&post(text)) == matches);
                            prop_assert!(same, "{} without {:?}: {}", query, diagnostic, text);
                        }
                        "never_matches" if !query.contains("OR") => {
                            prop_assert!(!matches, "{} {:?}: {}", query, diagnostic, text);
                        }
                        _ => {}
                    }
                }
            }
            for clause in read.clauses() {
                if let Some(left) = read.without(&clause) {
                    let again = parse(&left.canonical()).query;
                    prop_assert_eq!(again.map(|again| again.canonical()), Some(left.canonical()));
                }
            }
        }
    }
}
