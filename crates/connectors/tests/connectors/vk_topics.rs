//! VK asked for what the topics look for, played by its emulator.

use std::sync::Arc;
use std::time::Duration;

use molva_connectors::Connector as _;
use molva_connectors::vk::Vk;

use crate::sandbox::Played;
use crate::topics::{Changing, are_followed, say, until};
use crate::world::Collector;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_searches_follow_the_topics_and_nothing_is_lost_on_the_way() {
    let played = Played::start("vk").await;
    let settings = [("*access_token", "service-token"), ("history_days", "0")];
    let (session, topics) = are_followed(&Vk, &played, &settings).await;
    // Without topics nothing is asked for.
    topics.0.send_replace(Vec::new());
    let asked = || played.sandbox.inside().counts.requests.values().sum::<u64>();
    let before = asked();
    tokio::select! {
        ended = Vk.listen(&session) => panic!("it ended: {ended:?}"),
        () = tokio::time::sleep(Duration::from_millis(500)) => {}
    }
    assert_eq!(asked(), before);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_search_that_stays_goes_on_where_it_was_when_others_change() {
    let played = Played::start("vk").await;
    say(&played, "гроза идёт");
    let topics = Arc::new(Changing::new(&[(3, "гроза")]));
    let settings = [("*access_token", "service-token"), ("history_days", "1")];
    let collector = Collector::default();
    let mut session = played.session(&settings, &collector);
    session.topics = Some(topics.clone());
    let run = async {
        until("the first", async || collector.count() == 1).await;
        topics.0.send_replace(vec![(3, "гроза"), (4, "связь")]);
        say(&played, "нет связи");
        until("the second", async || collector.count() == 2).await;
        say(&played, "грозы прошли");
        until("the third", async || collector.count() == 3).await;
    };
    tokio::select! {
        ended = Vk.listen(&session) => panic!("it ended: {ended:?}"),
        () = run => {}
    }
    // A restart knows both places.
    let again = Collector::default();
    let mut session = played.session(&settings, &again);
    session.topics = Some(topics);
    session.cursor = collector.cursor();
    say(&played, "связь есть");
    let run = until("what is new", async || again.texts().iter().any(|text| text == "связь есть"));
    tokio::select! {
        ended = Vk.listen(&session) => panic!("it ended: {ended:?}"),
        () = run => {}
    }
    let told = Vk.probe(&session).await.expect("a test");
    assert!(told.starts_with("the token is accepted; ") && told.ends_with(" places"), "{told}");
}
