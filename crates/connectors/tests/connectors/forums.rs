//! Discourse, NodeBB and Flarum, played by their emulators.

use molva_connectors::discourse::Discourse;
use molva_connectors::flarum::Flarum;
use molva_connectors::http::{HttpClient, HttpLimits};
use molva_connectors::nodebb::NodeBb;
use molva_connectors::{Connector, ConnectorError, Report};
use molva_domain::{Post, Urn};
use molva_emulators::{Kind, Seed};

use crate::bar::ITEMS;
use crate::sandbox::{Look, Played, READING, is_read_whole};
use crate::world::{Collector, limits, listen_until, session};

/// A forum with its key is read whole, and with another says what is wrong.
async fn check(connector: &dyn Connector, name: &str, keys: &[(&str, &str)], page: usize, probed: &str) {
    let played = Played::start(name).await;
    let base = played.base();
    let mut settings = vec![("url", base.as_str()), ("history_days", "30")];
    settings.extend(keys);
    let kinds = vec![Kind::Post, Kind::Comment, Kind::Comment];
    let seed = Seed { items: *ITEMS, kinds, span_s: 20 * 86_400, ..Seed::default() };
    let address = played.address.to_string();
    let urn = |number: u64| Urn::of(name, Some(&address), "post", &number.to_string()).to_string();
    let look = Look { connector, settings: &settings, way: "posts", page, kinds: &READING };
    let heard = is_read_whole(&played, &look, &seed, |_, said| Some(urn(said.number))).await;
    let whole = |post: &Post| post.title.is_some() && post.author.handle.is_some();
    assert!(heard.posts.values().all(whole), "a post has its topic and its author");

    played.sandbox.inside().faults = molva_emulators::Faults::default();
    let found = connector.probe(&played.session(&settings, &Collector::default())).await.expect("an answer");
    assert!(found.starts_with(&format!("{page} posts on the first page of ")) && found.contains(probed), "{found}");
    for setting in &mut settings {
        if setting.0.starts_with('*') {
            setting.1 = "secret-7";
        }
    }
    let refusal = connector.listen(&played.session(&settings, &Collector::default())).await.expect_err("a wrong key");
    assert!(matches!(refusal, ConnectorError::Forbidden(_) | ConnectorError::AuthRevoked(_)), "{refusal:?}");
    assert!(!format!("{refusal:?} {refusal}").contains("secret-7"));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_discourse_forum_is_read_whole_through_refusals_broken_answers_and_disorder() {
    let keys = [("api_username", "person1001"), ("*api_key", "discourse-key")];
    check(&Discourse, "discourse", &keys, 50, "the key is accepted").await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_nodebb_forum_is_read_whole_through_refusals_broken_answers_and_disorder() {
    check(&NodeBb, "nodebb", &[("*token", "nodebb-token-1001")], 20, "the token is accepted").await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_flarum_forum_is_read_whole_through_refusals_broken_answers_and_disorder() {
    check(&Flarum, "flarum", &[("*api_key", "flarum-token-1001")], 50, "the key is accepted").await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_is_older_than_the_last_page_is_a_gap_and_a_cursor_of_another_forum_is_not_followed() {
    let played = Played::start("discourse").await;
    played.seed(&Seed { items: 900, kinds: vec![Kind::Post], span_s: 86_400, ..Seed::default() });
    played.sandbox.inside().faults.page = 2;
    let base = played.base();
    let settings = [("url", base.as_str()), ("history_days", "365")];
    let collector = Collector::default();
    listen_until(&Discourse, &played.session(&settings, &collector), || collector.cursor().is_some())
        .await
        .expect("400 pages");
    assert_eq!(collector.posts().len(), 400 * 2);
    let oldest = collector.posts()[0].published_at;
    let gaps: Vec<Report> = collector
        .reports()
        .into_iter()
        .filter(|report| !matches!(report, Report::Alive | Report::NextAttempt(_)))
        .collect();
    assert!(matches!(gaps[..], [Report::GapOpened { .. }, Report::GapClosed { to }] if to == oldest), "{gaps:?}");

    let elsewhere = Collector::default();
    let other = format!("http://localhost:{}/", played.address.port());
    let allowed = HttpLimits { allowed_private_hosts: vec!["localhost".to_owned()], ..limits(&[played.address]) };
    let mut moved = session(HttpClient::new(allowed), 1e6, &[("url", &other), ("history_days", "0")], &elsewhere);
    moved.cursor = collector.cursor();
    listen_until(&Discourse, &moved, || elsewhere.cursor().is_some()).await.expect("a fresh look");
    assert_eq!(elsewhere.posts().len(), 0, "nothing is as young as that");
}
