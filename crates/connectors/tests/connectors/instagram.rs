//! Instagram, played by the emulator of Meta's Graph API.

use http::{HeaderMap, HeaderValue};
use molva_connectors::instagram::Instagram;
use molva_connectors::webhook::{Delivered, Verified, WebhookRequest};
use molva_connectors::{Connector as _, ConnectorError, Item};
use molva_domain::{PostKind, Timestamp};
use molva_emulators::meta::calls::{Object, after};
use molva_emulators::{Fault, Kind, Said, Saying, Seed, Who};

use crate::bar::ITEMS;
use crate::called::{Called, subscribe};
use crate::sandbox::{Heard, Played};
use crate::world::{Collector, listen_until};

const SETTINGS: [(&str, &str); 2] = [("*access_token", "page-token-1"), ("*app_secret", "emulator-app-secret")];

fn number(place: u64, id: u64) -> u64 {
    17_900_000_000_000_000 + place * 1_000_000_000 + id
}

/// As listening calls it.
pub(crate) fn urn(said: &Said) -> String {
    let own = number(said.place, said.id);
    match said.kind {
        Kind::Post | Kind::Topic => format!("urn:smm:instagram:media:{own}"),
        Kind::Comment | Kind::TopicComment => format!("urn:smm:instagram:comment:{own}"),
        Kind::Message => {
            let person = 7_000_000_000_000_000 + said.under.unwrap_or(0);
            let message = 122_000_000_000_000 + said.place * 1_000_000_000 + said.id;
            format!("urn:smm:instagram:message:{}/{person}/m_{message}", 17_841_400_000_000_000 + said.place)
        }
    }
}

/// What looking finds: one's own media with all that stands under them, and where one is tagged.
pub(crate) fn looked(said: &Said) -> Option<String> {
    let tagged = said.kind == Kind::Topic && said.who != Who::Place;
    (said.place == 1 && (tagged || matches!(said.kind, Kind::Post | Kind::Comment))).then(|| urn(said))
}

fn say(played: &Played, kind: Kind, who: Who, text: &str, under: Option<u64>) -> u64 {
    let now = played.sandbox.now();
    let saying = Saying { place: 1, kind, who, text: text.to_owned(), under, answers: None };
    played.sandbox.inside().world.say(saying, now)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_account_is_read_with_ten_thousand_things_through_everything_that_breaks() {
    let played = Played::start("meta").await;
    played.break_often();
    let kinds = [vec![Kind::Post], vec![Kind::Comment; 9]].concat();
    played.seed(&Seed { items: *ITEMS, span_s: 6 * 86_400, kinds, place: Some(1), ..Seed::default() });
    let now = played.sandbox.now();
    for person in 1_001..1_030 {
        say(&played, Kind::Topic, Who::Person(person), &format!("Отметили аккаунт: {person}"), None);
    }
    // A thread that is longer than what comes along with its comment.
    let post = say(&played, Kind::Post, Who::Place, "Обсудим?", None);
    let first = say(&played, Kind::Comment, Who::Person(1_002), "Давайте", Some(post));
    for number in 0..40 {
        let saying = Saying {
            place: 1,
            kind: Kind::Comment,
            who: Who::Person(1_003),
            text: format!("Ответ {number}"),
            under: Some(post),
            answers: Some(first),
        };
        played.sandbox.inside().world.say(saying, now);
    }
    let wanted = played.said(looked);
    let mut heard = Heard::default();
    heard.all_of(&Instagram, &played, &SETTINGS, &wanted).await;
    let kinds: Vec<Fault> = Fault::ALL.into_iter().filter(|fault| *fault != Fault::Captcha).collect();
    heard.is_all_of(&played, "looking", &wanted, &kinds);
    let deep = heard.posts.values().find(|post| post.text == "Ответ 39").expect("the last answer of a long thread");
    assert_eq!((deep.kind, deep.author.handle.as_deref()), (PostKind::Reply, Some("person1003")));
}

const CALLED: [(&str, &str); 4] = [SETTINGS[0], SETTINGS[1], ("*verify_token", "verify-me"), ("messages", "true")];

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn ten_thousand_comments_and_messages_are_told_by_calls_once_each() {
    let played = Played::start("meta").await;
    let (called, address) = Called::start(&Instagram, played.session(&CALLED, &Collector::default())).await;
    subscribe(&played, &address, "verify-me", true).await;
    played.break_often();
    let kinds = [vec![Kind::Post, Kind::Message], vec![Kind::Comment; 18]].concat();
    played.seed(&Seed { items: *ITEMS * 20 / 19, kinds, place: Some(1), ..Seed::default() });
    let wanted = played.said(|said| matches!(said.kind, Kind::Comment | Kind::Message).then(|| urn(said)));
    called.is_told(&played, &wanted).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn mentions_are_called_for_by_number_and_read_with_their_words_also_when_those_come_late() {
    let played = Played::start("meta").await;
    let media = say(&played, Kind::Topic, Who::Person(1_007), "@brand1 смотрите", None);
    let comment = say(&played, Kind::TopicComment, Who::Person(1_008), "@brand1 ау", Some(media));
    let late = say(&played, Kind::TopicComment, Who::Person(1_009), "@brand1 и здесь", Some(media));
    let now = played.sandbox.now();
    let (calls, _) = after(&played.sandbox.inside(), Object::Instagram, 1, 0, now);
    let webhooks = Instagram.webhooks().expect("it is called");
    let collector = Collector::default();
    let mut session = played.session(&SETTINGS, &collector);
    session.source_key = "of-mentions".to_owned();
    let mut headers = HeaderMap::new();
    headers.insert("x-hub-signature-256", HeaderValue::from_str(&calls[0].signature).expect("a header"));
    let request = WebhookRequest { headers: &headers, body: calls[0].body.as_bytes() };
    assert!(matches!(webhooks.verify(&session.settings, request), Ok(Verified::Event { .. })));

    let read = |body: &str| {
        let at = Timestamp::from_secs(now);
        webhooks.read(&Delivered { source_key: "of-mentions", settings: &session.settings, body: body.as_bytes(), at })
    };
    // One comes before its words could be asked for; a look finds them.
    let mut whole: serde_json::Value = serde_json::from_str(&calls[0].body).expect("JSON");
    let changes = whole["entry"][0]["changes"].as_array_mut().expect("changes");
    let last = changes.pop().expect("three");
    let mut only = whole.clone();
    only["entry"][0]["changes"] = serde_json::json!([last]);
    assert_eq!(read(&only.to_string()).len(), 0);
    let body = whole.to_string();
    let delivered = [Delivered {
        source_key: "of-mentions",
        settings: &session.settings,
        body: body.as_bytes(),
        at: session.now(),
    }];
    webhooks.prepare(&session, &delivered).await.expect("the words");
    let posts: Vec<_> = read(&body)
        .into_iter()
        .map(|item| if let Item::Post(post) = item { post } else { panic!("{item:?}") })
        .collect();
    let told: Vec<(&str, PostKind)> = posts.iter().map(|post| (post.text.as_str(), post.kind)).collect();
    assert_eq!(told, [("@brand1 смотрите", PostKind::Post), ("@brand1 ау", PostKind::Comment)]);
    let names = [number(1, media), number(1, comment)];
    let wanted = [format!("urn:smm:instagram:media:{}", names[0]), format!("urn:smm:instagram:comment:{}", names[1])];
    assert_eq!(posts.iter().map(|post| post.urn.to_string()).collect::<Vec<_>>(), wanted);
    assert!(posts.iter().all(|post| post.community.is_none() && post.url.is_some()), "{posts:?}");
    let found = || collector.posts().iter().any(|post| post.urn.as_str().ends_with(&number(1, late).to_string()));
    listen_until(&Instagram, &session, found).await.expect("the one that was left over");
}

#[tokio::test]
async fn a_test_of_the_settings_says_what_it_found_or_what_to_change() {
    let played = Played::start("meta").await;
    let now = played.sandbox.now();
    played.sandbox.inside().world.seed(&Seed::default(), now);
    let probe =
        async |settings: &[(&str, &str)]| Instagram.probe(&played.session(settings, &Collector::default())).await;
    let found = probe(&SETTINGS).await.expect("the account");
    assert!(found.starts_with("the token is of the page linked with @brand1; "), "{found}");
    assert_eq!(probe(&[("*access_token", "ended-token-1")]).await, Err(ConnectorError::AuthExpired));
    assert!(matches!(probe(&[("*access_token", "EAA")]).await, Err(ConnectorError::AuthRevoked(_))));
}
