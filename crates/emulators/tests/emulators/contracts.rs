//! Every answer of an emulator is what the network's own description promises.

use std::collections::BTreeMap;
use std::io::{BufRead as _, BufReader};
use std::path::Path;
use std::sync::Arc;

use axum::Router;
use axum::body::Body;
use axum::http::{Request, header};
use flate2::read::GzDecoder;
use molva_domain::SystemClock;
use molva_emulators::{Emulator, Kind, Sandbox, Seed};
use serde_json::{Value, json};
use tower::ServiceExt as _;

use crate::schema::{TelegramTypes, VkSchema};

/// The files of a contract by their names; `None` where there is none, which is said.
pub(crate) fn contract(file: &str) -> Option<BTreeMap<String, Value>> {
    let folder = std::env::var("MOLVA_TEST_CONTRACTS").ok();
    let Some(folder) = folder else {
        eprintln!("SKIPPED: MOLVA_TEST_CONTRACTS is not set; it names the folder with `{file}`");
        return None;
    };
    let opened = std::fs::File::open(Path::new(&folder).join(file)).expect("the contract");
    let lines = BufReader::new(GzDecoder::new(opened)).lines();
    let files = lines.map(|line| {
        let row: Value = serde_json::from_str(&line.expect("a line")).expect("JSON");
        let body = match &row["body"] {
            Value::String(text) => serde_json::from_str(text).expect("JSON in it"),
            other => other.clone(),
        };
        (row["file"].as_str().expect("a name").to_owned(), body)
    });
    Some(files.collect())
}

pub(crate) fn played(name: &str) -> (Router, Sandbox) {
    let sandbox = Sandbox::new(Arc::new(SystemClock), 1_000.0);
    let now = sandbox.now();
    sandbox.inside().world.seed(&Seed { items: 400, place: Some(1), ..Seed::default() }, now);
    (Emulator::find(name).expect("an emulator").router(sandbox.clone()), sandbox)
}

async fn ask(router: &Router, path: &str, form: &str) -> Value {
    let request = Request::post(path).header(header::HOST, "vk.test");
    let request = request.header(header::CONTENT_TYPE, "application/x-www-form-urlencoded");
    let answer =
        router.clone().oneshot(request.body(Body::from(form.to_owned())).expect("a request")).await.expect("an answer");
    let body = axum::body::to_bytes(answer.into_body(), 64 << 20).await.expect("a body");
    serde_json::from_slice(&body).expect("JSON")
}

#[tokio::test]
async fn answers_of_vk_are_what_its_schema_promises() {
    let Some(files) = contract("vk-schema.jsonl.gz") else { return };
    let schema = VkSchema(files);
    let (router, sandbox) = played("vk");
    let first = |kind| sandbox.inside().world.of(1, kind).next().map(|said| (said.id, said.under)).expect("one");
    let (comment, post) = first(Kind::Comment);
    let (post, topic) = (post.expect("a post"), first(Kind::Topic).0);
    let asked = [
        ("wall.get", "owner_id=-1&count=100&extended=1".to_owned(), "wall_get_extended_response", "user-token"),
        ("wall.get", "owner_id=-1".to_owned(), "wall_get_response", "service-token"),
        (
            "wall.getComments",
            format!("owner_id=-1&post_id={post}&count=100&thread_items_count=10&extended=1"),
            "wall_getComments_extended_response",
            "user-token",
        ),
        (
            "wall.getComments",
            format!("owner_id=-1&post_id={post}&comment_id={comment}"),
            "wall_getComments_response",
            "user-token",
        ),
        (
            "wall.createComment",
            format!("owner_id=-1&post_id={post}&message=x&guid=1"),
            "wall_createComment_response",
            "community-token-1",
        ),
        ("board.getTopics", "group_id=1&extended=1".to_owned(), "board_getTopics_extended_response", "user-token"),
        (
            "board.getComments",
            format!("group_id=1&topic_id={topic}&count=100&extended=1"),
            "board_getComments_extended_response",
            "user-token",
        ),
        (
            "board.createComment",
            format!("group_id=1&topic_id={topic}&message=x"),
            "board_createComment_response",
            "user-token",
        ),
        (
            "newsfeed.search",
            "q=о&count=200&extended=1".to_owned(),
            "newsfeed_search_extended_response",
            "service-token",
        ),
        ("groups.getById", "group_ids=club1,club2".to_owned(), "groups_getById_object_response", "user-token"),
        ("groups.getLongPollServer", "group_id=1".to_owned(), "groups_getLongPollServer_response", "community-token-1"),
        ("users.get", "user_ids=1001,1002".to_owned(), "users_get_response", "user-token"),
        (
            "messages.send",
            "peer_id=1001&random_id=5&message=x".to_owned(),
            "messages_send_deprecated_response",
            "community-token-1",
        ),
    ];
    for (method, parameters, response, token) in asked {
        tokio::time::sleep(std::time::Duration::from_millis(5)).await;
        let answer =
            ask(&router, &format!("/method/{method}"), &format!("v=5.199&access_token={token}&{parameters}")).await;
        assert!(answer.get("response").is_some(), "{method}: {answer}");
        let section = method.split('.').next().unwrap_or_default();
        let reference = format!("{section}/responses.json#/definitions/{response}");
        assert_eq!(schema.check(&reference, &answer), [""; 0], "{method}");
    }
    let refused = ask(&router, "/method/users.get", "v=5.199&access_token=no").await;
    assert_eq!(refused["error"]["error_code"], 5, "{refused}");

    let server =
        ask(&router, "/method/groups.getLongPollServer", "v=5.199&access_token=community-token-1&group_id=1").await;
    let key = server["response"]["key"].as_str().expect("a key");
    let (mut ts, mut told) = (0, BTreeMap::<String, usize>::new());
    loop {
        let news = ask(&router, &format!("/lp/1?act=a_check&key={key}&ts={ts}&wait=1"), "").await;
        let updates = news["updates"].as_array().expect("updates");
        if updates.is_empty() {
            break;
        }
        ts = news["ts"].as_str().and_then(|ts| ts.parse().ok()).expect("a number");
        for update in updates {
            assert_eq!(schema.check("callback/objects.json#/definitions/callback_base", update), [""; 0]);
            let kind = update["type"].as_str().expect("a kind");
            *told.entry(kind.to_owned()).or_default() += 1;
            let reference = format!("callback/objects.json#/definitions/callback_{kind}");
            assert_eq!(schema.check(&reference, &update["object"]), [""; 0], "{kind}");
        }
    }
    let kinds: Vec<&str> = told.keys().map(String::as_str).collect();
    assert_eq!(kinds, ["board_post_new", "message_new", "wall_post_new", "wall_reply_new"]);
}

#[tokio::test]
async fn answers_of_telegram_are_what_its_description_promises() {
    let Some(files) = contract("telegram-bot-api.jsonl.gz") else { return };
    let types = TelegramTypes(files.into_values().next().expect("a file"));
    let (router, sandbox) = played("telegram");
    let post = sandbox.inside().world.of(1, Kind::Post).next().map(|said| said.id).expect("a post");
    let reply = format!("chat_id=@talk1&text=x&reply_parameters={{\"message_id\":{post}}}");
    let asked = [
        ("getMe", "", "User"),
        ("getWebhookInfo", "", "WebhookInfo"),
        ("getChat", "chat_id=@channel1", "ChatFullInfo"),
        ("getChat", "chat_id=@forum1", "ChatFullInfo"),
        ("getChat", "chat_id=1001", "ChatFullInfo"),
        ("getUpdates", "limit=100", "Array of Update"),
        ("sendMessage", &reply, "Message"),
    ];
    for (method, parameters, kind) in asked {
        let answer = ask(&router, &format!("/bot7000001:emulator-token/{method}"), parameters).await;
        assert_eq!(answer["ok"], json!(true), "{method}: {answer}");
        assert_eq!(types.check(kind, &answer["result"]), [""; 0], "{method}");
    }
}

/// Where ours is of another shape than what the network once answered; what only one of them has is left alone.
fn unlike(sample: &Value, ours: &Value, at: &str, found: &mut Vec<String>) {
    match (sample, ours) {
        (Value::Object(sample), Value::Object(ours)) => {
            for (name, value) in ours {
                if let Some(sample) = sample.get(name) {
                    unlike(sample, value, &format!("{at}.{name}"), found);
                }
            }
        }
        (Value::Array(sample), Value::Array(ours)) => {
            if let (Some(sample), Some(ours)) = (sample.first(), ours.first()) {
                unlike(sample, ours, &format!("{at}[]"), found);
            }
        }
        (Value::String(sample), Value::String(ours)) => {
            // Times are written in one way, names of things in digits.
            let like = |text: &str| {
                text.chars().map(|sign| if sign.is_ascii_digit() { '0' } else { sign }).collect::<String>()
            };
            if at.ends_with("_time") || at.ends_with("timestamp") {
                if like(sample) != like(ours) {
                    found.push(format!("{at}: `{ours}` is written otherwise than `{sample}`"));
                }
            } else if at.ends_with(".id") && sample.contains('_') != ours.contains('_') {
                found.push(format!("{at}: `{ours}` is a name of another kind than `{sample}`"));
            }
        }
        (sample, ours) if std::mem::discriminant(sample) != std::mem::discriminant(ours) => {
            found.push(format!("{at}: {ours}, not as {sample}"));
        }
        _ => {}
    }
}

#[tokio::test]
async fn answers_of_meta_have_the_shape_of_recorded_ones() {
    let Some(files) = contract("facebook-instagram.jsonl.gz") else { return };
    let (router, sandbox) = played("meta");
    let first = |kind| sandbox.inside().world.of(1, kind).next().map(|said| said.id).expect("one");
    let facebook = |id: u64| 122_001_000_000_000 + id;
    let instagram = |id: u64| 17_900_001_000_000_000 + id;
    let (post, comment) = (first(Kind::Post), first(Kind::Comment));
    let page = "104000000000001";
    let account = "17841400000000001";
    let comments = "fields=id,message,created_time,comment_count,like_count,permalink_url&limit=5";
    let asked = [
        (
            format!("{page}_{}", facebook(post)),
            "fields=id,message,created_time,from,permalink_url,shares,status_type,is_published,comments.limit(0).summary(true)",
            "facebook/models/post",
        ),
        (
            format!("{}_{}", facebook(post), facebook(comment)),
            "fields=id,message,created_time,from,like_count,comment_count,permalink_url,can_reply_privately,is_hidden",
            "facebook/models/comment",
        ),
        (format!("{page}_{}/comments", facebook(post)), comments, "facebook/apidata/comments/comments_p1"),
        (format!("{page}/feed"), "fields=id,message,created_time&limit=5", "facebook/apidata/posts/feed_fields_p1"),
        (page.to_owned(), "fields=id,name,username,link,fan_count,category", "facebook/models/page"),
        (
            format!("{account}/media"),
            "fields=id,comments_count,like_count,media_type,media_url,permalink,timestamp&limit=2",
            "instagram/apidata/users/medias_p1",
        ),
        (
            format!("{account}/tags"),
            "fields=id,caption,comments_count,like_count,media_type,media_url,permalink,timestamp",
            "instagram/apidata/users/tagged_medias",
        ),
        (format!("{}/comments", instagram(post)), "", "instagram/apidata/medias/comments_p1"),
        (
            instagram(comment).to_string(),
            "fields=id,like_count,media,text,timestamp,username,hidden",
            "instagram/models/ig_comment",
        ),
        ("debug_token".to_owned(), "input_token=page-token-1", "base/token_info"),
    ];
    for (path, query, sample) in asked {
        let sample = &files[&format!("testdata/{sample}.json")];
        let request = Request::get(format!("/v26.0/{path}?access_token=page-token-1&{query}"));
        let answer = router.clone().oneshot(request.body(Body::empty()).expect("a request")).await.expect("an answer");
        let body = axum::body::to_bytes(answer.into_body(), 16 << 20).await.expect("a body");
        let answer: Value = serde_json::from_slice(&body).expect("JSON");
        assert!(answer.get("error").is_none(), "{path}: {answer}");
        let mut found = Vec::new();
        unlike(sample, &answer, "", &mut found);
        assert_eq!(found, [""; 0], "{path}");
    }
    let request = Request::get(format!("/v26.0/{page}_1?access_token=page-token-1")).body(Body::empty());
    let answer = router.clone().oneshot(request.expect("a request")).await.expect("an answer");
    let body = axum::body::to_bytes(answer.into_body(), 1 << 20).await.expect("a body");
    let mut found = Vec::new();
    unlike(&files["testdata/base/error_data.json"], &serde_json::from_slice(&body).expect("JSON"), "", &mut found);
    assert_eq!(found, [""; 0]);
}
