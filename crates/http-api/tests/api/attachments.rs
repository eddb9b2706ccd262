//! Files that go with replies: brought, looked at, taken by a reply, sent.

use std::time::Duration;

use molva_pipeline::PipelineOptions;
use serde_json::{Value, json};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;

use crate::actors::{World, id};
use crate::replies::{Bench, account};

const PNG: &[u8] = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR";

#[tokio::test(flavor = "multi_thread")]
async fn a_file_is_checked_kept_sent_and_belongs_to_one_reply() {
    let bench = Bench::start().await;
    let owner = &bench.owner;
    let us = id(&owner.post("/api/accounts", account("Мы", "good us")).await.expect(201));

    assert_eq!(owner.upload("/api/attachments", b"").await.problem(), (422, "empty"));
    assert_eq!(owner.upload("/api/attachments?name=a.png", b"<svg/>").await.problem(), (422, "unknown_type"));
    assert_eq!(owner.upload("/api/attachments", &vec![0; (16 << 20) + 1]).await.status.as_u16(), 413);
    let file = owner.upload("/api/attachments?name=..%2Fсхема.exe", PNG).await.expect(201);
    let expected = json!({"id": file["id"], "name": "схема.png", "media_type": "image/png", "size": 16, "alt": null, "removed_at": null});
    assert_eq!(file, expected);
    let shown = owner
        .request(reqwest::Method::GET, &format!("/api/attachments/{}", id(&file)))
        .send()
        .await
        .expect("an answer");
    let header = |name: &str| shown.headers()[name].to_str().expect("ASCII").to_owned();
    assert_eq!((header("content-type"), header("x-content-type-options")), ("image/png".into(), "nosniff".into()));
    assert_eq!(shown.bytes().await.expect("the file"), PNG);

    let options = bench.options(0).await;
    let rule = json!({"most": 2, "bytes": 100, "media_types": ["image/png", "image/gif"], "alt": 10, "text": 8, "alone": ["image/gif"], "private": false});
    assert_eq!(options["accounts"][0]["attachments"], rule);
    let reply = |text: &str, files: Value| json!({"account_id": us, "text": text, "attachments": files, "send_after": "2020-01-01T00:00:00Z"});
    let with = |alt: Value| json!([{"id": file["id"], "alt": alt}]);
    let refused = [
        (reply("hi", json!([{"id": "77"}])), "unknown"),
        (reply("hi", json!([{"id": "1"}, {"id": "2"}, {"id": "3"}])), "too_many"),
        (reply("hi", with(json!("a description"))), "alt_too_long"),
    ];
    for (body, code) in refused {
        assert_eq!(owner.post(&bench.replies(), body).await.body["errors"][0]["code"], code);
    }
    let big = owner.upload("/api/attachments", &[PNG, &[0; 100]].concat()).await.expect(201);
    let other = owner.upload("/api/attachments", b"%PDF-1.7").await.expect(201);
    let moving = owner.upload("/api/attachments", b"GIF89a\x01").await.expect(201);
    let beside = json!([{"id": file["id"]}, {"id": moving["id"]}]);
    assert_eq!(owner.post(&bench.replies(), reply("hi", beside)).await.body["errors"][0]["code"], "not_alone");
    // Where none may go it is said before.
    let options = bench.options(1).await;
    let told = (&options["accounts"][0]["attachments"], &options["accounts"][0]["no_attachments"]);
    assert_eq!(told, (&json!(null), &json!("words only")));
    for (file, code) in [(&big, "too_big"), (&other, "not_taken")] {
        let body = reply("hi", json!([{"id": file["id"]}]));
        assert_eq!(owner.post(&bench.replies(), body).await.body["errors"][0]["code"], code);
        assert_eq!(owner.delete(&format!("/api/attachments/{}", id(file))).await.status.as_u16(), 204);
    }
    assert_eq!(owner.post(&bench.replies(), reply("nine char", with(json!(null)))).await.problem(), (422, "too_long"));

    // What somebody else brought cannot be taken.
    let robot = bench.world.token(&["read", "write"]).await;
    assert_eq!(robot.post(&bench.replies(), reply("hi", with(json!(null)))).await.body["errors"][0]["code"], "unknown");
    assert_eq!(robot.delete(&format!("/api/attachments/{}", id(&file))).await.problem(), (404, "not_found"));

    let made = owner.post(&bench.replies(), reply("look", with(json!(" схема ")))).await.expect(201);
    let taken = json!([{"id": file["id"], "name": "схема.png", "media_type": "image/png", "size": 16, "alt": "схема", "removed_at": null}]);
    assert_eq!(made["attachments"], taken);
    let sent = bench.wait_for(&id(&made), "sent").await;
    assert_eq!((&sent["url"], &sent["attachments"]), (&json!("https://toy.example/sent?files=16+схема"), &taken));
    let again = owner.post(&bench.replies(), reply("again", with(json!(null)))).await;
    assert_eq!(again.body["errors"][0]["code"], "unknown");
    assert_eq!(owner.delete(&format!("/api/attachments/{}", id(&file))).await.problem(), (404, "not_found"));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_refused_reply_can_be_put_aside() {
    let bench = Bench::start().await;
    let us = id(&bench.owner.post("/api/accounts", account("Мы", "good us")).await.expect(201));
    let body = json!({"account_id": us, "text": "refuse me", "send_after": "2020-01-01T00:00:00Z"});
    let made = bench.owner.post(&bench.replies(), body).await.expect(201);
    let refused = bench.wait_for(&id(&made), "refused").await;
    assert_eq!((&refused["may"]["cancel"], &refused["may"]["send_again"]), (&json!(true), &json!(true)));
    let aside = bench.owner.post(&format!("/api/replies/{}/cancel", id(&made)), json!({})).await.expect(200);
    assert_eq!((&aside["state"], &aside["problem"]["code"]), (&json!("cancelled"), &json!("thread_closed")));
    assert_eq!(aside["may"], json!({"change": false, "cancel": false, "approve": false, "send_again": false}));
}

#[tokio::test(flavor = "multi_thread")]
async fn files_of_replies_that_were_sent_go_with_time_and_their_names_stay() {
    let month = Duration::from_secs(30 * 86_400);
    let hurried = |options| PipelineOptions {
        collect: true,
        connectors: crate::toy::find,
        time_scale: 600.0,
        reply_files: month,
        ..options
    };
    let bench = Bench::of(World::with(false, hurried).await).await;
    let us = id(&bench.owner.post("/api/accounts", account("Мы", "good us")).await.expect(201));
    let write = async |send_after: String| {
        let file = id(&bench.owner.upload("/api/attachments?name=map.png", PNG).await.expect(201));
        let body = json!({"account_id": us, "text": "look", "attachments": [{"id": file}], "send_after": send_after});
        (id(&bench.owner.post(&bench.replies(), body).await.expect(201)), file)
    };
    let (sent, file) = write("2020-01-01T00:00:00Z".to_owned()).await;
    let (_, waiting_file) = write(bench.world.now().plus(month * 2).to_rfc3339()).await;
    bench.wait_for(&sent, "sent").await;
    // The owner's session does not last so long.
    let robot = bench.world.token(&["read"]).await;
    bench.world.clock.advance(month + Duration::from_secs(1));
    let removed = loop {
        let page = robot.get("/api/replies").await.expect(200);
        let row = page["items"].as_array().expect("items").iter().find(|row| row["id"] == sent).cloned();
        let file = row.expect("the reply")["attachments"][0].clone();
        if !file["removed_at"].is_null() {
            break file;
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
    };
    assert_eq!((&removed["name"], &removed["size"]), (&json!("map.png"), &json!(16)));
    assert_eq!((&removed["id"], &removed["media_type"]), (&json!(file), &json!("image/png")));
    assert_eq!(robot.get(&format!("/api/attachments/{file}")).await.problem(), (404, "not_found"));
    let kept = robot.request(reqwest::Method::GET, &format!("/api/attachments/{waiting_file}"));
    assert_eq!(kept.send().await.expect("an answer").bytes().await.expect("the file"), PNG);
}

#[tokio::test]
async fn eight_files_are_read_at_once_and_the_ninth_waits_unread() {
    let world = World::start().await;
    let robot = world.token(&["write"]).await;
    let head = format!(
        "POST /api/attachments HTTP/1.1\r\nhost: molva\r\n{}content-length: 1000\r\nexpect: 100-continue\r\n\r\n",
        robot.headers()
    );
    let begin = async || {
        let mut sender = TcpStream::connect(world.base.trim_start_matches("http://")).await.expect("a connection");
        sender.write_all(head.as_bytes()).await.expect("taken");
        sender
    };
    let is_asked_to_go_on = async |sender: &mut TcpStream| {
        let mut word = [0; 12];
        sender.read_exact(&mut word).await.expect("an answer");
        assert_eq!(&word, b"HTTP/1.1 100");
    };
    let mut senders = Vec::new();
    for _ in 0..8 {
        let mut sender = begin().await;
        is_asked_to_go_on(&mut sender).await;
        senders.push(sender);
    }
    let mut ninth = begin().await;
    let early = tokio::time::timeout(Duration::from_millis(500), is_asked_to_go_on(&mut ninth)).await;
    assert!(early.is_err(), "nothing of it is read yet");
    senders.pop();
    is_asked_to_go_on(&mut ninth).await;
}
