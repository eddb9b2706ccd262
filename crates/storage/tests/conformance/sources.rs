//! Sources, their secrets, leases, reports and gaps.

use std::collections::BTreeMap;
use std::time::Duration;

use molva_domain::{Actor, EventId, EventKind, Gap, GapCause, Quota, Secret, SourceState, UserId};
use molva_storage::StorageError;
use molva_storage::source::{Problem, Source, SourceDraft, SourceReport};

use crate::bench::{Bench, START, unmatched};

fn draft(name: &str, settings: &[(&str, &str)], secrets: &[(&str, &str)]) -> SourceDraft {
    SourceDraft {
        connector: "feed".to_owned(),
        name: name.to_owned(),
        settings: settings.iter().map(|(key, value)| ((*key).to_owned(), (*value).to_owned())).collect(),
        secrets: secrets.iter().map(|(key, value)| ((*key).to_owned(), Secret::new(*value))).collect(),
    }
}

pub(crate) async fn a_source_lives_from_creation_to_deletion(bench: &Bench) {
    let (storage, workspace, actor) = (&bench.storage, bench.workspace, Actor::User(UserId(3)));
    let created =
        storage.create_source(workspace, actor, draft("News", &[("url", "https://a.example")], &[])).await.unwrap();
    let expected = Source {
        id: created.id,
        workspace,
        connector: "feed".to_owned(),
        name: "News".to_owned(),
        settings: BTreeMap::from([("url".to_owned(), "https://a.example".to_owned())]),
        secret_keys: vec![],
        state: SourceState::Starting,
        cursor: None,
        created_at: START,
        last_success_at: None,
        last_item_at: None,
        newest_published_at: None,
        lag: None,
        quota: None,
        problem_code: None,
        problem: None,
        problem_since: None,
        next_attempt_at: None,
    };
    assert_eq!(created, expected);
    let taken = storage.create_source(workspace, actor, draft("News", &[], &[])).await;
    assert!(matches!(taken, Err(StorageError::Taken { field: "source", value }) if value == "News"));

    let updated = storage.update_source(workspace, actor, created.id, draft("Новини", &[], &[])).await.unwrap();
    assert_eq!(updated, Some(Source { name: "Новини".to_owned(), settings: BTreeMap::new(), ..expected }));
    assert_eq!(storage.source(workspace, created.id).await.unwrap(), updated);
    bench.store(created.id, vec![unmatched(1)]).await;
    assert!(storage.delete_source(workspace, actor, created.id).await.unwrap());
    assert!(!storage.delete_source(workspace, actor, created.id).await.unwrap());
    assert_eq!(storage.sources(workspace).await.unwrap(), []);
    assert_eq!(storage.update_source(workspace, actor, created.id, draft("x", &[], &[])).await.unwrap(), None);
    assert_eq!(bench.total().await.unmatched, 1);
    let events = storage.events_after(workspace, EventId(0), &[], 10).await.unwrap();
    assert_eq!(
        events.iter().map(|event| (event.id.0, event.kind, event.actor, event.subject)).collect::<Vec<_>>(),
        [
            (1, EventKind::SourceCreated, actor, created.id.0),
            (2, EventKind::SourceChanged, actor, created.id.0),
            (3, EventKind::SourceDeleted, actor, created.id.0),
        ]
    );
}

pub(crate) async fn secrets_are_sealed_and_replaced_one_by_one(bench: &Bench) {
    let (storage, workspace) = (&bench.storage, bench.workspace);
    let first = draft("a", &[], &[("token", "hunter2"), ("key", "k1")]);
    let source = storage.create_source(workspace, Actor::System, first).await.unwrap();
    assert_eq!(source.secret_keys, ["key", "token"]);
    let second = draft("a", &[], &[("token", "hunter3")]);
    let updated = storage.update_source(workspace, Actor::System, source.id, second).await.unwrap().unwrap();
    assert_eq!(updated.secret_keys, ["key", "token"]);
    let again = bench.again().await;
    let secrets = again.source_secrets(workspace, source.id).await.unwrap();
    let shown: Vec<_> = secrets.iter().map(|(key, secret)| (key.as_str(), secret.expose())).collect();
    assert_eq!(shown, [("key", "k1"), ("token", "hunter3")]);
    again.close().await;
    let events = storage.events_after(workspace, EventId(0), &[], 10).await.unwrap();
    assert!(events.iter().all(|event| !event.change.as_deref().unwrap_or_default().contains("hunter")));
    // Nor do the bytes of the store hold them.
    for entry in std::fs::read_dir(bench.folder.path()).unwrap() {
        let path = entry.unwrap().path();
        if path.is_file() {
            let bytes = std::fs::read(&path).unwrap();
            assert!(!bytes.windows(7).any(|window| window == b"hunter3"), "{}", path.display());
        }
    }
    // A secret cannot be moved to another source.
    let other = bench.source("b").await;
    bench.sabotage("UPDATE source_secret SET source_id = (SELECT MAX(id) FROM source)").await;
    assert!(matches!(storage.source_secrets(workspace, other).await, Err(StorageError::Incompatible(_))));
}

pub(crate) async fn one_process_holds_the_lease(bench: &Bench) {
    let (storage, workspace, source) = (&bench.storage, bench.workspace, bench.source("one").await);
    let half_minute = Duration::from_secs(30);
    let first = storage.take_lease(workspace, source, "a", half_minute).await.unwrap().unwrap();
    assert_eq!(storage.take_lease(workspace, source, "b", half_minute).await.unwrap(), None);
    bench.clock.advance(Duration::from_secs(20));
    storage.renew_lease(workspace, first, half_minute).await.unwrap();
    bench.clock.advance(Duration::from_secs(20));
    assert_eq!(storage.take_lease(workspace, source, "b", half_minute).await.unwrap(), None);
    // A new run of the same owner voids the older one.
    let second = storage.take_lease(workspace, source, "a", half_minute).await.unwrap().unwrap();
    assert!(second.fence > first.fence);
    let lost = storage.renew_lease(workspace, first, half_minute).await;
    assert!(matches!(lost, Err(StorageError::LeaseLost(id)) if id == source));
    storage.release_lease(workspace, first).await.unwrap();
    assert_eq!(storage.take_lease(workspace, source, "b", half_minute).await.unwrap(), None);
    storage.release_lease(workspace, second).await.unwrap();
    assert!(storage.take_lease(workspace, source, "b", half_minute).await.unwrap().is_some());
}

pub(crate) async fn a_report_changes_what_it_names(bench: &Bench) {
    let (storage, workspace, source) = (&bench.storage, bench.workspace, bench.source("one").await);
    let quota = Quota { limit: 300, remaining: 12, resets_at: Some(START) };
    let problem = Problem { code: "http_500".to_owned(), message: "the server fails".to_owned() };
    let report = SourceReport {
        state: Some(SourceState::Failing),
        success_at: Some(START),
        lag: Some(Duration::from_millis(1_500)),
        quota: Some(quota),
        problem: Some(Some(problem.clone())),
        next_attempt_at: Some(Some(START.plus(Duration::from_secs(60)))),
    };
    storage.report_source(workspace, source, report).await.unwrap();
    bench.clock.advance(Duration::from_secs(5));
    let again = SourceReport { problem: Some(Some(problem)), ..SourceReport::default() };
    storage.report_source(workspace, source, again).await.unwrap();
    let before = storage.source(workspace, source).await.unwrap().unwrap();
    assert_eq!(
        (before.state, before.lag, before.quota),
        (SourceState::Failing, Some(Duration::from_millis(1_500)), Some(quota))
    );
    assert_eq!((before.problem_code.as_deref(), before.problem_since), (Some("http_500"), Some(START)));
    assert_eq!(before.next_attempt_at, Some(START.plus(Duration::from_secs(60))));

    let well = SourceReport {
        state: Some(SourceState::Running),
        problem: Some(None),
        next_attempt_at: Some(None),
        ..SourceReport::default()
    };
    storage.report_source(workspace, source, well).await.unwrap();
    let after = storage.source(workspace, source).await.unwrap().unwrap();
    let expected = Source {
        state: SourceState::Running,
        problem_code: None,
        problem: None,
        problem_since: None,
        next_attempt_at: None,
        ..before
    };
    assert_eq!(after, expected);
    let events = storage.events_after(workspace, EventId(0), &[EventKind::SourceChanged], 10).await.unwrap();
    assert_eq!(events.len(), 2, "only changes of the state are events");
    assert_eq!(events[1].actor, Actor::Source(source));
}

pub(crate) async fn gaps_open_once_and_close_together(bench: &Bench) {
    let (storage, workspace, source) = (&bench.storage, bench.workspace, bench.source("one").await);
    let at = |seconds| START.plus(Duration::from_secs(seconds));
    storage.open_gap(workspace, source, at(10), GapCause::Disconnected).await.unwrap();
    storage.open_gap(workspace, source, at(20), GapCause::Disconnected).await.unwrap();
    storage.open_gap(workspace, source, at(30), GapCause::Failing).await.unwrap();
    let open = [
        Gap { from: at(30), to: None, cause: GapCause::Failing },
        Gap { from: at(10), to: None, cause: GapCause::Disconnected },
    ];
    assert_eq!(storage.gaps(workspace, source, at(1_000)).await.unwrap(), open);
    storage.close_gaps(workspace, source, at(25)).await.unwrap();
    storage.open_gap(workspace, source, at(40), GapCause::Disconnected).await.unwrap();
    let gaps = [
        Gap { from: at(40), to: None, cause: GapCause::Disconnected },
        Gap { from: at(30), to: Some(at(30)), cause: GapCause::Failing },
        Gap { from: at(10), to: Some(at(25)), cause: GapCause::Disconnected },
    ];
    assert_eq!(storage.gaps(workspace, source, at(0)).await.unwrap(), gaps);
    assert_eq!(storage.gaps(workspace, source, at(25)).await.unwrap(), gaps[..2]);
    let other = bench.source("two").await;
    storage.open_gap(workspace, other, at(15), GapCause::Stopped).await.unwrap();
    let stopped = Gap { from: at(15), to: None, cause: GapCause::Stopped };
    let all = [(source, gaps[0]), (source, gaps[1]), (other, stopped), (source, gaps[2])];
    assert_eq!(storage.gaps_of_sources(workspace, at(0), at(1_000)).await.unwrap(), all);
    assert_eq!(storage.gaps_of_sources(workspace, at(25), at(40)).await.unwrap(), all[1..3]);
    storage.delete_source(workspace, Actor::System, other).await.unwrap();
    assert_eq!(storage.gaps_of_sources(workspace, at(0), at(30)).await.unwrap(), [(source, gaps[2])]);
}

pub(crate) async fn a_paused_source_stays_paused(bench: &Bench) {
    let (storage, workspace, source) = (&bench.storage, bench.workspace, bench.source("one").await);
    let problem = Problem { code: "gone".to_owned(), message: "the page is gone".to_owned() };
    let stopped =
        SourceReport { state: Some(SourceState::Stopped), problem: Some(Some(problem)), ..SourceReport::default() };
    storage.report_source(workspace, source, stopped).await.unwrap();
    let paused = storage.set_source_paused(workspace, Actor::System, source, true).await.unwrap().unwrap();
    assert_eq!(paused.state, SourceState::Paused);
    let running = SourceReport { state: Some(SourceState::Running), ..SourceReport::default() };
    storage.report_source(workspace, source, running).await.unwrap();
    assert_eq!(storage.source(workspace, source).await.unwrap().unwrap().state, SourceState::Paused);
    let resumed = storage.set_source_paused(workspace, Actor::System, source, false).await.unwrap().unwrap();
    assert_eq!((resumed.state, resumed.problem), (SourceState::Starting, None));
}
