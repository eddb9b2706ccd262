use std::fmt::Write as _;

use molva_domain::{PostKind, Timestamp};
use proptest::prelude::*;

use super::{MAX_ITEMS, PushError, parse};
use crate::session::Item;

const NOW: Timestamp = Timestamp::from_secs(1_772_368_200);

/// Each item as `urn text` or `place reason: message`.
fn check(body: &str, expected: &[&str]) {
    let found: Vec<String> = parse("shop", body.as_bytes(), NOW)
        .expect("a body")
        .into_iter()
        .map(|item| match item {
            Item::Post(post) => format!("{} {}", post.urn, post.text),
            Item::Rejected(rejection) => format!("{} {}: {}", rejection.place, rejection.reason, rejection.message),
            Item::Deleted(urn) => urn.to_string(),
        })
        .collect();
    assert_eq!(found, expected);
}

#[test]
fn one_object_an_array_and_lines_are_the_same_items() {
    let one = "urn:smm:push:shop:post:1 a";
    let two = "urn:smm:push:shop:post:2 b";
    check(r#"{"id":"1","text":"a"}"#, &[one]);
    check("{\n  \"id\": 1,\n  \"text\": \"a\"\n}\n", &[one]);
    check(r#" [ {"id":"1","text":"a"} , {"id":"2","text":"b"} ] "#, &[one, two]);
    check("{\"id\":\"1\",\"text\":\"a\"}\r\n\r\n{\"id\":\"2\",\"text\":\"b\"}\n", &[one, two]);
}

#[test]
fn a_broken_item_is_told_and_the_others_stand() {
    check(
        "{\"id\":\"1\",\"text\":\"a\"}\n{\"id\":\"2\",\"te\n{\"id\":\"3\",\"text\":\"c\"}",
        &[
            "urn:smm:push:shop:post:1 a",
            "item 2 malformed: not JSON: EOF while parsing a string at column 13",
            "urn:smm:push:shop:post:3 c",
        ],
    );
    check(
        r#"[{"id":"1","text":"a"},{"id":"2"}"#,
        &[
            "urn:smm:push:shop:post:1 a",
            "item 2 empty_text: field `text` is missing or blank, and there is no `title`",
            "item 3 malformed: the array is broken here: a comma or the end of the array is missing; the items before stand",
        ],
    );
}

#[test]
fn each_wrong_field_is_named_with_what_it_should_be() {
    let check = |extra: &str, message: &str| check(&format!(r#"{{"id":"1","text":"a",{extra}}}"#), &[message]);
    check(r#""text":5"#, "item 1 invalid_field: field `text` must be text, not a number");
    check(r#""id":1.5"#, "item 1 invalid_field: field `id` must be text or a whole number, not a number");
    check(r#""id":" ""#, "item 1 missing_id: field `id` is missing");
    check(r#""author":"Анна""#, "item 1 invalid_field: field `author` must be an object, not text");
    check(
        r#""author":{"followers":"many"}"#,
        "item 1 invalid_field: field `author.followers` must be a whole number from 0, not text",
    );
    check(
        r#""engagement":{"rating":6}"#,
        "item 1 invalid_field: field `engagement.rating` must be a whole number from 1 to 5",
    );
    check(
        r#""author":{"country":"Беларусь"}"#,
        "item 1 invalid_field: field `author.country` must be a code of ISO 3166-1 alpha-2 such as `BY`, not `Беларусь`",
    );
    check(r#""url":"javascript:alert(1)""#, "item 1 invalid_field: field `url` must be a whole http or https address");
    check(r#""network":"Мой""#, "item 1 invalid_field: field `network` may hold a-z, 0-9, `-` and `_`, not `Мой`");
    check(
        r#""published":"вчера""#,
        "item 1 invalid_date: field `published` must be RFC 3339 such as `2026-03-01T12:30:00Z`, or whole seconds, \
         milliseconds or microseconds since 1970",
    );
    check(
        r#""kind":"story""#,
        "item 1 invalid_field: field `kind` must be one of post, comment, reply, repost, quote, message, review, article, \
         not `story`",
    );
}

#[test]
fn the_documented_example_is_read_whole() {
    let source = include_str!("../push.rs");
    let example: String = source
        .lines()
        .skip_while(|line| !line.contains("```json"))
        .skip(1)
        .take_while(|line| !line.contains("```"))
        .map(|line| line.trim_start_matches("//!"))
        .collect();
    let items = parse("shop", example.as_bytes(), NOW).expect("a body");
    let [Item::Post(post)] = &items[..] else { panic!("one post, not {items:?}") };
    assert_eq!(post.urn.as_str(), "urn:smm:forum:shop:post:review-1042");
    assert_eq!(post.published_at.to_rfc3339(), "2026-03-01T09:30:00.000Z");
    assert_eq!(post.kind, PostKind::Post);
    assert_eq!(post.author.handle.as_deref(), Some("anna"));
    assert_eq!(
        (post.author.city.as_deref(), post.author.region.as_deref(), post.author.country.as_deref()),
        (Some("Гродно"), Some("Гродненская область"), Some("BY"))
    );
    assert_eq!(post.community.as_ref().map(|community| community.key.as_str()), Some("forum/mobile"));
    assert_eq!(
        post.in_reply_to.as_ref().map(ToString::to_string).as_deref(),
        Some("urn:smm:forum:shop:post:review-1041")
    );
    assert_eq!(post.links, ["https://status.example"]);
    assert_eq!(post.media.len(), 1);
    assert_eq!(post.engagement.rating, Some(1));
}

#[test]
fn an_item_cannot_take_the_name_of_another_source() {
    check(
        r#"{"id":"urn:smm:mastodon:post:1","text":"a"}"#,
        &["urn:smm:push:shop:post:urn%3Asmm%3Amastodon%3Apost%3A1 a"],
    );
}

#[test]
fn empty_and_endless_bodies_are_refused_whole() {
    assert_eq!(parse("shop", b" \n", NOW).err(), Some(PushError::Empty));
    assert_eq!(parse("shop", b"[]", NOW).err(), Some(PushError::Empty));
    let mut many = String::new();
    for id in 0..=MAX_ITEMS {
        writeln!(many, r#"{{"id":{id},"text":"a"}}"#).expect("a string takes it");
    }
    assert_eq!(parse("shop", many.as_bytes(), NOW).err(), Some(PushError::TooManyItems(MAX_ITEMS)));
}

proptest! {
    #[test]
    fn arbitrary_bytes_end_in_items_or_a_refusal(body in proptest::collection::vec(any::<u8>(), 0..512)) {
        let items = parse("shop", &body, NOW);
        prop_assert!(items.is_err() || items.is_ok_and(|items| !items.is_empty()));
    }

    #[test]
    fn as_many_items_come_out_as_lines_went_in(lines in proptest::collection::vec("[ -~а-я]{0,40}", 1..40)) {
        let body: String = lines.iter().map(|line| format!("{{{line}\n")).collect();
        let items = parse("shop", body.as_bytes(), NOW).expect("not empty");
        prop_assert_eq!(items.len(), lines.len());
    }
}
