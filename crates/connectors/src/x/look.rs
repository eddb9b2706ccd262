//! Asking: recent searches and the timeline of those who mention somebody.
//!
//! A look reads everything since its last whole look, two minutes more (what was known already costs nothing on the same day), page by
//! page from the newest down. Only when all of it was read the place counts as read; a look that breaks off is gone on with where it was.

use std::sync::Arc;
use std::time::Duration;

use molva_domain::{GapCause, Timestamp};

use super::client::{Answer, Ask, Client, Failure};
use super::cursor::Cursor;
use super::fields::Names;
use super::ledger::Ledger;
use super::read::{self, Found};
use super::wanted;
use super::watch::Watch;
use super::wire::Page;
use super::{hook, id, webhook};
use crate::error::ConnectorError;
use crate::patience::Patience;
use crate::seen::Seen;
use crate::session::{Item, Report, Session};

const EVERY: Duration = Duration::from_secs(60);
/// How often the address is looked after, and what got lost is asked for, while X calls.
const WHILE_CALLED: Duration = Duration::from_secs(1_800);
/// Looked at again behind what is known, for what X's index learned late.
const OVERLAP: Duration = Duration::from_secs(120);
/// X searches the last seven days; a little less, so that a look at their very beginning is not refused.
const SEARCHABLE: Duration = Duration::from_secs(7 * 86_400 - 300);
/// Pages of a look.
const PAGES: usize = 2_000;
/// What is found is handed over when it is so much.
const MOST_HELD: usize = 2_000;

/// One place that is asked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Place {
    /// A query.
    Search(String),
    /// Who mentions the person of that id.
    Mentions(String),
}

impl Place {
    /// Its name in a cursor.
    pub(super) fn key(&self) -> String {
        match self {
            Self::Search(query) => format!("search:{query}"),
            Self::Mentions(of) => format!("mentions:{of}"),
        }
    }

    const fn setting(&self) -> &'static str {
        match self {
            Self::Search(_) => "words",
            Self::Mentions(_) => "account",
        }
    }
}

/// What is asked for: what topics look for may be something else at the next look.
pub(super) enum What {
    Searches,
    Mentions(String),
}

impl What {
    async fn places(&self, session: &Session) -> Result<Vec<Place>, ConnectorError> {
        match self {
            Self::Searches => Ok(wanted::now(session).await?.queries.into_iter().map(Place::Search).collect()),
            Self::Mentions(user) => Ok(vec![Place::Mentions(user.clone())]),
        }
    }
}

impl What {
    /// Whether X calls, and did so since the last look: then asking is only against what got lost on the way.
    async fn is_called(&self, session: &Session, client: &Client) -> Result<bool, ConnectorError> {
        match self {
            Self::Mentions(user) if webhook::is_wanted(&session.settings) => hook::keep(session, client, user).await,
            _ => Ok(false),
        }
    }
}

/// Listens by asking alone, until cancelled.
pub(super) async fn listen(session: &Session, client: &Client, what: What) -> Result<(), ConnectorError> {
    let mut look = Look::new(session, client, what.places(session).await?);
    let mut patience = Patience::new(EVERY);
    loop {
        look.at(what.places(session).await?);
        let called = what.is_called(session, client).await;
        let looked = look.at_all().await.and(look.follow_up().await);
        let pause = match called.and_then(|called| looked.map(|()| called)) {
            Ok(called) => {
                patience.restore();
                session.report(Report::Alive).await;
                if called { WHILE_CALLED } else { EVERY }
            }
            Err(error) if ends(&error) => return Err(error),
            Err(error) => patience.after(session, error).await,
        };
        session.report(Report::Quota(look.ledger.quota(session.now()))).await;
        session.rest(pause).await?;
    }
}

/// Nothing is won by asking again.
pub(super) fn ends(error: &ConnectorError) -> bool {
    matches!(error, ConnectorError::Cancelled | ConnectorError::NotStored(_)) || error.needs_a_person()
}

/// What is known of all places.
pub(super) struct Look<'a> {
    session: &'a Session,
    client: &'a Client,
    places: Vec<Place>,
    pub cursor: Cursor,
    pub ledger: Arc<Ledger>,
    seen: Seen,
    names: Names,
    watch: Watch,
    history: Duration,
}

impl<'a> Look<'a> {
    pub(super) fn new(session: &'a Session, client: &'a Client, places: Vec<Place>) -> Self {
        let number = |key: &str, usual: i64, most: i64| {
            session.settings.number(key).unwrap_or(usual).clamp(0, most).unsigned_abs()
        };
        let cursor = Cursor::read(session.cursor.as_deref());
        let ledger = Arc::new(Ledger::new(number("daily_usd", 5, 100_000), cursor.spent()));
        ledger.share(client.host(), &session.source_key);
        let history = Duration::from_secs(number("history_days", 1, 7) * 86_400);
        let watch = Watch::new(session.settings.text("follow_up") != Some("false"));
        let (seen, names) = (Seen::default(), Names::default());
        let mut look = Self { session, client, places: Vec::new(), cursor, ledger, seen, names, watch, history };
        look.at(places);
        look
    }

    /// Looks at these places from now on; what is known of others is forgotten.
    pub(super) fn at(&mut self, places: Vec<Place>) {
        if self.places != places {
            self.cursor.keep(&places.iter().map(Place::key).collect::<Vec<_>>());
            self.places = places;
        }
    }

    /// Looks at every place; the first error is told when the others were looked at, unless it is of all of them.
    pub(super) async fn at_all(&mut self) -> Result<(), ConnectorError> {
        let mut failed = None;
        for place in self.places.clone() {
            match self.look_at(&place).await {
                Ok(()) => {}
                Err(error @ (ConnectorError::QuotaExhausted { .. } | ConnectorError::AuthRevoked(_))) => {
                    return Err(error);
                }
                Err(error @ (ConnectorError::Cancelled | ConnectorError::NotStored(_))) => return Err(error),
                Err(error) => failed = failed.or(Some(error)),
            }
        }
        failed.map_or(Ok(()), Err)
    }

    async fn look_at(&mut self, place: &Place) -> Result<(), ConnectorError> {
        let key = place.key();
        let mut found = Vec::new();
        let gap = self.gap(place, &key).await;
        // A reading that was cut off goes on below where it was; what came above it since is read as well, or a stream that begins now
        // would leave it out.
        let resumed = self.cursor.state(&key).reached > 0;
        let mut read = self.read(place, &key, &mut found).await;
        if resumed && read.is_ok() {
            read = self.read(place, &key, &mut found).await;
        }
        match read {
            Ok(()) => {
                self.deliver(found, true).await?;
                if gap {
                    self.session.report(Report::GapClosed { to: self.session.now().minus(SEARCHABLE) }).await;
                }
                Ok(())
            }
            Err(ConnectorError::Cancelled) => Err(ConnectorError::Cancelled),
            // What came before it broke is not asked for again.
            Err(error) => {
                self.deliver(found, true).await?;
                if matches!(error, ConnectorError::CursorLost(_)) {
                    self.cursor.end(&key, id::at(self.session.now().minus(SEARCHABLE)));
                }
                Err(error)
            }
        }
    }

    /// Whether what is known ends before what X still finds; said.
    async fn gap(&mut self, place: &Place, key: &str) -> bool {
        let until = self.cursor.state(key).until;
        let known = id::moment(until);
        let lost = until > 0 && matches!(place, Place::Search(_)) && known < self.session.now().minus(SEARCHABLE);
        if lost {
            self.session.report(Report::GapOpened { from: known, cause: GapCause::CursorLost }).await;
        }
        lost
    }

    /// Since which id, exclusive.
    fn since(&self, place: &Place, until: u64) -> u64 {
        let now = self.session.now();
        let from = match until {
            0 => now.minus(self.history),
            known => id::moment(known).minus(OVERLAP),
        };
        let oldest = if matches!(place, Place::Search(_)) { now.minus(SEARCHABLE) } else { Timestamp::EARLIEST };
        id::at(from.max(oldest))
    }

    async fn read(&mut self, place: &Place, key: &str, found: &mut Vec<Found>) -> Result<(), ConnectorError> {
        let state = self.cursor.state(key);
        let since = self.since(place, state.until);
        let below = (state.reached > 0).then_some(state.reached).filter(|reached| *reached > since);
        let mut next: Option<String> = None;
        for _ in 0..PAGES {
            let page = self.page(place, since, below, next.as_deref()).await?;
            let now = self.session.now();
            self.ledger.came(now, read::paid(&page.data, &page.includes));
            let read: Vec<Found> =
                page.data.iter().map(|raw| read::post(raw, &page.includes, now, place.setting())).collect();
            let ids = || read.iter().map(|one| one.id).filter(|id| *id > 0);
            if let (Some(newest), Some(oldest)) = (ids().max(), ids().min()) {
                self.cursor.page(key, newest, oldest);
            }
            found.extend(read);
            next = page.meta.next_token.filter(|token| !token.is_empty());
            if next.is_none() {
                self.cursor.end(key, since);
                return Ok(());
            }
            if found.len() >= MOST_HELD {
                self.deliver(std::mem::take(found), true).await?;
            }
        }
        let message = "more came than is read in one look; the next goes on there".to_owned();
        Err(ConnectorError::Transient { message, retry_after: None })
    }

    async fn page(
        &self,
        place: &Place,
        since: u64,
        below: Option<u64>,
        next: Option<&str>,
    ) -> Result<Page, ConnectorError> {
        let (least, name) = match place {
            Place::Search(_) => (10, "next_token"),
            Place::Mentions(_) => (5, "pagination_token"),
        };
        let room = self.ledger.room(self.session.now(), least)?;
        let (count, since) = (room.min(100).to_string(), since.to_string());
        let below = below.map(|id| id.to_string()).unwrap_or_default();
        let own =
            [("max_results", &*count), ("since_id", &*since), ("until_id", &*below), (name, next.unwrap_or_default())];
        let ask = |fields: &'static [(&'static str, &'static str)]| {
            let query = |first: &[(&'static str, &str)]| -> Vec<(&'static str, String)> {
                first.iter().chain(&own).chain(fields).map(|(key, value)| (*key, (*value).to_owned())).collect()
            };
            match place {
                Place::Search(words) => {
                    ("/2/tweets/search/recent", "/2/tweets/search/recent".to_owned(), query(&[("query", words)]))
                }
                Place::Mentions(of) => ("/2/users/:id/mentions", format!("/2/users/{of}/mentions"), query(&[])),
            }
        };
        self.ask(ask, place.setting()).await
    }

    /// Asks in the names X takes.
    pub(super) async fn ask(
        &self,
        ask: impl Fn(&'static [(&'static str, &'static str)]) -> (&'static str, String, Vec<(&'static str, String)>),
        setting: &'static str,
    ) -> Result<Page, ConnectorError> {
        loop {
            let (address, path, query) = ask(self.names.fields());
            let query: Vec<_> = query.iter().map(|(key, value)| (*key, value.as_str())).collect();
            let asked = Ask::get(address, &path, &query);
            let answer: Result<Answer<Page>, Failure> = self.client.call(self.session, &asked).await;
            match answer {
                Ok(answer) => return Ok(answer.value),
                Err(Failure::Refused(problem)) if self.names.change_for(&problem) => {}
                Err(failure) => return Err(failure.error(setting, self.session.now())),
            }
        }
    }

    /// Posts that came by the stream.
    pub(super) async fn heard(&mut self, found: Vec<Found>, whole: bool) -> Result<(), ConnectorError> {
        let newest = found.iter().map(|one| one.id).max().unwrap_or(0);
        if whole {
            let keys: Vec<String> = self.places.iter().map(Place::key).collect();
            self.cursor.heard(&keys, newest);
        }
        self.deliver(found, true).await
    }

    /// Asks again for posts whose time has come: whether they were edited or are gone.
    pub(super) async fn follow_up(&mut self) -> Result<(), ConnectorError> {
        while let Some(due) = self.watch.due(self.session.now()) {
            if !self.ledger.has_plenty(self.session.now()) {
                return Ok(());
            }
            let ids = due.ids();
            let ask = |fields: &'static [(&'static str, &'static str)]| {
                let first = [("ids", &*ids)];
                let query = first.iter().chain(fields).map(|(key, value)| (*key, (*value).to_owned())).collect();
                ("/2/tweets", "/2/tweets".to_owned(), query)
            };
            let page = self.ask(ask, "follow_up").await?;
            let now = self.session.now();
            self.ledger.came(now, read::paid(&page.data, &page.includes));
            let mut found: Vec<Found> =
                page.data.iter().map(|raw| read::post(raw, &page.includes, now, "follow-up")).collect();
            found.extend(due.gone(&page.errors));
            self.deliver(found, true).await?;
        }
        Ok(())
    }

    /// What was not delivered in this run, the oldest first; the last batch brings the cursor.
    async fn deliver(&mut self, found: Vec<Found>, cursor: bool) -> Result<(), ConnectorError> {
        let mut new: Vec<Found> = found.into_iter().filter(|one| self.seen.first(&one.name)).collect();
        new.sort_by_key(|one| (one.id == 0, one.id));
        let now = self.session.now();
        let again = self.session.after(super::watch::AFTER);
        for one in &new {
            if let Item::Post(post) = &one.item {
                self.watch.note(one.id, &post.urn, again);
            }
        }
        self.cursor.set_spent(self.ledger.total(now));
        let items = new.into_iter().map(|one| one.item).collect();
        self.session.hand_over(items, cursor.then(|| self.cursor.write())).await
    }
}
