use molva_connectors::http::{Method, Request};
use molva_connectors::wordpress::WordPress;
use molva_connectors::{AccountFacts, Connector as _, ConnectorError};
use molva_domain::{PostKind, Secret, Urn};
use serde_json::{Value, json};
use url::Url;

use crate::reply_support::{Between, Sender, account, call, facts, fresh_id, reply, word};
use crate::support::server;

/// A site as its administrator uses it.
struct Site {
    address: String,
    user: String,
    password: String,
}

impl Site {
    async fn call(&self, method: Method, route: &str, body: &Value) -> Value {
        let url = Url::parse(&format!("{}/?rest_route=/wp/v2/comments{route}", self.address)).expect("an address");
        call(Request::new(method, url).basic(&self.user, &Secret::new(self.password.as_str())).json(body)).await
    }

    async fn comment(&self, text: &str) -> u64 {
        let body = json!({ "post": 1, "content": format!("{text} {}", fresh_id()) });
        self.call(Method::POST, "", &body).await["id"].as_u64().expect("an id")
    }

    async fn below(&self, id: u64) -> Vec<String> {
        let found = self.call(Method::GET, &format!("&parent={id}&context=edit"), &Value::Null).await;
        let raw = |comment: &Value| comment["content"]["raw"].as_str().unwrap_or_default().to_owned();
        found.as_array().expect("a list").iter().map(raw).collect()
    }
}

fn site() -> Option<Site> {
    let address = server("MOLVA_TEST_WORDPRESS")?;
    let said = |name: &str| std::env::var(name).expect("the script says it");
    Some(Site { address, user: said("MOLVA_TEST_WORDPRESS_USER"), password: said("MOLVA_TEST_WORDPRESS_PASSWORD") })
}

fn urn(address: &str, id: u64) -> Urn {
    Urn::of("wordpress", Some(address.trim_start_matches("http://")), "comment", &id.to_string())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_real_site_has_each_reply_once_whatever_was_lost_on_the_way() {
    let Some(site) = site() else { return };
    let between = Between::start(Some(&site.address)).await;
    let session = account(&[("url", &between.address), ("login", &site.user), ("*password", &site.password)]);
    let facts = facts(&WordPress, &session).await;
    assert_eq!(
        (facts.handle.as_str(), facts.native_id.as_str(), &facts.scopes[..]),
        ("admin", "1", &["administrator".to_owned()][..])
    );
    let ours = Sender { network: &WordPress, account: &session, facts: &facts };

    let id = site.comment("связь пропала").await;
    let text = format!("Починили: 2 < 3 & \"да\" -- <b>нет</b> 👍 {}", fresh_id());
    let answer = reply(urn(&between.address, id), PostKind::Comment, None, &text);
    assert_eq!(ours.find(&answer).await, None);
    between.lose("POST /?rest_route");
    assert_eq!(ours.refusal(&answer).await, "unsure");
    let found = ours.find(&answer).await.expect("it had arrived");
    assert!(found.url.as_deref().is_some_and(|url| url.contains("#comment-")), "{found:?}");
    let there = site.below(id).await;
    assert_eq!(there, [text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;")]);

    // The site refuses the very same comment, which is then ours.
    let once = reply(urn(&between.address, id), PostKind::Comment, None, &format!("said once {}", fresh_id()));
    let first = ours.send(&once).await.expect("it is taken");
    assert_eq!(ours.send(&once).await, Ok(first));
    assert_eq!(site.below(id).await.len(), 2);

    site.call(Method::DELETE, &format!("/{id}"), &Value::Null).await;
    assert_eq!(ours.refusal(&reply(urn(&between.address, id), PostKind::Comment, None, "поздно")).await, "parent_gone");
    assert_eq!(
        ours.refusal(&reply(urn(&between.address, 999_999), PostKind::Comment, None, "поздно")).await,
        "parent_gone"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_real_site_refuses_what_is_too_long_and_whom_it_does_not_know() {
    let Some(site) = site() else { return };
    let session = account(&[("url", &site.address), ("login", &site.user), ("*password", &site.password)]);
    let facts = facts(&WordPress, &session).await;
    let ours = Sender { network: &WordPress, account: &session, facts: &facts };
    let id = site.comment("связь пропала").await;
    let target = urn(&site.address, id);
    assert_eq!(ours.refusal(&reply(target.clone(), PostKind::Comment, None, &"я".repeat(33_000))).await, "too_long");
    assert_eq!(ours.refusal(&reply(target.clone(), PostKind::Comment, None, " ")).await, "invalid");

    let wrong = account(&[("url", &site.address), ("login", &site.user), ("*password", "abcd wrong 1234")]);
    let stranger = Sender { network: &WordPress, account: &wrong, facts: &facts };
    let refused = stranger.send(&reply(target, PostKind::Comment, None, "чужой")).await.expect_err("a wrong password");
    assert!(!refused.to_string().contains("abcd wrong"), "{refused}");
    assert_eq!(word(refused), "account");
    let probed = WordPress.replies().expect("replies").probe(&wrong).await;
    assert!(matches!(probed, Err(ConnectorError::AuthRevoked(_))), "{probed:?}");
    assert_eq!(site.below(id).await, Vec::<String>::new());
}

#[tokio::test(flavor = "multi_thread")]
async fn what_a_site_says_decides_what_happens_next() {
    let stand_in = Between::start(None).await;
    stand_in.say("GET /?rest_route=%2Fwp%2Fv2%2Fcomments", 200, "", &json!([]));
    stand_in.say("comments%2F7", 200, "", &json!({ "id": 7, "post": 1, "status": "approved" }));
    let session = account(&[("url", &stand_in.address), ("login", "shop"), ("*password", "s3cret")]);
    let facts: AccountFacts = serde_json::from_value(json!({
        "native_id": "1", "handle": "shop", "name": null, "url": null, "scopes": [], "missing": null, "expires_at": null,
        "quota": null, "clock_skew_seconds": null, "rule": { "length": { "limit": 65_525, "unit": "characters", "bytes": 65_525,
        "url_counts": null, "short_handles": false }, "visibilities": ["public"] },
    }))
    .expect("facts");
    let ours = Sender { network: &WordPress, account: &session, facts: &facts };
    let answer = reply(urn(&stand_in.address, 7), PostKind::Comment, None, "да");
    for (status, headers, code, expected) in [
        (403, "", "rest_comment_closed", "thread_closed"),
        (403, "", "rest_comment_invalid_post_id", "parent_gone"),
        (409, "", "comment_duplicate", "duplicate"),
        (429, "", "comment_flood", "later, at a time"),
        (429, "retry-after: 9\r\n", "too_many", "later, at a time"),
        (400, "", "comment_content_column_length", "too_long"),
        (401, "", "incorrect_password", "account"),
        (401, "", "rest_comment_login_required", "account"),
        (403, "", "rest_forbidden", "forbidden"),
        (503, "retry-after: 9\r\n", "", "later, at a time"),
        (500, "", "internal_server_error", "unsure"),
        (200, "", "", "unsure"),
    ] {
        let said = json!({ "code": code, "message": "s3cret", "data": { "status": status } });
        stand_in.say_once("POST /", status, headers, &said.to_string());
        assert_eq!(ours.refusal(&answer).await, expected, "{status} {code}");
    }
    stand_in.say_once("comments%2F7", 200, "", &json!({ "id": 7, "post": 1, "status": "trash" }).to_string());
    assert_eq!(ours.refusal(&answer).await, "parent_gone");
    stand_in.say_once("comments%2F7", 500, "", "{}");
    assert_eq!(ours.refusal(&answer).await, "later");
}
