//! Files of mentions: a ticket, a stream, and what happens when somebody leaves half-way.

use std::time::Duration;

use reqwest::Method;
use serde_json::{Value, json};

use crate::actors::{Actor, World};

/// Posts of one push, and bytes of their texts; a push may have 8 MiB.
const PUSHED_AT_ONCE: usize = 100;
const BYTES_PUSHED_AT_ONCE: usize = 7 << 20;

/// A topic that every post with the word answers, and these posts in it and in the archive.
async fn filled(world: &World, owner: &Actor, posts: Vec<Value>) -> String {
    let made = owner.post("/api/sources", json!({"connector": "push", "name": "Отзывы"})).await.expect(201);
    let push = format!("/api/push/{}", made["id"].as_str().expect("an id"));
    let body = json!({"name": "Кава / чай", "level": "brand", "kind": "own", "query": "кава"});
    let topic = owner.post("/api/topics", body).await.expect(201)["id"].as_str().expect("an id").to_owned();
    let program = world.token(&["push"]).await;
    let longest = posts.iter().filter_map(|post| post["text"].as_str()).map(str::len).max().unwrap_or(1);
    for posts in posts.chunks(PUSHED_AT_ONCE.min(BYTES_PUSHED_AT_ONCE / longest)) {
        assert_eq!(program.post(&push, json!(posts)).await.expect(202)["stored"], posts.len());
    }
    let export = json!({"what": "mentions", "format": "csv", "selection": {"include": ["copies"]}});
    let mut last = Value::Null;
    for _ in 0..1_200 {
        last = owner.post("/api/exports", export.clone()).await.expect(201);
        if last["rows"] == posts.len() {
            return topic;
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    panic!("the posts did not reach the archive: {last}");
}

/// Post `number`, the higher the newer.
fn post(number: usize, text: &str) -> Value {
    let seconds = 1_780_000_000 + number as i64;
    let published = molva_domain::Timestamp::from_secs(seconds).to_rfc3339();
    json!({"id": number.to_string(), "text": format!("кава {text} {number}"), "published": published})
}

async fn ticket(actor: &Actor, body: Value) -> Value {
    actor.post("/api/exports", body).await.expect(201)
}

async fn fetched(actor: &Actor, ticket: &Value) -> String {
    let request = actor.request(Method::GET, ticket["url"].as_str().expect("an address"));
    let response = request.send().await.expect("an answer");
    assert_eq!(response.status().as_u16(), 200);
    // Not `text`, which would take the byte order mark away.
    String::from_utf8(response.bytes().await.expect("a whole file").to_vec()).expect("UTF-8")
}

#[tokio::test]
async fn a_ticket_fetches_its_file_for_its_owner_and_for_a_quarter_of_an_hour() {
    let world = World::start().await;
    let owner = world.owner().await;
    let topic = filled(&world, &owner, vec![post(1, "=1+1, \"x\""), post(2, "друга")]).await;
    let body = json!({"what": "mentions", "format": "csv", "selection": {"topic": [topic], "query": "кава"}});
    let made = ticket(&owner, body).await;
    let day = &world.now().to_rfc3339()[..10];
    let name = format!("Mentions, Кава чай, {day}.csv");
    let (id, url) =
        (made["id"].as_str().expect("an id"), format!("/api/exports/{}", made["id"].as_str().expect("an id")));
    let expected = json!({"id": id, "url": url, "file_name": name, "rows": 2, "incomplete": null, "missing": []});
    assert_eq!(made, expected);

    let answer = owner.get(&url).await;
    assert_eq!(answer.header("content-type"), "text/csv; charset=utf-8; header=present");
    let disposition = "attachment; filename=\"molva-mentions.csv\"; filename*=UTF-8''Mentions%2C%20%D0%9A";
    assert!(answer.header("content-disposition").starts_with(disposition), "{:?}", answer.headers);
    let file = fetched(&owner, &made).await;
    let lines: Vec<&str> = file.split("\r\n").collect();
    assert!(lines[0].starts_with("\u{feff}id,topic,published_at,found_at,network,kind,"), "{}", lines[0]);
    assert_eq!((lines.len(), lines[3]), (4, ""));
    assert!(lines[1].contains(",Кава / чай,2026-05-28T20:26:42Z,"), "{}", lines[1]);
    assert!(lines[2].contains(",\"кава =1+1, \"\"x\"\" 1\","), "{}", lines[2]);

    let program = world.token(&["read"]).await;
    assert_eq!(program.get(&url).await.problem(), (404, "not_found"));
    world.clock.advance(Duration::from_secs(15 * 60 - 1));
    assert_eq!(owner.get(&url).await.status.as_u16(), 200);
    world.clock.advance(Duration::from_secs(1));
    assert_eq!(owner.get(&url).await.problem(), (404, "not_found"));
}

#[tokio::test]
async fn what_is_asked_wrongly_is_refused_before_there_is_a_ticket() {
    let world = World::start().await;
    let owner = world.owner().await;
    let wrong = [
        (json!({"what": "mentions", "format": "csv", "selection": {"query": "кава AND ("}}), "query_has_errors"),
        (json!({"what": "mentions", "format": "pdf"}), "invalid_fields"),
        (json!({"what": "everything", "format": "csv"}), "invalid_fields"),
        (json!({"what": "mentions", "format": "csv", "selection": {"topics": []}}), "invalid_fields"),
        (json!({"what": "mentions", "format": "csv", "selection": {"from": "yesterday"}}), "invalid_fields"),
    ];
    for (body, code) in wrong {
        assert_eq!(owner.post("/api/exports", body.clone()).await.problem(), (422, code), "{body}");
    }
    for what in ["mentions", "rhythm", "places", "authors", "words", "volume"] {
        let body = json!({"what": what, "format": "csv", "selection": {"query": "кава AND ("}});
        let refused = owner.post("/api/exports", body).await;
        assert_eq!(refused.problem(), (422, "query_has_errors"), "{what}");
        let diagnostics = refused.body["diagnostics"].as_array().expect("what is wrong with the query");
        assert!(!diagnostics.is_empty() && diagnostics.iter().all(|one| one["code"].is_string()), "{diagnostics:?}");
    }
    assert_eq!(owner.get("/api/exports/0123456789abcdef").await.problem(), (404, "not_found"));
    let nobody = world.anonymous().post("/api/exports", json!({})).await;
    assert_eq!(nobody.problem(), (401, "sign_in_required"));
}

#[tokio::test]
async fn every_mention_is_a_row_once_and_newest_first() {
    let world = World::start().await;
    let owner = world.owner().await;
    // More than the archive is asked for at once.
    let topic = filled(&world, &owner, (0..5_600).map(|number| post(number, "текст")).collect()).await;
    let body = json!({"what": "mentions", "format": "jsonl", "selection": {"topic": [topic], "include": ["copies"]}});
    let file = fetched(&owner, &ticket(&owner, body).await).await;
    let rows: Vec<Value> = file.lines().map(|line| serde_json::from_str(line).expect("JSON")).collect();
    let texts: Vec<&str> = rows.iter().map(|row| row["text"].as_str().expect("a text")).collect();
    let expected: Vec<String> = (0..5_600).rev().map(|number| format!("кава текст {number}")).collect();
    assert!(texts == expected, "{} rows", texts.len());
    assert_eq!(rows[0]["source"], "Отзывы");
    let empty = json!({"what": "mentions", "format": "jsonl", "selection": {"query": "кава AND чай"}});
    assert_eq!(fetched(&owner, &ticket(&owner, empty).await).await, "");
}

#[tokio::test]
async fn figures_are_exported_as_the_page_shows_them() {
    let world = World::start().await;
    let owner = world.owner().await;
    let day = 86_400;
    let topic = filled(&world, &owner, [0, 1, 5, day, 3 * day, 3 * day + 1].map(|at| post(at, "і чай")).to_vec()).await;
    let selection = json!({"topic": [topic], "from": "2026-05-28T00:00:00Z", "to": "2026-06-02T00:00:00Z"});
    let rows = async |what: &str| {
        let body = json!({"what": what, "format": "jsonl", "selection": selection, "unit": if what == "rhythm" { "day".into() } else { Value::Null }});
        let made = ticket(&owner, body).await;
        let file = fetched(&owner, &made).await;
        let rows: Vec<Value> = file.lines().map(|line| serde_json::from_str(line).expect("JSON")).collect();
        assert_eq!(made["rows"], rows.len(), "{what}");
        rows
    };
    let asked = json!({"selection": selection, "unit": "day"});
    let chart = owner.post("/api/questions/rhythm", asked).await.expect(200);
    let bars = |rows: &Vec<Value>| {
        let instant = |time: &Value| molva_domain::Timestamp::parse(time.as_str().expect("a time")).expect("a time");
        let bar = |row: &Value| {
            (instant(&row["from"]), instant(&row["to"]), row["mentions"].clone(), row["unjudged"].clone())
        };
        rows.iter().map(bar).collect::<Vec<_>>()
    };
    let exported = rows("rhythm").await;
    assert_eq!(bars(&exported), bars(chart["buckets"].as_array().expect("bars")));
    let counts: Vec<&Value> = exported.iter().map(|row| &row["mentions"]).collect();
    assert_eq!(counts, [3, 1, 0, 2, 0].map(Value::from).each_ref());

    let volume = rows("volume").await;
    assert_eq!((&volume[0]["topic"], &volume[0]["mentions"]), (&Value::Null, &json!(6)));
    assert_eq!(
        (&volume[1]["topic"], &volume[1]["mentions"], &volume[1]["share"]),
        (&json!("Кава / чай"), &json!(6), &json!(1.0))
    );
    let networks = rows("places").await;
    assert_eq!(
        (&networks[0]["sort"], &networks[0]["value"], &networks[0]["mentions"]),
        (&json!("network"), &json!("push"), &json!(6))
    );
    assert_eq!(rows("authors").await, Vec::<Value>::new());
    let words = rows("words").await;
    assert!(words.iter().any(|row| row["word"] == "чай" && row["mentions"] == 6), "{words:?}");
    for (format, magic) in [("xlsx", "PK"), ("parquet", "PAR1")] {
        let made = ticket(&owner, json!({"what": "volume", "format": format, "selection": selection})).await;
        let response = owner.request(Method::GET, made["url"].as_str().expect("an address")).send().await;
        let bytes = response.expect("an answer").bytes().await.expect("a whole file");
        assert!(bytes.starts_with(magic.as_bytes()), "{format}");
    }
}

/// Begins to fetch a file and takes no more than its first piece.
async fn begun(actor: &Actor, url: &str) -> reqwest::Response {
    let mut response = actor.request(Method::GET, url).send().await.expect("an answer");
    assert_eq!(response.status().as_u16(), 200);
    assert!(response.chunk().await.expect("a piece").is_some());
    response
}

/// Four readers, two of one person each, that take no more than the beginning of their files.
async fn four_slow_readers(first: (&Actor, &str), second: (&Actor, &str)) -> Vec<reqwest::Response> {
    let mut slow = Vec::new();
    for (actor, url) in [first, first, second, second] {
        slow.push(begun(actor, url).await);
    }
    slow
}

async fn address(actor: &Actor, format: &str) -> String {
    let body = json!({"what": "mentions", "format": format, "selection": {"include": ["copies"]}});
    ticket(actor, body).await["url"].as_str().expect("an address").to_owned()
}

#[tokio::test]
async fn few_files_are_written_at_once_and_slow_readers_hold_nobody_up_for_long() {
    let world = World::start().await;
    let owner = world.owner().await;
    let [boris, vera] =
        [world.person("boris", "Борис", "analyst").await, world.person("vera", "Вера", "analyst").await];
    // Much more than lies between server and client.
    // Signs make no words: nothing has to be analysed.
    let text = "~".repeat(7_000);
    filled(&world, &owner, (0..4_000).map(|number| post(number, &text)).collect()).await;
    let [of_owner, of_boris, of_vera] =
        [address(&owner, "csv").await, address(&boris, "csv").await, address(&vera, "csv").await];
    let mut slow = four_slow_readers((&owner, &of_owner), (&boris, &of_boris)).await;
    for refused in <[_; 2]>::from(tokio::join!(owner.get(&of_owner), vera.get(&of_vera))) {
        assert_eq!((refused.problem(), refused.header("retry-after")), ((503, "busy"), "30"));
    }
    // None of them keeps the store from others.
    let asked = tokio::time::timeout(Duration::from_secs(60), owner.get("/api/mentions?limit=1")).await;
    asked.expect("the store answers").expect(200);

    // Who stands in line gets the turn of a reader that leaves.
    let waiting = tokio::spawn({
        let (vera, of_vera) = (vera.clone(), of_vera.clone());
        async move { begun(&vera, &of_vera).await }
    });
    tokio::time::sleep(Duration::from_millis(200)).await;
    assert!(!waiting.is_finished());
    drop(slow.remove(0));
    slow.push(waiting.await.expect("a file"));

    world.stop.cancel();
    for response in slow {
        let error = response.bytes().await.map(|bytes| bytes.len()).expect_err("a file that was cut off");
        assert!(error.is_body() || error.is_decode(), "{error:?}");
    }
}

#[cfg(target_os = "linux")]
/// Megabytes that this process has in memory.
fn resident() -> usize {
    let status = std::fs::read_to_string("/proc/self/status").expect("Linux");
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:")).expect("a line");
    line.trim().trim_end_matches(" kB").parse::<usize>().expect("kilobytes") >> 10
}

#[cfg(target_os = "linux")]
#[tokio::test]
async fn long_posts_are_held_a_few_at_a_time_and_come_whole() {
    const POSTS: usize = 48;
    let world = World::start().await;
    let owner = world.owner().await;
    let boris = world.person("boris", "Борис", "analyst").await;
    // As long as a text may be, but for the words around it.
    let text = "~".repeat(molva_domain::Post::MAX_TEXT_BYTES - 64);
    filled(&world, &owner, (0..POSTS).map(|number| post(number, &text)).collect()).await;
    let [of_owner, of_boris] = [address(&owner, "jsonl").await, address(&boris, "csv").await];
    let before = resident();
    let mut slow = four_slow_readers((&owner, &of_owner), (&boris, &of_boris)).await;
    tokio::time::sleep(Duration::from_secs(1)).await;
    let held = resident().saturating_sub(before);
    // Four files of 48 MB lie open; other tests of this process take some memory meanwhile.
    assert!(held < 150, "{held} MB are held");

    drop(slow.remove(0));
    let response = owner.request(Method::GET, &of_owner).send().await.expect("an answer");
    let file = response.bytes().await.expect("a whole file");
    let rows = file.split(|byte| *byte == b'\n').filter(|line| !line.is_empty());
    let rows: Vec<Value> = rows.map(|line| serde_json::from_slice(line).expect("JSON")).collect();
    assert_eq!(rows.len(), POSTS);
    for (row, number) in rows.iter().zip((0..POSTS).rev()) {
        assert!(row["text"] == post(number, &text)["text"], "post {number} is not whole");
    }
}
