//! Telegram, played by its emulator.

use std::time::Duration;

use molva_connectors::telegram::Telegram;
use molva_connectors::{Connector as _, ConnectorError, Report};
use molva_domain::PostKind;
use molva_emulators::{Kind, Said, Saying, Seed, Who};

use crate::bar::ITEMS;
use crate::sandbox::{Heard, Played, READING};
use crate::world::{Collector, listen_until};

const BOT: [(&str, &str); 2] = [("*bot_token", "7000001:emulator-token"), ("messages", "true")];

/// As listening calls it.
fn urn(said: &Said) -> Option<String> {
    let (place, id) = (said.place, said.id);
    let group = |base: u64| format!("-{}", base + place);
    let (chat, id) = match said.kind {
        Kind::Post => (group(1_001_000_000_000), id),
        Kind::Comment => (group(1_002_000_000_000), id),
        Kind::TopicComment => (group(1_003_000_000_000), id),
        Kind::Message => (said.under.unwrap_or(0).to_string(), id * 4 + place),
        Kind::Topic => return None,
    };
    Some(format!("urn:smm:telegram:post:{chat}/{id}"))
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_bot_hears_ten_thousand_things_once_each_through_everything_that_breaks() {
    let played = Played::start("telegram").await;
    played.break_often();
    let kinds = vec![Kind::Post, Kind::Comment, Kind::Comment, Kind::Message];
    played.seed(&Seed { items: *ITEMS, kinds, ..Seed::default() });
    let wanted = played.said(urn);
    let mut heard = Heard::default();
    heard.all_of(&Telegram, &played, &BOT, &wanted).await;
    heard.is_all_of(&played, "updates", &wanted, &READING);
    let comment = heard.posts.values().find(|post| post.kind == PostKind::Comment).expect("a comment");
    assert!(comment.in_reply_to.as_ref().is_some_and(|above| wanted.contains(above.as_str())), "{comment:?}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn nothing_is_confirmed_before_it_is_stored_and_edits_follow() {
    let played = Played::start("telegram").await;
    let say = |text: &str, kind, under| {
        let now = played.sandbox.now();
        let saying = Saying { place: 1, kind, who: Who::Person(1_002), text: text.to_owned(), under, answers: None };
        let id = played.sandbox.inside().world.say(saying, now);
        played.sandbox.changed();
        id
    };
    let topic = say("Вопросы", Kind::Topic, None);
    let asked = say("😀 https://a.example/x где?", Kind::TopicComment, Some(topic));
    // The store refuses: Telegram must tell it again.
    let broken = Collector::failing_after(0);
    let refused = Telegram.listen(&played.session(&BOT, &broken)).await.expect_err("no store");
    assert!(matches!(refused, ConnectorError::NotStored(_)), "{refused:?}");
    let collector = Collector::default();
    let mut session = played.session(&BOT, &collector);
    listen_until(&Telegram, &session, || collector.texts().len() == 1).await.expect("the question");
    let post = collector.posts().pop().expect("the question");
    assert_eq!((post.title.as_deref(), post.links), (Some("Вопросы"), vec!["https://a.example/x".to_owned()]));
    assert_eq!(post.url.as_deref(), Some(format!("https://t.me/forum1/{asked}").as_str()));
    // The notice that the topic was made is accounted for.
    assert_eq!(collector.rejections().len(), 1);

    let now = played.sandbox.now();
    assert!(played.sandbox.inside().world.edit(1, asked, "нашлось", now));
    session.cursor = collector.cursor();
    listen_until(&Telegram, &session, || collector.texts().len() == 2).await.expect("the edit");
    let edited = collector.posts().pop().expect("the edit");
    assert_eq!((edited.text.as_str(), edited.urn, edited.edited_at.is_some()), ("нашлось", post.urn, true));

    let confirmed = Collector::default();
    let session = played.session(&BOT, &confirmed);
    let waited = tokio::time::timeout(Duration::from_millis(300), Telegram.listen(&session)).await;
    assert!(waited.is_err() && confirmed.texts().len() <= 1, "what was confirmed is gone: {:?}", confirmed.texts());
}

#[tokio::test]
async fn a_test_of_the_settings_says_what_it_found_or_what_to_change() {
    let played = Played::start("telegram").await;
    let probe =
        async |settings: &[(&str, &str)]| Telegram.probe(&played.session(settings, &Collector::default())).await;
    let told = probe(&BOT).await.expect("the bot");
    assert!(told.starts_with("@echo_bot: it hears everything in its groups"), "{told}");
    let refused = probe(&[("*bot_token", "7000001:stolen")]).await.expect_err("a wrong token");
    assert!(matches!(&refused, ConnectorError::AuthRevoked(why) if !why.contains("stolen")), "{refused:?}");
    let nonsense = probe(&[("*bot_token", "https://x")]).await.expect_err("no token at all");
    assert!(matches!(nonsense, ConnectorError::Invalid { setting: "bot_token", .. }), "{nonsense:?}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_day_and_more_away_is_a_gap() {
    let played = Played::start("telegram").await;
    let collector = Collector::default();
    let mut session = played.session(&BOT, &collector);
    let long_ago = played.sandbox.now() - 3 * 86_400;
    session.cursor = Some(format!("{{\"next\":1,\"at\":{long_ago}}}"));
    let closed = || collector.reports().iter().any(|report| matches!(report, Report::GapClosed { .. }));
    listen_until(&Telegram, &session, closed).await.expect("the gap");
}
