//! The search over everything public.

use serde_json::{Value, json};

use super::method::{Answer, Call, Refusal};
use super::render;
use super::wall::told;
use crate::faults::Fault;
use crate::sandbox::Inside;
use crate::searching::Search;
use crate::world::{Kind, Said};

/// No more is found by turning pages.
const MOST: usize = 1_000;

/// `newsfeed.search`: the newest first. Everything that holds all of `q`; there is no way to say "or".
pub(super) fn search(inside: &mut Inside, call: &Call, fault: Option<Fault>) -> Answer {
    let asked_for = Search::read(call.text("q").unwrap_or_default(), false);
    if asked_for.is_empty() {
        return Err(Refusal::new(100, "One of the parameters specified was missing or invalid: q is undefined"));
    }
    let from = call.number("start_time").unwrap_or(call.now - 86_400);
    let until = call.number("end_time").unwrap_or(i64::MAX);
    let skipped: usize = call.text("start_from").and_then(|from| from.parse().ok()).unwrap_or(0);
    let asked = call.count(30, 200).min(inside.faults.page);
    let hit = |said: &&Said| {
        matches!(said.kind, Kind::Post | Kind::Comment)
            && (from..=until).contains(&said.at)
            && asked_for.finds(&said.folded)
    };
    let mut hits: Vec<&Said> = inside.world.all().filter(hit).collect();
    let total = hits.len();
    hits.sort_by_key(|said| std::cmp::Reverse((said.at, said.place, said.id)));
    hits.truncate(MOST);
    let reachable = hits.len();
    let page: Vec<&Said> = hits.into_iter().skip(skipped).take(asked).collect();
    let shown = page.len();
    let world = &inside.world;
    let items: Vec<Value> = page
        .into_iter()
        .map(|said| if said.kind == Kind::Post { render::post(world, said) } else { render::found_comment(said) })
        .collect();
    let mut more = json!({"count": reachable, "total_count": total});
    if skipped + shown < reachable && shown > 0 {
        more["next_from"] = json!((skipped + shown).to_string());
    }
    Ok(told(inside, items, call, fault, more))
}
