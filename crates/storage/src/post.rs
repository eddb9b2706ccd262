//! Posts as rows: hot columns for filters and lists, the rest as JSON.

use molva_domain::{
    Author, Community, Engagement, Language, Media, Post, PostId, PostKind, ReplyId, SourceId, StoryId, Timestamp, Urn,
    Visibility, WorkspaceId,
};
use serde::{Deserialize, Serialize};

use crate::Result;
use crate::sql::{Bulk, Columns, Statement, Value};

/// Rows are made by [`push_row`].
pub(crate) const INSERT: Bulk = Bulk {
    head: "INSERT INTO post (workspace_id, id, urn, source_id, network, kind, language, author_urn, author_handle, author_name, \
           author_handle_lower, author_name_lower, community_key, title, text, url, published_at, fetched_at, content_hash, \
           details, story, answers, deleted) VALUES",
    row: "($1, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 0)",
    tail: "",
};

/// What [`read`] reads, of a table called `p`.
pub(crate) const COLUMNS: &str = "p.id, p.source_id, p.deleted, p.urn, p.network, p.kind, p.language, p.author_urn, p.author_handle, \
     p.author_name, p.community_key, p.title, p.text, p.url, p.published_at, p.fetched_at, p.details, p.edits, \
     p.answers";

/// What is neither searched nor sorted by. Absent fields are not written.
#[derive(Debug, Default, Serialize, Deserialize)]
#[serde(default)]
struct Details {
    #[serde(skip_serializing_if = "Option::is_none")]
    visibility: Option<Visibility>,
    #[serde(skip_serializing_if = "Option::is_none")]
    author_url: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    followers: Option<u64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    verified: Option<bool>,
    #[serde(skip_serializing_if = "Option::is_none")]
    bot: Option<bool>,
    #[serde(skip_serializing_if = "Option::is_none")]
    city: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    region: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    country: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    community_title: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    community_url: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    edited_at: Option<Timestamp>,
    #[serde(skip_serializing_if = "Option::is_none")]
    in_reply_to: Option<Urn>,
    #[serde(skip_serializing_if = "Option::is_none")]
    repost_of: Option<Urn>,
    #[serde(skip_serializing_if = "Option::is_none")]
    quote_of: Option<Urn>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    links: Vec<String>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    media: Vec<Media>,
    #[serde(skip_serializing_if = "Option::is_none")]
    engagement: Option<Told>,
}

/// The numbers of [`Engagement`] that the network tells.
#[derive(Debug, Default, Serialize, Deserialize)]
#[serde(default)]
struct Told {
    #[serde(skip_serializing_if = "Option::is_none")]
    likes: Option<u64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    reposts: Option<u64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    comments: Option<u64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    views: Option<u64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    rating: Option<u8>,
}

impl From<Engagement> for Told {
    fn from(Engagement { likes, reposts, comments, views, rating }: Engagement) -> Self {
        Self { likes, reposts, comments, views, rating }
    }
}

impl From<Told> for Engagement {
    fn from(Told { likes, reposts, comments, views, rating }: Told) -> Self {
        Self { likes, reposts, comments, views, rating }
    }
}

/// Adds the row's own values of [`INSERT`].
pub(crate) fn push_row(
    values: &mut Vec<Value>,
    id: PostId,
    source: SourceId,
    content_hash: i64,
    (story, answers): (Option<StoryId>, Option<ReplyId>),
    mut post: Post,
) {
    let details = details(&mut post);
    let Author { urn: author_urn, handle, name, .. } = post.author;
    values.extend([
        id.0.into(),
        post.urn.as_str().into(),
        source.0.into(),
        post.network.into(),
        post.kind.as_str().into(),
        post.language.as_ref().map(Language::code).into(),
        author_urn.as_ref().map(Urn::as_str).into(),
        handle.clone().into(),
        name.clone().into(),
        lowered(handle).into(),
        lowered(name).into(),
        post.community.map(|community| community.key).into(),
        post.title.into(),
        post.text.into(),
        post.url.into(),
        post.published_at.into(),
        post.fetched_at.into(),
        content_hash.into(),
        details.into(),
        story.map(|story| story.0).into(),
        answers.map(|reply| reply.0).into(),
    ]);
}

/// Writes what an edit can change: all but the URN, the network, the kind, the times and who brought it.
pub(crate) fn rewrite(workspace: WorkspaceId, id: PostId, content_hash: i64, edits: u64, mut post: Post) -> Statement {
    let statement = Statement::new(
        "UPDATE post SET language = $3, author_handle = $4, author_name = $5, author_handle_lower = $6, \
         author_name_lower = $7, title = $8, text = $9, url = $10, content_hash = $11, details = $12, edits = $13 \
         WHERE workspace_id = $1 AND id = $2",
    );
    let details = details(&mut post);
    let Author { handle, name, .. } = post.author;
    statement.bind_all([
        workspace.0.into(),
        id.0.into(),
        post.language.as_ref().map(Language::code).into(),
        handle.clone().into(),
        name.clone().into(),
        lowered(handle).into(),
        lowered(name).into(),
        post.title.into(),
        post.text.into(),
        post.url.into(),
        content_hash.into(),
        details.into(),
        edits.into(),
    ])
}

/// JSON of what has no column of its own, taken out of the post; `None` when there is none.
pub(crate) fn details(post: &mut Post) -> Option<String> {
    let author = &mut post.author;
    let (community_title, community_url) = match &mut post.community {
        Some(community) => (community.title.take(), community.url.take()),
        None => (None, None),
    };
    let details = Details {
        visibility: (post.visibility != Visibility::Public).then_some(post.visibility),
        author_url: author.url.take(),
        followers: author.followers,
        verified: author.verified,
        bot: author.bot,
        city: author.city.take(),
        region: author.region.take(),
        country: author.country.take(),
        community_title,
        community_url,
        edited_at: post.edited_at,
        in_reply_to: post.in_reply_to.take(),
        repost_of: post.repost_of.take(),
        quote_of: post.quote_of.take(),
        links: std::mem::take(&mut post.links),
        media: std::mem::take(&mut post.media),
        engagement: (post.engagement != Engagement::default()).then(|| post.engagement.into()),
    };
    // Plain data with string keys: it cannot fail to become JSON.
    serde_json::to_string(&details).ok().filter(|json| json != "{}")
}

/// The lower-case form, when it differs.
fn lowered(name: Option<String>) -> Option<String> {
    let name = name?;
    let lower = name.to_lowercase();
    (lower != name).then_some(lower)
}

pub(crate) struct StoredPost {
    pub(crate) id: PostId,
    pub(crate) source: SourceId,
    pub(crate) deleted: bool,
    pub(crate) post: Post,
    /// How often it was edited.
    pub(crate) edits: u64,
    /// Our reply that it answers.
    pub(crate) answers: Option<ReplyId>,
}

/// Reads [`COLUMNS`].
pub(crate) fn read(columns: &mut Columns<'_>) -> Result<StoredPost> {
    let (id, source, deleted) = (PostId(columns.integer()?), SourceId(columns.integer()?), columns.flag()?);
    let urn = Urn::new(columns.text()?);
    let network = columns.text()?;
    let kind = columns.parsed("kind of post", PostKind::parse)?;
    let language = columns.maybe_text()?.and_then(|code| Language::parse(&code));
    let author_urn = columns.maybe_text()?.map(Urn::new);
    let (handle, name, community_key) = (columns.maybe_text()?, columns.maybe_text()?, columns.maybe_text()?);
    let (title, text, url) = (columns.maybe_text()?, columns.text()?, columns.maybe_text()?);
    let (published_at, fetched_at) = (columns.time()?, columns.time()?);
    let details: Details = columns.maybe_text()?.and_then(|json| serde_json::from_str(&json).ok()).unwrap_or_default();
    let post = Post {
        urn,
        network,
        kind,
        visibility: details.visibility.unwrap_or(Visibility::Public),
        author: Author {
            urn: author_urn,
            handle,
            name,
            url: details.author_url,
            followers: details.followers,
            verified: details.verified,
            bot: details.bot,
            city: details.city,
            region: details.region,
            country: details.country,
        },
        community: community_key.map(|key| Community {
            key,
            title: details.community_title,
            url: details.community_url,
        }),
        title,
        text,
        language,
        url,
        published_at,
        edited_at: details.edited_at,
        fetched_at,
        in_reply_to: details.in_reply_to,
        repost_of: details.repost_of,
        quote_of: details.quote_of,
        links: details.links,
        media: details.media,
        engagement: details.engagement.unwrap_or_default().into(),
    };
    let (edits, answers) = (columns.count()?, columns.maybe_integer()?.map(ReplyId));
    Ok(StoredPost { id, source, deleted, post, edits, answers })
}

/// Replaces NUL characters in everything the post says. The kept stream does not pass through SQL, so this happens before
/// either is written: both answer with the same post.
pub(crate) fn without_nul(post: &mut Post) {
    fn clean(text: &mut String) {
        if text.as_bytes().contains(&0) {
            *text = text.replace('\0', "\u{fffd}");
        }
    }
    fn clean_urn(urn: &mut Urn) {
        if urn.as_str().as_bytes().contains(&0) {
            *urn = Urn::new(urn.as_str().replace('\0', "\u{fffd}"));
        }
    }
    clean_urn(&mut post.urn);
    clean(&mut post.network);
    clean(&mut post.text);
    for urn in [&mut post.author.urn, &mut post.in_reply_to, &mut post.repost_of, &mut post.quote_of] {
        urn.iter_mut().for_each(clean_urn);
    }
    let author = &mut post.author;
    let place = [&mut author.city, &mut author.region, &mut author.country];
    let texts = [&mut author.handle, &mut author.name, &mut author.url, &mut post.title, &mut post.url];
    for text in texts.into_iter().chain(place) {
        text.iter_mut().for_each(clean);
    }
    if let Some(community) = &mut post.community {
        clean(&mut community.key);
        community.title.iter_mut().for_each(clean);
        community.url.iter_mut().for_each(clean);
    }
    post.links.iter_mut().for_each(clean);
    for media in &mut post.media {
        clean(&mut media.url);
        media.alt.iter_mut().for_each(clean);
    }
}
