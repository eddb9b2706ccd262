//! Topics that a test changes while a network is asked for what they look for.

use std::collections::BTreeSet;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use molva_connectors::connector::BoxFuture;
use molva_connectors::{Connector, ConnectorError, Session, Topics};
use molva_domain::{TopicId, TopicSought};
use molva_emulators::{Kind, Saying, Who};
use molva_query::parse;
use tokio::sync::watch;

use crate::sandbox::Played;
use crate::world::Collector;

/// Topics that a test changes.
pub(crate) struct Changing(
    pub(crate) watch::Sender<Vec<(i64, &'static str)>>,
    Mutex<watch::Receiver<Vec<(i64, &'static str)>>>,
);

impl Changing {
    pub(crate) fn new(topics: &[(i64, &'static str)]) -> Self {
        let (sender, receiver) = watch::channel(topics.to_vec());
        Self(sender, Mutex::new(receiver))
    }

    fn seen(&self) -> watch::Receiver<Vec<(i64, &'static str)>> {
        self.1.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }
}

impl Topics for Changing {
    fn sought<'a>(&'a self) -> BoxFuture<'a, Result<Arc<Vec<TopicSought>>, ConnectorError>> {
        Box::pin(async move {
            let topics = self.1.lock().unwrap_or_else(PoisonError::into_inner).borrow_and_update().clone();
            let sought = topics.iter().map(|(id, query)| {
                let sought = parse(query).query.expect(query).sought();
                TopicSought { topic: TopicId(*id), name: format!("Тема {id}"), sought }
            });
            Ok(Arc::new(sought.collect()))
        })
    }

    fn changed<'a>(&'a self) -> BoxFuture<'a, ()> {
        let mut seen = self.seen();
        Box::pin(async move {
            let _ = seen.changed().await;
        })
    }
}

/// A person says it under nothing, now, and whoever waits hears of it.
pub(crate) fn say(played: &Played, text: &str) {
    says(played, 1_005, text);
    played.sandbox.changed();
}

/// What a person says under nothing, now; its number in the world.
pub(crate) fn says(played: &Played, person: u64, text: &str) -> u64 {
    let now = played.sandbox.now();
    let text = text.to_owned();
    let saying = Saying { place: 1, kind: Kind::Post, who: Who::Person(person), text, under: None, answers: None };
    played.sandbox.inside().world.say(saying, now)
}

pub(crate) async fn until(what: &str, mut there: impl AsyncFnMut() -> bool) {
    let end = Instant::now() + Duration::from_secs(60);
    while !there().await {
        assert!(Instant::now() < end, "waited in vain: {what}");
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
}

/// While people go on to speak a topic is widened and another comes, then all go and one comes again: everything is heard, once each.
pub(crate) async fn are_followed(
    connector: &dyn Connector,
    played: &Played,
    settings: &[(&str, &str)],
) -> (Session, Arc<Changing>) {
    let topics = Arc::new(Changing::new(&[(3, "нет связь"), (4, "гроза network:x"), (5, "гроз*")]));
    let collector = Collector::default();
    let mut session = played.session(settings, &collector);
    session.topics = Some(topics.clone());
    let heard = |text: &str| collector.texts().iter().any(|known| known == text);
    let changes = async {
        until("the first look", async || collector.cursor().is_some()).await;
        for number in 0..60 {
            if number == 20 {
                topics.0.send_replace(vec![(3, "нет (связь OR сигнал)"), (6, "гроза")]);
            }
            say(played, &format!("опять нет связи {number}"));
            if number == 21 {
                say(played, "нет никакого сигнала");
            }
            tokio::time::sleep(Duration::from_millis(15)).await;
        }
        say(played, "тишина");
        until("everything", async || (0..60).all(|number| heard(&format!("опять нет связи {number}")))).await;
        until("what the new search finds", async || heard("нет никакого сигнала")).await;
        topics.0.send_replace(Vec::new());
        tokio::time::sleep(Duration::from_millis(500)).await;
        topics.0.send_replace(vec![(7, "молния")]);
        say(played, "две молнии рядом");
        until("the last", async || heard("две молнии рядом")).await;
    };
    tokio::select! {
        ended = connector.listen(&session) => panic!("it ended: {ended:?}"),
        () = changes => {}
    }
    assert!(!heard("тишина"));
    let count = collector.texts().len();
    assert_eq!(collector.texts().into_iter().collect::<BTreeSet<_>>().len(), count, "each once");
    (session, topics)
}
