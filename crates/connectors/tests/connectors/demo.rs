//! The demo as a source: a past, a present, and no post twice.

use std::collections::BTreeSet;
use std::sync::Arc;
use std::time::Duration;

use molva_connectors::demo::Demo;
use molva_connectors::http::HttpClient;
use molva_connectors::{ConnectorError, Session};

use crate::world::{Collector, FastClock, START, limits, listen_until, session};

/// Ten minutes pass in a second.
const SCALE: f64 = 600.0;

fn demo_session(collector: &Collector) -> Session {
    let settings = [("posts_per_day", "2000"), ("speed", "24"), ("seed", "7")];
    let clock = Arc::new(FastClock::new(SCALE));
    Session { clock, ..session(HttpClient::new(limits(&[])), 1.0, &settings, collector) }
}

fn urns(collector: &Collector) -> BTreeSet<String> {
    collector.posts().into_iter().map(|post| post.urn.to_string()).collect()
}

#[tokio::test]
async fn three_days_are_there_at_once_and_the_present_goes_on() {
    let collector = Collector::default();
    let mine = demo_session(&collector);
    let live = || collector.posts().last().is_some_and(|post| post.published_at > START.plus(Duration::from_secs(300)));
    listen_until(&Demo, &mine, live).await.expect("no end");
    let posts = collector.posts();
    let past = posts.iter().filter(|post| post.published_at < START).count();
    assert!((4_000..9_000).contains(&past), "{past} posts in three days of two thousand");
    assert!(posts.iter().all(|post| post.published_at >= START.minus(Duration::from_secs(3 * 86_400))));
    assert!(posts.iter().all(|post| post.published_at <= post.fetched_at && post.fetched_at >= START));
    // At speed 24 two thousand a day are one every two seconds; by the hour three times as many or as few.
    let present = posts.len() - past;
    let seconds = posts.last().map_or(0, |post| post.published_at.since(START).as_secs());
    let usual = usize::try_from(seconds).expect("a small number") * 2_000 * 24 / 86_400;
    assert!((usual / 5..usual * 5).contains(&present), "{present} posts in {seconds} s of the present");
    assert_eq!(urns(&collector).len(), posts.len());
}

#[tokio::test]
async fn a_kill_in_the_history_loses_and_doubles_nothing() {
    let whole = Collector::default();
    let reference = demo_session(&whole);
    listen_until(&Demo, &reference, || whole.posts().last().is_some_and(|post| post.published_at > START))
        .await
        .expect("no end");

    let first = Collector::failing_after(5);
    let mine = demo_session(&first);
    let ended = listen_until(&Demo, &mine, || false).await;
    assert!(matches!(ended, Err(ConnectorError::NotStored(_))), "{ended:?}");
    let second = Collector::default();
    let again = Session { cursor: first.cursor(), clock: mine.clock.clone(), ..demo_session(&second) };
    listen_until(&Demo, &again, || second.posts().last().is_some_and(|post| post.published_at > START))
        .await
        .expect("no end");
    assert!(urns(&first).is_disjoint(&urns(&second)));
    let past = |collector: &Collector| {
        collector
            .posts()
            .into_iter()
            .filter(|post| post.published_at < START)
            .map(|post| post.urn)
            .collect::<BTreeSet<_>>()
    };
    let together: BTreeSet<_> = past(&first).union(&past(&second)).cloned().collect();
    // The two runs begin a few of the test's seconds apart, which moves the far end of the three days.
    let lost = past(&whole).difference(&together).count();
    assert!(lost <= 20, "{lost} of {} lost", past(&whole).len());
}
