//! YouTube, played by its emulator: threads with some of their replies, the rest for the asking, and units that end.

use molva_connectors::youtube::YouTube;
use molva_connectors::{Connector as _, ConnectorError, Report};
use molva_domain::{PostKind, Timestamp};
use molva_emulators::{Fault, Faults, Kind, Said, Saying, Seed, Who, World};
use serde_json::json;

use crate::bar::ITEMS;
use crate::reply_support::{Between, call};
use crate::sandbox::{Look, Played, READING, is_read_whole};
use crate::world::{Collector, limits, listen_until, session};

const CHANNEL: &str = "UCplace10000000000000001";

/// As listening calls it, by the comment at the top of its thread.
fn urn(world: &World, said: &Said) -> String {
    let mut top = said;
    while let Some(above) = top.answers.and_then(|above| world.find(said.place, above)) {
        top = above;
    }
    match said.answers {
        Some(_) => format!("urn:smm:youtube:comment:Ug{:09}.r{}", top.number, said.number),
        None => format!("urn:smm:youtube:comment:Ug{:09}", said.number),
    }
}

fn say(played: &Played, kind: Kind, who: Who, text: &str, (under, answers): (Option<u64>, Option<u64>)) -> u64 {
    let now = played.sandbox.now() - 3 * 86_400;
    let saying = Saying { place: 1, kind, who, text: text.to_owned(), under, answers };
    played.sandbox.inside().world.say(saying, now)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_channel_is_read_whole_with_replies_that_its_threads_do_not_show() {
    let played = Played::start("youtube").await;
    // More than comes along with a thread.
    let video = say(&played, Kind::Post, Who::Place, "Обсудим?", (None, None));
    let first = say(&played, Kind::Comment, Who::Person(1_002), "Давайте", (Some(video), None));
    for number in 0..40 {
        say(&played, Kind::Comment, Who::Person(1_003), &format!("Ответ {number}"), (Some(video), Some(first)));
    }
    let base = played.base();
    let settings = [("url", base.as_str()), ("*api_key", "youtube-key"), ("channels", CHANNEL), ("history_days", "30")];
    let kinds = [vec![Kind::Post], vec![Kind::Comment; 9]].concat();
    let seed = Seed { items: *ITEMS * 10 / 9, kinds, place: Some(1), span_s: 2 * 86_400, ..Seed::default() };
    // A key does not end.
    let met = READING.map(|kind| if kind == Fault::ExpiredToken { Fault::SlowBody } else { kind });
    let look = Look { connector: &YouTube, settings: &settings, way: "a channel's comments", page: 100, kinds: &met };
    let name = |world: &World, said: &Said| (said.kind == Kind::Comment).then(|| urn(world, said));
    let heard = is_read_whole(&played, &look, &seed, name).await;
    assert!(heard.posts.values().filter(|post| post.kind == PostKind::Reply).count() > *ITEMS / 10);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_video_without_comments_is_told_and_passed_over_and_a_wrong_key_is_not_repeated() {
    let played = Played::start("youtube").await;
    let closed = say(&played, Kind::Post, Who::Place, "Закрыто", (None, None));
    let closed = played.sandbox.inside().world.find(1, closed).map(|said| format!("v{:010}", said.number));
    let closed = closed.expect("a video");
    let url = format!("{}/close/{closed}", played.base()).parse().expect("an address");
    let request = molva_connectors::http::Request::new(molva_connectors::http::Method::POST, url);
    call(request.header("x-goog-api-key", "youtube-key")).await;
    let base = played.base();
    let settings = [
        ("url", base.as_str()),
        ("*api_key", "youtube-key"),
        ("channels", CHANNEL),
        ("videos", closed.as_str()),
        ("history_days", "30"),
    ];
    let collector = Collector::default();
    let told = || collector.problems().contains(&"not_found") && collector.cursor().is_some();
    listen_until(&YouTube, &played.session(&settings, &collector), told).await.expect("a look");
    let left =
        |report: &Report| matches!(report, Report::Quota(quota) if (quota.limit, quota.remaining) == (8_000, 7_999));
    assert!(collector.reports().iter().any(left), "{:?}", collector.reports());

    let wrong = [("url", base.as_str()), ("*api_key", "key-7"), ("channels", CHANNEL)];
    let refused = YouTube.listen(&played.session(&wrong, &collector)).await.expect_err("a wrong key");
    assert!(
        matches!(refused, ConnectorError::AuthRevoked(_)) && !format!("{refused:?} {refused}").contains("key-7"),
        "{refused:?}"
    );
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_used_up_day_waits_for_midnight_in_california_and_searches_are_spread_over_it() {
    let played = Played::start("youtube").await;
    played.sandbox.inside().faults = Faults::default();
    let now = played.sandbox.now();
    for number in 0..40 {
        let text = format!("molva {number}");
        let saying = Saying { place: 1, kind: Kind::Post, who: Who::Place, text, under: None, answers: None };
        played.sandbox.inside().world.say(saying, now - 600);
    }
    let base = played.base();
    let collector = Collector::default();
    let settings = [("url", base.as_str()), ("*api_key", "youtube-key"), ("words", "molva")];
    // Five minutes, the pause between two looks, pass in a third of a second; between two searches there are sixteen.
    let mut listening = played.session(&settings, &collector);
    listening.time_scale = 864.0;
    let looks = || collector.reports().iter().filter(|report| matches!(report, Report::Alive)).count();
    listen_until(&YouTube, &listening, || looks() >= 8).await.expect("looks");
    let searches = played.sandbox.inside().counts.requests["GET/youtube/v3/search"];
    assert!(collector.count() == 40 && (1..8).contains(&searches), "{searches} searches in {} looks", looks());

    let between = Between::start(Some(&base)).await;
    let used_up = json!({"error": {"code": 403, "errors": [{"domain": "youtube", "reason": "quotaExceeded"}]}});
    between.say("GET /youtube/v3/commentThreads", 403, "", &used_up);
    let collector = Collector::default();
    let settings = [("url", between.address.as_str()), ("*api_key", "youtube-key"), ("channels", CHANNEL)];
    let http =
        molva_connectors::http::HttpClient::new(limits(&[between.address["http://".len()..].parse().expect("one")]));
    listen_until(&YouTube, &session(http, 1.0, &settings, &collector), || collector.cursor().is_some())
        .await
        .expect("a look");
    assert_eq!(collector.problems(), ["quota_exhausted"]);
    let reports = collector.reports().into_iter().rev();
    let next = reports.filter_map(|report| if let Report::NextAttempt(at) = report { Some(at) } else { None }).next();
    let midnight = Timestamp::parse("2026-03-02T08:00:00Z").expect("a time");
    assert!(next.is_none_or(|next| next >= midnight), "{next:?}");
}
