//! Comments of a WordPress site: over its REST API, or, where that is closed to strangers, over the feed of comments.
//!
//! The newest come first and pages are turned until what is known is reached. Asking for what came `after` a moment would be
//! one page less now and then, but the API compares that moment with the site's local time, and comments that a moderator
//! lets through late would be passed over.

mod account_form;
mod comment;
mod descriptor;
mod refresh;
mod reply;

use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use http::StatusCode;
use molva_domain::{Community, Language, PostKind, Secret, Timestamp};
use serde_json::Value;
use url::Url;

use crate::connector::{BoxFuture, Connector, Descriptor};
use crate::error::ConnectorError;
use crate::feed::entry::{Entry, Names, Naming};
use crate::feed::{FeedOptions, Poller, minutes};
use crate::http::{Request, Response, headers, parse_url, shown};
use crate::refresh::Refresh;
use crate::reply::Replies;
use crate::session::{Item, Session};
use crate::walk::{self, Found, NewestFirst, Pace};
use comment::Site;
use descriptor::DESCRIPTOR;

/// Comments of one page; the API gives no more.
const PAGE: usize = 100;
/// Pages turned in one look; what is older is a gap.
const MAX_PAGES: usize = 50;

/// The row of the table.
#[derive(Clone, Copy, Debug)]
pub struct WordPress;

impl Connector for WordPress {
    fn descriptor(&self) -> &'static Descriptor {
        &DESCRIPTOR
    }

    fn probe<'a>(&'a self, session: &'a Session) -> BoxFuture<'a, Result<String, ConnectorError>> {
        Box::pin(async move {
            let comments = Comments::new(session)?;
            match comments.open(session, &newest(1)).await? {
                Some((_, page)) => {
                    let total = headers::text(&page.headers, "x-wp-total").unwrap_or("an unknown number of");
                    Ok(format!("{total} comments at {}, read over the REST API", shown(&comments.site.url)))
                }
                None => {
                    let found = Poller::new(session, comments.feed_options()?).probe().await?;
                    Ok(format!("the REST API is closed to strangers, the feed of comments is read instead: {found}"))
                }
            }
        })
    }

    fn listen<'a>(&'a self, session: &'a Session) -> BoxFuture<'a, Result<(), ConnectorError>> {
        Box::pin(async move {
            let comments = Comments::new(session)?;
            let pace = Pace {
                shortest: comments.shortest,
                history: comments.history,
                pages: MAX_PAGES,
                between_pages: Duration::from_millis(200),
            };
            let ended = walk::listen(session, &comments, &comments.site.instance, pace).await;
            if *comments.place() == Place::Closed {
                return Poller::new(session, comments.feed_options()?).run().await;
            }
            ended
        })
    }

    fn refresh(&self) -> Option<&'static Refresh> {
        Some(&refresh::REFRESH)
    }

    fn replies(&self) -> Option<&'static dyn Replies> {
        Some(&reply::WordPressReplies)
    }
}

/// Where the API answers.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Place {
    Unknown,
    At(Url),
    /// Nowhere for us; the feed is read instead.
    Closed,
}

/// The comments of one site.
struct Comments {
    site: Site,
    shortest: Duration,
    history: Duration,
    login: Option<(String, Secret)>,
    place: Mutex<Place>,
}

impl NewestFirst for Comments {
    /// `older` is the number of the page.
    fn page<'a>(
        &'a self,
        session: &'a Session,
        older: Option<&'a str>,
    ) -> BoxFuture<'a, Result<walk::Page, ConnectorError>> {
        Box::pin(async move {
            let number: usize = older.and_then(|number| number.parse().ok()).unwrap_or(1);
            let place = self.place().clone();
            let answer = match place {
                Place::At(endpoint) => self.ask(session, &endpoint, &newest(number)).await?,
                Place::Unknown | Place::Closed => match self.open(session, &newest(1)).await? {
                    Some((endpoint, answer)) => {
                        *self.place() = Place::At(endpoint);
                        answer
                    }
                    None => {
                        *self.place() = Place::Closed;
                        return Err(ConnectorError::Forbidden("the REST API is closed to strangers".to_owned()));
                    }
                },
            };
            // Past the last page the API answers 400.
            if number > 1 && answer.status == StatusCode::BAD_REQUEST {
                return Ok(walk::Page::default());
            }
            let now = session.now();
            let answer = answer.error_for_status("the comments", now)?;
            let comments: Vec<Value> = answer.json()?;
            let place = |index: usize| format!("page {number}, comment {}", index + 1);
            let found =
                comments.iter().enumerate().map(|(index, raw)| self.found(raw, now, &place(index))).collect::<Vec<_>>();
            Ok(walk::Page {
                older: (comments.len() >= PAGE).then(|| (number + 1).to_string()),
                found,
                told: headers::retry_after(&answer.headers, now),
                ..walk::Page::default()
            })
        })
    }

    /// What a moderator lets through late appears among the others under its old time.
    fn late(&self) -> Duration {
        self.history.max(Duration::from_secs(600))
    }
}

impl Comments {
    fn new(session: &Session) -> Result<Self, ConnectorError> {
        let settings = session.settings.clone().with_defaults(DESCRIPTOR.settings);
        let address = settings.needed("url", "is required: the address of the site's front page")?;
        let mut url = parse_url("url", address)?;
        url.set_query(None);
        url.set_fragment(None);
        Ok(Self {
            site: Site::new(url, settings.text("language").and_then(Language::parse)),
            shortest: minutes(settings.number("min_interval_minutes").unwrap_or(2)),
            history: settings.history(),
            login: settings.text("login").map(str::to_owned).zip(settings.secret("password").cloned()),
            place: Mutex::new(Place::Unknown),
        })
    }

    fn place(&self) -> std::sync::MutexGuard<'_, Place> {
        self.place.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn found(&self, raw: &Value, now: Timestamp, place: &str) -> Found {
        let id = raw.get("id").map_or_else(|| raw.to_string(), Value::to_string);
        match comment::read(raw, &self.site, now, place) {
            Ok((_, post)) => {
                Found { id, published: Some(post.published_at), edited: None, item: Item::Post(Box::new(post)) }
            }
            Err(rejection) => Found { id, published: None, edited: None, item: Item::Rejected(rejection) },
        }
    }

    /// Finds where the API answers, with what was asked for; `None` when it is closed to us.
    async fn open(
        &self,
        session: &Session,
        query: &[(&str, String)],
    ) -> Result<Option<(Url, Response)>, ConnectorError> {
        let mut last = None;
        for endpoint in self.site.endpoints() {
            let answer = self.ask(session, &endpoint, query).await?;
            match answer.status {
                StatusCode::OK if answer.json::<Vec<Value>>().is_ok() => return Ok(Some((endpoint, answer))),
                // An answer that was cut on its way is no other place's fault.
                StatusCode::OK if answer.body.starts_with(b"[") => return answer.json::<Vec<Value>>().map(|_| None),
                // Nor is another place to be asked when we were told to wait.
                StatusCode::TOO_MANY_REQUESTS => {
                    return answer.error_for_status("the site", session.now()).map(|_| None);
                }
                // A login that was given and refused is for a person to correct, not to be worked around.
                StatusCode::UNAUTHORIZED if self.login.is_some() => {
                    return Err(answer
                        .error_for_status("the site", session.now())
                        .err()
                        .unwrap_or(ConnectorError::AuthExpired));
                }
                // Closed, switched off, or no such place: the next place, then the feed.
                StatusCode::OK | StatusCode::UNAUTHORIZED | StatusCode::FORBIDDEN | StatusCode::NOT_FOUND => {}
                _ => last = Some(answer),
            }
        }
        match last {
            Some(answer) => answer.error_for_status("the site", session.now()).map(|_| None),
            None => Ok(None),
        }
    }

    async fn ask(
        &self,
        session: &Session,
        endpoint: &Url,
        query: &[(&str, String)],
    ) -> Result<Response, ConnectorError> {
        let mut url = endpoint.clone();
        url.query_pairs_mut()
            .extend_pairs(query)
            .append_pair("per_page", &PAGE.to_string())
            .append_pair("_embed", "up")
            .append_pair("_fields", comment::FIELDS);
        let mut request = Request::get(url).header("accept", "application/json");
        if let Some((login, password)) = &self.login {
            request = request.basic(login, password);
        }
        session.send(request).await
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

/// A page of what is listened to, the newest first.
fn newest(page: usize) -> [(&'static str, String); 3] {
    [("page", page.to_string()), ("order", "desc".to_owned()), ("orderby", "date_gmt".to_owned())]
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
