//! Decides what is to be done for the archive, and does one thing after another: follow, fill, rebuild, heal.

use std::collections::BTreeSet;
use std::time::Duration;

use molva_archive::{Archive, Error, Slice};
use molva_domain::{EventId, Timestamp};
use tokio::task::spawn_blocking;
use tokio::time::{Instant, MissedTickBehavior};
use tokio_util::sync::CancellationToken;

use super::changes::{self, Change};
use super::follow::Follower;
use super::{ArchiveFailure, LiveArchive, Progress};

/// How often requests are looked for, and what another process commits.
const LOOK_EVERY: Duration = Duration::from_millis(500);
/// How long after a failure it is tried again.
const RETRY: Duration = Duration::from_secs(5);
/// Files are compared with their checksums so long after the start, and again and again.
const VERIFY_AFTER: Duration = Duration::from_secs(120);
const VERIFY_EVERY: Duration = Duration::from_secs(24 * 3_600);
/// So many events behind, and more than the archive holds: reading the storage in order is faster than following.
const FAR_BEHIND: u64 = 50_000;

/// When the keeping ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Until {
    Cancelled,
    /// Whole, and in line with the log as it was at the beginning.
    UpToDate,
}

/// Keeps the archive whenever no other process does.
pub(super) async fn keep(live: LiveArchive, cancel: CancellationToken, until: Until) {
    while !cancel.is_cancelled() {
        let wait = match keep_once(&live, &cancel, until).await {
            Ok(true) => return,
            Ok(false) => {
                show(&live).await;
                LOOK_EVERY
            }
            Err(error) => {
                metrics::counter!("molva_archive_failures_total").increment(1);
                tracing::warn!(%error, "keeping the archive failed, trying again in {} s", RETRY.as_secs());
                RETRY
            }
        };
        tokio::select! {
            () = cancel.cancelled() => return,
            () = tokio::time::sleep(wait) => {}
        }
    }
}

/// Shows what the process commits that keeps the archive.
async fn show(live: &LiveArchive) {
    let archive = live.archive.clone();
    match spawn_blocking(move || archive.reload()).await {
        Ok(Ok(())) => {}
        Ok(Err(error)) => tracing::debug!(%error, "the archive of another process was not read"),
        Err(_) => tracing::debug!("reading the archive of another process stopped"),
    }
    if let Err(error) = name_topics(live).await {
        tracing::debug!(%error, "the names of topics were not read");
    }
}

async fn name_topics(live: &LiveArchive) -> Result<(), ArchiveFailure> {
    let topics = live.storage.topics(live.workspace).await?;
    live.archive.name_topics(topics.into_iter().map(|topic| (topic.id, topic.name)));
    Ok(())
}

/// Keeps the archive; `false` when another process does.
pub(super) async fn keep_once(
    live: &LiveArchive,
    cancel: &CancellationToken,
    until: Until,
) -> Result<bool, ArchiveFailure> {
    let folder = live.folder.clone();
    let Some(lock) = spawn_blocking(move || folder.lock()).await?? else { return Ok(false) };
    live.work.set_own(true);
    let kept = run(live, cancel, until).await;
    live.work.tell(false);
    live.work.set_own(false);
    drop(lock);
    kept.map(|()| true)
}

async fn run(live: &LiveArchive, cancel: &CancellationToken, until: Until) -> Result<(), ArchiveFailure> {
    let mut keeper = Keeper::open(live).await?;
    let target = live.storage.last_event(live.workspace).await?;
    let mut log = changes::read(live.storage.clone(), live.workspace, keeper.follower.cursor);
    let mut looks = tokio::time::interval(LOOK_EVERY);
    looks.set_missed_tick_behavior(MissedTickBehavior::Delay);
    let mut verify_at = Instant::now() + VERIFY_AFTER;
    while !cancel.is_cancelled() {
        let due = keeper.follower.due();
        let waits = keeper.follower.waits();
        tokio::select! {
            biased;
            () = cancel.cancelled() => break,
            built = keeper.follower.built() => {
                keeper.follower.finish_build(built?).await?;
                keeper.look().await?;
            }
            _ = looks.tick() => keeper.look().await?,
            () = live.work.woken() => keeper.look().await?,
            () = tokio::time::sleep_until(due), if waits => keeper.follower.commit().await?,
            () = tokio::time::sleep_until(verify_at), if until == Until::Cancelled => {
                verify_at = Instant::now() + VERIFY_EVERY;
                let archive = live.archive.clone();
                // Damage that it finds is seen at the next look.
                drop(spawn_blocking(move || archive.verify()));
            }
            change = log.recv() => match change {
                None => return Err(ArchiveFailure::Stopped),
                Some(Change::Failed(error)) => return Err(error.into()),
                Some(Change::Names) => name_topics(live).await?,
                Some(Change::Gap) => {
                    tracing::warn!("the event log does not go on where the archive ends, it is built anew");
                    keeper.renew_all().await?;
                    log = changes::read(live.storage.clone(), live.workspace, keeper.follower.cursor);
                }
                Some(change) => keeper.follower.apply(change).await?,
            },
        }
        let settled = !keeper.follower.is_building() && !keeper.follower.waits() && keeper.follower.cursor >= target;
        if until == Until::UpToDate && settled && keeper.is_whole() {
            break;
        }
    }
    keeper.follower.drop_build();
    if keeper.follower.waits() { keeper.follower.commit().await } else { Ok(()) }
}

struct Keeper<'a> {
    live: &'a LiveArchive,
    follower: Follower,
    /// The sum of what is to be built is known.
    planned: bool,
}

impl<'a> Keeper<'a> {
    /// Opens the archive, and finds out whether it belongs to this storage.
    async fn open(live: &'a LiveArchive) -> Result<Self, ArchiveFailure> {
        let (archive, root) = (live.archive.clone(), live.folder.slices());
        let writer = spawn_blocking(move || {
            match archive.reload() {
                Err(error @ Error::Outdated { .. }) => {
                    tracing::warn!(%error, "the archive is filled anew");
                    Archive::clear(&root)?;
                    std::fs::create_dir_all(&root).map_err(ArchiveFailure::folder(&root))?;
                    archive.reload()?;
                }
                opened => opened?,
            }
            Ok::<_, ArchiveFailure>(archive.writer()?)
        });
        let follower = Follower::new(live.clone(), writer.await??);
        let mut keeper = Self { live, follower, planned: false };
        name_topics(live).await?;
        keeper.check_history().await?;
        keeper.follower.expect_repetition().await?;
        Ok(keeper)
    }

    async fn check_history(&mut self) -> Result<(), ArchiveFailure> {
        let last = self.live.storage.last_event(self.live.workspace).await?;
        let Some(applied) = self.live.archive.applied() else {
            let at = self.time_of(last).await?;
            let slices = self.stored_slices().await?;
            self.follower.write(move |writer| writer.begin(last, slices)).await?;
            return self.follower.jump(last, at).await;
        };
        let same =
            applied <= last && (applied.0 == 0 || self.time_of(applied).await? == self.live.archive.applied_at());
        let behind = u64::try_from(last.0 - applied.0).unwrap_or(0);
        if !same {
            tracing::warn!("the archive belongs to another state of the storage, it is built anew");
            self.renew_all().await
        } else if behind > FAR_BEHIND && behind > self.live.archive.len() {
            self.renew_all().await
        } else {
            Ok(())
        }
    }

    async fn time_of(&self, event: EventId) -> Result<Option<Timestamp>, ArchiveFailure> {
        let events = self.live.storage.events_after(self.live.workspace, EventId(event.0 - 1), &[], 1).await?;
        Ok(events.first().filter(|found| found.id == event).map(|found| found.at))
    }

    /// The months in which there are mentions.
    async fn stored_slices(&self) -> Result<BTreeSet<Slice>, ArchiveFailure> {
        let mut slices = BTreeSet::new();
        let mut before = Timestamp::from_micros(i64::MAX);
        while let Some(at) = self.live.storage.newest_mention_before(self.live.workspace, before).await? {
            let slice = Slice::of(at);
            slices.insert(slice);
            before = slice.span().0;
        }
        Ok(slices)
    }

    /// Has everything built anew; what is there answers and follows meanwhile.
    async fn renew_all(&mut self) -> Result<(), ArchiveFailure> {
        self.follower.drop_build();
        let last = self.live.storage.last_event(self.live.workspace).await?;
        let at = self.time_of(last).await?;
        let mut slices = self.stored_slices().await?;
        slices.extend(self.live.archive.slices());
        self.planned = false;
        self.follower.write(move |writer| writer.renew(slices)).await?;
        self.follower.jump(last, at).await
    }

    fn is_whole(&self) -> bool {
        self.live.archive.to_build().is_empty() && !self.live.folder.is_asked()
    }

    /// Takes up requests, and begins with the next slice that is to be built.
    async fn look(&mut self) -> Result<(), ArchiveFailure> {
        if let Some(asked) = self.live.folder.asked() {
            let mut slices: BTreeSet<Slice> = asked.into_iter().collect();
            if slices.is_empty() {
                slices = self.stored_slices().await?;
                slices.extend(self.live.archive.slices());
            }
            self.planned = false;
            self.follower.write(move |writer| writer.renew(slices)).await?;
            self.live.folder.taken_up()?;
        }
        let to_build = self.live.archive.to_build();
        if to_build.is_empty() && !self.follower.is_building() {
            if std::mem::take(&mut self.planned) {
                tracing::info!(mentions = self.live.archive.len(), "the archive is whole");
                self.live.work.tell(false);
            }
            return Ok(());
        }
        if !self.planned {
            self.plan(&to_build).await?;
        }
        if !self.follower.is_building()
            && let Some(slice) = to_build.first()
        {
            self.follower.begin_build(*slice).await?;
        }
        self.live.work.tell(true);
        Ok(())
    }

    /// How much there is to do.
    async fn plan(&mut self, to_build: &[Slice]) -> Result<(), ArchiveFailure> {
        let topics = self.live.storage.topics(self.live.workspace).await?;
        let all: u64 = topics.iter().map(|topic| topic.mentions).sum();

        let done = self.live.archive.len_without(to_build);
        self.live.work.begin(Progress { done, total: all.max(done) });
        self.planned = true;
        tracing::info!(
            slices = to_build.len(),
            mentions = all - done.min(all),
            "building the archive from the storage"
        );
        Ok(())
    }
}
