//! Orders and filters, over several months.

use molva_domain::{Author, Engagement, MentionId, MentionState, TopicId};
use molva_query::field::NumberField;

use super::{NOTHING, folder, ids, mention, open, post_at, query, time};
use crate::{Ask, Document, Filter, Order};

#[test]
fn mentions_come_in_the_order_asked_for_across_months_and_commits() {
    let folder = folder();
    let archive = open(&folder);
    let mut writer = archive.writer().expect("a writer");
    let times = [
        ("2026-01-31T23:59:59Z", None),
        ("2026-03-01T00:00:00Z", Some(7)),
        ("2026-02-10T12:00:00Z", Some(7)),
        ("2026-02-10T12:00:00Z", Some(9)),
        ("2025-12-31T00:00:00Z", Some(0)),
        ("2026-02-28T12:00:00Z", None),
    ];
    let posts = times.map(|(at, likes)| {
        let mut post = post_at("связь", at);
        post.engagement = Engagement { likes, ..Engagement::default() };
        post
    });
    for (post, id) in posts.iter().zip(1..) {
        writer.add(&mention(id, post)).expect("added");
        if id % 2 == 0 {
            writer.commit(None).expect("committed");
        }
    }
    writer.commit(None).expect("committed");
    let slices: Vec<_> = archive.slices().iter().map(ToString::to_string).collect();
    assert_eq!(slices, ["2025-12", "2026-01", "2026-02", "2026-03"]);
    let (word, all) = (query("связь"), Filter::default());
    let ask = |order, limit| ids(&archive, Some(&word), &all, order, limit);
    assert_eq!(ask(Order::Newest, 100), [2, 6, 4, 3, 1, 5]);
    assert_eq!(ask(Order::Newest, 3), [2, 6, 4]);
    assert_eq!(ask(Order::Oldest, 100), [5, 1, 3, 4, 6, 2]);
    assert_eq!(ask(Order::Oldest, 2), [5, 1]);
    assert_eq!(ask(Order::Most(NumberField::Likes), 100), [4, 2, 3, 5, 6, 1]);
    assert_eq!(ask(Order::Most(NumberField::Likes), 2), [4, 2]);
    assert_eq!(ask(Order::Newest, 0), [0_i64; 0]);

    let between = |from, before| Filter { from: Some(time(from)), before: Some(time(before)), ..Filter::default() };
    let february = between("2026-02-10T12:00:00Z", "2026-02-28T12:00:00Z");
    assert_eq!(ids(&archive, None, &february, Order::Newest, 9), [4, 3]);
    assert_eq!(archive.count(Some(&word), &february).expect("a count").mentions, 2);
    let backwards = between("2026-02-28T12:00:00Z", "2026-02-10T12:00:00Z");
    assert_eq!(ids(&archive, None, &backwards, Order::Newest, 9), [0_i64; 0]);
}

#[test]
fn topics_and_states_narrow_a_search() {
    let folder = folder();
    let archive = open(&folder);
    let mut writer = archive.writer().expect("a writer");
    let post = post_at("связь", "2026-03-01T00:00:00Z");
    for (id, topic, state) in [(1, 1, MentionState::New), (2, 2, MentionState::New), (3, 2, MentionState::Binned)] {
        let (id, topic) = (MentionId(id), TopicId(topic));
        writer
            .add(&Document { id, topic, state, post: &post, judgement: NOTHING, by_people: false, copy_of: None })
            .expect("added");
    }
    writer.commit(None).expect("committed");
    let second = Filter { topics: vec![TopicId(2)], ..Filter::default() };
    let new = Filter { states: vec![MentionState::New, MentionState::Kept], ..second.clone() };
    assert_eq!(ids(&archive, None, &second, Order::Newest, 9), [3, 2]);
    assert_eq!(ids(&archive, None, &new, Order::Newest, 9), [2]);
    assert_eq!(archive.count(None, &new).expect("a count").mentions, 1);
}

#[test]
fn thousands_of_mentions_are_found_by_words_read_side_by_side() {
    let folder = folder();
    let archive = open(&folder);
    let mut writer = archive.writer().expect("a writer");
    let posts: Vec<_> = (0..10_000)
        .map(|id| post_at(&format!("семь{} редко{} число{id}", id % 7, id % 1_999), "2026-03-01T00:00:00Z"))
        .collect();
    for (post, id) in posts.iter().zip(0..) {
        writer.add(&mention(id, post)).expect("added");
    }
    writer.commit(None).expect("committed");
    let check = |text: &str, expected: fn(i64) -> bool| {
        let expected: Vec<i64> = (0..10_000).rev().filter(|id| expected(*id)).collect();
        assert_eq!(ids(&archive, Some(&query(text)), &Filter::default(), Order::Newest, 10_000), expected, "{text}");
        let counted = archive.count(Some(&query(text)), &Filter::default()).expect("a count");
        assert_eq!(counted.mentions, expected.len() as u64, "{text}");
    };
    check("=семь1 OR =семь2", |id| matches!(id % 7, 1 | 2));
    check("=редко1 OR =редко1998", |id| matches!(id % 1_999, 1 | 1_998));
    check("(=редко1 OR =редко1000) (=семь1 OR =семь5)", |id| {
        matches!(id % 1_999, 1 | 1_000) && matches!(id % 7, 1 | 5)
    });
    check("(=семь1 OR =семь5) НЕ (=редко7 OR =редко8)", |id| {
        matches!(id % 7, 1 | 5) && !matches!(id % 1_999, 7 | 8)
    });
    check("редко12*", |id| (id % 1_999).to_string().starts_with("12"));
    check("редко1* НЕ число9*", |id| {
        (id % 1_999).to_string().starts_with('1') && !id.to_string().starts_with('9')
    });
    check("\"=семь3 редко1*\"", |id| id % 7 == 3 && (id % 1_999).to_string().starts_with('1'));
    check("2 OF (=семь1, =редко1, редко?)", |id| {
        let (seventh, rare) = (id % 7, id % 1_999);
        usize::from(seventh == 1) + usize::from(rare == 1) + usize::from(rare < 10) >= 2
    });
}

#[test]
fn a_sample_stays_the_same_and_is_shared_with_parts_of_the_set() {
    let folder = folder();
    let archive = open(&folder);
    let mut writer = archive.writer().expect("a writer");
    for id in 1..=100_i64 {
        let day = if id <= 50 { "2026-02-10" } else { "2026-03-10" };
        let text = if id % 2 == 0 { "связь" } else { "погода" };
        writer.add(&mention(id, &post_at(text, &format!("{day}T00:{:02}:00Z", (id - 1) % 50)))).expect("added");
        if id % 30 == 0 {
            writer.commit(None).expect("committed");
        }
    }
    writer.commit(None).expect("committed");
    let word = query("связь");
    let march = Filter { from: Some(time("2026-03-01T00:00:00Z")), ..Filter::default() };
    let sample = |filter: &Filter, size| {
        let sampled = archive.sample(Some(&word), filter, size).expect("a sample");
        assert_eq!(sampled.of, if filter.from.is_some() { 25 } else { 50 });
        sampled.ids.iter().map(|id| id.0).collect::<Vec<i64>>()
    };
    let all = Filter::default();
    let every: Vec<i64> = (1..=50).map(|number| number * 2).collect();
    assert_eq!([sample(&all, 1_000), sample(&all, 50)], [every.clone(), every]);
    let ten = sample(&all, 10);
    assert_eq!((ten.len(), sample(&all, 10)), (10, ten.clone()));
    assert!(ten.windows(2).all(|pair| pair[0] < pair[1]) && ten.iter().all(|id| id % 2 == 0), "{ten:?}");
    let (twenty, of_march) = (sample(&all, 20), sample(&march, 10));
    assert!(ten.iter().all(|id| twenty.contains(id)), "{ten:?} of {twenty:?}");
    assert!(ten.iter().filter(|id| **id > 50).all(|id| of_march.contains(id)), "{ten:?} of {of_march:?}");
    assert_eq!(sample(&all, 0), [0_i64; 0]);
}

#[test]
fn the_loudest_authors_are_those_with_the_most_followers() {
    let folder = folder();
    let archive = open(&folder);
    let mut writer = archive.writer().expect("a writer");
    for (id, handle, followers) in [
        (1, "a", Some(5)),
        (2, "a", Some(9)),
        (3, "b", Some(9)),
        (4, "c", None),
        (5, "d", Some(100)),
        (6, "e", Some(1)),
    ] {
        let mut post = post_at("связь", &format!("2026-03-01T00:00:0{id}Z"));
        post.author = Author { handle: Some(handle.to_owned()), followers, ..Author::default() };
        writer.add(&mention(id, &post)).expect("added");
    }
    writer.commit(None).expect("committed");
    let ask = Ask { authors: true, loudest: 3, ..Ask::default() };
    let authors = archive.figures(None, &Filter::default(), &ask).expect("figures").authors.expect("authors");
    let loudest: Vec<_> = authors.loudest.iter().map(|loud| (loud.followers, loud.mentions, loud.newest.0)).collect();
    assert_eq!(loudest, [(100, 1, 5), (9, 2, 2), (9, 1, 3)]);
    assert_eq!((authors.distinct, authors.potential_reach, authors.unknown), (5, 119, 1));
}
