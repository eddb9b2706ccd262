//! Users, sessions, tokens, answers; topics, which people make.

use std::time::Duration;

use molva_domain::{Actor, EventId, EventKind, TopicId, UserId};
use molva_storage::StorageError;
use molva_storage::token::StoredAnswer;
use molva_storage::user::{NewUser, User};

use crate::bench::{Bench, START, topic_draft};

fn owner(login: &str) -> NewUser {
    NewUser {
        login: login.to_owned(),
        name: "Оля".to_owned(),
        role: "owner".to_owned(),
        password_hash: "$argon2id$…".to_owned(),
        locale: "uk".to_owned(),
    }
}

async fn made_owner(bench: &Bench) -> User {
    let later = START.plus(Duration::from_secs(60));
    bench.storage.set_setup_digest(bench.workspace, [1; 32], later).await.unwrap();
    bench.storage.create_owner(bench.workspace, [1; 32], owner("Olya")).await.unwrap().unwrap()
}

pub(crate) async fn the_first_owner_is_made_once(bench: &Bench) {
    let (storage, workspace) = (&bench.storage, bench.workspace);
    let later = START.plus(Duration::from_secs(60));
    assert!(!storage.has_users(workspace).await.unwrap());
    storage.set_setup_digest(workspace, [9; 32], later).await.unwrap();
    storage.set_setup_digest(workspace, [1; 32], later).await.unwrap();
    assert_eq!(storage.create_owner(workspace, [9; 32], owner("a")).await.unwrap(), None, "a replaced link");
    bench.clock.advance(Duration::from_secs(60));
    assert_eq!(storage.create_owner(workspace, [1; 32], owner("a")).await.unwrap(), None, "an expired link");
    storage.set_setup_digest(workspace, [1; 32], storage.now().plus(Duration::from_secs(60))).await.unwrap();
    // Two at once: one of them is made.
    let (one, two) = tokio::join!(
        storage.create_owner(workspace, [1; 32], owner(" Olya ")),
        storage.create_owner(workspace, [1; 32], owner("Petro")),
    );
    let made: Vec<User> = [one.unwrap(), two.unwrap()].into_iter().flatten().collect();
    let [made] = &made[..] else { panic!("{} owners", made.len()) };
    assert!(storage.has_users(workspace).await.unwrap());
    assert_eq!(storage.user_by_login(&made.login.to_uppercase()).await.unwrap().as_ref(), Some(made));
    storage.set_setup_digest(workspace, [2; 32], storage.now().plus(Duration::from_secs(60))).await.unwrap();
    assert_eq!(storage.create_owner(workspace, [2; 32], owner("late")).await.unwrap(), None);
    let events = storage.events_after(workspace, EventId(0), &[EventKind::UserCreated], 10).await.unwrap();
    assert_eq!(events.len(), 1);
}

pub(crate) async fn sessions_end(bench: &Bench) {
    let (storage, user) = (&bench.storage, made_owner(bench).await);
    assert_eq!((user.login.as_str(), user.locale.as_str()), ("olya", "uk"));
    let end = START.plus(Duration::from_secs(100));
    storage.create_session(&user, [5; 32], end).await.unwrap();
    storage.set_locale(bench.workspace, user.id, "en").await.unwrap();
    let session = storage.session([5; 32]).await.unwrap().unwrap();
    assert_eq!((session.user, session.expires_at), (User { locale: "en".to_owned(), ..user.clone() }, end));
    storage.extend_session([5; 32], end.plus(Duration::from_secs(100))).await.unwrap();
    bench.clock.advance(Duration::from_secs(150));
    assert!(storage.session([5; 32]).await.unwrap().is_some());
    bench.clock.advance(Duration::from_secs(50));
    assert!(storage.session([5; 32]).await.unwrap().is_none());
    storage.extend_session([5; 32], end.plus(Duration::from_secs(1_000))).await.unwrap();
    assert!(storage.session([5; 32]).await.unwrap().is_none(), "an ended session cannot be prolonged");
    storage.create_session(&user, [6; 32], storage.now().plus(Duration::from_secs(9))).await.unwrap();
    storage.delete_session([6; 32]).await.unwrap();
    assert!(storage.session([6; 32]).await.unwrap().is_none());
}

pub(crate) async fn tokens_are_found_by_digest_and_revoked(bench: &Bench) {
    let (storage, workspace) = (&bench.storage, bench.workspace);
    let scopes = ["read".to_owned(), "push".to_owned()];
    let token = storage.create_token(workspace, Actor::System, "CI", &scopes, [7; 32]).await.unwrap();
    assert_eq!(storage.tokens(workspace).await.unwrap(), std::slice::from_ref(&token));
    let used = storage.token_by_digest([7; 32]).await.unwrap().unwrap();
    assert_eq!((used.scopes.as_slice(), used.last_used_at), (&scopes[..], Some(START)));
    bench.clock.advance(Duration::from_secs(30));
    storage.token_by_digest([7; 32]).await.unwrap();
    assert_eq!(storage.tokens(workspace).await.unwrap()[0].last_used_at, Some(START), "noted once a minute");
    bench.clock.advance(Duration::from_secs(30));
    storage.token_by_digest([7; 32]).await.unwrap();
    assert_eq!(storage.tokens(workspace).await.unwrap()[0].last_used_at, Some(storage.now()));
    assert_eq!(storage.token_by_digest([8; 32]).await.unwrap(), None);
    assert!(storage.revoke_token(workspace, Actor::System, token.id).await.unwrap());
    assert!(!storage.revoke_token(workspace, Actor::System, token.id).await.unwrap());
    assert_eq!(storage.token_by_digest([7; 32]).await.unwrap(), None);
}

pub(crate) async fn an_idempotent_answer_is_kept_for_a_day(bench: &Bench) {
    let (storage, workspace) = (&bench.storage, bench.workspace);
    let answer = StoredAnswer { request: [3; 32], status: 201, body: vec![0, 255, b'{'] };
    storage.store_answer(workspace, "key", &answer).await.unwrap();
    storage.store_answer(workspace, "key", &StoredAnswer { status: 500, ..answer.clone() }).await.unwrap();
    assert_eq!(storage.stored_answer(workspace, "key").await.unwrap(), Some(answer.clone()));
    assert_eq!(storage.stored_answer(workspace, "other").await.unwrap(), None);
    let long = "k".repeat(10_000);
    storage.store_answer(workspace, &long, &answer).await.unwrap();
    assert_eq!(storage.stored_answer(workspace, &long).await.unwrap(), Some(answer.clone()));
    bench.clock.advance(Duration::from_secs(24 * 3_600));
    assert_eq!(storage.stored_answer(workspace, "key").await.unwrap(), None);
    let later = StoredAnswer { status: 204, ..answer };
    storage.store_answer(workspace, "key", &later).await.unwrap();
    assert_eq!(storage.stored_answer(workspace, "key").await.unwrap(), Some(later));
}

pub(crate) async fn topics_have_versions_and_unique_names(bench: &Bench) {
    let (storage, workspace, actor) = (&bench.storage, bench.workspace, Actor::User(UserId(4)));
    let topic = storage.create_topic(workspace, actor, topic_draft("Київстар", "київстар")).await.unwrap();
    assert_eq!((topic.version, topic.mentions, topic.created_at), (1, 0, START));
    bench.topic("Анна").await;
    let taken = storage.create_topic(workspace, actor, topic_draft("Київстар", "x")).await;
    assert!(matches!(taken, Err(StorageError::Taken { field: "topic", .. })));
    let update = |name: &str, query: &str| storage.update_topic(workspace, actor, topic.id, topic_draft(name, query));
    assert_eq!(update("Kyivstar", "київстар").await.unwrap().unwrap().version, 1);
    bench.clock.advance(Duration::from_secs(1));
    let changed = update("Kyivstar", "київстар OR kyivstar").await.unwrap().unwrap();
    assert_eq!((changed.version, changed.updated_at), (2, storage.now()));
    assert!(matches!(update("Анна", "x").await, Err(StorageError::Taken { .. })));
    assert_eq!(storage.topic(workspace, topic.id).await.unwrap(), Some(changed.clone()));
    let names: Vec<String> = storage.topics(workspace).await.unwrap().into_iter().map(|topic| topic.name).collect();
    assert_eq!(names, ["Kyivstar", "Анна"]);
    assert_eq!(storage.update_topic(workspace, actor, TopicId(1), topic_draft("y", "y")).await.unwrap(), None);
    let kinds = [EventKind::TopicChanged];
    let events = storage.events_after(workspace, EventId(0), &kinds, 10).await.unwrap();
    assert_eq!(events.len(), 2);
    assert_eq!((events[1].actor, events[1].topic), (actor, Some(topic.id.0)));
}
