//! Networks that list the newest first: pages are turned back to what is known, then everything is delivered, the oldest first.
//!
//! How a page is asked for and what stands on it is the network's own, a [`NewestFirst`]. When to ask, how far back, which page to
//! ask for again after a failure, what to remember and what is a gap is the same for all of them. A network with several lists
//! gives each as a `NewestFirst`; they are read in one look, so that the newest thing of any of them tells how far all are known.

use std::cmp::Reverse;
use std::collections::HashSet;
use std::time::Duration;

use molva_domain::{GapCause, Timestamp};

use crate::error::ConnectorError;
use crate::feed::{minutes, schedule};
use crate::session::{Batch, Item, Report, Session};
use crate::settings::Settings;
use crate::tries::Tries;

mod cursor;
mod list;
#[cfg(test)]
mod tests;

use cursor::Cursor;
pub(crate) use list::{Found, Lists, NewestFirst, Page, boxed};

/// Looked at again behind the newest known item, for those that came at the same moment or appeared late, unless the network says more.
const OVERLAP: Duration = Duration::from_secs(600);
/// A page that fails is asked for so often again before the whole look is given up.
const TRIES: u32 = 6;
/// A look holds no more than this until it is handed over, in bytes of what was said; what is older is a gap then.
const MOST_BYTES: usize = 64 << 20;
/// Between a change of what is asked for and the look that asks for it.
const AFTER_CHANGE: Duration = Duration::from_secs(5);
/// Where a page's answer asks for a longer pause, the look is given up and begun anew after it.
const LONGEST_PAUSE: Duration = Duration::from_secs(600);

/// How often and how far.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Pace {
    /// The network is never asked more often.
    pub shortest: Duration,
    /// How far back the first look goes.
    pub history: Duration,
    /// Pages turned in one look; what is older than the last of them is a gap.
    pub pages: usize,
    /// Between two pages of a look.
    pub between_pages: Duration,
}

impl Pace {
    /// As the settings say, what they leave out filled in as it is declared.
    pub(crate) fn of(settings: &Settings, pages: usize) -> Self {
        Self {
            shortest: minutes(settings.number("min_interval_minutes").unwrap_or(15)),
            history: settings.history(),
            pages,
            between_pages: Duration::from_secs(1),
        }
    }
}

/// Listens until cancelled. `of` names what is listened to: the cursor of something else is not gone on from.
pub(crate) async fn listen(
    session: &Session,
    network: &dyn NewestFirst,
    of: &str,
    pace: Pace,
) -> Result<(), ConnectorError> {
    listen_to_all(session, &[network], of, pace).await
}

/// The same for several lists of one network, which a look reads one after the other.
pub(crate) async fn listen_to_all(
    session: &Session,
    lists: &[&dyn NewestFirst],
    of: &str,
    pace: Pace,
) -> Result<(), ConnectorError> {
    let mut walk = Walk::begin(session, of, pace).await?;
    loop {
        let pause = walk.turn(lists).await?;
        session.pause(pause).await?;
    }
}

/// The same for lists that come and go: a new one is read as far back as the first look goes, or the others are known; those that stay go
/// on where they were.
pub(crate) async fn listen_to_changing(
    session: &Session,
    lists: &dyn Lists,
    of: &str,
    pace: Pace,
) -> Result<(), ConnectorError> {
    let mut walk = Walk::begin(session, of, pace).await?;
    loop {
        let now = lists.now(session).await?;
        let now: Vec<&dyn NewestFirst> = now.iter().map(|list| &**list as &dyn NewestFirst).collect();
        let change = lists.change(session);
        let pause = walk.turn(&now).await?;
        tokio::select! {
            paused = session.pause(pause) => paused?,
            // Whoever changes one topic often changes another.
            () = change, if !walk.cursor.has_failed() => session.pause(pause.min(AFTER_CHANGE)).await?,
        }
    }
}

struct Walk<'a> {
    session: &'a Session,
    pace: Pace,
    cursor: Cursor,
    most_bytes: usize,
}

/// What the pages of a look came to.
#[derive(Default)]
struct Gathered {
    items: Vec<(Option<Timestamp>, Item)>,
    dates: Vec<Timestamp>,
    /// With the time of each, by which the newest are remembered.
    names: Vec<(Option<Timestamp>, String)>,
    seen: HashSet<String>,
    bytes: usize,
    told: Option<Duration>,
    /// What was reached in lists that could not be read back to what was known.
    reached: Option<Timestamp>,
}

impl<'a> Walk<'a> {
    /// Waits as long as the last run was to wait.
    async fn begin(session: &'a Session, of: &str, pace: Pace) -> Result<Self, ConnectorError> {
        let cursor = Cursor::read(session.cursor.as_deref(), of);
        let due = cursor.next_at();
        if due > session.now() {
            session.report(Report::NextAttempt(due)).await;
            session.pause_until(due).await?;
        }
        Ok(Self { session, pace, cursor, most_bytes: MOST_BYTES })
    }

    /// A look, and how long to wait after it.
    async fn turn(&mut self, lists: &[&dyn NewestFirst]) -> Result<Duration, ConnectorError> {
        let pause = match self.look(lists).await {
            Ok(pause) => pause,
            Err(error) => self.give_up_or_wait(error).await?,
        };
        self.session.report(Report::NextAttempt(self.session.after(pause))).await;
        Ok(pause)
    }

    async fn look(&mut self, lists: &[&dyn NewestFirst]) -> Result<Duration, ConnectorError> {
        let now = self.session.now();
        let known_until = self.known_until(now, OVERLAP);
        let forgotten = self.forgotten(lists, now);
        let mut gathered = Gathered::default();
        let mut read = Vec::new();
        for (number, list) in lists.iter().enumerate() {
            if number > 0 {
                self.session.pause(self.pace.between_pages).await?;
            }
            let name = list.name();
            let is_new = name.as_ref().is_some_and(|name| self.cursor.is_new(name));
            let mut until = self.known_until(now, list.late());
            if is_new {
                until = until.min(now.minus(self.pace.history));
            }
            if self.gather(*list, is_new, until, &mut gathered).await? || !is_new {
                read.extend(name);
            }
        }
        let newest = gathered.dates.iter().copied().filter(|date| *date <= now).max();
        let silence = newest.map(|newest| now.since(newest));
        let rhythm = schedule::rhythm(gathered.dates);
        let pause = schedule::after_answer(rhythm, silence, self.pace.shortest, gathered.told, rand::random());
        // What has no time is remembered first: nothing else tells that it is known.
        gathered.names.sort_by_key(|(at, _)| (at.is_some(), Reverse(*at)));
        let names: Vec<String> = gathered.names.into_iter().map(|(_, name)| name).collect();
        self.cursor.saw(newest.unwrap_or(known_until), &names);
        self.cursor.looked(now);
        self.cursor.read_lists(&read);
        self.cursor.wait_until(self.session.after(pause));
        self.session.report(Report::Alive).await;
        if let Some((from, _)) = forgotten {
            self.session.report(Report::GapOpened { from, cause: GapCause::CursorLost }).await;
        }
        if gathered.reached.is_some() {
            self.session.report(Report::GapOpened { from: known_until, cause: GapCause::Overflow }).await;
        }
        for list in lists {
            list.complete(self.session, &mut gathered.items).await?;
        }
        self.hand_over(gathered.items).await?;
        if let Some(to) = gathered.reached.max(forgotten.map(|(_, to)| to)) {
            self.session.report(Report::GapClosed { to }).await;
        }
        Ok(pause)
    }

    /// What was published before that moment is known, or too old.
    fn known_until(&self, now: Timestamp, late: Duration) -> Timestamp {
        match self.cursor.newest() {
            Some(newest) => newest.minus(late),
            None => now.minus(self.pace.history),
        }
    }

    /// The stretch that nobody looked at before the network stopped showing it.
    fn forgotten(&self, lists: &[&dyn NewestFirst], now: Timestamp) -> Option<(Timestamp, Timestamp)> {
        let shown = now.minus(lists.iter().filter_map(|list| list.shows()).min()?);
        self.cursor.looked_at().filter(|looked| *looked < shown).map(|looked| (looked, shown))
    }

    /// Turns pages until one has mostly what is known or too old: a single item out of its place ends nothing. Of a new list, what is
    /// known by others tells nothing of what comes behind it. False where the network was not asked.
    async fn gather(
        &self,
        list: &dyn NewestFirst,
        is_new: bool,
        known_until: Timestamp,
        gathered: &mut Gathered,
    ) -> Result<bool, ConnectorError> {
        let mut older: Option<String> = None;
        let mut oldest: Option<Timestamp> = None;
        for number in 0..self.pace.pages {
            if number > 0 {
                self.session.pause(self.pace.between_pages).await?;
            }
            let page = self.page(list, older.as_deref()).await?;
            if page.skipped {
                return Ok(false);
            }
            if let Some(quota) = page.quota {
                self.session.report(Report::Quota(quota)).await;
            }
            gathered.told = gathered.told.max(page.told);
            let on_page = page.found.len();
            let mut new = 0;
            for found in page.found {
                gathered.dates.extend(found.published);
                oldest = found.published.into_iter().chain(oldest).min();
                let (name, at) = (found.name(), found.at());
                let recent = |at: Option<Timestamp>| at.is_none_or(|at| at >= known_until);
                new += usize::from(is_new && recent(found.published));
                if gathered.seen.insert(name.clone()) {
                    let gone = matches!(found.item, Item::Deleted(_));
                    if (gone || recent(at)) && !self.cursor.knows(&name) {
                        new += usize::from(!is_new && recent(found.published));
                        gathered.bytes += size(&found.item);
                        gathered.items.push((found.published, found.item));
                    }
                    gathered.names.push((at, name));
                }
            }
            older = page.older;
            let all_new = new * 2 > on_page;
            if !all_new || older.is_none() && !page.cut {
                return Ok(true);
            }
            if older.is_none() || gathered.bytes > self.most_bytes {
                break;
            }
        }
        gathered.reached = oldest.or(Some(self.session.now())).max(gathered.reached);
        Ok(true)
    }

    /// One page, asked for again where the failure may pass.
    async fn page(&self, list: &dyn NewestFirst, older: Option<&str>) -> Result<Page, ConnectorError> {
        let mut tries = Tries::new(TRIES, LONGEST_PAUSE).no_sooner_than(self.pace.between_pages);
        loop {
            match list.page(self.session, older).await {
                Ok(page) => return Ok(page),
                Err(error) => tries.bear(self.session, error).await?,
            }
        }
    }

    /// The oldest first; what has no time comes last.
    async fn hand_over(&self, mut items: Vec<(Option<Timestamp>, Item)>) -> Result<(), ConnectorError> {
        items.reverse();
        items.sort_by_key(|(published, _)| (published.is_none(), *published));
        let items = items.into_iter().map(|(_, item)| item).collect();
        self.session.hand_over(items, Some(self.cursor.write())).await
    }

    async fn give_up_or_wait(&mut self, error: ConnectorError) -> Result<Duration, ConnectorError> {
        if matches!(error, ConnectorError::Cancelled | ConnectorError::NotStored(_)) || error.needs_a_person() {
            return Err(error);
        }
        let failures = self.cursor.failed();
        let now = self.session.now();
        let pause = schedule::after_failure(&error, failures, self.pace.shortest, now, rand::random());
        self.cursor.wait_until(self.session.after(pause));
        self.session.deliver(Batch { items: Vec::new(), cursor: Some(self.cursor.write()) }).await?;
        self.session.report(Report::Problem(error)).await;
        Ok(pause)
    }
}

/// About, in bytes.
fn size(item: &Item) -> usize {
    const WITHOUT_TEXT: usize = 1_024;
    let said = match item {
        Item::Post(post) => post.text.len() + post.links.iter().map(String::len).sum::<usize>(),
        Item::Rejected(rejection) => rejection.sample.len(),
        Item::Deleted(_) => 0,
    };
    WITHOUT_TEXT + said
}
