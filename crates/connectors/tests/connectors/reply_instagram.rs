//! Answers on Instagram, played by the emulator of Meta's Graph API.

use std::time::Duration;

use molva_connectors::instagram::Instagram;
use molva_connectors::{AccountSession, Connector as _, Outgoing};
use molva_domain::{PostKind, ReplyVisibility, Urn};
use molva_emulators::{Faults, Kind, Said, Saying, Seed, Who};

use crate::instagram::urn;
use crate::reply_facebook::deliver;
use crate::reply_support::{Between, Sender, account, facts, now, reply};
use crate::sandbox::Played;

const REPLIES: usize = 40;

pub(crate) async fn played() -> Played {
    let played = Played::quick("meta").await;
    let now = played.sandbox.now();
    let kinds = vec![Kind::Post, Kind::Comment, Kind::Comment, Kind::Message];
    played
        .sandbox
        .inside()
        .world
        .seed(&Seed { items: 160, span_s: 3_600, place: Some(1), kinds, ..Seed::default() }, now);
    played
}

fn with_base(base: &str) -> AccountSession {
    account(&[("*access_token", "page-token-1"), ("*app_secret", "emulator-app-secret"), ("api_url", base)])
}

/// Something under the account's own media, as what is answered.
pub(crate) fn to(played: &Played, kind: Kind, wanted: impl Fn(&Said) -> bool, text: &str) -> Outgoing {
    let inside = played.sandbox.inside();
    let said = inside.world.of(1, kind).find(|said| wanted(said)).expect("one");
    let above = |id: u64| inside.world.find(1, id).map(|above| Urn::new(urn(above)));
    let (of, in_reply_to) = match (kind, said.answers) {
        (Kind::Comment, Some(answers)) => (PostKind::Reply, above(answers)),
        (Kind::Comment, None) => (PostKind::Comment, said.under.and_then(above)),
        (Kind::Message, _) => (PostKind::Message, None),
        _ => (PostKind::Post, None),
    };
    let mut outgoing = reply(Urn::new(urn(said)), of, None, text);
    outgoing.target.in_reply_to = in_reply_to;
    outgoing.target.community = Some("instagram/17841400000000001".to_owned());
    outgoing
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn each_answer_is_there_once_whatever_breaks_on_the_way() {
    let played = played().await;
    let base = played.base();
    let account = with_base(&base);
    let facts = facts(&Instagram, &account).await;
    assert_eq!((facts.native_id.as_str(), facts.handle.as_str()), ("17841400000000001", "brand1"));
    let sender = Sender { network: &Instagram, account: &account, facts: &facts };
    let mut faults = Faults::share(0.3);
    faults.slow_ms = 50;
    played.sandbox.inside().faults = faults;
    let before = played.sandbox.inside().world.all().count();
    let mut urns = Vec::new();
    for number in 0..REPLIES {
        let text = format!("Спасибо, разбираемся: {number}");
        let by_person = |said: &Said| matches!(said.who, Who::Person(_));
        let mut outgoing = match number % 4 {
            0 => to(&played, Kind::Post, |_| true, &text),
            1 => to(&played, Kind::Comment, |said| said.answers.is_some(), &text),
            2 => to(&played, Kind::Message, by_person, &text),
            _ => to(
                &played,
                Kind::Comment,
                |said| said.answers.is_none() && said.id as usize > number && by_person(said),
                &text,
            ),
        };
        if number % 8 == 3 {
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
    let there: Vec<String> = inside.world.all().map(urn).collect();
    assert!(urns.len() == REPLIES && urns.iter().all(|urn| there.contains(&urn.to_string())), "{urns:?}");
    eprintln!("instagram replies: {REPLIES} there once, faults {:?}", inside.counts.faults);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_answer_whose_receipt_was_lost_is_found_and_what_may_not_be_answered_is_told() {
    let played = played().await;
    let between = Between::start(Some(&played.base())).await;
    let account = with_base(&between.address);
    let facts = facts(&Instagram, &account).await;
    let sender = Sender { network: &Instagram, account: &account, facts: &facts };
    let by_person = |said: &Said| matches!(said.who, Who::Person(_));
    for (kind, visibility) in [
        (Kind::Comment, ReplyVisibility::Public),
        (Kind::Comment, ReplyVisibility::Private),
        (Kind::Message, ReplyVisibility::Public),
    ] {
        let mut outgoing = to(&played, kind, by_person, &format!("Ответ {kind:?} {visibility:?}"));
        outgoing.visibility = visibility;
        assert_eq!(sender.find(&outgoing).await, None, "{kind:?}");
        between.lose("POST ");
        assert_eq!(sender.refusal(&outgoing).await, "unsure", "{kind:?}");
        let found = sender.find(&outgoing).await.expect("it is there");
        assert!(played.sandbox.inside().world.all().map(urn).any(|urn| urn == found.urn.to_string()), "{found:?}");
    }

    let replies = Instagram.replies().expect("it can be answered");
    let may =
        |outgoing: &Outgoing| replies.may_reply(&outgoing.target, &account.settings, &facts).map_err(|why| why.code);
    let comment = to(&played, Kind::Comment, by_person, "Ответ");
    assert_eq!(may(&comment), Ok(()));
    let mut of_another = comment.clone();
    of_another.target.community = Some("instagram/17841400000000002".to_owned());
    assert_eq!(may(&of_another), Err("missing_right"));
    assert_eq!(may(&reply(Urn::of("facebook", None, "post", "1_1"), PostKind::Post, None, "x")), Err("other_server"));
    let mut long = comment.clone();
    long.text = "я".repeat(301);
    assert_eq!(sender.refusal(&long).await, "too_long");
    let mut old = to(&played, Kind::Message, by_person, "Поздно");
    old.target.published_at = now().minus(Duration::from_secs(90_000));
    assert_eq!(sender.refusal(&old).await, "window_closed");

    // In a stranger's caption that names us: taken, but not to be looked for.
    let at = played.sandbox.now();
    let saying = Saying {
        place: 1,
        kind: Kind::Topic,
        who: Who::Person(1_007),
        text: "@brand1 смотрите".to_owned(),
        under: None,
        answers: None,
    };
    let media = played.sandbox.inside().world.say(saying, at);
    let named = urn(played.sandbox.inside().world.find(1, media).expect("said"));
    let mention = reply(Urn::new(named), PostKind::Post, None, "Спасибо!");
    assert_eq!(may(&mention), Ok(()));
    let sent = sender.send(&mention).await.expect("taken");
    assert!(sent.urn.as_str().starts_with("urn:smm:instagram:comment:179"), "{sent:?}");
    assert!(replies.find(&account, &facts, &mention).await.is_err());
    let mut private = mention;
    private.visibility = ReplyVisibility::Private;
    assert_eq!(sender.refusal(&private).await, "not_private");
}
