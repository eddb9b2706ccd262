//! Events of a room as posts, edits and removals.

use std::collections::HashMap;

use molva_domain::{Author, Media, Post, PostKind, Rejection, RejectionReason, Timestamp, Visibility};
use serde::Deserialize;
use serde_json::Value;

use super::memory::{Kept, Memory, Original};
use super::rooms::{Room, Rooms};
use super::sync::Joined;
use super::{NETWORK, names, said};
use crate::seen::Seen;
use crate::session::Item;

/// Edits whose messages are awaited before they are asked for.
const MOST_AWAITED: usize = 500;
const BY_ANOTHER: &str = "an edit by somebody else, or of nothing";

/// An event, as far as it is understood here.
#[derive(Clone, Debug, Deserialize)]
pub(super) struct Event {
    #[serde(rename = "type")]
    kind: String,
    event_id: String,
    sender: String,
    /// Unix milliseconds, as the sender's server says.
    origin_server_ts: i64,
    #[serde(default)]
    content: Value,
    /// Of a removal, in rooms of before version 11.
    #[serde(default)]
    redacts: Option<String>,
    #[serde(default)]
    unsigned: Value,
}

impl Event {
    fn text(&self, place: &str) -> Option<&str> {
        self.content.pointer(place).and_then(Value::as_str)
    }

    /// Nothing is left of a message that was removed.
    fn is_removed(&self) -> bool {
        self.unsigned.get("redacted_because").is_some()
            || self.content.as_object().is_none_or(serde_json::Map::is_empty)
    }

    /// The message that it says anew.
    fn replaces(&self) -> Option<&str> {
        let relation = self.text("/m.relates_to/rel_type") == Some("m.replace");
        self.text("/m.relates_to/event_id").filter(|_| relation)
    }

    /// What it answers: a message, or the beginning of its thread.
    fn above(&self) -> Option<&str> {
        let answered = self.text("/m.relates_to/m.in_reply_to/event_id");
        let thread = self.text("/m.relates_to/event_id");
        let thread = thread.filter(|_| self.text("/m.relates_to/rel_type") == Some("m.thread"));
        // For programs that know no threads every message in one answers the latest.
        let only_so = self.content.pointer("/m.relates_to/is_falling_back") == Some(&Value::Bool(true));
        let above = if only_so { thread.or(answered) } else { answered.or(thread) };
        above.filter(|id| names::is_id(id, '$'))
    }

    /// The newest edit, where the server puts it beside what it changes.
    fn newest_edit(&self) -> Option<Self> {
        Self::deserialize(self.unsigned.pointer("/m.relations/m.replace")?).ok().filter(|edit| !edit.is_removed())
    }
}

/// A stretch of events that is being read, and what of it is still open.
#[derive(Debug, Default)]
pub(super) struct Reading {
    /// From the newest to the oldest: what a room is called must not become what it was called once.
    pub backwards: bool,
    /// Edits of messages that were not met yet, by the message and who edits: one that is forged must not stand before the author's.
    edits: HashMap<(String, String), Event>,
    /// Messages an edit of which was removed, and when, in Unix milliseconds.
    undone: HashMap<String, i64>,
}

/// A message that has to be looked at to know what it says now.
#[derive(Debug)]
pub(super) struct Open {
    pub message: String,
    edit: Option<Event>,
    undone_ms: Option<i64>,
}

impl Reading {
    pub(super) fn is_full(&self) -> bool {
        self.edits.len() + self.undone.len() >= MOST_AWAITED
    }

    pub(super) fn take(&mut self) -> Vec<Open> {
        let edits = self.edits.drain().map(|((message, _), edit)| Open { message, edit: Some(edit), undone_ms: None });
        let undone = self.undone.drain().map(|(message, at)| Open { message, edit: None, undone_ms: Some(at) });
        let mut open: Vec<Open> = edits.chain(undone).collect();
        open.sort_by(|a, b| a.message.cmp(&b.message));
        open
    }

    fn awaits(&mut self, message: String, edit: Event) {
        let key = (message, edit.sender.clone());
        let newer = self.edits.get(&key).is_none_or(|known| known.origin_server_ts <= edit.origin_server_ts);
        if newer {
            self.edits.insert(key, edit);
        }
    }
}

/// Reads the events of all rooms in a run.
#[derive(Debug)]
pub(super) struct Reader {
    pub rooms: Rooms,
    memory: Memory,
    seen: Seen,
    /// The account's own server, which knows the rooms.
    via: String,
    /// Conversations of two are wanted too.
    private_too: bool,
}

impl Reader {
    pub(super) fn new(via: &str, private_too: bool) -> Self {
        let (rooms, memory, seen) = (Rooms::default(), Memory::default(), Seen::default());
        Self { rooms, memory, seen, via: via.to_owned(), private_too }
    }

    /// Learns of those who speak on a page of a room's past.
    pub(super) fn met(&mut self, room: &str, state: &[Value]) {
        let people = state.iter().filter(|event| event.get("type").and_then(Value::as_str) == Some("m.room.member"));
        people.for_each(|event| self.rooms.told(room, event));
    }

    /// Learns what a room is; whether it is new.
    pub(super) fn learn(&mut self, room: &str, joined: &Joined) -> bool {
        self.rooms.learn(room, joined)
    }

    /// Whether it is a private conversation, and those are not wanted.
    pub(super) fn passes_over(&self, room: &str) -> bool {
        !self.private_too && self.rooms.get(room).is_some_and(Room::is_private)
    }

    /// Whether all of these were met in this run.
    pub(super) fn knows_all(&self, raws: &[Value]) -> bool {
        let known =
            |raw: &Value| raw.get("event_id").and_then(Value::as_str).is_some_and(|id| self.memory.get(id).is_some());
        !raws.is_empty() && raws.iter().all(known)
    }

    /// Events in the order they happened, each version of a message once.
    pub(super) fn read(&mut self, room: &str, raws: &[Value], reading: &mut Reading, now: Timestamp) -> Vec<Item> {
        if !reading.backwards {
            raws.iter().for_each(|raw| self.rooms.told(room, raw));
        }
        if self.passes_over(room) {
            return Vec::new();
        }
        let (mut items, mut edits, mut removals) = (Vec::new(), Vec::new(), Vec::new());
        for raw in raws.iter().filter(|raw| raw.get("state_key").is_none()) {
            let event = match Event::deserialize(raw) {
                Ok(event) if names::is_id(&event.event_id, '$') => event,
                Ok(_) => {
                    items.extend(self.refuse(room, raw, RejectionReason::MissingId, "the event has no id"));
                    continue;
                }
                Err(error) => {
                    let why = format!("the event is not as Matrix promises: {error}");
                    items.extend(self.refuse(room, raw, RejectionReason::Malformed, &why));
                    continue;
                }
            };
            match event.kind.as_str() {
                "m.room.message" | "m.sticker" if event.is_removed() => {
                    items.extend(self.removed(room, &event.event_id))
                }
                "m.room.message" | "m.sticker" => match event.replaces().map(str::to_owned) {
                    Some(message) if names::is_id(&message, '$') => edits.push((message, event)),
                    Some(_) => {
                        let why = "an edit of what has no id of a message";
                        items.extend(self.refuse(room, raw, RejectionReason::InvalidField, why));
                    }
                    None => {
                        let edit = reading.edits.remove(&(event.event_id.clone(), event.sender.clone()));
                        items.extend(self.message(room, raw, &event, edit, None, now));
                    }
                },
                "m.room.redaction" => removals.push(event),
                "m.room.encrypted" if !event.is_removed() => items.extend(self.unreadable(room, &event)),
                _ => {}
            }
        }
        for (message, edit) in edits {
            self.memory.keep(&edit.event_id, Kept::Edit { of: message.clone() });
            match self.memory.get(&message).cloned() {
                Some(Kept::Message(original)) => items.extend(self.edit(room, &original, &edit, now)),
                _ => reading.awaits(message, edit),
            }
        }
        for removal in removals {
            let target = removal.redacts.as_deref().or_else(|| removal.text("/redacts"));
            let Some(target) = target.filter(|id| names::is_id(id, '$')) else { continue };
            match self.memory.get(target) {
                Some(Kept::Edit { of }) => drop(reading.undone.insert(of.clone(), removal.origin_server_ts)),
                _ => items.extend(self.removed(room, target)),
            }
        }
        items
    }

    /// What a message that was looked up says now; `raw` is absent when the server does not have it.
    pub(super) fn looked_up(&mut self, room: &str, open: Open, raw: Option<&Value>, now: Timestamp) -> Option<Item> {
        let event = raw.and_then(|raw| Some((raw, Event::deserialize(raw).ok()?)));
        let Some((raw, event)) = event else {
            let why = "the message that this edit changes is not shown by the server";
            let place = Value::String(open.message);
            return open.edit.and_then(|_| self.refuse(room, &place, RejectionReason::MissingId, why));
        };
        if event.is_removed() || event.event_id != open.message {
            return None;
        }
        if open.edit.as_ref().is_some_and(|edit| edit.sender != event.sender) {
            return self.refuse(room, &Value::String(open.message), RejectionReason::InvalidField, BY_ANOTHER);
        }
        self.message(room, raw, &event, open.edit, open.undone_ms, now)
    }

    /// A message as it stands now: `edit` is one that was met, another may stand beside it; `undone_ms` is when one was taken back.
    fn message(
        &mut self,
        room: &str,
        raw: &Value,
        event: &Event,
        edit: Option<Event>,
        undone_ms: Option<i64>,
        now: Timestamp,
    ) -> Option<Item> {
        let original = Original {
            id: event.event_id.clone(),
            sender: event.sender.clone(),
            sent_ms: event.origin_server_ts,
            above: event.above().map(str::to_owned),
        };
        self.memory.keep(&event.event_id, Kept::Message(original.clone()));
        let edits = edit.into_iter().chain(event.newest_edit());
        let edit = edits.filter(|edit| changes(edit, &original)).max_by_key(|edit| edit.origin_server_ts);
        if let Some(edit) = &edit {
            self.memory.keep(&edit.event_id, Kept::Edit { of: original.id.clone() });
        }
        let edited_ms = edit.as_ref().map(|edit| edit.origin_server_ts).max(undone_ms);
        let content = edit.as_ref().and_then(|edit| edit.content.get("m.new_content")).unwrap_or(&event.content);
        self.post(room, &original, content, edited_ms, raw, now)
    }

    fn edit(&mut self, room: &str, original: &Original, edit: &Event, now: Timestamp) -> Option<Item> {
        let raw = serde_json::json!({"event_id": edit.event_id, "content": edit.content});
        if !changes(edit, original) {
            return self.refuse(room, &raw, RejectionReason::InvalidField, BY_ANOTHER);
        }
        let content = &edit.content["m.new_content"];
        self.post(room, original, content, Some(edit.origin_server_ts), &raw, now)
    }

    fn post(
        &mut self,
        room: &str,
        original: &Original,
        content: &Value,
        edited_ms: Option<i64>,
        raw: &Value,
        now: Timestamp,
    ) -> Option<Item> {
        if !self.seen.first(&format!("{room} {} {}", original.id, edited_ms.unwrap_or_default())) {
            return None;
        }
        let refused = |reason, message: &str| {
            Some(Item::Rejected(Rejection::new(reason, place(room, &original.id), message, &raw.to_string())))
        };
        let published_at = Timestamp::from_millis(original.sent_ms);
        if published_at < Timestamp::EARLIEST {
            return refused(RejectionReason::InvalidDate, "`origin_server_ts` is no time");
        }
        let known = self.rooms.get(room).cloned().unwrap_or_default();
        let local = original.sender.trim_start_matches('@').split(':').next().unwrap_or_default();
        let name = self.rooms.name(room, &original.sender).unwrap_or(local).to_owned();
        let said = said::read(content, original.above.is_some(), &name);
        if said.text.trim().is_empty() {
            return refused(RejectionReason::EmptyText, "the message has no text: a picture, a file, a sticker");
        }
        let url = names::event_page(room, &original.id, &self.via);
        // The file itself is shown only with the account's token; its message leads there.
        let media = said.media.map(|kind| Media { kind, url: url.clone(), alt: None });
        Some(Item::Post(Box::new(Post {
            kind: if original.above.is_some() { PostKind::Reply } else { PostKind::Message },
            visibility: match () {
                () if known.public => Visibility::Public,
                () if known.is_private() => Visibility::Direct,
                () => Visibility::Followers,
            },
            author: Author {
                urn: Some(names::author(&original.sender)),
                handle: Some(original.sender.trim_start_matches('@').to_owned()),
                name: Some(name),
                url: Some(names::user_page(&original.sender)),
                bot: said.by_a_program.then_some(true),
                ..Author::default()
            },
            community: Some(known.community(room, &self.via)),
            url: Some(url),
            edited_at: edited_ms.map(Timestamp::from_millis),
            in_reply_to: original.above.as_deref().map(|above| names::urn(room, above)),
            links: said.links,
            media: media.into_iter().collect(),
            ..Post::new(names::urn(room, &original.id), NETWORK, said.text, published_at, now)
        })))
    }

    fn removed(&mut self, room: &str, event: &str) -> Option<Item> {
        self.seen.first(&format!("{room} {event} removed")).then(|| Item::Deleted(names::urn(room, event)))
    }

    fn unreadable(&mut self, room: &str, event: &Event) -> Option<Item> {
        let title = self.rooms.get(room).map_or_else(|| room.to_owned(), |known| known.title(room));
        let why = format!(
            "the room `{title}` is encrypted end to end: Molva has no keys to it and cannot read what is said there"
        );
        let item = || Item::Rejected(Rejection::new(RejectionReason::NotPublic, place(room, &event.event_id), why, ""));
        self.seen.first(&event.event_id).then(item)
    }

    fn refuse(&mut self, room: &str, raw: &Value, reason: RejectionReason, message: &str) -> Option<Item> {
        let text = raw.to_string();
        let id = raw.get("event_id").and_then(Value::as_str).unwrap_or("without an id");
        self.seen.first(&text).then(|| Item::Rejected(Rejection::new(reason, place(room, id), message, &text)))
    }
}

/// Whether an edit counts, by the contract: only who wrote a message changes it.
fn changes(edit: &Event, original: &Original) -> bool {
    edit.sender == original.sender && edit.content.get("m.new_content").is_some_and(Value::is_object)
}

fn place(room: &str, event: &str) -> String {
    let (room, event) = (&room[..room.floor_char_boundary(100)], &event[..event.floor_char_boundary(100)]);
    format!("event {event} in {room}")
}

#[cfg(test)]
mod tests;
