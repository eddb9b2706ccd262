//! Reddit, as a stand-in tells it and as it was recorded.

use std::collections::{BTreeSet, HashMap};
use std::path::Path;

use axum::extract::{Path as Place, Query, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse as _, Response};
use axum::routing::{get, post};
use axum::{Json, Router};
use molva_connectors::http::HttpClient;
use molva_connectors::reddit::{Reddit, read_listing};
use molva_connectors::{Connector as _, ConnectorError, Item, Report};
use molva_domain::PostKind;
use serde_json::{Value, json};

use crate::newest_first::{Network, RETRY_AFTER, Shape};
use crate::world::{Collector, START, limits, serve, session};

type Parameters = HashMap<String, String>;

async fn token(headers: HeaderMap, body: String) -> Response {
    let form: Parameters = url::form_urlencoded::parse(body.as_bytes()).into_owned().collect();
    if headers.get(header::AUTHORIZATION).is_none_or(|value| value != "Basic YXBwOnNlY3JldC05") {
        return (StatusCode::UNAUTHORIZED, Json(json!({"message": "Unauthorized", "error": 401}))).into_response();
    }
    match form["grant_type"].as_str() {
        "client_credentials" => {
            Json(json!({"access_token": "t-1", "token_type": "bearer", "expires_in": 3600, "scope": "*"}))
                .into_response()
        }
        _ => Json(json!({"error": "invalid_grant"})).into_response(),
    }
}

/// Odd numbers are posts, even ones comments; a list goes a thousand back.
async fn listing(
    State(network): State<Network>,
    Place((communities, what)): Place<(String, String)>,
    Query(parameters): Query<Parameters>,
    headers: HeaderMap,
) -> Response {
    assert_eq!((communities.as_str(), parameters["raw_json"].as_str()), ("kyiv+lviv", "1"));
    let agent = headers[header::USER_AGENT].to_str().expect("a text");
    assert!(agent.starts_with("server:molva:v") && agent.ends_with("(by /u/ann)"), "{agent}");
    if headers[header::AUTHORIZATION] != "Bearer t-1" {
        return (StatusCode::UNAUTHORIZED, Json(json!({"message": "Unauthorized", "error": 401}))).into_response();
    }
    let (kind, rest) = if what == "new" { ("t3", 1) } else { ("t1", 0) };
    let number = |name: &str| u64::from_str_radix(name.split_once('_').expect("a full name").1, 36).expect("a number");
    let before = parameters.get("after").map_or(u64::MAX, |after| number(after));
    let shown: u64 = parameters.get("count").map_or(0, |count| count.parse().expect("a number"));
    let tell = |id: u64| {
        let name = format!("{kind}_{}", base36(id));
        let created = network.written_at(id).as_secs() as f64;
        let common = json!({"name": name, "created_utc": created, "edited": false, "author": "ann", "subreddit": "kyiv", "score": 1,
            "title": "A title", "selftext": format!("post {id}"), "body": format!("comment {id}"), "parent_id": "t3_1", "link_id": "t3_1"});
        json!({"kind": kind, "data": common})
    };
    let dress = |children: Vec<Value>, oldest: Option<u64>| {
        let after = oldest.filter(|_| shown < 900).map(|id| format!("{kind}_{}", base36(id)));
        json!({"kind": "Listing", "data": {"children": children, "after": after, "before": null}})
    };
    let answer = network.answer(0, |id| id % 2 == rest && id < before, tell, dress);
    ([("x-ratelimit-used", "4"), ("x-ratelimit-remaining", "596.0"), ("x-ratelimit-reset", "120")], answer)
        .into_response()
}

fn base36(mut number: u64) -> String {
    let mut digits = Vec::new();
    while number > 0 {
        digits.push(char::from_digit((number % 36) as u32, 36).expect("a digit"));
        number /= 36;
    }
    digits.iter().rev().collect()
}

/// Without `Retry-After`: what is left, and how long until it begins anew.
fn refuse() -> Response {
    let reset = RETRY_AFTER.as_secs().to_string();
    let headers =
        [("x-ratelimit-used", "600"), ("x-ratelimit-remaining", "0.0"), ("x-ratelimit-reset", reset.as_str())];
    (StatusCode::TOO_MANY_REQUESTS, headers, "Too Many Requests").into_response()
}

fn router(network: &Network) -> Router {
    Router::new()
        .route("/api/v1/access_token", post(token))
        .route("/r/{communities}/{what}", get(listing))
        .with_state(network.clone())
}

#[tokio::test]
async fn communities_are_read_whole_though_a_list_shows_only_its_newest_thousand() {
    let network =
        Network::new(Shape { page: 100, fault_every: 17, at_once: 1_500, refuse, scale: 24_000.0, ..Shape::default() });
    let address = serve(router(&network)).await;
    let url = format!("http://{address}");
    let settings = [
        ("api_url", url.as_str()),
        ("site_url", &url),
        ("client_id", "app"),
        ("*client_secret", "secret-9"),
        ("login", "ann"),
        ("subreddits", "r/kyiv\nlviv"),
        ("history_days", "30"),
    ];
    let collector = network.is_read_whole(&Reddit, address, &settings).await;
    let kinds: BTreeSet<PostKind> = collector.posts().into_iter().map(|post| post.kind).collect();
    assert_eq!(kinds, BTreeSet::from([PostKind::Post, PostKind::Comment]));
    assert!(collector.reports().iter().any(|report| matches!(report, Report::Quota(quota) if quota.limit == 600)));

    let http = HttpClient::new(limits(&[address]));
    let probed = Reddit.probe(&session(http.clone(), 1e6, &settings, &collector)).await.expect("an answer");
    assert_eq!(
        probed,
        "the client is accepted: 100 new in posts of r/kyiv+lviv, 100 new in comments of r/kyiv+lviv; 596 of 600 requests left"
    );
    let mut wrong = settings;
    wrong[3].1 = "secret-7";
    let refused = Reddit.listen(&session(http, 1e6, &wrong, &collector)).await.expect_err("a wrong secret");
    assert!(matches!(refused, ConnectorError::AuthRevoked(_)), "{refused:?}");
    assert!(!format!("{refused:?} {refused}").contains("secret-7"));
}

#[tokio::test]
async fn what_lies_deeper_than_the_thousand_is_a_gap() {
    let network = Network::new(Shape { page: 100, fault_every: 1_000_000, ..Shape::default() });
    let address = serve(router(&network)).await;
    let url = format!("http://{address}");
    let collector = Collector::default();
    let settings = [
        ("api_url", url.as_str()),
        ("site_url", &url),
        ("client_id", "app"),
        ("*client_secret", "secret-9"),
        ("login", "ann"),
        ("subreddits", "kyiv, lviv"),
        ("comments", "false"),
        ("history_days", "30"),
    ];
    let session = session(HttpClient::new(limits(&[address])), 1e6, &settings, &collector);
    crate::world::listen_until(&Reddit, &session, || collector.cursor().is_some()).await.expect("a look");
    assert_eq!(collector.count(), 1_000);
    let oldest = collector.posts()[0].published_at;
    assert!(collector.reports().contains(&Report::GapClosed { to: oldest }));
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
