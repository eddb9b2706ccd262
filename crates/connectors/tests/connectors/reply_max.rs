//! Answers on MAX, played by its emulator.

use molva_connectors::Connector as _;
use molva_connectors::max::Max;
use molva_domain::{PostKind, Urn};
use molva_emulators::{Fault, Faults, Kind, Seed};

use crate::max::urn;
use crate::reply_sandbox::each_is_there_once;
use crate::reply_support::{Sender, account, facts, fresh_id, reply, word};
use crate::sandbox::Played;

const TOKEN: &str = "emulator-token-of-max";

async fn played() -> Played {
    let played = Played::live("max").await;
    let now = played.sandbox.now();
    played.sandbox.inside().world.seed(&Seed { items: 160, place: Some(1), ..Seed::default() }, now);
    played
}

/// Something said there, as listening calls it.
fn target(played: &Played, kind: Kind) -> (Urn, PostKind) {
    let inside = played.sandbox.inside();
    let said = inside.world.of(1, kind).next().expect("one");
    let post_kind = match kind {
        Kind::Post => PostKind::Post,
        Kind::Comment => PostKind::Comment,
        _ => PostKind::Message,
    };
    (Urn::new(urn(said).expect("it is heard")), post_kind)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn each_answer_is_there_once_whatever_breaks_on_the_way() {
    let played = played().await;
    let base = played.base();
    let account = account(&[("*bot_token", TOKEN), ("api_url", &base)]);
    let facts = facts(&Max, &account).await;
    assert_eq!((facts.native_id.as_str(), facts.handle.as_str()), ("7000001", "echo_bot"));
    let sender = Sender { network: &Max, account: &account, facts: &facts };
    let heard = || played.sandbox.inside().world.all().filter_map(urn).collect();
    each_is_there_once(&played, &sender, |kind| target(&played, kind), heard).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_lost_answer_is_found_and_what_is_refused_is_told() {
    let played = played().await;
    let base = played.base();
    let account = account(&[("*bot_token", TOKEN), ("api_url", &base)]);
    let facts = facts(&Max, &account).await;
    let sender = Sender { network: &Max, account: &account, facts: &facts };
    let fault = |kind: Fault| played.sandbox.inside().faults = Faults::once(kind);
    let (comment, kind) = target(&played, Kind::Comment);
    let answer = |text: &str| reply(comment.clone(), kind, None, text);
    fault(Fault::CutJson);
    let lost = answer("Потеряно");
    assert_eq!(word(sender.send(&lost).await.expect_err("half an answer")), "unsure");
    let found = sender.find(&lost).await.expect("it arrived");
    assert!(found.urn.as_str().starts_with("urn:smm:max:comment:-70000000000001/"), "{found:?}");
    assert_eq!(sender.find(&answer("Другое")).await, None);
    fault(Fault::RateLimit);
    let limited = answer("Позже");
    assert_eq!(word(sender.send(&limited).await.expect_err("refused")), "later, at a time");
    assert_eq!(sender.find(&limited).await, None, "it certainly did not arrive");
    fault(Fault::ExpiredToken);
    assert_eq!(word(sender.send(&answer("x")).await.expect_err("refused")), "account");
    fault(Fault::ServerError);
    assert_eq!(word(sender.send(&answer("x")).await.expect_err("refused")), "unsure");

    let gone = Urn::of("max", None, "post", "-71000000000001/mid.00000001000000000001ffff");
    assert_eq!(sender.refusal(&reply(gone, PostKind::Message, None, "x")).await, "parent_gone");
    let closed = Urn::of("max", None, "post", "-71000000000003/mid.000000030000000000000001");
    assert_eq!(sender.refusal(&reply(closed, PostKind::Message, None, "x")).await, "parent_gone");
    let mut long = answer(&"😀".repeat(2_001));
    long.id = fresh_id();
    assert_eq!(sender.refusal(&long).await, "too_long");
    let elsewhere = reply(Urn::of("vk", None, "post", "-1_5"), PostKind::Post, None, "x");
    let why = Max.replies().expect("replies").may_reply(&elsewhere.target, &account.settings, &facts);
    assert_eq!(why.map_err(|why| why.code), Err("other_server"));
    let inside = played.sandbox.inside();
    assert_eq!((inside.counts.replies["Потеряно"].made, inside.counts.limits_exceeded), (1, 0));
}
