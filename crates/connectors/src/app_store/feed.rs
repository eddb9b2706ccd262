//! The public feed of one country's reviews: ten pages of fifty.

use molva_domain::{Author, Community, Engagement, Post, PostKind, RejectionReason, Timestamp, Urn, country_code};
use serde_json::Value;
use url::Url;

use super::{LATE, MAX_PAGE_BYTES, NETWORK};
use crate::connector::BoxFuture;
use crate::error::ConnectorError;
use crate::html;
use crate::http::{Request, parse_url};
use crate::session::{Item, Session};
use crate::settings::Settings;
use crate::walk::{Found, NewestFirst, Page};

const PAGE: usize = 50;
const PAGES: usize = 10;

pub(super) struct Country {
    base: Url,
    app: String,
    /// Two small letters.
    code: String,
}

impl Country {
    pub(super) fn new(settings: &Settings, app: &str, code: &str) -> Result<Self, ConnectorError> {
        if country_code(code).is_none() || code.len() != 2 {
            return Err(ConnectorError::invalid(
                "countries",
                format!("`{}` is no country; write two letters, such as ua", code.chars().take(20).collect::<String>()),
            ));
        }
        let base = parse_url("url", settings.text("url").unwrap_or_default())?;
        Ok(Self { base, app: app.to_owned(), code: code.to_lowercase() })
    }
}

impl NewestFirst for Country {
    /// `older` is the number of the page.
    fn page<'a>(&'a self, session: &'a Session, older: Option<&'a str>) -> BoxFuture<'a, Result<Page, ConnectorError>> {
        Box::pin(async move {
            let number: usize = older.and_then(|number| number.parse().ok()).unwrap_or(1);
            let mut url = self.base.clone();
            let Self { app, code, .. } = self;
            url.set_path(&format!("/{code}/rss/customerreviews/page={number}/id={app}/sortby=mostrecent/json"));
            let request = Request::get(url).header("accept", "application/json").max_body_bytes(MAX_PAGE_BYTES);
            let now = session.now();
            let answer: Value = session.send(request).await?.error_for_status("the App Store", now)?.json()?;
            let Some(feed) = answer.get("feed") else {
                return Err(ConnectorError::Protocol("the App Store answered something that is no feed".to_owned()));
            };
            // One entry stands alone, and none is left out.
            let entries = match feed.get("entry") {
                Some(Value::Array(entries)) => entries.as_slice(),
                Some(entry) => std::slice::from_ref(entry),
                None => &[],
            };
            let is_app = |entry: &&Value| entry.get("im:name").is_some() && entry.get("im:rating").is_none();
            let reviews: Vec<&Value> = entries.iter().filter(|entry| !is_app(entry)).collect();
            let full = reviews.len() >= PAGE;
            Ok(Page {
                found: reviews.iter().enumerate().map(|(index, raw)| self.found(raw, now, index)).collect(),
                older: (full && number < PAGES).then(|| (number + 1).to_string()),
                cut: full && number >= PAGES,
                ..Page::default()
            })
        })
    }

    fn late(&self) -> std::time::Duration {
        LATE
    }
}

impl Country {
    fn found(&self, raw: &Value, now: Timestamp, index: usize) -> Found {
        let text =
            |path: &str| raw.pointer(path).and_then(Value::as_str).map(str::trim).filter(|text| !text.is_empty());
        let place = format!("{}, review {}", self.code, index + 1);
        let rejected = |id: &str, reason, message| Found::broken(id.to_owned(), (reason, message), &place, raw);
        let Some(id) = text("/id/label") else {
            return rejected(&raw.to_string(), RejectionReason::MissingId, "the review has no id".to_owned());
        };
        let Some(written) = text("/updated/label").and_then(Timestamp::parse) else {
            return rejected(id, RejectionReason::InvalidDate, format!("`updated` of review {id} is no time"));
        };
        let words = html::tidy(text("/content/label").unwrap_or_default());
        let title = text("/title/label").map(html::one_line);
        if words.is_empty() && title.is_none() {
            return rejected(id, RejectionReason::EmptyText, format!("review {id} has no text"));
        }
        if words.len() > Post::MAX_TEXT_BYTES {
            return rejected(id, RejectionReason::TooLarge, format!("review {id} is longer than 1 MiB"));
        }
        let number = |path: &str| text(path).and_then(|text| text.parse::<u64>().ok());
        let page = text("/author/uri/label");
        let post = Post {
            kind: PostKind::Review,
            author: Author {
                urn: page.and_then(|page| page.rsplit_once("/id")).map(|(_, id)| Urn::of(NETWORK, None, "author", id)),
                name: text("/author/name/label").map(html::one_line),
                url: page.map(str::to_owned),
                country: country_code(&self.code).map(str::to_owned),
                ..Author::default()
            },
            community: Some(Community {
                key: format!("{NETWORK}/{}", self.app),
                title: None,
                url: Some(format!("https://apps.apple.com/{}/app/id{}", self.code, self.app)),
            }),
            title,
            url: text("/link/attributes/href").map(str::to_owned),
            engagement: Engagement {
                rating: number("/im:rating/label")
                    .filter(|rating| (1..=5).contains(rating))
                    .and_then(|rating| u8::try_from(rating).ok()),
                likes: number("/im:voteSum/label"),
                ..Engagement::default()
            },
            ..Post::new(Urn::of(NETWORK, None, "review", id), NETWORK, words, written, now)
        };
        // The one time there is moves when the review is written anew.
        Found { id: id.to_owned(), published: Some(written), edited: Some(written), item: Item::Post(Box::new(post)) }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    const NOW: Timestamp = Timestamp::from_secs(1_772_366_400);

    fn found(raw: &Value) -> Item {
        let base = Url::parse("https://itunes.apple.com").expect("an address");
        Country { base, app: "389801252".to_owned(), code: "ua".to_owned() }.found(raw, NOW, 2).item
    }

    #[test]
    fn a_review_has_its_stars_its_country_and_its_date() {
        let Item::Post(post) = found(
            &json!({"id": {"label": "91"}, "updated": {"label": "2026-02-27T08:14:05-07:00"}, "title": {"label": "Погано"},
            "content": {"label": "Не працює", "attributes": {"type": "text"}}, "im:rating": {"label": "2"}, "im:voteSum": {"label": "4"}, "im:voteCount": {"label": "5"},
            "author": {"uri": {"label": "https://itunes.apple.com/ua/reviews/id77"}, "name": {"label": "anna"}, "label": ""},
            "link": {"attributes": {"rel": "related", "href": "https://itunes.apple.com/ua/review?id=389801252&type=Purple%20Software"}}}),
        ) else {
            panic!("no post")
        };
        assert_eq!((post.urn.as_str(), post.kind), ("urn:smm:appstore:review:91", PostKind::Review));
        assert_eq!((post.title.as_deref(), post.text.as_str()), (Some("Погано"), "Не працює"));
        assert_eq!(post.engagement, Engagement { rating: Some(2), likes: Some(4), ..Engagement::default() });
        assert_eq!(
            (post.author.country.as_deref(), post.author.urn.as_ref().map(Urn::as_str)),
            (Some("UA"), Some("urn:smm:appstore:author:77"))
        );
        assert_eq!(post.published_at, Timestamp::parse("2026-02-27T15:14:05Z").expect("a time"));
        assert_eq!(post.community.map(|place| place.key).as_deref(), Some("appstore/389801252"));
    }

    #[test]
    fn what_is_not_as_usual_is_rejected_with_its_place() {
        let reason =
            |raw: &Value| if let Item::Rejected(one) = found(raw) { (one.reason, one.place) } else { panic!("{raw}") };
        let place = || "ua, review 3".to_owned();
        assert_eq!(reason(&json!({"content": {"label": "x"}})), (RejectionReason::MissingId, place()));
        assert_eq!(
            reason(&json!({"id": {"label": "1"}, "updated": {"label": "soon"}})),
            (RejectionReason::InvalidDate, place())
        );
        assert_eq!(
            reason(&json!({"id": {"label": "1"}, "updated": {"label": "2026-02-27T08:14:05Z"}})),
            (RejectionReason::EmptyText, place())
        );
    }
}
