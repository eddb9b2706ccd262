//! Applies what changed to the archive, commits, and puts slices that were built into their place.

use std::collections::HashSet;
use std::sync::{Arc, PoisonError};
use std::time::Duration;

use molva_archive::{Build, Error, Slice, Writer};
use molva_domain::{EventId, MentionId, Timestamp};
use molva_storage::mention::Mention;
use tokio::task::spawn_blocking;
use tokio::time::Instant;
use tokio_util::task::AbortOnDropHandle;

use super::changes::Change;
use super::fill::{Deferred, bring, fill, take};
use super::rows::{document, judgement};
use super::{ArchiveFailure, LiveArchive};

/// Changes wait at most so long for a commit, and commits have so much time between them.
const COMMIT_EVERY: Duration = Duration::from_millis(300);
/// The same while there is more than can be applied at once: larger commits cost less.
const COMMIT_BEHIND: Duration = Duration::from_secs(2);

/// The hand that writes the archive.
pub(super) struct Follower {
    live: LiveArchive,
    writer: Option<Writer>,
    /// The last event whose effects were handed to the writer.
    pub(super) cursor: EventId,
    cursor_at: Option<Timestamp>,
    /// Effects of events up to this one may be in already; behind it what is new is only added.
    repeat_until: EventId,
    /// Something waits for a commit.
    waits: bool,
    committed_at: Instant,
    building: Option<Building>,
}

struct Building {
    slice: Slice,
    deferred: Deferred,
    filling: AbortOnDropHandle<Result<Build, ArchiveFailure>>,
}

impl Follower {
    pub(super) fn new(live: LiveArchive, writer: Writer) -> Self {
        let cursor = live.archive.applied().unwrap_or(EventId(0));
        let cursor_at = live.archive.applied_at();
        Self {
            live,
            writer: Some(writer),
            cursor,
            cursor_at,
            repeat_until: EventId(i64::MAX),
            waits: false,
            committed_at: Instant::now(),
            building: None,
        }
    }

    pub(super) const fn is_building(&self) -> bool {
        self.building.is_some()
    }

    pub(super) const fn waits(&self) -> bool {
        self.waits
    }

    /// When what waits is to be committed.
    pub(super) fn due(&self) -> Instant {
        self.committed_at + COMMIT_EVERY
    }

    /// Effects of all events that there are now may be in the archive.
    pub(super) async fn expect_repetition(&mut self) -> Result<(), ArchiveFailure> {
        self.repeat_until = self.live.storage.last_event(self.live.workspace).await?;
        Ok(())
    }

    /// Goes on behind another event; what is before it is in the slices or to be built.
    pub(super) async fn jump(&mut self, event: EventId, at: Option<Timestamp>) -> Result<(), ArchiveFailure> {
        (self.cursor, self.cursor_at) = (event, at);
        self.commit().await
    }

    /// Works on the archive off the runtime.
    pub(super) async fn write(
        &mut self,
        work: impl FnOnce(&mut Writer) -> Result<(), Error> + Send + 'static,
    ) -> Result<(), ArchiveFailure> {
        let mut writer = self.writer.take().ok_or(ArchiveFailure::Stopped)?;
        let (writer, worked) = spawn_blocking(move || {
            let worked = work(&mut writer);
            (writer, worked)
        })
        .await?;
        self.writer = Some(writer);
        Ok(worked?)
    }

    pub(super) async fn apply(&mut self, change: Change) -> Result<(), ArchiveFailure> {
        match change {
            Change::Mentions { rows, new } => self.mentions(rows, new).await,
            Change::Gone(ids) => {
                self.defer(ids.iter().copied());
                self.waits = true;
                self.write(move |writer| ids.into_iter().try_for_each(|id| writer.delete(id))).await
            }
            Change::TopicGone(topic) => {
                if let Some(building) = &self.building {
                    building.deferred.lock().unwrap_or_else(PoisonError::into_inner).topics.push(topic);
                }
                self.waits = true;
                self.write(move |writer| writer.delete_topic(topic)).await
            }
            Change::Applied { event, at, more } => {
                (self.cursor, self.cursor_at, self.waits) = (event, Some(at), true);
                let patience = if more { COMMIT_BEHIND } else { COMMIT_EVERY };
                if self.committed_at.elapsed() < patience { Ok(()) } else { self.commit().await }
            }
            // The keeper's own business.
            Change::Names | Change::Gap | Change::Failed(_) => Ok(()),
        }
    }

    async fn mentions(&mut self, rows: Vec<Mention>, new: HashSet<MentionId>) -> Result<(), ArchiveFailure> {
        if let Some(building) = &self.building {
            let slice = building.slice;
            self.defer(rows.iter().filter(|row| Slice::of(row.post.sort_at()) == slice).map(|row| row.id));
        }
        let may_repeat = self.cursor < self.repeat_until;
        self.waits = true;
        self.write(move |writer| {
            for row in rows {
                if row.post_deleted {
                    writer.delete(row.id)?;
                } else if may_repeat || !new.contains(&row.id) {
                    writer.update(&document(&row, &judgement(&row)))?;
                } else {
                    writer.add(&document(&row, &judgement(&row)))?;
                }
            }
            Ok(())
        })
        .await
    }

    fn defer(&self, ids: impl Iterator<Item = MentionId>) {
        if let Some(building) = &self.building {
            building.deferred.lock().unwrap_or_else(PoisonError::into_inner).mentions.extend(ids);
        }
    }

    /// Lets everything that was applied be found.
    pub(super) async fn commit(&mut self) -> Result<(), ArchiveFailure> {
        let (event, at, begun) = (self.cursor, self.cursor_at, Instant::now());
        self.write(move |writer| writer.commit_at(Some(event), at)).await?;
        metrics::histogram!("molva_archive_commit_seconds").record(begun.elapsed().as_secs_f64());
        (self.waits, self.committed_at) = (false, Instant::now());
        Ok(())
    }

    /// Begins to build a slice; one at a time.
    pub(super) async fn begin_build(&mut self, slice: Slice) -> Result<(), ArchiveFailure> {
        let (sender, receiver) = std::sync::mpsc::sync_channel(1);
        self.write(move |writer| {
            // Whoever waits for it is right here.
            let _ = sender.send(writer.build(slice)?);
            Ok(())
        })
        .await?;
        let build = receiver.recv().map_err(|_| ArchiveFailure::Stopped)?;
        let deferred = Deferred::default();
        let filling = tokio::spawn(fill(self.live.clone(), build, Arc::clone(&deferred)));
        self.building = Some(Building { slice, deferred, filling: AbortOnDropHandle::new(filling) });
        Ok(())
    }

    /// Waits until the slice is filled that is being built; forever when none is. May be given up and called again.
    pub(super) async fn built(&mut self) -> Result<Build, ArchiveFailure> {
        match &mut self.building {
            Some(building) => (&mut building.filling).await?,
            None => std::future::pending().await,
        }
    }

    /// Puts a slice into its place.
    pub(super) async fn finish_build(&mut self, build: Build) -> Result<(), ArchiveFailure> {
        let Some(building) = self.building.take() else { return Ok(()) };
        let build = bring(&self.live, build, take(&building.deferred)).await?;
        self.write(move |writer| writer.finish(build)).await?;
        // It was read later than the log: what is new there may be in it.
        self.expect_repetition().await
    }

    /// Gives up what is being built.
    pub(super) fn drop_build(&mut self) {
        self.building = None;
    }
}
