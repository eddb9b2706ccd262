//! For operators and their programs.

use serde_json::json;

use crate::actors::World;

#[tokio::test]
async fn alive_ready_and_measured() {
    let world = World::start().await;
    let program = world.anonymous();
    assert_eq!(program.get("/healthz").await.expect(200), json!({"status": "ok"}));
    let ready = program.get("/readyz").await.expect(200);
    assert_eq!((&ready["status"], &ready["store"]), (&json!("ready"), &json!("sqlite")));
    let metrics = program.get("/metrics").await;
    assert_eq!(metrics.header("content-type"), "text/plain; version=0.0.4; charset=utf-8");
    assert_eq!(metrics.expect(200), json!("molva_up 1\n"));
}

#[tokio::test]
async fn metrics_asked_for_through_a_proxy_need_a_token() {
    let world = World::start().await;
    let proxied = world.anonymous().with("x-forwarded-for", "203.0.113.7");
    assert_eq!(proxied.get("/metrics").await.problem(), (403, "local_only"));
    let token = world.token(&["read"]).await.with("x-forwarded-for", "203.0.113.7");
    token.get("/metrics").await.expect(200);
}

#[tokio::test]
async fn the_documents_are_open_and_self_contained() {
    let world = World::start().await;
    let document = world.anonymous().get("/api/openapi.json").await;
    assert_eq!(document.header("content-type"), "application/json");
    assert_eq!(document.expect(200)["openapi"], "3.1.0");
    let page = world.anonymous().get("/api/docs").await;
    assert_eq!(page.header("content-type"), "text/html; charset=utf-8");
    assert!(page.header("content-security-policy").contains("style-src 'sha256-"));
    assert!(page.expect(200).as_str().is_some_and(|html| html.contains("listMentions")));
}
