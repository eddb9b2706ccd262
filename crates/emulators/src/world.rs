//! An invented world: a few communities, people who write in them, and what was written, changed and removed, in order.

use std::collections::{BTreeMap, HashMap};
use std::time::Duration;

use molva_demo_stream::DemoStream;
use molva_domain::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::Value;

/// Communities there are, numbered from 1.
pub const PLACES: u64 = 3;
/// People there are, numbered from [`FIRST_PERSON`].
pub const PEOPLE: u64 = 64;
pub const FIRST_PERSON: u64 = 1_001;

const FIRST_NAMES: [&str; 8] = ["Анна", "Борис", "Вера", "Глеб", "Дарья", "Егор", "Жанна", "Захар"];
const LAST_NAMES: [&str; 8] = ["Белых", "Вольных", "Гладких", "Долгих", "Земских", "Косых", "Мягких", "Седых"];
/// Posts of a day in the stream that texts are taken from.
const TEXTS_A_DAY: u32 = 20_000;
/// New comments go under one of the latest so many posts.
const LIVELY_POSTS: usize = 24;

/// What was written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    /// By the community, on its wall or in its channel.
    Post,
    /// Under a post.
    Comment,
    /// Where one discusses; its text is the title.
    Topic,
    TopicComment,
    /// To the community, in private.
    Message,
}

/// Who wrote it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Who {
    Person(u64),
    /// The community itself.
    Place,
}

/// Something said.
#[derive(Clone, Debug)]
pub struct Said {
    pub place: u64,
    /// Unique in its place, whatever the kind.
    pub id: u64,
    /// Unique in the world; what was said later has a greater one.
    pub number: u64,
    pub kind: Kind,
    pub who: Who,
    /// Unix seconds.
    pub at: i64,
    pub text: String,
    /// The post or topic it stands under; the person a private message belongs to.
    pub under: Option<u64>,
    /// The comment or message it answers.
    pub answers: Option<u64>,
    pub edited_at: Option<i64>,
    pub deleted: bool,
    /// The text in small letters, for searches.
    pub(crate) folded: String,
}

/// What happened to something said.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum What {
    New,
    Edited,
    Deleted,
}

/// An entry of the world's log. Its number is one more than its place there.
#[derive(Clone, Copy, Debug)]
pub struct Event {
    pub what: What,
    /// Which, for [`World::said`].
    pub index: usize,
}

/// How much to invent.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Seed {
    pub items: usize,
    pub seed: u64,
    /// They are spread over this long, up to now.
    pub span_s: u32,
    pub kinds: Vec<Kind>,
    /// Only there.
    pub place: Option<u64>,
}

impl Default for Seed {
    fn default() -> Self {
        let kinds = vec![Kind::Post, Kind::Comment, Kind::TopicComment, Kind::Message];
        Self { items: 200, seed: 1, span_s: 86_400, kinds, place: None }
    }
}

/// The world.
#[derive(Debug, Default)]
pub struct World {
    said: Vec<Said>,
    by_id: HashMap<(u64, u64), usize>,
    by_kind: HashMap<(u64, Kind), Vec<usize>>,
    by_under: HashMap<(u64, u64), Vec<usize>>,
    last_ids: BTreeMap<u64, u64>,
    events: Vec<Event>,
    /// Events before this number are no longer told.
    forgotten: usize,
    /// Replies by key, so that the second of a kind makes nothing new.
    by_key: HashMap<String, usize>,
    /// Files beside what was said, by its number.
    attached: HashMap<u64, Vec<Value>>,
}

/// What is to be said; see [`World::say`].
#[derive(Clone, Debug)]
pub struct Saying {
    pub place: u64,
    pub kind: Kind,
    pub who: Who,
    pub text: String,
    pub under: Option<u64>,
    pub answers: Option<u64>,
}

impl World {
    /// Says it at that second, and gives its id.
    pub fn say(&mut self, saying: Saying, at: i64) -> u64 {
        let last = self.last_ids.entry(saying.place).or_default();
        *last += 1;
        let id = *last;
        let index = self.said.len();
        self.by_id.insert((saying.place, id), index);
        let Saying { place, kind, who, text, under, answers } = saying;
        self.by_kind.entry((place, kind)).or_default().push(index);
        if let Some(under) = under {
            self.by_under.entry((place, under)).or_default().push(index);
        }
        let folded = text.to_lowercase();
        let number = index as u64 + 1;
        let said =
            Said { place, id, number, kind, who, at, text, under, answers, edited_at: None, deleted: false, folded };
        self.said.push(said);
        self.events.push(Event { what: What::New, index });
        id
    }

    /// The same, unless something was said with that key: then its id, and `false`.
    pub fn say_once(&mut self, key: &str, saying: Saying, at: i64) -> (u64, bool) {
        if let Some(index) = self.by_key.get(key) {
            return (self.said[*index].id, false);
        }
        self.by_key.insert(key.to_owned(), self.said.len());
        (self.say(saying, at), true)
    }

    /// Puts files beside something, as its network tells of them. What is there stays.
    pub(crate) fn attach(&mut self, place: u64, id: u64, files: Vec<Value>) {
        if let Some(index) = self.by_id.get(&(place, id)).filter(|_| !files.is_empty()) {
            self.attached.entry(self.said[*index].number).or_insert(files);
        }
    }

    /// The files beside it.
    #[must_use]
    pub fn attached(&self, said: &Said) -> &[Value] {
        self.attached.get(&said.number).map_or(&[], Vec::as_slice)
    }

    /// Changes its text; `false` when there is no such thing.
    pub fn edit(&mut self, place: u64, id: u64, text: &str, at: i64) -> bool {
        let Some(index) = self.by_id.get(&(place, id)).copied() else { return false };
        text.clone_into(&mut self.said[index].text);
        self.said[index].folded = text.to_lowercase();
        self.said[index].edited_at = Some(at);
        self.events.push(Event { what: What::Edited, index });
        true
    }

    /// Removes it; `false` when there is no such thing.
    pub fn delete(&mut self, place: u64, id: u64) -> bool {
        let Some(index) = self.by_id.get(&(place, id)).copied() else { return false };
        self.said[index].deleted = true;
        self.events.push(Event { what: What::Deleted, index });
        true
    }

    /// Something said there, also when it was removed.
    #[must_use]
    pub fn find(&self, place: u64, id: u64) -> Option<&Said> {
        self.by_id.get(&(place, id)).map(|index| &self.said[*index])
    }

    /// By its number in the world, also when it was removed.
    #[must_use]
    pub fn numbered(&self, number: u64) -> Option<&Said> {
        self.said.get(usize::try_from(number.checked_sub(1)?).ok()?)
    }

    /// Everything in the order it was said, without what was removed.
    pub fn all(&self) -> impl DoubleEndedIterator<Item = &Said> {
        self.said.iter().filter(|said| !said.deleted)
    }

    /// What is of that kind in a community, in the order it was said, without what was removed.
    pub fn of(&self, place: u64, kind: Kind) -> impl DoubleEndedIterator<Item = &Said> + Clone {
        let indexes = self.by_kind.get(&(place, kind)).map_or(&[][..], Vec::as_slice);
        indexes.iter().map(|index| &self.said[*index]).filter(|said| !said.deleted)
    }

    /// What stands under something in a community, as [`Self::of`].
    pub fn under(&self, place: u64, id: u64) -> impl DoubleEndedIterator<Item = &Said> + Clone {
        let indexes = self.by_under.get(&(place, id)).map_or(&[][..], Vec::as_slice);
        indexes.iter().map(|index| &self.said[*index]).filter(|said| !said.deleted)
    }

    /// What an event is about.
    #[must_use]
    pub fn said(&self, event: Event) -> &Said {
        &self.said[event.index]
    }

    /// The number of the newest event.
    #[must_use]
    pub fn newest(&self) -> usize {
        self.events.len()
    }

    /// Events after a number, each with its own; `None` when some of them are forgotten or to come.
    pub fn events_after(&self, number: usize) -> Option<impl Iterator<Item = (usize, Event)>> {
        let known = (self.forgotten..=self.events.len()).contains(&number);
        known.then(|| (number + 1..).zip(self.events[number..].iter().copied()))
    }

    /// The log begins anew: what happened so far is not told to those who missed it.
    pub fn forget(&mut self) {
        self.forgotten = self.events.len();
    }

    /// Invents what [`Seed`] asks for, up to `now`.
    pub fn seed(&mut self, seed: &Seed, now: i64) {
        let kinds: Vec<Kind> = seed.kinds.iter().copied().filter(|kind| *kind != Kind::Topic).collect();
        let from = now - i64::from(seed.span_s);
        let items = i64::try_from(seed.items.max(1)).unwrap_or(i64::MAX);
        for (number, text) in texts(seed.seed, seed.items).into_iter().enumerate() {
            let mut dice = Dice::new(seed.seed, number as u64);
            let at = from + i64::from(seed.span_s) * (i64::try_from(number).unwrap_or(0) + 1) / items;
            let place = seed.place.unwrap_or_else(|| 1 + dice.below(PLACES));
            let kind = kinds.get(dice.index(kinds.len())).copied().unwrap_or(Kind::Post);
            let person = FIRST_PERSON + dice.below(PEOPLE);
            self.invent(place, kind, person, text, at, &mut dice);
        }
    }

    fn invent(&mut self, place: u64, kind: Kind, person: u64, text: String, at: i64, dice: &mut Dice) {
        let mut saying = Saying { place, kind, who: Who::Person(person), text, under: None, answers: None };
        match kind {
            Kind::Post | Kind::Topic => saying.who = Who::Place,
            Kind::Message => saying.under = Some(person),
            Kind::Comment | Kind::TopicComment => {
                let wanted = if kind == Kind::Comment { Kind::Post } else { Kind::Topic };
                let above: Vec<u64> = self.of(place, wanted).rev().take(LIVELY_POSTS).map(|said| said.id).collect();
                let under = match above.get(dice.index(above.len())) {
                    Some(id) if wanted == Kind::Post || above.len() == 3 => *id,
                    _ => {
                        let text = if wanted == Kind::Topic {
                            "Вопросы и ответы"
                        } else {
                            "Что нового?"
                        }
                        .to_owned();
                        let first = Saying { kind: wanted, who: Who::Place, text, ..saying.clone() };
                        self.say(first, at)
                    }
                };
                saying.under = Some(under);
                if dice.below(3) == 0 {
                    let fellow = |said: &&Said| said.under == Some(under);
                    saying.answers = self.of(place, kind).rev().take(400).find(fellow).map(|said| said.id);
                }
            }
        }
        self.say(saying, at);
    }
}

fn texts(seed: u64, count: usize) -> Vec<String> {
    let stream = DemoStream::new(seed, TEXTS_A_DAY);
    // Any day will do: the times are the world's own.
    let mut from = Timestamp::from_secs(1_772_323_200);
    let mut texts = Vec::with_capacity(count);
    while texts.len() < count {
        let to = from.plus(Duration::from_secs(3_600));
        texts.extend(stream.between(from, to).into_iter().map(|post| post.text).take(count - texts.len()));
        from = to;
    }
    texts
}

/// First and last name.
#[must_use]
pub fn name_of(person: u64) -> (&'static str, &'static str) {
    let number = usize::try_from(person).unwrap_or(0);
    (FIRST_NAMES[number % 8], LAST_NAMES[number / 8 % 8])
}

/// What a community is called: a brand of the demo.
#[must_use]
pub fn title_of(place: u64) -> &'static str {
    let brands = DemoStream::brands();
    brands[usize::try_from(place).unwrap_or(0) % brands.len()].0
}

/// What people write of there, so that whoever tries a topic knows what it could find.
pub fn spoken_of() -> impl Iterator<Item = &'static str> {
    DemoStream::brands().iter().map(|(name, _)| *name)
}

/// Numbers that are the same for the same seed (SplitMix64).
struct Dice(u64);

impl Dice {
    fn new(seed: u64, number: u64) -> Self {
        Self(seed.wrapping_mul(0x9E37_79B9_7F4A_7C15).wrapping_add(number.wrapping_mul(0xBF58_476D_1CE4_E5B9)))
    }

    fn below(&mut self, end: u64) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        (mixed ^ (mixed >> 31)) % end.max(1)
    }

    fn index(&mut self, length: usize) -> usize {
        usize::try_from(self.below(length as u64)).unwrap_or(0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_same_seed_invents_the_same_world_and_everything_stands_somewhere() {
        let invented = || {
            let mut world = World::default();
            world.seed(&Seed { items: 500, ..Seed::default() }, 1_772_366_400);
            world
        };
        let (one, two) = (invented(), invented());
        let told = |world: &World| world.all().map(|said| (said.place, said.id, said.text.clone())).collect::<Vec<_>>();
        assert_eq!(told(&one), told(&two));
        assert!(one.all().count() >= 500 && one.newest() == one.all().count());
        for said in one.all() {
            let above = said.under.filter(|_| said.kind != Kind::Message).map(|id| one.find(said.place, id));
            let kind = above.flatten().map(|above| above.kind);
            let expected = match said.kind {
                Kind::Comment => Some(Kind::Post),
                Kind::TopicComment => Some(Kind::Topic),
                Kind::Post | Kind::Topic | Kind::Message => None,
            };
            assert_eq!(kind, expected, "{said:?}");
        }
    }

    #[test]
    fn what_was_missed_is_told_until_it_is_forgotten() {
        let mut world = World::default();
        world.seed(&Seed { items: 5, kinds: vec![Kind::Post], ..Seed::default() }, 1_772_366_400);
        let place = world.all().next().map(|said| (said.place, said.id)).expect("a post");
        assert!(world.delete(place.0, place.1) && !world.delete(9, 9));
        let after = |world: &World, number| {
            world.events_after(number).map(|events| events.map(|(number, event)| (number, event.what)).collect())
        };
        assert_eq!(after(&world, 4), Some(vec![(5, What::New), (6, What::Deleted)]));
        world.forget();
        assert_eq!((after(&world, 4), after(&world, 6), after(&world, 7)), (None, Some(Vec::new()), None));
    }
}
