//! Accounts, and the key that seals their secrets.

use std::collections::BTreeMap;

use molva_domain::{AccountId, AccountState, Actor, EventId, EventKind, Secret, SourceId, UserId};
use molva_storage::account::{Account, AccountChange, AccountDraft, AccountReport};
use molva_storage::rotation::Rotation;
use molva_storage::source::{Problem, SourceDraft};
use molva_storage::{Storage, StorageError};

use crate::bench::{Bench, START};

pub(crate) const WRITER: Actor = Actor::User(UserId(3));

pub(crate) fn problem(code: &str) -> Problem {
    Problem { code: code.to_owned(), message: format!("it is {code}") }
}

pub(crate) fn account_draft(name: &str, secrets: &[(&str, &str)]) -> AccountDraft {
    AccountDraft {
        connector: "mastodon".to_owned(),
        name: name.to_owned(),
        settings: BTreeMap::from([("server".to_owned(), "https://a.example".to_owned())]),
        secrets: secrets.iter().map(|(key, value)| ((*key).to_owned(), Secret::new(*value))).collect(),
        holder: None,
        needs_approval: false,
        facts: r#"{"handle":"us"}"#.to_owned(),
    }
}

pub(crate) async fn account(bench: &Bench, name: &str) -> AccountId {
    bench.storage.create_account(bench.workspace, WRITER, account_draft(name, &[("token", "t")])).await.unwrap().id
}

pub(crate) async fn an_account_lives_from_connection_to_disconnection(bench: &Bench) {
    let (storage, workspace) = (&bench.storage, bench.workspace);
    let created =
        storage.create_account(workspace, WRITER, account_draft("Us", &[("token", "hunter2")])).await.unwrap();
    let expected = Account {
        id: created.id,
        workspace,
        connector: "mastodon".to_owned(),
        name: "Us".to_owned(),
        settings: BTreeMap::from([("server".to_owned(), "https://a.example".to_owned())]),
        secret_keys: vec!["token".to_owned()],
        holder: None,
        state: AccountState::Connected,
        needs_approval: false,
        facts: Some(r#"{"handle":"us"}"#.to_owned()),
        checked_at: Some(START),
        problem: None,
        created_at: START,
        disconnected_at: None,
        grant: None,
    };
    assert_eq!(created, expected);
    let taken = storage.create_account(workspace, WRITER, account_draft("Us", &[])).await;
    assert!(matches!(taken, Err(StorageError::Taken { field: "account", .. })));

    let expired = AccountReport::NotAccepted { state: AccountState::Expired, problem: problem("auth_expired") };
    let expired = storage.report_account(workspace, created.id, expired).await.unwrap().unwrap();
    let as_told = Account { state: AccountState::Expired, problem: Some(problem("auth_expired")), ..expected.clone() };
    assert_eq!(expired, as_told);
    let change = AccountChange {
        name: Some("We".to_owned()),
        needs_approval: Some(true),
        secrets: BTreeMap::from([("token".to_owned(), Secret::new("hunter3"))]),
        facts: Some(r#"{"handle":"we"}"#.to_owned()),
    };
    let changed = storage.update_account(workspace, WRITER, created.id, change).await.unwrap().unwrap();
    let as_changed = Account {
        name: "We".to_owned(),
        needs_approval: true,
        facts: Some(r#"{"handle":"we"}"#.to_owned()),
        ..expected
    };
    assert_eq!(changed, as_changed);
    let secrets = storage.account_secrets(workspace, created.id).await.unwrap();
    assert_eq!(secrets["token"].expose(), "hunter3");

    let gone = storage.disconnect_account(workspace, WRITER, created.id).await.unwrap().unwrap();
    let as_gone = Account {
        state: AccountState::Disconnected,
        secret_keys: Vec::new(),
        disconnected_at: Some(START),
        ..as_changed
    };
    assert_eq!(gone, as_gone);
    assert_eq!(storage.accounts(workspace).await.unwrap(), [as_gone]);
    assert_eq!(storage.account_secrets(workspace, created.id).await.unwrap().len(), 0);
    assert_eq!(storage.update_account(workspace, WRITER, created.id, AccountChange::default()).await.unwrap(), None);
    account(bench, "We").await;
    let events = storage.events_after(workspace, EventId(0), &[], 10).await.unwrap();
    let kinds: Vec<_> = events.iter().map(|event| event.kind).collect();
    assert_eq!(
        kinds,
        [
            EventKind::AccountCreated,
            EventKind::AccountChanged,
            EventKind::AccountChanged,
            EventKind::AccountDisconnected,
            EventKind::AccountCreated
        ]
    );
    assert!(events.iter().all(|event| !event.change.as_deref().unwrap_or_default().contains("hunter")));
}

/// What all secrets are, as each of these handles opens them.
async fn opens(bench: &Bench, handles: &[&Storage], source: SourceId, account: AccountId) {
    for storage in handles {
        let token = |secrets: BTreeMap<String, Secret>| secrets["token"].expose().to_owned();
        assert_eq!(token(storage.source_secrets(bench.workspace, source).await.unwrap()), "of the source");
        assert_eq!(token(storage.account_secrets(bench.workspace, account).await.unwrap()), "of the account");
    }
}

pub(crate) async fn the_sealing_key_is_replaced_wherever_that_is_cut_off(bench: &Bench) {
    let (storage, workspace) = (&bench.storage, bench.workspace);
    let draft = SourceDraft {
        connector: "push".to_owned(),
        name: "s".to_owned(),
        settings: BTreeMap::new(),
        secrets: BTreeMap::from([("token".to_owned(), Secret::new("of the source"))]),
    };
    let source = storage.create_source(workspace, WRITER, draft).await.unwrap().id;
    let account = account_draft("us", &[("token", "of the account"), ("other", "2")]);
    let account = storage.create_account(workspace, WRITER, account).await.unwrap().id;
    let (key, next) = (bench.folder.path().join("sealing.key"), bench.folder.path().join("sealing.key.next"));
    let old = std::fs::read(&key).unwrap();
    // Another process that runs all the while.
    let other = bench.again().await;
    let rotation = storage.rotate_secrets().await.unwrap();
    assert_eq!(rotation, Rotation { source_secrets: 1, account_secrets: 2, oauth_secrets: 0 });
    let new = std::fs::read(&key).unwrap();
    assert!(new != old && !next.exists());
    opens(bench, &[storage, &other], source, account).await;

    // Cut off after the commit, before the key was put in its place.
    std::fs::rename(&key, &next).unwrap();
    std::fs::write(&key, &old).unwrap();
    let started = bench.again().await;
    opens(bench, &[storage, &other, &started], source, account).await;
    storage.rotate_secrets().await.unwrap();
    assert_eq!(std::fs::read(&key).unwrap(), new, "the key to come is the one that was left");
    opens(bench, &[storage, &other, &started], source, account).await;

    // Cut off before the commit; somebody enters a secret meanwhile.
    std::fs::write(&next, [7; 32]).unwrap();
    let change =
        AccountChange { secrets: BTreeMap::from([("other".to_owned(), Secret::new("3"))]), ..AccountChange::default() };
    other.update_account(workspace, WRITER, account, change).await.unwrap();
    opens(bench, &[storage, &started], source, account).await;
    started.rotate_secrets().await.unwrap();
    opens(bench, &[storage, &other], source, account).await;
    assert_eq!(storage.account_secrets(workspace, account).await.unwrap()["other"].expose(), "3");

    // A secret that does not open stops it, and nothing has changed.
    bench.sabotage("UPDATE account_secret SET secret_key = 'moved' WHERE secret_key = 'other'").await;
    assert!(matches!(storage.rotate_secrets().await, Err(StorageError::Incompatible(_))));
    let token = storage.source_secrets(workspace, source).await.unwrap();
    assert_eq!(token["token"].expose(), "of the source");
    other.close().await;
    started.close().await;
}
