use std::time::Duration;

use molva_connectors::http::{Method, Request};
use molva_connectors::mastodon::Mastodon;
use molva_connectors::reply::LengthRule;
use molva_connectors::{AccountFacts, Connector as _, ConnectorError};
use molva_domain::{PostKind, ReplyVisibility, Secret, Urn};
use serde_json::{Value, json};
use url::Url;

use crate::reply_support::{Between, Sender, account, call, facts, picture, reply, word};
use crate::support::server;

async fn ask(server: &str, method: Method, path: &str, token: &str, body: &Value) -> Value {
    let url = Url::parse(&format!("{server}{path}")).expect("an address");
    call(Request::new(method, url).bearer(&Secret::new(token)).json(body)).await
}

/// Grace says something; its id and its name among all servers.
async fn said(server: &str, visibility: &str) -> (String, Urn) {
    let body = json!({ "status": "связь пропала", "visibility": visibility });
    let status = ask(server, Method::POST, "/api/v1/statuses", "grace_token", &body).await;
    let text = |key: &str| status[key].as_str().expect("a string").to_owned();
    (text("id"), Urn::of("mastodon", None, "post", &text("uri")))
}

/// What stands below a status: text, visibility, id of what it answers.
async fn below(server: &str, id: &str, token: &str) -> Vec<(String, String, String)> {
    let context = ask(server, Method::GET, &format!("/api/v1/statuses/{id}/context"), token, &Value::Null).await;
    let text = |status: &Value, key: &str| status[key].as_str().unwrap_or_default().to_owned();
    let descendants = context["descendants"].as_array().expect("a list");
    descendants.iter().map(|one| (text(one, "content"), text(one, "visibility"), text(one, "in_reply_to_id"))).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_real_server_has_each_reply_once_whatever_was_lost_on_the_way() {
    let Some(address) = server("MOLVA_TEST_MASTODON") else { return };
    // Names of statuses are made of this name of the server.
    let address = address.replace("127.0.0.1", "localhost");
    let between = Between::start(Some(&address)).await;
    let session = account(&[("instance", &between.address), ("*access_token", "ada_token")]);
    let facts = facts(&Mastodon, &session).await;
    assert!(facts.handle.starts_with("ada@") && facts.missing.is_none(), "{facts:?}");
    assert_eq!((facts.rule.length.limit, facts.rule.length.url_counts), (500, Some(23)));
    assert!(facts.clock_skew_seconds.is_some_and(|skew| skew.abs() <= 5), "{facts:?}");
    let ada = Sender { network: &Mastodon, account: &session, facts: &facts };

    let (id, urn) = said(&address, "unlisted").await;
    // The stand-in does not resolve addresses as Mastodon does: what its search would find is said for it.
    let parent = ask(&address, Method::GET, &format!("/api/v1/statuses/{id}"), "ada_token", &Value::Null).await;
    between.say("GET /api/v2/search?q=http", 200, "", &json!({ "statuses": [parent] }));
    let ours = reply(urn.clone(), PostKind::Post, Some("grace@other.example"), "Починили 👍 https://status.example/я");
    assert_eq!(ada.find(&ours).await, None);
    between.lose("POST /api/v1/statuses");
    assert_eq!(ada.refusal(&ours).await, "unsure");
    let found = ada.find(&ours).await.expect("it had arrived");
    // The server knows it again by its key.
    assert_eq!(ada.send(&ours).await, Ok(found.clone()));
    let there = below(&address, &id, "grace_token").await;
    assert_eq!(there.len(), 1, "{there:?}");
    assert!(there[0].0.contains("grace") && there[0].0.contains("Починили"), "{there:?}");
    assert_eq!((there[0].1.as_str(), there[0].2.as_str()), ("unlisted", id.as_str()));
    assert!(found.urn.as_str().starts_with("urn:smm:mastodon:post:http%3A//localhost"), "{found:?}");
    assert!(found.url.is_some());

    let private = molva_connectors::Outgoing {
        visibility: ReplyVisibility::Private,
        ..reply(urn.clone(), PostKind::Post, None, "лично вам")
    };
    ada.send(&private).await.expect("it is taken");
    assert_eq!(
        below(&address, &id, "grace_token").await.into_iter().map(|one| one.1).collect::<Vec<_>>(),
        ["unlisted", "direct"]
    );

    between.forget();
    ask(&address, Method::DELETE, &format!("/api/v1/statuses/{id}"), "grace_token", &Value::Null).await;
    let late = reply(urn, PostKind::Post, Some("grace"), "уже поздно");
    assert_eq!(ada.refusal(&late).await, "parent_gone");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_real_server_finds_its_own_status_by_the_end_of_its_name() {
    let Some(address) = server("MOLVA_TEST_MASTODON") else { return };
    let address = address.replace("127.0.0.1", "localhost");
    let session = account(&[("instance", &address), ("*access_token", "ada_token")]);
    let facts = facts(&Mastodon, &session).await;
    let ada = Sender { network: &Mastodon, account: &session, facts: &facts };
    let (id, urn) = said(&address, "public").await;
    ada.send(&reply(urn.clone(), PostKind::Post, Some("grace"), "Видим, чиним")).await.expect("it is taken");
    assert_eq!(below(&address, &id, "grace_token").await.len(), 1);

    let long = reply(urn.clone(), PostKind::Post, Some("grace"), &"я".repeat(495));
    assert_eq!(ada.refusal(&long).await, "too_long", "with the mention it is 501");
    // The server's own word, when ours was older.
    let mut generous = facts.clone();
    generous.rule.length = LengthRule { limit: 5_000, ..generous.rule.length };
    let believing = Sender { facts: &generous, ..ada };
    let long = reply(urn.clone(), PostKind::Post, Some("grace"), &"я".repeat(600));
    assert_eq!(believing.refusal(&long).await, "too_long");

    let wrong = account(&[("instance", &address), ("*access_token", "no_such_token")]);
    let stranger = Sender { network: &Mastodon, account: &wrong, facts: &facts };
    let refused = stranger.send(&reply(urn, PostKind::Post, None, "я")).await.expect_err("a wrong token");
    assert!(!refused.to_string().contains("no_such_token"), "{refused}");
    assert_eq!(word(refused), "account");
    let probed = Mastodon.replies().expect("replies").probe(&wrong).await;
    assert!(matches!(probed, Err(ConnectorError::AuthRevoked(_))), "{probed:?}");
    assert_eq!(below(&address, &id, "grace_token").await.len(), 1);
}

/// snac knows no `Idempotency-Key` and has no second version of its description.
#[tokio::test(flavor = "multi_thread")]
async fn a_real_server_that_knows_no_keys_has_the_reply_once_because_it_is_looked_for() {
    let Some(address) = server("MOLVA_TEST_SNAC") else { return };
    let tokens = std::env::var("MOLVA_TEST_SNAC_TOKENS").expect("the script says them");
    let (alice, shop) = tokens.split_once(' ').expect("two tokens");
    let body = json!({ "status": "связь пропала", "visibility": "public" });
    let question = ask(&address, Method::POST, "/api/v1/statuses", alice, &body).await;
    let id = question["id"].as_str().expect("an id");
    let between = Between::start(Some(&address)).await;
    let session = account(&[("instance", &between.address), ("*access_token", shop)]);
    let facts = facts(&Mastodon, &session).await;
    assert!(facts.handle.starts_with("shop@") && facts.rule.length.limit > 500, "{facts:?}");
    let ours = Sender { network: &Mastodon, account: &session, facts: &facts };

    let host = between.address.trim_start_matches("http://");
    let text = "Починили: 2 < 3 & \"да\" 👍 https://status.example/a_b?c=1";
    let answer = reply(Urn::of("mastodon", Some(host), "post", id), PostKind::Post, Some("alice"), text);
    assert_eq!(ours.find(&answer).await, None);
    between.lose("POST /api/v1/statuses");
    assert_eq!(ours.refusal(&answer).await, "unsure");
    let found = ours.find(&answer).await.expect("it had arrived");
    assert!(found.urn.as_str().contains("/shop/p/"), "{found:?}");
    // It reaches her through the server's queue, within seconds.
    let mut there = below(&address, id, alice).await;
    for _ in 0..300 {
        if !there.is_empty() {
            break;
        }
        tokio::time::sleep(Duration::from_millis(200)).await;
        there = below(&address, id, alice).await;
    }
    assert_eq!(there.len(), 1, "{there:?}");
    assert!(there[0].0.contains("alice") && there[0].1 == "public" && there[0].2 == id, "{there:?}");

    let wrong = account(&[("instance", &address), ("*access_token", "0123456789abcdef0123456789abcdef")]);
    let probed = Mastodon.replies().expect("replies").probe(&wrong).await;
    assert!(matches!(probed, Err(ConnectorError::AuthRevoked(_))), "{probed:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_a_mastodon_server_says_decides_what_happens_next() {
    let stand_in = Between::start(None).await;
    stand_in.say("GET /api/v1/statuses/9", 200, "", &json!({ "id": "9", "account": { "acct": "anna" } }));
    let session = account(&[("instance", &stand_in.address), ("*access_token", "s3cret")]);
    let host = stand_in.address.trim_start_matches("http://");
    let facts: AccountFacts = serde_json::from_value(json!({
        "native_id": "1", "handle": "shop@m.example", "name": null, "url": null, "scopes": [], "missing": null, "expires_at": null,
        "quota": null, "clock_skew_seconds": null, "rule": { "length": { "limit": 500, "unit": "graphemes", "bytes": null,
        "url_counts": 23, "short_handles": true }, "visibilities": ["public"] },
    }))
    .expect("facts");
    let sender = Sender { network: &Mastodon, account: &session, facts: &facts };
    let ours = reply(Urn::of("mastodon", Some(host), "post", "9"), PostKind::Post, None, "да");
    for (status, headers, said, expected) in [
        (401, "", "The access token was revoked", "account"),
        (401, "", "The access token expired", "expired"),
        (403, "", "This action is outside the authorized scopes", "account"),
        (403, "", "This action is not allowed", "forbidden"),
        (404, "", "The post you are trying to reply to does not appear to exist", "parent_gone"),
        (422, "", "Validation failed: Text character limit of 500 exceeded", "too_long"),
        (422, "", "Validation failed: Text can't be blank", "invalid"),
        (
            429,
            "x-ratelimit-limit: 300\r\nx-ratelimit-remaining: 0\r\nx-ratelimit-reset: 2099-01-01T00:00:00.000Z\r\n",
            "Too many requests",
            "later, at a time",
        ),
        (429, "", "Too many requests", "later"),
        (503, "retry-after: 30\r\n", "Remote data could not be fetched", "later, at a time"),
        (500, "", "s3cret", "unsure"),
        (302, "location: http://elsewhere.example/\r\n", "", "unsure"),
        (200, "", "", "unsure"),
    ] {
        stand_in.say_once("POST /api/v1/statuses", status, headers, &json!({ "error": said }).to_string());
        assert_eq!(sender.refusal(&ours).await, expected, "{status} {said}");
    }
    stand_in.say_once("POST /api/v1/statuses", 200, "", r#"{"id": "10", "uri": "https://m.exa"#);
    assert_eq!(sender.refusal(&ours).await, "unsure");
    // A question that fails before anything was handed over leaves nothing unsure.
    for (status, expected) in [(500, "later"), (401, "account"), (404, "parent_gone")] {
        stand_in.say_once("GET /api/v1/statuses/9", status, "", "{}");
        assert_eq!(sender.refusal(&ours).await, expected, "{status}");
    }
    assert_eq!(stand_in.asked("POST /api/v1/statuses"), 14);

    let nobody = account(&[("instance", "http://127.0.0.1:1"), ("*access_token", "s3cret")]);
    let nobody = Sender { network: &Mastodon, account: &nobody, facts: &facts };
    let there = reply(Urn::of("mastodon", Some("127.0.0.1:1"), "post", "9"), PostKind::Post, None, "да");
    assert_eq!(nobody.refusal(&there).await, "later", "nobody listens there: it certainly did not arrive");
}

#[tokio::test(flavor = "multi_thread")]
async fn the_first_version_of_the_description_does_where_there_is_no_second() {
    let stand_in = Between::start(None).await;
    stand_in.say(
        "GET /api/v1/accounts/verify_credentials",
        200,
        "",
        &json!({ "id": "Ab", "acct": "shop", "url": "https://m.example/@shop" }),
    );
    stand_in.say("GET /api/v1/instance", 200, "", &json!({ "max_toot_chars": 5000 }));
    stand_in.say("GET /oauth/token/info", 200, "", &json!({ "scope": ["read:accounts"], "expires_in": 86_400 }));
    let session = account(&[("instance", &stand_in.address), ("*access_token", "s3cret")]);
    let facts = facts(&Mastodon, &session).await;
    assert_eq!((facts.native_id.as_str(), facts.rule.length.limit), ("Ab", 5_000));
    assert!(facts.missing.as_deref().is_some_and(|missing| missing.contains("write:statuses")), "{facts:?}");
    assert!(facts.expires_at.is_some() && facts.scopes == ["read:accounts"], "{facts:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn pictures_go_with_a_reply_and_a_lost_upload_says_nothing() {
    let Some(address) = server("MOLVA_TEST_MASTODON") else { return };
    let address = address.replace("127.0.0.1", "localhost");
    let between = Between::start(Some(&address)).await;
    let session = account(&[("instance", &between.address), ("*access_token", "ada_token")]);
    let facts = facts(&Mastodon, &session).await;
    let ada = Sender { network: &Mastodon, account: &session, facts: &facts };
    let (id, urn) = said(&address, "public").await;
    let parent = ask(&address, Method::GET, &format!("/api/v1/statuses/{id}"), "ada_token", &Value::Null).await;
    between.say("GET /api/v2/search?q=http", 200, "", &json!({ "statuses": [parent] }));
    let attachments = vec![picture("карта.png", Some("Карта покрытия")), picture("b.png", None)];
    let reply = reply(urn, PostKind::Post, Some("grace"), "Вот карта");
    let ours = molva_connectors::Outgoing { attachments, ..reply };
    between.lose("POST /api/v2/media");
    assert_eq!(ada.refusal(&ours).await, "later", "nothing was said");
    assert_eq!(below(&address, &id, "grace_token").await.len(), 0);
    ada.send(&ours).await.expect("it is taken");
    let context =
        ask(&address, Method::GET, &format!("/api/v1/statuses/{id}/context"), "grace_token", &Value::Null).await;
    let media = context["descendants"][0]["media_attachments"].as_array().expect("media").clone();
    let told: Vec<_> = media.iter().map(|one| (&one["type"], &one["description"])).collect();
    assert_eq!(told, [(&json!("image"), &json!("Карта покрытия")), (&json!("image"), &Value::Null)]);
}
