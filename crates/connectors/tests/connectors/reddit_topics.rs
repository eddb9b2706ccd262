//! Reddit asked for what the topics look for, played by its emulator.

use molva_connectors::Connector as _;
use molva_connectors::reddit::Reddit;

use crate::sandbox::Played;
use crate::topics::are_followed;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_searches_follow_the_topics_and_nothing_is_lost_on_the_way() {
    let played = Played::start("reddit").await;
    let base = played.base();
    let settings = [
        ("site_url", base.as_str()),
        ("client_id", "reddit-app"),
        ("*client_secret", "reddit-secret"),
        ("history_days", "0"),
    ];
    let (again, topics) = are_followed(&Reddit, &played, &settings).await;
    let told = Reddit.probe(&again).await.expect("a test");
    assert!(told.starts_with("the client is accepted: 1 new in posts with `"), "{told}");
    topics.0.send_replace(Vec::new());
    let told = Reddit.probe(&again).await.expect("a test");
    assert_eq!(told, "the client is accepted; the topics look for nothing on Reddit");
}
