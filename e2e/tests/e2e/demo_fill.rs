//! `molva demo fill`, in peace and killed.

use std::process::Stdio;
use std::time::Duration;

use anyhow::{Context as _, ensure};
use molva_e2e::place::Place;
use serde_json::Value;

const FILL: &[&str] = &["demo", "fill", "--mentions", "4000", "--seed", "3"];

#[tokio::test]
async fn a_fill_that_was_killed_goes_on_and_makes_the_same_mentions() -> anyhow::Result<()> {
    let in_peace = Place::embedded()?;
    let expected = mentions(&in_peace.run_json(FILL).await?)?;
    ensure!((3_000..6_000).contains(&expected), "{expected} mentions for 4,000");

    let killed = Place::embedded()?;
    for seconds in [6, 8] {
        let mut child = killed.command(FILL)?.stdout(Stdio::null()).stderr(Stdio::null()).spawn()?;
        tokio::time::sleep(Duration::from_secs(seconds)).await;
        child.kill().await.context("the fill cannot be killed")?;
    }
    let told = killed.run_json(FILL).await?;
    ensure!(mentions(&told)? == expected, "{told} after kills, {expected} mentions in peace");
    ensure!(told["duplicate"] == 0, "{told}: what was stored was made again");
    Ok(())
}

fn mentions(told: &Value) -> anyhow::Result<u64> {
    told["mentions"].as_u64().with_context(|| format!("{told} has no number of mentions"))
}
