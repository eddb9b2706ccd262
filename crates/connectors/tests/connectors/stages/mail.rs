//! A mailbox on a real Dovecot.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use molva_connectors::Session;
use molva_connectors::connector::BoxFuture;

use super::{Stage, Start};
use crate::mail_server::{ALL, Servers, letter, servers, unique};
use crate::support::Recorder;
use crate::world::Collector;

const MAILBOX: &str = "Contract";

struct Mailbox {
    servers: Servers,
    user: String,
    /// Everything that was put there.
    letters: Mutex<Vec<String>>,
}

impl Mailbox {
    fn letters(&self) -> MutexGuard<'_, Vec<String>> {
        self.letters.lock().unwrap_or_else(PoisonError::into_inner)
    }

    async fn put(&self, id: &str, headers: &str, text: &str) {
        let letter = letter("anna@example.test", id, headers, text);
        self.letters().push(letter.clone());
        self.servers.imap(&self.user).await.append(MAILBOX, &[letter]).await;
    }
}

impl Stage for Mailbox {
    fn session(&self, collector: &Collector) -> Session {
        let settings = [ALL, ("mailbox", MAILBOX)];
        let session = self.servers.session(&self.user, &settings, None, &Recorder::default());
        Session { delivery: Arc::new(collector.clone()), ..session }
    }

    fn say<'a>(&'a self, text: &'a str) -> BoxFuture<'a, String> {
        Box::pin(async move {
            let id = format!("{}@contract", unique());
            self.put(&id, "", text).await;
            id
        })
    }

    fn edit<'a>(&'a self, _id: &'a str, _text: &'a str) -> BoxFuture<'a, ()> {
        unreachable!("a letter does not change")
    }

    fn delete<'a>(&'a self, _id: &'a str) -> BoxFuture<'a, ()> {
        unreachable!("what was written was written")
    }

    fn garbage(&self) -> BoxFuture<'_, ()> {
        Box::pin(async move { self.put(&format!("{}@bulk", unique()), "Precedence: bulk", "акция").await })
    }

    /// The mailbox is made anew, with the same letters in it.
    fn lose(&self, cursor: String) -> BoxFuture<'_, String> {
        Box::pin(async move {
            let mut imap = self.servers.imap(&self.user).await;
            imap.ask(&format!("DELETE {MAILBOX}")).await;
            // Numbers of mailboxes are seconds on this server.
            tokio::time::sleep(Duration::from_millis(1_100)).await;
            imap.ask(&format!("CREATE {MAILBOX}")).await;
            let letters = self.letters().clone();
            imap.append(MAILBOX, &letters).await;
            cursor
        })
    }
}

pub(crate) fn mail() -> Start {
    Box::pin(async {
        let mailbox = Mailbox { servers: servers()?, user: format!("contract{}", unique()), letters: Mutex::default() };
        mailbox.servers.imap(&mailbox.user).await.ask(&format!("CREATE {MAILBOX}")).await;
        Some(Box::new(mailbox) as Box<dyn Stage>)
    })
}
