use std::collections::BTreeMap;

use molva_connectors::bluesky::Bluesky;
use molva_connectors::http::{Method, Request};
use molva_connectors::{AccountSession, Connector as _, ConnectorError};
use molva_domain::{PostKind, Secret, Urn};
use serde_json::{Value, json};
use url::Url;

use crate::reply_support::{Between, Sender, account, call, facts, fresh_id, picture, reply, word};
use crate::support::server;

/// Somebody on a personal data server.
struct Person {
    server: String,
    handle: String,
    did: String,
    token: Secret,
}

impl Person {
    async fn new(server: &str) -> Self {
        let handle = format!("r{}.test", fresh_id().0 % 100_000_000_000_000);
        let body = json!({ "handle": handle, "email": format!("{handle}@example.com"), "password": "correct horse" });
        let url = Url::parse(&format!("{server}/xrpc/com.atproto.server.createAccount")).expect("an address");
        let made = call(Request::new(Method::POST, url).json(&body)).await;
        let text = |key: &str| made[key].as_str().expect("a string").to_owned();
        Self { server: server.to_owned(), handle, did: text("did"), token: Secret::new(text("accessJwt")) }
    }

    async fn call(&self, method: &str, body: &Value) -> Value {
        let url = Url::parse(&format!("{}/xrpc/{method}", self.server)).expect("an address");
        call(Request::new(Method::POST, url).bearer(&self.token).json(body)).await
    }

    /// Says something; its name.
    async fn say(&self, text: &str) -> String {
        let record = json!({ "$type": "app.bsky.feed.post", "text": text, "createdAt": "2026-03-01T09:30:00.000Z" });
        let body = json!({ "repo": self.did, "collection": "app.bsky.feed.post", "record": record });
        let made = self.call("com.atproto.repo.createRecord", &body).await;
        made["uri"].as_str().expect("a name").to_owned()
    }

    async fn delete(&self, uri: &str) {
        let key = uri.rsplit('/').next().expect("a key");
        let body = json!({ "repo": self.did, "collection": "app.bsky.feed.post", "rkey": key });
        self.call("com.atproto.repo.deleteRecord", &body).await;
    }

    /// Everything they said: name and record.
    async fn posts(&self) -> Vec<(String, Value)> {
        let query = format!("repo={}&collection=app.bsky.feed.post", self.did);
        let url =
            Url::parse(&format!("{}/xrpc/com.atproto.repo.listRecords?{query}", self.server)).expect("an address");
        let listed = call(Request::get(url)).await;
        let records = listed["records"].as_array().expect("a list").iter();
        records.map(|one| (one["uri"].as_str().unwrap_or_default().to_owned(), one["value"].clone())).collect()
    }

    /// An account of ours that is this person, reached at that address.
    async fn connect(&self, address: &str) -> AccountSession {
        let made = self.call("com.atproto.server.createAppPassword", &json!({ "name": "molva" })).await;
        let password = made["password"].as_str().expect("a password");
        account(&[("service", address), ("identifier", &self.handle), ("*app_password", password)])
    }
}

fn urn(uri: &str) -> Urn {
    Urn::of("bluesky", None, "post", uri)
}

#[tokio::test(flavor = "multi_thread")]
async fn a_real_data_server_has_each_reply_once_whatever_was_lost_on_the_way() {
    let Some(address) = server("MOLVA_TEST_PDS") else { return };
    let between = Between::start(Some(&address)).await;
    let (anna, shop) = (Person::new(&address).await, Person::new(&address).await);
    let session = shop.connect(&between.address).await;
    let facts = facts(&Bluesky, &session).await;
    assert_eq!((&facts.native_id, &facts.handle, facts.missing.as_ref()), (&shop.did, &shop.handle, None));
    assert_eq!(facts.scopes, ["com.atproto.appPass"]);
    let ours = Sender { network: &Bluesky, account: &session, facts: &facts };

    let question = anna.say("связь пропала").await;
    let text = format!("👨‍👩‍👧 Привет, @{}! Чиним, см. https://status.example/я?q=1. @nobody.test #связь", anna.handle);
    let answer = reply(urn(&question), PostKind::Post, None, &text);
    assert_eq!(ours.find(&answer).await, None);
    between.lose("putRecord");
    assert_eq!(ours.refusal(&answer).await, "unsure");
    let found = ours.find(&answer).await.expect("it had arrived");
    assert_eq!(ours.send(&answer).await, Ok(found.clone()));
    // Its text changed meanwhile, as when somebody edited what was said to be lost: what is there stays.
    let changed = molva_connectors::Outgoing { text: "другое".to_owned(), ..answer.clone() };
    assert_eq!(ours.send(&changed).await, Ok(found.clone()));

    let posts = shop.posts().await;
    assert_eq!(posts.len(), 1, "{posts:?}");
    let (uri, record) = &posts[0];
    assert_eq!(found.urn, urn(uri));
    assert_eq!(record["text"], text.as_str());
    assert_eq!(
        (&record["reply"]["root"]["uri"], &record["reply"]["parent"]["uri"]),
        (&json!(question), &json!(question))
    );
    let shown: BTreeMap<String, String> = record["facets"]
        .as_array()
        .expect("facets")
        .iter()
        .map(|facet| {
            let at = |key: &str| facet["index"][key].as_u64().expect("a number") as usize;
            let feature = &facet["features"][0];
            let of = ["did", "uri", "tag"].into_iter().find_map(|key| feature[key].as_str()).unwrap_or_default();
            (text[at("byteStart")..at("byteEnd")].to_owned(), of.to_owned())
        })
        .collect();
    let expected = [
        (format!("@{}", anna.handle), anna.did.clone()),
        ("https://status.example/я?q=1".to_owned(), "https://status.example/я?q=1".to_owned()),
        ("#связь".to_owned(), "связь".to_owned()),
    ];
    assert_eq!(shown, BTreeMap::from(expected), "a mention of nobody stays text");

    // An answer below an answer names both the first post and what it answers; the session may end in between.
    between.say_once("putRecord", 400, "", r#"{"error":"ExpiredToken","message":"Token has expired"}"#);
    let below = reply(found.urn.clone(), PostKind::Reply, None, "и ещё");
    let below = ours.send(&below).await.expect("the session is renewed");
    assert_eq!(between.asked("refreshSession"), 1);
    let posts = shop.posts().await;
    let (_, record) = posts.iter().find(|(uri, _)| urn(uri) == below.urn).expect("the second");
    assert_eq!((&record["reply"]["root"]["uri"], &record["reply"]["parent"]["uri"]), (&json!(question), &json!(uri)));

    anna.delete(&question).await;
    assert_eq!(ours.refusal(&reply(urn(&question), PostKind::Post, None, "поздно")).await, "parent_gone");
    assert_eq!(shop.posts().await.len(), 2);
    assert_eq!(between.asked("createSession"), 1, "one login for all of it");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_real_data_server_refuses_what_cannot_be_and_whom_it_does_not_know() {
    let Some(address) = server("MOLVA_TEST_PDS") else { return };
    let shop = Person::new(&address).await;
    let session = shop.connect(&address).await;
    let facts = facts(&Bluesky, &session).await;
    let ours = Sender { network: &Bluesky, account: &session, facts: &facts };
    let question = shop.say("связь пропала").await;
    let long = reply(urn(&question), PostKind::Post, None, &"👨‍👩‍👧".repeat(301));
    assert_eq!(ours.refusal(&long).await, "too_long");
    let bytes = reply(urn(&question), PostKind::Post, None, &"👨‍👩‍👧‍👦".repeat(290));
    assert_eq!(ours.refusal(&bytes).await, "too_long", "fewer than 300 characters, more than 3000 bytes");
    // The server's own word.
    let mut generous = facts.clone();
    generous.rule.length.limit = 5_000;
    let believing = Sender { facts: &generous, ..ours };
    assert_eq!(believing.refusal(&reply(urn(&question), PostKind::Post, None, &"я".repeat(301))).await, "too_long");

    let wrong = account(&[("service", &address), ("identifier", &shop.handle), ("*app_password", "xxxx-wrong")]);
    let stranger = Sender { network: &Bluesky, account: &wrong, facts: &facts };
    let refused = stranger.send(&reply(urn(&question), PostKind::Post, None, "я")).await.expect_err("a wrong password");
    assert!(!refused.to_string().contains("xxxx-wrong"), "{refused}");
    assert_eq!(word(refused), "account");
    let probed = Bluesky.replies().expect("replies").probe(&wrong).await;
    assert!(matches!(probed, Err(ConnectorError::AuthRevoked(_))), "{probed:?}");
    assert_eq!(shop.posts().await.len(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_a_data_server_says_decides_what_happens_next() {
    let stand_in = Between::start(None).await;
    let login = json!({ "did": "did:plc:shop", "handle": "shop.test", "accessJwt": "a.b.c", "refreshJwt": "d.e.f", "active": true });
    stand_in.say("createSession", 200, "", &login);
    stand_in.say(
        "getRecord",
        200,
        "",
        &json!({ "uri": "at://did:plc:b/app.bsky.feed.post/1", "cid": "bafy", "value": {} }),
    );
    let session = account(&[("service", &stand_in.address), ("identifier", "shop.test"), ("*app_password", "s3cret")]);
    let facts = facts(&Bluesky, &session).await;
    let ours = Sender { network: &Bluesky, account: &session, facts: &facts };
    let answer = reply(urn("at://did:plc:b/app.bsky.feed.post/1"), PostKind::Post, None, "да");
    let reset =
        format!("ratelimit-limit: 5000\r\nratelimit-remaining: 0\r\nratelimit-reset: {}\r\n", 4_000_000_000_u64);
    for (status, headers, error, said, expected) in [
        (
            400,
            "",
            "InvalidRequest",
            "Invalid app.bsky.feed.post record: grapheme too big (maximum 300, got 301)",
            "too_long",
        ),
        (400, "", "InvalidRequest", "Invalid app.bsky.feed.post record: invalid facets", "invalid"),
        (400, "", "AccountTakedown", "Account has been taken down", "account"),
        (429, reset.as_str(), "RateLimitExceeded", "Rate Limit Exceeded", "later, at a time"),
        (503, "retry-after: 5\r\n", "", "", "later, at a time"),
        (502, "", "UpstreamFailure", "s3cret", "unsure"),
    ] {
        stand_in.say_once("putRecord", status, headers, &json!({ "error": error, "message": said }).to_string());
        assert_eq!(ours.refusal(&answer).await, expected, "{status} {said}");
    }
    for (seen, expected) in [
        (json!({ "posts": [{ "viewer": { "replyDisabled": true } }] }), "thread_closed"),
        (json!({ "posts": [{ "author": { "viewer": { "blockedBy": true } } }] }), "blocked"),
    ] {
        stand_in.say_once("getPosts", 200, "", &seen.to_string());
        assert_eq!(ours.refusal(&answer).await, expected);
    }
    // A session that ended for good and a login that is refused: nothing was handed over.
    stand_in.say_once(
        "createSession",
        401,
        "",
        r#"{"error":"AuthenticationRequired","message":"Invalid identifier or password"}"#,
    );
    stand_in.say_once("putRecord", 400, "", r#"{"error":"InvalidToken","message":"Token could not be verified"}"#);
    assert_eq!(ours.refusal(&answer).await, "account");
    stand_in.say_once("createSession", 500, "", "{}");
    assert_eq!(ours.refusal(&answer).await, "later");
}

#[tokio::test(flavor = "multi_thread")]
async fn pictures_stand_in_the_record_and_a_lost_upload_says_nothing() {
    let Some(address) = server("MOLVA_TEST_PDS") else { return };
    let between = Between::start(Some(&address)).await;
    let (anna, shop) = (Person::new(&address).await, Person::new(&address).await);
    let session = shop.connect(&between.address).await;
    let facts = facts(&Bluesky, &session).await;
    let ours = Sender { network: &Bluesky, account: &session, facts: &facts };
    let question = anna.say("где покрытие?").await;
    let answer = molva_connectors::Outgoing {
        attachments: vec![picture("карта.png", Some("Карта покрытия"))],
        ..reply(urn(&question), PostKind::Post, None, "Вот карта")
    };
    between.lose("uploadBlob");
    assert_eq!(ours.refusal(&answer).await, "later", "nothing was said");
    assert_eq!(shop.posts().await.len(), 0);
    let sent = ours.send(&answer).await.expect("it is taken");
    // Its bytes are named by what stands in them: the same record once more.
    assert_eq!(ours.send(&answer).await, Ok(sent.clone()));
    let posts = shop.posts().await;
    assert_eq!((posts.len(), urn(&posts[0].0)), (1, sent.urn));
    let image = &posts[0].1["embed"]["images"][0];
    assert_eq!((&image["alt"], &image["image"]["mimeType"]), (&json!("Карта покрытия"), &json!("image/png")));
    let query = format!("did={}&cid={}", shop.did, image["image"]["ref"]["$link"].as_str().expect("a name"));
    let url = Url::parse(&format!("{address}/xrpc/com.atproto.sync.getBlob?{query}")).expect("an address");
    let kept = crate::support::http().send(Request::get(url)).await.expect("the picture");
    assert_eq!(kept.body, answer.attachments[0].bytes);
}
