//! Ten thousand statuses of a stateful Mastodon server, heard from its stream and its pages while both break.

use std::collections::BTreeSet;
use std::sync::{Arc, Mutex, PoisonError};

use molva_connectors::mastodon::Mastodon;
use molva_domain::{SystemClock, Urn};

use crate::bar::ITEMS;
use crate::followed::Followed;
use crate::mastodon::{Api, fresh_tag};
use crate::relay::{ANSWERS, MESSAGES, Relay};
use crate::support::{http, server};
use crate::world::Collector;

/// Seconds of its waits that pass in a second.
const SCALE: f64 = 100.0;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn ten_thousand_statuses_are_heard_once_each_though_pages_and_stream_break_in_every_way() {
    let Some(address) = server("MOLVA_TEST_MASTODON") else { return };
    let api = Arc::new(Api(address.clone()));
    let relay = Relay::start(&address, &ANSWERS, &MESSAGES).await;
    let (instance, tag) = (relay.address.clone(), fresh_tag());
    let session = |collector: &Collector| {
        let settings = [("instance", instance.as_str()), ("hashtags", tag.as_str()), ("*access_token", "grace_token")];
        let mut session = crate::world::session(http(), SCALE, &settings, collector);
        session.clock = Arc::new(SystemClock);
        session
    };
    let mut followed = Followed::new(&Mastodon, "stream and pages", relay);
    let said = followed.begin(session, async || urn(&api, "ada_token", &format!("первый #{tag}")).await);
    let wanted = Arc::new(Mutex::new(said.await));
    followed.relay.break_often(true);
    let writers: Vec<_> = ["ada_token", "grace_token", "alan_token"]
        .into_iter()
        .enumerate()
        .map(|(writer, token)| {
            let (api, tag, wanted) = (Arc::clone(&api), tag.clone(), Arc::clone(&wanted));
            tokio::spawn(async move {
                for number in (writer..*ITEMS).step_by(3) {
                    let urn = urn(&api, token, &format!("нет связи, обращение {number} #{tag}")).await;
                    wanted.lock().unwrap_or_else(PoisonError::into_inner).insert(urn);
                }
            })
        })
        .collect();
    let is_over = |heard: &BTreeSet<String>| {
        writers.iter().all(tokio::task::JoinHandle::is_finished)
            && wanted.lock().unwrap_or_else(PoisonError::into_inner).is_subset(heard)
    };
    followed.until(session, is_over).await;
    for writer in writers {
        writer.await.expect("all were written");
    }
    let wanted = wanted.lock().unwrap_or_else(PoisonError::into_inner).clone();
    assert!(wanted.len() > *ITEMS, "each and the first");
    followed.is_all_of(&wanted);
}

/// Writes a status; how listening calls it.
async fn urn(api: &Api, token: &str, text: &str) -> String {
    let status = api.publish(token, text).await;
    Urn::of("mastodon", None, "post", status["uri"].as_str().expect("a name")).to_string()
}
