//! A network that an emulator plays.

use std::sync::{Mutex, PoisonError};

use molva_connectors::Session;
use molva_connectors::connector::BoxFuture;
use molva_emulators::{Kind, Seed};
use serde_json::{Value, json};

use super::{Stage, Start, of_long_ago};
use crate::reply_stores::google_key;
use crate::sandbox::Played;
use crate::world::Collector;

/// What is said first, for others to stand below it.
pub(crate) const ABOVE: &str = "Что нового у бренда?";

/// How a place is lost there.
#[derive(Clone, Copy)]
pub(crate) enum Lost {
    /// It is not: what was said meanwhile is told from it.
    Kept,
    /// The network forgets what it would have told.
    Forgotten,
    /// It is of so long ago that the network tells no more from it.
    Old(fn(&mut Value, i64)),
    /// It is of three days ago.
    LongAgo,
}

/// How an emulator is set up.
#[derive(Clone, Copy)]
pub(crate) struct Emulated {
    pub name: &'static str,
    pub settings: &'static [(&'static str, &'static str)],
    pub lost: Lost,
    /// So many things were said in the last five days.
    pub before: usize,
    /// What is no post, as somebody would say it.
    pub garbage: fn() -> String,
}

impl Emulated {
    pub(crate) fn new(name: &'static str, settings: &'static [(&'static str, &'static str)], lost: Lost) -> Self {
        Self { name, settings, lost, before: 0, garbage: || " ".to_owned() }
    }

    pub(crate) fn start(self) -> Start {
        Box::pin(async move {
            let played = Played::start(self.name).await;
            if self.before > 0 {
                let kinds = vec![Kind::Comment];
                played.seed(&Seed { items: self.before, span_s: 5 * 86_400, kinds, place: Some(1), ..Seed::default() });
            }
            let service_account = google_key(&played.base(), "robot@project.example");
            Some(Box::new(OnStage { of: self, played, service_account, above: Mutex::default() }) as Box<dyn Stage>)
        })
    }
}

struct OnStage {
    of: Emulated,
    played: Played,
    /// Google's keys name the address they are for.
    service_account: String,
    above: Mutex<Option<u64>>,
}

impl OnStage {
    fn below(&self, text: &str) -> u64 {
        let mut above = self.above.lock().unwrap_or_else(PoisonError::into_inner);
        let above = above.get_or_insert_with(|| self.played.say(Kind::Post, ABOVE, None));
        self.played.say(Kind::Comment, text, Some(*above))
    }
}

impl Stage for OnStage {
    /// With the emulator wherever an address is asked for.
    fn session(&self, collector: &Collector) -> Session {
        let base = self.played.base();
        let mut settings = vec![("url", base.as_str()), ("site_url", base.as_str())];
        settings.extend(self.of.settings);
        if self.of.name == "googleplay" {
            settings.push(("*service_account", &self.service_account));
        }
        self.played.session(&settings, collector)
    }

    fn say<'a>(&'a self, text: &'a str) -> BoxFuture<'a, String> {
        let id = self.below(text).to_string();
        Box::pin(async move { id })
    }

    fn edit<'a>(&'a self, id: &'a str, text: &'a str) -> BoxFuture<'a, ()> {
        Box::pin(async move {
            let id: u64 = id.parse().expect("a number");
            // Some tell the time of an edit in whole seconds.
            let said_at = self.played.sandbox.inside().world.find(1, id).map_or(0, |said| said.at);
            while self.played.sandbox.now() <= said_at {
                tokio::time::sleep(std::time::Duration::from_millis(20)).await;
            }
            self.played.edit(id, text);
        })
    }

    fn delete<'a>(&'a self, id: &'a str) -> BoxFuture<'a, ()> {
        self.played.delete(id.parse().expect("a number"));
        Box::pin(async {})
    }

    fn garbage(&self) -> BoxFuture<'_, ()> {
        self.below(&(self.of.garbage)());
        Box::pin(async {})
    }

    fn lose(&self, cursor: String) -> BoxFuture<'_, String> {
        let now = self.played.sandbox.now();
        let cursor = match self.of.lost {
            Lost::Kept => cursor,
            Lost::Forgotten => {
                self.played.sandbox.inside().world.forget();
                cursor
            }
            Lost::Old(change) => {
                let mut told: Value = serde_json::from_str(&cursor).expect("JSON");
                change(&mut told, now);
                told.to_string()
            }
            Lost::LongAgo => of_long_ago(&cursor, now),
        };
        Box::pin(async move { cursor })
    }

    fn limits_exceeded(&self) -> u64 {
        self.played.sandbox.inside().counts.limits_exceeded
    }
}

/// So many days before, in a cursor of a network that lists the newest first: read and looked at last.
pub(crate) fn days_before(cursor: &mut Value, now: i64, days: i64) {
    let then = now - days * 86_400;
    (cursor["newest"], cursor["looked"], cursor["ids"], cursor["next_at_ms"]) =
        (json!(then), json!(then), json!([]), json!(0));
}
