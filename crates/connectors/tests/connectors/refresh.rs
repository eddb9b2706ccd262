//! Posts looked up again: Mastodon, Hacker News, Bluesky and WordPress as stand-ins tell them, Odnoklassniki and MAX as their emulators do.

use std::collections::HashMap;

use axum::Router;
use axum::extract::{Path, Query, RawQuery};
use axum::http::StatusCode;
use axum::response::{IntoResponse as _, Response};
use axum::routing::get;
use axum::{Json, http};
use molva_connectors::bluesky::Bluesky;
use molva_connectors::hacker_news::HackerNews;
use molva_connectors::http::HttpClient;
use molva_connectors::mastodon::Mastodon;
use molva_connectors::max::Max;
use molva_connectors::ok::Odnoklassniki;
use molva_connectors::wordpress::WordPress;
use molva_connectors::{Connector, Item};
use molva_domain::{Post, Timestamp, Urn};
use molva_emulators::Kind;
use serde_json::{Value, json};

use crate::sandbox::Played;
use crate::world::{Collector, limits, listen_until, serve, session};

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

#[tokio::test]
async fn wordpress_tells_comments_by_their_ids_and_which_of_them_only_its_moderators_see() {
    fn comment(id: u64) -> Value {
        json!({"id": id, "post": 1, "parent": 0, "author_name": "Anna", "date_gmt": "2026-03-01T09:30:00",
            "content": {"rendered": "<p>Связь <b>есть</b></p>"}, "link": format!("http://blog.example/hello/#comment-{id}")})
    }
    async fn front(Query(query): Query<HashMap<String, String>>) -> Response {
        let no = |status: StatusCode, code: &str| (status, Json(json!({"code": code}))).into_response();
        match query["rest_route"].as_str() {
            "/wp/v2/comments" => {
                let mut asked: Vec<&str> = query["include"].split(',').collect();
                asked.sort_unstable();
                assert_eq!((asked, query["per_page"].as_str()), (vec!["1", "2", "3", "4", "5"], "100"));
                Json(json!([comment(1)])).into_response()
            }
            "/wp/v2/comments/2" => no(StatusCode::UNAUTHORIZED, "rest_cannot_read"),
            "/wp/v2/comments/3" => no(StatusCode::NOT_FOUND, "rest_comment_invalid_id"),
            "/wp/v2/comments/4" => Json(comment(4)).into_response(),
            _ => no(StatusCode::NOT_FOUND, "rest_no_route"),
        }
    }
    let name = |id: u64| Urn::new(format!("urn:smm:wordpress:HOST:comment:{id}"));
    let mut posts: Vec<Post> = (1..=5).map(|id| known(name(id), "wordpress")).collect();
    posts.push(known(Urn::new("urn:smm:wordpress:other.example:comment:6"), "wordpress"));
    let wanted = [
        (name(1).to_string(), Some("Связь есть 0".to_owned())),
        (name(2).to_string(), None),
        (name(3).to_string(), None),
    ];
    let site = Router::new().route("/", get(front));
    assert_eq!(told(&WordPress, "url", site, &posts).await, wanted);

    // A site whose API is closed is read over its feed, which knows no names.
    let closed = Router::new()
        .route("/", get(|| async { (StatusCode::UNAUTHORIZED, Json(json!({"code": "rest_login_required"}))) }));
    assert_eq!(told(&WordPress, "url", closed, &posts).await, []);
}

/// Two posts and what stands below the first are heard; the first and what is below it are edited, or what is said is taken away. What
/// the network tells of them when it is asked again: texts, with likes or views.
async fn asked_again(
    connector: &dyn Connector,
    name: &str,
    settings: &[(&str, &str)],
    elsewhere: Option<&str>,
) -> Vec<String> {
    let played = Played::start(name).await;
    let collector = Collector::default();
    let session = played.session(settings, &collector);
    let first = played.say(Kind::Post, "Что нового?", None);
    let second = played.say(Kind::Post, "Акция до пятницы", None);
    let edited = played.say(Kind::Comment, "Связи нет", Some(first));
    let removed = played.say(Kind::Comment, "Спам", Some(first));
    listen_until(connector, &session, || collector.count() >= 4).await.expect("all of it");
    let mut known = collector.posts();
    let elsewhere = elsewhere.map(|urn| Post { urn: Urn::new(urn), ..known[0].clone() });
    known.extend(elsewhere);

    played.edit(first, "Что нового у бренда?");
    played.edit(edited, "Связь есть");
    played.delete(second);
    played.delete(removed);
    let refresh = connector.refresh().expect("it can be asked again");
    let told = refresh.look_up(&session, &known).await.expect("an answer");
    let of = |urn: &Urn| known.iter().find(|post| post.urn == *urn).expect("one of those that were asked about");
    let mut told: Vec<String> = told
        .into_iter()
        .map(|item| match item {
            Item::Post(post) => {
                let before = of(&post.urn);
                assert_eq!((post.visibility, &post.in_reply_to), (before.visibility, &before.in_reply_to));
                assert_eq!(post.community, before.community);
                let counted = post.engagement.likes.or(post.engagement.views).is_some();
                format!("{}, {}", post.text, if counted { "counted" } else { "not counted" })
            }
            Item::Deleted(urn) => format!("{} is gone", of(&urn).text),
            Item::Rejected(rejection) => panic!("{rejection}"),
        })
        .collect();
    told.sort();
    told
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn odnoklassniki_tells_topics_by_their_numbers_and_comments_below_theirs() {
    let settings = [
        ("application_key", "CEMULATORKEY"),
        ("*application_secret", "EMULATORSECRET"),
        ("*access_token", "emulator-token-of-ok"),
        ("groups", "70000000000001"),
    ];
    let told = asked_again(&Odnoklassniki, "ok", &settings, None).await;
    let expected = ["Акция до пятницы is gone", "Связь есть, counted", "Спам is gone", "Что нового у бренда?, counted"];
    assert_eq!(told, expected);
    // Messages cannot be asked for.
    let messages = [("what", "messages"), ("*group_token", "emulator-token-of-group-1")];
    let session = Played::start("ok").await.session(&messages, &Collector::default());
    let post = known(Urn::of("ok", None, "message", "chat/mid"), "ok");
    assert!(Odnoklassniki.refresh().expect("it").look_up(&session, &[post]).await.expect("nothing").is_empty());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn max_tells_messages_by_their_ids_and_what_stood_where_it_may_not_read_is_not_gone() {
    let elsewhere = Urn::of("max", None, "post", "-70000000000009/mid.00000009000000000000000f");
    let told = asked_again(&Max, "max", &[("*bot_token", "emulator-token-of-max")], Some(elsewhere.as_str())).await;
    let expected =
        ["Акция до пятницы is gone", "Связь есть, not counted", "Спам is gone", "Что нового у бренда?, counted"];
    assert_eq!(told, expected);
}
