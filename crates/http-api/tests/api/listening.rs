//! The main job over HTTP: a topic, a post that matches it, and what people make of the mention.

use reqwest::Method;
use serde_json::json;

use crate::actors::{Actor, Answer, World};

async fn source(owner: &Actor) -> String {
    let made = owner.post("/api/sources", json!({"connector": "push", "name": "Отзывы"})).await.expect(201);
    format!("/api/push/{}", made["id"].as_str().expect("an id"))
}

async fn topic(owner: &Actor, name: &str, query: &str) -> String {
    let body = json!({"name": name, "level": "brand", "kind": "own", "query": query});
    owner.post("/api/topics", body).await.expect(201)["id"].as_str().expect("an id").to_owned()
}

#[tokio::test]
async fn a_pushed_post_becomes_a_mention_that_is_judged_and_found_again() {
    let world = World::start().await;
    let owner = world.owner().await;
    let program = world.token(&["push"]).await;
    let push = source(&owner).await;
    let topic = topic(&owner, "Билайн", "билайн").await;
    let post = json!({"id": "1", "text": "😀 опять Билайн лежит", "language": "ru", "author": {"handle": "anna"}});
    assert_eq!(program.post(&push, post).await.expect(202)["stored"], 1);

    let page = owner.get(&format!("/api/mentions?topic={topic}&limit=10")).await.expect(200);
    let mention = &page["items"][0];
    assert_eq!((page["items"].as_array().map(Vec::len), &page["next_cursor"]), (Some(1), &json!(null)));
    assert_eq!(mention["spans"], json!([{"in_title": false, "start": 9, "end": 15}]));
    assert_eq!(
        (&mention["state"], &mention["tone"], &mention["topic_id"]),
        (&json!("new"), &json!(null), &json!(topic))
    );
    let id = mention["id"].as_str().expect("an id");
    assert_eq!(owner.get(&format!("/api/mentions/{id}")).await.expect(200), *mention);

    let change = json!({"ids": [id], "state": "kept", "tone": "negative", "add_tags": ["связь"]});
    let changed = owner.patch("/api/mentions", change).await.expect(200);
    assert_eq!((&changed["items"][0]["state"], &changed["items"][0]["tone"]), (&json!("kept"), &json!("negative")));
    assert_eq!(owner.get("/api/tags").await.expect(200), json!({"items": [{"tag": "связь", "count": 1}]}));
    for (query, count) in [("", 1), ("?tone=negative", 1), ("?tone=none", 0), ("?state=binned", 0), ("?author=Anna", 1)]
    {
        let counted = owner.get(&format!("/api/mentions/count{query}")).await.expect(200);
        assert_eq!(counted, json!({"count": count, "at_most": false}), "{query}");
    }
    let cleared = owner.patch("/api/mentions", json!({"ids": [id], "tone": null})).await.expect(200);
    assert_eq!((&cleared["items"][0]["tone"], &cleared["items"][0]["state"]), (&json!(null), &json!("kept")));

    let listed = owner.get("/api/topics").await.expect(200);
    assert_eq!(listed["items"][0]["mentions"], 1);
    owner.delete(&format!("/api/topics/{topic}")).await.expect(204);
    assert_eq!(owner.get("/api/mentions").await.expect(200)["items"], json!([]));
}

#[tokio::test]
async fn exact_copies_stand_behind_one_mention() {
    let world = World::start().await;
    let owner = world.owner().await;
    let program = world.token(&["push"]).await;
    let push = source(&owner).await;
    topic(&owner, "Билайн", "билайн").await;
    let posts: Vec<_> = (0..3).map(|id| json!({"id": id, "text": "Билайн раздаёт подарки"})).collect();
    assert_eq!(program.post(&push, json!(posts)).await.expect(202)["stored"], 3);
    let page = owner.get("/api/mentions").await.expect(200);
    assert_eq!((page["items"].as_array().map(Vec::len), &page["items"][0]["copies"]), (Some(1), &json!(2)));
    let id = page["items"][0]["id"].as_str().expect("an id");
    let copies = owner.get(&format!("/api/mentions/{id}/copies")).await.expect(200);
    assert_eq!(copies["items"].as_array().map(Vec::len), Some(2));
    assert_eq!(copies["items"][0]["copy_of"], id);
}

#[tokio::test]
async fn a_new_topic_looks_back_over_the_kept_stream() {
    let world = World::start().await;
    let owner = world.owner().await;
    let program = world.token(&["push"]).await;
    let push = source(&owner).await;
    let posts = json!([{"id": "1", "text": "МТС тоже лежит"}, {"id": "2", "text": "погода хорошая"}]);
    assert_eq!(program.post(&push, posts).await.expect(202)["unmatched"], 2);

    let preview = owner.post("/api/queries/preview", json!({"query": "мтс", "limit": 5})).await.expect(200);
    assert_eq!(
        (&preview["matched"], &preview["scanned"], &preview["hits"][0]["post"]["id"]),
        (&json!(1), &json!(2), &json!(null))
    );
    assert_eq!(preview["hits"][0]["spans"], json!([{"in_title": false, "start": 0, "end": 3}]));
    let body = json!({"name": "МТС", "level": "brand", "kind": "competitor", "query": "мтс", "backfill": true});
    let made = owner.post("/api/topics", body).await.expect(201);
    assert_eq!(made["mentions"], 1);
    let id = made["id"].as_str().expect("an id");
    let again = owner.post(&format!("/api/topics/{id}/backfill"), json!({})).await.expect(202);
    assert_eq!(again, json!({"added": 0, "finished": true}));
    let ledger = owner.get("/api/ledger").await.expect(200);
    let total = json!({"received": 2, "stored": 1, "unmatched": 1, "duplicate": 0, "updated": 0, "rejected": 0});
    assert_eq!((&ledger["total"], &ledger["balances"]), (&total, &json!(true)));
}

#[tokio::test]
async fn a_query_with_errors_is_shown_where_a_browser_counts_and_in_the_readers_language() {
    let world = World::start().await;
    let owner = world.owner().await;
    let query = "😀 билайн AND (тариф";
    let checked = owner.post("/api/queries/check", json!({"query": query})).await.expect(200);
    assert_eq!(checked["valid"], false);
    let first = &checked["diagnostics"][0];
    assert_eq!(first["severity"], "error");
    let units = query.encode_utf16().count() as u64;
    assert!(first["end"].as_u64().is_some_and(|end| end <= units), "{first}");
    let body = json!({"name": "x", "level": "brand", "kind": "own", "query": query});
    let refused = owner.post("/api/topics", body).await;
    assert_eq!(refused.problem(), (422, "query_has_errors"));
    assert_eq!(refused.body["diagnostics"], checked["diagnostics"]);

    let good = owner.post("/api/queries/check", json!({"query": "билайн OR beeline"})).await.expect(200);
    assert_eq!((&good["valid"], good["explanation"].as_str().map(str::is_empty)), (&json!(true), Some(false)));
    let suggested = owner.post("/api/queries/suggest", json!({"brand": "Билайн"})).await.expect(200);
    let query = suggested["query"].as_str().expect("a query");
    let checked = owner.post("/api/queries/check", json!({"query": query})).await.expect(200);
    assert_eq!(checked["valid"], true, "{query}");
    assert!(suggested["spellings"].as_array().is_some_and(|spellings| spellings.len() > 1), "{suggested}");
}

#[tokio::test]
async fn pages_follow_each_other_without_holes() {
    let world = World::start().await;
    let owner = world.owner().await;
    let program = world.token(&["push"]).await;
    let push = source(&owner).await;
    topic(&owner, "Билайн", "билайн").await;
    let posts: Vec<_> = (0..25).map(|id| json!({"id": id, "text": format!("Билайн {id}")})).collect();
    program.post(&push, json!(posts)).await.expect(202);
    let (mut seen, mut cursor) = (std::collections::BTreeSet::new(), String::new());
    for size in [10, 10, 5] {
        let answer =
            Answer::to(owner.request(Method::GET, &format!("/api/mentions?limit=10{cursor}"))).await.expect(200);
        let items = answer["items"].as_array().expect("items").clone();
        assert_eq!(items.len(), size);
        seen.extend(items.iter().map(|item| item["id"].to_string()));
        cursor = answer["next_cursor"].as_str().map(|next| format!("&cursor={next}")).unwrap_or_default();
    }
    assert_eq!((seen.len(), cursor.as_str()), (25, ""));
}
