//! Saved views, notes on the time line, the workspace's time zone.

use std::time::Duration;

use molva_domain::{Actor, EventId, EventKind, Timestamp, TokenId, TopicId, UserId, ViewPage};
use molva_storage::StorageError;
use molva_storage::annotation::{Annotation, AnnotationDraft, AnnotationFilter};
use molva_storage::user::{NewUser, User};
use molva_storage::view::{Access, MAX_VIEWS, View, ViewDraft};
use molva_storage::workspace::{Workspace, WorkspaceChange};
use serde_json::{Value, json};

use crate::bench::{Bench, START};

async fn user(bench: &Bench, login: &str, name: &str) -> User {
    let new = NewUser {
        login: login.to_owned(),
        name: name.to_owned(),
        role: "analyst".to_owned(),
        password_hash: "$argon2id$…".to_owned(),
        locale: "uk".to_owned(),
    };
    bench.storage.create_user(bench.workspace, Actor::System, new).await.unwrap()
}

fn draft(name: &str, shared: bool) -> ViewDraft {
    ViewDraft { name: name.to_owned(), page: ViewPage::Search, address: "topic=1&tone=negative".to_owned(), shared }
}

/// Names somebody sees.
async fn seen(bench: &Bench, by: Option<UserId>) -> Vec<String> {
    let views = bench.storage.views(bench.workspace, by).await.unwrap();
    views.into_iter().map(|view| view.name).collect()
}

/// Kinds, actors and changes of events about one thing.
async fn events(bench: &Bench, subject: i64) -> Vec<(EventKind, Actor, Value)> {
    let events = bench.storage.events_after(bench.workspace, EventId(0), &[], 10_000).await.unwrap();
    let of_it = events.into_iter().filter(|event| event.subject == subject);
    of_it.map(|event| (event.kind, event.actor, serde_json::from_str(&event.change.unwrap()).unwrap())).collect()
}

pub(crate) async fn a_view_lives_from_creation_to_deletion(bench: &Bench) {
    let (storage, workspace) = (&bench.storage, bench.workspace);
    let anna = user(bench, "anna", "Анна").await;
    let made = storage.create_view(workspace, anna.id, draft("Жалобы", false)).await.unwrap();
    let expected = View {
        id: made.id,
        workspace,
        owner: anna.id,
        owner_name: "Анна".to_owned(),
        name: "Жалобы".to_owned(),
        page: ViewPage::Search,
        address: "topic=1&tone=negative".to_owned(),
        shared: false,
        created_at: START,
        updated_at: START,
    };
    assert_eq!(made, expected);
    assert_eq!(storage.view(workspace, Some(anna.id), made.id).await.unwrap(), Some(expected.clone()));
    let taken = storage.create_view(workspace, anna.id, draft(" жАЛОБЫ ", false)).await;
    assert!(matches!(taken, Err(StorageError::Taken { field: "name", .. })), "{taken:?}");
    let other = storage.create_view(workspace, anna.id, draft("Другие", false)).await.unwrap();

    bench.clock.advance(Duration::from_secs(5));
    let (actor, own) = (Actor::User(anna.id), Access::Own(anna.id));
    let change = ViewDraft { page: ViewPage::Questions, address: String::new(), ..draft("ЖАЛОБЫ", true) };
    let changed = storage.update_view(workspace, actor, own, made.id, change).await.unwrap().unwrap();
    let expected = View {
        name: "ЖАЛОБЫ".to_owned(),
        page: ViewPage::Questions,
        address: String::new(),
        shared: true,
        updated_at: storage.now(),
        ..expected
    };
    assert_eq!(changed, expected);
    let taken = storage.update_view(workspace, actor, own, other.id, draft("жалобы", false)).await;
    assert!(matches!(taken, Err(StorageError::Taken { .. })), "{taken:?}");
    assert_eq!(storage.views(workspace, Some(anna.id)).await.unwrap(), [other, expected]);

    assert!(storage.delete_view(workspace, actor, own, made.id).await.unwrap());
    assert!(!storage.delete_view(workspace, actor, own, made.id).await.unwrap());
    let (one, two) = (
        json!({ "name": "Жалобы", "page": "search", "shared": false }),
        json!({ "name": "ЖАЛОБЫ", "page": "questions", "shared": true }),
    );
    let expected = [
        (EventKind::ViewCreated, actor, json!({ "before": null, "after": one })),
        (EventKind::ViewChanged, actor, json!({ "before": one, "after": two })),
        (EventKind::ViewDeleted, actor, json!({ "before": two, "after": null })),
    ];
    assert_eq!(events(bench, made.id.0).await, expected);
}

pub(crate) async fn a_view_is_seen_by_its_owner_or_by_all_and_changed_by_whom_may(bench: &Bench) {
    let (storage, workspace) = (&bench.storage, bench.workspace);
    let (anna, boris) = (user(bench, "anna", "Анна").await, user(bench, "boris", "Борис").await);
    let own = storage.create_view(workspace, anna.id, draft("одна", false)).await.unwrap();
    let shared = storage.create_view(workspace, anna.id, draft("общая", true)).await.unwrap();
    storage.create_view(workspace, boris.id, draft("Одна", false)).await.unwrap();
    assert_eq!(seen(bench, Some(anna.id)).await, ["общая", "одна"]);
    assert_eq!(seen(bench, Some(boris.id)).await, ["общая", "Одна"]);
    assert_eq!(seen(bench, None).await, ["общая"]);
    assert_eq!(storage.view(workspace, Some(boris.id), own.id).await.unwrap(), None);

    let actor = Actor::User(boris.id);
    for (access, id, may) in [
        (Access::Own(boris.id), shared.id, false),
        (Access::OwnAndShared(boris.id), own.id, false),
        (Access::OwnAndShared(boris.id), shared.id, true),
    ] {
        let change = draft("изменена", true);
        let changed = storage.update_view(workspace, actor, access, id, change).await.unwrap();
        assert_eq!(changed.map(|view| view.owner), may.then_some(anna.id), "{access:?}");
        assert_eq!(storage.delete_view(workspace, actor, access, id).await.unwrap(), may, "{access:?}");
    }
    assert_eq!(seen(bench, Some(anna.id)).await, ["одна"]);
}

pub(crate) async fn there_is_a_largest_number_of_views(bench: &Bench) {
    let (storage, workspace) = (&bench.storage, bench.workspace);
    for number in 0..MAX_VIEWS {
        storage.create_view(workspace, UserId(1), draft(&format!("вид {number}"), false)).await.unwrap();
    }
    let refused = storage.create_view(workspace, UserId(2), draft("ещё", false)).await;
    assert!(matches!(refused, Err(StorageError::Full { what: "view", most: MAX_VIEWS })), "{refused:?}");
}

fn note(at: u64, until: Option<u64>, text: &str, topic: Option<TopicId>) -> AnnotationDraft {
    let time = |seconds: u64| START.plus(Duration::from_secs(seconds));
    AnnotationDraft { at: time(at), until: until.map(time), text: text.to_owned(), topic }
}

pub(crate) async fn an_annotation_lives_from_creation_to_deletion(bench: &Bench) {
    let (storage, workspace, topic) = (&bench.storage, bench.workspace, bench.topic("t").await);
    let (person, program) = (Actor::User(UserId(7)), Actor::Token(TokenId(8)));
    let made = storage.create_annotation(workspace, program, "выпуски", note(0, None, "Выпуск", None)).await.unwrap();
    let expected = Annotation {
        id: made.id,
        workspace,
        at: START,
        until: None,
        text: "Выпуск".to_owned(),
        topic: None,
        author: program,
        author_name: "выпуски".to_owned(),
        created_at: START,
    };
    assert_eq!(made, expected);
    let all = AnnotationFilter::default();
    assert_eq!(storage.annotations(workspace, &all).await.unwrap(), std::slice::from_ref(&expected));

    bench.clock.advance(Duration::from_secs(5));
    let change = note(10, Some(20), "Выпуск 2", Some(topic));
    let changed = storage.update_annotation(workspace, person, made.id, change).await.unwrap().unwrap();
    let expected = Annotation {
        at: START.plus(Duration::from_secs(10)),
        until: Some(START.plus(Duration::from_secs(20))),
        text: "Выпуск 2".to_owned(),
        topic: Some(topic),
        ..expected
    };
    assert_eq!((&changed, storage.annotations(workspace, &all).await.unwrap()), (&expected, vec![expected.clone()]));

    let nowhere = storage.create_annotation(workspace, person, "Анна", note(0, None, "x", Some(TopicId(1)))).await;
    assert!(matches!(nowhere, Err(StorageError::Missing { what: "topic", .. })), "{nowhere:?}");
    assert!(storage.delete_annotation(workspace, person, made.id).await.unwrap());
    assert!(!storage.delete_annotation(workspace, person, made.id).await.unwrap());
    let gone = storage.update_annotation(workspace, person, made.id, note(0, None, "x", None)).await.unwrap();
    assert_eq!(gone, None);
    let kinds: Vec<_> = events(bench, made.id.0).await.into_iter().map(|(kind, actor, _)| (kind, actor)).collect();
    let expected = [
        (EventKind::AnnotationCreated, program),
        (EventKind::AnnotationChanged, person),
        (EventKind::AnnotationDeleted, person),
    ];
    assert_eq!(kinds, expected);
}

pub(crate) async fn annotations_are_found_by_time_and_topic(bench: &Bench) {
    let (storage, workspace) = (&bench.storage, bench.workspace);
    let (one, two) = (bench.topic("one").await, bench.topic("two").await);
    for draft in [
        note(300, None, "c", Some(two)),
        note(0, Some(150), "a", None),
        note(100, None, "b", Some(one)),
        note(200, Some(250), "d", None),
    ] {
        storage.create_annotation(workspace, Actor::System, "", draft).await.unwrap();
    }
    let time = |seconds: u64| Some(START.plus(Duration::from_secs(seconds)));
    let found = |from: Option<Timestamp>, before: Option<Timestamp>, topics: Vec<TopicId>| async move {
        let filter = AnnotationFilter { from, before, topics };
        let found = storage.annotations(workspace, &filter).await.unwrap();
        found.into_iter().map(|annotation| annotation.text).collect::<Vec<_>>().join("")
    };
    assert_eq!(found(None, None, vec![]).await, "abdc");
    assert_eq!(found(time(120), None, vec![]).await, "adc", "a stretch that is not over counts");
    assert_eq!(found(time(160), time(300), vec![]).await, "d");
    assert_eq!(found(None, None, vec![one]).await, "abd", "what concerns all topics concerns each");
    assert_eq!(found(None, None, vec![one, two]).await, "abdc");
    storage.delete_topic(workspace, Actor::System, two).await.unwrap();
    assert_eq!(found(None, None, vec![]).await, "abd", "a deleted topic takes its annotations with it");
}

pub(crate) async fn a_workspace_has_a_time_zone_that_can_be_changed(bench: &Bench) {
    let (storage, id) = (&bench.storage, bench.workspace);
    let first = Workspace { id, name: "Test".to_owned(), time_zone: "UTC".to_owned() };
    assert_eq!(storage.ensure_workspace("x").await.unwrap(), first);
    let actor = Actor::User(UserId(7));
    let change = WorkspaceChange { time_zone: Some("Europe/Kyiv".to_owned()), ..WorkspaceChange::default() };
    let expected = Workspace { time_zone: "Europe/Kyiv".to_owned(), ..first };
    for _ in 0..2 {
        let changed = storage.update_workspace(id, actor, change.clone()).await.unwrap();
        assert_eq!(changed.as_ref(), Some(&expected));
    }
    assert_eq!(storage.workspace(id).await.unwrap(), Some(expected));
    let (one, two) = (json!({"name": "Test", "time_zone": "UTC"}), json!({"name": "Test", "time_zone": "Europe/Kyiv"}));
    let expected = [(EventKind::WorkspaceChanged, actor, json!({ "before": one, "after": two }))];
    assert_eq!(events(bench, id.0).await, expected, "what changes nothing is no event");
}
