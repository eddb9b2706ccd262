//! Signing in and out, and what protects it.

use std::time::Duration;

use reqwest::Method;
use serde_json::json;

use crate::actors::{Answer, LOGIN, World};

#[tokio::test]
async fn a_wrong_password_and_an_unknown_login_are_answered_alike_and_the_sixth_try_waits() {
    let world = World::start().await;
    world.make_owner().await;
    let browser = world.anonymous();
    let known = browser.post("/api/session", json!({"login": LOGIN, "password": "wrong"})).await;
    let unknown = browser.post("/api/session", json!({"login": "nobody", "password": "wrong"})).await;
    assert_eq!(known.problem(), (401, "wrong_credentials"));
    assert_eq!(known.body, unknown.body);
    for _ in 0..4 {
        let again = browser.post("/api/session", json!({"login": LOGIN, "password": "wrong"})).await;
        assert_eq!(again.problem(), (401, "wrong_credentials"));
    }
    let sixth = browser.post("/api/session", json!({"login": LOGIN, "password": "wrong"})).await;
    assert_eq!(sixth.problem(), (429, "too_many_attempts"));
    assert_eq!(sixth.header("retry-after"), "900");
    world.clock.advance(Duration::from_secs(900));
    let later = browser.post("/api/session", json!({"login": LOGIN, "password": "wrong"})).await;
    assert_eq!(later.problem(), (401, "wrong_credentials"));
}

#[tokio::test]
async fn a_stranger_has_no_more_than_a_few_kilobytes_read() {
    let world = World::start().await;
    let long = "x".repeat(100 << 10);
    for path in ["/api/session", "/api/setup"] {
        let sent = world.anonymous().post(path, json!({"login": LOGIN, "password": long})).await;
        assert_eq!(sent.problem(), (413, "body_too_large"), "{path}");
    }
}

#[tokio::test]
async fn strangers_elsewhere_do_not_keep_the_owner_from_signing_in() {
    let world = World::start().await;
    world.make_owner().await;
    let wrong = || json!({"login": LOGIN, "password": "wrong"});
    // A proxy on this machine is believed who its client is.
    let from = |address: &str| world.anonymous().with("x-forwarded-for", address);
    for _ in 0..5 {
        from("203.0.113.7").post("/api/session", wrong()).await;
    }
    assert_eq!(from("203.0.113.7").post("/api/session", wrong()).await.problem(), (429, "too_many_attempts"));
    assert_eq!(from("198.51.100.2").post("/api/session", wrong()).await.problem(), (401, "wrong_credentials"));
}

#[tokio::test]
async fn a_session_lives_for_fourteen_days_from_its_last_use() {
    let world = World::start().await;
    let owner = world.owner().await;
    assert_eq!(owner.get("/api/session").await.header("set-cookie"), "");
    for _ in 0..3 {
        world.clock.advance(Duration::from_secs(10 * 24 * 3_600));
        let used = owner.get("/api/session").await;
        assert!(used.header("set-cookie").starts_with("molva_session=c2Vzc2lvbg;"));
        used.expect(200);
    }
    world.clock.advance(Duration::from_secs(14 * 24 * 3_600));
    assert_eq!(owner.get("/api/session").await.problem(), (401, "sign_in_required"));
}

#[tokio::test]
async fn signing_out_ends_the_session_for_everybody_who_has_its_cookie() {
    let world = World::start().await;
    let owner = world.owner().await;
    let out = owner.delete("/api/session").await;
    assert!(out.header("set-cookie").contains("Max-Age=0"));
    out.expect(204);
    assert_eq!(owner.get("/api/session").await.problem(), (401, "sign_in_required"));
}

#[tokio::test]
async fn a_change_by_cookie_from_elsewhere_is_refused() {
    let world = World::start().await;
    let owner = world.owner().await;
    let change = json!({"locale": "uk"});
    let no_header = owner.clone().without("x-molva-csrf");
    assert_eq!(no_header.patch("/api/session", change.clone()).await.problem(), (403, "csrf_header_missing"));
    for site in ["cross-site", "same-site", "none"] {
        let foreign = owner.clone().with("sec-fetch-site", site);
        assert_eq!(foreign.patch("/api/session", change.clone()).await.problem(), (403, "foreign_origin"));
    }
    let silent = owner.clone().without("sec-fetch-site");
    assert_eq!(silent.patch("/api/session", change.clone()).await.problem(), (403, "foreign_origin"));
    let old_browser = silent.clone().with("origin", world.base.clone());
    old_browser.patch("/api/session", change.clone()).await.expect(200);
    let evil = silent.with("origin", "http://evil.example");
    assert_eq!(evil.patch("/api/session", change).await.problem(), (403, "foreign_origin"));
    let forged = world.anonymous().with("sec-fetch-site", "cross-site");
    let credentials = json!({"login": LOGIN, "password": "whatever it is"});
    assert_eq!(forged.post("/api/session", credentials).await.problem(), (403, "foreign_origin"));
}

#[tokio::test]
async fn messages_come_in_the_language_of_the_user_or_else_of_the_request() {
    let world = World::start().await;
    let owner = world.owner().await;
    let title = |answer: &Answer| answer.body["title"].as_str().unwrap_or_default().to_owned();
    let stranger = world.anonymous().with("accept-language", "uk-UA,uk;q=0.9,en;q=0.5");
    assert_eq!(title(&stranger.get("/api/topics").await), "Потрібен вхід");
    let owner = owner.with("accept-language", "uk");
    assert_eq!(title(&owner.get("/api/topics/1").await), "Not found");
    let me = owner.patch("/api/session", json!({"locale": "ru"})).await.expect(200);
    assert_eq!(me["user"]["locale"], "ru");
    let russian = owner.get("/api/topics/1").await;
    assert_eq!((title(&russian).as_str(), russian.header("content-language")), ("Не найдено", "ru"));
    let connectors = owner.get("/api/connectors").await.expect(200);
    let push = connectors["items"].as_array().and_then(|items| items.iter().find(|item| item["name"] == "push"));
    assert_eq!(push.map(|push| &push["title"]), Some(&json!("Приём по HTTP")));
}

#[tokio::test]
async fn only_a_person_makes_tokens_and_a_revoked_one_opens_nothing() {
    let world = World::start().await;
    let owner = world.owner().await;
    let made = owner.post("/api/tokens", json!({"name": "bot", "scopes": ["read", "read"]})).await.expect(201);
    assert_eq!(made["token"]["scopes"], json!(["read"]));
    let secret = made["secret"].as_str().expect("a secret");
    assert!(secret.starts_with("molva_") && secret.len() == 49, "{secret}");
    let listed = owner.get("/api/tokens").await.expect(200);
    assert!(!listed.to_string().contains(secret));

    let program = world.anonymous().with("authorization", format!("Bearer {secret}"));
    program.get("/api/topics").await.expect(200);
    let id = made["token"]["id"].as_str().expect("an id");
    owner.delete(&format!("/api/tokens/{id}")).await.expect(204);
    let refused = program.get("/api/topics").await;
    assert_eq!(refused.problem(), (401, "invalid_token"));
    assert!(refused.header("www-authenticate").starts_with("Bearer"));
    assert_eq!(owner.delete(&format!("/api/tokens/{id}")).await.problem(), (404, "not_found"));
    let nothing = owner.post("/api/tokens", json!({"name": "bot", "scopes": []})).await;
    assert_eq!(nothing.problem(), (422, "invalid_fields"));
    let basic = Answer::to(world.anonymous().request(Method::GET, "/api/topics").basic_auth("anna", Some("x"))).await;
    assert_eq!(basic.problem(), (401, "invalid_token"));
}
