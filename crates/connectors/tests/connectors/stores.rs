//! Reviews of the App Store and of Google Play, played by their emulators.

use std::collections::BTreeSet;

use molva_connectors::app_store::AppStore;
use molva_connectors::google_play::GooglePlay;
use molva_connectors::{Connector as _, ConnectorError, Report};
use molva_domain::{PostKind, Urn};
use molva_emulators::app_store::COUNTRIES;
use molva_emulators::{Fault, Faults, Kind, Said, Seed};

use crate::bar::ITEMS;
use crate::reply_stores::{apple_key, google_key};
use crate::sandbox::{Look, Played, READING, is_read_whole};
use crate::world::{Collector, listen_until};

/// Of what is said below posts, which are the reviews, nearly all.
fn seed(span_s: u32) -> Seed {
    let kinds = [vec![Kind::Post], vec![Kind::Comment; 9]].concat();
    Seed { items: *ITEMS * 10 / 9, kinds, place: Some(1), span_s, ..Seed::default() }
}

fn review(said: &Said, name: impl Fn(u64) -> String) -> Option<String> {
    (said.kind == Kind::Comment).then(|| name(said.number))
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn reviews_of_many_countries_are_read_whole_from_their_feeds() {
    let played = Played::start("appstore").await;
    let (base, countries) = (played.base(), COUNTRIES.join("\n"));
    let settings =
        [("url", base.as_str()), ("app", "100000001"), ("countries", countries.as_str()), ("history_days", "365")];
    // Nobody has a token.
    let met = READING.map(|kind| if kind == Fault::ExpiredToken { Fault::SlowBody } else { kind });
    let look = Look { connector: &AppStore, settings: &settings, way: "feeds of 25 countries", page: 50, kinds: &met };
    let name = |number| format!("urn:smm:appstore:review:{number}");
    let heard = is_read_whole(&played, &look, &seed(90 * 86_400), |_, said| review(said, name)).await;
    assert!(heard.posts.values().all(|post| post.kind == PostKind::Review && post.engagement.rating.is_some()));
    let countries: BTreeSet<_> = heard.posts.values().filter_map(|post| post.author.country.clone()).collect();
    assert_eq!(countries.len(), 25);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn more_reviews_than_apple_shows_are_a_gap_and_a_country_that_is_none_is_told() {
    let played = Played::start("appstore").await;
    let seed = Seed { items: 25 * 700, kinds: vec![Kind::Comment], place: Some(1), ..Seed::default() };
    played.seed(&seed);
    let base = played.base();
    let collector = Collector::default();
    let settings = [("url", base.as_str()), ("app", "100000001"), ("countries", "ua")];
    listen_until(&AppStore, &played.session(&settings, &collector), || collector.cursor().is_some())
        .await
        .expect("a look");
    assert_eq!(collector.count(), 500);
    assert!(collector.reports().contains(&Report::GapClosed { to: collector.posts()[0].published_at }));
    let wrong = [("url", base.as_str()), ("app", "100000001"), ("countries", "Ukraine")];
    let told = AppStore.listen(&played.session(&wrong, &collector)).await.expect_err("no country");
    assert!(matches!(told, ConnectorError::Invalid { setting: "countries", .. }), "{told:?}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn reviews_of_an_own_app_are_read_whole_with_a_key_of_app_store_connect() {
    let played = Played::start("appstore").await;
    let (base, key) = (played.base(), apple_key());
    let settings = [
        ("connect_url", base.as_str()),
        ("app", "https://apps.apple.com/ua/app/x/id100000001"),
        ("*private_key", key.as_str()),
        ("issuer_id", "issuer-of-the-emulator"),
        ("key_id", "K1"),
        ("history_days", "365"),
    ];
    let look = Look { connector: &AppStore, settings: &settings, way: "Connect", page: 200, kinds: &READING };
    let name = |number| format!("urn:smm:appstore:review:00000036-7d2a-f56c-3b3c-{number:012}");
    is_read_whole(&played, &look, &seed(90 * 86_400), |_, said| review(said, name)).await;

    played.sandbox.inside().faults = Faults::default();
    let collector = Collector::default();
    let told = |report: &Report| matches!(report, Report::Quota(quota) if quota.limit == 3_600);
    let session = played.session(&settings, &collector);
    listen_until(&AppStore, &session, || collector.reports().iter().any(told)).await.expect("what is left");
    let mut wrong = settings;
    wrong[2].1 = "secret-7";
    let refused = AppStore.listen(&played.session(&wrong, &collector)).await.expect_err("no key");
    assert!(matches!(refused, ConnectorError::Invalid { setting: "private_key", .. }), "{refused:?}");
    assert!(!format!("{refused:?} {refused}").contains("secret-7"));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn reviews_in_google_play_are_read_whole_with_a_service_account() {
    let played = Played::start("googleplay").await;
    let base = played.base();
    let good = google_key(&base, "robot@project.example");
    let settings =
        [("url", base.as_str()), ("package", "example.place1"), ("*service_account", &good), ("history_days", "7")];
    // A refused token is made anew, so that it may end in the middle of a look.
    let look = Look { connector: &GooglePlay, settings: &settings, way: "reviews", page: 100, kinds: &READING };
    let name = |number| Urn::of("googleplay", None, "review", &format!("gp:AOqpTO-{number:08}")).to_string();
    let heard = is_read_whole(&played, &look, &seed(5 * 86_400), |_, said| review(said, name)).await;
    assert!(heard.posts.values().all(|post| post.engagement.rating.is_some()));

    played.sandbox.inside().faults = Faults::once(Fault::ExpiredToken);
    let collector = Collector::default();
    let seen = || collector.cursor().is_some();
    let mut session = played.session(&settings, &collector);
    session.cursor = heard.cursor.clone();
    listen_until(&GooglePlay, &session, seen).await.expect("a new token");
    let stranger = google_key(&base, "stranger@example.com");
    let wrong = [("url", base.as_str()), ("package", "example.place1"), ("*service_account", stranger.as_str())];
    let refused = GooglePlay.listen(&played.session(&wrong, &collector)).await.expect_err("a stranger");
    assert!(matches!(refused, ConnectorError::AuthRevoked(_)), "{refused:?}");
    assert!(!format!("{refused:?} {refused}").contains("PRIVATE KEY"));
}
