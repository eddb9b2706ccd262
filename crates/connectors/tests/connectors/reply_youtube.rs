//! Answers on YouTube, played by its emulator.

use std::collections::BTreeSet;

use molva_connectors::youtube::YouTube;
use molva_connectors::{AccountSession, Connector as _, ConnectorError, Outgoing, SendError};
use molva_domain::{PostKind, Urn};
use molva_emulators::{Fault, Faults, Kind, Said, Seed};

use crate::reply_support::{Between, Sender, account, call, deliver, facts, reply};
use crate::sandbox::{Played, faults_were_met};

const REPLIES: usize = 30;

async fn played() -> Played {
    let played = Played::live("youtube").await;
    let now = played.sandbox.now();
    let kinds = vec![Kind::Post, Kind::Comment, Kind::Comment];
    played.sandbox.inside().world.seed(&Seed { items: 90, kinds, ..Seed::default() }, now);
    played
}

fn session(base: &str, refresh_token: &str) -> AccountSession {
    let tokens = format!("{base}/token");
    account(&[
        ("client_id", "google-client"),
        ("*client_secret", "google-secret"),
        ("*refresh_token", refresh_token),
        ("url", base),
        ("token_url", &tokens),
    ])
}

/// The comment at the top of a thread, or a video.
fn target(played: &Played, kind: Kind) -> Urn {
    let inside = played.sandbox.inside();
    let said = inside.world.of(1, kind).find(|said| said.answers.is_none()).expect("one");
    match kind {
        Kind::Post => Urn::of("youtube", None, "video", &format!("v{:010}", said.number)),
        _ => Urn::of("youtube", None, "comment", &format!("Ug{:09}", said.number)),
    }
}

/// Of the community whose videos and comments are answered, which sees what is held back there.
const OWNER: &str = "refresh-1";

/// Below something on the channel of that community.
fn answer(urn: Urn, kind: PostKind, handle: Option<&str>, text: &str) -> Outgoing {
    let mut outgoing = reply(urn, kind, handle, text);
    outgoing.target.community = Some("youtube/UCplace10000000000000001".to_owned());
    outgoing
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn each_answer_is_there_once_whatever_breaks_on_the_way() {
    let played = played().await;
    let session = session(&played.base(), OWNER);
    let facts = facts(&YouTube, &session).await;
    assert_eq!((facts.handle.as_str(), facts.name.as_deref()), ("place1_team", Some("place1_team")));
    let mut faults = Faults::share(0.3);
    (faults.slow_ms, faults.page) = (50, 10);
    played.sandbox.inside().faults = faults;
    let sender = Sender { network: &YouTube, account: &session, facts: &facts };
    let before = played.sandbox.inside().world.all().count();
    let mut urns = BTreeSet::new();
    for number in 0..REPLIES {
        let (kind, told) = [(Kind::Post, PostKind::Post), (Kind::Comment, PostKind::Comment)][number % 2];
        let text = format!("Спасибо, разбираемся: {number}");
        let sent = deliver(&sender, &answer(target(&played, kind), told, Some("person1009"), &text)).await;
        urns.insert(sent.urn.to_string());
    }
    faults_were_met(
        &played,
        &[Fault::RateLimit, Fault::ExpiredToken, Fault::ServerError, Fault::CutJson, Fault::DeletedParent],
    );
    let inside = played.sandbox.inside();
    let top = inside.world.of(1, Kind::Comment).find(|said| said.answers.is_none()).expect("a comment").number;
    let name = |said: &Said| match said.answers {
        Some(_) => format!("urn:smm:youtube:comment:Ug{top:09}.r{}", said.number),
        None => format!("urn:smm:youtube:comment:Ug{:09}", said.number),
    };
    let said: BTreeSet<String> = inside.world.all().skip(before).map(name).collect();
    assert_eq!((urns, said.len()), (said, REPLIES));
    assert!(inside.counts.replies.values().all(|received| received.made == 1), "{:?}", inside.counts.replies);
    eprintln!(
        "youtube replies: {REPLIES} there once, requests {:?}, faults {:?}",
        inside.counts.requests, inside.counts.faults
    );
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_may_be_answered_and_what_is_refused_is_told() {
    let played = played().await;
    let base = played.base();
    let between = Between::start(Some(&base)).await;
    let session = session(&between.address, OWNER);
    let facts = facts(&YouTube, &session).await;
    let sender = Sender { network: &YouTube, account: &session, facts: &facts };
    let replies = YouTube.replies().expect("it can be answered");
    let comment = target(&played, Kind::Comment);
    let answer = |text: &str| answer(comment.clone(), PostKind::Comment, None, text);
    assert_eq!(sender.refusal(&answer(&"я".repeat(10_001))).await, "too_long");
    assert_eq!(sender.refusal(&answer(" ")).await, "invalid");
    let gone = reply(Urn::of("youtube", None, "comment", "Ug000099999"), PostKind::Comment, None, "x");
    assert_eq!(sender.refusal(&gone).await, "parent_gone");
    let said = answer("Уже починили");
    between.lose("POST /youtube/v3/comments");
    assert_eq!(sender.refusal(&said).await, "unsure");
    let found = sender.find(&said).await.expect("it arrived");
    assert!(found.urn.as_str().starts_with(comment.as_str()), "{found:?}");
    assert_eq!(sender.find(&answer("Не починили")).await, None);
    // The day ends at midnight in California.
    let used_up = serde_json::json!({"error": {"code": 403, "errors": [{"reason": "quotaExceeded"}]}});
    between.say_once("POST /youtube/v3/comments", 403, "", &used_up.to_string());
    let later = sender.send(&said).await.expect_err("nothing is left");
    assert!(
        matches!(&later, SendError::Later { until: Some(until), .. } if *until > crate::reply_support::now()),
        "{later:?}"
    );
    // Whom an answer to a reply is for is said by a mention.
    let below = reply(
        Urn::of("youtube", None, "comment", &format!("{}.r77", comment.as_str().rsplit(':').next().expect("an id"))),
        PostKind::Reply,
        Some("@anna"),
        "Да",
    );
    assert_eq!(replies.greeting(&below.target, &session.settings, &facts).as_deref(), Some("@anna "));
    sender.send(&below).await.expect("it stands in the thread");
    assert_eq!(
        played.sandbox.inside().world.all().next_back().map(|said| said.text.clone()).as_deref(),
        Some("@anna Да")
    );
    let video = target(&played, Kind::Post);
    let id = video.as_str().rsplit(':').next().expect("an id").to_owned();
    let url = format!("{base}/close/{id}?key=youtube-key").parse().expect("an address");
    call(molva_connectors::http::Request::new(molva_connectors::http::Method::POST, url)).await;
    let closed = reply(video, PostKind::Post, None, "Когда выйдет?");
    assert_eq!(sender.refusal(&closed).await, "thread_closed");
    let elsewhere = reply(Urn::of("mastodon", None, "post", "1"), PostKind::Post, None, "x");
    let may = |facts| replies.may_reply(&elsewhere.target, &session.settings, facts).map_err(|why| why.code);
    assert_eq!(may(&facts), Err("other_server"));
    let mut reading = facts.clone();
    reading.scopes = vec!["https://www.googleapis.com/auth/youtube.readonly".to_owned()];
    let why = replies.may_reply(&said.target, &session.settings, &reading).map_err(|why| why.code);
    assert_eq!(why, Err("missing_right"));
    let stranger = self::session(&base, "wr0ng-token");
    let refused = replies.probe(&stranger).await.expect_err("a wrong token");
    assert!(matches!(&refused, ConnectorError::AuthRevoked(why) if !why.contains("wr0ng-token")), "{refused:?}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_is_held_back_is_found_by_the_owner_of_the_channel_and_unknown_to_others() {
    let played = played().await;
    let between = Between::start(Some(&played.base())).await;
    let replies = YouTube.replies().expect("it can be answered");
    for (number, kind, told) in [(1, Kind::Comment, PostKind::Comment), (2, Kind::Post, PostKind::Post)] {
        let owner = session(&between.address, OWNER);
        let facts = facts(&YouTube, &owner).await;
        let sender = Sender { network: &YouTube, account: &owner, facts: &facts };
        let held = answer(target(&played, kind), told, None, &format!("Подробнее: https://shop.example/{number}"));
        between.lose("POST /youtube/v3/comment");
        assert_eq!(sender.refusal(&held).await, "unsure");
        let found = sender.find(&held).await.expect("it is held back there");
        assert!(found.urn.as_str().starts_with("urn:smm:youtube:comment:Ug"), "{found:?}");
        let other = answer(target(&played, kind), told, None, "Подробнее: https://shop.example/0");
        assert_eq!(sender.find(&other).await, None);
    }
    let stranger = session(&between.address, "refresh-1001");
    let facts = facts(&YouTube, &stranger).await;
    let sender = Sender { network: &YouTube, account: &stranger, facts: &facts };
    let shown = answer(target(&played, Kind::Comment), PostKind::Comment, None, "И у нас");
    between.lose("POST /youtube/v3/comment");
    assert_eq!(sender.refusal(&shown).await, "unsure");
    assert!(sender.find(&shown).await.is_some());
    let held = answer(target(&played, Kind::Comment), PostKind::Comment, None, "Смотрите https://shop.example/3");
    between.lose("POST /youtube/v3/comment");
    assert_eq!(sender.refusal(&held).await, "unsure");
    // Only a person can look there; nothing is sent a second time.
    let unknown = replies.find(&stranger, &facts, &held).await;
    assert!(matches!(&unknown, Err(ConnectorError::Forbidden(why)) if why.contains("look there")), "{unknown:?}");
    let inside = played.sandbox.inside();
    assert!(inside.counts.replies.values().all(|received| received.made == 1), "{:?}", inside.counts.replies);
}
