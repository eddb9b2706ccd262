//! Posts looked up again where no emulator plays the network: Mastodon, Hacker News and Bluesky, as stand-ins tell them.

use axum::Router;
use axum::extract::{Path, RawQuery};
use axum::http::StatusCode;
use axum::response::{IntoResponse as _, Response};
use axum::routing::get;
use axum::{Json, http};
use molva_connectors::bluesky::Bluesky;
use molva_connectors::hacker_news::HackerNews;
use molva_connectors::http::HttpClient;
use molva_connectors::mastodon::Mastodon;
use molva_connectors::{Connector, Item};
use molva_domain::{Post, Timestamp, Urn};
use serde_json::{Value, json};

use crate::world::{Collector, limits, serve, session};

const AT: Timestamp = Timestamp::from_secs(1_772_366_400);

fn known(urn: Urn, network: &str) -> Post {
    Post::new(urn, network, "Связи нет".to_owned(), AT, AT)
}

/// What was told of those posts: the name, and the words with likes; nothing for what is gone.
async fn told(
    connector: &dyn Connector,
    setting: &str,
    router: Router,
    posts: &[Post],
) -> Vec<(String, Option<String>)> {
    let address = serve(router).await;
    let base = format!("http://{address}");
    let posts: Vec<Post> = posts
        .iter()
        .map(|post| {
            let urn = post.urn.as_str().replace("HOST", &address.to_string().replace(':', "%3A"));
            Post { urn: Urn::new(urn), ..post.clone() }
        })
        .collect();
    let http = HttpClient::new(limits(&[address]));
    let session = session(http, 1.0, &[(setting, base.as_str())], &Collector::default());
    let refresh = connector.refresh().expect("it can be asked again");
    let items = refresh.look_up(&session, &posts).await.expect("an answer");
    let mut told: Vec<_> = items
        .into_iter()
        .map(|item| match item {
            Item::Post(post) => {
                (post.urn.to_string(), Some(format!("{} {}", post.text, post.engagement.likes.unwrap_or(0))))
            }
            Item::Deleted(urn) => (urn.to_string(), None),
            Item::Rejected(rejection) => panic!("{rejection:?}"),
        })
        .map(|(urn, said)| (urn.replace(&address.to_string().replace(':', "%3A"), "HOST"), said))
        .collect();
    told.sort();
    told
}

fn status(host: &str, id: &str) -> Value {
    json!({"id": id, "uri": format!("http://{host}/users/anna/statuses/{id}"), "created_at": "2026-03-01T09:30:00Z",
        "content": "<p>Связь есть</p>", "edited_at": "2026-03-01T10:00:00Z", "visibility": "public", "favourites_count": 7,
        "account": {"id": "1", "acct": "anna"}})
}

#[tokio::test]
async fn mastodon_tells_statuses_by_their_numbers_and_which_of_them_nobody_may_see_any_more() {
    async fn several(headers: http::HeaderMap, RawQuery(query): RawQuery) -> Response {
        let host = headers["host"].to_str().expect("a host").to_owned();
        let query = query.expect("ids");
        let asked: Vec<String> =
            url::form_urlencoded::parse(query.as_bytes()).map(|(key, id)| format!("{key}={id}")).collect();
        assert_eq!(asked, ["id[]=7", "id[]=8", "id[]=9"]);
        Json(json!([status(&host, "7")])).into_response()
    }
    async fn alone(Path(id): Path<String>, headers: http::HeaderMap) -> Response {
        let host = headers["host"].to_str().expect("a host").to_owned();
        if id == "8" { Json(status(&host, "8")).into_response() } else { StatusCode::NOT_FOUND.into_response() }
    }
    let router = Router::new().route("/api/v1/statuses", get(several)).route("/api/v1/statuses/{id}", get(alone));
    let name = |rest: &str| Urn::new(format!("urn:smm:mastodon:post:http%3A//HOST/{rest}"));
    let posts: Vec<Post> = ["users/anna/statuses/7", "users/anna/statuses/8", "users/anna/statuses/9", "objects/5"]
        .map(|rest| known(name(rest), "mastodon"))
        .into();
    let wanted = [
        (name("users/anna/statuses/7").to_string(), Some("Связь есть 7".to_owned())),
        (name("users/anna/statuses/9").to_string(), None),
    ];
    assert_eq!(told(&Mastodon, "instance", router, &posts).await, wanted);

    // An older server cannot be asked for many.
    let old = Router::new();
    assert_eq!(told(&Mastodon, "instance", old, &posts).await, []);
}

#[tokio::test]
async fn hacker_news_tells_points_edits_and_what_was_taken_away() {
    async fn item(Path(name): Path<String>) -> Json<Value> {
        Json(match name.as_str() {
            "1.json" => json!({"id": 1, "type": "comment", "text": "Связь <i>есть</i>", "parent": 7}),
            "2.json" => json!({"id": 2, "type": "story", "title": "Связь", "text": "Связи нет", "score": 5}),
            "3.json" => json!({"id": 3, "deleted": true, "type": "comment"}),
            "4.json" => json!({"id": 4, "dead": true, "type": "comment", "text": "Связи нет"}),
            _ => Value::Null,
        })
    }
    let router = Router::new().route("/v0/item/{name}", get(item));
    let name = |id: u64| Urn::of("hackernews", None, "item", &id.to_string());
    let posts: Vec<Post> = (1..=5).map(|id| known(name(id), "hackernews")).collect();
    let wanted = [
        (name(1).to_string(), Some("Связь есть 0".to_owned())),
        (name(2).to_string(), Some("Связи нет 5".to_owned())),
        (name(3).to_string(), None),
        (name(4).to_string(), None),
    ];
    assert_eq!(told(&HackerNews, "items_url", router, &posts).await, wanted);
}

#[tokio::test]
async fn bluesky_tells_counts_and_of_what_it_leaves_out_nothing_is_said() {
    async fn posts(RawQuery(query): RawQuery) -> Json<Value> {
        let query = query.expect("addresses");
        let asked: Vec<String> =
            url::form_urlencoded::parse(query.as_bytes()).map(|(key, uri)| format!("{key}={uri}")).collect();
        let uri = |key: &str| format!("at://did:plc:anna/app.bsky.feed.post/{key}");
        assert_eq!(asked, [format!("uris={}", uri("1")), format!("uris={}", uri("2"))]);
        Json(json!({"posts": [{"uri": uri("1"), "cid": "x", "author": {"did": "did:plc:anna", "handle": "anna.test"},
            "record": {"$type": "app.bsky.feed.post", "text": "Связи нет", "createdAt": "2026-03-01T09:30:00Z"}, "likeCount": 3}]}))
    }
    let router = Router::new().route("/xrpc/app.bsky.feed.getPosts", get(posts));
    let name = |key: &str| Urn::of("bluesky", None, "post", &format!("at://did:plc:anna/app.bsky.feed.post/{key}"));
    let posts = [known(name("1"), "bluesky"), known(name("2"), "bluesky")];
    assert_eq!(told(&Bluesky, "view", router, &posts).await, [(name("1").to_string(), Some("Связи нет 3".to_owned()))]);
}
