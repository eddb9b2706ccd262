//! What the outbox does with a reply, for networks without keys: looks before it sends again what may have arrived.

use std::time::Duration;

use molva_connectors::{Outgoing, SendError, Sent};
use molva_domain::{PostKind, Urn};
use molva_emulators::{Faults, Kind};

use crate::reply_support::{Sender, reply};
use crate::sandbox::Played;

const REPLIES: usize = 40;

/// Answers things of every kind while a quarter of the calls breaks: each answer is there once, and is called what listening would
/// call it, which `heard` tells.
pub(crate) async fn each_is_there_once(
    played: &Played,
    sender: &Sender<'_>,
    target: impl Fn(Kind) -> (Urn, PostKind),
    heard: impl Fn() -> Vec<String>,
) {
    let mut faults = Faults::share(0.25);
    faults.slow_ms = 50;
    played.sandbox.inside().faults = faults;
    let before = heard().len();
    let mut urns = Vec::new();
    for number in 0..REPLIES {
        let (urn, kind) = target([Kind::Post, Kind::Comment, Kind::TopicComment, Kind::Message][number % 4]);
        let outgoing = reply(urn, kind, Some("person1005"), &format!("Спасибо, разбираемся: {number}"));
        urns.push(deliver(sender, &outgoing).await.urn);
    }
    let known = heard();
    assert_eq!(known.len(), before + REPLIES);
    assert!(urns.iter().all(|urn| known.iter().any(|known| known == urn.as_str())), "{urns:?}");
    urns.sort();
    urns.dedup();
    assert_eq!(urns.len(), REPLIES);
    let counts = &played.sandbox.inside().counts;
    assert!(counts.replies.values().all(|received| received.made == 1), "{:?}", counts.replies);
    assert_eq!((counts.replies.len(), counts.limits_exceeded), (REPLIES, 0));
    let asked: u64 = counts.requests.values().sum();
    eprintln!("{REPLIES} replies there once, {asked} requests, faults {:?}", counts.faults);
}

/// Goes on where a person would have acted. Nothing is sent again before the network answered that it is not there.
pub(crate) async fn deliver(sender: &Sender<'_>, outgoing: &Outgoing) -> Sent {
    let replies = sender.network.replies().expect("it can be answered");
    let mut unsure = false;
    for _ in 0..60 {
        if unsure {
            match replies.find(sender.account, sender.facts, outgoing).await {
                Ok(Some(sent)) => return sent,
                Ok(None) => unsure = false,
                Err(_) => {
                    tokio::time::sleep(Duration::from_millis(300)).await;
                    continue;
                }
            }
        }
        match sender.send(outgoing).await {
            Ok(sent) => return sent,
            Err(SendError::Refused { code: "parent_gone", .. } | SendError::Account { .. }) => {}
            Err(SendError::Later { .. }) => tokio::time::sleep(Duration::from_millis(2_100)).await,
            Err(SendError::Unsure { .. }) => unsure = true,
            Err(other) => panic!("{other:?}"),
        }
    }
    panic!("it was never taken");
}
