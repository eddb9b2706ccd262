use molva_connectors::http::Method;
use molva_connectors::matrix::Matrix;
use molva_connectors::{AccountFacts, Connector as _, ConnectorError, Outgoing};
use molva_domain::{PostKind, Urn};
use serde_json::{Value, json};

use crate::matrix_server::{Person, synapse, urn};
use crate::reply_support::{Between, Sender, account, facts, picture, reply, word};

#[tokio::test(flavor = "multi_thread")]
async fn a_real_homeserver_has_each_reply_once_whatever_was_lost_on_the_way() {
    let Some(server) = synapse() else { return };
    let (anna, shop) = (Person::writer(&server, "anna").await, Person::new(&server, "shop").await);
    let room = anna.room("Связь", true, &[]).await;
    shop.join(&room).await;
    let between = Between::start(Some(&server)).await;
    let session = account(&[("homeserver", &between.address), ("*access_token", &shop.token)]);
    let facts = facts(&Matrix, &session).await;
    assert_eq!((facts.native_id.as_str(), facts.name.as_deref()), (shop.id.as_str(), Some("shop")));
    assert!(facts.clock_skew_seconds.is_some_and(|skew| skew.abs() <= 5), "{facts:?}");
    assert_eq!((facts.rule.length.limit, facts.rule.length.bytes), (60_000, Some(60_000)));
    let ours = Sender { network: &Matrix, account: &session, facts: &facts };

    let question = anna.say(&room, "связь пропала").await;
    let answer = reply(urn(&room, &question), PostKind::Message, None, "> пропала\n\nПочинили: 2 < 3 & \"да\" 👍");
    assert_eq!(ours.find(&answer).await, None);
    between.lose("PUT /_matrix");
    assert_eq!(ours.refusal(&answer).await, "unsure");
    let found = ours.find(&answer).await.expect("it had arrived");
    // The server knows it again by its name.
    assert_eq!(ours.send(&answer).await, Ok(found.clone()));
    let there = anna.messages(&room).await;
    assert_eq!(there.len(), 2, "{there:?}");
    assert_eq!(there[1]["content"]["body"], answer.text);
    assert_eq!(there[1]["content"]["m.relates_to"], json!({"m.in_reply_to": {"event_id": question}}));
    assert_eq!(there[1]["content"]["m.mentions"], json!({"user_ids": [anna.id]}));
    assert_eq!(found.urn, urn(&room, there[1]["event_id"].as_str().expect("an id")));
    assert!(found.url.is_some_and(|url| url.starts_with("https://matrix.to/#/")));

    // Another login does not see the name we gave: our words are found.
    let login = json!({"type": "m.login.password", "password": "correct horse",
        "identifier": {"type": "m.id.user", "user": shop.id}});
    let token = shop.ask(Method::POST, "/_matrix/client/v3/login", &login).await["access_token"].clone();
    let other = account(&[("homeserver", &server), ("*access_token", token.as_str().expect("a token"))]);
    let other = Sender { account: &other, ..ours };
    assert_eq!(other.find(&answer).await.map(|sent| sent.urn), Some(found.urn.clone()));
    let same_words = reply(urn(&room, &question), PostKind::Message, None, "Чиним");
    assert_eq!(other.find(&same_words).await, None);

    // An answer in a thread stays there, with a file and its caption.
    let relation = json!({"rel_type": "m.thread", "event_id": question});
    let in_thread = json!({"msgtype": "m.text", "body": "а когда?", "m.relates_to": relation});
    let in_thread = anna.event(&room, "m.room.message", &in_thread).await;
    let with_map = Outgoing {
        attachments: vec![picture("карта.png", None)],
        ..reply(urn(&room, &in_thread), PostKind::Reply, None, "Вот карта")
    };
    between.lose("POST /_matrix/media");
    assert_eq!(ours.refusal(&with_map).await, "later", "nothing was said");
    ours.send(&with_map).await.expect("it is taken");
    let there = anna.messages(&room).await;
    let content = &there[3]["content"];
    assert_eq!(
        [&content["msgtype"], &content["body"], &content["filename"], &content["info"]["mimetype"]],
        [&json!("m.image"), &json!("Вот карта"), &json!("карта.png"), &json!("image/png")]
    );
    assert!(content["url"].as_str().is_some_and(|url| url.starts_with("mxc://localhost/")), "{content}");
    assert_eq!(content["m.relates_to"]["event_id"], question);
    assert_eq!(content["m.relates_to"]["m.in_reply_to"]["event_id"], in_thread);

    anna.remove(&room, &question).await;
    let late = reply(urn(&room, &question), PostKind::Message, None, "уже поздно");
    assert_eq!(ours.refusal(&late).await, "parent_gone");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_real_homeserver_says_why_it_does_not_take_a_reply() {
    let Some(server) = synapse() else { return };
    let (anna, shop) = (Person::writer(&server, "anna").await, Person::new(&server, "shop").await);
    let room = anna.room("Связь", true, &[]).await;
    let question = anna.say(&room, "связь пропала").await;
    let session = account(&[("homeserver", &server), ("*access_token", &shop.token)]);
    let facts = facts(&Matrix, &session).await;
    let ours = Sender { network: &Matrix, account: &session, facts: &facts };
    let say = |text: &str| reply(urn(&room, &question), PostKind::Message, None, text);
    assert_eq!(ours.refusal(&say("снаружи")).await, "forbidden");
    shop.join(&room).await;
    assert_eq!(ours.refusal(&say(&"я".repeat(30_001))).await, "too_long");
    // As it is written there, it is longer.
    assert_eq!(ours.refusal(&say(&"\"".repeat(59_999))).await, "too_long");
    ours.send(&say(&"я".repeat(30_000))).await.expect("as long as may be");
    let mut refused = None;
    for number in 0..12 {
        refused = ours.send(&say(&format!("часто {number}"))).await.err();
        if refused.is_some() {
            break;
        }
    }
    assert_eq!(refused.map(word), Some("later, at a time"), "the server's own limit");
    anna.encrypt(&room).await;
    assert_eq!(ours.refusal(&say("открыто")).await, "encrypted");
    let wrong = account(&[("homeserver", &server), ("*access_token", "syt_no_such_token")]);
    let stranger = Sender { account: &wrong, ..ours };
    let refused = stranger.send(&say("я")).await.expect_err("a wrong token");
    assert!(!refused.to_string().contains("syt_no"), "{refused}");
    assert_eq!(word(refused), "account");
    let probed = Matrix.replies().expect("replies").probe(&wrong).await;
    assert!(matches!(probed, Err(ConnectorError::AuthRevoked(_))), "{probed:?}");
}

fn made_up() -> AccountFacts {
    serde_json::from_value(json!({
        "native_id": "@shop:m.example", "handle": "shop:m.example", "name": null, "url": null, "scopes": [], "missing": null,
        "expires_at": null, "quota": null, "clock_skew_seconds": null, "rule": { "length": { "limit": 60000, "unit": "characters",
        "bytes": 60000, "url_counts": null, "short_handles": false }, "visibilities": ["public"] },
    }))
    .expect("facts")
}

#[tokio::test(flavor = "multi_thread")]
async fn what_a_homeserver_says_decides_what_happens_next() {
    let stand_in = Between::start(None).await;
    stand_in.say("GET /_matrix/client/versions", 200, "", &json!({"versions": ["r0.6.1", "v1.11"]}));
    stand_in.say("/event/$q", 200, "", &json!({"sender": "@anna:m.example", "content": {"body": "?"}}));
    let session = account(&[("homeserver", &stand_in.address), ("*access_token", "s3cret-token")]);
    let facts = made_up();
    let sender = Sender { network: &Matrix, account: &session, facts: &facts };
    let ours = reply(urn("!r:m.example", "$q"), PostKind::Message, None, "да");
    for (status, headers, errcode, expected) in [
        (401, "", "M_UNKNOWN_TOKEN", "account"),
        (403, "", "M_USER_SUSPENDED", "account"),
        (403, "", "M_FORBIDDEN", "forbidden"),
        (403, "", "M_RESOURCE_LIMIT_EXCEEDED", "later"),
        (404, "", "M_NOT_FOUND", "parent_gone"),
        (413, "", "M_TOO_LARGE", "too_long"),
        (400, "", "M_BAD_JSON", "invalid"),
        (429, "", "M_LIMIT_EXCEEDED", "later"),
        (429, "retry-after: 7\r\n", "M_LIMIT_EXCEEDED", "later, at a time"),
        (503, "retry-after: 7\r\n", "", "later, at a time"),
        (500, "", "M_UNKNOWN", "unsure"),
        (200, "", "", "unsure"),
    ] {
        stand_in.say_once(
            "PUT /_matrix",
            status,
            headers,
            &json!({"errcode": errcode, "error": "s3cret-token"}).to_string(),
        );
        assert_eq!(sender.refusal(&ours).await, expected, "{status} {errcode}");
    }
    let soft = json!({"errcode": "M_UNKNOWN_TOKEN", "error": "expired", "soft_logout": true}).to_string();
    stand_in.say_once("PUT /_matrix", 401, "", &soft);
    assert_eq!(sender.refusal(&ours).await, "expired");
    stand_in.say_once("PUT /_matrix", 200, "", r#"{"event_id": "$"#);
    assert_eq!(sender.refusal(&ours).await, "unsure");
    // A question that fails before anything was handed over leaves nothing unsure.
    stand_in.say_once("/event/$q", 500, "", "{}");
    assert_eq!(sender.refusal(&ours).await, "later");
    assert_eq!(stand_in.asked("PUT /_matrix"), 14);
    let elsewhere = reply(Urn::of("vk", None, "post", "1"), PostKind::Post, None, "да");
    let may = Matrix.replies().expect("replies").may_reply(&elsewhere.target, &session.settings, &facts);
    assert_eq!(may.map_err(|why| why.code), Err("other_server"));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_server_is_found_by_its_name_and_nobody_is_led_into_the_house() {
    let (site, api) = (Between::start(None).await, Between::start(None).await);
    api.say("GET /m/_matrix/client/versions", 200, "", &json!({"versions": ["v1.12"]}));
    api.say("GET /m/_matrix/client/v3/account/whoami", 200, "", &json!({"user_id": "@shop:m.example"}));
    let probe = async |site: &Between| {
        let session = account(&[("homeserver", &site.address), ("*access_token", "s3cret-token")]);
        Matrix.replies().expect("replies").probe(&session).await.map(|facts| facts.native_id)
    };
    let leads = |to: &str| json!({"m.homeserver": {"base_url": to}});
    site.say("GET /.well-known/matrix/client", 200, "", &leads(&format!("{}/m/", api.address)));
    assert_eq!(probe(&site).await, Ok("@shop:m.example".to_owned()));
    assert_eq!(site.asked("whoami"), 0, "the token goes to the API alone");

    for (to, expected) in [
        ("http://169.254.169.254/latest", "address_blocked"),
        ("file:///etc/passwd", "invalid_setting"),
        ("nowhere", "invalid_setting"),
    ] {
        let site = Between::start(None).await;
        site.say("GET /.well-known/matrix/client", 200, "", &leads(to));
        assert_eq!(probe(&site).await.map_err(|error| error.code()), Err(expected), "{to}");
    }
    // A site that answers anything at all there is the server itself, or none.
    let site = Between::start(None).await;
    site.say("GET /.well-known/matrix/client", 200, "", &Value::String("welcome".to_owned()));
    site.say("GET /_matrix/client/versions", 200, "", &json!({"versions": ["r0.6.1"]}));
    assert_eq!(probe(&site).await.map_err(|error| error.code()), Err("protocol"));
}
