//! The reviews of an app: sorted and sifted as is asked, a page at a time.

use std::cmp::Reverse;

use axum::http::StatusCode;
use serde_json::{Value, json};

use super::{AppStore, no, render};
use crate::rest::{Call, Told};
use crate::sandbox::Inside;
use crate::spoil;
use crate::world::{Kind, Said};

const USUAL_PAGE: usize = 50;
const LARGEST_PAGE: u64 = 200;
/// What may be asked besides the place in the list.
const KNOWN: [&str; 8] = [
    "sort",
    "limit",
    "cursor",
    "include",
    "filter[rating]",
    "filter[territory]",
    "exists[publishedResponse]",
    "fields[customerReviews]",
];

pub(super) fn reviews(store: &AppStore, inside: &mut Inside, call: &Call, place: u64) -> Told {
    if let Some(foreign) = call.names().find(|name| !KNOWN.contains(name) && *name != "fields[customerReviewResponses]")
    {
        return refused("PARAMETER_ERROR.ILLEGAL", foreign, "is not a valid parameter for this request");
    }
    let size = match (call.text("limit"), call.number("limit")) {
        ("", _) => USUAL_PAGE,
        (_, Some(size @ 1..=LARGEST_PAGE)) => usize::try_from(size).unwrap_or(USUAL_PAGE),
        _ => return refused("PARAMETER_ERROR.INVALID", "limit", "must be from 1 to 200"),
    };
    let size = size.min(inside.faults.page);
    let skip: usize = call.text("cursor").strip_prefix("after").and_then(|skip| skip.parse().ok()).unwrap_or(0);
    let (ratings, territories) = (call.text("filter[rating]"), call.text("filter[territory]"));
    let answered = match call.text("exists[publishedResponse]") {
        "" => None,
        word => Some(word == "true"),
    };
    let fits = |said: &&Said| {
        (ratings.is_empty() || ratings.split(',').any(|rating| rating == render::rating(said).to_string()))
            && (territories.is_empty() || territories.split(',').any(|name| name == render::territory(said)))
            && answered.is_none_or(|wanted| store.responses.contains_key(&said.number) == wanted)
    };
    let mut all: Vec<&Said> = inside.world.of(place, Kind::Comment).rev().filter(fits).collect();
    match call.text("sort") {
        "" | "-createdDate" => {}
        "createdDate" => all.reverse(),
        "rating" => all.sort_by_key(|said| render::rating(said)),
        "-rating" => all.sort_by_key(|said| Reverse(render::rating(said))),
        _ => return refused("PARAMETER_ERROR.INVALID", "sort", "is not a valid value"),
    }
    let shown = || all.iter().skip(skip).take(size);
    let mut told: Vec<Value> = shown().map(|said| render::review(store, call, said)).collect();
    let with_responses = call.text("include").split(',').any(|name| name == "response");
    let responses =
        shown().map(|said| said.number).filter(|number| with_responses && store.responses.contains_key(number));
    let included: Vec<Value> = responses.map(|number| render::response(store, call, number)).collect();
    let (total, is_more) = (all.len(), all.len() > skip + size);
    spoil::list(&mut told, call.fault);
    inside.counts.items_served += told.len() as u64;
    let own = render::address(call, &call.path.join("/"));
    let mut answer = json!({"data": told, "links": {"self": own}, "meta": {"paging": {"total": total, "limit": size}}});
    if with_responses {
        answer["included"] = json!(included);
    }
    if is_more {
        let cursor = format!("after{}", skip + size);
        answer["links"]["next"] = json!(format!("{own}?{}", call.asked_but("cursor", &cursor)));
        answer["meta"]["paging"]["nextCursor"] = json!(cursor);
    }
    Told::ok(answer)
}

fn refused(code: &str, parameter: &str, why: &str) -> Told {
    let mut told = no(StatusCode::BAD_REQUEST, code, &format!("The parameter '{parameter}' {why}"));
    told.body["errors"][0]["source"] = json!({ "parameter": parameter });
    told
}
