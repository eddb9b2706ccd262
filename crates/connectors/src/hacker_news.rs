//! Hacker News: every story and comment, by its public search, <https://hn.algolia.com/api>. It gives a thousand items at once and no
//! more by turning pages, so what is further back is asked for by its time.

mod refresh;

use std::time::Duration;

use molva_domain::{Author, Engagement, Post, PostKind, RejectionReason, Timestamp, Urn};
use serde::Deserialize;
use serde_json::Value;
use url::Url;

use crate::connector::{BoxFuture, Capabilities, Connector, Descriptor, Mode};
use crate::error::ConnectorError;
use crate::html;
use crate::http::{Request, parse_url};
use crate::refresh::Refresh;
use crate::session::{Item, Session};
use crate::settings::{Localized, Setting, SettingKind};
use crate::walk::{self, Found, NewestFirst, Pace};

const NETWORK: &str = "hackernews";
const SITE: &str = "https://news.ycombinator.com";
/// The search gives no more.
const PAGE: usize = 1_000;
/// What is written in about a month.
const PAGES: usize = 300;
/// A thousand items may have ten megabytes.
const MAX_PAGE_BYTES: u64 = 32 << 20;

/// The row of the table.
#[derive(Clone, Copy, Debug)]
pub struct HackerNews;

impl Connector for HackerNews {
    fn descriptor(&self) -> &'static Descriptor {
        &DESCRIPTOR
    }

    fn probe<'a>(&'a self, session: &'a Session) -> BoxFuture<'a, Result<String, ConnectorError>> {
        Box::pin(async move {
            let page = Search::new(session)?.page(session, None).await?;
            let newest = page.found.iter().filter_map(|found| found.published).max();
            let age = newest.map_or(0, |newest| session.now().since(newest).as_secs());
            Ok(format!("the search answers; the newest of {} items is {age} s old", page.found.len()))
        })
    }

    fn listen<'a>(&'a self, session: &'a Session) -> BoxFuture<'a, Result<(), ConnectorError>> {
        Box::pin(async move {
            let search = Search::new(session)?;
            let settings = session.settings.clone().with_defaults(DESCRIPTOR.settings);
            let hours = settings.number("history_hours").unwrap_or(24).clamp(0, 720).unsigned_abs();
            let pace = Pace {
                shortest: Duration::from_secs(60),
                history: Duration::from_secs(hours * 3_600),
                pages: PAGES,
                between_pages: Duration::from_secs(1),
            };
            walk::listen(session, &search, search.base.as_str(), pace).await
        })
    }

    fn refresh(&self) -> Option<&'static Refresh> {
        Some(&refresh::REFRESH)
    }
}

static DESCRIPTOR: Descriptor = Descriptor {
    name: NETWORK,
    title: Localized { en: "Hacker News", ru: "Hacker News", uk: "Hacker News" },
    summary: Localized {
        en: "Every story and comment of Hacker News, within a minute or two. Needs no key. Answers are written on the site.",
        ru: "Все публикации и комментарии Hacker News, за минуту-две. Ключ не нужен. Отвечают на самом сайте.",
        uk: "Усі публікації й коментарі Hacker News, за хвилину-дві. Ключ не потрібен. Відповідають на самому сайті.",
    },
    mode: Mode::Poll,
    capabilities: Capabilities {
        keyword_listen: true,
        account_listen: false,
        backfill: true,
        delete_events: true,
        metrics: true,
    },
    settings: &[
        Setting {
            key: "history_hours",
            kind: SettingKind::Number { min: 0, max: 720 },
            label: Localized {
                en: "History, hours", ru: "История, часов", uk: "Історія, годин"
            },
            help: Localized {
                en: "How far back the first look goes; some 12,000 items a day.",
                ru: "Насколько далеко назад заглянуть в первый раз; примерно 12 000 записей в сутки.",
                uk: "Наскільки далеко назад зазирнути вперше; приблизно 12 000 дописів на добу.",
            },
            required: false,
            default: Some("24"),
            placeholder: None,
            shown_when: None,
        },
        Setting {
            key: "url",
            kind: SettingKind::Url,
            label: Localized {
                en: "Address of the search", ru: "Адрес поиска", uk: "Адреса пошуку"
            },
            help: Localized {
                en: "Only for a mirror of your own.",
                ru: "Только если у вас своё зеркало.",
                uk: "Лише якщо у вас власне дзеркало.",
            },
            required: false,
            default: Some("https://hn.algolia.com"),
            placeholder: None,
            shown_when: None,
        },
        Setting {
            key: "items_url",
            kind: SettingKind::Url,
            label: Localized {
                en: "Address of the items", ru: "Адрес записей", uk: "Адреса дописів"
            },
            help: Localized {
                en: "Where points, edits and removals are asked for. Only for a mirror of your own.",
                ru: "Где узнаются баллы, правки и удаления. Только если у вас своё зеркало.",
                uk: "Де дізнаються бали, правки й вилучення. Лише якщо у вас власне дзеркало.",
            },
            required: false,
            default: Some("https://hacker-news.firebaseio.com"),
            placeholder: None,
            shown_when: None,
        },
    ],
    // Somebody always writes.
    silent_after_s: Some(3_600),
    add_by_hand: true,
};

struct Search {
    base: Url,
}

impl Search {
    fn new(session: &Session) -> Result<Self, ConnectorError> {
        let settings = session.settings.clone().with_defaults(DESCRIPTOR.settings);
        Ok(Self { base: parse_url("url", settings.text("url").unwrap_or_default())? })
    }
}

#[derive(Deserialize)]
struct Answer {
    hits: Vec<Value>,
}

impl NewestFirst for Search {
    /// `older` is a Unix second: what was written in it or before. Items of one second may stand on two pages.
    fn page<'a>(
        &'a self,
        session: &'a Session,
        older: Option<&'a str>,
    ) -> BoxFuture<'a, Result<walk::Page, ConnectorError>> {
        Box::pin(async move {
            let mut url = self.base.clone();
            url.set_path("/api/v1/search_by_date");
            url.query_pairs_mut()
                .clear()
                .append_pair("tags", "(story,comment,poll,job)")
                .append_pair("hitsPerPage", &PAGE.to_string());
            if let Some(second) = older {
                url.query_pairs_mut().append_pair("numericFilters", &format!("created_at_i<={second}"));
            }
            let request = Request::get(url).header("accept", "application/json").max_body_bytes(MAX_PAGE_BYTES);
            let now = session.now();
            let answer: Answer = session.send(request).await?.error_for_status("the search", now)?.json()?;
            let full = answer.hits.len() >= PAGE;
            let found: Vec<Found> = answer.hits.iter().enumerate().map(|(index, hit)| found(hit, now, index)).collect();
            let oldest = found.iter().filter_map(|found| found.published).min().map(Timestamp::as_secs);
            // A whole page of one second would be asked for again and again.
            let stuck = oldest.is_some_and(|oldest| older.is_some_and(|older| older == oldest.to_string()));
            let older = oldest.filter(|_| full).map(|oldest| (oldest - i64::from(stuck)).to_string());
            Ok(walk::Page { found, older, ..walk::Page::default() })
        })
    }
}

/// An item as the search tells it.
#[derive(Deserialize)]
struct Hit {
    #[serde(rename = "objectID")]
    id: String,
    created_at_i: i64,
    #[serde(default)]
    author: Option<String>,
    #[serde(default)]
    title: Option<String>,
    #[serde(default)]
    story_title: Option<String>,
    #[serde(default)]
    url: Option<String>,
    #[serde(default)]
    story_text: Option<String>,
    #[serde(default)]
    comment_text: Option<String>,
    #[serde(default)]
    parent_id: Option<u64>,
    #[serde(default)]
    points: Option<i64>,
    #[serde(default)]
    num_comments: Option<u64>,
}

fn found(raw: &Value, now: Timestamp, index: usize) -> Found {
    let place = format!("item {}", index + 1);
    match Hit::deserialize(raw) {
        Ok(hit) => {
            let published = Timestamp::from_secs(hit.created_at_i);
            let id = hit.id.clone();
            let item = Item::read(read(hit, published, now), &place, raw);
            Found { id, published: Some(published), edited: None, item }
        }
        Err(error) => {
            let message = format!("the item is not as the search promises: {error}");
            let id = raw.get("objectID").and_then(Value::as_str).map_or_else(|| raw.to_string(), str::to_owned);
            Found::broken(id, (RejectionReason::Malformed, message), &place, raw)
        }
    }
}

fn urn(id: &str) -> Urn {
    Urn::of(NETWORK, None, "item", id)
}

fn read(hit: Hit, published_at: Timestamp, now: Timestamp) -> Result<Post, (RejectionReason, String)> {
    let is_comment = hit.comment_text.is_some();
    let plain = html::to_plain(hit.comment_text.or(hit.story_text).as_deref().unwrap_or_default(), None);
    let title = hit.title.or(hit.story_title).as_deref().and_then(html::line);
    if plain.text.is_empty() && (is_comment || title.is_none()) {
        return Err((RejectionReason::EmptyText, format!("item {} has no text", hit.id)));
    }
    if plain.text.len() > Post::MAX_TEXT_BYTES {
        return Err((RejectionReason::TooLarge, format!("item {} is longer than 1 MiB", hit.id)));
    }
    let page = |what: &str, id: &str| Some(format!("{SITE}/{what}?id={id}"));
    let mut links = plain.links;
    links.extend(hit.url.and_then(|url| html::absolute(&url, None)).map(String::from));
    let author = hit.author.filter(|author| !author.is_empty());
    Ok(Post {
        kind: if is_comment { PostKind::Comment } else { PostKind::Post },
        author: Author {
            urn: author.as_deref().map(|author| Urn::of(NETWORK, None, "author", author)),
            url: author.as_deref().and_then(|author| page("user", author)),
            handle: author,
            ..Author::default()
        },
        title,
        url: page("item", &hit.id),
        in_reply_to: hit.parent_id.filter(|_| is_comment).map(|parent| urn(&parent.to_string())),
        links,
        media: plain.media,
        engagement: Engagement {
            likes: hit.points.and_then(|points| u64::try_from(points).ok()),
            comments: hit.num_comments,
            ..Engagement::default()
        },
        ..Post::new(urn(&hit.id), NETWORK, plain.text, published_at, now)
    })
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    const NOW: Timestamp = Timestamp::from_secs(1_772_366_400);

    fn post(raw: &Value) -> Post {
        match found(raw, NOW, 0).item {
            Item::Post(post) => *post,
            other => panic!("no post: {other:?}"),
        }
    }

    #[test]
    fn a_comment_knows_what_it_answers_and_a_story_its_link() {
        let comment = post(&json!({"objectID": "31", "created_at_i": 1_772_366_000, "author": "ann", "parent_id": 30,
            "story_id": 7, "story_title": "A &amp; B", "comment_text": "It&#x27;s <i>down</i><p>See <a href=\"https://a.example/\">a</a>", "new": {}}));
        assert_eq!((comment.kind, comment.text.as_str()), (PostKind::Comment, "It's down\n\nSee a"));
        assert_eq!(comment.in_reply_to, Some(urn("30")));
        assert_eq!(
            (comment.title.as_deref(), comment.links.as_slice()),
            (Some("A & B"), &["https://a.example/".to_owned()][..])
        );
        assert_eq!(comment.author.url.as_deref(), Some("https://news.ycombinator.com/user?id=ann"));

        let story = post(&json!({"objectID": "7", "created_at_i": 1_772_365_000, "author": "bob", "title": "A & B",
            "url": "https://b.example/x", "points": 12, "num_comments": 3, "story_text": null}));
        assert_eq!((story.kind, story.text.as_str(), story.in_reply_to), (PostKind::Post, "", None));
        assert_eq!(
            (story.links, story.engagement.likes, story.engagement.comments),
            (vec!["https://b.example/x".to_owned()], Some(12), Some(3))
        );
        assert_eq!(story.url.as_deref(), Some("https://news.ycombinator.com/item?id=7"));
    }

    #[test]
    fn what_is_not_as_promised_is_rejected_with_its_place() {
        let reason = |raw: &Value| match found(raw, NOW, 4).item {
            Item::Rejected(rejection) => (rejection.reason, rejection.place),
            other => panic!("not rejected: {other:?}"),
        };
        let place = || "item 5".to_owned();
        assert_eq!(reason(&json!({"objectID": 31})), (RejectionReason::Malformed, place()));
        assert_eq!(
            reason(&json!({"objectID": "31", "created_at_i": 5, "comment_text": "<p> "})),
            (RejectionReason::EmptyText, place())
        );
    }
}
