//! What forums show of the world, whatever their program: a post of a community begins a topic, comments are the posts below it.

use crate::world::{Kind, PLACES, Said, Who, World};

/// The post of that number, also when it was removed.
pub(crate) fn find(world: &World, number: u64) -> Option<&Said> {
    world.numbered(number).filter(|said| matches!(said.kind, Kind::Post | Kind::Comment))
}

/// The first post of the topic it stands in, whose number is the topic's.
pub(crate) fn first<'a>(world: &'a World, said: &'a Said) -> &'a Said {
    let above = said.under.filter(|_| said.kind == Kind::Comment);
    above.and_then(|under| world.find(said.place, under)).unwrap_or(said)
}

/// What it answers, where that is not simply the topic.
pub(crate) fn answered<'a>(world: &'a World, said: &Said) -> Option<&'a Said> {
    world.find(said.place, said.answers?)
}

/// The posts of a topic in order, without what was removed.
pub(crate) fn posts<'a>(world: &'a World, first: &'a Said) -> impl Iterator<Item = &'a Said> {
    let below = world.under(first.place, first.id).filter(|said| said.kind == Kind::Comment);
    std::iter::once(first).filter(|said| !said.deleted).chain(below)
}

/// Its place in the topic, from 1.
pub(crate) fn place_in_topic(said: &Said) -> u64 {
    match said.kind {
        Kind::Post => 1,
        // What was removed keeps its number: ids of a place grow, so that they can stand for it.
        _ => said.id - said.under.unwrap_or(0) + 1,
    }
}

/// Everything, the newest first.
pub(crate) fn newest(world: &World) -> impl Iterator<Item = &Said> {
    world.all().rev().filter(|said| matches!(said.kind, Kind::Post | Kind::Comment))
}

/// The number of whoever wrote it; communities come before people.
pub(crate) fn author(said: &Said) -> u64 {
    match said.who {
        Who::Person(person) => person,
        Who::Place => said.place,
    }
}

pub(crate) fn name(author: u64) -> String {
    if author <= PLACES { format!("place{author}_team") } else { format!("person{author}") }
}
