//! One run: what rooms there are, what was said before, then what is said as it is said.

use std::time::Duration;

use molva_domain::{GapCause, Post, Timestamp};

use super::call::Call;
use super::client::{Client, Me};
use super::cursor::Cursor;
use super::descriptor::DESCRIPTOR;
use super::event::{Reader, Reading};
use super::history::{Stretch, settle, walk};
use super::sync::{self, Answer, Joined};
use super::{names, rooms};
use crate::error::ConnectorError;
use crate::session::{Batch, Item, Report, Session};

/// After an answer that tells nothing of the rooms: servers wake us for other things.
const SHORT_PAUSE: Duration = Duration::from_secs(1);
/// A place where nothing was said is stored so often.
const STORE_EVERY: Duration = Duration::from_secs(300);
/// Looked at again before a place that was lost, and before one that a server does not take for a room.
const OVERLAP: Duration = Duration::from_secs(600);
/// Rooms that one run joins by itself.
const MOST_JOINS: usize = 50;

struct Run<'a> {
    session: &'a Session,
    client: &'a Client,
    reader: Reader,
    cursor: Cursor,
    me: String,
    /// Ids of the rooms that are named; none: all.
    wanted: Vec<String>,
    history: Duration,
    joins: bool,
    joined: usize,
    stored_at: Timestamp,
    /// The place was named in this run and not asked with yet.
    fresh: bool,
}

/// Listens until cancelled or broken.
pub(super) async fn listen(session: &Session, client: &Client) -> Result<(), ConnectorError> {
    let settings = session.settings.clone().with_defaults(DESCRIPTOR.settings);
    let named = rooms::named(&settings)?;
    let me = who(session, client).await?;
    let mut wanted = Vec::new();
    for name in &named {
        wanted.push(rooms::id_of(client, session.into(), name).await?);
    }
    let mut run = Run {
        session,
        client,
        reader: Reader::new(me.server(), settings.flag("messages")),
        cursor: Cursor::read(session),
        me: me.user_id,
        wanted,
        history: settings.history(),
        joins: settings.flag("join"),
        joined: 0,
        stored_at: session.now(),
        fresh: false,
    };
    let here = run.look_around().await?;
    match run.cursor.since.is_empty() {
        true => run.begin(here).await?,
        // Another account is in other rooms, and the place was named for the first.
        false if run.cursor.user != run.me => run.begin_anew(here).await?,
        false => {}
    }
    loop {
        run.look_back().await?;
        run.follow().await?;
        let here = run.look_around().await?;
        run.begin_anew(here).await?;
    }
}

pub(super) async fn who(session: &Session, client: &Client) -> Result<Me, ConnectorError> {
    let me: Me = client.insist(session, &Call::get(&["account", "whoami"])).await?;
    if names::is_id(&me.user_id, '@') {
        Ok(me)
    } else {
        Err(ConnectorError::Protocol(format!("{} does not say whose the token is", client.host)))
    }
}

impl Run<'_> {
    /// Learns which rooms there are; gives the present place.
    async fn look_around(&mut self) -> Result<String, ConnectorError> {
        let answer: Answer = self.client.insist(self.session, &sync::first(&self.wanted)).await?;
        for (room, joined) in &answer.rooms.join {
            self.reader.learn(room, joined);
        }
        let mut absent: Vec<String> = self.wanted.clone();
        absent.retain(|room| !answer.rooms.join.contains_key(room));
        let mut outside = 0;
        for room in &absent {
            outside += usize::from(!self.join(room).await?);
        }
        for room in answer.rooms.invite.keys().filter(|room| !absent.contains(room)) {
            self.join(room).await?;
        }
        if outside > 0 && outside == self.wanted.len() {
            return Err(ConnectorError::Forbidden(format!(
                "{} is in none of these rooms; invite it and join them",
                self.me
            )));
        }
        self.session.report(Report::Alive).await;
        if outside > 0 {
            let message = format!("{} is not in {outside} of these rooms; invite it and join them", self.me);
            self.session.report(Report::Problem(ConnectorError::Forbidden(message))).await;
        }
        Ok(answer.next_batch)
    }

    async fn begin(&mut self, here: String) -> Result<(), ConnectorError> {
        self.start_from(here, self.history, false).await
    }

    /// The place is lost: what was said since is read from the rooms.
    async fn begin_anew(&mut self, here: String) -> Result<(), ConnectorError> {
        let from = self.cursor.at();
        self.session.report(Report::GapOpened { from, cause: GapCause::CursorLost }).await;
        let missed = self.session.now().since(from.minus(OVERLAP)).min(Duration::from_secs(366 * 86_400));
        self.start_from(here, missed, true).await
    }

    async fn start_from(&mut self, here: String, how_far: Duration, lost: bool) -> Result<(), ConnectorError> {
        let now = self.session.now();
        self.cursor.user.clone_from(&self.me);
        self.cursor.moved(here, now);
        self.fresh = true;
        if how_far.is_zero() {
            self.cursor.back = None
        } else {
            self.cursor.look_back(now, how_far, lost)
        }
        self.hand_over(Vec::new()).await
    }

    /// Reads what is to be read of the past, a room after the other.
    async fn look_back(&mut self) -> Result<(), ConnectorError> {
        let Some(back) = self.cursor.back.clone() else { return Ok(()) };
        for room in self.reader.rooms.ids() {
            if back.is_done(&room) || !self.wants(&room) || self.reader.passes_over(&room) {
                continue;
            }
            self.read_back(Stretch { room: &room, from: None, to: None, until: back.until() }, Reading::default())
                .await?;
            if let Some(back) = &mut self.cursor.back {
                back.done(&room);
            }
            self.hand_over(Vec::new()).await?;
        }
        self.cursor.back = None;
        self.hand_over(Vec::new()).await?;
        if back.lost {
            self.session.report(Report::GapClosed { to: self.session.now() }).await;
        }
        Ok(())
    }

    /// Reads a stretch to its beginning, or tells of what it could not.
    async fn read_back(&mut self, stretch: Stretch<'_>, mut reading: Reading) -> Result<(), ConnectorError> {
        let (room, until) = (stretch.room, stretch.until);
        let given_up = walk(self.session, self.client, &mut self.reader, stretch, &mut reading).await?;
        let items = settle(self.session, self.client, &mut self.reader, room, &mut reading).await?;
        if !items.is_empty() {
            self.session.deliver(Batch { items, cursor: None }).await?;
        }
        if let Some(to) = given_up {
            self.session.report(Report::GapOpened { from: until, cause: GapCause::Overflow }).await;
            self.session.report(Report::GapClosed { to }).await;
        }
        Ok(())
    }

    /// Asks for what is new until the place is lost. One that is lost as soon as it was named is a server's own fault.
    async fn follow(&mut self) -> Result<(), ConnectorError> {
        loop {
            let call = sync::since(&self.cursor.since, &self.wanted);
            let answer: Answer = match self.client.insist(self.session, &call).await {
                Err(ConnectorError::CursorLost(_)) if !self.fresh => return Ok(()),
                other => other?,
            };
            self.fresh = false;
            self.session.report(Report::Alive).await;
            self.take(answer).await?;
        }
    }

    /// Hands over what an answer tells, with what it leaves out, and then the place.
    async fn take(&mut self, answer: Answer) -> Result<(), ConnectorError> {
        let mut items = Vec::new();
        for (room, joined) in answer.rooms.join {
            if self.wants(&room) {
                items.extend(self.room(&room, joined).await?);
            }
        }
        for room in answer.rooms.leave.keys() {
            if let Some(left) = self.reader.rooms.left(room) {
                let message = format!("{} is no longer in the room `{}`; invite it again", self.me, left.title(room));
                self.session.report(Report::Problem(ConnectorError::Forbidden(message))).await;
            }
        }
        for room in answer.rooms.invite.keys() {
            self.join(room).await?;
        }
        let now = self.session.now();
        self.cursor.moved(answer.next_batch, now);
        let quiet = items.is_empty();
        let newest = items.iter().filter_map(published).max();
        if !quiet || now.since(self.stored_at) >= STORE_EVERY {
            self.hand_over(items).await?;
        }
        if let Some(newest) = newest {
            self.session.report(Report::Lag(now.since(newest))).await;
        }
        if quiet { self.session.pause(SHORT_PAUSE).await } else { Ok(()) }
    }

    /// What was said in a room, without what was read already.
    async fn room(&mut self, room: &str, joined: Joined) -> Result<Vec<Item>, ConnectorError> {
        let new = self.reader.learn(room, &joined);
        let now = self.session.now();
        let mut reading = Reading::default();
        let mut items = self.reader.read(room, &joined.timeline.events, &mut reading, now);
        if self.reader.passes_over(room) {
            return Ok(items);
        }
        let from = joined.timeline.prev_batch;
        // Of a room that was joined just now the server tells what it thinks fit.
        let stretch = match (new, joined.timeline.limited) {
            (true, _) if !self.history.is_zero() => Some((None, now.minus(self.history))),
            (false, true) => Some((Some(self.cursor.since.clone()), self.cursor.at().minus(OVERLAP))),
            _ => None,
        };
        match stretch {
            Some((to, until)) => self.read_back(Stretch { room, from, to, until }, reading).await?,
            None => items.extend(settle(self.session, self.client, &mut self.reader, room, &mut reading).await?),
        }
        Ok(items)
    }

    /// Joins a room that is wanted, if it is to do that by itself; whether it did.
    async fn join(&mut self, room: &str) -> Result<bool, ConnectorError> {
        if !self.joins || !self.wants(room) || self.joined >= MOST_JOINS {
            return Ok(false);
        }
        let call = Call::post(&["join", room], serde_json::json!({}));
        match self.client.insist::<serde_json::Value>(self.session, &call).await {
            Ok(_) => {
                self.joined += 1;
                Ok(true)
            }
            Err(
                error @ (ConnectorError::Forbidden(_) | ConnectorError::NotFound(_) | ConnectorError::CursorLost(_)),
            ) => {
                let message = format!("{} could not join {room}: {error}", self.me);
                self.session.report(Report::Problem(ConnectorError::Forbidden(message))).await;
                Ok(false)
            }
            Err(error) => Err(error),
        }
    }

    fn wants(&self, room: &str) -> bool {
        self.wanted.is_empty() || self.wanted.iter().any(|wanted| wanted == room)
    }

    /// Delivers; the place is stored with the last of it.
    async fn hand_over(&mut self, items: Vec<Item>) -> Result<(), ConnectorError> {
        self.session.hand_over(items, Some(self.cursor.write())).await?;
        self.stored_at = self.session.now();
        Ok(())
    }
}

fn published(item: &Item) -> Option<Timestamp> {
    if let Item::Post(post) = item { Some(Post::sort_at(post)) } else { None }
}
