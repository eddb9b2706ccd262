//! Much into the store at full speed: making, matching and storing run side by side.

use std::time::{Duration, Instant};

use anyhow::bail;
use indicatif::ProgressBar;
use molva_connectors::Item;
use molva_domain::Tally;
use molva_pipeline::{Incoming, Pipeline};
use molva_storage::intake::PreparedItem;
use molva_storage::source::{Lease, Source};
use tokio::sync::mpsc;

/// How long a run that was killed keeps others from going on with its source.
pub(crate) const LEASE: Duration = Duration::from_secs(60);
/// Batches made ahead: memory stays bounded however much there is.
const AHEAD: usize = 3;

/// A batch on its way.
pub(crate) struct Chunk {
    pub(crate) items: Vec<Item>,
    /// From where to go on once it is stored.
    pub(crate) cursor: String,
    /// How far the bar is then.
    pub(crate) done: u64,
}

/// What happens to posts that no topic wants.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Unmatched {
    /// They go to the kept stream, as everywhere.
    Kept,
    /// They were made up for their matches alone.
    Dropped,
}

/// Stores what `next` makes until it makes nothing. `false` when it was interrupted; what was stored stays.
pub(crate) async fn store_all(
    pipeline: &Pipeline,
    source: &Source,
    lease: Lease,
    bar: &ProgressBar,
    unmatched: Unmatched,
    mut next: impl FnMut() -> Option<Chunk> + Send + 'static,
) -> anyhow::Result<bool> {
    let (sender, mut chunks) = mpsc::channel(AHEAD);
    let making = std::thread::spawn(move || {
        while let Some(chunk) = next() {
            if sender.blocking_send(chunk).is_err() {
                return;
            }
        }
    });
    let (prepared_sender, mut prepared) = mpsc::channel(1);
    let preparing = {
        let (pipeline, workspace, source) = (pipeline.clone(), source.workspace, source.id);
        tokio::spawn(async move {
            while let Some(Chunk { items, cursor, done }) = chunks.recv().await {
                let cursor = Some(cursor);
                let incoming = Incoming { workspace, source, lease: Some(lease), items, cursor, delivery: None };
                let Ok(mut batch) = pipeline.prepare(incoming).await else { return };
                if unmatched == Unmatched::Dropped {
                    batch.items.retain(|item| !matches!(item, PreparedItem::Post(post) if post.matches.is_empty()));
                }
                if prepared_sender.send((batch, done)).await.is_err() {
                    return;
                }
            }
        })
    };
    let mut renewed = Instant::now();
    let mut tally = Tally::default();
    let interrupted = loop {
        let (batch, done) = tokio::select! {
            // What is prepared is stored before the interruption is looked at: it would only have to be made again.
            biased;
            batch = prepared.recv() => match batch {
                Some(batch) => batch,
                None => break false,
            },
            _ = tokio::signal::ctrl_c() => break true,
        };
        tally.add(&pipeline.store_prepared(batch).await?);
        bar.set_position(done);
        bar.set_message(format!("{} read, {} stored", tally.received, tally.stored));
        if renewed.elapsed() > LEASE / 3 {
            pipeline.storage().renew_lease(source.workspace, lease, LEASE).await?;
            renewed = Instant::now();
        }
    };
    drop(prepared);
    preparing.await?;
    if making.join().is_err() {
        bail!("reading for `{}` failed inside; what was read is stored, please report it", source.name);
    }
    bar.finish_and_clear();
    Ok(!interrupted)
}
