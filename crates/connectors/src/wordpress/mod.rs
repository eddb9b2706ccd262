//! Comments of a WordPress site: over its REST API, or, where that is closed to strangers, over the feed of comments.
//!
//! The newest come first and pages are turned until what is known is reached. Asking for what came `after` a moment would be
//! one page less now and then, but the API compares that moment with the site's local time, and comments that a moderator
//! lets through late would be passed over.

mod comment;
mod cursor;
mod descriptor;

use std::time::Duration;

use http::StatusCode;
use molva_domain::{Community, GapCause, Language, PostKind, Secret, Timestamp};
use serde_json::Value;
use url::Url;

use crate::connector::{BoxFuture, Connector, Descriptor};
use crate::error::ConnectorError;
use crate::feed::entry::{Entry, Names, Naming};
use crate::feed::{FeedOptions, Poller, minutes, schedule};
use crate::http::{Request, Response, headers, parse_url, shown};
use crate::session::{Batch, Item, Report, Session};
use comment::Site;
use cursor::Cursor;
use descriptor::DESCRIPTOR;

/// Comments of one page; the API gives no more.
const PAGE: usize = 100;
/// Pages turned in one look; what is older is a gap.
const MAX_PAGES: usize = 50;
/// Items handed over at once.
const BATCH_ITEMS: usize = 200;
/// Looked at again behind the newest known comment, for those that came at the same moment.
const OVERLAP: Duration = Duration::from_secs(600);

/// The row of the table.
#[derive(Clone, Copy, Debug)]
pub struct WordPress;

impl Connector for WordPress {
    fn descriptor(&self) -> &'static Descriptor {
        &DESCRIPTOR
    }

    fn probe<'a>(&'a self, session: &'a Session) -> BoxFuture<'a, Result<String, ConnectorError>> {
        Box::pin(async move {
            let reader = Reader::new(session)?;
            match reader.open().await? {
                Some((_, page)) => {
                    let total = headers::text(&page.headers, "x-wp-total").unwrap_or("an unknown number of");
                    Ok(format!("{total} comments at {}, read over the REST API", shown(&reader.site.url)))
                }
                None => {
                    let found = Poller::new(session, reader.feed_options()?).probe().await?;
                    Ok(format!("the REST API is closed to strangers, the feed of comments is read instead: {found}"))
                }
            }
        })
    }

    fn listen<'a>(&'a self, session: &'a Session) -> BoxFuture<'a, Result<(), ConnectorError>> {
        Box::pin(async move { Reader::new(session)?.run().await })
    }
}

/// One site and what is remembered of it.
struct Reader<'a> {
    session: &'a Session,
    site: Site,
    shortest: Duration,
    history: Duration,
    login: Option<(String, Secret)>,
    cursor: Cursor,
}

impl<'a> Reader<'a> {
    fn new(session: &'a Session) -> Result<Self, ConnectorError> {
        let settings = session.settings.clone().with_defaults(DESCRIPTOR.settings);
        let address = settings.text("url").ok_or_else(|| ConnectorError::Invalid {
            setting: "url",
            message: "is required: the address of the site's front page".to_owned(),
        })?;
        let mut url = parse_url("url", address)?;
        url.set_query(None);
        url.set_fragment(None);
        let site = Site::new(url, settings.text("language").and_then(Language::parse));
        let days = settings.number("history_days").unwrap_or(30).clamp(0, 3_650).unsigned_abs();
        Ok(Self {
            shortest: minutes(settings.number("min_interval_minutes").unwrap_or(2)),
            history: Duration::from_secs(days * 86_400),
            login: settings.text("login").map(str::to_owned).zip(settings.secret("password").cloned()),
            cursor: Cursor::read(session.cursor.as_deref(), &site.instance),
            session,
            site,
        })
    }

    async fn run(mut self) -> Result<(), ConnectorError> {
        let due = Timestamp::from_millis(self.cursor.next_at_ms);
        if due > self.session.now() {
            self.session.report(Report::NextAttempt(due)).await;
            self.session.pause_until(due).await?;
        }
        let mut endpoint = None;
        loop {
            let looked = match &endpoint {
                Some(endpoint) => self.look(endpoint, None).await,
                None => match self.open().await {
                    Ok(Some((url, page))) => {
                        let looked = self.look(&url, Some(page)).await;
                        endpoint = Some(url);
                        looked
                    }
                    Ok(None) => return Poller::new(self.session, self.feed_options()?).run().await,
                    Err(error) => Err(error),
                },
            };
            let pause = match looked {
                Ok(pause) => pause,
                Err(error) => self.give_up_or_wait(error).await?,
            };
            self.session.report(Report::NextAttempt(self.session.after(pause))).await;
            self.session.pause(pause).await?;
        }
    }

    async fn give_up_or_wait(&mut self, error: ConnectorError) -> Result<Duration, ConnectorError> {
        if matches!(error, ConnectorError::Cancelled | ConnectorError::NotStored(_)) || error.needs_a_person() {
            return Err(error);
        }
        self.cursor.failures += 1;
        let now = self.session.now();
        let own = Duration::from_secs(self.cursor.pause).max(self.shortest);
        let pause = schedule::after_failure(&error, self.cursor.failures, own, now, rand::random());
        self.cursor.next_at_ms = self.session.after(pause).as_millis();
        self.session.deliver(Batch { items: Vec::new(), cursor: Some(self.cursor.write()) }).await?;
        self.session.report(Report::Problem(error)).await;
        Ok(pause)
    }

    /// Finds where the API answers, with its first page; `None` when it is closed to us.
    async fn open(&self) -> Result<Option<(Url, Response)>, ConnectorError> {
        let mut last = None;
        for endpoint in self.site.endpoints() {
            let answer = self.page(&endpoint, 1).await?;
            match answer.status {
                StatusCode::OK if answer.json::<Vec<Value>>().is_ok() => return Ok(Some((endpoint, answer))),
                // A login that was given and refused is for a person to correct, not to be worked around.
                StatusCode::UNAUTHORIZED if self.login.is_some() => {
                    return Err(answer
                        .error_for_status("the site", self.session.now())
                        .err()
                        .unwrap_or(ConnectorError::AuthExpired));
                }
                // Closed, switched off, or no such place: the next place, then the feed.
                StatusCode::OK | StatusCode::UNAUTHORIZED | StatusCode::FORBIDDEN | StatusCode::NOT_FOUND => {}
                _ => last = Some(answer),
            }
        }
        match last {
            Some(answer) => answer.error_for_status("the site", self.session.now()).map(|_| None),
            None => Ok(None),
        }
    }

    async fn page(&self, endpoint: &Url, page: usize) -> Result<Response, ConnectorError> {
        let mut url = endpoint.clone();
        url.query_pairs_mut()
            .append_pair("per_page", &PAGE.to_string())
            .append_pair("page", &page.to_string())
            .append_pair("order", "desc")
            .append_pair("orderby", "date_gmt")
            .append_pair("_embed", "up")
            .append_pair("_fields", comment::FIELDS);
        let mut request = Request::get(url).header("accept", "application/json");
        if let Some((login, password)) = &self.login {
            request = request.basic(login, password);
        }
        self.session.send(request).await
    }

    /// Turns pages from the newest back to what is known, then delivers oldest first.
    async fn look(&mut self, endpoint: &Url, first: Option<Response>) -> Result<Duration, ConnectorError> {
        let now = self.session.now();
        let known_until = if self.cursor.newest > 0 {
            Timestamp::from_secs(self.cursor.newest).minus(OVERLAP)
        } else {
            now.minus(self.history)
        };
        // What was let through late is still taken, but not the whole past.
        let floor = now.minus(self.history.max(OVERLAP)).min(known_until);
        let mut items = Vec::new();
        let mut dates = Vec::new();
        let mut ids = Vec::new();
        let mut oldest = now;
        let mut reached = false;
        let mut next = first;
        let mut asked_for = None;
        for number in 1..=MAX_PAGES {
            let answer = match next.take() {
                Some(answer) => answer,
                None => self.page(endpoint, number).await?,
            };
            // Past the last page the API answers 400.
            if number > 1 && answer.status == StatusCode::BAD_REQUEST {
                reached = true;
                break;
            }
            let answer = answer.error_for_status("the comments", now)?;
            asked_for = headers::retry_after(&answer.headers, now).max(asked_for);
            let comments: Vec<Value> = answer.json()?;
            let full = comments.len() >= PAGE;
            let mut any_new = false;
            for (index, raw) in comments.iter().enumerate() {
                let place = format!("page {number}, comment {}", index + 1);
                let read = comment::read(raw, &self.site, now, &place);
                let published = read.as_ref().ok().map(|(_, post)| post.published_at);
                let id = raw.get("id").and_then(Value::as_u64).unwrap_or_default();
                dates.extend(published);
                oldest = published.map_or(oldest, |published| oldest.min(published));
                ids.push(id);
                let unknown = !self.cursor.knows(id) && published.is_none_or(|published| published >= floor);
                any_new |= unknown;
                if unknown {
                    items.push(match read {
                        Ok((_, post)) => Item::Post(Box::new(post)),
                        Err(rejection) => Item::Rejected(rejection),
                    });
                }
            }
            reached = !full || oldest < known_until || !any_new;
            if reached {
                break;
            }
        }
        items.reverse();
        self.settle(items, &dates, &ids, (!reached).then_some((known_until, oldest)), asked_for, now).await
    }

    async fn settle(
        &mut self,
        items: Vec<Item>,
        dates: &[Timestamp],
        ids: &[u64],
        gap: Option<(Timestamp, Timestamp)>,
        asked_for: Option<Duration>,
        now: Timestamp,
    ) -> Result<Duration, ConnectorError> {
        let newest = dates.iter().copied().filter(|date| *date <= now).max();
        self.cursor.newest =
            newest.map_or(self.cursor.newest, |newest| newest.as_secs().max(self.cursor.newest)).max(1);
        self.cursor.remember(ids);
        let rhythm = schedule::rhythm(dates.to_vec());
        let silence = newest.map(|newest| now.since(newest));
        let pause = schedule::after_answer(rhythm, silence, self.shortest, None, rand::random());
        self.cursor.pause = pause.as_secs();
        self.cursor.failures = 0;
        let pause = pause.max(asked_for.unwrap_or_default());
        self.cursor.next_at_ms = self.session.after(pause).as_millis();
        self.session.report(Report::Alive).await;
        if let Some((from, _)) = gap {
            self.session.report(Report::GapOpened { from, cause: GapCause::Overflow }).await;
        }
        let mut rest = items;
        loop {
            let later = rest.split_off(rest.len().min(BATCH_ITEMS));
            let cursor = later.is_empty().then(|| self.cursor.write());
            self.session.deliver(Batch { items: rest, cursor }).await?;
            if later.is_empty() {
                break;
            }
            rest = later;
        }
        if let Some((_, to)) = gap {
            self.session.report(Report::GapClosed { to }).await;
        }
        Ok(pause)
    }

    /// The feed of comments, with the names the API would give.
    fn feed_options(&self) -> Result<FeedOptions, ConnectorError> {
        let mut url = self.site.url.clone();
        url.query_pairs_mut().append_pair("feed", "comments-rss2");
        Ok(FeedOptions {
            address: url.into(),
            network: comment::NETWORK.to_owned(),
            kind: PostKind::Comment,
            language: self.site.language,
            shortest: self.shortest,
            login: None,
            community: Some(Community { title: None, ..self.site.community() }),
            fixed: true,
            naming: Some(Naming { instance: self.site.instance.clone(), name: names_by_anchor }),
        })
    }
}

/// `…#comment-7` is comment 7, over the feed as over the API. The feed begins an answer with a line that links to what is
/// answered, "In reply to …", which the comment itself does not have.
fn names_by_anchor(instance: &str, entry: &mut Entry) -> Names {
    let comment = |address: &str| address.split_once("#comment-")?.1.parse::<u64>().ok();
    let own = entry.link.as_deref().and_then(comment).or_else(|| comment(&entry.key));
    let answered = entry.links.first().and_then(|link| comment(link)).filter(|id| Some(*id) != own);
    let said = answered.and(entry.text.split_once("\n\n")).map(|(_, said)| said.to_owned());
    if let Some(said) = said {
        entry.text = said;
        entry.links.remove(0);
    }
    Names { own: own.map(|id| comment::urn(instance, id)), in_reply_to: answered.map(|id| comment::urn(instance, id)) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_answer_in_the_feed_is_told_from_the_line_that_says_whom_it_answers() {
        let mut entry = Entry {
            key: "https://blog.example/?p=1#comment-3".to_owned(),
            link: Some("https://blog.example/hello/#comment-3".to_owned()),
            text: "В ответ на Анна.\n\nПочинили\n\nвчера".to_owned(),
            links: vec!["https://blog.example/hello/#comment-2".to_owned(), "https://a.example/".to_owned()],
            ..Entry::default()
        };
        let urn = |id| Some(comment::urn("blog.example", id));
        assert_eq!(names_by_anchor("blog.example", &mut entry), Names { own: urn(3), in_reply_to: urn(2) });
        assert_eq!((entry.text.as_str(), entry.links), ("Починили\n\nвчера", vec!["https://a.example/".to_owned()]));
    }
}
