//! Answers on X, played by its emulator.

use std::time::Duration;

use molva_connectors::http::Request;
use molva_connectors::oauth::token::Asking;
use molva_connectors::oauth::{Client, Proof, Purpose, address, exchange, refresh};
use molva_connectors::x::X;
use molva_connectors::{AccountSession, Connector as _, Outgoing, SendError, Sent};
use molva_domain::{PostKind, Secret, Urn};
use molva_emulators::x::native_id;
use molva_emulators::{Fault, Faults, Kind, Saying, Who};

use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;

use crate::reply_support::{Sender, account, facts, fresh_id, now, reply};
use crate::sandbox::Played;

const REPLIES: usize = 40;

/// Somebody speaks to the first brand, or to nobody.
fn said(played: &Played, text: &str) -> Urn {
    let now = played.sandbox.now();
    let mut inside = played.sandbox.inside();
    let saying = Saying {
        place: 1,
        kind: Kind::Post,
        who: Who::Person(1_005),
        text: text.to_owned(),
        under: None,
        answers: None,
    };
    let id = inside.world.say(saying, now);
    let id = inside.world.find(1, id).map(native_id).expect("it was said");
    Urn::of("x", None, "post", &id.to_string())
}

fn by_bearer(played: &Played, token: &str) -> AccountSession {
    account(&[("*access_token", token), ("api_url", &played.base())])
}

fn signed(played: &Played) -> AccountSession {
    account(&[
        ("*access_token", "user-token-1"),
        ("*access_token_secret", "user-secret-1"),
        ("*consumer_key", "app-key"),
        ("*consumer_secret", "app-secret"),
        ("api_url", &played.base()),
    ])
}

/// As the outbox does: looks before it sends again, and goes on where a person would have acted.
async fn deliver(sender: &Sender<'_>, outgoing: &Outgoing) -> Sent {
    for _ in 0..40 {
        match sender.send(outgoing).await {
            Ok(sent) => return sent,
            Err(SendError::Refused { code: "parent_gone", .. } | SendError::Account { .. }) => {}
            Err(SendError::Later { .. }) => tokio::time::sleep(Duration::from_millis(1_500)).await,
            Err(SendError::Unsure { .. }) => {
                let replies = sender.network.replies().expect("replies");
                for _ in 0..5 {
                    match replies.find(sender.account, sender.facts, outgoing).await {
                        Ok(Some(sent)) => return sent,
                        Ok(None) => break,
                        Err(_) => tokio::time::sleep(Duration::from_millis(1_500)).await,
                    }
                }
            }
            Err(other) => panic!("{other:?}"),
        }
    }
    panic!("it was never taken");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn each_answer_is_there_once_whatever_breaks_on_the_way() {
    let played = Played::live("x").await;
    let account = signed(&played);
    let facts = facts(&X, &account).await;
    assert_eq!((facts.native_id.as_str(), facts.handle.as_str(), facts.missing.as_deref()), ("1", "brand1", None));
    assert_eq!((facts.rule.length.limit, facts.rule.length.url_counts), (280, Some(23)));
    assert_eq!(facts.quota.map(|quota| quota.limit), Some(75));
    let mut faults = Faults::share(0.3);
    faults.slow_ms = 50;
    played.sandbox.inside().faults = faults;
    let sender = Sender { network: &X, account: &account, facts: &facts };
    let mut urns = Vec::new();
    for number in 0..REPLIES {
        let target = said(&played, &format!("@brand1 вопрос {number}"));
        let text = format!("Спасибо & разбираемся: {number}");
        let outgoing = reply(target, PostKind::Post, Some("person1005"), &text);
        urns.push(deliver(&sender, &outgoing).await.urn);
    }
    let inside = played.sandbox.inside();
    assert!(inside.counts.replies.values().all(|received| received.made == 1), "{:?}", inside.counts.replies);
    assert_eq!((inside.counts.replies.len(), inside.counts.limits_exceeded), (REPLIES, 0));
    urns.sort();
    urns.dedup();
    assert_eq!(urns.len(), REPLIES);
    let known: Vec<String> = inside.world.all().map(|said| format!("urn:smm:x:post:{}", native_id(said))).collect();
    assert!(
        urns.iter().all(|urn| known.iter().any(|known| known == urn.as_str())),
        "listening meets them by that name"
    );
    eprintln!(
        "x replies: {REPLIES} there once, requests {:?}, faults {:?}",
        inside.counts.requests, inside.counts.faults
    );
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn only_those_who_spoke_to_us_may_be_answered_and_what_is_refused_is_told() {
    let played = Played::live("x").await;
    let (account, other) = (by_bearer(&played, "user-token-1"), by_bearer(&played, "enterprise-token-1"));
    let of_account = facts(&X, &account).await;
    let replies = X.replies().expect("it can be answered");
    let sender = Sender { network: &X, account: &account, facts: &of_account };

    let stranger = reply(said(&played, "просто погода"), PostKind::Post, Some("person1005"), "Мы тут");
    let why = replies.may_reply(&stranger.target, &account.settings, &of_account).map_err(|why| why.code);
    assert_eq!(why, Err("not_summoned"));
    assert_eq!(sender.refusal(&stranger).await, "not_summoned", "X says the same");
    let allowed = crate::reply_support::account(&[("unsummoned", "true")]);
    assert_eq!(replies.may_reply(&stranger.target, &allowed.settings, &of_account), Ok(()));
    let by_enterprise = Sender { network: &X, account: &other, facts: &of_account };
    assert!(by_enterprise.send(&stranger).await.is_ok());

    let mut summoned = reply(said(&played, "@brand1 где посылка?"), PostKind::Post, Some("person1005"), "Уже едет");
    summoned.target.addressed = vec!["brand1".to_owned()];
    assert_eq!(replies.may_reply(&summoned.target, &account.settings, &of_account), Ok(()));
    let sent = sender.send(&summoned).await.expect("taken");
    assert!(sent.url.as_deref().is_some_and(|url| url.starts_with("https://x.com/brand1/status/")), "{sent:?}");
    // The answer was lost and nobody remembers: the same words are ours already.
    assert_eq!(sender.send(&summoned).await.expect("known"), sent);
    assert_eq!(sender.find(&summoned).await, Some(sent));
    let mut later = Outgoing { id: fresh_id(), ..summoned.clone() };
    later.first_tried_at = Some(crate::reply_support::now().plus(Duration::from_secs(600)));
    assert_eq!(sender.refusal(&later).await, "duplicate", "somebody said these words before");

    let long = reply(summoned.target.urn.clone(), PostKind::Post, None, &"я".repeat(281));
    assert_eq!(sender.refusal(&long).await, "too_long");
    let gone = reply(Urn::of("x", None, "post", "1212092628029698048"), PostKind::Post, None, "x");
    assert_eq!(sender.refusal(&gone).await, "parent_gone");
    let elsewhere = reply(Urn::of("vk", None, "post", "-1_1"), PostKind::Post, None, "x");
    let why = replies.may_reply(&elsewhere.target, &account.settings, &of_account).map_err(|why| why.code);
    assert_eq!((why, sender.refusal(&elsewhere).await), (Err("other_server"), "parent_gone"));

    let fresh = || reply(summoned.target.urn.clone(), PostKind::Post, None, "Ещё одно слово");
    let next = |kind: Fault| {
        let mut faults = Faults::default();
        (faults.kinds, faults.next) = (vec![kind], 1);
        played.sandbox.inside().faults = faults;
    };
    next(Fault::ExpiredToken);
    assert_eq!(sender.refusal(&fresh()).await, "expired");
    next(Fault::ServerError);
    assert_eq!(sender.refusal(&fresh()).await, "unsure");
    next(Fault::RateLimit);
    assert_eq!(sender.refusal(&fresh()).await, "later, at a time");
    assert_eq!(played.sandbox.inside().counts.limits_exceeded, 0);
}

#[tokio::test]
async fn a_wrong_signature_and_half_a_set_of_keys_are_told() {
    let played = Played::live("x").await;
    let replies = X.replies().expect("it can be answered");
    let keys = |secret: &str| {
        account(&[
            ("*access_token", "user-token-1"),
            ("*access_token_secret", secret),
            ("*consumer_key", "app-key"),
            ("*consumer_secret", "app-secret"),
            ("api_url", &played.base()),
        ])
    };
    assert!(replies.probe(&keys("user-secret-1")).await.is_ok());
    let wrong = replies.probe(&keys("wrong-secret")).await.expect_err("a wrong signature");
    assert_eq!(wrong.code(), "auth_revoked");
    assert!(!wrong.to_string().contains("wrong-secret"), "{wrong}");
    let half = account(&[("*access_token", "user-token-1"), ("*consumer_key", "app-key"), ("api_url", &played.base())]);
    assert_eq!(replies.probe(&half).await.expect_err("half").code(), "invalid_setting");
    let of_application = by_bearer(&played, "app-token");
    assert_eq!(replies.probe(&of_application).await.expect_err("no person").code(), "forbidden");
}

/// A person presses the button of the second brand; where they are sent back to.
async fn agree(played: &Played, form: &str) -> url::Url {
    let mut stream = TcpStream::connect(played.address).await.expect("the emulator");
    let request = format!(
        "POST /i/oauth2/authorize HTTP/1.1\r\nhost: x.test\r\nconnection: close\r\ncontent-length: {}\r\n\r\n{form}",
        form.len()
    );
    stream.write_all(request.as_bytes()).await.expect("written");
    let mut answer = String::new();
    stream.read_to_string(&mut answer).await.expect("an answer");
    let back = answer.lines().find_map(|line| line.strip_prefix("location: ")).expect("a way back");
    back.parse().expect("an address")
}

#[tokio::test]
async fn an_account_agrees_on_the_page_of_x_and_its_token_is_renewed_once() {
    let played = Played::live("x").await;
    let form = account(&[("api_url", &played.base())]);
    let oauth = X.oauth().expect("consent");
    let (state, proof) = (Secret::new("state-0123456789"), Proof::new().expect("a proof"));
    let redirect = "http://127.0.0.1:1/back";
    for secret in [None, Some(Secret::new("emulator-secret"))] {
        let client = Client { id: "emulator-client".to_owned(), secret };
        let page =
            address(oauth, &form.settings, Purpose::Reply, &client.id, redirect, &state, &proof).expect("a page");
        let shown = form.http.send(Request::get(page)).await.expect("the page");
        let shown = String::from_utf8_lossy(&shown.body).into_owned();
        assert!(shown.contains("@brand2") && shown.contains("offline.access"), "{shown}");
        let fields = [("redirect_uri", redirect), ("state", state.expose()), ("person", "2")];
        let mut answer = url::form_urlencoded::Serializer::new(String::new());
        answer.extend_pairs(fields).append_pair("code_challenge", &proof.challenge());
        let back = agree(&played, &answer.finish()).await;
        let told = |name: &str| back.query_pairs().find(|(key, _)| key == name).map(|(_, value)| value.into_owned());
        assert_eq!(told("state").as_deref(), Some(state.expose()));
        let code = Secret::new(told("code").expect("a code"));
        let asking =
            Asking { oauth, http: &form.http, settings: &form.settings, client: &client, along: None, now: now() };
        let first = exchange(asking, &code, &proof.verifier, redirect, &state).await.expect("tokens");
        let facts = facts(&X, &by_bearer(&played, first.access.expose())).await;
        assert_eq!((facts.handle.as_str(), first.ends_at.is_some()), ("brand2", true));
        let refreshing = first.refresh.expect("a refresh token");
        let second = refresh(asking, &refreshing, &state).await.expect("other tokens");
        assert!(second.access != first.access && second.refresh.is_some());
        let old = X.replies().expect("replies").probe(&by_bearer(&played, first.access.expose())).await;
        assert_eq!(old.expect_err("it ended").code(), "auth_expired");
        assert!(refresh(asking, &refreshing, &state).await.is_err(), "it serves once");
    }
}
