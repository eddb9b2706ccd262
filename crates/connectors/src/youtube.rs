//! YouTube: comments under the videos of channels, under single videos, and new videos that hold words, over the Data API v3. Contract:
//! <https://developers.google.com/youtube/v3/docs>. A day has so many units; every question costs some, and an answer that we write
//! costs fifty, so a part of them is left alone.

mod account_form;
mod budget;
mod comment;
mod descriptor;
mod look;
mod oauth;
mod refresh;
mod reply;
mod video;

use std::collections::HashMap;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use molva_domain::{Secret, Timestamp};
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
use crate::session::{Report, Session};
use crate::settings::Settings;
use crate::shared;
use crate::walk::{self, Found, NewestFirst, Pace};
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
            for list in lists(&settings, &client)? {
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
            let lists = lists(&settings, &client)?;
            let comments = lists.iter().filter(|list| !matches!(list.of, Of::Search { .. })).count() as u64;
            let own = Pace::of(&settings, PAGES);
            let shortest = own.shortest.max(client.budget.pause(comments));
            let pace = Pace { shortest, between_pages: Duration::from_millis(200), ..own };
            let names: Vec<String> = lists.iter().map(|list| list.of.name()).collect();
            let all: Vec<&dyn NewestFirst> = lists.iter().map(|list| list as &dyn NewestFirst).collect();
            walk::listen_to_all(session, &all, &names.join(", "), pace).await
        })
    }

    fn refresh(&self) -> Option<&'static dyn Refresh> {
        Some(&refresh::YouTubeRefresh)
    }

    fn replies(&self) -> Option<&'static dyn Replies> {
        Some(&reply::YouTubeReplies)
    }

    fn oauth(&self) -> Option<&'static OAuth> {
        Some(&oauth::OAUTH)
    }
}

/// What a list is of.
enum Of {
    Channel(String),
    Video(String),
    Search {
        words: String,
        /// A search is not asked for again before; the clock of the session.
        due: Mutex<Timestamp>,
    },
}

impl Of {
    fn name(&self) -> String {
        match self {
            Self::Channel(id) => format!("channel {id}"),
            Self::Video(id) => format!("video {id}"),
            Self::Search { words, .. } => format!("videos with `{words}`"),
        }
    }
}

struct List<'a> {
    client: &'a Client,
    of: Of,
    /// Between two searches.
    every: Duration,
    history: Duration,
}

fn lists<'a>(settings: &Settings, client: &'a Client) -> Result<Vec<List<'a>>, ConnectorError> {
    let mut all = Vec::new();
    for line in settings.list("channels") {
        all.push(Of::Channel(id(line, "channels", 24)?));
    }
    for line in settings.list("videos") {
        all.push(Of::Video(id(line, "videos", 11)?));
    }
    let words: Vec<&str> = settings.list("words").collect();
    let every = client.budget.pause_of_searches(words.len() as u64);
    all.extend(
        words.into_iter().map(|words| Of::Search { words: words.to_owned(), due: Mutex::new(Timestamp::EARLIEST) }),
    );
    let problem = |message: &str| ConnectorError::Invalid { setting: "channels", message: message.to_owned() };
    if all.is_empty() {
        return Err(problem(
            "is empty, and so are `videos` and `words`: name a channel, a video or words to search for",
        ));
    }
    if all.len() > MAX_LISTS {
        return Err(problem("has too many entries with `videos` and `words`: a hundred in all; add another source"));
    }
    let history = settings.history().max(LATE);
    Ok(all.into_iter().map(|of| List { client, of, every, history }).collect())
}

/// The id alone, of the thing or of its address: `UC…` of a channel, eleven characters of a video.
fn id(text: &str, setting: &'static str, length: usize) -> Result<String, ConnectorError> {
    let is_id = |text: &str| {
        text.len() == length && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-_".contains(&byte))
    };
    let mut pieces = text.split(['/', '?', '=', '&']);
    match pieces.find(|piece| is_id(piece)) {
        Some(id) if length != 24 || id.starts_with("UC") => Ok(id.to_owned()),
        _ => {
            let shown: String = text.chars().take(60).collect();
            let message = if length == 24 {
                format!(
                    "`{shown}` names no channel; write the id that begins with UC, from “Share channel” on its page"
                )
            } else {
                format!("`{shown}` names no video; write its address or the eleven characters of its id")
            };
            Err(ConnectorError::Invalid { setting, message })
        }
    }
}

/// The key and what it may still ask.
struct Client {
    base: Url,
    key: Secret,
    budget: Budget,
    /// How many replies a thread had when they were last read.
    replies: Mutex<HashMap<String, u64>>,
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
        Ok(Self { base, key, budget, replies: Mutex::default() })
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

impl NewestFirst for List<'_> {
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
                Err(ConnectorError::QuotaExhausted { .. }) if is_search => Ok(walk::Page::default()),
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
            Of::Search { words, due } => {
                let now = session.now();
                {
                    let mut due = due.lock().unwrap_or_else(PoisonError::into_inner);
                    if older.is_none() && *due > now {
                        return Ok(walk::Page::default());
                    }
                    *due = session.after(self.every);
                }
                self.videos(session, words, older).await?
            }
        };
        let older = answer.next.filter(|next| Some(next.as_str()) != older && !next.is_empty());
        Ok(walk::Page { found, older, quota: Some(self.client.budget.quota(session.now())), ..walk::Page::default() })
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
