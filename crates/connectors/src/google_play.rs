//! Reviews of an app of one's own in Google Play, with what its makers answered, over the Play Developer API. Contract:
//! <https://developers.google.com/android-publisher/reply-to-reviews>. It shows a week, and only reviews that say something.

mod account;
mod descriptor;
mod reply;
mod review;

use std::time::Duration;

use http::StatusCode;
use molva_domain::Timestamp;
use serde::Deserialize;
use serde_json::Value;
use url::Url;

use crate::connector::{BoxFuture, Connector, Descriptor};
use crate::error::ConnectorError;
use crate::google::Refusal;
use crate::http::{Request, Response, parse_url};
use crate::line::Line;
use crate::reply::Replies;
use crate::session::Session;
use crate::settings::Settings;
use crate::walk::{self, NewestFirst, Pace};
use account::Account;
use descriptor::DESCRIPTOR;

const NETWORK: &str = "googleplay";
const SERVICE: &str = "the Google Play Android Developer API";
/// Pages of a hundred reviews turned in one look.
const PAGES: usize = 150;
const MAX_PAGE_BYTES: u64 = 8 << 20;
/// An app may be asked 200 times an hour; this makes 180 of it.
const BETWEEN_PAGES: Duration = Duration::from_secs(20);
/// Reviews appear hours after they were written.
const LATE: Duration = Duration::from_secs(2 * 86_400);
/// What is older is shown to nobody.
const SHOWN: Duration = Duration::from_secs(7 * 86_400);

/// The row of the table.
#[derive(Clone, Copy, Debug)]
pub struct GooglePlay;

impl Connector for GooglePlay {
    fn descriptor(&self) -> &'static Descriptor {
        &DESCRIPTOR
    }

    fn probe<'a>(&'a self, session: &'a Session) -> BoxFuture<'a, Result<String, ConnectorError>> {
        Box::pin(async move {
            let app = App::new(&session.settings.clone().with_defaults(DESCRIPTOR.settings))?;
            let page = app.page(session, None).await?;
            Ok(format!("the service account is accepted: {} reviews and answers on the first page", page.found.len()))
        })
    }

    fn listen<'a>(&'a self, session: &'a Session) -> BoxFuture<'a, Result<(), ConnectorError>> {
        Box::pin(async move {
            let settings = session.settings.clone().with_defaults(DESCRIPTOR.settings);
            let app = App::new(&settings)?;
            let pace = Pace { between_pages: BETWEEN_PAGES, ..Pace::of(&settings, PAGES) };
            walk::listen(session, &app, &app.package, pace).await
        })
    }

    fn replies(&self) -> Option<&'static dyn Replies> {
        Some(&reply::GooglePlayReplies)
    }
}

struct App {
    base: Url,
    package: String,
    account: Account,
}

impl App {
    fn new(settings: &Settings) -> Result<Self, ConnectorError> {
        let text = settings.text("package").unwrap_or_default();
        let package = text.split_once("id=").map_or(text, |(_, rest)| rest).split('&').next().unwrap_or_default();
        let letters = |byte: u8| byte.is_ascii_alphanumeric() || b"._".contains(&byte);
        if !package.contains('.') || package.len() > 200 || !package.bytes().all(letters) {
            return Err(ConnectorError::invalid(
                "package",
                "names no app; write its address in Google Play, or its package such as com.example.app",
            ));
        }
        let base = parse_url("url", settings.text("url").unwrap_or_default())?;
        Ok(Self { base, package: package.to_owned(), account: Account::new(settings)? })
    }
}

impl App {
    /// Asks, once more with a new token where the one there was is refused.
    async fn ask(&self, line: impl Into<Line<'_>>, request: Request) -> Result<Response, ConnectorError> {
        let line = line.into();
        let mut tries = 0;
        loop {
            let token = self.account.token(line).await?;
            let answer = line.send(request.clone().bearer(&token)).await?.forget([token.expose()]);
            tries += 1;
            if answer.status != StatusCode::UNAUTHORIZED || tries > 1 {
                return Ok(answer);
            }
            self.account.forget(&token).await;
        }
    }
}

/// What a refusal means.
fn refusal(refusal: Refusal, now: Timestamp) -> ConnectorError {
    match refusal.reason.as_str() {
        "quotaExceeded" => ConnectorError::RateLimited { until: Some(now.plus(Duration::from_secs(900))) },
        "permissionDenied" | "PERMISSION_DENIED" => ConnectorError::Forbidden(
            "the service account may not read or answer the reviews; invite it in the Play Console with the right to reply to reviews"
                .to_owned(),
        ),
        _ => refusal.error(now),
    }
}

#[derive(Deserialize)]
struct Answer {
    /// Left out when there are none.
    #[serde(default)]
    reviews: Vec<Value>,
    #[serde(rename = "tokenPagination", default)]
    pagination: Pagination,
}

#[derive(Deserialize, Default)]
struct Pagination {
    #[serde(rename = "nextPageToken", default)]
    next: Option<String>,
}

impl NewestFirst for App {
    fn page<'a>(
        &'a self,
        session: &'a Session,
        older: Option<&'a str>,
    ) -> BoxFuture<'a, Result<walk::Page, ConnectorError>> {
        Box::pin(async move {
            let mut url = self.base.clone();
            url.set_path(&format!("/androidpublisher/v3/applications/{}/reviews", self.package));
            url.query_pairs_mut().append_pair("maxResults", "100").extend_pairs(older.map(|older| ("token", older)));
            let answer = self.ask(session, Request::get(url).max_body_bytes(MAX_PAGE_BYTES)).await?;
            let now = session.now();
            if !answer.status.is_success() {
                return Err(refusal(Refusal::of(answer, SERVICE), now));
            }
            let answer: Answer = answer.json()?;
            let reviews = answer.reviews.iter().enumerate();
            Ok(walk::Page {
                found: reviews.flat_map(|(index, raw)| review::found(raw, &self.package, now, index)).collect(),
                older: answer.pagination.next.filter(|next| !next.is_empty() && Some(next.as_str()) != older),
                ..walk::Page::default()
            })
        })
    }

    fn late(&self) -> Duration {
        LATE
    }

    fn shows(&self) -> Option<Duration> {
        Some(SHOWN)
    }
}
