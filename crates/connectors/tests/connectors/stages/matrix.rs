//! A room on a real Synapse.

use std::sync::Arc;

use molva_connectors::Session;
use molva_connectors::connector::BoxFuture;
use serde_json::{Value, json};

use super::{Stage, Start};
use crate::matrix_server::{Person, synapse};
use crate::support::{self, Recorder};
use crate::world::Collector;

struct Room {
    server: String,
    anna: Person,
    ours: Person,
    id: String,
}

impl Stage for Room {
    fn session(&self, collector: &Collector) -> Session {
        let settings = [("homeserver", self.server.as_str()), ("rooms", &self.id)];
        let session = support::session(&settings, Some(&self.ours.token), None, &Recorder::default());
        Session { delivery: Arc::new(collector.clone()), ..session }
    }

    fn say<'a>(&'a self, text: &'a str) -> BoxFuture<'a, String> {
        Box::pin(self.anna.say(&self.id, text))
    }

    fn edit<'a>(&'a self, id: &'a str, text: &'a str) -> BoxFuture<'a, ()> {
        Box::pin(async move { drop(self.anna.edit(&self.id, id, text).await) })
    }

    fn delete<'a>(&'a self, id: &'a str) -> BoxFuture<'a, ()> {
        Box::pin(self.anna.remove(&self.id, id))
    }

    fn garbage(&self) -> BoxFuture<'_, ()> {
        Box::pin(async move { drop(self.anna.say(&self.id, " ").await) })
    }

    /// The server does not know the place it once named.
    fn lose(&self, cursor: String) -> BoxFuture<'_, String> {
        let mut told: Value = serde_json::from_str(&cursor).expect("JSON");
        told["since"] = json!("no_such_place");
        Box::pin(async move { told.to_string() })
    }
}

pub(crate) fn matrix() -> Start {
    Box::pin(async {
        let server = synapse()?;
        let (anna, ours) = (Person::writer(&server, "Анна").await, Person::new(&server, "molva").await);
        let id = anna.room("Связь", true, &[]).await;
        ours.join(&id).await;
        Some(Box::new(Room { server, anna, ours, id }) as Box<dyn Stage>)
    })
}
