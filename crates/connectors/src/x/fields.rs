//! What of a post is asked for. X is changing its names in 2026: `post.fields` for what was `tweet.fields`, and so on; whoever asks in
//! names that X does not take asks again in the others.

use std::sync::atomic::{AtomicBool, Ordering};

use super::problem::Problem;

/// The names of the two kinds.
#[derive(Debug, Default)]
pub(super) struct Names {
    old: AtomicBool,
}

const USER_FIELDS: &str = "id,name,public_metrics,username,verified,verified_type";
const MEDIA_FIELDS: &str = "alt_text,media_key,preview_image_url,type,url";

/// In the names that streams still have.
pub(super) const OLD: [(&str, &str); 4] = [
    (
        "tweet.fields",
        "attachments,author_id,created_at,edit_history_tweet_ids,entities,id,lang,note_tweet,public_metrics,referenced_tweets,text",
    ),
    ("expansions", "author_id,attachments.media_keys,referenced_tweets.id"),
    ("user.fields", USER_FIELDS),
    ("media.fields", MEDIA_FIELDS),
];

const NEW: [(&str, &str); 4] = [
    (
        "post.fields",
        "attachments,author_id,created_at,edit_history_post_ids,entities,id,lang,note_post,public_metrics,referenced_posts,text",
    ),
    ("expansions", "author_id,attachments.media_keys,referenced_posts.id"),
    ("user.fields", USER_FIELDS),
    ("media.fields", MEDIA_FIELDS),
];

impl Names {
    pub(super) fn fields(&self) -> &'static [(&'static str, &'static str)] {
        if self.old.load(Ordering::Relaxed) { &OLD } else { &NEW }
    }

    /// Whether a refusal is of the names themselves, and the others are to be tried from now on. Only once.
    pub(super) fn change_for(&self, problem: &Problem) -> bool {
        let of_names = ["post.fields", "expansions", "referenced_posts", "note_post", "edit_history_post_ids"];
        let told = problem.status == 400 && of_names.iter().any(|name| problem.detail.contains(name));
        told && !self.old.swap(true, Ordering::Relaxed)
    }
}
