//! MAX, played by its emulator.

use std::collections::BTreeSet;

use axum::http::HeaderMap;
use molva_connectors::max::Max;
use molva_connectors::webhook::{Delivered, Verified, WebhookError, WebhookRequest};
use molva_connectors::{Connector as _, ConnectorError, Item, Report, Settings};
use molva_domain::{PostKind, Visibility};
use molva_emulators::{Kind, Said, Saying, Seed, Who};

use crate::bar::ITEMS;
use crate::called::Called;
use crate::sandbox::{Heard, Played, READING};
use crate::world::{Collector, START, listen_until};

const BOT: [(&str, &str); 2] = [("*bot_token", "emulator-token-of-max"), ("messages", "true")];
const SECRET: &str = "s3cret_of-the-webhook";
const CALLED: [(&str, &str); 4] = [BOT[0], BOT[1], ("delivery", "webhook"), ("*webhook_secret", SECRET)];

/// As listening calls it.
pub(crate) fn urn(said: &Said) -> Option<String> {
    let mid = |id: u64| format!("mid.{:08x}{id:016x}", said.place);
    let own = mid(said.id);
    let under = said.under.unwrap_or(0);
    match said.kind {
        Kind::Post => Some(format!("urn:smm:max:post:-7000000000000{}/{own}", said.place)),
        Kind::Comment => Some(format!("urn:smm:max:comment:-7000000000000{}/{}/{own}", said.place, mid(under))),
        Kind::TopicComment if said.place == 3 => None,
        Kind::TopicComment => Some(format!("urn:smm:max:post:-7100000000000{}/{own}", said.place)),
        Kind::Message => Some(format!("urn:smm:max:post:{}/{own}", 500_000_000 + under)),
        // Said by the bot.
        Kind::Topic => None,
    }
}

fn seed(played: &Played, items: usize) {
    let now = played.sandbox.now();
    let kinds = vec![Kind::Post, Kind::Comment, Kind::Comment, Kind::TopicComment, Kind::Message];
    played.sandbox.inside().world.seed(&Seed { items, kinds, ..Seed::default() }, now);
    played.sandbox.changed();
}

fn say(played: &Played, kind: Kind, text: &str, under: Option<u64>, answers: Option<u64>) -> u64 {
    let now = played.sandbox.now();
    let who = if kind == Kind::Post { Who::Place } else { Who::Person(1_002) };
    let saying = Saying { place: 1, kind, who, text: text.to_owned(), under, answers };
    let id = played.sandbox.inside().world.say(saying, now);
    played.sandbox.changed();
    id
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_bot_hears_ten_thousand_things_once_each_through_everything_that_breaks() {
    let played = Played::start("max").await;
    played.break_often();
    // Some of it in the group where the bot hears nothing.
    seed(&played, *ITEMS * 11 / 10);
    let wanted = played.said(urn);
    let mut heard = Heard::default();
    heard.all_of(&Max, &played, &BOT, &wanted).await;
    heard.is_all_of(&played, "updates", &wanted, &READING);
    let comment = heard.posts.values().find(|post| post.kind == PostKind::Comment).expect("a comment");
    assert!(comment.in_reply_to.as_ref().is_some_and(|above| wanted.contains(above.as_str())), "{comment:?}");
    let unnamed =
        heard.posts.values().filter(|post| post.community.as_ref().is_some_and(|place| place.title.is_none()));
    assert!(unnamed.count() < *ITEMS / 10, "places have names");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn nothing_is_committed_before_it_is_stored_and_edits_and_removals_follow() {
    let played = Played::start("max").await;
    let news = say(&played, Kind::Post, "Новость", None, None);
    let asked = say(&played, Kind::Comment, "😀 https://a.example/x где?", Some(news), None);
    // The store refuses: MAX must tell it again.
    let broken = Collector::failing_after(0);
    let refused = Max.listen(&played.session(&BOT, &broken)).await.expect_err("no store");
    assert!(matches!(refused, ConnectorError::NotStored(_)), "{refused:?}");
    let collector = Collector::default();
    let mut session = played.session(&BOT, &collector);
    listen_until(&Max, &session, || collector.texts().len() == 2).await.expect("both");
    let posts = collector.posts();
    let (post, comment) = (&posts[0], &posts[1]);
    assert_eq!((post.kind, post.visibility), (PostKind::Post, Visibility::Public));
    assert!(post.url.as_deref().is_some_and(|url| url.starts_with("https://max.ru/channel1/")), "{:?}", post.url);
    assert_eq!((comment.kind, &comment.in_reply_to), (PostKind::Comment, &Some(post.urn.clone())));
    assert_eq!(comment.links, ["https://a.example/x"]);
    assert_eq!(comment.author.handle.as_deref(), Some("person1002"));

    let now = played.sandbox.now();
    assert!(played.sandbox.inside().world.edit(1, asked, "нашлось", now));
    played.sandbox.changed();
    session.cursor = collector.cursor();
    listen_until(&Max, &session, || collector.texts().len() == 3).await.expect("the edit");
    let edited = collector.posts().pop().expect("the edit");
    assert_eq!((edited.text.as_str(), &edited.urn, edited.edited_at.is_some()), ("нашлось", &comment.urn, true));
    assert!(played.sandbox.inside().world.delete(1, asked));
    played.sandbox.changed();
    session.cursor = collector.cursor();
    listen_until(&Max, &session, || collector.deleted().len() == 1).await.expect("the removal");
    assert_eq!(collector.deleted(), [comment.urn.to_string()]);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_day_and_more_away_is_a_gap_that_is_read_from_the_chats() {
    let played = Played::start("max").await;
    seed(&played, 300);
    played.sandbox.inside().world.forget();
    let collector = Collector::default();
    let mut session = played.session(&[BOT[0], ("chats", "-70000000000003")], &collector);
    let long_ago = played.sandbox.now() - 3 * 86_400;
    let met = "-70000000000001,-70000000000002,-71000000000001,-71000000000002,-71000000000003,-5";
    session.cursor = Some(format!("{{\"marker\":1,\"at\":{long_ago},\"chats\":[{met}]}}"));
    let closed = || collector.reports().iter().any(|report| matches!(report, Report::GapClosed { .. }));
    listen_until(&Max, &session, closed).await.expect("the gap");
    let found: BTreeSet<String> = collector.posts().iter().map(|post| post.urn.to_string()).collect();
    // What people wrote to the bot stands in other chats; what the bot itself said is nobody's news but stands there too.
    let wanted = played.said(|said| urn(said).filter(|_| said.kind != Kind::Message));
    assert!(wanted.len() > 150 && wanted.is_subset(&found), "{} of {}", found.len(), wanted.len());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn max_calls_with_ten_thousand_things_and_each_is_taken_once() {
    let played = Played::start("max").await;
    let collector = Collector::default();
    let mut session = played.session(&CALLED, &collector);
    let (called, address) = Called::start(&Max, session.clone()).await;
    session.webhook_address = Some(address);
    let listening = tokio::spawn(async move { Max.listen(&session).await });
    while collector.cursor().is_none() {
        tokio::time::sleep(std::time::Duration::from_millis(20)).await;
    }
    played.break_often();
    seed(&played, *ITEMS * 11 / 10);
    called.is_told(&played, &played.said(urn)).await;
    listening.abort();
}

#[tokio::test]
async fn the_names_of_chats_are_asked_for_before_a_call_is_read() {
    let played = Played::start("max").await;
    let session = played.session(&CALLED, &Collector::default());
    let body = br#"{"update_type":"message_created","timestamp":1772360000000,"message":{"timestamp":1772360000000,"recipient":
        {"chat_id":-70000000000002,"chat_type":"channel"},"body":{"mid":"mid.x","seq":1,"text":"x"}}}"#;
    let call = Delivered { source_key: "test", settings: &session.settings, body, at: START };
    let webhooks = Max.webhooks().expect("MAX calls");
    webhooks.prepare(&session, &[call]).await.expect("it is told");
    let [Item::Post(post)] = &webhooks.read(&call)[..] else { panic!("no post") };
    let place = post.community.as_ref().expect("a channel");
    assert!(place.title.is_some() && place.url.as_deref() == Some("https://max.ru/channel2"), "{place:?}");
    assert_eq!(post.author.name, place.title);
}

#[tokio::test]
async fn a_call_without_our_secret_is_forged() {
    let secrets = [("webhook_secret".to_owned(), molva_domain::Secret::new(SECRET))].into();
    let settings = Settings::new([].into(), secrets);
    let verify = |headers: &HeaderMap| {
        Max.webhooks().expect("MAX calls").verify(&settings, WebhookRequest { headers, body: b"{}" })
    };
    let mut headers = HeaderMap::new();
    assert!(matches!(verify(&headers), Err(WebhookError::MissingHeader(_))));
    headers.insert("x-max-bot-api-secret", "s3cret_of-the-webhooK".parse().expect("a value"));
    assert_eq!(verify(&headers), Err(WebhookError::Forged));
    headers.insert("x-max-bot-api-secret", SECRET.parse().expect("a value"));
    assert!(matches!(verify(&headers), Ok(Verified::Event { .. })));
}

#[tokio::test]
async fn a_test_of_the_settings_says_what_it_found_or_what_to_change() {
    let played = Played::start("max").await;
    let probe = async |settings: &[(&str, &str)]| Max.probe(&played.session(settings, &Collector::default())).await;
    let told = probe(&BOT).await.expect("the bot");
    assert!(
        told.starts_with("@echo_bot: Molva asks for what is new; it hears the channels and groups where"),
        "{told}"
    );
    let chats = "-70000000000001\n-71000000000001\n-71000000000003";
    let told = probe(&[BOT[0], ("chats", chats)]).await.expect("the bot");
    let deaf = told.split("in: ").nth(1).expect("one where it hears nothing");
    assert!(told.contains("of 3 channels and groups") && !deaf.contains(','), "{told}");
    let nowhere = probe(&[BOT[0], ("chats", "-5")]).await;
    assert!(matches!(&nowhere, Err(ConnectorError::NotFound(why)) if why.contains("-5")), "{nowhere:?}");
    let refused = probe(&[("*bot_token", "stolen-token")]).await.expect_err("a wrong token");
    assert!(matches!(&refused, ConnectorError::AuthRevoked(why) if !why.contains("stolen")), "{refused:?}");
    let nonsense = probe(&[("*bot_token", "not a token")]).await.expect_err("no token at all");
    assert!(matches!(nonsense, ConnectorError::Invalid { setting: "bot_token", .. }), "{nonsense:?}");
    let collector = Collector::default();
    let mut called = played.session(&CALLED, &collector);
    let listened = Max.listen(&called).await;
    assert!(matches!(listened, Err(ConnectorError::Invalid { setting: "delivery", .. })), "{listened:?}");
    called.webhook_address = Some("https://molva.example/api/webhooks/max/another-key".to_owned());
    called.source_key = "another".to_owned();
    listen_until(&Max, &called, || collector.cursor().is_some()).await.expect("a subscription");
    let taken = probe(&BOT).await.expect_err("somebody else is called");
    assert!(matches!(&taken, ConnectorError::Forbidden(why) if why.contains("subscription")), "{taken:?}");
    Max.disconnect(&called).await.expect("it is taken back");
    assert!(probe(&BOT).await.is_ok());
}
