//! A post as people see it, and where a query matched in it.

use molva_domain::PostId;
use molva_storage::intake::MatchSpan;
use serde::Serialize;
use utoipa::ToSchema;

use crate::wire::words::{MediaKindWord, PostKindWord, Word};
use crate::wire::{Id, Time, utf16};

/// One post, comment, reply, repost, review or article.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct Post {
    /// Null for posts of the kept stream, which are not stored one by one.
    #[schema(required)]
    pub id: Option<Id>,
    /// The name on its network that never changes: `urn:smm:…`.
    pub urn: String,
    /// `mastodon`, `bluesky`, `rss`, …
    pub network: String,
    pub kind: PostKindWord,
    #[schema(required)]
    pub title: Option<String>,
    /// Plain text; never markup.
    pub text: String,
    /// ISO 639-1.
    #[schema(required)]
    pub language: Option<String>,
    /// The original; `http` or `https` and nothing else.
    #[schema(required)]
    pub url: Option<String>,
    /// As the network says.
    pub published_at: Time,
    /// When it reached Molva.
    pub fetched_at: Time,
    pub author: Author,
    #[schema(required)]
    pub community: Option<Community>,
    pub links: Vec<String>,
    pub media: Vec<Media>,
    pub engagement: Engagement,
    /// URN of the post it answers.
    #[schema(required)]
    pub in_reply_to: Option<String>,
    /// URN of the post it repeats.
    #[schema(required)]
    pub repost_of: Option<String>,
    /// The network says that it is gone; title and text are empty.
    pub deleted: bool,
}

/// Who said it, as the network showed them at the time.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct Author {
    #[schema(required)]
    pub name: Option<String>,
    /// Without the `@`.
    #[schema(required)]
    pub handle: Option<String>,
    #[schema(required)]
    pub url: Option<String>,
    #[schema(required)]
    pub followers: Option<u64>,
    #[schema(required)]
    pub verified: Option<bool>,
    /// The network says that it is a program.
    #[schema(required)]
    pub bot: Option<bool>,
    #[schema(required)]
    pub city: Option<String>,
    /// State, province or the like.
    #[schema(required)]
    pub region: Option<String>,
    /// ISO 3166-1 alpha-2: `BY`.
    #[schema(required)]
    pub country: Option<String>,
}

/// Where it was said: a group, a channel, a forum, a site.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct Community {
    /// As the query language's `community:` field writes it.
    pub key: String,
    #[schema(required)]
    pub title: Option<String>,
    #[schema(required)]
    pub url: Option<String>,
}

/// What a post said for a while, before its author edited it.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct PostVersion {
    /// From one.
    pub version: u64,
    #[schema(required)]
    pub title: Option<String>,
    /// Plain text; never markup.
    pub text: String,
    /// ISO 639-1.
    #[schema(required)]
    pub language: Option<String>,
    /// When it was written, as the network says; when Molva saw it first, where the network does not.
    pub said_at: Time,
    /// When Molva saw that it says something else: people saw this version here until then.
    pub replaced_at: Time,
}

impl From<molva_storage::version::PostVersion> for PostVersion {
    fn from(version: molva_storage::version::PostVersion) -> Self {
        Self {
            version: version.version,
            title: version.title,
            text: version.text,
            language: version.language.map(|language| language.code().to_owned()),
            said_at: version.said_at.into(),
            replaced_at: version.replaced_at.into(),
        }
    }
}

/// Something attached.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct Media {
    pub kind: MediaKindWord,
    pub url: String,
    /// What the author says it shows.
    #[schema(required)]
    pub alt: Option<String>,
}

/// How big it was when last looked at; null is "the network does not say".
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct Engagement {
    #[schema(required)]
    pub likes: Option<u64>,
    #[schema(required)]
    pub reposts: Option<u64>,
    #[schema(required)]
    pub comments: Option<u64>,
    #[schema(required)]
    pub views: Option<u64>,
    /// One to five.
    #[schema(required)]
    pub rating: Option<u8>,
}

/// A place where a query matched, in UTF-16 code units.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct Span {
    /// In the title rather than the text.
    pub in_title: bool,
    pub start: u32,
    pub end: u32,
}

impl Post {
    pub(crate) fn of(post: molva_domain::Post, id: Option<PostId>, deleted: bool) -> Self {
        let author = post.author;
        let engagement = post.engagement;
        Self {
            id: id.map(Id::of),
            urn: post.urn.to_string(),
            network: post.network,
            kind: Word(post.kind),
            title: post.title,
            text: post.text,
            language: post.language.map(|language| language.to_string()),
            url: post.url.and_then(web_address),
            published_at: post.published_at.into(),
            fetched_at: post.fetched_at.into(),
            author: Author {
                name: author.name,
                handle: author.handle,
                url: author.url.and_then(web_address),
                followers: author.followers,
                verified: author.verified,
                bot: author.bot,
                city: author.city,
                region: author.region,
                country: author.country,
            },
            community: post.community.map(|community| Community {
                key: community.key,
                title: community.title,
                url: community.url.and_then(web_address),
            }),
            links: post.links.into_iter().filter_map(web_address).collect(),
            media: post
                .media
                .into_iter()
                .filter_map(|media| {
                    Some(Media { kind: Word(media.kind), url: web_address(media.url)?, alt: media.alt })
                })
                .collect(),
            engagement: Engagement {
                likes: engagement.likes,
                reposts: engagement.reposts,
                comments: engagement.comments,
                views: engagement.views,
                rating: engagement.rating,
            },
            in_reply_to: post.in_reply_to.map(|urn| urn.to_string()),
            repost_of: post.repost_of.map(|urn| urn.to_string()),
            deleted,
        }
    }
}

/// Posts are untrusted: an address a browser would run (`javascript:`, `data:`) does not pass.
fn web_address(address: String) -> Option<String> {
    let scheme = address.split_once("://")?.0;
    ["http", "https"].iter().any(|web| scheme.eq_ignore_ascii_case(web)).then_some(address)
}

/// Spans of a post from bytes to UTF-16 code units.
pub(crate) fn spans(spans: &[MatchSpan], post: &molva_domain::Post) -> Vec<Span> {
    let title = post.title.as_deref().unwrap_or_default();
    spans
        .iter()
        .map(|span| {
            let text = if span.in_title { title } else { &post.text };
            Span {
                in_title: span.in_title,
                start: utf16::offset(text, span.start as usize),
                end: utf16::offset(text, span.end as usize),
            }
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use molva_domain::{Timestamp, Urn};

    use super::*;

    #[test]
    fn an_address_a_browser_would_run_does_not_pass() {
        assert_eq!(web_address("javascript:alert(1)//://".into()), None);
        assert_eq!(web_address("data:text/html,x".into()), None);
        assert_eq!(web_address("HTTPS://m.example/1".into()).as_deref(), Some("HTTPS://m.example/1"));
    }

    #[test]
    fn spans_count_in_the_text_they_belong_to() {
        let now = Timestamp::from_secs(1_800_000_000);
        let mut post = molva_domain::Post::new(Urn::new("urn:smm:x:post:1"), "x", "мой «Билайн»".into(), now, now);
        post.title = Some("😀 Beeline".into());
        let given = [MatchSpan { in_title: true, start: 5, end: 12 }, MatchSpan { in_title: false, start: 9, end: 21 }];
        let wanted = [Span { in_title: true, start: 3, end: 10 }, Span { in_title: false, start: 5, end: 11 }];
        assert_eq!(spans(&given, &post), wanted);
    }
}
