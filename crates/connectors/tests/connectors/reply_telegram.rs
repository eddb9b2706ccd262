//! Answers on Telegram, played by its emulator.

use std::time::{Duration, Instant};

use molva_connectors::telegram::Telegram;
use molva_connectors::{Attachment, Connector as _, ConnectorError, Outgoing};
use molva_domain::{PostKind, Urn};
use molva_emulators::{Fault, Faults, Kind, Seed};

use crate::reply_support::{Sender, account, facts, fresh_id, picture, reply, word};
use crate::sandbox::Played;

const TOKEN: &str = "7000001:emulator-token";

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_answer_is_said_once_and_a_lost_one_is_left_to_a_person() {
    let played = Played::live("telegram").await;
    let now = played.sandbox.now();
    played.sandbox.inside().world.seed(&Seed { items: 60, place: Some(1), ..Seed::default() }, now);
    let base = played.base();
    let account = account(&[("*bot_token", TOKEN), ("api_url", &base)]);
    let facts = facts(&Telegram, &account).await;
    assert_eq!(facts.handle, "echo_bot");
    let sender = Sender { network: &Telegram, account: &account, facts: &facts };
    let replies = Telegram.replies().expect("it can be answered");
    let comment = played.sandbox.inside().world.of(1, Kind::Comment).next().map(|said| said.id).expect("a comment");
    let urn = Urn::of("telegram", None, "post", &format!("-1002000000001/{comment}"));
    let answer = |text: &str| reply(urn.clone(), PostKind::Comment, None, text);

    let first = answer("Спасибо");
    let begun = Instant::now();
    let sent = sender.send(&first).await.expect("taken");
    assert!(sent.url.as_deref().is_some_and(|url| url.starts_with("https://t.me/talk1/")), "{sent:?}");
    assert_eq!(sender.find(&first).await, Some(sent));
    // Three seconds lie between two messages in a group: it takes twenty a minute.
    sender.send(&answer("И ещё")).await.expect("taken");
    assert!(begun.elapsed() > Duration::from_secs(3), "{:?}", begun.elapsed());

    let fault = |kind: Fault| played.sandbox.inside().faults = Faults::once(kind);
    fault(Fault::RateLimit);
    let limited = answer("Позже");
    assert_eq!(word(sender.send(&limited).await.expect_err("refused")), "later, at a time");
    assert_eq!(sender.find(&limited).await, None, "it certainly did not arrive");
    fault(Fault::CutJson);
    let lost = answer("Потеряно");
    assert_eq!(word(sender.send(&lost).await.expect_err("half an answer")), "unsure");
    let looked = replies.find(&account, &facts, &lost).await;
    assert!(matches!(looked, Err(ConnectorError::Forbidden(_))), "Telegram cannot tell: {looked:?}");
    fault(Fault::ExpiredToken);
    assert_eq!(word(sender.send(&answer("x")).await.expect_err("refused")), "account");
    {
        let counts = &played.sandbox.inside().counts;
        let made: Vec<u64> = ["Спасибо", "И ещё", "Потеряно"].map(|text| counts.replies[text].made).to_vec();
        assert_eq!((made, counts.limits_exceeded), (vec![1, 1, 1], 0));
        assert!(!counts.replies.contains_key("Позже"), "{:?}", counts.replies);
    }

    let mut gone = answer("x");
    gone.target.urn = Urn::of("telegram", None, "post", "-1003000000001/99999");
    assert_eq!(sender.refusal(&gone).await, "parent_gone");
    let mut long = answer(&"😀".repeat(2_049));
    long.id = fresh_id();
    assert_eq!(sender.refusal(&long).await, "too_long");
    let post = reply(Urn::of("telegram", None, "post", "-1001000000001/1"), PostKind::Post, None, "x");
    let why = replies.may_reply(&post.target, &account.settings, &facts).map_err(|why| why.code);
    assert_eq!(why, Err("read_only"));
    assert_eq!(replies.may_reply(&first.target, &account.settings, &facts), Ok(()));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn files_go_as_a_picture_a_document_or_an_album() {
    let played = Played::live("telegram").await;
    let now = played.sandbox.now();
    played.sandbox.inside().world.seed(&Seed { items: 60, place: Some(1), ..Seed::default() }, now);
    let base = played.base();
    let account = account(&[("*bot_token", TOKEN), ("api_url", &base)]);
    let facts = facts(&Telegram, &account).await;
    let sender = Sender { network: &Telegram, account: &account, facts: &facts };
    let comment = played.sandbox.inside().world.of(1, Kind::Comment).next().map(|said| said.id).expect("a comment");
    let urn = Urn::of("telegram", None, "post", &format!("-1002000000001/{comment}"));
    let pdf =
        Attachment { media_type: "application/pdf".to_owned(), name: "счёт.pdf".to_owned(), ..picture("", None) };
    let cases = [
        ("Картинка", vec![picture("карта.png", None)]),
        ("Документ", vec![pdf.clone()]),
        ("Альбом", vec![picture("a.png", None), picture("b.png", None)]),
        ("Папка", vec![picture("a.png", None), pdf]),
    ];
    for (text, attachments) in cases {
        let answer = Outgoing { attachments, ..reply(urn.clone(), PostKind::Comment, None, text) };
        sender.send(&answer).await.unwrap_or_else(|error| panic!("{text}: {error}"));
        assert_eq!(played.sandbox.inside().counts.replies[text].made, 1);
    }
    let asked = |method: &str| played.sandbox.inside().counts.requests.get(method).copied().unwrap_or_default();
    assert_eq!((asked("sendphoto"), asked("senddocument"), asked("sendmediagroup")), (1, 1, 2));
    let long = Outgoing {
        attachments: vec![picture("a.png", None)],
        ..reply(urn, PostKind::Comment, None, &"я".repeat(1_025))
    };
    assert_eq!(sender.refusal(&long).await, "too_long", "a caption is shorter than a message");
}
