//! Facebook, played by the emulator of Meta's Graph API.

use http::{HeaderMap, HeaderValue};
use molva_connectors::facebook::Facebook;
use molva_connectors::webhook::{Verified, WebhookError, WebhookRequest};
use molva_connectors::{Connector as _, ConnectorError, Item};
use molva_domain::{PostKind, Visibility};
use molva_emulators::meta::calls::{Object, after};
use molva_emulators::{Fault, Kind, Said, Saying, Seed, Who};

use crate::bar::ITEMS;
use crate::called::{Called, subscribe};
use crate::sandbox::{Heard, Played};
use crate::world::{Collector, listen_until};

const SETTINGS: [(&str, &str); 2] = [("*access_token", "page-token-1"), ("*app_secret", "emulator-app-secret")];
const LISTS: &[Fault] = &[
    Fault::RateLimit,
    Fault::ExpiredToken,
    Fault::DeletedParent,
    Fault::ServerError,
    Fault::Duplicate,
    Fault::OutOfOrder,
    Fault::CutJson,
    Fault::UnknownFields,
    Fault::SlowBody,
];

fn number(place: u64, id: u64) -> u64 {
    122_000_000_000_000 + place * 1_000_000_000 + id
}

/// As listening calls it.
pub(crate) fn urn(said: &Said) -> String {
    let Said { place, id, under, .. } = said;
    let own = number(*place, *id);
    match (said.kind, said.who) {
        (Kind::Post, _) | (Kind::Topic, Who::Place) => {
            format!("urn:smm:facebook:post:{}_{own}", 104_000_000_000_000 + place)
        }
        (Kind::Topic, Who::Person(person)) => format!("urn:smm:facebook:post:{}_{own}", 7_000_000_000_000_000 + person),
        (Kind::Comment, _) => format!("urn:smm:facebook:comment:{}_{own}", number(*place, under.unwrap_or(0))),
        (Kind::TopicComment, _) => format!("urn:smm:facebook:review:{own}"),
        (Kind::Message, _) => {
            let person = 7_000_000_000_000_000 + under.unwrap_or(0);
            format!("urn:smm:facebook:message:{}/{person}/m_{own}", 104_000_000_000_000 + place)
        }
    }
}

/// What a page is told: everything but what the emulator gathers reviews under.
fn told(said: &Said) -> Option<String> {
    let wanted = said.place == 1 && said.kind != Kind::Message && (said.kind != Kind::Topic || said.who != Who::Place);
    wanted.then(|| urn(said))
}

fn say(played: &Played, kind: Kind, who: Who, text: &str, under: Option<u64>, at: i64) -> u64 {
    let saying = Saying { place: 1, kind, who, text: text.to_owned(), under, answers: None };
    played.sandbox.inside().world.say(saying, at)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_page_is_read_with_ten_thousand_things_through_everything_that_breaks() {
    let played = Played::start("meta").await;
    played.break_often();
    let kinds = [vec![Kind::Post, Kind::TopicComment], vec![Kind::Comment; 8]].concat();
    played.seed(&Seed { items: *ITEMS, span_s: 6 * 86_400, kinds, place: Some(1), ..Seed::default() });
    let now = played.sandbox.now();
    for person in 1_001..1_030 {
        say(&played, Kind::Topic, Who::Person(person), &format!("Отметили страницу: {person}"), None, now - 60);
    }
    let wanted = played.said(told);
    let mut heard = Heard::default();
    heard.all_of(&Facebook, &played, &SETTINGS, &wanted).await;
    heard.is_all_of(&played, "looking", &wanted, LISTS);
    let review = heard.posts.values().find(|post| post.kind == PostKind::Review).expect("a review");
    assert!(review.engagement.rating.is_some() && review.author.name.is_some(), "{review:?}");
    let answer = heard.posts.values().find(|post| post.kind == PostKind::Reply).expect("an answer");
    assert!(answer.in_reply_to.as_ref().is_some_and(|above| wanted.contains(above.as_str())), "{answer:?}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn edits_deletions_and_figures_are_seen_by_looking_again() {
    let played = Played::start("meta").await;
    let now = played.sandbox.now();
    let post = say(&played, Kind::Post, Who::Person(1_002), "Пост гостя", None, now - 900);
    let comment = say(&played, Kind::Comment, Who::Person(1_003), "Было", Some(post), now - 800);
    let gone = say(&played, Kind::Comment, Who::Person(1_004), "Уберут", Some(post), now - 800);
    let collector = Collector::default();
    let session = played.session(&SETTINGS, &collector);
    let changed = || {
        let mut inside = played.sandbox.inside();
        inside.world.edit(1, comment, "Стало", now) && inside.world.delete(1, gone)
    };
    let mut done = false;
    let watched = || {
        if collector.count() == 3 && !done {
            assert!(changed());
            done = true;
        }
        collector.count() == 4 && collector.deleted().len() == 1
    };
    let watched = std::cell::RefCell::new(watched);
    listen_until(&Facebook, &session, || (watched.borrow_mut())()).await.expect("the edit and the deletion");
    let edited = collector.posts().pop().expect("the edit");
    assert_eq!((edited.text.as_str(), edited.edited_at.is_some()), ("Стало", true));
    assert_eq!(collector.deleted(), [format!("urn:smm:facebook:comment:{}_{}", number(1, post), number(1, gone))]);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn listening_leaves_a_quarter_of_the_limits_to_replies() {
    let played = Played::start("meta").await;
    let now = played.sandbox.now();
    let kinds = vec![Kind::Post, Kind::Comment];
    let seed = Seed { items: 8_000, span_s: 6 * 86_400, kinds, place: Some(1), ..Seed::default() };
    played.sandbox.inside().world.seed(&seed, now);
    let wanted = played.said(told);
    let mut heard = Heard::default();
    let begun = std::time::Instant::now();
    heard.all_of(&Facebook, &played, &SETTINGS, &wanted).await;
    let asked: u64 = played.sandbox.inside().counts.requests.values().sum();
    assert_eq!(played.sandbox.inside().counts.limits_exceeded, 0);
    // An hour of the emulator takes nine seconds of ours.
    let hours = begun.elapsed().as_secs_f64() / 9.0;
    assert!(asked as f64 <= 4_800.0 * 0.80 * (hours + 1.0), "{asked} requests in {hours} hours");
}

const CALLED: [(&str, &str); 4] = [SETTINGS[0], SETTINGS[1], ("*verify_token", "verify-me"), ("messages", "true")];

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn ten_thousand_things_are_told_by_calls_once_each_and_forged_ones_are_refused() {
    let played = Played::start("meta").await;
    let session = played.session(&CALLED, &Collector::default());
    let (called, address) = Called::start(&Facebook, session.clone()).await;
    subscribe(&played, &address, "verify-me", false).await;
    played.break_often();
    let kinds = vec![Kind::Post, Kind::Comment, Kind::TopicComment, Kind::Message];
    played.seed(&Seed { items: *ITEMS, kinds, place: Some(1), ..Seed::default() });
    let wanted = played.said(|said| (said.kind != Kind::Topic || said.who != Who::Place).then(|| urn(said)));
    called.is_told(&played, &wanted).await;
    for item in &called.kept().items {
        let Item::Post(post) = item else { panic!("{item:?}") };
        assert_eq!(post.kind == PostKind::Message, post.visibility == Visibility::Direct);
    }
    let now = session.now().as_secs();
    let (calls, _) = after(&played.sandbox.inside(), Object::Page, 1, 0, now);
    let call = calls.first().expect("a call");
    let mut headers = HeaderMap::new();
    headers.insert("x-hub-signature-256", HeaderValue::from_str(&call.signature).expect("a header"));
    let webhooks = Facebook.webhooks().expect("it is called");
    let prove =
        |body: &str| webhooks.verify(&session.settings, WebhookRequest { headers: &headers, body: body.as_bytes() });
    assert!(matches!(prove(&call.body), Ok(Verified::Event { .. })));
    assert_eq!(prove(&format!("{} ", call.body)), Err(WebhookError::Forged));
}

#[tokio::test]
async fn a_test_of_the_settings_says_what_it_found_or_what_to_change() {
    let played = Played::start("meta").await;
    let now = played.sandbox.now();
    played.sandbox.inside().world.seed(&Seed::default(), now);
    let probe =
        async |settings: &[(&str, &str)]| Facebook.probe(&played.session(settings, &Collector::default())).await;
    let found = probe(&SETTINGS).await.expect("the page");
    assert!(found.starts_with("the token is of the page “") && found.contains("Molva emulator"), "{found}");
    assert!(found.contains("ends in 60 days"), "{found}");
    let stolen = probe(&[("*access_token", "EAAstolen")]).await.expect_err("a wrong token");
    assert!(matches!(&stolen, ConnectorError::AuthRevoked(why) if !why.contains("stolen")), "{stolen:?}");
    assert_eq!(probe(&[("*access_token", "ended-token-1")]).await, Err(ConnectorError::AuthExpired));
    let unsigned = probe(&[("*access_token", "page-token-1"), ("*app_secret", "of-another-app")]).await;
    assert!(matches!(unsigned, Err(ConnectorError::Invalid { setting: "app_secret", .. })), "{unsigned:?}");
    let other = probe(&[("*access_token", "page-token-1"), ("page_id", "104000000000002")]).await;
    assert!(matches!(other, Err(ConnectorError::Invalid { setting: "page_id", .. })), "{other:?}");

    // The network's clock is ahead of ours.
    played.sandbox.inside().faults.clock_skew_s = 600;
    let skewed = probe(&SETTINGS).await.expect("the page");
    assert!(skewed.contains("s behind theirs"), "{skewed}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_clock_that_is_an_hour_behind_hides_nothing() {
    let played = Played::start("meta").await;
    played.sandbox.inside().faults.clock_skew_s = -3_600;
    let collector = Collector::default();
    let session = played.session(&SETTINGS, &collector);
    let looked = || collector.cursor().is_some();
    listen_until(&Facebook, &session, looked).await.expect("a look");
    let now = played.sandbox.now();
    say(&played, Kind::Post, Who::Person(1_002), "Слышно?", None, now);
    let mut later = session.clone();
    later.cursor = collector.cursor();
    listen_until(&Facebook, &later, || collector.texts() == ["Слышно?"]).await.expect("what was said meanwhile");
}
