//! From any address of a site to its feed.

use std::time::Duration;

use http::header::ACCEPT;
use url::Url;

use super::parse::{Feed, NotAFeed, parse};
use super::poll::FeedOptions;
use crate::error::ConnectorError;
use crate::html;
use crate::http::{Request, Response, parse_url, shown};
use crate::session::Session;

/// Largest feed that is read.
const MAX_FEED_BYTES: u64 = 16 << 20;
/// Where feeds usually are when no page tells.
const USUAL_PATHS: &[&str] = &["/feed/", "/rss", "/rss.xml", "/atom.xml", "/feed.xml", "/index.xml", "/feed.json"];
/// Most addresses that are tried for one site.
const MAX_TRIES: usize = 10;
/// Between two tries at one site.
const BETWEEN_TRIES: Duration = Duration::from_millis(300);

/// A feed and where it was found.
pub(super) struct Found {
    pub url: Url,
    pub feed: Feed,
    pub answer: Response,
    /// Whether the address that was given is that of the feed itself.
    pub given: bool,
}

/// A request for a feed.
pub(super) fn request(url: Url, options: &FeedOptions) -> Request {
    let request = Request::get(url).max_body_bytes(MAX_FEED_BYTES).header(
        ACCEPT.as_str(),
        "application/atom+xml, application/rss+xml, application/feed+json, application/rdf+xml, application/xml;q=0.9, text/xml;q=0.9, */*;q=0.5",
    );
    match &options.login {
        Some((login, password)) => request.basic(login, password),
        None => request,
    }
}

/// Reads a document away from the threads that wait for the network.
pub(super) async fn read(answer: &Response) -> Result<Result<Feed, NotAFeed>, ConnectorError> {
    let (body, url) = (answer.body.clone(), answer.url.clone());
    let content_type = answer.header("content-type").map(str::to_owned);
    tokio::task::spawn_blocking(move || parse(&body, content_type.as_deref(), &url))
        .await
        .map_err(|_| ConnectorError::Protocol(format!("{} could not be read", shown(&answer.url))))
}

/// Fetches the address; when it is a page, the feeds it announces, then the usual places.
pub(super) async fn find(session: &Session, options: &FeedOptions) -> Result<Found, ConnectorError> {
    let url = parse_url("url", &options.address)?;
    let answer = session.send(request(url.clone(), options)).await?.error_for_status("the address", session.now())?;
    match read(&answer).await? {
        Ok(feed) => Ok(Found { url: answer.moved_to.clone().unwrap_or(url), feed, answer, given: true }),
        Err(NotAFeed::Page(_)) if options.fixed => Err(not_a_feed(&url)),
        Err(NotAFeed::Page(page)) => search(session, options, &answer.url, page).await,
        Err(NotAFeed::Empty) => Err(ConnectorError::Protocol(format!("{} answered nothing", shown(&url)))),
        Err(NotAFeed::Other) => Err(not_a_feed(&url)),
    }
}

pub(super) fn not_a_feed(url: &Url) -> ConnectorError {
    ConnectorError::Protocol(format!(
        "{} is no feed; look for an RSS or Atom link on the site and give its address",
        shown(url)
    ))
}

async fn search(session: &Session, options: &FeedOptions, page: &Url, text: String) -> Result<Found, ConnectorError> {
    let mut links = html::feed_links(&text, page);
    // The site's own feed goes before those of its comments.
    links.sort_by_key(|link| {
        let about = format!("{} {}", link.title, link.url.path()).to_lowercase();
        ["comment", "коммент", "комент"].iter().any(|word| about.contains(word))
    });
    let usual = USUAL_PATHS.iter().filter_map(|path| page.join(path).ok());
    let mut tried = Vec::new();
    for url in links.into_iter().map(|link| link.url).chain(usual) {
        if tried.len() == MAX_TRIES || tried.contains(&url) {
            continue;
        }
        session.pause(BETWEEN_TRIES).await?;
        tried.push(url.clone());
        // The login belongs to the site that was asked for.
        let options =
            &FeedOptions { login: options.login.clone().filter(|_| url.origin() == page.origin()), ..options.clone() };
        let answer = match session.send(request(url.clone(), options)).await {
            Ok(answer) if answer.status.is_success() => answer,
            Err(ConnectorError::Cancelled) => return Err(ConnectorError::Cancelled),
            _ => continue,
        };
        if let Ok(feed) = read(&answer).await? {
            return Ok(Found { url: answer.moved_to.clone().unwrap_or(url), feed, answer, given: false });
        }
    }
    Err(ConnectorError::NotFound(format!(
        "{} is a page without a feed; look for an RSS or Atom link on the site and give its address",
        shown(page)
    )))
}
