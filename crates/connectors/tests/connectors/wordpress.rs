//! Comments of a site, over its API and around it.

use std::net::SocketAddr;
use std::sync::{Arc, Mutex};

use axum::Router;
use axum::extract::{Query, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse as _, Response};
use axum::routing::get;
use molva_connectors::feed::FeedConnector;
use molva_connectors::http::{HttpClient, HttpLimits, Method, Request};
use molva_connectors::wordpress::WordPress;
use molva_connectors::{Connector as _, ConnectorError, Session};
use molva_domain::{PostKind, Secret, Timestamp};
use serde_json::{Value, json};
use url::Url;

use crate::newest_first::Network;
use crate::world::{Collector, START, limits, listen_until, serve, session};

/// An hour passes in a second and a half.
const SCALE: f64 = 2_400.0;

/// A site with numbered comments, a minute apart, the last published just before the start.
#[derive(Clone, Default)]
struct Site {
    comments: Arc<Mutex<Vec<u64>>>,
    pages: Arc<Mutex<Vec<usize>>>,
    closed: bool,
    password: bool,
}

type Parameters = std::collections::HashMap<String, String>;

fn date(number: u64) -> Timestamp {
    Timestamp::from_secs(START.as_secs() - 60 * 2_000 + 60 * i64::try_from(number).expect("a small number"))
}

fn comment(number: u64) -> Value {
    json!({
        "id": number, "post": 1, "parent": if number % 10 == 5 { number - 1 } else { 0 }, "author": 0,
        "author_name": format!("reader {}", number % 7), "author_url": "",
        "date_gmt": date(number).to_rfc3339().trim_end_matches(".000Z"),
        "content": {"rendered": format!("<p>comment <b>{number}</b></p>")},
        "link": format!("http://blog.example/hello/#comment-{number}"),
        "_embedded": {"up": [{"title": {"rendered": "Hello &amp; welcome"}}]},
    })
}

async fn front(State(site): State<Site>, Query(parameters): Query<Parameters>, headers: HeaderMap) -> Response {
    if parameters.get("feed").is_some_and(|feed| feed == "comments-rss2") {
        let item = |number: &u64| {
            let date = date(*number).to_rfc3339();
            format!(
                "<item><title>By: reader</title><link>http://blog.example/hello/#comment-{number}</link><guid isPermaLink='false'>http://blog.example/?p=1#comment-{number}</guid><pubDate>{date}</pubDate><description>comment {number}</description></item>"
            )
        };
        let items: String = site.comments.lock().expect("a lock").iter().rev().take(10).map(item).collect();
        return format!("<rss version='2.0'><channel><title>Comments</title>{items}</channel></rss>").into_response();
    }
    if parameters.get("rest_route").is_none_or(|route| route != "/wp/v2/comments") {
        return "<html><body>front page</body></html>".into_response();
    }
    let refused = |code: &str| (StatusCode::UNAUTHORIZED, axum::Json(json!({"code": code}))).into_response();
    if site.closed && !headers.contains_key(header::AUTHORIZATION) {
        return refused("rest_comment_login_required");
    }
    if site.password && headers.get(header::AUTHORIZATION).is_none_or(|value| value != "Basic YWRtaW46c2VjcmV0") {
        return refused("incorrect_password");
    }
    assert_eq!((parameters["order"].as_str(), parameters["orderby"].as_str()), ("desc", "date_gmt"));
    let number = |name: &str| parameters[name].parse::<usize>().expect("a number");
    let (size, page) = (number("per_page"), number("page"));
    site.pages.lock().expect("a lock").push(page);
    let comments = site.comments.lock().expect("a lock").clone();
    if page > 1 && (page - 1) * size >= comments.len() {
        return (StatusCode::BAD_REQUEST, axum::Json(json!({"code": "rest_post_invalid_page_number"}))).into_response();
    }
    let page: Vec<_> = comments.iter().rev().skip((page - 1) * size).take(size).map(|id| comment(*id)).collect();
    ([("x-wp-total", comments.len().to_string())], axum::Json(page)).into_response()
}

impl Site {
    fn with(numbers: impl IntoIterator<Item = u64>) -> Self {
        let site = Self::default();
        site.add(numbers);
        site
    }

    fn add(&self, numbers: impl IntoIterator<Item = u64>) {
        self.comments.lock().expect("a lock").extend(numbers);
    }

    fn pages(&self) -> Vec<usize> {
        self.pages.lock().expect("a lock").clone()
    }

    async fn serve(&self) -> SocketAddr {
        serve(Router::new().route("/", get(front)).with_state(self.clone())).await
    }
}

fn site_session(address: SocketAddr, more: &[(&str, &str)], collector: &Collector) -> Session {
    let url = format!("http://{address}");
    let settings = [&[("url", url.as_str())], more].concat();
    session(HttpClient::new(limits(&[address])), SCALE, &settings, collector)
}

fn ids(collector: &Collector) -> Vec<u64> {
    let last = |urn: String| urn.rsplit(':').next().and_then(|id| id.parse().ok()).expect("an id");
    collector.posts().into_iter().map(|post| last(post.urn.to_string())).collect()
}

#[tokio::test]
async fn history_is_read_page_by_page_and_then_only_what_is_new() {
    let site = Site::with(1_700..=1_950);
    let address = site.serve().await;
    let collector = Collector::default();
    let mine = site_session(address, &[], &collector);
    listen_until(&WordPress, &mine, || site.pages().len() == 3).await.expect("no end");
    let first = Collector::default();
    let mine = site_session(address, &[], &first);
    listen_until(&WordPress, &mine, || first.cursor().is_some()).await.expect("no end");
    assert_eq!(ids(&first), (1_700..=1_950).collect::<Vec<_>>());
    let post = &first.posts()[5];
    assert_eq!(
        (post.text.as_str(), post.title.as_deref(), post.kind),
        ("comment 1705", Some("Hello & welcome"), PostKind::Comment)
    );
    assert!(post.in_reply_to.as_ref().is_some_and(|parent| parent.as_str().ends_with(":comment:1704")));
    assert_eq!(post.published_at, date(1_705));

    site.add([1_960, 1_955, 1_961]);
    let before = site.pages().len();
    let second = Collector::default();
    let again = Session { cursor: first.cursor(), ..site_session(address, &[], &second) };
    listen_until(&WordPress, &again, || second.cursor().is_some()).await.expect("no end");
    let mut new = ids(&second);
    new.sort_unstable();
    assert_eq!((new, site.pages()[before..].to_vec()), (vec![1_955, 1_960, 1_961], vec![1]));
}

#[tokio::test]
async fn history_ends_where_it_was_told_to() {
    // A minute apart: a day holds 1,440.
    let site = Site::with(1..=1_990);
    let address = site.serve().await;
    let collector = Collector::default();
    let mine = site_session(address, &[("history_days", "1")], &collector);
    listen_until(&WordPress, &mine, || collector.cursor().is_some()).await.expect("no end");
    let found = ids(&collector);
    assert!(
        (555..=580).contains(&found[0]) && *found.last().expect("a comment") == 1_990,
        "{} … {}",
        found[0],
        found.len()
    );
}

#[tokio::test]
async fn a_closed_site_is_read_over_its_feed_under_the_same_names() {
    let site = Site { closed: true, ..Site::with(1_900..=1_903) };
    let address = site.serve().await;
    let collector = Collector::default();
    let mine = site_session(address, &[], &collector);
    listen_until(&WordPress, &mine, || collector.cursor().is_some()).await.expect("no end");
    assert_eq!(ids(&collector), [1_900, 1_901, 1_902, 1_903]);
    let post = &collector.posts()[0];
    assert_eq!(post.urn.as_str(), format!("urn:smm:wordpress:127.0.0.1%3A{}:comment:1900", address.port()));
    assert_eq!(
        (post.network.as_str(), post.kind, post.text.as_str()),
        ("wordpress", PostKind::Comment, "comment 1900")
    );
    let found = WordPress.probe(&mine).await.expect("a feed");
    assert!(found.starts_with("the REST API is closed to strangers"), "{found}");
}

#[tokio::test]
async fn a_password_opens_the_site_and_a_wrong_one_is_told() {
    let site = Site { closed: true, password: true, ..Site::with(1_900..=1_901) };
    let address = site.serve().await;
    let collector = Collector::default();
    let right = site_session(address, &[("login", "admin"), ("*password", "secret")], &collector);
    assert!(WordPress.probe(&right).await.expect("open").starts_with("2 comments at "));
    let wrong = site_session(address, &[("login", "admin"), ("*password", "guess")], &collector);
    let ended = listen_until(&WordPress, &wrong, || false).await;
    assert!(matches!(ended, Err(ConnectorError::AuthRevoked(_))), "{ended:?}");
}

#[tokio::test]
async fn ten_thousand_comments_are_read_whole_through_refusals_broken_answers_and_disorder() {
    async fn numbered(State(network): State<Network>, Query(parameters): Query<Parameters>) -> Response {
        let page: usize = parameters["page"].parse().expect("a number");
        let tell = |id: usize| {
            let mut told = comment(id as u64);
            told["date_gmt"] = json!(network.written_at(id).to_rfc3339().trim_end_matches(".000Z"));
            told
        };
        network.answer((page - 1) * 100, |_| true, tell, Value::Array)
    }
    let network = Network::new(100, 11, 4_000, 24_000.0);
    let address = serve(Router::new().route("/", get(numbered)).with_state(network.clone())).await;
    let url = format!("http://{address}");
    network.is_read_whole(&WordPress, "comments", address, &[("url", &url), ("history_days", "30")]).await;
}

/// The real one, when `scripts/servers/wordpress.sh` has started it.
#[tokio::test]
async fn a_real_site_is_read_over_its_api_and_over_its_feed_alike() {
    let Ok(site) = std::env::var("MOLVA_TEST_WORDPRESS") else {
        println!("skipped: MOLVA_TEST_WORDPRESS is not set");
        return;
    };
    let user = std::env::var("MOLVA_TEST_WORDPRESS_USER").expect("a user");
    let password = Secret::new(std::env::var("MOLVA_TEST_WORDPRESS_PASSWORD").expect("a password"));
    let url = Url::parse(&site).expect("an address");
    let host = format!("{}:{}", url.host_str().expect("a host"), url.port().expect("a port"));
    let http = HttpClient::new(HttpLimits { allowed_private_hosts: vec![host], ..HttpLimits::default() });
    let said = format!("Связь <b>пропала</b> {}", std::process::id());
    let write = async |parent: u64, content: &str| {
        let endpoint = Url::parse(&format!("{site}/?rest_route=/wp/v2/comments")).expect("an address");
        let body = json!({"post": 1, "parent": parent, "content": content});
        let answer = http
            .send(Request::new(Method::POST, endpoint).basic(&user, &password).json(&body))
            .await
            .expect("an answer");
        assert_eq!(answer.status.as_u16(), 201, "{}", String::from_utf8_lossy(&answer.body));
        answer.json::<Value>().expect("a comment")["id"].as_u64().expect("an id")
    };
    let first = write(0, &said).await;
    let answer = write(first, "Починили").await;

    let found = |collector: &Collector| collector.posts().iter().any(|post| post.text.ends_with("Починили"));
    let over_api = Collector::default();
    let mut mine = session(http.clone(), SCALE, &[("url", site.as_str())], &over_api);
    mine.clock = Arc::new(molva_domain::SystemClock);
    listen_until(&WordPress, &mine, || found(&over_api)).await.expect("no end");
    let over_feed = Collector::default();
    let feed = format!("{site}/?feed=comments-rss2");
    let settings = [("url", feed.as_str()), ("kind", "comment")];
    let mut mine = session(http.clone(), SCALE, &settings, &over_feed);
    mine.clock = Arc::new(molva_domain::SystemClock);
    listen_until(&FeedConnector, &mine, || found(&over_feed)).await.expect("no end");

    let posts = over_api.posts();
    let reply = posts.iter().rfind(|post| post.text == "Починили").expect("the reply");
    assert!(reply.urn.as_str().ends_with(&format!(":comment:{answer}")), "{}", reply.urn);
    assert!(reply.in_reply_to.as_ref().is_some_and(|parent| parent.as_str().ends_with(&format!(":comment:{first}"))));
    assert_eq!((reply.title.as_deref(), reply.author.name.as_deref()), (Some("Hello world!"), Some("admin")));
    assert!(posts.iter().any(|post| post.text == format!("Связь пропала {}", std::process::id())));
    assert!(
        reply.fetched_at.since(reply.published_at).as_secs() < 60
            && reply.published_at.since(reply.fetched_at).as_secs() < 5
    );
    let seen = over_feed.posts().into_iter().rfind(|post| post.text.ends_with("\n\nПочинили")).expect("the reply");
    assert_eq!((seen.url, seen.published_at), (reply.url.clone(), reply.published_at));
}
