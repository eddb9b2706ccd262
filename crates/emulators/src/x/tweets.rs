//! What was said in the world, as posts: ids, versions, words.

use std::collections::{BTreeMap, HashMap};

use serde_json::Value;

use crate::world::{Kind, PLACES, Said, What, Who, World};

/// When X's ids begin, in Unix milliseconds.
const EPOCH_MS: i64 = 1_288_834_974_657;

/// The id of something that was said or changed at that moment.
pub(super) fn id_at(ms: i64, place: u64, id: u64) -> u64 {
    least(ms) | ((place & 3) << 20) | (id & 0xF_FFFF)
}

/// The least id of a moment.
pub(super) fn least(ms: i64) -> u64 {
    u64::try_from(ms - EPOCH_MS).unwrap_or(0) << 22
}

/// When a post of that id was made, in Unix milliseconds.
pub(super) fn made_ms(id: u64) -> i64 {
    i64::try_from(id >> 22).unwrap_or(0) + EPOCH_MS
}

/// A post.
#[derive(Clone, Debug)]
pub(super) struct Tweet {
    pub place: u64,
    pub said: u64,
    /// Ids, the first version first.
    pub versions: Vec<u64>,
    pub author: u64,
    pub text: String,
    /// In small letters.
    pub words: Vec<String>,
    /// The post it answers.
    pub above: Option<u64>,
    /// The post it begins with.
    pub root: u64,
    pub deleted: bool,
    /// What it shows.
    pub media: Vec<Value>,
}

impl Tweet {
    pub(super) fn id(&self) -> u64 {
        self.versions.last().copied().unwrap_or(0)
    }

    fn set_text(&mut self, text: String) {
        self.words = words(&text);
        self.text = text;
    }
}

/// Letters, digits and `_` stand together.
pub(super) fn words(text: &str) -> Vec<String> {
    let lower = text.to_lowercase();
    let pieces = lower.split(|letter: char| !(letter.is_alphanumeric() || letter == '_'));
    pieces.filter(|word| !word.is_empty()).map(str::to_owned).collect()
}

/// What X calls somebody.
pub(super) fn username(id: u64) -> String {
    if id <= PLACES { format!("brand{id}") } else { format!("person{id}") }
}

/// All posts.
#[derive(Debug, Default)]
pub(super) struct Tweets {
    all: Vec<Tweet>,
    by_said: HashMap<(u64, u64), usize>,
    /// Every version.
    by_id: BTreeMap<u64, usize>,
    /// Events that were read.
    read: usize,
    /// What became new or another version, in order.
    news: Vec<u64>,
}

impl Tweets {
    pub(super) fn catch_up(&mut self, world: &World) {
        let Some(events) = world.events_after(self.read) else {
            self.read = world.newest();
            return;
        };
        for (number, event) in events {
            self.read = number;
            let said = world.said(event);
            if !matches!(said.kind, Kind::Post | Kind::Comment | Kind::TopicComment) {
                continue;
            }
            match event.what {
                What::New => self.add(said, world.attached(said).to_vec()),
                What::Edited => self.edit(said),
                What::Deleted => {
                    if let Some(index) = self.by_said.get(&(said.place, said.id)) {
                        self.all[*index].deleted = true;
                    }
                }
            }
        }
    }

    fn add(&mut self, said: &Said, media: Vec<Value>) {
        let id = id_at(said.at * 1_000, said.place, said.id);
        let above = match said.kind {
            Kind::Comment => said.answers.or(said.under),
            _ => said.answers,
        };
        let above = above.and_then(|above| self.by_said.get(&(said.place, above)).copied());
        let author = match said.who {
            Who::Person(person) => person,
            Who::Place => said.place,
        };
        let mut tweet = Tweet {
            place: said.place,
            said: said.id,
            versions: vec![id],
            author,
            text: String::new(),
            words: Vec::new(),
            above: above.map(|above| self.all[above].versions[0]),
            root: above.map_or(id, |above| self.all[above].root),
            deleted: said.deleted,
            media,
        };
        tweet.set_text(self.text(said, above));
        self.by_said.insert((said.place, said.id), self.all.len());
        self.by_id.insert(id, self.all.len());
        self.all.push(tweet);
        self.news.push(id);
    }

    /// Answers begin with the name of who is answered.
    fn text(&self, said: &Said, above: Option<usize>) -> String {
        match above.map(|above| format!("@{}", username(self.all[above].author))) {
            Some(name) if !said.text.starts_with(&name) => format!("{name} {}", said.text),
            _ => said.text.clone(),
        }
    }

    fn edit(&mut self, said: &Said) {
        let Some(index) = self.by_said.get(&(said.place, said.id)).copied() else { return };
        let above = self.all[index].above.and_then(|above| self.by_id.get(&above).copied());
        let text = self.text(said, above);
        let revision = i64::try_from(self.all[index].versions.len()).unwrap_or(0);
        let id = id_at(said.edited_at.unwrap_or(said.at) * 1_000 + revision, said.place, said.id);
        let tweet = &mut self.all[index];
        tweet.set_text(text);
        tweet.versions.push(id);
        self.by_id.insert(id, index);
        self.news.push(id);
    }

    /// A post by the id of any version, also when it was deleted.
    pub(super) fn find(&self, id: u64) -> Option<&Tweet> {
        self.by_id.get(&id).map(|index| &self.all[*index])
    }

    /// A post by what was said in the world.
    pub(super) fn of_said(&self, place: u64, said: u64) -> Option<&Tweet> {
        self.by_said.get(&(place, said)).map(|index| &self.all[*index])
    }

    /// Posts with ids in between, both exclusive, the newest first; each by its newest version.
    pub(super) fn between(&self, since: u64, until: u64) -> impl Iterator<Item = &Tweet> {
        let range = (since < until).then(|| self.by_id.range(since + 1..until).rev());
        let found = range.into_iter().flatten().map(|(id, index)| (*id, &self.all[*index]));
        found.filter(|(id, tweet)| !tweet.deleted && tweet.id() == *id).map(|(_, tweet)| tweet)
    }

    /// How many came to be.
    pub(super) fn newest(&self) -> usize {
        self.news.len()
    }

    /// What came to be after so many, at most so many.
    pub(super) fn news(&self, after: usize, most: usize) -> &[u64] {
        let after = after.min(self.news.len());
        &self.news[after..self.news.len().min(after.saturating_add(most))]
    }

    /// Answers to a post.
    pub(super) fn answers(&self, id: u64) -> usize {
        self.all.iter().rev().take(2_000).filter(|tweet| tweet.above == Some(id) && !tweet.deleted).count()
    }
}
