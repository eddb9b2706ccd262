//! A line of a file of posts: the fields of the query language by their names, flat or grouped as the push API has them.

use anyhow::{Context as _, bail};
use molva_domain::{Author, Community, Engagement, Language, Media, MediaKind, Post, PostKind, Timestamp, Urn};
use serde::Deserialize;
use serde_json::Value;

#[derive(Debug, Deserialize)]
pub(super) struct PostLine {
    id: Value,
    text: String,
    title: Option<String>,
    #[serde(alias = "language")]
    lang: Option<String>,
    network: Option<String>,
    kind: Option<String>,
    url: Option<String>,
    published: Option<String>,
    community: Option<CommunityLine>,
    author: Option<AuthorLine>,
    #[serde(default)]
    links: Vec<String>,
    #[serde(default)]
    media: Vec<MediaLine>,
    #[serde(default)]
    engagement: Counts,
    #[serde(flatten)]
    counts: Counts,
    followers: Option<u64>,
    verified: Option<bool>,
    city: Option<String>,
}

#[derive(Debug, Deserialize)]
#[serde(untagged)]
enum AuthorLine {
    Handle(String),
    Whole {
        handle: Option<String>,
        name: Option<String>,
        city: Option<String>,
        followers: Option<u64>,
        verified: Option<bool>,
    },
}

#[derive(Debug, Deserialize)]
#[serde(untagged)]
enum CommunityLine {
    Key(String),
    Whole { key: String },
}

#[derive(Debug, Deserialize)]
struct MediaLine {
    kind: String,
    #[serde(default)]
    url: String,
}

#[derive(Debug, Default, Deserialize)]
struct Counts {
    likes: Option<u64>,
    reposts: Option<u64>,
    comments: Option<u64>,
    views: Option<u64>,
    rating: Option<u8>,
}

impl PostLine {
    /// The line's id and its post; errors name the field.
    pub(super) fn read(self) -> anyhow::Result<(Value, Post)> {
        let published = match &self.published {
            None => Timestamp::default(),
            Some(time) => Timestamp::parse(time).with_context(|| format!("`published` is no time: `{time}`"))?,
        };
        let urn = Urn::of("file", None, "post", &self.id.to_string());
        let mut post = Post::new(urn, self.network.as_deref().unwrap_or("file"), self.text, published, published);
        post.title = self.title;
        if let Some(tag) = &self.lang {
            post.language = Some(Language::parse(tag).with_context(|| format!("`lang` is no language tag: `{tag}`"))?);
        }
        if let Some(kind) = &self.kind {
            post.kind = PostKind::parse(kind).with_context(|| format!("there is no `kind` `{kind}`"))?;
        }
        post.url = self.url;
        post.links = self.links;
        for media in self.media {
            let Some(kind) = MediaKind::parse(&media.kind) else { bail!("there is no media `kind` `{}`", media.kind) };
            post.media.push(Media { kind, url: media.url, alt: None });
        }
        post.community = self.community.map(|community| match community {
            CommunityLine::Key(key) | CommunityLine::Whole { key } => Community { key, ..Community::default() },
        });
        post.author = match self.author {
            None => Author::default(),
            Some(AuthorLine::Handle(handle)) => Author { handle: Some(handle), ..Author::default() },
            Some(AuthorLine::Whole { handle, name, city, followers, verified }) => {
                Author { handle, name, city, followers, verified, ..Author::default() }
            }
        };
        post.author.followers = post.author.followers.or(self.followers);
        post.author.verified = post.author.verified.or(self.verified);
        post.author.city = post.author.city.or(self.city);
        post.engagement = Engagement {
            likes: self.engagement.likes.or(self.counts.likes),
            reposts: self.engagement.reposts.or(self.counts.reposts),
            comments: self.engagement.comments.or(self.counts.comments),
            views: self.engagement.views.or(self.counts.views),
            rating: self.engagement.rating.or(self.counts.rating),
        };
        Ok((self.id, post))
    }
}
