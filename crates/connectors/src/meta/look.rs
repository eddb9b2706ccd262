//! Asking from time to time: lists of things, the newest first, and what stands under each of them.
//!
//! A look at a list reads everything since its last whole look, some minutes more, and hands it over the oldest first; only then the
//! list counts as read. Comments may take hundreds of requests, so the cursor also says after which thing to go on. What is met again
//! with other words is told as changed, and what is met no more is asked for by its name before it is called gone.

use std::collections::HashSet;
use std::time::Duration;

use molva_domain::{GapCause, Timestamp};
use serde_json::Value;

use super::graph::{Graph, PAGE, Page};
use super::known::{Known, Met};
use crate::connector::BoxFuture;
use crate::error::ConnectorError;
use crate::patience::Patience;
use crate::places::{Commented, Cursor, Round};
use crate::session::{Item, Report, Session};

const EVERY: Duration = Duration::from_secs(120);
/// Pages of a list in one look.
const PAGES: usize = 200;
/// Looked at again behind what is known, for what appeared late.
const OVERLAP: Duration = Duration::from_secs(600);
/// Comments are looked for where their number changed, and everywhere each so many looks.
const LOOK_EVERYWHERE: u64 = 10;
/// Things asked for by name in one look, because a list holds them no more.
const ASKED_FOR: usize = 20;

/// One thing of an answer.
#[derive(Debug)]
pub(crate) struct Found {
    /// As the network calls it; empty for what has no name.
    pub id: String,
    pub published: Option<Timestamp>,
    /// How much stands under it, where the network says so.
    pub comments: Option<u64>,
    pub item: Item,
}

/// A list of a page or an account.
#[derive(Clone, Copy, Debug)]
pub(crate) struct List {
    pub key: &'static str,
    pub fields: &'static str,
    /// Whether things of it have comments that are read.
    pub commented: bool,
}

/// What is listed, and how it is read.
pub(crate) trait Lists: Send + Sync {
    /// The page or account, part of the paths of its lists.
    fn account(&self) -> &str;

    fn thing(&self, list: &List, raw: &Value, now: Timestamp) -> Found;

    /// What is on no list but was heard of elsewhere. What cannot be had now is kept for the next time.
    fn besides<'a>(
        &'a self,
        _session: &'a Session,
        _graph: &'a Graph,
    ) -> BoxFuture<'a, Result<Vec<Item>, ConnectorError>> {
        Box::pin(async { Ok(Vec::new()) })
    }

    /// Everything that stands under a thing.
    fn comments<'a>(
        &'a self,
        session: &'a Session,
        graph: &'a Graph,
        thing: &'a str,
    ) -> BoxFuture<'a, Result<Vec<Found>, ConnectorError>>;
}

/// Listens until cancelled.
pub(crate) async fn listen(
    session: &Session,
    graph: &Graph,
    of: &dyn Lists,
    lists: &[List],
) -> Result<(), ConnectorError> {
    let mut places = Cursor::read(session.cursor.as_deref());
    places.keep(&lists.iter().map(|list| place(of, list)).collect::<Vec<_>>());
    let mut look = Look {
        session,
        graph,
        of,
        places,
        known: Known::default(),
        commented: Commented::default(),
        round: 0,
        history: session.settings.history(),
    };
    let mut patience = Patience::new(EVERY);
    loop {
        let mut round = Round::default();
        match of.besides(session, graph).await {
            Ok(items) => look.hand_over(items, false).await?,
            Err(error @ (ConnectorError::Cancelled | ConnectorError::AuthRevoked(_) | ConnectorError::AuthExpired)) => {
                return Err(error);
            }
            Err(error) => session.report(Report::Problem(error)).await,
        }
        for list in look.places.in_order(lists, |list| place(of, list)) {
            let looked = look.at(list).await;
            round.note(session, looked).await?;
        }
        look.round += 1;
        round.rest(session, &mut patience, EVERY).await?;
    }
}

/// The first page of a list: how much stands there.
pub(crate) async fn try_out(
    session: &Session,
    graph: &Graph,
    of: &dyn Lists,
    list: &List,
) -> Result<usize, ConnectorError> {
    let page = page(session, graph, of, list, None).await?;
    let now = session.now();
    let found = page.data.iter().map(|raw| of.thing(list, raw, now));
    Ok(found.filter(|found| matches!(found.item, Item::Post(_))).count())
}

struct Look<'a> {
    session: &'a Session,
    graph: &'a Graph,
    of: &'a dyn Lists,
    places: Cursor,
    known: Known,
    commented: Commented<String>,
    round: u64,
    history: Duration,
}

impl Look<'_> {
    async fn at(&mut self, list: &List) -> Result<(), ConnectorError> {
        // By the network's clock: what it says to have been written before must not be taken for known.
        let now = self.session.now().minus(self.graph.behind());
        let place = place(self.of, list);
        let (began, done) = self.places.begin(&place, now);
        let since = match self.places.until(&place) {
            Some(until) => until.minus(OVERLAP),
            None => now.minus(self.history),
        };
        let young = if list.commented { since.min(now.minus(self.history)) } else { since };
        let (found, reached) = self.things(list, young).await?;
        let outlines: Vec<(u64, String, Option<u64>)> = found
            .iter()
            // What has no text of its own, as a picture, has comments all the same.
            .filter(|one| !matches!(one.item, Item::Deleted(_)) && one.published.is_some_and(|at| at >= young))
            .map(|one| (number(&one.id), one.id.clone(), one.comments))
            .filter(|(number, ..)| *number > 0)
            .collect();
        // A reading that goes on has handed over what there was when it began.
        let fresh = if done > 0 { began.minus(OVERLAP).max(since) } else { since };
        if let Some(to) = reached {
            self.session.report(Report::GapOpened { from: young, cause: GapCause::Overflow }).await;
            self.deliver(list.key, found, fresh, true).await?;
            self.session.report(Report::GapClosed { to }).await;
        } else {
            let gone = self.gone(list.key, young, &found).await?;
            self.deliver(list.key, found, fresh, true).await?;
            self.hand_over(gone, false).await?;
        }
        let whole = !list.commented || self.comments(&place, outlines, done, since).await?;
        self.places.end(&place, whole);
        self.hand_over(Vec::new(), true).await
    }

    /// Everything on the list since then, each once; and how far back it was read where it was not read so far.
    async fn things(&self, list: &List, young: Timestamp) -> Result<(Vec<Found>, Option<Timestamp>), ConnectorError> {
        let mut found: Vec<Found> = Vec::new();
        let mut names: HashSet<String> = HashSet::new();
        let mut after: Option<String> = None;
        let mut oldest: Option<Timestamp> = None;
        for _ in 0..PAGES {
            let page = page(self.session, self.graph, self.of, list, after.as_deref()).await?;
            let next = page.after();
            let now = self.session.now();
            let mut new = false;
            for raw in &page.data {
                let one = self.of.thing(list, raw, now);
                new |= one.published.is_some_and(|published| published >= young);
                oldest = one.published.into_iter().chain(oldest).min();
                let name = if one.id.is_empty() { raw.to_string() } else { one.id.clone() };
                if names.insert(name) {
                    found.push(one);
                }
            }
            if !new || next.is_none() || next == after {
                return Ok((found, None));
            }
            after = next;
        }
        Ok((found, oldest))
    }

    /// What stands under those things that have something new, the oldest number first; whether everything could be read.
    async fn comments(
        &mut self,
        place: &str,
        mut things: Vec<(u64, String, Option<u64>)>,
        done: u64,
        since: Timestamp,
    ) -> Result<bool, ConnectorError> {
        things.sort_unstable();
        let mut whole = true;
        for (number, id, count) in things {
            if number <= done {
                continue;
            }
            let known = self.commented.of(&id);
            let count = count.unwrap_or(u64::MAX);
            let same = known == count && count != u64::MAX;
            if (count == 0 && known == 0) || same && !self.round.is_multiple_of(LOOK_EVERYWHERE) {
                continue;
            }
            match self.under(&id).await {
                Ok(found) => {
                    self.commented.were_read(id.clone(), count);
                    let gone = self.gone(&id, Timestamp::EARLIEST, &found).await?;
                    self.hand_over(gone, false).await?;
                    // What was left out before has to be read again, also by the next run.
                    if whole {
                        self.places.through_with(place, number);
                    }
                    self.deliver(&id, found, since, true).await?;
                }
                Err(ConnectorError::Forbidden(_) | ConnectorError::Gone(_) | ConnectorError::NotFound(_)) => {
                    whole &= self.commented.are_closed(id, count);
                }
                Err(error) => return Err(error),
            }
        }
        Ok(whole)
    }

    /// What stands under a thing; nothing when the thing went away meanwhile.
    async fn under(&self, id: &str) -> Result<Vec<Found>, ConnectorError> {
        match self.of.comments(self.session, self.graph, id).await {
            Err(ConnectorError::NotFound(_) | ConnectorError::Gone(_)) if !self.is_there(id).await? => Ok(Vec::new()),
            // A thing that is there has comments that can be asked for.
            Err(ConnectorError::NotFound(_) | ConnectorError::Gone(_)) => {
                self.of.comments(self.session, self.graph, id).await
            }
            read => read,
        }
    }

    /// Asked by its name.
    async fn is_there(&self, id: &str) -> Result<bool, ConnectorError> {
        match self.graph.get::<Value>(self.session, id, &[("fields", "id")]).await {
            Ok(_) | Err(ConnectorError::Forbidden(_)) => Ok(true),
            Err(ConnectorError::NotFound(_) | ConnectorError::Gone(_)) => Ok(false),
            Err(error) => Err(error),
        }
    }

    /// What was known to stand there, is not among what was found, and is not there when asked for by its name.
    async fn gone(&mut self, under: &str, since: Timestamp, found: &[Found]) -> Result<Vec<Item>, ConnectorError> {
        let names: HashSet<&str> = found.iter().map(|one| one.id.as_str()).collect();
        let missing = self.known.missing(under, since.as_secs(), |id| names.contains(id));
        let mut gone = Vec::new();
        for id in missing.into_iter().take(ASKED_FOR) {
            if !self.is_there(&id).await? {
                gone.extend(self.known.forget(&id).map(Item::Deleted));
            }
        }
        Ok(gone)
    }

    /// Hands over what is new since then or has changed.
    async fn deliver(
        &mut self,
        under: &str,
        found: Vec<Found>,
        since: Timestamp,
        cursor: bool,
    ) -> Result<(), ConnectorError> {
        let now = self.session.now();
        let mut new = Vec::new();
        for mut one in found {
            let recent = one.published.is_none_or(|published| published >= since);
            let at = one.published.unwrap_or(now).as_secs();
            let wanted = match &mut one.item {
                Item::Post(post) => match self.known.meet(&one.id, under, at, (&post.urn, &post.text)) {
                    Met::New => recent,
                    Met::AsBefore => false,
                    Met::Changed => {
                        post.edited_at = post.edited_at.or(Some(now));
                        true
                    }
                },
                Item::Rejected(rejection) => recent && self.known.reject(&rejection.sample),
                Item::Deleted(_) => true,
            };
            if wanted {
                new.push((one.published, one.item));
            }
        }
        new.sort_by_key(|(published, _)| (published.is_none(), *published));
        self.hand_over(new.into_iter().map(|(_, item)| item).collect(), cursor).await
    }

    async fn hand_over(&self, items: Vec<Item>, cursor: bool) -> Result<(), ConnectorError> {
        self.session.hand_over(items, cursor.then(|| self.places.write())).await
    }
}

/// The name of a list in the cursor: that of another account is another place.
fn place(of: &dyn Lists, list: &List) -> String {
    format!("{}/{}", of.account(), list.key)
}

/// By which things are read one after the other; of a post's two numbers its own. 0 for what has none.
fn number(id: &str) -> u64 {
    id.rsplit('_').next().and_then(|number| number.parse().ok()).unwrap_or(0)
}

async fn page(
    session: &Session,
    graph: &Graph,
    of: &dyn Lists,
    list: &List,
    after: Option<&str>,
) -> Result<Page, ConnectorError> {
    let parameters = [("fields", list.fields), ("limit", PAGE), ("after", after.unwrap_or_default())];
    graph.get(session, &format!("{}/{}", of.account(), list.key), &parameters).await
}
