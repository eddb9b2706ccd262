//! What the outbox does with a reply, for networks without keys: looks before it sends again what may have arrived.

use std::time::Duration;

use molva_connectors::{Outgoing, SendError, Sent};

use crate::reply_support::Sender;

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
