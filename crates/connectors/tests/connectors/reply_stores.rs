//! Reviews of the App Store and of Google Play, played by their emulators: each has one answer.

use std::collections::BTreeMap;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use molva_connectors::app_store::AppStore;
use molva_connectors::google_play::GooglePlay;
use molva_connectors::{AccountSession, Connector, ConnectorError, Outgoing, SendError};
use molva_domain::{PostKind, Urn};
use molva_emulators::{Fault, Faults, Kind, Seed};
use serde_json::{Value, json};

use crate::reply_support::{Between, Sender, account, deliver, facts, reply};
use crate::sandbox::{Played, faults_were_met};

const REPLIES: usize = 30;
const RSA_KEY: &str = include_str!("../../fixtures/rsa-key-for-tests.pem");

async fn played(name: &str) -> Played {
    let played = Played::live(name).await;
    let now = played.sandbox.now();
    let kinds = vec![Kind::Post, Kind::Comment, Kind::Comment];
    played.sandbox.inside().world.seed(&Seed { items: 120, kinds, place: Some(1), ..Seed::default() }, now);
    played
}

/// The file of a service account.
pub(crate) fn google_key(base: &str, email: &str) -> String {
    let file = json!({"type": "service_account", "client_email": email, "private_key": RSA_KEY, "private_key_id": "K2",
        "token_uri": format!("{base}/token")});
    file.to_string()
}

/// A key as App Store Connect gives one.
pub(crate) fn apple_key() -> String {
    let kind = &ring::signature::ECDSA_P256_SHA256_FIXED_SIGNING;
    let key = ring::signature::EcdsaKeyPair::generate_pkcs8(kind, &ring::rand::SystemRandom::new()).expect("a key");
    format!("-----BEGIN PRIVATE KEY-----\n{}\n-----END PRIVATE KEY-----", STANDARD.encode(key.as_ref()))
}

fn google_play(base: &str, email: &str) -> AccountSession {
    account(&[("package", "example.place1"), ("*service_account", &google_key(base, email)), ("url", base)])
}

fn app_store(base: &str, issuer: &str) -> AccountSession {
    let key = apple_key();
    account(&[
        ("app", "100000001"),
        ("issuer_id", issuer),
        ("key_id", "K1"),
        ("*private_key", &key),
        ("connect_url", base),
    ])
}

struct Store {
    network: &'static dyn Connector,
    name: &'static str,
    app: &'static str,
    session: fn(&str, &str) -> AccountSession,
    key: &'static str,
    longest: usize,
    /// Where answers are sent.
    path: &'static str,
}

const STORES: [Store; 2] = [
    Store {
        network: &GooglePlay,
        name: "googleplay",
        app: "example.place1",
        session: google_play,
        key: "robot@project.example",
        longest: 350,
        path: "POST /androidpublisher",
    },
    Store {
        network: &AppStore,
        name: "appstore",
        app: "100000001",
        session: app_store,
        key: "issuer-of-the-emulator",
        longest: 5_970,
        path: "POST /v1/customerReviewResponses",
    },
];

impl Store {
    /// To the review of that number.
    fn answer(&self, played: &Played, index: usize, text: &str) -> Outgoing {
        let number = played.sandbox.inside().world.of(1, Kind::Comment).nth(index).expect("a review").number;
        let id = match self.name {
            "googleplay" => format!("gp:AOqpTO-{number:08}"),
            _ => format!("00000036-7d2a-f56c-3b3c-{number:012}"),
        };
        let mut outgoing = reply(Urn::of(self.name, None, "review", &id), PostKind::Review, None, text);
        outgoing.target.community = Some(format!("{}/{}", self.name, self.app));
        outgoing
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn each_review_has_its_answer_once_whatever_breaks_on_the_way() {
    for store in STORES {
        let played = played(store.name).await;
        let session = (store.session)(&played.base(), store.key);
        let facts = facts(store.network, &session).await;
        let mut faults = Faults::share(0.3);
        faults.slow_ms = 50;
        played.sandbox.inside().faults = faults;
        let sender = Sender { network: store.network, account: &session, facts: &facts };
        let mut sent = BTreeMap::new();
        for number in 0..REPLIES {
            let outgoing = store.answer(&played, number, &format!("Спасибо, исправим: {number}"));
            let answered = deliver(&sender, &outgoing).await;
            assert!(answered.urn.as_str().contains(":response:"), "{answered:?}");
            sent.insert(answered.urn.to_string(), outgoing);
        }
        assert_eq!(sent.len(), REPLIES);
        faults_were_met(
            &played,
            &[Fault::RateLimit, Fault::ExpiredToken, Fault::ServerError, Fault::CutJson, Fault::DeletedParent],
        );
        {
            let inside = played.sandbox.inside();
            assert!(inside.counts.replies.values().all(|received| received.made == 1), "{:?}", inside.counts.replies);
            assert_eq!(inside.counts.replies.len(), REPLIES);
            eprintln!("{} replies: {REPLIES} there once, requests {:?}", store.name, inside.counts.requests);
        }
        played.sandbox.inside().faults = Faults::default();
        for (urn, outgoing) in &sent {
            assert_eq!(sender.find(outgoing).await.map(|found| found.urn.to_string()).as_ref(), Some(urn));
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_may_be_answered_and_what_is_refused_is_told() {
    for store in STORES {
        let played = played(store.name).await;
        let base = played.base();
        let between = Between::start(Some(&base)).await;
        let session = (store.session)(&between.address, store.key);
        let facts = facts(store.network, &session).await;
        assert_eq!(facts.native_id, store.app);
        let sender = Sender { network: store.network, account: &session, facts: &facts };
        let replies = store.network.replies().expect("it can be answered");
        let may = |outgoing: &Outgoing| {
            replies.may_reply(&outgoing.target, &session.settings, &facts).map_err(|why| why.code)
        };
        let long = store.answer(&played, 0, &"я".repeat(store.longest + 1));
        assert_eq!((sender.refusal(&long).await, may(&long)), ("too_long", Ok(())), "{}", store.name);
        assert_eq!(sender.refusal(&store.answer(&played, 0, " ")).await, "invalid", "{}", store.name);
        let mut other = store.answer(&played, 0, "x");
        other.target.community = Some(format!("{}/another", store.name));
        assert_eq!(may(&other), Err("other_server"), "{}", store.name);
        // What was said before is written over; a lost answer is found.
        sender.send(&store.answer(&played, 0, "Разбираемся")).await.expect("taken");
        let changed = store.answer(&played, 0, "Исправили в 2.1");
        assert_eq!(sender.find(&changed).await, None);
        between.lose(store.path);
        assert_eq!(sender.refusal(&changed).await, "unsure", "{}", store.name);
        assert!(sender.find(&changed).await.is_some(), "{}", store.name);
        let id = played.sandbox.inside().world.of(1, Kind::Comment).next().map(|said| said.id).expect("a review");
        let gone = store.answer(&played, 0, "x");
        played.sandbox.inside().world.delete(1, id);
        assert_eq!(sender.refusal(&gone).await, "parent_gone", "{}", store.name);
        assert_eq!(sender.find(&gone).await, None, "{}", store.name);
        let stranger = (store.session)(&base, "nobody@else.example");
        let refused = replies.probe(&stranger).await.expect_err("a key of somebody else");
        assert!(matches!(&refused, ConnectorError::AuthRevoked(why) if !why.contains("PRIVATE KEY")), "{refused:?}");
        let stranger = Sender { network: store.network, account: &stranger, facts: &facts };
        let refused = stranger.send(&store.answer(&played, 1, "x")).await;
        assert!(matches!(refused, Err(SendError::Account { .. })), "{}: {refused:?}", store.name);
    }
    // The public feed of the App Store has other numbers.
    let played = played("appstore").await;
    let session = app_store(&played.base(), "issuer-of-the-emulator");
    let facts = facts(&AppStore, &session).await;
    let mut from_feed = reply(Urn::of("appstore", None, "review", "7654321"), PostKind::Review, None, "x");
    from_feed.target.community = Some("appstore/100000001".to_owned());
    let replies = AppStore.replies().expect("it can be answered");
    let why = replies.may_reply(&from_feed.target, &session.settings, &facts).map_err(|why| why.code);
    assert_eq!(why, Err("read_only"));
    let told: Value = serde_json::to_value(&facts).expect("JSON");
    assert_eq!(told["rule"]["length"]["limit"], 5_970);
}
