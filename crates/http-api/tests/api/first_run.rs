//! The one-time link that creates the owner.

use std::time::Duration;

use serde_json::json;

use crate::actors::{LOGIN, PASSWORD, SETUP_SECRET, World};

fn owner(secret: &str, password: &str) -> serde_json::Value {
    json!({
        "secret": secret, "name": "Анна", "login": LOGIN, "password": password, "locale": "ru", "time_zone": "Europe/Minsk",
    })
}

#[tokio::test]
async fn the_link_creates_the_owner_once_and_signs_them_in() {
    let world = World::start().await;
    world.offer_setup().await;
    let browser = world.anonymous();
    assert_eq!(browser.get("/api/setup").await.expect(200), json!({"needed": true, "version": "0.1.0"}));

    let wrong = browser.post("/api/setup", owner("a guess", PASSWORD)).await;
    assert_eq!(wrong.problem(), (403, "setup_link_invalid"));
    let short = browser.post("/api/setup", owner(SETUP_SECRET, "коротко")).await;
    assert_eq!(short.problem(), (422, "invalid_fields"));
    assert_eq!(short.body["errors"][0]["field"], "password");

    let made = browser.post("/api/setup", owner(SETUP_SECRET, PASSWORD)).await;
    let cookie = made.header("set-cookie").to_owned();
    let me = made.expect(201);
    assert_eq!((&me["user"]["login"], &me["user"]["role"]), (&json!(LOGIN), &json!("owner")));
    assert_eq!((&me["workspace"]["name"], &me["live_demo"]), (&json!("Отдел"), &json!(false)));
    assert_eq!(me["workspace"]["time_zone"], "Europe/Minsk");
    for attribute in ["molva_session=", "HttpOnly", "SameSite=Lax", "Path=/", "Max-Age=1209600"] {
        assert!(cookie.contains(attribute), "{cookie}");
    }
    let signed_in = browser.clone().with("cookie", cookie.split(';').next().unwrap_or_default());
    assert_eq!(signed_in.get("/api/session").await.expect(200), me);

    let again = browser.post("/api/setup", owner(SETUP_SECRET, PASSWORD)).await;
    assert_eq!(again.problem(), (403, "setup_link_invalid"));
    assert_eq!(browser.get("/api/setup").await.expect(200)["needed"], false);

    let credentials = json!({"login": " ANNA ", "password": PASSWORD});
    let session = browser.post("/api/session", credentials).await;
    assert!(session.header("set-cookie").starts_with("molva_session="));
    assert_eq!(session.expect(200), me);
}

#[tokio::test]
async fn a_zone_that_is_not_known_does_not_keep_the_owner_out() {
    let world = World::start().await;
    world.offer_setup().await;
    let mut new = owner(SETUP_SECRET, PASSWORD);
    new["time_zone"] = json!("Mars/Olympus");
    let me = world.anonymous().post("/api/setup", new).await.expect(201);
    assert_eq!(me["workspace"]["time_zone"], "UTC");
}

#[tokio::test]
async fn a_link_that_has_expired_creates_nobody() {
    let world = World::start().await;
    world.offer_setup().await;
    world.clock.advance(Duration::from_secs(3_601));
    let late = world.anonymous().post("/api/setup", owner(SETUP_SECRET, PASSWORD)).await;
    assert_eq!(late.problem(), (403, "setup_link_invalid"));
    assert_eq!(world.anonymous().get("/api/setup").await.expect(200)["needed"], true);
}
