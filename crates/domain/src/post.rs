//! A post: whatever somebody said in public, of whatever network, in one shape.

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::clock::Timestamp;
use crate::language::Language;
use crate::names::named_enum;

/// The name of a thing on a network that never changes and is never reused:
/// `urn:smm:{network}[:{instance}]:{type}:{native id}`, the native id percent-encoded. Posts are unique by it.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Urn(Box<str>);

impl Urn {
    /// Longest URN stored, in bytes; a longer native id is hashed by the connector.
    pub const MAX_BYTES: usize = 512;

    pub fn new(text: impl Into<Box<str>>) -> Self {
        Self(text.into())
    }

    /// `kind` is `post`, `author`, `community`, …; `native` may hold any characters.
    #[must_use]
    pub fn of(network: &str, instance: Option<&str>, kind: &str, native: &str) -> Self {
        let mut text = format!("urn:smm:{network}:");
        if let Some(instance) = instance {
            push_encoded(&mut text, instance);
            text.push(':');
        }
        text.push_str(kind);
        text.push(':');
        push_encoded(&mut text, native);
        Self(text.into())
    }

    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// What [`Urn::of`] made it of; `None` when something else made it.
    #[must_use]
    pub fn parts(&self) -> Option<UrnParts> {
        let pieces: Vec<&str> = self.0.strip_prefix("urn:smm:")?.split(':').collect();
        let (network, instance, kind, native) = match pieces[..] {
            [network, kind, native] => (network, None, kind, native),
            [network, instance, kind, native] => (network, Some(decoded(instance)?), kind, native),
            _ => return None,
        };
        Some(UrnParts { network: network.to_owned(), instance, kind: kind.to_owned(), native: decoded(native)? })
    }

    /// Its parts where it names something of that kind on that network.
    #[must_use]
    pub fn parts_of(&self, network: &str, kind: &str) -> Option<UrnParts> {
        self.parts().filter(|parts| parts.network == network && parts.kind == kind)
    }
}

fn push_encoded(out: &mut String, native: &str) {
    use fmt::Write as _;
    for byte in native.bytes() {
        if byte.is_ascii_alphanumeric() || b"-._~/@".contains(&byte) {
            out.push(char::from(byte));
        } else {
            // Writing to a `String` cannot fail.
            let _ = write!(out, "%{byte:02X}");
        }
    }
}

/// The inverse of [`push_encoded`].
fn decoded(encoded: &str) -> Option<String> {
    let mut bytes = Vec::with_capacity(encoded.len());
    let mut rest = encoded.as_bytes();
    while let Some((first, after)) = rest.split_first() {
        if *first == b'%' {
            let digits = after.get(..2).filter(|digits| digits.iter().all(u8::is_ascii_hexdigit))?;
            bytes.push(u8::from_str_radix(std::str::from_utf8(digits).ok()?, 16).ok()?);
            rest = &after[2..];
        } else {
            bytes.push(*first);
            rest = after;
        }
    }
    String::from_utf8(bytes).ok()
}

/// The pieces of a name, as the network writes them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UrnParts {
    pub network: String,
    /// The server, where ids are of one server only.
    pub instance: Option<String>,
    /// `post`, `comment`, `author`, …
    pub kind: String,
    pub native: String,
}

impl fmt::Display for Urn {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

named_enum! {
    /// What sort of thing was said. The names are those of the query language's `kind:` field.
    pub enum PostKind {
        Post = "post",
        Comment = "comment",
        Reply = "reply",
        Repost = "repost",
        Quote = "quote",
        Message = "message",
        Review = "review",
        Article = "article",
    }
}

named_enum! {
    /// Who can see it on its network.
    pub enum Visibility {
        Public = "public",
        Unlisted = "unlisted",
        Followers = "followers",
        Direct = "direct",
    }
}

named_enum! {
    /// What is attached.
    pub enum MediaKind {
        Image = "image",
        Video = "video",
        Audio = "audio",
        Document = "document",
        Link = "link",
    }
}

/// Something attached to a post.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Media {
    pub kind: MediaKind,
    pub url: String,
    /// What the author says it shows.
    pub alt: Option<String>,
}

/// Who said it, as the network showed them at the time.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Author {
    pub urn: Option<Urn>,
    /// As one would mention them, without the `@`.
    pub handle: Option<String>,
    pub name: Option<String>,
    pub url: Option<String>,
    pub followers: Option<u64>,
    pub verified: Option<bool>,
    /// The network says that it is a program.
    pub bot: Option<bool>,
    pub city: Option<String>,
    /// State, province or the like, as the network writes it.
    // The records of the kept stream have no names for their fields: who writes one puts this and the country behind it.
    #[serde(skip)]
    pub region: Option<String>,
    /// ISO 3166-1 alpha-2 in capitals; see [`crate::country_code`].
    #[serde(skip)]
    pub country: Option<String>,
}

/// Where it was said: a group, a channel, a forum, a site.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Community {
    /// `{network}/{native id}`, as the query language's `community:` field writes it.
    pub key: String,
    pub title: Option<String>,
    pub url: Option<String>,
}

/// How big it was when last looked at. `None` is "the network does not say", which is not zero.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Engagement {
    pub likes: Option<u64>,
    pub reposts: Option<u64>,
    pub comments: Option<u64>,
    pub views: Option<u64>,
    /// One to five.
    pub rating: Option<u8>,
}

/// One post, comment, reply, repost, review or article.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Post {
    pub urn: Urn,
    /// `mastodon`, `bluesky`, `rss`, … : the query language's `network:` field.
    pub network: String,
    pub kind: PostKind,
    pub visibility: Visibility,
    pub author: Author,
    pub community: Option<Community>,
    pub title: Option<String>,
    /// Plain text, as a person would read it; no markup, no NUL.
    pub text: String,
    /// As the network declares it; detected later where it does not.
    pub language: Option<Language>,
    /// The original.
    pub url: Option<String>,
    /// When its author published it, as the network says. Kept apart from the arrival.
    pub published_at: Timestamp,
    pub edited_at: Option<Timestamp>,
    /// When it reached Molva.
    pub fetched_at: Timestamp,
    pub in_reply_to: Option<Urn>,
    pub repost_of: Option<Urn>,
    pub quote_of: Option<Urn>,
    /// Links in the text or the markup, absolute.
    pub links: Vec<String>,
    pub media: Vec<Media>,
    pub engagement: Engagement,
}

impl Post {
    /// Longest text kept, in bytes. What is longer is rejected by its connector, never cut silently.
    pub const MAX_TEXT_BYTES: usize = 1 << 20;
    /// A published time this far ahead of the arrival is a wrong clock, not news.
    pub const MAX_FUTURE: std::time::Duration = std::time::Duration::from_secs(300);

    /// A post with what every network has; the rest is filled in by struct update.
    #[must_use]
    pub fn new(urn: Urn, network: &str, text: String, published_at: Timestamp, fetched_at: Timestamp) -> Self {
        Self {
            urn,
            network: network.to_owned(),
            kind: PostKind::Post,
            visibility: Visibility::Public,
            author: Author::default(),
            community: None,
            title: None,
            text,
            language: None,
            url: None,
            published_at,
            edited_at: None,
            fetched_at,
            in_reply_to: None,
            repost_of: None,
            quote_of: None,
            links: Vec::new(),
            media: Vec::new(),
            engagement: Engagement::default(),
        }
    }

    /// The time to sort by: the published one, held back to the arrival when it lies in the future.
    #[must_use]
    pub fn sort_at(&self) -> Timestamp {
        if self.published_at > self.fetched_at.plus(Self::MAX_FUTURE) { self.fetched_at } else { self.published_at }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_native_id_is_encoded_so_that_parts_stay_apart() {
        let urn = Urn::of("mastodon", Some("m.example:3000"), "post", "a b:я");
        assert_eq!(urn.as_str(), "urn:smm:mastodon:m.example%3A3000:post:a%20b%3A%D1%8F");
    }

    #[test]
    fn a_name_gives_back_what_it_was_made_of() {
        let parts = |network: &str, instance: Option<&str>, kind: &str, native: &str| UrnParts {
            network: network.to_owned(),
            instance: instance.map(str::to_owned),
            kind: kind.to_owned(),
            native: native.to_owned(),
        };
        for expected in [
            parts("mastodon", Some("m.example:3000"), "post", "a b:я%41"),
            parts("bluesky", None, "post", "at://did:plc:b/app.bsky.feed.post/3k"),
        ] {
            let urn = Urn::of(&expected.network, expected.instance.as_deref(), &expected.kind, &expected.native);
            assert!(urn.parts_of(&expected.network, &expected.kind).is_some());
            assert!(urn.parts_of(&expected.network, "author").is_none());
            assert_eq!(urn.parts(), Some(expected));
        }
        for other in ["urn:isbn:1", "urn:smm:x:post", "urn:smm:x:a:b:c:d", "urn:smm:x:post:%zz", "urn:smm:x:post:%+1"] {
            assert_eq!(Urn::new(other).parts(), None, "{other}");
        }
    }

    #[test]
    fn a_date_in_the_future_sorts_by_arrival_and_is_kept() {
        let now = Timestamp::from_secs(1_700_000_000);
        let ahead = now.plus(std::time::Duration::from_secs(86_400));
        let post = Post::new(Urn::new("urn:smm:x:post:1"), "x", "text".into(), ahead, now);
        assert_eq!((post.sort_at(), post.published_at), (now, ahead));
    }
}
