//! One entry: from the parser's shape to ours, and from ours to a post.

use chrono::{DateTime, Utc};
use feed_rs::model;
use molva_domain::{Author, Community, Engagement, Language, Media, MediaKind, Post, PostKind, Timestamp, Urn};
use url::Url;

use super::rewrite::Extras;
use crate::digest;
use crate::html::{self, MAX_LINKS};

/// An entry, read and made safe.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Entry {
    /// What tells it from the others: its id, else its link, else a hash of what it says.
    pub key: String,
    pub title: Option<String>,
    pub text: String,
    pub author: Option<String>,
    pub author_url: Option<String>,
    pub link: Option<String>,
    pub published: Option<Timestamp>,
    pub updated: Option<Timestamp>,
    pub language: Option<String>,
    pub links: Vec<String>,
    pub media: Vec<Media>,
    pub comments: Option<u64>,
}

pub(super) fn timestamp(time: DateTime<Utc>) -> Option<Timestamp> {
    let time = Timestamp::from_micros(time.timestamp_micros());
    // Year 0 and 1970 are what clocks say that were never set.
    (time >= Timestamp::EARLIEST).then_some(time)
}

pub(super) fn from_parsed(parsed: model::Entry, extras: Extras, base: &Url) -> Entry {
    let mut entry = Entry {
        published: parsed.published.and_then(timestamp),
        updated: parsed.updated.and_then(timestamp),
        language: parsed.language,
        comments: extras.comments,
        ..Entry::default()
    };
    let inner_base = parsed.base.as_deref().and_then(|inner| base.join(inner).ok());
    entry.take_text(parsed.title, parsed.content, parsed.summary, inner_base.as_ref().unwrap_or(base));
    let guid = html::one_line(&parsed.id);
    entry.take_links(&parsed.links, base);
    if entry.link.is_none() && !extras.guid_is_no_link {
        let by_guid = Url::parse(&guid).ok().filter(|url| matches!(url.scheme(), "http" | "https"));
        entry.link = by_guid.or_else(|| html::absolute(extras.about.as_deref()?, Some(base))).map(String::from);
    }
    let person = parsed.authors.into_iter().find(|person| person.name.is_some() || person.uri.is_some());
    entry.author = extras.author.or_else(|| Some(html::to_line(person.as_ref()?.name.as_deref()?)));
    entry.author = entry.author.filter(|name| !name.is_empty());
    let author_url = extras.author_url.or_else(|| person?.uri);
    entry.author_url = author_url.and_then(|url| html::absolute(&url, Some(base))).map(String::from);
    for object in &parsed.media {
        entry.take_media(object);
    }
    let said = || digest::hex(&[entry.title.as_deref().unwrap_or_default(), &entry.text], 16);
    let known = [Some(guid), extras.about, entry.link.clone()].into_iter().flatten().find(|key| !key.is_empty());
    entry.key = known.unwrap_or_else(said);
    entry
}

impl Entry {
    fn take_text(
        &mut self,
        title: Option<model::Text>,
        content: Option<model::Content>,
        summary: Option<model::Text>,
        base: &Url,
    ) {
        self.title = title
            .map(|title| {
                if is_markup(title.content_type.as_ref()) {
                    html::to_line(&title.content)
                } else {
                    title_line(&title.content)
                }
            })
            .filter(|title| !title.is_empty());
        let bodies = [
            content.and_then(|content| Some((is_markup(content.content_type.as_ref()), content.body?))),
            summary.map(|summary| (is_markup(summary.content_type.as_ref()), summary.content)),
        ];
        for (markup, body) in bodies.into_iter().flatten() {
            let plain = html::to_plain(&body, Some(base));
            // Media and links count wherever they stand; of the texts the first that says anything.
            for link in plain.links {
                if self.links.len() < MAX_LINKS && !self.links.contains(&link) {
                    self.links.push(link);
                }
            }
            for media in plain.media {
                self.attach(media);
            }
            if self.text.is_empty() {
                self.text = if markup || looks_like_markup(&body) { plain.text } else { html::tidy(&body) };
            }
        }
    }

    fn take_links(&mut self, links: &[model::Link], base: &Url) {
        for link in links {
            let Some(url) = html::absolute(link.href.trim(), Some(base)) else { continue };
            let kind = link.media_type.as_deref().unwrap_or_default();
            match link.rel.as_deref() {
                // Attachments of a JSON feed have a type and no relation.
                None if !kind.is_empty() && !kind.contains("html") => self.attach(media(kind, url)),
                Some("enclosure") => self.attach(media(kind, url)),
                None | Some("alternate") if link.target.is_none() && self.link.is_none() => {
                    self.link = Some(url.into())
                }
                _ => {}
            }
        }
    }

    fn take_media(&mut self, object: &model::MediaObject) {
        let alt = object.description.as_ref().or(object.title.as_ref()).map(|text| html::to_line(&text.content));
        let alt = alt.filter(|alt| !alt.is_empty());
        // Video sites say here what an entry is about.
        if self.text.is_empty()
            && let Some(description) = &object.description
        {
            self.text = html::tidy(&html::to_plain(&description.content.replace('\n', "<br>"), None).text);
        }
        if self.title.is_none() {
            let title = object.title.as_ref().map(|title| html::to_line(&title.content));
            self.title = title.filter(|title| !title.is_empty());
        }
        for content in &object.content {
            let Some(url) = content.url.clone() else { continue };
            if matches!(url.scheme(), "http" | "https") {
                let kind = content.content_type.as_ref().map(ToString::to_string).unwrap_or_default();
                self.attach(Media { alt: alt.clone(), ..media(&kind, url) });
            }
        }
        // A thumbnail shows what has no picture of its own.
        if object.content.is_empty()
            && let Some(url) =
                object.thumbnails.first().and_then(|thumbnail| html::absolute(&thumbnail.image.uri, None))
        {
            self.attach(Media { kind: MediaKind::Image, url: url.into(), alt });
        }
    }

    pub(super) fn with_image(mut self, image: Option<&str>, base: &Url) -> Self {
        if let Some(url) = image.and_then(|image| html::absolute(image, Some(base))) {
            self.attach(Media { kind: MediaKind::Image, url: url.into(), alt: None });
        }
        self
    }

    fn attach(&mut self, media: Media) {
        if self.media.len() < MAX_LINKS && self.media.iter().all(|known| known.url != media.url) {
            self.media.push(media);
        }
    }
}

fn is_markup(media_type: &str) -> bool {
    !media_type.starts_with("text/plain")
}

/// Titles of RSS have no type: markup and entities are read where there are any, but a lone `<` stays.
fn title_line(title: &str) -> String {
    if looks_like_markup(title) { html::to_line(title) } else { html::one_line(title) }
}

fn looks_like_markup(text: &str) -> bool {
    let mut tags = super::markup::tags(text);
    tags.next().is_some_and(|tag| tag.name.bytes().all(|byte| byte.is_ascii_alphanumeric())) || {
        let reference = |at: usize| text.as_bytes()[at..].iter().take(12).position(|byte| *byte == b';');
        text.match_indices('&').any(|(at, _)| reference(at).is_some_and(|length| length >= 3))
    }
}

fn media(kind: &str, url: Url) -> Media {
    let path = url.path().to_ascii_lowercase();
    let ends = |endings: &[&str]| endings.iter().any(|ending| path.ends_with(ending));
    let kind = match kind.split('/').next().unwrap_or_default() {
        "image" => MediaKind::Image,
        "video" => MediaKind::Video,
        "audio" => MediaKind::Audio,
        _ if ends(&[".jpg", ".jpeg", ".png", ".gif", ".webp", ".avif", ".svg"]) => MediaKind::Image,
        _ if ends(&[".mp4", ".webm", ".mov", ".m4v"]) => MediaKind::Video,
        _ if ends(&[".mp3", ".m4a", ".ogg", ".opus", ".wav"]) => MediaKind::Audio,
        _ => MediaKind::Document,
    };
    Media { kind, url: url.into(), alt: None }
}

/// Names by the network's own ids: the instance, and a function that takes the names of an entry and of what it answers.
#[derive(Clone, Debug)]
pub(crate) struct Naming {
    pub instance: String,
    pub name: fn(&str, &mut Entry) -> Names,
}

/// What is known of an entry by the network's own ids.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Names {
    pub own: Option<Urn>,
    pub in_reply_to: Option<Urn>,
}

/// What the posts of one feed have in common.
#[derive(Clone, Debug)]
pub(crate) struct Frame {
    /// What the feed was first known by; part of every URN, so that a feed that moves keeps its posts.
    pub identity: String,
    pub network: String,
    pub kind: PostKind,
    pub community: Option<Community>,
    /// Set by a person: goes before what the feed says.
    pub language: Option<Language>,
    /// As the feed says.
    pub feed_language: Option<Language>,
    pub feed_author: Option<String>,
    pub naming: Option<Naming>,
    /// Published, where an entry does not say: see [`Entry::into_post`].
    pub undated_at: Timestamp,
    pub fetched_at: Timestamp,
}

impl Entry {
    /// Published is what the entry says, else its last change, else `undated_at`: at the first look at a feed the time the
    /// feed itself was last changed, so that its history does not look like now, and later the arrival, because what was not
    /// there at the last look is new.
    pub(crate) fn into_post(mut self, frame: &Frame) -> Post {
        let naming = frame.naming.as_ref();
        let names = naming.map(|naming| (naming.name)(&naming.instance, &mut self)).unwrap_or_default();
        let by_key = || Urn::of("feed", None, "post", &digest::hex(&[&frame.identity, &self.key], 20));
        let urn = names.own.unwrap_or_else(by_key);
        let published_at = self.published.or(self.updated).unwrap_or(frame.undated_at);
        let name = self.author.or_else(|| frame.feed_author.clone());
        let author_urn = name.as_deref().map(|name| {
            let place = frame.community.as_ref().map_or(frame.identity.as_str(), |community| community.key.as_str());
            Urn::of("feed", None, "author", &digest::hex(&[place, name], 20))
        });
        Post {
            kind: frame.kind,
            author: Author { urn: author_urn, name, url: self.author_url, ..Author::default() },
            community: frame.community.clone(),
            title: self.title,
            language: frame.language.or_else(|| Language::parse(self.language.as_deref()?)).or(frame.feed_language),
            url: self.link,
            edited_at: self.updated.filter(|updated| *updated > published_at),
            in_reply_to: names.in_reply_to,
            links: self.links,
            media: self.media,
            engagement: Engagement { comments: self.comments, ..Engagement::default() },
            ..Post::new(urn, &frame.network, self.text, published_at, frame.fetched_at)
        }
    }
}
