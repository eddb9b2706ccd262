//! X, played by its emulator.

use std::time::Duration;

use molva_connectors::x::X;
use molva_connectors::{Connector as _, ConnectorError, Report};
use molva_domain::{GapCause, PostKind};
use molva_emulators::world::{FIRST_PERSON, PEOPLE, PLACES};
use molva_emulators::x::native_id;
use molva_emulators::{Fault, Faults, Kind, Said, Saying, Seed, Who};

use crate::bar::ITEMS;
use crate::sandbox::{Heard, Played, READING as ASKING};
use crate::world::{Collector, listen_until};

/// Words that are in much of what is said there.
const WORDS: &str = "не\nи\nв\nна\nс\nчто\nпо\nя\nу\nа";
const PAID: (&str, &str) = ("daily_usd", "100000");

/// As listening calls it.
fn urn(said: &Said) -> String {
    format!("urn:smm:x:post:{}", native_id(said))
}

/// Whatever anybody there says: more than fits into one query, or one rule.
fn everybody() -> String {
    let brands = (1..=PLACES).map(|brand| format!("from:brand{brand}"));
    let people = (FIRST_PERSON..FIRST_PERSON + PEOPLE).map(|person| format!("from:person{person}"));
    brands.chain(people).collect::<Vec<_>>().join("\n")
}

fn post(said: &Said) -> Option<String> {
    matches!(said.kind, Kind::Post | Kind::Comment | Kind::TopicComment).then(|| urn(said))
}

fn kinds() -> Vec<Kind> {
    vec![Kind::Post, Kind::Comment, Kind::TopicComment]
}

fn say(played: &Played, kind: Kind, person: u64, text: &str, answers: Option<u64>) -> u64 {
    let now = played.sandbox.now();
    let saying = Saying { place: 1, kind, who: Who::Person(person), text: text.to_owned(), under: None, answers };
    let id = played.sandbox.inside().world.say(saying, now);
    played.sandbox.changed();
    id
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_search_brings_ten_thousand_posts_once_each_through_everything_that_breaks() {
    let played = Played::start("x").await;
    played.break_often();
    played.seed(&Seed { items: *ITEMS, span_s: 6 * 86_400, kinds: kinds(), ..Seed::default() });
    let wanted = played.said(post);
    let words = everybody();
    let settings = [("what", "search"), ("words", &words), ("*bearer_token", "app-token"), ("history_days", "7"), PAID];
    let mut heard = Heard::default();
    heard.all_of(&X, &played, &settings, &wanted).await;
    heard.is_all_of(&played, "search", &wanted, &ASKING);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_stream_brings_ten_thousand_posts_though_it_breaks_in_every_way() {
    let played = Played::start("x").await;
    let now = played.sandbox.now();
    // What breaks a stream comes first: what was missed is searched for in so few answers that some kinds would not be met.
    let mut faults = Faults::share(0.1);
    faults.kinds = Fault::OF_STREAMS.into_iter().chain(ASKING).collect();
    (faults.slow_ms, faults.page) = (300, 100);
    played.sandbox.inside().faults = faults;
    // Everything is said while the stream is followed, an hour of the world for fifty posts.
    let speaking = played.sandbox.clone();
    let chunks = *ITEMS / 50;
    let speaker = tokio::spawn(async move {
        for chunk in 0..chunks {
            let ago = 6 * 86_400 * i64::try_from(chunks - chunk).unwrap_or(0) / i64::try_from(chunks).unwrap_or(1);
            let seed = Seed { items: 50, seed: chunk as u64, span_s: 1_500, kinds: kinds(), ..Seed::default() };
            speaking.inside().world.seed(&seed, now - ago);
            speaking.changed();
            tokio::time::sleep(Duration::from_millis(25)).await;
        }
    });
    let words = everybody();
    let settings = [("what", "stream"), ("words", &words), ("*bearer_token", "app-token"), ("history_days", "7"), PAID];
    let mut heard = Heard::default();
    while !speaker.is_finished() {
        let wanted = played.said(post);
        heard.all_of(&X, &played, &settings, &wanted).await;
    }
    let wanted = played.said(post);
    heard.all_of(&X, &played, &settings, &wanted).await;
    let mut all = ASKING.to_vec();
    all.extend(Fault::OF_STREAMS);
    heard.is_all_of(&played, "stream", &wanted, &all);
}

const MENTIONS: [(&str, &str); 4] =
    [("what", "mentions"), ("account", "@brand1"), ("*bearer_token", "app-token"), PAID];

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn mentions_of_an_account_come_with_what_they_answer_and_edits_and_deletions_follow() {
    let played = Played::start("x").await;
    let above = say(&played, Kind::Post, 1, "Новость", None);
    let below = say(&played, Kind::Comment, 1_005, "нет сети https://shop.example/a & тихо", Some(above));
    say(&played, Kind::Post, 1_006, "без упоминаний", None);
    let collector = Collector::default();
    let mut session = played.session(&MENTIONS, &collector);
    listen_until(&X, &session, || collector.count() == 1).await.expect("the mention");
    let post = collector.posts().pop().expect("a post");
    assert_eq!(post.text, "@brand1 нет сети https://shop.example/a & тихо");
    assert_eq!((post.kind, post.author.handle.as_deref()), (PostKind::Reply, Some("person1005")));
    let told = |id: u64| played.sandbox.inside().world.find(1, id).map(urn).expect("it is there");
    assert_eq!(post.in_reply_to.map(|above| above.to_string()), Some(told(above)));
    assert_eq!(post.links, ["https://shop.example/a"]);

    // Within the hour it is edited, and then taken away. The clock of the network stands still beside ours, whose hours are short.
    let now = played.sandbox.now();
    assert!(played.sandbox.inside().world.edit(1, below, "нет связи", now));
    session.cursor = collector.cursor();
    let name = told(below);
    listen_until(&X, &session, || collector.texts().iter().any(|text| text == "@brand1 нет связи"))
        .await
        .expect("the edit");
    let edited = collector.posts().into_iter().find(|post| post.edited_at.is_some()).expect("an edit");
    assert_eq!(edited.urn.as_str(), name, "an edit is the same post");
    let later = Collector::default();
    let session = played.session(&MENTIONS, &later);
    listen_until(&X, &session, || {
        if later.count() > 0 {
            played.sandbox.inside().world.delete(1, below);
        }
        !later.deleted().is_empty()
    })
    .await
    .expect("the deletion");
    assert_eq!(later.deleted(), [name]);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_cap_is_kept_and_told_and_an_absence_of_weeks_is_a_gap() {
    let played = Played::start("x").await;
    let now = played.sandbox.now();
    let seed = Seed { items: 400, span_s: 3_600, kinds: vec![Kind::TopicComment], ..Seed::default() };
    played.sandbox.inside().world.seed(&seed, now);
    let collector = Collector::default();
    let settings = [("what", "search"), ("words", WORDS), ("*bearer_token", "app-token"), ("daily_usd", "1")];
    let session = played.session(&settings, &collector);
    listen_until(&X, &session, || collector.problems().contains(&"quota_exhausted")).await.expect("the cap");
    let came = collector.count();
    assert!((50..200).contains(&came), "{came}: a post costs half a cent, its author a whole one");
    let quota = collector.reports().into_iter().rev().find_map(|report| match report {
        Report::Quota(quota) => Some(quota),
        _ => None,
    });
    assert!(
        quota.is_some_and(|quota| quota.limit == 100 && quota.remaining < 25 && quota.resets_at.is_some()),
        "{quota:?}"
    );
    let again = Collector::default();
    let mut session = played.session(&settings, &again);
    session.cursor = collector.cursor();
    listen_until(&X, &session, || again.problems().contains(&"quota_exhausted")).await.expect("the cap still");
    assert_eq!(again.count(), 0, "a restart brings no money");

    // Of a search, a month ago: what lies between is lost.
    let month = (now - 30 * 86_400) * 1_000 - 1_288_834_974_657;
    let searched = Collector::default();
    let words = [("what", "search"), ("words", "сети"), ("*bearer_token", "app-token"), PAID];
    let mut session = played.session(&words, &searched);
    listen_until(&X, &session, || searched.cursor().is_some()).await.expect("a cursor");
    let cursor = searched.cursor().expect("a cursor");
    let (before, rest) = cursor.split_once("\"until\":").expect("a place");
    let rest = rest.trim_start_matches(|digit: char| digit.is_ascii_digit());
    session.cursor = Some(format!("{before}\"until\":{}{rest}", month << 22));
    let closed = || searched.reports().iter().any(|report| matches!(report, Report::GapClosed { .. }));
    listen_until(&X, &session, closed).await.expect("the gap");
    let opened = searched.reports().into_iter().find(|report| matches!(report, Report::GapOpened { .. }));
    assert!(matches!(opened, Some(Report::GapOpened { cause: GapCause::CursorLost, .. })), "{opened:?}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn only_our_own_rules_of_the_stream_are_changed_and_others_bring_us_nothing() {
    let played = Played::start("x").await;
    let rules = format!("{}/2/tweets/search/stream/rules", played.base());
    let foreign = "{\"add\":[{\"value\":\"погода\",\"tag\":\"of others\"}]}";
    let request = |body: &str| {
        let url = rules.parse().expect("an address");
        let body: serde_json::Value = serde_json::from_str(body).expect("JSON");
        let request = molva_connectors::http::Request::new(molva_connectors::http::Method::POST, url);
        request.bearer(&molva_domain::Secret::new("app-token")).json(&body)
    };
    crate::reply_support::call(request(foreign)).await;
    let listen = async |words: &str, said: &str, wanted: usize| {
        let collector = Collector::default();
        let settings = [("words", words), ("*bearer_token", "app-token"), PAID];
        let session = played.session(&settings, &collector);
        let opened = || played.sandbox.inside().counts.requests.get("stream").copied().unwrap_or(0);
        let before = opened();
        let watching = async {
            while opened() == before {
                tokio::time::sleep(Duration::from_millis(10)).await;
            }
            tokio::time::sleep(Duration::from_millis(200)).await;
            say(&played, Kind::Post, 1_005, "погода хорошая", None);
            say(&played, Kind::Post, 1_005, said, None);
        };
        let (heard, ()) = tokio::join!(listen_until(&X, &session, || collector.count() >= wanted), watching);
        heard.expect("heard");
        collector.texts()
    };
    assert_eq!(listen("сети", "нет сети", 1).await, ["нет сети"]);
    let texts = listen("связи", "нет связи", 1).await;
    assert_eq!(texts, ["нет связи"]);
    let rules_there = async || {
        let url: url::Url = rules.parse().expect("an address");
        let request = molva_connectors::http::Request::get(url).bearer(&molva_domain::Secret::new("app-token"));
        let told = crate::reply_support::call(request).await;
        let rules = told["data"].as_array().cloned().unwrap_or_default();
        rules.iter().filter_map(|rule| rule["value"].as_str().map(str::to_owned)).collect::<Vec<_>>()
    };
    assert_eq!(rules_there().await, ["погода", "связи -is:retweet"]);

    let settings = [("words", "связи"), ("*bearer_token", "app-token")];
    X.disconnect(&played.session(&settings, &Collector::default())).await.expect("taken away");
    assert_eq!(rules_there().await, ["погода"]);
}

#[tokio::test]
async fn a_test_of_the_settings_says_what_it_found_or_what_to_change() {
    let played = Played::start("x").await;
    let now = played.sandbox.now();
    played.sandbox.inside().world.seed(&Seed { kinds: kinds(), ..Seed::default() }, now);
    let probe = async |settings: &[(&str, &str)]| X.probe(&played.session(settings, &Collector::default())).await;
    let told = probe(&[("words", WORDS), ("*bearer_token", "app-token")]).await.expect("a stream");
    for part in [
        "the token is accepted: about",
        "posts a day",
        "1 rules of the stream, 0 of others",
        "$5.00 a day",
        "of 3000000 posts",
    ] {
        assert!(told.contains(part), "{told}");
    }
    let told = probe(&MENTIONS).await.expect("mentions");
    assert!(told.contains("mentions of @brand1"), "{told}");
    played.sandbox.inside().faults.clock_skew_s = 120;
    let told = probe(&MENTIONS).await.expect("mentions");
    assert!(told.contains("the clock of this machine is 1") && told.contains("s behind X's"), "{told}");
    played.sandbox.inside().faults.clock_skew_s = 0;
    let refused = probe(&[("words", "о"), ("*bearer_token", "AAAA-stolen")]).await.expect_err("a wrong token");
    assert!(matches!(&refused, ConnectorError::AuthRevoked(why) if !why.contains("stolen")), "{refused:?}");
    let wrong = probe(&[("words", "(сети"), ("*bearer_token", "app-token")]).await.expect_err("a bracket");
    assert!(
        matches!(&wrong, ConnectorError::Invalid { setting: "words", message } if message.contains("missing ')'")),
        "{wrong:?}"
    );
    let person = probe(&[("words", "сети"), ("*bearer_token", "user-token-1")]).await.expect_err("a person's token");
    assert!(matches!(&person, ConnectorError::Forbidden(why) if why.contains("Application-Only")), "{person:?}");
    let nobody = probe(&[("what", "mentions"), ("account", "nosuch"), ("*bearer_token", "app-token")]).await;
    assert!(matches!(nobody, Err(ConnectorError::Invalid { setting: "account", .. })), "{nobody:?}");
    let url: url::Url = format!("{}/_credits", played.base()).parse().expect("an address");
    let empty = molva_connectors::http::Request::new(molva_connectors::http::Method::POST, url);
    crate::reply_support::call(empty.json(&serde_json::json!({"usd": 0}))).await;
    let poor = probe(&MENTIONS).await.expect_err("no credits");
    assert!(matches!(&poor, ConnectorError::Forbidden(why) if why.contains("buy credits")), "{poor:?}");
}
