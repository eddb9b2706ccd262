//! Has every mention judged by the active model: what arrived before it, and what it missed, the newest first.
//!
//! A walk down the mentions by their ids, which sort by arrival, and a look at what arrived since. How far it is stands in the
//! storage, written with each batch: it goes on where it was after any end. It gives way to what arrives, and to the archive.

use std::sync::Arc;
use std::time::Duration;

use molva_domain::MentionId;
use molva_storage::StorageError;
use molva_storage::mention::Judging;
use tokio::sync::Notify;
use tokio::time::Instant;

use crate::archive::Progress;
use crate::ingest::Pipeline;
use crate::understanding::ActiveModel;

/// Mentions judged at once: the transaction that writes them takes some milliseconds.
const BATCH: u32 = 200;
/// Mentions looked at where all are judged.
const LOOK: u32 = 4_000;
/// So many items a second are heavy traffic; while it lasts a batch is judged only each so often.
const HEAVY: f64 = 300.0;
const PAUSE: Duration = Duration::from_millis(700);
/// How far the archive may be behind.
const ARCHIVE_BEHIND: Duration = Duration::from_secs(5);
/// At most so long anything waits for calmer times.
const PATIENCE: Duration = Duration::from_secs(3);
/// How often a process that has nothing to do looks for mentions that another one stored with another model.
const IDLE: Duration = Duration::from_secs(60);
/// What is younger may still be stored by a transaction that began with the model of before.
const SETTLED: Duration = Duration::from_secs(30);
const AFTER_FAILURE: Duration = Duration::from_secs(5);

/// Wakes the walk.
#[derive(Default)]
pub(crate) struct JudgingSignal(Notify);

impl JudgingSignal {
    pub(crate) fn wake(&self) {
        self.0.notify_one();
    }
}

/// What a step of the walk came to.
enum Step {
    More,
    Done,
}

impl Pipeline {
    /// How much of the history the active model has judged, in mentions.
    ///
    /// # Errors
    /// When the storage cannot be asked.
    pub async fn judging(&self) -> Result<Progress, StorageError> {
        let (storage, workspace) = (&self.inner.storage, self.inner.options.workspace);
        let total = storage.mentions_counted(workspace).await?;
        let model = self.models().id;
        Ok(match storage.judging(workspace).await?.filter(|walk| walk.model == model) {
            Some(walk) if walk.is_done() => Progress { done: total, total },
            // What arrived since the walk began is judged too.
            Some(walk) => Progress { done: total.saturating_sub(walk.total.saturating_sub(walk.walked)), total },
            None => Progress { done: 0, total },
        })
    }

    /// Walks until cancelled.
    pub(crate) fn keep_judging(&self) {
        let pipeline = self.clone();
        let cancel = self.inner.cancel.clone();
        tokio::spawn(async move {
            tokio::select! {
                () = cancel.cancelled() => {}
                () = pipeline.walk() => {}
            }
        });
    }

    async fn walk(&self) {
        let mut pace = Pace::new(self);
        loop {
            let model = self.models();
            match self.judge_some(&model).await {
                Ok(Step::More) => pace.wait(self).await,
                Ok(Step::Done) => {
                    tokio::select! {
                        () = self.inner.judging.0.notified() => {}
                        () = tokio::time::sleep(IDLE) => {}
                    }
                }
                Err(error) => {
                    tracing::warn!(%error, "judging stored mentions failed, trying again");
                    tokio::time::sleep(AFTER_FAILURE).await;
                }
            }
        }
    }

    async fn judge_some(&self, model: &Arc<ActiveModel>) -> Result<Step, StorageError> {
        let (storage, workspace) = (&self.inner.storage, self.inner.options.workspace);
        let walk = match storage.judging(workspace).await? {
            Some(walk) if walk.model == model.id => walk,
            _ => {
                let here = MentionId::first_at(storage.now().plus(Duration::from_millis(1)));
                let total = storage.mentions_counted(workspace).await?;
                let walk = Judging { model: model.id, low: here, high: here, walked: 0, total };
                storage.note_judging(workspace, walk).await?;
                walk
            }
        };
        if !self.look_at_newer(model, walk).await? {
            return Ok(Step::More);
        }
        let Some(walk) = storage.judging(workspace).await?.filter(|walk| walk.model == model.id && !walk.is_done())
        else {
            return Ok(Step::Done);
        };
        let next = |walk: Judging, last: Option<MentionId>, looked_at: u64| Judging {
            low: last.unwrap_or(MentionId(0)),
            walked: walk.walked + looked_at,
            ..walk
        };
        self.judge_batch(model, (MentionId(0), walk.low), |last, looked_at| Some(next(walk, last, looked_at))).await?;
        Ok(Step::More)
    }

    /// Judges what arrived since the walk began and was judged by another model; `false`: there is more of it.
    async fn look_at_newer(&self, model: &Arc<ActiveModel>, walk: Judging) -> Result<bool, StorageError> {
        let (storage, workspace) = (&self.inner.storage, self.inner.options.workspace);
        let settled = MentionId::first_at(storage.now().minus(SETTLED));
        if settled <= walk.high || settled.made_at().since(walk.high.made_at()) < IDLE / 2 {
            return Ok(true);
        }
        let mut before = settled;
        for _ in 0..8 {
            match self.judge_batch(model, (MentionId(walk.high.0 - 1), before), |_, _| None).await? {
                Some(last) => before = last,
                None => {
                    if let Some(walk) = storage.judging(workspace).await?.filter(|walk| walk.model == model.id) {
                        storage.note_judging(workspace, Judging { high: settled, ..walk }).await?;
                    }
                    return Ok(true);
                }
            }
            tokio::task::yield_now().await;
        }
        Ok(false)
    }

    /// Judges a batch of those between two ids; answers the oldest looked at, `None` when there are no older ones. `walk`
    /// says how far the walk is by that.
    async fn judge_batch(
        &self,
        model: &Arc<ActiveModel>,
        (above, before): (MentionId, MentionId),
        walk: impl Fn(Option<MentionId>, u64) -> Option<Judging>,
    ) -> Result<Option<MentionId>, StorageError> {
        let (storage, workspace) = (&self.inner.storage, self.inner.options.workspace);
        let mut limit = BATCH;
        let mut found = storage.mentions_to_judge(workspace, model.id, (above, before), limit).await?;
        if found.mentions.is_empty() && found.looked_at == u64::from(limit) {
            limit = LOOK;
            found = storage.mentions_to_judge(workspace, model.id, (above, before), limit).await?;
            // A stretch with work in it is left to smaller batches.
            if found.mentions.len() > BATCH as usize {
                limit = BATCH;
                found = storage.mentions_to_judge(workspace, model.id, (above, before), limit).await?;
            }
        }
        let last = found.last.filter(|_| found.looked_at == u64::from(limit));
        let walk = walk(last, found.looked_at);
        if found.mentions.is_empty() {
            if let Some(walk) = walk {
                storage.note_judging(workspace, walk).await?;
            }
            return Ok(last);
        }
        let ids: Vec<MentionId> = found.mentions.iter().map(|mention| mention.id).collect();
        let (inner, judge) = (Arc::clone(&self.inner), Arc::clone(model));
        let judged = tokio::task::spawn_blocking(move || inner.judge_stored(&judge, &found.mentions)).await;
        let judged = judged.map_err(|_stopped| StorageError::Kept(std::io::Error::other("judging stopped inside")))?;
        metrics::counter!("molva_mentions_judged_total").increment(judged.len() as u64);
        storage.write_judgements(workspace, model.id, ids.into_iter().zip(judged).collect(), walk).await?;
        Ok(last)
    }
}

/// Gives way to what arrives.
struct Pace {
    items: u64,
    at: Instant,
}

impl Pace {
    fn new(pipeline: &Pipeline) -> Self {
        Self { items: pipeline.inner.committer.items(), at: Instant::now() }
    }

    async fn wait(&mut self, pipeline: &Pipeline) {
        let items = pipeline.inner.committer.items();
        let rate = (items - self.items) as f64 / self.at.elapsed().as_secs_f64().max(0.001);
        let begun = Instant::now();
        if rate > HEAVY {
            tokio::time::sleep(PAUSE).await;
        }
        while begun.elapsed() < PATIENCE && archive_is_behind(pipeline).await {
            tokio::time::sleep(Duration::from_millis(200)).await;
        }
        if self.at.elapsed() > Duration::from_secs(1) {
            (self.items, self.at) = (items, Instant::now());
        }
        tokio::task::yield_now().await;
    }
}

/// An archive that is filled for the first time reads what is stored by then.
async fn archive_is_behind(pipeline: &Pipeline) -> bool {
    let status = pipeline.archive_status().await;
    status.is_ok_and(|status| status.lag.is_some_and(|lag| lag > ARCHIVE_BEHIND) && status.filling.is_none())
}
