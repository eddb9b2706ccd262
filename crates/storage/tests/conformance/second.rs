//! The budget of second opinions.

use std::time::Duration;

use crate::bench::Bench;

pub(crate) async fn a_day_of_second_opinions_is_never_overdrawn(bench: &Bench) {
    let (storage, workspace) = (&bench.storage, bench.workspace);
    let day = Duration::from_secs(24 * 3_600);
    assert_eq!(storage.second_opinions_today(workspace).await.unwrap(), 0);
    assert_eq!(storage.take_second_opinions(workspace, 10, 8).await.unwrap(), 8);
    // Several at once, as processes that know nothing of each other.
    let take = || storage.take_second_opinions(workspace, 10, 2);
    let (one, two, three) = tokio::join!(take(), take(), take());
    assert_eq!(one.unwrap() + two.unwrap() + three.unwrap(), 2);
    assert_eq!(storage.second_opinions_today(workspace).await.unwrap(), 10);
    // The operator allows more, or less.
    assert_eq!(storage.take_second_opinions(workspace, 11, 8).await.unwrap(), 1);
    assert_eq!(storage.take_second_opinions(workspace, 5, 8).await.unwrap(), 0);
    bench.clock.advance(day);
    assert_eq!(storage.second_opinions_today(workspace).await.unwrap(), 0);
    assert_eq!(storage.take_second_opinions(workspace, 10, 3).await.unwrap(), 3);
    assert_eq!(storage.second_opinions_today(workspace).await.unwrap(), 3);
}
