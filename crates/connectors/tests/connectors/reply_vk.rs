//! Answers on VK, played by its emulator.

use molva_connectors::Connector as _;
use molva_connectors::vk::Vk;
use molva_domain::{PostKind, ReplyVisibility, Urn};
use molva_emulators::{Faults, Kind, Seed};

use crate::reply_support::{Sender, account, deliver, facts, reply};
use crate::sandbox::Played;

const REPLIES: usize = 40;

async fn played() -> Played {
    let played = Played::live("vk").await;
    let now = played.sandbox.now();
    played.sandbox.inside().world.seed(&Seed { items: 120, place: Some(1), ..Seed::default() }, now);
    played
}

/// The URN of something said there, and of what kind it is for us.
fn target(played: &Played, kind: Kind) -> (Urn, PostKind) {
    let inside = played.sandbox.inside();
    let said = inside.world.of(1, kind).next().expect("one");
    let (id, under) = (said.id, said.under.unwrap_or(0));
    let urn = |kind: &str, native: String| Urn::of("vk", None, kind, &native);
    match kind {
        Kind::Comment => (urn("comment", format!("-1_{under}_{id}")), PostKind::Comment),
        Kind::TopicComment => (urn("board", format!("-1_{under}_{id}")), PostKind::Comment),
        Kind::Message => (urn("message", format!("1_{under}_{id}")), PostKind::Message),
        Kind::Post | Kind::Topic => (urn("post", format!("-1_{id}")), PostKind::Post),
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn each_answer_is_there_once_whatever_breaks_on_the_way() {
    let played = played().await;
    let base = played.base();
    let account = account(&[("*access_token", "community-token-1"), ("api_url", &base)]);
    let facts = facts(&Vk, &account).await;
    assert_eq!((facts.native_id.as_str(), facts.handle.as_str()), ("-1", "club1"));
    assert_eq!(facts.rule.visibilities, [ReplyVisibility::Public, ReplyVisibility::Private]);
    let mut faults = Faults::share(0.3);
    faults.slow_ms = 50;
    played.sandbox.inside().faults = faults;
    let sender = Sender { network: &Vk, account: &account, facts: &facts };
    let before = played.sandbox.inside().world.all().count();
    let mut urns = Vec::new();
    for number in 0..REPLIES {
        let kind = [Kind::Post, Kind::Comment, Kind::Message][number % 3];
        let (urn, kind) = target(&played, kind);
        let outgoing = reply(urn, kind, Some("person1005"), &format!("Спасибо, разбираемся: {number}"));
        urns.push(deliver(&sender, &outgoing).await.urn);
    }
    let inside = played.sandbox.inside();
    assert_eq!(inside.world.all().count(), before + REPLIES);
    assert!(inside.counts.replies.values().all(|received| received.made == 1), "{:?}", inside.counts.replies);
    assert_eq!((inside.counts.replies.len(), inside.counts.limits_exceeded), (REPLIES, 0));
    urns.sort();
    urns.dedup();
    assert_eq!(urns.len(), REPLIES);
    let asked: u64 = inside.counts.replies.values().map(|received| received.asked).sum();
    eprintln!("vk replies: {REPLIES} there once, {asked} requests, faults {:?}", inside.counts.faults);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_may_be_answered_and_what_is_refused_is_told() {
    let played = played().await;
    let base = played.base();
    let community = account(&[("*access_token", "community-token-1"), ("api_url", &base)]);
    let person = account(&[("*access_token", "user-token"), ("api_url", &base)]);
    let (of_community, of_person) = (facts(&Vk, &community).await, facts(&Vk, &person).await);
    assert_eq!((of_person.native_id.as_str(), of_person.rule.visibilities.len()), ("1001", 1));
    let replies = Vk.replies().expect("it can be answered");
    let (board, kind) = target(&played, Kind::TopicComment);
    let outgoing = reply(board, kind, None, "Ответили");
    let why = replies.may_reply(&outgoing.target, &community.settings, &of_community).map_err(|why| why.code);
    assert_eq!(why, Err("missing_right"), "VK lets only people write there");
    assert_eq!(replies.may_reply(&outgoing.target, &person.settings, &of_person), Ok(()));
    let by_person = Sender { network: &Vk, account: &person, facts: &of_person };
    let sent = by_person.send(&outgoing).await.expect("taken");
    assert!(sent.urn.as_str().starts_with("urn:smm:vk:board:-1_") && sent.url.is_some(), "{sent:?}");

    let by_community = Sender { network: &Vk, account: &community, facts: &of_community };
    let gone = reply(Urn::of("vk", None, "post", "-1_99999"), PostKind::Post, None, "x");
    assert_eq!(by_community.refusal(&gone).await, "parent_gone");
    let (post, kind) = target(&played, Kind::Post);
    let long = reply(post.clone(), kind, None, &"я".repeat(9_001));
    assert_eq!(by_community.refusal(&long).await, "too_long");
    let mut private = reply(post, kind, Some("person1009"), "Напишите нам номер");
    private.visibility = ReplyVisibility::Private;
    assert!(by_community.send(&private).await.expect("taken").urn.as_str().starts_with("urn:smm:vk:message:1_"));
    let mut stranger = private.clone();
    stranger.target.author_handle = Some("nobody".to_owned());
    stranger.id = crate::reply_support::fresh_id();
    assert_eq!(by_community.refusal(&stranger).await, "addressee_closed");
    let elsewhere = reply(Urn::of("mastodon", None, "post", "1"), PostKind::Post, None, "x");
    let why = replies.may_reply(&elsewhere.target, &community.settings, &of_community).map_err(|why| why.code);
    assert_eq!(why, Err("other_server"));
}
