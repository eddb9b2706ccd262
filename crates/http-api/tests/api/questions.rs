//! The five questions over a real archive that follows a real store. The figures of the small set were worked out by hand.

use std::time::{Duration, Instant};

use molva_domain::{GapCause, SourceId, SourceState, Timestamp};
use molva_storage::source::SourceReport;
use serde_json::{Value, json};

use crate::actors::{Actor, World};

struct Bench {
    world: World,
    owner: Actor,
    source: SourceId,
    own: String,
    competitor: String,
    market: String,
}

fn id(made: &Value) -> String {
    made["id"].as_str().expect("an id").to_owned()
}

fn at(text: &str) -> Timestamp {
    Timestamp::parse(text).expect("a time")
}

/// A selection with more parts.
fn with(selection: &Value, parts: &Value) -> Value {
    let mut selection = selection.clone();
    for (part, value) in parts.as_object().expect("parts") {
        selection[part] = value.clone();
    }
    selection
}

fn posts() -> Value {
    json!([
        {"id": "1", "text": "звенора: нет связи сегодня", "published": "2026-03-02T06:00:00Z", "network": "vk",
         "author": {"handle": "anna", "name": "Анна", "followers": 100, "city": "Гродно", "region": "Гродненская область", "country": "BY"},
         "community": {"key": "city", "title": "Наш город"}, "url": "https://www.host.example/1"},
        {"id": "2", "text": "звенора: нет связи опять", "published": "2026-03-02T07:30:00Z", "network": "vk",
         "author": {"handle": "anna", "name": "Анна", "followers": 150}},
        {"id": "3", "text": "звенора хорошая #тариф 😡", "published": "2026-03-10T12:00:00Z", "network": "forum",
         "author": {"handle": "boris", "followers": 50}, "engagement": {"views": 40}, "links": ["https://status.example/a?b"]},
        {"id": "4", "text": "брамтел: нет связи вечером", "published": "2026-03-10T12:10:00Z", "network": "forum", "author": {"handle": "clara"}},
        {"id": "5", "text": "брамтел дешёвый", "published": "2026-03-20T00:00:00Z", "network": "mastodon",
         "author": {"handle": "dora", "followers": 700}},
        {"id": "6", "text": "звенора и брамтел", "published": "2026-03-20T10:00:00Z", "network": "vk",
         "author": {"handle": "anna", "name": "Анна", "followers": 120}},
        {"id": "7", "text": "звенора: нет связи сегодня", "published": "2026-03-21T10:00:00Z", "network": "vk", "author": {"handle": "egor"}},
        {"id": "8", "text": "звенора реклама пакетов", "published": "2026-03-22T10:00:00Z", "network": "vk", "author": {"handle": "egor"}}
    ])
}

impl Bench {
    async fn start(posts: Value) -> Self {
        let world = World::start().await;
        let owner = world.owner().await;
        let topic = async |name: &str, kind: &str, query: &str| {
            let topic = json!({"name": name, "level": "brand", "kind": kind, "query": query});
            id(&owner.post("/api/topics", topic).await.expect(201))
        };
        let own = topic("Звенора", "own", "звенора").await;
        let competitor = topic("Брамтел", "competitor", "брамтел").await;
        let market = topic("Связь", "market", "связь").await;
        let source = owner.post("/api/sources", json!({"connector": "push", "name": "Отзывы"})).await.expect(201);
        let program = world.token(&["push"]).await;
        let sent = program.post(&format!("/api/push/{}", id(&source)), posts.clone()).await.expect(202);
        assert_eq!(sent["stored"], posts.as_array().expect("posts").len(), "{sent}");
        let source = SourceId(id(&source).parse().expect("digits"));
        let bench = Self { world, owner, source, own, competitor, market };
        bench.caught_up().await;
        bench
    }

    async fn small() -> Self {
        let bench = Self::start(posts()).await;
        let judge = async |query: &str, change: Value| {
            let change = json!({"selection": {"topic": [bench.own], "query": query}, "change": change, "expected": 1});
            assert_eq!(bench.owner.post("/api/search/change", change).await.expect(200)["changed"], 1, "{query}");
        };
        judge("сегодня", json!({"tone": "negative"})).await;
        judge("опять", json!({"tone": "negative"})).await;
        judge("хорошая", json!({"tone": "positive"})).await;
        judge("реклама", json!({"state": "binned"})).await;
        bench.caught_up().await;
        bench
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

    async fn ask(&self, question: &str, body: Value) -> Value {
        self.owner.post(&format!("/api/questions/{question}"), body).await.expect(200)
    }

    async fn count(&self, selection: &Value) -> u64 {
        let counted = self.owner.post("/api/search/count", json!({"selection": selection})).await.expect(200);
        counted["count"].as_u64().expect("a count")
    }

    fn march(&self) -> Value {
        json!({"topic": [self.own], "from": "2026-03-01T00:00:00Z", "to": "2026-03-31T00:00:00Z"})
    }
}

fn number(value: &Value) -> f64 {
    value.as_f64().unwrap_or_else(|| panic!("{value} is no number"))
}

fn close(value: &Value, expected: f64) -> bool {
    (number(value) - expected).abs() < 1e-9
}

#[tokio::test(flavor = "multi_thread")]
async fn volume_and_share_are_those_worked_out_by_hand() {
    let bench = Bench::small().await;
    let march = bench.march();
    let compare = json!({"from": "2026-02-01T00:00:00Z", "to": "2026-03-01T00:00:00Z"});
    let volume = bench.ask("volume", json!({"selection": march, "compare": compare})).await;
    assert_eq!(volume["period"], json!({"from": "2026-03-01T00:00:00.000Z", "to": "2026-03-31T00:00:00.000Z"}));
    let counts =
        ["mentions", "authors", "potential_reach", "reach_unknown", "views"].map(|field| volume[field].as_u64());
    assert_eq!(counts, [4, 2, 150 + 50, 0, 40].map(Some), "{volume}");
    assert_eq!(volume["tones"], json!({"negative": 2, "neutral": 0, "positive": 1, "unjudged": 1}));
    assert!(close(&volume["net_sentiment"], -25.0) && close(&volume["per_day"], 4.0 / 30.0), "{volume}");
    // Reach of the competitor: unknown, 700 and 120; of ours: 100, 150, 50 and 120.
    let topics = volume["topics"].as_array().expect("topics");
    let shown: Vec<_> =
        topics.iter().map(|topic| (&topic["topic_id"], topic["mentions"].as_u64(), topic["reach"].as_u64())).collect();
    assert_eq!(shown, [(&json!(bench.own), Some(4), Some(420)), (&json!(bench.competitor), Some(3), Some(820))]);
    assert_eq!([&topics[0]["selected"], &topics[1]["selected"]], [&json!(true), &json!(false)]);
    assert!(
        close(&topics[0]["share"], 4.0 / 7.0) && close(&topics[0]["share_weighted"], 420.0 / 1_240.0),
        "{topics:?}"
    );
    assert!(
        close(&topics[1]["share"], 3.0 / 7.0) && close(&topics[1]["share_weighted"], 820.0 / 1_240.0),
        "{topics:?}"
    );
    assert!(close(&volume["share_of_voice"], 4.0 / 7.0) && close(&volume["share_of_voice_weighted"], 420.0 / 1_240.0));
    for topic in topics {
        let drilled = bench.count(&with(&march, &json!({"topic": [topic["topic_id"]]}))).await;
        assert_eq!(topic["mentions"].as_u64(), Some(drilled), "{topic}");
    }
    let before = &volume["before"];
    let empty = [
        &before["net_sentiment"],
        &before["share_of_voice"],
        &before["share_of_voice_weighted"],
        &before["topics"][0]["share"],
    ];
    assert_eq!(
        (before["mentions"].as_u64(), before["per_day"].as_f64(), empty),
        (Some(0), Some(0.0), [&Value::Null; 4])
    );

    // Everything at once; a market that was chosen is shown without a share.
    let market = bench.ask("volume", json!({"selection": with(&march, &json!({"topic": [bench.market]}))})).await;
    let topics: Vec<_> = market["topics"]
        .as_array()
        .expect("topics")
        .iter()
        .map(|topic| (topic["kind"].as_str(), topic["share"].is_null()))
        .collect();
    assert_eq!(topics, [(Some("own"), false), (Some("competitor"), false), (Some("market"), true)]);
    assert_eq!((&market["before"], market["mentions"].as_u64()), (&Value::Null, Some(3)));
    let all = bench.ask("volume", json!({})).await;
    assert_eq!((all["mentions"].as_u64(), &all["period"]["from"]), (Some(10), &json!("2026-03-02T06:00:00.000Z")));
    let switched =
        bench.ask("volume", json!({"selection": with(&march, &json!({"include": ["copies", "binned"]}))})).await;
    assert_eq!((switched["mentions"].as_u64(), switched["authors"].as_u64()), (Some(6), Some(3)));
}

#[tokio::test(flavor = "multi_thread")]
async fn shares_are_among_topics_of_one_level() {
    let bench = Bench::small().await;
    let product = json!({"name": "Звенора, тарифы", "level": "product", "kind": "own", "query": "звенора AND тариф"});
    let product = id(&bench.owner.post("/api/topics", product).await.expect(201));
    let program = bench.world.token(&["push"]).await;
    let post =
        json!([{"id": "9", "text": "звенора: новый тариф", "published": "2026-03-25T10:00:00Z", "network": "vk"}]);
    program.post(&format!("/api/push/{}", bench.source), post).await.expect(202);
    bench.caught_up().await;
    let volume = bench.ask("volume", json!({"selection": bench.march()})).await;
    let shares: Vec<_> = volume["topics"]
        .as_array()
        .expect("topics")
        .iter()
        .map(|topic| (topic["topic_id"].as_str(), topic["level"].as_str(), topic["share"].as_f64()))
        .collect();
    let brand = |id, share| (Some(id), Some("brand"), Some(share));
    assert_eq!(
        shares,
        [
            brand(bench.own.as_str(), 5.0 / 8.0),
            brand(bench.competitor.as_str(), 3.0 / 8.0),
            (Some(product.as_str()), Some("product"), Some(1.0))
        ]
    );
    assert!(close(&volume["share_of_voice"], 5.0 / 8.0), "{volume}");
}

#[tokio::test(flavor = "multi_thread")]
async fn rhythm_is_that_of_the_workspaces_clock_and_shows_gaps() {
    let bench = Bench::small().await;
    bench.owner.patch("/api/workspace", json!({"time_zone": "Europe/Kyiv"})).await.expect(200);
    let (storage, workspace) = (&bench.world.storage, bench.world.workspace);
    storage
        .open_gap(workspace, bench.source, at("2026-03-10T00:00:00Z"), GapCause::Disconnected)
        .await
        .expect("opened");
    storage.close_gaps(workspace, bench.source, at("2026-03-11T00:00:00Z")).await.expect("closed");
    let selection = with(&bench.march(), &json!({"to": "2026-03-25T00:00:00Z"}));
    let compare = json!({"from": "2026-03-10T00:00:00Z", "to": "2026-03-11T00:00:00Z"});
    let rhythm = bench.ask("rhythm", json!({"selection": selection, "unit": "day", "compare": compare})).await;
    assert_eq!((&rhythm["unit"], &rhythm["time_zone"]), (&json!("day"), &json!("Europe/Kyiv")));
    let buckets = rhythm["buckets"].as_array().expect("buckets");
    let full: Vec<_> = buckets.iter().filter(|bucket| bucket["mentions"] != 0).collect();
    let days: Vec<_> =
        full.iter().map(|bucket| (bucket["from"].as_str().expect("a time"), bucket["mentions"].as_u64())).collect();
    // Days of Kyiv begin at 22:00 UTC.
    let expected = [("2026-03-01T22:00:00.000Z", 2), ("2026-03-09T22:00:00.000Z", 1), ("2026-03-19T22:00:00.000Z", 1)];
    assert_eq!(days, expected.map(|(day, mentions)| (day, Some(mentions))));
    let tones = |bucket: &Value| {
        ["negative", "neutral", "positive", "unjudged"].map(|tone| bucket[tone].as_u64().expect("a count"))
    };
    assert_eq!([tones(full[0]), tones(full[1]), tones(full[2])], [[2, 0, 0, 0], [0, 0, 1, 0], [0, 0, 0, 1]]);
    let gaps: Vec<_> = buckets
        .iter()
        .filter(|bucket| bucket["gap"] == true)
        .map(|bucket| bucket["from"].as_str().expect("a time"))
        .collect();
    assert_eq!(gaps, ["2026-03-09T22:00:00.000Z", "2026-03-10T22:00:00.000Z"]);
    let gap = json!({
        "source_id": bench.source.to_string(), "source": "Отзывы", "from": "2026-03-10T00:00:00.000Z",
        "to": "2026-03-11T00:00:00.000Z", "cause": "disconnected",
    });
    assert_eq!(rhythm["gaps"], json!([gap]));
    for bucket in buckets.iter().filter(|bucket| bucket["mentions"] != 0) {
        let drilled = bench.count(&with(&selection, &json!({"from": bucket["from"], "to": bucket["to"]}))).await;
        assert_eq!(bucket["mentions"].as_u64(), Some(drilled), "{bucket}");
    }
    // The compared day begins at 02:00 in Kyiv, as the period does: 22 hours to the next midnight, and two.
    let before: Vec<_> = buckets.iter().filter_map(|bucket| bucket["before"].as_u64()).collect();
    assert_eq!((before.iter().sum::<u64>(), before.len()), (1, 2));
    let beside = with(&selection, &json!({"from": buckets[0]["before_from"], "to": buckets[0]["before_to"]}));
    assert_eq!(buckets[0]["before"].as_u64(), Some(bench.count(&beside).await));
    assert_eq!(buckets[5]["before"], Value::Null);
    // Monday 8 and 9, Tuesday 14, Friday 12.
    let heat: Vec<Vec<u64>> = serde_json::from_value(rhythm["heat"].clone()).expect("rows of counts");
    assert_eq!((heat.len(), heat.iter().map(Vec::len).sum::<usize>(), heat.iter().flatten().sum::<u64>()), (7, 168, 4));
    assert_eq!([heat[0][8], heat[0][9], heat[1][14], heat[4][12]], [1; 4]);

    let suited = bench.ask("rhythm", json!({"selection": selection})).await;
    assert_eq!(suited["unit"], "day");
    let nothing = bench.ask("rhythm", json!({"selection": {"query": "нетакогослова"}})).await;
    assert_eq!((&nothing["buckets"], nothing["heat"][6][23].as_u64()), (&json!([]), Some(0)));
    let long = json!({"selection": {"from": "2020-01-01T00:00:00Z"}, "unit": "minute"});
    let refused = bench.owner.post("/api/questions/rhythm", long).await;
    assert_eq!(
        (refused.problem(), &refused.body["errors"][0]["code"]),
        ((422, "invalid_fields"), &json!("too_many_buckets"))
    );
    let backwards = json!({"compare": {"from": "2026-03-02T00:00:00Z", "to": "2026-03-01T00:00:00Z"}});
    let refused = bench.owner.post("/api/questions/rhythm", backwards).await;
    assert_eq!((refused.problem().0, &refused.body["errors"][0]["field"]), (422, &json!("compare.to")));
}

#[tokio::test(flavor = "multi_thread")]
async fn places_and_authors_lead_to_their_rows() {
    let bench = Bench::small().await;
    let march = bench.march();
    let places = bench.ask("places", json!({"selection": march, "limit": 1})).await;
    assert_eq!(places["mentions"], 4);
    let networks = json!({
        "values": [{"value": "vk", "label": "vk", "mentions": 3, "share": 0.75, "negative": 2, "neutral": 0, "positive": 0,
                    "unjudged": 1, "reach": 370}],
        "distinct": 2, "others": 1, "without": 0,
    });
    assert_eq!(places["networks"], networks);
    let community = &places["communities"]["values"][0];
    assert_eq!(
        (&community["label"], community["mentions"].as_u64(), places["communities"]["without"].as_u64()),
        (&json!("Наш город"), Some(1), Some(3))
    );
    for (list, part) in [
        ("networks", "network"),
        ("sites", "site"),
        ("communities", "community"),
        ("countries", "country"),
        ("regions", "region"),
        ("cities", "city"),
    ] {
        let values = places[list]["values"].as_array().expect("values");
        assert_eq!(values.len(), 1, "{list}");
        for value in values {
            let drilled = bench.count(&with(&march, &json!({part: [value["value"]]}))).await;
            assert_eq!(value["mentions"].as_u64(), Some(drilled), "{list} {value}");
        }
        let without = bench.count(&with(&march, &json!({part: [""]}))).await;
        assert_eq!(places[list]["without"].as_u64(), Some(without), "{list}");
    }

    let authors = bench.ask("authors", json!({"selection": march})).await;
    let counts = ["mentions", "distinct", "repeat", "potential_reach", "without"].map(|field| authors[field].as_u64());
    assert_eq!(counts, [4, 2, 1, 200, 0].map(Some), "{authors}");
    // Anna wrote three of the four.
    assert_eq!(authors["repeat_share"], 0.75);
    let anna = &authors["authors"][0];
    let row = json!({
        "author": anna["author"], "name": "Анна", "handle": "anna", "network": "vk", "url": null, "followers": 120, "verified": null,
        "mentions": 3, "share": 0.75, "negative": 2, "neutral": 0, "positive": 0, "unjudged": 1,
    });
    assert_eq!(*anna, row);
    let everyone = bench.ask("authors", json!({"selection": with(&march, &json!({"topic": []}))})).await;
    let loudest: Vec<_> = everyone["loudest"]
        .as_array()
        .expect("authors")
        .iter()
        .map(|author| (author["handle"].as_str().expect("a handle"), author["followers"].as_u64()))
        .collect();
    assert_eq!(loudest, [("dora", Some(700)), ("anna", Some(150)), ("boris", Some(50))]);
    for (answer, selection) in [(&authors, march.clone()), (&everyone, with(&march, &json!({"topic": []})))] {
        for list in ["authors", "loudest"] {
            for author in answer[list].as_array().expect("authors") {
                let drilled = bench.count(&with(&selection, &json!({"author": [author["author"]]}))).await;
                assert_eq!(author["mentions"].as_u64(), Some(drilled), "{author}");
            }
        }
    }
    let nobody = bench.ask("authors", json!({"selection": {"query": "нетакогослова"}})).await;
    assert_eq!(
        (nobody["repeat_share"].is_null(), &nobody["authors"], &nobody["loudest"]),
        (true, &json!([]), &json!([]))
    );
    let refused = bench.owner.post("/api/questions/authors", json!({"limit": 101})).await;
    assert_eq!((refused.problem(), &refused.body["errors"][0]["field"]), ((422, "invalid_fields"), &json!("limit")));
}

#[tokio::test(flavor = "multi_thread")]
async fn words_stand_beside_their_baseline_and_lead_to_their_rows() {
    // In February 2 of 20 mentions tell of an accident, in March 12 of 20.
    let post = |month: u32, number: u32| {
        let accident = number < if month == 2 { 2 } else { 12 };
        let news = if accident {
            "на линии авария, пропала связь"
        } else {
            "ничего нового"
        };
        json!({
            "id": format!("{month}-{number}"), "text": format!("звенора: {news} {number} {month} #новости 😡"),
            "links": ["https://status.example/a?b=1"], "published": format!("2026-{month:02}-{:02}T10:00:00Z", number + 1),
        })
    };
    let posts: Vec<Value> =
        [2, 3].into_iter().flat_map(|month| (0..20).map(move |number| post(month, number))).collect();
    let bench = Bench::start(json!(posts)).await;
    let selection = json!({"topic": [bench.own], "from": "2026-03-01T00:00:00Z", "to": "2026-03-29T00:00:00Z"});
    let words = bench.ask("words", json!({"selection": selection})).await;
    let baseline = json!({"from": "2026-02-01T00:00:00.000Z", "to": "2026-03-01T00:00:00.000Z", "mentions": 20});
    assert_eq!((words["mentions"].as_u64(), &words["baseline"]), (Some(20), &baseline));
    let accident = json!({
        "word": "авария", "mentions": 12, "share": 0.6, "baseline": 2, "baseline_share": 0.1, "lift": 6.0, "drill": {"word": ["авария"]},
    });
    for list in ["typical", "rising"] {
        let found = words[list].as_array().expect("words").iter().find(|word| word["word"] == "авария");
        let found = found.unwrap_or_else(|| panic!("{list}: {words}"));
        assert!(close(&found["lift"], 6.0), "{found}");
        assert_eq!(with(found, &json!({"lift": 6.0})), accident);
    }
    let everywhere = |word: &Value| word["word"] == "звенора" || word["word"] == "новый";
    assert!(!words["typical"].as_array().expect("words").iter().any(everywhere), "{words}");
    for list in ["typical", "rising", "hashtags", "emoji", "links"] {
        let said = words[list].as_array().expect("words");
        assert!(!said.is_empty(), "{list}");
        for word in said {
            let drilled = bench.count(&with(&selection, &word["drill"])).await;
            assert_eq!(word["mentions"].as_u64(), Some(drilled), "{list} {word}");
        }
    }
    assert_eq!(
        (&words["hashtags"][0]["word"], &words["links"][0]["word"]),
        (&json!("#новости"), &json!("https://status.example/a"))
    );
    assert_eq!(words["phrases"]["sampled"], 20);
    let phrase = words["phrases"]["values"]
        .as_array()
        .expect("phrases")
        .iter()
        .find(|phrase| phrase["phrase"] == "пропала связь");
    let phrase = phrase.unwrap_or_else(|| panic!("{}", words["phrases"]));
    // Wilson's interval of 12 in 20.
    assert_eq!((phrase["mentions"].as_u64(), phrase["share"].as_f64()), (Some(12), Some(0.6)));
    assert!(
        (number(&phrase["share_low"]) - 0.3866).abs() < 1e-3 && (number(&phrase["share_high"]) - 0.7812).abs() < 1e-3,
        "{phrase}"
    );
    assert_eq!(bench.count(&with(&selection, &phrase["drill"])).await, 12, "the sample is the whole");

    let chosen = json!({"from": "2026-02-10T00:00:00Z", "to": "2026-02-20T00:00:00Z"});
    let other = bench.ask("words", json!({"selection": selection, "baseline": chosen})).await;
    assert_eq!(
        (&other["baseline"]["from"], other["baseline"]["mentions"].as_u64()),
        (&json!("2026-02-10T00:00:00.000Z"), Some(10))
    );
    let accident =
        other["rising"].as_array().expect("words").iter().find(|word| word["word"] == "авария").expect("rising");
    assert_eq!((accident["baseline"].as_u64(), &accident["lift"]), (Some(0), &Value::Null));
    let all = bench.ask("words", json!({"selection": {"topic": [bench.own]}})).await;
    assert_eq!((&all["baseline"]["from"], all["mentions"].as_u64()), (&Value::Null, Some(40)));
    let everything = bench.ask("words", json!({})).await;
    assert_eq!(
        (
            everything["baseline"]["mentions"].as_u64(),
            everything["typical"].as_array().is_some_and(|words| !words.is_empty())
        ),
        (Some(0), true)
    );
    let nothing = bench.ask("words", json!({"selection": {"query": "нетакогослова"}})).await;
    assert_eq!((&nothing["typical"], &nothing["phrases"]), (&json!([]), &json!({"sampled": 0, "values": []})));
}

#[tokio::test(flavor = "multi_thread")]
async fn trust_is_told_in_words_and_figures() {
    let bench = Bench::small().await;
    let march = bench.march();
    let trust = bench.ask("trust", json!({"selection": march})).await;
    assert_eq!(trust["duplicates"], json!({"mentions": 1, "share": 0.2}));
    assert_eq!((trust["binned"].as_u64(), trust["spam"].as_u64()), (Some(1), Some(0)));
    assert_eq!(trust["judged_by_people"], json!({"mentions": 3, "share": 0.75}));
    assert_eq!(bench.count(&with(&march, &json!({"state": ["binned"]}))).await, 1);
    assert_eq!(bench.count(&with(&march, &json!({"include": ["copies"]}))).await, 4 + 1);
    // The source was added after that March.
    assert_eq!(trust["sources"], json!({"expected": 0, "delivering": 0, "list": []}));
    assert_eq!((&trust["gap_share"], &trust["score"]), (&Value::Null, &json!("some")));
    assert_eq!(
        trust["reasons"][0],
        "No source was collecting in this period: the figures hold what was imported or handed in."
    );
    let russian = bench.world.token(&["read"]).await.with("accept-language", "ru");
    let said = russian.post("/api/questions/trust", json!({"selection": march})).await.expect(200);
    assert_eq!(
        said["reasons"][0],
        "В этом периоде ни один источник не собирал: учтено только импортированное и переданное."
    );

    let (storage, workspace, begun) = (&bench.world.storage, bench.world.workspace, bench.world.now());
    let minutes = |minutes: u64| begun.plus(Duration::from_secs(minutes * 60));
    bench.world.clock.advance(Duration::from_secs(7_200));
    let running = SourceReport { state: Some(SourceState::Running), ..SourceReport::default() };
    storage.report_source(workspace, bench.source, running).await.expect("reported");
    let recent = json!({"selection": {"from": begun.to_rfc3339()}});
    let calm = bench.ask("trust", recent.clone()).await;
    assert_eq!((calm["score"].as_str(), calm["gap_share"].as_f64()), (Some("good"), Some(0.0)), "{calm}");
    assert_eq!(calm["reasons"], json!(["All expected sources collected without a gap.", "No mention is selected."]));
    assert_eq!((&calm["duplicates"]["share"], &calm["judged_by_people"]["share"]), (&Value::Null, &Value::Null));
    storage.open_gap(workspace, bench.source, minutes(30), GapCause::Overflow).await.expect("opened");
    storage.close_gaps(workspace, bench.source, minutes(60)).await.expect("closed");
    let gappy = bench.ask("trust", recent).await;
    // Half an hour of two is missing.
    assert_eq!((gappy["score"].as_str(), gappy["gap_share"].as_f64()), (Some("poor"), Some(0.25)));
    assert_eq!(gappy["reasons"][0], "Of the collection time 25% is missing; the gaps are listed.");
    let cut = json!([{"source_id": bench.source.to_string(), "name": "Отзывы", "at": minutes(30).to_rfc3339()}]);
    assert_eq!((&gappy["quota_cuts"], gappy["gaps"].as_array().map(Vec::len)), (&cut, Some(1)));
    let source = &gappy["sources"]["list"][0];
    assert_eq!(
        (&source["network"], source["gap_seconds"].as_u64(), &source["delivering"]),
        (&json!("push"), Some(1_800), &json!(true))
    );
    // Another network's figures do not suffer; posts handed in may be of any network, so these do.
    let elsewhere = bench.ask("trust", json!({"selection": {"from": begun.to_rfc3339(), "network": ["vk"]}})).await;
    assert_eq!(elsewhere["sources"]["expected"], 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn figures_are_defined_in_the_language_of_the_reader_and_questions_ask_for_a_reader() {
    let world = World::start().await;
    let owner = world.owner().await;
    let figures = owner.get("/api/figures").await.expect(200);
    let found = figures["items"]
        .as_array()
        .expect("items")
        .iter()
        .find(|figure| figure["id"] == "net_sentiment")
        .expect("a figure");
    assert_eq!(
        (&found["unit"], &found["question"], &found["name"]),
        (&json!("points"), &json!("volume"), &json!("Net sentiment"))
    );
    let ukrainian = world.token(&["read"]).await.with("accept-language", "uk");
    let told = ukrainian.get("/api/figures").await.expect(200);
    assert!(told["items"].as_array().expect("items").iter().any(|figure| figure["name"] == "Чиста тональність"));
    for question in ["volume", "rhythm", "places", "authors", "words", "trust"] {
        let path = format!("/api/questions/{question}");
        assert_eq!(world.anonymous().post(&path, json!({})).await.status.as_u16(), 401);
        ukrainian.post(&path, json!({})).await.expect(200);
        assert_eq!(
            owner.post(&path, json!({"selection": {"query": "связь AND"}})).await.problem(),
            (422, "query_has_errors")
        );
        assert_eq!(owner.post(&path, json!({"selection": {}, "what": 1})).await.problem(), (422, "invalid_fields"));
    }
}
