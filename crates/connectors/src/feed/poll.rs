//! The loop over one feed.

use std::collections::HashSet;
use std::time::Duration;

use molva_domain::{Community, GapCause, Language, PostKind, Secret, Timestamp};
use url::Url;

use super::cursor::{Cursor, Known, mark, rejected_mark};
use super::discover::{self, not_a_feed};
use super::entry::{Frame, Naming};
use super::parse::Feed;
use super::schedule;
use crate::error::ConnectorError;
use crate::http::{Response, headers, parse_url, shown};
use crate::session::{Batch, Item, Report, Session};

/// How many times in a row a feed may be forbidden before a person is asked; firewalls are moody.
const PATIENCE: u32 = 5;

/// What is listened to and how.
#[derive(Clone, Debug)]
pub(crate) struct FeedOptions {
    /// The setting `url`.
    pub address: String,
    pub network: String,
    pub kind: PostKind,
    pub language: Option<Language>,
    pub shortest: Duration,
    pub login: Option<(String, Secret)>,
    /// Where the posts were said, when it is known better than from the feed.
    pub community: Option<Community>,
    /// The address is ours to know: no page is searched for another, and a move is nobody else's business.
    pub fixed: bool,
    /// How entries are named, when the network has names of its own.
    pub naming: Option<Naming>,
}

pub(crate) fn minutes(count: i64) -> Duration {
    Duration::from_secs(count.clamp(1, 1_440).unsigned_abs() * 60)
}

/// One feed and what is remembered of it.
pub(crate) struct Poller<'a> {
    session: &'a Session,
    options: FeedOptions,
    cursor: Cursor,
}

impl<'a> Poller<'a> {
    pub(crate) fn new(session: &'a Session, options: FeedOptions) -> Self {
        let cursor = Cursor::read(session.cursor.as_deref(), &options.address);
        Self { session, options, cursor }
    }

    /// One look that stores nothing: what was found, in a sentence.
    pub(crate) async fn probe(&self) -> Result<String, ConnectorError> {
        let found = discover::find(self.session, &self.options).await?;
        if let Some(error) = why_unreadable(&found.feed) {
            return Err(error);
        }
        let entries = found.feed.entries.iter().filter(|entry| entry.is_ok()).count();
        let broken = found.feed.entries.len() - entries;
        let newest = found.feed.entries.iter().flatten().filter_map(|entry| entry.published.or(entry.updated)).max();
        Ok(format!(
            "`{}` at {}: {entries} entries{}{}",
            found.feed.title.as_deref().unwrap_or("a feed without a title"),
            shown(&found.url),
            if broken > 0 { format!(", {broken} that cannot be read") } else { String::new() },
            newest.map(|newest| format!(", the newest of {newest}")).unwrap_or_default(),
        ))
    }

    /// Looks again and again, until cancelled or until looking makes no sense any more.
    pub(crate) async fn run(mut self) -> Result<(), ConnectorError> {
        // A restart is no reason to come earlier than promised.
        let due = Timestamp::from_millis(self.cursor.next_at_ms);
        if due > self.session.now() {
            self.session.report(Report::NextAttempt(due)).await;
            self.session.pause_until(due).await?;
        }
        loop {
            let pause = self.look().await?;
            self.session.rest(pause).await?;
        }
    }

    /// One look and how long to wait for the next.
    async fn look(&mut self) -> Result<Duration, ConnectorError> {
        match self.fetch_and_deliver().await {
            Ok(pause) => Ok(pause),
            Err(error) => self.give_up_or_wait(error).await,
        }
    }

    async fn give_up_or_wait(&mut self, error: ConnectorError) -> Result<Duration, ConnectorError> {
        self.cursor.failures += 1;
        let hopeless = match &error {
            ConnectorError::Cancelled | ConnectorError::NotStored(_) => return Err(error),
            ConnectorError::Forbidden(_) => self.cursor.failures >= PATIENCE,
            error => error.needs_a_person(),
        };
        if hopeless {
            return Err(error);
        }
        let now = self.session.now();
        let own = Duration::from_secs(self.cursor.pause).max(self.options.shortest);
        let pause = schedule::after_failure(&error, self.cursor.failures, own, now, rand::random());
        self.cursor.next_at_ms = self.session.after(pause).as_millis();
        self.keep_cursor().await?;
        self.session.report(Report::Problem(error)).await;
        Ok(pause)
    }

    async fn keep_cursor(&self) -> Result<(), ConnectorError> {
        self.session.deliver(Batch { items: Vec::new(), cursor: Some(self.cursor.write()) }).await.map(drop)
    }

    async fn fetch_and_deliver(&mut self) -> Result<Duration, ConnectorError> {
        if self.cursor.is_first() {
            let found = discover::find(self.session, &self.options).await?;
            self.cursor.identity = identity(&found.url);
            let moved = !found.given || found.url != parse_url("url", &self.options.address)?;
            return self.take(found.feed, &found.answer, found.url, moved).await;
        }
        let url = parse_url("url", &self.cursor.url)?;
        let mut request = discover::request(url.clone(), &self.options);
        if let Some(etag) = &self.cursor.etag {
            request = request.header("if-none-match", etag);
        }
        if let Some(last_modified) = &self.cursor.last_modified {
            request = request.header("if-modified-since", last_modified);
        }
        let answer = self.session.send(request).await?;
        let now = self.session.now();
        if answer.status.as_u16() == 304 {
            let pause = self.settle(&answer, None, now);
            self.session.report(Report::Alive).await;
            self.keep_cursor().await?;
            return Ok(pause);
        }
        let answer = answer.error_for_status("the feed", now)?;
        let feed = discover::read(&answer).await?.map_err(|_| not_a_feed(&answer.url))?;
        let (moved_to, moved) = match &answer.moved_to {
            Some(moved_to) => (moved_to.clone(), *moved_to != url),
            None => (url, false),
        };
        self.take(feed, &answer, moved_to, moved).await
    }

    /// Delivers what is new in a feed, oldest first, then remembers the window.
    async fn take(
        &mut self,
        mut feed: Feed,
        answer: &Response,
        url: Url,
        moved: bool,
    ) -> Result<Duration, ConnectorError> {
        let now = self.session.now();
        newest_first(&mut feed);
        let unreadable = why_unreadable(&feed);
        let dates: Vec<_> =
            feed.entries.iter().flatten().filter_map(|entry| entry.published.or(entry.updated)).collect();
        let window = self.cursor.window();
        let frame = self.frame(&feed, answer, &url, now);
        let comparable = !self.cursor.is_first() && !window.is_empty();
        // A document of which nothing could be read is a failure, though each of its entries is counted.
        let pause = match unreadable {
            None => self.settle(answer, Some((&feed, &dates)), now),
            Some(_) => Duration::ZERO,
        };
        let mut marks = Vec::with_capacity(feed.entries.len());
        let mut shown = HashSet::new();
        let mut items = Vec::new();
        let mut overlap = false;
        for entry in feed.entries {
            let mark = match &entry {
                Ok(entry) => mark(entry),
                Err(rejection) => rejected_mark(&format!("{}{}", rejection.message, rejection.sample)),
            };
            let known = window.know(&mark);
            overlap |= known != Known::New;
            // Some feeds show an entry twice.
            if !shown.insert(mark.clone()) {
                continue;
            }
            marks.push(mark);
            if known != Known::Same {
                items.push(match entry {
                    Ok(entry) => Item::Post(Box::new(entry.into_post(&frame))),
                    Err(rejection) => Item::Rejected(rejection),
                });
            }
        }
        let gap = self.overflow(comparable && !overlap && unreadable.is_none() && !marks.is_empty(), &dates);
        self.cursor.remember(marks.iter().map(String::as_str));
        self.cursor.newest =
            dates.iter().copied().filter(|date| *date <= now).max().map_or(self.cursor.newest, Timestamp::as_secs);
        if let Some(error) = unreadable {
            self.deliver(items).await?;
            return Err(error);
        }
        self.cursor.url = url.clone().into();
        self.cursor.etag = kept_header(answer, "etag");
        self.cursor.last_modified = kept_header(answer, "last-modified");

        self.session.report(Report::Alive).await;
        if let Some((from, _)) = gap {
            self.session.report(Report::GapOpened { from, cause: GapCause::Overflow }).await;
        }
        self.deliver(items).await?;
        if let Some((_, to)) = gap {
            self.session.report(Report::GapClosed { to }).await;
        }
        if moved && !self.options.fixed {
            self.session.report(Report::Moved { setting: "url", value: url.into() }).await;
        }
        Ok(pause)
    }

    /// The oldest first.
    async fn deliver(&self, mut items: Vec<Item>) -> Result<(), ConnectorError> {
        items.reverse();
        self.session.hand_over(items, Some(self.cursor.write())).await
    }

    /// Nothing of the last window is left: what came between was pushed out before we looked.
    fn overflow(&self, lost: bool, dates: &[Timestamp]) -> Option<(Timestamp, Timestamp)> {
        let from = self.cursor.newest().unwrap_or(Timestamp::from_secs(self.cursor.seen_at));
        let to = dates.iter().copied().min().unwrap_or_else(|| self.session.now());
        (lost && from < to).then_some((from, to))
    }

    /// Notes a good answer and decides on the pause after it.
    fn settle(&mut self, answer: &Response, feed: Option<(&Feed, &[Timestamp])>, now: Timestamp) -> Duration {
        let told_by_feed = feed.and_then(|(feed, _)| feed.told);
        let told = [told_by_feed, headers::max_age(&answer.headers)].into_iter().flatten().max();
        let asked = headers::retry_after(&answer.headers, now);
        let jitter = rand::random();
        let newest = feed.and_then(|(_, dates)| dates.iter().max().copied()).or(self.cursor.newest());
        let silence = newest.map(|newest| now.since(newest));
        let pause = match feed {
            Some((_, dates)) => {
                schedule::after_answer(schedule::rhythm(dates.to_vec()), silence, self.options.shortest, told, jitter)
            }
            // Nothing changed, and so did not the reasons for the last pause, but the silence grew.
            None => Duration::from_secs(self.cursor.pause).max(schedule::after_answer(
                Some(Duration::ZERO),
                silence,
                self.options.shortest,
                told,
                jitter,
            )),
        };
        self.cursor.pause = pause.as_secs();
        let pause = pause.max(asked.unwrap_or_default());
        self.cursor.failures = 0;
        self.cursor.seen_at = now.as_secs();
        self.cursor.next_at_ms = self.session.after(pause).as_millis();
        pause
    }

    fn frame(&self, feed: &Feed, answer: &Response, url: &Url, now: Timestamp) -> Frame {
        let options = &self.options;
        let site = feed.site.as_ref().unwrap_or(url);
        let host = site.host_str().unwrap_or_default().trim_start_matches("www.");
        let community = options.community.clone().unwrap_or_else(|| Community {
            key: format!("{}/{host}", options.network),
            title: feed.title.clone(),
            url: Some(site.to_string()),
        });
        // At the first look the feed's own date tells how old an undated history is at least.
        let changed =
            || feed.updated.or_else(|| Timestamp::parse(answer.header("last-modified")?)).filter(|at| *at < now);
        Frame {
            identity: self.cursor.identity.clone(),
            network: options.network.clone(),
            kind: options.kind,
            community: Some(community),
            language: options.language,
            feed_language: feed.language.as_deref().and_then(Language::parse),
            feed_author: feed.author.clone(),
            naming: options.naming.clone(),
            undated_at: if self.cursor.is_first() { changed().unwrap_or(now) } else { now },
            fetched_at: now,
        }
    }
}

/// Most feeds begin with the newest entry; those that end with it are turned round.
fn newest_first(feed: &mut Feed) {
    let mut dates = feed.entries.iter().flatten().filter_map(|entry| entry.published.or(entry.updated));
    if let (Some(first), Some(last)) = (dates.next(), dates.next_back())
        && first < last
    {
        feed.entries.reverse();
    }
}

fn why_unreadable(feed: &Feed) -> Option<ConnectorError> {
    match feed.entries.first() {
        Some(Err(first)) if feed.entries.iter().all(Result::is_err) => Some(ConnectorError::Protocol(format!(
            "none of the {} entries could be read; the first: {}",
            feed.entries.len(),
            first.message
        ))),
        _ => None,
    }
}

/// What a feed is known by: its address without what does not tell feeds apart.
fn identity(url: &Url) -> String {
    let query = url.query().map(|query| format!("?{query}")).unwrap_or_default();
    let port = url.port().map(|port| format!(":{port}")).unwrap_or_default();
    let host = url.host_str().unwrap_or_default().trim_start_matches("www.");
    format!("{host}{port}{}{query}", url.path().trim_end_matches('/'))
}

/// A header to be sent back; one that is too long to keep is done without.
fn kept_header(answer: &Response, name: &str) -> Option<String> {
    answer.header(name).filter(|value| value.len() <= 300).map(str::to_owned)
}
