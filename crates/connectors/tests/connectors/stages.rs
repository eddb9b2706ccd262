//! Networks as the contract test plays them: what is said, changed and taken away there, and how a place is lost. By their emulators where
//! there are such, by stand-ins of a page or two, or by real servers where one is started for the tests.

mod bluesky;
mod board;
mod emulated;
mod feed;
mod hacker_news;
mod mail;
mod mastodon;
mod matrix;
mod wordpress;

use molva_connectors::Session;
use molva_connectors::connector::BoxFuture;

use crate::world::Collector;

pub(crate) use emulated::{ABOVE, Emulated, Lost, days_before};

/// A network.
pub(crate) trait Stage: Send + Sync {
    fn session(&self, collector: &Collector) -> Session;

    /// Somebody says it; what it is called there.
    fn say<'a>(&'a self, text: &'a str) -> BoxFuture<'a, String>;

    fn edit<'a>(&'a self, id: &'a str, text: &'a str) -> BoxFuture<'a, ()>;

    fn delete<'a>(&'a self, id: &'a str) -> BoxFuture<'a, ()>;

    /// Says something that nobody can take for a post.
    fn garbage(&self) -> BoxFuture<'_, ()>;

    /// The place in the stream is lost, as that can happen there, while nobody listens: the cursor to go on with.
    fn lose(&self, cursor: String) -> BoxFuture<'_, String>;

    /// Limits that were broken.
    fn limits_exceeded(&self) -> u64 {
        0
    }
}

/// A stage that is set up; `None` where its server is not there.
pub(crate) type Start = BoxFuture<'static, Option<Box<dyn Stage>>>;

pub(crate) use bluesky::bluesky;
pub(crate) use feed::feed;
pub(crate) use hacker_news::hacker_news;
pub(crate) use mail::mail;
pub(crate) use mastodon::mastodon;
pub(crate) use matrix::matrix;
pub(crate) use wordpress::wordpress;

/// A cursor of a network that lists the newest first, as of three days ago.
fn of_long_ago(cursor: &str, now: i64) -> String {
    let mut told: serde_json::Value = serde_json::from_str(cursor).expect("JSON");
    if told.get("walk").is_some() {
        (told["newest"], told["ids"], told["next_at_ms"]) =
            ((now - 3 * 86_400).into(), serde_json::json!([]), 0.into());
    }
    told.to_string()
}
