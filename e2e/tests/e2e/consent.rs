//! `kill -9` while tokens are renewed at a network whose refresh tokens serve once: what is lost is said, and one consent mends it.

use std::time::Duration;

use anyhow::{Context as _, ensure};
use molva_e2e::api::Api;
use molva_e2e::emulator::Emulator;
use molva_e2e::environment::{eventually, number};
use molva_e2e::place::Place;
use molva_e2e::process::{Launch, Molva};
use rand::RngExt as _;
use reqwest::{Client, Method, Url};
use serde_json::{Value, json};

const PATIENCE: Duration = Duration::from_secs(60);
const CLIENT: &str = "51000001";

#[tokio::test]
async fn an_account_survives_kills_in_the_middle_of_renewals() -> anyhow::Result<()> {
    let kills = number("MOLVA_E2E_RENEWAL_KILLS", 5);
    let place = Place::embedded()?;
    let network = Network::start(&place).await?;
    let arguments = ["--allow-private-host", network.host(), "--time-scale", "20"];
    let mut molva = Launch::new(&place).arguments(&arguments).start().await?;
    let setup = molva.setup_url().context("no link for the owner")?.to_owned();
    let mut api = Api::create_owner(molva.base(), &setup, "correct horse battery staple").await?;
    let client = api.request(Method::PUT, "/api/oauth/clients/vk").json(&json!({"client_id": CLIENT})).send().await?;
    ensure!(client.status() == 204, "the client id was refused: {}", client.text().await?);

    // The network takes a refresh token and answers two seconds later: the kill comes in between.
    network.behave(&json!({"life_s": 6, "slow_ms": 2_000})).await?;
    let draft = json!({"account": {"connector": "vk", "settings": {"api_url": network.emulator.address}}});
    let account = network.consent(&api, &draft).await?;
    network.asked_again(1).await?;
    molva = kill(molva, &mut api, &place, &arguments).await?;
    let lost = until_state(&api, &account, "expired").await?;
    ensure!(lost["problem"]["code"] == "renewal_lost", "{lost}");
    network.behave(&json!({"life_s": 3_600})).await?;
    ensure!(network.consent(&api, &json!({"account_id": account})).await? == account);
    until_state(&api, &account, "connected").await?;

    // Killed at random moments: whatever the moment, either the account goes on or it says what a person has to do.
    let mut lost = 0;
    for _ in 0..kills {
        network.behave(&json!({"life_s": 3, "slow_ms": 150})).await?;
        network.consent(&api, &json!({"account_id": account})).await?;
        tokio::time::sleep(Duration::from_millis(rand::rng().random_range(1_900..3_200))).await;
        molva = kill(molva, &mut api, &place, &arguments).await?;
        network.behave(&json!({"life_s": 3_600})).await?;
        eventually(PATIENCE, "the account to be well, or to say why not", || async {
            let found = api.post(&format!("/api/accounts/{account}/probe"), &json!({})).await?;
            let renews = found["access"]["renews"] == true;
            let told = found["problem"]["code"] == "renewal_lost" || !renews;
            Ok(if found["state"] == "connected" && renews || told { Ok(()) } else { Err(found.to_string()) })
        })
        .await?;
        let found = api.get(&format!("/api/accounts/{account}")).await?;
        lost += u32::from(found["access"]["renews"] != true);
    }
    let said = molva.words();
    ensure!(!said.contains("vk2."), "no token is logged");
    println!("{kills} kills, {lost} of them cost a consent");
    molva.stop().await?;
    Ok(())
}

/// `kill -9`, and another start.
pub(crate) async fn kill(molva: Molva, api: &mut Api, place: &Place, arguments: &[&str]) -> anyhow::Result<Molva> {
    molva.kill().await?;
    let molva = Launch::new(place).arguments(arguments).start().await?;
    *api = api.moved_to(molva.base());
    Ok(molva)
}

async fn until_state(api: &Api, account: &str, state: &str) -> anyhow::Result<Value> {
    let path = format!("/api/accounts/{account}");
    eventually(PATIENCE, "the account's state", || async {
        let found = api.get(&path).await?;
        Ok(if found["state"] == state { Ok(()) } else { Err(found.to_string()) })
    })
    .await?;
    api.get(&path).await
}

/// VK as it is played, and a browser.
struct Network {
    emulator: Emulator,
    browser: Client,
}

impl Network {
    async fn start(place: &Place) -> anyhow::Result<Self> {
        let emulator = Emulator::start(place, "vk", &[]).await?;
        // Fails when another test of this process was first, which is as good.
        let _ = rustls::crypto::ring::default_provider().install_default();
        let browser = Client::builder().redirect(reqwest::redirect::Policy::none()).build()?;
        Ok(Self { emulator, browser })
    }

    fn host(&self) -> &str {
        self.emulator.address.trim_start_matches("http://")
    }

    async fn behave(&self, manner: &Value) -> anyhow::Result<()> {
        self.emulator.tell("/_consent", manner).await?;
        Ok(())
    }

    /// Until a refresh token was shown to it so often.
    async fn asked_again(&self, times: u64) -> anyhow::Result<()> {
        eventually(PATIENCE, "a renewal", || async {
            let counts = self.emulator.counts().await?;
            let asked = counts["requests"]["oauth2/refresh_token"].as_u64().unwrap_or(0);
            Ok(if asked >= times { Ok(()) } else { Err(counts.to_string()) })
        })
        .await
    }

    /// Goes through the network's page as a browser does; the id of the account that is connected then.
    async fn consent(&self, api: &Api, draft: &Value) -> anyhow::Result<String> {
        let begun = api.post("/api/oauth", draft).await?;
        let page = Url::parse(begun["address"].as_str().context("no address")?)?;
        let one = |name: &str| {
            let found = page.query_pairs().find(|(key, _)| key == name);
            found.map(|(_, value)| value.into_owned()).unwrap_or_default()
        };
        let form = [
            ("redirect_uri", one("redirect_uri")),
            ("state", one("state")),
            ("code_challenge", one("code_challenge")),
            ("person", "1001".to_owned()),
        ];
        let body = Url::parse_with_params("http://form", form)?;
        let body = body.query().unwrap_or_default().to_owned();
        let posted = self.browser.post(format!("{}/authorize", self.emulator.address)).body(body);
        let sent = posted.header("Content-Type", "application/x-www-form-urlencoded").send().await?;
        let back = sent.headers().get("location").context("the network sends nobody back")?.to_str()?.to_owned();
        let back = Url::parse(&back)?;
        let path = format!("{}?{}", back.path(), back.query().unwrap_or_default());
        // The page that is led on to is of no interest; that it is led on to is.
        let done = api.request(Method::GET, &path).send().await?;
        ensure!(done.url().path() == "/settings/accounts", "{}: {}", done.status(), done.text().await?);
        let connected = done.url().query_pairs().find(|(key, _)| key == "connected");
        Ok(connected.context("nothing was connected")?.1.into_owned())
    }
}
