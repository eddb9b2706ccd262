//! An honest demo: a seeded stream of invented posts about invented companies, for a first look and for tests.
//!
//! A pure function of seed, volume and time; does no I/O and keeps no state. Every name in it is made up, every address
//! is below `demo.example`, every URN says `demo`. It knows nothing of queries or storage.
//!
//! Start with [`plan`]: what each minute holds; then [`write`]: how a plan becomes a post. The words lie in plain tables,
//! one folder a language: [`ru`], [`uk`], [`en`]; their notation is explained in [`grammar`].

mod author;
mod dice;
mod en;
mod grammar;
mod label;
mod outage;
mod plan;
mod rhythm;
mod ru;
mod style;
mod uk;
mod words;
mod world;
mod write;

#[cfg(test)]
mod tests;

use molva_domain::{Post, Timestamp};

pub use label::{Intent, Label};

use crate::outage::Outage;
use crate::plan::{Slot, Stream};
use crate::rhythm::CELL_SECONDS;

/// Makes the posts of a stretch of time. The same seed, volume and stretch give the same posts, whoever asks.
#[derive(Clone, Debug)]
pub struct DemoStream {
    stream: Stream,
}

impl DemoStream {
    /// `posts_per_day` is the mean over a day of the demo's clock.
    #[must_use]
    pub fn new(seed: u64, posts_per_day: u32) -> Self {
        let key = dice::mix(dice::mix(0x6D6F_6C76_6161, seed), u64::from(posts_per_day));
        Self { stream: Stream { key, posts_per_day: f64::from(posts_per_day) } }
    }

    /// All posts published in `[from, to)`, oldest first. `fetched_at` equals `published_at`; the caller sets it.
    #[must_use]
    pub fn between(&self, from: Timestamp, to: Timestamp) -> Vec<Post> {
        self.labelled_between(from, to).into_iter().map(|(post, _)| post).collect()
    }

    /// The same posts with what the generator meant by each, for tests and evaluations.
    #[must_use]
    pub fn labelled_between(&self, from: Timestamp, to: Timestamp) -> Vec<(Post, Label)> {
        let mut posts = Vec::new();
        if from >= to {
            return posts;
        }
        let last = to.as_secs().div_euclid(CELL_SECONDS);
        for cell in from.as_secs().div_euclid(CELL_SECONDS)..=last {
            let inside = |at: Timestamp| from <= at && at < to;
            let start = posts.len();
            for index in 0..self.stream.slots(cell) {
                let slot = Slot { cell, index };
                if inside(self.stream.time_of(slot)) {
                    posts.push(self.stream.write(self.stream.plan(slot)));
                }
            }
            for outage in Outage::around(self.stream.key, cell, self.stream.posts_per_day) {
                let first = posts.len();
                self.stream.write_outage(&outage, cell, &mut posts);
                let told = posts.split_off(first);
                posts.extend(told.into_iter().filter(|(post, _)| inside(post.published_at)));
            }
            posts[start..].sort_by(|(a, _), (b, _)| (a.published_at, &a.urn).cmp(&(b.published_at, &b.urn)));
        }
        posts
    }

    /// Brands of the demo with what they are, for the first-run page: `("Звенора", "telecom operator")`, …
    #[must_use]
    pub fn brands() -> &'static [(&'static str, &'static str)] {
        const NAMES: [(&str, &str); world::BRANDS.len()] = {
            let mut names = [("", ""); world::BRANDS.len()];
            let mut index = 0;
            while index < names.len() {
                names[index] = (world::BRANDS[index].0, world::BRANDS[index].1);
                index += 1;
            }
            names
        };
        &NAMES
    }
}
