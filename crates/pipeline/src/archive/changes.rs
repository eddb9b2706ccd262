//! Events of the log with the rows they speak of, read ahead of whoever applies them.

use std::collections::{BTreeMap, HashSet};
use std::time::Duration;

use molva_domain::{Event, EventId, EventKind, MentionId, PostId, Timestamp, TopicId, WorkspaceId};
use molva_storage::mention::Mention;
use molva_storage::{Storage, StorageError};
use serde::Deserialize;
use tokio::sync::mpsc;
use tokio::time::Instant;

/// Events of one read; what they come to is one commit at least.
const EVENTS_A_READ: u32 = 4_000;
/// Rows that travel together.
const ROWS: usize = 256;
/// Parts read ahead: memory stays bounded.
const AHEAD: usize = 4;
/// The log is read at most so often, however many transactions there are.
const PACE: Duration = Duration::from_millis(100);
/// How soon events are noticed whose signal was missed.
const POLL: Duration = Duration::from_millis(500);

/// What follows from events, in their order.
#[derive(Debug)]
pub(super) enum Change {
    /// Mentions as they are now; `new`: nothing was told of them before this event.
    Mentions {
        rows: Vec<Mention>,
        new: HashSet<MentionId>,
    },
    /// Mentions that are not there any more.
    Gone(Vec<MentionId>),
    TopicGone(TopicId),
    /// Topics have other names.
    Names,
    /// All that came before belongs to events up to this one. `more`: others wait already.
    Applied {
        event: EventId,
        at: Timestamp,
        more: bool,
    },
    /// The log does not go on where it ended.
    Gap,
    Failed(StorageError),
}

/// Reads the log behind `after` until nobody listens.
pub(super) fn read(storage: Storage, workspace: WorkspaceId, after: EventId) -> mpsc::Receiver<Change> {
    let (sender, receiver) = mpsc::channel(AHEAD);
    let reader = Reader { storage, workspace, sender };
    tokio::spawn(async move { reader.run(after).await });
    receiver
}

struct Reader {
    storage: Storage,
    workspace: WorkspaceId,
    sender: mpsc::Sender<Change>,
}

/// The listener is gone.
struct Closed;

/// What a batch of events speaks of.
#[derive(Default)]
struct Touched {
    /// Mentions in the order of their first event, and whether that made them.
    mentions: BTreeMap<MentionId, bool>,
    posts: Vec<PostId>,
    topics_gone: Vec<TopicId>,
    names: bool,
}

impl Reader {
    async fn run(self, mut after: EventId) {
        let mut signal = self.storage.event_signal();
        loop {
            let begun = Instant::now();
            match self.storage.events_after(self.workspace, after, &[], EVENTS_A_READ).await {
                Ok(events) => match self.tell(after, &events).await {
                    Ok(Ok(last)) => after = last,
                    Ok(Err(error)) => return drop(self.sender.send(Change::Failed(error)).await),
                    Err(Closed) => return,
                },
                Err(error) => return drop(self.sender.send(Change::Failed(error)).await),
            }
            tokio::select! {
                () = self.sender.closed() => return,
                _ = signal.wait_for(|newest| *newest > after) => {}
                () = tokio::time::sleep(POLL) => {}
            }
            tokio::time::sleep_until(begun + PACE).await;
        }
    }

    /// Hands on what follows from events; answers the last of them.
    async fn tell(&self, after: EventId, events: &[Event]) -> Result<Result<EventId, StorageError>, Closed> {
        let (Some(first), Some(last)) = (events.first(), events.last()) else { return Ok(Ok(after)) };
        if first.id.0 != after.0 + 1 {
            self.send(Change::Gap).await?;
            return Err(Closed);
        }
        let told = match self.rows_of(Touched::by(events)).await? {
            Ok(()) => last.id,
            Err(error) => return Ok(Err(error)),
        };
        let more = events.len() == EVENTS_A_READ as usize;
        self.send(Change::Applied { event: told, at: last.at, more }).await?;
        Ok(Ok(told))
    }

    async fn rows_of(&self, touched: Touched) -> Result<Result<(), StorageError>, Closed> {
        let Touched { mut mentions, posts, topics_gone, names } = touched;
        if names {
            self.send(Change::Names).await?;
        }
        match self.storage.mentions_of_posts(self.workspace, &posts).await {
            Ok(of_posts) => of_posts.iter().for_each(|sibling| touch(&mut mentions, sibling.id, false)),
            Err(error) => return Ok(Err(error)),
        }
        let ids: Vec<MentionId> = mentions.keys().copied().collect();
        for ids in ids.chunks(ROWS) {
            match self.chunk(ids, &mentions).await? {
                Ok(()) => {}
                Err(error) => return Ok(Err(error)),
            }
        }
        for topic in topics_gone {
            self.send(Change::TopicGone(topic)).await?;
        }
        Ok(Ok(()))
    }

    async fn chunk(
        &self,
        ids: &[MentionId],
        touched: &BTreeMap<MentionId, bool>,
    ) -> Result<Result<(), StorageError>, Closed> {
        let rows = match self.storage.mentions_in_bulk(self.workspace, ids).await {
            Ok(rows) => rows,
            Err(error) => return Ok(Err(error)),
        };
        let there: HashSet<MentionId> = rows.iter().map(|row| row.id).collect();
        let is_gone = |id: &MentionId| !there.contains(id) && touched.get(id) == Some(&false);
        let gone: Vec<MentionId> = ids.iter().copied().filter(is_gone).collect();
        let new = there.into_iter().filter(|id| touched.get(id) == Some(&true)).collect();
        let siblings = match self.older_siblings(&rows, &new, touched).await {
            Ok(siblings) => siblings,
            Err(error) => return Ok(Err(error)),
        };
        self.send(Change::Mentions { rows, new }).await?;
        if !gone.is_empty() {
            self.send(Change::Gone(gone)).await?;
        }
        if !siblings.is_empty() {
            self.send(Change::Mentions { rows: siblings, new: HashSet::new() }).await?;
        }
        Ok(Ok(()))
    }

    /// A new mention of an old post: the post's other mentions have one topic more. Those made in the same transaction knew it
    /// from the start.
    async fn older_siblings(
        &self,
        rows: &[Mention],
        new: &HashSet<MentionId>,
        touched: &BTreeMap<MentionId, bool>,
    ) -> Result<Vec<Mention>, StorageError> {
        let shared = rows.iter().filter(|row| row.topics.len() > 1 && new.contains(&row.id));
        let made: BTreeMap<PostId, Timestamp> = shared.map(|row| (row.post_id, row.created_at)).collect();
        if made.is_empty() {
            return Ok(Vec::new());
        }
        let posts: Vec<PostId> = made.keys().copied().collect();
        let siblings = self.storage.mentions_of_posts(self.workspace, &posts).await?;
        let older = siblings.into_iter().filter(|sibling| {
            !touched.contains_key(&sibling.id) && made.get(&sibling.post).is_some_and(|at| sibling.created_at < *at)
        });
        let ids: Vec<MentionId> = older.map(|sibling| sibling.id).collect();
        if ids.is_empty() {
            return Ok(Vec::new());
        }
        self.storage.mentions_in_bulk(self.workspace, &ids).await
    }

    async fn send(&self, change: Change) -> Result<(), Closed> {
        self.sender.send(change).await.map_err(|_| Closed)
    }
}

/// Only the first event tells whether a mention is new.
fn touch(mentions: &mut BTreeMap<MentionId, bool>, id: MentionId, new: bool) {
    mentions.entry(id).or_insert(new);
}

/// What a `post.deleted` event says beside the post.
#[derive(Deserialize)]
struct Deletion {
    /// Copies that stand for themselves now.
    promoted: Vec<MentionId>,
}

/// What a `mentions.judged` event says.
#[derive(Deserialize)]
struct JudgedMentions {
    mentions: Vec<MentionId>,
}

/// What a `posts.counted` event says.
#[derive(Deserialize)]
struct CountedPosts {
    posts: Vec<PostId>,
}

impl Touched {
    fn by(events: &[Event]) -> Self {
        let mut touched = Self::default();
        for event in events {
            match event.kind {
                EventKind::MentionCreated => touch(&mut touched.mentions, event.subject.into(), true),
                EventKind::MentionChanged | EventKind::MentionEdited => {
                    touch(&mut touched.mentions, event.subject.into(), false)
                }
                EventKind::MentionsJudged => {
                    let judged = event.change.as_deref().and_then(|json| serde_json::from_str(json).ok());
                    let mentions = judged.map_or_else(Vec::new, |JudgedMentions { mentions }| mentions);
                    mentions.into_iter().for_each(|id| touch(&mut touched.mentions, id, false));
                }
                EventKind::PostDeleted => {
                    touched.posts.push(event.subject.into());
                    let deletion = event.change.as_deref().and_then(|json| serde_json::from_str(json).ok());
                    let promoted = deletion.map_or_else(Vec::new, |Deletion { promoted }| promoted);
                    promoted.into_iter().for_each(|id| touch(&mut touched.mentions, id, false));
                }
                EventKind::PostsCounted => {
                    let counted = event.change.as_deref().and_then(|json| serde_json::from_str(json).ok());
                    touched.posts.extend(counted.map_or_else(Vec::new, |CountedPosts { posts }| posts));
                }
                EventKind::TopicCreated | EventKind::TopicChanged => touched.names = true,
                EventKind::TopicDeleted => {
                    touched.names = true;
                    touched.topics_gone.push(event.subject.into());
                }
                _ => {}
            }
        }
        touched
    }
}
