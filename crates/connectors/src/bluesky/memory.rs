//! What the stream says once and later only alludes to: handles of accounts, texts of posts that are reposted.

use std::collections::{HashMap, VecDeque};
use std::hash::Hash;

use molva_domain::{Author, Post, PostKind, Timestamp, Urn};

use super::post::author_urn;

const MAX_HANDLES: usize = 20_000;
/// A repost holds no text. Most come soon after the post.
const MAX_TEXTS: usize = 20_000;
const MAX_TEXT_BYTES: usize = 3_000;

/// Memory of a run.
#[derive(Debug)]
pub(super) struct Memory {
    handles: Latest<String, String>,
    texts: Option<Latest<Urn, String>>,
}

impl Memory {
    /// Texts are kept only when reposts are wanted.
    pub(super) fn new(reposts: bool) -> Self {
        Self { handles: Latest::new(MAX_HANDLES), texts: reposts.then(|| Latest::new(MAX_TEXTS)) }
    }

    pub(super) fn rename(&mut self, did: String, handle: String) {
        self.handles.put(did, handle);
    }

    pub(super) fn keep_text(&mut self, post: &Post) {
        if let Some(texts) = &mut self.texts
            && post.text.len() <= MAX_TEXT_BYTES
        {
            texts.put(post.urn.clone(), post.text.clone());
        }
    }

    /// The stream names accounts by their DID; its handle is known when it was set lately.
    pub(super) fn author(&self, did: &str) -> Author {
        Author {
            urn: Some(author_urn(did)),
            handle: Some(self.handles.get(did).cloned().unwrap_or_else(|| did.to_owned())),
            url: Some(format!("https://bsky.app/profile/{did}")),
            ..Author::default()
        }
    }

    /// A repost with the words of its subject; `None` when these are not known.
    pub(super) fn repost(&self, urn: Urn, did: &str, subject: Urn, made: Timestamp, now: Timestamp) -> Option<Post> {
        let text = self.texts.as_ref()?.get(&subject)?.clone();
        let mut post = Post::new(urn, "bluesky", text, made, now);
        post.kind = PostKind::Repost;
        post.author = self.author(did);
        post.repost_of = Some(subject);
        Some(post)
    }
}

/// A map of the newest entries.
#[derive(Debug)]
struct Latest<K, V> {
    entries: HashMap<K, V>,
    order: VecDeque<K>,
    limit: usize,
}

impl<K: Hash + Eq + Clone, V> Latest<K, V> {
    fn new(limit: usize) -> Self {
        Self { entries: HashMap::new(), order: VecDeque::new(), limit }
    }

    fn put(&mut self, key: K, value: V) {
        if self.entries.insert(key.clone(), value).is_some() {
            return;
        }
        self.order.push_back(key);
        if self.order.len() > self.limit
            && let Some(oldest) = self.order.pop_front()
        {
            self.entries.remove(&oldest);
        }
    }

    fn get<Q: Hash + Eq + ?Sized>(&self, key: &Q) -> Option<&V>
    where
        K: std::borrow::Borrow<Q>,
    {
        self.entries.get(key)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_oldest_is_forgotten_first() {
        let mut latest = Latest::new(2);
        for key in ["a", "b", "a", "c"] {
            latest.put(key, ());
        }
        assert_eq!([latest.get("a"), latest.get("b"), latest.get("c")], [None, Some(&()), Some(&())]);
    }
}
