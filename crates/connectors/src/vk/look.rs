//! Asking from time to time: searches, walls with their comments, discussions.
//!
//! A look at a place reads everything since its last whole look, some minutes more, and hands it over the oldest first; only then
//! the place counts as read. Comments may take hundreds of requests, so the cursor also says after which post or topic to go on.

use std::collections::{BTreeMap, HashMap};
use std::pin::pin;
use std::time::Duration;

use molva_domain::{GapCause, Timestamp};
use serde::Deserialize as _;

use super::NETWORK;
use super::client::Client;
use super::comments::{self, Topic};
use super::pages::{search_page, topics, wall_page};
use super::people::People;
use super::read::{self, Found, OVERLAP};
use super::target::{Channel, What};
use super::turns::{self, Turns};
use crate::error::ConnectorError;
use crate::patience::Patience;
use crate::places::{Commented, Cursor, Round};
use crate::search;
use crate::seen::Seen;
use crate::session::{Report, Session};

/// After the first failure.
const PATIENCE: Duration = Duration::from_secs(60);
/// Pages of a search, of a wall.
const PAGES: usize = 400;
/// A window of a search that holds so many may hold more than VK gives by turning pages, which is a thousand.
const FULL_WINDOW: usize = 500;
/// What is found is handed over when it is so much.
const MOST_HELD: usize = 2_000;
/// Comments are looked for where their number changed, and everywhere each so many looks.
const LOOK_EVERYWHERE: u64 = 10;

/// Listens until cancelled.
pub(super) async fn listen(session: &Session, client: &Client, what: What) -> Result<(), ConnectorError> {
    let mut look = Look::new(session, client);
    let mut patience = Patience::new(PATIENCE);
    let mut turns = Turns::default();
    loop {
        let channels = what.now(session).await?;
        look.follow(&channels);
        turns.keep(&channels);
        let every = turns::pause(session, &what, &channels);
        let mut change = pin!(search::change(session, what.follows(session)));
        let mut round = Round::default();
        let mut is_over = true;
        for channel in look.cursor.in_order(&channels, Channel::key) {
            if !turns.is_due(&channel.key(), session.now()) {
                continue;
            }
            let looked = look.at(channel).await;
            if looked.is_ok() {
                turns.was_asked(session, channel.key(), every);
            }
            round.note(session, looked).await?;
            if round.is_well() && futures_util::poll!(change.as_mut()).is_ready() {
                is_over = false;
                break;
            }
        }
        if !is_over {
            continue;
        }
        if channels.is_empty() {
            session.report(Report::Alive).await;
        }
        look.round += 1;
        round.rest_until(session, &mut patience, every, change).await?;
    }
}

/// The first page of every place: how much stands there.
pub(super) async fn try_out(session: &Session, client: &Client, channels: &[Channel]) -> Result<usize, ConnectorError> {
    let day = session.now().minus(Duration::from_secs(86_400));
    let mut found = 0;
    if channels.is_empty() {
        // The topics look for nothing here so far; whether the token is good is worth knowing.
        search_page(session, client, NETWORK, day, None, None).await?;
    }
    for channel in channels {
        let page = match channel {
            Channel::Search(words) => search_page(session, client, words, day, None, None).await?,
            Channel::Wall(owner) => wall_page(session, client, *owner, 0).await?,
            Channel::Discussions(owner) => topics(session, client, *owner, 0).await?,
        };
        found += page.items.len();
    }
    Ok(found)
}

/// What stands on a community's wall and in its discussions since then, for what was missed elsewhere.
pub(super) async fn since(
    session: &Session,
    client: &Client,
    channels: &[Channel],
    since: Timestamp,
) -> Result<Vec<Found>, ConnectorError> {
    let mut look = Look::new(session, client);
    look.cursor.keep(&channels.iter().map(Channel::key).collect::<Vec<_>>());
    look.kept = Some(Vec::new());
    look.first = Some(since);
    for channel in channels {
        look.at(channel).await?;
    }
    Ok(look.kept.unwrap_or_default())
}

struct Look<'a> {
    session: &'a Session,
    client: &'a Client,
    cursor: Cursor,
    people: People,
    seen: Seen,
    /// By owner and post.
    commented: Commented<(i64, u64)>,
    round: u64,
    history: Duration,
    /// Where the first look begins, if not [`Self::history`] ago.
    first: Option<Timestamp>,
    /// Kept here instead of delivered.
    kept: Option<Vec<Found>>,
}

impl<'a> Look<'a> {
    fn new(session: &'a Session, client: &'a Client) -> Self {
        Self {
            session,
            client,
            cursor: Cursor::read(session.cursor.as_deref()),
            people: People::default(),
            seen: Seen::default(),
            commented: Commented::default(),
            round: 0,
            history: session.settings.history(),
            first: None,
            kept: None,
        }
    }

    /// Looks at these places from now on; what is known of others is forgotten. What is new begins where the others are, at the latest.
    fn follow(&mut self, channels: &[Channel]) {
        let keys: Vec<String> = channels.iter().map(Channel::key).collect();
        self.cursor.follow(&keys, self.session.now().minus(self.history));
    }

    async fn at(&mut self, channel: &Channel) -> Result<(), ConnectorError> {
        let key = channel.key();
        let now = self.session.now();
        let (began, done) = self.cursor.begin(&key, now);
        let since = match self.cursor.until(&key) {
            Some(until) => until.minus(OVERLAP),
            None => self.first.unwrap_or_else(|| now.minus(self.history)),
        };
        let whole = match channel {
            Channel::Search(words) => self.search(words, &key, since, done).await?,
            Channel::Wall(owner) => self.wall(*owner, &key, since, (began, done)).await?,
            Channel::Discussions(owner) => self.discussions(*owner, &key, since, done).await?,
        };
        self.cursor.end(&key, whole);
        self.deliver(Vec::new(), since, true).await
    }

    /// From the newest back, window by window. What was found before something broke is handed over, and the next look goes on there.
    async fn search(&mut self, words: &str, key: &str, since: Timestamp, reached: u64) -> Result<bool, ConnectorError> {
        let mut found = Vec::new();
        let mut until: Option<i64> = i64::try_from(reached).ok().filter(|reached| *reached > 0);
        let mut from: Option<String> = None;
        let mut in_window = 0;
        let mut oldest = until.unwrap_or(i64::MAX);
        for _ in 0..PAGES {
            let page = match search_page(self.session, self.client, words, since, until, from.as_deref()).await {
                Ok(page) => page,
                Err(error @ ConnectorError::Cancelled) => return Err(error),
                Err(error) => {
                    self.hand_over(&mut found, key, since, oldest).await?;
                    return Err(error);
                }
            };
            self.people.meet(&page.profiles, &page.groups);
            let now = self.session.now();
            let before = found.len();
            found.extend(page.items.iter().map(|raw| read::post(raw, &self.people, now, "search")));
            let on_page = &found[before..];
            in_window += on_page.len();
            let nothing = on_page.is_empty();
            let dates = on_page.iter().filter_map(|one| one.published).map(Timestamp::as_secs);
            oldest = dates.min().unwrap_or(oldest).min(oldest);
            if found.len() >= MOST_HELD {
                self.hand_over(&mut found, key, since, oldest).await?;
            }
            if !nothing && page.next_from.is_some() && page.next_from != from {
                from = page.next_from;
                continue;
            }
            if in_window < FULL_WINDOW {
                self.deliver(found, since, false).await?;
                return Ok(true);
            }
            // A whole window of one second would be asked for again and again.
            until = Some(if until == Some(oldest) { oldest - 1 } else { oldest });
            (from, in_window) = (None, 0);
        }
        let to = Timestamp::from_secs(oldest);
        self.session.report(Report::GapOpened { from: since, cause: GapCause::Overflow }).await;
        self.deliver(found, since, false).await?;
        self.session.report(Report::GapClosed { to }).await;
        Ok(true)
    }

    /// Everything down to that second is found.
    async fn hand_over(
        &mut self,
        found: &mut Vec<Found>,
        key: &str,
        since: Timestamp,
        oldest: i64,
    ) -> Result<(), ConnectorError> {
        if !found.is_empty() {
            self.cursor.through_with(key, u64::try_from(oldest).unwrap_or(0));
            self.deliver(std::mem::take(found), since, true).await?;
        }
        Ok(())
    }

    /// The posts of the wall that are young enough to be commented, then the comments of those that have new ones.
    async fn wall(
        &mut self,
        owner: i64,
        key: &str,
        since: Timestamp,
        (began, done): (Timestamp, u64),
    ) -> Result<bool, ConnectorError> {
        let young = since.min(self.session.now().minus(self.history));
        let mut outlines: HashMap<u64, u64> = HashMap::new();
        let mut found = Vec::new();
        let mut offset = 0;
        for _ in 0..PAGES {
            let page = wall_page(self.session, self.client, owner, offset).await?;
            self.people.meet(&page.profiles, &page.groups);
            let now = self.session.now();
            let place = format!("wall {owner}");
            let mut new = 0;
            let mut on_page = std::collections::HashSet::new();
            for raw in &page.items {
                let Some((id, published, comments)) = read::outline(raw) else { continue };
                on_page.insert(id);
                if published >= young && outlines.insert(id, comments).is_none() {
                    new += 1;
                }
            }
            found.extend(page.items.iter().map(|raw| read::post(raw, &self.people, now, &place)));
            let end = offset + on_page.len();
            // A post that is pinned stands first however old it is.
            if new == 0 || end as u64 >= page.count {
                break;
            }
            offset = end.saturating_sub(2).max(offset + 1);
        }
        // A reading that goes on has handed over the posts there were when it began.
        let fresh = if done > 0 { began.minus(OVERLAP) } else { since };
        self.deliver(found, fresh.max(since), true).await?;
        let mut posts: Vec<(u64, u64)> = outlines.into_iter().filter(|(id, _)| *id > done).collect();
        posts.sort_unstable();
        let mut whole = true;
        for (id, comments) in posts {
            let known = self.commented.of(&(owner, id));
            if comments == 0 || known == comments && !self.round.is_multiple_of(LOOK_EVERYWHERE) {
                continue;
            }
            match comments::of_post(self.session, self.client, &mut self.people, owner, id).await {
                Ok(found) => {
                    self.commented.were_read((owner, id), comments);
                    self.cursor.through_with(key, id);
                    self.deliver(found, since, true).await?;
                }
                Err(ConnectorError::Forbidden(_) | ConnectorError::Gone(_) | ConnectorError::NotFound(_)) => {
                    whole &= self.commented.are_closed((owner, id), comments);
                }
                Err(error) => return Err(error),
            }
        }
        Ok(whole)
    }

    /// The discussions that go on since then, each read whole before it counts as read, the earliest opened first.
    async fn discussions(
        &mut self,
        owner: i64,
        key: &str,
        since: Timestamp,
        done: u64,
    ) -> Result<bool, ConnectorError> {
        let mut topics = self.topics_since(owner, since).await?;
        topics.retain(|id, _| *id > done);
        let mut whole = true;
        for topic in topics.into_values() {
            match comments::of_topic(self.session, self.client, &mut self.people, owner, topic.id, since).await {
                Ok(mut found) => {
                    found.iter_mut().for_each(|one| topic.entitle(one));
                    self.cursor.through_with(key, topic.id);
                    self.deliver(found, since, true).await?;
                }
                Err(ConnectorError::Forbidden(_) | ConnectorError::Gone(_) | ConnectorError::NotFound(_)) => {
                    whole &= self.commented.are_closed((owner, topic.id), 0);
                }
                Err(error) => return Err(error),
            }
        }
        Ok(whole)
    }

    /// By their ids.
    async fn topics_since(&self, owner: i64, since: Timestamp) -> Result<BTreeMap<u64, Topic>, ConnectorError> {
        let mut going_on = BTreeMap::new();
        let mut offset = 0;
        for _ in 0..PAGES {
            let page = topics(self.session, self.client, owner, offset).await?;
            let topics: Vec<Topic> = page.items.iter().filter_map(|raw| Topic::deserialize(raw).ok()).collect();
            offset += topics.len();
            let before = going_on.len();
            let new = topics.into_iter().filter(|topic| topic.updated >= since.as_secs());
            going_on.extend(new.map(|topic| (topic.id, topic)));
            if going_on.len() == before || offset as u64 >= page.count {
                break;
            }
        }
        Ok(going_on)
    }

    /// What was not delivered in this run and is not older than `since`, the oldest first; with the cursor, if so wanted.
    async fn deliver(&mut self, found: Vec<Found>, since: Timestamp, cursor: bool) -> Result<(), ConnectorError> {
        let mut new: Vec<Found> = found
            .into_iter()
            .filter(|one| one.published.is_none_or(|published| published >= since))
            .filter(|one| self.seen.first(&one.name))
            .collect();
        if let Some(kept) = &mut self.kept {
            kept.append(&mut new);
            return Ok(());
        }
        new.sort_by_key(|one| (one.published.is_none(), one.published));
        let items = new.into_iter().map(|one| one.item).collect();
        self.session.hand_over(items, cursor.then(|| self.cursor.write())).await
    }
}
