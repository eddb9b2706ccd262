//! Answers on Reddit, played by its emulator.

use std::collections::BTreeSet;

use molva_connectors::reddit::Reddit;
use molva_connectors::{AccountSession, Connector as _, ConnectorError};
use molva_domain::{PostKind, Urn};
use molva_emulators::{Fault, Faults, Kind, PLACES, Said, Seed};

use crate::reply_support::{Between, Sender, account, deliver, facts, reply};
use crate::sandbox::{Played, faults_were_met};

const REPLIES: usize = 40;

/// Every fault there is for those who write; all but the deleted parent for those who read.
const MET: [Fault; 7] = [
    Fault::RateLimit,
    Fault::ExpiredToken,
    Fault::ServerError,
    Fault::CutJson,
    Fault::UnknownFields,
    Fault::SlowBody,
    Fault::DeletedParent,
];

fn person(base: &str, number: u64) -> AccountSession {
    let (login, password) = (format!("person{number}"), format!("password-{number}"));
    account(&[
        ("client_id", "reddit-app"),
        ("*client_secret", "reddit-secret"),
        ("login", &login),
        ("*password", &password),
        ("api_url", base),
        ("site_url", base),
    ])
}

/// As listening calls it.
pub(crate) fn urn(said: &Said) -> Option<String> {
    let number = said.id * (PLACES + 1) + said.place;
    let digits = |mut number: u64| {
        let mut digits = Vec::new();
        while number > 0 {
            digits.push(char::from_digit((number % 36) as u32, 36).expect("a digit"));
            number /= 36;
        }
        digits.iter().rev().collect::<String>()
    };
    match said.kind {
        Kind::Post => Some(format!("urn:smm:reddit:post:t3_{}", digits(number))),
        Kind::Comment => Some(format!("urn:smm:reddit:comment:t1_{}", digits(number))),
        _ => None,
    }
}

fn target(played: &Played, place: u64, kind: Kind) -> Urn {
    let inside = played.sandbox.inside();
    let said = inside.world.of(place, kind).next().expect("one");
    Urn::new(urn(said).expect("a post or a comment"))
}

async fn played(items: usize) -> Played {
    let played = Played::live("reddit").await;
    let now = played.sandbox.now();
    let kinds = vec![Kind::Post, Kind::Comment, Kind::Comment];
    played.sandbox.inside().world.seed(&Seed { items, kinds, ..Seed::default() }, now);
    played
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn each_answer_is_there_once_whatever_breaks_on_the_way() {
    let played = played(120).await;
    let session = person(&played.base(), 1_001);
    let facts = facts(&Reddit, &session).await;
    assert_eq!((facts.handle.as_str(), facts.scopes.as_slice()), ("person1001", &["*".to_owned()][..]));
    assert!(facts.quota.is_some_and(|quota| quota.limit == 1_000), "{:?}", facts.quota);
    let mut faults = Faults::share(0.3);
    (faults.slow_ms, faults.page) = (50, 20);
    played.sandbox.inside().faults = faults;
    let sender = Sender { network: &Reddit, account: &session, facts: &facts };
    let before = played.sandbox.inside().world.all().count();
    let mut urns = BTreeSet::new();
    for number in 0..REPLIES {
        let (kind, as_told) = [(Kind::Post, PostKind::Post), (Kind::Comment, PostKind::Comment)][number % 2];
        let text = format!("Спасибо, *разбираемся*: {number}");
        let outgoing = reply(target(&played, 1, kind), as_told, None, &text);
        let sent = deliver(&sender, &outgoing).await;
        assert!(sent.url.is_some_and(|url| url.starts_with("https://www.reddit.com/r/place1/comments/")));
        urns.insert(sent.urn);
    }
    assert_eq!(urns.len(), REPLIES);
    faults_were_met(&played, &MET);
    let inside = played.sandbox.inside();
    assert_eq!(inside.world.all().count(), before + REPLIES);
    assert!(inside.counts.replies.values().all(|received| received.made == 1), "{:?}", inside.counts.replies);
    let own: BTreeSet<String> = inside.world.all().rev().take(REPLIES).filter_map(urn).collect();
    assert_eq!(own, urns.iter().map(ToString::to_string).collect());
    let asked: u64 = inside.counts.requests.values().sum();
    eprintln!("reddit replies: {REPLIES} there once, {asked} requests, faults {:?}", inside.counts.faults);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_may_be_answered_and_what_is_refused_is_told() {
    let played = played(60).await;
    let base = played.base();
    let session = person(&base, 1_002);
    let facts = facts(&Reddit, &session).await;
    let sender = Sender { network: &Reddit, account: &session, facts: &facts };
    let replies = Reddit.replies().expect("it can be answered");
    let answer = |place, kind, text: &str| reply(target(&played, place, kind), PostKind::Comment, None, text);
    assert_eq!(sender.refusal(&answer(3, Kind::Post, "x")).await, "forbidden", "it is banned there");
    assert_eq!(sender.refusal(&answer(1, Kind::Post, &"я".repeat(10_001))).await, "too_long");
    assert_eq!(sender.refusal(&answer(1, Kind::Post, " ")).await, "invalid");
    let gone = answer(2, Kind::Comment, "x");
    let id = played.sandbox.inside().world.of(2, Kind::Comment).next().map(|said| said.id).expect("a comment");
    played.sandbox.inside().world.delete(2, id);
    assert_eq!(sender.refusal(&gone).await, "parent_gone");
    let open = answer(1, Kind::Post, "Ответ");
    let next = |kind: Fault| played.sandbox.inside().faults = Faults::once(kind);
    next(Fault::RateLimit);
    assert_eq!(sender.refusal(&open).await, "later, at a time");
    next(Fault::CutJson);
    tokio::time::sleep(std::time::Duration::from_millis(2_100)).await;
    assert_eq!(sender.refusal(&open).await, "unsure");
    let found = sender.find(&open).await.expect("it is there");
    assert!(found.urn.as_str().starts_with("urn:smm:reddit:comment:t1_"), "{found:?}");
    let mut other = open.clone();
    other.text = "Другой ответ".to_owned();
    assert_eq!(sender.find(&other).await, None);
    let elsewhere = reply(Urn::of("mastodon", None, "post", "1"), PostKind::Post, None, "x");
    let why = replies.may_reply(&elsewhere.target, &session.settings, &facts).map_err(|why| why.code);
    assert_eq!(why, Err("other_server"));
    let mut reading = facts.clone();
    reading.scopes = vec!["read".to_owned(), "identity".to_owned()];
    let why = replies.may_reply(&open.target, &session.settings, &reading).map_err(|why| why.code);
    assert_eq!(why, Err("missing_right"));
    let stranger = account(&[
        ("client_id", "reddit-app"),
        ("*client_secret", "reddit-secret"),
        ("login", "person1002"),
        ("*password", "wrong-password"),
        ("api_url", &base),
        ("site_url", &base),
    ]);
    let refused = replies.probe(&stranger).await.expect_err("a wrong password");
    assert!(matches!(&refused, ConnectorError::AuthRevoked(why) if !why.contains("wrong-password")), "{refused:?}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_lost_answer_and_a_locked_thread_are_told_apart() {
    let played = played(60).await;
    let between = Between::start(Some(&played.base())).await;
    let session = person(&between.address, 1_001);
    let facts = facts(&Reddit, &session).await;
    let sender = Sender { network: &Reddit, account: &session, facts: &facts };
    let outgoing = reply(target(&played, 1, Kind::Comment), PostKind::Comment, None, "Уже **починили**");
    between.lose("POST /api/comment");
    assert_eq!(sender.refusal(&outgoing).await, "unsure");
    let sent = sender.find(&outgoing).await.expect("it arrived");
    assert!(sent.urn.as_str().contains(":comment:t1_"));
    for (code, expected) in
        [("THREAD_LOCKED", "thread_closed"), ("TOO_OLD", "thread_closed"), ("DELETED_COMMENT", "parent_gone")]
    {
        let said = serde_json::json!({"json": {"errors": [[code, "no", "parent"]]}});
        between.say_once("POST /api/comment", 200, "", &said.to_string());
        assert_eq!(sender.refusal(&outgoing).await, expected, "{code}");
    }
    between.say_once(
        "POST /api/comment",
        429,
        "x-ratelimit-used: 1000\r\nx-ratelimit-remaining: 0.0\r\nx-ratelimit-reset: 3\r\n",
        "",
    );
    assert_eq!(sender.refusal(&outgoing).await, "later, at a time");
    // Nothing is asked before the ten minutes are over.
    let asked = between.asked("POST /api/comment");
    assert_eq!(sender.refusal(&outgoing).await, "later, at a time");
    assert_eq!(between.asked("POST /api/comment"), asked);
}
