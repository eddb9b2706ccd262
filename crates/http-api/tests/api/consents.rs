//! Access by consent on the networks that each do it in their own way: refresh tokens that last, rights that are left out, tokens of
//! a person that become those of a page.

use std::time::Duration;

use serde_json::{Value, json};

use crate::consent::{Bench, parameters};

const MINUTE: Duration = Duration::from_secs(60);
const DAY: Duration = Duration::from_secs(86_400);

#[tokio::test(flavor = "multi_thread")]
async fn reddit_lets_in_until_it_is_taken_back() {
    let client = json!({"client_id": "reddit-app", "client_secret": "reddit-secret"});
    let bench = Bench::of("reddit", "reddit", client).await;
    let settings = json!({"login": "our_company", "api_url": bench.network, "site_url": bench.network});
    let draft = json!({"account": {"connector": "reddit", "settings": settings}});
    let asked = parameters(&bench.begin(&bench.owner, draft.clone()).await);
    let told = (asked["duration"].as_str(), asked["scope"].as_str());
    assert_eq!(told, ("permanent", "identity read submit history"));

    let id = bench.connect(draft, 1_001).await;
    let account = bench.account(&id).await;
    let shown = (&account["name"], &account["state"], &account["secret_keys"], &account["access"]["renews"]);
    assert_eq!(shown, (&json!("@person1001"), &json!("connected"), &json!(["access_token"]), &json!(true)));

    bench.renewed_after(41 * MINUTE, &id).await;
    // An answer that is lost costs nothing: the refresh token lasts.
    bench.behave(json!({"lose": 1})).await;
    let since = bench.account(&id).await["access"]["since"].clone();
    bench.world.clock.advance(41 * MINUTE);
    bench.until_later("renewed", &id, |account| account["access"]["since"] != since).await;
    let probed = bench.owner.post(&format!("/api/accounts/{id}/probe"), json!({})).await.expect(200);
    assert_eq!((bench.renewals(), &probed["state"]), (3, &json!("connected")));

    bench.behave(json!({"take_back": true})).await;
    bench.world.clock.advance(41 * MINUTE);
    let ended = bench.until("ended", &id, |account| account["state"] == "expired").await;
    assert_eq!((&ended["problem"]["code"], &ended["access"]["renews"]), (&json!("consent_ended"), &json!(false)));
    assert_eq!(bench.connect(json!({"account_id": id}), 1_001).await, id);
    assert_eq!(bench.account(&id).await["state"], "connected");

    // A secret of another application: the owner is told, not the person who agreed.
    let wrong = json!({"client_id": "reddit-app", "client_secret": "no secret"});
    assert_eq!(bench.owner.put("/api/oauth/clients/reddit", wrong).await.status.as_u16(), 204);
    let page = bench.begin(&bench.owner, json!({"account_id": id})).await;
    let back = bench.answer(&page, 1_001).await;
    assert_eq!(bench.come_back(&bench.owner, &back).await.problem(), (422, "client_refused"));
}

#[tokio::test(flavor = "multi_thread")]
async fn google_may_leave_rights_out_and_gives_a_refresh_token_once() {
    let client = json!({"client_id": "google-client", "client_secret": "google-secret"});
    let bench = Bench::of("youtube", "youtube", client).await;
    let settings = json!({"url": bench.network, "token_url": format!("{}/token", bench.network)});
    let draft = json!({"account": {"connector": "youtube", "settings": settings}});
    let page = bench.begin(&bench.owner, draft.clone()).await;
    let asked = parameters(&page);
    assert_eq!((asked["access_type"].as_str(), asked["prompt"].as_str()), ("offline", "consent"));
    assert_eq!(asked["scope"], "https://www.googleapis.com/auth/youtube.force-ssl");

    // The person unticks the one right that matters.
    let back = bench.answer_with(&page, 1_001, &[("right", "openid")]).await;
    assert_eq!(bench.come_back(&bench.owner, &back).await.problem(), (422, "rights_missing"));
    // Nothing to renew it with, and nothing known from before.
    let page = bench.begin(&bench.owner, draft.clone()).await;
    let back = bench.answer_with(&page, 1_001, &[("lasting", "")]).await;
    assert_eq!(bench.come_back(&bench.owner, &back).await.problem(), (422, "short_access"));

    let id = bench.connect(draft, 1_001).await;
    bench.renewed_after(41 * MINUTE, &id).await;
    bench.renewed_after(41 * MINUTE, &id).await;
    assert_eq!(bench.renewals(), 2, "the refresh token stays, though none comes back with a new token");

    // Agreed to again without another refresh token: the one there is goes on.
    let page = bench.begin(&bench.owner, json!({"account_id": id})).await;
    let back = bench.answer_with(&page, 1_001, &[("lasting", "")]).await;
    assert_eq!(bench.come_back(&bench.owner, &back).await.status.as_u16(), 303);
    assert_eq!(bench.account(&id).await["access"]["renews"], true);
    bench.renewed_after(41 * MINUTE, &id).await;

    bench.behave(json!({"take_back": true})).await;
    bench.world.clock.advance(41 * MINUTE);
    let ended = bench.until("ended", &id, |account| account["state"] == "expired").await;
    assert_eq!(ended["problem"]["code"], "consent_ended");
}

async fn meta(connector: &str) -> Bench {
    let client = json!({"client_id": "1234567890", "client_secret": "emulator-app-secret"});
    Bench::of("meta", connector, client).await
}

/// Instagram has two applications; a sandbox is the server of both.
async fn instagram() -> Bench {
    let client = json!({"client_id": "1234567890", "client_secret": "emulator-app-secret"});
    Bench::each("meta", "instagram", client).await
}

fn on_meta(bench: &Bench, connector: &str, page: &str) -> Value {
    json!({"account": {"connector": connector, "settings": {"api_url": bench.network, "page_id": page}}})
}

#[tokio::test(flavor = "multi_thread")]
async fn a_person_lets_in_to_one_page_whose_token_outlasts_theirs() {
    let bench = meta("facebook").await;
    let owner = &bench.owner;
    let id = bench.connect(on_meta(&bench, "facebook", ""), 1_001).await;
    let account = bench.account(&id).await;
    let shown = (&account["facts"]["handle"], &account["state"], &account["secret_keys"]);
    assert_eq!(shown, (&json!("brand1"), &json!("connected"), &json!(["access_token", "app_secret"])));
    assert_eq!((bench.asked("fb_exchange_token"), &account["access"]["renews"]), (1, &json!(true)));

    // Two pages: which one has to be said; no page, or none of that number: nothing to connect.
    let several = on_meta(&bench, "facebook", "");
    let back = bench.answer(&bench.begin(owner, several.clone()).await, 1_002).await;
    let told = bench.come_back(owner, &back).await;
    assert_eq!(told.problem(), (422, "not_one"));
    let detail = told.body["detail"].as_str().expect("words");
    assert!(detail.contains("104000000000001") && detail.contains("104000000000002"), "{detail}");
    let other = bench.connect(on_meta(&bench, "facebook", "104000000000002"), 1_002).await;
    assert_eq!(bench.account(&other).await["facts"]["handle"], "brand2");
    for (person, page) in [(1_003, ""), (1_001, "104000000000003")] {
        let back = bench.answer(&bench.begin(owner, on_meta(&bench, "facebook", page)).await, person).await;
        assert_eq!(bench.come_back(owner, &back).await.problem(), (422, "network_refused"), "{person} {page}");
    }
    let back = bench.answer_with(&bench.begin(owner, several).await, 1_001, &[("right", "pages_messaging")]).await;
    assert_eq!(bench.come_back(owner, &back).await.problem(), (422, "rights_missing"));

    // A week before the sixty days are over the person's token is changed for another one, and both pages stay what they are.
    let asked = bench.asked("fb_exchange_token");
    bench.days_pass(52).await;
    tokio::time::sleep(Duration::from_millis(400)).await;
    assert_eq!(bench.asked("fb_exchange_token"), asked, "a week before the end is not reached");
    bench.renewed_after(2 * DAY, &other).await;
    let probed = owner.post(&format!("/api/accounts/{other}/probe"), json!({})).await.expect(200);
    assert_eq!((&probed["state"], &probed["facts"]["handle"]), (&json!("connected"), &json!("brand2")));

    // Ninety days after they agreed they have to agree again, whatever is renewed: told of a week ahead.
    assert_eq!(bench.account(&other).await["expiring"], false);
    bench.days_pass(30).await;
    assert_eq!(bench.account(&other).await["expiring"], true);

    bench.behave(json!({"take_back": true})).await;
    bench.days_pass(24).await;
    let ended = bench.until("ended", &other, |account| account["problem"]["code"] == "consent_ended").await;
    assert_eq!((&ended["state"], &ended["access"]["renews"]), (&json!("expired"), &json!(false)));
}

#[tokio::test(flavor = "multi_thread")]
async fn an_instagram_account_is_let_in_by_the_page_it_is_linked_with() {
    let bench = instagram().await;
    let id = bench.connect(on_meta(&bench, "instagram", "17841400000000002"), 1_002).await;
    let account = bench.account(&id).await;
    assert_eq!((&account["facts"]["handle"], &account["state"]), (&json!("brand2"), &json!("connected")));

    let settings = json!({"api_url": bench.network, "account_id": "17841400000000001"});
    let draft = json!({"source": {"connector": "instagram", "name": "Наш Instagram", "settings": settings}});
    let page = bench.begin(&bench.owner, draft).await;
    assert_eq!(parameters(&page)["scope"], "pages_show_list,pages_read_engagement,instagram_basic");
    let back = bench.answer(&page, 1_002).await;
    let done = bench.come_back(&bench.owner, &back).await;
    assert_eq!(done.status.as_u16(), 303, "{}", done.body);
    let source = &bench.owner.get("/api/sources").await.expect(200)["items"][0];
    assert_eq!(source["secret_keys"], json!(["access_token", "app_secret", "verify_token"]));
}

#[tokio::test(flavor = "multi_thread")]
async fn an_instagram_account_without_a_page_is_let_in_on_instagram_and_its_token_is_renewed_by_itself() {
    let bench = instagram().await;
    let settings = json!({"sign_in": "instagram", "api_url": bench.network});
    let draft = json!({"account": {"connector": "instagram", "settings": settings}});
    let page = bench.begin(&bench.owner, draft.clone()).await;
    let rights = "instagram_business_basic,instagram_business_manage_comments,instagram_business_manage_messages";
    assert_eq!((page.path(), parameters(&page)["scope"].as_str()), ("/oauth/authorize", rights));
    // The right without which nothing works is left out.
    let back = bench.answer_with(&page, 1_001, &[("right", "instagram_business_basic")]).await;
    assert_eq!(bench.come_back(&bench.owner, &back).await.problem(), (422, "rights_missing"));

    let id = bench.connect(draft, 1_001).await;
    let account = bench.account(&id).await;
    let told = (&account["facts"]["handle"], &account["state"], &account["access"]["renews"]);
    assert_eq!(told, (&json!("brand1"), &json!("connected"), &json!(true)));
    // Sixty days; a week before their end another sixty are asked for, again and again.
    for _ in 0..2 {
        let since = bench.account(&id).await["access"]["since"].clone();
        bench.days_pass(54).await;
        bench.until("renewed", &id, |account| account["access"]["since"] != since).await;
    }
    let asked = bench.sandbox.inside().counts.requests.clone();
    let of = |name: &str| asked.get(name).copied().unwrap_or_default();
    // Changed twice: for the consent that left something out, too.
    assert_eq!((of("access_token/ig_exchange_token"), of("refresh_access_token/ig_refresh_token")), (2, 2));
    let probed = bench.owner.post(&format!("/api/accounts/{id}/probe"), json!({})).await.expect(200);
    assert_eq!(probed["state"], "connected");

    // A source of the same account asks for less, and its calls are proved by Instagram's own secret.
    let settings = json!({"sign_in": "instagram", "api_url": bench.network});
    let source = json!({"source": {"connector": "instagram", "name": "Наш Instagram", "settings": settings}});
    let page = bench.begin(&bench.owner, source).await;
    assert_eq!(parameters(&page)["scope"], "instagram_business_basic,instagram_business_manage_comments");
    let back = bench.answer(&page, 1_002).await;
    assert_eq!(bench.come_back(&bench.owner, &back).await.status.as_u16(), 303);

    // The person takes back what they allowed.
    bench.behave(json!({"take_back": true})).await;
    bench.days_pass(54).await;
    let ended = bench.until("ended", &id, |account| account["state"] == "expired").await;
    assert_eq!((&ended["problem"]["code"], &ended["access"]["renews"]), (&json!("consent_ended"), &json!(false)));
}
