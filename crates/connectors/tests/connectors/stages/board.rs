//! What is said on a stand-in, and a stage for those that need no more than that.

use std::net::SocketAddr;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use axum::Router;
use molva_connectors::Session;
use molva_connectors::connector::BoxFuture;
use molva_connectors::http::{HttpClient, HttpLimits};
use molva_domain::{Clock as _, Timestamp};

use super::Stage;
use crate::world::{Collector, FastClock, serve, session};

/// Something said.
#[derive(Clone, Debug)]
pub(super) struct Said {
    /// By which its server calls it.
    pub id: u64,
    /// By which everybody does.
    pub key: u64,
    pub text: String,
    pub at: Timestamp,
    pub edited_at: Option<Timestamp>,
    pub gone: bool,
    /// No reader can take it for a post.
    pub broken: bool,
}

/// Everything that was said, and what happened to it, in order.
#[derive(Clone)]
pub(super) struct Board {
    inside: Arc<Mutex<Inside>>,
    clock: FastClock,
}

#[derive(Default)]
struct Inside {
    said: Vec<Said>,
    /// As it was then.
    log: Vec<Said>,
    forgotten: bool,
}

const FIRST: u64 = 1_001;

impl Board {
    fn new() -> Self {
        Self { inside: Arc::default(), clock: FastClock::new(1.0) }
    }

    fn inside(&self) -> MutexGuard<'_, Inside> {
        self.inside.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(super) fn now(&self) -> Timestamp {
        self.clock.now()
    }

    pub(super) fn say(&self, text: &str, broken: bool) -> u64 {
        let at = self.now();
        let mut inside = self.inside();
        let id = FIRST + inside.said.len() as u64;
        let said = Said { id, key: id, text: text.to_owned(), at, edited_at: None, gone: false, broken };
        inside.said.push(said.clone());
        inside.log.push(said);
        id
    }

    fn change(&self, id: &str, change: impl FnOnce(&mut Said)) {
        let mut inside = self.inside();
        let said = inside.said.iter_mut().find(|said| said.key.to_string() == id).expect("it was said");
        change(said);
        let said = said.clone();
        inside.log.push(said);
    }

    /// What is there, the newest first.
    pub(super) fn newest(&self) -> Vec<Said> {
        self.inside().said.iter().rev().filter(|said| !said.gone).cloned().collect()
    }

    /// What happened after so many events.
    pub(super) fn after(&self, events: usize) -> Vec<Said> {
        self.inside().log.get(events..).unwrap_or_default().to_vec()
    }

    /// The server is made anew: the same was said, and all of it is called otherwise.
    pub(super) fn renumber(&self) {
        for (number, said) in (1..).zip(&mut self.inside().said) {
            said.id = number;
        }
    }

    /// The server tells no more by numbers what it told before.
    pub(super) fn forget(&self) {
        self.inside().forgotten = true;
    }

    pub(super) fn is_forgotten(&self) -> bool {
        self.inside().forgotten
    }
}

/// How a place is lost.
pub(super) type Lose = fn(&Board, &str) -> String;

/// A stage around a board.
pub(super) struct Posted {
    board: Board,
    http: HttpClient,
    settings: Vec<(&'static str, String)>,
    scale: f64,
    lose: Lose,
}

impl Posted {
    /// `settings` come with `HOST` where the server's address is to stand.
    pub(super) async fn start(
        router: fn(Board) -> Router,
        settings: &[(&'static str, &str)],
        scale: f64,
        lose: Lose,
    ) -> Option<Box<dyn Stage>> {
        let board = Board::new();
        let address: SocketAddr = serve(router(board.clone())).await;
        Some(Self::at(board, address, settings, scale, lose))
    }

    pub(super) fn at(
        board: Board,
        address: SocketAddr,
        settings: &[(&'static str, &str)],
        scale: f64,
        lose: Lose,
    ) -> Box<dyn Stage> {
        let http = HttpLimits { allowed_private_hosts: vec![address.to_string()], ..HttpLimits::default() };
        let http = HttpClient::new(http);
        let settings = settings.iter().map(|(key, value)| (*key, value.replace("HOST", &address.to_string())));
        Box::new(Self { board, http, settings: settings.collect(), scale, lose })
    }

    pub(super) fn board() -> Board {
        Board::new()
    }
}

impl Stage for Posted {
    fn session(&self, collector: &Collector) -> Session {
        let settings: Vec<(&str, &str)> = self.settings.iter().map(|(key, value)| (*key, value.as_str())).collect();
        let mut session = session(self.http.clone(), self.scale, &settings, collector);
        session.clock = Arc::new(self.board.clock.clone());
        session
    }

    fn say<'a>(&'a self, text: &'a str) -> BoxFuture<'a, String> {
        Box::pin(async move { self.board.say(text, false).to_string() })
    }

    fn edit<'a>(&'a self, id: &'a str, text: &'a str) -> BoxFuture<'a, ()> {
        let now = self.board.now();
        self.board.change(id, |said| (said.text, said.edited_at) = (text.to_owned(), Some(now)));
        Box::pin(async {})
    }

    fn delete<'a>(&'a self, id: &'a str) -> BoxFuture<'a, ()> {
        self.board.change(id, |said| said.gone = true);
        Box::pin(async {})
    }

    fn garbage(&self) -> BoxFuture<'_, ()> {
        self.board.say("", true);
        Box::pin(async {})
    }

    fn lose(&self, cursor: String) -> BoxFuture<'_, String> {
        let cursor = (self.lose)(&self.board, &cursor);
        Box::pin(async move { cursor })
    }
}
