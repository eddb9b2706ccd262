//! Access by consent: who comes back, with which client, and what keeps tokens alive.

use std::collections::BTreeMap;
use std::time::Duration;

use molva_domain::{AccountId, AccountState, Actor, EventId, EventKind, Secret, UserId};
use molva_storage::StorageError;
use molva_storage::account::AccountDraft;
use molva_storage::oauth::{
    ClaimedGrant, GrantOwner, GrantSettled, NewGrant, NewOAuthClient, NewPending, PENDING_FOR, Pending,
};
use molva_storage::source::Problem;

use crate::bench::Bench;

const WRITER: Actor = Actor::User(UserId(3));
const LEASE: Duration = Duration::from_secs(60);
const HOUR: Duration = Duration::from_secs(3_600);

fn pending(state: u8, session: u8) -> NewPending {
    NewPending {
        connector: "vk".to_owned(),
        state: [state; 32],
        session: [session; 32],
        user: UserId(3),
        content: Secret::new(format!("hunter{state}")),
    }
}

pub(crate) async fn who_was_sent_away_comes_back_once_in_time_and_in_their_own_session(bench: &Bench) {
    let (storage, workspace) = (&bench.storage, bench.workspace);
    storage.begin_authorization(workspace, pending(1, 1)).await.unwrap();
    assert_eq!(storage.take_authorization(workspace, [2; 32], [1; 32]).await.unwrap(), None);
    assert_eq!(storage.take_authorization(workspace, [1; 32], [2; 32]).await.unwrap(), None);
    let found = storage.take_authorization(workspace, [1; 32], [1; 32]).await.unwrap();
    let expected = Pending { connector: "vk".to_owned(), user: UserId(3), content: Secret::new("hunter1") };
    assert_eq!(found, Some(expected));
    assert_eq!(storage.take_authorization(workspace, [1; 32], [1; 32]).await.unwrap(), None);

    storage.begin_authorization(workspace, pending(3, 1)).await.unwrap();
    bench.clock.advance(PENDING_FOR);
    assert_eq!(storage.take_authorization(workspace, [3; 32], [1; 32]).await.unwrap(), None);
    for state in 10..30 {
        storage.begin_authorization(workspace, pending(state, 1)).await.unwrap();
    }
    let full = storage.begin_authorization(workspace, pending(30, 1)).await;
    assert!(matches!(full, Err(StorageError::Full { .. })), "{full:?}");
}

fn client(server: &str, id: &str, secret: Option<&str>) -> NewOAuthClient {
    NewOAuthClient {
        connector: "vk".to_owned(),
        server: server.to_owned(),
        client_id: id.to_owned(),
        secret: secret.map(Secret::new),
        redirect: None,
    }
}

pub(crate) async fn the_newest_client_is_in_use_and_former_ones_stay(bench: &Bench) {
    let (storage, workspace) = (&bench.storage, bench.workspace);
    assert_eq!(storage.oauth_client(workspace, "vk", "").await.unwrap(), None);
    storage.keep_oauth_client(workspace, WRITER, client("", "one", Some("hunter2"))).await.unwrap();
    bench.clock.advance(HOUR);
    storage.keep_oauth_client(workspace, WRITER, client("", "two", None)).await.unwrap();
    // One that a network made itself has a way back of its own.
    let made = NewOAuthClient {
        redirect: Some("https://molva.example/back".to_owned()),
        ..client("a.example", "three", None)
    };
    storage.keep_oauth_client(workspace, WRITER, made).await.unwrap();
    let used = storage.oauth_client(workspace, "vk", "").await.unwrap().unwrap();
    assert_eq!((used.client_id.as_str(), used.secret), ("two", None));
    let former = storage.oauth_client_by_id(workspace, "vk", "", "one").await.unwrap().unwrap();
    assert_eq!(former.secret, Some(Secret::new("hunter2")));
    let listed: Vec<_> =
        storage.oauth_clients(workspace).await.unwrap().into_iter().map(|client| client.client_id).collect();
    assert_eq!(listed, ["two"]);

    // The first one again: its secret stays, another replaces it.
    bench.clock.advance(HOUR);
    storage.keep_oauth_client(workspace, WRITER, client("", "one", None)).await.unwrap();
    let used = storage.oauth_client(workspace, "vk", "").await.unwrap().unwrap();
    assert_eq!((used.client_id.as_str(), used.secret), ("one", Some(Secret::new("hunter2"))));
    assert_eq!(storage.rotate_secrets().await.unwrap().oauth_secrets, 1);
    let used = storage.oauth_client(workspace, "vk", "").await.unwrap().unwrap();
    assert_eq!(used.secret, Some(Secret::new("hunter2")));

    assert!(storage.forget_oauth_clients(workspace, WRITER, "vk", "").await.unwrap());
    assert!(!storage.forget_oauth_clients(workspace, WRITER, "vk", "").await.unwrap());
    assert!(storage.oauth_client(workspace, "vk", "a.example").await.unwrap().is_some());
    let events = storage.events_after(workspace, EventId(0), &[EventKind::WorkspaceChanged], 10).await.unwrap();
    assert_eq!(events.len(), 4, "what networks make themselves is not told");
    assert!(events.iter().all(|event| !event.change.as_deref().unwrap_or_default().contains("hunter")));
}

fn grant(bench: &Bench, content: &str) -> NewGrant {
    let now = bench.storage.now();
    NewGrant {
        connector: "vk".to_owned(),
        server: String::new(),
        client_id: "one".to_owned(),
        content: Secret::new(content),
        ends_at: Some(now.plus(HOUR)),
        renewable_until: None,
        refresh_at: Some(now.plus(HOUR / 3 * 2)),
    }
}

async fn account(bench: &Bench) -> AccountId {
    let draft = AccountDraft {
        connector: "vk".to_owned(),
        name: "us".to_owned(),
        settings: BTreeMap::new(),
        secrets: BTreeMap::from([("access_token".to_owned(), Secret::new("a1"))]),
        holder: None,
        needs_approval: false,
        facts: "{}".to_owned(),
    };
    let grant = Some(grant(bench, "r1"));
    bench.storage.create_account_by(bench.workspace, WRITER, draft, grant).await.unwrap().id
}

async fn claim(bench: &Bench, owner: &str) -> Vec<ClaimedGrant> {
    bench.storage.claim_grants(bench.workspace, owner, LEASE, 10).await.unwrap()
}

fn renewed(bench: &Bench, content: &str, token: &str) -> GrantSettled {
    let now = bench.storage.now();
    GrantSettled::Renewed {
        content: Secret::new(content),
        secrets: BTreeMap::from([("access_token".to_owned(), Secret::new(token))]),
        ends_at: Some(now.plus(HOUR)),
        renewable_until: None,
        refresh_at: Some(now.plus(HOUR / 3 * 2)),
    }
}

pub(crate) async fn one_process_renews_a_token_and_it_is_known_when_its_answer_was_lost(bench: &Bench) {
    let (storage, workspace) = (&bench.storage, bench.workspace);
    let us = account(bench).await;
    assert_eq!(claim(bench, "one").await.len(), 0, "its time has not come");
    bench.clock.advance(HOUR / 3 * 2);
    let other = bench.again().await;
    let (one, two) =
        tokio::join!(claim(bench, "one"), async { other.claim_grants(workspace, "two", LEASE, 10).await.unwrap() });
    let mut claimed = [one, two].concat();
    assert_eq!(claimed.len(), 1, "one of two has it");
    let lost = claimed.remove(0);
    assert_eq!((lost.content.expose(), lost.asked_before, lost.owner), ("r1", false, GrantOwner::Account(us)));
    other.close().await;

    // It dies. The next one knows that the token may be spent, and the dead one writes nothing any more.
    bench.clock.advance(LEASE);
    let next = claim(bench, "three").await.remove(0);
    assert_eq!((next.content.expose(), next.asked_before), ("r1", true));
    assert!(!storage.settle_grant(&lost, renewed(bench, "r9", "a9")).await.unwrap());
    assert_eq!(storage.abandon_grants(workspace, "three").await.unwrap(), 1);
    let next = claim(bench, "three").await.remove(0);
    assert!(next.asked_before);
    assert!(storage.settle_grant(&next, renewed(bench, "r2", "a2")).await.unwrap());
    let kept = storage.grant(workspace, GrantOwner::Account(us)).await.unwrap().unwrap();
    assert_eq!(kept.content.expose(), "r2");
    let secrets = storage.account_secrets(workspace, us).await.unwrap();
    assert_eq!(secrets["access_token"].expose(), "a2");
    assert_eq!(storage.rotate_secrets().await.unwrap().oauth_secrets, 1);
    let kept = storage.grant(workspace, GrantOwner::Account(us)).await.unwrap().unwrap();
    assert_eq!(kept.content.expose(), "r2");

    // What certainly was not asked leaves no doubt behind; what was, does.
    bench.clock.advance(HOUR);
    let claimed = claim(bench, "one").await.remove(0);
    let until = storage.now().plus(LEASE);
    assert!(storage.settle_grant(&claimed, GrantSettled::Later { until }).await.unwrap());
    bench.clock.advance(LEASE);
    let claimed = claim(bench, "one").await.remove(0);
    assert_eq!((claimed.asked_before, claimed.failures), (false, 1));
    let until = storage.now().plus(LEASE);
    assert!(storage.settle_grant(&claimed, GrantSettled::Lost { until }).await.unwrap());
    bench.clock.advance(LEASE);
    let claimed = claim(bench, "one").await.remove(0);
    assert_eq!((claimed.asked_before, claimed.failures), (true, 2));

    let problem = Problem { code: "renewal_lost".to_owned(), message: "spent".to_owned() };
    assert!(storage.settle_grant(&claimed, GrantSettled::Ended(problem.clone())).await.unwrap());
    let expired = storage.account(workspace, us).await.unwrap().unwrap();
    assert_eq!((expired.state, expired.problem), (AccountState::Expired, Some(problem)));
    assert_eq!(expired.grant.map(|grant| grant.refresh_at), Some(None));
    bench.clock.advance(HOUR);
    assert_eq!(claim(bench, "one").await.len(), 0, "only a person can mend it");
}

pub(crate) async fn a_token_that_was_given_anew_meanwhile_is_not_overwritten(bench: &Bench) {
    let (storage, workspace) = (&bench.storage, bench.workspace);
    let us = account(bench).await;
    let owner = GrantOwner::Account(us);
    assert!(!storage.hasten_grant(workspace, owner, LEASE).await.unwrap(), "it is too young");
    bench.clock.advance(LEASE);
    assert!(storage.hasten_grant(workspace, owner, LEASE).await.unwrap());
    let claimed = claim(bench, "one").await.remove(0);
    let change = molva_storage::account::AccountChange {
        secrets: BTreeMap::from([("access_token".to_owned(), Secret::new("a5"))]),
        facts: Some("{}".to_owned()),
        ..Default::default()
    };
    let anew = Some(grant(bench, "r5"));
    storage.update_account_by(workspace, WRITER, us, change.clone(), anew).await.unwrap();
    assert!(!storage.settle_grant(&claimed, renewed(bench, "r2", "a2")).await.unwrap());
    assert_eq!(storage.account_secrets(workspace, us).await.unwrap()["access_token"].expose(), "a5");
    assert_eq!(storage.grant(workspace, owner).await.unwrap().unwrap().content.expose(), "r5");

    // Keys that are entered by hand are renewed by nobody, and disconnecting wipes all of it.
    storage.update_account(workspace, WRITER, us, change.clone()).await.unwrap();
    assert!(storage.grant(workspace, owner).await.unwrap().is_none());
    storage.update_account_by(workspace, WRITER, us, change, Some(grant(bench, "r6"))).await.unwrap();
    storage.disconnect_account(workspace, WRITER, us).await.unwrap();
    assert!(storage.grant(workspace, owner).await.unwrap().is_none());
    assert_eq!(storage.rotate_secrets().await.unwrap().oauth_secrets, 0);
}
