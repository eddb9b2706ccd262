//! Search over a real archive that follows a real store.

use std::collections::BTreeSet;
use std::time::{Duration, Instant};

use serde_json::{Value, json};

use crate::actors::{Actor, Answer, World};

/// Posts pushed: 60 of one topic, every third of them of both, four exact copies.
const POSTS: usize = 60;

struct Bench {
    world: World,
    owner: Actor,
    /// Ids of the topics.
    one: String,
    two: String,
}

fn id(made: &Value) -> String {
    made["id"].as_str().expect("an id").to_owned()
}

fn items(answer: &Value) -> &[Value] {
    answer["items"].as_array().expect("items")
}

fn ids(answer: &Value) -> Vec<String> {
    items(answer).iter().map(id).collect()
}

async fn topic(owner: &Actor, name: &str, query: &str) -> String {
    let topic = json!({"name": name, "level": "brand", "kind": "own", "query": query});
    id(&owner.post("/api/topics", topic).await.expect(201))
}

fn post(number: usize) -> Value {
    let day = 1 + number % 28;
    let third = if number.is_multiple_of(3) { "звенора" } else { "брамтел" };
    let mut post = json!({
        "id": number.to_string(),
        "text": format!("связь {third} пропала, день {number} #обрыв{}", number % 4),
        "published": format!("2026-03-{day:02}T{:02}:15:00Z", number % 24),
        "network": (["vk", "forum", "mastodon"][number % 3]),
        "kind": (["post", "comment"][number % 2]),
        "language": (["ru", "uk"][number % 2]),
        "author": {"handle": format!("anna{}", number % 7), "name": format!("Анна {}", number % 7), "followers": number * 10},
    });
    if !number.is_multiple_of(5) {
        let (city, region, country) = [("Гродно", "Гродненская область", "BY"), ("Київ", "Київ", "UA")][number % 2];
        for (key, value) in [("city", city), ("region", region), ("country", country)] {
            post["author"][key] = json!(value);
        }
        post["community"] = json!({"key": format!("club{}", number % 2), "title": format!("Клуб {}", number % 2)});
        post["url"] = json!(format!("https://www.host{}.example/{number}", number % 3));
    }
    post
}

impl Bench {
    async fn start() -> Self {
        let world = World::start().await;
        let owner = world.owner().await;
        let one = topic(&owner, "Связь", "связь").await;
        let two = topic(&owner, "Звенора", "звенора").await;
        let bench = Self { world, owner, one, two };
        let mut posts: Vec<Value> = (0..POSTS).map(post).collect();
        for number in 0..4 {
            let mut copy = post(number);
            copy["id"] = json!(format!("copy {number}"));
            copy["published"] = json!("2026-03-30T10:00:00Z");
            posts.push(copy);
        }
        bench.push(posts).await;
        bench
    }

    async fn push(&self, posts: Vec<Value>) {
        let name = format!("Отзывы {}", posts.len());
        let source = self.owner.post("/api/sources", json!({"connector": "push", "name": name})).await.expect(201);
        let program = self.world.token(&["push"]).await;
        let sent = program.post(&format!("/api/push/{}", id(&source)), json!(posts)).await.expect(202);
        assert_eq!(sent["stored"], posts.len(), "{sent}");
        self.caught_up().await;
    }

    /// Waits until the archive has all that is stored.
    async fn caught_up(&self) {
        let begun = Instant::now();
        loop {
            let status = self.owner.get("/api/archive").await.expect(200);
            if status["events_behind"] == 0 && status["filling"].is_null() && !status["lag_seconds"].is_null() {
                return;
            }
            assert!(begun.elapsed() < Duration::from_secs(30), "{status}");
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    }

    async fn ask(&self, path: &str, body: Value) -> Value {
        self.owner.post(path, body).await.expect(200)
    }

    async fn count(&self, selection: &Value) -> u64 {
        let counted = self.ask("/api/search/count", json!({"selection": selection})).await;
        assert_eq!((&counted["incomplete"], &counted["missing"]), (&Value::Null, &json!([])));
        counted["count"].as_u64().expect("a count")
    }

    /// Ids of everything that is found, read in pages.
    async fn all(&self, selection: &Value, order: &str, limit: u64) -> Vec<String> {
        let (mut found, mut cursor) = (Vec::new(), Value::Null);
        loop {
            let body = json!({"selection": selection, "order": order, "limit": limit, "cursor": cursor});
            let page = self.ask("/api/search", body).await;
            found.extend(ids(&page));
            cursor = page["next_cursor"].clone();
            if cursor.is_null() {
                return found;
            }
            assert_eq!(items(&page).len() as u64, limit, "only the last page is short");
        }
    }
}

/// A selection with one more part.
fn with(selection: &Value, part: &str, value: Value) -> Value {
    let mut selection = selection.clone();
    selection[part] = value;
    selection
}

/// Field and code of everything that is wrong.
fn errors(answer: &Answer) -> Vec<(&str, &str)> {
    let errors = answer.body["errors"].as_array().map(Vec::as_slice).unwrap_or_default();
    errors
        .iter()
        .map(|error| (error["field"].as_str().unwrap_or_default(), error["code"].as_str().unwrap_or_default()))
        .collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_search_finds_what_a_filtered_list_shows_in_the_same_order() {
    let bench = Bench::start().await;
    let of_topic = json!({"topic": [bench.one]});
    for (part, value, filter) in [
        ("topic", json!([bench.one]), String::new()),
        ("network", json!(["vk", "forum"]), "&network=vk&network=forum".to_owned()),
        ("language", json!(["uk"]), "&language=uk".to_owned()),
        ("from", json!("2026-03-10T00:00:00Z"), "&from=2026-03-10T00:00:00Z".to_owned()),
        ("to", json!("2026-03-10T00:00:00Z"), "&to=2026-03-10T00:00:00Z".to_owned()),
        ("query", json!("author:@anna3"), "&author=anna3".to_owned()),
        ("include", json!(["copies"]), "&copies=true".to_owned()),
    ] {
        let listed = bench.owner.get(&format!("/api/mentions?limit=200&topic={}{filter}", bench.one)).await.expect(200);
        let selection = with(&of_topic, part, value);
        let found = bench.all(&selection, "newest", 7).await;
        assert_eq!(found, ids(&listed), "{selection}");
        assert_eq!(bench.count(&selection).await, found.len() as u64);
    }
    let mut oldest = bench.all(&of_topic, "oldest", 9).await;
    oldest.reverse();
    assert_eq!(oldest, bench.all(&of_topic, "newest", 200).await);
    let by_reach = bench.all(&of_topic, "reach", 9).await;
    let widest = bench.owner.get(&format!("/api/mentions/{}", by_reach[0])).await.expect(200);
    assert_eq!((by_reach.len(), &widest["post"]["author"]["followers"]), (POSTS, &json!((POSTS - 1) * 10)));
    // A post of two topics is two mentions.
    assert_eq!(bench.count(&json!({})).await as usize, POSTS + POSTS / 3);
}

#[tokio::test(flavor = "multi_thread")]
async fn every_value_of_every_facet_leads_to_as_many_rows() {
    let bench = Bench::start().await;
    let names = [
        "topic",
        "network",
        "site",
        "community",
        "author",
        "language",
        "kind",
        "state",
        "tone",
        "tag",
        "country",
        "region",
        "city",
        "hashtag",
        "link",
        "emoji",
        "word",
    ];
    let selection = json!({"query": "связь", "from": "2026-03-03T00:00:00Z"});
    let count = bench.count(&selection).await;
    let answer = bench.ask("/api/search/facets", json!({"selection": selection, "facets": names, "limit": 3})).await;
    assert_eq!(answer["count"].as_u64(), Some(count));
    let facets = answer["facets"].as_array().expect("facets");
    assert_eq!(facets.iter().map(|facet| facet["facet"].as_str()).collect::<Vec<_>>(), names.map(Some));
    for facet in facets {
        let name = facet["facet"].as_str().expect("a name");
        let values = facet["values"].as_array().expect("values");
        let mut sum = facet["others"].as_u64().expect("a count") + facet["without"].as_u64().expect("a count");
        for value in values {
            let drilled = bench.count(&with(&selection, name, json!([value["value"]]))).await;
            assert_eq!(value["mentions"].as_u64(), Some(drilled), "{name} {value}");
            sum += drilled;
        }
        let single = !["tag", "hashtag", "link", "emoji", "word"].contains(&name);
        assert!(!single || sum == count, "{name}: {sum} of {count}");
        let none = if name == "tone" { "none" } else { "" };
        if !["topic", "state", "kind"].contains(&name) {
            let without = bench.count(&with(&selection, name, json!([none]))).await;
            assert_eq!(facet["without"].as_u64(), Some(without), "{name}");
        }
    }
    let labels = |index: usize| -> BTreeSet<&str> {
        let values = facets[index]["values"].as_array().expect("values");
        values.iter().map(|value| value["label"].as_str().expect("a label")).collect()
    };
    assert_eq!(labels(0), BTreeSet::from(["Связь", "Звенора"]));
    assert_eq!(labels(3), BTreeSet::from(["Клуб 0", "Клуб 1"]));
    assert!(labels(4).iter().all(|label| label.starts_with("Анна ")), "{:?}", labels(4));
    assert_eq!(facets[4]["distinct"], 21, "a handle is somebody else on another network");

    // A facet's own choice narrows the others, not itself.
    let chosen = with(&selection, "network", json!(["vk"]));
    let ask = json!({"selection": chosen, "facets": ["country", "network"]});
    let narrowed = bench.ask("/api/search/facets", ask).await;
    assert_eq!(narrowed["count"].as_u64(), Some(bench.count(&chosen).await));
    assert_eq!(narrowed["facets"][1]["values"], facets[1]["values"]);
    assert_ne!(narrowed["facets"][0]["values"], facets[10]["values"]);
    let by_topic = with(&selection, "topic", json!([bench.two]));
    let narrowed = bench.ask("/api/search/facets", json!({"selection": by_topic, "facets": ["topic"]})).await;
    assert_eq!(narrowed["facets"][0]["values"], facets[0]["values"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_time_line_is_cut_where_the_workspaces_clock_says_so_and_adds_up() {
    let bench = Bench::start().await;
    bench.owner.patch("/api/workspace", json!({"time_zone": "Europe/Kyiv"})).await.expect(200);
    let selection = json!({"from": "2026-03-27T22:00:00Z", "to": "2026-03-30T21:00:00Z", "include": ["copies"]});
    let line = bench.ask("/api/search/timeline", json!({"selection": selection, "unit": "day"})).await;
    let edges: Vec<&str> =
        line["buckets"].as_array().expect("buckets").iter().filter_map(|bucket| bucket["from"].as_str()).collect();
    // Days of Kyiv begin at 22:00 UTC in winter and at 21:00 in summer, which begins on the 29th.
    assert_eq!(edges, ["2026-03-27T22:00:00.000Z", "2026-03-28T22:00:00.000Z", "2026-03-29T21:00:00.000Z"]);
    assert_eq!((&line["unit"], &line["time_zone"]), (&json!("day"), &json!("Europe/Kyiv")));

    for selection in
        [json!({}), json!({"topic": [bench.two], "query": "связь"}), json!({"from": "2026-03-20T00:00:00Z"})]
    {
        let line = bench.ask("/api/search/timeline", json!({"selection": selection})).await;
        let mut sum = 0;
        for bucket in line["buckets"].as_array().expect("buckets") {
            let inside = with(&with(&selection, "from", bucket["from"].clone()), "to", bucket["to"].clone());
            if bucket["mentions"] != 0 {
                assert_eq!(bucket["mentions"].as_u64(), Some(bench.count(&inside).await), "{bucket}");
            }
            sum += bucket["mentions"].as_u64().expect("a count");
        }
        assert_eq!(sum, bench.count(&selection).await, "{selection}");
    }
    let nothing = bench.ask("/api/search/timeline", json!({"selection": {"query": "нетакогослова"}})).await;
    assert_eq!(nothing["buckets"], json!([]));
    let long = json!({"selection": {"from": "2020-01-01T00:00:00Z"}, "unit": "minute"});
    let refused = bench.owner.post("/api/search/timeline", long).await;
    assert_eq!((refused.problem().0, errors(&refused)), (422, vec![("unit", "too_many_buckets")]));
}

#[tokio::test(flavor = "multi_thread")]
async fn the_words_of_a_search_are_marked_where_they_stand() {
    let bench = Bench::start().await;
    let body = json!({"selection": {"query": "пропасть NEAR/3 связь", "topic": [bench.two]}, "limit": 5});
    let page = bench.ask("/api/search", body).await;
    assert_eq!(items(&page).len(), 5);
    for mention in items(&page) {
        let text: Vec<u16> = mention["post"]["text"].as_str().expect("a text").encode_utf16().collect();
        let marked: BTreeSet<String> = mention["found"]
            .as_array()
            .expect("places")
            .iter()
            .map(|span| {
                let (start, end) = (span["start"].as_u64().expect("a start"), span["end"].as_u64().expect("an end"));
                String::from_utf16(&text[start as usize..end as usize]).expect("text")
            })
            .collect();
        assert!(marked.iter().all(|part| part.contains("связь") || part.contains("пропала")), "{marked:?}");
        assert_ne!(mention["found"], mention["spans"], "the topic marks its own words");
    }
    let without_query = bench.ask("/api/search", json!({"limit": 1})).await;
    assert_eq!(without_query["items"][0].get("found"), None);
    // A judged field finds what is judged, and the words beside it are still marked.
    let first = ids(&page)[0].clone();
    bench.owner.patch("/api/mentions", json!({"ids": [first], "tone": "negative"})).await.expect(200);
    bench.caught_up().await;
    let judged = bench.ask("/api/search", json!({"selection": {"query": "связь tone:negative"}})).await;
    assert_eq!(ids(&judged), [first]);
    assert!(judged["items"][0]["found"].as_array().is_some_and(|found| !found.is_empty()), "{judged}");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_cannot_be_searched_for_is_told() {
    let bench = Bench::start().await;
    for path in ["/api/search", "/api/search/count", "/api/search/facets", "/api/search/timeline"] {
        let ask = |mut body: Value| {
            if path.ends_with("facets") {
                body["facets"] = json!(["network"]);
            }
            bench.owner.post(path, body)
        };
        let selection = json!({"selection": {"query": "связь AND"}});
        assert_eq!(ask(selection).await.problem(), (422, "query_has_errors"), "{path}");
        let diagnosed = ask(json!({"selection": {"query": "tonne:negative"}})).await;
        assert!(diagnosed.body["diagnostics"].as_array().is_some_and(|all| !all.is_empty()), "{}", diagnosed.body);
        assert_eq!(ask(json!({"selection": {"topics": []}})).await.problem(), (422, "invalid_fields"));
        assert_eq!(ask(json!({"selection": {}, "what": 1})).await.problem(), (422, "invalid_fields"));
        let backwards = json!({"selection": {"from": "2026-03-02T00:00:00Z", "to": "2026-03-01T00:00:00Z"}});
        assert_eq!(errors(&ask(backwards).await), [("selection.to", "before_from")]);
        let long = json!({"selection": {"query": "слово ".repeat(17_000)}});
        assert_eq!(errors(&ask(long).await), [("query", "too_long")], "{path}");
    }
    let search = |body: Value| bench.owner.post("/api/search", body);
    for cursor in
        ["", "n", "x-1.2.3", "n1.2", "f-1.2.3", "n99999999999999999999999999999999999999999.1.1", "n-1.1.1'--"]
    {
        assert_eq!(search(json!({"cursor": cursor})).await.problem(), (400, "invalid_cursor"), "{cursor}");
    }
    let page = search(json!({"order": "newest", "limit": 1})).await.expect(200);
    let other_order = search(json!({"order": "oldest", "cursor": page["next_cursor"]})).await;
    assert_eq!(other_order.problem(), (400, "invalid_cursor"));
    assert_eq!(errors(&search(json!({"limit": 201})).await), [("limit", "out_of_range")]);
    assert_eq!(errors(&search(json!({"limit": 0})).await), [("limit", "out_of_range")]);
    assert_eq!(errors(&search(json!({"order": "best"})).await), [("order", "invalid_value")]);
    let twice = json!({"facets": ["tag", "tag"]});
    assert_eq!(errors(&bench.owner.post("/api/search/facets", twice).await), [("facets", "named_twice")]);
    let unknown = json!({"facets": ["colour"]});
    assert_eq!(bench.owner.post("/api/search/facets", unknown).await.problem(), (422, "invalid_fields"));
    let unit = json!({"unit": "decade"});
    assert_eq!(errors(&bench.owner.post("/api/search/timeline", unit).await), [("unit", "invalid_value")]);

    let (pusher, reader) = (bench.world.token(&["push"]).await, bench.world.token(&["read"]).await);
    assert_eq!(bench.world.anonymous().post("/api/search", json!({})).await.status.as_u16(), 401);
    assert_eq!(pusher.post("/api/search", json!({})).await.status.as_u16(), 403);
    reader.post("/api/search", json!({})).await.expect(200);
    let change = json!({"change": {"state": "kept"}, "expected": 1});
    assert_eq!(reader.post("/api/search/change", change).await.status.as_u16(), 403);
    assert_eq!(reader.post("/api/archive/rebuild", json!({})).await.status.as_u16(), 403);
}

#[tokio::test(flavor = "multi_thread")]
async fn everything_found_is_changed_at_once_unless_the_count_moved() {
    let bench = Bench::start().await;
    let selection = json!({"topic": [bench.one], "network": ["vk"]});
    let found = bench.count(&selection).await;
    assert_eq!(found, 20);
    let change =
        json!({"selection": selection, "change": {"add_tags": ["проверено"], "tone": "neutral"}, "expected": found});
    let moved = with(&change, "expected", json!(found + 21));
    assert_eq!(bench.owner.post("/api/search/change", moved).await.problem(), (409, "count_changed"));
    let repeatable = bench.owner.clone().with("idempotency-key", "all of vk");
    let changed = repeatable.post("/api/search/change", change.clone()).await.expect(200);
    assert_eq!(changed, json!({"changed": found}));
    let again = repeatable.post("/api/search/change", change).await;
    assert_eq!((again.header("idempotency-replayed"), again.status.as_u16()), ("true", 200));
    bench.caught_up().await;
    assert_eq!(bench.count(&json!({"tag": ["проверено"], "tone": ["neutral"]})).await, found);

    // Binned ones leave what is found; who asks for them finds them.
    let bin = json!({"selection": {"tag": ["проверено"]}, "change": {"state": "binned"}, "expected": found});
    bench.owner.post("/api/search/change", bin).await.expect(200);
    bench.caught_up().await;
    assert_eq!(bench.count(&json!({"tag": ["проверено"]})).await, 0);
    assert_eq!(bench.count(&json!({"tag": ["проверено"], "include": ["binned"]})).await, found);
    let binned = json!({"selection": {"topic": [bench.one], "state": ["binned"]}, "facets": ["state"]});
    let states = bench.ask("/api/search/facets", binned).await;
    let values: Vec<(&str, u64)> = states["facets"][0]["values"]
        .as_array()
        .expect("values")
        .iter()
        .map(|value| (value["value"].as_str().unwrap_or_default(), value["mentions"].as_u64().unwrap_or_default()))
        .collect();
    assert_eq!(values, [("new", POSTS as u64 - found), ("binned", found)]);

    let refused = |change: Value| {
        let body = json!({"selection": {}, "change": change, "expected": 0});
        let owner = bench.owner.clone();
        async move { owner.post("/api/search/change", body).await }
    };
    assert_eq!(errors(&refused(json!({})).await), [("change", "required")]);
    assert_eq!(errors(&refused(json!({"add_tags": [" "]})).await), [("change.add_tags", "required")]);
    assert_eq!(errors(&refused(json!({"state": "gone"})).await), [("change.state", "invalid_value")]);
}

#[tokio::test(flavor = "multi_thread")]
async fn similar_mentions_say_much_the_same_and_are_other_posts() {
    let bench = Bench::start().await;
    let text = "перебои с телевидением на Ленинской улице третий вечер подряд, связь";
    let posts = (0..3).map(|number| json!({"id": format!("s{number}"), "text": format!("{text} {number}")}));
    bench.push(posts.collect()).await;
    let found = bench.ask("/api/search", json!({"selection": {"query": "телевидение"}})).await;
    let first = ids(&found)[0].clone();
    let similar = bench.owner.get(&format!("/api/mentions/{first}/similar")).await.expect(200);
    let texts: Vec<&str> =
        items(&similar).iter().filter_map(|mention| mention["post"]["text"].as_str()).take(2).collect();
    assert!(texts.len() == 2 && texts.iter().all(|other| other.starts_with(text)), "{texts:?}");
    let posts: BTreeSet<String> = items(&similar).iter().map(|mention| id(&mention["post"])).collect();
    assert_eq!(posts.len(), items(&similar).len(), "each post once");
    assert!(!ids(&similar).contains(&first) && items(&similar).len() <= 20);
    assert_eq!(bench.owner.get("/api/mentions/1/similar").await.problem(), (404, "not_found"));
}

#[tokio::test(flavor = "multi_thread")]
async fn rows_that_are_gone_are_not_shown_and_a_rebuild_changes_nothing() {
    let bench = Bench::start().await;
    let before = bench.all(&json!({"topic": [bench.one]}), "newest", 50).await;
    let rebuilding = bench.owner.post("/api/archive/rebuild", json!({})).await.expect(202);
    assert!(rebuilding["mentions"].as_u64().is_some(), "{rebuilding}");
    assert_eq!(bench.all(&json!({"topic": [bench.one]}), "newest", 50).await, before, "it answers meanwhile");
    bench.caught_up().await;
    assert_eq!(bench.all(&json!({"topic": [bench.one]}), "newest", 50).await, before);

    // Whether the archive has heard of it or not.
    bench.owner.delete(&format!("/api/topics/{}", bench.two)).await.expect(204);
    assert_eq!(bench.all(&json!({"topic": [bench.two]}), "newest", 200).await, [""; 0]);
    bench.caught_up().await;
    assert_eq!(bench.count(&json!({})).await as usize, POSTS);
    let status = bench.owner.get("/api/archive").await.expect(200);
    let expected = json!({
        "mentions": status["mentions"], "events_behind": 0, "lag_seconds": 0.0, "filling": null,
        "rebuilding": status["rebuilding"], "damaged": [],
    });
    assert_eq!(status, expected);
}
