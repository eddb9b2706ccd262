//! `molva query …` as a person types it: answers, broken input, exit codes.

use std::io::Write as _;
use std::process::Output;

use anyhow::ensure;
use molva_e2e::place::{Place, last_json};
use serde_json::json;

const POSTS: &str = concat!(
    "{\"id\": 1, \"text\": \"У Мегафона сбой\"}\n",
    "\n",
    "{\"id\": \"b\", \"text\": \"Кто платит мегафону?\", \"lang\": \"ru\"}\n",
    "{\"id\": 3, \"text\": \"Ничего о нём\"}\n",
);

fn error(output: &Output) -> String {
    String::from_utf8_lossy(&output.stderr).into_owned()
}

/// Runs a command that must fail with the code 1 and say all of this on standard error.
async fn refused(place: &Place, arguments: &[&str], says: &[&str]) -> anyhow::Result<()> {
    let output = place.try_run(arguments).await?;
    let said = error(&output);
    ensure!(output.status.code() == Some(1), "`{}` ended with {}: {said}", arguments.join(" "), output.status);
    for part in says {
        ensure!(said.contains(part), "`{}` did not say `{part}`: {said}", arguments.join(" "));
    }
    ensure!(!said.contains("panicked"), "{said}");
    Ok(())
}

#[tokio::test]
async fn a_query_is_explained_looked_over_and_laid_out() -> anyhow::Result<()> {
    let place = Place::embedded()?;
    let explained = place.run(&["query", "explain", "мегафон -вакансия", "--language", "ru"]).await?;
    ensure!(explained.contains("кроме") && explained.contains("мегафона"), "{explained}");
    let linted = place.run_json(&["query", "lint", "мегафон or сбой"]).await?;
    assert_eq!((&linted["valid"], &linted["diagnostics"][0]["code"]), (&json!(true), &json!("lower_case_operator")));
    assert_eq!(place.run(&["query", "format", "  мегафон   AND( сбой|авария )"]).await?.lines().count(), 1);

    let broken = place.try_run(&["query", "lint", "мегафон AND (сбой", "--json"]).await?;
    assert_eq!(broken.status.code(), Some(1));
    let told = last_json(&String::from_utf8(broken.stdout)?)?;
    assert_eq!((&told["valid"], &told["diagnostics"][0]["code"]), (&json!(false), &json!("unclosed_bracket")));
    for command in ["explain", "format"] {
        let output = place.try_run(&["query", command, "NOT мегафон"]).await?;
        let shown = String::from_utf8(output.stdout)?;
        ensure!(output.status.code() == Some(1) && shown.contains("^^^"), "{command}: {shown}");
    }
    ensure!(!place.data().exists(), "reading a query made a data folder");
    Ok(())
}

#[tokio::test]
async fn a_query_of_another_product_is_rewritten_with_notes() -> anyhow::Result<()> {
    let place = Place::embedded()?;
    let query = "apple NEAR/3f juice AND country:ru";
    let imported = place.run_json(&["query", "import-from", "brandwatch", query]).await?;
    assert_eq!(imported["query"], "apple ONEAR/4 juice");
    let lost = imported["notes"].as_array().into_iter().flatten().find(|note| note["severity"] == "lost");
    let lost = lost.map(|note| (note["start"].clone(), note["end"].clone(), note["written"].clone()));
    assert_eq!(lost, Some((json!(24), json!(34), json!("country:ru"))));
    let unknown = place.try_run(&["query", "import-from", "pigeon", "apple"]).await?;
    ensure!(unknown.status.code() == Some(2) && error(&unknown).contains("brandwatch"), "{}", error(&unknown));
    let nothing = place.try_run(&["query", "import-from", "brandwatch", "country:ru"]).await?;
    assert_eq!(nothing.status.code(), Some(1));
    Ok(())
}

#[tokio::test]
async fn the_forms_of_a_word_are_shown_and_only_of_a_word() -> anyhow::Result<()> {
    let place = Place::embedded()?;
    let forms = place.run(&["query", "forms", "кредитами"]).await?;
    ensure!(forms.contains("кредит [ru]") && forms.contains("кредитов"), "{forms}");
    refused(&place, &["query", "forms", "два слова"], &["`два слова` is not one word"]).await?;
    let data = place.data().join("dictionaries");
    std::fs::create_dir_all(&data)?;
    std::fs::write(data.join("uk.forms"), "no dictionary")?;
    for command in ["forms", "explain", "lint", "format", "suggest"] {
        refused(&place, &["query", command, "банк"], &["uk.forms", "compile it anew"]).await?;
    }
    Ok(())
}

#[tokio::test]
async fn queries_are_matched_against_a_file_with_the_lists_of_the_store() -> anyhow::Result<()> {
    let place = Place::embedded()?;
    let posts = place.write("posts.jsonl", POSTS)?;
    let found = place.run(&["query", "match", "мегафон", "--posts", &posts]).await?;
    assert_eq!(found.lines().map(last_json).collect::<anyhow::Result<Vec<_>>>()?.len(), 2);

    place.run(&["list", "put", "бренды", "мегафон"]).await?;
    let lines = "{\"id\": \"x\", \"expr\": \"list:бренды сбой\"}\n{\"id\": 2, \"expr\": \"платить\"}\n";
    let queries = place.write("queries.jsonl", lines)?;
    let mut gzip = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    gzip.write_all(POSTS.as_bytes())?;
    let packed = place.write("posts.jsonl.gz", gzip.finish()?)?;
    let found = place.run(&["query", "match", "--queries", &queries, "--posts", &packed]).await?;
    let found: Vec<_> = found.lines().map(last_json).collect::<anyhow::Result<_>>()?;
    let found: Vec<_> = found.iter().map(|hit| (&hit["post"], &hit["queries"])).collect();
    assert_eq!(found, [(&json!(1), &json!(["x"])), (&json!("b"), &json!([2]))]);
    ensure!(place.run(&["query", "explain", "list:бренды"]).await?.contains("бренды"), "the list is not known");
    refused(&place, &["query", "match", "list:нет", "--posts", &posts], &["there is no list `нет`", "query 0"]).await
}

#[tokio::test]
async fn broken_files_are_named_with_the_line() -> anyhow::Result<()> {
    let place = Place::embedded()?;
    let posts = place.write("posts.jsonl", POSTS)?;
    let matching =
        async |file: &str, says: &[&str]| refused(&place, &["query", "match", "мегафон", "--posts", file], says).await;
    matching("missing.jsonl", &["`missing.jsonl` cannot be read"]).await?;
    let cut = place.write("cut.jsonl", [POSTS, "{\"id\": 4, \"text\": "].concat())?;
    matching(&cut, &["cut.jsonl", "line 5"]).await?;
    let wrong = place.write("wrong.jsonl", "{\"id\": 1, \"text\": \"а\", \"published\": \"вчера\"}")?;
    matching(&wrong, &["line 1", "`published` is no time: `вчера`"]).await?;
    let mut gzip = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    gzip.write_all(POSTS.repeat(50).as_bytes())?;
    let mut packed = gzip.finish()?;
    packed.truncate(packed.len() / 2);
    matching(&place.write("cut.gz", packed)?, &["cut.gz", "line "]).await?;
    matching(&place.write("bytes.jsonl", [b'{', 0xff, b'}', b'\n'])?, &["bytes.jsonl", "line 1"]).await?;

    let queries = place.write("queries.jsonl", "{\"id\": 7, \"expr\": \"мегафон (\"}\n")?;
    let broken = ["query", "match", "--queries", &queries, "--posts", &posts];
    refused(&place, &broken, &["query 7", "error at column 9"]).await?;
    let queries = place.write("no.jsonl", "{\"id\": 7}\n")?;
    refused(&place, &["query", "match", "--queries", &queries, "--posts", &posts], &["no.jsonl", "line 1", "expr"])
        .await
}
