//! X asked for what the topics look for, and X that calls, played by its emulator.

use std::collections::BTreeSet;
use std::sync::Arc;
use std::time::Duration;

use molva_connectors::x::X;
use molva_connectors::{Connector as _, ConnectorError, Item};
use molva_domain::Secret;
use molva_emulators::world::{FIRST_PERSON, PEOPLE};
use molva_emulators::x::native_id;
use molva_emulators::{Kind, Saying, Seed, Who};
use serde_json::Value;

use crate::bar::ITEMS;
use crate::called::Called;
use crate::sandbox::Played;
use crate::topics::{Changing, say, says, until};
use crate::world::{Collector, listen_until};

const TOKEN: (&str, &str) = ("*bearer_token", "app-token");
const PAID: (&str, &str) = ("daily_usd", "100000");

/// Values and tags of the rules there are.
async fn rules(played: &Played) -> BTreeSet<(String, String)> {
    let url: url::Url = format!("{}/2/tweets/search/stream/rules", played.base()).parse().expect("an address");
    let told =
        crate::reply_support::call(molva_connectors::http::Request::get(url).bearer(&Secret::new("app-token"))).await;
    let rules = told["data"].as_array().cloned().unwrap_or_default();
    let text = |rule: &Value, name: &str| rule[name].as_str().unwrap_or_default().to_owned();
    rules.iter().map(|rule| (text(rule, "value"), text(rule, "tag"))).collect()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_rules_of_the_stream_follow_the_topics_and_nothing_is_lost_on_the_way() {
    let played = Played::start("x").await;
    let topics = Arc::new(Changing::new(&[(3, "=нет =связи"), (4, "=гроза network:vk"), (5, "гроз*")]));
    let collector = Collector::default();
    let mut session = played.session(&[TOKEN, PAID], &collector);
    session.topics = Some(topics.clone());
    let tag = format!("molva {} topic ", session.source_key);
    let there = |asked: &[(&str, i64)]| -> BTreeSet<(String, String)> {
        asked.iter().map(|(value, id)| (format!("{value} -is:retweet"), format!("{tag}{id}"))).collect()
    };
    let heard = |text: &str| collector.texts().iter().any(|known| known == text);
    let changes = async {
        let first = there(&[("((нет OR нёт) связи)", 3)]);
        until("the first rules", async || rules(&played).await == first).await;
        until("the stream", async || played.sandbox.inside().counts.requests.contains_key("stream")).await;
        say(&played, "опять нет связи 0");
        until("what the first rules bring", async || heard("опять нет связи 0")).await;
        // While people go on to speak the topic is widened and another comes.
        for number in 1..=60 {
            if number == 20 {
                topics.0.send_replace(vec![(3, "=нет (=связи OR =сигнала)"), (6, "=гроза")]);
            }
            say(&played, &format!("опять нет связи {number}"));
            tokio::time::sleep(Duration::from_millis(15)).await;
        }
        let then = there(&[("((нет OR нёт) (связи OR сигнала))", 3), ("гроза", 6)]);
        until("the rules of now", async || rules(&played).await == then).await;
        say(&played, "гроза идёт");
        say(&played, "нет сигнала");
        say(&played, "тишина");
        until("everything", async || (0..=60).all(|number| heard(&format!("опять нет связи {number}")))).await;
        until("the new rules' posts", async || heard("гроза идёт") && heard("нет сигнала")).await;
        // Without topics there is no rule, and no stream is wanted until there is one again.
        topics.0.send_replace(Vec::new());
        until("no rules", async || rules(&played).await.is_empty()).await;
        topics.0.send_replace(vec![(7, "=молния")]);
        until("a rule again", async || rules(&played).await == there(&[("молния", 7)])).await;
        say(&played, "молния рядом");
        until("the last", async || heard("молния рядом")).await;
    };
    tokio::select! {
        ended = X.listen(&session) => panic!("it ended: {ended:?}"),
        () = changes => {}
    }
    assert!(!heard("тишина"));
    let count = collector.texts().len();
    assert_eq!(collector.texts().into_iter().collect::<BTreeSet<_>>().len(), count, "each once");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_search_asks_for_what_the_topics_look_for_now() {
    let played = Played::start("x").await;
    say(&played, "нет связи");
    say(&played, "гроза идёт");
    let topics = Arc::new(Changing::new(&[(3, "=связи")]));
    let collector = Collector::default();
    let mut session = played.session(&[("what", "search"), TOKEN, PAID], &collector);
    session.topics = Some(topics.clone());
    listen_until(&X, &session, || {
        if collector.count() == 1 {
            topics.0.send_if_modified(|topics| {
                let new = topics.len() == 1;
                topics.resize(2, (4, "=гроза"));
                new
            });
        }
        collector.count() == 2
    })
    .await
    .expect("both");
    assert_eq!(collector.texts(), ["нет связи", "гроза идёт"]);
    let told = X.probe(&session).await.expect("a test");
    assert!(told.starts_with("the token is accepted: about"), "{told}");
}

const CALLED: [(&str, &str); 7] = [
    ("what", "mentions"),
    ("account", "@brand1"),
    ("delivery", "webhook"),
    ("*consumer_secret", "app-secret"),
    ("*user_token", "user-token-1"),
    TOKEN,
    PAID,
];

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn x_calls_with_ten_thousand_mentions_of_an_account_and_with_what_goes_away() {
    let played = Played::start("x").await;
    let collector = Collector::default();
    let mut session = played.session(&CALLED, &collector);
    let (called, address) = Called::start(&X, session.clone()).await;
    session.webhook_address = Some(address);
    let again = session.clone();
    let listening = tokio::spawn(async move { X.listen(&session).await });
    let asked = |name: &str| played.sandbox.inside().counts.requests.get(name).copied().unwrap_or(0);
    until("both subscriptions", async || asked("subscribe") == 2 && asked("mentions") > 0).await;
    tokio::time::sleep(Duration::from_millis(200)).await;

    played.break_often();
    // What others say to others is none of its calls.
    let kinds = vec![Kind::Post, Kind::Comment];
    played.seed(&Seed { items: *ITEMS / 10, span_s: 3_600, kinds, place: Some(2), ..Seed::default() });
    let wanted: BTreeSet<String> = (0..*ITEMS)
        .map(|number| {
            let person = FIRST_PERSON + number as u64 % PEOPLE;
            urn_of(&played, says(&played, person, &format!("@brand1 нет связи, обращение {number}")))
        })
        .collect();
    // A post of the account itself that is taken away.
    let now = played.sandbox.now();
    let own =
        Saying {
            place: 1, kind: Kind::Post, who: Who::Place, text: "Новость".to_owned(), under: None, answers: None
        };
    let own = played.sandbox.inside().world.say(own, now);
    played.sandbox.changed();
    let gone = urn_of(&played, own);
    tokio::time::sleep(Duration::from_millis(500)).await;
    assert!(played.sandbox.inside().world.delete(1, own));
    played.sandbox.changed();

    called.is_told(&played, &wanted).await;
    let is_told = |item: &Item| matches!(item, Item::Deleted(urn) if urn.as_str() == gone);
    until("the deletion", async || called.kept().items.iter().any(is_told)).await;
    listening.abort();
    let rejected = called.kept().items.iter().filter(|item| matches!(item, Item::Rejected(_))).count();
    assert_eq!(rejected, 0);

    // What was set up is taken back.
    played.sandbox.inside().faults = molva_emulators::Faults::default();
    X.disconnect(&again).await.expect("taken back");
    let url: url::Url = format!("{}/2/webhooks", played.base()).parse().expect("an address");
    let left =
        crate::reply_support::call(molva_connectors::http::Request::get(url).bearer(&Secret::new("app-token"))).await;
    assert_eq!(left["data"], serde_json::json!([]));
}

/// As listening calls it.
fn urn_of(played: &Played, id: u64) -> String {
    let inside = played.sandbox.inside();
    format!("urn:smm:x:post:{}", inside.world.find(1, id).map(native_id).expect("it is there"))
}

#[tokio::test]
async fn calls_want_a_public_address_the_secret_and_the_consent_of_the_account() {
    let played = Played::start("x").await;
    let listen = async |left_out: &str, address: Option<&str>| {
        let settings: Vec<(&str, &str)> = CALLED.into_iter().filter(|(key, _)| *key != left_out).collect();
        let mut session = played.session(&settings, &Collector::default());
        session.webhook_address = address.map(str::to_owned);
        X.listen(&session).await.expect_err("it cannot be called")
    };
    let nowhere = listen("", None).await;
    assert!(
        matches!(&nowhere, ConnectorError::Invalid { setting: "delivery", message } if message.contains("public_origin")),
        "{nowhere:?}"
    );
    let address = Some("http://127.0.0.1:9/api/webhooks/x/test-key");
    let bare = listen("*consumer_secret", address).await;
    assert!(matches!(bare, ConnectorError::Invalid { setting: "consumer_secret", .. }), "{bare:?}");
}
