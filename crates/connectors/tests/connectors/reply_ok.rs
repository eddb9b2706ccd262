//! Answers on Odnoklassniki, played by its emulator.

use molva_connectors::ok::Odnoklassniki;
use molva_connectors::{AccountSession, Connector as _};
use molva_domain::{PostKind, Urn};
use molva_emulators::{Fault, Faults, Kind, Seed};

use crate::ok::urn;
use crate::reply_sandbox::each_is_there_once;
use crate::reply_support::{Sender, account, facts, fresh_id, reply, word};
use crate::sandbox::Played;

async fn played() -> Played {
    let played = Played::live("ok").await;
    let now = played.sandbox.now();
    played.sandbox.inside().world.seed(&Seed { items: 160, place: Some(1), ..Seed::default() }, now);
    played
}

fn connected(played: &Played, more: &[(&str, &str)]) -> AccountSession {
    let base = played.base();
    let mut settings = vec![
        ("application_key", "CEMULATORKEY"),
        ("*application_secret", "EMULATORSECRET"),
        ("*access_token", "emulator-token-of-ok"),
        ("api_url", &*base),
    ];
    settings.extend(more);
    account(&settings)
}

/// Something said there, as listening calls it.
fn target(played: &Played, kind: Kind) -> (Urn, PostKind) {
    let inside = played.sandbox.inside();
    let said = inside.world.of(1, kind).next().expect("one");
    let post_kind = match kind {
        Kind::Post | Kind::Topic => PostKind::Post,
        Kind::Comment | Kind::TopicComment => PostKind::Comment,
        Kind::Message => PostKind::Message,
    };
    (Urn::new(urn(said)), post_kind)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn each_answer_is_there_once_whatever_breaks_on_the_way() {
    let played = played().await;
    let account = connected(&played, &[("*group_token", "emulator-token-of-group-1")]);
    let facts = facts(&Odnoklassniki, &account).await;
    assert_eq!((facts.native_id.as_str(), facts.scopes.len()), ("570000000001", 1));
    let sender = Sender { network: &Odnoklassniki, account: &account, facts: &facts };
    let heard = || played.sandbox.inside().world.all().map(urn).collect();
    each_is_there_once(&played, &sender, |kind| target(&played, kind), heard).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_lost_answer_is_found_and_what_is_refused_is_told() {
    let played = played().await;
    let account = connected(&played, &[("as_group", "false")]);
    let facts = facts(&Odnoklassniki, &account).await;
    let sender = Sender { network: &Odnoklassniki, account: &account, facts: &facts };
    let fault = |kind: Fault| played.sandbox.inside().faults = Faults::once(kind);
    let (comment, kind) = target(&played, Kind::Comment);
    let answer = |text: &str| reply(comment.clone(), kind, None, text);
    fault(Fault::CutJson);
    let lost = answer("Потеряно");
    assert_eq!(word(sender.send(&lost).await.expect_err("half an answer")), "unsure");
    let found = sender.find(&lost).await.expect("it arrived");
    assert!(found.urn.as_str().starts_with("urn:smm:ok:comment:GROUP_TOPIC/"), "{found:?}");
    assert_eq!(sender.find(&answer("Другое")).await, None);
    fault(Fault::ServerError);
    assert_eq!(word(sender.send(&answer("x")).await.expect_err("refused")), "unsure");
    fault(Fault::ExpiredToken);
    assert_eq!(word(sender.send(&answer("x")).await.expect_err("refused")), "expired");
    fault(Fault::Captcha);
    assert_eq!(word(sender.send(&answer("x")).await.expect_err("refused")), "account");
    fault(Fault::RateLimit);
    assert_eq!(word(sender.send(&answer("Позже")).await.expect_err("refused")), "later, at a time");

    let gone = Urn::of("ok", None, "post", "GROUP_TOPIC/150010000099999");
    assert_eq!(sender.refusal(&reply(gone, PostKind::Post, None, "x")).await, "parent_gone");
    let mut long = answer(&"я".repeat(2_049));
    long.id = fresh_id();
    assert_eq!(sender.refusal(&long).await, "too_long");
    let replies = Odnoklassniki.replies().expect("replies");
    let may = |urn: Urn, kind| {
        let outgoing = reply(urn, kind, None, "x");
        replies.may_reply(&outgoing.target, &account.settings, &facts).map_err(|why| why.code)
    };
    let (message, kind) = target(&played, Kind::Message);
    assert_eq!(may(message, kind), Err("missing_right"), "the token of the group is not there");
    assert_eq!(may(Urn::of("vk", None, "post", "-1_5"), PostKind::Post), Err("other_server"));
    assert_eq!(may(comment.clone(), PostKind::Comment), Ok(()));
    assert_eq!(played.sandbox.inside().counts.limits_exceeded, 0);
}
