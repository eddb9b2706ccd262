//! YouTube: comments under the videos of channels, under single videos, and new videos that hold words, over the Data API v3. Contract:
//! <https://developers.google.com/youtube/v3/docs>. A day has so many units; every question costs some, and an answer that we write
//! costs fifty, so a part of them is left alone.

mod account_form;
mod asked;
mod budget;
mod comment;
mod descriptor;
mod look;
mod oauth;
mod refresh;
mod reply;
mod video;
mod wanted;

use std::collections::HashMap;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use molva_domain::{Secret, Timestamp, TopicSought};
use serde::Deserialize;
use serde_json::Value;
use url::Url;

use crate::connector::{BoxFuture, Connector, Descriptor};
use crate::error::ConnectorError;
use crate::google::Refusal;
use crate::http::{Request, Response, parse_url};
use crate::oauth::OAuth;
use crate::refresh::Refresh;
use crate::reply::Replies;
use crate::search::{SearchPlan, Searches};
use crate::session::{Report, Session};
use crate::settings::Settings;
use crate::shared;
use crate::walk::{self, Found, NewestFirst, Pace};
use asked::{Asked, Of};
use budget::Budget;
use descriptor::DESCRIPTOR;

const NETWORK: &str = "youtube";
const PAGE: usize = 100;
/// Pages of a hundred threads turned in one look.
const PAGES: usize = 100;
/// Pages of a hundred replies to one comment.
const REPLY_PAGES: usize = 10;
/// Channels, videos and searches of one source.
const MAX_LISTS: usize = 100;
/// Threads whose number of replies is remembered.
const MAX_THREADS: usize = 20_000;
/// Searches of the topics that a test asks.
const TRIED: usize = 2;
const MAX_PAGE_BYTES: u64 = 16 << 20;
/// How long the network may take to show what was said.
const LATE: Duration = Duration::from_secs(3_600);

/// The row of the table.
#[derive(Clone, Copy, Debug)]
pub struct YouTube;

impl Connector for YouTube {
    fn descriptor(&self) -> &'static Descriptor {
        &DESCRIPTOR
    }

    fn probe<'a>(&'a self, session: &'a Session) -> BoxFuture<'a, Result<String, ConnectorError>> {
        Box::pin(async move {
            let settings = session.settings.clone().with_defaults(DESCRIPTOR.settings);
            let client = Client::new(&settings)?;
            let mut found = Vec::new();
            let lists = Asked { settings: &settings, client: &client }.lists(session).await?;
            if lists.is_empty() {
                found.push("the topics look for nothing on YouTube".to_owned());
            }
            // Each search is one of the day's.
            let mut tried = 0;
            for list in lists {
                tried += usize::from(list.name().is_some());
                if list.name().is_some() && tried > TRIED {
                    continue;
                }
                let page = list.read(session, None).await?;
                found.push(format!("{} from {}", page.found.len(), list.of.name()));
            }
            let left = client.budget.quota(session.now()).limit;
            Ok(format!("the key is accepted: {}; listening may use {left} units a day", found.join(", ")))
        })
    }

    fn listen<'a>(&'a self, session: &'a Session) -> BoxFuture<'a, Result<(), ConnectorError>> {
        Box::pin(async move {
            let settings = session.settings.clone().with_defaults(DESCRIPTOR.settings);
            let client = Client::new(&settings)?;
            let asked = Asked { settings: &settings, client: &client };
            let by_hand = asked.by_hand()?;
            let comments = by_hand.iter().filter(|of| !matches!(of, Of::Search { .. })).count() as u64;
            let own = Pace::of(&settings, PAGES);
            let shortest = own.shortest.max(client.budget.pause(comments));
            let pace = Pace { shortest, between_pages: Duration::from_millis(200), ..own };
            let names: Vec<String> = by_hand.iter().map(Of::name).collect();
            walk::listen_to_changing(session, &asked, &names.join(", "), pace).await
        })
    }

    fn searches(&self) -> Option<&'static dyn Searches> {
        Some(&Self)
    }

    fn refresh(&self) -> Option<&'static Refresh> {
        Some(&refresh::REFRESH)
    }

    fn replies(&self) -> Option<&'static dyn Replies> {
        Some(&reply::YouTubeReplies)
    }

    fn oauth(&self) -> Option<&'static OAuth> {
        Some(&oauth::OAUTH)
    }
}

/// One list of things.
struct List<'a> {
    client: &'a Client,
    of: Of,
    /// Between two searches.
    every: Duration,
    history: Duration,
}

/// The key and what it may still ask.
struct Client {
    base: Url,
    key: Secret,
    budget: Budget,
    /// How many replies a thread had when they were last read.
    replies: Mutex<HashMap<String, u64>>,
    /// When words are searched for again, by the clock of the session.
    due: Mutex<HashMap<String, Timestamp>>,
}

impl Client {
    fn new(settings: &Settings) -> Result<Self, ConnectorError> {
        let mut base = parse_url("url", settings.text("url").unwrap_or_default())?;
        base.set_path("/youtube/v3/");
        let key = settings
            .needed_secret("api_key", "is required: a key of a Google Cloud project with the YouTube Data API v3")?
            .clone();
        let number = |key: &str, otherwise: u64| settings.number(key).map_or(otherwise, i64::unsigned_abs);
        let spent = shared::of(&[NETWORK, base.as_str(), key.expose()]);
        let budget = Budget::new(number("units_per_day", 10_000), number("searches_per_day", 100), spent);
        Ok(Self { base, key, budget, replies: Mutex::default(), due: Mutex::default() })
    }

    /// Whether these words are to be searched for now; if so, they are again after `every`. Words that are new do not wait, but while the
    /// day's searches would not last they do: whoever changes topics often shall not be deaf in the evening.
    fn is_due(&self, session: &Session, words: &str, every: Duration) -> bool {
        let (now, next) = (session.now(), session.after(every));
        let mut due = self.due.lock().unwrap_or_else(PoisonError::into_inner);
        if due.len() > MAX_THREADS {
            due.clear();
        }
        let hurries = self.budget.may_hurry(now);
        let at = due.entry(words.to_owned()).or_insert(if hurries { now } else { next });
        let is_due = *at <= now;
        if is_due {
            *at = next;
        }
        is_due
    }

    fn replies(&self) -> MutexGuard<'_, HashMap<String, u64>> {
        self.replies.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Asks for a page of something.
    async fn get(
        &self,
        session: &Session,
        method: &str,
        parameters: &[(&str, &str)],
        page: Option<&str>,
    ) -> Result<Answer, ConnectorError> {
        if method == "search" {
            self.budget.spend_search(session.now())?;
        } else {
            self.budget.spend(session.now())?;
        }
        let mut url = self.base.join(method).map_err(|error| ConnectorError::Protocol(error.to_string()))?;
        url.query_pairs_mut().extend_pairs(parameters).extend_pairs(page.map(|page| ("pageToken", page)));
        let request = Request::get(url).secret_header("x-goog-api-key", &self.key).max_body_bytes(MAX_PAGE_BYTES);
        let answer = session.send(request).await?;
        if answer.status.is_success() {
            return answer.json();
        }
        Err(self.refusal(answer, session.now(), method == "search"))
    }

    /// What a refusal means.
    fn refusal(&self, answer: Response, now: Timestamp, search: bool) -> ConnectorError {
        let refusal = Refusal::of(answer, "the YouTube Data API v3");
        match refusal.reason.as_str() {
            "quotaExceeded" | "dailyLimitExceeded" => self.budget.is_used_up(now, search),
            "commentsDisabled" => ConnectorError::NotFound("comments are switched off there".to_owned()),
            "videoNotFound" | "channelNotFound" | "commentNotFound" => {
                ConnectorError::NotFound("YouTube knows nothing of that id".to_owned())
            }
            _ => refusal.error(now),
        }
    }
}

#[derive(Deserialize)]
struct Answer {
    items: Vec<Value>,
    #[serde(rename = "nextPageToken", default)]
    next: Option<String>,
}

impl Searches for YouTube {
    fn plan(&self, settings: &Settings, topics: &[TopicSought]) -> Option<SearchPlan> {
        wanted::plan(&settings.clone().with_defaults(DESCRIPTOR.settings), topics)
    }
}

impl NewestFirst for List<'_> {
    fn name(&self) -> Option<String> {
        matches!(self.of, Of::Search { of_topics: true, .. }).then(|| self.of.name())
    }

    fn page<'a>(
        &'a self,
        session: &'a Session,
        older: Option<&'a str>,
    ) -> BoxFuture<'a, Result<walk::Page, ConnectorError>> {
        Box::pin(async move {
            let is_search = matches!(self.of, Of::Search { .. });
            match self.read(session, older).await {
                // One video that is gone, or whose comments are closed, does not silence the others; nor does a search too many.
                Err(error @ ConnectorError::NotFound(_)) => {
                    let error = ConnectorError::NotFound(format!("{}: {error}", self.of.name()));
                    session.report(Report::Problem(error)).await;
                    Ok(walk::Page::default())
                }
                Err(ConnectorError::QuotaExhausted { .. }) if is_search => {
                    Ok(walk::Page { skipped: older.is_none(), ..walk::Page::default() })
                }
                Err(error) => {
                    // The look may be given up: what it brought has to be read again.
                    self.client.replies().clear();
                    Err(error)
                }
                Ok(page) => Ok(page),
            }
        })
    }

    fn late(&self) -> Duration {
        if matches!(self.of, Of::Search { .. }) { (self.every * 2).max(Duration::from_secs(86_400)) } else { LATE }
    }
}

impl List<'_> {
    async fn read(&self, session: &Session, older: Option<&str>) -> Result<walk::Page, ConnectorError> {
        let (answer, found) = match &self.of {
            Of::Channel(id) => self.threads(session, ("allThreadsRelatedToChannelId", id), older).await?,
            Of::Video(id) => self.threads(session, ("videoId", id), older).await?,
            Of::Search { words, .. } => {
                if older.is_none() && !self.client.is_due(session, words, self.every) {
                    return Ok(walk::Page { skipped: true, ..walk::Page::default() });
                }
                self.videos(session, words, older).await?
            }
        };
        let older = answer.next.filter(|next| Some(next.as_str()) != older && !next.is_empty());
        // Each page of a search is one of the day's: what would leave too few is a gap.
        let is_dear = matches!(self.of, Of::Search { .. }) && !self.client.budget.may_hurry(session.now());
        let (cut, older) = (is_dear && older.is_some(), older.filter(|_| !is_dear));
        Ok(walk::Page {
            found,
            older,
            cut,
            quota: Some(self.client.budget.quota(session.now())),
            ..walk::Page::default()
        })
    }

    async fn threads(
        &self,
        session: &Session,
        of: (&str, &str),
        older: Option<&str>,
    ) -> Result<(Answer, Vec<Found>), ConnectorError> {
        let fixed =
            [("part", "snippet,replies"), ("order", "time"), ("maxResults", "100"), ("textFormat", "plainText"), of];
        let answer = self.client.get(session, "commentThreads", &fixed, older).await?;
        let now = session.now();
        let mut found = Vec::with_capacity(PAGE);
        for (index, raw) in answer.items.iter().enumerate() {
            let thread = comment::thread(raw, now, index);
            found.push(thread.top);
            let inline = thread.replies.len() as u64;
            found.extend(thread.replies);
            let known = self.client.replies().get(&thread.id).copied();
            if thread.total > inline && known != Some(thread.total) && self.client.budget.has_room(now) {
                found.extend(self.replies_to(session, &thread.id, &thread.video).await?);
                let mut known = self.client.replies();
                if known.len() > MAX_THREADS {
                    known.clear();
                }
                known.insert(thread.id, thread.total);
            }
        }
        Ok((answer, found))
    }

    async fn replies_to(&self, session: &Session, thread: &str, video: &str) -> Result<Vec<Found>, ConnectorError> {
        let mut found = Vec::new();
        let mut next: Option<String> = None;
        for _ in 0..REPLY_PAGES {
            let fixed = [("part", "snippet"), ("parentId", thread), ("maxResults", "100"), ("textFormat", "plainText")];
            let answer = match self.client.get(session, "comments", &fixed, next.as_deref()).await {
                // Taken away since the thread was shown.
                Err(ConnectorError::NotFound(_)) => break,
                answer => answer?,
            };
            let now = session.now();
            found.extend(answer.items.iter().enumerate().map(|(index, raw)| comment::reply(raw, video, now, index)));
            next = answer.next.filter(|token| Some(token) != next.as_ref() && !token.is_empty());
            if next.is_none() {
                break;
            }
        }
        Ok(found)
    }

    async fn videos(
        &self,
        session: &Session,
        words: &str,
        older: Option<&str>,
    ) -> Result<(Answer, Vec<Found>), ConnectorError> {
        let after = session.now().minus(self.history).to_rfc3339();
        let fixed = [
            ("part", "snippet"),
            ("type", "video"),
            ("order", "date"),
            ("maxResults", "50"),
            ("publishedAfter", after.as_str()),
            ("q", words),
        ];
        let answer = self.client.get(session, "search", &fixed, older).await?;
        let now = session.now();
        let found = answer.items.iter().enumerate().map(|(index, raw)| video::found(raw, now, index)).collect();
        Ok((answer, found))
    }
}

#[cfg(test)]
mod tests;
