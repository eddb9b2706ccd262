//! Named lists, and the topics that use them.

use std::time::Duration;

use molva_domain::{Actor, EventId, EventKind, ListId, ListKind, TopicId, UserId, WorkspaceId};
use molva_storage::StorageError;
use molva_storage::list::{List, ListDraft, MAX_LISTS};
use molva_storage::topic::{Topic, TopicDraft};
use serde_json::{Value, json};

use crate::bench::{Bench, START, topic_draft};

const SOMEBODY: Actor = Actor::User(UserId(7));

fn draft(name: &str, entries: &[&str]) -> ListDraft {
    let entries = entries.iter().map(ToString::to_string).collect();
    ListDraft { name: name.to_owned(), kind: ListKind::Words, entries }
}

async fn made(bench: &Bench, name: &str, entries: &[&str]) -> List {
    bench.storage.create_list(bench.workspace, SOMEBODY, draft(name, entries)).await.unwrap()
}

async fn topic_with(bench: &Bench, name: &str, lists: &[&str]) -> Result<Topic, StorageError> {
    bench.storage.create_topic(bench.workspace, SOMEBODY, using(name, lists)).await
}

fn using(name: &str, lists: &[&str]) -> TopicDraft {
    TopicDraft { lists: lists.iter().map(ToString::to_string).collect(), ..topic_draft(name, "слово") }
}

pub(crate) async fn a_list_lives_from_creation_to_deletion(bench: &Bench) {
    let (storage, workspace) = (&bench.storage, bench.workspace);
    let list = made(bench, "Бренды", &["билайн", "мегафон", "дом ру"]).await;
    let expected = List {
        id: list.id,
        workspace,
        name: "Бренды".to_owned(),
        kind: ListKind::Words,
        entries: ["билайн", "мегафон", "дом ру"].map(ToOwned::to_owned).to_vec(),
        version: 1,
        created_at: START,
        updated_at: START,
    };
    assert_eq!((&list, storage.list(workspace, list.id).await.unwrap().as_ref()), (&expected, Some(&expected)));
    let taken = storage.create_list(workspace, SOMEBODY, draft("  бРЕНДЫ ", &["x"])).await;
    assert!(matches!(taken, Err(StorageError::Taken { field: "list", .. })), "names differ by letter case alone");
    let authors = ListDraft { kind: ListKind::Authors, ..draft("Анна и Ко", &["@anna"]) };
    let authors = storage.create_list(workspace, SOMEBODY, authors).await.unwrap();

    bench.clock.advance(Duration::from_secs(5));
    let change = ListDraft { name: "БРЕНДЫ".to_owned(), ..draft("", &["билайн", "yota"]) };
    let changed = storage.update_list(workspace, SOMEBODY, list.id, 1, change).await.unwrap().unwrap();
    let expected = List {
        name: "БРЕНДЫ".to_owned(),
        entries: ["билайн", "yota"].map(ToOwned::to_owned).to_vec(),
        version: 2,
        updated_at: storage.now(),
        ..expected
    };
    assert_eq!(
        (&changed, storage.lists(workspace).await.unwrap()),
        (&expected, vec![authors.clone(), expected.clone()])
    );
    assert_eq!(storage.list_versions(workspace).await.unwrap(), [(list.id, 2), (authors.id, 1)]);

    assert!(storage.delete_list(workspace, SOMEBODY, list.id).await.unwrap());
    assert!(!storage.delete_list(workspace, SOMEBODY, list.id).await.unwrap());
    assert_eq!(storage.lists(workspace).await.unwrap(), [authors]);
    let gone = storage.update_list(workspace, SOMEBODY, list.id, 2, draft("x", &["x"])).await;
    assert_eq!(gone.unwrap(), None);

    let kinds = [EventKind::ListCreated, EventKind::ListChanged, EventKind::ListDeleted];
    let events = storage.events_after(workspace, EventId(0), &kinds, 10).await.unwrap();
    let of_it: Vec<_> = events.iter().filter(|event| event.subject == list.id.0).collect();
    assert_eq!(
        of_it.iter().map(|event| (event.kind, event.actor)).collect::<Vec<_>>(),
        kinds.map(|kind| (kind, SOMEBODY))
    );
    let change: Value = serde_json::from_str(of_it[1].change.as_deref().unwrap()).unwrap();
    let expected = json!({
        "before": { "name": "Бренды", "kind": "words", "entries": 3, "version": 1 },
        "after": { "name": "БРЕНДЫ", "kind": "words", "entries": 2, "version": 2 },
        "added": ["yota"],
        "removed": ["мегафон", "дом ру"],
    });
    assert_eq!(change, expected);
}

pub(crate) async fn a_list_that_somebody_else_changed_is_not_overwritten(bench: &Bench) {
    let (storage, workspace) = (&bench.storage, bench.workspace);
    let list = made(bench, "Бренды", &["a"]).await;
    let other = bench.again().await;
    // Two at once from the same version: one wins.
    let (one, two) = tokio::join!(
        storage.update_list(workspace, SOMEBODY, list.id, 1, draft("Бренды", &["one"])),
        other.update_list(workspace, SOMEBODY, list.id, 1, draft("Бренды", &["two"])),
    );
    let (won, lost) = if one.is_ok() { (one, two) } else { (two, one) };
    assert!(matches!(lost, Err(StorageError::Stale { what: "list", version: 2 })), "{lost:?}");
    assert_eq!(storage.list(workspace, list.id).await.unwrap(), won.unwrap());
    other.close().await;
}

pub(crate) async fn a_list_that_topics_use_stays_under_its_name(bench: &Bench) {
    let (storage, workspace) = (&bench.storage, bench.workspace);
    let (brands, people) = (made(bench, "Бренды", &["a"]).await, made(bench, "People", &["b"]).await);
    let one = topic_with(bench, "Один", &["бренды", "Бренды", "people"]).await.unwrap();
    let two = topic_with(bench, "Два", &["Бренды"]).await.unwrap();
    let uses = |list: ListId| async move {
        let uses = storage.uses_of_list(workspace, list).await.unwrap();
        uses.into_iter().map(|list_use| (list_use.topic, list_use.topic_name)).collect::<Vec<_>>()
    };
    assert_eq!(uses(brands.id).await, [(one.id, "Один".to_owned()), (two.id, "Два".to_owned())]);
    assert_eq!(storage.list_uses(workspace).await.unwrap().len(), 3);

    let deleted = storage.delete_list(workspace, SOMEBODY, brands.id).await;
    let Err(StorageError::InUse { what: "list", name, by }) = deleted else { panic!("{deleted:?}") };
    assert_eq!((name.as_str(), by), ("Бренды", vec!["Один".to_owned(), "Два".to_owned()]));
    let renamed = storage.update_list(workspace, SOMEBODY, brands.id, 1, draft("Марки", &["a"])).await;
    assert!(matches!(renamed, Err(StorageError::InUse { .. })), "{renamed:?}");
    storage.update_list(workspace, SOMEBODY, brands.id, 1, draft("БРЕНДЫ", &["a", "c"])).await.unwrap().unwrap();

    // What does not use it any more does not keep it.
    storage.update_topic(workspace, SOMEBODY, one.id, using("Один", &["People"])).await.unwrap().unwrap();
    assert_eq!(uses(brands.id).await, [(two.id, "Два".to_owned())]);
    storage.delete_topic(workspace, SOMEBODY, two.id).await.unwrap();
    assert!(storage.delete_list(workspace, SOMEBODY, brands.id).await.unwrap());
    assert_eq!(uses(people.id).await, [(one.id, "Один".to_owned())]);
}

pub(crate) async fn a_topic_cannot_use_a_list_that_does_not_exist(bench: &Bench) {
    let (storage, workspace) = (&bench.storage, bench.workspace);
    let refused = topic_with(bench, "Один", &["Бренды"]).await;
    assert!(matches!(&refused, Err(StorageError::Missing { what: "list", name }) if name == "Бренды"), "{refused:?}");
    assert_eq!(storage.topics(workspace).await.unwrap(), [], "nothing of it was stored");
    let list = made(bench, "Бренды", &["a"]).await;
    let topic = topic_with(bench, "Один", &["Бренды"]).await.unwrap();
    let refused = storage.update_topic(workspace, SOMEBODY, topic.id, using("Новый", &["Люди"])).await;
    assert!(matches!(refused, Err(StorageError::Missing { .. })), "{refused:?}");
    assert_eq!(storage.topics_by_id(workspace, &[topic.id, TopicId(1)]).await.unwrap(), [topic]);
    assert_eq!(storage.uses_of_list(workspace, list.id).await.unwrap().len(), 1);
}

pub(crate) async fn lists_of_other_workspaces_are_not_seen(bench: &Bench) {
    let storage = &bench.storage;
    let list = made(bench, "Бренды", &["a"]).await;
    bench.sabotage("INSERT INTO workspace (id, name, created_at, last_event) VALUES (77, 'Чужие', 0, 0)").await;
    let stranger = WorkspaceId(77);
    assert_eq!(storage.list(stranger, list.id).await.unwrap(), None);
    assert_eq!(storage.update_list(stranger, SOMEBODY, list.id, 1, draft("x", &["x"])).await.unwrap(), None);
    assert!(!storage.delete_list(stranger, SOMEBODY, list.id).await.unwrap());
    let refused = storage.create_topic(stranger, SOMEBODY, using("Один", &["Бренды"])).await;
    assert!(matches!(refused, Err(StorageError::Missing { .. })), "{refused:?}");
    let own = storage.create_list(stranger, SOMEBODY, draft("Бренды", &["b"])).await.unwrap();
    assert_eq!(storage.lists(stranger).await.unwrap(), [own]);
    assert_eq!(storage.lists(bench.workspace).await.unwrap(), [list]);
}

pub(crate) async fn there_is_a_largest_number_of_lists(bench: &Bench) {
    let (storage, workspace) = (&bench.storage, bench.workspace);
    for number in 0..MAX_LISTS {
        made(bench, &format!("список {number}"), &["a"]).await;
    }
    let refused = storage.create_list(workspace, SOMEBODY, draft("ещё один", &["a"])).await;
    assert!(matches!(refused, Err(StorageError::Full { what: "list", most: MAX_LISTS })), "{refused:?}");
}
