//! What is found, and how it is shown.

use std::collections::BTreeSet;

use serde_json::json;

use super::{Bench, POSTS, ids, items, with};
use crate::actors::id;

#[tokio::test(flavor = "multi_thread")]
async fn a_search_finds_what_a_filtered_list_shows_in_the_same_order() {
    let bench = Bench::start().await;
    let of_topic = json!({"topic": [bench.one]});
    for (part, value, filter) in [
        ("topic", json!([bench.one]), String::new()),
        ("network", json!(["vk", "forum"]), "&network=vk&network=forum".to_owned()),
        ("language", json!(["uk"]), "&language=uk".to_owned()),
        ("from", json!("2026-03-10T00:00:00Z"), "&from=2026-03-10T00:00:00Z".to_owned()),
        ("to", json!("2026-03-10T00:00:00Z"), "&to=2026-03-10T00:00:00Z".to_owned()),
        ("query", json!("author:@anna3"), "&author=anna3".to_owned()),
        ("include", json!(["copies"]), "&copies=true".to_owned()),
    ] {
        let listed = bench.owner.get(&format!("/api/mentions?limit=200&topic={}{filter}", bench.one)).await.expect(200);
        let selection = with(&of_topic, part, value);
        let found = bench.all(&selection, "newest", 7).await;
        assert_eq!(found, ids(&listed), "{selection}");
        assert_eq!(bench.count(&selection).await, found.len() as u64);
    }
    let mut oldest = bench.all(&of_topic, "oldest", 9).await;
    oldest.reverse();
    assert_eq!(oldest, bench.all(&of_topic, "newest", 200).await);
    let by_reach = bench.all(&of_topic, "reach", 9).await;
    let widest = bench.owner.get(&format!("/api/mentions/{}", by_reach[0])).await.expect(200);
    assert_eq!((by_reach.len(), &widest["post"]["author"]["followers"]), (POSTS, &json!((POSTS - 1) * 10)));
    // A post of two topics is two mentions.
    assert_eq!(bench.count(&json!({})).await as usize, POSTS + POSTS / 3);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_words_of_a_search_are_marked_where_they_stand() {
    let bench = Bench::start().await;
    let body = json!({"selection": {"query": "пропасть NEAR/3 связь", "topic": [bench.two]}, "limit": 5});
    let page = bench.ask("/api/search", body).await;
    assert_eq!(items(&page).len(), 5);
    for mention in items(&page) {
        let text: Vec<u16> = mention["post"]["text"].as_str().expect("a text").encode_utf16().collect();
        let marked: BTreeSet<String> = mention["found"]
            .as_array()
            .expect("places")
            .iter()
            .map(|span| {
                let (start, end) = (span["start"].as_u64().expect("a start"), span["end"].as_u64().expect("an end"));
                String::from_utf16(&text[start as usize..end as usize]).expect("text")
            })
            .collect();
        assert!(marked.iter().all(|part| part.contains("связь") || part.contains("пропала")), "{marked:?}");
        assert_ne!(mention["found"], mention["spans"], "the topic marks its own words");
    }
    let without_query = bench.ask("/api/search", json!({"limit": 1})).await;
    assert_eq!(without_query["items"][0].get("found"), None);
    // A judged field finds what is judged, and the words beside it are still marked.
    let first = ids(&page)[0].clone();
    bench.owner.patch("/api/mentions", json!({"ids": [first], "tone": "negative"})).await.expect(200);
    bench.owner.archive_caught_up().await;
    let judged = bench.ask("/api/search", json!({"selection": {"query": "связь tone:negative"}})).await;
    assert_eq!(ids(&judged), [first]);
    assert!(judged["items"][0]["found"].as_array().is_some_and(|found| !found.is_empty()), "{judged}");
}

#[tokio::test(flavor = "multi_thread")]
async fn similar_mentions_say_much_the_same_and_are_other_posts() {
    let bench = Bench::start().await;
    let text = "перебои с телевидением на Ленинской улице третий вечер подряд, связь";
    let posts = (0..3).map(|number| json!({"id": format!("s{number}"), "text": format!("{text} {number}")}));
    bench.push(posts.collect()).await;
    let found = bench.ask("/api/search", json!({"selection": {"query": "телевидение"}})).await;
    let first = ids(&found)[0].clone();
    let similar = bench.owner.get(&format!("/api/mentions/{first}/similar")).await.expect(200);
    let texts: Vec<&str> =
        items(&similar).iter().filter_map(|mention| mention["post"]["text"].as_str()).take(2).collect();
    assert!(texts.len() == 2 && texts.iter().all(|other| other.starts_with(text)), "{texts:?}");
    let posts: BTreeSet<String> = items(&similar).iter().map(|mention| id(&mention["post"])).collect();
    assert_eq!(posts.len(), items(&similar).len(), "each post once");
    assert!(!ids(&similar).contains(&first) && items(&similar).len() <= 20);
    assert_eq!(bench.owner.get("/api/mentions/1/similar").await.problem(), (404, "not_found"));
}

#[tokio::test(flavor = "multi_thread")]
async fn rows_that_are_gone_are_not_shown_and_a_rebuild_changes_nothing() {
    let bench = Bench::start().await;
    let before = bench.all(&json!({"topic": [bench.one]}), "newest", 50).await;
    let rebuilding = bench.owner.post("/api/archive/rebuild", json!({})).await.expect(202);
    assert!(rebuilding["mentions"].as_u64().is_some(), "{rebuilding}");
    assert_eq!(bench.all(&json!({"topic": [bench.one]}), "newest", 50).await, before, "it answers meanwhile");
    bench.owner.archive_caught_up().await;
    assert_eq!(bench.all(&json!({"topic": [bench.one]}), "newest", 50).await, before);

    // Whether the archive has heard of it or not.
    bench.owner.delete(&format!("/api/topics/{}", bench.two)).await.expect(204);
    assert_eq!(bench.all(&json!({"topic": [bench.two]}), "newest", 200).await, [""; 0]);
    bench.owner.archive_caught_up().await;
    assert_eq!(bench.count(&json!({})).await as usize, POSTS);
    let status = bench.owner.get("/api/archive").await.expect(200);
    let expected = json!({
        "mentions": status["mentions"], "events_behind": 0, "lag_seconds": 0.0, "filling": null,
        "rebuilding": status["rebuilding"], "damaged": [],
    });
    assert_eq!(status, expected);
}
