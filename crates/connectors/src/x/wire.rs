//! What X answers. Its names are changing in 2026 (`tweet` to `post`); both are read, wherever they stand.

use serde::Deserialize;
use serde_json::Value;

/// An answer with many posts.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Page {
    pub data: Vec<Value>,
    pub includes: Includes,
    pub errors: Vec<super::problem::WireError>,
    pub meta: Meta,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Meta {
    pub next_token: Option<String>,
    pub total_tweet_count: u64,
    pub total_post_count: u64,
}

/// A line of the stream, and what a webhook of it brings.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct StreamLine {
    pub data: Option<Value>,
    pub includes: Includes,
    pub matching_rules: Vec<MatchingRule>,
    pub errors: Vec<super::problem::WireError>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct MatchingRule {
    pub id: String,
}

/// What comes along with posts.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Includes {
    pub users: Vec<User>,
    pub media: Vec<Media>,
    tweets: Vec<Value>,
    posts: Vec<Value>,
}

impl Includes {
    /// Posts that others refer to.
    pub(super) fn referenced(&self) -> impl Iterator<Item = &Value> {
        self.tweets.iter().chain(&self.posts)
    }
}

#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct User {
    pub id: String,
    pub username: String,
    pub name: String,
    pub verified: Option<bool>,
    /// `none`, `blue`, `business`, `government`.
    pub verified_type: Option<String>,
    /// `None`, `Basic`, `Premium`, `PremiumPlus`.
    pub subscription_type: Option<String>,
    pub public_metrics: UserMetrics,
}

#[derive(Clone, Copy, Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct UserMetrics {
    pub followers_count: Option<u64>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Media {
    pub media_key: String,
    #[serde(rename = "type")]
    pub kind: String,
    pub url: Option<String>,
    pub preview_image_url: Option<String>,
    pub alt_text: Option<String>,
}

/// A post.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Post {
    pub id: String,
    pub text: String,
    note_tweet: Option<Note>,
    note_post: Option<Note>,
    pub author_id: Option<String>,
    pub created_at: Option<String>,
    pub lang: Option<String>,
    pub entities: Entities,
    pub attachments: Attachments,
    pub public_metrics: Metrics,
    referenced_tweets: Vec<Reference>,
    referenced_posts: Vec<Reference>,
    edit_history_tweet_ids: Vec<String>,
    edit_history_post_ids: Vec<String>,
}

impl Post {
    /// The whole text of a post that is longer than others.
    pub(super) fn note(&self) -> Option<&Note> {
        self.note_tweet.as_ref().or(self.note_post.as_ref())
    }

    pub(super) fn references(&self) -> &[Reference] {
        if self.referenced_tweets.is_empty() { &self.referenced_posts } else { &self.referenced_tweets }
    }

    /// The ids of all its versions, the first one first.
    pub(super) fn versions(&self) -> &[String] {
        if self.edit_history_tweet_ids.is_empty() { &self.edit_history_post_ids } else { &self.edit_history_tweet_ids }
    }

    /// What it refers to in that way: `replied_to`, `quoted`, `retweeted`.
    pub(super) fn reference(&self, kind: &str) -> Option<&str> {
        let found = self.references().iter().find(|reference| reference.kind == kind);
        found.map(|reference| reference.id.as_str()).filter(|id| super::id::parse(id).is_some())
    }
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Note {
    pub text: String,
    pub entities: Entities,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Reference {
    #[serde(rename = "type")]
    pub kind: String,
    pub id: String,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Entities {
    pub urls: Vec<Link>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Link {
    /// As it stands in the text: `https://t.co/…`.
    pub url: String,
    pub expanded_url: Option<String>,
    /// Where it leads in the end.
    pub unwound_url: Option<String>,
    /// What it shows, where it is an attachment.
    pub media_key: Option<String>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Attachments {
    pub media_keys: Vec<String>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Metrics {
    pub like_count: Option<u64>,
    pub reply_count: Option<u64>,
    retweet_count: Option<u64>,
    repost_count: Option<u64>,
    pub quote_count: Option<u64>,
    pub impression_count: Option<u64>,
}

impl Metrics {
    /// With and without words of one's own.
    pub(super) fn reposts(&self) -> Option<u64> {
        let plain = self.retweet_count.or(self.repost_count);
        match (plain, self.quote_count) {
            (None, None) => None,
            (plain, quotes) => Some(plain.unwrap_or(0).saturating_add(quotes.unwrap_or(0))),
        }
    }
}
