//! The matcher beside the plain evaluator, on generated posts and queries with every operator and field.

use molva_domain::{Author, Community, Engagement, Language, Media, MediaKind, Post, PostKind, Timestamp, Urn};
use molva_query::{Query, parse};
use proptest::prelude::*;

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
    let (every, light) = (query("network:vk"), query("билайн связь"));
    assert_eq!(matcher.snapshot().cost(&every).class(), CostClass::EveryPost);
    assert_eq!(matcher.snapshot().cost(&light).class(), CostClass::Light);
    let mut scratch = Scratch::default();
    for _ in 0..100 {
        matcher.snapshot().matches(&post("и в на не"), &mut scratch);
    }
    let metered = matcher.snapshot().metered();
    let told: Vec<_> = metered.iter().map(|one| (one.query, one.looks, one.matches)).collect();
    assert_eq!(told, [(1, 100, 0)]);
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

const WORDS: &[&str] = &[
    "билайн",
    "билайна",
    "Билайном",
    "связь",
    "связи",
    "плохая",
    "нет",
    "интернета",
    "банк",
    "банка",
    "карту",
    "Київстар",
    "київстару",
    "зв'язок",
    "послуга",
    "bank",
    "banks",
    "Banking",
    "network",
    "the",
    "и",
    "у",
    "мтс-банк",
    "wi-fi",
    "wifi",
    "ооочень",
    "очень",
    "МТС",
    "мтс",
    "#ДомРу",
    "#билайн",
    "дом",
    "ру",
    "@name",
    "😡",
    "👍🏽",
    "2",
    "теле2",
    "dying",
    "die",
];

fn word() -> impl Strategy<Value = String> {
    prop::sample::select(WORDS).prop_map(str::to_owned)
}

fn text() -> impl Strategy<Value = String> {
    let separator = prop::sample::select(&[" ", " ", " ", " ", ", ", ". ", "! ", "? ", "\n", " http://t.co/x "][..]);
    prop::collection::vec((word(), separator), 0..14)
        .prop_map(|words| words.into_iter().map(|(word, separator)| word + separator).collect())
}

fn any_post() -> impl Strategy<Value = Post> {
    let numbers = prop::collection::vec(prop::option::of(0..4_u64), 5);
    let fields = (0..8_usize, 0..3_usize, prop::option::of(any::<bool>()), 0..48_i64, any::<u8>(), numbers);
    (text(), text(), fields).prop_map(|(title, text, (kind, network, verified, hour, bits, numbers))| {
        let has = |bit: u8| bits >> bit & 1 == 1;
        let media = |kind, bit| has(bit).then(|| Media { kind, url: "http://m.example/1".into(), alt: None });
        let mut post = post(&text);
        post.title = has(0).then_some(title);
        post.kind = PostKind::ALL[kind];
        post.network = ["vk", "ok", "Mastodon"][network].to_owned();
        post.language = has(1).then_some(Language::UKRAINIAN);
        post.url = has(2).then(|| "https://news.pikabu.ru/story/1".to_owned());
        post.links = if has(3) { vec!["http://dom.ru/tariff".to_owned()] } else { Vec::new() };
        post.media = media(MediaKind::Image, 4).into_iter().chain(media(MediaKind::Video, 5)).collect();
        post.community = has(6).then(|| Community { key: "vk/123".into(), ..Community::default() });
        post.author = Author {
            handle: has(7).then(|| "Name".to_owned()),
            name: has(2).then(|| "Иван Петров".to_owned()),
            city: has(3).then(|| "Энгельс".to_owned()),
            followers: numbers[0],
            verified,
            ..Author::default()
        };
        post.engagement = Engagement {
            likes: numbers[1],
            reposts: numbers[2],
            comments: numbers[3],
            views: numbers[4],
            rating: numbers[1].map(|rating| rating as u8),
        };
        post.published_at = Timestamp::from_secs(1_772_323_200 + hour * 3_600);
        post
    })
}

const FIELDS: &[&str] = &[
    "network:vk",
    "network:(ok, mastodon)",
    "kind:comment",
    "kind:(post, review)",
    "site:pikabu.ru",
    "url:/story",
    "link:dom.ru",
    "link:dom.ru/tariff",
    "community:vk/123",
    "author:@name",
    "author:\"иван петров\"",
    "author.city:энгельс",
    "verified:yes",
    "verified:no",
    "followers:>=2",
    "likes:<2",
    "reposts:1..2",
    "comments:0",
    "views:>1",
    "rating:<=1",
    "lang:ru",
    "lang:uk",
    "lang:en",
    "has:image",
    "has:video",
    "has:link",
    "has:question",
    "published:2026-03-01",
    "published:>2026-03-01",
    "hour:3..9",
    "hour:22..4",
    "title:связь",
    "title:\"нет интернета\"",
    "title:бил*",
    "title:=bank",
];

fn single() -> impl Strategy<Value = String> {
    prop_oneof![
        8 => word(),
        2 => word().prop_map(|word| format!("={}", word.trim_start_matches(['#', '@']))),
        2 => word().prop_map(|word| format!("=={}", word.trim_start_matches(['#', '@']))),
        2 => prop::sample::select(&["бил*", "свя*", "ban*", "би?айн", "б?нк*", "ки?встар", "wif?", "оче*", "дом*", "мтсб*"][..])
            .prop_map(str::to_owned),
    ]
}

/// Parts that have places.
fn positional() -> impl Strategy<Value = String> {
    let phrase = prop::collection::vec(single(), 1..4).prop_map(|words| words.join(" ")).boxed();
    let leaf = prop_oneof![
        4 => single(),
        2 => phrase.clone().prop_map(|words| format!("\"{words}\"")),
        2 => (phrase, 0..4).prop_map(|(words, slop)| format!("\"{words}\"~{slop}")),
    ];
    leaf.prop_recursive(3, 8, 3, |part| {
        let operator = prop_oneof![
            (0..6).prop_map(|distance| format!("NEAR/{distance}")),
            (0..6).prop_map(|distance| format!("ONEAR/{distance}")),
            Just("SENTENCE".to_owned()),
        ];
        prop_oneof![
            (part.clone(), operator, part.clone()).prop_map(|(a, operator, b)| format!("({a} {operator} {b})")),
            prop::collection::vec(part, 2..4).prop_map(|parts| format!("({})", parts.join(" OR "))),
        ]
    })
}

fn any_query() -> impl Strategy<Value = String> {
    let leaf = prop_oneof![4 => positional(), 3 => single(), 2 => prop::sample::select(FIELDS).prop_map(str::to_owned)];
    leaf.prop_recursive(4, 16, 4, |part| {
        let parts = prop::collection::vec(part.clone(), 2..5).boxed();
        prop_oneof![
            parts.clone().prop_map(|parts| format!("({})", parts.join(" "))),
            parts.clone().prop_map(|parts| format!("({})", parts.join(" | "))),
            (1..4_usize, parts).prop_map(|(count, parts)| format!(
                "{} OF ({})",
                count.min(parts.len()),
                parts.join(", ")
            )),
            part.clone().prop_map(|part| format!("NOT {part}")),
            (part.clone(), part).prop_map(|(a, b)| format!("({a} НЕ {b})")),
        ]
    })
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn the_matcher_and_the_plain_evaluator_agree(
        texts in prop::collection::vec(any_query(), 1..12),
        posts in prop::collection::vec(any_post(), 1..6),
    ) {
        let matcher = Matcher::new();
        let queries: Vec<_> = texts.iter().map(|text| parse(text)).collect();
        for (text, parsed) in texts.iter().zip(&queries) {
            let refused = parsed.diagnostics.iter().any(|diagnostic| diagnostic.code != "only_exclusions");
            let errors = parsed.diagnostics.iter().any(|diagnostic| diagnostic.severity == molva_query::Severity::Error);
            prop_assert!(parsed.query.is_some() || !errors || !refused, "{text}: {:?}", parsed.diagnostics);
        }
        let queries: Vec<_> = queries.into_iter().filter_map(|parsed| parsed.query).collect();
        let (first, rest) = queries.split_at(queries.len() / 2);
        matcher.put_all(first.iter().enumerate().map(|(id, query)| (id as i64, query)));
        for (id, query) in rest.iter().enumerate() {
            matcher.put((first.len() + id) as i64, query);
        }
        let snapshot = matcher.snapshot();
        let mut scratch = Scratch::default();
        for post in &posts {
            let (title, text) = (post.title.as_deref().unwrap_or_default(), post.text.as_str());
            let mut hits = snapshot.matches(post, &mut scratch);
            hits.sort_by_key(|hit| hit.query);
            let ids: Vec<_> = hits.iter().map(|hit| hit.query as usize).collect();
            let expected: Vec<_> = (0..queries.len()).filter(|id| queries[*id].matches(post)).collect();
            let shown: Vec<_> = queries.iter().map(Query::text).collect();
            prop_assert_eq!(&ids, &expected, "{:?} on {:?}", shown, post);
            for hit in &hits {
                for span in &hit.spans {
                    let source = if span.in_title { title } else { text };
                    prop_assert!(source.get(span.start as usize..span.end as usize).is_some_and(|word| !word.is_empty()));
                }
            }
            let may = snapshot.may_match(title, text, &mut scratch);
            prop_assert!(may || expected.is_empty(), "{:?} on {:?}", shown, post);
        }
    }

    #[test]
    fn a_post_that_may_match_is_told_by_its_words(words in any_query(), text in text()) {
        if let Some(query) = parse(&words).query {
            let matcher = Matcher::new();
            matcher.put(1, &query);
            let only_words = !words.contains(':');
            let may = matcher.snapshot().may_match("", &text, &mut Scratch::default());
            prop_assert!(!only_words || may == query.matches(&post(&text)), "{} on {}", words, text);
        }
    }
}
