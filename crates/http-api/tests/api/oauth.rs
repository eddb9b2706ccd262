//! Access by consent, with a network that lets a code and a refresh token serve once.

use std::time::Duration;

use reqwest::Url;
use serde_json::{Value, json};

use crate::actors::id;
use crate::consent::{Bench, body_of, form_kind, parameters};

const CLIENT: &str = "51000001";
const MINUTE: Duration = Duration::from_secs(60);

async fn vk() -> Bench {
    Bench::of("vk", "vk", json!({"client_id": CLIENT})).await
}

fn draft(bench: &Bench) -> Value {
    json!({"account": {"connector": "vk", "settings": {"api_url": bench.network}}})
}

#[tokio::test(flavor = "multi_thread")]
async fn a_person_agrees_on_the_networks_page_and_the_account_is_connected() {
    let bench = vk().await;
    let owner = &bench.owner;
    let clients = owner.get("/api/oauth/clients").await.expect(200);
    let redirect = clients["redirect_address"].as_str().expect("an address").to_owned();
    assert!(redirect.starts_with("http://127.0.0.1:") && redirect.ends_with("/api/oauth/callback"), "{redirect}");
    let kept = json!([{"connector": "vk", "server": "", "client_id": CLIENT, "redirect_address": redirect, "secret_set": false}]);
    assert_eq!(clients["items"], kept);

    let page = bench.begin(owner, draft(&bench)).await;
    let asked = parameters(&page);
    assert_eq!(asked["redirect_uri"], redirect);
    assert_eq!((asked["response_type"].as_str(), asked["client_id"].as_str()), ("code", CLIENT));
    assert_eq!((asked["code_challenge_method"].as_str(), asked["code_challenge"].len()), ("S256", 43));
    assert_eq!(asked["scope"], "vkid.personal_info wall groups");

    let back = bench.answer(&page, 1_001).await;
    let done = bench.come_back(owner, &back).await;
    assert_eq!(done.status.as_u16(), 303, "{}", done.body);
    let accounts = owner.get("/api/accounts").await.expect(200);
    let account = &accounts["items"][0];
    assert_eq!(done.header("location"), format!("/settings/accounts?connected={}", id(account)));
    let handle = account["facts"]["handle"].as_str().expect("a handle");
    let shown = (&account["name"], &account["state"], &account["secret_keys"], &account["expiring"]);
    assert_eq!(shown, (&json!(format!("@{handle}")), &json!("connected"), &json!(["access_token"]), &json!(false)));
    assert_eq!((&account["access"]["renews"], &account["access"]["ends_at"]), (&json!(true), &Value::Null));

    // What brought them back serves once.
    assert_eq!(bench.come_back(owner, &back).await.problem(), (422, "state_expired"));
    let again = bench.connect(draft(&bench), 1_001).await;
    assert_eq!(bench.account(&again).await["name"], format!("@{handle} (2)"));

    // Given up here, given up there.
    owner.delete(&format!("/api/accounts/{again}")).await.expect(200);
    for _ in 0..1_200 {
        if bench.sandbox.inside().counts.requests.contains_key("oauth2/revoke") {
            return;
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    panic!("the network was not told");
}

#[tokio::test(flavor = "multi_thread")]
async fn nobody_comes_back_for_somebody_else() {
    let bench = vk().await;
    let (owner, boris) = (&bench.owner, bench.world.person("boris", "Борис", "analyst").await);
    let page = bench.begin(owner, draft(&bench)).await;
    let back = bench.answer(&page, 1_001).await;

    // Another session, no session, a state nobody was given, none at all.
    assert_eq!(bench.come_back(&boris, &back).await.problem(), (422, "state_expired"));
    assert_eq!(bench.come_back(&bench.world.anonymous(), &back).await.problem(), (401, "sign_in_required"));
    let forged = back.replace("state=", "state=A");
    assert_eq!(bench.come_back(owner, &forged).await.problem(), (422, "state_expired"));
    assert_eq!(bench.come_back(owner, "/api/oauth/callback?code=x").await.problem(), (422, "state_expired"));

    // A code that was given for somebody else's question: the proof does not fit.
    let others = bench.answer(&bench.begin(&boris, draft(&bench)).await, 1_002).await;
    let part = |path: &str, name: &str| {
        let url = Url::parse(&format!("http://x{path}")).expect("an address");
        let found = url.query_pairs().find(|(key, _)| key == name).map(|(_, value)| value.into_owned());
        found.expect("a part")
    };
    let state = part(&back, "state");
    let (code, device) = (part(&others, "code"), part(&others, "device_id"));
    let mixed = format!("/api/oauth/callback?state={state}&code={code}&device_id={device}");
    assert_eq!(bench.come_back(owner, &mixed).await.problem(), (422, "network_refused"));
    assert_eq!(owner.get("/api/accounts").await.expect(200)["items"], json!([]));

    // A browser is shown a page in its reader's words.
    let shown = bench.come_back(&owner.clone().with("accept", "text/html,*/*"), &back).await;
    assert_eq!((shown.status.as_u16(), shown.header("content-type")), (422, "text/html; charset=utf-8"));
    assert!(
        shown.body.as_str().is_some_and(|page| page.contains("begin again") && page.contains("/settings/accounts"))
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn what_goes_wrong_on_the_way_is_said_in_words() {
    let bench = vk().await;
    let owner = &bench.owner;
    let denied = bench.answer(&bench.begin(owner, draft(&bench)).await, 0).await;
    assert_eq!(bench.come_back(owner, &denied).await.problem(), (422, "denied"));

    let late = bench.answer(&bench.begin(owner, draft(&bench)).await, 1_001).await;
    bench.world.clock.advance(10 * MINUTE);
    assert_eq!(bench.come_back(owner, &late).await.problem(), (422, "state_expired"));

    let elsewhere = bench.answer(&bench.begin(owner, draft(&bench)).await, 1_001).await;
    let elsewhere = elsewhere.replace("/callback?", "/callback/0123456789abcdef?");
    assert_eq!(bench.come_back(owner, &elsewhere).await.problem(), (422, "wrong_server"));

    let account = bench.connect(draft(&bench), 1_001).await;
    let page = bench.begin(owner, json!({"account_id": account})).await;
    let back = bench.answer(&page, 1_002).await;
    assert_eq!(bench.come_back(owner, &back).await.problem(), (422, "another_account"));
    let page = bench.begin(owner, json!({"account_id": account})).await;
    let back = bench.answer(&page, 1_001).await;
    assert_eq!(bench.come_back(owner, &back).await.status.as_u16(), 303);

    let boris = bench.world.person("boris", "Борис", "analyst").await;
    let client = json!({"client_id": "1"});
    assert_eq!(boris.put("/api/oauth/clients/vk", client.clone()).await.problem(), (403, "admin_only"));
    assert_eq!(
        owner.put("/api/oauth/clients/mastodon", client.clone()).await.body["errors"][0]["code"],
        "registers_itself"
    );
    assert_eq!(owner.put("/api/oauth/clients/feed", client).await.body["errors"][0]["code"], "no_consent");
    owner.delete("/api/oauth/clients/vk").await;
    assert_eq!(owner.post("/api/oauth", draft(&bench)).await.problem(), (409, "no_client"));
    let taken = json!({"account": {"connector": "vk", "name": bench.account(&account).await["name"], "settings": {}}});
    assert_eq!(owner.post("/api/oauth", taken).await.problem(), (409, "name_taken"));
    assert_eq!(owner.post("/api/oauth", json!({})).await.body["errors"][0]["code"], "one_of");
    let far = owner.clone().with("host", "molva.example");
    assert_eq!(far.post("/api/oauth", draft(&bench)).await.problem(), (409, "no_public_address"));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_token_is_renewed_ahead_of_its_end_and_a_lost_answer_is_told_with_a_way_out() {
    let bench = vk().await;
    let account = bench.connect(draft(&bench), 1_001).await;
    let since = bench.account(&account).await["access"]["since"].clone();
    bench.world.clock.advance(39 * MINUTE);
    tokio::time::sleep(Duration::from_millis(500)).await;
    assert_eq!(bench.renewals(), 0, "a third of its life is not reached");
    bench.world.clock.advance(2 * MINUTE);
    let renewed = bench.until("renewed", &account, |account| account["access"]["since"] != since).await;
    assert_eq!((bench.renewals(), &renewed["state"]), (1, &json!("connected")));
    let probed = bench.owner.post(&format!("/api/accounts/{account}/probe"), json!({})).await.expect(200);
    assert_eq!(probed["state"], "connected", "the new token is in use");

    // The network takes the token and its answer is lost: what it is renewed with is spent.
    bench.behave(json!({"lose": 1})).await;
    bench.world.clock.advance(41 * MINUTE);
    let lost = bench.until_later("expired", &account, |account| account["state"] == "expired").await;
    assert_eq!(bench.renewals(), 3, "asked once more after the lost answer");
    assert_eq!((&lost["problem"]["code"], &lost["access"]["renews"]), (&json!("renewal_lost"), &json!(false)));
    assert!(lost["problem"]["advice"].as_str().is_some_and(|advice| advice.contains("connect it again")));

    let page = bench.begin(&bench.owner, json!({"account_id": account})).await;
    let back = bench.answer(&page, 1_001).await;
    assert_eq!(bench.come_back(&bench.owner, &back).await.status.as_u16(), 303);
    let again = bench.account(&account).await;
    assert_eq!(
        (&again["state"], &again["problem"], &again["access"]["renews"]),
        (&json!("connected"), &Value::Null, &json!(true))
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_source_listens_with_what_a_person_agreed_to() {
    let bench = vk().await;
    let settings = json!({"what": "search", "words": "молва", "api_url": bench.network});
    let draft = json!({"source": {"connector": "vk", "name": "Стены", "settings": settings}});
    let back = bench.answer(&bench.begin(&bench.owner, draft).await, 1_001).await;
    let done = bench.come_back(&bench.owner, &back).await;
    let sources = bench.owner.get("/api/sources").await.expect(200);
    let source = &sources["items"][0];
    assert_eq!((done.status.as_u16(), done.header("location")), (303, format!("/sources/{}", id(source)).as_str()));
    assert_eq!(
        (&source["name"], &source["secret_keys"]),
        (&json!("Стены"), &json!(["access_token", "callback_secret"]))
    );
}

/// Against the Mastodon server of `scripts/servers/mastodon.sh`, where there is one.
#[tokio::test(flavor = "multi_thread")]
async fn a_server_of_the_mastodon_api_registers_us_and_lets_us_in() {
    let Ok(server) = std::env::var("MOLVA_TEST_MASTODON") else { return };
    let bench = vk().await;
    let draft = json!({"account": {"connector": "mastodon", "name": "Мы", "settings": {"instance": server}}});
    let page = bench.begin(&bench.owner, draft.clone()).await;
    let one = |page: &Url, name: &str| parameters(page).remove(name).unwrap_or_default();
    let redirect = one(&page, "redirect_uri");
    let (_, key) = redirect.rsplit_once("/api/oauth/callback/").expect("a way back of its own");
    assert_eq!((key.len(), one(&page, "scope").as_str()), (16, "read write:statuses"));
    // Registered once.
    let client = one(&page, "client_id");
    assert_eq!(one(&bench.begin(&bench.owner, draft).await, "client_id"), client);

    let mut form = parameters(&page);
    form.retain(|name, _| ["redirect_uri", "client_id", "state", "scope"].contains(&name.as_str()));
    form.insert("username".to_owned(), "alan".to_owned());
    let sent = bench
        .browser
        .post(format!("{server}/oauth/authorize"))
        .headers(form_kind())
        .body(body_of(&form))
        .send()
        .await
        .expect("an answer");
    let back = Url::parse(sent.headers()["location"].to_str().expect("an address")).expect("an address");
    let query = back.query().unwrap_or_default();
    // Through another server's way back it is refused, and a state serves once.
    let foreign = format!("/api/oauth/callback/0123456789abcdef?{query}");
    let right = format!("{}?{query}", back.path());
    let done = bench.come_back(&bench.owner, &right).await;
    assert_eq!(done.status.as_u16(), 303, "{}", done.body);
    assert_eq!(bench.come_back(&bench.owner, &foreign).await.problem(), (422, "state_expired"));
    let account = &bench.owner.get("/api/accounts").await.expect(200)["items"][0];
    assert_eq!(account["name"], "Мы");
    assert!(account["facts"]["handle"].as_str().is_some_and(|handle| handle.starts_with("alan@")), "{account}");
    assert_eq!((&account["access"]["renews"], &account["access"]["ends_at"]), (&json!(false), &Value::Null));
}
