//! What there is to hear, in a sentence.

use std::collections::BTreeMap;

use super::call::Call;
use super::client::Client;
use super::descriptor::DESCRIPTOR;
use super::names::is_id;
use super::rooms::{self, Room, Rooms};
use super::sync::{self, Answer};
use crate::error::ConnectorError;
use crate::http::Response;
use crate::reply::clock_skew;
use crate::session::Session;

/// A clock that is further off than this is worth a word.
const WRONG_BY_S: u64 = 30;
/// Rooms called by name.
const MOST_TITLES: usize = 5;

pub(super) async fn probe(session: &Session, client: &Client) -> Result<String, ConnectorError> {
    let settings = session.settings.clone().with_defaults(DESCRIPTOR.settings);
    let named = rooms::named(&settings)?;
    let answer = client.whole(session.into(), &Call::get(&["account", "whoami"])).await;
    let answer: Response = answer.map_err(|failure| failure.explain(&client.host, session.now()))?;
    let skew = clock_skew(&answer, session.now()).filter(|skew| skew.unsigned_abs() > WRONG_BY_S);
    let me: super::client::Me = answer.json()?;
    if !is_id(&me.user_id, '@') {
        return Err(ConnectorError::Protocol(format!("{} does not say whose the token is", client.host)));
    }
    let mut wanted = BTreeMap::new();
    for name in &named {
        wanted.insert(rooms::id_of(client, session.into(), name).await?, name.clone());
    }
    let ids: Vec<String> = wanted.keys().cloned().collect();
    let told: Answer = client.ask(session.into(), &sync::first(&ids)).await?;
    let mut known = Rooms::default();
    for (id, joined) in &told.rooms.join {
        known.learn(id, joined);
    }
    let outside: Vec<&str> =
        wanted.iter().filter(|(id, _)| known.get(id).is_none()).map(|(_, name)| name.as_str()).collect();
    let joins = settings.flag("join");
    if !outside.is_empty() && !joins {
        return Err(ConnectorError::Forbidden(format!(
            "{} is not in {}; invite it and join with any Matrix program, or let Molva join by itself",
            me.user_id,
            listed(&outside)
        )));
    }
    let mut found = format!("{}: {}", me.user_id, heard(&known, settings.flag("messages")));
    if !outside.is_empty() {
        found.push_str(&format!("; it will join {}", listed(&outside)));
    } else if !told.rooms.invite.is_empty() {
        let will = if joins { "Molva will join them" } else { "join them with any Matrix program" };
        found.push_str(&format!("; it is invited to {} more: {will}", told.rooms.invite.len()));
    }
    if let Some(skew) = skew {
        found.push_str(&format!("; the server's clock is {skew} s off ours"));
    }
    Ok(found)
}

fn heard(known: &Rooms, private_too: bool) -> String {
    let ids = known.ids();
    let of = |wanted: &dyn Fn(&Room) -> bool| -> Vec<String> {
        ids.iter().filter_map(|id| known.get(id).filter(|room| wanted(room)).map(|room| room.title(id))).collect()
    };
    let private = |room: &Room| !private_too && room.is_private();
    let open = of(&|room| !room.encrypted && !private(room)).len();
    let encrypted = of(&|room| room.encrypted && !private(room));
    let mut said = match open {
        0 => "there is no room to hear yet".to_owned(),
        1 => "it hears 1 room".to_owned(),
        more => format!("it hears {more} rooms"),
    };
    if !encrypted.is_empty() {
        let titles: Vec<&str> = encrypted.iter().map(String::as_str).collect();
        said.push_str(&format!("; encrypted end to end, so that Molva cannot read them: {}", listed(&titles)));
    }
    let passed_over = of(&private).len();
    if passed_over > 0 {
        said.push_str(&format!("; {passed_over} private conversations are not listened to"));
    }
    said
}

fn listed(names: &[&str]) -> String {
    let shown = names.iter().take(MOST_TITLES).map(|name| format!("`{name}`")).collect::<Vec<_>>().join(", ");
    match names.len().checked_sub(MOST_TITLES) {
        Some(more) if more > 0 => format!("{shown} and {more} more"),
        _ => shown,
    }
}
