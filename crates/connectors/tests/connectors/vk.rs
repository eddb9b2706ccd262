//! VK, played by its emulator.

use std::time::Duration;

use molva_connectors::vk::Vk;
use molva_connectors::{Connector as _, ConnectorError, Report};
use molva_domain::{GapCause, PostKind, Visibility};
use molva_emulators::{Fault, Kind, Said, Saying, Seed, Who};

use crate::bar::ITEMS;
use crate::sandbox::{Heard, Played};
use crate::world::{Collector, listen_until};

/// As listening calls it.
fn urn(said: &Said) -> String {
    let Said { place, id, under, .. } = said;
    let under = under.unwrap_or(0);
    match said.kind {
        Kind::Post => format!("urn:smm:vk:post:-{place}_{id}"),
        Kind::Comment => format!("urn:smm:vk:comment:-{place}_{under}_{id}"),
        Kind::Topic => format!("urn:smm:vk:topic:-{place}_{id}"),
        Kind::TopicComment => format!("urn:smm:vk:board:-{place}_{under}_{id}"),
        Kind::Message => format!("urn:smm:vk:message:{place}_{under}_{id}"),
    }
}

fn of(place: Option<u64>, kinds: &'static [Kind]) -> impl Fn(&Said) -> Option<String> {
    move |said| (kinds.contains(&said.kind) && place.is_none_or(|place| said.place == place)).then(|| urn(said))
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_search_finds_ten_thousand_things_past_its_thousand_through_everything_that_breaks() {
    let played = Played::start("vk").await;
    played.break_often();
    played.seed(&Seed { items: *ITEMS, span_s: 6 * 86_400, kinds: vec![Kind::Post, Kind::Comment], ..Seed::default() });
    let found = of(None, &[Kind::Post, Kind::Comment]);
    let wanted = played.said(|said| {
        let text = said.text.to_lowercase();
        found(said).filter(|_| text.contains('о') || text.contains('e'))
    });
    assert!(wanted.len() > *ITEMS * 9 / 10, "{}", wanted.len());
    let settings = [("what", "search"), ("words", "о\ne"), ("*access_token", "service-token")];
    let mut heard = Heard::default();
    heard.all_of(&Vk, &played, &settings, &wanted).await;
    let kinds: Vec<Fault> = Fault::ALL.into_iter().filter(|fault| *fault != Fault::DeletedParent).collect();
    heard.is_all_of(&played, "search", &wanted, &kinds);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_wall_is_read_whole_with_its_threads_and_discussions_and_what_comes_later() {
    let played = Played::start("vk").await;
    played.break_often();
    // Walls and threads are not read in pages as small as others are.
    (played.sandbox.inside().faults.page, played.sandbox.inside().faults.clock_skew_s) = (40, 0);
    let kinds = vec![Kind::Post, Kind::Comment, Kind::Comment, Kind::TopicComment];
    played.seed(&Seed { items: *ITEMS, span_s: 5 * 86_400, kinds, place: Some(1), ..Seed::default() });
    let told = of(Some(1), &[Kind::Post, Kind::Comment, Kind::TopicComment]);
    let wanted = played.said(&told);
    let settings = [("what", "walls"), ("communities", "https://vk.com/club1"), ("*access_token", "user-token")];
    let mut heard = Heard::default();
    heard.all_of(&Vk, &played, &settings, &wanted).await;
    heard.is_all_of(&played, "walls, comments, boards", &wanted, &Fault::ALL);

    // A new answer deep below an old post, and a new post.
    let now = played.sandbox.now();
    {
        let mut inside = played.sandbox.inside();
        let old = inside.world.of(1, Kind::Comment).find(|said| said.answers.is_some()).cloned().expect("an answer");
        let saying = Saying {
            place: 1,
            kind: Kind::Comment,
            who: Who::Person(1_005),
            text: "И у меня".to_owned(),
            under: old.under,
            answers: Some(old.id),
        };
        inside.world.say(saying, now);
        let post = Saying {
            place: 1,
            kind: Kind::Post,
            who: Who::Place,
            text: "[club1|Мы] и [id1|Анна]".to_owned(),
            under: None,
            answers: None,
        };
        inside.world.say(post, now);
    }
    let wanted = played.said(&told);
    heard.all_of(&Vk, &played, &settings, &wanted).await;
    let post = heard.posts.values().find(|post| post.text == "Мы и Анна").expect("the post, without its markup");
    assert_eq!((post.kind, post.author.handle.as_deref()), (PostKind::Post, Some("club1")));
    let answer = heard.posts.values().find(|post| post.text == "И у меня").expect("the answer");
    assert_eq!((answer.kind, answer.visibility), (PostKind::Reply, Visibility::Public));
    assert!(answer.in_reply_to.as_ref().is_some_and(|above| wanted.contains(above.as_str())), "{answer:?}");
    assert!(answer.author.name.is_some() && answer.author.city.as_deref() == Some("Минск"), "{:?}", answer.author);
}

const OWN: [(&str, &str); 4] =
    [("what", "own"), ("*access_token", "community-token-1"), ("messages", "true"), ("*reader_token", "user-token")];

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_community_is_told_ten_thousand_things_once_each_through_everything_that_breaks() {
    let played = Played::start("vk").await;
    let collector = Collector::default();
    let first = played.session(&OWN, &collector);
    listen_until(&Vk, &first, || collector.cursor().is_some()).await.expect("a cursor");
    let mut heard = Heard::default();
    heard.take(&collector);
    played.break_often();
    let kinds = vec![Kind::Post, Kind::Comment, Kind::TopicComment, Kind::Message];
    played.seed(&Seed { items: *ITEMS, span_s: 3_600, kinds, place: Some(1), ..Seed::default() });
    let told = of(Some(1), &[Kind::Post, Kind::Comment, Kind::TopicComment, Kind::Message]);
    let wanted = played.said(&told);
    heard.all_of(&Vk, &played, &OWN, &wanted).await;
    assert_eq!(heard.again, 0, "not even after a restart");
    let kinds: Vec<Fault> = Fault::ALL
        .into_iter()
        .filter(|fault| !matches!(fault, Fault::DeletedParent | Fault::Captcha | Fault::RateLimit))
        .collect();
    heard.is_all_of(&played, "long poll", &wanted, &kinds);
    let message = heard.posts.values().find(|post| post.kind == PostKind::Message).expect("a message");
    assert_eq!(message.visibility, Visibility::Direct);
    let anonymous = heard.posts.values().filter(|post| post.author.name.is_none()).count();
    assert!(anonymous < *ITEMS / 10, "{anonymous} without a name");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn edits_and_deletions_follow_and_what_vk_forgot_is_a_gap_that_is_read_from_the_wall() {
    let played = Played::start("vk").await;
    let say = |text: &str, kind, under| {
        let now = played.sandbox.now();
        let saying = Saying { place: 1, kind, who: Who::Person(1_002), text: text.to_owned(), under, answers: None };
        let id = played.sandbox.inside().world.say(saying, now);
        played.sandbox.changed();
        id
    };
    let collector = Collector::default();
    let mut session = played.session(&OWN, &collector);
    listen_until(&Vk, &session, || collector.cursor().is_some()).await.expect("a cursor");
    let post = say("пост", Kind::Post, None);
    let comment = say("коммент", Kind::Comment, Some(post));
    session.cursor = collector.cursor();
    listen_until(&Vk, &session, || collector.texts().len() == 2).await.expect("both");
    let now = played.sandbox.now();
    assert!(
        played.sandbox.inside().world.edit(1, comment, "правка", now)
            && played.sandbox.inside().world.delete(1, comment)
    );
    session.cursor = collector.cursor();
    listen_until(&Vk, &session, || collector.deleted().len() == 1).await.expect("the edit and the deletion");
    let edited = collector.posts().pop().expect("the edit");
    assert_eq!((edited.text.as_str(), edited.edited_at.is_some()), ("правка", true));
    assert_eq!(collector.deleted(), [format!("urn:smm:vk:comment:-1_{post}_{comment}")]);

    let missed = say("пропущено", Kind::Post, None);
    played.sandbox.inside().world.forget();
    let later = Collector::default();
    let mut session = played.session(&OWN, &later);
    session.cursor = collector.cursor();
    let closed = || later.reports().iter().any(|report| matches!(report, Report::GapClosed { .. }));
    listen_until(&Vk, &session, closed).await.expect("the gap");
    let opened = later.reports().into_iter().find(|report| matches!(report, Report::GapOpened { .. }));
    assert!(matches!(opened, Some(Report::GapOpened { cause: GapCause::CursorLost, .. })), "{opened:?}");
    let urns: Vec<String> = later.posts().iter().map(|post| post.urn.to_string()).collect();
    assert!(urns.contains(&format!("urn:smm:vk:post:-1_{missed}")), "{urns:?}");
}

#[tokio::test]
async fn a_test_of_the_settings_says_what_it_found_or_what_to_change() {
    let played = Played::start("vk").await;
    let now = played.sandbox.now();
    played.sandbox.inside().world.seed(&Seed::default(), now);
    let probe = async |settings: &[(&str, &str)]| Vk.probe(&played.session(settings, &Collector::default())).await;
    let told = probe(&OWN).await.expect("one's own community");
    assert!(told.contains("club1"), "{told}");
    let told = probe(&[("words", "о"), ("*access_token", "service-token")]).await.expect("a search");
    assert!(told.starts_with("the token is accepted"), "{told}");
    let refused = probe(&[("words", "о"), ("*access_token", "vk1.a.stolen")]).await.expect_err("a wrong token");
    assert!(matches!(&refused, ConnectorError::AuthRevoked(why) if !why.contains("stolen")), "{refused:?}");
    let wrong = probe(&[("words", "о"), ("*access_token", "community-token-1")]).await.expect_err("a wrong kind");
    assert!(matches!(wrong, ConnectorError::Invalid { setting: "access_token", .. }), "{wrong:?}");
    let nowhere = [("what", "walls"), ("communities", "nosuch"), ("*access_token", "user-token")];
    assert!(matches!(probe(&nowhere).await, Err(ConnectorError::NotFound(_))));
    tokio::time::sleep(Duration::from_millis(1)).await;
}
