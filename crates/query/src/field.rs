//! The fields of a post that a query may ask for, and the plain test of each.

use molva_domain::{Language, MediaKind, Post, PostKind, Timestamp};
use molva_text::normalise;

pub use crate::judgement::{JudgedTest, Judgement, ScoreField, ScoreRange, TextField, spaced};

/// One test of one field.
#[derive(Clone, Debug, PartialEq)]
pub enum FieldTest {
    /// Lower case.
    Network(String),
    Kind(PostKind),
    /// The host of the post's address, or one above it.
    Site(String),
    /// Letters the post's address contains, lower case.
    Url(String),
    /// Lower case.
    Community(String),
    /// A host that the post links to, or a part of such an address, lower case.
    Link(String),
    /// Without the sign, lower case.
    AuthorHandle(String),
    /// The display name or the handle, as its normal words.
    AuthorName(String),
    /// Normal words.
    AuthorCity(String),
    Verified(bool),
    Language(Language),
    Has(Attachment),
    Published(TimeRange),
    /// First and last hour in UTC; runs over midnight when the first is larger.
    Hour(u8, u8),
    Number(NumberField, NumberRange),
    /// Known only after the post has been stored.
    Judged(JudgedTest),
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Attachment {
    Image,
    Video,
    Audio,
    Document,
    Link,
    Question,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NumberField {
    Followers,
    Rating,
    Likes,
    Reposts,
    Comments,
    Views,
}

/// Both ends belong to it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NumberRange {
    pub from: u64,
    pub to: u64,
}

/// From the first moment up to, but without, the second.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TimeRange {
    pub from: Timestamp,
    pub before: Timestamp,
}

/// What the analysis of the text adds to the fields of a post.
#[derive(Clone, Copy, Debug)]
pub struct TextFacts {
    /// Detected; used where the network declares none.
    pub language: Option<Language>,
    pub question: bool,
}

impl FieldTest {
    /// Whether a post passes. What the network or the judgement does not tell passes no test.
    #[must_use]
    pub fn passes(&self, post: &Post, facts: &TextFacts, judgement: &Judgement) -> bool {
        match self {
            Self::Network(name) => post.network.to_lowercase() == *name,
            Self::Kind(kind) => post.kind == *kind,
            Self::Site(host) => post.url.as_deref().is_some_and(|url| is_on(url, host)),
            Self::Url(part) => post.url.as_deref().is_some_and(|url| url.to_lowercase().contains(part)),
            Self::Community(key) => {
                post.community.as_ref().is_some_and(|community| community.key.to_lowercase() == *key)
            }
            Self::Link(part) if part.contains('/') => post.links.iter().any(|link| link.to_lowercase().contains(part)),
            Self::Link(host) => post.links.iter().any(|link| is_on(link, host)),
            Self::AuthorHandle(handle) => has_handle(post, handle),
            Self::AuthorName(name) => {
                post.author.name.as_deref().is_some_and(|own| normal_words(own) == *name)
                    || post.author.handle.as_deref().is_some_and(|own| normal_words(own) == *name)
            }
            Self::AuthorCity(city) => post.author.city.as_deref().is_some_and(|own| normal_words(own) == *city),
            Self::Verified(expected) => post.author.verified == Some(*expected),
            Self::Language(language) => post.language.or(facts.language) == Some(*language),
            Self::Has(attachment) => has(post, *attachment, facts),
            Self::Published(range) => range.from <= post.published_at && post.published_at < range.before,
            Self::Hour(first, last) => {
                let hour = post.published_at.as_secs().rem_euclid(86_400) / 3_600;
                let (first, last) = (i64::from(*first), i64::from(*last));
                if first <= last { first <= hour && hour <= last } else { hour >= first || hour <= last }
            }
            Self::Judged(test) => test.passes(judgement),
            Self::Number(field, range) => number(post, *field).is_some_and(|own| range.from <= own && own <= range.to),
        }
    }
}

fn has_handle(post: &Post, handle: &str) -> bool {
    let Some(own) = &post.author.handle else { return false };
    let own = own.trim_start_matches('@').to_lowercase();
    own == handle || own.split('@').next() == Some(handle)
}

fn has(post: &Post, attachment: Attachment, facts: &TextFacts) -> bool {
    let of_kind = |kind| post.media.iter().any(|media| media.kind == kind);
    match attachment {
        Attachment::Image => of_kind(MediaKind::Image),
        Attachment::Video => of_kind(MediaKind::Video),
        Attachment::Audio => of_kind(MediaKind::Audio),
        Attachment::Document => of_kind(MediaKind::Document),
        Attachment::Link => of_kind(MediaKind::Link) || !post.links.is_empty(),
        Attachment::Question => facts.question,
    }
}

fn number(post: &Post, field: NumberField) -> Option<u64> {
    match field {
        NumberField::Followers => post.author.followers,
        NumberField::Rating => post.engagement.rating.map(u64::from),
        NumberField::Likes => post.engagement.likes,
        NumberField::Reposts => post.engagement.reposts,
        NumberField::Comments => post.engagement.comments,
        NumberField::Views => post.engagement.views,
    }
}

/// Whether an address lies on a host or below it.
fn is_on(address: &str, host: &str) -> bool {
    let own = host_of(address);
    own == host || own.strip_suffix(host).is_some_and(|head| head.ends_with('.'))
}

/// The host of an address in lower case, without user, port and `www.`.
#[must_use]
pub fn host_of(address: &str) -> String {
    let rest = address.split_once("://").map_or(address, |(_, rest)| rest);
    let authority = rest.split(['/', '?', '#']).next().unwrap_or_default();
    let host = authority.rsplit('@').next().unwrap_or_default().split(':').next().unwrap_or_default().to_lowercase();
    host.strip_prefix("www.").unwrap_or(&host).to_owned()
}

/// The normal forms of the words in a name, one space between.
#[must_use]
pub fn normal_words(name: &str) -> String {
    name.split(|c: char| !c.is_alphanumeric())
        .map(normalise)
        .filter(|word| !word.is_empty())
        .collect::<Vec<_>>()
        .join(" ")
}
