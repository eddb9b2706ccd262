//! One run: streams are opened first, what was missed is read from pages while they wait, then they are followed.
//!
//! A server does not say when a stream has begun, so the pages are read once more soon after; and again from time to time,
//! because streams have been known to lose things.

mod anew;

use std::collections::HashSet;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use molva_domain::{Post, Rejection, Timestamp};
use serde_json::value::RawValue;
use tokio::time::{Instant, timeout_at};

use super::channel::Channel;
use super::cursor::Cursor;
use super::names::Names;
use super::numbers::{self, Numbers};
use super::server::{At, Server};
use super::status;
use super::stream::{Arrival, Event, Live};
use crate::error::ConnectorError;
use crate::session::{Batch, Item, Report, Session};

/// A batch is closed by count or by time.
const BATCH_ITEMS: usize = 200;
const BATCH_TIME: Duration = Duration::from_millis(250);
/// When the streams have just begun.
const FIRST_LOOK: Duration = Duration::from_secs(5);
/// Channels without a stream are asked so often, those with one every fourth time.
const LOOK_EVERY: Duration = Duration::from_secs(60);
const LOOKS_PER_STREAMED: u32 = 4;
const ALIVE_EVERY: Duration = Duration::from_secs(15);
/// A channel that is further behind goes on with the next look.
const MAX_PAGES: usize = 250;

/// The state of a run.
pub(super) struct Listener<'a> {
    session: &'a Session,
    server: Server,
    channels: Vec<(Channel, String)>,
    cursor: Cursor,
    names: Names,
    /// For those who look statuses up again.
    numbers: Arc<Mutex<Numbers>>,
    /// Channels whose place was found to be one of the server's since the run began.
    checked: HashSet<String>,
}

impl<'a> Listener<'a> {
    pub(super) fn new(session: &'a Session, server: Server, channels: Vec<Channel>) -> Self {
        let channels: Vec<_> =
            channels.into_iter().map(|channel| (channel.key(), channel)).map(|(key, channel)| (channel, key)).collect();
        let mut cursor = Cursor::read(session.cursor.as_deref());
        cursor.keep(&channels.iter().map(|(_, key)| key.clone()).collect::<Vec<_>>());
        let numbers = numbers::of(&server.host);
        Self { session, server, channels, cursor, names: Names::default(), numbers, checked: HashSet::new() }
    }

    /// Listens until cancelled or broken.
    pub(super) async fn run(mut self) -> Result<(), ConnectorError> {
        let channels: Vec<Channel> = self.channels.iter().map(|(channel, _)| channel.clone()).collect();
        let live = Live::open(self.session, &self.server, &channels).await;
        // The pages may be there even when the streams are not.
        if !matches!(live, Err(ConnectorError::Cancelled)) {
            self.look(false).await?;
        }
        match live? {
            Some(live) => self.follow(live).await,
            None => loop {
                self.session.report(Report::NextAttempt(self.session.now().plus(LOOK_EVERY))).await;
                self.session.pause(LOOK_EVERY).await?;
                self.look(false).await?;
            },
        }
    }

    async fn follow(&mut self, mut live: Live) -> Result<(), ConnectorError> {
        let session = self.session;
        let mut looks = 0;
        let mut look = Box::pin(session.pause(FIRST_LOOK));
        let mut alive = tokio::time::interval(ALIVE_EVERY);
        loop {
            tokio::select! {
                () = session.cancel.cancelled() => return Err(ConnectorError::Cancelled),
                arrival = live.next() => self.take(arrival?, &mut live).await?,
                waited = &mut look => {
                    waited?;
                    self.look(looks % LOOKS_PER_STREAMED != 0).await?;
                    looks += 1;
                    look = Box::pin(session.pause(LOOK_EVERY));
                }
                _ = alive.tick() => session.report(Report::Alive).await,
            }
        }
    }

    /// Takes an event and those that follow at once, and delivers them together.
    async fn take(&mut self, first: Arrival, live: &mut Live) -> Result<(), ConnectorError> {
        let mut items = Vec::new();
        let deadline = Instant::now() + BATCH_TIME;
        let mut next = Some(Ok(first));
        let mut end = Ok(());
        while let Some(arrival) = next.take() {
            match arrival {
                Ok(arrival) => self.add(arrival, &mut items),
                Err(error) => end = Err(error),
            }
            if end.is_ok() && items.len() < BATCH_ITEMS {
                next = timeout_at(deadline, live.next()).await.ok();
            }
        }
        if !items.is_empty() {
            let lag = items.iter().filter_map(published).max().map(|newest| self.session.now().since(newest));
            self.session.deliver(Batch { items, cursor: self.cursor.write() }).await?;
            if let Some(lag) = lag {
                self.session.report(Report::Lag(lag)).await;
            }
        }
        end
    }

    fn add(&mut self, arrival: Arrival, items: &mut Vec<Item>) {
        let key = self.channels[arrival.channel].1.clone();
        match arrival.event {
            Event::Update(raw) | Event::Edited(raw) => self.add_status(&raw, &key, "stream", items),
            Event::Deleted(id) => items.extend(self.names.urn(&id).map(Item::Deleted)),
        }
    }

    fn add_status(&mut self, raw: &str, key: &str, place: &str, items: &mut Vec<Item>) {
        let read = status::read(raw, &self.server.host, &self.names, place, self.session.now());
        let known = !read.id.is_empty() && self.names.knows(&read.id);
        match read.result {
            Ok(post) => {
                numbers::note(&self.numbers, &post.urn, &read.id);
                self.cursor.heard(post.published_at);
                if self.names.note(&read.id, &post.urn, post.edited_at) {
                    items.push(Item::Post(post));
                }
            }
            // A status that is rejected is rejected once.
            Err(rejection) => {
                if !known {
                    self.remember_rejected(&read.id);
                    items.push(Item::Rejected(rejection));
                }
            }
        }
        if !known {
            self.cursor.advance(key, &read.id);
        }
    }

    fn remember_rejected(&mut self, id: &str) {
        if !id.is_empty() {
            let urn = molva_domain::Urn::of("mastodon", Some(&self.server.host), "post", id);
            self.names.note(id, &urn, None);
        }
    }

    /// Reads the pages of the channels that came since their cursors; of all, or only of those no stream can show.
    async fn look(&mut self, only_polled: bool) -> Result<(), ConnectorError> {
        for (channel, key) in self.channels.clone() {
            if !(only_polled && channel.stream().is_some()) {
                self.catch_up(&channel, &key).await?;
            }
        }
        self.session.report(Report::Alive).await;
        Ok(())
    }

    async fn catch_up(&mut self, channel: &Channel, key: &str) -> Result<(), ConnectorError> {
        let mut after = self.cursor.after(key).map(str::to_owned);
        for _ in 0..MAX_PAGES {
            let at = after.as_deref().map_or(At::Newest, At::After);
            let page = match self.server.page(self.session, channel, at).await {
                Err(ConnectorError::CursorLost(_)) => return self.begin_anew(channel, key).await,
                page => page?,
            };
            if let (true, Some(place)) = (self.checked.insert(key.to_owned()) && page.statuses.is_empty(), &after)
                && self.is_another(channel, place).await?
            {
                return self.begin_anew(channel, key).await;
            }
            self.deliver_page(&page.statuses, key).await?;
            // Without a cursor the newest page is the beginning; an empty page is the end.
            let first = after.is_none();
            let newest = page.statuses.first().and_then(|raw| local_id(raw));
            let next = page.newer.or(newest);
            if first || page.statuses.is_empty() || next.is_none() || next == after {
                return Ok(());
            }
            after = next;
        }
        Ok(())
    }

    /// Delivers what is new of a page, oldest first.
    async fn deliver_page(&mut self, statuses: &[Box<RawValue>], key: &str) -> Result<(), ConnectorError> {
        let mut items = Vec::new();
        for raw in statuses.iter().rev() {
            self.add_status(raw.get(), key, key, &mut items);
        }
        if !items.is_empty() {
            self.session.deliver(Batch { items, cursor: self.cursor.write() }).await?;
        }
        Ok(())
    }
}

fn local_id(raw: &RawValue) -> Option<String> {
    #[derive(serde::Deserialize)]
    struct Id {
        id: String,
    }
    serde_json::from_str::<Id>(raw.get()).ok().map(|status| status.id)
}

fn published(item: &Item) -> Option<Timestamp> {
    match item {
        Item::Post(post) => Some(Post::sort_at(post)),
        Item::Rejected(Rejection { .. }) | Item::Deleted(_) => None,
    }
}
