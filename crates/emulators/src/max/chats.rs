//! Where the bot is.

use serde_json::{Value, json};

use super::call::{Call, Refusal};
use super::{Answer, Max, render};
use crate::world::{FIRST_PERSON, Kind, PEOPLE, PLACES, Said, World, title_of};

const CHANNELS: i64 = -70_000_000_000_000;
const TALKS: i64 = -71_000_000_000_000;
const DIALOGS: u64 = 500_000_000;

/// A chat.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Chat {
    /// Its posts can be commented.
    Channel(u64),
    Talk(u64),
    /// With a person.
    Dialog(u64),
}

impl Chat {
    /// Where something is said.
    pub(super) fn of(said: &Said) -> Self {
        match said.kind {
            Kind::Post | Kind::Comment => Self::Channel(said.place),
            Kind::Topic | Kind::TopicComment => Self::Talk(said.place),
            Kind::Message => Self::Dialog(said.under.unwrap_or(FIRST_PERSON)),
        }
    }

    fn each() -> impl Iterator<Item = Self> {
        let people = (FIRST_PERSON..FIRST_PERSON + PEOPLE).map(Self::Dialog);
        (1..=PLACES).flat_map(|place| [Self::Channel(place), Self::Talk(place)]).chain(people)
    }

    pub(super) fn find(id: i64) -> Option<Self> {
        Self::each().find(|chat| chat.id() == id)
    }

    /// The dialog with a person.
    pub(super) fn with(person: i64) -> Option<Self> {
        Self::each().find(|chat| matches!(chat, Self::Dialog(one) if i64::try_from(*one) == Ok(person)))
    }

    pub(super) fn id(self) -> i64 {
        match self {
            Self::Channel(place) => CHANNELS - i64::try_from(place).unwrap_or(0),
            Self::Talk(place) => TALKS - i64::try_from(place).unwrap_or(0),
            Self::Dialog(person) => i64::try_from(DIALOGS + person).unwrap_or(0),
        }
    }

    pub(super) const fn kind(self) -> &'static str {
        match self {
            Self::Channel(_) => "channel",
            Self::Talk(_) => "chat",
            Self::Dialog(_) => "dialog",
        }
    }

    /// Its public address: the third channel has none.
    pub(super) fn link(self) -> Option<String> {
        match self {
            Self::Channel(place @ 1..=2) => Some(format!("https://max.ru/channel{place}")),
            _ => None,
        }
    }

    /// In the third group the bot is no administrator.
    pub(super) fn is_heard(self) -> bool {
        self != Self::Talk(3)
    }

    /// What stands in it without what was removed, in the order it was said; comments stand under their posts.
    pub(super) fn messages(self, world: &World) -> impl DoubleEndedIterator<Item = &Said> {
        let here = move |said: &&Said| said.kind != Kind::Comment && Self::of(said) == self;
        world.all().filter(here)
    }

    fn told(self, world: &World) -> Value {
        let last = self.messages(world).next_back().map_or(0, |said| said.at * 1_000);
        let mut chat = json!({
            "chat_id": self.id(), "type": self.kind(), "status": "active", "title": null, "icon": null,
            "last_event_time": last, "participants_count": 2, "is_public": self.link().is_some(), "link": self.link(),
            "description": null,
        });
        match self {
            Self::Channel(place) | Self::Talk(place) => {
                chat["title"] = title_of(place).into();
                chat["participants_count"] = (PEOPLE + 1).into();
                chat["messages_count"] = self.messages(world).count().into();
            }
            Self::Dialog(person) => chat["dialog_with_user"] = render::person(person),
        }
        chat
    }
}

fn asked(call: &Call) -> Result<Chat, Refusal> {
    let id = call.path.get(1).and_then(|id| id.parse().ok());
    id.and_then(Chat::find).ok_or_else(Refusal::no_chat)
}

pub(super) fn get(max: &Max, call: &Call) -> Answer {
    Ok(asked(call)?.told(&max.sandbox.inside().world))
}

/// The bot as a member; it may read everything but in the third group.
pub(super) fn membership(max: &Max, call: &Call) -> Answer {
    let chat = asked(call)?;
    let now = max.sandbox.now() * 1_000;
    let mut member = render::bot_info();
    let rights = match chat {
        Chat::Channel(_) => json!(["read_all_messages", "write", "edit", "delete"]),
        Chat::Dialog(_) => Value::Null,
        Chat::Talk(_) if !chat.is_heard() => Value::Null,
        Chat::Talk(_) => json!(["read_all_messages", "write"]),
    };
    member["is_admin"] = rights.is_array().into();
    member["permissions"] = rights;
    member["is_owner"] = false.into();
    member["join_time"] = now.into();
    member["last_access_time"] = now.into();
    Ok(member)
}
