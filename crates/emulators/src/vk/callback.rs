//! The Callback API: servers of a community, <https://dev.vk.com/ru/api/callback/getting-started>. A new server is asked for a string
//! first; then it is told of everything it wants, until it answers `ok`.

use std::collections::BTreeSet;
use std::sync::Arc;
use std::time::Duration;

use serde_json::{Value, json};
use tokio::sync::Semaphore;

use super::groups::own;
use super::long_poll;
use super::method::{Answer, Call, Refusal};
use crate::calls::{self, Target};
use crate::faults::Fault;
use crate::sandbox::{Inside, Sandbox};

/// Servers of a community.
const MOST: usize = 10;
const LONGEST_TITLE: usize = 14;
const LONGEST_SECRET: usize = 50;

/// A server that is called.
#[derive(Clone, Debug)]
pub(crate) struct Server {
    id: u64,
    group: u64,
    url: String,
    title: String,
    secret: String,
    status: &'static str,
    /// Types of events it wants.
    wanted: BTreeSet<String>,
    /// The last event that is on its way or was told.
    told: usize,
}

/// What has to be answered to the question of that community.
fn code(group: u64) -> String {
    format!("{:08x}", group.wrapping_mul(0x9E37_79B9))
}

pub(super) fn confirmation_code(_inside: &mut Inside, call: &Call, _fault: Option<Fault>) -> Answer {
    own(call).map(|group| json!({ "code": code(group) }))
}

pub(super) fn servers(inside: &mut Inside, call: &Call, _fault: Option<Fault>) -> Answer {
    let group = own(call)?;
    let items: Vec<Value> = inside.vk_servers.iter().filter(|server| server.group == group).map(Server::told).collect();
    Ok(json!({"count": items.len(), "items": items}))
}

pub(super) fn add(inside: &mut Inside, call: &Call, _fault: Option<Fault>) -> Answer {
    let group = own(call)?;
    let text = |name: &str| call.text(name).unwrap_or_default().to_owned();
    let (url, title, secret) = (text("url"), text("title"), text("secret_key"));
    if !url.starts_with("http")
        || title.is_empty()
        || title.chars().count() > LONGEST_TITLE
        || secret.len() > LONGEST_SECRET
    {
        return Err(Refusal::new(100, "One of the parameters specified was missing or invalid"));
    }
    if inside.vk_servers.iter().filter(|server| server.group == group).count() >= MOST {
        return Err(Refusal::new(2_000, "Servers number limit is reached"));
    }
    inside.last_server += 1;
    let (id, told) = (inside.last_server, inside.world.newest());
    let (wanted, status) = (BTreeSet::new(), "unconfigured");
    inside.vk_servers.push(Server { id, group, url, title, secret, status, wanted, told });
    Ok(json!({ "server_id": id }))
}

pub(super) fn delete(inside: &mut Inside, call: &Call, _fault: Option<Fault>) -> Answer {
    let id = find(inside, call)?.id;
    inside.vk_servers.retain(|server| server.id != id);
    Ok(json!(1))
}

pub(super) fn set_settings(inside: &mut Inside, call: &Call, _fault: Option<Fault>) -> Answer {
    let events = call.parameters.iter().filter(|(_, value)| matches!(value.as_str(), "0" | "1"));
    let events: Vec<(String, bool)> = events.map(|(event, value)| (event.clone(), value == "1")).collect();
    let server = find(inside, call)?;
    for (event, wanted) in events {
        if wanted {
            server.wanted.insert(event);
        } else {
            server.wanted.remove(&event);
        }
    }
    Ok(json!(1))
}

fn find<'a>(inside: &'a mut Inside, call: &Call) -> Result<&'a mut Server, Refusal> {
    let (group, id) = (own(call)?, call.required("server_id")?);
    let found = inside.vk_servers.iter_mut().find(|server| server.group == group && i64::try_from(server.id) == Ok(id));
    found.ok_or_else(|| {
        Refusal::new(100, "One of the parameters specified was missing or invalid: server_id is invalid")
    })
}

impl Server {
    fn told(&self) -> Value {
        json!({"id": self.id, "title": self.title, "creator_id": 1_001, "url": self.url, "secret_key": self.secret,
            "status": self.status})
    }

    fn target(&self) -> Target {
        Target { url: self.url.clone(), proof: None }
    }
}

/// Tells the newest server of everything, as long as there is one.
pub(super) fn start(sandbox: &Sandbox) {
    let id = sandbox.inside().last_server;
    tokio::spawn(tell(sandbox.clone(), id));
}

fn server(inside: &Inside, id: u64) -> Option<Server> {
    inside.vk_servers.iter().find(|server| server.id == id).cloned()
}

async fn tell(sandbox: Sandbox, id: u64) {
    let Some(added) = server(&sandbox.inside(), id) else { return };
    let question = json!({"type": "confirmation", "group_id": added.group, "secret": added.secret});
    let answer = calls::call(&added.target(), &question, None, 0).await;
    let right = answer.is_ok_and(|answer| answer.status == 200 && answer.body == code(added.group));
    if let Some(server) = sandbox.inside().vk_servers.iter_mut().find(|server| server.id == id) {
        server.status = if right { "ok" } else { "failed" };
    }
    let slots = Arc::new(Semaphore::new(calls::AT_ONCE));
    loop {
        let Ok(slot) = Arc::clone(&slots).acquire_owned().await else { return };
        let event = {
            let mut inside = sandbox.inside();
            let Some(server) = server(&inside, id) else { return };
            next(&mut inside, &server)
        };
        let Some(event) = event else {
            drop(slot);
            sandbox.news(Duration::from_millis(100)).await;
            continue;
        };
        let sandbox = sandbox.clone();
        tokio::spawn(async move {
            let _slot = slot;
            let target = || server(&sandbox.inside(), id).map(|server| server.target());
            let taken = |answer: &calls::Answer| answer.status == 200 && answer.body == "ok";
            if calls::until_taken(&sandbox, &event, target, taken, |_| {}).await {
                sandbox.inside().counts.items_served += 1;
            }
        });
    }
}

/// The next event that the server wants.
fn next(inside: &mut Inside, server: &Server) -> Option<Value> {
    if server.status != "ok" || server.wanted.is_empty() {
        return None;
    }
    let mut told = server.told;
    let mut found = None;
    for (number, event) in inside.world.events_after(told.min(inside.world.newest()))? {
        told = number;
        found = long_poll::update(inside, server.group, number, event);
        let wanted =
            found.as_ref().and_then(|event| event["type"].as_str()).is_some_and(|kind| server.wanted.contains(kind));
        if wanted {
            break;
        }
        found = None;
    }
    if let Some(server) = inside.vk_servers.iter_mut().find(|one| one.id == server.id) {
        server.told = told;
    }
    let mut event = found?;
    event["secret"] = server.secret.as_str().into();
    Some(event)
}
