//! YouTube asked for what the topics look for, played by its emulator.

use std::sync::Arc;

use molva_connectors::Connector as _;
use molva_connectors::youtube::YouTube;

use crate::sandbox::Played;
use crate::topics::{Changing, are_followed, say, until};
use crate::world::Collector;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_searches_follow_the_topics_and_nothing_is_lost_on_the_way() {
    let played = Played::start("youtube").await;
    let base = played.base();
    let settings =
        [("url", base.as_str()), ("*api_key", "youtube-key"), ("history_days", "0"), ("min_interval_minutes", "1")];
    let (session, topics) = are_followed(&YouTube, &played, &settings).await;
    topics.0.send_replace(Vec::new());
    let told = YouTube.probe(&session).await.expect("a test");
    assert!(told.starts_with("the key is accepted: the topics look for nothing on YouTube; "), "{told}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn however_often_topics_change_the_searches_of_a_day_last() {
    let played = Played::start("youtube").await;
    let base = played.base();
    say(&played, "гроза 0");
    let topics = Arc::new(Changing::new(&[(3, "гроза")]));
    let collector = Collector::default();
    let settings = [("url", base.as_str()), ("*api_key", "youtube-key"), ("min_interval_minutes", "1")];
    let mut session = played.session(&settings, &collector);
    session.topics = Some(topics.clone());
    let searches = || played.sandbox.inside().counts.requests.get("GET/youtube/v3/search").copied().unwrap_or(0);
    let changes = async {
        until("the first", async || collector.count() == 1).await;
        // Each change is another search.
        const MORE: [&str; 7] = ["=раз", "=два", "=три", "=пять", "=шесть", "=семь", "=восемь"];
        for number in 0..120 {
            let mut now = vec![(3, "гроза")];
            now.extend((0..7).filter(|bit| number >> bit & 1 == 1).map(|bit| (10 + bit, MORE[bit as usize])));
            topics.0.send_replace(now);
            tokio::time::sleep(std::time::Duration::from_millis(25)).await;
        }
    };
    tokio::select! {
        ended = YouTube.listen(&session) => panic!("it ended: {ended:?}"),
        () = changes => {}
    }
    // It is noon in the emulator's world, and two thirds of the day are still to come.
    assert!((2..=60).contains(&searches()), "{}", searches());
}
