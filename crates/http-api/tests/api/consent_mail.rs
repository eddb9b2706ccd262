//! A mailbox that is opened by consent: a provider of OAuth 2 that is not ours (Django OAuth Toolkit, which demands PKCE and rotates
//! refresh tokens), and Dovecot and an SMTP server that ask it whose a token is. See `scripts/servers/mail.sh`.

use std::time::Duration;

use molva_domain::AccountId;
use molva_storage::oauth::GrantOwner;
use reqwest::{StatusCode, Url};
use serde_json::{Value, json};

use crate::actors::Answer;
use crate::consent::{Bench, body_of, form_kind};

const MINUTE: Duration = Duration::from_secs(60);

struct Mailbox {
    bench: Bench,
    user: String,
    settings: Value,
}

impl Mailbox {
    /// `None` where the servers are not.
    async fn start() -> Option<Self> {
        let (mail, provider) = (std::env::var("MOLVA_TEST_MAIL").ok()?, std::env::var("MOLVA_TEST_OAUTH").ok()?);
        let ports: Vec<&str> = mail.split(' ').collect();
        let server = provider.strip_prefix("http://").expect("an address");
        let client = json!({"server": server, "client_id": "molva", "client_secret": "molva secret"});
        let bench = Bench::at(provider.clone(), "mail", client).await;
        let user = format!("agreed{}", std::process::id());
        let settings = json!({
            "sign_in": "other", "authorize_url": format!("{provider}/o/authorize/"), "token_url": format!("{provider}/o/token/"),
            "scopes": "mail", "username": format!("{user}@example.test"), "imap_host": "localhost", "imap_port": ports[0],
            "imap_security": "none", "smtp_host": "localhost", "smtp_port": ports[2], "smtp_security": "none",
        });
        Some(Self { bench, user, settings })
    }

    fn draft(&self) -> Value {
        json!({"account": {"connector": "mail", "settings": self.settings}})
    }

    /// Where the provider sends somebody who is signed in there as that person.
    async fn sent_back(&self, mut page: Url, person: &str) -> Url {
        page.query_pairs_mut().append_pair("as", person);
        let sent = self.bench.browser.get(page).send().await.expect("an answer");
        assert_eq!(sent.status(), StatusCode::FOUND);
        Url::parse(sent.headers()["location"].to_str().expect("an address")).expect("an address")
    }

    async fn agree(&self, draft: Value, person: &str) -> Answer {
        let back = self.sent_back(self.bench.begin(&self.bench.owner, draft).await, person).await;
        let path = format!("{}?{}", back.path(), back.query().unwrap_or_default());
        self.bench.come_back(&self.bench.owner, &path).await
    }

    async fn refresh_token(&self, id: &str) -> String {
        let owner = GrantOwner::Account(AccountId(id.parse().expect("an id")));
        let grant = self.bench.world.storage.grant(self.bench.world.workspace, owner).await.expect("read");
        let content: Value = serde_json::from_str(grant.expect("a grant").content.expose()).expect("its content");
        content["refresh"].as_str().expect("a refresh token").to_owned()
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_mailbox_is_opened_with_the_tokens_of_any_provider() {
    let Some(mailbox) = Mailbox::start().await else { return };
    let (bench, user) = (&mailbox.bench, mailbox.user.as_str());
    let page = bench.begin(&bench.owner, mailbox.draft()).await;
    let back = mailbox.sent_back(page.clone(), user).await;
    assert!(back.path().starts_with("/api/oauth/callback/"), "a server of its own has a way back of its own: {back}");
    // The provider demands the proof.
    let mut bare = page.clone();
    let kept: Vec<_> =
        page.query_pairs().into_owned().filter(|(name, _)| !name.starts_with("code_challenge")).collect();
    bare.query_pairs_mut().clear().extend_pairs(kept);
    let refused = mailbox.sent_back(bare, user).await;
    assert!(refused.query_pairs().any(|(name, value)| name == "error" && value == "invalid_request"), "{refused}");

    let done = mailbox.agree(mailbox.draft(), user).await;
    assert_eq!(done.status.as_u16(), 303, "{}", done.body);
    let id = done.header("location").strip_prefix("/settings/accounts?connected=").expect("an account").to_owned();
    let account = bench.account(&id).await;
    let shown = (&account["facts"]["handle"], &account["state"], &account["secret_keys"], &account["access"]["renews"]);
    let address = format!("{user}@example.test");
    assert_eq!(shown, (&json!(address), &json!("connected"), &json!(["access_token"]), &json!(true)));

    // The token of somebody else opens nothing.
    let done = mailbox.agree(json!({"account_id": id}), "somebody").await;
    assert_eq!(done.problem(), (422, "not_accepted"), "{}", done.body);

    // Another refresh token each time, and both servers take the new access token.
    let first = mailbox.refresh_token(&id).await;
    bench.renewed_after(41 * MINUTE, &id).await;
    let second = mailbox.refresh_token(&id).await;
    bench.renewed_after(41 * MINUTE, &id).await;
    let third = mailbox.refresh_token(&id).await;
    assert!(first != second && second != third);
    let probed = bench.owner.post(&format!("/api/accounts/{id}/probe"), json!({})).await.expect(200);
    assert_eq!((&probed["state"], &probed["problem"]), (&json!("connected"), &Value::Null));

    // Whoever shows an old one makes the provider take everything back; the person is asked to agree again.
    let form = [
        ("grant_type", "refresh_token"),
        ("refresh_token", &first),
        ("client_id", "molva"),
        ("client_secret", "molva secret"),
    ];
    let form = form.map(|(name, value)| (name.to_owned(), value.to_owned())).into();
    let shown = bench.browser.post(format!("{}/o/token/", bench.network)).headers(form_kind()).body(body_of(&form));
    assert_eq!(shown.send().await.expect("an answer").status(), StatusCode::BAD_REQUEST);
    bench.world.clock.advance(41 * MINUTE);
    let ended = bench.until("ended", &id, |account| account["state"] == "expired").await;
    assert_eq!((&ended["problem"]["code"], &ended["access"]["renews"]), (&json!("consent_ended"), &json!(false)));
    assert!(ended["problem"]["advice"].as_str().is_some_and(|advice| advice.contains("connect it again")), "{ended}");
    let done = mailbox.agree(json!({"account_id": id}), user).await;
    assert_eq!(done.status.as_u16(), 303, "{}", done.body);
    assert_eq!(bench.account(&id).await["state"], "connected");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_source_reads_its_mailbox_by_consent_and_a_stranger_is_named_with_its_way_back() {
    let Some(mailbox) = Mailbox::start().await else { return };
    let (bench, user) = (&mailbox.bench, mailbox.user.as_str());
    let mut settings = mailbox.settings.clone();
    let values = settings.as_object_mut().expect("settings");
    values.retain(|key, _| !key.starts_with("smtp"));
    let source = |settings: &Value| json!({"source": {"connector": "mail", "name": "Почта", "settings": settings}});
    let done = mailbox.agree(source(&settings), user).await;
    assert_eq!(done.status.as_u16(), 303, "{}", done.body);
    let source_id = done.header("location").to_owned();
    let mut found = Value::Null;
    for _ in 0..1_200 {
        found = bench.owner.get(&format!("/api{source_id}")).await.expect(200);
        if found["state"] == "running" {
            break;
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    assert_eq!((&found["state"], &found["problem"]), (&json!("running"), &Value::Null), "{found}");

    settings["token_url"] = "https://id.example.org/token".into();
    let stranger = bench.owner.post("/api/oauth", source(&settings)).await;
    assert_eq!(stranger.problem(), (409, "no_client"));
    let detail = stranger.body["detail"].as_str().expect("words");
    assert!(detail.contains("`id.example.org`") && detail.contains("/api/oauth/callback/"), "{detail}");
    settings["sign_in"] = "password".into();
    let none = bench.owner.post("/api/oauth", source(&settings)).await;
    assert_eq!(none.body["errors"][0]["field"], "settings.sign_in", "{}", none.body);
}
