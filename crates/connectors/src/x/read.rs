//! What X tells, as posts.
//!
//! An edited post is a new one that names all its versions; its name here is the first version's, so that an edit is known as one.

use std::collections::HashMap;

use molva_domain::{
    Author, Engagement, Language, MediaKind, Post, PostKind, Rejection, RejectionReason, Timestamp, Urn,
};
use serde::Deserialize as _;
use serde_json::Value;

use super::ledger::Paid;
use super::wire::{self, Entities, Includes, User};
use super::{NETWORK, id};
use crate::plain_text::{MAX_LINKS, links_in, without_nul};
use crate::session::Item;

/// One post of an answer.
#[derive(Debug)]
pub(super) struct Found {
    /// Of this version; 0 where there is none.
    pub id: u64,
    /// Its name and revision.
    pub name: String,
    pub published: Option<Timestamp>,
    pub item: Item,
}

/// The URN of a post, by the id of its first version.
pub(super) fn urn(id: &str) -> Urn {
    Urn::of(NETWORK, None, "post", id)
}

/// Where people see it.
pub(super) fn url_of(username: Option<&str>, id: &str) -> String {
    format!("https://x.com/{}/status/{id}", username.unwrap_or("i"))
}

/// What an answer is paid for.
pub(super) fn paid<'a>(posts: &'a [Value], includes: &'a Includes) -> impl Iterator<Item = (Paid, &'a str)> {
    let id = |raw: &'a Value| Some((Paid::Post, raw.get("id")?.as_str()?));
    let posts = posts.iter().chain(includes.referenced()).filter_map(id);
    let users = includes.users.iter().map(|user| (Paid::User, user.id.as_str()));
    posts.chain(users).chain(includes.media.iter().map(|media| (Paid::Media, media.media_key.as_str())))
}

/// A post of an answer.
pub(super) fn post(raw: &Value, includes: &Includes, now: Timestamp, place: &str) -> Found {
    let refused = |reason, message: &str, id, name: String, published| {
        let item = Item::Rejected(Rejection::new(reason, place, message, &raw.to_string()));
        Found { id, name, published, item }
    };
    let wire = match wire::Post::deserialize(raw) {
        Ok(wire) => wire,
        Err(error) => {
            let message = format!("it is not as X promises: {error}");
            return refused(RejectionReason::Malformed, &message, 0, raw.to_string(), None);
        }
    };
    let Some(own) = id::parse(&wire.id) else {
        return refused(RejectionReason::MissingId, "it has no id", 0, raw.to_string(), None);
    };
    let first = wire.versions().iter().filter_map(|version| id::parse(version)).chain([own]).min().unwrap_or(own);
    let name = format!("{first} {own}");
    let created = match &wire.created_at {
        None => id::moment(own),
        Some(text) => match Timestamp::parse(text).filter(|at| *at >= Timestamp::EARLIEST) {
            Some(at) => at,
            None => return refused(RejectionReason::InvalidDate, "`created_at` is no time", own, name, None),
        },
    };
    let edited_at = (first != own).then_some(created);
    let published = if edited_at.is_some() { id::moment(first) } else { created };
    // Of a repost X shows the beginning only; the whole stands beside it.
    let original = wire.reference("retweeted").and_then(|of| referenced(includes, of));
    let (text, links) = readable(original.as_ref().unwrap_or(&wire));
    if text.trim().is_empty() {
        return refused(RejectionReason::EmptyText, "it has no text", own, name, Some(published));
    }
    if text.len() > Post::MAX_TEXT_BYTES {
        return refused(RejectionReason::TooLarge, "it is longer than 1 MiB", own, name, Some(published));
    }
    let user = wire.author_id.as_deref().and_then(|author| includes.users.iter().find(|user| user.id == author));
    let username = user.map(|user| user.username.as_str()).filter(|name| !name.is_empty());
    let referred = |kind: &str| wire.reference(kind).map(|of| self::urn(&first_version(includes, of)));
    let (repost_of, in_reply_to, quote_of) = (referred("retweeted"), referred("replied_to"), referred("quoted"));
    let kind = match (&repost_of, &in_reply_to, &quote_of) {
        (Some(_), _, _) => PostKind::Repost,
        (None, Some(_), _) => PostKind::Reply,
        (None, None, Some(_)) => PostKind::Quote,
        (None, None, None) => PostKind::Post,
    };
    let metrics = &wire.public_metrics;
    let post = Post {
        kind,
        author: author(wire.author_id.as_deref(), user),
        language: wire.lang.as_deref().filter(|tag| tag.len() == 2).and_then(Language::parse),
        url: Some(url_of(username, &wire.id)),
        edited_at,
        in_reply_to,
        repost_of,
        quote_of,
        links,
        media: media(&wire, includes),
        engagement: Engagement {
            likes: metrics.like_count,
            reposts: metrics.reposts(),
            comments: metrics.reply_count,
            // X counts views since 2022 only and says nothing for older posts.
            views: metrics.impression_count.filter(|views| *views > 0),
            rating: None,
        },
        ..Post::new(urn(&first.to_string()), NETWORK, text, published, now)
    };
    Found { id: own, name, published: Some(published), item: Item::Post(Box::new(post)) }
}

/// A post that came along.
fn referenced(includes: &Includes, wanted: &str) -> Option<wire::Post> {
    let mut all = includes.referenced();
    let raw = all.find(|raw| raw.get("id").and_then(Value::as_str) == Some(wanted))?;
    wire::Post::deserialize(raw).ok()
}

/// The id under which a post that is referred to is known.
fn first_version(includes: &Includes, id: &str) -> String {
    let along = referenced(includes, id);
    let versions = along.as_ref().map_or(&[][..], wire::Post::versions);
    let first = versions.iter().filter_map(|version| id::parse(version)).min();
    first.map_or_else(|| id.to_owned(), |first| first.to_string())
}

fn author(id: Option<&str>, user: Option<&User>) -> Author {
    let username = user.map(|user| user.username.clone()).filter(|name| !name.is_empty());
    let known = |user: &User| {
        let kind = user.verified_type.as_deref().map(|kind| kind != "none");
        kind.or(user.verified)
    };
    Author {
        urn: id.map(|id| Urn::of(NETWORK, None, "author", id)),
        url: username.as_ref().map(|name| format!("https://x.com/{name}")),
        handle: username,
        name: user.map(|user| user.name.clone()).filter(|name| !name.is_empty()),
        followers: user.and_then(|user| user.public_metrics.followers_count),
        verified: user.and_then(known),
        ..Author::default()
    }
}

/// The text as a person reads it, with its links where they lead, and without those that stand for pictures.
fn readable(wire: &wire::Post) -> (String, Vec<String>) {
    let (text, entities) = match wire.note() {
        Some(note) => (&note.text, &note.entities),
        None => (&wire.text, &wire.entities),
    };
    let text = unescaped(&expanded(text, entities));
    let text = without_nul(&text).trim().to_owned();
    let mut links = links_in(&text);
    for link in wire.entities.urls.iter().chain(&entities.urls) {
        let target = link.unwound_url.as_ref().or(link.expanded_url.as_ref());
        if let Some(target) = target.filter(|target| !shows_media(link, target) && !links.contains(target)) {
            links.push(target.clone());
        }
    }
    links.truncate(MAX_LINKS);
    (text, links)
}

/// `&amp;`, `&lt;`, `&gt;` are all that X escapes.
fn unescaped(text: &str) -> String {
    text.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")
}

fn expanded(text: &str, entities: &Entities) -> String {
    let targets: HashMap<&str, Option<&str>> = entities
        .urls
        .iter()
        .filter(|link| link.url.len() > "https://".len())
        .map(|link| {
            let target = link.expanded_url.as_deref();
            (link.url.as_str(), target.filter(|target| !shows_media(link, target)))
        })
        .collect();
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(start) = rest.find("http") {
        out.push_str(&rest[..start]);
        let tail = &rest[start..];
        let end = tail.find(char::is_whitespace).unwrap_or(tail.len());
        // Punctuation may follow without a blank.
        let known = targets.iter().filter(|(url, _)| tail[..end].starts_with(**url)).max_by_key(|(url, _)| url.len());
        match known {
            Some((url, target)) => {
                out.push_str(target.unwrap_or_default());
                rest = &tail[url.len()..];
            }
            None => {
                out.push_str(&tail[..end]);
                rest = &tail[end..];
            }
        }
    }
    out.push_str(rest);
    out
}

/// A link that X made of an attachment.
fn shows_media(link: &wire::Link, target: &str) -> bool {
    let ends = |word: &str| target.rsplit_once(word).is_some_and(|(_, rest)| rest.bytes().all(|b| b.is_ascii_digit()));
    link.media_key.is_some() || (target.contains("/status/") && (ends("/photo/") || ends("/video/")))
}

fn media(wire: &wire::Post, includes: &Includes) -> Vec<molva_domain::Media> {
    let keys = wire.attachments.media_keys.iter();
    let known = keys.filter_map(|key| includes.media.iter().find(|media| media.media_key == *key));
    let read = known.filter_map(|media| {
        let kind = if media.kind == "photo" { MediaKind::Image } else { MediaKind::Video };
        let url = media.url.clone().or_else(|| media.preview_image_url.clone())?;
        Some(molva_domain::Media { kind, url, alt: media.alt_text.clone() })
    });
    read.take(MAX_LINKS).collect()
}

#[cfg(test)]
mod tests;
