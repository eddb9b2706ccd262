//! Numbers as Meta's: long, and telling by their size what they are of.

use crate::world::{FIRST_PERSON, PEOPLE, PLACES};

const PAGE: u64 = 104_000_000_000_000;
const THING: u64 = 122_000_000_000_000;
const ACCOUNT: u64 = 17_841_400_000_000_000;
const MEDIA: u64 = 17_900_000_000_000_000;
const PERSON: u64 = 7_000_000_000_000_000;
/// Things of one community.
const ROOM: u64 = 1_000_000_000;

/// What a number names.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Node {
    Page(u64),
    /// A post, a comment or a review on Facebook.
    Thing {
        place: u64,
        id: u64,
    },
    /// An Instagram account.
    Account(u64),
    /// Media or a comment on Instagram.
    Media {
        place: u64,
        id: u64,
    },
    Person(u64),
}

pub(super) fn page(place: u64) -> String {
    (PAGE + place).to_string()
}

pub(super) fn account(place: u64) -> String {
    (ACCOUNT + place).to_string()
}

pub(super) fn person(person: u64) -> String {
    (PERSON + person).to_string()
}

pub(super) fn thing(place: u64, id: u64) -> String {
    (THING + place * ROOM + id).to_string()
}

pub(super) fn media(place: u64, id: u64) -> String {
    (MEDIA + place * ROOM + id).to_string()
}

impl Node {
    /// Of two numbers that are joined the last one counts.
    pub(super) fn of(text: &str) -> Option<Self> {
        let number: u64 = text.rsplit('_').next()?.parse().ok()?;
        let within = |first: u64, most: u64| number.checked_sub(first).filter(|rest| *rest < most);
        let split = |rest: u64| (rest / ROOM, rest % ROOM);
        if let Some(rest) = within(MEDIA, ROOM * (PLACES + 1)) {
            let (place, id) = split(rest);
            return Some(Self::Media { place, id });
        }
        if let Some(rest) = within(THING, ROOM * (PLACES + 1)) {
            let (place, id) = split(rest);
            return Some(Self::Thing { place, id });
        }
        let place = |first| within(first, PLACES + 1).filter(|place| *place > 0);
        let somebody = within(PERSON, FIRST_PERSON + PEOPLE).filter(|person| *person >= FIRST_PERSON);
        place(PAGE).map(Self::Page).or(place(ACCOUNT).map(Self::Account)).or(somebody.map(Self::Person))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_tells_what_it_is_of() {
        assert_eq!(Node::of(&page(2)), Some(Node::Page(2)));
        assert_eq!(Node::of(&format!("{}_{}", page(2), thing(2, 7))), Some(Node::Thing { place: 2, id: 7 }));
        assert_eq!(Node::of(&account(3)), Some(Node::Account(3)));
        assert_eq!(Node::of(&media(1, 9)), Some(Node::Media { place: 1, id: 9 }));
        assert_eq!(Node::of(&person(1_005)), Some(Node::Person(1_005)));
        assert_eq!((Node::of("7"), Node::of("x"), Node::of(&page(4))), (None, None, None));
    }
}
