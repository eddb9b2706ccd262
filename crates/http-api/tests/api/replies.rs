//! Accounts and replies: connected, written, approved, sent.

use std::time::Duration;

use serde_json::{Value, json};

use crate::actors::{Actor, World, id};

pub(crate) struct Bench {
    pub(crate) world: World,
    pub(crate) owner: Actor,
    /// Where posts are handed in.
    pub(crate) push: String,
    /// Of a post that can be answered, of one that is locked, of one of a network that cannot be.
    pub(crate) mentions: [String; 3],
}

pub(crate) fn account(name: &str, token: &str) -> Value {
    json!({"connector": "toy", "name": name, "settings": {"server": "https://toy.example"}, "secrets": {"token": token}})
}

impl Bench {
    pub(crate) async fn start() -> Self {
        Self::of(World::answering().await).await
    }

    pub(crate) async fn of(world: World) -> Self {
        let owner = world.owner().await;
        let topic = json!({"name": "Звенора", "level": "brand", "kind": "own", "query": "звенора"});
        owner.post("/api/topics", topic).await.expect(201);
        let source = owner.post("/api/sources", json!({"connector": "push", "name": "Отзывы"})).await.expect(201);
        let posts = json!([
            {"id": "1", "text": "звенора: где мой заказ?", "published": "2026-03-01T10:00:00Z", "network": "toy", "url": "https://toy.example/1"},
            {"id": "2", "text": "звенора, закрыто", "published": "2026-03-01T11:00:00Z", "network": "toy", "url": "https://toy.example/locked"},
            {"id": "3", "text": "звенора на форуме", "published": "2026-03-01T12:00:00Z", "network": "forum", "url": "https://forum.example/3"},
        ]);
        let push = format!("/api/push/{}", id(&source));
        world.token(&["push"]).await.post(&push, posts).await.expect(202);
        let page = owner.get("/api/mentions").await.expect(200);
        let mentions = [2, 1, 0].map(|index| id(&page["items"][index]));
        Self { world, owner, push, mentions }
    }

    pub(crate) async fn options(&self, mention: usize) -> Value {
        self.owner.get(&format!("/api/mentions/{}/reply-options", self.mentions[mention])).await.expect(200)
    }

    pub(crate) fn replies(&self) -> String {
        format!("/api/mentions/{}/replies", self.mentions[0])
    }

    pub(crate) async fn wait_for(&self, reply: &str, state: &str) -> Value {
        for _ in 0..1_200 {
            let page = self.owner.get("/api/replies").await.expect(200);
            let found = page["items"].as_array().expect("items").iter().find(|row| row["id"] == reply).cloned();
            let found = found.expect("the reply");
            if found["state"] == state {
                return found;
            }
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
        panic!("not `{state}` within a minute")
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_account_is_tried_connected_and_disconnected() {
    let bench = Bench::start().await;
    let owner = &bench.owner;
    let connectors = owner.get("/api/connectors").await.expect(200);
    let form = |name: &str| {
        let rows = connectors["items"].as_array().expect("items");
        rows.iter().find(|row| row["name"] == name).expect("a row")["reply_settings"].clone()
    };
    assert!(form("mastodon").is_array() && form("feed").is_null());

    let tried = owner.post("/api/accounts/test", account("x", "bad")).await.expect(200);
    assert_eq!((&tried["ok"], &tried["code"], &tried["facts"]), (&json!(false), &json!("auth_revoked"), &Value::Null));
    assert_eq!(owner.post("/api/accounts", account("Мы", "bad")).await.problem(), (422, "not_accepted"));
    assert_eq!(owner.post("/api/accounts", account("", "good us")).await.problem(), (422, "invalid_fields"));
    let feed = json!({"connector": "feed", "name": "x"});
    assert_eq!(owner.post("/api/accounts", feed).await.body["errors"][0]["code"], "cannot_answer");

    let made = owner.post("/api/accounts", account(" Мы ", "good us")).await.expect(201);
    let rule = json!({
        "length": {"limit": 20, "unit": "graphemes", "bytes": null, "url_counts": null, "short_handles": false},
        "visibilities": ["public"],
    });
    let expected = json!({
        "id": made["id"], "connector": "toy", "name": "Мы", "holder": {"kind": "company"},
        "settings": {"server": "https://toy.example"}, "secret_keys": ["token"], "state": "connected", "expiring": false,
        "needs_approval": false,
        "facts": {"handle": "us", "name": null, "url": null, "scopes": ["write"], "missing": null, "expires_at": null, "quota": null, "rule": rule},
        "access": null, "checked_at": made["created_at"], "problem": null, "created_at": made["created_at"],
    });
    assert_eq!(made, expected);
    let address = format!("/api/accounts/{}", id(&made));
    assert_eq!(owner.get(&address).await.expect(200), expected);
    assert_eq!(owner.post("/api/accounts", account("Мы", "good us")).await.problem(), (409, "name_taken"));
    let other = json!({"secrets": {"token": "good somebody"}});
    assert_eq!(owner.patch(&address, other).await.body["errors"][0]["code"], "another_account");
    let change = json!({"name": "Мы сами", "secrets": {"token": "good us"}});
    assert_eq!(owner.patch(&address, change).await.expect(200)["name"], "Мы сами");
    assert_eq!(owner.post(&format!("{address}/probe"), json!({})).await.expect(200)["state"], "connected");

    let gone = owner.delete(&address).await.expect(200);
    assert_eq!((&gone["state"], &gone["secret_keys"]), (&json!("disconnected"), &json!([])));
    assert_eq!(owner.patch(&address, json!({"name": "x"})).await.problem(), (409, "disconnected"));
    assert_eq!(owner.get("/api/accounts").await.expect(200)["items"][0]["state"], "disconnected");
    let reader = bench.world.token(&["read"]).await;
    assert_eq!(reader.post("/api/accounts", account("x", "good us")).await.status.as_u16(), 403);
}

#[tokio::test(flavor = "multi_thread")]
async fn it_is_said_from_which_accounts_a_mention_can_be_answered() {
    let bench = Bench::start().await;
    let owner = &bench.owner;
    let none = bench.options(0).await;
    assert_eq!((&none["can_answer"], &none["why_not"]["code"]), (&json!(false), &json!("no_account")));
    assert_eq!((&none["original_url"], &none["undo_seconds"]), (&json!("https://toy.example/1"), &json!(10)));
    assert_eq!(bench.options(2).await["why_not"]["code"], "read_only");

    let made = owner.post("/api/accounts", account("Мы", "good us")).await.expect(201);
    let options = bench.options(0).await;
    assert_eq!((&options["can_answer"], &options["why_not"]), (&json!(true), &Value::Null));
    let expected = json!([{
        "account": {"id": made["id"], "connector": "toy", "name": "Мы", "handle": "us", "holder": {"kind": "company"}},
        "rule": made["facts"]["rule"], "no_attachments": null,
        "attachments": {"most": 2, "bytes": 100, "media_types": ["image/png", "image/gif"], "alt": 10, "text": 8, "alone": ["image/gif"], "private": false},
        "needs_approval": false, "greeting": null, "may": null,
    }]);
    assert_eq!(options["accounts"], expected);
    let locked = bench.options(1).await;
    assert_eq!(locked["why_not"], json!({"code": "locked", "message": "the thread is locked"}));
    assert_eq!(locked["accounts"][0]["may"]["code"], "locked");

    // Somebody's own account is theirs alone; an administrator can take it away.
    let boris = bench.world.person("boris", "Борис", "analyst").await;
    let mut own = account("Борис", "good boris");
    own["holder"] = json!("me");
    assert_eq!(boris.post("/api/accounts", own.clone()).await.body["errors"][0]["field"], "consent");
    own["consent"] = json!(true);
    let own = boris.post("/api/accounts", own).await.expect(201);
    assert_eq!((&own["holder"]["kind"], &own["holder"]["user"]["name"]), (&json!("employee"), &json!("Борис")));
    assert_eq!(bench.options(0).await["accounts"][1]["may"]["code"], "not_yours");
    let draft = json!({"account_id": own["id"], "text": "hello"});
    assert_eq!(owner.post(&bench.replies(), draft.clone()).await.problem(), (422, "may_not"));
    boris.post(&bench.replies(), draft).await.expect(201);
    owner.delete(&format!("/api/accounts/{}", id(&own))).await.expect(200);
    let replies = owner.get(&bench.replies()).await.expect(200);
    assert_eq!(
        (&replies["items"][0]["state"], &replies["items"][0]["may"]["cancel"]),
        (&json!("cancelled"), &json!(false))
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_reply_is_checked_written_taken_back_and_sent() {
    let bench = Bench::start().await;
    let owner = &bench.owner;
    let made = owner.post("/api/accounts", account("Мы", "good us")).await.expect(201);
    let draft = |text: &str| json!({"account_id": made["id"], "text": text});
    assert_eq!(owner.post(&bench.replies(), draft(" \n")).await.problem(), (422, "empty"));
    assert_eq!(owner.post(&bench.replies(), draft(&"я".repeat(21))).await.problem(), (422, "too_long"));
    let unknown = json!({"account_id": "1", "text": "hello"});
    assert_eq!(owner.post(&bench.replies(), unknown).await.problem(), (422, "invalid_fields"));
    let private = json!({"account_id": made["id"], "text": "hello", "visibility": "private"});
    assert_eq!(owner.post(&bench.replies(), private).await.body["errors"][0]["code"], "not_offered");
    let locked = format!("/api/mentions/{}/replies", bench.mentions[1]);
    let refused = owner.clone().with("accept-language", "ru").post(&locked, draft("hello")).await;
    assert_eq!(refused.problem(), (422, "may_not"));

    let keyed = owner.clone().with("idempotency-key", "one");
    let reply = keyed.post(&bench.replies(), draft(" Уже везём! ")).await.expect(201);
    assert_eq!(keyed.post(&bench.replies(), draft(" Уже везём! ")).await.expect(201), reply, "it is written once");
    let me = owner.get("/api/session").await.expect(200);
    let expected = json!({
        "id": reply["id"], "mention_id": bench.mentions[0],
        "account": {"id": made["id"], "connector": "toy", "name": "Мы", "handle": "us"},
        "visibility": "public", "text": "Уже везём!", "attachments": [], "state": "waiting", "send_after": reply["send_after"], "attempts": 0,
        "next_attempt_at": reply["send_after"], "url": null, "problem": null,
        "written_by": {"id": me["user"]["id"], "name": "Анна"}, "approved_by": null, "created_at": reply["created_at"], "sent_at": null,
        "may": {"change": true, "cancel": true, "approve": false, "send_again": false},
    });
    assert_eq!(reply, expected);
    let address = format!("/api/replies/{}", id(&reply));
    let reworded = owner.patch(&address, json!({"text": "Везём!"})).await.expect(200);
    assert_eq!((&reworded["text"], &reworded["state"]), (&json!("Везём!"), &json!("waiting")));
    assert_eq!(owner.patch(&address, json!({"send_after": "tomorrow"})).await.problem(), (422, "invalid_fields"));

    let other = owner.post(&bench.replies(), draft("no, wait")).await.expect(201);
    let cancelled = owner.post(&format!("/api/replies/{}/cancel", id(&other)), json!({})).await.expect(200);
    assert_eq!(cancelled["state"], "cancelled");

    // Ten seconds later it is on its way.
    bench.world.clock.advance(Duration::from_secs(10));
    let sent = bench.wait_for(&id(&reply), "sent").await;
    assert_eq!((&sent["url"], &sent["attempts"]), (&json!("https://toy.example/sent"), &json!(1)));
    let answered =
        json!({"id": bench.mentions[0], "excerpt": "звенора: где мой заказ?", "url": "https://toy.example/1"});
    assert_eq!(sent["mention"], answered);
    let late = owner.clone().with("accept-language", "ru").post(&format!("{address}/cancel"), json!({})).await;
    assert_eq!(late.problem(), (409, "not_possible_now"));
    assert_eq!(owner.post(&format!("{address}/send-again"), json!({})).await.problem(), (409, "not_possible_now"));

    let refused = json!({"account_id": made["id"], "text": "refuse me", "send_after": "2020-01-01T00:00:00Z"});
    let refused = id(&owner.post(&bench.replies(), refused).await.expect(201));
    let told = bench.wait_for(&refused, "refused").await;
    assert_eq!((&told["problem"]["code"], &told["may"]["send_again"]), (&json!("thread_closed"), &json!(true)));
    owner.post(&format!("/api/replies/{refused}/send-again"), json!({})).await.expect(200);
    let page = owner.get("/api/replies?state=sent&state=cancelled&limit=1").await.expect(200);
    assert_eq!((&page["items"][0]["id"], page["next_cursor"].is_string()), (&other["id"], true));
    assert_eq!(owner.get("/api/replies?state=lost").await.problem(), (422, "invalid_fields"));
}

#[tokio::test(flavor = "multi_thread")]
async fn another_person_approves_where_the_account_asks_for_it() {
    let bench = Bench::start().await;
    let (owner, boris) = (&bench.owner, bench.world.person("boris", "Борис", "analyst").await);
    let mut draft = account("Мы", "good us");
    draft["needs_approval"] = json!(true);
    let made = owner.post("/api/accounts", draft).await.expect(201);
    let off = json!({"needs_approval": false});
    let address = format!("/api/accounts/{}", id(&made));
    assert_eq!(boris.patch(&address, off.clone()).await.problem(), (403, "admin_only"));

    let reply = boris.post(&bench.replies(), json!({"account_id": made["id"], "text": "hello"})).await.expect(201);
    assert_eq!((&reply["state"], &reply["may"]["approve"]), (&json!("awaiting_approval"), &json!(false)));
    let approve = format!("/api/replies/{}/approve", id(&reply));
    assert_eq!(boris.post(&approve, json!({})).await.problem(), (403, "own_words"));
    let writer = bench.world.token(&["write"]).await;
    assert_eq!(writer.post(&approve, json!({})).await.status.as_u16(), 403, "a token is nobody's second pair of eyes");
    let seen = owner.get("/api/replies?state=awaiting_approval").await.expect(200);
    assert_eq!(seen["items"][0]["may"], json!({"change": true, "cancel": true, "approve": true, "send_again": false}));
    let approved = owner.post(&approve, json!({})).await.expect(200);
    assert_eq!((&approved["state"], &approved["approved_by"]["name"]), (&json!("waiting"), &json!("Анна")));
    bench.world.clock.advance(Duration::from_secs(10));
    bench.wait_for(&id(&reply), "sent").await;
    owner.patch(&address, off).await.expect(200);
}
