//! Instagram Login: consent on Instagram's own page, tokens of an account without a Facebook page, their life of an hour and of sixty
//! days. What is played on one host here is on three there: `www.instagram.com`, `api.instagram.com`, `graph.instagram.com`.
//!
//! Sources: <https://developers.facebook.com/documentation/instagram-platform/instagram-api-with-instagram-login/business-login>,
//! <https://developers.facebook.com/documentation/instagram-platform/reference/access_token>,
//! <https://developers.facebook.com/documentation/instagram-platform/reference/refresh_access_token>. In which words a token that is
//! too young is refused they do not say.

use axum::Json;
use axum::body::Bytes;
use axum::extract::{Query, RawQuery, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse as _, Response};
use serde_json::{Value, json};

use super::call::{Answer, Call, Refusal, Token};
use super::ids::{self, Node};
use super::{APP_SECRET, fields};
use crate::consent::page::{Fields, Page, fields as form};
use crate::consent::{No, Proof};
use crate::sandbox::{Inside, Sandbox};
use crate::world::title_of;

const PAGE: Page = Page {
    title: "Instagram",
    path: "/oauth/authorize",
    client: "1234567890",
    prefix: "IGAA",
    separator: ",",
    lasting: ("", ""),
    people: &[(1_001, "brand1"), (1_002, "brand2")],
};
/// People who are signed in there are accounts: the first is that of the first community.
const FIRST: u64 = 1_000;
/// An account as this application alone knows it.
const OF_APPLICATION: u64 = 27_000_000_000_000_000;

pub(super) async fn ask(Query(asked): Query<Fields>) -> Response {
    PAGE.ask(&asked)
}

pub(super) async fn answer(State(sandbox): State<Sandbox>, body: Bytes) -> Response {
    PAGE.answer(&sandbox, &body)
}

/// `POST api.instagram.com/oauth/access_token`: a code for a token of an hour. Refused in its own form.
pub(super) async fn code(State(sandbox): State<Sandbox>, body: Bytes) -> Response {
    let asked = form(&body);
    let one = |name: &str| asked.get(name).map(String::as_str).unwrap_or_default();
    let refused = |message: &str| {
        let told = json!({"error_type": "OAuthException", "code": 400, "error_message": message});
        (StatusCode::BAD_REQUEST, Json(told)).into_response()
    };
    let now = sandbox.now();
    let mut inside = sandbox.inside();
    inside.counts.request("oauth/access_token");
    if one("client_id") != PAGE.client || one("client_secret") != APP_SECRET {
        return refused("Invalid platform app");
    }
    if one("grant_type") != "authorization_code" {
        return refused("Invalid grant_type");
    }
    let (redirect, verifier) = (one("redirect_uri"), one("code_verifier"));
    let proof = Proof { client: PAGE.client, redirect, verifier, device: "" };
    let Ok(given) = inside.grants.exchange(one("code"), &proof, now) else {
        return refused("Matching code was not found or was already used");
    };
    let user = OF_APPLICATION + given.person - FIRST;
    let told = json!({"access_token": given.access, "user_id": user.to_string(), "permissions": given.scope});
    Json(json!({ "data": [told] })).into_response()
}

/// `GET graph.instagram.com/access_token`: a token of an hour for one of sixty days.
pub(super) async fn lengthen(State(sandbox): State<Sandbox>, RawQuery(query): RawQuery) -> Response {
    let asked = form(query.unwrap_or_default().as_bytes());
    let now = sandbox.now();
    let mut inside = sandbox.inside();
    told(longer(&mut inside, &asked, now))
}

/// `GET graph.instagram.com/refresh_access_token`: a token of sixty days for another sixty, once it is a day old.
pub(super) async fn refresh(State(sandbox): State<Sandbox>, RawQuery(query): RawQuery) -> Response {
    let asked = form(query.unwrap_or_default().as_bytes());
    let now = sandbox.now();
    let mut inside = sandbox.inside();
    told(again(&mut inside, &asked, now))
}

fn told(answer: Answer) -> Response {
    match answer {
        Ok(told) => Json(told).into_response(),
        Err(refusal) => (refusal.status(), Json(refusal.told())).into_response(),
    }
}

fn longer(inside: &mut Inside, asked: &Fields, now: i64) -> Answer {
    inside.counts.request("access_token/ig_exchange_token");
    let token = of_grant(asked, "ig_exchange_token")?;
    if asked.get("client_secret").is_none_or(|secret| secret != APP_SECRET) {
        return Err(Refusal::new(1, "Error validating client secret."));
    }
    given(inside.grants.lengthen(token, now))
}

fn again(inside: &mut Inside, asked: &Fields, now: i64) -> Answer {
    inside.counts.request("refresh_access_token/ig_refresh_token");
    given(inside.grants.refresh_long(of_grant(asked, "ig_refresh_token")?, now))
}

fn of_grant<'a>(asked: &'a Fields, kind: &str) -> Result<&'a str, Refusal> {
    if asked.get("grant_type").is_none_or(|given| given != kind) {
        return Err(Refusal::new(100, "Unsupported grant_type"));
    }
    let token = asked.get("access_token").filter(|token| token.starts_with(PAGE.prefix));
    token.map(String::as_str).ok_or_else(unknown)
}

fn unknown() -> Refusal {
    Refusal::new(190, "Invalid OAuth access token - Cannot parse access token")
}

fn given(given: Result<(String, i64), No>) -> Answer {
    let (access, life_s) = given.map_err(|no| match no {
        No::TooOld => Refusal::with_subcode(190, 463, "Error validating access token: Session has expired"),
        No::TooYoung => Refusal::new(100, "The access token must be at least 24 hours old to be refreshed"),
        No::Gone => Refusal::with_subcode(190, 460, "Error validating access token: the user took it back"),
        _ => unknown(),
    })?;
    Ok(json!({"access_token": access, "token_type": "bearer", "expires_in": life_s}))
}

/// An account's token: one that is always there, or one that came of a consent.
pub(super) fn token_of(inside: &Inside, text: &str, now: i64) -> Option<Token> {
    if let Some((kind, place)) = text.rsplit_once('-') {
        let ended = kind == "ended-account-token";
        if ended || kind == "account-token" {
            return Token::of(&format!("page-token-{place}")).map(|page| Token { ended, own: true, ..page });
        }
    }
    let good = inside.grants.who(text, now).filter(|_| text.starts_with(PAGE.prefix))?;
    let agreed = inside.grants.agreed(text);
    let answers = agreed.is_some_and(|agreed| agreed.scope.contains("instagram_business_manage_comments"));
    let place = agreed.map_or(FIRST + 1, |agreed| agreed.person) - FIRST;
    Some(Token { place, reads_only: !answers, ended: good.is_none(), own: true })
}

/// What there is not for an account without a page; `None`: it goes on as for any other.
pub(super) fn only_there(inside: &Inside, call: &Call) -> Option<Answer> {
    let token = call.token.filter(|token| token.own)?;
    let missing = |name: &str| {
        let message = format!("(#100) Tried accessing nonexisting field ({name}) on node type (IGUser)");
        Some(Err(Refusal::new(100, &message)))
    };
    if call.text("appsecret_proof").is_some() {
        return missing("appsecret_proof");
    }
    if !call.files.is_empty() {
        return missing("filedata");
    }
    let first = call.path.first().map(String::as_str).unwrap_or_default();
    if matches!(first, "" | "debug_token") {
        return missing(if first.is_empty() { "ids" } else { first });
    }
    if matches!(call.node(), Ok(Node::Page(_) | Node::Thing { .. })) {
        return Some(Err(Refusal::gone(first)));
    }
    let wanted = fields::parse(call.text("fields").unwrap_or("user_id,username"));
    if let Some(field) = wanted.iter().find(|field| field.name.starts_with("mentioned_")) {
        return missing(&field.name);
    }
    (call.path == ["me"] && call.method == axum::http::Method::GET).then(|| {
        let place = token.place;
        let whole: Value = json!({
            "id": (OF_APPLICATION + place).to_string(), "user_id": ids::account(place), "username": format!("brand{place}"),
            "name": title_of(place), "account_type": "BUSINESS", "media_count": inside.world.of(place, crate::world::Kind::Post).count(),
        });
        Ok(json!({ "data": [fields::pick(&whole, &wanted)] }))
    })
}
