//! X asked for what the topics look for, and X that calls, played by its emulator.

use std::collections::BTreeSet;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use axum::Router;
use axum::body::Bytes;
use axum::extract::{RawQuery, State};
use axum::http::{HeaderMap, StatusCode};
use axum::routing::get;
use molva_connectors::connector::BoxFuture;
use molva_connectors::webhook::{Delivered, Verified, WebhookRequest};
use molva_connectors::x::X;
use molva_connectors::{Connector as _, ConnectorError, Item, Settings, Topics};
use molva_domain::{Secret, TopicId, TopicSought};
use molva_emulators::x::native_id;
use molva_emulators::{Fault, Kind, Said, Saying, Seed, Who};
use molva_query::parse;
use serde_json::Value;
use tokio::sync::watch;

use crate::sandbox::{Played, faults_were_met};
use crate::world::{Collector, START, listen_until, serve};

const TOKEN: (&str, &str) = ("*bearer_token", "app-token");
const PAID: (&str, &str) = ("daily_usd", "100000");

/// Topics that a test changes.
struct Changing(watch::Sender<Vec<(i64, &'static str)>>, Mutex<watch::Receiver<Vec<(i64, &'static str)>>>);

impl Changing {
    fn new(topics: &[(i64, &'static str)]) -> Self {
        let (sender, receiver) = watch::channel(topics.to_vec());
        Self(sender, Mutex::new(receiver))
    }

    fn seen(&self) -> watch::Receiver<Vec<(i64, &'static str)>> {
        self.1.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }
}

impl Topics for Changing {
    fn sought<'a>(&'a self) -> BoxFuture<'a, Result<Arc<Vec<TopicSought>>, ConnectorError>> {
        Box::pin(async move {
            let topics = self.1.lock().unwrap_or_else(PoisonError::into_inner).borrow_and_update().clone();
            let sought = topics.iter().map(|(id, query)| {
                let sought = parse(query).query.expect(query).sought();
                TopicSought { topic: TopicId(*id), name: format!("Тема {id}"), sought }
            });
            Ok(Arc::new(sought.collect()))
        })
    }

    fn changed<'a>(&'a self) -> BoxFuture<'a, ()> {
        let mut seen = self.seen();
        Box::pin(async move {
            let _ = seen.changed().await;
        })
    }
}

fn say(played: &Played, text: &str) {
    let now = played.sandbox.now();
    let saying = Saying {
        place: 1,
        kind: Kind::Post,
        who: Who::Person(1_005),
        text: text.to_owned(),
        under: None,
        answers: None,
    };
    played.sandbox.inside().world.say(saying, now);
    played.sandbox.changed();
}

/// Values and tags of the rules there are.
async fn rules(played: &Played) -> BTreeSet<(String, String)> {
    let url: url::Url = format!("{}/2/tweets/search/stream/rules", played.base()).parse().expect("an address");
    let told =
        crate::reply_support::call(molva_connectors::http::Request::get(url).bearer(&Secret::new("app-token"))).await;
    let rules = told["data"].as_array().cloned().unwrap_or_default();
    let text = |rule: &Value, name: &str| rule[name].as_str().unwrap_or_default().to_owned();
    rules.iter().map(|rule| (text(rule, "value"), text(rule, "tag"))).collect()
}

async fn until(what: &str, mut there: impl AsyncFnMut() -> bool) {
    let end = Instant::now() + Duration::from_secs(60);
    while !there().await {
        assert!(Instant::now() < end, "waited in vain: {what}");
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
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

/// What the product does with calls: answers the question, proves a call, keeps it once, reads it.
#[derive(Clone)]
struct Called {
    settings: Settings,
    calls: Arc<AtomicUsize>,
    kept: Arc<Mutex<BTreeSet<String>>>,
    items: Arc<Mutex<Vec<Item>>>,
}

async fn question(State(called): State<Called>, RawQuery(query): RawQuery) -> Result<String, StatusCode> {
    let webhooks = X.webhooks().expect("X calls");
    let answer = webhooks.question(&called.settings, &query.unwrap_or_default());
    answer.map(|answer| answer.body).map_err(|_| StatusCode::BAD_REQUEST)
}

async fn take(State(called): State<Called>, headers: HeaderMap, body: Bytes) -> StatusCode {
    // Now and then we are away.
    if called.calls.fetch_add(1, Ordering::Relaxed) % 20 == 7 {
        return StatusCode::SERVICE_UNAVAILABLE;
    }
    let webhooks = X.webhooks().expect("X calls");
    let request = WebhookRequest { headers: &headers, body: &body };
    let Ok(Verified::Event { key }) = webhooks.verify(&called.settings, request) else {
        return StatusCode::UNAUTHORIZED;
    };
    if called.kept.lock().unwrap_or_else(PoisonError::into_inner).insert(key) {
        let delivered = Delivered { source_key: "test", settings: &called.settings, body: &body, at: START };
        called.items.lock().unwrap_or_else(PoisonError::into_inner).extend(webhooks.read(&delivered));
    }
    StatusCode::OK
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
async fn x_calls_with_every_mention_of_an_account_and_with_what_goes_away() {
    let items = std::env::var("MOLVA_X_CALLS").ok().and_then(|count| count.parse().ok()).unwrap_or(1_500);
    let played = Played::start("x").await;
    let secrets = [("consumer_secret".to_owned(), Secret::new("app-secret"))].into();
    let called = Called {
        settings: Settings::new([].into(), secrets),
        calls: Arc::default(),
        kept: Arc::default(),
        items: Arc::default(),
    };
    let router = Router::new().route("/api/webhooks/x/test-key", get(question).post(take)).with_state(called.clone());
    let address = serve(router).await;
    let collector = Collector::default();
    let mut session = played.session(&CALLED, &collector);
    session.webhook_address = Some(format!("http://{address}/api/webhooks/x/{}-key", session.source_key));
    assert!(session.source_key == "test", "{}", session.source_key);
    let again = session.clone();
    let listening = tokio::spawn(async move { X.listen(&session).await });
    let asked = |name: &str| played.sandbox.inside().counts.requests.get(name).copied().unwrap_or(0);
    until("both subscriptions", async || asked("subscribe") == 2 && asked("mentions") > 0).await;
    tokio::time::sleep(Duration::from_millis(200)).await;

    played.break_often();
    let now = played.sandbox.now();
    let kinds = vec![Kind::Post, Kind::Comment, Kind::TopicComment];
    played.sandbox.inside().world.seed(&Seed { items, span_s: 3_600, kinds, ..Seed::default() }, now);
    played.sandbox.changed();
    // A post of the account itself that is taken away.
    let said = |said: &Said| (said.place == 1 && said.who == Who::Place && said.kind == Kind::Post).then_some(said.id);
    let own: Option<u64> = played.sandbox.inside().world.all().find_map(said);
    let own = own.expect("a post of the account");
    let gone =
        format!("urn:smm:x:post:{}", played.sandbox.inside().world.find(1, own).map(native_id).expect("it is there"));
    tokio::time::sleep(Duration::from_millis(500)).await;
    assert!(played.sandbox.inside().world.delete(1, own));
    played.sandbox.changed();

    // Who answers a post of the account names it.
    let searched = Collector::default();
    let words = [("what", "search"), ("words", "@brand1"), TOKEN, PAID, ("history_days", "7")];
    let reference = played.session(&words, &searched);
    let wanted = async {
        listen_until(&X, &reference, || searched.cursor().is_some()).await.expect("a search");
        searched.posts().iter().map(|post| post.urn.to_string()).collect::<BTreeSet<_>>()
    }
    .await;
    assert!(wanted.len() > items / 20, "{}", wanted.len());
    let taken = || called.items.lock().unwrap_or_else(PoisonError::into_inner).clone();
    let posts = || -> BTreeSet<String> {
        let urn = |item: &Item| if let Item::Post(post) = item { Some(post.urn.to_string()) } else { None };
        taken().iter().filter_map(urn).collect()
    };
    until("every mention", async || wanted.is_subset(&posts())).await;
    until("the deletion", async || {
        taken().iter().any(|item| matches!(item, Item::Deleted(urn) if urn.as_str() == gone))
    })
    .await;
    listening.abort();
    let rejected = taken().iter().filter(|item| matches!(item, Item::Rejected(_))).count();
    assert_eq!(rejected, 0);
    faults_were_met(
        &played,
        &[Fault::ServerError, Fault::Duplicate, Fault::OutOfOrder, Fault::CutJson, Fault::UnknownFields],
    );
    eprintln!("x webhook: {} mentions of {} calls", wanted.len(), called.calls.load(Ordering::Relaxed));

    // What was set up is taken back.
    played.sandbox.inside().faults = molva_emulators::Faults::default();
    X.disconnect(&again).await.expect("taken back");
    let url: url::Url = format!("{}/2/webhooks", played.base()).parse().expect("an address");
    let left =
        crate::reply_support::call(molva_connectors::http::Request::get(url).bearer(&Secret::new("app-token"))).await;
    assert_eq!(left["data"], serde_json::json!([]));
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
