//! Ten thousand posts of a real data server, heard from its raw stream while that breaks.

use std::collections::BTreeSet;
use std::sync::Arc;

use molva_connectors::bluesky::Bluesky;
use molva_domain::{SystemClock, Urn};

use crate::bar::ITEMS;
use crate::bluesky::Account;
use crate::followed::Followed;
use crate::jetstream::key;
use crate::relay::{ANSWERS, MESSAGES, Relay};
use crate::support::{http, server};
use crate::world::Collector;

/// Posts of one commit.
const AT_ONCE: usize = 5;

fn urn(account: &Account, number: usize) -> String {
    let uri = format!("at://{}/app.bsky.feed.post/{}", account.did, key(number as u64));
    Urn::of("bluesky", None, "post", &uri).to_string()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn ten_thousand_posts_of_a_real_data_server_are_heard_though_its_stream_breaks_in_every_way() {
    let Some(address) = server("MOLVA_TEST_PDS") else { return };
    let account = Arc::new(Account::new(&address).await);
    let relay = Relay::start(&address, &ANSWERS, &MESSAGES).await;
    let settings = [("mode", "firehose"), ("host", &relay.address.clone()), ("accounts", &account.did.clone())];
    let mut followed = Followed::new(&Bluesky, "firehose", relay);
    let session = |collector: &Collector| {
        let mut session = crate::world::session(http(), 1.0, &settings.map(|(key, value)| (key, value)), collector);
        session.clock = Arc::new(SystemClock);
        session
    };
    let mut number = *ITEMS;
    let said = followed.begin(session, async || {
        number += 1;
        account.write(&key(number as u64), "первый").await;
        urn(&account, number)
    });
    let mut wanted: BTreeSet<String> = said.await;
    followed.relay.break_often(true);
    let writing = Arc::clone(&account);
    let writer = tokio::spawn(async move {
        for first in (0..*ITEMS).step_by(AT_ONCE) {
            let some = first..(first + AT_ONCE).min(*ITEMS);
            let posts = some.map(|number| (key(number as u64), format!("нет связи, обращение {number}")));
            writing.write_all(posts.collect()).await;
        }
    });
    wanted.extend((0..*ITEMS).map(|number| urn(&account, number)));
    followed.until(session, |heard| wanted.is_subset(heard)).await;
    writer.await.expect("all were written");
    followed.is_all_of(&wanted);
}
