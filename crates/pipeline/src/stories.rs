//! The index of stories: filled when a process starts, asked in the order of commits, told what people decide.

use std::sync::Arc;
use std::time::{Duration, Instant};

use molva_domain::{Actor, PostId, StoryId, Timestamp, WorkspaceId};
use molva_enrichment::stories::{Limits, Signature, Stories};
use molva_storage::story::{Story, StoryIndex, StoryText};
use molva_storage::{Storage, StorageError};
use tokio::sync::{Mutex, MutexGuard, watch};
use tokio_util::sync::CancellationToken;

use crate::ingest::Pipeline;
use crate::scratch::Pool;
use crate::understanding::Reader;

/// What the index holds at most: posts of a week, 96 MB.
const LIMITS: Limits = Limits { window: Duration::from_secs(7 * 86_400), texts: 150_000, bytes: 96 << 20 };
/// The first commits wait at most so long until the index is filled: what comes meanwhile might begin stories that there are.
const WAIT: Duration = Duration::from_secs(10);
/// Posts read at once while it is filled, and put in while nobody else may ask.
const POSTS_A_READ: u32 = 500;

/// The index, shared by whoever stores posts.
pub(crate) struct LiveStories {
    index: Mutex<Index>,
    filled: watch::Sender<bool>,
}

/// The index in the words of storage.
pub(crate) struct Index(Stories);

impl StoryIndex for Index {
    fn place(&mut self, signature: &[u8], post: PostId, at: Timestamp) -> StoryId {
        match Signature::from_bytes(signature) {
            Ok(signature) => self.0.place(signature, post, at).story,
            // Of another version: it stands alone.
            Err(_) => post.into(),
        }
    }
}

impl LiveStories {
    pub(crate) fn new() -> Arc<Self> {
        Arc::new(Self { index: Mutex::new(Index(Stories::new(LIMITS))), filled: watch::Sender::new(false) })
    }

    /// For as long as a transaction takes, so that posts are placed in the order of commits.
    pub(crate) async fn lock(&self) -> MutexGuard<'_, Index> {
        let mut filled = self.filled.subscribe();
        let is_filled = *filled.borrow();
        if !is_filled && tokio::time::timeout(WAIT, filled.wait_for(|filled| *filled)).await.is_err() {
            tracing::warn!("the index of stories is still being filled; new posts may begin stories that there are");
            // Nobody waits a second time.
            self.filled.send_replace(true);
        }
        self.index.lock().await
    }

    /// Fills it with the posts of the last days.
    pub(crate) fn fill(
        self: &Arc<Self>,
        storage: Storage,
        workspace: WorkspaceId,
        readers: Arc<Pool<Reader>>,
        cancel: CancellationToken,
    ) {
        let stories = Arc::clone(self);
        tokio::spawn(async move {
            let begun = Instant::now();
            let filled = tokio::select! {
                () = cancel.cancelled() => return,
                filled = stories.read_all(&storage, workspace, &readers) => filled,
            };
            match filled {
                Ok(posts) => {
                    let (texts, bytes) = stories.size().await;
                    tracing::info!(
                        posts,
                        texts,
                        bytes,
                        seconds = begun.elapsed().as_secs_f64(),
                        "filled the index of stories"
                    );
                }
                Err(error) => {
                    tracing::warn!(%error, "filling the index of stories failed; stories of before go on under new ids")
                }
            }
            stories.filled.send_replace(true);
        });
    }

    async fn read_all(
        &self,
        storage: &Storage,
        workspace: WorkspaceId,
        readers: &Arc<Pool<Reader>>,
    ) -> Result<u64, StorageError> {
        let most = u32::try_from(LIMITS.texts).unwrap_or(u32::MAX);
        let mut after = storage.story_texts_since(LIMITS.window, most).await?;
        let mut posts = 0;
        loop {
            let texts = storage.story_texts(workspace, after, POSTS_A_READ).await?;
            let Some(last) = texts.last() else { return Ok(posts) };
            after = last.post;
            posts += texts.len() as u64;
            let signed = sign(readers, texts).await;
            let mut index = self.index.lock().await;
            for (signature, StoryText { at, story, .. }) in signed {
                index.0.restore(signature, at, story);
            }
        }
    }

    /// Texts and bytes held.
    async fn size(&self) -> (usize, usize) {
        let index = self.index.lock().await;
        (index.0.texts(), index.0.bytes())
    }
}

/// Signs off the runtime; what cannot be signed is left out.
async fn sign(readers: &Arc<Pool<Reader>>, texts: Vec<StoryText>) -> Vec<(Signature, StoryText)> {
    let readers = Arc::clone(readers);
    let signed = tokio::task::spawn_blocking(move || {
        let mut reader = readers.take();
        let signed = texts
            .into_iter()
            .filter_map(|text| {
                let signature = reader.sign(text.title.as_deref(), &text.text);
                Some((Signature::from_bytes(&signature).ok()?, text))
            })
            .collect();
        readers.give_back(reader);
        signed
    });
    signed.await.unwrap_or_default()
}

impl Pipeline {
    /// A person says that two stories are one: `from` goes into `into`. `None` when one of them does not exist or both are the
    /// same. Holds across restarts.
    pub async fn merge_stories(
        &self,
        workspace: WorkspaceId,
        actor: Actor,
        from: StoryId,
        into: StoryId,
    ) -> Result<Option<Story>, StorageError> {
        let mut index = self.inner.stories.lock().await;
        let merged = self.inner.storage.merge_stories(workspace, actor, from, into).await?;
        if let Some(story) = &merged {
            index.0.merge(from, story.id);
        }
        Ok(merged)
    }

    /// A person says that posts do not belong to a story: they get one of their own, which is answered. The story keeps its
    /// first post: where that is among them, the others leave. `None` when nothing would leave or nothing would stay.
    pub async fn split_story(
        &self,
        workspace: WorkspaceId,
        actor: Actor,
        story: StoryId,
        posts: &[PostId],
    ) -> Result<Option<Story>, StorageError> {
        let mut index = self.inner.stories.lock().await;
        let Some(split) = self.inner.storage.split_from_story(workspace, actor, story, posts).await? else {
            return Ok(None);
        };
        let texts = self.inner.storage.story_texts_of(workspace, &split.posts).await?;
        for (signature, text) in sign(&self.inner.readers, texts).await {
            if let Some(own) = index.0.split(&signature, text.post, split.from) {
                index.0.merge(own, split.story.id);
            }
        }
        Ok(Some(split.story))
    }

    /// Writes down what the index of stories holds, for `/metrics`.
    pub async fn note_stories(&self) {
        let (texts, bytes) = self.inner.stories.size().await;
        metrics::gauge!("molva_stories_texts").set(texts as f64);
        metrics::gauge!("molva_stories_bytes").set(bytes as f64);
    }
}
