//! Bytes to a feed: every entry read or rejected on its own.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::time::Duration;

use chrono::{DateTime, NaiveDate, NaiveDateTime, Utc};
use feed_rs::model;
use feed_rs::parser::{Builder, ParseFeedError};
use molva_domain::{Post, Rejection, RejectionReason, Timestamp};
use serde_json::Value;
use url::Url;

use super::encoding::decode;
use super::entry::{self, Entry};
use super::markup;
use super::pieces::{self, Dialect, MAX_ENTRY_BYTES, Pieces};
use super::rewrite::Extras;
use crate::html;

/// Most entries read of one document; feeds with more are archives.
pub(crate) const MAX_ENTRIES: usize = 1_000;

/// A feed as it was found.
#[derive(Debug, Default)]
pub(crate) struct Feed {
    pub title: Option<String>,
    /// The page it belongs to.
    pub site: Option<Url>,
    pub language: Option<String>,
    /// When the feed says it was last changed.
    pub updated: Option<Timestamp>,
    /// Whose feed it is, for entries without an author.
    pub author: Option<String>,
    /// How long an answer holds by `ttl` or `sy:updatePeriod`.
    pub told: Option<Duration>,
    /// In the order of the document.
    pub entries: Vec<Result<Entry, Rejection>>,
}

/// What was answered instead of a feed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum NotAFeed {
    Empty,
    /// A page, which may announce feeds.
    Page(String),
    Other,
}

/// Reads a document fetched from `address`.
pub(crate) fn parse(bytes: &[u8], content_type: Option<&str>, address: &Url) -> Result<Feed, NotAFeed> {
    let text = decode(bytes, content_type);
    if text.trim().is_empty() {
        return Err(NotAFeed::Empty);
    }
    if text.starts_with('{') {
        return parse_json(&text, address).ok_or(NotAFeed::Other);
    }
    match pieces::cut(&text, address, MAX_ENTRIES) {
        Some(pieces) => Ok(parse_pieces(&pieces)),
        None if looks_like_page(&text) => Err(NotAFeed::Page(text)),
        None => Err(NotAFeed::Other),
    }
}

fn looks_like_page(text: &str) -> bool {
    let head = text[..text.floor_char_boundary(4_096)].to_ascii_lowercase();
    ["<html", "<!doctype html", "<head", "<body"].iter().any(|tag| head.contains(tag))
}

fn parse_pieces(pieces: &Pieces<'_>) -> Feed {
    let mut feed = Feed { told: told(&pieces.head), ..Feed::default() };
    let (head, extras) = pieces.wrap(&pieces.head);
    match read(&head, &pieces.base) {
        Ok(head) => feed.take_head(head, &pieces.base),
        // A head that cannot be read costs no entry: names are all that is lost.
        Err(_) => feed.title = markup::element_text(&pieces.head, "title"),
    }
    feed.author = feed.author.or(extras.author);
    if feed.title.is_none() {
        feed.title = markup::element_text(&pieces.head, "title");
    }
    for (index, piece) in pieces.entries.iter().enumerate() {
        let place = format!("entry {}", index + 1);
        let reject = |reason, message: &str| Err(Rejection::new(reason, place.clone(), message, piece.raw));
        feed.entries.push(if piece.raw.len() > MAX_ENTRY_BYTES {
            reject(RejectionReason::TooLarge, "the entry is larger than 2 MiB; ask the feed's owner to shorten it")
        } else if !piece.complete {
            reject(RejectionReason::Malformed, "the entry has no end; the feed was cut off or its markup is broken")
        } else {
            read_piece(pieces, piece.raw, &place)
        });
    }
    feed.reject_left_out(pieces.left_out);
    feed
}

fn read_piece(pieces: &Pieces<'_>, raw: &str, place: &str) -> Result<Entry, Rejection> {
    let (whole, extras) = pieces.wrap(raw);
    let rejected = |message: String| Rejection::new(RejectionReason::Malformed, place, message, raw);
    let parsed =
        read(&whole, &pieces.base).map_err(|error| rejected(format!("the entry's markup is broken: {error}")))?;
    let found = parsed.entries.into_iter().next();
    let mut found = found.ok_or_else(|| rejected("the parser found nothing in the entry".to_owned()))?;
    let names: &[&str] = match pieces.dialect {
        Dialect::Rss => &["pubDate", "dc:date", "pubdate", "date", "dcterms:issued"],
        Dialect::Atom | Dialect::OldAtom => &["published", "issued", "updated", "modified"],
    };
    if found.published.is_none() && found.updated.is_none() {
        let texts = names.iter().filter_map(|name| markup::element_text(raw, name));
        found.published = texts.filter_map(|text| other_date(&text)).next();
    }
    checked(entry::from_parsed(found, extras, &pieces.base), place, raw)
}

/// What holds for an entry of every kind of feed.
fn checked(entry: Entry, place: &str, raw: &str) -> Result<Entry, Rejection> {
    if entry.text.len() > Post::MAX_TEXT_BYTES {
        let message = "the text is longer than 1 MiB; ask the feed's owner for shorter entries";
        return Err(Rejection::new(RejectionReason::TooLarge, place, message, raw));
    }
    if entry.text.is_empty() && entry.title.is_none() {
        let message = "the entry has neither text nor title";
        return Err(Rejection::new(RejectionReason::EmptyText, place, message, raw));
    }
    Ok(entry)
}

impl Feed {
    fn take_head(&mut self, head: model::Feed, base: &Url) {
        self.title = head.title.map(|title| html::to_line(&title.content)).filter(|title| !title.is_empty());
        let site = head.links.iter().find(|link| link.rel.as_deref().unwrap_or("alternate") == "alternate");
        self.site = site.and_then(|link| html::absolute(&link.href, Some(base)));
        self.language = head.language;
        self.updated = [head.updated, head.published].into_iter().flatten().max().and_then(entry::timestamp);
        self.author = head.authors.into_iter().find_map(|author| author.name).map(|name| html::to_line(&name));
    }

    /// What is past the limit is one rejection, not silence.
    fn reject_left_out(&mut self, left_out: usize) {
        if left_out > 0 {
            let message = format!("the feed has {left_out} more entries than the {MAX_ENTRIES} that are read at once");
            let place = format!("entry {}", MAX_ENTRIES + 1);
            self.entries.push(Err(Rejection::new(RejectionReason::TooLarge, place, message, "")));
        }
    }
}

/// The parser, held so that neither an error nor a panic of it takes more than one entry.
fn read(whole: &str, base: &Url) -> Result<model::Feed, String> {
    let parser = Builder::new()
        .base_uri(Some(base))
        // Ids that are missing stay missing; the key is chosen here.
        .id_generator(|_, _, _| String::new())
        .sanitize_content(false)
        .build();
    match catch_unwind(AssertUnwindSafe(|| parser.parse(whole.as_bytes()))) {
        Ok(Ok(feed)) => Ok(feed),
        Ok(Err(ParseFeedError::XmlReader(error))) => Err(error.to_string()),
        Ok(Err(error)) => Err(error.to_string()),
        Err(_) => Err("the parser gave up on it".to_owned()),
    }
}

/// `ttl` in minutes (RSS 2.0) and `sy:updatePeriod` with its frequency (RSS 1.0 syndication module): the longer one.
fn told(head: &str) -> Option<Duration> {
    let ttl = markup::element_text(head, "ttl").and_then(|text| text.parse::<u32>().ok());
    let ttl = ttl.map(|minutes| Duration::from_secs(u64::from(minutes) * 60));
    let period =
        markup::element_text(head, "sy:updatePeriod").and_then(|text| match text.to_ascii_lowercase().as_str() {
            "hourly" => Some(3_600),
            "daily" => Some(86_400),
            "weekly" => Some(7 * 86_400),
            "monthly" => Some(30 * 86_400),
            "yearly" => Some(365 * 86_400),
            _ => None,
        });
    let frequency =
        markup::element_text(head, "sy:updateFrequency").and_then(|text| text.parse::<u32>().ok()).unwrap_or(1);
    let period = period.map(|seconds| Duration::from_secs(seconds) / frequency.max(1));
    ttl.into_iter().chain(period).max()
}

/// Dates in spellings that no standard for feeds allows but people use. Without a zone they are read as UTC.
fn other_date(text: &str) -> Option<DateTime<Utc>> {
    let text = text.trim().trim_end_matches(" UTC").trim_end_matches(" GMT").trim_end_matches('Z');
    if let Ok(seconds) = text.parse::<i64>() {
        // Unix seconds of the years 2001 to 2100.
        return (1_000_000_000..4_102_444_800).contains(&seconds).then(|| DateTime::from_timestamp(seconds, 0))?;
    }
    for format in ["%Y-%m-%d %H:%M:%S %z", "%Y-%m-%d %H:%M:%S%z", "%a, %d %b %y %H:%M:%S %z"] {
        if let Ok(time) = DateTime::parse_from_str(text, format) {
            return Some(time.to_utc());
        }
    }
    for format in [
        "%Y-%m-%d %H:%M:%S%.f",
        "%Y-%m-%dT%H:%M:%S%.f",
        "%Y-%m-%d %H:%M",
        "%Y-%m-%dT%H:%M",
        "%d.%m.%Y %H:%M:%S",
        "%d.%m.%Y %H:%M",
        "%Y/%m/%d %H:%M:%S",
        "%a %b %e %H:%M:%S %Y",
        "%Y%m%dT%H:%M:%S",
    ] {
        if let Ok(time) = NaiveDateTime::parse_from_str(text, format) {
            return Some(time.and_utc());
        }
    }
    ["%Y-%m-%d", "%d.%m.%Y", "%Y/%m/%d", "%Y%m%d"]
        .iter()
        .find_map(|format| NaiveDate::parse_from_str(text, format).ok())
        .map(|date| date.and_time(chrono::NaiveTime::MIN).and_utc())
}

/// JSON Feed 1.0 and 1.1. Each item is read in a document of its own, for the same reason as with XML.
fn parse_json(text: &str, address: &Url) -> Option<Feed> {
    let mut document: Value = serde_json::from_str(text).ok()?;
    let fields = document.as_object_mut()?;
    let named = fields.get("version").and_then(Value::as_str).is_some_and(|version| version.contains("jsonfeed"));
    let Some(Value::Array(items)) = fields.remove("items") else { return None };
    if !named && fields.get("title").is_none() {
        return None;
    }
    fields.insert("version".to_owned(), "https://jsonfeed.org/version/1.1".into());
    fields.insert("items".to_owned(), Value::Array(Vec::new()));
    if !fields.get("title").is_some_and(Value::is_string) {
        fields.insert("title".to_owned(), "".into());
    }
    let mut feed = Feed::default();
    let (author, _) = take_author(&mut document);
    if let Ok(head) = read(&document.to_string(), address) {
        feed.take_head(head, address);
    }
    feed.author = author;
    let left_out = items.len().saturating_sub(MAX_ENTRIES);
    let shell = serde_json::json!({ "version": "https://jsonfeed.org/version/1.1", "title": "" });
    for (index, mut item) in items.into_iter().take(MAX_ENTRIES).enumerate() {
        let place = format!("entry {}", index + 1);
        let raw = item.to_string();
        if let Some(id) = item.get_mut("id")
            && !id.is_string()
        {
            // Numbers are forbidden but common, and mean what their digits say.
            *id = Value::String(id.to_string());
        }
        let image = item.get("image").or_else(|| item.get("banner_image")).and_then(Value::as_str).map(str::to_owned);
        let (author, author_url) = take_author(&mut item);
        let extras = Extras { author, author_url, ..Extras::default() };
        let mut whole = shell.clone();
        whole["items"] = Value::Array(vec![item]);
        feed.entries.push(
            read(&whole.to_string(), address)
                .ok()
                .and_then(|parsed| parsed.entries.into_iter().next())
                .ok_or_else(|| {
                    let message = "the entry does not follow JSON Feed 1.1; ask the feed's owner to correct it";
                    Rejection::new(RejectionReason::Malformed, place.clone(), message, &raw)
                })
                .map(|found| entry::from_parsed(found, extras, address).with_image(image.as_deref(), address))
                .and_then(|entry| checked(entry, &place, &raw)),
        );
    }
    feed.reject_left_out(left_out);
    Some(feed)
}

/// Name and address of the first author, cut out for the reason told in `rewrite`.
fn take_author(value: &mut Value) -> (Option<String>, Option<String>) {
    let Some(fields) = value.as_object_mut() else { return (None, None) };
    let authors = [
        fields.remove("authors").map(|mut authors| authors.get_mut(0).map(Value::take).unwrap_or_default()),
        fields.remove("author"),
    ];
    let text = |name: &str| {
        let texts = authors.iter().flatten().filter_map(|author| author.get(name)?.as_str());
        texts.map(html::one_line).find(|text| !text.is_empty())
    };
    (text("name"), text("url"))
}
