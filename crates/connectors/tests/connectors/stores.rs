//! Reviews of the App Store and of Google Play, as stand-ins tell them.

use std::collections::{BTreeSet, HashMap};

use axum::Router;
use axum::extract::{Path, Query, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse as _, Response};
use axum::routing::{get, post};
use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use molva_connectors::app_store::AppStore;
use molva_connectors::google_play::GooglePlay;
use molva_connectors::http::HttpClient;
use molva_connectors::{Connector as _, ConnectorError, Report};
use molva_domain::PostKind;
use serde_json::{Value, json};

use crate::newest_first::{Network, Shape};
use crate::world::{Collector, limits, listen_until, serve, session};

type Parameters = HashMap<String, String>;

/// Each has every so manieth review.
const COUNTRIES: [&str; 25] = [
    "ua", "pl", "de", "fr", "it", "es", "pt", "nl", "be", "at", "ch", "cz", "sk", "hu", "ro", "bg", "gr", "se", "no",
    "fi", "dk", "ee", "lv", "lt", "us",
];
const RSA_KEY: &str = include_str!("../../fixtures/rsa-key-for-tests.pem");

async fn feed(State(network): State<Network>, Path((code, page, app)): Path<(String, String, String)>) -> Response {
    assert_eq!(app, "id=389801252");
    let page: usize = page.strip_prefix("page=").expect("a page").parse().expect("a number");
    assert!((1..=10).contains(&page), "Apple shows ten pages");
    let country = COUNTRIES.iter().position(|known| *known == code).expect("a country") as u64;
    let tell = |id: u64| {
        json!({"id": {"label": id.to_string()}, "updated": {"label": network.written_at(id).to_rfc3339()}, "im:rating": {"label": "4"},
            "title": {"label": "T"}, "content": {"label": format!("review {id}")}, "author": {"name": {"label": "ann"}}})
    };
    let dress = |mut entries: Vec<Value>, _| match entries.len() {
        0 => json!({"feed": {"author": {}}}),
        1 => json!({"feed": {"entry": entries.remove(0)}}),
        _ => json!({"feed": {"entry": entries}}),
    };
    network.answer((page - 1) * 50, |id| id % 25 == country, tell, dress)
}

fn feeds(network: &Network) -> Router {
    let route = "/{code}/rss/customerreviews/{page}/{app}/sortby=mostrecent/json";
    Router::new().route(route, get(feed)).with_state(network.clone())
}

#[tokio::test]
async fn reviews_of_many_countries_are_read_whole_from_their_feeds() {
    let network = Network::new(Shape { seconds_apart: 900, later_requests: 100, ..Shape::default() });
    let address = serve(feeds(&network)).await;
    let (url, countries) = (format!("http://{address}"), COUNTRIES.join("\n"));
    let settings =
        [("url", url.as_str()), ("app", "389801252"), ("countries", countries.as_str()), ("history_days", "365")];
    let collector = network.is_read_whole(&AppStore, address, &settings).await;
    let posts = collector.posts();
    assert!(posts.iter().all(|post| post.kind == PostKind::Review && post.engagement.rating == Some(4)));
    let countries: BTreeSet<_> = posts.iter().filter_map(|post| post.author.country.clone()).collect();
    assert_eq!(countries.len(), 25);
}

#[tokio::test]
async fn more_reviews_than_apple_shows_are_a_gap_and_a_country_that_is_none_is_told() {
    let network = Network::new(Shape { seconds_apart: 60, fault_every: 1_000_000, ..Shape::default() });
    // Every number is a review of one country.
    let all = async |State(network): State<Network>, Path((_, page, _)): Path<(String, String, String)>| {
        let page: usize = page["page=".len()..].parse().expect("a number");
        let tell = |id: u64| json!({"id": {"label": id.to_string()}, "updated": {"label": network.written_at(id).to_rfc3339()}, "content": {"label": "x"}});
        network.answer((page - 1) * 50, |_| true, tell, |entries, _| json!({"feed": {"entry": entries}}))
    };
    let route = "/{code}/rss/customerreviews/{page}/{app}/sortby=mostrecent/json";
    let address = serve(Router::new().route(route, get(all)).with_state(network.clone())).await;
    let url = format!("http://{address}");
    let collector = Collector::default();
    let http = HttpClient::new(limits(&[address]));
    let settings = [("url", url.as_str()), ("app", "389801252"), ("countries", "ua")];
    let listening = session(http.clone(), 1e6, &settings, &collector);
    listen_until(&AppStore, &listening, || collector.cursor().is_some()).await.expect("a look");
    assert_eq!(collector.count(), 500);
    assert!(collector.reports().contains(&Report::GapClosed { to: collector.posts()[0].published_at }));
    let wrong = [("url", url.as_str()), ("app", "389801252"), ("countries", "Ukraine")];
    let told = AppStore.listen(&session(http, 1e6, &wrong, &collector)).await.expect_err("no country");
    assert!(matches!(told, ConnectorError::Invalid { setting: "countries", .. }), "{told:?}");
}

/// Header and claims of a token, unchecked.
fn claims(token: &str) -> (Value, Value) {
    let mut parts = token.split('.').map(|part| URL_SAFE_NO_PAD.decode(part).expect("base64"));
    let mut next = || serde_json::from_slice(&parts.next().expect("a part")).expect("JSON");
    (next(), next())
}

fn bearer(headers: &HeaderMap) -> &str {
    headers[header::AUTHORIZATION].to_str().expect("a text").strip_prefix("Bearer ").expect("a token")
}

async fn connect(State(network): State<Network>, Query(parameters): Query<Parameters>, headers: HeaderMap) -> Response {
    let (header, claims) = claims(bearer(&headers));
    assert_eq!((header["alg"].as_str(), header["kid"].as_str()), (Some("ES256"), Some("K1")));
    assert_eq!((claims["iss"].as_str(), claims["aud"].as_str()), (Some("I1"), Some("appstoreconnect-v1")));
    assert_eq!((parameters["sort"].as_str(), parameters["limit"].as_str()), ("-createdDate", "200"));
    let before: u64 = parameters.get("cursor").map_or(u64::MAX, |cursor| cursor.parse().expect("a number"));
    let tell = |id: u64| {
        json!({"type": "customerReviews", "id": id.to_string(), "attributes": {"rating": 1, "title": "T", "body": format!("review {id}"),
            "reviewerNickname": "ann", "createdDate": network.written_at(id).to_rfc3339(), "territory": "UKR"}})
    };
    let dress = |data: Vec<Value>, oldest: Option<u64>| {
        let next = oldest.map(|id| {
            format!("https://api.appstoreconnect.apple.com/v1/apps/389801252/customerReviews?limit=200&cursor={id}")
        });
        json!({"data": data, "included": [], "links": {"self": "x", "next": next}})
    };
    let answer = network.answer(0, |id| id < before, tell, dress);
    ([("x-rate-limit", "user-hour-lim:3600;user-hour-rem:3545;")], answer).into_response()
}

#[tokio::test]
async fn reviews_of_an_own_app_are_read_whole_with_a_key_of_app_store_connect() {
    let network = Network::new(Shape { page: 200, fault_every: 8, seconds_apart: 900, ..Shape::default() });
    let router = Router::new().route("/v1/apps/389801252/customerReviews", get(connect)).with_state(network.clone());
    let address = serve(router).await;
    let random = ring::rand::SystemRandom::new();
    let kind = &ring::signature::ECDSA_P256_SHA256_FIXED_SIGNING;
    let key = ring::signature::EcdsaKeyPair::generate_pkcs8(kind, &random).expect("a key");
    let key = format!("-----BEGIN PRIVATE KEY-----\n{}\n-----END PRIVATE KEY-----", STANDARD.encode(key.as_ref()));
    let url = format!("http://{address}");
    let settings = [
        ("connect_url", url.as_str()),
        ("app", "https://apps.apple.com/ua/app/x/id389801252"),
        ("*private_key", &key),
        ("issuer_id", "I1"),
        ("key_id", "K1"),
        ("history_days", "365"),
    ];
    let collector = network.is_read_whole(&AppStore, address, &settings).await;
    let told =
        |report: &Report| matches!(report, Report::Quota(quota) if (quota.limit, quota.remaining) == (3_600, 3_545));
    assert!(collector.reports().iter().any(told));
    let mut wrong = settings;
    wrong[2].1 = "secret-7";
    let http = HttpClient::new(limits(&[address]));
    let refused = AppStore.listen(&session(http, 1e6, &wrong, &collector)).await.expect_err("no key");
    assert!(matches!(refused, ConnectorError::Invalid { setting: "private_key", .. }), "{refused:?}");
    assert!(!format!("{refused:?} {refused}").contains("secret-7"));
}

async fn token(body: String) -> Response {
    let form: Parameters = url::form_urlencoded::parse(body.as_bytes()).into_owned().collect();
    assert_eq!(form["grant_type"], "urn:ietf:params:oauth:grant-type:jwt-bearer");
    let (header, claims) = claims(&form["assertion"]);
    assert_eq!(
        (header["alg"].as_str(), claims["scope"].as_str()),
        (Some("RS256"), Some("https://www.googleapis.com/auth/androidpublisher"))
    );
    if claims["iss"] != "robot@example.iam.gserviceaccount.com" {
        return (StatusCode::BAD_REQUEST, axum::Json(json!({"error": "invalid_grant"}))).into_response();
    }
    axum::Json(json!({"access_token": "t-1", "expires_in": 3599, "token_type": "Bearer"})).into_response()
}

async fn play(State(network): State<Network>, Query(parameters): Query<Parameters>, headers: HeaderMap) -> Response {
    assert_eq!((bearer(&headers), parameters["maxResults"].as_str()), ("t-1", "100"));
    let before: u64 = parameters.get("token").map_or(u64::MAX, |token| token.parse().expect("a number"));
    let tell = |id: u64| {
        let at = network.written_at(id).as_secs().to_string();
        json!({"reviewId": id.to_string(), "authorName": "ann", "comments": [{"userComment": {"text": format!("\treview {id}"),
            "lastModified": {"seconds": at, "nanos": 0}, "starRating": 5, "reviewerLanguage": "uk"}}]})
    };
    let dress = |reviews: Vec<Value>, oldest: Option<u64>| json!({"reviews": reviews, "tokenPagination": {"nextPageToken": oldest.map(|id| id.to_string())}});
    network.answer(0, |id| id < before, tell, dress)
}

#[tokio::test]
async fn reviews_in_google_play_are_read_whole_with_a_service_account() {
    // A week, which is all that Google shows; of the two days in which reviews may come late a cursor remembers 280.
    let again = 2 * 24 * 60 - 280 + 20;
    let network = Network::new(Shape {
        page: 100,
        fault_every: 15,
        seconds_apart: 60,
        later_requests: 60,
        again,
        ..Shape::default()
    });
    let router = Router::new()
        .route("/token", post(token))
        .route("/androidpublisher/v3/applications/com.example.app/reviews", get(play))
        .with_state(network.clone());
    let address = serve(router).await;
    let url = format!("http://{address}");
    let file = |email: &str| {
        json!({"type": "service_account", "client_email": email, "private_key": RSA_KEY, "private_key_id": "K2", "token_uri": format!("{url}/token")})
            .to_string()
    };
    let good = file("robot@example.iam.gserviceaccount.com");
    let settings = [("url", url.as_str()), ("package", "com.example.app"), ("*service_account", good.as_str())];
    let collector = network.is_read_whole(&GooglePlay, address, &settings).await;
    assert!(collector.posts().iter().all(|post| post.engagement.rating == Some(5)));

    let http = HttpClient::new(limits(&[address]));
    let stranger = file("stranger@example.com");
    let wrong = [("url", url.as_str()), ("package", "com.example.app"), ("*service_account", stranger.as_str())];
    let refused = GooglePlay.listen(&session(http, 1e6, &wrong, &collector)).await.expect_err("a stranger");
    assert!(matches!(refused, ConnectorError::AuthRevoked(_)), "{refused:?}");
    assert!(!format!("{refused:?} {refused}").contains("PRIVATE KEY"));
}
