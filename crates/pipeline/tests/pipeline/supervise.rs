//! Sources that go on, stumble, stop and fall over.

use std::time::Duration;

use molva_domain::{GapCause, SourceState, Timestamp};

use crate::world::World;

#[tokio::test(flavor = "multi_thread")]
async fn a_panic_in_one_connector_is_written_down_and_the_others_go_on() {
    let world = World::new().await;
    let broken = world.source("panics").await;
    let steady = world.source("steady").await;
    let seen = world.wait_for(broken, |source| source.problem_code.as_deref() == Some("panic")).await;
    assert_eq!(seen.state, SourceState::Failing);
    assert!(seen.next_attempt_at.is_some());
    world.wait_for(steady, |source| source.state == SourceState::Running && source.last_item_at.is_some()).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_revoked_token_stops_the_source_until_a_person_acts() {
    let world = World::new().await;
    let source = world.source("revoked").await;
    let stopped = world.wait_for(source, |source| source.state == SourceState::Stopped).await;
    assert_eq!(stopped.problem_code.as_deref(), Some("auth_revoked"));
    assert_eq!(stopped.next_attempt_at, None);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_source_that_stumbles_leaves_a_gap_that_closes_when_it_is_back() {
    let world = World::new().await;
    let source = world.source("stumbles").await;
    world.wait_for(source, |source| source.state == SourceState::Failing).await;
    let open = world.storage.gaps(world.workspace, source, Timestamp::default()).await.expect("gaps");
    assert_eq!(open.iter().map(|gap| (gap.cause, gap.to)).collect::<Vec<_>>(), [(GapCause::Failing, None)]);
    let back = world.wait_for(source, |source| source.state == SourceState::Running).await;
    assert_eq!(back.problem_code, None);
    world.wait_for(source, |source| source.last_item_at.is_some()).await;
    let closed = world.storage.gaps(world.workspace, source, Timestamp::default()).await.expect("gaps");
    assert!(closed.iter().all(|gap| gap.to.is_some()), "{closed:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_restart_goes_on_after_the_stored_cursor_and_doubles_nothing() {
    let world = World::new().await;
    let source = world.source("steady").await;
    let at_cursor = |least: u32| {
        move |source: &molva_storage::source::Source| {
            source.cursor.as_deref().is_some_and(|cursor| cursor.parse::<u32>().expect("our own cursor") >= least)
        }
    };
    world.wait_for(source, at_cursor(5)).await;
    let world = world.restart().await;
    world.wait_for(source, at_cursor(15)).await;
    world.storage.set_source_paused(world.workspace, molva_domain::Actor::System, source, true).await.expect("paused");
    tokio::time::sleep(Duration::from_secs(2)).await;
    let tally = world.tally(source).await;
    let last = world.storage.source(world.workspace, source).await.expect("read").expect("present").cursor;
    assert_eq!(last, Some(tally.received.to_string()));
    assert_eq!((tally.unmatched, tally.duplicate), (tally.received, 0));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_paused_source_is_silent_and_a_resumed_one_speaks_again() {
    let world = World::new().await;
    let source = world.source("steady").await;
    world.wait_for(source, |source| source.last_item_at.is_some()).await;
    world.storage.set_source_paused(world.workspace, molva_domain::Actor::System, source, true).await.expect("paused");
    tokio::time::sleep(Duration::from_secs(2)).await;
    let before = world.tally(source).await;
    tokio::time::sleep(Duration::from_millis(500)).await;
    assert_eq!(world.tally(source).await, before);
    world
        .storage
        .set_source_paused(world.workspace, molva_domain::Actor::System, source, false)
        .await
        .expect("resumed");
    let last = before.received;
    world
        .wait_for(source, move |source| {
            source.cursor.as_deref().is_some_and(|c| c.parse::<u64>().expect("ours") > last)
        })
        .await;
}
