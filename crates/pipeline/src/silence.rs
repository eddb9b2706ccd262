//! Silence is an alarm: a source that brings nothing for much longer than it usually takes is probably broken.

use std::time::Duration;

use molva_domain::{SourceState, Tally, Timestamp};
use molva_storage::StorageError;
use molva_storage::source::{Source, SourceReport};

use crate::ingest::Inner;

/// How far back the usual pace is measured.
const PACE_WINDOW: Duration = Duration::from_secs(24 * 3_600);
/// Items that make a pace worth believing.
const PACE_ITEMS: u64 = 30;
/// Times the usual pause that count as silence: e^-30 for a steady flow, room for the quiet of the night in a real one.
const PAUSES: f64 = 30.0;
const SHORTEST: Duration = Duration::from_secs(45);

/// Marks running sources that have fallen silent, and silent ones that speak again.
pub(crate) async fn check(pipeline: &Inner) -> Result<(), StorageError> {
    let (storage, workspace) = (&pipeline.storage, pipeline.options.workspace);
    let now = storage.now();
    for source in storage.sources(workspace).await? {
        if !matches!(source.state, SourceState::Running | SourceState::Silent | SourceState::Starting) {
            continue;
        }
        let Some(last) = source.last_item_at else { continue };
        let hours = storage.ledger_hours(workspace, Some(source.id), now.minus(PACE_WINDOW)).await?;
        let declared =
            pipeline.connector(&source.connector).and_then(|connector| connector.descriptor().silent_after_s);
        let limit = silence_limit(
            &source,
            declared.map(Duration::from_secs),
            hours.iter().map(|hour| (hour.hour, hour.tally)),
            now,
        );
        let silent = limit.is_some_and(|limit| now.since(last) > limit);
        let state = if silent { SourceState::Silent } else { SourceState::Running };
        if state != source.state {
            let report = SourceReport { state: Some(state), ..SourceReport::default() };
            storage.report_source(workspace, source.id, report).await?;
        }
    }
    Ok(())
}

/// How long silence is still normal: what the connector declares, or thirty usual pauses of the last day.
fn silence_limit(
    source: &Source,
    declared: Option<Duration>,
    hours: impl Iterator<Item = (Timestamp, Tally)>,
    now: Timestamp,
) -> Option<Duration> {
    let (mut items, mut since) = (0, now);
    for (hour, tally) in hours {
        items += tally.received;
        since = since.min(hour);
    }
    let since = since.max(source.created_at);
    if items < PACE_ITEMS {
        return declared;
    }
    #[expect(clippy::cast_precision_loss, reason = "a pace needs no more than three digits")]
    let pause = now.since(since).div_f64(items as f64);
    let learned = pause.mul_f64(PAUSES).max(SHORTEST);
    Some(declared.map_or(learned, |declared| declared.min(learned)))
}
