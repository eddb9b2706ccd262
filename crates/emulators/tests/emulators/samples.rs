//! Every answer of X's emulator has the shape of the answers X gives as samples: the same field is of the same type.

use std::collections::{BTreeMap, BTreeSet};

use axum::Router;
use axum::body::Body;
use axum::http::{Method, Request, header};
use molva_emulators::{Kind, Saying, Who};
use serde_json::{Value, json};
use tower::ServiceExt as _;

use crate::contracts::{contract, played};

/// Fields that X had after the samples were taken: from its API description of 2026.
const LATER: [&str; 6] = [
    "post/reply_settings",
    "user/subscription_type",
    "user/verified_type",
    "post/public_metrics/bookmark_count",
    "post/entities/mentions/id",
    "user/public_metrics/like_count",
];

/// Of each field, by the kind of thing and the way to it: its types.
type Shapes = BTreeMap<String, BTreeSet<&'static str>>;

const fn type_of(value: &Value) -> &'static str {
    match value {
        Value::Null => "nothing",
        Value::Bool(_) => "truth",
        Value::Number(_) => "number",
        Value::String(_) => "text",
        Value::Array(_) => "list",
        Value::Object(_) => "object",
    }
}

/// What a thing is, where it is one of its own.
fn kind_of(value: &Value) -> Option<&'static str> {
    let text = |name: &str| value.get(name).is_some_and(Value::is_string);
    match () {
        () if text("text") && text("id") => Some("post"),
        () if text("username") && text("name") => Some("user"),
        () if text("value") && text("id") && value.get("title").is_none() => Some("rule"),
        () if text("type") && text("title") => Some("problem"),
        () if value.get("result_count").is_some() => Some("meta"),
        () => None,
    }
}

fn gather(value: &Value, at: Option<&str>, shapes: &mut Shapes) {
    let kind = kind_of(value).map(str::to_owned);
    let at = kind.as_deref().or(at);
    match value {
        Value::Object(fields) => {
            for (name, field) in fields {
                let path = at.map(|at| format!("{at}/{name}"));
                if let Some(path) = &path {
                    shapes.entry(path.clone()).or_default().insert(type_of(field));
                }
                gather(field, path.as_deref(), shapes);
            }
        }
        Value::Array(items) => items.iter().for_each(|item| gather(item, at, shapes)),
        _ => {}
    }
}

async fn ask(router: &Router, method: Method, path: &str, token: &str, body: &Value) -> Value {
    let request = Request::builder().method(method).uri(path).header(header::HOST, "x.test");
    let request = request.header(header::AUTHORIZATION, format!("Bearer {token}"));
    let request = request.body(Body::from(body.to_string())).expect("a request");
    let answer = router.clone().oneshot(request).await.expect("an answer");
    let body = axum::body::to_bytes(answer.into_body(), 64 << 20).await.expect("a body");
    serde_json::from_slice(&body).expect("JSON")
}

#[tokio::test]
async fn answers_of_x_have_the_shapes_of_its_samples() {
    let Some(files) = contract("x-v2.jsonl.gz") else { return };
    let mut promised = Shapes::new();
    files.values().for_each(|sample| gather(sample, None, &mut promised));
    let (router, sandbox) = played("x");
    let now = sandbox.now();
    let text = "@brand1 #связь https://shop.example/a & тихо".to_owned();
    let saying = Saying { place: 1, kind: Kind::Post, who: Who::Person(1_005), text, under: None, answers: None };
    sandbox.inside().world.say(saying, now);
    let fields = "tweet.fields=attachments,author_id,conversation_id,created_at,entities,in_reply_to_user_id,lang,possibly_sensitive,public_metrics,referenced_tweets,reply_settings&expansions=author_id,referenced_tweets.id&user.fields=created_at,description,location,protected,public_metrics,subscription_type,verified,verified_type";
    let mut told = Shapes::new();
    let mut get = async |path: &str, token: &str| {
        let answer = ask(&router, Method::GET, &format!("/2/{path}"), token, &Value::Null).await;
        gather(&answer, None, &mut told);
        answer
    };
    let page = get(&format!("tweets/search/recent?query=%D0%B8&max_results=100&{fields}"), "app-token").await;
    let id = page.pointer("/data/0/id").and_then(Value::as_str).expect("a post").to_owned();
    for path in [
        format!("users/1/mentions?{fields}"),
        format!("users/1/tweets?{fields}"),
        format!("tweets?ids={id},1&{fields}"),
        "users/by/username/brand1".to_owned(),
        "users/by/username/nosuch".to_owned(),
        "usage/tweets".to_owned(),
        "tweets/search/recent?query=(%D0%B8".to_owned(),
        "tweets/search/stream".to_owned(),
    ] {
        get(&path, "app-token").await;
    }
    get(&format!("users/me?{fields}"), "user-token-1").await;
    let rules = "/2/tweets/search/stream/rules";
    for body in
        [json!({"add": [{"value": "кот", "tag": "cats"}, {"value": "(кот"}]}), json!({"delete": {"ids": ["7"]}})]
    {
        gather(&ask(&router, Method::POST, rules, "app-token", &body).await, None, &mut told);
    }
    let reply = json!({"text": "Уже едет"});
    gather(&ask(&router, Method::POST, "/2/tweets", "user-token-1", &reply).await, None, &mut told);

    let wrong: Vec<String> = told
        .iter()
        .filter_map(|(path, types)| {
            let known = promised.get(path)?;
            (!types.is_subset(known)).then(|| format!("{path} is {types:?}, not {known:?}"))
        })
        .collect();
    assert_eq!(wrong, [""; 0]);
    let unknown: Vec<&String> =
        told.keys().filter(|path| !promised.contains_key(*path) && !LATER.contains(&path.as_str())).collect();
    let of_things: Vec<&&String> = unknown.iter().filter(|path| !path.starts_with("problem/")).collect();
    assert_eq!(of_things, Vec::<&&String>::new(), "X has no such fields");
    assert!(told.len() > 40, "{told:?}");
}
