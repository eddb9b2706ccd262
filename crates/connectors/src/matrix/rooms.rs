//! The rooms an account is in, and which of them are listened to.

use std::collections::HashMap;

use molva_domain::Community;
use serde::Deserialize;
use serde_json::Value;

use super::NETWORK;
use super::call::Call;
use super::client::Client;
use super::names::{is_id, room_page};
use super::sync::{Joined, Summary};
use crate::error::ConnectorError;
use crate::line::Line;
use crate::settings::Settings;

/// Rooms of the settings: each is looked up when listening begins.
const MOST_NAMED: usize = 50;
/// Names of people remembered; past that they are learned anew.
const MOST_PEOPLE: usize = 20_000;

/// What is known of a room.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Room {
    name: Option<String>,
    alias: Option<String>,
    /// Anybody may come in.
    pub public: bool,
    pub encrypted: bool,
    /// Those who are in it and those who were asked to come.
    members: Option<u64>,
}

impl Room {
    /// A conversation of two that nobody else may join.
    pub(super) fn is_private(&self) -> bool {
        !self.public && self.members.is_some_and(|members| members <= 2)
    }

    /// As it is told to people.
    pub(super) fn title(&self, id: &str) -> String {
        self.name.as_ref().or(self.alias.as_ref()).cloned().unwrap_or_else(|| id.to_owned())
    }

    pub(super) fn community(&self, id: &str, via: &str) -> Community {
        Community {
            key: format!("{NETWORK}/{id}"),
            title: self.name.as_ref().or(self.alias.as_ref()).cloned(),
            url: Some(room_page(id, self.alias.as_deref(), via)),
        }
    }

    fn count(&mut self, summary: &Summary) {
        if summary.joined.is_some() || summary.invited.is_some() {
            self.members = Some(summary.joined.unwrap_or_default() + summary.invited.unwrap_or_default());
        }
    }
}

/// All of them, with the names of those who speak there.
#[derive(Debug, Default)]
pub(super) struct Rooms {
    rooms: HashMap<String, Room>,
    people: HashMap<(String, String), String>,
}

impl Rooms {
    pub(super) fn get(&self, id: &str) -> Option<&Room> {
        self.rooms.get(id)
    }

    /// All of them, always in the same order.
    pub(super) fn ids(&self) -> Vec<String> {
        let mut ids: Vec<String> = self.rooms.keys().cloned().collect();
        ids.sort_unstable();
        ids
    }

    /// What somebody is called in a room.
    pub(super) fn name(&self, room: &str, user: &str) -> Option<&str> {
        self.people.get(&(room.to_owned(), user.to_owned())).map(String::as_str)
    }

    /// Learns from what the server tells; whether the room was not known.
    pub(super) fn learn(&mut self, id: &str, joined: &Joined) -> bool {
        let new = !self.rooms.contains_key(id);
        self.rooms.entry(id.to_owned()).or_default().count(&joined.summary);
        for event in &joined.state.events {
            self.told(id, event);
        }
        new
    }

    pub(super) fn left(&mut self, id: &str) -> Option<Room> {
        self.rooms.remove(id)
    }

    /// Learns from an event of a room's state; others say nothing of it.
    pub(super) fn told(&mut self, id: &str, event: &Value) {
        let text =
            |place: &str| event.pointer(place).and_then(Value::as_str).map(str::trim).filter(|text| !text.is_empty());
        let Some(key) = event.get("state_key").and_then(Value::as_str) else { return };
        let kind = text("/type").unwrap_or_default();
        if kind == "m.room.member" {
            if let Some(name) = text("/content/displayname") {
                if self.people.len() >= MOST_PEOPLE {
                    self.people.clear();
                }
                self.people.insert((id.to_owned(), key.to_owned()), name.chars().take(200).collect());
            }
            return;
        }
        if !key.is_empty() {
            return;
        }
        let room = self.rooms.entry(id.to_owned()).or_default();
        match kind {
            "m.room.name" => room.name = text("/content/name").map(|name| name.chars().take(255).collect()),
            "m.room.canonical_alias" => {
                room.alias = text("/content/alias").filter(|alias| is_id(alias, '#')).map(str::to_owned);
            }
            "m.room.join_rules" => room.public = text("/content/join_rule") == Some("public"),
            // It cannot be switched off again.
            "m.room.encryption" => room.encrypted = true,
            _ => {}
        }
    }
}

/// Which rooms are wanted, as the settings name them.
pub(super) fn named(settings: &Settings) -> Result<Vec<String>, ConnectorError> {
    let wrong = |message: String| Err(ConnectorError::invalid("rooms", message));
    let mut rooms = Vec::new();
    for line in settings.list("rooms") {
        // A link to a room holds its name.
        let name = line
            .strip_prefix("https://matrix.to/#/")
            .map_or(line, |rest| rest.split(['?', '/']).next().unwrap_or_default());
        let name = percent_encoding::percent_decode_str(name).decode_utf8_lossy().into_owned();
        if !(is_id(&name, '#') && name.contains(':') || is_id(&name, '!')) {
            return wrong(format!(
                "`{line}` is no room; write its address like #room:example.org or its id like !abc:example.org"
            ));
        }
        if !rooms.contains(&name) {
            rooms.push(name);
        }
    }
    if rooms.len() > MOST_NAMED {
        return wrong(format!("name at most {MOST_NAMED} rooms, or none to listen to all the account is in"));
    }
    Ok(rooms)
}

#[derive(Deserialize)]
struct Found {
    room_id: String,
}

/// The id of a room by its address or its id.
pub(super) async fn id_of(client: &Client, line: Line<'_>, name: &str) -> Result<String, ConnectorError> {
    if name.starts_with('!') {
        return Ok(name.to_owned());
    }
    let found: Found =
        client.ask(line, &Call::get(&["directory", "room", name])).await.map_err(|error| match error {
            ConnectorError::NotFound(said) => {
                ConnectorError::invalid("rooms", format!("there is no room `{name}`: {said}; mend its address"))
            }
            other => other,
        })?;
    if is_id(&found.room_id, '!') {
        Ok(found.room_id)
    } else {
        Err(ConnectorError::Protocol(format!("{} names no room for `{name}`", client.host)))
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn rooms_are_named_by_address_id_and_link() {
        let check = |lines: &str| {
            let settings = Settings::new([("rooms".to_owned(), lines.to_owned())].into(), [].into());
            named(&settings).map_err(|error| error.code())
        };
        let lines = "#a:m.example\n!x:m.example\nhttps://matrix.to/#/%23b%3Am.example?via=m.example\n\n!x:m.example";
        assert_eq!(check(lines), Ok(["#a:m.example", "!x:m.example", "#b:m.example"].map(str::to_owned).to_vec()));
        for wrong in ["a", "#a", "@anna:m.example", "https://m.example/#/a"] {
            assert_eq!(check(wrong), Err("invalid_setting"), "{wrong}");
        }
    }

    #[test]
    fn a_room_of_two_behind_a_door_is_private_until_the_door_opens() {
        let mut rooms = Rooms::default();
        let two = Joined { summary: Summary { joined: Some(1), invited: Some(1) }, ..Joined::default() };
        assert!(rooms.learn("!x", &two) && !rooms.learn("!x", &Joined::default()));
        assert!(rooms.get("!x").is_some_and(Room::is_private));
        let state = |kind: &str, content: Value| json!({"type": kind, "state_key": "", "content": content});
        rooms.told("!x", &state("m.room.join_rules", json!({"join_rule": "public"})));
        rooms.told("!x", &state("m.room.name", json!({"name": " Связь "})));
        rooms.told("!x", &state("m.room.canonical_alias", json!({"alias": "#net:m.example"})));
        rooms.told(
            "!x",
            &json!({"type": "m.room.member", "state_key": "@anna:m.example", "content": {"displayname": "Анна"}}),
        );
        let room = rooms.get("!x").expect("a room");
        assert!(!room.is_private());
        assert_eq!(room.community("!x", "m.example").title.as_deref(), Some("Связь"));
        assert_eq!(room.community("!x", "m.example").url.as_deref(), Some("https://matrix.to/#/%23net%3Am.example"));
        assert_eq!(rooms.name("!x", "@anna:m.example"), Some("Анна"));
    }
}
