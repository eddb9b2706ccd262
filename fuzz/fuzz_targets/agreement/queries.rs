//! Queries by a small grammar. What it writes parses nearly always; what does not is left out.

use libfuzzer_sys::arbitrary::{Result, Unstructured};
use molva_query::{FIELDS, KnownLists, List, ListKind};

use crate::vocabulary::{WORDS, numbered, word};

pub(crate) fn lists() -> KnownLists {
    let list = |name: &str, kind, entries: &[&str]| {
        List::new(name.to_owned(), kind, entries.iter().map(|entry| (*entry).to_owned()).collect())
    };
    [
        list("бренды", ListKind::Words, &["билайн", "нет сети", "\"мтс банк\"", "wi-fi", "=МТС", "==МТС", "теле*"]),
        list("слова", ListKind::Words, &WORDS[..18]),
        list("знаки", ListKind::Words, &["#билайн", "@name", "😡", "карта"]),
        list("люди", ListKind::Authors, &["@name", "Иван Петров"]),
    ]
    .into_iter()
    .collect()
}

const LISTS: &[&str] = &["list:бренды", "list:слова", "list:знаки", "list:люди"];

const PATTERNS: &[&str] = &[
    "бил*",
    "свя*",
    "ban*",
    "би?айн",
    "б?нк*",
    "ки?встар",
    "wif?",
    "оче*",
    "длин*",
    "дом*",
    "мтсб*",
    "сло?о1*",
    "слово?",
    "слово1*",
    "тел?2",
    "мег?",
    "meg*",
    "iph*",
    "istan*",
    "σισ*",
    "карт?",
    "ба*к",
];

const TESTS: &[&str] = &[
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
    "has:link",
    "has:question",
    "published:2026-03-01",
    "hour:22..4",
    "hour:3..9",
    "tone:negative",
    "tone:(positive, neutral)",
    "spam:>0.5",
    "bot:0.1..0.6",
    "tag:vip",
    "tag:\"очень срочно\"",
    "topic:\"наш бренд\"",
    "story:17",
    "motive:связь",
    "case.queue:\"вторая линия\"",
    "customer.segment:b2b",
];

pub(crate) fn query(source: &mut Unstructured<'_>, depth: usize) -> Result<String> {
    let kind = source.int_in_range(0..=if depth == 0 { 7 } else { 17_u8 })?;
    Ok(match kind {
        0..=2 => single(source)?,
        3 => positional(source, 2)?,
        4 => test(source)?,
        5 => (*source.choose(LISTS)?).to_owned(),
        6 => format!("title:{}", title(source)?),
        7 => long_choice(source)?,
        8 | 9 => format!("({})", parts(source, depth, " ")?),
        10 | 11 => format!("({})", parts(source, depth, " OR ")?),
        12 => {
            let count = source.int_in_range(1..=3_u8)?;
            format!("{count} OF ({}, {})", query(source, depth - 1)?, parts(source, depth, ", ")?)
        }
        13 => format!("(NOT {})", query(source, depth - 1)?),
        14 => format!("({} NOT ({}))", query(source, depth - 1)?, parts(source, depth, " OR ")?),
        15 => format!("({} -({} -{}))", query(source, depth - 1)?, query(source, depth - 1)?, single(source)?),
        16 => format!("(NOT (NOT {} OR NOT ({})))", query(source, depth - 1)?, parts(source, depth, " AND ")?),
        _ => positional(source, 3)?,
    })
}

fn parts(source: &mut Unstructured<'_>, depth: usize, joined: &str) -> Result<String> {
    let count = source.int_in_range(1..=4)?;
    let parts: Result<Vec<String>> = (0..count).map(|_| query(source, depth - 1)).collect();
    Ok(parts?.join(joined))
}

fn single(source: &mut Unstructured<'_>) -> Result<String> {
    Ok(match source.int_in_range(0..=9_u8)? {
        0..=4 => word(source)?,
        5 | 6 => format!("={}", word(source)?.trim_start_matches(['#', '@'])),
        7 => format!("=={}", word(source)?.trim_start_matches(['#', '@'])),
        8 => (*source.choose(PATTERNS)?).to_owned(),
        _ => {
            let letters = source.arbitrary_len::<char>()?.min(4);
            (0..letters).map(|_| source.arbitrary::<char>()).collect::<Result<String>>()?
        }
    })
}

fn phrase(source: &mut Unstructured<'_>) -> Result<String> {
    let count = source.int_in_range(1..=4)?;
    let words: Result<Vec<String>> = (0..count).map(|_| single(source)).collect();
    Ok(words?.join(" ").replace('"', ""))
}

/// What has places.
fn positional(source: &mut Unstructured<'_>, depth: usize) -> Result<String> {
    let kind = source.int_in_range(0..=if depth == 0 { 3 } else { 8_u8 })?;
    Ok(match kind {
        0 => single(source)?,
        1 => format!("\"{}\"", phrase(source)?),
        2 => format!("\"{}\"~{}", phrase(source)?, source.int_in_range(0..=5_u8)?),
        3 => (*source.choose(&LISTS[..3])?).to_owned(),
        4 | 5 => {
            let count = source.int_in_range(2..=3)?;
            let parts: Result<Vec<String>> = (0..count).map(|_| positional(source, depth - 1)).collect();
            format!("({})", parts?.join(" OR "))
        }
        _ => {
            let (left, right) = (positional(source, depth - 1)?, positional(source, depth - 1)?);
            let operator = match source.int_in_range(0..=20_u8)? {
                distance @ 0..=8 => format!("NEAR/{distance}"),
                distance @ 9..=16 => format!("ONEAR/{}", distance - 9),
                _ => "SENTENCE".to_owned(),
            };
            format!("({left} {operator} {right})")
        }
    })
}

fn title(source: &mut Unstructured<'_>) -> Result<String> {
    Ok(match source.int_in_range(0..=2_u8)? {
        0 => word(source)?,
        1 => format!("\"{}\"", phrase(source)?),
        _ => (*source.choose(PATTERNS)?).to_owned(),
    })
}

fn test(source: &mut Unstructured<'_>) -> Result<String> {
    if source.ratio(1, 3)? {
        let field = source.choose(FIELDS)?;
        if !field.values.is_empty() {
            return Ok(format!("{}:{}", field.name, source.choose(field.values)?));
        }
        return Ok((*source.choose(field.examples)?).to_owned());
    }
    Ok((*source.choose(TESTS)?).to_owned())
}

/// More words than are asked for one by one.
fn long_choice(source: &mut Unstructured<'_>) -> Result<String> {
    let (first, count) = (source.arbitrary::<u8>()?, source.int_in_range(14..=60_u8)?);
    // Words in any form take the plain evaluator long.
    let exact = if source.ratio(7, 8)? { "=" } else { "" };
    let mut words: Vec<String> =
        (0..count).map(|number| format!("{exact}{}", numbered(first.wrapping_add(number)))).collect();
    for _ in 0..source.int_in_range(0..=4)? {
        words.push(single(source)?);
    }
    Ok(format!("({})", words.join(" OR ")))
}
