//! Comments that are made, changed and removed. The Graph API knows no keys: what is sent twice is there twice.

use serde_json::json;

use super::call::{Answer, Call, Refusal};
use super::ids::{self, Node};
use super::nodes::standing;
use super::{render, upload};
use crate::sandbox::Inside;
use crate::world::{Kind, Saying, Who};

/// Longest comment, in characters.
const LONGEST: usize = 8_000;
const LONGEST_ON_INSTAGRAM: usize = 300;

pub(super) fn post(inside: &mut Inside, call: &Call, node: Node, edge: Option<&str>) -> Answer {
    if call.token()?.reads_only {
        return Err(Refusal::right("pages_manage_engagement"));
    }
    match (node, edge) {
        (Node::Thing { place, id }, Some("comments")) => {
            let text = text(call, LONGEST)?;
            let picture = upload::picture(inside, call)?;
            let above = standing(&inside.world, place, id)?;
            let (under, answers) = match above.kind {
                Kind::Comment => (above.under, Some(id)),
                _ => (Some(id), None),
            };
            let new = say(inside, call, (place, text, under, answers));
            inside.world.attach(place, new, picture.into_iter().collect());
            let made = inside.world.find(place, new).map(render::comment_id);
            Ok(json!({ "id": made }))
        }
        (Node::Media { place, id }, Some("comments" | "replies")) => {
            let text = text(call, LONGEST_ON_INSTAGRAM)?;
            let above = standing(&inside.world, place, id)?;
            let (under, answers) = match above.kind {
                // An answer to an answer is put below the first comment.
                Kind::Comment => (above.under, Some(render::top(&inside.world, above))),
                _ => (Some(id), None),
            };
            let new = say(inside, call, (place, text, under, answers));
            Ok(json!({ "id": ids::media(place, new) }))
        }
        (Node::Account(place), Some("mentions")) => {
            let text = text(call, LONGEST_ON_INSTAGRAM)?;
            let named = call.text("comment_id").or_else(|| call.text("media_id")).and_then(Node::of);
            let Some(Node::Media { place: there, id }) = named else {
                return Err(Refusal::new(100, "(#100) The parameter media_id is required"));
            };
            if there != place {
                return Err(Refusal::new(10, "(#10) The account is not mentioned there"));
            }
            standing(&inside.world, place, id)?;
            let new = say(inside, call, (place, text, Some(id), None));
            Ok(json!({ "id": ids::media(place, new) }))
        }
        (Node::Thing { place, id } | Node::Media { place, id }, None) => {
            standing(&inside.world, place, id)?;
            if let Some(text) = call.text("message").map(str::to_owned) {
                inside.world.edit(place, id, &text, call.now);
            }
            Ok(json!({ "success": true }))
        }
        _ => Err(Refusal::new(100, "Unsupported post request.")),
    }
}

pub(super) fn delete(inside: &mut Inside, call: &Call, node: Node) -> Answer {
    if call.token()?.reads_only {
        return Err(Refusal::right("pages_manage_engagement"));
    }
    let (Node::Thing { place, id } | Node::Media { place, id }) = node else {
        return Err(Refusal::new(100, "Unsupported delete request."));
    };
    standing(&inside.world, place, id)?;
    inside.world.delete(place, id);
    Ok(json!({ "success": true }))
}

fn say(inside: &mut Inside, call: &Call, said: (u64, String, Option<u64>, Option<u64>)) -> u64 {
    let (place, text, under, answers) = said;
    inside.counts.reply(&text, true);
    inside.world.say(Saying { place, kind: Kind::Comment, who: Who::Place, text, under, answers }, call.now)
}

fn text(call: &Call, longest: usize) -> Result<String, Refusal> {
    let text = call.required("message")?;
    if text.chars().count() > longest {
        return Err(Refusal::new(100, "(#100) The comment is too long"));
    }
    Ok(text.to_owned())
}
