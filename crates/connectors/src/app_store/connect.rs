//! All reviews of an app of one's own, over App Store Connect, with what its makers answered.

use std::time::Duration;

use molva_domain::{Author, Community, Engagement, Post, PostKind, Quota, RejectionReason, Secret, Timestamp, Urn};
use serde::Deserialize;
use serde_json::{Value, json};
use url::Url;

use super::{LATE, MAX_PAGE_BYTES, NETWORK};
use crate::connector::BoxFuture;
use crate::error::ConnectorError;
use crate::html;
use crate::http::{Request, Response, parse_url};
use crate::jwt;
use crate::session::{Item, Session};
use crate::settings::Settings;
use crate::walk::{Found, NewestFirst, Page};

/// Apple accepts twenty minutes.
const TOKEN_SECONDS: i64 = 15 * 60;

pub(super) struct Connect {
    base: Url,
    app: String,
    issuer: String,
    key_id: String,
    key: Secret,
}

impl Connect {
    /// `None` without a key.
    pub(super) fn new(settings: &Settings, app: &str) -> Result<Option<Self>, ConnectorError> {
        let Some(key) = settings.secret("private_key") else { return Ok(None) };
        let text = |setting: &'static str| {
            settings.text(setting).map(str::to_owned).ok_or_else(|| {
                ConnectorError::invalid(
                    setting,
                    "is required with a private key: it stands beside the key in App Store Connect",
                )
            })
        };
        let base = parse_url("connect_url", settings.text("connect_url").unwrap_or_default())?;
        let (issuer, key_id) = (text("issuer_id")?, text("key_id")?);
        let connect = Self { base, app: app.to_owned(), issuer, key_id, key: key.clone() };
        // A key that is none is told at once.
        connect.token(Timestamp::EARLIEST)?;
        Ok(Some(connect))
    }

    pub(super) fn at(&self, path: &str) -> Url {
        let mut url = self.base.clone();
        url.set_path(path);
        url
    }

    pub(super) fn token(&self, now: Timestamp) -> Result<Secret, ConnectorError> {
        let now = now.as_secs();
        let claims = json!({"iss": self.issuer, "iat": now, "exp": now + TOKEN_SECONDS, "aud": "appstoreconnect-v1"});
        jwt::es256(&self.key, &self.key_id, &claims).map_err(|message| ConnectorError::invalid("private_key", message))
    }
}

#[derive(Deserialize)]
struct Answer {
    data: Vec<Value>,
    #[serde(default)]
    included: Vec<Value>,
    #[serde(default)]
    links: Links,
}

#[derive(Deserialize, Default)]
struct Links {
    #[serde(default)]
    next: Option<String>,
}

impl NewestFirst for Connect {
    /// `older` is what Apple calls a cursor.
    fn page<'a>(&'a self, session: &'a Session, older: Option<&'a str>) -> BoxFuture<'a, Result<Page, ConnectorError>> {
        Box::pin(async move {
            let mut url = self.at(&format!("/v1/apps/{}/customerReviews", self.app));
            url.query_pairs_mut()
                .append_pair("sort", "-createdDate")
                .append_pair("limit", "200")
                .append_pair("include", "response")
                .extend_pairs(older.map(|cursor| ("cursor", cursor)));
            let now = session.now();
            let request = Request::get(url).bearer(&self.token(now)?).max_body_bytes(MAX_PAGE_BYTES);
            let answer = session.send(request).await?;
            let quota = quota(&answer);
            let answer: Answer = answer.error_for_status("App Store Connect", now)?.json()?;
            let mut found = Vec::with_capacity(answer.data.len());
            for (index, raw) in answer.data.iter().enumerate() {
                found.push(self.review(raw, now, index));
                let response = raw.pointer("/relationships/response/data/id").and_then(Value::as_str);
                let response = response.and_then(|id| answer.included.iter().find(|raw| raw["id"] == id));
                found.extend(response.and_then(|response| self.response(raw, response, now)));
            }
            // Only the cursor is taken from the address: the rest of it is ours to say.
            let next = answer.links.next.and_then(|next| Url::parse(&next).ok());
            let cursor = next.as_ref().and_then(|next| next.query_pairs().find(|(key, _)| key == "cursor"));
            let older = cursor.map(|(_, cursor)| cursor.into_owned()).filter(|cursor| Some(cursor.as_str()) != older);
            Ok(Page { found, older, quota, ..Page::default() })
        })
    }

    fn late(&self) -> Duration {
        LATE
    }
}

/// `user-hour-lim:3600;user-hour-rem:3599;`
pub(super) fn quota(answer: &Response) -> Option<Quota> {
    let value = answer.header("x-rate-limit")?;
    let number = |name: &str| value.split(';').find_map(|part| part.trim().strip_prefix(name)?.parse().ok());
    Some(Quota { limit: number("user-hour-lim:")?, remaining: number("user-hour-rem:")?, resets_at: None })
}

impl Connect {
    fn community(&self) -> Community {
        Community {
            key: format!("{NETWORK}/{}", self.app),
            title: None,
            url: Some(format!("https://apps.apple.com/app/id{}", self.app)),
        }
    }

    fn review(&self, raw: &Value, now: Timestamp, index: usize) -> Found {
        let text =
            |path: &str| raw.pointer(path).and_then(Value::as_str).map(str::trim).filter(|text| !text.is_empty());
        let place = format!("review {}", index + 1);
        let rejected = |id: &str, reason, message| Found::broken(id.to_owned(), (reason, message), &place, raw);
        let Some(id) = text("/id") else {
            return rejected(&raw.to_string(), RejectionReason::MissingId, "the review has no id".to_owned());
        };
        let Some(written) = text("/attributes/createdDate").and_then(Timestamp::parse) else {
            return rejected(id, RejectionReason::InvalidDate, format!("`createdDate` of review {id} is no time"));
        };
        let words = html::tidy(text("/attributes/body").unwrap_or_default());
        let title = text("/attributes/title").map(html::one_line);
        if words.is_empty() && title.is_none() {
            return rejected(id, RejectionReason::EmptyText, format!("review {id} has no text"));
        }
        if words.len() > Post::MAX_TEXT_BYTES {
            return rejected(id, RejectionReason::TooLarge, format!("review {id} is longer than 1 MiB"));
        }
        let rating =
            raw.pointer("/attributes/rating").and_then(Value::as_u64).filter(|rating| (1..=5).contains(rating));
        let post = Post {
            kind: PostKind::Review,
            author: Author { name: text("/attributes/reviewerNickname").map(html::one_line), ..Author::default() },
            community: Some(self.community()),
            title,
            engagement: Engagement {
                rating: rating.and_then(|rating| u8::try_from(rating).ok()),
                ..Engagement::default()
            },
            ..Post::new(Urn::of(NETWORK, None, "review", id), NETWORK, words, written, now)
        };
        Found { id: id.to_owned(), published: Some(written), edited: Some(written), item: Item::Post(Box::new(post)) }
    }

    /// What the makers of the app answered; nothing when it has no text yet.
    fn response(&self, review: &Value, raw: &Value, now: Timestamp) -> Option<Found> {
        let text = |raw: &Value, path: &str| raw.pointer(path).and_then(Value::as_str).map(str::to_owned);
        let (id, answered) = (text(raw, "/id")?, text(review, "/id")?);
        let words = html::tidy(&text(raw, "/attributes/responseBody")?);
        let written = Timestamp::parse(&text(raw, "/attributes/lastModifiedDate")?)?;
        if words.is_empty() || words.len() > Post::MAX_TEXT_BYTES {
            return None;
        }
        let post = Post {
            kind: PostKind::Reply,
            community: Some(self.community()),
            in_reply_to: Some(Urn::of(NETWORK, None, "review", &answered)),
            ..Post::new(Urn::of(NETWORK, None, "response", &id), NETWORK, words, written, now)
        };
        let id = format!("response {id}");
        Some(Found { id, published: Some(written), edited: Some(written), item: Item::Post(Box::new(post)) })
    }
}
