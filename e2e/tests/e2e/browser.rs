//! A real browser against the real binary: starts Molva and hands over to the web app's own test.

use anyhow::{Context as _, ensure};
use molva_e2e::api::Api;
use molva_e2e::environment::{server, workspace_root};
use molva_e2e::place::Place;
use molva_e2e::process::Launch;
use tokio::process::Command;

#[tokio::test]
async fn a_person_gets_from_the_first_start_to_a_live_mention() -> anyhow::Result<()> {
    let Some(browser) = server("MOLVA_TEST_BROWSER") else { return Ok(()) };
    let place = Place::embedded()?;
    let token = place.token().await?;
    // It is answered from the page; without it that step is skipped, which the browser's test says.
    // The stand-in calls itself `localhost` in the names of what is said there.
    let mastodon = server("MOLVA_TEST_MASTODON").map(|address| address.replace("127.0.0.1", "localhost"));
    let host =
        mastodon.as_deref().and_then(|address| address.split("://").nth(1)).map(|host| host.trim_end_matches('/'));
    let mut arguments = vec!["--demo"];
    arguments.extend(host.into_iter().flat_map(|host| ["--allow-private-host", host]));
    let molva = Launch::new(&place).arguments(&arguments).start().await?;
    let push = Api::with_token(molva.base(), &token)?.add_push_source("browser test").await?;
    let status = Command::new("npm")
        .args(["run", "--silent", "e2e:real"])
        .current_dir(workspace_root().join("web"))
        .env("CHROMIUM", browser)
        .env("MOLVA_TEST_MASTODON", mastodon.as_deref().unwrap_or_default())
        .env("MOLVA_URL", molva.base())
        .env("MOLVA_SETUP_URL", molva.setup_url().context("no one-time link")?)
        .env("MOLVA_TOKEN", &token)
        .env("MOLVA_PUSH_URL", push.address())
        .env("MOLVA_PUSH_SECRET", push.secret())
        .kill_on_drop(true)
        .status()
        .await
        .context("npm does not start")?;
    ensure!(
        status.success(),
        "the browser's test failed ({status}); its words are above. Molva said:\n{}",
        molva.words()
    );
    molva.stop().await?;
    Ok(())
}
