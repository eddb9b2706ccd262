//! Reviews and responses as App Store Connect tells them: JSON:API with the address of each thing.

use molva_domain::Timestamp;
use serde_json::{Value, json};

use super::AppStore;
use crate::forum;
use crate::rest::{self, Call};
use crate::world::{Said, title_of};

/// How names of reviews begin.
pub(super) const REVIEW: &str = "00000036-7d2a-f56c-3b3c-";
const RESPONSE: &str = "response-";

/// Where people write from; each has every so manieth review.
pub(super) const TERRITORIES: [&str; 3] = ["UKR", "POL", "DEU"];

pub(super) fn address(call: &Call, path: &str) -> String {
    format!("http://{}/{path}", call.header("host"))
}

/// The review a response is to.
pub(super) fn number_of(id: &str) -> Option<u64> {
    id.strip_prefix(RESPONSE)?.parse().ok()
}

pub(super) const fn rating(said: &Said) -> u64 {
    1 + said.number % 5
}

pub(super) fn territory(said: &Said) -> &'static str {
    TERRITORIES[usize::try_from(said.number).unwrap_or(0) % TERRITORIES.len()]
}

pub(super) fn app(call: &Call, place: u64) -> Value {
    let id = (100_000_000 + place).to_string();
    json!({"type": "apps", "id": id, "attributes": {"name": title_of(place), "bundleId": format!("example.place{place}"),
        "sku": format!("place{place}"), "primaryLocale": "uk"}, "links": {"self": address(call, &format!("v1/apps/{id}"))}})
}

pub(super) fn review(store: &AppStore, call: &Call, said: &Said) -> Value {
    let id = format!("{REVIEW}{:012}", said.number);
    let own = address(call, &format!("v1/customerReviews/{id}"));
    let mut response =
        json!({"links": {"self": format!("{own}/relationships/response"), "related": format!("{own}/response")}});
    if store.responses.contains_key(&said.number) {
        response["data"] = json!({"type": "customerReviewResponses", "id": format!("{RESPONSE}{}", said.number)});
    }
    json!({"type": "customerReviews", "id": id, "attributes": {"rating": rating(said), "title": rest::title(&said.text),
            "body": said.text, "reviewerNickname": forum::name(forum::author(said)), "territory": territory(said),
            "createdDate": Timestamp::from_secs(said.at).to_rfc3339()},
        "relationships": {"response": response}, "links": {"self": own}})
}

pub(super) fn response(store: &AppStore, call: &Call, number: u64) -> Value {
    let (text, at) = store.responses.get(&number).cloned().unwrap_or_default();
    let id = format!("{RESPONSE}{number}");
    json!({"type": "customerReviewResponses", "id": id, "attributes": {"responseBody": text, "state": "PUBLISHED",
            "lastModifiedDate": Timestamp::from_secs(at).to_rfc3339()},
        "relationships": {"review": {"data": {"type": "customerReviews", "id": format!("{REVIEW}{number:012}")}}},
        "links": {"self": address(call, &format!("v1/customerReviewResponses/{id}"))}})
}
