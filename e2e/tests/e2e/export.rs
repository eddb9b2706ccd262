//! `molva export` beside a server and without one.

use std::fs;
use std::time::Duration;

use anyhow::ensure;
use molva_e2e::environment::eventually;
use molva_e2e::place::{Place, last_json};
use serde_json::Value;

const POSTS: &str = concat!(
    "{\"id\": 1, \"text\": \"У Мегафона сбой\", \"published\": \"2026-03-01T21:30:00Z\"}\n",
    "{\"id\": 2, \"text\": \"=Мегафон(1), \\\"так\\\"\", \"published\": \"2026-03-02T10:00:00Z\"}\n",
    "{\"id\": 3, \"text\": \"У Мегафона сбой\", \"published\": \"2026-03-03T10:00:00Z\"}\n",
    "{\"id\": 4, \"text\": \"Ничего о нём\", \"published\": \"2026-03-04T10:00:00Z\"}\n",
);

/// The days of March they were published on, which are the ids of [`POSTS`].
fn ids(rows: &[Value]) -> Vec<&str> {
    rows.iter().filter_map(|row| row["published_at"].as_str()?.get(9..10)).collect()
}

#[tokio::test]
async fn mentions_are_exported_without_a_server_and_beside_one() -> anyhow::Result<()> {
    let place = Place::embedded()?;
    place.add_topic("Мегафон", "мегафон", false).await?;
    let posts = place.write("posts.jsonl", POSTS)?;
    place.run(&["import", &posts]).await?;
    let lines = async |more: &[&str]| {
        let arguments = [&["export", "mentions", "--format", "jsonl", "-o", "-"], more].concat();
        let output = place.run(&arguments).await?;
        output.lines().map(last_json).collect::<anyhow::Result<Vec<Value>>>()
    };
    // A copy stands behind the first of its text.
    assert_eq!(ids(&lines(&[]).await?), ["2", "1"]);
    assert_eq!(ids(&lines(&["--include", "copies", "--oldest-first"]).await?), ["1", "2", "3"]);
    assert_eq!(ids(&lines(&["--query", "сбой", "--topic", "мегафон", "--to", "2026-03-02"]).await?), ["1"]);
    assert_eq!(ids(&lines(&["--from", "2026-03-02"]).await?), ["2"]);

    let file = place.path("out.csv");
    let name = file.display().to_string();
    place.run(&["export", "mentions", "-o", &name]).await?;
    let csv = fs::read_to_string(&file)?;
    ensure!(csv.starts_with("\u{feff}id,topic,") && csv.contains("\"'=Мегафон(1), \"\"так\"\"\""), "{csv}");

    let (server, _api) = place.serve(&[]).await?;
    eventually(Duration::from_secs(60), "the same file beside a server", || async {
        place.run(&["export", "mentions", "-o", &name]).await?;
        let again = fs::read_to_string(&file)?;
        Ok(if again == csv { Ok(()) } else { Err(again) })
    })
    .await?;
    drop(server);

    for (wrong, says) in [
        (["--query", "мегафон AND ("], ""),
        (["--topic", "Билайн"], "there is no topic `Билайн`"),
        (["--from", "вчера"], "`вчера` is no time"),
    ] {
        let never = place.path("never.csv").display().to_string();
        let output = place.try_run(&[&["export", "mentions", "-o", &never][..], &wrong[..]].concat()).await?;
        let said = String::from_utf8_lossy(&output.stderr).into_owned();
        ensure!(output.status.code() == Some(1) && said.contains(says), "{wrong:?}: {said}");
        ensure!(!place.path("never.csv").exists(), "{wrong:?} left a file");
    }
    Ok(())
}
