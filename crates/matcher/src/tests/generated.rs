//! Posts, queries and judgements that meet often.

use molva_domain::{
    Author, CaseStatus, Community, Engagement, Intent, Language, Media, MediaKind, Post, PostKind, SlaState, Stage,
    Timestamp, Tone,
};
use molva_query::field::Judgement;
use molva_query::{KnownLists, List, ListKind};
use proptest::prelude::*;

use super::post;

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
    "стали",
    "сталь",
    "банки",
    "мыло",
    "карти",
    "зв'язку",
    "послуги",
    "гроші",
    "грошей",
    "leaves",
    "Билaйн",
    "длиннннный",
];

pub(super) fn word() -> impl Strategy<Value = String> {
    prop::sample::select(WORDS).prop_map(str::to_owned)
}

pub(super) fn text() -> impl Strategy<Value = String> {
    let separator = prop::sample::select(&[" ", " ", " ", " ", ", ", ". ", "! ", "? ", "\n", " http://t.co/x "][..]);
    prop::collection::vec((word(), separator), 0..14)
        .prop_map(|words| words.into_iter().map(|(word, separator)| word + separator).collect())
}

pub(super) fn any_post() -> impl Strategy<Value = Post> {
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
    "list:бренды",
    "list:\"наши люди\"",
];

/// What is known only of stored mentions.
const LATER: &[&str] = &[
    "tone:negative",
    "tone:(positive, neutral)",
    "intent:complaint",
    "intent:(help, churn)",
    "-intent:help",
    "stage:service",
    "motive:связь",
    "spam:>0.5",
    "bot:0.2..0.6",
    "tag:vip",
    "topic:\"наш бренд\"",
    "story:17",
    "case.status:open",
    "case.queue:\"вторая линия\"",
    "case.sla:breached",
    "customer.segment:b2b",
];

/// The lists the queries name.
pub(super) fn lists() -> KnownLists {
    let list = |name: &str, kind, entries: &[&str]| {
        List::new(name.to_owned(), kind, entries.iter().map(|entry| (*entry).to_owned()).collect())
    };
    [
        list("бренды", ListKind::Words, &["київстар", "плохая связь", "\"дом ру\"", "wi-fi", "=МТС", "теле*", "😡"]),
        list("слова", ListKind::Words, WORDS),
        list("наши люди", ListKind::Authors, &["@name", "Пётр Петров"]),
    ]
    .into_iter()
    .collect()
}

pub(super) fn any_judgement() -> impl Strategy<Value = Judgement> {
    let scores = (prop::option::of(0.0..1.0_f32), prop::option::of(0.0..1.0_f32));
    (any::<u16>(), scores).prop_map(|(bits, (spam, bot))| {
        let has = |bit: u16| bits >> bit & 1 == 1;
        let text = |bit, text: &str| has(bit).then(|| text.to_owned());
        Judgement {
            tone: has(0).then_some(if has(1) { Tone::Negative } else { Tone::Neutral }),
            intents: [(2, Intent::Complaint), (12, Intent::Help), (13, Intent::Churn)]
                .into_iter()
                .filter_map(|(bit, intent)| has(bit).then_some(intent))
                .collect(),
            stage: has(3).then_some(Stage::Service),
            motive: text(4, "Связь"),
            spam,
            bot,
            tags: text(5, "VIP").into_iter().collect(),
            topics: text(6, "Наш бренд").into_iter().collect(),
            stories: text(7, "17").into_iter().collect(),
            case_status: has(8).then_some(CaseStatus::Open),
            case_queue: text(9, "Вторая линия"),
            case_sla: has(10).then_some(SlaState::Breached),
            customer_segment: text(11, "B2B"),
        }
    })
}

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
        1 => Just("list:бренды".to_owned()),
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

/// More words than are asked for one by one, of which posts hold few; those that cannot be joined with others among them.
fn long_choice() -> impl Strategy<Value = String> {
    let rare = (0..99).prop_map(|number| format!("=слово{number}"));
    let words = (prop::collection::vec(rare, 15..30), prop::collection::vec(single(), 2..5));
    words.prop_map(|(rare, met)| format!("({} OR {})", rare.join(" OR "), met.join(" OR ")))
}

pub(super) fn any_query() -> impl Strategy<Value = String> {
    let leaf = prop_oneof![
        8 => positional(),
        6 => single(),
        4 => prop::sample::select(FIELDS).prop_map(str::to_owned),
        2 => prop::sample::select(LATER).prop_map(str::to_owned),
        3 => long_choice(),
        1 => Just("list:слова".to_owned()),
    ];
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
            (part.clone(), part.clone(), part.clone())
                .prop_map(|(a, b, c)| format!("({a} NOT ({b} NOT ({c} NOT {a})))")),
            (part.clone(), part).prop_map(|(a, b)| format!("({a} НЕ {b})")),
        ]
    })
}
