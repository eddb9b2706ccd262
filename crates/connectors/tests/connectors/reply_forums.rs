//! Answers on forums, played by their emulators.

use std::collections::BTreeSet;

use molva_connectors::discourse::Discourse;
use molva_connectors::flarum::Flarum;
use molva_connectors::http::{Method, Request};
use molva_connectors::nodebb::NodeBb;
use molva_connectors::{AccountSession, Connector, ConnectorError, SendError};
use molva_domain::{PostKind, Urn};
use molva_emulators::{Fault, Faults, Kind, Seed};

use crate::reply_support::{Between, Sender, account, call, deliver, facts, reply};
use crate::sandbox::{Played, faults_were_met};

async fn played(name: &str) -> Played {
    let played = Played::live(name).await;
    let now = played.sandbox.now();
    let kinds = vec![Kind::Post, Kind::Comment, Kind::Comment];
    played.sandbox.inside().world.seed(&Seed { items: 90, kinds, ..Seed::default() }, now);
    played
}

fn target(network: &str, played: &Played, kind: Kind) -> Urn {
    let inside = played.sandbox.inside();
    let number = inside.world.of(1, kind).next().expect("one").number;
    Urn::of(network, Some(&played.address.to_string()), "post", &number.to_string())
}

fn next(played: &Played, kind: Fault) {
    played.sandbox.inside().faults = Faults::once(kind);
}

/// Each answer is on the forum once, and its name is the one listening would give it.
async fn check(network: &'static dyn Connector, name: &str, played: &Played, session: &AccountSession, replies: usize) {
    let facts = facts(network, session).await;
    assert_eq!((facts.native_id.as_str(), facts.handle.as_str()), ("1001", "person1001"));
    let mut faults = Faults::share(0.3);
    (faults.slow_ms, faults.page) = (50, 10);
    played.sandbox.inside().faults = faults;
    let sender = Sender { network, account: session, facts: &facts };
    let before = played.sandbox.inside().world.all().count();
    let mut urns = BTreeSet::new();
    for number in 0..replies {
        let (kind, told) = [(Kind::Post, PostKind::Post), (Kind::Comment, PostKind::Comment)][number % 2];
        let text = format!("Спасибо, **разбираемся**, номер {number}");
        let outgoing = reply(target(name, played, kind), told, Some("person1009"), &text);
        urns.insert(deliver(&sender, &outgoing).await.urn.to_string());
    }
    let inside = played.sandbox.inside();
    let said: BTreeSet<String> = inside.world.all().skip(before).map(|said| said.number.to_string()).collect();
    let named: BTreeSet<String> = urns.iter().filter_map(|urn| Some(urn.rsplit_once(':')?.1.to_owned())).collect();
    assert_eq!((named, said.len()), (said, replies));
    assert!(inside.counts.replies.values().all(|received| received.made == 1), "{:?}", inside.counts.replies);
    let asked: u64 = inside.counts.requests.values().sum();
    eprintln!("{name} replies: {replies} there once, {asked} requests, faults {:?}", inside.counts.faults);
}

/// What is cut off by a lost answer is found, also when what it answers is gone since.
async fn is_found(network: &'static dyn Connector, name: &str, played: &Played, session: &AccountSession) {
    let facts = facts(network, session).await;
    let sender = Sender { network, account: session, facts: &facts };
    let outgoing =
        reply(target(name, played, Kind::Comment), PostKind::Comment, Some("person1009"), "Уже *починили* 👍");
    assert_eq!(sender.find(&outgoing).await, None);
    let path = if name == "nodebb" { "POST /api/v3/topics" } else { "POST /" };
    let between = Between::start(Some(&played.base())).await;
    let mut lossy = session.clone();
    lossy.settings = molva_connectors::Settings::new(
        [("url", between.address.clone()), ("api_username", "person1001".to_owned()), ("user_id", "1001".to_owned())]
            .map(|(key, value)| (key.to_owned(), value))
            .into(),
        ["api_key", "token"]
            .into_iter()
            .filter_map(|key| Some((key.to_owned(), session.settings.secret(key)?.clone())))
            .collect(),
    );
    between.lose(path);
    let lossy = Sender { network, account: &lossy, facts: &facts };
    assert_eq!(lossy.refusal(&outgoing).await, "unsure");
    let found = sender.find(&outgoing).await.expect("it arrived");
    let newest = played.sandbox.inside().world.all().next_back().map(|said| said.number.to_string());
    assert_eq!(found.urn.as_str().rsplit(':').next().map(str::to_owned), newest);
    let mut other = outgoing.clone();
    other.text = "Ещё не починили".to_owned();
    assert_eq!(sender.find(&other).await, None);
    let id = played.sandbox.inside().world.of(1, Kind::Comment).next().map(|said| said.id).expect("a comment");
    played.sandbox.inside().world.delete(1, id);
    assert_eq!(sender.refusal(&outgoing).await, "parent_gone");
}

fn discourse(base: &str) -> AccountSession {
    account(&[("url", base), ("api_username", "person1001"), ("*api_key", "discourse-key")])
}

fn nodebb(base: &str) -> AccountSession {
    account(&[("url", base), ("*token", "nodebb-master"), ("user_id", "1001")])
}

fn flarum(base: &str) -> AccountSession {
    account(&[("url", base), ("*api_key", "flarum-key"), ("user_id", "1001")])
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_answer_on_discourse_is_there_once_whatever_breaks_on_the_way() {
    let played = played("discourse").await;
    // A key may ask sixty times a minute.
    check(&Discourse, "discourse", &played, &discourse(&played.base()), 10).await;
    assert_eq!(played.sandbox.inside().counts.limits_exceeded, 0);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_answer_on_nodebb_is_there_once_whatever_breaks_on_the_way() {
    let played = played("nodebb").await;
    check(&NodeBb, "nodebb", &played, &nodebb(&played.base()), 30).await;
    faults_were_met(
        &played,
        &[Fault::RateLimit, Fault::ExpiredToken, Fault::ServerError, Fault::CutJson, Fault::DeletedParent],
    );
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_answer_on_flarum_is_there_once_whatever_breaks_on_the_way() {
    let played = played("flarum").await;
    check(&Flarum, "flarum", &played, &flarum(&played.base()), 30).await;
    faults_were_met(
        &played,
        &[Fault::RateLimit, Fault::ExpiredToken, Fault::ServerError, Fault::CutJson, Fault::DeletedParent],
    );
    // Whom it is for stands in its text.
    let inside = played.sandbox.inside();
    let answer = inside.world.all().next_back().expect("an answer");
    let first = inside.world.of(1, Kind::Comment).next().expect("a comment");
    assert_eq!(
        (answer.answers, answer.text.starts_with(&format!("@\"person1009\"#p{} ", first.number))),
        (Some(first.id), true)
    );
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_lost_answer_of_a_forum_is_found_and_one_to_what_is_gone_is_refused() {
    for (network, name, session) in [
        (&Discourse as &'static dyn Connector, "discourse", discourse as fn(&str) -> AccountSession),
        (&NodeBb, "nodebb", nodebb),
        (&Flarum, "flarum", flarum),
    ] {
        let played = played(name).await;
        is_found(network, name, &played, &session(&played.base())).await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_forums_refuse_is_told_with_what_to_do() {
    for (network, name, session, long, lock) in [
        (
            &Discourse as &'static dyn Connector,
            "discourse",
            discourse as fn(&str) -> AccountSession,
            32_001,
            "t/TOPIC/status.json?status=closed&enabled=true",
        ),
        (&NodeBb, "nodebb", nodebb, 32_768, "api/v3/topics/TOPIC/lock?_uid=1001"),
        (&Flarum, "flarum", flarum, 63_001, "api/discussions/TOPIC"),
    ] {
        let played = played(name).await;
        let base = played.base();
        let session = session(&base);
        let facts = facts(network, &session).await;
        let sender = Sender { network, account: &session, facts: &facts };
        let answer = |text: &str| reply(target(name, &played, Kind::Post), PostKind::Post, None, text);
        assert_eq!(sender.refusal(&answer(&"я".repeat(long))).await, "too_long", "{name}");
        assert_eq!(sender.refusal(&answer("")).await, "invalid", "{name}");
        next(&played, Fault::RateLimit);
        assert!(sender.refusal(&answer("да, конечно")).await.starts_with("later"), "{name}");
        tokio::time::sleep(std::time::Duration::from_millis(2_100)).await;
        let topic = target(name, &played, Kind::Post).as_str().rsplit(':').next().expect("a number").to_owned();
        let url = format!("{base}/{}", lock.replace("TOPIC", &topic)).parse().expect("an address");
        let key = molva_domain::Secret::new("discourse-key");
        let request = match name {
            "flarum" => {
                let key = molva_domain::Secret::new("Token flarum-key; userId=1002");
                let locked = serde_json::json!({"data": {"attributes": {"isLocked": true}}});
                Request::new(Method::PATCH, url).secret_header("authorization", &key).json(&locked)
            }
            _ => Request::new(Method::PUT, url).secret_header("api-key", &key).header("api-username", "person1001"),
        };
        call(request).await;
        assert_eq!(sender.refusal(&answer("да, конечно")).await, "thread_closed", "{name}");
        let elsewhere = reply(Urn::of(name, Some("other.example"), "post", "1"), PostKind::Post, None, "x");
        let replies = network.replies().expect("it can be answered");
        let why = replies.may_reply(&elsewhere.target, &session.settings, &facts).map_err(|why| why.code);
        assert_eq!(why, Err("other_server"), "{name}");
        let stranger = account(&[
            ("url", &base),
            ("api_username", "person1001"),
            ("*api_key", "wr0ng-key"),
            ("*token", "wr0ng-key"),
        ]);
        let refused = replies.probe(&stranger).await.expect_err("a wrong key");
        assert!(
            matches!(&refused, ConnectorError::AuthRevoked(why) if !why.contains("wr0ng-key")),
            "{name}: {refused:?}"
        );
        let sender = Sender { network, account: &stranger, facts: &facts };
        assert!(matches!(sender.send(&answer("да, конечно")).await, Err(SendError::Account { .. })), "{name}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_reply_deep_below_others_is_found_and_what_a_forum_does_not_show_is_unknown() {
    let played = played("discourse").await;
    let base = played.base();
    let session = discourse(&base);
    let facts = facts(&Discourse, &session).await;
    let sender = Sender { network: &Discourse, account: &session, facts: &facts };
    let outgoing =
        reply(target("discourse", &played, Kind::Post), PostKind::Post, None, "Ответ, за которым двести других");
    let sent = sender.send(&outgoing).await.expect("taken");
    let now = played.sandbox.now();
    {
        let mut inside = played.sandbox.inside();
        let under = inside.world.of(1, Kind::Post).next().map(|said| said.id);
        for number in 0..200 {
            let who = molva_emulators::Who::Person(1_002);
            let text = format!("Ещё один: {number}");
            inside
                .world
                .say(molva_emulators::Saying { place: 1, kind: Kind::Comment, who, text, under, answers: None }, now);
        }
    }
    assert_eq!(sender.find(&outgoing).await, Some(sent.clone()));
    // Where a key may not see what its user wrote, the topic is looked through.
    let between = Between::start(Some(&base)).await;
    let address = between.address.trim_start_matches("http://").to_owned();
    between.say("GET /user_actions", 403, "", &serde_json::json!({"error_type": "invalid_access"}));
    let session = discourse(&between.address);
    let behind = Sender { network: &Discourse, account: &session, facts: &facts };
    let mut same = outgoing.clone();
    let number = outgoing.target.urn.as_str().rsplit(':').next().expect("a number");
    same.target.urn = Urn::of("discourse", Some(&address), "post", number);
    let found = behind.find(&same).await.expect("it is there");
    assert_eq!(found.urn.as_str().rsplit(':').next(), sent.urn.as_str().rsplit(':').next());
    // The longest topics do not tell their posts.
    between.say(
        "GET /t/",
        200,
        "",
        &serde_json::json!({"post_stream": {"posts": [], "isMegaTopic": true, "lastId": 1}}),
    );
    let replies = Discourse.replies().expect("it can be answered");
    let unknown = replies.find(&session, &facts, &same).await.expect_err("it cannot be known");
    assert!(matches!(&unknown, ConnectorError::Transient { .. }), "{unknown:?}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_post_that_waits_for_a_moderator_of_nodebb_is_found_and_where_the_queue_is_hidden_it_is_unknown() {
    let played = played("nodebb").await;
    let between = Between::start(Some(&played.base())).await;
    let session = account(&[("url", &between.address), ("*token", "nodebb-token-1061")]);
    let facts = facts(&NodeBb, &session).await;
    let sender = Sender { network: &NodeBb, account: &session, facts: &facts };
    let text = "Это <не> \"мы\" & не *они*/вы";
    let waits = reply(target("nodebb", &played, Kind::Comment), PostKind::Comment, None, text);
    let other = reply(waits.target.urn.clone(), PostKind::Comment, None, "Это они");
    between.lose("POST /api/v3/topics");
    assert_eq!(sender.refusal(&waits).await, "unsure");
    let found = sender.find(&waits).await.expect("it waits for a moderator");
    assert!(found.urn.as_str().contains(":queued:reply-"), "{found:?}");
    assert_eq!(sender.find(&other).await, None);
    // Another's are not shown, and a second one is another one.
    let sent = sender.send(&other).await.expect("it is taken");
    assert!(sent.urn.as_str().contains(":queued:reply-") && sent.urn != found.urn, "{sent:?}");
    assert_eq!(sender.find(&other).await, Some(sent));

    between.say("GET /api/post-queue", 404, "", &serde_json::json!({"error": "Not Found"}));
    let replies = NodeBb.replies().expect("it can be answered");
    let unknown = replies.find(&session, &facts, &waits).await;
    assert!(matches!(&unknown, Err(ConnectorError::Forbidden(why)) if why.contains("moderators only")), "{unknown:?}");
    let inside = played.sandbox.inside();
    assert!(inside.counts.replies.values().all(|received| received.made == 1), "{:?}", inside.counts.replies);
}
