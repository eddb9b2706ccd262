//! Calls of networks.

use std::time::Duration;

use molva_domain::SourceId;
use molva_storage::webhook::{KNOWN_FOR, NewWebhook, WaitingWebhook};

use crate::bench::{Bench, START};

fn call(source: i64, key: &str, body: &str) -> NewWebhook {
    NewWebhook { source: SourceId(source), key: key.to_owned(), body: body.as_bytes().to_vec() }
}

pub(crate) async fn a_call_is_kept_once_and_known_again_for_a_week(bench: &Bench) {
    let (storage, workspace) = (&bench.storage, bench.workspace);
    let calls = vec![call(1, "id:1", "a"), call(1, "id:2", "b"), call(1, "id:1", "a"), call(2, "id:1", "c")];
    assert_eq!(storage.keep_webhooks(workspace, calls, &[]).await.unwrap(), [true, true, false, true]);
    let waiting = storage.waiting_webhooks(workspace, 10).await.unwrap();
    let told: Vec<_> = waiting.iter().map(|call| (call.source.0, &*call.key, &*call.body)).collect();
    assert_eq!(told, [(1, "id:1", &b"a"[..]), (1, "id:2", b"b"), (2, "id:1", b"c")]);
    assert!(waiting.iter().all(|call| call.received_at == START), "{waiting:?}");
    assert_eq!(storage.waiting_webhooks(workspace, 1).await.unwrap(), waiting[..1]);
    let count = async |source| storage.count_waiting_webhooks(workspace, SourceId(source)).await.unwrap();
    assert_eq!((count(1).await, count(2).await, count(3).await), (2, 1, 0));

    let read = [waiting[0].id, waiting[1].id];
    assert!(storage.keep_webhooks(workspace, Vec::new(), &read).await.unwrap().is_empty());
    let left: Vec<WaitingWebhook> = storage.waiting_webhooks(workspace, 10).await.unwrap();
    assert_eq!(left, waiting[2..]);
    assert_eq!(storage.keep_webhooks(workspace, vec![call(1, "id:1", "a")], &[]).await.unwrap(), [false]);

    bench.clock.advance(KNOWN_FOR + Duration::from_secs(1));
    assert!(!storage.forget_webhooks().await.unwrap());
    assert_eq!(storage.waiting_webhooks(workspace, 10).await.unwrap(), left, "what was not read is not forgotten");
    let calls = vec![call(1, "id:1", "a"), call(2, "id:1", "c")];
    assert_eq!(storage.keep_webhooks(workspace, calls, &[]).await.unwrap(), [true, false]);
}
