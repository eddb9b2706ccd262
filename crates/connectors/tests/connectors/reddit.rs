//! Reddit, as its emulator plays it and as it was recorded.

use std::collections::BTreeSet;
use std::path::Path;

use molva_connectors::reddit::{Reddit, read_listing};
use molva_connectors::{Connector as _, ConnectorError, Item, Report};
use molva_domain::PostKind;
use molva_emulators::{Faults, Kind, Seed};
use serde_json::Value;

use crate::bar::ITEMS;
use crate::reply_reddit::urn;
use crate::sandbox::{Heard, Played, READING};
use crate::world::{Collector, START, listen_until};

/// A list goes a thousand back.
const SHOWN: usize = 1_000;

/// Of the emulator at that address.
fn settings(base: &str) -> [(&str, &str); 7] {
    [
        ("site_url", base),
        ("client_id", "reddit-app"),
        ("*client_secret", "reddit-secret"),
        ("login", "ann"),
        ("subreddits", "r/place1\nplace2, place3"),
        ("history_days", "30"),
        ("comments", "true"),
    ]
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn communities_are_read_whole_though_a_list_shows_only_its_newest_thousand() {
    let played = Played::start("reddit").await;
    let base = played.base();
    let settings = settings(&base);
    played.break_often();
    // No more than ten pages of a list are turned, and few are enough: more of them break.
    (played.sandbox.inside().faults.page, played.sandbox.inside().faults.share) = (usize::MAX, 0.2);
    let mut heard = Heard::default();
    let mut wanted = BTreeSet::new();
    // While it is away no more is said than a list shows.
    for ago in (0..ITEMS.div_ceil(SHOWN)).rev() {
        let now = played.sandbox.now() - 3_600 * i64::try_from(ago).expect("few");
        let kinds = vec![Kind::Post, Kind::Comment];
        let seed = Seed { items: SHOWN, seed: ago as u64, kinds, span_s: 3_000, ..Seed::default() };
        played.sandbox.inside().world.seed(&seed, now);
        wanted = played.said(urn);
        heard.all_of(&Reddit, &played, &settings, &wanted).await;
    }
    heard.is_all_of(&played, "communities", &wanted, &READING);
    let kinds: BTreeSet<PostKind> = heard.posts.values().map(|post| post.kind).collect();
    assert_eq!(kinds, BTreeSet::from([PostKind::Post, PostKind::Comment, PostKind::Reply]));

    played.sandbox.inside().faults = Faults::default();
    let probed = Reddit.probe(&played.session(&settings, &Collector::default())).await.expect("an answer");
    let told = "the client is accepted: 100 new in posts of r/place1+place2+place3, 100 new in comments of r/place1+place2+place3; ";
    assert!(probed.starts_with(told) && probed.ends_with(" of 1000 requests left"), "{probed}");
    let mut wrong = settings;
    wrong[2].1 = "secret-7";
    let refused = Reddit.listen(&played.session(&wrong, &Collector::default())).await.expect_err("a wrong secret");
    assert!(matches!(refused, ConnectorError::AuthRevoked(_)), "{refused:?}");
    assert!(!format!("{refused:?} {refused}").contains("secret-7"));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_lies_deeper_than_the_thousand_is_a_gap() {
    let played = Played::start("reddit").await;
    played.seed(&Seed { items: SHOWN + 100, kinds: vec![Kind::Post], ..Seed::default() });
    let base = played.base();
    let mut settings = settings(&base);
    settings[6].1 = "false";
    let collector = Collector::default();
    listen_until(&Reddit, &played.session(&settings, &collector), || collector.cursor().is_some())
        .await
        .expect("a look");
    assert_eq!(collector.count(), SHOWN);
    let oldest = collector.posts()[0].published_at;
    assert!(collector.reports().contains(&Report::GapClosed { to: oldest }));
    let told = |report: &Report| matches!(report, Report::Quota(quota) if quota.limit == 1_000);
    assert!(collector.reports().iter().any(told));
}

/// `MOLVA_REDDIT_CORPUS` names a folder with the answers recorded for the tests of PRAW 8.0.3, years of the real Reddit:
/// `pip download --no-deps --no-binary :all: praw==8.0.3`, then `tests/integration/cassettes`.
#[test]
fn every_recorded_listing_becomes_posts_that_say_what_reddit_said() {
    let Some(folder) = std::env::var_os("MOLVA_REDDIT_CORPUS") else {
        println!("skipped: MOLVA_REDDIT_CORPUS is not set");
        return;
    };
    let (mut listings, mut posts, mut gone, mut other, mut rejected) = (0, 0, 0, 0, Vec::new());
    let mut words = (0, 0);
    for entry in std::fs::read_dir(Path::new(&folder)).expect("a folder").flatten() {
        let cassette: Value =
            serde_json::from_slice(&std::fs::read(entry.path()).expect("a file")).expect("a cassette");
        for interaction in cassette["interactions"].as_array().into_iter().flatten() {
            let body = interaction["response"]["body"]["string"].as_str().unwrap_or_default();
            // A page of comments is two listings, the post and what was said under it.
            let answer: Value = serde_json::from_str(body).unwrap_or_default();
            let several = answer.as_array().cloned().unwrap_or_else(|| vec![answer]);
            for listing in several.iter().filter(|answer| answer["kind"] == "Listing") {
                let items = read_listing(listing.to_string().as_bytes(), START).expect("a listing");
                let told = listing["data"]["children"].as_array().expect("children");
                assert_eq!(items.len(), told.len());
                listings += 1;
                for (item, told) in items.into_iter().zip(told) {
                    match item {
                        _ if !matches!(told["kind"].as_str(), Some("t1" | "t3")) => {
                            assert!(matches!(item, Item::Rejected(_)));
                            other += 1;
                        }
                        Item::Post(post) => {
                            let (found, all) = check(&post, &told["data"]);
                            words = (words.0 + found, words.1 + all);
                            posts += 1;
                        }
                        Item::Deleted(urn) => {
                            assert!(urn.as_str().ends_with(told["data"]["name"].as_str().expect("a name")));
                            gone += 1;
                        }
                        Item::Rejected(rejection) => rejected.push(rejection.to_string()),
                    }
                }
            }
        }
    }
    println!(
        "{listings} listings: {posts} posts and comments, {gone} gone, {other} other things, {} rejected",
        rejected.len()
    );
    println!("{} of {} words stand in what was written", words.0, words.1);
    assert!(posts > 30_000 && words.0 * 1_000 >= words.1 * 995, "{posts} posts, {words:?}");
    rejected.retain(|rejection| !rejection.starts_with("not_public") && !rejection.starts_with("empty_text"));
    assert_eq!(rejected, Vec::<String>::new());
}

/// Read once more and differently from what was recorded; how many words of the text stand in the source, and how many there are.
fn check(post: &molva_domain::Post, told: &Value) -> (usize, usize) {
    let text = |field: &str| told[field].as_str();
    let name = text("name").expect("a name");
    assert!(post.urn.as_str().ends_with(&format!(":{name}")), "{name}");
    assert_eq!(post.published_at.as_secs(), told["created_utc"].as_f64().expect("a time") as i64, "{name}");
    assert_eq!(post.edited_at.map(|at| at.as_secs()), told["edited"].as_f64().map(|at| at as i64), "{name}");
    assert_eq!(post.author.handle.as_deref(), text("author").filter(|author| *author != "[deleted]"), "{name}");
    let parent = text("parent_id").filter(|_| name.starts_with("t1_"));
    let answered = post.in_reply_to.as_ref().and_then(|urn| urn.as_str().rsplit(':').next());
    assert_eq!(answered, parent, "{name}");
    assert_eq!(post.community.as_ref().and_then(|place| place.title.as_deref()), text("subreddit"), "{name}");
    assert!(
        post.url.as_deref().is_some_and(|url| url.starts_with("https://www.reddit.com/")),
        "{name}: {:?}",
        post.url
    );
    // What is read is what was written, without the marks of layout.
    let source = text(if name.starts_with("t1_") { "body" } else { "selftext" }).unwrap_or_default();
    let words = post.text.split(|letter: char| !letter.is_alphanumeric()).filter(|word| word.len() > 3);
    words.fold((0, 0), |(found, all), word| (found + usize::from(source.contains(word)), all + 1))
}
