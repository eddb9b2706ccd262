//! How often: mentions over time and over the hours of the week, with the gaps of collection.

use molva_archive::{Archive, Ask, Cells, Filter, Slice, Tones};
use molva_domain::Timestamp;

use crate::Result;
use crate::calendar::{SLOT, Unit, Zone, beside, edges, week_cells};
use crate::collection::{Collection, SourceGap};
use crate::selected::{Selected, Stretch};

/// What is asked.
#[derive(Clone, Copy, Debug)]
pub struct RhythmQuestion<'a> {
    pub of: Selected<'a>,
    pub zone: Zone,
    /// `None`: suited to the period.
    pub unit: Option<Unit>,
    pub compare: Option<Stretch>,
    pub collection: &'a Collection,
    pub now: Timestamp,
}

/// The answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rhythm {
    pub unit: Unit,
    pub buckets: Vec<RhythmBucket>,
    /// Mentions by weekday (Monday first) * 24 + hour: [`crate::calendar::CELLS`] of them.
    pub heat: Vec<u64>,
    /// Newest first.
    pub gaps: Vec<SourceGap>,
    pub missing: Vec<Slice>,
}

/// Mentions between two edges.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RhythmBucket {
    pub stretch: Stretch,
    pub mentions: u64,
    pub tones: Tones,
    /// Some source of the selection was down during a part of it.
    pub gap: bool,
    /// The bucket beside it in the compared stretch.
    pub before: Option<(Stretch, u64)>,
}

/// Asks the archive once, and once more for the compared stretch.
///
/// # Errors
/// When the archive cannot be read, or the unit is too short for the period.
pub fn rhythm(archive: &Archive, question: &RhythmQuestion<'_>) -> Result<Rhythm> {
    let of = question.of;
    let stretch = of.stretch(archive, question.now)?;
    let Some(stretch) = stretch else {
        let unit = question.unit.unwrap_or(Unit::Day);
        let heat = vec![0; crate::calendar::CELLS];
        return Ok(Rhythm { unit, buckets: Vec::new(), heat, gaps: Vec::new(), missing: Vec::new() });
    };
    let unit = question.unit.unwrap_or_else(|| Unit::suited(stretch.from, stretch.before));
    let edges = edges(question.zone, unit, stretch.from, stretch.before)?;
    let week = week_cells(question.zone, stretch.from, stretch.before);
    let cells = Cells { start: week.start, slot: SLOT, cell_of_slot: week.cell_of_slot };
    let ask = Ask { edges: edges.clone(), bucket_details: true, cells: Some(cells), ..Ask::default() };
    let figures = archive.figures(of.query, of.filter, &ask)?;
    let mut missing = figures.missing;
    let before = match question.compare {
        None => Vec::new(),
        Some(compare) => compared(archive, question, compare, unit, &edges, &mut missing)?,
    };
    missing.sort_unstable();
    missing.dedup();
    let gaps: Vec<SourceGap> = question.collection.gaps_in(stretch, of.filter);
    let marks = gap_marks(&gaps, &edges, question.now);
    let buckets = edges.windows(2).zip(&figures.buckets).zip(marks).enumerate();
    let buckets = buckets.map(|(number, ((pair, bucket), gap))| RhythmBucket {
        stretch: Stretch { from: pair[0], before: pair[1] },
        mentions: bucket.mentions,
        tones: bucket.tones,
        gap,
        before: before.get(number).copied(),
    });
    Ok(Rhythm { unit, buckets: buckets.collect(), heat: figures.cells, gaps, missing })
}

fn compared(
    archive: &Archive,
    question: &RhythmQuestion<'_>,
    compare: Stretch,
    unit: Unit,
    edges: &[Timestamp],
    missing: &mut Vec<Slice>,
) -> Result<Vec<(Stretch, u64)>> {
    let edges = beside(question.zone, unit, edges, compare.from, compare.before)?;
    let filter: Filter = question.of.at(compare);
    let figures = archive.figures(question.of.query, &filter, &Ask { edges: edges.clone(), ..Ask::default() })?;
    missing.extend(&figures.missing);
    let stretches = edges.windows(2).map(|pair| Stretch { from: pair[0], before: pair[1] });
    Ok(stretches.zip(figures.buckets.iter().map(|bucket| bucket.mentions)).collect())
}

/// Which buckets overlap a gap.
fn gap_marks(gaps: &[SourceGap], edges: &[Timestamp], now: Timestamp) -> Vec<bool> {
    let mut marks = vec![false; edges.len().saturating_sub(1)];
    for gap in gaps {
        let (from, to) = (gap.gap.from, gap.gap.to.unwrap_or(now));
        if from >= to {
            continue;
        }
        // The bucket in which the gap begins is the last whose edge is not after it.
        let first = edges.partition_point(|edge| *edge <= from).saturating_sub(1);
        let last = edges.partition_point(|edge| *edge < to);
        for mark in marks.iter_mut().take(last).skip(first) {
            *mark = true;
        }
    }
    marks
}
