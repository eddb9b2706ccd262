//! Communities and people, and where news of a community are waited for.

use serde_json::{Value, json};

use super::long_poll;
use super::method::{Answer, Call, Refusal, Token};
use super::render;
use super::wall::by_name;
use crate::faults::Fault;
use crate::sandbox::Inside;
use crate::world::{FIRST_PERSON, PEOPLE};

pub(super) fn users(_inside: &mut Inside, call: &Call, _fault: Option<Fault>) -> Answer {
    let known = |id: &u64| (FIRST_PERSON..FIRST_PERSON + PEOPLE).contains(id);
    let users: Vec<Value> = match (call.text("user_ids"), call.token) {
        (Some(ids), _) => {
            ids.split(',').filter_map(|id| id.trim().parse().ok()).filter(known).map(render::user).collect()
        }
        (None, Some(Token::User(person))) => vec![render::user(person)],
        (None, _) => Vec::new(),
    };
    Ok(users.into())
}

pub(super) fn by_id(_inside: &mut Inside, call: &Call, _fault: Option<Fault>) -> Answer {
    let groups: Vec<Value> = match (call.text("group_ids").or_else(|| call.text("group_id")), call.token) {
        (Some(names), _) => {
            let found: Option<Vec<u64>> = names.split(',').map(|name| by_name(name.trim())).collect();
            let found = found.ok_or_else(|| {
                Refusal::new(100, "One of the parameters specified was missing or invalid: group_ids is undefined")
            })?;
            found.into_iter().map(render::group).collect()
        }
        (None, Some(Token::Community(own))) => vec![render::group(own)],
        (None, _) => {
            return Err(Refusal::new(
                100,
                "One of the parameters specified was missing or invalid: group_ids is undefined",
            ));
        }
    };
    Ok(json!({"groups": groups, "profiles": []}))
}

pub(super) fn long_poll_server(inside: &mut Inside, call: &Call, _fault: Option<Fault>) -> Answer {
    let group = own(call)?;
    Ok(json!({
        "key": long_poll::key(group), "server": format!("http://{}/lp/{group}", call.host),
        "ts": inside.world.newest().to_string(),
    }))
}

pub(super) fn set_long_poll(_inside: &mut Inside, call: &Call, _fault: Option<Fault>) -> Answer {
    own(call).map(|_| json!(1))
}

/// The community that is asked about, when the token may speak for it.
pub(super) fn own(call: &Call) -> Result<u64, Refusal> {
    let group = u64::try_from(call.required("group_id")?).unwrap_or(0);
    match call.token {
        Some(Token::Community(own)) if own != group => Err(Refusal::new(15, "Access denied: group auth failed")),
        _ if !(1..=crate::world::PLACES).contains(&group) => Err(Refusal::new(100, "Invalid group id")),
        _ => Ok(group),
    }
}
