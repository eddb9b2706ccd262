//! What the set of queries promises, by example.

mod agreement;
mod generated;

use molva_domain::{Community, Language, Post, Timestamp, Urn};
use molva_query::{Query, parse};

use crate::{CostClass, Matcher, Scratch};

fn query(text: &str) -> Query {
    let parsed = parse(text);
    parsed.query.unwrap_or_else(|| panic!("{text}: {:?}", parsed.diagnostics))
}

fn post(text: &str) -> Post {
    let at = Timestamp::parse("2026-03-01T05:30:00Z").expect("a time");
    Post::new(Urn::new("urn:smm:vk:post:1"), "vk", text.to_owned(), at, at)
}

/// The matched words, `[` and `]` around each.
fn highlighted(query_text: &str, title: &str, text: &str) -> Option<String> {
    let matcher = Matcher::new();
    matcher.put(7, &query(query_text));
    let mut post = post(text);
    post.title = Some(title.to_owned()).filter(|title| !title.is_empty());
    let hits = matcher.snapshot().matches(&post, &mut Scratch::default());
    let hit = hits.first()?;
    let mark = |source: &str, in_title| {
        let (mut out, mut at) = (String::new(), 0);
        for span in hit.spans.iter().filter(|span| span.in_title == in_title) {
            out.push_str(&source[at..span.start as usize]);
            out.push_str(&format!("[{}]", &source[span.start as usize..span.end as usize]));
            at = span.end as usize;
        }
        out + &source[at..]
    };
    Some([mark(title, true), mark(text, false)].join("|"))
}

#[test]
fn the_words_that_matched_are_shown() {
    for (query, title, text, shown) in [
        ("билайн", "О Билайне", "у билайна и #БилайнПлюс", "О [Билайне]|у [билайна] и #[Билайн]Плюс"),
        ("\"нет сети\"", "", "нет. опять нет сети нигде, нет", "|нет. опять [нет] [сети] нигде, нет"),
        ("связь NEAR/2 плохая", "", "связь, а плохая связь", "|[связь], а [плохая] [связь]"),
        ("(а OR б) -в", "", "а б г", "|[а] [б] г"),
        ("title:связь билайн", "связь", "связь билайн", "[связь]|связь [билайн]"),
        ("network:vk", "", "что угодно", "|что угодно"),
        ("wi-fi", "", "мой Wi-Fi и wifi", "|мой [Wi-Fi] и [wifi]"),
        ("😡 ==Ок", "", "Ок 😡 ок", "|[Ок] [😡] ок"),
    ] {
        assert_eq!(highlighted(query, title, text).as_deref(), Some(shown), "{query}");
    }
    assert_eq!(highlighted("связь", "", "погода"), None);
}

#[test]
fn changes_are_seen_by_the_next_snapshot_and_not_by_the_last() {
    let matcher = Matcher::new();
    let before = matcher.snapshot();
    matcher.put(1, &query("билайн"));
    matcher.put(2, &query("мегафон"));
    let between = matcher.snapshot();
    matcher.put(1, &query("теле2"));
    matcher.remove(2);
    matcher.remove(99);
    let after = matcher.snapshot();
    let mut scratch = Scratch::default();
    let mut ids = |snapshot: &crate::Snapshot| {
        let mut ids = Vec::new();
        snapshot.matching_ids(&post("билайн мегафон теле2"), &mut scratch, &mut ids);
        ids.sort_unstable();
        (snapshot.len(), ids)
    };
    assert_eq!(ids(&before), (0, vec![]));
    assert_eq!(ids(&between), (2, vec![1, 2]));
    assert_eq!(ids(&after), (1, vec![1]));
}

#[test]
fn many_changes_keep_the_set_right() {
    let matcher = Matcher::new();
    for id in 0..700 {
        matcher.put(id, &query(&format!("слово{}", id % 10)));
    }
    for id in 0..350 {
        matcher.remove(id * 2);
    }
    for id in 600..700 {
        matcher.put(id, &query("другое"));
    }
    let expected: Vec<i64> = (0..600).filter(|id| id % 10 == 1).collect();
    // Before and after what runs in the background.
    for _ in 0..2 {
        let mut ids = Vec::new();
        matcher.snapshot().matching_ids(&post("слово1 слово2"), &mut Scratch::default(), &mut ids);
        ids.sort_unstable();
        assert_eq!(ids, expected);
        assert_eq!(matcher.snapshot().len(), 400);
        matcher.settle();
    }
}

#[test]
fn queries_change_while_posts_are_matched_and_no_post_sees_half_a_set() {
    let matcher = Matcher::new();
    matcher.put(-1, &query("вечное"));
    let changes = 2_000;
    std::thread::scope(|scope| {
        let writer = scope.spawn(|| {
            for id in 0..changes {
                // Two queries that are never there together: one goes before the other comes.
                matcher.put(id % 500, &query(if id % 2 == 0 { "чётное" } else { "нечётное" }));
                if id % 7 == 0 {
                    matcher.remove((id + 250) % 500);
                }
            }
        });
        let mut scratch = Scratch::default();
        while !writer.is_finished() {
            let snapshot = matcher.snapshot();
            let hits = snapshot.matches(&post("вечное чётное нечётное"), &mut scratch);
            let mut ids: Vec<i64> = hits.iter().map(|hit| hit.query).collect();
            ids.sort_unstable();
            ids.dedup();
            assert_eq!((ids.len(), ids.len()), (hits.len(), snapshot.len()));
            assert!(ids.contains(&-1));
        }
    });
    matcher.settle();
    let hits = matcher.snapshot().matches(&post("вечное чётное нечётное"), &mut Scratch::default());
    assert_eq!(hits.len(), matcher.snapshot().len());
}

#[test]
fn a_query_without_a_rare_word_matches_all_the_same_and_is_metered() {
    let matcher = Matcher::new();
    matcher.put(1, &query("network:vk likes:<5"));
    matcher.put(2, &query("билайн"));
    for (text, class) in [
        ("likes:<5", CostClass::EveryPost),
        ("network:vk", CostClass::Heavy),
        ("билайн связь", CostClass::Light),
        ("author:@name network:vk", CostClass::Light),
    ] {
        assert_eq!(matcher.snapshot().cost(&query(text)).class(), class, "{text}");
    }
    let mut scratch = Scratch::default();
    for _ in 0..100 {
        matcher.snapshot().matches(&post("и в на не"), &mut scratch);
    }
    let metered = matcher.snapshot().metered();
    let told: Vec<_> = metered.iter().map(|one| (one.query, one.looks, one.matches)).collect();
    assert_eq!(told, [(1, 100, 0)]);
}

#[test]
fn queries_of_an_author_or_a_community_are_looked_up_and_may_match_any_text() {
    let matcher = Matcher::new();
    matcher.put(1, &query("author:@name"));
    matcher.put(2, &query("билайн OR community:vk/1"));
    let (mut scratch, mut own) = (Scratch::default(), post("что угодно"));
    assert_eq!(matcher.snapshot().matches(&own, &mut scratch), []);
    own.author.handle = Some("Name".to_owned());
    own.community = Some(Community { key: "vk/1".into(), ..Community::default() });
    let mut ids = Vec::new();
    matcher.snapshot().matching_ids(&own, &mut scratch, &mut ids);
    ids.sort_unstable();
    assert_eq!((ids.as_slice(), matcher.snapshot().metered().len()), (&[1, 2][..], 0));
    assert!(matcher.snapshot().may_match("", "что угодно", &mut scratch));
}

#[test]
fn a_common_word_is_dear_once_the_stream_has_shown_it() {
    let matcher = Matcher::new();
    for number in 0..4_000 {
        matcher.observe("", &format!("удивительное слово{number} бывает редко{number} ещё и ещё"));
    }
    assert_eq!(matcher.snapshot().cost(&query("=удивительное")).class(), CostClass::Heavy);
    assert_eq!(matcher.snapshot().cost(&query("=удивительное =слово77")).class(), CostClass::Light);
    matcher.put(1, &query("=удивительное"));
    matcher.snapshot().matches(&post("удивительное"), &mut Scratch::default());
    assert_eq!(matcher.snapshot().metered().len(), 1);
}

#[test]
fn queries_are_posted_anew_when_the_stream_has_shown_what_is_common() {
    let matcher = Matcher::new();
    // By its looks the long word is the rarer one.
    matcher.put(1, &query("=удивительнейшее =мга"));
    matcher.put(2, &query("=удивительнейшее"));
    let mut scratch = Scratch::default();
    for number in 0..6_000 {
        let text = format!("удивительнейшее слово{number} бывает редко{number}");
        assert_eq!(matcher.snapshot().matches(&post(&text), &mut scratch).len(), 1);
    }
    matcher.settle();
    let metered: Vec<_> = matcher.snapshot().metered().iter().map(|one| one.query).collect();
    assert_eq!(metered, [2], "the first is posted under its rare word now, the second has none");
    assert_eq!(matcher.snapshot().matches(&post("мга удивительнейшее"), &mut scratch).len(), 2);
    assert_eq!(matcher.snapshot().len(), 2);
}

/// It once made a pair of every two words of such a post: seconds and most of a gigabyte.
#[test]
fn a_post_that_repeats_two_words_without_end_is_matched_in_bounded_time_and_memory() {
    let hostile = post(&"аб вг ".repeat(20_000));
    for text in ["=аб SENTENCE =вг", "(=аб SENTENCE =вг) SENTENCE =аб", "=аб NEAR/100 =вг", "\"=аб =вг\"~50"]
    {
        let matcher = Matcher::new();
        matcher.put(1, &query(text));
        let hits = matcher.snapshot().matches(&hostile, &mut Scratch::default());
        assert_eq!(hits.len(), 1, "{text}");
        assert!(hits[0].spans.len() >= 100, "{text}: {} spans", hits[0].spans.len());
    }
}

#[test]
fn a_topic_of_thousands_of_words_agrees_with_the_plain_evaluator() {
    let words: Vec<_> = (0..2_000).map(|number| format!("=слово{number}")).collect();
    let excluded: Vec<_> = (0..300).map(|number| format!("=лишнее{number}")).collect();
    let large = query(&format!("({}) \"точная фраза\" NOT ({})", words.join(" OR "), excluded.join(" OR ")));
    let matcher = Matcher::new();
    matcher.put(1, &large);
    for text in [
        "слово7 и точная фраза",
        "слово1999 точная фраза лишнее299",
        "слово2000 точная фраза",
        "точная слово3 фраза",
        "лишнее1",
    ] {
        let found = !matcher.snapshot().matches(&post(text), &mut Scratch::default()).is_empty();
        assert_eq!(found, large.matches(&post(text)), "{text}");
    }
}

#[test]
fn the_analysis_is_told_along() {
    let matcher = Matcher::new();
    let mut scratch = Scratch::default();
    let text = "у билайна опять нет связи";
    assert_eq!(matcher.snapshot().matches(&post(text), &mut scratch), []);
    assert_eq!(scratch.content_hash(), molva_text::content_hash(None, text));
    assert_eq!(scratch.language("", text), Some(Language::RUSSIAN));
}
