//! Lists of things, a page at a time.

use serde_json::{Value, json};

use super::call::{Answer, Call, Refusal, own};
use super::fields;
use super::ids::Node;
use super::nodes::standing;
use super::render;
use crate::faults::Fault;
use crate::sandbox::Inside;
use crate::spoil;
use crate::world::{Kind, Said, Who, World};

/// What a list shows, in its order: `true` when the newest comes first.
struct Listed<'a> {
    things: Vec<&'a Said>,
    newest_first: bool,
    usual: &'static str,
    render: fn(&World, &Said) -> Value,
}

pub(super) fn get(inside: &mut Inside, call: &Call, (node, edge): (Node, &str), fault: Option<Fault>) -> Answer {
    let most = inside.faults.page;
    let (mut items, paging, total) = {
        let world = &inside.world;
        let listed = listed(world, call, node, edge)?;
        let total = listed.things.len();
        let limit = call.limit(most);
        let after: Option<u64> = call.text("after").and_then(|after| after.strip_prefix("c")?.parse().ok());
        let rest: Vec<&Said> = listed
            .things
            .into_iter()
            .filter(|said| {
                after.is_none_or(|after| if listed.newest_first { said.id < after } else { said.id > after })
            })
            .collect();
        let shown = &rest[..rest.len().min(limit)];
        let wanted = fields::parse(call.text("fields").unwrap_or(listed.usual));
        let items: Vec<Value> = shown
            .iter()
            .map(|said| {
                let mut whole = (listed.render)(world, said);
                if wanted.iter().any(|field| field.name == "replies") && said.answers.is_none() {
                    whole["replies"] = replies(world, said);
                }
                fields::pick(&whole, &wanted)
            })
            .collect();
        let mut paging = json!({});
        if let (Some(first), Some(last)) = (shown.first(), shown.last()) {
            paging = json!({"cursors": {"before": format!("c{}", first.id), "after": format!("c{}", last.id)}});
            if rest.len() > shown.len() {
                let path = call.path.join("/");
                let token = &call.token_text;
                let next =
                    format!("http://{}/v26.0/{path}?access_token={token}&limit={limit}&after=c{}", call.host, last.id);
                paging["next"] = next.into();
            }
        }
        (items, paging, total)
    };
    spoil::list(&mut items, fault);
    inside.counts.items_served += items.len() as u64;
    let mut answer = json!({ "data": items });
    if paging.get("cursors").is_some() {
        answer["paging"] = paging;
    }
    if call.text("summary").is_some() {
        answer["summary"] = json!({"order": "chronological", "total_count": total, "can_comment": true});
    }
    Ok(answer)
}

fn listed<'a>(world: &'a World, call: &Call, node: Node, edge: &str) -> Result<Listed<'a>, Refusal> {
    let by_person = |said: &&Said| matches!(said.who, Who::Person(_));
    let all = |place, kind| world.of(place, kind).rev();
    const POST: &str = "id,message,created_time";
    Ok(match (node, edge) {
        (Node::Page(place), "feed" | "published_posts") => {
            own(call, place)?;
            Listed { things: all(place, Kind::Post).collect(), newest_first: true, usual: POST, render: render::post }
        }
        (Node::Page(place), "posts") => {
            let things = all(place, Kind::Post).filter(|said| !by_person(said)).collect();
            Listed { things, newest_first: true, usual: POST, render: render::post }
        }
        (Node::Page(place), "visitor_posts") => {
            let things = all(place, Kind::Post).filter(by_person).collect();
            Listed { things, newest_first: true, usual: POST, render: render::post }
        }
        (Node::Page(place), "tagged") => {
            own(call, place)?;
            let things = all(place, Kind::Topic).filter(by_person).collect();
            Listed { things, newest_first: true, usual: POST, render: render::post }
        }
        (Node::Page(place), "ratings") => {
            own(call, place)?;
            let usual = "created_time,recommendation_type,review_text,reviewer";
            let things = all(place, Kind::TopicComment).collect();
            Listed { things, newest_first: true, usual, render: |_, said| render::review(said) }
        }
        (Node::Thing { place, id }, "comments") => {
            let above = standing(world, place, id)?;
            let root = if above.kind == Kind::Comment { above.under.unwrap_or(0) } else { id };
            let newest_first = call.text("order") == Some("reverse_chronological");
            let stream = call.text("filter") == Some("stream");
            let here: Box<dyn Fn(&&Said) -> bool> = match above.kind {
                Kind::Comment => Box::new(|said: &&Said| said.answers == Some(id)),
                _ => Box::new(|said: &&Said| said.under == Some(id) && (stream || said.answers.is_none())),
            };
            let mut things: Vec<&Said> = comments(world, place, root).filter(|said| here(said)).collect();
            if newest_first {
                things.reverse();
            }
            Listed { things, newest_first, usual: "id,message,created_time,from", render: render::comment }
        }
        (Node::Account(place), "media") => {
            own(call, place)?;
            Listed { things: all(place, Kind::Post).collect(), newest_first: true, usual: "id", render: render::media }
        }
        (Node::Account(place), "tags") => {
            own(call, place)?;
            let things = all(place, Kind::Topic).filter(by_person).collect();
            Listed { things, newest_first: true, usual: "id", render: render::media }
        }
        (Node::Media { place, id }, "comments") => {
            standing(world, place, id)?;
            let things = comments(world, place, id).rev().filter(|said| said.answers.is_none()).collect();
            Listed { things, newest_first: true, usual: "id,text,timestamp", render: render::media_comment }
        }
        (Node::Media { place, id }, "replies") => {
            let first = standing(world, place, id)?;
            Listed {
                things: thread(world, first),
                newest_first: false,
                usual: "id,text,timestamp",
                render: render::media_comment,
            }
        }
        _ => return Err(Refusal::new(100, &format!("(#100) Tried accessing nonexisting field ({edge})"))),
    })
}

fn comments(world: &World, place: u64, under: u64) -> impl DoubleEndedIterator<Item = &Said> {
    world.under(place, under).filter(|said| said.kind == Kind::Comment)
}

/// What stands below a comment, the oldest first.
fn thread<'a>(world: &'a World, first: &Said) -> Vec<&'a Said> {
    let (place, id, under) = (first.place, first.id, first.under);
    let below = comments(world, place, under.unwrap_or(0)).filter(|said| said.answers.is_some());
    below.filter(|said| render::top(world, said) == id).collect()
}

/// The first of them, as they are told together with their comment.
fn replies(world: &World, first: &Said) -> Value {
    let thread = thread(world, first);
    let shown = &thread[..thread.len().min(render::REPLIES_SHOWN)];
    let data: Vec<Value> = shown.iter().map(|said| render::media_comment(world, said)).collect();
    let mut replies = json!({ "data": data });
    if let Some(last) = shown.last() {
        replies["paging"] =
            json!({"cursors": {"before": format!("c{}", shown[0].id), "after": format!("c{}", last.id)}});
        if thread.len() > shown.len() {
            replies["paging"]["next"] = "https://graph.facebook.com/next".into();
        }
    }
    replies
}
