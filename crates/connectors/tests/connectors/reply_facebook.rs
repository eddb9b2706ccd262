//! Answers on Facebook, played by the emulator of Meta's Graph API.

use std::time::Duration;

use molva_connectors::facebook::Facebook;
use molva_connectors::{Connector as _, Outgoing, SendError, Sent};
use molva_domain::{PostKind, ReplyVisibility, Urn};
use molva_emulators::{Faults, Kind, Said, Saying, Seed, Who};

use crate::facebook::urn;
use crate::reply_support::{Between, Sender, account, facts, now, reply, word};
use crate::sandbox::Played;

const REPLIES: usize = 40;
const TOKENS: [(&str, &str); 2] = [("*access_token", "page-token-1"), ("*app_secret", "emulator-app-secret")];

async fn played() -> Played {
    let played = Played::quick("meta").await;
    let now = played.sandbox.now();
    played.sandbox.inside().world.seed(&Seed { items: 160, span_s: 3_600, place: Some(1), ..Seed::default() }, now);
    played
}

fn with_base<'a>(base: &'a str, tokens: [(&'a str, &'a str); 2]) -> molva_connectors::AccountSession {
    account(&[tokens[0], tokens[1], ("api_url", base)])
}

/// Something said there, as what is answered.
fn to(played: &Played, kind: Kind, wanted: impl Fn(&Said) -> bool, text: &str) -> Outgoing {
    let inside = played.sandbox.inside();
    let said = inside.world.of(1, kind).find(|said| wanted(said)).expect("one");
    let of = match kind {
        Kind::Comment => PostKind::Comment,
        Kind::Message => PostKind::Message,
        Kind::TopicComment => PostKind::Review,
        Kind::Post | Kind::Topic => PostKind::Post,
    };
    reply(Urn::new(urn(said)), of, None, text)
}

/// As the outbox does: looks before it sends again, and goes on where a person would have acted.
pub(crate) async fn deliver(sender: &Sender<'_>, outgoing: &Outgoing) -> Sent {
    for _ in 0..40 {
        match sender.send(outgoing).await {
            Ok(sent) => return sent,
            Err(SendError::Refused { code: "parent_gone" | "blocked", .. } | SendError::Account { .. }) => {}
            Err(SendError::Later { .. }) => tokio::time::sleep(Duration::from_millis(200)).await,
            Err(SendError::Unsure { .. }) => loop {
                let replies = sender.network.replies().expect("replies");
                match replies.find(sender.account, sender.facts, outgoing).await {
                    Ok(Some(sent)) => return sent,
                    Ok(None) => break,
                    Err(_) => tokio::time::sleep(Duration::from_millis(200)).await,
                }
            },
            Err(other) => panic!("{other:?}"),
        }
    }
    panic!("it was never taken");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn each_answer_is_there_once_whatever_breaks_on_the_way() {
    let played = played().await;
    let base = played.base();
    let account = with_base(&base, TOKENS);
    let facts = facts(&Facebook, &account).await;
    assert_eq!((facts.native_id.as_str(), facts.handle.as_str()), ("104000000000001", "brand1"));
    assert_eq!(facts.rule.visibilities, [ReplyVisibility::Public, ReplyVisibility::Private]);
    assert!(facts.expires_at.is_some() && facts.missing.is_none(), "{facts:?}");
    let sender = Sender { network: &Facebook, account: &account, facts: &facts };
    let mut faults = Faults::share(0.3);
    faults.slow_ms = 50;
    played.sandbox.inside().faults = faults;
    let before = played.sandbox.inside().world.all().count();
    let mut urns = Vec::new();
    for number in 0..REPLIES {
        let kind = [Kind::Post, Kind::Comment, Kind::Message, Kind::TopicComment, Kind::Comment][number % 5];
        let text = format!("Спасибо, разбираемся: {number}");
        let mut outgoing = to(&played, kind, |said| kind != Kind::Comment || said.id as usize > number, &text);
        if number % 5 == 4 {
            outgoing =
                to(&played, kind, |said| said.id as usize > 20 + number && matches!(said.who, Who::Person(_)), &text);
            outgoing.visibility = ReplyVisibility::Private;
        }
        urns.push(deliver(&sender, &outgoing).await.urn);
    }
    let inside = played.sandbox.inside();
    assert_eq!(inside.world.all().count(), before + REPLIES);
    assert!(inside.counts.replies.values().all(|received| received.made == 1), "{:?}", inside.counts.replies);
    assert_eq!(inside.counts.replies.len(), REPLIES);
    urns.sort();
    urns.dedup();
    assert_eq!(urns.len(), REPLIES);
    // Under the names that listening will meet them by.
    let there: Vec<String> = inside.world.all().map(urn).collect();
    assert!(urns.iter().all(|urn| there.contains(&urn.to_string())), "{urns:?}");
    eprintln!("facebook replies: {REPLIES} there once, faults {:?}", inside.counts.faults);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_answer_whose_receipt_was_lost_is_found_and_one_that_was_not_taken_is_not() {
    let played = played().await;
    let between = Between::start(Some(&played.base())).await;
    let account = with_base(&between.address, TOKENS);
    let facts = facts(&Facebook, &account).await;
    let sender = Sender { network: &Facebook, account: &account, facts: &facts };
    for (kind, visibility) in [
        (Kind::Comment, ReplyVisibility::Public),
        (Kind::Comment, ReplyVisibility::Private),
        (Kind::Message, ReplyVisibility::Public),
        (Kind::TopicComment, ReplyVisibility::Public),
    ] {
        let mut outgoing =
            to(&played, kind, |said| matches!(said.who, Who::Person(_)), &format!("Ответ {kind:?} {visibility:?}"));
        outgoing.visibility = visibility;
        assert_eq!(sender.find(&outgoing).await, None, "{kind:?}");
        between.lose("POST ");
        assert_eq!(sender.refusal(&outgoing).await, "unsure", "{kind:?}");
        let found = sender.find(&outgoing).await.expect("it is there");
        let there: Vec<String> = played.sandbox.inside().world.all().map(urn).collect();
        assert!(there.contains(&found.urn.to_string()), "{found:?}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_may_be_answered_and_what_is_refused_is_told() {
    let played = played().await;
    let base = played.base();
    let page = with_base(&base, TOKENS);
    let of_page = facts(&Facebook, &page).await;
    let reader = with_base(&base, [("*access_token", "reader-token-1"), TOKENS[1]]);
    let of_reader = facts(&Facebook, &reader).await;
    assert!(of_reader.missing.as_deref().is_some_and(|missing| missing.contains("pages_manage_engagement")));
    let replies = Facebook.replies().expect("it can be answered");
    let may =
        |outgoing: &Outgoing| replies.may_reply(&outgoing.target, &page.settings, &of_page).map_err(|why| why.code);
    let by_page = Sender { network: &Facebook, account: &page, facts: &of_page };

    let message = to(&played, Kind::Message, |said| matches!(said.who, Who::Person(_)), "Здравствуйте");
    assert_eq!(may(&message), Ok(()));
    let (closes, why) = replies.closes_at(&message.target).expect("an end");
    assert_eq!((closes, why.code), (message.target.published_at.plus(Duration::from_secs(86_400)), "window_closed"));
    let mut late = message.clone();
    late.target.published_at = now().minus(Duration::from_secs(90_000));
    assert_eq!(by_page.refusal(&late).await, "window_closed");
    // Also where Facebook says so, because its clock counts.
    let silent = {
        let mut inside = played.sandbox.inside();
        let at = now().as_secs() - 90_000;
        let saying = Saying {
            place: 2,
            kind: Kind::Message,
            who: Who::Person(1_060),
            text: "Эй".to_owned(),
            under: Some(1_060),
            answers: None,
        };
        let id = inside.world.say(saying, at);
        urn(inside.world.find(2, id).expect("said"))
    };
    let silent = reply(Urn::new(silent), PostKind::Message, None, "Да?");
    assert_eq!(may(&silent), Err("missing_right"), "it was written to another page");
    let second = with_base(&base, [("*access_token", "page-token-2"), TOKENS[1]]);
    let of_second = facts(&Facebook, &second).await;
    let by_second = Sender { network: &Facebook, account: &second, facts: &of_second };
    assert_eq!(by_second.refusal(&silent).await, "window_closed");

    let comment = to(&played, Kind::Comment, |said| matches!(said.who, Who::Person(_)), "Ответим лично");
    assert_eq!(replies.closes_at(&comment.target), None, "in public there is no end");
    let mut private = comment.clone();
    private.visibility = ReplyVisibility::Private;
    let mut old = private.clone();
    old.target.published_at = now().minus(Duration::from_secs(8 * 86_400));
    assert_eq!(by_page.refusal(&old).await, "window_closed");
    let sent = by_page.send(&private).await.expect("taken");
    assert!(sent.urn.as_str().starts_with("urn:smm:facebook:message:104000000000001/7"), "{sent:?}");
    assert_eq!(by_page.refusal(&private).await, "duplicate", "one private answer a comment");

    let gone = reply(Urn::of("facebook", None, "post", "104000000000001_122001000099999"), PostKind::Post, None, "x");
    assert_eq!(by_page.refusal(&gone).await, "parent_gone");
    let mut long = comment.clone();
    long.text = "я".repeat(2_001);
    assert_eq!(by_page.refusal(&long).await, "too_long");
    let by_reader = Sender { network: &Facebook, account: &reader, facts: &of_reader };
    assert_eq!(by_reader.refusal(&comment).await, "forbidden");
    let elsewhere = reply(Urn::of("vk", None, "post", "1_1"), PostKind::Post, None, "x");
    assert_eq!(may(&elsewhere), Err("other_server"));
    let ended = with_base(&base, [("*access_token", "ended-token-1"), TOKENS[1]]);
    let by_ended = Sender { network: &Facebook, account: &ended, facts: &of_page };
    assert_eq!(word(by_ended.send(&comment).await.expect_err("an ended token")), "expired");
}
