//! Where the bot is.

use serde_json::{Value, json};

use super::Answer;
use super::method::{Call, Refusal};
use crate::world::{FIRST_PERSON, Kind, PEOPLE, PLACES, Said, name_of, title_of};

const CHANNELS: i64 = -1_001_000_000_000;
const TALKS: i64 = -1_002_000_000_000;
const FORUMS: i64 = -1_003_000_000_000;

/// A chat.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Chat {
    Channel(u64),
    /// The group that discusses a channel.
    Talk(u64),
    Forum(u64),
    Private(u64),
}

impl Chat {
    /// Where something is said.
    pub(super) fn of(said: &Said) -> Self {
        match said.kind {
            Kind::Post => Self::Channel(said.place),
            Kind::Comment => Self::Talk(said.place),
            Kind::Topic | Kind::TopicComment => Self::Forum(said.place),
            Kind::Message => Self::Private(said.under.unwrap_or(FIRST_PERSON)),
        }
    }

    /// By its id, or by `@name`.
    pub(super) fn find(text: &str) -> Option<Self> {
        let place = |number: &str| number.parse().ok().filter(|place| (1..=PLACES).contains(place));
        if let Some(name) = text.strip_prefix('@') {
            let (word, number) = name.split_at(name.find(|c: char| c.is_ascii_digit())?);
            let place = place(number)?;
            return match word {
                "channel" => Some(Self::Channel(place)),
                "talk" => Some(Self::Talk(place)),
                "forum" => Some(Self::Forum(place)),
                _ => None,
            };
        }
        let id: i64 = text.parse().ok()?;
        if let Ok(person) = u64::try_from(id) {
            return (FIRST_PERSON..FIRST_PERSON + PEOPLE).contains(&person).then_some(Self::Private(person));
        }
        let places = 1..=PLACES;
        let mut all = places.flat_map(|place| [Self::Channel(place), Self::Talk(place), Self::Forum(place)]);
        all.find(|chat| chat.id() == id)
    }

    pub(super) fn id(self) -> i64 {
        let of = |base: i64, place: u64| base - i64::try_from(place).unwrap_or(0);
        match self {
            Self::Channel(place) => of(CHANNELS, place),
            Self::Talk(place) => of(TALKS, place),
            Self::Forum(place) => of(FORUMS, place),
            Self::Private(person) => i64::try_from(person).unwrap_or(0),
        }
    }

    /// What something said is called here: a person's messages to all communities stand in one chat.
    pub(super) fn message_id(self, said: &Said) -> u64 {
        if matches!(self, Self::Private(_)) { said.id * (PLACES + 1) + said.place } else { said.id }
    }

    /// Where a message of this chat is found in the world.
    pub(super) fn find_message(self, id: u64) -> (u64, u64) {
        match self {
            Self::Channel(place) | Self::Talk(place) | Self::Forum(place) => (place, id),
            Self::Private(_) => (id % (PLACES + 1), id / (PLACES + 1)),
        }
    }

    pub(super) fn told(self) -> Value {
        let group = |kind: &str, word: &str, place: u64| {
            let title = title_of(place);
            json!({"id": self.id(), "type": kind, "title": title, "username": format!("{word}{place}")})
        };
        match self {
            Self::Channel(place) => group("channel", "channel", place),
            Self::Talk(place) => group("supergroup", "talk", place),
            Self::Forum(place) => {
                let mut chat = group("supergroup", "forum", place);
                chat["is_forum"] = true.into();
                chat
            }
            Self::Private(person) => {
                let (first, last) = name_of(person);
                json!({"id": person, "type": "private", "first_name": first, "last_name": last})
            }
        }
    }
}

pub(super) fn get(call: &Call) -> Answer {
    let chat = call.text("chat_id").and_then(|id| Chat::find(&id));
    let chat = chat.ok_or_else(|| Refusal::new(400, "Bad Request: chat not found"))?;
    let mut told = chat.told();
    told["accent_color_id"] = 2.into();
    told["max_reaction_count"] = 11.into();
    told["accepted_gift_types"] = json!({"unlimited_gifts": false, "limited_gifts": false, "unique_gifts": false,
        "premium_subscription": false, "gifts_from_channels": false});
    match chat {
        Chat::Channel(place) => told["linked_chat_id"] = Chat::Talk(place).id().into(),
        Chat::Talk(place) => told["linked_chat_id"] = Chat::Channel(place).id().into(),
        Chat::Forum(_) | Chat::Private(_) => {}
    }
    Ok(told)
}
