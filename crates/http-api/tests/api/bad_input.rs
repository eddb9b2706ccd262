//! What cannot be done is said, with the way out, and nothing of the inside.

use reqwest::Method;
use serde_json::{Value, json};

use crate::actors::{Answer, World, id};

#[tokio::test]
async fn bodies_that_are_no_json_too_large_or_of_another_shape() {
    let world = World::start().await;
    let owner = world.owner().await;
    let post = |body: Vec<u8>, kind: &'static str| {
        let request = owner.request(Method::POST, "/api/topics").header("content-type", kind).body(body);
        async move { Answer::to(request).await }
    };
    let cut = post(br#"{"name": "#.to_vec(), "application/json").await;
    assert_eq!(cut.problem(), (400, "malformed_json"));
    assert_eq!(
        post(b"name=x".to_vec(), "application/x-www-form-urlencoded").await.problem(),
        (415, "unsupported_media_type")
    );
    let large = post(vec![b' '; (1 << 20) + 1], "application/json").await;
    assert_eq!(large.problem(), (413, "body_too_large"));

    let shape = owner.post("/api/topics", json!({"name": "x", "level": "planet", "kind": "own", "query": "x"})).await;
    assert_eq!(shape.problem(), (422, "invalid_fields"));
    assert_eq!(shape.body["errors"][0]["field"], "level");
    let extra = json!({"name": "x", "level": "brand", "kind": "own", "query": "x", "owner": "me"});
    assert_eq!(owner.post("/api/topics", extra).await.problem(), (422, "invalid_fields"));
    let blank = owner.post("/api/topics", json!({"name": "", "level": "brand", "kind": "own", "query": " "})).await;
    let fields: Vec<_> = blank.body["errors"].as_array().into_iter().flatten().map(|error| &error["field"]).collect();
    assert_eq!(fields, ["name", "query"]);
}

#[tokio::test]
async fn query_strings_that_are_not_understood_are_refused() {
    let world = World::start().await;
    let program = world.token(&["read"]).await;
    assert_eq!(program.get("/api/mentions?cursor=abc").await.problem(), (400, "invalid_cursor"));
    for query in ["limit=0", "limit=201", "limit=x", "topic=x", "from=yesterday", "topics=1", "state=lost"] {
        let answer = program.get(&format!("/api/mentions?{query}")).await;
        assert_eq!(answer.problem(), (422, "invalid_fields"), "{query}");
        assert_eq!(answer.body["errors"][0]["field"], query.split('=').next().unwrap_or_default());
    }
    assert_eq!(program.get("/api/mentions/count?limit=1").await.problem(), (422, "invalid_fields"));
    assert_eq!(program.get("/api/events?after=x").await.problem(), (400, "invalid_event_id"));
}

#[tokio::test]
async fn unknown_ids_addresses_and_methods() {
    let world = World::start().await;
    let owner = world.owner().await;
    for path in [
        "/api/topics/1",
        "/api/topics/abc",
        "/api/mentions/1",
        "/api/mentions/1/copies",
        "/api/sources/1",
        "/api/sources/1/ledger",
        "/api/lists/1",
        "/api/lists/abc",
        "/api/nothing",
        "/api/",
        "/api",
        "/api/topics/1/2/3",
    ] {
        assert_eq!(owner.get(path).await.problem(), (404, "not_found"), "{path}");
    }
    assert_eq!(owner.delete("/api/topics/1").await.problem(), (404, "not_found"));
    assert_eq!(owner.delete("/api/sources/1").await.problem(), (404, "not_found"));
    assert_eq!(owner.delete("/api/lists/1").await.problem(), (404, "not_found"));
    let list = json!({"name": "x", "kind": "words", "entries": ["x"], "version": 1});
    assert_eq!(owner.put("/api/lists/1", list).await.problem(), (404, "not_found"));
    assert_eq!(owner.post("/api/sources/1/pause", json!({})).await.problem(), (404, "not_found"));
    assert_eq!(owner.post("/api/topics/1/backfill", json!({})).await.problem(), (404, "not_found"));
    let topic = json!({"name": "x", "level": "brand", "kind": "own", "query": "билайн"});
    assert_eq!(owner.put("/api/topics/1", topic).await.problem(), (404, "not_found"));
    let wrong_method = owner.delete("/api/topics").await;
    assert_eq!(wrong_method.problem(), (405, "method_not_allowed"));
    assert_eq!(wrong_method.header("allow"), "GET, POST");
    let unknown = owner.patch("/api/mentions", json!({"ids": ["1"], "state": "kept"})).await.expect(200);
    assert_eq!(unknown, json!({"items": []}));
}

#[tokio::test]
async fn every_answer_carries_the_headers_that_keep_a_browser_safe() {
    let world = World::start().await;
    for path in ["/api/setup", "/api/topics", "/api/nothing", "/healthz", "/api/docs", "/api/openapi.json"] {
        let answer = world.anonymous().get(path).await;
        assert_eq!(answer.header("x-content-type-options"), "nosniff", "{path}");
        assert_eq!(answer.header("referrer-policy"), "no-referrer", "{path}");
        assert_eq!(answer.header("cache-control"), "no-store", "{path}");
        let policy = answer.header("content-security-policy");
        assert!(policy.contains("default-src 'none'") && policy.contains("frame-ancestors 'none'"), "{path}: {policy}");
    }
}

#[tokio::test]
async fn drafts_of_sources_are_checked_against_what_their_connector_declares() {
    let world = World::start().await;
    let owner = world.owner().await;
    let create = |body| owner.post("/api/sources", body);
    let unknown = create(json!({"connector": "carrier pigeon", "name": "x"})).await;
    assert_eq!(
        (unknown.problem(), &unknown.body["errors"][0]["field"]),
        ((422, "invalid_fields"), &json!("connector"))
    );
    let empty = create(json!({"connector": "feed", "name": "Новости", "settings": {}})).await;
    assert_eq!((empty.problem(), &empty.body["errors"][0]["field"]), ((422, "invalid_fields"), &json!("settings.url")));
    let address = create(json!({"connector": "feed", "name": "Новости", "settings": {"url": "not an address"}})).await;
    assert_eq!(address.body["errors"][0]["field"], "settings.url");
}

#[tokio::test]
async fn a_source_that_moves_to_another_server_is_given_its_secrets_again() {
    let world = World::start().await;
    let owner = world.owner().await;
    let draft = |url: &str, secrets: Value| {
        let settings = json!({"url": url, "api_username": "system"});
        json!({"connector": "discourse", "name": "Форум", "settings": settings, "secrets": secrets})
    };
    let secrets = json!({"api_key": "key", "webhook_secret": "secret"});
    let made = owner.post("/api/sources", draft("https://forum.example", secrets)).await.expect(201);
    let path = format!("/api/sources/{}", id(&made));
    owner.put(&path, draft("https://forum.example/community", json!({}))).await.expect(200);
    for elsewhere in ["https://forum.example.evil.example", "http://forum.example", "https://forum.example:8443"] {
        let moved = owner.put(&path, draft(elsewhere, json!({}))).await;
        assert_eq!(moved.problem(), (422, "invalid_fields"), "{elsewhere}");
        let errors = moved.body["errors"].as_array().expect("errors");
        let told = (errors.len(), &errors[0]["field"], &errors[0]["code"]);
        assert_eq!(told, (1, &json!("settings.api_key"), &json!("secret_needed")), "{elsewhere}");
    }
    owner.put(&path, draft("https://other.example", json!({"api_key": "its own"}))).await.expect(200);
}

#[tokio::test]
async fn a_form_is_told_what_is_wrong_in_the_readers_language() {
    let world = World::start().await;
    let program = world.token(&["read", "write"]).await;
    let feed = |url: &str| json!({"connector": "feed", "name": "x", "settings": {"url": url}});
    for (language, expected) in [
        ("ru", "`javascript:alert(1)` — не адрес в интернете; напишите его так: https://example.org/feed"),
        ("uk", "`javascript:alert(1)` — не адреса в інтернеті; напишіть її так: https://example.org/feed"),
        ("en", "`javascript:alert(1)` is not a web address; write it as https://example.org/feed"),
    ] {
        let refused = program.clone().with("accept-language", language);
        let refused = refused.post("/api/sources", feed("javascript:alert(1)")).await;
        assert_eq!(refused.problem(), (422, "invalid_fields"));
        let told = &refused.body["errors"][0];
        assert_eq!((told["field"].as_str(), told["message"].as_str()), (Some("settings.url"), Some(expected)));
    }

    let program = program.with("accept-language", "ru");
    let inside = program.post("/api/sources/test", feed("http://10.0.0.1/")).await.expect(200);
    let said = inside["message"].as_str().unwrap_or_default();
    assert!(said.starts_with("адрес не разрешён: ") && said.contains("`allow-private-host`"), "{said}");
    assert!(inside["advice"].as_str().is_some_and(|advice| advice.contains("`allow-private-host`")), "{inside}");
}

#[tokio::test]
async fn a_setting_that_a_connector_refuses_is_named_for_the_form() {
    let world = World::start().await;
    let owner = world.owner().await;
    let settings = json!({"instance": "https://m.example", "hashtags": "два слова"});
    let draft = json!({"connector": "mastodon", "name": "x", "settings": settings, "secrets": {"access_token": "  "}});
    let tried = owner.post("/api/sources/test", draft).await.expect(200);
    assert_eq!(
        (&tried["ok"], &tried["code"], &tried["setting"]),
        (&json!(false), &json!("invalid_setting"), &json!("hashtags"))
    );
    assert_eq!(tried["message"], "`два слова` is no hashtag; write one a line, without blanks");
}
