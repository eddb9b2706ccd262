//! Odnoklassniki, played by its emulator.

use std::sync::Arc;
use std::time::{Duration, Instant};

use molva_connectors::ok::Odnoklassniki;
use molva_connectors::{Connector as _, ConnectorError, Report};
use molva_domain::{PostKind, Visibility};
use molva_emulators::{Kind, Said, Saying, Seed, Who};

use crate::bar::ITEMS;
use crate::called::Called;
use crate::sandbox::{Heard, Played, READING};
use crate::world::{Collector, listen_until};

const GROUPS: [(&str, &str); 4] = [
    ("application_key", "CEMULATORKEY"),
    ("*application_secret", "EMULATORSECRET"),
    ("*access_token", "emulator-token-of-ok"),
    ("groups", "70000000000001\nhttps://ok.ru/group/70000000000002/topics\n70000000000003"),
];

/// What OK calls it.
fn id(place: u64, id: u64) -> u64 {
    150_000_000_000_000 + place * 10_000_000_000 + id
}

/// As listening calls it.
pub(crate) fn urn(said: &Said) -> String {
    let own = id(said.place, said.id);
    let under = said.under.unwrap_or(0);
    match said.kind {
        Kind::Post | Kind::Topic => format!("urn:smm:ok:post:GROUP_TOPIC/{own}"),
        Kind::Comment | Kind::TopicComment => {
            format!("urn:smm:ok:comment:GROUP_TOPIC/{}/{own}", id(said.place, under))
        }
        Kind::Message => {
            let chat = said.place << 32 | under;
            format!("urn:smm:ok:message:chat%3AC{chat:x}/mid%3AC{:x}.{own:x}", said.place)
        }
    }
}

fn seed(played: &Played, items: usize, kinds: Vec<Kind>, place: Option<u64>) {
    let now = played.sandbox.now();
    let seed = Seed { items, span_s: 5 * 86_400, kinds, place, ..Seed::default() };
    played.sandbox.inside().world.seed(&seed, now);
    played.sandbox.changed();
}

fn say(played: &Played, kind: Kind, text: &str, under: Option<u64>) -> u64 {
    let now = played.sandbox.now();
    let who = if kind == Kind::Post { Who::Place } else { Who::Person(1_002) };
    let saying = Saying { place: 1, kind, who, text: text.to_owned(), under, answers: None };
    played.sandbox.inside().world.say(saying, now)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn topics_and_comments_of_three_groups_are_read_whole_and_once_through_everything_that_breaks() {
    let played = Played::start("ok").await;
    let mut kinds = vec![Kind::Comment; 6];
    kinds.extend([Kind::Post, Kind::TopicComment, Kind::TopicComment]);
    played.break_often();
    seed(&played, *ITEMS, kinds, None);
    let wanted = played.said(|said| Some(urn(said)));
    let mut heard = Heard::default();
    heard.all_of(&Odnoklassniki, &played, &GROUPS, &wanted).await;
    heard.is_all_of(&played, "groups", &wanted, &READING);
    let answer = heard.posts.values().find(|post| post.kind == PostKind::Reply).expect("an answer");
    assert!(answer.in_reply_to.as_ref().is_some_and(|above| wanted.contains(above.as_str())), "{answer:?}");
    assert!(answer.author.name.is_some() && answer.visibility == Visibility::Public, "{answer:?}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn new_comments_edits_and_removals_follow() {
    let played = Played::start("ok").await;
    let topic = say(&played, Kind::Post, "Что нового?", None);
    let comment = say(&played, Kind::Comment, "Нет связи", Some(topic));
    let collector = Collector::default();
    let session = played.session(&GROUPS, &collector);
    let listening = tokio::spawn(async move { Odnoklassniki.listen(&session).await });
    let until = Instant::now() + Duration::from_secs(60);
    let wait = async |what: &str, done: &dyn Fn() -> bool| {
        while !done() {
            assert!(Instant::now() < until, "{what}: {:?}", collector.texts());
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
    };
    wait("both", &|| collector.texts().len() == 2).await;
    let later = say(&played, Kind::Comment, "И у меня", Some(topic));
    wait("a new one", &|| collector.texts().len() == 3).await;
    let now = played.sandbox.now();
    assert!(played.sandbox.inside().world.edit(1, comment, "Починили", now));
    wait("the edit", &|| collector.texts().len() == 4).await;
    let edited = collector.posts().pop().expect("the edit");
    assert_eq!((edited.text.as_str(), edited.edited_at.is_some()), ("Починили", true));
    let gone = played.sandbox.inside().world.find(1, later).map(urn).expect("it was said");
    assert!(played.sandbox.inside().world.delete(1, later));
    wait("the removal", &|| !collector.deleted().is_empty()).await;
    assert_eq!((collector.deleted(), collector.texts().len()), (vec![gone], 4));
    listening.abort();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn ok_calls_with_ten_thousand_messages_and_each_is_taken_once() {
    let played = Played::start("ok").await;
    let collector = Collector::default();
    let settings = [("what", "messages"), ("*group_token", "emulator-token-of-group-1")];
    let mut session = played.session(&settings, &collector);
    let no_address = Odnoklassniki.listen(&session).await;
    assert!(matches!(no_address, Err(ConnectorError::Invalid { setting: "what", .. })), "{no_address:?}");
    let (called, address) = Called::start(&Odnoklassniki, session.clone()).await;
    session.webhook_address = Some(address);
    let connected = session.clone();
    let listening = tokio::spawn(async move { Odnoklassniki.listen(&session).await });
    while collector.cursor().is_none() {
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    played.break_often();
    seed(&played, *ITEMS, vec![Kind::Message], Some(1));
    called.is_told(&played, &played.said(|said| Some(urn(said)))).await;
    listening.abort();
    played.sandbox.inside().faults = molva_emulators::Faults::default();
    Odnoklassniki.disconnect(&connected).await.expect("it is taken back");
    // Struck off meanwhile, with a cursor of before: a gap.
    let later = Collector::default();
    let mut again = connected.clone();
    (again.cursor, again.delivery) = (collector.cursor(), Arc::new(later.clone()));
    let closed = || later.reports().iter().any(|report| matches!(report, Report::GapClosed { .. }));
    listen_until(&Odnoklassniki, &again, closed).await.expect("the gap");
}

#[tokio::test]
async fn a_test_of_the_settings_says_what_it_found_or_what_to_change() {
    let played = Played::start("ok").await;
    seed(&played, 100, vec![Kind::Post], None);
    let probe =
        async |settings: &[(&str, &str)]| Odnoklassniki.probe(&played.session(settings, &Collector::default())).await;
    let told = probe(&GROUPS).await.expect("the groups");
    assert!(told.starts_with("the token is accepted; 100 topics on the first pages of "), "{told}");
    let told = probe(&[("what", "messages"), ("*group_token", "emulator-token-of-group-2")]).await.expect("a group");
    assert!(told.contains("0 addresses"), "{told}");
    let mut wrong = GROUPS;
    wrong[2].1 = "stolen-token";
    let refused = probe(&wrong).await.expect_err("a wrong token");
    assert!(matches!(&refused, ConnectorError::AuthRevoked(why) if !why.contains("stolen")), "{refused:?}");
    wrong = GROUPS;
    wrong[1].1 = "another-secret";
    let unsigned = probe(&wrong).await.expect_err("a wrong signature");
    assert!(matches!(unsigned, ConnectorError::Invalid { setting: "application_secret", .. }), "{unsigned:?}");
    wrong = GROUPS;
    wrong[3].1 = "70000000000009";
    assert!(matches!(probe(&wrong).await, Err(ConnectorError::NotFound(_))));
    wrong[3].1 = "https://ok.ru/shop";
    assert!(matches!(probe(&wrong).await, Err(ConnectorError::Invalid { setting: "groups", .. })));
    let no_group = probe(&[("what", "messages"), ("*group_token", "emulator-token-of-group-9")]).await;
    assert!(matches!(no_group, Err(ConnectorError::AuthRevoked(_))), "{no_group:?}");
}
