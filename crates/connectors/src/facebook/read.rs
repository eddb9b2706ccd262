//! What Facebook tells when it is asked, as posts.

use molva_domain::{
    Author, Community, Engagement, Media, MediaKind, Post, PostKind, Rejection, RejectionReason, Timestamp, Urn,
};
use serde_json::Value;

use super::NETWORK;
use crate::meta::look::Found;
use crate::meta::{id, time};
use crate::plain_text::{MAX_LINKS, links_in, without_nul};
use crate::session::Item;

pub(super) const POST: &str = "id,message,story,created_time,updated_time,from{id,name},permalink_url,is_published,shares,\
    attachments{media_type,unshimmed_url,title,description,media},reactions.limit(0).summary(total_count),\
    comments.limit(0).filter(stream).summary(total_count)";
pub(super) const COMMENT: &str = "id,message,created_time,from{id,name},parent{id},permalink_url,like_count,comment_count,\
    attachment{type,url,title,media}";
pub(super) const REVIEW: &str =
    "reviewer{id,name},created_time,rating,recommendation_type,review_text,open_graph_story{id}";

/// The page that is listened to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct PageOf {
    pub id: String,
    pub title: Option<String>,
}

/// What somebody said, before it is a post.
#[derive(Default)]
pub(super) struct Said {
    pub kind: &'static str,
    pub id: String,
    pub text: String,
    pub published: Option<Timestamp>,
    pub from: Option<(String, Option<String>)>,
}

impl Said {
    /// A post of it, which the caller completes; what it lacks is why it is none.
    pub(super) fn post(self, of: &str, now: Timestamp, raw: &Value) -> Result<Post, Rejection> {
        let refused = |reason, message: &str| Err(Rejection::new(reason, self.kind, message, &raw.to_string()));
        if self.id.is_empty() {
            return refused(RejectionReason::MissingId, "it has no id");
        }
        let Some(published) = self.published else {
            return refused(RejectionReason::InvalidDate, "`created_time` is no time");
        };
        let text = without_nul(&self.text);
        if text.trim().is_empty() {
            return refused(RejectionReason::EmptyText, "it has no text");
        }
        if text.len() > Post::MAX_TEXT_BYTES {
            return refused(RejectionReason::TooLarge, "it is longer than 1 MiB");
        }
        let urn = Urn::of(NETWORK, None, self.kind, &self.id);
        let mut post = Post::new(urn, NETWORK, text.into_owned(), published, now);
        post.links = links_in(&post.text);
        post.author = author(self.from);
        post.community = Some(Community {
            key: format!("{NETWORK}/{of}"),
            title: None,
            url: Some(format!("https://www.facebook.com/{of}")),
        });
        Ok(post)
    }
}

fn author(from: Option<(String, Option<String>)>) -> Author {
    let Some((id, name)) = from else { return Author::default() };
    Author {
        urn: Some(Urn::of(NETWORK, None, "author", &id)),
        url: Some(format!("https://www.facebook.com/{id}")),
        name: name.filter(|name| !name.trim().is_empty()),
        ..Author::default()
    }
}

/// `{id, name}`.
pub(super) fn named(value: &Value) -> Option<(String, Option<String>)> {
    Some((id(&value["id"])?, text(value, "name")))
}

pub(super) fn text(value: &Value, name: &str) -> Option<String> {
    value.get(name).and_then(Value::as_str).filter(|text| !text.trim().is_empty()).map(str::to_owned)
}

/// Where a comment stands.
pub(super) fn comment_url(post: &str, comment: &str) -> String {
    let number = comment.rsplit('_').next().unwrap_or(comment);
    format!("https://www.facebook.com/{post}?comment_id={number}")
}

impl PageOf {
    pub(super) fn post(&self, raw: &Value, now: Timestamp, list: &str) -> Found {
        let attachments: Vec<&Value> = list_of(&raw["attachments"]).collect();
        let beside = || attachments.iter().find_map(|one| text(one, "description").or_else(|| text(one, "title")));
        let said = Said {
            kind: "post",
            id: id(&raw["id"]).unwrap_or_default(),
            text: text(raw, "message").or_else(beside).unwrap_or_default(),
            published: time(&raw["created_time"]),
            from: named(&raw["from"]),
        };
        let comments = raw.pointer("/comments/summary/total_count").and_then(Value::as_u64);
        let published = raw.get("is_published").and_then(Value::as_bool) != Some(false);
        self.found(said, raw, now, comments, |post| {
            if !published {
                return Err((RejectionReason::NotPublic, "it is not published"));
            }
            post.url =
                text(raw, "permalink_url").or_else(|| Some(format!("https://www.facebook.com/{}", id(&raw["id"])?)));
            if list == super::TAGGED.key {
                post.community = None;
            }
            post.engagement = Engagement {
                likes: raw.pointer("/reactions/summary/total_count").and_then(Value::as_u64),
                reposts: raw.pointer("/shares/count").and_then(Value::as_u64),
                comments,
                ..Engagement::default()
            };
            attachments.iter().for_each(|one| attached(one, post));
            Ok(())
        })
    }

    pub(super) fn comment(&self, raw: &Value, under: &str, now: Timestamp) -> Found {
        let name = id(&raw["id"]).unwrap_or_default();
        let said = Said {
            kind: "comment",
            id: name.clone(),
            text: text(raw, "message").unwrap_or_default(),
            published: time(&raw["created_time"]),
            from: named(&raw["from"]),
        };
        self.found(said, raw, now, None, |post| {
            stands_under(post, under, id(&raw["parent"]["id"]));
            post.url = text(raw, "permalink_url").or_else(|| Some(comment_url(under, &name)));
            post.engagement = Engagement {
                likes: raw.get("like_count").and_then(Value::as_u64),
                comments: raw.get("comment_count").and_then(Value::as_u64),
                ..Engagement::default()
            };
            attached(&raw["attachment"], post);
            Ok(())
        })
    }

    pub(super) fn review(&self, raw: &Value, now: Timestamp) -> Found {
        let said = Said {
            kind: "review",
            id: id(&raw["open_graph_story"]["id"]).unwrap_or_default(),
            text: text(raw, "review_text").unwrap_or_default(),
            published: time(&raw["created_time"]),
            from: named(&raw["reviewer"]),
        };
        self.found(said, raw, now, None, |post| {
            reviewed(post, raw, &self.id);
            Ok(())
        })
    }

    fn found(
        &self,
        said: Said,
        raw: &Value,
        now: Timestamp,
        comments: Option<u64>,
        complete: impl FnOnce(&mut Post) -> Result<(), (RejectionReason, &'static str)>,
    ) -> Found {
        let (id, published, kind) = (said.id.clone(), said.published, said.kind);
        let item = match said.post(&self.id, now, raw) {
            Ok(mut post) => {
                if let Some(community) = &mut post.community {
                    community.title.clone_from(&self.title);
                }
                match complete(&mut post) {
                    Ok(()) => Item::Post(Box::new(post)),
                    Err((reason, message)) => Item::Rejected(Rejection::new(reason, kind, message, "")),
                }
            }
            Err(rejection) => Item::Rejected(rejection),
        };
        Found { id, published, comments, item }
    }
}

/// Makes a comment of it, under a post or as an answer to another comment.
pub(super) fn stands_under(post: &mut Post, under: &str, parent: Option<String>) {
    let (kind, above) = match parent {
        Some(parent) => (PostKind::Reply, Urn::of(NETWORK, None, "comment", &parent)),
        // What has one number is the story of a review.
        None if !under.contains('_') => (PostKind::Comment, Urn::of(NETWORK, None, "review", under)),
        None => (PostKind::Comment, Urn::of(NETWORK, None, "post", under)),
    };
    post.kind = kind;
    post.in_reply_to = Some(above);
}

/// Stars where there are some; of a recommendation the ends of the scale, as the page's own score counts them.
pub(super) fn reviewed(post: &mut Post, raw: &Value, page: &str) {
    post.kind = PostKind::Review;
    post.url = Some(format!("https://www.facebook.com/{page}/reviews"));
    let stars = raw.get("rating").and_then(Value::as_u64).and_then(|stars| u8::try_from(stars).ok());
    post.engagement.rating = match raw.get("recommendation_type").and_then(Value::as_str) {
        Some("positive" | "POSITIVE") => Some(5),
        Some("negative" | "NEGATIVE") => Some(1),
        _ => stars.filter(|stars| (1..=5).contains(stars)),
    };
}

/// `{"data": […]}`.
fn list_of(value: &Value) -> impl Iterator<Item = &Value> {
    value.get("data").and_then(Value::as_array).into_iter().flatten().take(MAX_LINKS)
}

fn attached(raw: &Value, post: &mut Post) {
    let kind = raw.get("media_type").or_else(|| raw.get("type")).and_then(Value::as_str).unwrap_or_default();
    let page = text(raw, "unshimmed_url").or_else(|| text(raw, "url"));
    let image = raw.pointer("/media/image/src").and_then(Value::as_str).map(str::to_owned);
    let (kind, url) = match kind {
        "photo" | "album" | "sticker" => (MediaKind::Image, image.or(page)),
        "video" | "video_inline" | "animated_image_share" => {
            (MediaKind::Video, raw.pointer("/media/source").and_then(Value::as_str).map(str::to_owned).or(page))
        }
        "link" | "share" => {
            post.links.extend(page.clone());
            post.links.truncate(MAX_LINKS);
            (MediaKind::Link, page)
        }
        _ => return,
    };
    if post.media.len() < MAX_LINKS {
        post.media.extend(url.map(|url| Media { kind, url, alt: text(raw, "title") }));
    }
}

#[cfg(test)]
mod tests;
