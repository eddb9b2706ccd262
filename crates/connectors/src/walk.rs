//! Networks that list the newest first: pages are turned back to what is known, then everything is delivered, the oldest first.
//!
//! How a page is asked for and what stands on it is the network's own, a [`NewestFirst`]. When to ask, how far back, which page to
//! ask for again after a failure, what to remember and what is a gap is the same for all of them.

use std::collections::HashSet;
use std::time::Duration;

use molva_domain::{GapCause, Quota, Timestamp};

use crate::connector::BoxFuture;
use crate::error::ConnectorError;
use crate::feed::schedule;
use crate::session::{Batch, Item, Report, Session};

mod cursor;

use cursor::Cursor;

/// Items handed over at once.
const BATCH_ITEMS: usize = 200;
/// Looked at again behind the newest known item, for those that came at the same moment or appeared late.
const OVERLAP: Duration = Duration::from_secs(600);
/// A page that fails is asked for so often again before the whole look is given up.
const TRIES: u32 = 6;
/// A look holds no more than this until it is handed over, in bytes of what was said; what is older is a gap then.
const MOST_BYTES: usize = 64 << 20;
/// Where a page's answer asks for a longer pause, the look is given up and begun anew after it.
const LONGEST_PAUSE: Duration = Duration::from_secs(600);

/// One thing on a page.
#[derive(Debug)]
pub(crate) struct Found {
    /// Its name on the network, of any length.
    pub id: String,
    pub published: Option<Timestamp>,
    pub item: Item,
}

/// What the network shows at once.
#[derive(Debug, Default)]
pub(crate) struct Page {
    /// The newest first, more or less.
    pub found: Vec<Found>,
    /// What the network calls the next page, further back; `None` at the end.
    pub older: Option<String>,
    /// What may still be asked for.
    pub quota: Option<Quota>,
}

/// A network, or one place of it.
pub(crate) trait NewestFirst: Send + Sync {
    /// The newest page, or the one that an earlier page called `older`.
    fn page<'a>(&'a self, session: &'a Session, older: Option<&'a str>) -> BoxFuture<'a, Result<Page, ConnectorError>>;
}

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

/// Listens until cancelled. `of` names what is listened to: the cursor of something else is not gone on from.
pub(crate) async fn listen(
    session: &Session,
    network: &dyn NewestFirst,
    of: &str,
    pace: Pace,
) -> Result<(), ConnectorError> {
    let mut walk = Walk { session, network, pace, cursor: Cursor::read(session.cursor.as_deref(), of) };
    let due = walk.cursor.next_at();
    if due > session.now() {
        session.report(Report::NextAttempt(due)).await;
        session.pause_until(due).await?;
    }
    loop {
        let pause = match walk.look().await {
            Ok(pause) => pause,
            Err(error) => walk.give_up_or_wait(error).await?,
        };
        session.report(Report::NextAttempt(session.after(pause))).await;
        session.pause(pause).await?;
    }
}

struct Walk<'a> {
    session: &'a Session,
    network: &'a dyn NewestFirst,
    pace: Pace,
    cursor: Cursor,
}

/// What the pages of a look came to.
#[derive(Default)]
struct Gathered {
    items: Vec<(Option<Timestamp>, Item)>,
    dates: Vec<Timestamp>,
    names: Vec<String>,
    /// Nothing between the oldest page and what was known is missing.
    whole: bool,
}

impl Walk<'_> {
    async fn look(&mut self) -> Result<Duration, ConnectorError> {
        let now = self.session.now();
        let known_until = match self.cursor.newest() {
            Some(newest) => newest.minus(OVERLAP),
            None => now.minus(self.pace.history),
        };
        let gathered = self.gather(known_until).await?;
        let newest = gathered.dates.iter().copied().filter(|date| *date <= now).max();
        let silence = newest.map(|newest| now.since(newest));
        let rhythm = schedule::rhythm(gathered.dates.clone());
        let pause = schedule::after_answer(rhythm, silence, self.pace.shortest, None, rand::random());
        self.cursor.saw(newest.unwrap_or(known_until), &gathered.names);
        self.cursor.wait_until(self.session.after(pause));
        self.session.report(Report::Alive).await;
        let gap = (!gathered.whole).then(|| gathered.dates.iter().copied().min().unwrap_or(now));
        if gap.is_some() {
            self.session.report(Report::GapOpened { from: known_until, cause: GapCause::Overflow }).await;
        }
        self.hand_over(gathered.items).await?;
        if let Some(to) = gap {
            self.session.report(Report::GapClosed { to }).await;
        }
        Ok(pause)
    }

    /// Turns pages until one has mostly what is known or too old: a single item out of its place ends nothing.
    async fn gather(&self, known_until: Timestamp) -> Result<Gathered, ConnectorError> {
        let mut gathered = Gathered::default();
        let mut seen = HashSet::new();
        let mut older: Option<String> = None;
        let mut bytes = 0;
        for number in 0..self.pace.pages {
            if number > 0 {
                self.session.pause(self.pace.between_pages).await?;
            }
            let page = self.page(older.as_deref()).await?;
            if let Some(quota) = page.quota {
                self.session.report(Report::Quota(quota)).await;
            }
            let on_page = page.found.len();
            let mut new = 0;
            for found in page.found {
                gathered.dates.extend(found.published);
                let recent = found.published.is_none_or(|published| published >= known_until);
                if seen.insert(found.id.clone()) && recent && !self.cursor.knows(&found.id) {
                    new += 1;
                    bytes += size(&found.item);
                    gathered.items.push((found.published, found.item));
                }
                if gathered.names.len() < Cursor::NAMES {
                    gathered.names.push(found.id);
                }
            }
            older = page.older;
            if older.is_none() || new * 2 <= on_page {
                gathered.whole = true;
                break;
            }
            if bytes > MOST_BYTES {
                break;
            }
        }
        Ok(gathered)
    }

    /// One page, asked for again where the failure may pass.
    async fn page(&self, older: Option<&str>) -> Result<Page, ConnectorError> {
        let mut tries = 1;
        loop {
            let error = match self.network.page(self.session, older).await {
                Ok(page) => return Ok(page),
                Err(error) if tries == TRIES => return Err(error),
                Err(error) => error,
            };
            let own = self.pace.between_pages.max(Duration::from_secs(1)).saturating_mul(1 << tries);
            let pause = match &error {
                ConnectorError::RateLimited { until: Some(until) } => until.since(self.session.now()).max(own),
                ConnectorError::Transient { retry_after, .. } => retry_after.unwrap_or_default().max(own),
                ConnectorError::Unreachable(_) | ConnectorError::Protocol(_) => own,
                _ => return Err(error),
            };
            if pause > LONGEST_PAUSE {
                return Err(error);
            }
            self.session.pause(pause).await?;
            tries += 1;
        }
    }

    /// The oldest first; what has no time comes last.
    async fn hand_over(&self, mut items: Vec<(Option<Timestamp>, Item)>) -> Result<(), ConnectorError> {
        items.reverse();
        items.sort_by_key(|(published, _)| (published.is_none(), *published));
        let mut items: Vec<Item> = items.into_iter().map(|(_, item)| item).collect();
        loop {
            let later = items.split_off(items.len().min(BATCH_ITEMS));
            let cursor = later.is_empty().then(|| self.cursor.write());
            self.session.deliver(Batch { items, cursor }).await?;
            if later.is_empty() {
                return Ok(());
            }
            items = later;
        }
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
