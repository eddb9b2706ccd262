//! Consent on Facebook's page, and what a person's token is good for: a longer one, what was allowed, the pages they manage.
//! <https://developers.facebook.com/docs/facebook-login/guides/advanced/manual-flow>.

use axum::Json;
use axum::body::Bytes;
use axum::extract::{Query, RawQuery, State};
use axum::response::{IntoResponse as _, Response};
use serde_json::{Value, json};

use super::call::{Answer, Call, Refusal, Token};
use super::{APP_SECRET, ids};
use crate::consent::page::{Fields, Page, fields};
use crate::consent::{Agreed, No, Proof};
use crate::sandbox::{Inside, Sandbox};
use crate::world::title_of;

const PAGE: Page = Page {
    title: "Facebook",
    path: "/v26.0/dialog/oauth",
    client: "1234567890",
    prefix: "EAAG",
    separator: ",",
    lasting: ("", ""),
    people: &[(1_001, "Anna (one page)"), (1_002, "Boris (two pages)"), (1_003, "Vera (no page)")],
};
/// So long after somebody agreed their data may be read.
const DATA_ACCESS_S: i64 = 90 * 86_400;
/// Tokens of pages begin with it; what follows is the number of the page and the person's token.
const OF_PAGE: &str = "EAAP-";

pub(super) async fn ask(Query(asked): Query<Fields>) -> Response {
    PAGE.ask(&asked)
}

pub(super) async fn answer(State(sandbox): State<Sandbox>, body: Bytes) -> Response {
    PAGE.answer(&sandbox, &body)
}

/// `/oauth/access_token`: a code for a token of an hour, or such a token for one of sixty days.
pub(super) async fn token(State(sandbox): State<Sandbox>, RawQuery(query): RawQuery, body: Bytes) -> Response {
    let mut asked = fields(query.unwrap_or_default().as_bytes());
    asked.extend(fields(&body));
    let now = sandbox.now();
    match give(&mut sandbox.inside(), &asked, now) {
        Ok(told) => Json(told).into_response(),
        Err(refusal) => (refusal.status(), Json(refusal.told())).into_response(),
    }
}

fn give(inside: &mut Inside, asked: &Fields, now: i64) -> Answer {
    let one = |name: &str| asked.get(name).map(String::as_str).unwrap_or_default();
    let kind = if one("grant_type").is_empty() { "authorization_code" } else { one("grant_type") };
    inside.counts.request(&format!("oauth2/{kind}"));
    if one("client_id") != PAGE.client {
        let message = "Error validating application. Cannot get application info due to a system error.";
        return Err(Refusal::new(101, message));
    }
    if one("client_secret") != APP_SECRET {
        return Err(Refusal::new(1, "Error validating client secret."));
    }
    let (access, life_s) = match kind {
        "authorization_code" => {
            let (redirect, verifier) = (one("redirect_uri"), one("code_verifier"));
            let proof = Proof { client: PAGE.client, redirect, verifier, device: "" };
            let given = inside.grants.exchange(one("code"), &proof, now).map_err(|no| match no {
                No::Used => Refusal::with_subcode(100, 36_009, "This authorization code has been used."),
                No::TooOld => Refusal::with_subcode(100, 36_007, "This authorization code has expired."),
                _ => Refusal::with_subcode(100, 36_008, "Error validating verification code. Please make sure your redirect_uri is identical to the one you used in the OAuth dialog request"),
            })?;
            (given.access, given.life_s)
        }
        "fb_exchange_token" => inside.grants.lengthen(one("fb_exchange_token"), now).map_err(|no| match no {
            No::TooOld => Refusal::with_subcode(190, 463, "Error validating access token: Session has expired"),
            No::Gone => Refusal::with_subcode(
                190,
                460,
                "Error validating access token: The user has not authorized application 1234567890.",
            ),
            _ => Refusal::new(190, "Invalid OAuth access token - Cannot parse access token"),
        })?,
        _ => return Err(Refusal::new(100, "Unsupported grant_type")),
    };
    Ok(json!({"access_token": access, "token_type": "bearer", "expires_in": life_s}))
}

/// The page and what was agreed to, of a page's token that came of a consent.
fn agreed<'a>(inside: &'a Inside, text: &str) -> Option<(u64, &'a Agreed)> {
    let (place, person) = text.strip_prefix(OF_PAGE)?.split_once('-')?;
    Some((place.parse().ok()?, inside.grants.agreed(person)?))
}

/// A page's token that came of a consent; it ends only when that is taken back.
pub(super) fn page_token(inside: &Inside, text: &str) -> Option<Token> {
    let (place, agreed) = agreed(inside, text)?;
    let may = |right: &str| agreed.scope.split(',').any(|one| one == right);
    let answers = may("pages_manage_engagement") || may("instagram_manage_comments");
    Some(Token { place, reads_only: !answers, ended: false, own: false })
}

/// What was allowed, of a page's token that came of a consent.
pub(super) fn rights_of(inside: &Inside, text: &str) -> Option<Vec<String>> {
    agreed(inside, text).map(|(_, agreed)| agreed.scope.split(',').map(str::to_owned).collect())
}

/// What is told to a person's token; `None`: it is no such token.
pub(super) fn of_person(inside: &Inside, call: &Call) -> Option<Answer> {
    if call.is_own() {
        return None;
    }
    let person = inside.grants.who(&call.token_text, call.now)?;
    let Some(person) = person else {
        return Some(Err(Refusal::with_subcode(190, 463, "Error validating access token: Session has expired")));
    };
    let agreed = inside.grants.agreed(&call.token_text)?;
    Some(call.proved().and_then(|()| match call.path.iter().map(String::as_str).collect::<Vec<_>>()[..] {
        ["me"] => Ok(json!({"id": ids::person(person), "name": format!("Person {person}")})),
        ["debug_token"] => Ok(json!({"data": {
            "app_id": PAGE.client, "type": "USER", "application": "Molva emulator", "is_valid": true,
            "user_id": ids::person(person), "data_access_expires_at": agreed.at + DATA_ACCESS_S,
            "scopes": agreed.scope.split(',').collect::<Vec<_>>(),
        }})),
        ["me", "accounts"] => Ok(json!({"data": pages(person, &call.token_text), "paging": {"cursors": {}}})),
        _ => Err(Refusal::new(100, "Tried accessing nonexisting field or edge")),
    }))
}

fn pages(person: u64, token: &str) -> Vec<Value> {
    let managed: &[u64] = match person {
        1_001 => &[1],
        1_002 => &[1, 2],
        _ => &[],
    };
    let page = |place: &u64| {
        json!({
            "id": ids::page(*place), "name": title_of(*place), "access_token": format!("{OF_PAGE}{place}-{token}"),
            "instagram_business_account": {"id": ids::account(*place), "username": format!("brand{place}")},
        })
    };
    managed.iter().map(page).collect()
}
