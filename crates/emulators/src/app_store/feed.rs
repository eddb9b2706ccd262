//! The public feeds of reviews: no contract, what Apple's servers answer.

use axum::http::StatusCode;
use molva_domain::Timestamp;
use serde_json::{Value, json};

use super::{COUNTRIES, place_of};
use crate::forum;
use crate::rest::{self, Call, Told};
use crate::sandbox::Inside;
use crate::spoil;
use crate::world::{Kind, Said};

/// Of a feed.
const PAGE: usize = 50;
const PAGES: usize = 10;

/// The newest reviews of a country: five hundred and no more.
pub(super) fn feed(inside: &mut Inside, call: &Call, country: &str, page: &str, app: &str) -> Told {
    let number = page.strip_prefix("page=").and_then(|page| page.parse::<usize>().ok()).unwrap_or(0);
    let place = app.strip_prefix("id=").and_then(place_of);
    let country = COUNTRIES.iter().position(|known| *known == country);
    let (Some(place), Some(country), 1..=PAGES) = (place, country, number) else {
        return Told::new(StatusCode::BAD_REQUEST, json!({"error": "no such page"}));
    };
    let of_country = |said: &&Said| said.number % COUNTRIES.len() as u64 == country as u64;
    let all = inside.world.of(place, Kind::Comment).rev().filter(of_country);
    let mut entries: Vec<Value> = all.skip((number - 1) * PAGE).take(PAGE).map(entry).collect();
    spoil::list(&mut entries, call.fault);
    inside.counts.items_served += entries.len() as u64;
    // One entry stands alone, and none is left out.
    Told::ok(match entries.len() {
        0 => json!({"feed": {"author": {}}}),
        1 => json!({"feed": {"entry": entries.remove(0)}}),
        _ => json!({"feed": {"entry": entries}}),
    })
}

fn entry(said: &Said) -> Value {
    let label = |text: &str| json!({ "label": text });
    let author = forum::author(said);
    json!({"id": label(&said.number.to_string()), "updated": label(&Timestamp::from_secs(said.edited_at.unwrap_or(said.at)).to_rfc3339()),
        "im:rating": label(&(1 + said.number % 5).to_string()), "title": label(&rest::title(&said.text)), "content": label(&said.text),
        "author": {"name": label(&forum::name(author)), "uri": label(&format!("https://itunes.apple.com/reviews/id{author}"))}})
}
