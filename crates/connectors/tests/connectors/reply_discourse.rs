//! What a forum says word by word; the emulator plays the rest (`reply_forums`).

use molva_connectors::discourse::Discourse;
use molva_connectors::{AccountFacts, Sent};
use molva_domain::{PostKind, Urn};
use serde_json::{Value, json};

use crate::reply_support::{Between, Sender, account, facts, now, reply};

async fn forum() -> (Between, AccountFacts) {
    let forum = Between::start(None).await;
    forum.say(
        "GET /session/current.json",
        200,
        "date: Sun, 01 Mar 2026 09:30:00 GMT\r\n",
        &json!({ "current_user": { "id": 5, "username": "support", "name": "Поддержка" } }),
    );
    forum.say(
        "GET /posts/91.json",
        200,
        "",
        &json!({ "id": 91, "topic_id": 12, "post_number": 3, "username": "anna" }),
    );
    let facts = facts(&Discourse, &account(&settings(&forum))).await;
    (forum, facts)
}

fn settings(forum: &Between) -> [(&'static str, &str); 3] {
    [("url", &forum.address), ("api_username", "support"), ("*api_key", "s3cret")]
}

fn urn(forum: &Between, id: u64) -> Urn {
    Urn::of("discourse", Some(forum.address.trim_start_matches("http://")), "post", &id.to_string())
}

fn ours(raw: &str) -> Value {
    json!({ "id": 97, "topic_id": 12, "topic_slug": "no-signal", "post_number": 8, "reply_to_post_number": 3, "username": "Support",
        "created_at": now().to_rfc3339(), "raw": raw })
}

#[tokio::test(flavor = "multi_thread")]
async fn a_reply_whose_answer_was_lost_is_found_in_its_topic_and_not_sent_again() {
    let (forum, facts) = forum().await;
    assert_eq!(
        (facts.native_id.as_str(), facts.handle.as_str(), facts.name.as_deref()),
        ("5", "support", Some("Поддержка"))
    );
    let session = account(&settings(&forum));
    let sender = Sender { network: &Discourse, account: &session, facts: &facts };
    let answer = reply(urn(&forum, 91), PostKind::Comment, None, "Починили **вчера** 👍");
    forum.say("GET /t/12.json", 200, "", &json!({ "post_stream": { "stream": [90, 91, 95] } }));
    forum.say("GET /t/12/posts.json", 200, "", &json!({ "post_stream": { "posts": [
        { "id": 95, "post_number": 7, "reply_to_post_number": 3, "username": "anna", "created_at": now().to_rfc3339(), "raw": "Починили **вчера** 👍" }] } }));
    assert_eq!(sender.find(&answer).await, None, "somebody else said it");
    forum.lose("POST /posts.json");
    assert_eq!(sender.refusal(&answer).await, "unsure");
    forum.say("GET /t/12.json", 200, "", &json!({ "post_stream": { "stream": [90, 91, 95, 97] } }));
    forum.say(
        "GET /t/12/posts.json?post_ids%5B%5D=97&post_ids%5B%5D=95&include_raw=true",
        200,
        "",
        &json!({ "post_stream": { "posts": [ours(&answer.text)] } }),
    );
    let url = Some(format!("{}/t/no-signal/12/8", forum.address));
    let sent = Sent { urn: urn(&forum, 97), url };
    assert_eq!(sender.find(&answer).await, Some(sent.clone()));
    // Sent again all the same: the forum finds it too similar, and it is ours.
    forum.say_once(
        "POST /posts.json",
        422,
        "",
        &json!({ "action": "create_post", "errors": ["Body is too similar to what you recently posted"] }).to_string(),
    );
    assert_eq!(sender.send(&answer).await, Ok(sent.clone()));
    forum.say_once("POST /posts.json", 200, "", &ours("x").to_string());
    assert_eq!(sender.send(&answer).await, Ok(sent));
    forum.say_once(
        "POST /posts.json",
        200,
        "",
        &json!({ "action": "enqueued", "success": true, "pending_post": { "id": 4 } }).to_string(),
    );
    let waits =
        sender.send(&answer).await.map(|sent| sent.urn.as_str().rsplit(':').take(2).collect::<Vec<_>>().join(" "));
    assert_eq!(waits.as_deref(), Ok("4 pending"));
    // One that waits for a moderator is no post yet, and is there all the same.
    forum.say("GET /user_actions.json", 200, "", &json!({ "user_actions": [] }));
    let pending = json!({ "id": 4, "topic_id": 12, "raw_text": answer.text, "created_at": now().to_rfc3339() });
    forum.say("GET /posts/support/pending.json", 200, "", &json!({ "pending_posts": [pending] }));
    assert_eq!(sender.find(&answer).await.map(|sent| sent.urn.as_str().ends_with(":pending:4")), Some(true));
}

#[tokio::test(flavor = "multi_thread")]
async fn what_a_forum_says_decides_what_happens_next() {
    let (forum, facts) = forum().await;
    let session = account(&settings(&forum));
    let sender = Sender { network: &Discourse, account: &session, facts: &facts };
    let answer = reply(urn(&forum, 91), PostKind::Comment, None, "да");
    forum.say("GET /t/12.json", 200, "", &json!({ "post_stream": { "stream": [91] } }));
    for (status, headers, said, expected) in [
        (422, "", json!({ "errors": ["Body is too similar to what you recently posted"] }), "duplicate"),
        (422, "", json!({ "errors": ["Body is too short (minimum is 20 characters)"] }), "invalid"),
        (422, "", json!({ "errors": ["Body is limited to 32000 characters; you entered 40000."] }), "too_long"),
        (422, "", json!({ "errors": ["The topic has been deleted."] }), "parent_gone"),
        // The forum's own sentence for both, while the post is still shown.
        (
            422,
            "",
            json!({ "errors": ["Something has gone wrong. Perhaps this topic was closed or deleted while you were looking at it?"] }),
            "thread_closed",
        ),
        (
            403,
            "",
            json!({ "errors": ["You are not permitted to view the requested resource."], "error_type": "invalid_access" }),
            "thread_closed",
        ),
        (
            429,
            "",
            json!({ "errors": ["s3cret"], "error_type": "rate_limit", "extras": { "wait_seconds": 7 } }),
            "later, at a time",
        ),
        (429, "retry-after: 10\r\n", json!({}), "later, at a time"),
        (503, "retry-after: 10\r\n", json!({}), "later, at a time"),
        (502, "", json!({}), "unsure"),
        (200, "", json!({}), "unsure"),
    ] {
        forum.say_once("POST /posts.json", status, headers, &said.to_string());
        assert_eq!(sender.refusal(&answer).await, expected, "{status} {said}");
    }
    let long = reply(urn(&forum, 91), PostKind::Comment, None, &"я".repeat(32_001));
    assert_eq!(sender.refusal(&long).await, "too_long");
    assert_eq!(sender.refusal(&reply(urn(&forum, 92), PostKind::Comment, None, "да")).await, "parent_gone");
    forum.say_once(
        "GET /posts/91.json",
        200,
        "",
        &json!({ "id": 91, "topic_id": 12, "post_number": 3, "user_deleted": true }).to_string(),
    );
    assert_eq!(sender.refusal(&answer).await, "parent_gone");
    // A key that is no longer good is told as a topic that is closed; it is tried.
    forum.say("GET /session/current.json", 403, "", &json!({ "error_type": "invalid_access" }));
    forum.say_once("POST /posts.json", 403, "", &json!({ "error_type": "invalid_access" }).to_string());
    assert_eq!(sender.refusal(&answer).await, "account");
}
