//! `kill -9` around the renewals of a mailbox whose provider is not ours (Django OAuth Toolkit, see `scripts/servers/oauth.py`): it gives
//! another refresh token each time and takes everything back from whoever shows an old one.

use std::time::Duration;

use anyhow::{Context as _, ensure};
use molva_e2e::api::Api;
use molva_e2e::environment::{eventually, number, server};
use molva_e2e::place::Place;
use molva_e2e::process::Launch;
use rand::RngExt as _;
use reqwest::{Client, Method, Url};
use serde_json::{Value, json};

use crate::consent::kill;

const PATIENCE: Duration = Duration::from_secs(60);
/// Tokens of six seconds are renewed after four.
const AROUND_A_RENEWAL_MS: std::ops::Range<u64> = 3_500..4_500;

#[tokio::test]
async fn a_mailbox_whose_provider_rotates_tokens_survives_kills() -> anyhow::Result<()> {
    let Some((mail, provider)) = server("MOLVA_TEST_MAIL").zip(server("MOLVA_TEST_OAUTH")) else { return Ok(()) };
    let kills = number("MOLVA_E2E_ROTATION_KILLS", 2);
    let place = Place::embedded()?;
    let arguments = ["--allow-private-host", "127.0.0.1", "--allow-private-host", "localhost", "--time-scale", "20"];
    let mut molva = Launch::new(&place).arguments(&arguments).start().await?;
    let setup = molva.setup_url().context("no link for the owner")?.to_owned();
    let mut api = Api::create_owner(molva.base(), &setup, "correct horse battery staple").await?;
    let host = provider.strip_prefix("http://").context("an address")?;
    let client = json!({"server": host, "client_id": "molva-short", "client_secret": "molva secret"});
    let kept = api.request(Method::PUT, "/api/oauth/clients/mail").json(&client).send().await?;
    ensure!(kept.status() == 204, "the client was refused: {}", kept.text().await?);

    let ports: Vec<&str> = mail.split(' ').collect();
    let user = format!("killed{}", std::process::id());
    let settings = json!({
        "sign_in": "other", "authorize_url": format!("{provider}/o/authorize/"), "token_url": format!("{provider}/o/token/"),
        "scopes": "mail", "username": format!("{user}@example.test"), "imap_host": "localhost", "imap_port": ports[0],
        "imap_security": "none", "smtp_host": "localhost", "smtp_port": ports[2], "smtp_security": "none",
    });
    let draft = json!({"account": {"connector": "mail", "settings": settings}});
    let account = agree(&api, &draft, &user).await?;

    let mut lost = 0;
    for _ in 0..kills {
        tokio::time::sleep(Duration::from_millis(rand::rng().random_range(AROUND_A_RENEWAL_MS))).await;
        molva = kill(molva, &mut api, &place, &arguments).await?;
        let path = format!("/api/accounts/{account}");
        let before = api.get(&path).await?;
        // Whatever the moment: the rotation goes on with the token that was kept, or it is said that a person has to agree again.
        eventually(PATIENCE, "another token, or why there is none", || async {
            let found = api.get(&path).await?;
            let went_on = found["access"]["renews"] == true && found["access"]["since"] != before["access"]["since"];
            let told = found["state"] == "expired" && found["problem"]["code"] == "renewal_lost";
            Ok(if went_on || told { Ok(()) } else { Err(found.to_string()) })
        })
        .await?;
        if api.get(&path).await?["access"]["renews"] != true {
            lost += 1;
            ensure!(agree(&api, &json!({"account_id": account}), &user).await? == account);
        }
        let probed: Value = api.post(&format!("{path}/probe"), &json!({})).await?;
        ensure!(probed["state"] == "connected", "both servers take the token there is: {probed}");
    }
    println!("{kills} kills, {lost} of them cost a consent");
    molva.stop().await?;
    Ok(())
}

/// Goes through the provider's page as a browser does; the id of the account that is connected then.
async fn agree(api: &Api, draft: &Value, user: &str) -> anyhow::Result<String> {
    let begun = api.post("/api/oauth", draft).await?;
    let mut page = Url::parse(begun["address"].as_str().context("no address")?)?;
    page.query_pairs_mut().append_pair("as", user);
    let browser = Client::builder().redirect(reqwest::redirect::Policy::none()).build()?;
    let sent = browser.get(page).send().await?;
    let back = Url::parse(sent.headers().get("location").context("the provider sends nobody back")?.to_str()?)?;
    let path = format!("{}?{}", back.path(), back.query().unwrap_or_default());
    let done = api.request(Method::GET, &path).send().await?;
    ensure!(done.url().path() == "/settings/accounts", "{}: {}", done.status(), done.text().await?);
    let connected = done.url().query_pairs().find(|(key, _)| key == "connected");
    Ok(connected.context("nothing was connected")?.1.into_owned())
}
