//! A network that is played, a browser, and what a person does with both to let Molva in.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use molva_connectors::http::HttpLimits;
use molva_emulators::{Emulator, Sandbox};
use molva_pipeline::PipelineOptions;
use reqwest::Url;
use serde_json::Value;

use crate::actors::{Actor, Answer, World};

pub(crate) struct Bench {
    pub(crate) world: World,
    pub(crate) owner: Actor,
    pub(crate) sandbox: Sandbox,
    pub(crate) network: String,
    pub(crate) browser: reqwest::Client,
}

impl Bench {
    /// A network that is played; its hours pass with the world's clock.
    pub(crate) async fn of(emulator: &str, connector: &str, client: Value) -> Self {
        Self::start(emulator, connector, |_| client).await
    }

    /// The same of a network of several servers: the emulator is one of them.
    pub(crate) async fn each(emulator: &str, connector: &str, mut client: Value) -> Self {
        let of_server = |server: String| {
            client["server"] = server.into();
            client
        };
        Self::start(emulator, connector, of_server).await
    }

    async fn start(emulator: &str, connector: &str, client: impl FnOnce(String) -> Value) -> Self {
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let server = listener.local_addr().expect("an address").to_string();
        let (network, client) = (format!("http://{server}"), client(server));
        let bench = Self::at(network, connector, client).await;
        let app = Emulator::find(emulator).expect("an emulator").router(bench.sandbox.clone());
        tokio::spawn(async move { axum::serve(listener, app).await.expect("serves") });
        bench
    }

    /// With a server that is there. What we do every 15 s we do every 0.15.
    pub(crate) async fn at(network: String, connector: &str, client: Value) -> Self {
        let here = vec!["127.0.0.1".to_owned(), "localhost".to_owned()];
        let limits = HttpLimits { allowed_private_hosts: here, ..HttpLimits::default() };
        let world =
            World::with(false, |options| PipelineOptions { collect: true, http: limits, time_scale: 100.0, ..options });
        let world = world.await;
        let sandbox = Sandbox::new(Arc::new(world.clock.clone()), 1_000.0);
        let owner = world.owner().await;
        let browser = reqwest::Client::builder().redirect(reqwest::redirect::Policy::none()).build().expect("a client");
        let kept = owner.put(&format!("/api/oauth/clients/{connector}"), client).await;
        assert_eq!(kept.status.as_u16(), 204, "{}", kept.body);
        Self { world, owner, sandbox, network, browser }
    }

    /// Where the person is sent.
    pub(crate) async fn begin(&self, who: &Actor, draft: Value) -> Url {
        let begun = who.post("/api/oauth", draft).await.expect(200);
        Url::parse(begun["address"].as_str().expect("an address")).expect("an address")
    }

    /// The person's answer on the network's page; the path and query they come back with.
    pub(crate) async fn answer(&self, page: &Url, person: u64) -> String {
        self.answer_with(page, person, &[]).await
    }

    /// The same with some of the form's fields changed.
    pub(crate) async fn answer_with(&self, page: &Url, person: u64, changed: &[(&str, &str)]) -> String {
        let shown = self.browser.get(page.clone()).send().await.expect("a page");
        let (status, html) = (shown.status().as_u16(), shown.text().await.expect("a page"));
        assert_eq!(status, 200, "{html}");
        let mut form = hidden(&html);
        form.insert("person".to_owned(), person.to_string());
        form.extend(changed.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())));
        let sent = self.browser.post(format!("{}{}", self.network, page.path())).headers(form_kind());
        let sent = sent.body(body_of(&form)).send().await.expect("an answer");
        let back = sent.headers()["location"].to_str().expect("an address").to_owned();
        let back = Url::parse(&back).expect("an address");
        format!("{}?{}", back.path(), back.query().unwrap_or_default())
    }

    pub(crate) async fn come_back(&self, who: &Actor, path: &str) -> Answer {
        let answer = Answer::to(who.request(reqwest::Method::GET, path)).await;
        let told = answer.body.to_string();
        for token in ["vk2.", "eyJ.", "ya29.", "EAAG", "EAAP", "IGAA"] {
            assert!(!told.contains(token), "no token in an answer: {told}");
        }
        answer
    }

    /// An account of that person; its id.
    pub(crate) async fn connect(&self, draft: Value, person: u64) -> String {
        let page = self.begin(&self.owner, draft).await;
        let back = self.answer(&page, person).await;
        let done = self.come_back(&self.owner, &back).await;
        assert_eq!(done.status.as_u16(), 303, "{}", done.body);
        let page = done.header("location").to_owned();
        page.strip_prefix("/settings/accounts?connected=").expect("the account's page").to_owned()
    }

    /// Days in which the owner looks in now and then, so that the session lives on.
    pub(crate) async fn days_pass(&self, days: u32) {
        for day in 1..=days {
            self.world.clock.advance(Duration::from_secs(86_400));
            if day % 10 == 0 || day == days {
                self.owner.get("/api/session").await.expect(200);
            }
        }
    }

    pub(crate) async fn account(&self, id: &str) -> Value {
        self.owner.get(&format!("/api/accounts/{id}")).await.expect(200)
    }

    /// How often the network was asked for tokens in that way.
    pub(crate) fn asked(&self, kind: &str) -> u64 {
        self.sandbox.inside().counts.requests.get(&format!("oauth2/{kind}")).copied().unwrap_or(0)
    }

    /// How often the network was asked for tokens by a refresh token.
    pub(crate) fn renewals(&self) -> u64 {
        self.asked("refresh_token")
    }

    pub(crate) async fn until(&self, what: &str, account: &str, found: impl Fn(&Value) -> bool) -> Value {
        self.within_a_minute(Duration::ZERO, what, account, found).await
    }

    /// For what is tried again after a wait: that begins whenever the first try is over, so time goes on meanwhile.
    pub(crate) async fn until_later(&self, what: &str, account: &str, found: impl Fn(&Value) -> bool) -> Value {
        self.within_a_minute(Duration::from_secs(1), what, account, found).await
    }

    /// Between two looks so much of the world's time passes.
    async fn within_a_minute(
        &self,
        passes: Duration,
        what: &str,
        account: &str,
        found: impl Fn(&Value) -> bool,
    ) -> Value {
        for _ in 0..1_200 {
            let account = self.account(account).await;
            if found(&account) {
                return account;
            }
            tokio::time::sleep(Duration::from_millis(50)).await;
            self.world.clock.advance(passes);
        }
        panic!("not {what} within a minute: {}", self.account(account).await)
    }

    /// Until its token is another one than before, so much later.
    pub(crate) async fn renewed_after(&self, time: Duration, account: &str) -> Value {
        let since = self.account(account).await["access"]["since"].clone();
        self.world.clock.advance(time);
        self.until("renewed", account, |account| account["access"]["since"] != since).await
    }

    pub(crate) async fn behave(&self, manner: Value) {
        let set = self.browser.post(format!("{}/_consent", self.network)).json(&manner).send().await.expect("set");
        assert_eq!(set.status().as_u16(), 200);
    }
}

/// What a page sends along with its form.
fn hidden(html: &str) -> BTreeMap<String, String> {
    let inputs = html.split("<input type=hidden name=").skip(1);
    inputs
        .filter_map(|input| {
            let (name, rest) = input.split_once(" value=\"")?;
            let value = rest.split('"').next()?.replace("&quot;", "\"").replace("&lt;", "<").replace("&amp;", "&");
            Some((name.to_owned(), value))
        })
        .collect()
}

/// What stands in an address.
pub(crate) fn parameters(page: &Url) -> BTreeMap<String, String> {
    page.query_pairs().into_owned().collect()
}

pub(crate) fn form_kind() -> reqwest::header::HeaderMap {
    let kind = reqwest::header::HeaderValue::from_static("application/x-www-form-urlencoded");
    [(reqwest::header::CONTENT_TYPE, kind)].into_iter().collect()
}

pub(crate) fn body_of(form: &BTreeMap<String, String>) -> String {
    let url = Url::parse_with_params("http://x", form).expect("an address");
    url.query().unwrap_or_default().to_owned()
}
